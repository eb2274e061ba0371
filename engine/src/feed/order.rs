//! All segments of a state in an order in which each comes after those it refers to, and what each depends on.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::eval::RowAt;
use crate::id::{FieldId, SegmentId};
use crate::plan::{Boundary, boundaries};
use crate::rule::{LeafTest, Vocabulary};
use crate::segment::{Catalog, Segment, SegmentKind};

/// Rows that cost as much as evaluating their block, where indexes answer.
const ROWS_WORTH_A_BLOCK: u64 = 16;

/// The same where events are tested: while they happen, nothing that was laid beside them is of use for long.
const ROWS_WORTH_A_BLOCK_OF_EVENTS: u64 = 1_024;

/// Segments by place. All dependencies are those of the whole chain of references.
#[derive(Debug, Default)]
pub(super) struct Order {
    pub(super) segments: Vec<Arc<Segment>>,
    places: HashMap<SegmentId, usize>,
    /// By place, the places that it refers to itself.
    pub(super) references: Vec<Vec<usize>>,
    /// By place, all places that it depends on.
    needs: Vec<Vec<usize>>,
    /// The places that depend on a field, by field.
    by_field: HashMap<FieldId, Vec<usize>>,
    /// The places that depend on what people did.
    by_events: Vec<usize>,
    /// The places that depend on when a field's value crosses a boundary.
    pub(super) by_boundary: BTreeMap<Boundary, Vec<usize>>,
}

/// What is different about a row.
#[derive(Debug, Default, Clone, PartialEq, Eq, Hash)]
pub(super) struct Changed {
    /// The fields of which it has other values.
    pub(super) fields: Vec<FieldId>,
    /// Whether it may have other events.
    pub(super) events: bool,
}

/// Which segments are to be looked at, and which of them only because others refer to them.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct Wanted {
    /// Ascending.
    pub(super) places: Vec<usize>,
}

impl Order {
    pub(super) fn new(catalog: &Catalog, schema: Vocabulary<'_>) -> Self {
        let mut order = Self::default();
        order.place_all(catalog);
        let mut fields: Vec<BTreeSet<FieldId>> = Vec::new();
        let mut moments: Vec<BTreeSet<Boundary>> = Vec::new();
        let mut events: Vec<bool> = Vec::new();
        for place in 0..order.segments.len() {
            let (mut own_fields, mut own_moments) = (BTreeSet::new(), BTreeSet::new());
            let mut needs = BTreeSet::new();
            let mut own_events = false;
            if let Some(checked) = order.segments[place].kind.checked() {
                own_fields.extend(checked.fields());
                own_moments.extend(checked.leaves().flat_map(|test| boundaries(test, schema)));
                own_events = checked.leaves().any(|test| matches!(test, LeafTest::Events(_)));
            }
            for &other in &order.references[place] {
                own_fields.extend(&fields[other]);
                own_moments.extend(moments[other].iter().copied());
                own_events |= events[other];
                needs.insert(other);
                needs.extend(&order.needs[other]);
            }
            own_fields.iter().for_each(|field| order.by_field.entry(*field).or_default().push(place));
            own_moments.iter().for_each(|boundary| order.by_boundary.entry(*boundary).or_default().push(place));
            order.needs.push(needs.into_iter().collect());
            order.by_events.extend(own_events.then_some(place));
            events.push(own_events);
            fields.push(own_fields);
            moments.push(own_moments);
        }
        order
    }

    /// Gives every segment its place. A stack instead of recursion: chains of segments may be longer than a thread's
    /// stack is deep.
    fn place_all(&mut self, catalog: &Catalog) {
        let mut stack: Vec<(&Arc<Segment>, bool)> = catalog.iter().map(|segment| (segment, false)).collect();
        stack.reverse();
        while let Some((segment, references_done)) = stack.pop() {
            if self.places.contains_key(&segment.id) {
                continue;
            }
            let referred: Vec<&Arc<Segment>> =
                segment.kind.references().into_iter().filter_map(|id| catalog.get(id).ok()).collect();
            if references_done || referred.is_empty() {
                self.places.insert(segment.id, self.segments.len());
                self.segments.push(segment.clone());
                let places: BTreeSet<usize> = referred.iter().filter_map(|other| self.place(other.id)).collect();
                self.references.push(places.into_iter().collect());
            } else {
                stack.push((segment, true));
                stack.extend(referred.into_iter().map(|other| (other, false)));
            }
        }
    }

    /// Whether these are the segments of a catalog still.
    pub(super) fn is_of(&self, catalog: &Catalog) -> bool {
        let same = |segment: &Arc<Segment>| {
            self.place(segment.id).is_some_and(|place| Arc::ptr_eq(&self.segments[place], segment))
        };
        self.segments.len() == catalog.len() && catalog.iter().all(same)
    }

    pub(super) fn place(&self, id: SegmentId) -> Option<usize> {
        self.places.get(&id).copied()
    }

    /// All segments.
    pub(super) fn all(&self) -> Wanted {
        Wanted { places: (0..self.segments.len()).collect() }
    }

    /// Some segments with those that they depend on.
    pub(super) fn with_needs<'p>(&self, places: impl Iterator<Item = &'p usize>) -> Wanted {
        let mut wanted = vec![false; self.segments.len()];
        for &place in places {
            if !std::mem::replace(&mut wanted[place], true) {
                self.needs[place].iter().for_each(|&other| wanted[other] = true);
            }
        }
        Wanted { places: (0..wanted.len()).filter(|&place| wanted[place]).collect() }
    }

    /// The segments that depend on what changed, and some others, with all that depends on those.
    pub(super) fn touched(&self, changed: &Changed, others: &BTreeSet<usize>) -> Wanted {
        let of_fields = changed.fields.iter().filter_map(|field| self.by_field.get(field)).flatten();
        let of_events = self.by_events.iter().filter(|_| changed.events);
        self.with_needs(of_fields.chain(of_events).chain(others))
    }

    /// How many rows of a block cost as much, when each is asked about all segments, as evaluating these for the block.
    pub(super) fn rows_worth_a_block(&self) -> u64 {
        let (all, of_events) = (self.segments.len() as u64, self.by_events.len() as u64);
        let others = all - of_events;
        (others * ROWS_WORTH_A_BLOCK + of_events * ROWS_WORTH_A_BLOCK_OF_EVENTS) / all.max(1)
    }

    /// Some segments, and all that depend on one of them.
    pub(super) fn dependents(&self, places: BTreeSet<usize>) -> BTreeSet<usize> {
        let depends = |place: &usize| self.needs[*place].iter().any(|other| places.contains(other));
        let more: Vec<usize> = (0..self.segments.len()).filter(depends).collect();
        places.into_iter().chain(more).collect()
    }

    /// Whether a live row is in each of the wanted segments; what is not wanted is left as it was.
    pub(super) fn memberships<'s>(&'s self, at: RowAt<'_, 's>, wanted: &Wanted, members: &mut Vec<bool>) {
        members.resize(self.segments.len(), false);
        for &place in &wanted.places {
            members[place] = match &self.segments[place].kind {
                SegmentKind::Static(list) => list.rows.contains(at.row),
                SegmentKind::Dynamic { checked, .. } | SegmentKind::Lookalike { checked, .. } => {
                    let member = |id| self.place(id).is_some_and(|other| members[other]);
                    at.satisfies(&checked.root, &member)
                }
            };
        }
    }
}
