//! Who has guessed wrong how often, and how long they wait until they may guess again.
//!
//! Guesses are counted for each account, whether there is one of that name or not, and for each address. The first few
//! are free; then each wrong one doubles the wait, up to [`ATTEMPT_WAIT_MAX`]. A guess counts before it is known to be
//! right, so that many at once are not cheaper than one after the other. Counts are in memory: a restart forgets them.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Duration;

use parking_lot::Mutex;

use crate::clock::Stopwatch;
use crate::limits::{
    ATTEMPT_WAIT, ATTEMPT_WAIT_MAX, ATTEMPTS_FORGOTTEN_AFTER, ATTEMPTS_KNOWN_MAX, ATTEMPTS_OF_ACCOUNT_FREE,
};

/// Wrong guesses of one of them.
#[derive(Debug, Clone, Copy)]
struct Wrong {
    count: u32,
    /// The last one, on the watch of all of them.
    at: Duration,
}

/// Wrong guesses, by whose they are.
#[derive(Debug)]
pub struct Attempts {
    watch: Stopwatch,
    wrong: Mutex<HashMap<String, Wrong>>,
}

impl Default for Attempts {
    fn default() -> Self {
        Self { watch: Stopwatch::start(), wrong: Mutex::default() }
    }
}

impl Attempts {
    /// Lets somebody guess, who has `free` guesses before they wait.
    ///
    /// # Errors
    /// How long they have to wait.
    pub fn enter(&self, whose: &str, free: u32) -> Result<(), Duration> {
        self.enter_at(whose, free, self.watch.elapsed())
    }

    /// Forgets all wrong guesses of somebody who was right.
    pub fn forget(&self, whose: &str) {
        self.wrong.lock().remove(whose);
    }

    /// Takes one guess back, which was right. What was wrong before stays: from the same address others may guess.
    pub fn forgive_one(&self, whose: &str) {
        if let Some(wrong) = self.wrong.lock().get_mut(whose) {
            wrong.count = wrong.count.saturating_sub(1);
        }
    }

    fn enter_at(&self, whose: &str, free: u32, now: Duration) -> Result<(), Duration> {
        let mut all = self.wrong.lock();
        if all.len() >= ATTEMPTS_KNOWN_MAX {
            all.retain(|_, wrong| now.saturating_sub(wrong.at) < ATTEMPTS_FORGOTTEN_AFTER);
        }
        if all.len() >= ATTEMPTS_KNOWN_MAX {
            // Whoever has very many addresses does not get rid of a wait by guessing a little from each.
            all.retain(|_, wrong| wrong.count > ATTEMPTS_OF_ACCOUNT_FREE);
        }
        if all.len() >= ATTEMPTS_KNOWN_MAX {
            // Memory stays bounded.
            all.clear();
        }
        let wrong = all.entry(whose.to_owned()).or_insert(Wrong { count: 0, at: now });
        if now.saturating_sub(wrong.at) >= ATTEMPTS_FORGOTTEN_AFTER {
            wrong.count = 0;
        }
        let wait = wrong.count.checked_sub(free).map_or(Duration::ZERO, wait_after);
        let left = (wrong.at + wait).saturating_sub(now);
        if !left.is_zero() {
            return Err(left);
        }
        *wrong = Wrong { count: wrong.count.saturating_add(1), at: now };
        Ok(())
    }
}

/// The wait after some wrong guesses more than are free.
fn wait_after(more: u32) -> Duration {
    ATTEMPT_WAIT.saturating_mul(1_u32.checked_shl(more).unwrap_or(u32::MAX)).min(ATTEMPT_WAIT_MAX)
}

/// What counts as one address: of version 6 the first half, which one customer of a network has to themselves.
pub fn address_key(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => format!("address {address}"),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("address {a:x}:{b:x}:{c:x}:{d:x}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_from_the_first_guess_that_is_not_free() {
        let attempts = Attempts::default();
        let at = |seconds| attempts.enter_at("ann", 3, Duration::from_secs(seconds));
        for _ in 0..3 {
            assert_eq!(at(10), Ok(()));
        }
        assert_eq!(at(10), Err(Duration::from_secs(2)));
        assert_eq!(at(12), Ok(()), "a refusal does not count");
        assert_eq!(at(12), Err(Duration::from_secs(4)));
        assert_eq!(attempts.enter_at("bob", 3, Duration::from_secs(10)), Ok(()));
        attempts.forget("ann");
        assert_eq!(at(12), Ok(()));
    }

    #[test]
    fn the_longest_wait_is_bounded_and_everything_is_forgotten_in_the_end() {
        let attempts = Attempts::default();
        let mut now = Duration::ZERO;
        for _ in 0..100 {
            if let Err(wait) = attempts.enter_at("ann", 1, now) {
                assert!(wait <= ATTEMPT_WAIT_MAX);
                now += wait;
            }
        }
        assert_eq!(attempts.enter_at("ann", 1, now), Ok(()));
        assert_eq!(attempts.enter_at("ann", 1, now), Err(ATTEMPT_WAIT_MAX));
        let later = now + ATTEMPTS_FORGOTTEN_AFTER;
        assert_eq!(attempts.enter_at("ann", 1, later), Ok(()));
        assert_eq!(wait_after(40), ATTEMPT_WAIT_MAX);
    }

    #[test]
    fn a_wait_does_not_end_because_very_many_others_guess() {
        let attempts = Attempts::default();
        let of_ann = || attempts.enter_at("ann", ATTEMPTS_OF_ACCOUNT_FREE, Duration::ZERO);
        let mut more = Duration::ZERO;
        for _ in 0..=ATTEMPTS_OF_ACCOUNT_FREE {
            attempts.enter_at("ann", ATTEMPTS_OF_ACCOUNT_FREE, more).expect("free, or waited for");
            more += ATTEMPT_WAIT;
        }
        assert!(of_ann().is_err());
        for number in 0..ATTEMPTS_KNOWN_MAX {
            attempts.enter_at(&number.to_string(), 1, Duration::ZERO).expect("the first is free");
        }
        assert!(attempts.wrong.lock().len() < ATTEMPTS_KNOWN_MAX, "most were forgotten");
        assert!(of_ann().is_err(), "she was not");
    }

    #[test]
    fn one_right_guess_does_not_excuse_the_wrong_ones_of_an_address() {
        let attempts = Attempts::default();
        for _ in 0..3 {
            attempts.enter_at("a", 3, Duration::ZERO).expect("free");
        }
        attempts.forgive_one("a");
        assert_eq!(attempts.enter_at("a", 3, Duration::ZERO), Ok(()));
        assert!(attempts.enter_at("a", 3, Duration::ZERO).is_err());
        let key = |text: &str| address_key(text.parse().expect("an address"));
        assert_eq!(key("2001:db8:1:2:3::4"), key("2001:db8:1:2:ffff::1"));
        assert_eq!(key("::ffff:10.0.0.1"), key("10.0.0.1"));
        assert_ne!(key("10.0.0.1"), key("10.0.0.2"));
    }
}
