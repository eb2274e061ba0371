//! Where heavy questions are worked on while several tenants ask: at desks, one thread each, one fewer than there are
//! processors.
//!
//! A question there has no helpers, and what the engine would share out among threads stays on the one (`rayon` keeps to the
//! pool it is called in), so a processor is left for whoever asks little, whatever the others ask. The threads have a lower
//! priority than all others of the process where the system lets them.

use std::sync::Arc;

use parking_lot::Mutex;
use rayon::{ThreadPool, ThreadPoolBuilder};
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How much the threads give way to others: they get about a tenth of what a thread as it is made gets.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

/// All desks of the process. Clones share them.
#[derive(Debug, Clone)]
pub(crate) struct Desks {
    processors: usize,
    room: Arc<Semaphore>,
    free: Arc<Mutex<Vec<ThreadPool>>>,
}

/// A desk that was taken; free again when this is dropped.
#[derive(Debug)]
struct Desk<'d> {
    thread: Option<ThreadPool>,
    desks: &'d Desks,
    _place: Option<OwnedSemaphorePermit>,
}

impl Desks {
    /// On a machine of so many processors. A thread is made when it is first needed.
    pub(crate) fn new(processors: usize) -> Self {
        let room = Arc::new(Semaphore::new(processors.saturating_sub(1).max(1)));
        Self { processors, room, free: Arc::default() }
    }

    /// How many processors the machine has.
    pub(crate) fn processors(&self) -> usize {
        self.processors
    }

    /// Works at a desk, once one is free: whoever came first is first. Blocks the thread that calls.
    pub(crate) fn work<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        // The semaphore is never closed.
        let place = Handle::current().block_on(self.room.clone().acquire_owned()).ok();
        let thread =
            self.free.lock().pop().or_else(|| made().inspect_err(|error| tracing::warn!(%error, "no thread")).ok());
        let desk = Desk { thread, desks: self, _place: place };
        match &desk.thread {
            Some(thread) => thread.install(work),
            None => work(),
        }
    }
}

impl Default for Desks {
    /// On this machine.
    fn default() -> Self {
        Self::new(std::thread::available_parallelism().map_or(1, usize::from))
    }
}

fn made() -> Result<ThreadPool, rayon::ThreadPoolBuildError> {
    let builder = ThreadPoolBuilder::new().num_threads(1).thread_name(|_| "desk".into());
    builder.start_handler(|_| give_way()).build()
}

/// Lowers the priority of the thread that calls, which is what Linux does where others lower the process's.
fn give_way() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(NICENESS) {
        tracing::debug!(%error, "a thread keeps its priority");
    }
}

impl Drop for Desk<'_> {
    fn drop(&mut self) {
        self.desks.free.lock().extend(self.thread.take());
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime")
    }

    #[test]
    fn one_fewer_than_processors_work_at_a_time_each_on_one_thread() {
        let runtime = runtime();
        for (processors, most) in [(1, 1), (2, 1), (3, 2)] {
            let desks = Desks::new(processors);
            let (at_work, seen) = (AtomicUsize::new(0), AtomicUsize::new(0));
            std::thread::scope(|scope| {
                for _ in 0..6 {
                    scope.spawn(|| {
                        let _within = runtime.enter();
                        let threads = desks.work(|| {
                            seen.fetch_max(at_work.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                            std::thread::sleep(Duration::from_millis(20));
                            at_work.fetch_sub(1, Ordering::SeqCst);
                            rayon::current_num_threads()
                        });
                        assert_eq!(threads, 1);
                    });
                }
            });
            assert_eq!(seen.into_inner(), most, "{processors} processors");
        }
    }

    #[test]
    fn a_desk_is_free_again_after_a_panic() {
        let (runtime, desks) = (runtime(), Desks::new(2));
        let _within = runtime.enter();
        let panicked =
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| desks.work(|| panic!("as the test wants it"))));
        assert!(panicked.is_err());
        assert_eq!(desks.work(|| 1), 1);
    }
}
