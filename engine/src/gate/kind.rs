//! The gates in their order, and what one of them takes out.

use std::sync::Arc;

use crate::block::Set;

/// Which gate, in the order in which they are counted; what the definition excludes comes before all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GateKind {
    /// A list that the tenant keeps for every audience.
    Suppression,
    /// No consent for the channel.
    NoConsent,
    /// Contacted often enough.
    FrequencyCap,
    /// An audience of the same group that goes first has the person.
    HigherPriority,
    /// The tenant's control group.
    ControlGroup,
    /// The definition's hold-out.
    Holdout,
    /// Outside the definition's split.
    Split,
}

impl GateKind {
    /// All of them, in order.
    pub const ALL: [Self; 7] = [
        Self::Suppression,
        Self::NoConsent,
        Self::FrequencyCap,
        Self::HigherPriority,
        Self::ControlGroup,
        Self::Holdout,
        Self::Split,
    ];

    /// Its word, which reasons begin with.
    pub fn name(self) -> &'static str {
        match self {
            Self::Suppression => "suppression",
            Self::NoConsent => "no_consent",
            Self::FrequencyCap => "frequency_cap",
            Self::HigherPriority => "higher_priority",
            Self::ControlGroup => "control_group",
            Self::Holdout => "holdout",
            Self::Split => "split",
        }
    }
}

/// Whom a gate takes out.
#[derive(Debug, Clone)]
pub enum Sieve {
    /// Whoever is among these.
    Out(Arc<Set>),
    /// Whoever is not among these.
    Keep(Arc<Set>),
}

impl Sieve {
    /// Whether it takes a row out.
    pub fn takes(&self, row: u32) -> bool {
        match self {
            Self::Out(rows) => rows.contains(row),
            Self::Keep(rows) => !rows.contains(row),
        }
    }

    /// The rows it goes by.
    pub fn rows(&self) -> &Arc<Set> {
        match self {
            Self::Out(rows) | Self::Keep(rows) => rows,
        }
    }
}

/// A gate at one version and instant.
#[derive(Debug, Clone)]
pub struct GateRows {
    /// Which.
    pub kind: GateKind,
    /// Which of its kind: the reason is `kind:key`.
    pub key: String,
    /// What it is called.
    pub label: String,
    /// Whom it takes out.
    pub sieve: Sieve,
}
