//! Tests of events that are asked again: what they ask of each row's events, laid beside these.
//!
//! Where nothing is asked but how many events are chosen, these are laid. Of any other test the instants are laid at
//! which it *turns*: as its window begins earlier and earlier, one event after the other comes into it, and the test
//! holds, or holds no more. So a test holds for a window that ends with the newest event if an odd number of its turns
//! lie in the window (or an even number, if it holds for who has no event). Neither depends on when the window begins.
//!
//! Rows that are looked at one by one: those whose events, or whose followers, have changed since or lie beyond the end.

use std::sync::Arc;

use super::measure::Sum;
use super::scan::{EventScan, Reader};
use crate::block::Words;
use crate::event::{Cursor, Events, Run};
use crate::rule::{Asked, CheckedEvents, LeafTest};

impl<'v> EventScan<'v> {
    /// What is asked but for when, if that is the same at every instant.
    pub(super) fn name_of(&self, events: &CheckedEvents) -> Option<String> {
        if events.chosen().any(|chosen| chosen.moving().next().is_some()) {
            return None;
        }
        let chosen = (&events.chosen.conditions, &events.then, &events.not_followed_by);
        match &events.asked {
            _ if self.counted().is_some() => Some(format!("chosen {chosen:?}")),
            Asked::Key(LeafTest::Window { .. }) => None,
            asked => Some(format!("turns {chosen:?} {:?} {asked:?}", events.measure)),
        }
    }

    /// Writes the rows by the events that are chosen, where these lie beside the others; `false` where they do not.
    pub(super) fn write_chosen(
        &self,
        counts: (usize, Option<usize>),
        block: u32,
        run: &'v Run,
        out: &mut Words,
    ) -> bool {
        let laid = self.laid(block, run, |reader, row, events, put| reader.list_chosen(row, events, put));
        let Some((chosen, aside)) = laid else { return false };
        self.write_counted(counts, &chosen, out);
        self.write_aside(block, run, &aside, out);
        true
    }

    /// Writes the rows by the instants at which the test turns, where these lie beside the events; `false` where they do
    /// not.
    pub(super) fn write_turned(&self, block: u32, run: &'v Run, out: &mut Words) -> bool {
        // Turns are told as of windows that end with the newest event.
        let Some(late) = run.rows_later_than(self.span.1) else { return false };
        let laid = self.laid(block, run, |reader, row, events, put| reader.list_turns(row, events, put));
        let Some((turns, aside)) = laid else { return false };
        turns.write_odd(self.span.0, out);
        self.write_aside(block, run, &aside, out);
        self.write_aside(block, run, late, out);
        true
    }

    /// What is laid beside a run for this test, and the rows for which that says nothing.
    fn laid(
        &self,
        block: u32,
        run: &'v Run,
        mut list: impl FnMut(&mut Reader<'_, 'v>, u16, Events<'v>, &mut dyn FnMut(i64)),
    ) -> Option<(Arc<Run>, Vec<u16>)> {
        let name = self.name.as_ref()?;
        let mut aside: Vec<u16> = run.changed_rows().collect();
        let mut beside = Vec::with_capacity(self.followers.len());
        for follower in &self.followers {
            // A follower that is kept no more would follow an event that is.
            if follower.span.0 > self.span.0 {
                return None;
            }
            let run = self.data.run(block, follower.event);
            aside.extend(run.into_iter().flat_map(Run::changed_rows));
            aside.extend(run.map_or(Some(&[][..]), |run| run.rows_later_than(follower.span.1))?);
            beside.push(run);
        }
        let mut reader = Reader::as_laid(self, block);
        Some((run.laid(name, &beside, |row, events, put| list(&mut reader, row, events, put))?, aside))
    }

    /// Looks at some rows one by one.
    pub(super) fn write_aside(&self, block: u32, run: &'v Run, rows: &[u16], out: &mut Words) {
        if rows.is_empty() {
            return;
        }
        let mut rows = rows.to_vec();
        rows.sort_unstable();
        rows.dedup();
        let (mut reader, mut cursor) = (Reader::new(self, block), Cursor::new(run));
        for row in rows {
            if cursor.row(row).is_some_and(|events| reader.selects(row, events)) {
                out.insert(row);
            } else {
                out.remove(row);
            }
        }
    }
}

impl<'v> Reader<'_, 'v> {
    /// Lists the events of a row that are chosen, of all times.
    fn list_chosen(&mut self, row: u16, events: Events<'v>, put: &mut dyn FnMut(i64)) {
        self.each(row, events, events.places(), |place| {
            put(events.time(place - events.places().start));
            true
        });
    }

    /// Lists the instants at which the test of a row turns when its window begins there and no longer just after.
    fn list_turns(&mut self, row: u16, events: Events<'v>, put: &mut dyn FnMut(i64)) {
        let scan = self.scan;
        let chunk = events.chunk();
        let measured = scan.measure.property().map(|property| chunk.column(property));
        let (mut sum, mut time, mut held) = (Sum::default(), None, scan.holds_for_none);
        let mut turn = |sum: &Sum, time: Option<i64>| {
            if let Some(time) = time.filter(|_| scan.measure.holds(sum) != held) {
                held = !held;
                put(time);
            }
        };
        self.each(row, events, events.places(), |place| {
            // Events of one instant begin to count together.
            let next = Some(chunk.time(place));
            if time != next {
                turn(&sum, time);
                time = next;
            }
            let value = measured.flatten().and_then(|column| column.get(place));
            scan.measure.add(&mut sum, chunk, place, value);
            true
        });
        turn(&sum, time);
    }
}
