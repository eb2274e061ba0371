//! What people said about being contacted for a purpose: granted or withdrawn, where they said it, and when.
//!
//! Everything that was said is kept, in whole seconds; the newest counts, and of both in one second the withdrawal. Who
//! grants and who has withdrawn at present are two sets beside it, which follow what comes; only where something older
//! than what is there comes late, all of it is weighed again, once for all that come together.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::occurrences::Occurrences;
use crate::block::Set;

/// What somebody says. A withdrawal counts as later than a grant of the same second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConsentState {
    /// They may be contacted.
    Granted,
    /// They may not, or no longer.
    Withdrawn,
}

/// Something that one person said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Said<'c> {
    /// In which second.
    pub second: i64,
    /// What.
    pub state: ConsentState,
    /// Where: a form, a call, a file.
    pub source: &'c str,
}

/// What all people said about one purpose. A clone copies pointers.
#[derive(Debug, Clone, Default)]
pub struct ConsentRecord {
    said: BTreeMap<(Arc<str>, ConsentState), Occurrences>,
    granted: Set,
    withdrawn: Set,
    /// The newest second of all.
    latest: Option<i64>,
    /// Whether something came late since all was weighed.
    is_late: bool,
}

impl ConsentState {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Granted, Self::Withdrawn];

    /// Its word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The one with this word.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

impl ConsentRecord {
    /// As it was kept.
    pub fn restored(said: impl IntoIterator<Item = ((Arc<str>, ConsentState), Occurrences)>) -> Self {
        let mut record = Self { said: said.into_iter().collect(), ..Self::default() };
        record.latest = record.said.values().filter_map(Occurrences::latest).max();
        record.weigh();
        record
    }

    /// All that was said, by source.
    pub fn all(&self) -> impl ExactSizeIterator<Item = (&str, ConsentState, &Occurrences)> {
        self.said.iter().map(|((source, state), said)| (&**source, *state, said))
    }

    /// How many sources there are.
    pub fn sources(&self) -> usize {
        let mut sources: Vec<&str> = self.all().map(|(source, _, _)| source).collect();
        sources.dedup();
        sources.len()
    }

    /// Whether something came from a source.
    pub fn knows(&self, source: &str) -> bool {
        self.all().any(|(known, _, _)| known == source)
    }

    /// Who grants at present.
    pub fn granted(&self) -> &Set {
        &self.granted
    }

    /// Who has withdrawn.
    pub fn withdrawn(&self) -> &Set {
        &self.withdrawn
    }

    /// What one person said, the newest first.
    pub fn of(&self, row: u32) -> Vec<Said<'_>> {
        let mut found = Vec::new();
        for (source, state, said) in self.all() {
            found.extend(said.of(row).into_iter().map(|second| Said { second, state, source }));
        }
        found.sort_unstable_by(|one, other| other.cmp(one));
        found
    }

    /// Notes that rows said something, by the second in which they did; says how many had not said it in that second
    /// there. Who grants is known again after [`Self::settle`].
    pub fn record(&mut self, source: &str, state: ConsentState, said: &BTreeMap<i64, Set>) -> u64 {
        let (Some((first, rows)), Some((last, _))) = (said.first_key_value(), said.last_key_value()) else { return 0 };
        self.is_late |= first < last || self.latest > Some(*first);
        self.latest = self.latest.max(Some(*last));
        let own = self.said.entry((source.into(), state)).or_default();
        let noted = own.add_each(said.iter().map(|(second, rows)| (*second, rows)));
        match state {
            _ if self.is_late => {}
            ConsentState::Withdrawn => self.decide(state, rows),
            ConsentState::Granted => {
                let at_once = self.said.iter().filter(|((_, state), _)| *state == ConsentState::Withdrawn);
                let against = at_once.fold(Set::default(), |all, (_, said)| all.or(&said.at(*first)));
                self.decide(state, &rows.and_not(&against));
            }
        }
        noted
    }

    /// Weighs everything where something came late, or of several seconds.
    pub fn settle(&mut self) {
        if std::mem::take(&mut self.is_late) {
            self.weigh();
        }
    }

    /// These rows say this now.
    fn decide(&mut self, state: ConsentState, rows: &Set) {
        let (to, from) = match state {
            ConsentState::Granted => (&mut self.granted, &mut self.withdrawn),
            ConsentState::Withdrawn => (&mut self.withdrawn, &mut self.granted),
        };
        (*to, *from) = (to.or(rows), from.and_not(rows));
    }

    /// Finds both sets anew, from everything that was said in the order of its time.
    fn weigh(&mut self) {
        let said = self.said.clone();
        (self.granted, self.withdrawn) = (Set::default(), Set::default());
        let (mut sets, mut single) = (Vec::new(), Vec::new());
        for ((_, state), said) in &said {
            sets.extend(said.sets().map(|(second, rows)| (second, *state, rows)));
            single.extend(said.single().map(|(second, row)| (second, *state, row)));
        }
        sets.sort_unstable_by_key(|(second, state, _)| (*second, *state));
        single.sort_unstable();
        let mut rest = &single[..];
        for (second, state, rows) in sets {
            let (before, after) = rest.split_at(rest.partition_point(|one| (one.0, one.1) < (second, state)));
            self.decide_single(before);
            self.decide(state, rows);
            rest = after;
        }
        self.decide_single(rest);
    }

    /// The same for single rows, in the order of their time.
    fn decide_single(&mut self, single: &[(i64, ConsentState, u32)]) {
        let last: BTreeMap<u32, ConsentState> = single.iter().map(|(_, state, row)| (*row, *state)).collect();
        for state in ConsentState::ALL {
            let rows = last.iter().filter(|(_, said)| **said == state).map(|(row, _)| *row);
            self.decide(state, &Set::from_rows(rows.collect()));
        }
    }

    /// Forgets a row, and sources that nobody else named; says whether it had said anything.
    pub fn forget(&mut self, row: u32) -> bool {
        let mut had = false;
        self.said.retain(|_, said| {
            had |= said.forget(row);
            !said.is_empty()
        });
        self.granted.remove(row);
        self.withdrawn.remove(row);
        had
    }

    /// Bytes of all of it.
    pub fn bytes(&self) -> usize {
        let said = self.said.iter().map(|((source, _), said)| source.len() + said.bytes());
        said.sum::<usize>() + self.granted.bytes() + self.withdrawn.bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ConsentState::{Granted, Withdrawn};

    fn rows(rows: &[u32]) -> Set {
        Set::from_rows(rows.to_vec())
    }

    fn in_second(second: i64, rows: &Set) -> BTreeMap<i64, Set> {
        [(second, rows.clone())].into()
    }

    #[test]
    fn the_newest_counts_and_of_one_second_the_withdrawal() {
        let mut record = ConsentRecord::default();
        assert_eq!(record.record("form", Granted, &in_second(10, &rows(&[1, 2, 3]))), 3);
        assert_eq!(record.record("form", Granted, &in_second(10, &rows(&[1]))), 0, "once more is nothing");
        assert_eq!(record.record("call", Withdrawn, &in_second(10, &rows(&[2]))), 1);
        assert_eq!(record.record("shop", Granted, &in_second(10, &rows(&[2]))), 1);
        assert_eq!((record.granted(), record.withdrawn()), (&rows(&[1, 3]), &rows(&[2])));
        // Late news of long ago changes nothing but the history, unless nothing newer is known.
        assert_eq!(record.record("file", Withdrawn, &in_second(5, &rows(&[1, 4]))), 2);
        record.settle();
        assert_eq!((record.granted(), record.withdrawn()), (&rows(&[1, 3]), &rows(&[2, 4])));
        record.record("form", Granted, &in_second(11, &rows(&[2, 4])));
        assert_eq!((record.granted(), record.withdrawn()), (&rows(&[1, 2, 3, 4]), &rows(&[])));
        let of_two: Vec<(i64, ConsentState, &str)> =
            record.of(2).into_iter().map(|said| (said.second, said.state, said.source)).collect();
        let wanted = vec![(11, Granted, "form"), (10, Withdrawn, "call"), (10, Granted, "shop"), (10, Granted, "form")];
        assert_eq!(of_two, wanted);
        assert_eq!(record.sources(), 4);
        assert!(record.forget(1) && !record.forget(1) && record.forget(4));
        assert!(!record.knows("file"), "nobody who is left has named it");
        assert_eq!(record.granted(), &rows(&[2, 3]));
    }

    #[test]
    fn many_and_few_are_weighed_together() {
        let (everybody, few) = (Set::first_rows(70_000), rows(&[7, 69_999]));
        let mut record = ConsentRecord::default();
        record.record("file", Granted, &in_second(100, &everybody));
        record.record("call", Withdrawn, &in_second(150, &few));
        record.record("file", Granted, &in_second(200, &everybody));
        record.record("call", Withdrawn, &in_second(250, &rows(&[7])));
        record.record("call", Granted, &in_second(50, &few));
        record.settle();
        assert_eq!((record.granted().len(), record.withdrawn()), (69_999, &rows(&[7])));
        let said = record.said.clone();
        let again = ConsentRecord::restored(said);
        assert_eq!((again.granted(), again.withdrawn()), (record.granted(), record.withdrawn()));
    }
}
