//! Freezing audiences: all at one view and one instant, each segment evaluated once.

use std::collections::HashSet;

use rayon::prelude::*;

use super::digest::Digest;
use super::record::Snapshot;
use crate::audience::{Audience, AudiencePreview, Definition, Lists, evaluate_all};
use crate::block::{BLOCK_WORDS, to_portable};
use crate::cache::Cache;
use crate::error::Result;
use crate::id::{SegmentId, SnapshotId};
use crate::limits::{SNAPSHOT_MEMBER_BYTES, SNAPSHOT_SEGMENT_BYTES};
use crate::segment::{Catalog, rows_of_segments};
use crate::table::View;
use crate::time::Timestamp;

/// What is to be frozen, and as of when.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    /// Which audiences.
    pub audiences: &'a [&'a Audience],
    /// The id that the first snapshot gets.
    pub first: SnapshotId,
    /// Version of the data.
    pub data_version: u64,
    /// The instant to evaluate for.
    pub now: Timestamp,
    /// When this is done.
    pub created: Timestamp,
}

/// Freezes audiences and hands over one snapshot after the other. So many segments and members are held at a time as
/// [`SNAPSHOT_SEGMENT_BYTES`] and [`SNAPSHOT_MEMBER_BYTES`] allow.
///
/// # Errors
/// `NotFound` when a list that one of them names is gone; whatever `each` refuses.
pub fn freeze(
    order: Order<'_>,
    (catalog, lists, view): (&Catalog, &Lists, &View),
    kept: &Cache,
    mut each: impl FnMut(Snapshot) -> Result<()>,
) -> Result<()> {
    let set_bytes = 8 * BLOCK_WORDS * view.block_count().max(1) as usize;
    let mut id = order.first.0;
    for group in by_segments(order.audiences, SNAPSHOT_SEGMENT_BYTES / set_bytes) {
        let wanted: Vec<SegmentId> = group.iter().flat_map(|audience| segments_of(audience)).collect();
        let segments = rows_of_segments(&wanted, catalog, view, order.now, kept);
        for some in group.chunks((SNAPSHOT_MEMBER_BYTES / set_bytes).max(1)) {
            let definitions: Vec<&Definition> = some.iter().map(|audience| &*audience.definition).collect();
            let evaluated = evaluate_all(&definitions, &segments, lists, view)?;
            let frozen: Vec<Snapshot> = (some, evaluated)
                .into_par_iter()
                .enumerate()
                .map(|(at, (audience, preview))| snapshot(order, id + at as u64, audience, preview))
                .collect();
            id += frozen.len() as u64;
            frozen.into_iter().try_for_each(&mut each)?;
        }
    }
    Ok(())
}

fn snapshot(order: Order<'_>, id: u64, audience: &Audience, preview: AudiencePreview) -> Snapshot {
    let members = to_portable(&preview.rows);
    Snapshot {
        id: SnapshotId(id),
        audience: audience.id,
        name: audience.name.clone(),
        definition: audience.definition.as_ref().clone(),
        data_version: order.data_version,
        now: order.now,
        created: order.created,
        population: preview.population,
        count: preview.rows.len(),
        erased: 0,
        digest: Digest::of(&members),
        breakdown: preview.breakdown,
        members: members.into(),
    }
}

fn segments_of(audience: &Audience) -> impl Iterator<Item = SegmentId> {
    audience.definition.segments().map(|choice| choice.id)
}

/// Audiences in order, cut where the next one would bring more segments than are held at a time.
fn by_segments<'s, 'a>(audiences: &'s [&'a Audience], segments_max: usize) -> Vec<&'s [&'a Audience]> {
    let (mut groups, mut rest, mut known, mut at) = (Vec::new(), audiences, HashSet::new(), 0);
    while at < rest.len() {
        let fresh: HashSet<SegmentId> = segments_of(rest[at]).filter(|id| !known.contains(id)).collect();
        if at > 0 && !fresh.is_empty() && known.len() + fresh.len() > segments_max {
            let (group, after) = rest.split_at(at);
            groups.push(group);
            (rest, at) = (after, 0);
            known.clear();
            continue;
        }
        known.extend(fresh);
        at += 1;
    }
    groups.push(rest);
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audience::SegmentChoice;
    use crate::catalog::Attributes;
    use crate::id::AudienceId;

    #[test]
    fn groups_hold_so_many_segments_and_every_audience_is_in_one() {
        let audience = |id: u64, segments: &[u64]| {
            let choice = |id: &u64| SegmentChoice { id: SegmentId(*id), key: id.to_string() };
            let exclude_segments = segments.iter().map(choice).collect();
            let definition = Definition { exclude_segments, ..Definition::default() };
            let attributes = Attributes { name: id.to_string(), ..Attributes::default() };
            Audience::new(AudienceId(id), attributes, definition.into(), String::new(), Timestamp(0))
        };
        let all: Vec<Audience> = [&[1, 2][..], &[2, 1], &[3], &[4, 5, 6, 7], &[], &[7, 8]]
            .iter()
            .zip(1..)
            .map(|(segments, id)| audience(id, segments))
            .collect();
        let all: Vec<&Audience> = all.iter().collect();
        let lengths = |most| by_segments(&all, most).iter().map(|group| group.len()).collect::<Vec<_>>();
        assert_eq!(lengths(3), [3, 2, 1], "one audience alone may pass the bound");
        assert_eq!(lengths(0), [2, 1, 2, 1], "whoever brings no new segment costs none");
        assert_eq!(lengths(8), [6]);
        assert_eq!(by_segments(&[], 8).concat().len(), 0);
    }
}
