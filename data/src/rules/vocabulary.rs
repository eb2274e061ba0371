//! Values that the population really has, taken from its first customers.
//!
//! A value drawn from a random customer is as common in rules as it is in the data; one drawn from the distinct values
//! is probably rare. Bounds of numbers and times are the data's quantiles, rounded as people round.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Date32Type, Decimal128Type, Int64Type, TimestampMicrosecondType};
use muster_engine::time::{DAY_US, Timestamp};

use crate::population::{DEFAULT_NOW, Population};
use crate::random::Random;

/// Customers that are looked at.
const SAMPLE_ROWS: u64 = 16_384;

/// What a field is to a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Keyword,
    /// A keyword that is different for nearly everybody: asked whether it is there, not what it is.
    Unique,
    Words,
    Flag,
    Int,
    Money,
    Time,
    Date,
}

/// The fields that rules test, how often in relation to each other, and whether some customers have no value.
pub(super) const FIELDS: [(&str, Kind, u64, bool); 25] = [
    ("country", Kind::Keyword, 8, false),
    ("city", Kind::Keyword, 4, true),
    ("language", Kind::Keyword, 4, false),
    ("gender", Kind::Keyword, 4, true),
    ("birth_date", Kind::Date, 6, true),
    ("signup", Kind::Time, 4, false),
    ("email_consent", Kind::Flag, 5, true),
    ("sms_consent", Kind::Flag, 3, true),
    ("push_consent", Kind::Flag, 3, true),
    ("income_band", Kind::Keyword, 4, true),
    ("family_status", Kind::Keyword, 4, true),
    ("vehicle_interest", Kind::Keyword, 3, true),
    ("genres", Kind::Words, 7, true),
    ("event_types", Kind::Words, 6, true),
    ("tags", Kind::Words, 8, true),
    ("total_spent", Kind::Money, 7, false),
    ("purchase_count", Kind::Int, 5, false),
    ("avg_order", Kind::Money, 4, true),
    ("last_purchase", Kind::Time, 7, true),
    ("last_seen", Kind::Time, 6, false),
    ("engagement_score", Kind::Int, 5, false),
    ("churn_risk", Kind::Int, 5, false),
    ("last_name", Kind::Keyword, 1, false),
    ("email", Kind::Unique, 1, true),
    ("phone", Kind::Unique, 1, true),
];

/// What rules about one field are made of.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) weight: u64,
    pub(super) may_miss: bool,
    /// Words of customers, as often as they have them.
    words: Vec<String>,
    distinct: Vec<String>,
    /// Numbers and times of customers in order; money in cents.
    sorted: Vec<i64>,
}

impl Field {
    /// The fields among `names`, with their values.
    pub(super) fn all(names: &[&str]) -> Vec<Self> {
        let population = Population::new(1, SAMPLE_ROWS, DEFAULT_NOW);
        let batches = population.block(0);
        let wanted = FIELDS.iter().filter(|field| names.contains(&field.0));
        let fields = wanted.map(|&(name, kind, weight, may_miss)| {
            let mut field = Self { name, kind, weight, may_miss, words: vec![], distinct: vec![], sorted: vec![] };
            for batch in &batches {
                field.read(&batch[name]);
            }
            field.sorted.sort_unstable();
            field.distinct = field.words.iter().collect::<BTreeSet<_>>().into_iter().cloned().collect();
            field
        });
        fields.collect()
    }

    fn read(&mut self, column: &ArrayRef) {
        let column = match column.data_type() {
            DataType::List(_) => column.as_list::<i32>().values(),
            _ => column,
        };
        match column.data_type() {
            DataType::Utf8 if self.kind != Kind::Unique => {
                self.words.extend(column.as_string::<i32>().iter().flatten().map(str::to_owned));
            }
            DataType::Int64 => self.sorted.extend(column.as_primitive::<Int64Type>().iter().flatten()),
            // Cents of one customer fit easily.
            DataType::Decimal128(..) => {
                self.sorted.extend(column.as_primitive::<Decimal128Type>().iter().flatten().map(|cents| cents as i64));
            }
            DataType::Timestamp(..) => {
                self.sorted.extend(column.as_primitive::<TimestampMicrosecondType>().iter().flatten());
            }
            DataType::Date32 => {
                self.sorted.extend(column.as_primitive::<Date32Type>().iter().flatten().map(i64::from));
            }
            _ => {}
        }
    }

    /// A word, common ones more often.
    pub(super) fn word(&self, random: &mut Random) -> &str {
        let words = if random.chance(0.7) { &self.words } else { &self.distinct };
        &words[random.below(words.len() as u64) as usize]
    }

    /// The number, or the instant, below which about a share of `quantile` lies; written as in a rule.
    pub(super) fn bound(&self, quantile: f64) -> (i64, String) {
        let value = self.sorted[((self.sorted.len() - 1) as f64 * quantile.clamp(0.0, 1.0)) as usize];
        match self.kind {
            Kind::Money => {
                let cents = two_digits(value);
                (cents, format!("{}.{:02}", cents / 100, cents % 100))
            }
            Kind::Time => {
                let midnight = value.div_euclid(DAY_US) * DAY_US;
                (midnight, Timestamp(midnight).to_string())
            }
            Kind::Date => {
                let day = muster_engine::time::Date(i32::try_from(value).unwrap_or_default());
                (value, day.to_string())
            }
            _ => (value, value.to_string()),
        }
    }

    /// Whether all customers' values are at least this one (less), or at most (greater).
    pub(super) fn side(&self, bound: i64) -> Ordering {
        match (self.sorted.first(), self.sorted.last()) {
            (Some(least), _) if bound <= *least => Ordering::Less,
            (_, Some(most)) if bound >= *most => Ordering::Greater,
            _ => Ordering::Equal,
        }
    }

    /// Days before the present at which about a share of `quantile` lies further back.
    pub(super) fn days_ago(&self, quantile: f64) -> i64 {
        let at = self.sorted[((self.sorted.len() - 1) as f64 * quantile.clamp(0.0, 1.0)) as usize];
        let at = if self.kind == Kind::Date { at * DAY_US } else { at };
        two_digits(((DEFAULT_NOW.0 - at) / DAY_US).max(1))
    }
}

/// The number with its first two digits and zeros: 1,873 is said as 1,900 by nobody, but as 1,800 by many.
fn two_digits(value: i64) -> i64 {
    let mut unit = 1;
    while value / unit >= 100 {
        unit *= 10;
    }
    value / unit * unit
}
