//! The thread that follows the tenant: looks at what was written and at what time alone does, and keeps what it finds.
//!
//! Before that it compares what was opened with its checksums; meanwhile previews are answered (`api::gate`). Then it
//! sleeps until something is published or the next boundary is crossed, which the engine computes; nothing is polled.
//! Acknowledgements do not wait for it. Under load it takes several versions at once, so it is never far behind.
//! Whoever reads the feed takes a lock for the time of one page.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use muster_engine::error::{Error, Result};
use muster_engine::feed::{Feed, Follower, Kept, Step};
use muster_engine::store::{Directory, LogSizes};
use muster_engine::tenant::{Marked, Tenant};
use parking_lot::{Condvar, Mutex, RwLock, RwLockReadGuard};
use tokio::sync::watch;

use crate::clock::{self, Stopwatch};
use crate::limits::{
    FEED_PAUSE, FEED_SAFE_TIME_MAX, FEED_SEGMENT_BYTES, FEED_SLEEP_MAX, FEED_SYNC_PERIOD, FEED_WAIT_MAX,
};

/// The folder of a data directory that holds the feed.
pub(crate) const FOLDER: &str = "feed";

/// How far the feed has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Place {
    /// The data version that is told of; 0 before there is a feed.
    pub(crate) version: u64,
    /// The number of the last entry.
    pub(crate) last_seq: u64,
}

/// The feed, for those who read it.
#[derive(Debug)]
pub struct Told {
    feed: RwLock<Feed>,
    /// Tells of every step that holds something, and of every new version.
    place: watch::Sender<Place>,
    /// The version up to which everything is safe on the disk, or needs not be.
    safe: Mutex<u64>,
    safer: Condvar,
    /// Whether those who read along are to be let go.
    closing: AtomicBool,
    stopping: AtomicBool,
}

impl Told {
    /// The feed as it is now.
    pub(crate) fn feed(&self) -> RwLockReadGuard<'_, Feed> {
        self.feed.read()
    }

    /// Hears of every step from now on.
    pub(crate) fn hear(&self) -> watch::Receiver<Place> {
        self.place.subscribe()
    }

    /// Lets those go who read along: the server is about to stop.
    pub(crate) fn close(&self) {
        self.closing.store(true, Ordering::Relaxed);
        self.place.send_modify(|_| {});
    }

    /// Whether those who read along are to go.
    pub(crate) fn is_closing(&self) -> bool {
        self.closing.load(Ordering::Relaxed)
    }

    fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    /// Waits until the feed tells of a version; gives up after [`FEED_WAIT_MAX`] and says so.
    pub(crate) async fn reach(&self, version: u64) -> bool {
        let mut place = self.hear();
        let reached = place.wait_for(|place| place.version >= version);
        tokio::time::timeout(FEED_WAIT_MAX, reached).await.is_ok_and(|reached| reached.is_ok())
    }

    /// Waits until everything up to a version is safe: a checkpoint must not be newer than the feed.
    ///
    /// # Errors
    /// `Io` when that takes too long.
    pub(crate) fn wait_safe(&self, version: u64) -> Result<()> {
        let mut safe = self.safe.lock();
        self.safer.wait_while_for(&mut safe, |safe| *safe < version, FEED_SAFE_TIME_MAX);
        if *safe < version {
            return Err(Error::Io(
                "the feed has not come as far as the checkpoint; the next one is tried later".into(),
            ));
        }
        Ok(())
    }

    fn set_safe(&self, version: u64) {
        *self.safe.lock() = version;
        self.safer.notify_all();
    }
}

/// What was kept of a feed by an earlier process.
#[derive(Debug, Default)]
pub struct Earlier {
    kept: Option<Kept>,
    feed: Feed,
}

impl Earlier {
    /// What a data directory holds.
    ///
    /// # Errors
    /// `Storage` when another process uses it, `Corrupt` when it is damaged, `Io` when the system refuses.
    pub fn open(data: &Path) -> Result<Self> {
        let disk = Directory::open(&data.join(FOLDER), &format!("muster serve, process {}", std::process::id()))?;
        let sizes = LogSizes { segment: FEED_SEGMENT_BYTES, ..LogSizes::default() };
        let (kept, feed) = Kept::open(Arc::new(disk), sizes)?;
        Ok(Self { kept: Some(kept), feed })
    }

    /// What is kept.
    pub(crate) fn feed(&self) -> &Feed {
        &self.feed
    }

    /// Goes on by a step, before anybody follows.
    ///
    /// # Errors
    /// `Storage` when the disk fails.
    pub(crate) fn tell(&mut self, step: &Step) -> Result<()> {
        if let Some(kept) = &mut self.kept {
            kept.write(step, &self.feed)?;
        }
        self.feed.apply(step);
        Ok(())
    }

    /// The version of the state that is needed to go on.
    pub fn mark(&self) -> Option<u64> {
        self.feed.mark()
    }
}

/// The running thread.
#[derive(Debug)]
pub struct Following {
    told: Arc<Told>,
    tenant: Arc<Tenant>,
    thread: Option<JoinHandle<()>>,
}

impl Following {
    /// Begins to follow a tenant.
    ///
    /// # Errors
    /// `Io` when there is no thread to be had.
    pub fn start(tenant: Arc<Tenant>, earlier: Earlier, marked: Marked) -> Result<Self> {
        let Earlier { kept, feed } = earlier;
        let told = Arc::new(Told {
            feed: RwLock::new(feed),
            place: watch::Sender::default(),
            safe: Mutex::default(),
            safer: Condvar::new(),
            closing: AtomicBool::new(false),
            stopping: AtomicBool::new(false),
        });
        let worker = Worker { told: told.clone(), tenant: tenant.clone(), kept, synced: Stopwatch::start() };
        let thread = std::thread::Builder::new().name("feed".into()).spawn(move || worker.run(marked));
        let thread = thread.map_err(|error| Error::Io(format!("the feed has no thread: {error}")))?;
        Ok(Self { told, tenant, thread: Some(thread) })
    }

    /// The feed.
    pub fn told(&self) -> &Arc<Told> {
        &self.told
    }
}

impl Drop for Following {
    /// Everything that was found is safe when this returns.
    fn drop(&mut self) {
        self.told.stopping.store(true, Ordering::Relaxed);
        self.tenant.wake_follower();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the feed ended early; see above");
        }
    }
}

struct Worker {
    told: Arc<Told>,
    tenant: Arc<Tenant>,
    /// None where nothing is kept, or the disk has failed.
    kept: Option<Kept>,
    synced: Stopwatch,
}

impl Worker {
    fn run(mut self, marked: Marked) {
        if let Err(error) = self.compare() {
            return tracing::error!(%error, "stored data are damaged, nothing is answered from them");
        }
        let watch = Stopwatch::start();
        let (mut follower, steps) = Follower::resume(&self.tenant, &self.told.feed(), marked, clock::now());
        steps.iter().for_each(|step| self.keep(step));
        let segments = follower.state().segments.len();
        tracing::info!(segments, seconds = watch.elapsed().as_secs_f64(), "following");
        while !self.told.is_stopping() {
            let (state, rows) = self.tenant.news(follower.state().version, self.patience(&follower));
            let is_same = state.version == follower.state().version;
            let step = follower.advance(state, &rows, clock::now());
            // Who is told that nothing happened need not keep it: the same is found again.
            if !is_same || !step.is_quiet() {
                self.keep(&step);
                // Others are served meanwhile, and what comes meanwhile is looked at together.
                std::thread::sleep(FEED_PAUSE);
            }
            if self.synced.elapsed() >= FEED_SYNC_PERIOD {
                self.sync();
            }
        }
        self.sync();
    }

    /// Compares with checksums what was not compared when the tenant was opened.
    fn compare(&self) -> Result<()> {
        let watch = Stopwatch::start();
        if self.tenant.is_unchecked() {
            self.tenant.check_unhurried()?;
            tracing::info!(seconds = watch.elapsed().as_secs_f64(), "everything is what was written");
        }
        Ok(())
    }

    /// How long nothing can happen by itself.
    fn patience(&self, follower: &Follower) -> Duration {
        let now = clock::now();
        let until = follower.next_instant().map_or(FEED_SLEEP_MAX, |next| {
            Duration::from_micros(u64::try_from(next.0.saturating_sub(now.0)).unwrap_or(0))
        });
        until.min(FEED_SLEEP_MAX)
    }

    /// Writes a step down, then tells of it.
    fn keep(&mut self, step: &Step) {
        let written = self.kept.as_mut().map(|kept| kept.write(step, &self.told.feed.read()));
        self.give_up_after(written);
        let mut feed = self.told.feed.write();
        feed.apply(step);
        let place = Place { version: feed.version, last_seq: feed.last_seq() };
        drop(feed);
        self.told.place.send_replace(place);
        let shortened = self.kept.as_mut().map(|kept| kept.shorten(&self.told.feed.read()));
        self.give_up_after(shortened);
        if self.kept.is_none() {
            self.told.set_safe(place.version);
        }
    }

    fn sync(&mut self) {
        self.synced = Stopwatch::start();
        self.told.feed.write().forget_names(clock::now());
        let version = self.told.feed.read().version;
        let synced = self.kept.as_mut().map(Kept::sync);
        self.give_up_after(synced);
        self.told.set_safe(version);
    }

    /// A disk that has failed is not asked again: the feed goes on in memory, and the next start begins it anew.
    fn give_up_after(&mut self, result: Option<Result<()>>) {
        if let Some(Err(error)) = result {
            tracing::error!(%error, "the feed is not kept any more; after the next start it begins anew");
            self.kept = None;
        }
    }
}
