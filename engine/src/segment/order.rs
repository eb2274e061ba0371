//! Segments that refer to segments: in which order they are evaluated, and refusing circles.

use std::collections::HashMap;

use rayon::prelude::*;

use super::catalog::{Catalog, SegmentKind};
use crate::block::Set;
use crate::cache::{self, Cache};
use crate::eval;
use crate::id::SegmentId;
use crate::plan::{SegmentRows, plan};
use crate::rule::CheckedRule;
use crate::table::View;
use crate::time::Timestamp;

/// The rows of some segments and of all they refer to, each evaluated once. A segment that does not exist has none.
pub fn rows_of_segments(
    wanted: &[SegmentId],
    catalog: &Catalog,
    view: &View,
    now: Timestamp,
    kept: &Cache,
) -> SegmentRows {
    let mut rows = SegmentRows::new();
    // A stack instead of recursion: chains of segments may be longer than a thread's stack is deep.
    let mut stack: Vec<(SegmentId, bool)> = wanted.iter().map(|id| (*id, false)).collect();
    while let Some((id, references_done)) = stack.pop() {
        if rows.contains_key(&id) {
            continue;
        }
        let Ok(segment) = catalog.get(id) else { continue };
        match &segment.kind {
            SegmentKind::Static(list) => {
                rows.insert(id, list.rows.clone());
            }
            SegmentKind::Dynamic { checked, .. } | SegmentKind::Lookalike { checked, .. } if references_done => {
                let found = cache::rows(checked, view, &rows, now, kept);
                rows.insert(id, found);
            }
            kind => {
                stack.push((id, true));
                stack.extend(kind.references().into_iter().map(|other| (other, false)));
            }
        }
    }
    rows
}

/// The rows of segments in some blocks only, in their order; what they refer to is evaluated whole, once.
pub fn rows_in_blocks(
    wanted: &[SegmentId],
    blocks: &[u32],
    catalog: &Catalog,
    (view, now): (&View, Timestamp),
    kept: &Cache,
) -> Vec<Set> {
    let referred: Vec<SegmentId> =
        wanted.iter().filter_map(|id| catalog.get(*id).ok()).flat_map(|segment| segment.kind.references()).collect();
    let rows = rows_of_segments(&referred, catalog, view, now, kept);
    let part = |id: &SegmentId| {
        let mut part = Set::default();
        match catalog.get(*id).map(|segment| &segment.kind) {
            Ok(SegmentKind::Static(list)) => {
                blocks.iter().for_each(|block| _ = part.replace(*block, list.rows.container(*block).clone()));
            }
            Ok(SegmentKind::Dynamic { checked, .. } | SegmentKind::Lookalike { checked, .. }) => {
                let found = eval::containers(&plan(checked, view, &rows, now), blocks);
                found.into_iter().for_each(|(block, container)| _ = part.replace(block, container));
            }
            Err(_) => {}
        }
        part
    };
    wanted.par_iter().map(part).collect()
}

/// The circle that a rule would close if it were saved as segment `id`: names from the segment back to itself.
pub fn find_cycle(id: SegmentId, name: &str, rule: &CheckedRule, catalog: &Catalog) -> Option<Vec<String>> {
    let mut reached_from: HashMap<SegmentId, Option<SegmentId>> = HashMap::new();
    let mut stack: Vec<(SegmentId, Option<SegmentId>)> =
        rule.segments().into_iter().map(|other| (other, None)).collect();
    while let Some((current, from)) = stack.pop() {
        if current == id {
            let mut path = vec![name.to_owned()];
            let mut at = from;
            while let Some(step) = at {
                path.push(catalog.get(step).map_or_else(|_| step.to_string(), |segment| segment.name.clone()));
                at = reached_from.get(&step).copied().flatten();
            }
            path.push(name.to_owned());
            path.reverse();
            return Some(path);
        }
        if reached_from.insert(current, from).is_none()
            && let Ok(segment) = catalog.get(current)
        {
            stack.extend(segment.kind.references().into_iter().map(|other| (other, Some(current))));
        }
    }
    None
}
