//! Small random populations that hit every edge: all field types, missing values, empty sets, equal values, both ends
//! of a type, exact window edges.
//!
//! Values come from small pools, so that a random rule (`rules` draws from the same pools) selects neither nobody nor
//! everybody. The same seed gives the same population.

use std::collections::BTreeMap;

use muster_engine::schema::{FieldType, Schema, Value};
use muster_engine::time::{DAY_US, Date, Timestamp};

use crate::rng::Rng;
use crate::twin::{Customer, Twin};

/// Profiles, and the instant at which rules are asked of them.
#[derive(Debug, Clone)]
pub struct Population {
    /// Fields and profiles.
    pub twin: Twin,
    /// The edges of windows lie where this says.
    pub now: Timestamp,
}

/// Days of the windows that rules ask for and at whose edges values lie.
pub const WINDOW_DAYS: [i64; 7] = [0, 1, 3, 30, 90, 365, 1_000_000];

/// Fields of every type; two of the common ones, so that tests of one type meet in a rule, and one nobody has.
pub const FIELDS: [(&str, FieldType); 14] = [
    ("member", FieldType::Bool),
    ("visits", FieldType::Int),
    ("age", FieldType::Int),
    ("total_spent", FieldType::Decimal(2)),
    ("rate", FieldType::Decimal(18)),
    ("score", FieldType::Float),
    ("country", FieldType::Keyword),
    ("city", FieldType::Keyword),
    ("genres", FieldType::KeywordSet),
    ("products", FieldType::IntSet),
    ("last_purchase", FieldType::Time),
    ("next_visit", FieldType::Time),
    ("birthday", FieldType::Date),
    ("never", FieldType::Keyword),
];

/// The field that no profile has.
const NEVER: &str = "never";

/// What imports called the id.
const ID_NAME: &str = "customer_id";

/// How often a field is missing, in percent: hardly, at times, mostly. Drawn once per field.
const MISSING: [usize; 4] = [0, 10, 40, 95];

/// `count` profiles.
pub fn population(seed: u64, count: usize) -> Population {
    let mut rng = Rng::new(seed);
    let now = now(&mut rng);
    let mut schema = Schema::default();
    schema.set_id_name(ID_NAME).expect("no field has that name");
    schema.add(&FIELDS.map(|(name, kind)| (name.to_owned(), kind))).expect("good fields");
    let missing = FIELDS.map(|(name, _)| if name == NEVER { 100 } else { *rng.pick(&MISSING) });
    let pools = FIELDS.map(|(_, kind)| pool(kind, now));
    let profiles = (0..count)
        .map(|i| {
            let mut values = BTreeMap::new();
            for (((name, kind), missing), pool) in FIELDS.into_iter().zip(missing).zip(&pools) {
                if !rng.chance(missing) {
                    values.insert(name.to_owned(), drawn(&mut rng, kind, pool));
                }
            }
            Customer { id: id(i), values }
        })
        .collect();
    Population { twin: Twin { schema, profiles }, now }
}

/// The external id of the profile at `index`: digits for most, words and other alphabets for some.
pub fn id(index: usize) -> String {
    match index % 16 {
        13 => format!("user-{index}"),
        14 => format!("0{index}"),
        15 => format!("\u{e9}l\u{e8}ve {index}"),
        _ => index.to_string(),
    }
}

fn now(rng: &mut Rng) -> Timestamp {
    // At midnight the edges of windows fall on dates; at other times they fall between them.
    let of_day = *rng.pick(&[0, 0, 1, 49_020_123_456, DAY_US - 1]);
    Timestamp(Date(17_532).midnight().0 + of_day)
}

/// A value of the field at `index` in [`FIELDS`].
pub fn value_of(rng: &mut Rng, index: usize, now: Timestamp) -> Value {
    let kind = FIELDS[index].1;
    value(rng, kind, now)
}

/// A value of a type.
pub fn value(rng: &mut Rng, kind: FieldType, now: Timestamp) -> Value {
    drawn(rng, kind, &pool(kind, now))
}

fn drawn(rng: &mut Rng, kind: FieldType, pool: &[Value]) -> Value {
    match kind {
        FieldType::KeywordSet => {
            let mut members = members(rng, &WORDS.map(str::to_owned));
            members.sort_unstable();
            members.dedup();
            Value::KeywordSet(members)
        }
        FieldType::IntSet => {
            let mut members = members(rng, &INTS);
            members.sort_unstable();
            members.dedup();
            Value::IntSet(members)
        }
        _ => rng.pick(pool).clone(),
    }
}

fn members<T: Clone>(rng: &mut Rng, pool: &[T]) -> Vec<T> {
    let count = *rng.pick(&[0, 1, 1, 2, 3, 6]);
    (0..count).map(|_| rng.pick(pool).clone()).collect()
}

const INTS: [i64; 16] =
    [i64::MIN, i64::MIN + 1, -256, -5, -1, 0, 1, 2, 3, 5, 18, 65_535, 65_536, 1 << 40, i64::MAX - 1, i64::MAX];

const FLOATS: [f64; 14] =
    [f64::MIN, -1e10, -1.5, -5e-324, -0.0, 0.0, 5e-324, 0.1, 0.1 + 0.2, 0.3, 1.0, 2.5, 1e300, f64::MAX];

/// All in NFC; beginnings, ends and middles of each other, cases, alphabets, and bytes that patterns treat specially.
const WORDS: [&str; 16] = [
    "",
    "a",
    "A",
    "ab",
    "abc",
    "b",
    "bab",
    "rock",
    "rock & roll",
    "Rock",
    "caf\u{e9}",
    "\u{119}\u{301}x",
    "\u{6771}\u{4eac}",
    "a.b",
    "%_",
    "\u{1f3b8}",
];

/// The values that single-valued fields of a type have, edges included. Sets draw their members from the pools of
/// `int` and `keyword`.
pub fn pool(kind: FieldType, now: Timestamp) -> Vec<Value> {
    match kind {
        FieldType::Bool => vec![Value::Bool(false), Value::Bool(true)],
        FieldType::Int | FieldType::IntSet => INTS.map(Value::Int).into(),
        FieldType::Decimal(scale) => {
            let one = 10i64.pow(u32::from(scale));
            let mut units = INTS.to_vec();
            units.extend([one, one - 1, one + 1, -one, one / 2]);
            units.into_iter().map(|units| Value::Decimal(units, scale)).collect()
        }
        FieldType::Float => FLOATS.map(Value::Float).into(),
        FieldType::Keyword | FieldType::KeywordSet => {
            WORDS.iter().map(|word| Value::Keyword((*word).to_owned())).collect()
        }
        FieldType::Time => times(now).into_iter().map(Value::Time).collect(),
        FieldType::Date => dates(now).into_iter().map(Value::Date).collect(),
    }
}

/// Both edges of every window with a microsecond on either side, and the ends of what RFC 3339 can write.
fn times(now: Timestamp) -> Vec<Timestamp> {
    let ends = ["0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "9999-12-30T00:00:00Z"];
    let mut times = ends.map(|text| Timestamp::parse(text).expect(text)).to_vec();
    for days in windows_on_the_calendar() {
        for edge in [now.0 - days * DAY_US, now.0 + days * DAY_US] {
            times.extend([edge - 1, edge, edge + 1].map(Timestamp));
        }
    }
    times
}

fn dates(now: Timestamp) -> Vec<Date> {
    let today = now.0.div_euclid(DAY_US);
    let mut days = vec![-719_162, 0, 2_932_895];
    for window in windows_on_the_calendar() {
        for edge in [today - window, today + window] {
            days.extend([edge - 1, edge, edge + 1]);
        }
    }
    days.into_iter().map(|day| Date(i32::try_from(day).expect("within four thousand years"))).collect()
}

/// The longest window ends before year 1, where no RFC 3339 text reaches: it is asked for, but no value lies at its edge.
fn windows_on_the_calendar() -> impl Iterator<Item = i64> {
    WINDOW_DAYS.into_iter().filter(|days| *days <= 365)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_its_population() {
        let (first, again, other) = (population(1, 50), population(1, 50), population(2, 50));
        assert_eq!(first.twin.profiles, again.twin.profiles);
        assert_ne!(first.twin.profiles, other.twin.profiles);
    }

    #[test]
    fn edges_are_there() {
        let mut missing = 0;
        let mut empty = 0;
        for seed in 0..20 {
            let Population { twin, now } = population(seed, 200);
            assert_eq!(twin.missing(NEVER), 200);
            for (name, kind) in FIELDS {
                missing += twin.missing(name);
                let values = || twin.profiles.iter().filter_map(|customer| customer.values.get(name));
                assert!(values().all(|value| value.kind() == kind), "{name}");
                empty += values().filter(|value| matches!(value, Value::KeywordSet(set) if set.is_empty())).count();
            }
            let ids: std::collections::BTreeSet<_> = twin.profiles.iter().map(|customer| &customer.id).collect();
            assert_eq!(ids.len(), 200, "ids are distinct");
            let edge = Value::Time(now.plus_days(-30));
            assert!(pool(FieldType::Time, now).contains(&edge));
        }
        assert!(missing > 0 && empty > 0);
    }

    #[test]
    fn words_are_in_normal_form() {
        for word in WORDS {
            assert_eq!(muster_engine::schema::normalize(word), word);
        }
    }
}
