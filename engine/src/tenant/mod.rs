//! One tenant: its state, its one writer, its many readers.
//!
//! Readers load the current [`State`] and keep it for a whole request; it never changes under them and they take no
//! lock. Changes go through [`Tenant::apply`] or an [`Import`], one at a time, each ending in the next state.

mod apply;
mod import;
mod state;

pub use import::{Import, ImportCounts};
pub use state::State;

use std::collections::VecDeque;
use std::sync::Arc;

use arc_swap::ArcSwap;
use parking_lot::Mutex;

use crate::command::{Command, Outcome};
use crate::error::{Error, Result};

/// States that pages may still be asked of after newer ones came: enough for every page reader of a busy office.
const PINNED_STATES_MAX: usize = 64;

/// One tenant.
#[derive(Debug, Default)]
pub struct Tenant {
    current: ArcSwap<State>,
    writer: Mutex<()>,
    /// States whose version was handed out in a cursor, the least recently used first.
    pinned: Mutex<VecDeque<Arc<State>>>,
}

impl Tenant {
    /// The newest state.
    pub fn state(&self) -> Arc<State> {
        self.current.load_full()
    }

    /// Keeps a state for cursors that name its version; the least recently used of too many is let go.
    pub fn pin(&self, state: &Arc<State>) {
        let mut pinned = self.pinned.lock();
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

    /// Applies one change and publishes the state after it.
    ///
    /// # Errors
    /// Whatever the command calls a mistake; then nothing has changed.
    pub fn apply(&self, command: Command) -> Result<Outcome> {
        let _writer = self.writer.lock();
        let (state, outcome) = apply::apply(&self.state(), command)?;
        self.current.store(Arc::new(state));
        Ok(outcome)
    }

    /// Begins a bulk change. Other changes wait until it is committed or dropped; readers do not.
    pub fn import(&self) -> Import<'_> {
        Import::new(self.writer.lock(), &self.current)
    }
}
