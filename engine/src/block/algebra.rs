//! Two containers in, one container or a count out.
//!
//! For stored sets and audiences; a rule's evaluation works on [`Words`] and never comes here.

use super::container::Container;
use super::words::Words;

/// The rows in both.
pub fn and(left: &Container, right: &Container) -> Container {
    match (left, right) {
        (Container::Empty, _) | (_, Container::Empty) => Container::Empty,
        (Container::Full, other) | (other, Container::Full) => other.clone(),
        (Container::Array(offsets), other) | (other, Container::Array(offsets)) => {
            filter(offsets, |offset| other.contains(offset))
        }
        _ => {
            let mut words = Words::EMPTY;
            left.or_to(&mut words);
            right.and_to(&mut words);
            Container::from_words(&words)
        }
    }
}

/// The rows in either.
pub fn or(left: &Container, right: &Container) -> Container {
    match (left, right) {
        (Container::Empty, other) | (other, Container::Empty) => other.clone(),
        (Container::Full, _) | (_, Container::Full) => Container::Full,
        _ => {
            let mut words = Words::EMPTY;
            left.or_to(&mut words);
            right.or_to(&mut words);
            Container::from_words(&words)
        }
    }
}

/// The rows of `left` that are not in `right`.
pub fn and_not(left: &Container, right: &Container) -> Container {
    match (left, right) {
        (Container::Empty, _) | (_, Container::Full) => Container::Empty,
        (_, Container::Empty) => left.clone(),
        (Container::Array(offsets), _) => filter(offsets, |offset| !right.contains(offset)),
        _ => {
            let mut words = Words::EMPTY;
            left.or_to(&mut words);
            right.and_not_to(&mut words);
            Container::from_words(&words)
        }
    }
}

/// How many rows are in both.
pub fn and_count(left: &Container, right: &Container) -> u32 {
    match (left, right) {
        (Container::Empty, _) | (_, Container::Empty) => 0,
        (Container::Full, other) | (other, Container::Full) => other.cardinality(),
        (Container::Array(offsets), other) | (other, Container::Array(offsets)) => {
            offsets.iter().filter(|&&offset| other.contains(offset)).count() as u32
        }
        (Container::Bits { words: left, .. }, Container::Bits { words: right, .. }) => left.and_count(right),
        _ => and(left, right).cardinality(),
    }
}

fn filter(offsets: &[u16], keep: impl Fn(u16) -> bool) -> Container {
    let kept: Vec<u16> = offsets.iter().copied().filter(|&offset| keep(offset)).collect();
    Container::from_sorted(&kept)
}
