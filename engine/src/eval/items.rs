//! What the children of a group are within one block, from the directories alone, and what each would cost.
//!
//! Costs are in nanoseconds of one core, roughly: they only have to rank.

use super::parts::Parts;
use crate::block::{BLOCK_ROWS, Container, Operand};
use crate::index::{Outline, Part, RankRange, Selection};
use crate::plan::Node;

/// Reading a block's bits.
const READ: u32 = 200;

/// Asking bits for one row.
const ASK: u32 = 1;

/// Copying a row, and taking it out again.
const COPY: u32 = 4;

/// Asking a list for one row.
const SEARCH: u32 = 6;

/// Asking a column for one row.
const LOOK: u32 = 3;

/// Scanning a block's column.
const SCAN: u32 = 40_000;

/// Adding up a score for a block; for one row it costs as much as for this part of a block.
const ADD: u32 = 100_000;
const BLOCK_ADDED_ROWS: u32 = 128;

/// About how many of [`ALL`] rows have a score that is high enough.
const SCORED: u32 = 26;

/// About how many rows each set of bits brings to a union.
const UNION_BITS_ROWS: u32 = 8_192;

/// About how many rows a scan finds.
const UNREAD_ROWS: usize = 2_048;

/// Rows of a range up to which they are taken as a list.
const NARROW_ROWS: usize = 1_024;

/// A child that neither empties a block nor drops out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item<'p> {
    pub(super) node: &'p Node,
    pub(super) form: Form<'p>,
    /// Cost of intersecting words with it.
    pub(super) dense: u32,
    /// Cost of asking it for any row.
    pub(super) fixed: u32,
    /// Cost of asking it for one row.
    pub(super) probe: u32,
    /// How many of [`ALL`] rows it has about.
    pub(super) share: u32,
}

/// What shares refer to.
pub(super) const ALL: u32 = 256;

/// How a child's rows can be had.
#[derive(Debug, Clone, Copy)]
pub(super) enum Form<'p> {
    /// From sets that lie ready, up to a few rows too many.
    Ready(Outline<'p>),
    /// Few rows.
    Few(Few<'p>),
    /// They have to be put together.
    Made,
}

/// Few rows, in any order.
#[derive(Debug, Clone, Copy)]
pub(super) enum Few<'p> {
    Listed(&'p [u16]),
    /// Of a block in which rows have changed.
    Changed(RankRange<'p>),
}

impl Few<'_> {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Listed(rows) => rows.len(),
            Self::Changed(range) => range.cardinality(),
        }
    }

    /// Appends the rows to a list.
    pub(super) fn append_to(&self, list: &mut Vec<u16>) {
        match self {
            Self::Listed(rows) => list.extend_from_slice(rows),
            Self::Changed(range) => range.append_to(list),
        }
    }
}

/// A child within one block.
#[derive(Debug, Clone, Copy)]
pub(super) enum Child<'p> {
    Nobody,
    Everybody,
    Item(Item<'p>),
}

impl Child<'_> {
    fn complement(self) -> Self {
        match self {
            Self::Nobody => Self::Everybody,
            Self::Everybody => Self::Nobody,
            Self::Item(item) => Self::Item(Item { share: ALL - item.share, ..item }),
        }
    }
}

/// What a node is in a block.
pub(super) fn child<'p>(node: &'p Node, parts: &mut Parts<'p>, block: u32) -> Child<'p> {
    match node {
        Node::Nobody => Child::Nobody,
        Node::Everyone => Child::Everybody,
        Node::Score { .. } => Child::Item(Item {
            node,
            form: Form::Made,
            dense: ADD,
            fixed: 0,
            probe: ADD / BLOCK_ADDED_ROWS,
            share: SCORED,
        }),
        Node::Leaf { leaf, negated } => match parts.part(*leaf, block) {
            Part::Empty if *negated => Child::Everybody,
            Part::Full if *negated => Child::Nobody,
            Part::Empty => Child::Nobody,
            Part::Full => Child::Everybody,
            part => {
                let item = leaf_item(node, *negated, part, &parts.plan.leaves[*leaf]);
                Child::Item(Item { share: if *negated { ALL - item.share } else { item.share }, ..item })
            }
        },
        Node::Group { children, negated } => {
            let inner = group(node, children, parts, block);
            if *negated { inner.complement() } else { inner }
        }
    }
}

/// An intersection, whether negated or not: what its children are together.
fn group<'p>(node: &'p Node, children: &'p [Node], parts: &mut Parts<'p>, block: u32) -> Child<'p> {
    let (mut dense, mut fixed, mut probe, mut share) = (READ, 0, COPY, ALL);
    let mut everybody = true;
    for inner in children {
        match child(inner, parts, block) {
            Child::Nobody => return Child::Nobody,
            Child::Everybody => {}
            Child::Item(item) => {
                everybody = false;
                dense += item.dense;
                fixed += item.fixed;
                probe += (item.probe * share).div_ceil(ALL);
                share = share * item.share / ALL;
            }
        }
    }
    if everybody { Child::Everybody } else { Child::Item(Item { node, form: Form::Made, dense, fixed, probe, share }) }
}

fn leaf_item<'p>(node: &'p Node, negated: bool, part: Part<'p>, selection: &Selection<'_>) -> Item<'p> {
    let rows = match part {
        Part::Union { listed, bits } => (listed + bits * UNION_BITS_ROWS).min(BLOCK_ROWS as u32),
        part => part.cardinality().unwrap_or(UNREAD_ROWS) as u32,
    };
    let share = rows / (BLOCK_ROWS as u32 / ALL);
    let item = |form, dense, probe| Item { node, form, dense, fixed: 0, probe, share };
    let listed = |form, rows: &[u16]| Item { fixed: rows.len() as u32 / 2, ..item(form, rows.len() as u32, COPY) };
    match part {
        Part::Empty | Part::Full => item(Form::Made, 0, 0),
        Part::Rows(Container::Bits { words, .. }) => {
            let outline =
                Outline { operands: [Some(Operand { words, negated }), None], negated: false, excess: [&[]; 2] };
            item(Form::Ready(outline), READ, ASK)
        }
        Part::Rows(Container::Array(rows)) if negated => listed(Form::Ready(all_but(rows)), rows),
        Part::Rows(Container::Array(rows)) => listed(Form::Few(Few::Listed(rows)), rows),
        Part::Rows(_) => item(Form::Made, READ, SEARCH),
        Part::Range(range) if range.has_changes() => changed(range, negated, item),
        Part::Range(range) if is_narrow(&range) => {
            let rows = range.slice();
            let form = if negated { Form::Ready(all_but(rows)) } else { Form::Few(Few::Listed(rows)) };
            item(form, rows.len() as u32, LOOK)
        }
        Part::Range(range) => {
            let outline = if negated { range.outline_of_others() } else { range.outline() };
            let operands = outline.operands.iter().flatten().count() as u32;
            item(Form::Ready(outline), operands * READ + excess_rows(&outline), LOOK)
        }
        Part::Union { listed, bits } => {
            let dense = READ / 2 + bits * READ + listed;
            match selection {
                Selection::Union(union) if union.has_scan() => item(Form::Made, dense, LOOK),
                // It is put together in any case.
                _ => Item { fixed: dense, ..item(Form::Made, dense, ASK) },
            }
        }
        Part::Unread => item(Form::Made, SCAN, 2 * LOOK),
    }
}

/// Whether the rows of a range are taken as a list.
pub(super) fn is_narrow(range: &RankRange<'_>) -> bool {
    range.cardinality() <= NARROW_ROWS || !range.has_outline()
}

/// A range of a block in which rows have changed.
fn changed<'p>(range: RankRange<'p>, negated: bool, item: impl Fn(Form<'p>, u32, u32) -> Item<'p>) -> Item<'p> {
    let rows = range.cardinality() as u32;
    match (is_narrow(&range), negated) {
        (true, false) => item(Form::Few(Few::Changed(range)), rows, 2 * LOOK),
        (true, true) => item(Form::Made, 2 * rows, 2 * LOOK),
        (false, _) => item(Form::Made, 4 * READ + excess_rows(&range.outline()), 2 * LOOK),
    }
}

/// All rows but a few.
fn all_but(rows: &[u16]) -> Outline<'_> {
    Outline { operands: [None; 2], negated: false, excess: [rows, &[]] }
}

/// How many rows an outline has too many.
fn excess_rows(outline: &Outline<'_>) -> u32 {
    // Slices of a block are at most 65,536 rows.
    (outline.excess[0].len() + outline.excess[1].len()) as u32
}
