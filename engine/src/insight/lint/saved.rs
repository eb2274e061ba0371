//! How a rule's people relate to those of saved segments.

use super::report::{Basis, Finding};
use crate::block::Set;
use crate::id::SegmentId;
use crate::insight::{Moment, against};
use crate::limits::LINT_SEGMENTS_MAX;
use crate::rule::{Rule, SegmentRef, SegmentTest};
use crate::segment::rows_in_blocks;

/// Segments of each kind that are named: the nearest.
const NAMED_MAX: usize = 5;

/// Blocks in which segments are looked at first: most relate to a rule in no way, and a few blocks show it.
const PROBES: usize = 4;

/// The segments of which some blocks do not show already that neither it nor the rule has all people of the other.
fn related(rows: &Set, ids: Vec<SegmentId>, moment: &Moment<'_>) -> Vec<SegmentId> {
    let step = rows.block_count().div_ceil(PROBES).max(1);
    let blocks: Vec<u32> = rows.blocks().step_by(step).map(|(block, _)| block).collect();
    let mut own = Set::default();
    blocks.iter().for_each(|block| _ = own.replace(*block, rows.container(*block).clone()));
    let parts = rows_in_blocks(&ids, &blocks, moment.segments, (moment.view, moment.now), moment.cache);
    let may_be = |part: &Set| {
        let both = own.and_count(part);
        both == own.len() || both == part.len()
    };
    ids.into_iter().zip(&parts).filter(|(_, part)| may_be(part)).map(|(id, _)| id).collect()
}

/// Compares with the first [`LINT_SEGMENTS_MAX`] segments but `own`. Says nothing about nobody and everybody.
pub(super) fn saved(rows: &Set, own: Option<SegmentId>, moment: &Moment<'_>) -> Vec<Finding> {
    let population = moment.view.live().len();
    if rows.is_empty() || rows.len() == population {
        return Vec::new();
    }
    let ids = moment.segments.iter().map(|segment| segment.id).filter(|id| Some(*id) != own);
    let ids = related(rows, ids.take(LINT_SEGMENTS_MAX).collect(), moment);
    let found = moment.segment_rows(&ids);
    let nobody = Set::default();
    let sets: Vec<&Set> = ids.iter().map(|id| found.get(id).map_or(&nobody, |rows| &**rows)).collect();
    let shared = against(rows, &sets);
    let (mut same, mut larger, mut smaller) = (Vec::new(), Vec::new(), Vec::new());
    for ((id, set), both) in ids.into_iter().zip(&sets).zip(shared) {
        let size = set.len();
        match (both == rows.len(), both == size) {
            (true, true) => same.push((size, id, both)),
            (true, false) if size < population => larger.push((size, id, both)),
            (false, true) if size > 0 => smaller.push((size, id, both)),
            _ => {}
        }
    }
    larger.sort_unstable();
    smaller.sort_unstable_by(|left, right| right.cmp(left));
    let finding = |code, what: &str, (size, id, both): (u64, SegmentId, u64), is_cured: bool| {
        let name = moment.segment_name(id).unwrap_or_default();
        let named = Rule::Segment(SegmentTest { segment: SegmentRef::Id(id), negated: false });
        Finding {
            code,
            pointer: String::new(),
            other: None,
            segment: Some((id, name.clone())),
            message: format!("{what} \"{name}\""),
            basis: Basis::Data,
            proof: vec![("count", rows.len()), ("segment_count", size), ("in_both", both)],
            cure: is_cured.then_some(named),
        }
    };
    let same =
        same.into_iter().take(NAMED_MAX).map(|one| finding("duplicate", "it has exactly the people of", one, true));
    let larger =
        larger.into_iter().take(NAMED_MAX).map(|one| finding("contained", "all its people are in", one, false));
    let smaller =
        smaller.into_iter().take(NAMED_MAX).map(|one| finding("containing", "it has all people of", one, false));
    same.chain(larger).chain(smaller).collect()
}
