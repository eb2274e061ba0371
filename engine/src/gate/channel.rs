//! Channels: whom one may write to, how often at most, and who was written to when.

use std::sync::Arc;

use super::occurrences::Occurrences;
use crate::error::{Error, Problem, Result};
use crate::limits::{CAP_CONTACTS_MAX, CAP_DAYS_MAX, CAPS_MAX, CHANNEL_BYTES_MAX};
use crate::rule::{CheckedRule, Rule};

/// At most so many contacts in so many days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cap {
    /// Contacts from which on no more are made.
    pub contacts: u32,
    /// Days, of 86,400 seconds.
    pub days: u32,
}

/// A channel.
#[derive(Debug, Clone, Default)]
pub struct Channel {
    /// Who has consented; everybody when none.
    pub consent: Option<(Arc<Rule>, Arc<CheckedRule>)>,
    /// All of them hold.
    pub caps: Vec<Cap>,
    /// Who was contacted when.
    pub contacts: Occurrences,
}

impl Cap {
    /// Refuses too many caps, and those that nobody can mean.
    ///
    /// # Errors
    /// `Invalid` with every mistake.
    pub fn check(caps: &[Self]) -> Result<()> {
        let mut problems = Vec::new();
        if caps.len() > CAPS_MAX {
            let message = format!("a channel has at most {CAPS_MAX} caps, these are {}", caps.len());
            problems.push(Problem::new("/caps", "too_many_caps", message));
        }
        for (at, cap) in caps.iter().enumerate() {
            if cap.contacts == 0 || cap.contacts > CAP_CONTACTS_MAX || cap.days == 0 || cap.days > CAP_DAYS_MAX {
                let message = format!("a cap is 1 to {CAP_CONTACTS_MAX} contacts in 1 to {CAP_DAYS_MAX} days");
                problems.push(Problem::new(format!("/caps/{at}"), "bad_cap", message));
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
    }
}

/// A channel's name as it is kept: lower case.
///
/// # Errors
/// `Invalid` when it is not a short word of letters, digits, `-` and `_`.
pub fn channel_name(name: &str) -> Result<String> {
    let name = name.trim().to_lowercase();
    let is_good = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    if name.is_empty() || name.len() > CHANNEL_BYTES_MAX || !name.chars().all(is_good) {
        let message = format!(
            "a channel is a word of 1 to {CHANNEL_BYTES_MAX} bytes: letters, digits, - and _; such as \"email\""
        );
        return Err(Error::invalid("/channel", "bad_channel", message));
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_caps_have_bounds() {
        assert_eq!(channel_name(" E-Mail "), Ok("e-mail".to_owned()));
        assert!(channel_name(&"c".repeat(CHANNEL_BYTES_MAX)).is_ok());
        for name in ["", "a b", "a:b", &"c".repeat(CHANNEL_BYTES_MAX + 1)] {
            assert!(channel_name(name).is_err(), "{name}");
        }
        let check = |contacts, days| Cap::check(&[Cap { contacts, days }]).is_ok();
        assert!(check(1, 1) && check(CAP_CONTACTS_MAX, CAP_DAYS_MAX));
        assert!(!check(0, 1) && !check(1, 0) && !check(CAP_CONTACTS_MAX + 1, 1) && !check(1, CAP_DAYS_MAX + 1));
        let caps = |count| Cap::check(&vec![Cap { contacts: 1, days: 1 }; count]).is_ok();
        assert!(caps(CAPS_MAX) && !caps(CAPS_MAX + 1));
    }
}
