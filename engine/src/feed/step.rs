//! What happened between two moments, ready to be kept: who entered and who left which segments.

use std::collections::BTreeMap;

use crate::id::{Row, SegmentId};
use crate::limits::FEED_ENTRIES_MAX;
use crate::time::Timestamp;

/// Why somebody is in a segment, or no longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// Time has passed.
    Time,
    /// A profile was written.
    Write,
    /// The segment, or one that it refers to, means something else now.
    Definition,
    /// The person was erased.
    Erase,
}

/// Somebody entered or left a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// Which segment.
    pub segment: SegmentId,
    /// When: of `Time` the exact instant, else when it was noticed.
    pub at: Timestamp,
    /// Who.
    pub row: Row,
    /// The external id of somebody who was erased: nobody else knows it any more, and copies elsewhere are to be erased.
    pub id: Option<Box<str>>,
    /// Whether they entered.
    pub entered: bool,
    /// Why.
    pub cause: Cause,
}

/// So many entered and left a segment that they are not listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bulk {
    /// Which segment.
    pub segment: SegmentId,
    /// Profiles that entered.
    pub entered: u64,
    /// Profiles that left.
    pub left: u64,
}

/// How many profiles there are, and how many came and went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Population {
    /// Profiles at the end.
    pub count: u64,
    /// Profiles that came.
    pub came: u64,
    /// Profiles that were erased.
    pub went: u64,
}

/// What happened between two moments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The data version at its end.
    pub version: u64,
    /// The instant at its end.
    pub now: Timestamp,
    /// Segments that are gone.
    pub ended: Vec<SegmentId>,
    /// Segments that are followed from now on, or anew, with their sizes.
    pub begun: Vec<(SegmentId, u64)>,
    /// In order of time.
    pub moves: Vec<Move>,
    /// Segments with too many moves to list.
    pub bulk: Vec<Bulk>,
    /// All profiles, where some came or went or they are counted for the first time.
    pub population: Option<Population>,
}

impl Step {
    /// Whether nothing happened but that data version and instant are others.
    pub fn is_quiet(&self) -> bool {
        let has_moves = !self.moves.is_empty() || !self.bulk.is_empty();
        self.ended.is_empty() && self.begun.is_empty() && !has_moves && self.population.is_none()
    }
}

/// Moves as they are found, no more of each segment than are listed.
#[derive(Debug, Default)]
pub(super) struct Found {
    by_segment: BTreeMap<SegmentId, Moves>,
}

#[derive(Debug, Default)]
struct Moves {
    listed: Vec<Move>,
    entered: u64,
    left: u64,
}

impl Found {
    /// Notes a move.
    pub(super) fn add(&mut self, found: Move) {
        let moves = self.by_segment.entry(found.segment).or_default();
        *if found.entered { &mut moves.entered } else { &mut moves.left } += 1;
        if moves.listed.len() < FEED_ENTRIES_MAX {
            moves.listed.push(found);
        }
    }

    /// Notes so many moves that they are not listed.
    pub(super) fn add_many(&mut self, segment: SegmentId, count: u64, entered: bool) {
        let moves = self.by_segment.entry(segment).or_default();
        *if entered { &mut moves.entered } else { &mut moves.left } += count;
    }

    /// Lists what can be listed, in order of time.
    pub(super) fn finish(self) -> (Vec<Move>, Vec<Bulk>) {
        let (mut all, mut bulk) = (Vec::new(), Vec::new());
        for (segment, Moves { listed, entered, left }) in self.by_segment {
            if entered + left > FEED_ENTRIES_MAX as u64 {
                bulk.push(Bulk { segment, entered, left });
            } else {
                all.extend(listed);
            }
        }
        // Stable: of one instant they stay in the order in which they were found.
        all.sort_by_key(|found| found.at);
        (all, bulk)
    }
}
