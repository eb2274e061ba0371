//! Few rows: a list that every further node thins out, instead of words.

use super::block::Evaluator;
use super::members::selects;
use super::scratch::Scratch;
use crate::block::{Container, Words, join, retain_if, select};
use crate::index::{Part, Selection};
use crate::plan::Node;

/// How many times as many rows a list must hold as are asked for, so that searching it is cheaper than marking it.
const SEARCH_FACTOR: usize = 24;

/// Rows asked of a union of many sets from which on it is put together first.
const PUT_TOGETHER_ROWS: usize = 64;

/// Rows asked of a score from which on it is added up for all rows of the block.
const ADDED_UP_ROWS: usize = 128;

impl<'p> Evaluator<'p> {
    /// Keeps the rows that all nodes select, in their order; none is looked at once no row is left.
    pub(super) fn retain_all(&mut self, nodes: impl Iterator<Item = &'p Node>, block: u32, list: &mut Vec<u16>) {
        for node in nodes {
            if list.is_empty() {
                return;
            }
            self.retain(node, block, list);
        }
    }

    fn retain(&mut self, node: &'p Node, block: u32, list: &mut Vec<u16>) {
        match node {
            Node::Nobody => list.clear(),
            Node::Everyone => {}
            Node::Score { .. } => self.retain_score(node, block, list),
            Node::Leaf { leaf, negated } => self.retain_leaf(*leaf, !negated, block, list),
            Node::Group { children, negated: false } => self.retain_all(children.iter(), block, list),
            Node::Group { children, negated: true } => {
                // What the intersection keeps is what its complement does not.
                let mut inner = self.scratch.list();
                inner.extend_from_slice(list);
                self.retain_all(children.iter(), block, &mut inner);
                remove(list, &inner);
                self.scratch.give_back_list(inner);
            }
        }
    }

    fn retain_score(&mut self, node: &'p Node, block: u32, list: &mut Vec<u16>) {
        if list.len() < ADDED_UP_ROWS {
            let plan = self.parts.plan;
            retain_if(list, |row| selects(node, plan, join(block, row)));
            return;
        }
        let (words, negated) = self.words(node, block);
        retain_if(list, |row| words.contains(row) != negated);
        self.scratch.give_back(words);
    }

    fn retain_leaf(&mut self, leaf: usize, wanted: bool, block: u32, list: &mut Vec<u16>) {
        match self.parts.part(leaf, block) {
            Part::Empty if wanted => list.clear(),
            Part::Full if !wanted => list.clear(),
            Part::Empty | Part::Full => {}
            Part::Rows(Container::Bits { words, .. }) => retain_if(list, |row| words.contains(row) == wanted),
            Part::Rows(Container::Array(rows)) => self.scratch.retain_listed(list, rows, wanted),
            Part::Rows(container) => retain_if(list, |row| container.contains(row) == wanted),
            Part::Range(range) => range.retain(list, wanted),
            Part::Union { .. } | Part::Unread => match &self.parts.plan.leaves[leaf] {
                Selection::Union(union) if !union.has_scan() && list.len() >= PUT_TOGETHER_ROWS => {
                    let mut words = self.scratch.words();
                    union.write_to(block, &mut words);
                    retain_if(list, |row| words.contains(row) == wanted);
                    self.scratch.give_back(words);
                }
                Selection::Union(union) => union.retain(block, list, wanted),
                selection => retain_if(list, |row| selection.contains(join(block, row)) == wanted),
            },
        }
    }
}

/// Takes rows out of a list that has them in the same order.
pub(super) fn remove(list: &mut Vec<u16>, gone: &[u16]) {
    let mut next = 0;
    retain_if(list, |row| {
        let is_gone = gone.get(next) == Some(&row);
        next += usize::from(is_gone);
        !is_gone
    });
}

impl Scratch<'_> {
    /// Keeps the rows that are in a sorted list, or those that are not.
    fn retain_listed(&mut self, list: &mut Vec<u16>, listed: &[u16], wanted: bool) {
        if listed.len() > SEARCH_FACTOR * list.len() {
            list.retain(|row| listed.binary_search(row).is_ok() == wanted);
            return;
        }
        // Mark those asked for, then those of them that are listed: both lists are read once.
        let [mut asked, mut both] = self.take_marks();
        list.iter().for_each(|row| asked.insert(*row));
        for row in listed {
            let word = usize::from(row >> 6);
            both.0[word] |= asked.0[word] & 1 << (row & 63);
        }
        for row in &*list {
            asked.0[usize::from(row >> 6)] = 0;
        }
        let mut kept = self.list();
        select(list, &mut kept, |row| both.contains(row) == wanted);
        for row in &*list {
            both.0[usize::from(row >> 6)] = 0;
        }
        std::mem::swap(list, &mut kept);
        self.give_back_list(kept);
        self.marks = [Some(asked), Some(both)];
    }

    /// The rows of some lists, each once.
    pub(super) fn join(&mut self, rows: impl Iterator<Item = u16>, list: &mut Vec<u16>) {
        let [mut seen, other] = self.take_marks();
        for row in rows {
            if !seen.contains(row) {
                seen.insert(row);
                list.push(row);
            }
        }
        list.iter().for_each(|row| seen.remove(*row));
        self.marks = [Some(seen), Some(other)];
    }

    /// The rows of some containers, each once.
    pub(super) fn join_containers<'c>(&mut self, containers: impl Iterator<Item = &'c Container>, list: &mut Vec<u16>) {
        let mut all = self.list();
        for container in containers {
            container.visit(|row| {
                all.push(row);
                true
            });
        }
        self.join(all.iter().copied(), list);
        self.give_back_list(all);
    }

    fn take_marks(&mut self) -> [Box<Words>; 2] {
        std::mem::take(&mut self.marks).map(|marks| marks.unwrap_or_else(Words::boxed))
    }
}
