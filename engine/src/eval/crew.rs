//! Other threads that take part in a query.
//!
//! Waking a thread that sleeps takes up to a tenth of a millisecond, as long as many counts. So a helper stays awake for
//! a moment after a query and takes part in the next one at once. It takes part in one at a time: while all are busy,
//! whoever asks evaluates alone, so that requests do not wait for each other.
//!
//! The pool is rayon's, one thread smaller than the one that the process uses otherwise, because the thread that asks
//! works as well.

use std::hint::spin_loop;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::Mutex;
use rayon::{ThreadPool, ThreadPoolBuilder, Yield};

use super::roster::{Readiness, Roster};

/// Looks for work, each followed by a short pause, before a helper sleeps: about a fifth of a millisecond.
const LOOKS: u32 = 2_000;

/// Pauses between two looks.
const PAUSES: u32 = 4;

/// Pauses for which whoever asked waits awake for the helpers' last blocks: longer than a few blocks take.
const LAST_PAUSES: u32 = 20_000;

/// The threads of this process that help.
struct Crew {
    pool: ThreadPool,
    roster: Roster,
}

static CREW: LazyLock<Option<Crew>> = LazyLock::new(|| {
    let size = rayon::current_num_threads() - 1;
    if size == 0 {
        return None;
    }
    let pool =
        ThreadPoolBuilder::new().num_threads(size).thread_name(|number| format!("crew-{number}")).build().ok()?;
    Some(Crew { pool, roster: Roster::new(size) })
});

/// Whether helpers are at hand. Whoever asks in a pool of one thread keeps to that one.
pub(super) fn readiness() -> Readiness {
    if rayon::current_num_threads() == 1 {
        return Readiness::Busy;
    }
    CREW.as_ref().map_or(Readiness::Busy, |crew| crew.roster.readiness())
}

/// Does `own` here and `helping` on each helper that is free; returns when all are done, with what each has found.
pub(super) fn share<T: Send>(own: impl FnOnce() -> T, helping: impl Fn() -> T + Sync) -> Vec<T> {
    let Some(crew) = &*CREW else { return vec![own()] };
    let free = crew.roster.take();
    let found = Mutex::new(Vec::with_capacity(free + 1));
    let done = AtomicUsize::new(0);
    let mine = crew.pool.in_place_scope(|scope| {
        for _ in 0..free {
            scope.spawn(|_| {
                let _turn = Turn { crew, done: &done };
                let part = helping();
                found.lock().push(part);
            });
        }
        let mine = own();
        let mut pauses = 0;
        while done.load(Ordering::Acquire) < free && pauses < LAST_PAUSES {
            spin_loop();
            pauses += 1;
        }
        mine
    });
    let mut all = found.into_inner();
    all.push(mine);
    all
}

/// A helper's part in a query. Dropped, by a panic as well, the helper is free again.
struct Turn<'q> {
    crew: &'static Crew,
    done: &'q AtomicUsize,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.crew.stay_awake();
        self.crew.roster.give_back();
        self.done.fetch_add(1, Ordering::Release);
    }
}

impl Crew {
    /// Keeps the thread that calls from sleeping once it has nothing to do.
    fn stay_awake(&'static self) {
        if self.roster.stay_awake() {
            rayon::spawn(|| {
                let mut looks = 0;
                while looks < LOOKS {
                    looks = if rayon::yield_now() == Some(Yield::Executed) { 0 } else { looks + 1 };
                    (0..PAUSES).for_each(|_| spin_loop());
                }
                self.roster.sleep();
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_done_once_and_helpers_come_back() {
        for round in 0..200 {
            let next = AtomicUsize::new(0);
            let take = || {
                let mut sum = 0;
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= 1_000 {
                        return sum;
                    }
                    sum += number;
                }
            };
            let sums = share(take, take);
            assert_eq!(sums.iter().sum::<usize>(), 499_500, "round {round}");
        }
    }

    #[test]
    fn queries_at_once_do_not_wait_for_each_other() {
        // Whoever finds the helpers taken does the work alone.
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..100 {
                        assert!(!share(|| 1, || 2).is_empty());
                    }
                });
            }
        });
    }

    #[test]
    fn whoever_asks_in_a_pool_of_one_thread_has_no_helpers() {
        let pool = ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
        assert_eq!(pool.install(readiness), Readiness::Busy);
    }

    #[test]
    fn a_panic_takes_no_helper_away() {
        let shared = std::panic::catch_unwind(|| share(|| (), || panic!("a part that fails, as the test wants it")));
        assert!(shared.is_err() || readiness() == Readiness::Busy, "others may have had all helpers");
        // Were a helper lost, this would not end.
        while readiness() == Readiness::Busy && CREW.is_some() {
            std::thread::yield_now();
        }
    }
}
