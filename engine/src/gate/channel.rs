//! Channels: whom one may write to, how often at most, and who was written to when.
//!
//! Whether somebody consents is what they said last about the channel's purpose; where they said nothing, or the channel
//! names no purpose, what the rule says of their fields.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::consent::ConsentRecord;
use super::occurrences::Occurrences;
use crate::block::Set;
use crate::error::{Error, Problem, Result};
use crate::limits::{CAP_CONTACTS_MAX, CAP_DAYS_MAX, CAPS_MAX, CHANNEL_BYTES_MAX, CONSENT_SOURCE_BYTES_MAX};
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
    /// Who has consented, as far as fields say it; everybody when there is neither this nor a purpose.
    pub consent: Option<(Arc<Rule>, Arc<CheckedRule>)>,
    /// What people are contacted for; whoever said nothing about it, and is not selected by the rule, does not consent.
    pub purpose: Option<String>,
    /// What people said, by purpose.
    pub consents: BTreeMap<String, ConsentRecord>,
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

impl Channel {
    /// Who consents, when the rule selects `by_rule`; none when nobody is asked.
    pub fn consenting(&self, by_rule: Option<Arc<Set>>) -> Option<Arc<Set>> {
        let Some(purpose) = &self.purpose else { return by_rule };
        let Some(record) = self.consents.get(purpose) else { return Some(by_rule.unwrap_or_default()) };
        let said = record.granted();
        Some(Arc::new(by_rule.map_or_else(|| said.clone(), |rows| rows.and_not(record.withdrawn()).or(said))))
    }

    /// Bytes of contacts and consents.
    pub fn bytes(&self) -> usize {
        self.contacts.bytes() + self.consents.values().map(ConsentRecord::bytes).sum::<usize>()
    }
}

/// A channel's name as it is kept: lower case.
///
/// # Errors
/// `Invalid` when it is not a short word of letters, digits, `-` and `_`.
pub fn channel_name(name: &str) -> Result<String> {
    word(name).ok_or_else(|| {
        let message = format!(
            "a channel is a word of 1 to {CHANNEL_BYTES_MAX} bytes: letters, digits, - and _; such as \"email\""
        );
        Error::invalid("/channel", "bad_channel", message)
    })
}

/// A purpose as it is kept: lower case.
///
/// # Errors
/// `Invalid` when it is not a short word of letters, digits, `-` and `_`.
pub fn purpose_name(name: &str) -> Result<String> {
    word(name).ok_or_else(|| {
        let message = format!(
            "a purpose is a word of 1 to {CHANNEL_BYTES_MAX} bytes: letters, digits, - and _; such as \"marketing\""
        );
        Error::invalid("/purpose", "bad_purpose", message)
    })
}

/// Where somebody said something, as it is kept.
///
/// # Errors
/// `Invalid` when it is empty or too long.
pub fn source_name(source: &str) -> Result<&str> {
    let source = source.trim();
    if source.is_empty() || source.len() > CONSENT_SOURCE_BYTES_MAX {
        let message = format!(
            "a source says in 1 to {CONSENT_SOURCE_BYTES_MAX} bytes where somebody said it, such as \"checkout form\""
        );
        return Err(Error::invalid("/source", "bad_source", message));
    }
    Ok(source)
}

fn word(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let is_good = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    (!text.is_empty() && text.len() <= CHANNEL_BYTES_MAX && text.chars().all(is_good)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_caps_have_bounds() {
        assert_eq!(channel_name(" E-Mail "), Ok("e-mail".to_owned()));
        assert!(channel_name(&"c".repeat(CHANNEL_BYTES_MAX)).is_ok());
        for name in ["", "a b", "a:b", &"c".repeat(CHANNEL_BYTES_MAX + 1)] {
            assert!(channel_name(name).is_err() && purpose_name(name).is_err(), "{name}");
        }
        assert_eq!(source_name(" checkout form "), Ok("checkout form"));
        assert!(source_name(&"s".repeat(CONSENT_SOURCE_BYTES_MAX)).is_ok());
        assert!(source_name(" ").is_err() && source_name(&"s".repeat(CONSENT_SOURCE_BYTES_MAX + 1)).is_err());
        let check = |contacts, days| Cap::check(&[Cap { contacts, days }]).is_ok();
        assert!(check(1, 1) && check(CAP_CONTACTS_MAX, CAP_DAYS_MAX));
        assert!(!check(0, 1) && !check(1, 0) && !check(CAP_CONTACTS_MAX + 1, 1) && !check(1, CAP_DAYS_MAX + 1));
        let caps = |count| Cap::check(&vec![Cap { contacts: 1, days: 1 }; count]).is_ok();
        assert!(caps(CAPS_MAX) && !caps(CAPS_MAX + 1));
    }
}
