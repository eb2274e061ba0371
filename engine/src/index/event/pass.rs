//! One pass over a block's events of a type, for tests of which nothing lies ready.
//!
//! Filters are decided for all events first, column by column, so that times are looked at only where an event passes.
//! What has to be followed is looked for from the rarer of the two sides.

use super::measure::Sum;
use super::scan::{EventScan, Reader};
use crate::block::Words;
use crate::event::{Chunk, Cursor, Events, Run};

impl<'v> EventScan<'v> {
    /// Writes the rows that reading finds; `out` is empty.
    pub(super) fn write_read(&self, block: u32, run: &'v Run, out: &mut Words) {
        match run.base() {
            _ if !self.followers.is_empty() => return self.write_followed(block, run, out),
            Some(base) if self.filters.is_empty() => self.write_measured(base, out),
            Some(base) => self.write_filtered(base, out),
            None => {}
        }
        self.write_aside(block, run, &run.changed_rows().collect::<Vec<_>>(), out);
    }

    fn write_measured(&self, base: &Chunk, out: &mut Words) {
        let column = self.measure.property().and_then(|property| base.column(property));
        base.each_window(self.span, |row, places| {
            let sum = self.measure.of_places(base, column, places);
            if self.measure.holds(&sum) != self.holds_for_none {
                out.insert(row);
            }
        });
    }

    fn write_filtered(&self, base: &Chunk, out: &mut Words) {
        let mut places = base.all_places();
        for filter in &self.filters {
            match base.column(filter.property) {
                Some(column) => column.keep(&mut places, filter.negated, |key| filter.wanted.holds(key)),
                None if filter.negated => {}
                None => return,
            }
        }
        let column = self.measure.property().and_then(|property| base.column(property));
        let (mut of, mut sum) = (None, Sum::default());
        let mut close = |of: Option<usize>, sum: &Sum| {
            if let Some(index) = of.filter(|_| self.measure.holds(sum) != self.holds_for_none) {
                out.insert(base.rows()[index]);
            }
        };
        base.each_of(&places, self.span, |index, place| {
            if of != Some(index) {
                close(of, &sum);
                (of, sum) = (Some(index), Sum::default());
            }
            self.measure.add(&mut sum, base, place, column.and_then(|column| column.get(place)));
        });
        close(of, &sum);
    }

    fn write_followed(&self, block: u32, run: &'v Run, out: &mut Words) {
        let mut reader = Reader::new(self, block);
        let mut ask = |row, events: Events<'v>| {
            if reader.selects(row, events) {
                out.insert(row);
            }
        };
        let Some(then) = self.followers.iter().find(|follower| follower.wanted) else { return run.each_row(ask) };
        match self.data.run(block, then.event) {
            Some(next) if next.len() < run.len() => {
                let mut cursor = Cursor::new(run);
                next.each_row(|row, _| {
                    if let Some(events) = cursor.row(row) {
                        ask(row, events);
                    }
                });
            }
            Some(_) => run.each_row(ask),
            None => {}
        }
    }
}
