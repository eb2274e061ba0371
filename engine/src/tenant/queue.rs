//! Who writes next: one caller at a time leads, and does the work of those who came while another one led.
//!
//! No thread of its own is needed: whoever finds nobody at work begins at once; everybody else waits to be answered, or
//! to be called to lead. Whoever comes first is served first. `tests/models` reads this file as well and tries every
//! order in which few threads can come.

use std::collections::VecDeque;
use std::time::Duration;

use super::change::Change;
use crate::command::Outcome;
use crate::error::{Error, Result};
use crate::sync::{Arc, Condvar, Mutex};

/// The callers, in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Queue {
    line: Mutex<Line>,
    /// Told when as many wait as the leader waits for.
    company: Condvar,
}

#[derive(Debug, Default)]
struct Line {
    waiting: VecDeque<Arc<Seat>>,
    has_leader: bool,
    /// How many the leader waits for; 0 when it does not.
    awaited: usize,
}

/// One caller's place.
#[derive(Debug, Default)]
pub(super) struct Seat {
    place: Mutex<Place>,
    called: Condvar,
}

#[derive(Debug, Default)]
struct Place {
    /// What is to be done; none for whoever wants to be alone.
    change: Option<Change>,
    leads: bool,
    outcome: Option<Result<Outcome>>,
}

impl Seat {
    /// Takes the change to be made.
    fn take(&self) -> Option<Change> {
        self.place.lock().change.take()
    }

    /// Tells the caller what became of its change.
    pub(super) fn answer(&self, outcome: Result<Outcome>) {
        self.place.lock().outcome = Some(outcome);
        self.called.notify_one();
    }

    /// Waits to be answered or to be called to lead.
    fn wait(&self) -> Option<Result<Outcome>> {
        let mut place = self.place.lock();
        while place.outcome.is_none() && !place.leads {
            self.called.wait(&mut place);
        }
        place.outcome.take()
    }
}

impl Queue {
    /// Has a change made, by this caller or by another one. `lead` makes the changes of all who wait.
    pub(super) fn submit(&self, change: Change, lead: impl FnOnce(&Lead<'_>)) -> Result<Outcome> {
        let seat =
            Arc::new(Seat { place: Mutex::new(Place { change: Some(change), ..Place::default() }), ..Seat::default() });
        if let Some(outcome) = self.enter(&seat) {
            return outcome;
        }
        lead(&Lead(self));
        let outcome = seat.place.lock().outcome.take();
        outcome.unwrap_or_else(|| Err(Error::Io("a change was forgotten by the one who led".into())))
    }

    /// Waits until nobody else writes, and keeps it so until the value is dropped.
    pub(super) fn alone(&self) -> Lead<'_> {
        let seat = Arc::new(Seat::default());
        // Nobody answers who has asked for nothing: this ends by being called to lead.
        let _ = self.enter(&seat);
        self.line.lock().waiting.pop_front();
        Lead(self)
    }

    /// Joins the line; returns as the leader, its own seat in front, or with an answer.
    fn enter(&self, seat: &Arc<Seat>) -> Option<Result<Outcome>> {
        let mut line = self.line.lock();
        line.waiting.push_back(seat.clone());
        if !line.has_leader {
            line.has_leader = true;
            return None;
        }
        if line.awaited > 0 && line.waiting.len() >= line.awaited {
            self.company.notify_one();
        }
        drop(line);
        seat.wait()
    }
}

/// The right to write. Dropped, it passes to whoever came first.
#[derive(Debug)]
pub(super) struct Lead<'q>(&'q Queue);

impl Lead<'_> {
    /// The next change, if somebody waits who has one.
    pub(super) fn next(&self) -> Option<(Change, Answer)> {
        let mut line = self.0.line.lock();
        let change = line.waiting.front()?.take()?;
        let seat = line.waiting.pop_front()?;
        Some((change, Answer(Some(seat))))
    }

    /// Gives others some time to come, if fewer than `wanted` wait.
    pub(super) fn gather(&self, wanted: usize, patience: Duration) {
        let mut line = self.0.line.lock();
        line.awaited = wanted;
        // Woken for no reason it goes on with those who are there: only the time to wait is lost.
        if line.waiting.len() < wanted {
            self.0.company.wait_for(&mut line, patience);
        }
        line.awaited = 0;
    }
}

impl Drop for Lead<'_> {
    fn drop(&mut self) {
        let mut line = self.0.line.lock();
        match line.waiting.front() {
            None => line.has_leader = false,
            Some(seat) => {
                seat.place.lock().leads = true;
                seat.called.notify_one();
            }
        }
    }
}

/// The duty to answer somebody.
#[derive(Debug)]
pub(super) struct Answer(Option<Arc<Seat>>);

impl Answer {
    pub(super) fn give(mut self, outcome: Result<Outcome>) {
        if let Some(seat) = self.0.take() {
            seat.answer(outcome);
        }
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        if let Some(seat) = self.0.take() {
            seat.answer(Err(Error::Io("a change failed together with another one; nothing was changed".into())));
        }
    }
}
