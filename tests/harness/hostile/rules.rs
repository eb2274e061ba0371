//! Rules as JSON and as text: refused in words, or understood, written again as the same rule, and counted as the naive
//! twin counts.

use std::sync::{Arc, OnceLock};

use muster_engine::rule::{CheckedRule, Literal, Operand, Rule, to_json, to_text};
use muster_engine::segment::PreviewOptions;
use muster_engine::tenant::State;

use crate::population::{Population, population};
use crate::rng::Rng;
use crate::rules::rule;
use crate::tenant::tenant_of;
use crate::twin::no_segments;

/// Profiles that rules are asked of.
const PROFILES: usize = 60;

/// Rules that are seeds.
const SEEDS: u64 = 24;

/// Characters of a number that the twin is asked about: it counts digit by digit, so `1e999999999` would take it days.
const TWIN_DIGITS_MAX: usize = 5;

fn asked() -> &'static (Population, Arc<State>) {
    static ASKED: OnceLock<(Population, Arc<State>)> = OnceLock::new();
    ASKED.get_or_init(|| {
        let population = population(7, PROFILES);
        let state = tenant_of(&population.twin).state();
        (population, state)
    })
}

fn random_rules() -> impl Iterator<Item = Rule> {
    let (population, _) = asked();
    (0..SEEDS).map(|seed| rule(&mut Rng::new(seed), population, &[]))
}

pub(super) fn json_seeds() -> Vec<Vec<u8>> {
    random_rules().map(|rule| to_json(&rule, &|_| None).to_string().into_bytes()).collect()
}

pub(super) fn text_seeds() -> Vec<Vec<u8>> {
    random_rules().map(|rule| to_text(&rule, &|_| None).into_bytes()).collect()
}

pub(super) fn json(bytes: &[u8]) {
    let Ok(value) = serde_json::from_slice(bytes) else { return };
    let (_, state) = asked();
    let Ok((rule, checked)) = state.read_json(&value) else { return };
    let written = to_json(&rule, &|_| None);
    assert_eq!(state.read_json(&written).map(|(rule, _)| rule), Ok(rule.clone()), "{written}");
    agree(&rule, &checked);
}

pub(super) fn text(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let (_, state) = asked();
    let Ok((rule, checked)) = state.read_text(text) else { return };
    let written = to_text(&rule, &|_| None);
    assert_eq!(state.read_text(&written).map(|(rule, _)| rule), Ok(rule.clone()), "{written}");
    agree(&rule, &checked);
}

/// Engine and twin count the same, and the count does not depend on whether it is explained.
fn agree(rule: &Rule, checked: &CheckedRule) {
    let (population, state) = asked();
    let count = |explain| {
        let options = PreviewOptions { sample: 3, explain };
        state.preview(checked, population.now, options).expect("a small sample").count
    };
    let counted = count(false);
    assert_eq!(count(true), counted, "explained");
    if !has_long_exponent(rule) {
        let naive = population.twin.select(rule, population.now, &no_segments).len() as u64;
        assert_eq!(counted, naive, "{}", to_text(rule, &|_| None));
    }
}

fn has_long_exponent(rule: &Rule) -> bool {
    let is_long = |literal: &Literal| match literal {
        Literal::Number(text) | Literal::Text(text) => {
            text.to_ascii_lowercase().rsplit_once('e').is_some_and(|(_, exponent)| exponent.len() > TWIN_DIGITS_MAX)
        }
        Literal::Bool(_) => false,
    };
    match rule {
        Rule::Group(group) => group.rules.iter().any(has_long_exponent),
        Rule::Segment(_) | Rule::Event(_) => false,
        Rule::Test(test) => match &test.value {
            Some(Operand::One(literal)) => is_long(literal),
            Some(Operand::Many(literals)) => literals.iter().any(is_long),
            None => false,
        },
    }
}
