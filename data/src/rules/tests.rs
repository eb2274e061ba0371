//! The canonical rules are valid, the same everywhere, and as they are said to be.

use muster_engine::rule::{Group, Match, Rule, from_text, to_text};
use sha2::{Digest, Sha256};

use super::*;

fn texts() -> Vec<String> {
    let drawn = canonical(&[]).into_iter().map(|rule| to_text(&rule, &|_| None));
    drawn.chain(NAMED.iter().map(|named| named.text.to_owned())).collect()
}

fn leaves(rule: &Rule) -> usize {
    match rule {
        Rule::Group(Group { rules, .. }) => rules.iter().map(leaves).sum(),
        _ => 1,
    }
}

fn depth(rule: &Rule) -> usize {
    match rule {
        Rule::Group(Group { rules, .. }) => 1 + rules.iter().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

#[test]
fn the_workload_is_the_same_on_every_machine() {
    // If this digest changes, published measurements are no longer comparable: change it on purpose only.
    let digest: String = Sha256::digest(texts().join("\n")).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(digest, "c80f395e6156ee699a5c605d6e5fd5a2a3290cfcefd8b11911205f661660ff84");
}

#[test]
fn rules_read_back_from_their_text() {
    for rule in canonical(&[]) {
        let text = to_text(&rule, &|_| None);
        assert_eq!(from_text(&text).expect("a text that was printed"), rule, "{text}");
    }
    for named in NAMED {
        from_text(named.text).unwrap_or_else(|problems| panic!("{}: {problems:?}", named.name));
    }
}

#[test]
fn rules_are_as_long_and_as_deep_as_promised() {
    let rules = canonical(&[]);
    assert_eq!(rules.len(), 200);
    for (number, rule) in rules.iter().enumerate() {
        assert_eq!(leaves(rule), 1 + number % LEAVES_MAX);
        assert!(depth(rule) <= DEPTH_MAX, "{}", to_text(rule, &|_| None));
    }
    assert!(rules.iter().any(|rule| depth(rule) == DEPTH_MAX));
    assert!(rules.iter().any(|rule| matches!(rule, Rule::Group(Group { join: Match::None, .. }))));
}

#[test]
fn every_family_of_operators_occurs() {
    let all = texts().join("\n");
    for part in [
        " is \"",
        " is not ",
        " in (",
        " not in (",
        " starts with ",
        " includes any ",
        " includes all ",
        " excludes ",
        " is true",
        " is false",
        " between ",
        " >= ",
        " > ",
        " < ",
        " <= ",
        " = ",
        " within ",
        " before ",
        " exists",
        " not exists",
        "not ",
        "none of (",
    ] {
        assert!(all.contains(part), "no rule has {part:?}");
    }
}

#[test]
fn fewer_fields_are_respected() {
    for rule in canonical(&["country", "total_spent"]) {
        let text = to_text(&rule, &|_| None);
        assert!(!text.contains("tags") && !text.contains("last_"), "{text}");
    }
}
