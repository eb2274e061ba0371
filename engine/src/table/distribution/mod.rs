//! How the values of a field are spread: percentiles, histograms and most frequent values, of everybody or of some rows.
//!
//! All figures are exact, and bins always add up: their sum and the rows without a value are the rows asked about.
//! Where the index has ranks, rows are not read: how many keys lie below a bound is known block by block (`order`).
//! Which bounds people like to read is in `bins`; how often single values occur is in `frequent`.

mod calendar;

mod bins;

mod order;

mod keys;

mod frequent;

mod answer;

pub use keys::Keyed;

use frequent::{most_frequent, most_frequent_keys};
use order::Order;

use crate::schema::Value;

/// What is asked about a field.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Question {
    /// Which percentiles; only of ordered fields, as are bins.
    pub percentiles: Vec<Percentile>,
    /// A histogram.
    pub bins: Option<Bins>,
    /// So many of the most frequent values, and how many different ones there are: every value is gone through.
    pub top: Option<usize>,
}

/// A share of the rows, in millionths: 990,000 is the 99th percentile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percentile(u32);

/// Where the bins of a histogram begin and end.
#[derive(Debug, Clone, PartialEq)]
pub enum Bins {
    /// At most so many, of one width that reads well: 1, 2 or 5 times a power of ten, or a unit of the calendar in UTC.
    AtMost(usize),
    /// At these values, ascending. What is below the first and from the last on has bins as well.
    At(Vec<Value>),
}

/// Rows with values from one bound on and below the next.
#[derive(Debug, Clone, PartialEq)]
pub struct Bin {
    /// The least value that belongs here; none below all bounds.
    pub from: Option<Value>,
    /// The least value that no longer belongs here; none above all bounds.
    pub to: Option<Value>,
    /// Rows.
    pub count: u64,
}

/// How often values occur.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Frequencies {
    /// Different values (of a set: different members).
    pub distinct: u64,
    /// The most frequent values (of a set: members) with their rows, most first, equal ones in order of value.
    pub top: Vec<(Value, u64)>,
    /// Rows of all values that are not in `top`; with sets a row is counted for each such member.
    pub others: u64,
}

/// One field at one version.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Distribution {
    /// Rows asked about.
    pub rows: u64,
    /// Those of them that have a value.
    pub present: u64,
    /// Least value, of ordered fields.
    pub min: Option<Value>,
    /// Greatest value, of ordered fields.
    pub max: Option<Value>,
    /// The percentiles asked for, in the same order; none where no row has a value.
    pub percentiles: Vec<Option<Value>>,
    /// The histogram asked for, ascending.
    pub bins: Vec<Bin>,
    /// How often values occur, when asked for.
    pub frequencies: Option<Frequencies>,
}

impl Percentile {
    /// Digits after the point that a percentage may have.
    pub const DIGITS_MAX: u8 = 4;

    /// From ten-thousandths of a percent; none beyond 100 percent.
    pub fn new(millionths: u32) -> Option<Self> {
        (millionths <= 1_000_000).then_some(Self(millionths))
    }

    /// The share.
    pub fn millionths(self) -> u32 {
        self.0
    }

    /// The place, from 0, among `count` values in order: the nearest-rank definition, the least value that so large a
    /// share of all does not exceed.
    fn place(self, count: u64) -> u64 {
        let rank = (u128::from(self.0) * u128::from(count)).div_ceil(1_000_000);
        // At most `count`, because the share is at most one.
        rank.saturating_sub(1) as u64
    }
}
