//! What tests of events become, and every way in which they are refused.

use serde_json::{Value, json};

use super::tests::Saved;
use crate::event::EventSchema;
use crate::limits::EVENT_CONDITIONS_MAX;
use crate::rule::{
    Asked, CheckedKind, CheckedMeasure, EventSpan, LeafTest, MeanRange, Vocabulary, read_json, read_text,
};
use crate::schema::{FieldType, Schema};
use crate::time::{DAY_US, Timestamp};

fn events() -> EventSchema {
    let mut events = EventSchema::default();
    let types = ["purchase", "cart_add", "visit"].map(|name| (name.to_owned(), None));
    let properties = [
        ("category", FieldType::Keyword),
        ("items", FieldType::Int),
        ("rating", FieldType::Float),
        ("tags", FieldType::KeywordSet),
    ];
    events.declare(&types, &properties.map(|(name, kind)| (name.to_owned(), kind))).expect("good names");
    events
}

fn checked(rule: &Value) -> Result<CheckedKind, Vec<String>> {
    let (fields, events) = (Schema::default(), events());
    match read_json(rule, Vocabulary { fields: &fields, events: &events }, &Saved) {
        Ok((_, checked)) => Ok(checked.root.kind),
        Err(problems) => Err(problems
            .iter()
            .map(|problem| {
                let more = if problem.suggestions.is_empty() { "" } else { " " };
                format!("{} {}{more}{}", problem.pointer, problem.code, problem.suggestions.join("|"))
            })
            .collect()),
    }
}

fn leaf(rule: &Value) -> (crate::rule::CheckedEvents, bool) {
    match checked(rule) {
        Ok(CheckedKind::Leaf { test: LeafTest::Events(events), negated }) => ((*events).clone(), negated),
        other => panic!("{rule}: {other:?}"),
    }
}

#[test]
fn measures_become_tests_of_keys() {
    let range = |rule: Value| {
        let (events, negated) = leaf(&rule);
        match events.asked {
            Asked::Key(LeafTest::Range { lo, hi, .. }) => (lo, hi, negated),
            other => panic!("{rule}: {other:?}"),
        }
    };
    assert_eq!(range(json!({"event": "purchase"})), (1, i64::MAX, false));
    assert_eq!(range(json!({"event": "visit", "operator": "=", "value": 0})), (0, 0, false));
    assert_eq!(range(json!({"event": "visit", "operator": "!=", "value": 3})), (3, 3, true));
    assert_eq!(range(json!({"event": "visit", "operator": "between", "value": [1, 4]})), (1, 4, false));
    let sum =
        |value: Value| json!({"event": "purchase", "measure": "sum", "of": "amount", "operator": ">", "value": value});
    let holds = |value: Value, total: i128| {
        let Asked::Mean(range) = leaf(&sum(value)).0.asked else { panic!("bounds in 128 bits") };
        range.holds(total, 1)
    };
    assert!(!holds(json!(200), 20_000) && holds(json!(200), 20_001));
    assert!(!holds(json!("17.575"), 1_757) && holds(json!("17.575"), 1_758));
    assert!(!holds(json!("0.0000000001"), 0) && holds(json!("0.0000000001"), 1));
    let beyond = json!("92233720368547758.08");
    assert!(!holds(beyond.clone(), i128::from(i64::MAX) + 1) && holds(beyond, i128::from(i64::MAX) + 2));
    let last =
        json!({"event": "purchase", "measure": "last", "operator": "before_days", "value": 90, "within_days": 7});
    let (events, _) = leaf(&last);
    assert!(matches!(events.asked, Asked::Key(LeafTest::Window { days: 90, .. })));
    assert_eq!((events.measure, events.window), (CheckedMeasure::Last, EventSpan::Within(7)));
    let average = json!({"event": "visit", "measure": "average", "of": "items", "operator": "<=", "value": 2.5});
    let Asked::Mean(mean) = leaf(&average).0.asked else { panic!("an average") };
    assert_eq!(mean, MeanRange { low: None, high: Some((2_500_000, true)), units: 1_000_000 });
    assert!(mean.holds(5, 2) && !mean.holds(6, 2) && mean.holds(7, 3));
}

#[test]
fn windows_include_both_ends_and_nothing_after_now() {
    let now = Timestamp(100 * DAY_US);
    assert_eq!(EventSpan::Within(30).times(now), (70 * DAY_US, now.0));
    assert_eq!(EventSpan::Before(30).times(now), (i64::MIN, 70 * DAY_US - 1));
    assert_eq!(EventSpan::Between(5, i64::MAX).times(now), (5, now.0));
    assert_eq!(EventSpan::Ever.times(now), (i64::MIN, now.0));
    let then = leaf(&json!({"event": "cart_add", "then": {"event": "purchase", "within_days": 3}})).0.then;
    let then = then.expect("a follower");
    assert_eq!(then.times(7, now), (8, 7 + 3 * DAY_US));
    assert_eq!(then.times(99 * DAY_US, now), (99 * DAY_US + 1, now.0));
}

#[test]
fn mistakes_have_place_code_and_suggestions() {
    let exists = json!({"field": "category", "operator": "exists"});
    for (rule, expected) in [
        (json!({"event": "purchas"}), vec!["/event unknown_event purchase"]),
        (json!({"event": "return"}), vec!["/event unknown_event"]),
        (
            json!({"event": "purchse", "where": [{"field": "categry", "operator": "is", "value": "x"}, {"field": "items", "operator": "contains", "value": 1}]}),
            vec![
                "/event unknown_event purchase",
                "/where/0/field unknown_property category",
                "/where/1/operator operator_not_for_type is",
            ],
        ),
        (json!({"event": "visit", "operator": ">=", "value": -1}), vec!["/value negative_count"]),
        (json!({"event": "visit", "operator": "between", "value": [-3, 4]}), vec!["/value/0 negative_count"]),
        (json!({"event": "visit", "operator": "between", "value": [4, 3]}), vec!["/value reversed_range"]),
        (json!({"event": "visit", "operator": "exists"}), vec!["/operator operator_not_for_type"]),
        (json!({"event": "visit", "operator": "contains", "value": 1}), vec!["/operator operator_not_for_type is"]),
        (json!({"event": "visit", "of": "items", "operator": ">", "value": 1}), vec!["/of unexpected_property"]),
        (
            json!({"event": "visit", "measure": "max", "of": "category", "operator": ">", "value": 1}),
            vec!["/of wrong_type"],
        ),
        (
            json!({"event": "visit", "measure": "sum", "of": "item", "operator": ">", "value": 1}),
            vec!["/of unknown_property items"],
        ),
        (
            json!({"event": "visit", "between": ["2026-02-01T00:00:00Z", "2026-01-01T00:00:00Z"]}),
            vec!["/between reversed_range"],
        ),
        (
            json!({"event": "visit", "between": [3, "2026-01-01"]}),
            vec!["/between/0 wrong_type", "/between/1 wrong_type"],
        ),
        (json!({"event": "visit", "within_days": -1}), vec!["/within_days number_out_of_range"]),
        (json!({"event": "visit", "before_days": 1.5}), vec!["/before_days wrong_type"]),
        (
            json!({"event": "visit", "then": {"event": "vist", "within_days": "x"}, "not_followed_by": {"event": "purchase", "where": [{"field": "amount", "operator": "=", "value": true}]}}),
            vec![
                "/not_followed_by/where/0/value wrong_type",
                "/then/event unknown_event visit",
                "/then/within_days wrong_type",
            ],
        ),
        (
            json!({"event": "visit", "measure": "average", "of": "amount", "operator": ">", "value": 0.123456789}),
            vec!["/value number_out_of_range"],
        ),
        (
            json!({"event": "visit", "measure": "average", "of": "amount", "operator": "between", "value": [2, 1]}),
            vec!["/value reversed_range"],
        ),
        (json!({"event": "visit", "measure": "last", "operator": ">=", "value": 3}), vec!["/value wrong_type"]),
        (
            json!({"event": "visit", "where": vec![exists.clone(); EVENT_CONDITIONS_MAX + 1]}),
            vec!["/where too_many_conditions"],
        ),
    ] {
        assert_eq!(checked(&rule).err(), Some(expected.into_iter().map(str::to_owned).collect()), "{rule}");
    }
    assert!(checked(&json!({"event": "visit", "where": vec![exists; EVENT_CONDITIONS_MAX]})).is_ok());
}

#[test]
fn mistakes_in_text_have_line_and_column() {
    let (fields, events) = (Schema::default(), events());
    let text =
        "did visit where (categry is \"x\"\n and items is \"y\") within -1 days\n then purchas where amount > \"z\"";
    let problems = read_text(text, Vocabulary { fields: &fields, events: &events }, &Saved).expect_err("mistakes");
    let places: Vec<_> = problems.iter().map(|problem| (problem.code, problem.position.expect("a place"))).collect();
    assert_eq!(
        places,
        [
            ("unknown_property", (1, 18)),
            ("wrong_type", (2, 15)),
            ("number_out_of_range", (2, 27)),
            ("unknown_event", (3, 7)),
            ("wrong_type", (3, 30)),
        ]
    );
}
