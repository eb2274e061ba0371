//! An audience evaluated: who is in it, and what every source and every exclusion did.
//!
//! All figures are sizes of exact sets, so they always add up: base - excluded = count. Many audiences are evaluated
//! side by side, block after block through all audiences, so that a block's rows are still in
//! the processor's cache when the next audience asks for them.
//!
//! Not here: finding the sets (`sources`), and one block of one audience (`tally`).

use std::sync::Arc;

use rayon::prelude::*;

use super::definition::Definition;
use super::lineup::{Entry, Lineup, Wanted};
use super::moment::Moment;
use super::sources::{Listed, Sources};
use super::store::Lists;
use super::tally::Tally;
use crate::block::{Container, Set, SetBuilder};
use crate::cache::Cache;
use crate::error::Result;
use crate::gate::{GateKind, GateRows, Resolved, Sieve};
use crate::id::{ListId, Row, SegmentId, SuppressionId};
use crate::patience::Patience;
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
    /// `segments`, `segment`, `customers`, `list`, `everyone`, or the name of a gate.
    pub kind: &'static str,
    /// The segment as the request named it, the list's id, or which gate of its kind; empty for the others.
    pub key: String,
    /// What a gate is called; empty for the others.
    pub label: String,
    /// Profiles of the source; for an exclusion those of the base.
    pub size: u64,
    /// Profiles that no earlier step had.
    pub fresh: u64,
    /// Profiles that no other step of its side has.
    pub only: u64,
}

impl Step {
    /// The reason of whoever an exclusion or a gate takes out.
    pub fn reason(&self) -> String {
        let kind = match self.kind {
            "segment" => "excluded_segment",
            "customers" => "excluded_customers",
            "list" => "excluded_list",
            gate => gate,
        };
        if self.key.is_empty() { kind.to_owned() } else { format!("{kind}:{}", self.key) }
    }
}

/// A suppression that a definition sets aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IgnoredSuppression {
    /// Which.
    pub id: SuppressionId,
    /// What it is called.
    pub name: String,
    /// Members of the audience that it would have kept out.
    pub members: u64,
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
    /// Everybody excluded or taken out by a gate, once each.
    pub excluded_total: u64,
    /// The sources in order.
    pub sources: Vec<Step>,
    /// The exclusions in order, then the gates in theirs.
    pub exclusions: Vec<Step>,
    /// Suppressions that the definition sets aside.
    pub ignored: Vec<IgnoredSuppression>,
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
    /// Its gates, in order.
    pub gates: Vec<GateRows>,
}

/// Evaluates an audience.
///
/// # Errors
/// `NotFound` when a list it names is gone.
pub fn evaluate(wanted: Wanted<'_>, sample: usize, moment: &Moment<'_>) -> Result<AudiencePreview> {
    let lineup = Lineup::of(&[wanted], moment);
    let segments = moment.segment_rows(&lineup.segments().into_iter().collect::<Vec<SegmentId>>());
    let resolved = moment.resolved(lineup.channels());
    let mut preview = evaluate_all(&lineup, &segments, &resolved, moment)?.pop().unwrap_or_default();
    let shown = preview.rows.rows_after(None, sample);
    preview.sample = shown.into_iter().map(|row| moment.view.profile(Row(row))).collect();
    Ok(preview)
}

/// Evaluates audiences whose segments and gates were found, without samples; returns those that were wanted.
///
/// # Errors
/// `NotFound` when a list that one of them names is gone.
pub fn evaluate_all(
    lineup: &Lineup<'_>,
    segments: &SegmentRows,
    resolved: &Resolved,
    moment: &Moment<'_>,
) -> Result<Vec<AudiencePreview>> {
    let found = lineup.entries.par_iter().map(|entry| {
        let gates = gates_of(entry, resolved, moment);
        Ok((Sources::find(entry.definition, &gates, segments, moment.lists, moment.view)?, gates))
    });
    let (sources, gates): (Vec<Sources>, Vec<Vec<PlacedGate>>) = found.collect::<Result<Vec<_>>>()?.into_iter().unzip();
    let previews = through_blocks(&sources, moment.view);
    let one = |at: &usize| {
        let mut preview = previews[*at].clone();
        let ignored = resolved.ignored(&lineup.entries[*at].definition.gates);
        preview.breakdown.ignored =
            ignored.into_iter().map(|(id, gate)| ignored_by(*id, gate, &preview.rows)).collect();
        let with_rows = |(gate, before): &PlacedGate| match before {
            Some(before) => GateRows { sieve: Sieve::Out(Arc::new(previews[*before].rows.clone())), ..gate.clone() },
            None => gate.clone(),
        };
        preview.gates = gates[*at].iter().map(with_rows).collect();
        preview
    };
    Ok(lineup.wanted.iter().map(one).collect())
}

/// A gate, and the place of the audience whose members it takes out, if it goes by one.
pub(super) type PlacedGate = (GateRows, Option<usize>);

/// The gates before an audience, in order.
fn gates_of(entry: &Entry<'_>, resolved: &Resolved, moment: &Moment<'_>) -> Vec<PlacedGate> {
    let own = resolved.gates(&entry.definition.gates).into_iter();
    let mut gates: Vec<PlacedGate> = own.map(|gate| (gate, None)).collect();
    let place = gates.partition_point(|(gate, _)| gate.kind < GateKind::HigherPriority);
    let first = entry.before.iter().map(|(id, at)| {
        let label = moment.audiences.get(*id).map(|audience| audience.name.clone()).unwrap_or_default();
        let sieve = Sieve::Out(Arc::default());
        (GateRows { kind: GateKind::HigherPriority, key: id.to_string(), label, sieve }, Some(*at))
    });
    gates.splice(place..place, first);
    gates
}

fn ignored_by(id: SuppressionId, gate: &GateRows, members: &Set) -> IgnoredSuppression {
    IgnoredSuppression { id, name: gate.label.clone(), members: gate.sieve.rows().and_count(members) }
}

/// Evaluates a definition whose gates are known: what a snapshot was taken by.
///
/// # Errors
/// `NotFound` when a list it names is gone.
pub fn evaluate_frozen(
    definition: &Definition,
    gates: Vec<GateRows>,
    (catalog, lists, view): (&Catalog, &Lists, &View),
    now: Timestamp,
) -> Result<Set> {
    let wanted: Vec<SegmentId> = definition.segments().map(|choice| choice.id).collect();
    let segments = rows_of_segments(&wanted, catalog, view, now, &Cache::default());
    let gates: Vec<PlacedGate> = gates.into_iter().map(|gate| (gate, None)).collect();
    let sources = Sources::find(definition, &gates, &segments, lists, view)?;
    Ok(through_blocks(&[sources], view).pop().unwrap_or_default().rows)
}

/// Block after block through all audiences; each may go by those before it.
fn through_blocks(sources: &[Sources], view: &View) -> Vec<AudiencePreview> {
    let patience = Patience::current();
    let one_block = |block: u32| {
        patience.check();
        let mut found: Vec<(Tally, Container)> = Vec::with_capacity(sources.len());
        for sources in sources {
            let next = Tally::of(sources, block, &found);
            found.push(next);
        }
        found
    };
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
        AudiencePreview { rows: builder.finish(), population, breakdown, ..AudiencePreview::default() }
    });
    joined.collect()
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
