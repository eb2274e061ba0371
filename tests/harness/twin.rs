//! Every rule once more, read so plainly that it cannot be wrong: one profile after the other, one test after the other.
//!
//! It works on rules as written (`Rule`, before they are checked) and shares no arithmetic with the engine: numbers are
//! compared digit by digit (`decimal`), windows in 128 bits. It is only asked about rules that fit the schema, and
//! panics on others.
//!
//! Not here: random populations and rules (`population`, `rules`), and mistakes, which the engine's `check` reports.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use muster_engine::rule::{Group, Literal, Match, Operand, Operator, Rule, SegmentRef, Test};
use muster_engine::schema::{Schema, Value};
use muster_engine::time::{Date, Timestamp};
use regex::Regex;
use unicode_normalization::UnicodeNormalization;

use crate::decimal::Decimal;

/// One profile: a field that is not a key is missing.
#[derive(Debug, Clone, PartialEq)]
pub struct Customer {
    /// External id.
    pub id: String,
    /// Values by field name.
    pub values: BTreeMap<String, Value>,
}

/// A segment that rules can name.
#[derive(Debug, Clone, PartialEq)]
pub enum Saved {
    /// Whoever satisfies a rule.
    Dynamic(Rule),
    /// A list of external ids.
    Static(BTreeSet<String>),
}

/// Finds the segment that a rule names.
pub type Segments<'s> = dyn Fn(&SegmentRef) -> &'s Saved + 's;

/// For rules that name no segment.
///
/// # Panics
/// When one is named after all.
pub fn no_segments(named: &SegmentRef) -> &'static Saved {
    panic!("the rule names segment {named:?}, and this test has none")
}

/// A tenant as a list.
#[derive(Debug, Clone)]
pub struct Twin {
    /// Its fields.
    pub schema: Schema,
    /// Its profiles.
    pub profiles: Vec<Customer>,
}

impl Twin {
    /// The ids of all profiles that satisfy `rule`.
    pub fn select(&self, rule: &Rule, now: Timestamp, segments: &Segments) -> BTreeSet<String> {
        let selected = self.profiles.iter().filter(|customer| matches(rule, customer, &self.schema, now, segments));
        selected.map(|customer| customer.id.clone()).collect()
    }

    /// How many profiles have no value of `field`.
    pub fn missing(&self, field: &str) -> usize {
        self.profiles.iter().filter(|customer| !customer.values.contains_key(field)).count()
    }
}

/// Whether `customer` satisfies `rule` at `now`.
///
/// # Panics
/// When the rule does not fit the schema.
pub fn matches(rule: &Rule, customer: &Customer, schema: &Schema, now: Timestamp, segments: &Segments) -> bool {
    match rule {
        Rule::Group(Group { join, rules }) => {
            assert!(!rules.is_empty(), "an empty group is a mistake");
            let mut answers = rules.iter().map(|rule| matches(rule, customer, schema, now, segments));
            match join {
                Match::All => answers.all(|answer| answer),
                Match::Any => answers.any(|answer| answer),
                Match::None => !answers.any(|answer| answer),
            }
        }
        Rule::Test(test) => test_matches(test, customer, schema, now),
        Rule::Event(_) => panic!("`events` puts its answer in the place of a test of events"),
        Rule::Segment(test) => {
            let member = match segments(&test.segment) {
                Saved::Dynamic(rule) => matches(rule, customer, schema, now, segments),
                Saved::Static(ids) => ids.contains(&customer.id),
            };
            member != test.negated
        }
    }
}

fn test_matches(test: &Test, customer: &Customer, schema: &Schema, now: Timestamp) -> bool {
    // A negative operator is the complement of its positive one, missing values included.
    if let Some(positive) = test.operator.positive() {
        let positive = Test { operator: positive, ..test.clone() };
        return !test_matches(&positive, customer, schema, now);
    }
    if schema.is_id(&test.field) {
        let id = Value::Keyword(customer.id.clone());
        return value_matches(test.operator, &id, test.value.as_ref(), now);
    }
    let field = schema.find(&test.field).unwrap_or_else(|| panic!("no field \"{}\"", test.field));
    assert!(test.operator.applies_to(field.kind), "{} has no {:?}", field.kind, test.operator);
    // A positive operator is false on a missing value.
    let Some(value) = customer.values.get(&test.field) else { return false };
    assert_eq!(value.kind(), field.kind, "a value of \"{}\"", test.field);
    value_matches(test.operator, value, test.value.as_ref(), now)
}

/// A positive operator on a value that is there.
fn value_matches(operator: Operator, value: &Value, operand: Option<&Operand>, now: Timestamp) -> bool {
    let one = || match operand {
        Some(Operand::One(literal)) => literal,
        other => panic!("{operator:?} takes a single value, not {other:?}"),
    };
    let list = || match operand {
        Some(Operand::One(literal)) => std::slice::from_ref(literal),
        Some(Operand::Many(literals)) => literals.as_slice(),
        None => panic!("{operator:?} takes a list"),
    };
    match operator {
        Operator::Equal | Operator::Is => compare(value, one()) == Ordering::Equal,
        Operator::Less => compare(value, one()) == Ordering::Less,
        Operator::LessOrEqual => compare(value, one()) != Ordering::Greater,
        Operator::Greater => compare(value, one()) == Ordering::Greater,
        Operator::GreaterOrEqual => compare(value, one()) != Ordering::Less,
        Operator::Between => match list() {
            [lo, hi] => compare(value, lo) != Ordering::Less && compare(value, hi) != Ordering::Greater,
            ends => panic!("between takes two ends, not {ends:?}"),
        },
        Operator::In => list().iter().any(|literal| compare(value, literal) == Ordering::Equal),
        Operator::StartsWith => word(value).starts_with(&text(one())),
        Operator::EndsWith => word(value).ends_with(&text(one())),
        Operator::Contains => word(value).contains(&text(one())),
        Operator::Matches => pattern(&text(one())).is_match(&word(value)),
        Operator::Includes => list().iter().any(|literal| holds(value, literal)),
        Operator::IncludesAll => list().iter().all(|literal| holds(value, literal)),
        Operator::Exists => true,
        Operator::WithinDays | Operator::BeforeDays | Operator::InNextDays => in_window(operator, value, one(), now),
        Operator::NotEqual
        | Operator::IsNot
        | Operator::NotIn
        | Operator::NotContains
        | Operator::Excludes
        | Operator::NotExists => unreachable!("answered as the complement of its positive"),
    }
}

/// A regular expression, compiled once: that takes longer than asking it of a whole population.
fn pattern(text: &str) -> Rc<Regex> {
    thread_local! {
        static COMPILED: RefCell<HashMap<String, Rc<Regex>>> = RefCell::default();
    }
    COMPILED.with_borrow_mut(|compiled| {
        let known = compiled.entry(text.to_owned());
        known.or_insert_with(|| Rc::new(Regex::new(text).expect("a regular expression"))).clone()
    })
}

/// Where the value lies, seen from the literal.
fn compare(value: &Value, literal: &Literal) -> Ordering {
    match (value, literal) {
        (Value::Bool(value), Literal::Bool(literal)) => value.cmp(literal),
        (Value::Int(value), Literal::Number(_)) => Decimal::from_units(*value, 0).cmp(&number(literal)),
        (Value::Decimal(units, scale), _) => Decimal::from_units(*units, *scale).cmp(&number(literal)),
        (Value::Float(value), Literal::Number(digits)) => {
            let literal: f64 = digits.parse().expect("a number");
            value.partial_cmp(&literal).expect("finite numbers have an order")
        }
        (Value::Keyword(_), _) => word(value).cmp(&text(literal)),
        (Value::Time(value), Literal::Text(literal)) => value.cmp(&Timestamp::parse(literal).expect("RFC 3339")),
        (Value::Date(value), Literal::Text(literal)) => value.cmp(&Date::parse(literal).expect("YYYY-MM-DD")),
        (value, literal) => panic!("{value:?} cannot be compared with {literal:?}"),
    }
}

/// Whether a set holds a member.
fn holds(set: &Value, literal: &Literal) -> bool {
    match set {
        Value::KeywordSet(words) => words.iter().any(|word| normal(word) == text(literal)),
        Value::IntSet(ints) => ints.iter().any(|int| Decimal::from_units(*int, 0) == number(literal)),
        other => panic!("{other:?} is no set"),
    }
}

/// A day is 86,400 seconds, whatever the calendar says, and a date is its midnight in UTC.
fn in_window(operator: Operator, value: &Value, days: &Literal, now: Timestamp) -> bool {
    const SECOND_US: i128 = 1_000_000;
    const DAY_US: i128 = 86_400 * SECOND_US;
    let Literal::Number(days) = days else { panic!("a window takes a number of days, not {days:?}") };
    let span = days.parse::<i128>().expect("whole days") * DAY_US;
    let now = i128::from(now.0);
    let at = match value {
        Value::Time(at) => i128::from(at.0),
        Value::Date(day) => i128::from(day.0) * DAY_US,
        other => panic!("{other:?} lies in no window"),
    };
    match operator {
        Operator::WithinDays => now - span <= at && at <= now,
        Operator::BeforeDays => at < now - span,
        Operator::InNextDays => now < at && at <= now + span,
        other => panic!("{other:?} is no window"),
    }
}

fn number(literal: &Literal) -> Decimal {
    match literal {
        // Money may come as a string, so that no client passes it through a binary float.
        Literal::Number(digits) | Literal::Text(digits) => {
            Decimal::parse(digits).unwrap_or_else(|| panic!("\"{digits}\" is no number"))
        }
        Literal::Bool(_) => panic!("a bool is no number"),
    }
}

fn word(value: &Value) -> String {
    match value {
        Value::Keyword(word) => normal(word),
        other => panic!("{other:?} is no keyword"),
    }
}

fn text(literal: &Literal) -> String {
    match literal {
        // An id that was sent as a number is kept as its decimal text.
        Literal::Text(text) | Literal::Number(text) => normal(text),
        Literal::Bool(_) => panic!("a bool is no text"),
    }
}

fn normal(text: &str) -> String {
    text.nfc().collect()
}
