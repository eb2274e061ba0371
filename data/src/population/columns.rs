//! Customers turned into Arrow columns, one field at a time.

use std::fmt::Write;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int64Array, ListBuilder, StringBuilder,
    TimestampMicrosecondArray,
};

use super::fields::{Field, MONEY};
use super::person::{Activity, Mailbox, Person, Source};
use super::words;

/// The column of `field` for `people`, the first of whom has the row number `first_row`.
pub(super) fn column(field: Field, people: &[Person], source: &Source, first_row: u64) -> ArrayRef {
    match field {
        Field::Id => written(people, |row, _, out| write!(out, "c{:08}", first_row + row + 1).is_ok()),
        Field::Country => texts(people, |person| Some(source.countries[person.country].code)),
        Field::City => texts(people, |person| Some(&source.countries[person.country].places[person.place?])),
        Field::Language => texts(people, |person| Some(person.language)),
        Field::Gender => texts(people, |person| person.gender),
        Field::BirthDate => Arc::new(people.iter().map(|person| person.birth_day).collect::<Date32Array>()),
        Field::Signup => times(people, |done| Some(done.signup)),
        Field::EmailConsent => booleans(people, |person| person.email_consent),
        Field::SmsConsent => booleans(people, |person| person.sms_consent),
        Field::PushConsent => booleans(people, |person| person.push_consent),
        Field::IncomeBand => texts(people, |person| person.income_band),
        Field::FamilyStatus => texts(people, |person| person.family_status),
        Field::VehicleInterest => texts(people, |person| person.vehicle_interest),
        Field::Genres => word_sets(people, &words::GENRES, |person| person.genres),
        Field::EventTypes => word_sets(people, &words::EVENT_TYPES, |person| person.event_types),
        Field::Tags => tag_sets(people, &source.tags),
        Field::TotalSpent => money(people, |done| Some(done.total_cents)),
        Field::PurchaseCount => ints(people, |done| done.purchase_count),
        Field::AvgOrder => money(people, Activity::average_cents),
        Field::LastPurchase => times(people, |done| done.last_purchase),
        Field::LastSeen => times(people, |done| Some(done.last_seen)),
        Field::EngagementScore => ints(people, |done| done.engagement_score),
        Field::ChurnRisk => ints(people, |done| done.churn_risk),
        Field::FirstName => texts(people, |person| Some(person.first_name)),
        Field::LastName => texts(people, |person| Some(person.last_name)),
        Field::Email => written(people, |row, person, out| write_email(first_row + row, person, out)),
        Field::Phone => written(people, |_, person, out| {
            let code = source.countries[person.country].calling_code;
            person.phone.is_some_and(|number| write!(out, "+{code}{number:09}").is_ok())
        }),
    }
}

/// Own mailboxes carry the row number, so that no two are the same.
fn write_email(row: u64, person: &Person, out: &mut String) -> bool {
    let Some(mailbox) = person.email else { return false };
    let from = out.len();
    let written = match mailbox {
        Mailbox::Own(domain) => write!(out, "{}.{}{}@{domain}", person.first_name, person.last_name, row + 1),
        Mailbox::Family => write!(out, "family@{}.example", person.last_name),
    };
    out[from..].make_ascii_lowercase();
    written.is_ok()
}

fn texts<'a>(people: &'a [Person], text: impl Fn(&'a Person) -> Option<&'a str>) -> ArrayRef {
    let mut column = StringBuilder::with_capacity(people.len(), people.len() * 8);
    people.iter().for_each(|person| column.append_option(text(person)));
    Arc::new(column.finish())
}

/// `write` appends a customer's text and says whether there is one.
fn written(people: &[Person], write: impl Fn(u64, &Person, &mut String) -> bool) -> ArrayRef {
    let mut column = StringBuilder::with_capacity(people.len(), people.len() * 16);
    let mut text = String::new();
    for (row, person) in (0..).zip(people) {
        text.clear();
        let known = write(row, person, &mut text);
        column.append_option(known.then_some(text.as_str()));
    }
    Arc::new(column.finish())
}

fn booleans(people: &[Person], answer: impl Fn(&Person) -> Option<bool>) -> ArrayRef {
    Arc::new(people.iter().map(answer).collect::<BooleanArray>())
}

fn ints(people: &[Person], value: impl Fn(&Activity) -> i64) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(people.iter().map(|person| value(&person.activity))))
}

fn times(people: &[Person], at: impl Fn(&Activity) -> Option<i64>) -> ArrayRef {
    let column: TimestampMicrosecondArray = people.iter().map(|person| at(&person.activity)).collect();
    Arc::new(column.with_timezone("UTC"))
}

fn money(people: &[Person], cents: impl Fn(&Activity) -> Option<i64>) -> ArrayRef {
    let column: Decimal128Array = people.iter().map(|person| cents(&person.activity).map(i128::from)).collect();
    Arc::new(column.with_precision_and_scale(MONEY.0, MONEY.1).expect("18 digits and 2 decimals are valid"))
}

/// A set kept as one bit per word.
fn word_sets(people: &[Person], words: &[&str], bits: impl Fn(&Person) -> Option<u32>) -> ArrayRef {
    let mut sets = ListBuilder::new(StringBuilder::with_capacity(people.len() * 3, people.len() * 20));
    for person in people {
        let bits = bits(person);
        let mut left = bits.unwrap_or(0);
        while left != 0 {
            sets.values().append_value(words[left.trailing_zeros() as usize]);
            left &= left - 1;
        }
        sets.append(bits.is_some());
    }
    Arc::new(sets.finish())
}

fn tag_sets(people: &[Person], tags: &[String]) -> ArrayRef {
    let mut sets = ListBuilder::new(StringBuilder::with_capacity(people.len() * 2, people.len() * 24));
    for person in people {
        for &tag in person.tags.iter().flat_map(|tags| tags.as_slice()) {
            sets.values().append_value(&tags[usize::from(tag)]);
        }
        sets.append(person.tags.is_some());
    }
    Arc::new(sets.finish())
}
