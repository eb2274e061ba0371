//! The sets that a definition is put together from, found once: which parts there are on either side, in order.

use std::sync::Arc;

use super::breakdown::{ListedIds, Step};
use super::definition::{Definition, IncludeMatch};
use super::store::Lists;
use super::tally::Share;
use crate::block::Set;
use crate::error::Result;
use crate::gate::{GateRows, Sieve};
use crate::id::{ListId, SegmentId};
use crate::plan::SegmentRows;
use crate::segment::{IdCounts, IdList};
use crate::table::View;

/// A definition's parts at one view.
#[derive(Debug)]
pub(super) struct Sources {
    pub(super) means_everyone: bool,
    /// Sizes of the included segments, as the request named them.
    pub(super) segment_sizes: Vec<(String, u64)>,
    /// Whoever is in one of these is in, unless excluded.
    pub(super) included: Vec<Part>,
    /// Whoever is in one of these is out.
    pub(super) excluded: Vec<Part>,
}

/// One source or exclusion.
#[derive(Debug)]
pub(super) struct Part {
    kind: &'static str,
    key: String,
    label: String,
    /// Its rows are those in all of these.
    pub(super) sets: Vec<Arc<Set>>,
    /// Of a gate: its rows are all others.
    pub(super) is_negated: bool,
    /// Of a gate: its rows are those of the audience at this place, which is evaluated before.
    pub(super) audience: Option<usize>,
    /// The ids it came from, when it did.
    pub(super) listed: Option<Listed>,
}

/// Ids accounted for.
#[derive(Debug)]
pub(super) struct Listed {
    /// The list; none for ids given in the definition.
    pub(super) list: Option<ListId>,
    counts: IdCounts,
    blank: u64,
}

impl Part {
    fn new(kind: &'static str, key: String, sets: Vec<Arc<Set>>) -> Self {
        Self { kind, key, label: String::new(), sets, is_negated: false, audience: None, listed: None }
    }

    fn of_customers(customers: &[String], view: &View) -> Self {
        let ids = IdList::new(customers, view);
        let listed = Some(Listed { list: None, counts: ids.counts(view), blank: 0 });
        Self { listed, ..Self::new("customers", String::new(), vec![ids.rows]) }
    }

    fn of_list(id: ListId, lists: &Lists, view: &View) -> Result<Self> {
        let list = lists.get(id)?;
        let listed = Some(Listed { list: Some(id), counts: list.ids.counts(view), blank: list.blank });
        Ok(Self { listed, ..Self::new("list", id.to_string(), vec![list.ids.rows.clone()]) })
    }

    /// A gate, by its own rows or by those of an audience that is evaluated before.
    fn of_gate(gate: &GateRows, audience: Option<usize>) -> Self {
        let (rows, is_negated) = match &gate.sieve {
            Sieve::Out(rows) => (rows.clone(), false),
            Sieve::Keep(rows) => (rows.clone(), true),
        };
        let label = gate.label.clone();
        Self { label, is_negated, audience, ..Self::new(gate.kind.name(), gate.key.clone(), vec![rows]) }
    }

    /// The part with its sizes.
    pub(super) fn step(&self, share: &Share) -> Step {
        let Share { size, fresh, only } = *share;
        Step { kind: self.kind, key: self.key.clone(), label: self.label.clone(), size, fresh, only }
    }

    /// Its ids and what they did, when it came from ids.
    pub(super) fn accounted(&self, effect: u64) -> Option<ListedIds> {
        let Listed { list, counts, blank } = *self.listed.as_ref()?;
        Some(ListedIds { list, counts, blank, effect })
    }
}

impl Sources {
    /// The parts of a definition whose segments were evaluated, and its gates in order: each with the place of the audience
    /// that it goes by, if it goes by one.
    pub(super) fn find(
        definition: &Definition,
        gates: &[(GateRows, Option<usize>)],
        segments: &SegmentRows,
        lists: &Lists,
        view: &View,
    ) -> Result<Self> {
        let rows_of = |id: &SegmentId| segments.get(id).cloned().unwrap_or_default();
        let segment = |id: &SegmentId, key: &String| Part::new("segment", key.clone(), vec![rows_of(id)]);
        let chosen = definition.include_segments.as_deref().unwrap_or_default();
        let mut included = Vec::new();
        if definition.means_everyone() {
            included.push(Part::new("everyone", String::new(), vec![Arc::new(view.live().clone())]));
        }
        match definition.include_match {
            IncludeMatch::Any => included.extend(chosen.iter().map(|choice| segment(&choice.id, &choice.key))),
            IncludeMatch::All if chosen.is_empty() => {}
            IncludeMatch::All => {
                let sets = chosen.iter().map(|choice| rows_of(&choice.id)).collect();
                included.push(Part::new("segments", String::new(), sets));
            }
        }
        included.extend(definition.include_customers.iter().map(|ids| Part::of_customers(ids, view)));
        for id in definition.include_lists.iter().flatten() {
            included.push(Part::of_list(*id, lists, view)?);
        }
        let mut excluded: Vec<Part> =
            definition.exclude_segments.iter().map(|choice| segment(&choice.id, &choice.key)).collect();
        if !definition.exclude_customers.is_empty() {
            excluded.push(Part::of_customers(&definition.exclude_customers, view));
        }
        for id in &definition.exclude_lists {
            excluded.push(Part::of_list(*id, lists, view)?);
        }
        excluded.extend(gates.iter().map(|(gate, audience)| Part::of_gate(gate, *audience)));
        let segment_sizes = chosen.iter().map(|choice| (choice.key.clone(), rows_of(&choice.id).len())).collect();
        Ok(Self { means_everyone: definition.means_everyone(), segment_sizes, included, excluded })
    }
}
