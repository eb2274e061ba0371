//! States that are kept for whoever reads page after page: a cursor names one, and finds it unchanged.

use std::sync::Arc;

use super::{State, Tenant};
use crate::error::{Error, Result};

/// States that pages may still be asked of after newer ones came: enough for every page reader of a busy office.
const PINNED_STATES_MAX: usize = 64;

impl Tenant {
    /// Keeps a state for cursors that name its version; the least recently used of too many is let go. One with
    /// people whose erasure was made good is not kept any more.
    pub fn pin(&self, state: &Arc<State>) {
        let mut pinned = self.pinned.lock();
        if state.erasures.swept() < self.state().erasures.swept() {
            return;
        }
        pinned.retain(|other| other.version != state.version);
        if pinned.len() >= PINNED_STATES_MAX {
            pinned.pop_front();
        }
        pinned.push_back(state.clone());
    }

    /// The state of a version that a cursor names.
    ///
    /// # Errors
    /// `NotFound` when it was let go.
    pub fn state_at(&self, version: u64) -> Result<Arc<State>> {
        let current = self.state();
        if current.version == version {
            return Ok(current);
        }
        let kept = self.pinned.lock().iter().find(|state| state.version == version).cloned();
        let state = kept.ok_or_else(|| {
            Error::NotFound(format!("data version {version} is no longer kept; start again from the first page"))
        })?;
        self.pin(&state);
        Ok(state)
    }
}
