//! Whether somebody still waits for an answer. A question that nobody waits for any more is given up within a few blocks.
//!
//! Evaluation has no failures to hand on, so it ends in the only other way there is: it unwinds, up to whoever began to
//! wait. Nothing returns on the way, so nothing half done is kept, in a cache or anywhere else. (Salsa, the incremental
//! computation library, cancels queries in the same way.) Only readers wait; what changes a tenant is never given up.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

thread_local! {
    /// Of the question that this thread works on.
    static CURRENT: RefCell<Patience> = const { RefCell::new(Patience::ENDLESS) };
}

/// Somebody's patience; clones share it.
#[derive(Debug, Clone, Default)]
pub struct Patience(Option<Arc<AtomicBool>>);

/// Nobody waits any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stopped;

impl Patience {
    /// The patience of whoever never leaves.
    pub const ENDLESS: Self = Self(None);

    /// One that [ends](Self::end) some time, perhaps.
    pub fn new() -> Self {
        Self(Some(Arc::default()))
    }

    /// Nobody waits any more. Without effect on [`Self::ENDLESS`].
    pub fn end(&self) {
        self.0.iter().for_each(|is_over| is_over.store(true, Ordering::Relaxed));
    }

    /// Whether it has ended.
    pub fn is_over(&self) -> bool {
        self.0.as_ref().is_some_and(|is_over| is_over.load(Ordering::Relaxed))
    }

    /// Works on a question for as long as this lasts.
    ///
    /// # Errors
    /// `Stopped` when it ended first.
    pub fn spend<T>(&self, work: impl FnOnce() -> T) -> Result<T, Stopped> {
        let earlier = CURRENT.replace(self.clone());
        let done = catch_unwind(AssertUnwindSafe(work));
        CURRENT.set(earlier);
        done.map_err(|cause| if is_stopped(&*cause) { Stopped } else { resume_unwind(cause) })
    }

    /// Works on a part of such a question on another thread, which gives up with the others.
    pub(crate) fn lend<T>(&self, work: impl FnOnce() -> T) -> T {
        self.spend(work).unwrap_or_else(|Stopped| resume_unwind(Box::new(Stopped)))
    }

    /// The patience of whoever waits for what this thread does. Other threads that take part are to be given it.
    pub(crate) fn current() -> Self {
        CURRENT.with_borrow(Self::clone)
    }

    /// Gives up when nobody waits any more: to be called every few blocks, as it is one load.
    pub(crate) fn check(&self) {
        if self.is_over() {
            resume_unwind(Box::new(Stopped));
        }
    }
}

/// Whether a thread unwound because nobody waited any more.
pub fn is_stopped(cause: &(dyn Any + Send)) -> bool {
    cause.is::<Stopped>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_given_up_when_patience_ends_and_only_then() {
        let patience = Patience::new();
        assert_eq!(patience.spend(|| Patience::current().check()), Ok(()));
        patience.end();
        assert_eq!(patience.spend(|| Patience::current().check()), Err(Stopped));
        assert_eq!(patience.spend(|| 1), Ok(1), "what is done is done");
        Patience::current().check();
        Patience::ENDLESS.end();
        assert!(!Patience::ENDLESS.is_over());
        // Who works on something else meanwhile is not disturbed, and the first question is gone on with.
        let stopped = patience.spend(|| {
            assert_eq!(Patience::ENDLESS.spend(|| Patience::current().check()), Ok(()));
            Patience::current().check();
        });
        assert_eq!(stopped, Err(Stopped));
    }

    #[test]
    fn other_panics_go_on() {
        let other =
            std::panic::catch_unwind(|| Patience::new().spend(|| panic!("another panic, as the test wants it")));
        assert!(!is_stopped(&*other.expect_err("a panic")));
    }
}
