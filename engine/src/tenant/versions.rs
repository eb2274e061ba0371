//! Versions of segments and audiences: made the current one again, and evaluated as if they were.

use super::change::Expected;
use super::save::{check_definition, kind_of, put_audience, put_segment, readable};
use super::state::State;
use crate::audience::{Definition, Wanted};
use crate::block::Set;
use crate::command::{Outcome, Restore, Saving};
use crate::error::{Error, Problem, Result};
use crate::id::AudienceId;
use crate::segment::{self, SegmentKept};
use crate::time::Timestamp;

/// Makes a new version that equals an earlier one.
pub(super) fn restore(state: &mut State, restore: Restore) -> Result<Outcome> {
    let Restore { what, version, stamp } = restore;
    match what {
        Saving::Segment(id) => {
            let before = state.segments.get(id)?.clone();
            let version = before.version(version)?;
            let kept = readable(state, &version.content);
            let kind = kind_of(state, id, &version.attributes.name, &kept)?;
            put_segment(state, id, Some(&before), version.attributes, kind, stamp)
        }
        Saving::Audience(id) => {
            let before = state.audiences.get(id)?.clone();
            let version = before.version(version)?;
            put_audience(state, id, Some(&before), version.attributes, version.content, stamp)
        }
    }
}

impl State {
    /// Refuses whoever has seen another version than the current one.
    ///
    /// # Errors
    /// `Conflict` with `stale_version`; `NotFound` when it is gone.
    pub(super) fn expect(&self, expected: Expected) -> Result<()> {
        let (what, current) = match expected.what {
            Saving::Segment(id) => (format!("segment {id}"), self.segments.get(id)?.version),
            Saving::Audience(id) => (format!("audience {id}"), self.audiences.get(id)?.version),
        };
        if current == expected.version {
            return Ok(());
        }
        let message = format!(
            "{what} is at version {current} by now, not at {}: somebody saved it meanwhile; read it again, and decide",
            expected.version
        );
        Err(Error::Conflict(Problem::new("", "stale_version", message)))
    }

    /// Who would be in a segment that holds what a version held.
    ///
    /// # Errors
    /// `Invalid` when it refers to what is there no longer.
    pub fn rows_of_version(&self, kept: &SegmentKept, now: Timestamp) -> Result<Set> {
        match readable(self, kept) {
            SegmentKept::Ids(ids) => Ok((*ids.rows).clone()),
            SegmentKept::Lookalike(model) => {
                let checked = model.checked(self.view.schema()).map_err(Error::Invalid)?;
                Ok(segment::rows(&checked, &self.segments, &self.view, now, &self.cache).0)
            }
            SegmentKept::Rule(rule) => {
                let checked = self.check(&rule).map_err(|error| error.below("/criteria"))?;
                Ok(segment::rows(&checked, &self.segments, &self.view, now, &self.cache).0)
            }
        }
    }

    /// Who would be in an audience that is defined as a version was.
    ///
    /// # Errors
    /// `Invalid` when it names what is there no longer.
    pub fn rows_of_definition(&self, id: AudienceId, definition: &Definition, now: Timestamp) -> Result<Set> {
        check_definition(self, definition)?;
        Ok(self.audience(Wanted { definition, audience: Some(id) }, now, 0)?.rows)
    }
}
