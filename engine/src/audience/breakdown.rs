//! An audience evaluated: who is in it, and what every source and every exclusion did.
//!
//! All figures are sizes of exact sets, so they always add up: base - excluded = count.

use super::definition::{Definition, IncludeMatch};
use super::store::{List, Lists};
use crate::block::Set;
use crate::cache::Cache;
use crate::error::Result;
use crate::id::{ListId, Row, SegmentId};
use crate::plan::SegmentRows;
use crate::segment::{Catalog, IdCounts, IdList, rows_of_segments};
use crate::table::{Profile, View};
use crate::time::Timestamp;

/// Ids that were included or excluded, and what that did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedIds {
    /// The list; none for ids given in the definition.
    pub list: Option<ListId>,
    /// The ids accounted for.
    pub counts: IdCounts,
    /// Blank lines and blank ids of the file.
    pub blank: u64,
    /// Included: profiles that no earlier source had. Excluded: profiles of the base among them.
    pub effect: u64,
}

impl ListedIds {
    fn of_list(list: &List, effect: u64, view: &View) -> Self {
        Self { list: Some(list.id), counts: list.ids.counts(view), blank: list.blank, effect }
    }

    fn of_customers(ids: &IdList, effect: u64, view: &View) -> Self {
        Self { list: None, counts: ids.counts(view), blank: 0, effect }
    }
}

/// One source or exclusion in order, for a waterfall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// `segments`, `segment`, `customers`, `list` or `everyone`.
    pub kind: &'static str,
    /// The segment as the request named it, or the list's id; empty for the others.
    pub key: String,
    /// Profiles of the source; for an exclusion those of the base.
    pub size: u64,
    /// Profiles that no earlier step had.
    pub fresh: u64,
    /// Profiles that no other step of its side has.
    pub only: u64,
}

/// How an audience comes about. `acceptance/SPEC.md` in words: base - `excluded_total` = count.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Breakdown {
    /// Sizes of the included segments, as the request named them.
    pub include_segments: Vec<(String, u64)>,
    /// Their union or intersection.
    pub from_segments: u64,
    /// The population, when no include key was given.
    pub all_customers: Option<u64>,
    /// Ids of the definition.
    pub include_customers: Option<ListedIds>,
    /// Included lists, in order.
    pub include_lists: Vec<ListedIds>,
    /// Everybody included.
    pub base: u64,
    /// Members of the base in each excluded segment; they may overlap.
    pub excluded_by_segment: Vec<(String, u64)>,
    /// Ids of the definition.
    pub exclude_customers: Option<ListedIds>,
    /// Excluded lists, in order.
    pub exclude_lists: Vec<ListedIds>,
    /// Everybody excluded, once each.
    pub excluded_total: u64,
    /// The sources in order.
    pub sources: Vec<Step>,
    /// The exclusions in order.
    pub exclusions: Vec<Step>,
}

/// An audience at one version and one instant.
#[derive(Debug, Clone)]
pub struct AudiencePreview {
    /// Who is in it.
    pub rows: Set,
    /// Profiles there are.
    pub population: u64,
    /// The first members, in row order.
    pub sample: Vec<Profile>,
    /// How it came about.
    pub breakdown: Breakdown,
}

/// Evaluates a definition.
///
/// # Errors
/// `NotFound` when a list it names is gone.
pub fn evaluate(
    definition: &Definition,
    catalog: &Catalog,
    lists: &Lists,
    view: &View,
    now: Timestamp,
    sample: usize,
    kept: &Cache,
) -> Result<AudiencePreview> {
    let wanted: Vec<SegmentId> = definition.segments().map(|choice| choice.id).collect();
    let segments = rows_of_segments(&wanted, catalog, view, now, kept);
    let mut breakdown = Breakdown::default();
    let base = include(definition, &segments, lists, view, &mut breakdown)?;
    let excluded = exclude(definition, &segments, lists, view, &base, &mut breakdown)?;
    breakdown.base = base.len();
    breakdown.excluded_total = excluded.len();
    let rows = base.and_not(&excluded);
    let sample = rows.rows_after(None, sample).into_iter().map(|row| view.profile(Row(row))).collect();
    Ok(AudiencePreview { rows, population: view.live().len(), sample, breakdown })
}

/// A step's set while its side is put together.
struct Part {
    kind: &'static str,
    key: String,
    rows: Set,
}

fn include(
    definition: &Definition,
    segments: &SegmentRows,
    lists: &Lists,
    view: &View,
    breakdown: &mut Breakdown,
) -> Result<Set> {
    let nobody = Set::default();
    let mut parts = Vec::new();
    if definition.means_everyone() {
        breakdown.all_customers = Some(view.live().len());
        parts.push(Part { kind: "everyone", key: String::new(), rows: view.live().clone() });
    }
    let chosen = definition.include_segments.as_deref().unwrap_or_default();
    let rows_of = |id: &SegmentId| segments.get(id).map_or(&nobody, |rows| &**rows);
    breakdown.include_segments = chosen.iter().map(|choice| (choice.key.clone(), rows_of(&choice.id).len())).collect();
    match definition.include_match {
        IncludeMatch::Any => {
            parts.extend(chosen.iter().map(|choice| Part {
                kind: "segment",
                key: choice.key.clone(),
                rows: rows_of(&choice.id).clone(),
            }));
            breakdown.from_segments = Set::union(chosen.iter().map(|choice| rows_of(&choice.id))).len();
        }
        IncludeMatch::All => {
            let all = chosen.iter().map(|choice| rows_of(&choice.id).clone()).reduce(|left, right| left.and(&right));
            breakdown.from_segments = all.as_ref().map_or(0, Set::len);
            parts.extend(all.map(|rows| Part { kind: "segments", key: String::new(), rows }));
        }
    }
    let mut base = Set::union(parts.iter().map(|part| &part.rows));
    let mut add = |kind, key: String, ids: &IdList, parts: &mut Vec<Part>| {
        let added = ids.rows.len() - base.and_count(&ids.rows);
        base = base.or(&ids.rows);
        parts.push(Part { kind, key, rows: (*ids.rows).clone() });
        added
    };
    if let Some(customers) = &definition.include_customers {
        let ids = IdList::new(customers, view);
        let added = add("customers", String::new(), &ids, &mut parts);
        breakdown.include_customers = Some(ListedIds::of_customers(&ids, added, view));
    }
    for id in definition.include_lists.iter().flatten() {
        let list = lists.get(*id)?;
        let added = add("list", id.to_string(), &list.ids, &mut parts);
        breakdown.include_lists.push(ListedIds::of_list(list, added, view));
    }
    breakdown.sources = steps(&parts);
    Ok(base)
}

fn exclude(
    definition: &Definition,
    segments: &SegmentRows,
    lists: &Lists,
    view: &View,
    base: &Set,
    breakdown: &mut Breakdown,
) -> Result<Set> {
    let mut parts = Vec::new();
    for choice in &definition.exclude_segments {
        let rows = segments.get(&choice.id).map(|rows| base.and(rows)).unwrap_or_default();
        breakdown.excluded_by_segment.push((choice.key.clone(), rows.len()));
        parts.push(Part { kind: "segment", key: choice.key.clone(), rows });
    }
    let mut remove = |kind, key: String, ids: &IdList| {
        let rows = base.and(&ids.rows);
        let removed = rows.len();
        parts.push(Part { kind, key, rows });
        removed
    };
    if !definition.exclude_customers.is_empty() {
        let ids = IdList::new(&definition.exclude_customers, view);
        let removed = remove("customers", String::new(), &ids);
        breakdown.exclude_customers = Some(ListedIds::of_customers(&ids, removed, view));
    }
    for id in &definition.exclude_lists {
        let list = lists.get(*id)?;
        let removed = remove("list", id.to_string(), &list.ids);
        breakdown.exclude_lists.push(ListedIds::of_list(list, removed, view));
    }
    breakdown.exclusions = steps(&parts);
    Ok(Set::union(parts.iter().map(|part| &part.rows)))
}

/// Sizes of the parts of one side. What only one part has: those in it that are in exactly one.
fn steps(parts: &[Part]) -> Vec<Step> {
    let (mut once, mut twice) = (Set::default(), Set::default());
    let mut fresh = Vec::with_capacity(parts.len());
    for part in parts {
        let again = once.and(&part.rows);
        fresh.push(part.rows.len() - again.len());
        twice = twice.or(&again);
        once = once.or(&part.rows);
    }
    let step = |(part, fresh): (&Part, u64)| Step {
        kind: part.kind,
        key: part.key.clone(),
        size: part.rows.len(),
        fresh,
        only: part.rows.len() - part.rows.and_count(&twice),
    };
    parts.iter().zip(fresh).map(step).collect()
}
