//! Everything a tenant has, as it was at one version.

use std::sync::Arc;

use rayon::prelude::*;

use crate::audience::{self, AudiencePreview, Audiences, Lists, Moment, Wanted};
use crate::block::Set;
use crate::cache::{self, Cache};
use crate::command::Erasures;
use crate::error::{Error, Result};
use crate::gate::Gates;
use crate::id::{FieldId, SegmentId};
use crate::offer::Offers;
use crate::patience::Patience;
use crate::rule::{CheckedRule, Rule, check, read_json, read_text};
use crate::segment::{self, Catalog, Preview, PreviewOptions, Segment, SegmentKind};
use crate::snapshot::Snapshots;
use crate::table::View;
use crate::time::Timestamp;

/// Segments that one thread counts: with fewer, asking another takes longer.
const COUNTED_TOGETHER: usize = 32;

/// Profiles, segments, audiences, lists, snapshots and receipts of one version. A clone copies pointers.
#[derive(Debug, Clone, Default)]
pub struct State {
    /// Grows by one with every change.
    pub version: u64,
    /// The profiles.
    pub view: View,
    /// The segments.
    pub segments: Catalog,
    /// The audiences.
    pub audiences: Audiences,
    /// The imported lists.
    pub lists: Lists,
    /// What keeps people out of audiences.
    pub gates: Gates,
    /// The frozen audiences.
    pub snapshots: Snapshots,
    /// What is for sale, and how it is matched with customers.
    pub offers: Offers,
    /// The version in which a profile or a field changed last: what was counted since would be counted again.
    pub profiles_version: u64,
    /// The version in which somebody was erased last.
    pub erased_version: u64,
    /// Who was erased when, without saying who.
    pub erasures: Erasures,
    /// What earlier questions found out; shared by all states.
    pub cache: Arc<Cache>,
}

impl State {
    /// Bytes of columns, indexes, dictionaries, and of the ids in segments, earlier versions of these, lists and
    /// gates; and of offers.
    pub fn bytes(&self) -> u64 {
        let segments = self.segments.iter().map(|segment| segment.bytes()).sum::<usize>();
        let lists = self.lists.iter().map(|list| list.ids.bytes()).sum::<usize>();
        (self.view.bytes() + segments + lists + self.gates.bytes() + self.offers.bytes()) as u64
    }

    /// Checks a rule against the schema and the segments there are.
    ///
    /// # Errors
    /// `Invalid` with every mistake.
    pub fn check(&self, rule: &Rule) -> Result<CheckedRule> {
        check(rule, &self.view, &self.segments).map_err(Error::Invalid)
    }

    /// Reads a rule from JSON and checks it.
    ///
    /// # Errors
    /// `Invalid` with every mistake of form and of content.
    pub fn read_json(&self, json: &serde_json::Value) -> Result<(Rule, CheckedRule)> {
        read_json(json, &self.view, &self.segments).map_err(Error::Invalid)
    }

    /// Reads a rule from its text form and checks it.
    ///
    /// # Errors
    /// `Invalid` with every mistake of form and of content, each with its line and column.
    pub fn read_text(&self, text: &str) -> Result<(Rule, CheckedRule)> {
        read_text(text, &self.view, &self.segments).map_err(Error::Invalid)
    }

    /// Previews a rule that need not be saved.
    ///
    /// # Errors
    /// `Invalid` when the sample is larger than allowed; `Corrupt` when what was read for it is damaged.
    pub fn preview(&self, rule: &CheckedRule, now: Timestamp, options: PreviewOptions) -> Result<Preview> {
        let preview = segment::preview(rule, &self.segments, &self.view, now, options, &self.cache)?;
        self.view.check_damage()?;
        Ok(preview)
    }

    /// How many profiles a segment has.
    ///
    /// # Errors
    /// `NotFound` when there is no such segment; `Corrupt` when what was read for it is damaged.
    pub fn segment_count(&self, id: SegmentId, now: Timestamp) -> Result<u64> {
        let segment = self.segments.get(id)?;
        let count = match &segment.kind {
            SegmentKind::Static(list) => list.rows.len(),
            SegmentKind::Dynamic { checked, .. } | SegmentKind::Lookalike { checked, .. } => {
                let segments = segment::segments_of(checked, &self.segments, &self.view, now, &self.cache);
                cache::count(checked, &self.view, &segments, now, &self.cache).0
            }
        };
        self.view.check_damage()?;
        Ok(count)
    }

    /// How many profiles each of these segments has: what they refer to in common is evaluated once.
    pub fn segment_counts(&self, segments: &[&Segment], now: Timestamp) -> Vec<u64> {
        let mut named: Vec<SegmentId> = Vec::new();
        for segment in segments {
            named.extend(segment.kind.references());
        }
        let rows = segment::rows_of_segments(&named, &self.segments, &self.view, now, &self.cache);
        let count = |segment: &&Segment| match (&segment.kind, rows.get(&segment.id)) {
            (_, Some(rows)) => rows.len(),
            (SegmentKind::Static(list), None) => list.rows.len(),
            (SegmentKind::Dynamic { checked, .. } | SegmentKind::Lookalike { checked, .. }, None) => {
                cache::count(checked, &self.view, &rows, now, &self.cache).0
            }
        };
        let patience = Patience::current();
        segments.par_iter().with_min_len(COUNTED_TOGETHER).map(|segment| patience.lend(|| count(segment))).collect()
    }

    /// The rows of a segment.
    ///
    /// # Errors
    /// `NotFound` when there is no such segment.
    pub fn segment_rows(&self, id: SegmentId, now: Timestamp) -> Result<Set> {
        self.segments.get(id)?;
        let rows = segment::rows_of_segments(&[id], &self.segments, &self.view, now, &self.cache).remove(&id);
        Ok(rows.map(|rows| (*rows).clone()).unwrap_or_default())
    }

    /// The segments that a profile is in.
    pub fn segments_of(&self, row: u32, now: Timestamp) -> Vec<&Segment> {
        let all: Vec<SegmentId> = self.segments.iter().map(|segment| segment.id).collect();
        let rows = segment::rows_of_segments(&all, &self.segments, &self.view, now, &self.cache);
        let holds = |segment: &&Segment| rows.get(&segment.id).is_some_and(|rows| rows.contains(row));
        self.segments.iter().map(|segment| &**segment).filter(holds).collect()
    }

    /// The state at an instant, for whoever wants to learn from it.
    pub fn at(&self, now: Timestamp) -> Moment<'_> {
        let Self { view, segments, audiences, lists, gates, cache, .. } = self;
        Moment { view, segments, audiences, lists, gates, cache, now }
    }

    /// Whether the rule of a segment or of a consent tests a field.
    pub(super) fn refers_to_field(&self, field: FieldId) -> bool {
        let tests = |segment: &Arc<Segment>| segment.kind.checked().is_some_and(|rule| rule.fields().contains(&field));
        self.segments.iter().any(tests) || self.gates.refers_to_field(field)
    }

    /// Evaluates an audience.
    ///
    /// # Errors
    /// `NotFound` when a list it names is gone.
    pub fn audience<'a>(
        &'a self,
        wanted: impl Into<Wanted<'a>>,
        now: Timestamp,
        sample: usize,
    ) -> Result<AudiencePreview> {
        audience::evaluate(wanted.into(), sample, &self.at(now))
    }
}
