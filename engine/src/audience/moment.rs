//! What questions are about: one state of a tenant at one instant.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::breakdown::evaluate;
use super::lineup::Wanted;
use super::store::{Audiences, Lists};
use crate::block::Set;
use crate::cache::Cache;
use crate::error::Result;
use crate::gate::{Gates, Resolved};
use crate::id::{ListId, SegmentId};
use crate::plan::SegmentRows;
use crate::rule::CheckedRule;
use crate::segment::{Catalog, rows, rows_of_segments};
use crate::table::View;
use crate::time::Timestamp;

/// Profiles, segments, audiences and lists of one version, at one instant.
#[derive(Debug, Clone, Copy)]
pub struct Moment<'a> {
    /// The profiles.
    pub view: &'a View,
    /// The segments.
    pub segments: &'a Catalog,
    /// The audiences.
    pub audiences: &'a Audiences,
    /// The imported lists.
    pub lists: &'a Lists,
    /// What keeps people out of audiences.
    pub gates: &'a Gates,
    /// What earlier questions found out.
    pub cache: &'a Cache,
    /// The instant.
    pub now: Timestamp,
}

impl Moment<'_> {
    /// The rows that a rule selects.
    pub fn rows(&self, rule: &CheckedRule) -> Set {
        rows(rule, self.segments, self.view, self.now, self.cache).0
    }

    /// The rows of some segments and of all they refer to.
    pub fn segment_rows(&self, wanted: &[SegmentId]) -> SegmentRows {
        rows_of_segments(wanted, self.segments, self.view, self.now, self.cache)
    }

    /// The rows of a segment.
    ///
    /// # Errors
    /// `NotFound` when there is no such segment.
    pub fn rows_of_segment(&self, id: SegmentId) -> Result<Arc<Set>> {
        self.segments.get(id)?;
        Ok(self.segment_rows(&[id]).remove(&id).unwrap_or_default())
    }

    /// The rows of an audience.
    ///
    /// # Errors
    /// `NotFound` when a list it names is gone.
    pub fn rows_of_audience<'w>(&self, wanted: impl Into<Wanted<'w>>) -> Result<Set> {
        Ok(evaluate(wanted.into(), 0, self)?.rows)
    }

    /// All gates of the tenant, and those of some channels.
    pub fn resolved(&self, channels: BTreeSet<&str>) -> Resolved {
        let list = |id: ListId| self.lists.get(id).ok().map(|list| (list.ids.rows.clone(), list.created));
        Resolved::find(self.gates, channels, &list, (self.view, self.now, self.cache))
    }

    /// The name that a segment has now.
    pub fn segment_name(&self, id: SegmentId) -> Option<String> {
        self.segments.get(id).ok().map(|segment| segment.name.clone())
    }
}
