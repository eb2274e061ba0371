//! What definitions lead to, as it was: the rules and rows of segments, and the rows of lists.
//!
//! Ids that had no profile are left out: they changed nothing then, and whoever has one later was not meant. So nothing
//! here names anybody but rules that do so themselves.

use std::collections::BTreeSet;
use std::sync::Arc;

use bytes::Bytes;

use super::record::Snapshot;
use crate::audience::{Definition, List, Lists, Step};
use crate::block::{Portable, Set, to_portable};
use crate::catalog::Attributes;
use crate::error::{Error, Result};
use crate::gate::{GateKind, GateRows, Gates, Sieve, Slice};
use crate::id::{ListId, SegmentId};
use crate::rule::{Rule, SegmentRef, check_saved, resolve_segment, segment_refs};
use crate::segment::{Catalog, IdList, Model, Segment, SegmentKind};
use crate::table::View;
use crate::time::Timestamp;

/// Segments and lists as they were.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// By id.
    pub segments: Vec<FrozenSegment>,
    /// By id.
    pub lists: Vec<FrozenList>,
    /// By kind and key.
    pub gates: Vec<FrozenGate>,
    /// The tenant's control group.
    pub control: Option<Slice>,
}

/// A gate as it was: suppressions, consent, caps, and audiences that go first depend on more than profiles, so the rows are
/// kept that they went by at that version and instant. Slices are dealt again.
#[derive(Debug, Clone)]
pub struct FrozenGate {
    /// Which.
    pub kind: GateKind,
    /// Which of its kind.
    pub key: String,
    /// What it was called.
    pub label: String,
    /// Whether it let only these in; otherwise it kept these out.
    pub keeps: bool,
    /// Its rows, in portable bytes.
    pub rows: Bytes,
}

/// A segment as it was.
#[derive(Debug, Clone)]
pub struct FrozenSegment {
    /// Which one.
    pub id: SegmentId,
    /// What it was called.
    pub name: String,
    /// What it held.
    pub content: FrozenContent,
}

/// What a segment held.
#[derive(Debug, Clone)]
pub enum FrozenContent {
    /// Whoever the rule selects; segments are referred to by id.
    Rule(Rule),
    /// Whoever is like the people of another segment.
    Lookalike(Arc<Model>),
    /// These rows, in portable bytes.
    Rows(Bytes),
}

/// A list as it was.
#[derive(Debug, Clone)]
pub struct FrozenList {
    /// Which one.
    pub id: ListId,
    /// What it was called.
    pub name: String,
    /// Its rows, in portable bytes.
    pub rows: Bytes,
}

/// The rows that some bytes of a snapshot's file hold, as far as they are live.
pub(super) fn live_rows(bytes: &[u8], live: &Set) -> Result<Set> {
    let rows = Portable::new(bytes).set();
    rows.map(|rows| rows.and(live)).ok_or_else(|| Error::Corrupt("the rows of a snapshot cannot be read".into()))
}

impl Context {
    /// Of some definitions.
    ///
    /// # Errors
    /// `NotFound` when a list that one of them names is gone.
    pub fn of<'d>(
        definitions: impl Iterator<Item = &'d Definition> + Clone,
        catalog: &Catalog,
        lists: &Lists,
    ) -> Result<Self> {
        let mut reached: BTreeSet<SegmentId> = BTreeSet::new();
        let mut next: Vec<SegmentId> =
            definitions.clone().flat_map(Definition::segments).map(|choice| choice.id).collect();
        let mut context = Self::default();
        while let Some(id) = next.pop() {
            let Ok(segment) = catalog.get(id) else { continue };
            if !reached.insert(id) {
                continue;
            }
            let content = match &segment.kind {
                SegmentKind::Static(ids) => FrozenContent::Rows(to_portable(&ids.rows).into()),
                SegmentKind::Dynamic { rule, .. } => {
                    next.extend(segment_refs(rule).iter().filter_map(|named| resolve_segment(named, catalog)));
                    FrozenContent::Rule(rule.as_ref().clone())
                }
                SegmentKind::Lookalike { model, .. } => {
                    next.push(model.source);
                    FrozenContent::Lookalike(model.clone())
                }
            };
            context.segments.push(FrozenSegment { id, name: segment.name.clone(), content });
        }
        context.segments.sort_by_key(|segment| segment.id);
        let named: BTreeSet<ListId> = definitions.flat_map(Definition::lists).collect();
        for id in named {
            let list = lists.get(id)?;
            context.lists.push(FrozenList { id, name: list.name.clone(), rows: to_portable(&list.ids.rows).into() });
        }
        Ok(context)
    }

    /// What a definition leads to.
    pub fn reached(&self, definition: &Definition) -> (Vec<&FrozenSegment>, Vec<&FrozenList>) {
        let mut wanted: BTreeSet<SegmentId> = BTreeSet::new();
        let mut next: Vec<SegmentId> = definition.segments().map(|choice| choice.id).collect();
        while let Some(id) = next.pop() {
            if !wanted.insert(id) {
                continue;
            }
            match self.segment(id).map(|segment| &segment.content) {
                Some(FrozenContent::Rule(rule)) => {
                    next.extend(segment_refs(rule).into_iter().filter_map(|named| match named {
                        SegmentRef::Id(id) => Some(id),
                        SegmentRef::Name(_) => None,
                    }));
                }
                Some(FrozenContent::Lookalike(model)) => next.push(model.source),
                Some(FrozenContent::Rows(_)) | None => {}
            }
        }
        let lists: BTreeSet<ListId> = definition.lists().collect();
        (
            self.segments.iter().filter(|segment| wanted.contains(&segment.id)).collect(),
            self.lists.iter().filter(|list| lists.contains(&list.id)).collect(),
        )
    }

    fn segment(&self, id: SegmentId) -> Option<&FrozenSegment> {
        let at = self.segments.binary_search_by_key(&id, |segment| segment.id).ok()?;
        Some(&self.segments[at])
    }

    /// The rows of segments, lists and gates that are kept as rows.
    pub fn rows(&self) -> impl Iterator<Item = &Bytes> {
        let of_segments = self.segments.iter().filter_map(|segment| match &segment.content {
            FrozenContent::Rows(rows) => Some(rows),
            FrozenContent::Rule(_) | FrozenContent::Lookalike(_) => None,
        });
        let of_lists = self.lists.iter().map(|list| &list.rows);
        of_segments.chain(of_lists).chain(self.gates.iter().map(|gate| &gate.rows))
    }

    /// The same for other rows, in the same order.
    pub fn rows_mut(&mut self) -> impl Iterator<Item = &mut Bytes> {
        let of_segments = self.segments.iter_mut().filter_map(|segment| match &mut segment.content {
            FrozenContent::Rows(rows) => Some(rows),
            FrozenContent::Rule(_) | FrozenContent::Lookalike(_) => None,
        });
        let of_lists = self.lists.iter_mut().map(|list| &mut list.rows);
        of_segments.chain(of_lists).chain(self.gates.iter_mut().map(|gate| &mut gate.rows))
    }

    /// The gates that a snapshot was taken by, in their order.
    ///
    /// # Errors
    /// `Corrupt` when rows cannot be read, or a gate is missing.
    pub fn gates_of(&self, snapshot: &Snapshot, gates: &Gates, view: &View) -> Result<Vec<GateRows>> {
        let kind = |step: &Step| GateKind::ALL.into_iter().find(|kind| kind.name() == step.kind);
        let steps = snapshot.breakdown.exclusions.iter().filter_map(|step| Some((kind(step)?, step)));
        let dealt = |slice: Option<&Slice>| slice.map(|slice| gates.slices.rows(slice, &gates.tenant, view));
        let gate = |(kind, step): (GateKind, &Step)| {
            let own = &snapshot.definition.gates;
            let sieve = match kind {
                GateKind::ControlGroup => dealt(self.control.as_ref()).map(Sieve::Out),
                GateKind::Holdout => dealt(own.holdout.as_ref()).map(Sieve::Out),
                GateKind::Split => dealt(own.split.as_ref()).map(Sieve::Keep),
                _ => self.frozen(kind, &step.key, view.live())?,
            };
            let missing = || Error::Corrupt(format!("the gate {} of a snapshot is missing", step.reason()));
            let (key, label) = (step.key.clone(), step.label.clone());
            Ok(GateRows { kind, key, label, sieve: sieve.ok_or_else(missing)? })
        };
        steps.map(gate).collect()
    }

    fn frozen(&self, kind: GateKind, key: &str, live: &Set) -> Result<Option<Sieve>> {
        let Some(gate) = self.gates.iter().find(|gate| gate.kind == kind && gate.key == key) else { return Ok(None) };
        let rows = Arc::new(live_rows(&gate.rows, live)?);
        Ok(Some(if gate.keeps { Sieve::Keep(rows) } else { Sieve::Out(rows) }))
    }

    /// Everything as segments and lists again, to evaluate definitions with.
    ///
    /// # Errors
    /// `Invalid` when a rule no longer fits the schema, `Corrupt` when rows cannot be read.
    pub fn restored(&self, view: &View) -> Result<(Catalog, Lists)> {
        let ids: BTreeSet<SegmentId> = self.segments.iter().map(|segment| segment.id).collect();
        let (mut catalog, mut lists) = (Catalog::default(), Lists::default());
        let then = Timestamp(0);
        let listed = |rows: &Bytes| Ok::<_, Error>(IdList::restored(live_rows(rows, view.live())?, Vec::new(), 0, 0));
        for FrozenSegment { id, name, content } in &self.segments {
            let kind = match content {
                FrozenContent::Rows(rows) => SegmentKind::Static(listed(rows)?),
                FrozenContent::Rule(rule) => {
                    let checked = check_saved(rule, view, &ids).map_err(Error::Invalid)?;
                    SegmentKind::Dynamic { rule: rule.clone().into(), checked: checked.into() }
                }
                FrozenContent::Lookalike(model) => {
                    let checked = model.checked(view.schema()).map_err(Error::Invalid)?;
                    SegmentKind::Lookalike { model: model.clone(), checked: checked.into() }
                }
            };
            let (name, description) = (name.clone(), String::new());
            let attributes = Attributes { name, description, ..Attributes::default() };
            catalog.put(Segment::new(*id, attributes, kind, String::new(), then))?;
        }
        for FrozenList { id, name, rows } in &self.lists {
            lists.put(List { id: *id, name: name.clone(), ids: listed(rows)?, blank: 0, created: then });
        }
        Ok((catalog, lists))
    }
}
