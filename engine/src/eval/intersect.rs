//! Intersecting many rows: words, until few enough are left for a list.

use super::batch::Batch;
use super::block::{Evaluator, Found, excess, fewest};
use super::items::{ALL, Few, Form, Item};
use crate::block::{Operand, Words, retain_if, select};

/// Finding one row in words and putting it on a list.
const EXTRACT: u32 = 2;

/// Rows in words.
struct Rows {
    words: Box<Words>,
    /// How many; `None` is every row of the block, whatever the words hold.
    left: Option<u32>,
}

impl Rows {
    /// Makes the words say what `left` does.
    fn settle(&mut self) -> u32 {
        *self.left.get_or_insert_with(|| {
            self.words.0.fill(u64::MAX);
            crate::block::BLOCK_ROWS as u32
        })
    }

    /// Takes rows out. Counting all bits at the end is less work than looking at each row.
    fn remove<'r>(&mut self, lists: impl Iterator<Item = &'r [u16]>) {
        self.settle();
        for rows in lists {
            rows.iter().for_each(|row| self.words.remove(*row));
        }
        self.left = Some(self.words.count());
    }
}

impl<'p> Evaluator<'p> {
    /// Intersects items of which none is a short list.
    pub(super) fn intersect_words(&mut self, items: &[Item<'p>], block: u32) -> Found {
        let mut rows = Rows { words: self.scratch.words(), left: None };
        let mut batch = Batch::default();
        for (at, item) in items.iter().enumerate() {
            match item.form {
                Form::Few(_) => continue,
                Form::Ready(outline) if !outline.negated => {
                    outline.operands.into_iter().flatten().for_each(|operand| batch.push(operand));
                    if !batch.is_full() && at + 1 < items.len() {
                        continue;
                    }
                    batch.intersect(&mut rows.words, &mut rows.left);
                }
                Form::Ready(_) | Form::Made => {
                    batch.intersect(&mut rows.words, &mut rows.left);
                    if self.is_sparse(&rows, items, at) {
                        return self.few_of(rows, items, at, block);
                    }
                    let made = self.make(item, block);
                    if let Found::Few(mut list) = made {
                        if rows.left.is_some() {
                            retain_if(&mut list, |row| rows.words.contains(row));
                        }
                        self.scratch.give_back(rows.words);
                        return self.thinned(list, unsettled(items, at + 1), block);
                    }
                    self.take(&mut rows, made);
                }
            }
            if self.is_sparse(&rows, items, at + 1) {
                return self.few_of(rows, items, at + 1, block);
            }
        }
        batch.intersect(&mut rows.words, &mut rows.left);
        if let Some((_, list)) = fewest(items) {
            return self.few_among(rows, list, items, items.len(), block);
        }
        if items.iter().flat_map(excess).any(|excess| !excess.is_empty()) {
            rows.remove(items.iter().flat_map(excess));
        }
        match rows.settle() {
            0 => {
                self.scratch.give_back(rows.words);
                Found::Nobody
            }
            count => Found::Bits { words: rows.words, negated: false, count: Some(count) },
        }
    }

    /// Intersects rows with a child that was put together.
    fn take(&mut self, rows: &mut Rows, made: Found) {
        match made {
            Found::Everybody => {}
            Found::Nobody | Found::Few(_) => rows.left = Some(0),
            Found::AllBut(list) => {
                rows.remove([&*list].into_iter());
                self.scratch.give_back_list(list);
            }
            Found::Bits { words, negated, .. } => {
                let mut batch = Batch::default();
                batch.push(Operand { words: &words, negated });
                batch.intersect(&mut rows.words, &mut rows.left);
                self.scratch.give_back(words);
            }
        }
    }

    /// Whether asking for each row left is cheaper than reading on; `next` is the first item not yet read.
    fn is_sparse(&self, rows: &Rows, items: &[Item<'p>], next: usize) -> bool {
        let Some(left) = rows.left else { return false };
        if left == 0 || fewest(items).is_some() {
            return true;
        }
        let (mut dense, mut probes, mut share, mut any) = (0, EXTRACT * ALL, ALL, false);
        for item in unsettled(items, next) {
            any = true;
            dense += item.dense.saturating_sub(item.fixed);
            probes += item.probe * share;
            share = share * item.share / ALL;
        }
        any && u64::from(left) * u64::from(probes) < u64::from(ALL * dense)
    }

    /// Goes on with the rows left as a list.
    fn few_of(&mut self, rows: Rows, items: &[Item<'p>], next: usize, block: u32) -> Found {
        let left = rows.left.unwrap_or(0);
        if left == 0 {
            self.scratch.give_back(rows.words);
            return Found::Nobody;
        }
        if let Some((_, list)) = fewest(items) {
            return self.few_among(rows, list, items, next, block);
        }
        let mut list = self.scratch.list();
        rows.words.append_to(&mut list, left as usize);
        self.scratch.give_back(rows.words);
        self.thinned(list, unsettled(items, next), block)
    }

    /// Goes on with those rows left that are in a list.
    fn few_among(&mut self, rows: Rows, few: Few<'p>, items: &[Item<'p>], next: usize, block: u32) -> Found {
        let mut list = self.scratch.list();
        match (rows.left, few) {
            (Some(_), Few::Listed(few)) => select(few, &mut list, |row| rows.words.contains(row)),
            (left, few) => {
                few.append_to(&mut list);
                if left.is_some() {
                    retain_if(&mut list, |row| rows.words.contains(row));
                }
            }
        }
        self.scratch.give_back(rows.words);
        self.thinned(list, unsettled(items, next), block)
    }
}

/// Items that have not been read, and those read that hold rows in excess.
fn unsettled<'i, 'p>(items: &'i [Item<'p>], next: usize) -> impl Iterator<Item = &'i Item<'p>> {
    items
        .iter()
        .enumerate()
        .filter(move |(at, item)| {
            let is_open = matches!(item.form, Form::Few(_)) || excess(item).iter().any(|rows| !rows.is_empty());
            *at >= next || is_open
        })
        .map(|(_, item)| item)
}
