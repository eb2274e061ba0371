//! For whoever follows a tenant: which rows changed since it last looked, and which state that led to.
//!
//! States collapse: who is slow finds the newest one and the rows of all changes before it, so nothing piles up but a set
//! of rows. Nobody who writes waits for whoever follows.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use parking_lot::{Condvar, Mutex};

use super::Tenant;
use super::state::State;
use crate::block::Set;

/// What was published and not looked at.
#[derive(Debug, Default)]
pub(super) struct News {
    /// None while nobody follows.
    rows: Mutex<Option<Set>>,
    told: Condvar,
    /// Whether somebody has ended a waiting that had not begun yet.
    is_woken: AtomicBool,
}

impl News {
    /// News for somebody who has seen everything but these rows.
    pub(super) fn since(rows: Set) -> Self {
        Self { rows: Mutex::new(Some(rows)), ..Self::default() }
    }
}

impl Tenant {
    /// Makes a state the newest one.
    pub(super) fn publish(&self, mut state: State) {
        let written = state.view.take_written();
        let mut rows = self.news.rows.lock();
        if let Some(rows) = &mut *rows {
            *rows = if rows.is_empty() { written } else { rows.or(&written) };
        }
        self.current.store(state.into());
        drop(rows);
        self.news.told.notify_all();
    }

    /// Begins to follow: the newest state. There is one who follows a tenant.
    pub fn follow(&self) -> Arc<State> {
        let mut rows = self.news.rows.lock();
        *rows = Some(Set::default());
        self.state()
    }

    /// The newest state, and the rows that changed since this was last asked, or since [`Self::follow`]; when `seen` is
    /// its version, waits for the next one, or for `patience`.
    pub fn news(&self, seen: u64, patience: Duration) -> (Arc<State>, Set) {
        let mut rows = self.news.rows.lock();
        if self.current.load().version == seen && !self.news.is_woken.swap(false, Ordering::Relaxed) {
            // Woken for no reason it answers that there is nothing new, and is asked again.
            self.news.told.wait_for(&mut rows, patience);
        }
        (self.state(), rows.as_mut().map(std::mem::take).unwrap_or_default())
    }

    /// Ends the waiting of whoever follows, or the next one.
    pub fn wake_follower(&self) {
        let _rows = self.news.rows.lock();
        self.news.is_woken.store(true, Ordering::Relaxed);
        self.news.told.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn whoever_is_woken_before_they_wait_does_not_wait() {
        let (tenant, (done, is_done)) = (Arc::new(Tenant::default()), mpsc::channel());
        tenant.wake_follower();
        let (follower, seen) = (tenant.clone(), tenant.state().version);
        let waiting = std::thread::spawn(move || {
            follower.news(seen, Duration::from_secs(20));
            done.send(()).expect("somebody hears it");
        });
        is_done.recv_timeout(Duration::from_secs(10)).expect("it does not wait");
        waiting.join().expect("no panic");
    }
}
