//! Which of some rows are in other segments at one moment than at another.
//!
//! Few rows are asked one by one, and only about the segments that test a field whose value is another one. Many are
//! looked at block by block: each segment's rows of a block before and after.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::order::{Changed, Order, Wanted};
use crate::block::{Set, SetBuilder, split};
use crate::eval::{self, RowAt, Rows};
use crate::id::{FieldId, Row, SegmentId};
use crate::limits::FEED_ENTRIES_MAX;
use crate::plan::{SegmentRows, plan};
use crate::segment::SegmentKind;
use crate::table::View;
use crate::tenant::State;
use crate::time::Timestamp;

/// Rows that are asked one by one in any case: about what binding all rules to a view costs.
const ONE_BY_ONE_MAX: u64 = 64;

/// Blocks that are evaluated together: the sets of all segments lie in memory for so many.
const BLOCKS_TOGETHER: usize = 16;

/// A state at an instant, with its segments in order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment<'s> {
    pub(super) order: &'s Order,
    pub(super) state: &'s State,
    pub(super) now: Timestamp,
}

/// Two moments and what lies between them.
#[derive(Debug)]
pub(super) struct Between<'s> {
    pub(super) before: Moment<'s>,
    pub(super) after: Moment<'s>,
    /// Segments that are compared in another way.
    pub(super) except: &'s BTreeSet<SegmentId>,
    /// What may make a row's memberships others.
    pub(super) reason: Reason<'s>,
}

/// What may make a row's memberships others.
#[derive(Debug)]
pub(super) enum Reason<'s> {
    /// Values; and lists of these segments' people.
    Values(&'s BTreeSet<SegmentId>),
    /// The time, for these places of one order.
    Time(&'s Wanted),
}

/// Who is in a segment at one moment and not at the other.
#[derive(Debug, Clone, Copy)]
pub(super) enum Who {
    /// This row.
    Row(u32),
    /// So many that nobody lists them.
    Many(u64),
}

/// Hears of it: segment, who, whether they entered.
pub(super) type Tell<'t> = dyn FnMut(SegmentId, Who, bool) + 't;

/// Tells of all rows of a set.
pub(super) fn tell_all(rows: &Set, tell: &mut dyn FnMut(Who)) {
    if rows.len() > FEED_ENTRIES_MAX as u64 {
        tell(Who::Many(rows.len()));
    } else {
        rows.rows().for_each(|row| tell(Who::Row(row)));
    }
}

/// The segments to look at, before and after, and which of them are at the same time in both.
type Choice = (Wanted, Wanted, Vec<(usize, usize)>);

impl<'s> Between<'s> {
    /// Tells what is different for some rows, which hold all for which anything is.
    pub(super) fn among(&self, rows: &Set, tell: &mut Tell<'_>) {
        let few = self.after.order.rows_worth_a_block() * rows.block_count() as u64;
        if rows.len() <= ONE_BY_ONE_MAX.max(few) {
            self.one_by_one(rows, tell);
        } else {
            self.block_by_block(rows, tell);
        }
    }

    /// Tells what is different for rows that are each asked.
    fn one_by_one(&self, rows: &Set, tell: &mut Tell<'_>) {
        let (mut before, mut after) = (Vec::new(), Vec::new());
        let mut known: HashMap<Option<Changed>, Choice> = HashMap::new();
        let rows_of = |moment: Moment<'s>| Rows::new(&moment.state.view, moment.now);
        let (rows_before, rows_after) = (rows_of(self.before), rows_of(self.after));
        for row in rows.rows() {
            let was_live = self.before.state.view.live().contains(row);
            let is_live = self.after.state.view.live().contains(row);
            if !was_live && !is_live {
                continue;
            }
            let changed = (was_live && is_live).then(|| self.changed(row));
            let (left, right, both) = known.entry(changed).or_insert_with_key(|changed| self.choose(changed.as_ref()));
            let (was, is) = (RowAt { rows: &rows_before, row }, RowAt { rows: &rows_after, row });
            memberships(self.before.order, was, was_live, left, &mut before);
            memberships(self.after.order, is, is_live, right, &mut after);
            for &(was, is) in &*both {
                if before[was] != after[is] {
                    tell(self.after.order.segments[is].id, Who::Row(row), after[is]);
                }
            }
        }
    }

    /// What is different about a row now; nothing when only time has passed.
    fn changed(&self, row: u32) -> Changed {
        let (before, after) = (&self.before.state.view, &self.after.state.view);
        match self.reason {
            Reason::Values(_) => {
                Changed { fields: changed_fields(before, after, row), events: may_differ(before, after, row) }
            }
            Reason::Time(_) => Changed::default(),
        }
    }

    /// What to look at for rows about which something is different; all for rows that came or went.
    fn choose(&self, changed: Option<&Changed>) -> Choice {
        let side = |order: &Order| match (&self.reason, changed) {
            (Reason::Time(wanted), _) => (*wanted).clone(),
            (Reason::Values(_), None) => order.all(),
            (Reason::Values(lists), Some(changed)) => {
                let lists = lists.iter().filter_map(|id| order.place(*id)).collect();
                order.touched(changed, &order.dependents(lists))
            }
        };
        let left = side(self.before.order);
        let right = side(self.after.order);
        let pairs = right.places.iter().filter_map(|&is| {
            let id = self.after.order.segments[is].id;
            let was = self.before.order.place(id).filter(|was| left.places.binary_search(was).is_ok())?;
            (!self.except.contains(&id)).then_some((was, is))
        });
        let pairs = pairs.collect();
        (left, right, pairs)
    }

    /// Tells what is different for rows whose blocks are evaluated.
    fn block_by_block(&self, rows: &Set, tell: &mut Tell<'_>) {
        let (left, right, both) = self.choose(None);
        let blocks: Vec<u32> = rows.blocks().map(|(block, _)| block).collect();
        for blocks in blocks.chunks(BLOCKS_TOGETHER) {
            let mut asked = SetBuilder::default();
            blocks.iter().for_each(|block| asked.push(*block, rows.container(*block).clone()));
            let asked = asked.finish();
            let before = rows_within(self.before, blocks, &left);
            let after = rows_within(self.after, blocks, &right);
            for (was, is) in &both {
                let (was, now) = (&before[was], &after[is]);
                let id = self.after.order.segments[*is].id;
                tell_all(&now.and_not(was).and(&asked), &mut |who| tell(id, who, true));
                tell_all(&was.and_not(now).and(&asked), &mut |who| tell(id, who, false));
            }
        }
    }
}

fn memberships<'s>(order: &'s Order, at: RowAt<'_, 's>, is_live: bool, wanted: &Wanted, members: &mut Vec<bool>) {
    if is_live {
        order.memberships(at, wanted, members);
    } else {
        members.clear();
        members.resize(order.segments.len(), false);
    }
}

/// The rows of each wanted segment within some blocks, by place.
fn rows_within(moment: Moment<'_>, blocks: &[u32], wanted: &Wanted) -> BTreeMap<usize, Arc<Set>> {
    let Moment { order, state, now } = moment;
    let there: Vec<u32> = blocks.iter().copied().filter(|block| *block < state.view.block_count()).collect();
    let mut found: BTreeMap<usize, Arc<Set>> = BTreeMap::new();
    for &place in &wanted.places {
        let segment = &order.segments[place];
        let mut rows = SetBuilder::with_capacity(there.len());
        match &segment.kind {
            SegmentKind::Static(list) => {
                there.iter().for_each(|block| rows.push(*block, list.rows.container(*block).clone()));
            }
            SegmentKind::Dynamic { checked, .. } | SegmentKind::Lookalike { checked, .. } => {
                let others = order.references[place].iter();
                let others: SegmentRows =
                    others.map(|other| (order.segments[*other].id, found[other].clone())).collect();
                let plan = plan(checked, &state.view, &others, now);
                eval::containers(&plan, &there).into_iter().for_each(|(block, rest)| rows.push(block, rest));
            }
        }
        found.insert(place, Arc::new(rows.finish()));
    }
    found
}

/// The fields of which a row that is live in both views has another value.
fn changed_fields(before: &View, after: &View, row: u32) -> Vec<FieldId> {
    let known = before.schema().fields().len();
    let differs = |field: &FieldId| {
        let was = if field.index() < known { before.value(Row(row), *field) } else { None };
        was != after.value(Row(row), *field)
    };
    after.schema().fields().iter().map(|field| field.id).filter(differs).collect()
}

/// Whether the events of a row's block are others in one view than in another.
fn may_differ(before: &View, after: &View, row: u32) -> bool {
    let block = split(row).0;
    match (before.events().block(block), after.events().block(block)) {
        (Some(was), Some(is)) => !std::ptr::eq(was, is),
        (None, None) => false,
        _ => true,
    }
}
