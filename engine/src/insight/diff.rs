//! What saving another content for a segment would move: in the segment, and in every segment and audience that it
//! reaches.
//!
//! Before and after are evaluated on one view at one instant, so every difference is the edit's.

use std::collections::BTreeSet;

use super::Moment;
use crate::block::Set;
use crate::error::{Error, Result};
use crate::id::{AudienceId, Row, SegmentId};
use crate::limits::SAMPLE_MAX;
use crate::segment::{Segment, SegmentKind, find_cycle};
use crate::table::Profile;

/// How a set of people changes: before - left + entered = after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Moved {
    /// Members now.
    pub before: u64,
    /// Members after the edit.
    pub after: u64,
    /// Who come in.
    pub entered: u64,
    /// Who go out.
    pub left: u64,
}

/// Something that refers to the segment, and how it changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependant<Id> {
    /// Which.
    pub id: Id,
    /// What it is called.
    pub name: String,
    /// How it changes.
    pub moved: Moved,
}

/// What an edit would move.
#[derive(Debug, Clone, PartialEq)]
pub struct Diff {
    /// How the segment itself changes.
    pub moved: Moved,
    /// The first who come in, in row order.
    pub entered: Vec<Profile>,
    /// The first who go out, in row order.
    pub left: Vec<Profile>,
    /// The segments that refer to it, directly or through others, by id.
    pub segments: Vec<Dependant<SegmentId>>,
    /// The audiences that name it or one of these segments, by id.
    pub audiences: Vec<Dependant<AudienceId>>,
}

impl Moved {
    fn between(before: &Set, after: &Set) -> Self {
        let both = before.and_count(after);
        Self { before: before.len(), after: after.len(), entered: after.len() - both, left: before.len() - both }
    }

    /// People who come in or go out.
    pub fn people(&self) -> u64 {
        self.entered + self.left
    }
}

/// How a segment alone would change.
///
/// # Errors
/// As [`diff`].
pub fn moved(id: SegmentId, kind: &SegmentKind, moment: &Moment<'_>) -> Result<Moved> {
    let edited = Edited::new(id, kind, moment)?;
    Ok(Moved::between(&*moment.rows_of_segment(id)?, &*edited.moment(moment).rows_of_segment(id)?))
}

/// What another content of a segment would move, with at most `sample` people of each direction.
///
/// # Errors
/// `NotFound` when there is no such segment, `Invalid` for a rule that would refer to itself or a sample larger than
/// [`SAMPLE_MAX`].
pub fn diff(id: SegmentId, kind: &SegmentKind, sample: usize, moment: &Moment<'_>) -> Result<Diff> {
    if sample > SAMPLE_MAX {
        let message = format!("a sample has at most {SAMPLE_MAX} members");
        return Err(Error::invalid("/sample", "sample_too_large", message));
    }
    let edited = Edited::new(id, kind, moment)?;
    let then = edited.moment(moment);
    let reached = reached(id, moment);
    let wanted: Vec<SegmentId> = reached.iter().copied().collect();
    let (before, after) = (moment.segment_rows(&wanted), then.segment_rows(&wanted));
    let nobody = Set::default();
    let of = |id: &SegmentId| {
        let rows = [&before, &after].map(|rows| rows.get(id).map_or(&nobody, |rows| &**rows));
        Moved::between(rows[0], rows[1])
    };
    let rows = [&before, &after].map(|rows| rows.get(&id).map_or(&nobody, |rows| &**rows));
    let first = |rows: &Set| {
        let rows = rows.rows_after(None, sample).into_iter();
        rows.map(|row| moment.view.profile(Row(row))).collect::<Vec<Profile>>()
    };
    let others = reached.iter().filter(|other| **other != id);
    let segments = others.map(|other| Dependant {
        id: *other,
        name: moment.segment_name(*other).unwrap_or_default(),
        moved: of(other),
    });
    let mut audiences = Vec::new();
    for audience in moment.audiences.iter() {
        if audience.definition.segments().any(|choice| reached.contains(&choice.id)) {
            let (before, after) = (moment.rows_of_audience(audience)?, then.rows_of_audience(audience)?);
            let moved = Moved::between(&before, &after);
            audiences.push(Dependant { id: audience.id, name: audience.name.clone(), moved });
        }
    }
    Ok(Diff {
        moved: of(&id),
        entered: first(&rows[1].and_not(rows[0])),
        left: first(&rows[0].and_not(rows[1])),
        segments: segments.collect(),
        audiences,
    })
}

/// The segments as they would be after the edit.
struct Edited {
    segments: crate::segment::Catalog,
}

impl Edited {
    fn new(id: SegmentId, kind: &SegmentKind, moment: &Moment<'_>) -> Result<Self> {
        let before = moment.segments.get(id)?;
        if let Some(checked) = kind.checked()
            && let Some(circle) = find_cycle(id, &before.name, checked, moment.segments)
        {
            let message = format!("the segment would refer to itself: {}", circle.join(" -> "));
            return Err(Error::invalid("/criteria", "circular_segment", message));
        }
        let mut segments = moment.segments.clone();
        segments.put(Segment { kind: kind.clone(), ..(**before).clone() })?;
        Ok(Self { segments })
    }

    fn moment<'a>(&'a self, now: &Moment<'a>) -> Moment<'a> {
        Moment { segments: &self.segments, ..*now }
    }
}

/// A segment and all that refer to it, directly or through others.
fn reached(id: SegmentId, moment: &Moment<'_>) -> BTreeSet<SegmentId> {
    let mut found = BTreeSet::from([id]);
    let mut open = vec![id];
    while let Some(next) = open.pop() {
        for other in moment.segments.referrers(next) {
            if found.insert(other.id) {
                open.push(other.id);
            }
        }
    }
    found
}
