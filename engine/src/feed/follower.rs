//! From one moment to the next: who entered and who left, because time passed and because something was written.
//!
//! A follower holds the last state it has looked at. It is told of the next one and of the rows that changed, and knows
//! by itself when time alone will change something next. Time first: what a boundary moves is decided on the state that
//! was valid then, each at its own instant. Then everything that was written, as it is at the new instant; of several
//! versions at once only what is different in the end is told.
//!
//! It has no clock and keeps nothing: what it finds is a [`Step`], which a [`super::Feed`] remembers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use super::difference::{Between, Moment, Reason, Who, tell_all};
use super::order::{Order, Wanted};
use super::record::Feed;
use super::step::{Cause, Found, Move, Population, Step};
use crate::block::Set;
use crate::id::{Row, SegmentId};
use crate::limits::FEED_CROSSINGS_MAX;
use crate::plan::Boundary;
use crate::segment::{SegmentKind, rows_of_segments};
use crate::tenant::{Marked, State, Tenant};
use crate::time::Timestamp;

/// Changed rows up to which their own boundaries are looked at; with more, all are searched anew.
const AGENDA_ROWS_MAX: u64 = 1_024;

/// Whoever knows what has been told.
#[derive(Debug)]
pub struct Follower {
    state: Arc<State>,
    now: Timestamp,
    order: Order,
    /// By boundary, the first instant at which it may move somebody.
    agenda: BTreeMap<Boundary, i64>,
    crossings_max: u64,
}

impl Follower {
    /// Begins at a moment.
    pub fn new(state: Arc<State>, now: Timestamp) -> Self {
        let order = Order::new(&state.segments, (&state.view).into());
        let mut follower = Self { state, now, order, agenda: BTreeMap::new(), crossings_max: FEED_CROSSINGS_MAX };
        follower.plan_ahead();
        follower
    }

    /// The same that looks at each instant only of so many crossings of boundaries in a step.
    #[must_use]
    pub fn with_crossings_max(mut self, crossings: u64) -> Self {
        self.crossings_max = crossings;
        self
    }

    /// The step that begins to follow all segments.
    pub fn beginning(&self) -> Step {
        let begun = self.sizes(self.state.segments.iter().map(|segment| segment.id));
        Step { begun, population: Some(self.population()), ..self.quiet() }
    }

    /// Goes on where a feed was when a process ended, with the steps that bring it up to `now`: first what was written
    /// then and not told, then the time since. `marked` is the state that the feed has told of last; without it, every
    /// segment is followed anew from `now` on.
    pub fn resume(tenant: &Tenant, feed: &Feed, marked: Marked, now: Timestamp) -> (Self, Vec<Step>) {
        let Some(marked) = marked else {
            let follower = Self::new(tenant.follow(), now);
            let is_gone = |id: &SegmentId| follower.state.segments.get(*id).is_err();
            let ended = feed.tracks().map(|(id, _)| id).filter(is_gone).collect();
            let step = Step { ended, ..follower.beginning() };
            return (follower, vec![step]);
        };
        let mut follower = Self::new(marked, feed.now);
        let (state, rows) = tenant.news(u64::MAX, Duration::ZERO);
        let mut steps = [feed.now, now].map(|now| follower.advance(state.clone(), &rows, now));
        if feed.population.last_count().is_none() {
            // An earlier version of the program has written the feed.
            steps[1].population = Some(follower.population());
        }
        (follower, steps.into())
    }

    /// The state that was looked at last.
    pub fn state(&self) -> &Arc<State> {
        &self.state
    }

    /// The instant of the last step.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The first instant at which time alone may move somebody; nobody moves before, unless something is written.
    pub fn next_instant(&self) -> Option<Timestamp> {
        self.agenda.values().min().map(|instant| Timestamp(*instant))
    }

    /// Goes on to a state, in which nothing but `rows` has changed, and an instant that is not before the last.
    pub fn advance(&mut self, state: Arc<State>, rows: &Set, now: Timestamp) -> Step {
        let now = now.max(self.now);
        let mut found = Found::default();
        self.pass_time(now, &mut found);
        let mut step = self.quiet();
        if !Arc::ptr_eq(&state, &self.state) {
            self.pass_changes(state, rows, &mut step, &mut found);
        }
        let (moves, bulk) = found.finish();
        Step { version: self.state.version, moves, bulk, ..step }
    }

    fn quiet(&self) -> Step {
        Step {
            version: self.state.version,
            now: self.now,
            ended: Vec::new(),
            begun: Vec::new(),
            moves: Vec::new(),
            bulk: Vec::new(),
            population: None,
        }
    }

    /// As many as there are, none of them new.
    fn population(&self) -> Population {
        Population { count: self.state.view.live().len(), came: 0, went: 0 }
    }

    /// Searches the next instant of every boundary.
    fn plan_ahead(&mut self) {
        let view = &self.state.view;
        let next = |boundary: &Boundary| Some((*boundary, boundary.next(view, self.now)?));
        self.agenda = self.order.by_boundary.keys().filter_map(next).collect();
    }

    fn sizes(&self, segments: impl Iterator<Item = SegmentId>) -> Vec<(SegmentId, u64)> {
        let size = |id| Some((id, self.state.segment_count(id, self.now).ok()?));
        segments.filter_map(size).collect()
    }

    /// Everything that time alone does until `now`.
    fn pass_time(&mut self, now: Timestamp, found: &mut Found) {
        let due: Vec<Boundary> =
            self.agenda.iter().filter(|(_, instant)| **instant <= now.0).map(|(boundary, _)| *boundary).collect();
        if due.is_empty() {
            self.now = now;
            return;
        }
        let state = self.state.clone();
        let view = &state.view;
        let wanted = self.order.with_needs(due.iter().flat_map(|boundary| &self.order.by_boundary[boundary]));
        let count: u64 = due.iter().map(|boundary| boundary.crossing_count(view, self.now, now)).sum();
        let mut crossing: BTreeMap<i64, Vec<u32>> = BTreeMap::new();
        for boundary in &due {
            boundary.crossings(view, self.now, now, &mut |block, instant, rows| {
                // Too many to look at each instant: as if all were at the last.
                let instant = if count > self.crossings_max { now.0 } else { instant };
                let rows = rows.iter().map(|row| crate::block::join(block, *row));
                crossing.entry(instant).or_default().extend(rows);
            });
        }
        for (instant, rows) in crossing {
            let instant = Timestamp(instant);
            let before = if count > self.crossings_max { self.now } else { Timestamp(instant.0 - 1) };
            let rows = Set::from_rows(rows).and(view.live());
            self.flips(&wanted, &rows, before, instant, found);
        }
        self.now = now;
        for boundary in due {
            match boundary.next(view, now) {
                Some(instant) => self.agenda.insert(boundary, instant),
                None => self.agenda.remove(&boundary),
            };
        }
    }

    /// What is different for some rows between two instants.
    fn flips(&self, wanted: &Wanted, rows: &Set, before: Timestamp, at: Timestamp, found: &mut Found) {
        let moment = |now| Moment { order: &self.order, state: &self.state, now };
        let between = Between {
            before: moment(before),
            after: moment(at),
            except: &BTreeSet::new(),
            reason: Reason::Time(wanted),
        };
        between.among(rows, &mut |segment, who, entered| match who {
            Who::Many(count) => found.add_many(segment, count, entered),
            Who::Row(row) => found.add(Move { segment, at, row: Row(row), id: None, entered, cause: Cause::Time }),
        });
    }

    /// Everything that was written until `next`.
    fn pass_changes(&mut self, next: Arc<State>, rows: &Set, step: &mut Step, found: &mut Found) {
        let before = self.state.clone();
        let is_same_order = self.order.is_of(&next.segments);
        let order = if is_same_order { None } else { Some(Order::new(&next.segments, (&next.view).into())) };
        let after = order.as_ref().unwrap_or(&self.order);
        let changed = Definitions::compare(&self.order, after, rows);
        let now = self.now;
        let mut tell = |segment, who, entered: bool, cause| {
            let row = match who {
                Who::Many(count) => return found.add_many(segment, count, entered),
                Who::Row(row) => row,
            };
            let is_gone = !entered && !next.view.live().contains(row) && before.view.live().contains(row);
            let id = is_gone.then(|| before.view.id(Row(row)).into());
            let cause = if is_gone { Cause::Erase } else { cause };
            found.add(Move { segment, at: now, row: Row(row), id, entered, cause });
        };
        for (segment, was, is) in changed.sets(&before, &next, now) {
            tell_all(&was.and_not(&is), &mut |who| tell(segment, who, false, Cause::Definition));
            tell_all(&is.and_not(&was), &mut |who| tell(segment, who, true, Cause::Definition));
        }
        let between = Between {
            before: Moment { order: &self.order, state: &before, now },
            after: Moment { order: after, state: &next, now },
            except: &changed.redefined,
            reason: Reason::Values(&changed.lists),
        };
        between.among(rows, &mut |segment, who, entered| tell(segment, who, entered, Cause::Write));
        step.population = population(&before, &next, rows);
        self.state = next;
        if let Some(order) = order {
            self.order = order;
            self.plan_ahead();
        } else {
            self.note(rows);
        }
        step.begun = self.sizes(changed.begun.into_iter());
        step.ended = changed.ended;
        // Nobody else may hold it, and then taking apart what large runs of events were takes longer than all the above.
        rayon::spawn(move || drop(before));
    }

    /// Brings the agenda up to date after some rows changed. An instant too early costs a look for nothing.
    fn note(&mut self, rows: &Set) {
        if rows.len() > AGENDA_ROWS_MAX {
            return self.plan_ahead();
        }
        for row in rows.rows() {
            for &boundary in self.order.by_boundary.keys() {
                let Some(instant) = boundary.next_of_row(&self.state.view, row, self.now) else { continue };
                let next = self.agenda.entry(boundary).or_insert(instant);
                *next = instant.min(*next);
            }
        }
    }
}

/// Who came and who went, if anybody did; nobody but `rows` did.
fn population(before: &State, after: &State, rows: &Set) -> Option<Population> {
    let (was, is) = (rows.and(before.view.live()), rows.and(after.view.live()));
    let (came, went) = (is.and_not(&was).len(), was.and_not(&is).len());
    (came + went > 0).then(|| Population { count: after.view.live().len(), came, went })
}

/// How the segments of two states differ.
#[derive(Debug, Default)]
struct Definitions {
    begun: Vec<SegmentId>,
    ended: Vec<SegmentId>,
    /// Those that mean something else now, by themselves or because of one they refer to.
    redefined: BTreeSet<SegmentId>,
    /// Lists of people that changed because some came or went.
    lists: BTreeSet<SegmentId>,
}

impl Definitions {
    fn compare(before: &Order, after: &Order, rows: &Set) -> Self {
        let mut found = Self::default();
        let is_gone = |id: &SegmentId| after.place(*id).is_none();
        found.ended = before.segments.iter().map(|segment| segment.id).filter(is_gone).collect();
        let mut other = BTreeSet::new();
        for (place, segment) in after.segments.iter().enumerate() {
            let Some(was) = before.place(segment.id).map(|place| &before.segments[place]) else {
                found.begun.push(segment.id);
                continue;
            };
            match (&was.kind, &segment.kind) {
                _ if Arc::ptr_eq(was, segment) => {}
                (SegmentKind::Dynamic { rule: was, .. }, SegmentKind::Dynamic { rule: is, .. }) if was == is => {}
                (SegmentKind::Lookalike { model: was, .. }, SegmentKind::Lookalike { model: is, .. }) if was == is => {}
                (SegmentKind::Static(was), SegmentKind::Static(is)) if Arc::ptr_eq(&was.rows, &is.rows) => {}
                (SegmentKind::Static(was), SegmentKind::Static(is))
                    if was.rows.and_not(&is.rows).or(&is.rows.and_not(&was.rows)).and_not(rows).is_empty() =>
                {
                    found.lists.insert(segment.id);
                }
                _ => {
                    other.insert(place);
                }
            }
        }
        let began = |place: &usize| before.place(after.segments[*place].id).is_none();
        let redefined = after.dependents(other).into_iter().filter(|place| !began(place));
        found.redefined = redefined.map(|place| after.segments[place].id).collect();
        found
    }

    /// The redefined segments with their rows before and after.
    fn sets(&self, before: &State, after: &State, now: Timestamp) -> Vec<(SegmentId, Arc<Set>, Arc<Set>)> {
        let ids: Vec<SegmentId> = self.redefined.iter().copied().collect();
        let rows = |state: &State| rows_of_segments(&ids, &state.segments, &state.view, now, &state.cache);
        let (mut was, mut is) = (rows(before), rows(after));
        let mut set = |id| Some((id, was.remove(&id)?, is.remove(&id)?));
        ids.into_iter().filter_map(&mut set).collect()
    }
}
