//! What became of changes that were sent under a key, so that sending one again does nothing and answers the same.
//!
//! The keys are in the log beside their changes: replaying it remembers them again. Beyond the log they are known by
//! their digests only, whatever clients write into them.

use std::collections::{HashMap, VecDeque};

use crate::command::{Command, Digest, GateChange, Key, OfferChange, Outcome, Remembered, Saving};
use crate::error::{Error, Problem, Result};
use crate::limits::{IDEMPOTENCY_KEY_BYTES_MAX, IDEMPOTENCY_KEYS_MAX};

/// The newest [`IDEMPOTENCY_KEYS_MAX`] keys and their outcomes.
#[derive(Debug, Default)]
pub(super) struct Keys {
    outcomes: HashMap<Digest, Remembered>,
    /// The oldest first.
    order: VecDeque<Digest>,
}

impl From<Vec<(Digest, Remembered)>> for Keys {
    fn from(outcomes: Vec<(Digest, Remembered)>) -> Self {
        let mut keys = Self::default();
        outcomes.into_iter().for_each(|(key, outcome)| keys.put(key, outcome));
        keys
    }
}

/// What a key is known by.
pub(super) fn digest(key: &Key) -> Digest {
    Digest::of(key.name.as_bytes())
}

impl Keys {
    /// All keys and their outcomes, the oldest first.
    pub(super) fn all(&self) -> Vec<(Digest, Remembered)> {
        let outcome = |key: &Digest| Some((*key, self.outcomes.get(key)?.clone()));
        self.order.iter().filter_map(outcome).collect()
    }

    pub(super) fn get(&self, key: Digest) -> Option<&Remembered> {
        self.outcomes.get(&key)
    }

    /// Remembers; the oldest of too many is forgotten.
    pub(super) fn put(&mut self, key: Digest, outcome: Remembered) {
        if self.outcomes.insert(key, outcome).is_none() {
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
pub(super) fn check(Key { name: key, .. }: &Key) -> Result<()> {
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
/// `Conflict` when the key was used for another change.
pub(super) fn repeated(command: &Command, key: &Key, known: &Remembered) -> Result<Outcome> {
    check_request(key, known)?;
    let outcome = &known.outcome;
    let fits = match command {
        Command::AddFields(_)
        | Command::DeleteSegment(_)
        | Command::DeleteAudience(_)
        | Command::DeleteList(_)
        | Command::DeleteSnapshot(_)
        | Command::ForgetTexts
        | Command::DeclareEvents(_)
        | Command::SettleErasures { .. } => matches!(outcome, Outcome::Done),
        Command::TakeSnapshots(_) => matches!(outcome, Outcome::Snapshots { .. }),
        Command::AddEvents(..) => matches!(outcome, Outcome::Events(_)),
        Command::PatchProfile { .. } | Command::ExpireEvents { .. } => matches!(outcome, Outcome::Patched(_)),
        Command::EraseProfile { .. } => matches!(outcome, Outcome::Erased(_)),
        Command::PutSegment { .. } | Command::SaveSegment(_) => matches!(outcome, Outcome::Segment(_)),
        Command::PutAudience { .. } | Command::SaveAudience(_) => matches!(outcome, Outcome::Audience(_)),
        Command::ChangeMembers(_) => matches!(outcome, Outcome::Members(..)),
        Command::Restore(restore) => match restore.what {
            Saving::Segment(id) => *outcome == Outcome::Segment(id),
            Saving::Audience(id) => *outcome == Outcome::Audience(id),
        },
        Command::PutList { .. } => matches!(outcome, Outcome::List(_)),
        Command::Offer(OfferChange::Put { .. }) => matches!(outcome, Outcome::Offer(_)),
        Command::Offer(_) => matches!(outcome, Outcome::Done),
        Command::Compute(_) => matches!(outcome, Outcome::Done | Outcome::Patched(_)),
        Command::Upsert(_) => matches!(outcome, Outcome::Imported(_)),
        Command::Gate(GateChange::PutSuppression { .. }) => matches!(outcome, Outcome::Suppression(_)),
        Command::Gate(GateChange::PutGroup { .. }) => matches!(outcome, Outcome::Group(_)),
        Command::Gate(
            GateChange::AddToSuppression { .. } | GateChange::RecordContacts { .. } | GateChange::RecordConsents(_),
        ) => matches!(outcome, Outcome::Noted(_)),
        Command::Gate(_) => matches!(outcome, Outcome::Done),
    };
    if fits { Ok(outcome.clone()) } else { Err(used_otherwise()) }
}

/// Refuses a key under which something else was asked. Nobody knows what was asked under keys of the first versions.
///
/// # Errors
/// `Conflict` then.
pub(super) fn check_request(key: &Key, known: &Remembered) -> Result<()> {
    match (key.request, known.request) {
        (Some(asked), Some(before)) if asked != before => {
            let message = "something else was asked under this idempotency key; send the same request again, or give \
                           the new one a key of its own";
            Err(Error::Conflict(Problem::new("", "idempotency_key_reused", message)))
        }
        _ => Ok(()),
    }
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
            let outcome = Outcome::Patched(number % 2 == 0);
            keys.put(Digest::of(number.to_string().as_bytes()), Remembered { request: None, outcome });
        }
        let get = |name: &[u8]| keys.get(Digest::of(name)).map(|known| &known.outcome);
        assert_eq!((get(b"0"), get(b"1")), (None, Some(&Outcome::Patched(false))));
        assert_eq!((keys.order.len(), keys.outcomes.len()), (IDEMPOTENCY_KEYS_MAX, IDEMPOTENCY_KEYS_MAX));
        let check = |name: String| check(&name.into()).is_ok();
        assert!(check("k".repeat(IDEMPOTENCY_KEY_BYTES_MAX)));
        assert!(!check("k".repeat(IDEMPOTENCY_KEY_BYTES_MAX + 1)) && !check(String::new()));
    }
}
