//! What became of changes that were sent under a key, so that sending one again does nothing and answers the same.
//!
//! The keys are in the log beside their changes: replaying it remembers them again.

use std::collections::{HashMap, VecDeque};

use crate::command::{Command, Outcome, Saving};
use crate::error::{Error, Problem, Result};
use crate::limits::{IDEMPOTENCY_KEY_BYTES_MAX, IDEMPOTENCY_KEYS_MAX};

/// The newest [`IDEMPOTENCY_KEYS_MAX`] keys and their outcomes.
#[derive(Debug, Default)]
pub(super) struct Keys {
    outcomes: HashMap<String, Outcome>,
    /// The oldest first.
    order: VecDeque<String>,
}

impl From<Vec<(String, Outcome)>> for Keys {
    fn from(outcomes: Vec<(String, Outcome)>) -> Self {
        let mut keys = Self::default();
        outcomes.into_iter().for_each(|(key, outcome)| keys.put(key, outcome));
        keys
    }
}

impl Keys {
    /// All keys and their outcomes, the oldest first.
    pub(super) fn all(&self) -> Vec<(String, Outcome)> {
        let outcome = |key: &String| Some((key.clone(), self.outcomes.get(key)?.clone()));
        self.order.iter().filter_map(outcome).collect()
    }

    pub(super) fn get(&self, key: &str) -> Option<&Outcome> {
        self.outcomes.get(key)
    }

    /// Remembers; the oldest of too many is forgotten.
    pub(super) fn put(&mut self, key: String, outcome: Outcome) {
        if self.outcomes.insert(key.clone(), outcome).is_none() {
            self.order.push_back(key);
        }
        if self.order.len() > IDEMPOTENCY_KEYS_MAX
            && let Some(oldest) = self.order.pop_front()
        {
            self.outcomes.remove(&oldest);
        }
    }
}

/// Refuses a key that is empty or too long.
pub(super) fn check(key: &str) -> Result<()> {
    if key.is_empty() || key.len() > IDEMPOTENCY_KEY_BYTES_MAX {
        let message =
            format!("an idempotency key has 1 to {IDEMPOTENCY_KEY_BYTES_MAX} bytes, this one has {}", key.len());
        return Err(Error::invalid("", "bad_idempotency_key", message));
    }
    Ok(())
}

/// The outcome for whoever sends a change again.
///
/// # Errors
/// `Conflict` when the key was used for another kind of change.
pub(super) fn repeated(command: &Command, outcome: &Outcome) -> Result<Outcome> {
    let fits = match command {
        Command::AddFields(_) | Command::DeleteSegment(_) | Command::DeleteAudience(_) | Command::DeleteList(_) => {
            matches!(outcome, Outcome::Done)
        }
        Command::PatchProfile { .. } => matches!(outcome, Outcome::Patched(_)),
        Command::EraseProfile { .. } => matches!(outcome, Outcome::Erased(_)),
        Command::PutSegment { .. } | Command::SaveSegment(_) => matches!(outcome, Outcome::Segment(_)),
        Command::PutAudience { .. } | Command::SaveAudience(_) => matches!(outcome, Outcome::Audience(_)),
        Command::ChangeMembers(_) => matches!(outcome, Outcome::Members(..)),
        Command::Restore(restore) => match restore.what {
            Saving::Segment(id) => *outcome == Outcome::Segment(id),
            Saving::Audience(id) => *outcome == Outcome::Audience(id),
        },
        Command::PutList { .. } => matches!(outcome, Outcome::List(_)),
        Command::Upsert(_) => matches!(outcome, Outcome::Imported(_)),
    };
    if fits { Ok(outcome.clone()) } else { Err(used_otherwise()) }
}

/// Why a key is refused that another kind of change was sent under.
pub(super) fn used_otherwise() -> Error {
    let message = "another kind of change was sent under this idempotency key; give each change a key of its own";
    Error::Conflict(Problem::new("", "idempotency_key_reused", message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_of_too_many_is_forgotten() {
        let mut keys = Keys::default();
        for number in 0..=IDEMPOTENCY_KEYS_MAX {
            assert_eq!(keys.outcomes.len(), number.min(IDEMPOTENCY_KEYS_MAX));
            keys.put(number.to_string(), Outcome::Patched(number % 2 == 0));
        }
        assert_eq!((keys.get("0"), keys.get("1")), (None, Some(&Outcome::Patched(false))));
        assert_eq!((keys.order.len(), keys.outcomes.len()), (IDEMPOTENCY_KEYS_MAX, IDEMPOTENCY_KEYS_MAX));
        assert!(check(&"k".repeat(IDEMPOTENCY_KEY_BYTES_MAX)).is_ok());
        assert!(check(&"k".repeat(IDEMPOTENCY_KEY_BYTES_MAX + 1)).is_err() && check("").is_err());
    }
}
