//! What a definition says about gates.

use super::slice::Slice;
use crate::error::{Error, Result};
use crate::id::SuppressionId;
use crate::limits::DESCRIPTION_BYTES_MAX;

/// The gates of one definition; those of the tenant stand before everybody.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Gating {
    /// By which channel its people are to be reached.
    pub channel: Option<String>,
    /// Whoever is in this slice is out.
    pub holdout: Option<Slice>,
    /// Whoever is not in this slice is out.
    pub split: Option<Slice>,
    /// Suppressions that are not to hold, and why.
    pub ignored: Option<IgnoredSuppressions>,
}

/// Suppressions that a definition sets aside.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IgnoredSuppressions {
    /// Which.
    pub suppressions: Vec<SuppressionId>,
    /// Why, in somebody's words.
    pub reason: String,
}

impl Gating {
    /// Whether a suppression is set aside.
    pub fn ignores(&self, id: SuppressionId) -> bool {
        self.ignored.as_ref().is_some_and(|ignored| ignored.suppressions.contains(&id))
    }

    /// Refuses what no gate can be.
    ///
    /// # Errors
    /// `Invalid`.
    pub fn check(&self) -> Result<()> {
        self.holdout.iter().try_for_each(|slice| slice.check("holdout"))?;
        self.split.iter().try_for_each(|slice| slice.check("split"))?;
        if let Some(IgnoredSuppressions { suppressions, reason }) = &self.ignored
            && !suppressions.is_empty()
            && (reason.trim().is_empty() || reason.len() > DESCRIPTION_BYTES_MAX)
        {
            let message = format!(
                "say why these suppressions are not to hold, in at most {DESCRIPTION_BYTES_MAX} bytes: the reason stands in \
                 the breakdown"
            );
            return Err(Error::invalid("/ignore_reason", "missing_reason", message));
        }
        Ok(())
    }
}
