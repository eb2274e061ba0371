//! Many single changes within a block: ranges, explanations, distributions and checkpoints while rows that have changed
//! lie beside what was laid, when a block is laid anew, and after a restart.
//!
//! Not here: a range's every boundary (beside the code).

use std::collections::BTreeMap;

use harness::disk::FakeDisk;
use harness::model::{Ids, Model};
use harness::population::{Population, population};
use harness::rng::Rng;
use harness::rules;
use harness::tenant::replace;
use harness::twin::no_segments;
use muster_engine::command::Command;
use muster_engine::rule::to_text;
use muster_engine::schema::Value;
use muster_engine::segment::PreviewOptions;
use muster_engine::tenant::State;

use crate::distribution;
use crate::durability::open;

/// Enough for cumulative sets.
const PROFILES: usize = 3_000;

/// Enough for blocks to be laid anew in between.
const CHANGES: usize = 700;

/// Changes after which everything is asked.
const ASK_EVERY: usize = 100;

fn ask(state: &State, model: &Model, material: &Population, rng: &mut Rng, place: &str) {
    state.view.verify().expect(place);
    for _ in 0..25 {
        let rule = rules::rule(rng, material, &[]);
        let text = to_text(&rule, &|_| None);
        let checked = state.check(&rule).expect("a valid rule");
        let options = PreviewOptions { sample: 1_000, explain: true };
        let preview = state.preview(&checked, material.now, options).expect("a preview");
        let expected: Ids = model.twin.select(&rule, material.now, &no_segments);
        assert_eq!(preview.count, expected.len() as u64, "{place}: {text}");
        assert!(preview.sample.iter().all(|profile| expected.contains(&profile.id)), "{place}: {text}");
        let nodes = preview.nodes.expect("they were asked for");
        assert_eq!(nodes[0].matched, preview.count, "{place}: {text}");
    }
    distribution::compare(&state.view, &model.twin, rng, 0);
}

#[test]
fn single_changes_are_seen_before_and_after_their_block_is_laid_anew() {
    for seed in 0..2 {
        let mut rng = Rng::new(seed);
        let material = population(seed, PROFILES);
        let fresh = population(seed + 100, PROFILES).twin.profiles;
        let disk = FakeDisk::default();
        let tenant = open(&disk).expect("a new tenant");
        replace(&tenant, &material.twin.schema, &material.twin.profiles);
        let mut model = Model::new(material.twin.clone());
        for change in 1..=CHANGES {
            let at = rng.below(PROFILES);
            let id = model.twin.profiles[at].id.clone();
            let mut fields: BTreeMap<String, Option<Value>> = BTreeMap::new();
            for field in material.twin.schema.fields() {
                if rng.chance(80) {
                    fields.insert(field.name.to_string(), rng.pick(&fresh).values.get(&*field.name).cloned());
                }
            }
            model.patch(at, &fields);
            tenant.apply(Command::PatchProfile { id, changes: fields.into_iter().collect() }).expect("a good change");
            if change % ASK_EVERY == 0 {
                ask(&tenant.state(), &model, &material, &mut rng, &format!("seed {seed}, change {change}"));
            }
        }
        tenant.checkpoint().expect("a checkpoint");
        drop(tenant);
        let again = open(&disk).expect("it opens again");
        ask(&again.state(), &model, &material, &mut rng, &format!("seed {seed}, opened again"));
    }
}
