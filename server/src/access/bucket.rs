//! How often somebody may ask: a bucket of tokens for each key and each tenant, filled at its rate, a second's worth deep.

use std::collections::HashMap;
use std::time::Duration;

use parking_lot::Mutex;

use crate::clock::Stopwatch;
use crate::limits::BUCKETS_MAX;

/// What is left for one of them.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    tokens: f64,
    /// Time, on the buckets' own watch, when it held them.
    at: Duration,
}

/// All buckets, by whose they are.
#[derive(Debug)]
pub struct Buckets {
    watch: Stopwatch,
    buckets: Mutex<HashMap<String, Bucket>>,
}

impl Default for Buckets {
    fn default() -> Self {
        Self { watch: Stopwatch::start(), buckets: Mutex::default() }
    }
}

impl Buckets {
    /// Takes a token from somebody's bucket of `rate` tokens a second.
    ///
    /// # Errors
    /// How long it takes until there is one again.
    pub fn take(&self, whose: &str, rate: u32) -> Result<(), Duration> {
        self.take_at(whose, rate, self.watch.elapsed())
    }

    fn take_at(&self, whose: &str, rate: u32, now: Duration) -> Result<(), Duration> {
        let depth = f64::from(rate.max(1));
        let mut buckets = self.buckets.lock();
        if buckets.len() >= BUCKETS_MAX {
            // Whoever has not asked for a second has a full bucket: as good as none.
            buckets.retain(|_, bucket| now.saturating_sub(bucket.at) < Duration::from_secs(1));
        }
        let full = Bucket { tokens: depth, at: now };
        let bucket = match buckets.get_mut(whose) {
            Some(bucket) => bucket,
            None => buckets.entry(whose.to_owned()).or_insert(full),
        };
        let since = now.saturating_sub(bucket.at).as_secs_f64();
        let tokens = (bucket.tokens + since * depth).min(depth);
        if tokens < 1.0 {
            *bucket = Bucket { tokens, at: now };
            return Err(Duration::from_secs_f64((1.0 - tokens) / depth));
        }
        *bucket = Bucket { tokens: tokens - 1.0, at: now };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_as_the_rate_at_once_and_then_one_after_the_other() {
        let buckets = Buckets::default();
        let at = |milliseconds| buckets.take_at("a", 10, Duration::from_millis(milliseconds));
        for _ in 0..10 {
            assert_eq!(at(0), Ok(()));
        }
        assert_eq!(at(0), Err(Duration::from_millis(100)));
        assert!(at(99).is_err(), "a refusal takes nothing, and brings nothing");
        assert_eq!(at(101), Ok(()));
        assert!(at(102).is_err());
        assert_eq!(buckets.take_at("b", 10, Duration::ZERO), Ok(()), "everybody has a bucket of their own");
        for _ in 0..10 {
            assert_eq!(at(60_000), Ok(()), "a minute later it is full, and no fuller");
        }
        assert!(at(60_000).is_err());
    }

    #[test]
    fn full_buckets_are_forgotten() {
        let buckets = Buckets::default();
        for number in 0..=BUCKETS_MAX {
            let _ = buckets.take_at(&number.to_string(), 1, Duration::ZERO);
        }
        let _ = buckets.take_at("late", 1, Duration::from_secs(2));
        assert_eq!(buckets.buckets.lock().len(), 1);
    }
}
