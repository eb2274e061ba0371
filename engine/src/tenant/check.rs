//! A tenant that is asked before everything it was opened from has been compared with its checksums.
//!
//! What is asked for is compared when it is read first (`table::lazy`), and [`Tenant::check`] compares the rest, once.
//! What is found damaged, by whom ever, is said of the tenant from then on, and nothing is changed. Whoever changes
//! something, or writes a file, checks first; so only questions of the state can be earlier.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use parking_lot::Mutex;

use super::Tenant;
use super::checkpoint::Last;
use crate::error::{Error, Result};
use crate::store::checkpoint::Unchecked;

/// What is still to be compared.
#[derive(Debug, Default)]
pub(super) struct Check {
    /// Locked by whoever compares; none once all was good.
    left: Mutex<Option<Unchecked>>,
    /// Those who can do nothing before.
    waiting: AtomicUsize,
    is_open: AtomicBool,
    compared: AtomicU64,
}

impl Check {
    /// Of a tenant of which this was not compared.
    pub(super) fn of(left: Option<Unchecked>) -> Self {
        Self { is_open: left.is_some().into(), left: left.into(), ..Self::default() }
    }
}

/// How far a check has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of files that were compared.
    pub compared: u64,
    /// Bytes of all.
    pub bytes: u64,
}

impl Tenant {
    /// Waits until everything was compared that was not when the tenant was opened, or does it now; others ask meanwhile.
    /// Only once there is something to do: the next ones hear what was found.
    ///
    /// # Errors
    /// `Corrupt` when something is not what was written, naming file and offset.
    pub fn check(&self) -> Result<()> {
        self.check.waiting.fetch_add(1, Ordering::Relaxed);
        let checked = self.check_unhurried();
        self.check.waiting.fetch_sub(1, Ordering::Relaxed);
        checked
    }

    /// The same for somebody who does not wait for it: one thread compares, all others are left to those who ask, until
    /// somebody calls [`Self::check`].
    ///
    /// # Errors
    /// As [`Self::check`].
    pub fn check_unhurried(&self) -> Result<()> {
        if !self.is_unchecked() {
            return Ok(());
        }
        let mut left = self.check.left.lock();
        let state = self.state();
        state.view.check_damage()?;
        if let Some(unchecked) = &*left {
            let is_waiting = || self.check.waiting.load(Ordering::Relaxed) > 0;
            if let Err(error) = unchecked.check(&self.check.compared, &is_waiting) {
                state.view.note_damage(error);
            }
            state.view.read_all()?;
            // A later checkpoint asks for nothing that lies in this state any more.
            self.checkpoints.lock().iter().for_each(Last::settle);
        }
        *left = None;
        self.check.is_open.store(false, Ordering::Release);
        drop(left);
        let _lead = self.queue.alone();
        self.measure();
        Ok(())
    }

    /// Whether not everything is known to be good.
    pub fn is_unchecked(&self) -> bool {
        self.check.is_open.load(Ordering::Acquire)
    }

    /// How far the check has come; none when there is nothing left to be checked.
    pub fn check_progress(&self) -> Option<Progress> {
        let compared = self.check.compared.load(Ordering::Relaxed);
        self.is_unchecked().then(|| Progress { compared, bytes: self.mapped_bytes() })
    }

    /// What was found to be damaged since the tenant was opened; no answer may be given from it.
    pub fn damage(&self) -> Option<Error> {
        self.is_unchecked().then(|| self.state().view.check_damage().err()).flatten()
    }
}
