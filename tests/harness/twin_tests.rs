//! The twin against tables taken from the definition of a rule: what it says here is what the engine has to say.
//!
//! A row is: field type, value (`-` is missing), operator, operand as JSON, answer. Sets are words between spaces.

use std::collections::{BTreeMap, BTreeSet};

use muster_engine::rule::{Group, Literal, Match, Operand, Operator, Rule, SegmentRef, SegmentTest, Test};
use muster_engine::schema::{FieldType, Schema, Value};
use muster_engine::time::{Date, Timestamp};

use crate::twin::{Customer, Saved, matches, no_segments};

type Row = (&'static str, &'static str, &'static str, &'static str, bool);

const NOW: &str = "2018-01-01T00:00:00Z";

fn check(rows: &[Row]) {
    for row @ (kind, value, operator, operand, expected) in rows {
        let kind = FieldType::parse(kind).expect(kind);
        assert_eq!(ask(kind, value, operator, operand, NOW), *expected, "{row:?}");
    }
}

fn ask(kind: FieldType, value: &str, operator: &str, operand: &str, now: &str) -> bool {
    let mut schema = Schema::default();
    schema.add(&[("x".into(), kind)]).unwrap();
    let values = if value == "-" { BTreeMap::new() } else { BTreeMap::from([("x".into(), read(kind, value))]) };
    let customer = Customer { id: "42".into(), values };
    matches(&test("x", operator, operand), &customer, &schema, Timestamp::parse(now).expect(now), &no_segments)
}

fn read(kind: FieldType, text: &str) -> Value {
    let words = || text.split_whitespace();
    match kind {
        FieldType::Bool => Value::Bool(text == "true"),
        FieldType::Int => Value::Int(text.parse().unwrap()),
        FieldType::Decimal(scale) => Value::Decimal(text.parse().unwrap(), scale),
        FieldType::Float => Value::Float(text.parse().unwrap()),
        FieldType::Keyword => Value::Keyword(text.into()),
        FieldType::KeywordSet => Value::KeywordSet(words().map(str::to_owned).collect()),
        FieldType::IntSet => Value::IntSet(words().map(|word| word.parse().unwrap()).collect()),
        FieldType::Time => Value::Time(Timestamp::parse(text).expect(text)),
        FieldType::Date => Value::Date(Date::parse(text).expect(text)),
    }
}

fn test(field: &str, operator: &str, operand: &str) -> Rule {
    let literal = |json: &serde_json::Value| match json {
        serde_json::Value::Bool(value) => Literal::Bool(*value),
        serde_json::Value::Number(number) => Literal::Number(number.to_string()),
        serde_json::Value::String(text) => Literal::Text(text.clone()),
        other => panic!("{other} is no literal"),
    };
    let value = match serde_json::from_str(operand) {
        Err(_) => None,
        Ok(serde_json::Value::Array(items)) => Some(Operand::Many(items.iter().map(literal).collect())),
        Ok(json) => Some(Operand::One(literal(&json))),
    };
    Rule::Test(Test { field: field.into(), operator: Operator::from_name(operator).expect(operator), value })
}

#[test]
fn numbers_compare_exactly() {
    check(&[
        ("int", "5", "=", "5", true),
        ("int", "5", "=", "5.0", true),
        ("int", "5", "=", "5.5", false),
        ("int", "5", "!=", "5", false),
        ("int", "5", "!=", "6", true),
        ("int", "5", "<", "5", false),
        ("int", "5", "<", "5.5", true),
        ("int", "5", "<=", "5", true),
        ("int", "5", ">", "5", false),
        ("int", "5", ">", "4.5", true),
        ("int", "5", ">=", "5", true),
        ("int", "-5", ">=", "-4.5", false),
        ("int", "5", "between", "[5, 5]", true),
        ("int", "5", "between", "[1, 4]", false),
        ("int", "5", "is", "5", true),
        ("int", "5", "is_not", "5", false),
        ("int", "5", "in", "[1, 5]", true),
        ("int", "5", "not_in", "[1, 5]", false),
        ("int", "9223372036854775807", ">=", "9223372036854775807", true),
        ("int", "9223372036854775807", "<", "9223372036854775808", true),
        ("int", "-9223372036854775808", ">", "-9223372036854775809", true),
        ("decimal(2)", "1757", "=", "17.57", true),
        ("decimal(2)", "1757", "=", "\"17.570\"", true),
        ("decimal(2)", "1757", "<=", "17.57", true),
        ("decimal(2)", "1757", "<", "17.571", true),
        ("decimal(2)", "-1", "<", "0", true),
        ("decimal(2)", "-1", "=", "-1e-2", true),
        ("decimal(2)", "1757", "between", "[17.57, 17.57]", true),
        ("float", "0.1", "=", "0.1", true),
        ("float", "0.1", "<", "0.10000000000000002", true),
        ("float", "-0.0", "=", "0", true),
        ("float", "-0.0", ">=", "0.0", true),
        ("float", "0.0", "between", "[-0.0, 0]", true),
        ("float", "1.5", "!=", "1.5", false),
        ("bool", "true", "=", "true", true),
        ("bool", "false", "=", "true", false),
        ("bool", "false", "!=", "true", true),
        ("bool", "true", "is", "true", true),
        ("bool", "true", "is_not", "false", true),
        ("bool", "false", "in", "[true, false]", true),
        ("bool", "false", "not_in", "[true]", true),
    ]);
}

#[test]
fn words_compare_by_their_bytes_after_nfc() {
    check(&[
        ("keyword", "DE", "is", "\"DE\"", true),
        ("keyword", "DE", "is", "\"de\"", false),
        ("keyword", "DE", "is_not", "\"de\"", true),
        ("keyword", "DE", "in", "[\"FR\", \"DE\"]", true),
        ("keyword", "DE", "not_in", "[\"FR\", \"DE\"]", false),
        ("keyword", "", "is", "\"\"", true),
        ("keyword", "", "exists", "", true),
        ("keyword", "caf\u{e9}", "is", "\"cafe\u{301}\"", true),
        ("keyword", "caf\u{e9}", "ends_with", "\"e\u{301}\"", true),
        ("keyword", "caf\u{e9}", "starts_with", "\"cafe\"", false),
        ("keyword", "2 Adults No Kids", "starts_with", "\"2 \"", true),
        ("keyword", "2 Adults No Kids", "starts_with", "\"Adults\"", false),
        ("keyword", "2 Adults No Kids", "ends_with", "\"Kids\"", true),
        ("keyword", "2 Adults No Kids", "ends_with", "\"No\"", false),
        ("keyword", "2 Adults No Kids", "contains", "\"No\"", true),
        ("keyword", "2 Adults No Kids", "contains", "\"no\"", false),
        ("keyword", "2 Adults No Kids", "not_contains", "\"no\"", true),
        ("keyword", "2 Adults No Kids", "matches", "\"Adults? No\"", true),
        ("keyword", "2 Adults No Kids", "matches", "\"^Adults\"", false),
        ("keyword", "2 Adults No Kids", "matches", "\"(?i)KIDS$\"", true),
    ]);
}

#[test]
fn sets_share_hold_or_share_none() {
    check(&[
        ("keyword_set", "jazz rock", "includes", "[\"rock\", \"metal\"]", true),
        ("keyword_set", "jazz rock", "includes", "\"rock\"", true),
        ("keyword_set", "jazz rock", "includes", "[\"metal\"]", false),
        ("keyword_set", "jazz rock", "includes_all", "[\"rock\", \"jazz\"]", true),
        ("keyword_set", "jazz rock", "includes_all", "[\"rock\", \"metal\"]", false),
        ("keyword_set", "jazz rock", "excludes", "[\"rock\", \"metal\"]", false),
        ("keyword_set", "jazz rock", "excludes", "[\"metal\"]", true),
        ("int_set", "7 18", "includes", "[18, 99]", true),
        ("int_set", "7 18", "includes_all", "[7, 18]", true),
        ("int_set", "7 18", "excludes", "7", false),
        // Empty is not missing, but it holds nothing.
        ("keyword_set", "", "exists", "", true),
        ("keyword_set", "", "includes", "[\"rock\"]", false),
        ("keyword_set", "", "includes_all", "[\"rock\"]", false),
        ("keyword_set", "", "excludes", "[\"rock\"]", true),
        ("int_set", "", "not_exists", "", false),
    ]);
}

#[test]
fn windows_have_exact_edges() {
    check(&[
        ("time", "2018-01-01T00:00:00Z", "within_days", "0", true),
        ("time", "2018-01-01T00:00:00Z", "within_days", "3", true),
        ("time", "2018-01-01T00:00:00.000001Z", "within_days", "3", false),
        ("time", "2017-12-29T00:00:00Z", "within_days", "3", true),
        ("time", "2017-12-28T23:59:59.999999Z", "within_days", "3", false),
        ("time", "2017-12-29T00:00:00Z", "before_days", "3", false),
        ("time", "2017-12-28T23:59:59.999999Z", "before_days", "3", true),
        ("time", "2018-01-01T00:00:00Z", "before_days", "0", false),
        ("time", "2018-01-01T00:00:00Z", "in_next_days", "3", false),
        ("time", "2018-01-01T00:00:00.000001Z", "in_next_days", "3", true),
        ("time", "2018-01-04T00:00:00Z", "in_next_days", "3", true),
        ("time", "2018-01-04T00:00:00.000001Z", "in_next_days", "3", false),
        ("time", "0001-01-01T00:00:00Z", "within_days", "1000000", true),
        ("time", "2018-01-01T00:00:00Z", "=", "\"2018-01-01T01:00:00+01:00\"", true),
        ("time", "2018-01-01T00:00:00Z", "<", "\"2018-01-01T00:00:00.000001Z\"", true),
        ("date", "2018-01-01", "within_days", "0", true),
        ("date", "2017-12-29", "within_days", "3", true),
        ("date", "2017-12-28", "within_days", "3", false),
        ("date", "2017-12-28", "before_days", "3", true),
        ("date", "2018-01-02", "in_next_days", "1", true),
        ("date", "2018-01-03", "in_next_days", "1", false),
        ("date", "2018-01-01", "between", "[\"2018-01-01\", \"2018-01-01\"]", true),
        ("date", "2018-01-01", ">", "\"2017-12-31\"", true),
    ]);
    // A date is its midnight: at noon, the day three days ago has begun more than three days ago.
    assert!(!ask(FieldType::Date, "2017-12-29", "within_days", "3", "2018-01-01T12:00:00Z"));
    assert!(ask(FieldType::Date, "2017-12-29", "before_days", "3", "2018-01-01T12:00:00Z"));
}

#[test]
fn a_missing_value_fails_every_positive_test_and_passes_every_negative_one() {
    let operands = [
        ("bool", "true", "[true]"),
        ("int", "5", "[5]"),
        ("decimal(2)", "5", "[5]"),
        ("float", "5", "[5]"),
        ("keyword", "\"a\"", "[\"a\"]"),
        ("keyword_set", "\"a\"", "[\"a\"]"),
        ("int_set", "5", "[5]"),
        ("time", "\"2018-01-01T00:00:00Z\"", "[]"),
        ("date", "\"2018-01-01\"", "[]"),
    ];
    let mut asked = BTreeSet::new();
    for (kind, one, many) in operands {
        let kind = FieldType::parse(kind).expect(kind);
        for (operator, name) in Operator::NAMES {
            if !operator.applies_to(kind) {
                continue;
            }
            let operand = match operator {
                Operator::In | Operator::NotIn => many,
                Operator::WithinDays | Operator::BeforeDays | Operator::InNextDays => "3",
                _ => one,
            };
            assert_eq!(ask(kind, "-", name, operand, NOW), operator.positive().is_some(), "{kind} {name}");
            asked.insert(name);
        }
    }
    assert_eq!(asked.len(), Operator::NAMES.len());
}

#[test]
fn ids_are_text_and_never_missing() {
    let mut schema = Schema::default();
    schema.set_id_name("household_id").unwrap();
    let customer = Customer { id: "42".into(), values: BTreeMap::new() };
    for (field, operator, operand, expected) in [
        ("id", "is", "42", true),
        ("id", "is", "\"42\"", true),
        ("household_id", "is", "42", true),
        ("id", "is", "\"042\"", false),
        ("id", "is_not", "42", false),
        ("id", "in", "[\"a\", 42]", true),
        ("id", "not_in", "[\"a\", 42]", false),
        ("id", "exists", "", true),
        ("id", "not_exists", "", false),
    ] {
        let rule = test(field, operator, operand);
        let answer = matches(&rule, &customer, &schema, Timestamp(0), &no_segments);
        assert_eq!(answer, expected, "{field} {operator} {operand}");
    }
}

#[test]
fn groups_and_segments_join_answers() {
    let mut schema = Schema::default();
    schema.add(&[("x".into(), FieldType::Int)]).unwrap();
    let customer = Customer { id: "42".into(), values: BTreeMap::from([("x".into(), Value::Int(5))]) };
    let (yes, no) = (test("x", "=", "5"), test("x", "=", "6"));
    let saved = [Saved::Dynamic(yes.clone()), Saved::Static(BTreeSet::from(["41".to_owned()]))];
    let find = |named: &SegmentRef| match named {
        SegmentRef::Name(name) if name == "dynamic" => &saved[0],
        _ => &saved[1],
    };
    let ask = |rule: &Rule| matches(rule, &customer, &schema, Timestamp(0), &find);
    let group = |join, rules: &[&Rule]| Rule::Group(Group { join, rules: rules.iter().copied().cloned().collect() });
    for (rules, all, any, none) in [
        (vec![&yes], true, true, false),
        (vec![&no], false, false, true),
        (vec![&yes, &no], false, true, false),
        (vec![&yes, &yes], true, true, false),
        (vec![&no, &no], false, false, true),
    ] {
        let answers = [Match::All, Match::Any, Match::None].map(|join| ask(&group(join, &rules)));
        assert_eq!(answers, [all, any, none], "{rules:?}");
    }
    for (name, member) in [("dynamic", true), ("static", false)] {
        for negated in [false, true] {
            let rule = Rule::Segment(SegmentTest { segment: SegmentRef::Name(name.into()), negated });
            assert_eq!(ask(&rule), member != negated, "{name} {negated}");
        }
    }
}
