//! Every order in which few threads can come to the tenant's queue and count helpers, tried by loom (Norris and Demsky,
//! "CDSChecker", OOPSLA 2013, is the method) up to a bound of preemptions.
//!
//! The files that are tried are the engine's own, compiled here once more with loom's locks and counters in place of
//! real ones; what the queue asks of its neighbours stands below.

mod sync;

mod crew;

/// A change is a number here, and its outcome is the same number.
mod change {
    #[derive(Debug)]
    pub(crate) struct Change(pub(crate) u32);
}

mod command {
    pub(crate) type Outcome = u32;
}

mod error {
    pub(crate) use muster_engine::error::{Error, Result};
}

#[path = "../../engine/src/tenant/queue.rs"]
mod queue;

use std::time::Duration;

use change::Change;
use loom::model::Builder;
use loom::thread;
use queue::{Lead, Queue};
use sync::{Arc, Mutex};

/// Times that a thread is interrupted in one run: most mistakes need two.
const PREEMPTIONS_MAX: usize = 2;

fn every_order(run: impl Fn() + Send + Sync + 'static) {
    let mut builder = Builder::new();
    builder.preemption_bound = Some(PREEMPTIONS_MAX);
    builder.check(run);
}

/// A queue, and what only its leader may touch: how many changes were made.
#[derive(Debug, Default)]
struct Desk {
    queue: Queue,
    book: Mutex<u32>,
}

impl Desk {
    /// Makes the changes of all who wait, and waits once for others if these are fewer than `wanted`.
    fn lead(&self, lead: &Lead<'_>, wanted: usize) {
        let mut made = self.book.try_lock().expect("one leads at a time");
        let (mut group, mut has_waited) = (0, false);
        loop {
            match lead.next() {
                Some((Change(number), answer)) => {
                    *made += 1;
                    group += 1;
                    answer.give(Ok(number));
                }
                None if group < wanted && !has_waited => {
                    lead.gather(wanted - group, Duration::ZERO);
                    has_waited = true;
                }
                None => return,
            }
        }
    }

    fn submit(&self, number: u32, wanted: usize) {
        let outcome = self.queue.submit(Change(number), |lead| self.lead(lead, wanted));
        assert_eq!(outcome, Ok(number), "everybody hears of their own change");
    }

    /// Somebody who comes later finds all done and nobody at work.
    fn close(&self, made: u32) {
        assert_eq!(*self.book.lock(), made, "every change is made once");
        self.submit(9, 0);
        assert_eq!(*self.book.lock(), made + 1);
    }
}

#[test]
fn everybody_is_answered_once_by_whoever_leads() {
    every_order(|| {
        let desk = Arc::new(Desk::default());
        let others = [1, 2].map(|number| {
            let desk = desk.clone();
            thread::spawn(move || desk.submit(number, 0))
        });
        desk.submit(3, 0);
        others.into_iter().for_each(|other| other.join().expect("no panic"));
        desk.close(3);
    });
}

#[test]
fn who_wants_to_be_alone_is_alone_and_gives_back_the_lead() {
    every_order(|| {
        let desk = Arc::new(Desk::default());
        let other = desk.clone();
        let submitting = thread::spawn(move || other.submit(1, 0));
        let other = desk.clone();
        let importing = thread::spawn(move || {
            let lead = other.queue.alone();
            let mut made = other.book.try_lock().expect("one leads at a time");
            *made += 1;
            drop(made);
            drop(lead);
        });
        desk.submit(2, 0);
        submitting.join().expect("no panic");
        importing.join().expect("no panic");
        desk.close(3);
    });
}

/// Loom's time never passes, so this ends only if whoever comes says so.
#[test]
fn a_leader_who_waits_for_company_hears_of_it() {
    every_order(|| {
        let desk = Arc::new(Desk::default());
        let other = desk.clone();
        let submitting = thread::spawn(move || other.submit(1, 2));
        desk.submit(2, 2);
        submitting.join().expect("no panic");
        desk.close(2);
    });
}

/// A leader that goes without doing its work leaves nobody waiting.
#[test]
fn a_change_that_is_dropped_is_answered_all_the_same() {
    every_order(|| {
        let desk = Arc::new(Desk::default());
        let other = desk.clone();
        let submitting = thread::spawn(move || {
            let outcome = other.queue.submit(Change(1), |lead| drop(lead.next()));
            assert!(outcome.is_err(), "{outcome:?}");
        });
        let outcome = desk.queue.submit(Change(2), |lead| drop(lead.next()));
        assert!(outcome.is_err(), "{outcome:?}");
        submitting.join().expect("no panic");
        desk.close(0);
    });
}
