//! Freezing audiences: all at one view and one instant, each segment evaluated once.

use std::collections::{BTreeMap, HashSet};

use rayon::prelude::*;

use super::context::FrozenGate;
use super::digest::Digest;
use super::record::Snapshot;
use crate::audience::{Audience, AudiencePreview, Lineup, Moment, Wanted, evaluate_all};
use crate::block::{BLOCK_WORDS, to_portable};
use crate::error::Result;
use crate::gate::{GateKind, GateRows, Sieve};
use crate::id::{SegmentId, SnapshotId};
use crate::limits::{SNAPSHOT_MEMBER_BYTES, SNAPSHOT_SEGMENT_BYTES};
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
    /// When this is done.
    pub created: Timestamp,
}

/// Freezes audiences for the moment's instant and hands over one snapshot after the other; returns the gates they went by.
/// So many segments and members are held at a time as [`SNAPSHOT_SEGMENT_BYTES`] and [`SNAPSHOT_MEMBER_BYTES`] allow.
///
/// # Errors
/// `NotFound` when a list that one of them names is gone; whatever `each` refuses.
pub fn freeze(
    order: Order<'_>,
    moment: &Moment<'_>,
    mut each: impl FnMut(Snapshot) -> Result<()>,
) -> Result<Vec<FrozenGate>> {
    let set_bytes = 8 * BLOCK_WORDS * moment.view.block_count().max(1) as usize;
    let wanted: Vec<Wanted<'_>> = order.audiences.iter().map(|audience| Wanted::from(*audience)).collect();
    let resolved = moment.resolved(Lineup::of(&wanted, moment).channels());
    let mut gates: BTreeMap<(GateKind, String), FrozenGate> = BTreeMap::new();
    let mut id = order.first.0;
    let segments_of = |audience: &Audience| Lineup::of(&[audience.into()], moment).segments().into_iter().collect();
    for group in by_segments(order.audiences, SNAPSHOT_SEGMENT_BYTES / set_bytes, &segments_of) {
        let wanted: Vec<SegmentId> = group.iter().flat_map(|audience| segments_of(audience)).collect();
        let segments = moment.segment_rows(&wanted);
        for some in group.chunks((SNAPSHOT_MEMBER_BYTES / set_bytes).max(1)) {
            let wanted: Vec<Wanted<'_>> = some.iter().map(|audience| Wanted::from(*audience)).collect();
            let evaluated = evaluate_all(&Lineup::of(&wanted, moment), &segments, &resolved, moment)?;
            evaluated.iter().flat_map(|preview| &preview.gates).for_each(|gate| keep(gate, &mut gates));
            let frozen: Vec<Snapshot> = (some, evaluated)
                .into_par_iter()
                .enumerate()
                .map(|(at, (audience, preview))| snapshot(order, moment.now, id + at as u64, audience, preview))
                .collect();
            id += frozen.len() as u64;
            frozen.into_iter().try_for_each(&mut each)?;
        }
    }
    Ok(gates.into_values().collect())
}

/// Keeps the rows of a gate that is no slice, once.
fn keep(gate: &GateRows, kept: &mut BTreeMap<(GateKind, String), FrozenGate>) {
    let GateRows { kind, key, label, sieve } = gate;
    if matches!(kind, GateKind::ControlGroup | GateKind::Holdout | GateKind::Split) {
        return;
    }
    kept.entry((*kind, key.clone())).or_insert_with(|| FrozenGate {
        kind: *kind,
        key: key.clone(),
        label: label.clone(),
        keeps: matches!(sieve, Sieve::Keep(_)),
        rows: to_portable(sieve.rows()).into(),
    });
}

fn snapshot(order: Order<'_>, now: Timestamp, id: u64, audience: &Audience, preview: AudiencePreview) -> Snapshot {
    let members = to_portable(&preview.rows);
    Snapshot {
        id: SnapshotId(id),
        audience: audience.id,
        name: audience.name.clone(),
        definition: audience.definition.as_ref().clone(),
        data_version: order.data_version,
        now,
        created: order.created,
        population: preview.population,
        count: preview.rows.len(),
        erased: 0,
        digest: Digest::of(&members),
        breakdown: preview.breakdown,
        members: members.into(),
    }
}

/// Audiences in order, cut where the next one would bring more segments than are held at a time.
fn by_segments<'s, 'a>(
    audiences: &'s [&'a Audience],
    segments_max: usize,
    segments_of: &dyn Fn(&Audience) -> Vec<SegmentId>,
) -> Vec<&'s [&'a Audience]> {
    let (mut groups, mut rest, mut known, mut at) = (Vec::new(), audiences, HashSet::new(), 0);
    while at < rest.len() {
        let fresh: HashSet<SegmentId> = segments_of(rest[at]).into_iter().filter(|id| !known.contains(id)).collect();
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
    use crate::audience::{Definition, SegmentChoice};
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
        let segments_of = |audience: &Audience| audience.definition.segments().map(|choice| choice.id).collect();
        let lengths = |most| by_segments(&all, most, &segments_of).iter().map(|group| group.len()).collect::<Vec<_>>();
        assert_eq!(lengths(3), [3, 2, 1], "one audience alone may pass the bound");
        assert_eq!(lengths(0), [2, 1, 2, 1], "whoever brings no new segment costs none");
        assert_eq!(lengths(8), [6]);
        assert_eq!(by_segments(&[], 8, &segments_of).concat().len(), 0);
    }
}
