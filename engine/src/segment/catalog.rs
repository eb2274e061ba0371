//! All segments of a tenant, by id and by name.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::alike::Model;
use super::ids::IdList;
use crate::catalog::{Attributes, Earlier, Status, Version, check_name};
use crate::error::{Error, Problem, Result};
use crate::id::SegmentId;
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
    /// Words to find it by, sorted.
    pub tags: Vec<String>,
    /// How far it is.
    pub status: Status,
    /// Who answers for it.
    pub owner: String,
    /// What it holds.
    pub kind: SegmentKind,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
    /// Who changed it last.
    pub by: String,
    /// 1 when it is new, one more with every change.
    pub version: u64,
    /// What it was before.
    pub earlier: Earlier<SegmentKept>,
}

/// What a version of a segment held.
#[derive(Debug, Clone, PartialEq)]
pub enum SegmentKept {
    /// A rule. Segments it refers to, by id, may be gone by now.
    Rule(Arc<Rule>),
    /// People.
    Ids(IdList),
    /// A model of whom another segment consists of.
    Lookalike(Arc<Model>),
}

impl SegmentKept {
    /// Whether nothing needs to be stored twice.
    pub fn is_shared_with(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Rule(left), Self::Rule(right)) => Arc::ptr_eq(left, right),
            (Self::Ids(left), Self::Ids(right)) => left.is_shared_with(right),
            (Self::Lookalike(left), Self::Lookalike(right)) => Arc::ptr_eq(left, right),
            _ => false,
        }
    }
}

impl Segment {
    /// A segment that is new.
    pub fn new(id: SegmentId, attributes: Attributes, kind: SegmentKind, by: String, now: Timestamp) -> Self {
        let Attributes { name, description, tags, status, owner, campaign: _ } = attributes;
        let (created, updated, version, earlier) = (now, now, 1, Earlier::default());
        Self { id, name, description, tags, status, owner, kind, created, updated, by, version, earlier }
    }

    /// This segment in the place of what it was before.
    #[must_use]
    pub fn after(self, before: &Self) -> Self {
        let earlier = before.earlier.and(before.as_version());
        Self { created: before.created, version: before.version + 1, earlier, ..self }
    }

    /// Everything about it but what it holds.
    pub fn attributes(&self) -> Attributes {
        Attributes {
            name: self.name.clone(),
            description: self.description.clone(),
            tags: self.tags.clone(),
            status: self.status,
            owner: self.owner.clone(),
            campaign: None,
        }
    }

    /// What it is now, as a version.
    pub fn as_version(&self) -> Version<SegmentKept> {
        Version {
            number: self.version,
            saved: self.updated,
            by: self.by.clone(),
            attributes: self.attributes(),
            content: self.kind.kept(),
        }
    }

    /// Bytes of the lists of ids that its versions hold, those counted once that they share.
    pub fn bytes(&self) -> usize {
        let (mut bytes, mut last) = (0, None);
        for kept in std::iter::once(&self.kind.kept()).chain(self.earlier.iter().rev().map(|version| &version.content))
        {
            match kept {
                SegmentKept::Ids(list) if !last.is_some_and(|last| kept.is_shared_with(last)) => bytes += list.bytes(),
                _ => {}
            }
            last = Some(kept);
        }
        bytes
    }

    /// A version that is kept, the current one among them.
    ///
    /// # Errors
    /// `NotFound` when there never was one of this number, or it is kept no longer.
    pub fn version(&self, number: u64) -> Result<Version<SegmentKept>> {
        let found = if number == self.version { Some(self.as_version()) } else { self.earlier.get(number).cloned() };
        found.ok_or_else(|| Error::NotFound(format!("segment {} has no version {number}, or no longer", self.id)))
    }
}

/// A rule, a list or a model.
#[derive(Debug, Clone)]
pub enum SegmentKind {
    /// Whoever the rule selects at the moment of asking.
    Dynamic {
        /// As it was written; segments are referred to by id.
        rule: Arc<Rule>,
        /// The same, ready to be planned.
        checked: Arc<CheckedRule>,
    },
    /// These people.
    Static(IdList),
    /// Whoever is like the people of another segment at the moment of asking.
    Lookalike {
        /// As it was trained.
        model: Arc<Model>,
        /// The same, ready to be planned.
        checked: Arc<CheckedRule>,
    },
}

impl SegmentKind {
    /// `dynamic`, `static` or `lookalike`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Dynamic { .. } => "dynamic",
            Self::Static(_) => "static",
            Self::Lookalike { .. } => "lookalike",
        }
    }

    /// The same as a version keeps it.
    pub fn kept(&self) -> SegmentKept {
        match self {
            Self::Dynamic { rule, .. } => SegmentKept::Rule(rule.clone()),
            Self::Static(ids) => SegmentKept::Ids(ids.clone()),
            Self::Lookalike { model, .. } => SegmentKept::Lookalike(model.clone()),
        }
    }

    /// What is evaluated to know who is in; none of a list.
    pub fn checked(&self) -> Option<&Arc<CheckedRule>> {
        match self {
            Self::Dynamic { checked, .. } | Self::Lookalike { checked, .. } => Some(checked),
            Self::Static(_) => None,
        }
    }

    /// The segments that it refers to: those of its rule, or the source of its model.
    pub fn references(&self) -> Vec<SegmentId> {
        self.checked().map(|checked| checked.segments()).unwrap_or_default()
    }
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

    /// The segments whose rules or models refer to a segment.
    pub fn referrers(&self, id: SegmentId) -> impl Iterator<Item = &Arc<Segment>> {
        self.iter().filter(move |segment| segment.kind.references().contains(&id))
    }

    /// Changes a segment where it stands, such as when it is read back; not its name.
    ///
    /// # Errors
    /// `NotFound` when there is no such segment.
    pub fn change(&mut self, id: SegmentId, change: impl FnOnce(&mut Segment)) -> Result<()> {
        let segment = self.segments.get_mut(&id);
        let segment = segment.ok_or_else(|| Error::NotFound(format!("there is no segment {id}")))?;
        change(Arc::make_mut(segment));
        Ok(())
    }

    /// Gives the tests of saved rules, those of earlier versions too, that name something by one of `names` another name
    /// for the same.
    pub fn rename_tests(&mut self, names: &HashSet<Arc<str>>, name: &str) {
        let is_renamed = |test: &Test| names.contains(&*normalize(&test.field));
        let renamed = |test: &Test| is_renamed(test).then(|| name.to_owned());
        for segment in self.segments.values_mut() {
            rewrite(segment, |kept| match kept {
                SegmentKept::Rule(rule) if rule.tests().any(is_renamed) => {
                    Some(SegmentKept::Rule(Arc::new(rule.with_fields(&renamed))))
                }
                SegmentKept::Rule(_) | SegmentKept::Ids(_) | SegmentKept::Lookalike(_) => None,
            });
        }
    }

    /// Rewrites every list of ids, those of earlier versions too; says in how many segments one changed.
    pub fn change_lists(&mut self, mut change: impl FnMut(&mut IdList) -> bool) -> u64 {
        let mut changed = 0;
        for segment in self.segments.values_mut() {
            let has_changed = rewrite(segment, |kept| match kept {
                SegmentKept::Ids(list) => {
                    let mut list = list.clone();
                    change(&mut list).then_some(SegmentKept::Ids(list))
                }
                SegmentKept::Rule(_) | SegmentKept::Lookalike(_) => None,
            });
            changed += u64::from(has_changed);
        }
        changed
    }
}

/// Rewrites what a segment holds and held; `change` says what becomes of it, or that it stays. What versions share they go
/// on sharing: it is changed once.
fn rewrite(segment: &mut Arc<Segment>, mut change: impl FnMut(&SegmentKept) -> Option<SegmentKept>) -> bool {
    let mut last: Option<(SegmentKept, Option<SegmentKept>)> = None;
    let mut rewritten = |kept: &SegmentKept| {
        if let Some((_, after)) = last.as_ref().filter(|(before, _)| before.is_shared_with(kept)) {
            return after.clone();
        }
        let after = change(kept);
        last = Some((kept.clone(), after.clone()));
        after
    };
    let current = rewritten(&segment.kind.kept());
    let mut earlier = segment.earlier.clone();
    let has_changed = earlier.rewrite(rewritten) || current.is_some();
    if has_changed {
        let segment = Arc::make_mut(segment);
        segment.earlier = earlier;
        match (&mut segment.kind, current) {
            (SegmentKind::Dynamic { rule, .. }, Some(SegmentKept::Rule(after))) => *rule = after,
            (SegmentKind::Static(list), Some(SegmentKept::Ids(after))) => *list = after,
            _ => {}
        }
    }
    has_changed
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
