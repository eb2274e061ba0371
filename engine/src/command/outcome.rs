//! What a change did, for whoever asked for it.

use super::digest::Digest;
use super::gates::Noted;
use crate::error::Error;
use crate::event::EventCounts;
use crate::id::{AudienceId, GroupId, ListId, OfferId, SegmentId, SnapshotId, SuppressionId};
use crate::segment::MemberChanges;
use crate::table::BatchCounts;

/// What a command did.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Done, with nothing to tell.
    Done,
    /// Whether a patch changed anything.
    Patched(bool),
    /// What an erasure cleared.
    Erased(Erasure),
    /// The segment that was saved.
    Segment(SegmentId),
    /// The audience that was saved.
    Audience(AudienceId),
    /// The list that was saved.
    List(ListId),
    /// The snapshots that were taken, whose ids follow each other.
    Snapshots {
        /// Of the first.
        first: SnapshotId,
        /// How many.
        count: u64,
    },
    /// What an import did.
    Imported(ImportCounts),
    /// What became of people that were to be put into a segment, or taken out.
    Members(SegmentId, MemberChanges),
    /// The suppression that is kept.
    Suppression(SuppressionId),
    /// The exclusion group that was saved.
    Group(GroupId),
    /// What became of people that were to be put on a suppression, or were contacted.
    Noted(Noted),
    /// What became of events.
    Events(EventCounts),
    /// The offer that was saved.
    Offer(OfferId),
}

/// What an import did to profiles, each counted once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImportCounts {
    /// Inserted, updated, unchanged, superseded.
    pub rows: BatchCounts,
    /// The version in which the import became visible.
    pub data_version: u64,
}

/// What is kept of a change that was made under a key.
#[derive(Debug, Clone, PartialEq)]
pub struct Remembered {
    /// What was asked; none where nobody has said.
    pub request: Option<Digest>,
    /// What became of it.
    pub outcome: Outcome,
}

/// What an erasure cleared.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Erasure {
    /// Fields that held a value.
    pub fields: u64,
    /// Static segments that named the person.
    pub segments: u64,
    /// Lists, and suppressions of their own, that named the person.
    pub lists: u64,
    /// Audience definitions that named the person.
    pub audiences: u64,
    /// Snapshots that had the person as a member.
    pub snapshots: u64,
    /// Events of the person.
    pub events: u64,
    /// The number of its receipt ([`super::Erasures`]); 0 where it was made by a version that gave none.
    pub receipt: u64,
}

impl Outcome {
    /// The number of the thing that was saved, whatever it is.
    ///
    /// # Errors
    /// When the command saved nothing that has a number.
    pub fn id(&self) -> Result<u64, Error> {
        match self {
            Self::Segment(id) | Self::Members(id, _) => Ok(id.0),
            Self::Audience(id) => Ok(id.0),
            Self::List(id) => Ok(id.0),
            Self::Offer(id) => Ok(id.0),
            Self::Snapshots { first, .. } => Ok(first.0),
            Self::Suppression(id) => Ok(id.0),
            Self::Group(id) => Ok(id.0),
            Self::Done | Self::Patched(_) | Self::Erased(_) | Self::Imported(_) | Self::Noted(_) | Self::Events(_) => {
                Err(Error::NotFound("nothing was saved".into()))
            }
        }
    }
}
