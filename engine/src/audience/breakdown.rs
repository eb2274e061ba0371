//! An audience evaluated: who is in it, and what every source and every exclusion did.
//!
//! All figures are sizes of exact sets, so they always add up: base - excluded = count. Many audiences are evaluated
//! side by side, block after block through all audiences, so that a block's rows are still in
//! the processor's cache when the next audience asks for them.
//!
//! Not here: finding the sets (`sources`), and one block of one audience (`tally`).

use rayon::prelude::*;

use super::definition::Definition;
use super::sources::{Listed, Sources};
use super::store::Lists;
use super::tally::Tally;
use crate::block::{Container, Set, SetBuilder};
use crate::cache::Cache;
use crate::error::Result;
use crate::id::{ListId, Row, SegmentId};
use crate::plan::SegmentRows;
use crate::segment::{Catalog, IdCounts, rows_of_segments};
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
#[derive(Debug, Clone, Default)]
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
    let mut previews = evaluate_all(&[definition], &segments, lists, view)?;
    let mut preview = previews.pop().unwrap_or_default();
    let shown = preview.rows.rows_after(None, sample);
    preview.sample = shown.into_iter().map(|row| view.profile(Row(row))).collect();
    Ok(preview)
}

/// Evaluates definitions whose segments were evaluated, without samples.
///
/// # Errors
/// `NotFound` when a list that one of them names is gone.
pub fn evaluate_all(
    definitions: &[&Definition],
    segments: &SegmentRows,
    lists: &Lists,
    view: &View,
) -> Result<Vec<AudiencePreview>> {
    let find = |definition: &&Definition| Sources::find(definition, segments, lists, view);
    let sources: Vec<Sources> = definitions.par_iter().map(find).collect::<Result<_>>()?;
    let one_block = |block: u32| sources.iter().map(|sources| Tally::of(sources, block)).collect();
    // A block of one audience is a few microseconds: other threads are worth waking for many audiences only.
    let mut blocks: Vec<Vec<(Tally, Container)>> = match sources.len() {
        1 => (0..view.block_count()).map(one_block).collect(),
        _ => (0..view.block_count()).into_par_iter().map(one_block).collect(),
    };
    let population = view.live().len();
    let joined = sources.iter().enumerate().map(|(at, sources)| {
        let mut builder = SetBuilder::with_capacity(blocks.len());
        let mut tally = Tally::none(sources);
        for (block, found) in (0..).zip(&mut blocks) {
            let (of_block, container) = std::mem::take(&mut found[at]);
            tally.add(&of_block);
            builder.push(block, container);
        }
        let breakdown = breakdown(sources, &tally, population);
        AudiencePreview { rows: builder.finish(), population, sample: Vec::new(), breakdown }
    });
    Ok(joined.collect())
}

/// The figures of all blocks in the words of whoever asked.
fn breakdown(sources: &Sources, tally: &Tally, population: u64) -> Breakdown {
    let included: Vec<Step> =
        sources.included.iter().zip(&tally.included).map(|(part, share)| part.step(share)).collect();
    let excluded: Vec<Step> =
        sources.excluded.iter().zip(&tally.excluded).map(|(part, share)| part.step(share)).collect();
    let fresh = |steps: &[Step]| steps.iter().map(|step| step.fresh).sum();
    let is_of_segments = |step: &&Step| matches!(step.kind, "segment" | "segments");
    let mut breakdown = Breakdown {
        include_segments: sources.segment_sizes.clone(),
        from_segments: included.iter().filter(is_of_segments).map(|step| step.fresh).sum(),
        all_customers: sources.means_everyone.then_some(population),
        base: fresh(&included),
        excluded_by_segment: excluded.iter().filter(is_of_segments).map(|step| (step.key.clone(), step.size)).collect(),
        excluded_total: fresh(&excluded),
        ..Breakdown::default()
    };
    for (part, step) in sources.included.iter().zip(&included) {
        match &part.listed {
            Some(Listed { list: None, .. }) => breakdown.include_customers = part.accounted(step.fresh),
            _ => breakdown.include_lists.extend(part.accounted(step.fresh)),
        }
    }
    for (part, step) in sources.excluded.iter().zip(&excluded) {
        match &part.listed {
            Some(Listed { list: None, .. }) => breakdown.exclude_customers = part.accounted(step.size),
            _ => breakdown.exclude_lists.extend(part.accounted(step.size)),
        }
    }
    (breakdown.sources, breakdown.exclusions) = (included, excluded);
    breakdown
}
