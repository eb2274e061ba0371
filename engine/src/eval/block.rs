//! One block through the whole tree.
//!
//! A group is intersected in two ways. Words: the sets of several children are read side by side, each row of bits
//! once, and counted as they are combined. List: where few rows are left (or few there were to begin with), the other
//! children are asked about those rows alone (`sparse`). Which one is cheaper is looked at after every few sets.
//!
//! A range takes part as two ready sets that hold a few rows too many. They are taken out last: by then hardly any of
//! them is left, and a list asks the column instead.

use super::batch::Batch;
use super::items::{self, Child, Few, Form, Item, is_narrow};
use super::parts::Parts;
use super::scratch::Scratch;
use crate::block::{BLOCK_ROWS, Container, Operand, Words};
use crate::index::{Part, Selection};
use crate::plan::{Node, Plan};

/// Rows up to which a child's list is where the work starts.
const START_ROWS: usize = 1_024;

/// Rows of the first child up to which nothing else is looked at.
const FEW_ROWS: usize = 128;

/// About how many nanoseconds a block takes at least, and how many each row of a list does.
const BLOCK_WORK: u64 = 100;
const ROW_WORK: u64 = 3;

/// Rows of one block.
#[derive(Debug)]
pub(super) enum Found {
    Nobody,
    Everybody,
    /// These, in any order.
    Few(Vec<u16>),
    /// All others.
    AllBut(Vec<u16>),
    /// Those of the words, or all others.
    Bits {
        words: Box<Words>,
        negated: bool,
        /// Rows of the words; not known of what has only been put together.
        count: Option<u32>,
    },
}

impl Found {
    fn count(&self) -> u32 {
        let whole = BLOCK_ROWS as u32;
        match self {
            Self::Nobody => 0,
            Self::Everybody => whole,
            Self::Few(rows) => rows.len() as u32,
            Self::AllBut(rows) => whole - rows.len() as u32,
            Self::Bits { words, negated, count } => {
                let count = count.unwrap_or_else(|| words.count());
                if *negated { whole - count } else { count }
            }
        }
    }

    pub(super) fn complement(self) -> Self {
        match self {
            Self::Nobody => Self::Everybody,
            Self::Everybody => Self::Nobody,
            Self::Few(rows) => Self::AllBut(rows),
            Self::AllBut(rows) => Self::Few(rows),
            Self::Bits { words, negated, count } => Self::Bits { words, negated: !negated, count },
        }
    }
}

/// One thread's evaluation of a plan.
pub(super) struct Evaluator<'p> {
    pub(super) parts: Parts<'p>,
    pub(super) scratch: Scratch<'p>,
    /// About how many nanoseconds were spent so far.
    pub(super) work: u64,
}

impl<'p> Evaluator<'p> {
    pub(super) fn new(plan: &'p Plan<'p>) -> Self {
        Self { parts: Parts::new(plan, false), scratch: Scratch::default(), work: 0 }
    }

    /// For a few blocks only.
    pub(super) fn of_few_blocks(plan: &'p Plan<'p>) -> Self {
        Self { parts: Parts::new(plan, true), ..Self::new(plan) }
    }

    /// How many rows of a block a node selects.
    pub(super) fn count(&mut self, node: &'p Node, block: u32) -> u32 {
        if let Node::Leaf { leaf, negated } = node
            && let Some(rows) = self.parts.part(*leaf, block).cardinality()
        {
            return if *negated { BLOCK_ROWS - rows } else { rows } as u32;
        }
        let found = self.find(node, block);
        let count = found.count();
        self.give_back(found);
        count
    }

    /// The rows of a block that a node selects, or all others; the caller gives the words back.
    pub(super) fn words(&mut self, node: &'p Node, block: u32) -> (Box<Words>, bool) {
        let found = self.find(node, block);
        let (rows, negated) = match found {
            Found::Bits { words, negated, .. } => return (words, negated),
            Found::Nobody => (Vec::new(), false),
            Found::Everybody => (Vec::new(), true),
            Found::Few(rows) => (rows, false),
            Found::AllBut(rows) => (rows, true),
        };
        let mut words = self.scratch.words();
        words.0.fill(0);
        rows.iter().for_each(|row| words.insert(*row));
        self.scratch.give_back_list(rows);
        (words, negated)
    }

    /// The rows of a block that a node selects.
    pub(super) fn container(&mut self, node: &'p Node, block: u32) -> Container {
        let found = self.find(node, block);
        let container = match &found {
            Found::Nobody => Container::Empty,
            Found::Everybody => Container::Full,
            Found::Few(rows) if rows.is_sorted() => Container::from_sorted(rows),
            Found::Bits { words, negated: false, .. } => Container::from_words(words),
            _ => {
                self.give_back(found);
                let (mut words, negated) = self.words(node, block);
                if negated {
                    words.flip();
                }
                let container = Container::from_words(&words);
                self.scratch.give_back(words);
                return container;
            }
        };
        self.give_back(found);
        container
    }

    pub(super) fn give_back(&mut self, found: Found) {
        match found {
            Found::Nobody | Found::Everybody => {}
            Found::Few(rows) | Found::AllBut(rows) => self.scratch.give_back_list(rows),
            Found::Bits { words, .. } => self.scratch.give_back(words),
        }
    }

    fn find(&mut self, node: &'p Node, block: u32) -> Found {
        match node {
            Node::Score { score, negated } => {
                let found = self.score(*score, block);
                if *negated { found.complement() } else { found }
            }
            Node::Group { children, negated } => {
                let found = self.group(children, block);
                if *negated { found.complement() } else { found }
            }
            _ => self.group(std::slice::from_ref(node), block),
        }
    }

    /// Intersects nodes.
    fn group(&mut self, children: &'p [Node], block: u32) -> Found {
        if let Some(found) = self.led_by_few(children, block) {
            return found;
        }
        let mut items = self.scratch.items();
        let mut found = Found::Everybody;
        for node in children {
            match items::child(node, &mut self.parts, block) {
                Child::Nobody => {
                    found = Found::Nobody;
                    items.clear();
                    break;
                }
                Child::Everybody => {}
                Child::Item(item) => items.push(item),
            }
        }
        if !items.is_empty() {
            found = self.intersect(&items, block);
        }
        self.scratch.give_back_items(items);
        found
    }

    /// An intersection whose first node has so few rows here that the directories of the others are not worth a look.
    fn led_by_few(&mut self, children: &'p [Node], block: u32) -> Option<Found> {
        let (first, others) = children.split_first()?;
        let Child::Item(Item { form: Form::Few(rows), .. }) = items::child(first, &mut self.parts, block) else {
            return None;
        };
        if rows.len() > FEW_ROWS {
            return None;
        }
        self.work += BLOCK_WORK + ROW_WORK * rows.len() as u64;
        let mut list = self.scratch.list();
        rows.append_to(&mut list);
        self.retain_all(others.iter(), block, &mut list);
        Some(self.few(list))
    }

    fn intersect(&mut self, items: &[Item<'p>], block: u32) -> Found {
        self.work += BLOCK_WORK;
        if let Some((at, rows)) = fewest(items)
            && (rows.len() <= START_ROWS || items.len() == 1)
        {
            self.work += ROW_WORK * rows.len() as u64;
            let mut list = self.scratch.list();
            rows.append_to(&mut list);
            return self.thinned(
                list,
                items.iter().enumerate().filter(|(index, _)| *index != at).map(|(_, item)| item),
                block,
            );
        }
        if items.iter().all(|item| is_all_but(item))
            && items.iter().map(|item| item.dense as usize).sum::<usize>() <= START_ROWS
        {
            let mut list = self.scratch.list();
            self.scratch.join(items.iter().flat_map(|item| excess(item)).flatten().copied(), &mut list);
            return Found::AllBut(list);
        }
        self.work += items.iter().map(|item| u64::from(item.dense)).sum::<u64>();
        self.intersect_words(items, block)
    }

    /// Keeps of a list the rows of all items.
    pub(super) fn thinned<'i>(
        &mut self,
        mut list: Vec<u16>,
        items: impl Iterator<Item = &'i Item<'p>>,
        block: u32,
    ) -> Found
    where
        'p: 'i,
    {
        self.retain_all(items.map(|item| item.node), block, &mut list);
        self.few(list)
    }

    fn few(&mut self, list: Vec<u16>) -> Found {
        if list.is_empty() {
            self.scratch.give_back_list(list);
            return Found::Nobody;
        }
        Found::Few(list)
    }

    /// A child that has to be put together.
    pub(super) fn make(&mut self, item: &Item<'p>, block: u32) -> Found {
        let Node::Leaf { leaf, negated } = item.node else { return self.find(item.node, block) };
        let found = match (self.parts.part(*leaf, block), &self.parts.plan.leaves[*leaf]) {
            (Part::Rows(container), _) => {
                let mut words = self.scratch.words();
                container.write_to(&mut words);
                Found::Bits { words, negated: false, count: Some(container.cardinality()) }
            }
            (Part::Union { listed, bits: 0 }, Selection::Union(union)) if listed as usize <= START_ROWS => {
                let mut list = self.scratch.list();
                self.scratch.join_containers(union.containers(block), &mut list);
                Found::Few(list)
            }
            (_, Selection::Union(union)) => {
                let mut words = self.scratch.words();
                write_others(union.containers(block), &mut words);
                Found::Bits { words, negated: true, count: None }
            }
            (Part::Range(range), _) if range.has_changes() && is_narrow(&range) => {
                let mut list = self.scratch.list();
                range.append_to(&mut list);
                Found::Few(list)
            }
            (Part::Range(range), _) if range.has_changes() => {
                let mut words = self.scratch.words();
                range.write_to(&mut words);
                Found::Bits { words, negated: false, count: None }
            }
            (Part::Range(_), _) => {
                let Form::Ready(outline) = item.form else { return Found::Everybody };
                let mut words = self.scratch.words();
                let mut batch = Batch::default();
                outline.operands.into_iter().flatten().for_each(|operand| batch.push(operand));
                let mut left = None;
                batch.intersect(&mut words, &mut left);
                // The outline says itself which rows it means, negated or not.
                return Found::Bits { words, negated: outline.negated, count: left };
            }
            (_, selection) => {
                let mut words = self.scratch.words();
                selection.read_to(block, &mut words);
                Found::Bits { words, negated: false, count: None }
            }
        };
        if *negated { found.complement() } else { found }
    }
}

/// Writes the rows that are in none of some containers.
fn write_others<'c>(containers: impl Iterator<Item = &'c Container> + Clone, words: &mut Words) {
    let mut batch = Batch::default();
    let mut left = None;
    for container in containers.clone() {
        if let Container::Bits { words: bits, .. } = container {
            batch.push(Operand { words: bits, negated: true });
            if batch.is_full() {
                batch.intersect(words, &mut left);
            }
        }
    }
    batch.intersect(words, &mut left);
    if left.is_none() {
        words.0.fill(u64::MAX);
    }
    for container in containers.filter(|container| !matches!(container, Container::Bits { .. })) {
        container.and_not_to(words);
    }
}

/// The shortest list among the items.
pub(super) fn fewest<'p>(items: &[Item<'p>]) -> Option<(usize, Few<'p>)> {
    let lists = items.iter().enumerate().filter_map(|(index, item)| match item.form {
        Form::Few(rows) => Some((index, rows)),
        Form::Ready(_) | Form::Made => None,
    });
    lists.min_by_key(|(_, rows)| rows.len())
}

fn is_all_but(item: &Item<'_>) -> bool {
    matches!(item.form, Form::Ready(outline) if !outline.negated && outline.operands.iter().all(Option::is_none))
}

pub(super) fn excess<'p>(item: &Item<'p>) -> [&'p [u16]; 2] {
    match item.form {
        Form::Ready(outline) => outline.excess,
        Form::Few(_) | Form::Made => [&[]; 2],
    }
}
