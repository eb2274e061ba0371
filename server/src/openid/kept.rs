//! What is asked of an issuer once and kept: asked anew when it is old, and not again and again when that fails.
//!
//! One asks at a time; whoever comes meanwhile waits for that answer, or that failure.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;

use crate::clock::Stopwatch;
use crate::limits::{OPENID_FAILURE_PAUSE, OPENID_KEPT_TIME_MAX, OPENID_RENEWAL_PAUSE};

/// Something that is kept. Times are of its own watch.
#[derive(Debug)]
pub(super) struct Kept<T> {
    watch: Stopwatch,
    inner: Mutex<Inner<T>>,
}

#[derive(Debug)]
struct Inner<T> {
    found: Option<(Arc<T>, Duration)>,
    failed: Option<(String, Duration)>,
    renewed: Option<Duration>,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self { watch: Stopwatch::start(), inner: Mutex::new(Inner { found: None, failed: None, renewed: None }) }
    }
}

impl<T> Kept<T> {
    /// What is kept, or what `fetch` brings. What is old counts on while nothing newer is to be had.
    ///
    /// # Errors
    /// Why there is nothing, in words.
    pub(super) async fn get(&self, fetch: impl Future<Output = Result<T, String>>) -> Result<Arc<T>, String> {
        self.get_at(self.watch.elapsed(), fetch).await
    }

    /// Something newer than `old`, which was found wanting: what somebody else has brought meanwhile, or what `fetch` brings;
    /// `old` itself, and nobody is asked, within [`OPENID_RENEWAL_PAUSE`] of the last renewal.
    ///
    /// # Errors
    /// Why nothing is to be had, in words.
    pub(super) async fn renew(
        &self,
        old: &Arc<T>,
        fetch: impl Future<Output = Result<T, String>>,
    ) -> Result<Arc<T>, String> {
        self.renew_at(self.watch.elapsed(), old, fetch).await
    }

    async fn get_at(&self, now: Duration, fetch: impl Future<Output = Result<T, String>>) -> Result<Arc<T>, String> {
        let mut inner = self.inner.lock().await;
        if let Some((found, _)) = inner.found.as_ref().filter(|(_, at)| now < *at + OPENID_KEPT_TIME_MAX) {
            return Ok(found.clone());
        }
        inner.fetch(now, fetch).await.or_else(|why| inner.found.as_ref().map(|(old, _)| old.clone()).ok_or(why))
    }

    async fn renew_at(
        &self,
        now: Duration,
        old: &Arc<T>,
        fetch: impl Future<Output = Result<T, String>>,
    ) -> Result<Arc<T>, String> {
        let mut inner = self.inner.lock().await;
        if let Some((newer, _)) = inner.found.as_ref().filter(|(found, _)| !Arc::ptr_eq(found, old)) {
            return Ok(newer.clone());
        }
        if inner.renewed.is_some_and(|at| now < at + OPENID_RENEWAL_PAUSE) {
            return Ok(old.clone());
        }
        inner.renewed = Some(now);
        inner.fetch(now, fetch).await
    }
}

impl<T> Inner<T> {
    async fn fetch(&mut self, now: Duration, fetch: impl Future<Output = Result<T, String>>) -> Result<Arc<T>, String> {
        if let Some((why, _)) = self.failed.as_ref().filter(|(_, at)| now < *at + OPENID_FAILURE_PAUSE) {
            return Err(why.clone());
        }
        match fetch.await {
            Ok(found) => {
                let found = Arc::new(found);
                (self.found, self.failed) = (Some((found.clone(), now)), None);
                Ok(found)
            }
            Err(why) => {
                tracing::warn!(why, "the issuer of OpenID Connect gave no answer of use");
                self.failed = Some((why.clone(), now));
                Err(why)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    const MOMENT: Duration = Duration::from_millis(1);

    #[tokio::test]
    async fn an_issuer_is_asked_once_in_a_while() {
        let (kept, asked) = (Kept::default(), Cell::new(0));
        let fetch = || async {
            asked.set(asked.get() + 1);
            Ok(asked.get())
        };
        let broken = || async {
            asked.set(asked.get() + 1);
            Err("it is down".to_owned())
        };
        assert_eq!(*kept.get_at(MOMENT, fetch()).await.expect("an answer"), 1);
        let old = kept.get_at(OPENID_KEPT_TIME_MAX, fetch()).await.expect("kept");
        assert_eq!((*old, asked.get()), (1, 1));
        assert_eq!(*kept.get_at(MOMENT + OPENID_KEPT_TIME_MAX, fetch()).await.expect("an answer"), 2);
        // What is there is better than nothing.
        let late = MOMENT + 2 * OPENID_KEPT_TIME_MAX;
        assert_eq!((*kept.get_at(late, broken()).await.expect("the old one"), asked.get()), (2, 3));
        assert_eq!((*kept.get_at(late + MOMENT, fetch()).await.expect("the old one"), asked.get()), (2, 3));
        assert_eq!(*kept.get_at(late + OPENID_FAILURE_PAUSE, fetch()).await.expect("an answer"), 4);
    }

    #[tokio::test]
    async fn a_failure_is_told_to_all_who_ask_within_a_pause() {
        let (kept, asked) = (Kept::<u8>::default(), Cell::new(0));
        let broken = || async {
            asked.set(asked.get() + 1);
            Err("it is down".to_owned())
        };
        for (at, times) in [(Duration::ZERO, 1), (OPENID_FAILURE_PAUSE - MOMENT, 1), (OPENID_FAILURE_PAUSE, 2)] {
            assert_eq!(kept.get_at(at, broken()).await, Err("it is down".to_owned()));
            assert_eq!(asked.get(), times, "{at:?}");
        }
    }

    #[tokio::test]
    async fn what_is_found_wanting_is_asked_for_again_once_in_a_pause() {
        let (kept, asked) = (Kept::default(), Cell::new(0));
        let fetch = || async {
            asked.set(asked.get() + 1);
            Ok(asked.get())
        };
        let first = kept.get_at(MOMENT, fetch()).await.expect("an answer");
        let second = kept.renew_at(MOMENT, &first, fetch()).await.expect("an answer");
        assert_eq!((*first, *second), (1, 2));
        assert_eq!(*kept.renew_at(MOMENT, &first, fetch()).await.expect("somebody has"), 2);
        assert_eq!(*kept.renew_at(OPENID_RENEWAL_PAUSE, &second, fetch()).await.expect("the same"), 2);
        assert_eq!(*kept.renew_at(MOMENT + OPENID_RENEWAL_PAUSE, &second, fetch()).await.expect("an answer"), 3);
    }
}
