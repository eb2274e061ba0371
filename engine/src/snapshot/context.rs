//! What definitions lead to, as it was: the rules and rows of segments, and the rows of lists.
//!
//! Ids that had no profile are left out: they changed nothing then, and whoever has one later was not meant. So nothing
//! here names anybody but rules that do so themselves.

use std::collections::BTreeSet;

use bytes::Bytes;

use crate::audience::{Definition, List, Lists};
use crate::block::{Portable, Set, to_portable};
use crate::catalog::Attributes;
use crate::error::{Error, Result};
use crate::id::{ListId, SegmentId};
use crate::rule::{Rule, SegmentRef, check_saved, resolve_segment, segment_refs};
use crate::segment::{Catalog, IdList, Segment, SegmentKind};
use crate::table::View;
use crate::time::Timestamp;

/// Segments and lists as they were.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// By id.
    pub segments: Vec<FrozenSegment>,
    /// By id.
    pub lists: Vec<FrozenList>,
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
            if let Some(FrozenContent::Rule(rule)) = self.segment(id).map(|segment| &segment.content) {
                next.extend(segment_refs(rule).into_iter().filter_map(|named| match named {
                    SegmentRef::Id(id) => Some(id),
                    SegmentRef::Name(_) => None,
                }));
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

    /// The rows of segments and lists that are kept as rows.
    pub fn rows(&self) -> impl Iterator<Item = &Bytes> {
        let of_segments = self.segments.iter().filter_map(|segment| match &segment.content {
            FrozenContent::Rows(rows) => Some(rows),
            FrozenContent::Rule(_) => None,
        });
        of_segments.chain(self.lists.iter().map(|list| &list.rows))
    }

    /// The same for other rows, in the same order.
    pub fn rows_mut(&mut self) -> impl Iterator<Item = &mut Bytes> {
        let of_segments = self.segments.iter_mut().filter_map(|segment| match &mut segment.content {
            FrozenContent::Rows(rows) => Some(rows),
            FrozenContent::Rule(_) => None,
        });
        of_segments.chain(self.lists.iter_mut().map(|list| &mut list.rows))
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
