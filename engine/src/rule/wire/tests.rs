//! What the JSON door takes, in whose form, and what it says about mistakes.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{from_json, to_json};
use crate::limits::{LIST_VALUES_MAX, RULE_DEPTH_MAX, RULE_NODES_MAX};
use crate::rule::arbitrary::any_rule;

/// Reads a rule and prints it in our own form.
fn canonical(value: &Value) -> Value {
    to_json(&from_json(value).unwrap_or_else(|problems| panic!("{value}: {problems:?}")), &|_| None)
}

/// The mistakes of a rule: `pointer code`, and the suggestions.
fn mistakes(value: &Value) -> Vec<String> {
    let problems = from_json(value).expect_err("there are mistakes");
    let line = |problem: &crate::error::Problem| {
        let suggestions = if problem.suggestions.is_empty() { "" } else { " " };
        format!("{} {}{suggestions}{}", problem.pointer, problem.code, problem.suggestions.join("|"))
    };
    problems.iter().map(line).collect()
}

#[test]
fn our_own_form_stays_as_it_is() {
    let text = concat!(
        r#"{"match":"all","rules":[{"field":"a","operator":">=","value":17.570},{"match":"none","rules":"#,
        r#"[{"segment":"vip","operator":"in"},{"segment":7,"operator":"not_in"}]},"#,
        r#"{"field":"b","operator":"in","value":["x",true,100000000000000000000000000.1]},"#,
        r#"{"field":"c","operator":"exists"}]}"#
    );
    let rule: Value = serde_json::from_str(text).expect("JSON");
    assert_eq!(canonical(&rule).to_string(), text);
}

#[test]
fn other_systems_are_understood() {
    let a = json!({"field": "a", "operator": "exists"});
    let all = |rules: Value| json!({"match": "all", "rules": rules});
    for (theirs, ours) in [
        (json!({"logic": "AND", "rules": [a]}), all(json!([a]))),
        (json!({"logic": "or", "conditions": [a]}), json!({"match": "any", "rules": [a]})),
        (json!({"match": "ALL", "rules": [a]}), all(json!([a]))),
        (json!({"combinator": "and", "rules": [a], "id": "x", "not": false}), all(json!([a]))),
        (json!({"combinator": "or", "not": true, "rules": [a]}), json!({"match": "none", "rules": [a]})),
        (json!({"combinator": "and", "not": true, "rules": [a]}), json!({"match": "none", "rules": [all(json!([a]))]})),
        (
            json!({"combinator": "and", "rules": [
                {"id": "1", "field": "a", "operator": "between", "valueSource": "value", "value": "1, 2.50"},
                {"field": "b", "operator": "notIn", "value": "x,y"},
                {"field": "c", "operator": "null", "value": ""},
                {"field": "d", "operator": "beginsWith", "value": "x,y"},
            ]}),
            all(json!([
                {"field": "a", "operator": "between", "value": [1, serde_json::from_str::<Value>("2.50").expect("JSON")]},
                {"field": "b", "operator": "not_in", "value": ["x", "y"]},
                {"field": "c", "operator": "not_exists"},
                {"field": "d", "operator": "starts_with", "value": "x,y"},
            ])),
        ),
        // Only react-querybuilder means a list by commas.
        (
            json!({"logic": "AND", "rules": [{"field": "a", "operator": "in", "value": "x,y"}]}),
            all(json!([{"field": "a", "operator": "in", "value": "x,y"}])),
        ),
        (json!({"field": "a", "operator": "gte", "value": 3}), json!({"field": "a", "operator": ">=", "value": 3})),
        (json!({"segment": "vip", "operator": "notIn"}), json!({"segment": "vip", "operator": "not_in"})),
        // A missing value is not a matter of form: `check` says what the operator needs.
        (json!({"field": "a", "operator": "=", "value": null}), json!({"field": "a", "operator": "="})),
    ] {
        assert_eq!(canonical(&theirs), ours, "{theirs}");
    }
}

#[test]
fn mistakes_have_place_code_and_suggestions() {
    let leaf = json!({"field": "a", "operator": "exists"});
    for (rule, expected) in [
        (json!(3), vec![" wrong_type"]),
        (json!({}), vec![" missing_key"]),
        (json!({"field": 1}), vec!["/field wrong_type", "/operator missing_key"]),
        (json!({"feild": "a", "operator": "=", "value": 1}), vec!["/feild unknown_key field"]),
        (json!({"field": "a", "operater": "=", "value": 1}), vec!["/operater unknown_key operator"]),
        (json!({"field": "a", "value": 1}), vec!["/operator missing_key"]),
        (json!({"field": 1, "operator": 2}), vec!["/field wrong_type", "/operator wrong_type"]),
        (json!({"field": "a", "operator": "start_with", "value": 1}), vec!["/operator unknown_operator starts_with"]),
        (json!({"field": "a", "operator": "=", "value": {}}), vec!["/value wrong_type"]),
        (
            json!({"field": "a", "operator": "in", "value": [1, null, [2]]}),
            vec!["/value/1 wrong_type", "/value/2 wrong_type"],
        ),
        (json!({"field": "a", "operator": "exists", "id": 1}), vec!["/id unknown_key"]),
        (json!({"match": "most", "rules": [leaf]}), vec!["/match unknown_match"]),
        (json!({"combinator": "xor", "rules": [leaf]}), vec!["/combinator unknown_match"]),
        (json!({"match": "all"}), vec![" missing_key"]),
        (json!({"rules": [leaf]}), vec![" missing_key"]),
        (json!({"macth": "all", "rules": [leaf]}), vec!["/macth unknown_key match"]),
        (json!({"match": "all", "rules": {"a": 1}}), vec!["/rules wrong_type"]),
        (json!({"match": "all", "logic": "and", "rules": [leaf]}), vec!["/logic conflicting_keys"]),
        (json!({"match": "all", "not": true, "rules": [leaf]}), vec!["/not unknown_key"]),
        (json!({"combinator": "and", "not": 1, "rules": [leaf]}), vec!["/not wrong_type"]),
        (json!({"combinator": "and", "rules": [leaf, "and", leaf]}), vec!["/rules/1 wrong_type"]),
        (
            json!({"combinator": "and", "rules": [{"field": "a", "operator": "=", "value": "b", "valueSource": "field"}]}),
            vec!["/rules/0/valueSource unsupported"],
        ),
        (json!({"event": 1, "measur": "sum"}), vec!["/event wrong_type", "/measur unknown_key measure"]),
        (json!({"event": "a", "measure": "summ", "operator": "="}), vec!["/measure unknown_measure sum"]),
        (json!({"event": "a", "measure": "sum"}), vec![" missing_key", "/operator missing_key"]),
        (json!({"event": "a", "of": 1, "value": 1}), vec!["/of wrong_type", "/operator missing_key"]),
        (json!({"event": "a", "within_days": 1, "between": [1, 2]}), vec!["/between conflicting_keys"]),
        (json!({"event": "a", "between": [1, 2, 3], "then": 1}), vec!["/between wrong_type", "/then wrong_type"]),
        (json!({"event": "a", "within_days": [1]}), vec!["/within_days wrong_type"]),
        (
            json!({"event": "a", "where": [{"match": "all", "rules": []}, 3, {"field": "b", "operator": "iss", "value": 1}]}),
            vec!["/where/0 unsupported", "/where/1 wrong_type", "/where/2/operator unknown_operator is"],
        ),
        (
            json!({"event": "a", "then": {"evnt": "b", "where": {}}, "not_followed_by": {"event": "c", "before_days": 3}}),
            vec![
                "/not_followed_by/before_days unknown_key",
                "/then missing_key",
                "/then/evnt unknown_key event",
                "/then/where wrong_type",
            ],
        ),
        (json!({"segment": "vip"}), vec!["/operator missing_key"]),
        (json!({"segment": -1, "operator": "is"}), vec!["/operator unknown_operator in|not_in", "/segment wrong_type"]),
        (json!({"segment": "vip", "operator": "in", "value": 1}), vec!["/value unknown_key"]),
        (
            json!({"match": "all", "rules": [{"x": 1, "field": "a"}, {"conditions": [{"a/b~": 1, "field": "a", "operator": "="}]}]}),
            vec![
                "/rules/0/operator missing_key",
                "/rules/0/x unknown_key",
                "/rules/1 missing_key",
                "/rules/1/conditions/0/a~1b~0 unknown_key",
            ],
        ),
    ] {
        assert_eq!(mistakes(&rule), expected, "{rule}");
    }
}

#[test]
fn limits_hold_at_their_edge() {
    let leaf = json!({"field": "a", "operator": "exists"});
    let nested = |depth: usize| (0..depth).fold(leaf.clone(), |rule, _| json!({"match": "all", "rules": [rule]}));
    assert!(from_json(&nested(RULE_DEPTH_MAX)).is_ok());
    let place = format!("{} too_deep", "/rules/0".repeat(RULE_DEPTH_MAX));
    assert_eq!(mistakes(&nested(RULE_DEPTH_MAX + 1)), [place]);
    // `not` before `and` is a group more.
    let inverted = |depth: usize| json!({"combinator": "and", "not": true, "rules": [nested(depth)]});
    assert!(from_json(&inverted(RULE_DEPTH_MAX - 2)).is_ok());
    assert!(from_json(&inverted(RULE_DEPTH_MAX - 1)).is_err());

    let wide = |nodes: usize| json!({"match": "all", "rules": vec![leaf.clone(); nodes - 1]});
    assert!(from_json(&wide(RULE_NODES_MAX)).is_ok());
    assert_eq!(mistakes(&wide(RULE_NODES_MAX + 1)), [" too_many_nodes"]);

    let list = |values: usize| json!({"field": "a", "operator": "in", "value": vec![1; values]});
    assert!(from_json(&list(LIST_VALUES_MAX)).is_ok());
    assert_eq!(mistakes(&list(LIST_VALUES_MAX + 1)), ["/value list_too_long"]);
}

#[test]
fn ids_print_as_the_name_of_the_segment() {
    let rule = from_json(&json!({"segment": 3, "operator": "in"})).expect("a rule");
    assert_eq!(to_json(&rule, &|_| Some("vip".into())), json!({"segment": "vip", "operator": "in"}));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn what_is_printed_reads_back(rule in any_rule()) {
        let json = to_json(&rule, &|_| None);
        prop_assert_eq!(from_json(&json), Ok(rule.clone()));
        // And through the bytes of a request.
        let again: Value = serde_json::from_str(&json.to_string()).expect("JSON prints JSON");
        prop_assert_eq!(from_json(&again), Ok(rule));
    }
}
