//! Helpers of queries that come at the same time: none is taken twice, no more stay awake than there are, and all come
//! back.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use loom::thread;

use crate::every_order;

#[path = "../../engine/src/eval/roster.rs"]
mod roster;

use roster::{Readiness, Roster};

const HELPERS: usize = 2;

/// The roster, and what an onlooker counts who sees everything at once: these counters are not loom's.
struct Crew {
    roster: Roster,
    working: AtomicUsize,
    awake: AtomicUsize,
}

impl Crew {
    fn new() -> Arc<Self> {
        Arc::new(Self { roster: Roster::new(HELPERS), working: AtomicUsize::new(0), awake: AtomicUsize::new(0) })
    }

    /// A query, with all it asks of its helpers; says how many it had.
    fn query(&self) -> usize {
        let taken = self.roster.take();
        let working = self.working.fetch_add(taken, Ordering::SeqCst) + taken;
        assert!(working <= HELPERS, "{working} work of {HELPERS}");
        (0..taken).for_each(|_| self.finish());
        taken
    }

    fn finish(&self) {
        let stays = self.roster.stay_awake();
        if stays {
            let awake = self.awake.fetch_add(1, Ordering::SeqCst) + 1;
            assert!(awake <= HELPERS, "{awake} are awake of {HELPERS}");
        }
        self.working.fetch_sub(1, Ordering::SeqCst);
        self.roster.give_back();
        if stays {
            self.awake.fetch_sub(1, Ordering::SeqCst);
            self.roster.sleep();
        }
    }
}

#[test]
fn queries_at_once_share_helpers_who_all_come_back() {
    every_order(|| {
        let crew = Crew::new();
        let others = [(); 2].map(|()| {
            let crew = crew.clone();
            thread::spawn(move || crew.query())
        });
        crew.query();
        others.into_iter().for_each(|other| _ = other.join().expect("no panic"));
        assert_eq!(crew.roster.readiness(), Readiness::Asleep, "all are free, and none is awake");
        assert_eq!(crew.query(), HELPERS);
    });
}

#[test]
fn whoever_stays_awake_is_found_awake() {
    every_order(|| {
        let crew = Crew::new();
        let other = crew.clone();
        let asking = thread::spawn(move || {
            let taken = other.roster.take();
            (0..taken).for_each(|_| {
                assert!(other.roster.stay_awake(), "there is one place for each");
                other.roster.give_back();
            });
            taken
        });
        let taken = asking.join().expect("no panic");
        assert_eq!((taken, crew.roster.readiness()), (HELPERS, Readiness::Awake));
        assert_eq!(crew.roster.take(), HELPERS);
        assert_eq!(crew.roster.readiness(), Readiness::Busy, "awake or not");
        assert!(!crew.roster.stay_awake(), "all are awake already");
    });
}
