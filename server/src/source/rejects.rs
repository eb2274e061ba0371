//! The rows that did not fit, with every reason of each, up to a bound.

use muster_engine::error::{Problem, pointer_to};

use crate::limits::REJECTED_LISTED_MAX;

/// A row that was kept back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectedRow {
    /// Number of the data row, from 1; headers and blank lines do not count.
    pub row: u64,
    /// Everything wrong with it, in reading order; pointers are `/column_name`.
    pub errors: Vec<Problem>,
}

/// Rejected rows in file order: the first [`REJECTED_LISTED_MAX`] in full, all of them counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rejects {
    /// The first rejected rows.
    pub listed: Vec<RejectedRow>,
    /// How many there are in all.
    pub total: u64,
}

impl Rejects {
    /// One more rejected row.
    pub(super) fn push(&mut self, row: u64, errors: Vec<Problem>) {
        self.total += 1;
        if self.listed.len() < REJECTED_LISTED_MAX {
            self.listed.push(RejectedRow { row, errors });
        }
    }

    /// The rows of a later part of the file, numbered from 1, which stand `after` that many rows.
    pub(super) fn append(&mut self, later: Self, after: u64) {
        self.total += later.total;
        let room = REJECTED_LISTED_MAX - self.listed.len();
        self.listed.extend(later.listed.into_iter().take(room).map(|mut rejected| {
            rejected.row += after;
            rejected
        }));
    }
}

/// JSON pointer to the column `name`.
pub(super) fn pointer(name: &str) -> String {
    pointer_to("", name)
}
