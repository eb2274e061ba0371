//! One tenant: its state, its one writer, its many readers.
//!
//! Readers load the current [`State`] and keep it for a whole request; it never changes under them and they take no
//! lock. Changes go through [`Tenant::apply`], where those that come at the same time form a group, or through an
//! [`Import`]; each group and each import ends in the next state. A tenant that was opened on a disk logs every change
//! before anybody sees it.

mod change;
mod queue;

mod apply;
mod compute;
mod consents;
mod gates;
mod keys;
mod next;
mod offers;
mod save;
mod state;
mod uses;
mod versions;

mod memory;

mod bulk_log;
mod event_import;
mod import;
mod write;

mod snapshots;
mod taken_file;

mod check;
mod checkpoint;
mod held;
mod news;
mod pinned;
mod recover;

pub use change::{Durability, Expected, Terms};
pub use check::Progress;
pub use checkpoint::Checkpointed;
pub use event_import::EventImport;
pub use held::{Held, HeldFile};
pub use import::Import;
pub use memory::Budget;
pub use recover::{Marked, Recovery};
pub use snapshots::SnapshotOrder;
pub use state::State;
pub use uses::User;

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use arc_swap::ArcSwap;
use parking_lot::Mutex;

use self::check::Check;
use self::checkpoint::Last;
use self::keys::Keys;
use self::memory::Memory;
use self::news::News;
use self::queue::Queue;
use self::write::Book;
use crate::error::Problem;
use crate::id::TenantId;
use crate::store::Disk;

/// One tenant.
#[derive(Debug, Default)]
pub struct Tenant {
    current: ArcSwap<State>,
    queue: Queue,
    /// Locked by whoever leads the queue.
    book: Mutex<Book>,
    keys: Mutex<Keys>,
    /// For whoever follows the changes.
    news: News,
    /// None where nothing is kept.
    disk: Option<Arc<dyn Disk>>,
    /// The newest checkpoint; locked while one is taken.
    checkpoints: Mutex<Option<Last>>,
    /// Held by whoever takes snapshots.
    snapshotting: Mutex<()>,
    /// Written to the log since.
    log_bytes: AtomicU64,
    /// Whether something was acknowledged that is not safe yet.
    has_unsynced: AtomicBool,
    failure: Mutex<Option<Problem>>,
    /// Why the last change found no room on the disk; none once another one did.
    refusal: Mutex<Option<Problem>>,
    memory: Memory,
    check: Check,
    /// For whoever reads page after page, the least recently used first.
    pinned: Mutex<VecDeque<Arc<State>>>,
}

impl Tenant {
    /// The newest state.
    pub fn state(&self) -> Arc<State> {
        self.current.load_full()
    }

    /// Says whose data these are, before anybody else asks or changes anything: people are dealt into control groups,
    /// hold-outs and splits by this name too.
    pub fn set_name(&self, id: &TenantId) {
        self.current.rcu(|state| {
            let mut named = State::clone(state);
            named.gates.tenant = id.clone();
            named
        });
    }

    /// Whether changes survive the end of the process.
    pub fn is_kept(&self) -> bool {
        self.disk.is_some()
    }

    /// Whether something was acknowledged that is not safe yet.
    pub fn has_unsynced(&self) -> bool {
        self.has_unsynced.load(Ordering::Relaxed)
    }

    /// Why nothing can be changed any more: the disk has failed. `None` while all is well.
    pub fn failure(&self) -> Option<Problem> {
        self.failure.lock().clone()
    }

    /// Why the last change could not be stored though the disk has not failed: it is full. The next one is tried all the
    /// same, and `None` is said once one was stored.
    pub fn refusal(&self) -> Option<Problem> {
        self.refusal.lock().clone()
    }
}
