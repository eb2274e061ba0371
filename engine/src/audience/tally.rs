//! One block of one audience: who is in it, and the sizes of its parts there. Sizes of blocks add up to those of the whole.

use super::sources::{Part, Sources};
use crate::block::{Container, Words, and, and_not};

/// Sizes of one part.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Share {
    /// Rows of the part; of an exclusion those of the base.
    pub(super) size: u64,
    /// Rows that no earlier part of its side has.
    pub(super) fresh: u64,
    /// Rows that no other part of its side has.
    pub(super) only: u64,
}

/// Sizes of all parts of an audience, in the order of its sources.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) included: Vec<Share>,
    pub(super) excluded: Vec<Share>,
}

impl Tally {
    /// Nobody.
    pub(super) fn none(sources: &Sources) -> Self {
        let none = |parts: &[Part]| vec![Share::default(); parts.len()];
        Self { included: none(&sources.included), excluded: none(&sources.excluded) }
    }

    /// The sizes in one block, and the rows of the audience there. `before` are the audiences that were evaluated before.
    pub(super) fn of(sources: &Sources, block: u32, before: &[(Self, Container)]) -> (Self, Container) {
        let parts = sources.included.iter().map(|part| part.container(block)).collect();
        let (included, base) = side(parts);
        if base.is_empty() {
            return (Self { included, ..Self::none(sources) }, base);
        }
        let out = |part: &Part| match part.audience {
            Some(at) => before.get(at).map_or(Container::Empty, |(_, rows)| and(&base, rows)),
            None => part.out_of(&base, block),
        };
        let parts = sources.excluded.iter().map(out).collect();
        let (excluded, out) = side(parts);
        (Self { included, excluded }, and_not(&base, &out))
    }

    /// Adds the sizes of another block.
    pub(super) fn add(&mut self, other: &Self) {
        let sums = self.included.iter_mut().chain(&mut self.excluded);
        for (sum, share) in sums.zip(other.included.iter().chain(&other.excluded)) {
            sum.size += share.size;
            sum.fresh += share.fresh;
            sum.only += share.only;
        }
    }
}

impl Part {
    /// Whom it takes out of the base in a block.
    pub(super) fn out_of(&self, base: &Container, block: u32) -> Container {
        let rows = self.container(block);
        if self.is_negated { and_not(base, &rows) } else { and(base, &rows) }
    }

    /// Its rows in a block.
    pub(super) fn container(&self, block: u32) -> Container {
        let mut sets = self.sets.iter().map(|set| set.container(block));
        let first = sets.next().cloned().unwrap_or_default();
        sets.fold(first, |rows, other| and(&rows, other))
    }
}

/// The sizes of the parts of one side, and the rows in any of them. What only one part has: those in it that are in
/// exactly one.
fn side(parts: Vec<Container>) -> (Vec<Share>, Container) {
    let size = |part: &Container| u64::from(part.cardinality());
    let mut shares: Vec<Share> =
        parts.iter().map(|part| Share { size: size(part), fresh: size(part), only: size(part) }).collect();
    let mut there = parts.iter().filter(|part| !part.is_empty());
    match (there.next(), there.next()) {
        (None, _) => return (shares, Container::Empty),
        (Some(part), None) => return (shares, part.clone()),
        _ => {}
    }
    let (mut once, mut twice) = (Words::EMPTY, Words::EMPTY);
    let mut again = Words::EMPTY;
    for (part, share) in parts.iter().zip(&mut shares).filter(|(part, _)| !part.is_empty()) {
        part.write_to(&mut again);
        share.fresh -= u64::from(again.and_count(&once));
        again.and(&once);
        twice.or(&again);
        part.or_to(&mut once);
    }
    for (part, share) in parts.iter().zip(&mut shares) {
        share.only -= match part {
            Container::Empty => 0,
            Container::Full => u64::from(twice.count()),
            Container::Bits { words, .. } => u64::from(words.and_count(&twice)),
            part => {
                part.write_to(&mut again);
                u64::from(again.and_count(&twice))
            }
        };
    }
    (shares, Container::from_words(&once))
}
