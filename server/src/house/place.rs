//! A tenant's place in the house: open, or closed until somebody asks.
//!
//! One opens it at a time, and whoever asks meanwhile waits for that; whoever asks while it is being closed waits until that
//! is done, and has it opened again. It is closed when nobody has asked for a while and nobody holds anything of it: a
//! request, an answer on its way, work that goes on behind one. Nobody of another tenant waits for any of this.

use std::sync::Arc;
use std::time::Duration;

use muster_engine::error::{Error, Result};
use parking_lot::Mutex;

use super::service::Service;
use crate::clock::Stopwatch;

/// One tenant's place.
#[derive(Debug, Default)]
pub(super) struct Place {
    open: Mutex<Option<Open>>,
    /// Held while it is opened or closed, to the end of that, whether somebody waits for it or not.
    changing: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Debug)]
struct Open {
    service: Arc<Service>,
    /// Since somebody asked, or held something of it.
    used: Stopwatch,
}

impl Open {
    fn new(service: Service) -> Self {
        Self { service: Arc::new(service), used: Stopwatch::start() }
    }
}

impl Place {
    /// The service, if it is open; nobody has asked.
    pub(super) fn look(&self) -> Option<Arc<Service>> {
        self.open.lock().as_ref().map(|open| open.service.clone())
    }

    /// The service for somebody who asks, if it is open.
    pub(super) fn ask(&self) -> Option<Arc<Service>> {
        let mut open = self.open.lock();
        let open = open.as_mut()?;
        open.used = Stopwatch::start();
        Some(open.service.clone())
    }

    /// The same, opened if it is not.
    ///
    /// # Errors
    /// As `make`; `Io` when that panics.
    pub(super) async fn ask_or_open(
        self: &Arc<Self>,
        make: impl FnOnce() -> Result<Service> + Send + 'static,
    ) -> Result<Arc<Service>> {
        let changing = self.changing.clone().lock_owned().await;
        if let Some(service) = self.ask() {
            return Ok(service);
        }
        let place = self.clone();
        // On a thread of its own, which holds the turn: whoever asked may leave.
        let opened = tokio::task::spawn_blocking(move || {
            let _changing = changing;
            let open = Open::new(make()?);
            let service = open.service.clone();
            *place.open.lock() = Some(open);
            // The hours in which it was not open have gone by for its computed fields too.
            let own = service.clone();
            tokio::spawn(async move { own.app.advance_computed().await });
            Ok(service)
        });
        opened.await.map_err(|error| Error::Io(format!("a tenant could not be opened: {error}")))?
    }

    /// Closes it if nobody has asked for so long and nobody holds anything of it. Says whether it was closed.
    ///
    /// # Errors
    /// When what was acknowledged cannot be made safe, and it stays open; `Io` when closing panics.
    pub(super) async fn close_after(self: &Arc<Self>, idle: Duration) -> Result<bool> {
        // Whoever opens it has asked.
        let Ok(changing) = self.changing.clone().try_lock_owned() else { return Ok(false) };
        let Some(service) = self.take_unused(idle) else { return Ok(false) };
        let place = self.clone();
        let closed = tokio::task::spawn_blocking(move || {
            let _changing = changing;
            let synced = service.sync();
            match &synced {
                Ok(()) => service.close(),
                Err(_) => *place.open.lock() = Some(Open::new(service)),
            }
            synced
        });
        closed.await.map_err(|error| Error::Io(format!("a tenant could not be closed: {error}")))?.map(|()| true)
    }

    /// Takes the service out of an unused place.
    fn take_unused(&self, idle: Duration) -> Option<Service> {
        let mut place = self.open.lock();
        let open = place.as_mut()?;
        // While this is locked, nobody comes to hold it who does not already.
        if Arc::strong_count(&open.service) > 1 || !open.service.is_at_rest() {
            open.used = Stopwatch::start();
            return None;
        }
        if open.used.elapsed() < idle { None } else { Arc::into_inner(place.take()?.service) }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use muster_engine::id::TenantId;

    use super::*;
    use crate::house::{Kept, Opening};

    /// A place, how often it was opened, and what opens it, slowly.
    fn place() -> (Arc<Place>, Arc<AtomicUsize>, impl FnOnce() -> Result<Service> + Clone) {
        let (opening, opened) = (Opening::in_memory(), Arc::new(AtomicUsize::new(0)));
        let count = opened.clone();
        let make = move || {
            std::thread::sleep(Duration::from_millis(100));
            count.fetch_add(1, Ordering::SeqCst);
            let kept = Kept::default();
            let tenant = kept.engine.tenant(&TenantId::default())?;
            opening.service_of("acme", kept, &tenant)
        };
        (Arc::default(), opened, make)
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_place_is_opened_once_whoever_leaves_meanwhile() {
        let (place, opened, make) = place();
        let hasty = tokio::time::timeout(Duration::from_millis(20), place.ask_or_open(make.clone())).await;
        assert!(hasty.is_err(), "they have left");
        let asked = futures_util::future::join_all((0..8).map(|_| place.ask_or_open(make.clone()))).await;
        let services: Vec<_> = asked.into_iter().map(|asked| asked.expect("it is open")).collect();
        assert!(services.iter().all(|service| Arc::ptr_eq(service, &services[0])));
        assert_eq!(opened.load(Ordering::SeqCst), 1);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_place_that_could_not_be_opened_is_opened_by_the_next() {
        let (place, opened, make) = place();
        place.ask_or_open(|| Err(Error::Io("no disk".into()))).await.expect_err("it is said");
        place.ask_or_open(|| panic!("as the test wants it")).await.expect_err("it is said");
        assert!(place.ask().is_none());
        place.ask_or_open(make).await.expect("nothing is in the way");
        assert_eq!(opened.load(Ordering::SeqCst), 1);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_place_is_closed_when_nobody_asks_and_nobody_is_at_work_and_then_opened_again() {
        let (place, opened, make) = place();
        let closed = async |idle| place.close_after(idle).await.expect("nothing fails");
        assert!(!closed(Duration::ZERO).await, "it was never open");
        for round in 1..=3 {
            let service = place.ask_or_open(make.clone()).await.expect("it is opened");
            assert_eq!(opened.load(Ordering::SeqCst), round);
            assert!(!closed(Duration::ZERO).await, "somebody holds it");
            let at_work = service.app.tenant().expect("a tenant");
            drop(service);
            assert!(!closed(Duration::ZERO).await, "somebody who has left is at work");
            drop(at_work);
            assert!(!closed(Duration::from_secs(3_600)).await, "somebody has asked within the hour");
            while !closed(Duration::ZERO).await {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            assert!(place.ask().is_none());
        }
    }
}
