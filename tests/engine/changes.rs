//! Random histories: after every change the engine and the naive model hold the same, and what is refused has changed
//! nothing. States that somebody kept answer later as they did then.
//!
//! Not here: which changes there are (`history`), and what single rules mean (`twin`).

use std::collections::BTreeSet;

use harness::model::{AudienceModel, Ids, Model, Part};
use harness::population::{Population, population};
use harness::rng::Rng;
use harness::rules;
use harness::tenant::{Change, merge, replace, tenant_of};
use harness::twin::no_segments;
use muster_engine::audience::{Audience, AudiencePreview, Definition, Step, removed};
use muster_engine::block::Set;
use muster_engine::command::Command;
use muster_engine::id::{Row, SnapshotId};
use muster_engine::insight::{Kept, explain_in_audience};
use muster_engine::rule::to_text;
use muster_engine::segment::PreviewOptions;
use muster_engine::snapshot::Digest;
use muster_engine::tenant::State;
use muster_engine::time::Timestamp;

use crate::history::History;
use crate::versions::compare_versions;

/// Histories of the ordinary run.
const HISTORIES: u64 = 80;

/// Changes in each.
const CHANGES: usize = 40;

#[test]
fn random_histories_end_where_the_model_ends() {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for thread in 0..threads {
            scope.spawn(move || (thread as u64..HISTORIES).step_by(threads).for_each(one_history));
        }
    });
}

fn one_history(seed: u64) {
    let mut history = History::new(seed);
    let (mut kept, mut done) = (Vec::new(), BTreeSet::new());
    for change in 0..CHANGES {
        let what = history.change();
        done.insert(what);
        let place = format!("seed {seed}, change {change}: {what}");
        let state = history.tenant.state();
        compare(&state, &history.model, &history.material, &place);
        for _ in 0..3 {
            let rule = history.rule();
            let checked = state.check(&rule).expect("a valid rule");
            let options = PreviewOptions { sample: 1_000, explain: false };
            let preview = state.preview(&checked, history.material.now, options).expect("a preview");
            let sample: Ids = preview.sample.into_iter().map(|profile| profile.id).collect();
            let text = to_text(&rule, &|_| None);
            assert_eq!(sample, history.model.select(&rule, history.material.now), "{place}: {text}");
            assert_eq!(preview.count, sample.len() as u64, "{place}: {text}");
        }
        if history.rng.chance(10) {
            kept.push((state, history.model.clone(), place));
        }
    }
    assert!(done.len() > 6, "seed {seed}: a dull history of {done:?}");
    for (state, model, place) in kept {
        compare(&state, &model, &history.material, &format!("{place}, asked again at the end"));
    }
}

/// Everything that a state holds, next to what the model holds.
pub(crate) fn compare(state: &State, model: &Model, material: &Population, place: &str) {
    let now = material.now;
    state.view.verify().unwrap_or_else(|error| panic!("{place}: {error}"));
    assert_eq!(ids(state.view.live(), state), model.everyone(), "{place}");
    for profile in &model.twin.profiles {
        let row = state.view.row(&profile.id).unwrap_or_else(|| panic!("{place}: {} has no row", profile.id));
        let fields = state.view.profile(row).fields;
        let fields = fields.into_iter().map(|(id, value)| (model.twin.schema.field(id).name.to_string(), value));
        assert_eq!(fields.collect::<std::collections::BTreeMap<_, _>>(), profile.values, "{place}: {}", profile.id);
    }
    let names: Vec<&str> = state.segments.iter().map(|segment| segment.name.as_str()).collect();
    assert_eq!(names, model.segments.values().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), "{place}");
    for id in model.segments.keys() {
        let members = model.members(*id, now);
        assert_eq!(ids(&state.segment_rows(*id, now).expect("it was saved"), state), members, "{place}: segment {id}");
        assert_eq!(state.segment_count(*id, now), Ok(members.len() as u64), "{place}: segment {id}");
    }
    compare_versions(state, model, place);
    assert_eq!(state.lists.iter().count(), model.lists.len(), "{place}");
    for (id, list) in &model.lists {
        let counts = state.lists.get(*id).expect("it was saved").ids.counts(&state.view);
        let known = list.distinct.intersection(&model.everyone()).count() as u64;
        assert_eq!((counts.known, counts.unknown), (known, list.distinct.len() as u64 - known), "{place}: list {id}");
        assert_eq!(counts.distinct, counts.known + counts.unknown, "{place}: list {id}");
        assert_eq!(counts.entries, counts.distinct + list.duplicates, "{place}: list {id}");
        assert_eq!(counts.duplicates, list.duplicates, "{place}: list {id}");
    }
    compare_snapshots(state, model, place);
    assert_eq!(state.audiences.iter().count(), model.audiences.len(), "{place}");
    for (audience, (_, definition)) in state.audiences.iter().zip(model.audiences.values()) {
        assert_eq!(*audience.definition, *definition, "{place}");
        let preview = state.audience(audience, now, 1_000).expect("its lists are there");
        compare_audience(&preview, (definition, audience.id.0), model, now, state, place);
        compare_removed(audience, model, now, state, place);
    }
}

/// Members are those of the model, and whoever evaluates again finds the same while no profile has changed.
fn compare_snapshots(state: &State, model: &Model, place: &str) {
    let ids_of: Vec<u64> = state.snapshots.iter().map(|snapshot| snapshot.id.0).collect();
    assert_eq!(ids_of, model.snapshots.keys().copied().collect::<Vec<_>>(), "{place}");
    for (id, (members, count)) in &model.snapshots {
        let (snapshot, context) = state.snapshots.get(SnapshotId(*id)).expect("it was taken");
        let rows = snapshot.rows(state.view.live()).expect("rows");
        assert_eq!(ids(&rows, state), *members, "{place}: snapshot {id}");
        assert_eq!((snapshot.count, snapshot.left()), (*count, members.len() as u64), "{place}: snapshot {id}");
        let breakdown = &snapshot.breakdown;
        assert_eq!(breakdown.base - breakdown.excluded_total, *count, "{place}: snapshot {id}");
        if state.profiles_version <= snapshot.data_version {
            let again = snapshot.evaluated_again(context, &state.view, &state.gates);
            assert_eq!(again, Ok(snapshot.digest), "{place}: snapshot {id}");
            assert_eq!(Digest::of(&snapshot.members), snapshot.digest, "{place}: snapshot {id}");
        }
    }
}

fn compare_audience(
    preview: &AudiencePreview,
    (definition, id): (&Definition, u64),
    model: &Model,
    now: Timestamp,
    state: &State,
    place: &str,
) {
    let AudienceModel { sources, base, exclusions, excluded, members } = model.audience(definition, Some(id), now);
    let breakdown = &preview.breakdown;
    assert_eq!(ids(&preview.rows, state), members, "{place}");
    assert_eq!(preview.sample.len(), members.len(), "{place}");
    assert_eq!(preview.population, model.twin.profiles.len() as u64, "{place}");
    assert_eq!(breakdown.base, base.len() as u64, "{place}");
    assert_eq!(breakdown.excluded_total, excluded.len() as u64, "{place}");
    assert_eq!(breakdown.base - breakdown.excluded_total, preview.rows.len(), "{place}");
    assert_eq!(steps(&breakdown.sources), parts(&sources), "{place}: sources");
    assert_eq!(steps(&breakdown.exclusions), parts(&exclusions), "{place}: exclusions");
    assert_eq!(breakdown.sources.iter().map(|step| step.fresh).sum::<u64>(), breakdown.base, "{place}");
    assert_eq!(breakdown.exclusions.iter().map(|step| step.fresh).sum::<u64>(), breakdown.excluded_total, "{place}");
    let included = breakdown.include_customers.iter().chain(&breakdown.include_lists).map(|ids| ids.counts);
    let excluded = breakdown.exclude_customers.iter().chain(&breakdown.exclude_lists).map(|ids| ids.counts);
    for counts in included.chain(excluded) {
        assert_eq!(counts.entries, counts.distinct + counts.duplicates, "{place}");
        assert_eq!(counts.distinct, counts.known + counts.unknown, "{place}");
    }
}

/// Everybody who is taken out has one reason, which is the first; explaining a person names the same.
fn compare_removed(audience: &Audience, model: &Model, now: Timestamp, state: &State, place: &str) {
    let AudienceModel { exclusions, excluded, members, base, .. } =
        model.audience(&audience.definition, Some(audience.id.0), now);
    let found = removed(audience.into(), &state.at(now)).expect("its lists are there");
    let mut left = base.clone();
    assert_eq!(found.len(), exclusions.len(), "{place}");
    for (found, wanted) in found.iter().zip(&exclusions) {
        let first: Ids = wanted.members.intersection(&left).cloned().collect();
        left.retain(|id| !first.contains(id));
        assert_eq!(ids(&found.rows, state), first, "{place}: {}", found.step.reason());
        assert_eq!(found.step.fresh, first.len() as u64, "{place}: {}", found.step.reason());
    }
    assert_eq!(left, members, "{place}");
    for id in excluded.iter().take(2).chain(members.iter().take(1)) {
        let row = state.view.row(id).expect("a profile");
        let told = explain_in_audience(audience.into(), row, &state.at(now)).expect("its lists are there");
        let first = told.gates.iter().find(|gate| gate.holds).map(|gate| gate.reason.clone().expect("a reason"));
        let wanted = found.iter().find(|gate| gate.rows.contains(row.0)).map(|gate| gate.step.reason());
        assert_eq!(first, wanted, "{place}: {id}");
        assert_eq!(told.kept == Kept::Excluded, excluded.contains(id), "{place}: {id}");
    }
}

fn steps(steps: &[Step]) -> Vec<(u64, u64, u64)> {
    steps.iter().map(|step| (step.size, step.fresh, step.only)).collect()
}

fn parts(parts: &[Part]) -> Vec<(u64, u64, u64)> {
    parts.iter().map(|part| (part.members.len() as u64, part.fresh, part.only)).collect()
}

fn ids(rows: &Set, state: &State) -> Ids {
    rows.rows().map(|row| state.view.id(Row(row)).to_owned()).collect()
}

/// Enough profiles for a second block of 65,536 rows.
const MANY: usize = 66_500;

#[test]
fn bulk_changes_rebuild_what_single_changes_touch() {
    // An index block is rebuilt when 128 of its rows or more changed and mended otherwise: both ways, in both blocks.
    let Population { mut twin, now } = population(5, MANY);
    let tenant = tenant_of(&twin);
    let other = population(6, MANY).twin.profiles;
    let mut rng = Rng::new(5);
    for rows in [0..127, 1_000..1_128, 2_000..5_000, 65_500..65_600, 65_536..MANY, 60_000..60_001] {
        let fresh: Vec<_> = rows
            .clone()
            .map(|at| harness::twin::Customer { id: twin.profiles[at].id.clone(), values: other[at].values.clone() })
            .collect();
        replace(&tenant, &twin.schema, &fresh);
        twin.profiles[rows.clone()].clone_from_slice(&fresh);
        let changes: Vec<Change> = rows
            .clone()
            .step_by(2)
            .map(|at| {
                let fields = other[rows.start].values.iter().take(4);
                let fields = fields.map(|(name, value)| (name.clone(), rng.chance(70).then(|| value.clone())));
                Change { id: twin.profiles[at].id.clone(), fields: fields.collect() }
            })
            .collect();
        merge(&tenant, &changes);
        let mut model = Model::new(twin);
        for (at, change) in rows.step_by(2).zip(&changes) {
            model.patch(at, &change.fields);
        }
        twin = model.twin;
        tenant.state().view.verify().expect("indexes agree with columns");
    }
    for _ in 0..150 {
        let gone = twin.profiles.swap_remove(rng.below(twin.profiles.len()));
        tenant.apply(Command::EraseProfile { id: gone.id, now: None }).expect("it was there");
    }
    let state = tenant.state();
    state.view.verify().expect("indexes agree with columns");
    assert_eq!(state.view.live().len(), twin.profiles.len() as u64);
    let material = population(5, 60);
    for _ in 0..40 {
        let rule = rules::rule(&mut rng, &material, &[]);
        let checked = state.check(&rule).expect("a valid rule");
        let preview = state.preview(&checked, now, PreviewOptions::default()).expect("a preview");
        let expected = twin.select(&rule, now, &no_segments).len() as u64;
        assert_eq!(preview.count, expected, "{}", to_text(&rule, &|_| None));
    }
}
