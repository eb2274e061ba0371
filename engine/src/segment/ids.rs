//! A list of external ids: those that are profiles as rows, the others kept by name until somebody has them.
//!
//! For static segments and for imported lists. A person who arrives later is in every list that names them; a person
//! who is erased leaves no trace in any.

use std::collections::HashSet;
use std::sync::Arc;

use crate::block::Set;
use crate::table::View;

/// Ids as they were given, accounted for: `entries = distinct + duplicates`, `distinct = known + unknown`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct IdCounts {
    /// Ids given, blank ones not counted.
    pub entries: u64,
    /// Entries that repeat an earlier one.
    pub duplicates: u64,
    /// Different ids.
    pub distinct: u64,
    /// Of those, ids of profiles.
    pub known: u64,
    /// Of those, ids that no profile has.
    pub unknown: u64,
    /// Of the unknown, those that are not all digits though every profile's id is.
    pub of_unknown_malformed: u64,
}

/// What became of ids that were to be put in or taken out: `entries = duplicates + changed + unchanged`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct IdChanges {
    /// Ids given.
    pub entries: u64,
    /// Entries that repeat an earlier one.
    pub duplicates: u64,
    /// Put in, or taken out.
    pub changed: u64,
    /// In already, or not in to begin with.
    pub unchanged: u64,
}

/// What a change of members did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MemberChanges {
    /// Of the ids to put in.
    pub add: IdChanges,
    /// Of those put in, ids that no profile has yet.
    pub unknown: u64,
    /// Of the ids to take out.
    pub remove: IdChanges,
}

/// A list of ids. A clone shares everything.
#[derive(Debug, Clone, Default)]
pub struct IdList {
    /// Rows of the ids that are profiles.
    pub rows: Arc<Set>,
    unknown: Arc<HashSet<Box<str>>>,
    entries: u64,
    duplicates: u64,
}

/// Equal are lists of the same people, however their rows lie in memory.
impl PartialEq for IdList {
    fn eq(&self, other: &Self) -> bool {
        let counts = |list: &Self| (list.rows.len(), list.unknown.len(), list.entries, list.duplicates);
        let is_rest_same = || self.rows.and_count(&other.rows) == self.rows.len() && self.unknown == other.unknown;
        self.is_shared_with(other) || (counts(self) == counts(other) && is_rest_same())
    }
}

impl IdChanges {
    /// Counts an entry: whether it changed something, or nothing for one that came before.
    fn count(&mut self, changed: Option<bool>) {
        self.entries += 1;
        match changed {
            None => self.duplicates += 1,
            Some(true) => self.changed += 1,
            Some(false) => self.unchanged += 1,
        }
    }
}

impl IdList {
    /// From ids as given, blank ones left out.
    pub fn new<T: AsRef<str>>(ids: &[T], view: &View) -> Self {
        let mut rows = Vec::new();
        let mut unknown: HashSet<Box<str>> = HashSet::new();
        let mut repeated = 0;
        for id in ids {
            match view.row(id.as_ref()) {
                Some(row) => rows.push(row.0),
                None => repeated += u64::from(!unknown.insert(id.as_ref().into())),
            }
        }
        let known = rows.len() as u64;
        let rows = Set::from_rows(rows);
        let duplicates = repeated + known - rows.len();
        Self { rows: Arc::new(rows), unknown: Arc::new(unknown), entries: ids.len() as u64, duplicates }
    }

    /// These rows, each once.
    pub fn of_rows(rows: Set) -> Self {
        let entries = rows.len();
        Self { rows: Arc::new(rows), entries, ..Self::default() }
    }

    /// Whether two lists are one in memory.
    pub fn is_shared_with(&self, other: &Self) -> bool {
        let is_one = Arc::ptr_eq(&self.rows, &other.rows) && Arc::ptr_eq(&self.unknown, &other.unknown);
        is_one && (self.entries, self.duplicates) == (other.entries, other.duplicates)
    }

    /// How many ids a later list has that this one has not, and how many it has no longer; with a profile or without.
    pub fn difference_to(&self, later: &Self) -> (u64, u64) {
        let both = self.rows.and_count(&later.rows) + self.unknown.intersection(&later.unknown).count() as u64;
        let distinct = |list: &Self| list.rows.len() + list.unknown.len() as u64;
        (distinct(later) - both, distinct(self) - both)
    }

    /// Puts ids in and takes others out. Those that are in already, or not in, change nothing.
    pub fn edit(&mut self, add: &[String], remove: &[String], view: &View) -> MemberChanges {
        let mut done = MemberChanges::default();
        let mut seen = HashSet::new();
        for id in add {
            let changed = seen.insert(id.as_str()).then(|| self.put(id, view));
            done.unknown += u64::from(changed == Some(true) && view.row(id).is_none());
            done.add.count(changed);
        }
        seen.clear();
        for id in remove {
            let changed = seen.insert(id.as_str()).then(|| self.take(id, view));
            done.remove.count(changed);
        }
        self.entries = self.entries + done.add.changed - done.remove.changed;
        done
    }

    fn put(&mut self, id: &str, view: &View) -> bool {
        match view.row(id) {
            Some(row) => !self.rows.contains(row.0) && Arc::make_mut(&mut self.rows).insert(row.0),
            None => !self.unknown.contains(id) && Arc::make_mut(&mut self.unknown).insert(id.into()),
        }
    }

    fn take(&mut self, id: &str, view: &View) -> bool {
        match view.row(id) {
            Some(row) => self.rows.contains(row.0) && Arc::make_mut(&mut self.rows).remove(row.0),
            None => self.unknown.contains(id) && Arc::make_mut(&mut self.unknown).remove(id),
        }
    }

    /// A list as it was: the parts that it was asked for.
    pub fn restored(rows: Set, unknown: Vec<String>, entries: u64, duplicates: u64) -> Self {
        let unknown = unknown.into_iter().map(String::into_boxed_str).collect();
        Self { rows: Arc::new(rows), unknown: Arc::new(unknown), entries, duplicates }
    }

    /// Ids that no profile has, in no order.
    pub fn unknown(&self) -> impl Iterator<Item = &str> {
        self.unknown.iter().map(|id| &**id)
    }

    /// Bytes of the rows, and of the ids that no profile has.
    pub fn bytes(&self) -> usize {
        self.rows.bytes() + self.unknown.iter().map(|id| id.len() + size_of::<Box<str>>()).sum::<usize>()
    }

    /// Ids given, blank ones not counted.
    pub fn entries(&self) -> u64 {
        self.entries
    }

    /// Entries that repeated an earlier one.
    pub fn duplicates(&self) -> u64 {
        self.duplicates
    }

    /// The counts at this view.
    pub fn counts(&self, view: &View) -> IdCounts {
        let (known, unknown) = (self.rows.len(), self.unknown.len() as u64);
        let digits = |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
        let malformed =
            if view.has_numeric_ids() { self.unknown.iter().filter(|id| !digits(id)).count() as u64 } else { 0 };
        IdCounts {
            entries: self.entries,
            duplicates: self.duplicates,
            distinct: known + unknown,
            known,
            unknown,
            of_unknown_malformed: malformed,
        }
    }

    /// Whether the list names this id, which no profile has.
    pub fn waits_for(&self, id: &str) -> bool {
        self.unknown.contains(id)
    }

    /// Whether some id waits for its profile.
    pub fn has_unknown(&self) -> bool {
        !self.unknown.is_empty()
    }

    /// The same list after profiles were added: `rows` are the new ones.
    #[must_use]
    pub fn with_arrivals(&self, view: &View, rows: &Set) -> Self {
        let mut list = self.clone();
        // Whichever is the shorter: the names that wait, or the people who came.
        let arrived: Vec<u32> = if (self.unknown.len() as u64) < rows.len() {
            self.unknown.iter().filter_map(|id| view.row(id)).map(|row| row.0).collect()
        } else {
            rows.rows().filter(|row| self.unknown.contains(view.id(crate::id::Row(*row)))).collect()
        };
        for row in arrived {
            Arc::make_mut(&mut list.unknown).remove(view.id(crate::id::Row(row)));
            Arc::make_mut(&mut list.rows).insert(row);
        }
        list
    }

    /// The same list after a profile was erased; says whether the list named it.
    pub fn forget(&mut self, row: u32, id: &str) -> bool {
        let was_row = self.rows.contains(row) && Arc::make_mut(&mut self.rows).remove(row);
        let was_name = self.unknown.contains(id) && Arc::make_mut(&mut self.unknown).remove(id);
        let named = was_row || was_name;
        self.entries -= u64::from(named);
        named
    }
}
