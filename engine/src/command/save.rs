//! Changes of what is saved, version by version: segments, audiences, and who is in a static segment.

use std::sync::Arc;

use crate::audience::Definition;
use crate::block::Set;
use crate::catalog::AttributeChanges;
use crate::id::{AudienceId, ListId, SegmentId};
use crate::rule::Rule;
use crate::segment::Model;
use crate::time::Timestamp;

/// Saves a new segment, or changes one. What changes nothing makes no version.
#[derive(Debug, Clone)]
pub struct SaveSegment {
    /// Which one; none for a new one.
    pub id: Option<SegmentId>,
    /// What it is to be called.
    pub attributes: AttributeChanges,
    /// What it is to hold.
    pub content: SegmentContent,
    /// Who and when.
    pub stamp: Stamp,
}

/// Saves a new audience, or changes one. What changes nothing makes no version.
#[derive(Debug, Clone)]
pub struct SaveAudience {
    /// Which one; none for a new one.
    pub id: Option<AudienceId>,
    /// What it is to be called.
    pub attributes: AttributeChanges,
    /// Who is to be in it; none for whoever is.
    pub definition: Option<Definition>,
    /// Who and when.
    pub stamp: Stamp,
}

/// Puts people into a static segment and takes others out.
#[derive(Debug, Clone)]
pub struct ChangeMembers {
    /// Which one.
    pub id: SegmentId,
    /// External ids to put in.
    pub add: Vec<String>,
    /// External ids to take out.
    pub remove: Vec<String>,
    /// Who and when.
    pub stamp: Stamp,
}

/// Makes a new version that equals an earlier one.
#[derive(Debug, Clone)]
pub struct Restore {
    /// Of what.
    pub what: Saving,
    /// The number of the earlier one.
    pub version: u64,
    /// Who and when.
    pub stamp: Stamp,
}

/// Something that has versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Saving {
    /// A segment.
    Segment(SegmentId),
    /// An audience.
    Audience(AudienceId),
}

/// Who changes something, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// In free words; empty where nobody says.
    pub by: String,
    /// The instant.
    pub now: Timestamp,
}

/// What a segment is to hold.
#[derive(Debug, Clone)]
pub enum SegmentContent {
    /// Whoever the rule selects.
    Rule(Rule),
    /// These ids.
    Ids(Vec<String>),
    /// These profiles, as far as they are there: what a segment or an audience was found to hold.
    Rows(Set),
    /// The people of an imported list.
    List(ListId),
    /// Whoever is like the people of another segment.
    Lookalike(Arc<Model>),
    /// What it holds already.
    Same,
}

/// A side of an audience.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Whoever is in.
    Include,
    /// Whoever is out.
    Exclude,
}
