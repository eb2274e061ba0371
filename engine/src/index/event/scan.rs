//! The rows whose events are what was asked for, found by reading them.

use std::ops::Range;

use super::chosen::{Columns, Followers};
use super::measure::{Measure, Sum};
use super::wanted::{Filter, Wanted};
use crate::block::{Container, Words, split};
use crate::event::{Chunk, Cursor, EventData, Events, Run, kept_from};
use crate::id::{EventTypeId, FieldId};
use crate::rule::{Asked, CheckedEvents, CheckedFollower, CheckedMeasure, EventSpan, LeafTest};
use crate::schema::Value;
use crate::time::{DAY_US, Timestamp};

/// A test of events, ready to be asked of every row that has such events.
///
/// A row without any event of the type passes or fails whatever it is; the scan selects the rows for which the answer is
/// another one, so that it never selects a row without events.
#[derive(Debug)]
pub struct EventScan<'v> {
    pub(super) data: &'v EventData,
    event: EventTypeId,
    pub(super) filters: Vec<Filter>,
    /// What is asked but for when, if that is the same at every instant and is to be laid beside the events.
    pub(super) name: Option<String>,
    /// Least and greatest time of an event, both included.
    pub(super) span: (i64, i64),
    pub(super) followers: Vec<FollowerScan>,
    pub(super) measure: Measure,
    /// Whether nothing is asked but that one event of a type is before one of another.
    is_of_pairs: bool,
    /// Whether the test holds for who has no such event.
    pub(super) holds_for_none: bool,
}

/// What has, or has not, to have happened after an event.
#[derive(Debug)]
pub(super) struct FollowerScan {
    pub(super) event: EventTypeId,
    filters: Vec<Filter>,
    /// Microseconds; none for ever.
    within: Option<i64>,
    pub(super) wanted: bool,
    /// Least and greatest time, both included.
    pub(super) span: (i64, i64),
}

/// The columns of one thread's pass over a block.
pub(super) struct Reader<'s, 'v> {
    pub(super) scan: &'s EventScan<'v>,
    columns: Columns<'s, 'v>,
    followers: Vec<Followers<'s, 'v>>,
}

impl<'v> EventScan<'v> {
    /// The test at an instant.
    pub fn new(events: &CheckedEvents, data: &'v EventData, now: Timestamp) -> Self {
        let filters =
            |conditions: &[_]| conditions.iter().map(|condition| Filter::new(condition, data, now)).collect::<Vec<_>>();
        // What is older than its type is kept counts no more, also before a checkpoint takes it away.
        let kept = |event| kept_from(now, data.schema().event_type(event).retention_days).unwrap_or(i64::MIN);
        let follower = |follower: &CheckedFollower, wanted| FollowerScan {
            event: follower.chosen.event,
            span: (kept(follower.chosen.event), now.0),
            filters: filters(&follower.chosen.conditions),
            within: follower.within_days.map(|days| days * DAY_US),
            wanted,
        };
        let then = events.then.iter().map(|then| follower(then, true));
        let not_followed_by = events.not_followed_by.iter().map(|then| follower(then, false));
        let measure = Measure::new(events.measure, Wanted::of_measure(&events.asked, now), data.schema());
        let (first, last) = events.window.times(now);
        let holds_for_none = measure.holds(&Sum::default());
        let is_of_pairs = events.not_followed_by.is_none()
            && events.then.as_ref().is_some_and(|then| then.chosen.conditions.is_empty())
            && events.chosen.conditions.is_empty()
            && measure.counts() == Some((1, i64::MAX));
        Self {
            data,
            event: events.chosen.event,
            name: None,
            filters: filters(&events.chosen.conditions),
            span: (first.max(kept(events.chosen.event)), last),
            followers: then.chain(not_followed_by).collect(),
            measure,
            is_of_pairs,
            holds_for_none,
        }
    }

    /// The same that lays what is asked again beside the events.
    #[must_use]
    pub fn that_lays(mut self, events: &CheckedEvents) -> Self {
        self.name = self.name_of(events);
        self
    }

    /// Those for whom anything can be measured; none where that is everybody.
    pub fn measured(events: &CheckedEvents, data: &'v EventData, now: Timestamp) -> Option<Self> {
        if matches!(events.measure, CheckedMeasure::Count | CheckedMeasure::Sum(_)) {
            return None;
        }
        let field = events.measure.property().unwrap_or(FieldId(0));
        let asked = Asked::Key(LeafTest::Exists { field });
        let has_any = CheckedEvents { asked, ..events.clone() };
        Some(Self::new(&has_any, data, now).that_lays(&has_any))
    }

    /// How many rows of a block's container are not selected.
    pub fn count_without(&self, block: u32, rows: &Container) -> u64 {
        let mut words = Words::boxed();
        self.write_to(block, &mut words);
        let mut count = 0;
        rows.visit(|row| {
            count += u64::from(!words.contains(row));
            true
        });
        count
    }

    /// Whether the test holds for whoever has no such event, so that the scan selects those for whom it does not.
    pub fn is_of_others(&self) -> bool {
        self.holds_for_none
    }

    /// Rows with events of the type, at most: as many as there are events.
    pub fn at_most(&self) -> u64 {
        self.data.count(self.event)
    }

    /// Whether no row of a block has any event of the type.
    pub fn is_empty_in(&self, block: u32) -> bool {
        self.data.run(block, self.event).is_none_or(Run::is_empty)
    }

    /// Whether a row is selected.
    pub fn contains(&self, row: u32) -> bool {
        let (block, offset) = split(row);
        let events = self.data.run(block, self.event).and_then(|run| run.row(offset));
        events.is_some_and(|events| Reader::new(self, block).selects(offset, events))
    }

    /// Whether the test holds for a row.
    pub fn holds(&self, row: u32) -> bool {
        self.contains(row) != self.holds_for_none
    }

    /// What is measured of a row; none when there is nothing to measure. An average is cut off after two digits more than
    /// the property has.
    pub fn value(&self, row: u32) -> Option<Value> {
        let (block, offset) = split(row);
        let (first, last) = self.span;
        let events = self.data.run(block, self.event).and_then(|run| run.row(offset)).filter(|_| first <= last);
        let sum = events.map_or_else(Sum::default, |events| {
            Reader::new(self, block).sum(offset, events, events.between(first, last), false)
        });
        self.measure.shown(&sum, self.data.schema())
    }

    /// Writes the rows of a block over `out`.
    pub fn write_to(&self, block: u32, out: &mut Words) {
        out.0.fill(0);
        let Some(run) = self.data.run(block, self.event).filter(|_| self.span.0 <= self.span.1) else { return };
        let is_written = match self.counted() {
            Some(counts) if self.is_plain() => {
                self.write_counted(counts, run, out);
                true
            }
            Some(counts) => self.write_chosen(counts, block, run, out),
            None => self.write_turned(block, run, out),
        };
        if !is_written {
            self.write_read(block, run, out);
        }
    }

    /// Whether all events of the window are chosen.
    fn is_plain(&self) -> bool {
        self.filters.is_empty() && self.followers.is_empty()
    }

    pub(super) fn write_counted(&self, (least, beyond): (usize, Option<usize>), run: &Run, out: &mut Words) {
        run.write_at_least(least, self.span, out);
        if let Some(beyond) = beyond {
            let mut more = Words::boxed();
            run.write_at_least(beyond, self.span, &mut more);
            out.and_not(&more);
        }
    }

    /// The least number of events of those who are selected, and the least that is too many, when nothing is asked but how
    /// many events of a window are chosen.
    pub(super) fn counted(&self) -> Option<(usize, Option<usize>)> {
        let (lo, hi) = self.measure.counts().filter(|(lo, hi)| lo <= hi)?;
        let beyond = hi.checked_add(1).map(usize::try_from).transpose().ok()?;
        if self.holds_for_none {
            // Selected are those with more.
            return Some((beyond?, None));
        }
        Some((usize::try_from(lo).ok()?, beyond))
    }
}

impl<'s, 'v> Reader<'s, 'v> {
    pub(super) fn new(scan: &'s EventScan<'v>, block: u32) -> Self {
        Self::with(scan, block, |run, follower| {
            Followers::new(run.map(Cursor::new), &follower.filters, follower.span, follower.within)
        })
    }

    /// Followers of any time are looked at, as they were laid.
    pub(super) fn as_laid(scan: &'s EventScan<'v>, block: u32) -> Self {
        Self::with(scan, block, |run, follower| {
            Followers::new(run.map(Cursor::of_base), &follower.filters, (i64::MIN, i64::MAX), follower.within)
        })
    }

    fn with(
        scan: &'s EventScan<'v>,
        block: u32,
        followers: impl Fn(Option<&'v Run>, &'s FollowerScan) -> Followers<'s, 'v>,
    ) -> Self {
        let of = |follower: &'s FollowerScan| followers(scan.data.run(block, follower.event), follower);
        Self { scan, columns: Columns::new(&scan.filters), followers: scan.followers.iter().map(of).collect() }
    }

    /// Whether a row is selected.
    pub(super) fn selects(&mut self, row: u16, events: Events<'v>) -> bool {
        let scan = self.scan;
        let (first, last) = scan.span;
        if let Some([follower]) = self.followers.first_chunk_mut().filter(|_| scan.is_of_pairs) {
            follower.turn_to(row);
            return follower.has_before(events, (first, last));
        }
        let places = if first > last { 0..0 } else { events.between(first, last) };
        if places.is_empty() {
            return false;
        }
        if let (true, true, Some((lo, hi))) = (scan.followers.is_empty(), self.columns.is_open(), scan.measure.counts())
        {
            // A row has fewer events than 63 bits count.
            return (lo..=hi).contains(&(places.len() as i64)) != scan.holds_for_none;
        }
        let sum = self.sum(row, events, places, true);
        scan.measure.holds(&sum) != scan.holds_for_none
    }

    /// The measure of events at some places; up to where no more can make a difference, if that is enough.
    fn sum(&mut self, row: u16, events: Events<'v>, places: Range<usize>, is_enough: bool) -> Sum {
        let scan = self.scan;
        let chunk = events.chunk();
        let measured = scan.measure.property().map(|property| chunk.column(property));
        let mut sum = Sum::default();
        self.each(row, events, places, |place| {
            let value = measured.flatten().and_then(|column| column.get(place));
            scan.measure.add(&mut sum, chunk, place, value);
            !(is_enough && scan.measure.is_settled(&sum))
        });
        sum
    }

    /// Visits events at some places that are chosen, the newest first, until `visit` says that it is enough.
    #[inline]
    pub(super) fn each(
        &mut self,
        row: u16,
        events: Events<'v>,
        places: Range<usize>,
        mut visit: impl FnMut(usize) -> bool,
    ) {
        let scan = self.scan;
        self.columns.turn_to(events.chunk());
        self.followers.iter_mut().for_each(|followers| followers.turn_to(row));
        // Only what lies before a follower, and near enough, is followed.
        let mut places = places;
        for (follower, _) in self.followers.iter().zip(&scan.followers).filter(|(_, asked)| asked.wanted) {
            let Some((first, last)) = follower.followed() else { return };
            let near = events.between(first, last);
            places = places.start.max(near.start)..places.end.min(near.end);
        }
        let chunk = events.chunk();
        for place in places {
            if !self.columns.pass(place) {
                continue;
            }
            let is_followed = |(follower, asked): (&mut Followers<'_, '_>, &FollowerScan)| {
                let time = chunk.time(place);
                let next = follower.after(time);
                next.is_some_and(|next| follower.is_near(time, next)) == asked.wanted
            };
            if self.followers.iter_mut().zip(&scan.followers).all(is_followed) && !visit(place) {
                break;
            }
        }
    }
}

impl<'v> EventScan<'v> {
    /// The events that are chosen, for whoever makes something else of them than a test. Events of the future are
    /// among them, unless the window ends before: windows begin before `instant`, and end with what is there.
    pub fn of_kept(events: &CheckedEvents, data: &'v EventData, instant: Timestamp) -> Self {
        let mut scan = Self::new(events, data, instant);
        let (first, last) = events.window.times(instant);
        scan.span = match events.window {
            EventSpan::Ever | EventSpan::Within(_) => (first, i64::MAX),
            EventSpan::Between(first, last) => (first, last),
            EventSpan::Before(_) => (first, last),
        };
        for follower in &mut scan.followers {
            follower.span = (i64::MIN, i64::MAX);
        }
        scan
    }

    /// The same of one block.
    pub fn chosen_in(&self, block: u32) -> ChosenEventsOf<'_, 'v> {
        ChosenEventsOf { cursor: self.data.run(block, self.event).map(Cursor::new), reader: Reader::new(self, block) }
    }
}

/// The chosen events of a block's rows.
pub struct ChosenEventsOf<'s, 'v> {
    cursor: Option<Cursor<'v>>,
    reader: Reader<'s, 'v>,
}

impl<'v> ChosenEventsOf<'_, 'v> {
    /// Visits the chosen events of a row by their chunk and place, the newest first; rows are asked in ascending order.
    pub fn each(&mut self, offset: u16, mut visit: impl FnMut(&'v Chunk, usize)) {
        let (first, last) = self.reader.scan.span;
        let events = self.cursor.as_mut().and_then(|cursor| cursor.row(offset));
        let Some(events) = events.filter(|_| first <= last) else { return };
        self.reader.each(offset, events, events.between(first, last), |place| {
            visit(events.chunk(), place);
            true
        });
    }
}
