//! One customer, drawn from a stream of random numbers.
//!
//! Fields hang together through two hidden traits: wealth drives income, basket and vehicle; loyalty drives how often
//! and how recently a customer comes, and through that engagement and the risk of losing them. A customer is drawn
//! whole, whichever fields are wanted, so that a field's values do not depend on the other fields chosen.
//!
//! Not here: how values become columns (`columns`).

use muster_engine::time::{DAY_US, Timestamp};

use super::names::Names;
use super::places::{self, Country};
use super::words;
use crate::random::curve::exp;
use crate::random::{Random, Ranked};

/// The most tags one customer has.
const TAGS_MAX: usize = 8;

/// The longest a customer has been one.
const TENURE_DAYS_MAX: f64 = 8.0 * 365.0;

/// What customers are drawn from; the same for every population.
pub(super) struct Source {
    pub(super) countries: Vec<Country>,
    country_ranks: Ranked,
    place_ranks: Ranked,
    first_name_ranks: Ranked,
    last_name_ranks: Ranked,
    pub(super) tags: Vec<String>,
    tag_ranks: Ranked,
}

impl Source {
    pub(super) fn new() -> Self {
        let (countries, country_ranks) = places::countries();
        let tags = words::tags();
        Self {
            countries,
            country_ranks,
            place_ranks: places::place_ranks(),
            first_name_ranks: Ranked::zipf(12, 0.5),
            last_name_ranks: Ranked::zipf(20, 0.5),
            tag_ranks: Ranked::zipf(tags.len(), 1.0),
            tags,
        }
    }
}

/// Everything that is drawn about a customer; `None` where it is not known.
pub(super) struct Person {
    /// Index into the source's countries, and of the place in that country.
    pub(super) country: usize,
    pub(super) place: Option<usize>,
    pub(super) language: &'static str,
    pub(super) gender: Option<&'static str>,
    pub(super) first_name: &'static str,
    pub(super) last_name: &'static str,
    pub(super) birth_day: Option<i32>,
    pub(super) family_status: Option<&'static str>,
    pub(super) income_band: Option<&'static str>,
    pub(super) vehicle_interest: Option<&'static str>,
    pub(super) activity: Activity,
    pub(super) email: Option<Mailbox>,
    pub(super) phone: Option<u64>,
    pub(super) email_consent: Option<bool>,
    pub(super) sms_consent: Option<bool>,
    pub(super) push_consent: Option<bool>,
    /// One bit per genre.
    pub(super) genres: Option<u32>,
    /// One bit per type of event.
    pub(super) event_types: Option<u32>,
    pub(super) tags: Option<Tags>,
}

/// What a customer has done, in instants and cents.
pub(super) struct Activity {
    pub(super) signup: i64,
    pub(super) last_seen: i64,
    pub(super) last_purchase: Option<i64>,
    pub(super) purchase_count: i64,
    pub(super) total_cents: i64,
    pub(super) engagement_score: i64,
    pub(super) churn_risk: i64,
}

impl Activity {
    /// Cents per purchase, rounded half up.
    pub(super) fn average_cents(&self) -> Option<i64> {
        let count = self.purchase_count;
        (count > 0).then(|| (2 * self.total_cents + count) / (2 * count))
    }
}

/// Whose mailbox it is.
#[derive(Clone, Copy)]
pub(super) enum Mailbox {
    Own(&'static str),
    Family,
}

/// Distinct tags as indices into the source's tags.
pub(super) struct Tags {
    all: [u16; TAGS_MAX],
    count: usize,
}

impl Tags {
    pub(super) fn as_slice(&self) -> &[u16] {
        &self.all[..self.count]
    }
}

impl Person {
    /// The next customer of the stream, as known at `now`.
    pub(super) fn draw(random: &mut Random, source: &Source, now: Timestamp) -> Self {
        let country = source.country_ranks.draw(random);
        let home = &source.countries[country];
        let place = source.place_ranks.draw(random);
        let place = (!random.chance(0.04)).then_some(place);
        let language = home.language(random);
        let names: &Names = home.region.names();
        let (gender, female) = draw_gender(random);
        let first_name = source.first_name_ranks.draw(random);
        let first_name = if female { names.female[first_name] } else { names.male[first_name] };
        let last_name = names.last[source.last_name_ranks.draw(random)];

        let age = (42.0 + 16.0 * random.normal()).clamp(16.0, 95.0);
        // Income peaks in the middle of working life.
        let wealth = random.normal() + 0.6 - ((age - 48.0) / 30.0) * ((age - 48.0) / 30.0);
        let loyalty = random.normal();
        let birth_day = now.0.div_euclid(DAY_US) as i32 - (age * 365.25) as i32;
        let birth_day = (!random.chance(0.12)).then_some(birth_day);
        let family_status = draw_family_status(random, age);
        let income_band = place_in(&words::INCOME_BANDS, (wealth + 2.2) / 4.6);
        let income_band = (!random.chance(0.30)).then_some(income_band);
        let vehicle_interest = place_in(&words::VEHICLES, (wealth + 2.4 + 0.8 * random.normal()) / 5.0);
        let vehicle_interest = random.chance(0.28).then_some(vehicle_interest);

        let activity = draw_activity(random, age, wealth, loyalty, now);
        let email = draw_mailbox(random);
        let phone = random.below(1_000_000_000);
        let phone = random.chance(0.55).then_some(phone);
        let email_consent = consent(random, if email.is_some() { 0.55 + 0.1 * loyalty } else { 0.0 });
        let sms_consent = consent(random, if phone.is_some() { 0.35 + 0.1 * loyalty } else { 0.0 });
        let push_consent = consent(random, 0.9 - age / 100.0);
        let genres = draw_genres(random, age);
        let event_types = draw_event_types(random, &activity, email_consent, push_consent);
        let tags = draw_tags(random, source, activity.engagement_score);
        Self {
            country,
            place,
            language,
            gender,
            first_name,
            last_name,
            birth_day,
            family_status,
            income_band,
            vehicle_interest,
            activity,
            email,
            phone,
            email_consent,
            sms_consent,
            push_consent,
            genres,
            event_types,
            tags,
        }
    }
}

/// The gender as known, and which list the first name comes from, known or not.
fn draw_gender(random: &mut Random) -> (Option<&'static str>, bool) {
    let female = random.chance(0.53);
    let gender = match random.unit() {
        drawn if drawn < 0.08 => None,
        drawn if drawn < 0.10 => Some("other"),
        _ if female => Some("female"),
        _ => Some("male"),
    };
    (gender, female)
}

fn draw_family_status(random: &mut Random, age: f64) -> Option<&'static str> {
    let married = ((age - 22.0) / 30.0).clamp(0.02, 0.58);
    let widowed = ((age - 60.0) / 80.0).max(0.005);
    let divorced = ((age - 28.0) / 200.0).clamp(0.0, 0.14);
    let drawn = random.unit();
    let status = match drawn {
        _ if drawn < married => "married",
        _ if drawn < married + widowed => "widowed",
        _ if drawn < married + widowed + divorced => "divorced",
        _ if drawn > 0.88 => "partnered",
        _ => "single",
    };
    (!random.chance(0.15)).then_some(status)
}

/// The word at `position`, where 0 is the first and 1 the end of the list.
fn place_in(words: &[&'static str], position: f64) -> &'static str {
    let last = words.len() - 1;
    words[((position * words.len() as f64).max(0.0) as usize).min(last)]
}

fn draw_activity(random: &mut Random, age: f64, wealth: f64, loyalty: f64, now: Timestamp) -> Activity {
    // Nobody signed up before turning 15; recent sign-ups are more common.
    let drawn = random.unit();
    let tenure_days = ((age - 15.0) * 365.0).min(TENURE_DAYS_MAX) * drawn * (0.4 + 0.6 * drawn);
    let or_within =
        |random: &mut Random, days: f64, limit: f64| if days < limit { days } else { limit * random.unit() };
    let seen_days = random.exponential() * 70.0 * exp(-0.8 * loyalty);
    let seen_days = or_within(random, seen_days, tenure_days);
    let active_days = tenure_days - seen_days;

    let ever_bought = random.chance(0.76);
    let per_year = 2.2 * exp(0.7 * loyalty + 0.25 * wealth + 0.4 * random.normal());
    let purchases = 1.0 + per_year * active_days / 365.0 + 0.6 * random.exponential();
    let purchase_count = if ever_bought { purchases.min(5_000.0) as i64 } else { 0 };
    let basket_cents = 3_600.0 * exp(0.5 * wealth + 0.55 * random.normal());
    let cents = purchase_count as f64 * basket_cents * (1.0 + 0.1 * random.unit());
    let total_cents = (cents as i64).max(purchase_count * 99);
    let since_days = random.exponential() * 15.0 * exp(-0.3 * loyalty);
    let bought_days = seen_days + or_within(random, since_days, active_days);

    let recency = exp(-seen_days / 120.0);
    let habit = 1.0 - exp(-(purchase_count as f64) / 8.0);
    let engagement = (70.0 * recency + 30.0 * habit + 5.0 * random.normal()).round().clamp(0.0, 100.0);
    let risk = 85.0 * (1.0 - recency) + 0.15 * (100.0 - engagement) + 4.0 * random.normal();
    let before_now = |days: f64| now.0 - (days * 86_400.0) as i64 * 1_000_000;
    Activity {
        signup: before_now(tenure_days),
        last_seen: before_now(seen_days),
        last_purchase: (purchase_count > 0).then(|| before_now(bought_days)),
        purchase_count,
        total_cents,
        engagement_score: engagement as i64,
        churn_risk: risk.round().clamp(0.0, 100.0) as i64,
    }
}

fn draw_mailbox(random: &mut Random) -> Option<Mailbox> {
    match random.unit() {
        drawn if drawn < 0.06 => None,
        drawn if drawn < 0.07 => Some(Mailbox::Family),
        drawn if drawn < 0.55 => Some(Mailbox::Own("mail.example.com")),
        drawn if drawn < 0.85 => Some(Mailbox::Own("post.example.org")),
        _ => Some(Mailbox::Own("example.net")),
    }
}

fn consent(random: &mut Random, given: f64) -> Option<bool> {
    let answer = random.chance(given);
    (!random.chance(0.10)).then_some(answer)
}

fn draw_genres(random: &mut Random, age: f64) -> Option<u32> {
    let last = words::GENRES.len() as f64 - 1.0;
    let middle = (age - 16.0) / 64.0 * last;
    let mut genres = 0;
    if !random.chance(0.07) {
        for _ in 0..1 + random.below(6) {
            let genre = (middle + 5.0 * random.normal()).clamp(0.0, last).round();
            genres |= 1 << genre as u32;
        }
    }
    (!random.chance(0.08)).then_some(genres)
}

fn draw_event_types(
    random: &mut Random,
    activity: &Activity,
    email_consent: Option<bool>,
    push_consent: Option<bool>,
) -> Option<u32> {
    let interest = activity.engagement_score as f64 / 100.0;
    let bought = f64::from(u8::from(activity.purchase_count > 0));
    let opens = f64::from(u8::from(email_consent == Some(true)));
    let pushed = f64::from(u8::from(push_consent == Some(true)));
    // In the order of `words::EVENT_TYPES`.
    let chances = [
        0.97,
        0.6 + 0.4 * interest,
        0.3 + 0.5 * interest,
        bought.max(0.4 * interest),
        0.25,
        bought,
        0.15 * bought,
        0.2 * bought * interest,
        opens * (0.2 + 0.7 * interest),
        opens * 0.5 * interest,
        pushed * (0.1 + 0.6 * interest),
        0.06,
    ];
    let events = chances
        .iter()
        .enumerate()
        .fold(0, |events, (event, &chance)| events | u32::from(random.chance(chance)) << event);
    (!random.chance(0.03)).then_some(events)
}

fn draw_tags(random: &mut Random, source: &Source, engagement: i64) -> Option<Tags> {
    if random.chance(0.15) {
        return None;
    }
    let mut tags = Tags { all: [0; TAGS_MAX], count: 0 };
    let wanted = (random.exponential() * (1.0 + engagement as f64 / 30.0)) as usize;
    for _ in 0..wanted.min(TAGS_MAX) {
        let tag = source.tag_ranks.draw(random) as u16;
        if !tags.as_slice().contains(&tag) {
            tags.all[tags.count] = tag;
            tags.count += 1;
        }
    }
    Some(tags)
}
