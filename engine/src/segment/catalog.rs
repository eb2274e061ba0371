//! All segments of a tenant, by id and by name.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::ids::IdList;
use crate::error::{Error, Problem, Result};
use crate::id::SegmentId;
use crate::limits::NAME_BYTES_MAX;
use crate::rule::{CheckedRule, Rule, SegmentNames, Test, nearest};
use crate::schema::normalize;
use crate::time::Timestamp;

/// A saved segment.
#[derive(Debug, Clone)]
pub struct Segment {
    /// Stable.
    pub id: SegmentId,
    /// Unique among the tenant's segments, in NFC.
    pub name: String,
    /// What it is for, in somebody's words.
    pub description: String,
    /// What it holds.
    pub kind: SegmentKind,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
}

/// A rule or a list.
#[derive(Debug, Clone)]
pub enum SegmentKind {
    /// Whoever the rule selects at the moment of asking.
    Dynamic {
        /// As it was written; segments are referred to by id.
        rule: Rule,
        /// The same, ready to be planned.
        checked: CheckedRule,
    },
    /// These people.
    Static(IdList),
}

/// Segments by id and by name. A clone copies pointers.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    segments: BTreeMap<SegmentId, Arc<Segment>>,
    names: HashMap<String, SegmentId>,
    last_id: u64,
}

impl Catalog {
    /// All segments, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Segment>> {
        self.segments.values()
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.segments.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }

    /// The id the next segment gets.
    pub fn next_id(&self) -> SegmentId {
        SegmentId(self.last_id + 1)
    }

    /// Gives later segments ids above one that is taken, or was.
    pub fn continue_after(&mut self, id: SegmentId) {
        self.last_id = self.last_id.max(id.0);
    }

    /// A segment by its id.
    pub fn get(&self, id: SegmentId) -> Result<&Arc<Segment>> {
        self.segments.get(&id).ok_or_else(|| Error::NotFound(format!("there is no segment {id}")))
    }

    /// Puts a segment in, or in the place of the one with its id.
    ///
    /// # Errors
    /// `Invalid` for a bad name, `Conflict` for a name that another segment has.
    pub fn put(&mut self, mut segment: Segment) -> Result<()> {
        segment.name = check_name(&segment.name)?;
        if let Some(other) = self.names.get(&segment.name).filter(|other| **other != segment.id) {
            return Err(Error::Conflict(Problem::new(
                "/name",
                "name_taken",
                format!("segment {other} is named \"{}\" already", segment.name),
            )));
        }
        if let Some(before) = self.segments.get(&segment.id) {
            self.names.remove(&before.name);
        }
        self.last_id = self.last_id.max(segment.id.0);
        self.names.insert(segment.name.clone(), segment.id);
        self.segments.insert(segment.id, Arc::new(segment));
        Ok(())
    }

    /// Takes a segment out. Whoever refers to it is the caller's business ([`Self::referrers`]).
    pub fn remove(&mut self, id: SegmentId) {
        if let Some(segment) = self.segments.remove(&id) {
            self.names.remove(&segment.name);
        }
    }

    /// The segments whose rules refer to a segment.
    pub fn referrers(&self, id: SegmentId) -> impl Iterator<Item = &Arc<Segment>> {
        self.iter().filter(move |segment| references(segment).contains(&id))
    }

    /// Gives the tests of saved rules that name something by one of `names` another name for the same.
    pub fn rename_tests(&mut self, names: &HashSet<Arc<str>>, name: &str) {
        for segment in self.segments.values_mut() {
            if let SegmentKind::Dynamic { rule, .. } = &segment.kind
                && rule.tests().any(|test| names.contains(&*normalize(&test.field)))
                && let SegmentKind::Dynamic { rule, .. } = &mut Arc::make_mut(segment).kind
            {
                let renamed = |test: &Test| names.contains(&*normalize(&test.field)).then(|| name.to_owned());
                *rule = rule.with_fields(&renamed);
            }
        }
    }

    /// Rewrites every list of ids.
    pub fn change_lists(&mut self, mut change: impl FnMut(&mut IdList) -> bool) -> u64 {
        let mut changed = 0;
        for segment in self.segments.values_mut() {
            if let SegmentKind::Static(list) = &segment.kind {
                let mut list = list.clone();
                if change(&mut list) {
                    Arc::make_mut(segment).kind = SegmentKind::Static(list);
                    changed += 1;
                }
            }
        }
        changed
    }
}

impl SegmentNames for Catalog {
    fn find(&self, name: &str) -> Option<SegmentId> {
        let by_name = self.names.get(normalize(name).as_ref()).copied();
        by_name.or_else(|| {
            let id = SegmentId(name.parse().ok()?);
            self.segments.contains_key(&id).then_some(id)
        })
    }

    fn by_id(&self, id: SegmentId) -> bool {
        self.segments.contains_key(&id)
    }

    fn nearest(&self, name: &str) -> Vec<String> {
        nearest(name, self.names.keys().map(String::as_str))
    }
}

/// The segments that a segment's rule refers to.
pub(super) fn references(segment: &Segment) -> Vec<SegmentId> {
    match &segment.kind {
        SegmentKind::Dynamic { checked, .. } => checked.segments(),
        SegmentKind::Static(_) => Vec::new(),
    }
}

/// A usable name in NFC.
pub(crate) fn check_name(name: &str) -> Result<String> {
    let name = normalize(name.trim()).into_owned();
    if name.is_empty() {
        return Err(Error::invalid("/name", "missing_name", "give it a name"));
    }
    if name.len() > NAME_BYTES_MAX {
        let message = format!("a name has at most {NAME_BYTES_MAX} bytes, this one has {}", name.len());
        return Err(Error::invalid("/name", "name_too_long", message));
    }
    if name.chars().any(char::is_control) {
        return Err(Error::invalid("/name", "bad_name", "a name holds no control characters"));
    }
    Ok(name)
}
