//! How many helpers there are, how many of them take part in a query, and how many stay awake: counted without a lock.
//!
//! The counts only say whom to ask; what helpers find comes by way of a lock, so no order of memory is asked for here.
//! `tests/models` reads this file as well and tries every order in which few threads can count.

use crate::sync::{AtomicUsize, Ordering};

/// The helpers, counted.
#[derive(Debug)]
pub(super) struct Roster {
    size: usize,
    /// How many take part in a query.
    busy: AtomicUsize,
    /// How many stay awake for the next one, or will as soon as they are done.
    awake: AtomicUsize,
}

/// Whether helpers are at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Readiness {
    /// There are none, or they are busy.
    Busy,
    /// They would have to be woken.
    Asleep,
    /// At once.
    Awake,
}

impl Roster {
    /// So many helpers, who all sleep.
    pub(super) fn new(size: usize) -> Self {
        Self { size, busy: AtomicUsize::new(0), awake: AtomicUsize::new(0) }
    }

    /// Whether helpers are at hand.
    pub(super) fn readiness(&self) -> Readiness {
        if self.busy.load(Ordering::Relaxed) >= self.size {
            Readiness::Busy
        } else if self.awake.load(Ordering::Relaxed) > 0 {
            Readiness::Awake
        } else {
            Readiness::Asleep
        }
    }

    /// Takes all who are free; says how many. Each is to be given back.
    pub(super) fn take(&self) -> usize {
        self.size - self.busy.swap(self.size, Ordering::Relaxed)
    }

    /// One who was taken is free again.
    pub(super) fn give_back(&self) {
        self.busy.fetch_sub(1, Ordering::Relaxed);
    }

    /// Whether one more may stay awake; it is to go to sleep some time. Not when as many do as there are.
    pub(super) fn stay_awake(&self) -> bool {
        let more = |awake: usize| (awake < self.size).then_some(awake + 1);
        self.awake.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).is_ok()
    }

    /// One who stayed awake sleeps.
    pub(super) fn sleep(&self) {
        self.awake.fetch_sub(1, Ordering::Relaxed);
    }
}
