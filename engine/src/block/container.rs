//! Which rows of one block belong to a set, in the form that costs the fewest bytes.
//!
//! Payloads are shared and copied when they are changed, so that a published view never moves. The
//! cardinality is known without touching the payload: a count of whole containers reads the directory alone.

use std::ops::Deref;

use super::words::{BLOCK_ROWS, Words};
use crate::shared::{Plain, Shared};

/// Rows up to which an array of offsets is smaller than, or as small as, the bits.
pub const ARRAY_MAX: usize = 1_024;

/// Ranges up to which they are as fast to read as bits.
const RUNS_MAX: usize = 128;

/// Consecutive rows, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub struct Run {
    /// First offset.
    pub first: u16,
    /// Last offset.
    pub last: u16,
}

// SAFETY: two integers of the same size.
unsafe impl Plain for Run {}

/// The bits of a block, shared.
#[derive(Debug, Clone)]
pub struct Bits {
    one: Shared<Words>,
}

impl Bits {
    /// From the only element of a slice; `None` when it has another number of them.
    pub fn new(words: Shared<Words>) -> Option<Self> {
        (words.len() == 1).then_some(Self { one: words })
    }
}

impl From<&Words> for Bits {
    fn from(words: &Words) -> Self {
        Self { one: std::slice::from_ref(words).into() }
    }
}

impl Deref for Bits {
    type Target = Words;

    fn deref(&self) -> &Words {
        &self.one[0]
    }
}

/// The rows of a set within one block.
#[derive(Debug, Clone, Default)]
pub enum Container {
    /// None of them.
    #[default]
    Empty,
    /// All 65,536.
    Full,
    /// At most [`ARRAY_MAX`] offsets, ascending.
    Array(Shared<u16>),
    /// One bit a row.
    Bits {
        /// The bits.
        words: Bits,
        /// How many are set.
        cardinality: u32,
    },
    /// Ranges of rows, ascending, with gaps between them.
    Runs {
        /// The ranges.
        runs: Shared<Run>,
        /// How many rows they cover.
        cardinality: u32,
    },
}

impl Container {
    /// From ascending, distinct offsets.
    pub fn from_sorted(offsets: &[u16]) -> Self {
        match offsets.len() {
            0 => Self::Empty,
            BLOCK_ROWS => Self::Full,
            n if n <= ARRAY_MAX => match runs_of_sorted(offsets) {
                Some(runs) => Self::from_runs(runs),
                None => Self::Array(offsets.into()),
            },
            _ => {
                let mut words = Words::EMPTY;
                for &offset in offsets {
                    words.insert(offset);
                }
                Self::from_words(&words)
            }
        }
    }

    /// From bits.
    pub fn from_words(words: &Words) -> Self {
        let cardinality = words.count();
        match cardinality as usize {
            0 => return Self::Empty,
            BLOCK_ROWS => return Self::Full,
            _ => {}
        }
        let bytes = (2 * cardinality as usize).min(8 * 1024);
        let runs = run_count(words);
        if runs <= RUNS_MAX && 4 * runs < bytes {
            return Self::from_runs(runs_of_words(words));
        }
        if cardinality as usize <= ARRAY_MAX {
            return Self::Array(words.iter().collect());
        }
        Self::Bits { words: words.into(), cardinality }
    }

    /// The offsets `first..=last`.
    pub fn from_range(first: u16, last: u16) -> Self {
        if first == 0 && last == u16::MAX { Self::Full } else { Self::from_runs(vec![Run { first, last }]) }
    }

    fn from_runs(runs: Vec<Run>) -> Self {
        let cardinality = runs.iter().map(|run| u32::from(run.last - run.first) + 1).sum();
        Self::Runs { runs: runs.into(), cardinality }
    }

    /// How many rows are in; reads no payload.
    pub fn cardinality(&self) -> u32 {
        match self {
            Self::Empty => 0,
            Self::Full => BLOCK_ROWS as u32,
            Self::Array(offsets) => offsets.len() as u32,
            Self::Bits { cardinality, .. } | Self::Runs { cardinality, .. } => *cardinality,
        }
    }

    /// Whether no row is in.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }

    /// Whether the row is in.
    pub fn contains(&self, offset: u16) -> bool {
        match self {
            Self::Empty => false,
            Self::Full => true,
            Self::Array(offsets) => offsets.binary_search(&offset).is_ok(),
            Self::Bits { words, .. } => words.contains(offset),
            Self::Runs { runs, .. } => {
                let after = runs.partition_point(|run| run.first <= offset);
                after > 0 && offset <= runs[after - 1].last
            }
        }
    }

    /// Writes the rows over whatever `out` held.
    pub fn write_to(&self, out: &mut Words) {
        match self {
            Self::Full => out.0.fill(u64::MAX),
            Self::Bits { words, .. } => out.0.copy_from_slice(&words.0),
            Self::Empty | Self::Array(_) | Self::Runs { .. } => {
                out.0.fill(0);
                self.or_to(out);
            }
        }
    }

    /// Adds the rows to `out`.
    pub fn or_to(&self, out: &mut Words) {
        match self {
            Self::Empty => {}
            Self::Full => out.0.fill(u64::MAX),
            Self::Array(offsets) => offsets.iter().for_each(|&offset| out.insert(offset)),
            Self::Bits { words, .. } => out.or(words),
            Self::Runs { runs, .. } => runs.iter().for_each(|run| out.insert_range(run.first, run.last)),
        }
    }

    /// Keeps in `out` only the rows that are in here as well.
    pub fn and_to(&self, out: &mut Words) {
        match self {
            Self::Empty => out.0.fill(0),
            Self::Full => {}
            Self::Bits { words, .. } => out.and(words),
            Self::Array(offsets) => keep_offsets(out, offsets),
            Self::Runs { runs, .. } => {
                let mut next = 0;
                for run in runs.iter() {
                    if next < run.first {
                        out.remove_range(next, run.first - 1);
                    }
                    next = run.last.saturating_add(1);
                }
                if runs.last().is_some_and(|run| run.last < u16::MAX) {
                    out.remove_range(next, u16::MAX);
                }
            }
        }
    }

    /// Takes the rows out of `out`.
    pub fn and_not_to(&self, out: &mut Words) {
        match self {
            Self::Empty => {}
            Self::Full => out.0.fill(0),
            Self::Array(offsets) => offsets.iter().for_each(|&offset| out.remove(offset)),
            Self::Bits { words, .. } => out.and_not(words),
            Self::Runs { runs, .. } => runs.iter().for_each(|run| out.remove_range(run.first, run.last)),
        }
    }

    /// The same rows and this one.
    #[must_use]
    pub fn with(&self, offset: u16) -> Self {
        self.changed(offset, true)
    }

    /// The same rows without this one.
    #[must_use]
    pub fn without(&self, offset: u16) -> Self {
        self.changed(offset, false)
    }

    fn changed(&self, offset: u16, to: bool) -> Self {
        if self.contains(offset) == to {
            return self.clone();
        }
        if let Self::Array(offsets) = self {
            let at = offsets.partition_point(|&other| other < offset);
            if to && offsets.len() < ARRAY_MAX {
                return Self::Array(
                    offsets[..at].iter().copied().chain([offset]).chain(offsets[at..].iter().copied()).collect(),
                );
            }
            if !to {
                return match offsets.len() {
                    1 => Self::Empty,
                    _ => Self::Array(offsets[..at].iter().chain(&offsets[at + 1..]).copied().collect()),
                };
            }
        }
        let mut words = Words::EMPTY;
        self.write_to(&mut words);
        let cardinality = if to {
            words.insert(offset);
            self.cardinality() + 1
        } else {
            words.remove(offset);
            self.cardinality() - 1
        };
        // Whether ranges would be shorter is not asked for every row that comes or goes.
        if matches!(self, Self::Bits { .. }) && (ARRAY_MAX + 1..BLOCK_ROWS).contains(&(cardinality as usize)) {
            return Self::Bits { words: (&words).into(), cardinality };
        }
        Self::from_words(&words)
    }

    /// Calls `visit` with each row, ascending, until it says `false`; says whether all were visited.
    pub fn visit(&self, mut visit: impl FnMut(u16) -> bool) -> bool {
        match self {
            Self::Empty => true,
            Self::Full => (0..=u16::MAX).all(visit),
            Self::Array(offsets) => offsets.iter().copied().all(visit),
            Self::Bits { words, .. } => words.iter().all(visit),
            Self::Runs { runs, .. } => runs.iter().all(|run| (run.first..=run.last).all(&mut visit)),
        }
    }

    /// Heap bytes of the payload.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Empty | Self::Full => 0,
            Self::Array(offsets) => 2 * offsets.len() + 16,
            Self::Bits { .. } => size_of::<Words>() + 64,
            Self::Runs { runs, .. } => 4 * runs.len() + 16,
        }
    }
}

impl PartialEq for Container {
    fn eq(&self, other: &Self) -> bool {
        if self.cardinality() != other.cardinality() {
            return false;
        }
        let (mut left, mut right) = (Words::EMPTY, Words::EMPTY);
        self.or_to(&mut left);
        other.or_to(&mut right);
        left == right
    }
}

/// Keeps of `out` only the given offsets, which ascend.
fn keep_offsets(out: &mut Words, offsets: &[u16]) {
    let mut kept = Words::EMPTY;
    for &offset in offsets {
        let index = usize::from(offset >> 6);
        kept.0[index] |= out.0[index] & (1 << (offset & 63));
    }
    out.0.copy_from_slice(&kept.0);
}

/// How many runs of consecutive rows there are.
fn run_count(words: &Words) -> usize {
    let mut carry = 0;
    let mut count = 0;
    for &word in &words.0 {
        count += (word & !(word << 1 | carry)).count_ones() as usize;
        carry = word >> 63;
    }
    count
}

fn runs_of_words(words: &Words) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for offset in words.iter() {
        match runs.last_mut() {
            Some(run) if run.last.wrapping_add(1) == offset => run.last = offset,
            _ => runs.push(Run { first: offset, last: offset }),
        }
    }
    runs
}

/// The runs of ascending offsets when they are smaller than the array.
fn runs_of_sorted(offsets: &[u16]) -> Option<Vec<Run>> {
    let breaks = offsets.windows(2).filter(|pair| pair[0] + 1 != pair[1]).count();
    if breaks >= RUNS_MAX || 4 * (breaks + 1) >= 2 * offsets.len() {
        return None;
    }
    let mut runs = vec![Run { first: offsets[0], last: offsets[0] }];
    for &offset in &offsets[1..] {
        match runs.last_mut() {
            Some(run) if run.last + 1 == offset => run.last = offset,
            _ => runs.push(Run { first: offset, last: offset }),
        }
    }
    Some(runs)
}
