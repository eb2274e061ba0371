//! What the text form reads, how it prints, and what it says about mistakes.

use proptest::prelude::*;

use super::{from_text, to_text};
use crate::limits::{BODY_BYTES_MAX, LIST_VALUES_MAX, RULE_DEPTH_MAX, RULE_NODES_MAX};
use crate::rule::arbitrary::any_rule;
use crate::rule::{Rule, from_json, to_json};

/// Reads a JSON rule and prints it as text, which has to read back to the same tree.
fn printed(json: &str) -> String {
    let rule = from_json(&serde_json::from_str(json).expect(json)).expect(json);
    let text = to_text(&rule, &|_| None);
    assert_eq!(from_text(&text).as_ref(), Ok(&rule), "{text}");
    text
}

/// Reads text and answers the tree as compact JSON.
fn read(text: &str) -> String {
    match from_text(text) {
        Ok(rule) => to_json(&rule, &|_| None).to_string(),
        Err(problems) => panic!("{text}: {problems:?}"),
    }
}

/// The mistakes of a text, one a line: `line:column code message`.
fn mistakes(text: &str) -> String {
    let problems = from_text(text).expect_err(text);
    let line = |problem: crate::error::Problem| {
        let (line, column) = problem.position.expect("every mistake in text has a position");
        format!("{line}:{column} {} {}", problem.code, problem.message)
    };
    problems.into_iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_operator_prints_and_reads_back() {
    for (operator, value, text) in [
        ("=", "1.50", "f = 1.50"),
        ("!=", "true", "f != true"),
        ("<", "-3", "f < -3"),
        ("<=", "1e+5", "f <= 1e+5"),
        (">", "\"2018-01-01\"", "f > \"2018-01-01\""),
        (">=", "0", "f >= 0"),
        ("between", "[1, 2]", "f between 1 and 2"),
        ("is", "\"a\"", "f is \"a\""),
        ("is_not", "\"a\"", "f is not \"a\""),
        ("in", "[\"a\", 2]", "f in (\"a\", 2)"),
        ("not_in", "[\"a\"]", "f not in (\"a\")"),
        ("starts_with", "\"a\"", "f starts with \"a\""),
        ("ends_with", "\"a\"", "f ends with \"a\""),
        ("contains", "\"a\\\"\\n\"", "f contains \"a\\\"\\n\""),
        ("not_contains", "\"a\"", "f not contains \"a\""),
        ("matches", "\"^a\\\\d\"", "f matches \"^a\\\\d\""),
        ("includes", "[\"a\", \"b\"]", "f includes any (\"a\", \"b\")"),
        ("includes", "\"a\"", "f includes any \"a\""),
        ("includes_all", "[1]", "f includes all (1)"),
        ("excludes", "[1]", "f excludes (1)"),
        ("exists", "null", "f exists"),
        ("not_exists", "null", "f not exists"),
        ("within_days", "90", "f within 90 days"),
        ("before_days", "90", "f before 90 days"),
        ("in_next_days", "7", "f in next 7 days"),
        // Odd values have a spelling too, so that `check` can complain about them.
        ("within_days", "\"x\"", "f within_days \"x\""),
        ("in_next_days", "[1]", "f in_next_days (1)"),
        ("exists", "5", "f exists 5"),
        (">=", "null", "f >= null"),
        ("between", "1", "f between 1"),
        ("between", "[1]", "f between (1)"),
        ("in", "[]", "f in ()"),
    ] {
        let json = format!("{{\"field\": \"f\", \"operator\": \"{operator}\", \"value\": {value}}}");
        assert_eq!(printed(&json), text);
    }
}

#[test]
fn groups_print_and_read_back() {
    let leaf = |name: &str| format!("{{\"field\":\"{name}\",\"operator\":\"exists\"}}");
    let (a, b, c) = (leaf("a"), leaf("b"), leaf("c"));
    let group = |join: &str, rules: &[&str]| format!("{{\"match\":\"{join}\",\"rules\":[{}]}}", rules.join(","));
    let a_and_b = group("all", &[&a, &b]);
    let in_vip = "{\"segment\":\"vip\",\"operator\":\"in\"}";
    let not_in_3 = "{\"segment\":3,\"operator\":\"not_in\"}";
    for (json, text) in [
        (a_and_b.clone(), "a exists and b exists"),
        (group("any", &[&a_and_b, &c]), "(a exists and b exists) or c exists"),
        (group("all", &[&a_and_b, &c]), "(a exists and b exists) and c exists"),
        (group("all", &[&group("any", &[&a, &b]), &c]), "(a exists or b exists) and c exists"),
        (group("none", &[&a]), "not a exists"),
        (group("none", &[&a_and_b]), "not (a exists and b exists)"),
        (group("none", &[&a, &b]), "none of (a exists, b exists)"),
        (group("none", &[&group("none", &[&a])]), "not not a exists"),
        (group("all", &[&a]), "all of (a exists)"),
        (group("any", &[&a_and_b]), "any of (a exists and b exists)"),
        (group("none", &[in_vip]), "not (in segment \"vip\")"),
        (group("none", &[not_in_3]), "not not in segment 3"),
        (group("any", &[]), "any of ()"),
    ] {
        assert_eq!(printed(&json), text);
    }
}

#[test]
fn people_may_write_in_other_ways() {
    let same = |text: &str, canonical: &str| assert_eq!(read(text), read(canonical), "{text}");
    for (text, canonical) in [
        ("a = 1 AND b = 2 Or c = 3", "(a = 1 and b = 2) or c = 3"),
        ("a = 1 and b = 2 and c = 3", "all of (a = 1, b = 2, c = 3)"),
        ("((a = 1))", "a = 1"),
        ("a == 1", "a = 1"),
        ("a <> 1", "a != 1"),
        ("a>=-5", "a >= -5"),
        ("a starts_with 'x'", "a starts with \"x\""),
        ("a not_in (1)", "a not in (1)"),
        ("a beginsWith \"x\"", "a starts with \"x\""),
        ("a within_days 90", "a within 90 days"),
        ("a WITHIN 1 day", "a within 1 days"),
        ("a includes (1)", "a includes any (1)"),
        ("a >= 2018-01-01", "a >= \"2018-01-01\""),
        ("a >= 2018-01-01T00:00:00+02:00", "a >= \"2018-01-01T00:00:00+02:00\""),
        ("a between (1, 2)", "a between 1 and 2"),
        ("a between 1 and 2 and b = true", "all of (a between (1, 2), b = true)"),
        ("`a` is \"\\u00e9\\ud83d\\ude00\"", "a is \"é\u{1f600}\""),
        ("none of (a = 1)", "not a = 1"),
        ("`the ``odd`` one` = 1\n and\tb = 1", "all of (`the ``odd`` one` = 1, b = 1)"),
        ("all = 1 and in segment 3", "`all` = 1 and in segment 3"),
    ] {
        same(text, canonical);
    }
}

#[test]
fn mistakes_say_where_and_what_was_expected() {
    for (text, said) in [
        (
            "",
            "1:1 syntax expected a test such as total_spent >= 100, did, not, in segment, or an opening parenthesis, found the end",
        ),
        ("a", "1:2 syntax expected an operator such as >=, is or includes any, found the end"),
        ("a =", "1:4 syntax expected a value such as 100, \"text\" or true, found the end"),
        ("a = and b = 1", "1:5 syntax expected a value such as 100, \"text\" or true, found and"),
        ("city is New York and b = 1", "1:9 unquoted_text expected a value; put text in double quotes: \"New York\""),
        ("a = 1 b = 2", "1:7 syntax expected and, or, or the end of the rule, found b"),
        ("a = 1)", "1:6 syntax expected and, or, or the end of the rule, found a closing parenthesis"),
        ("(a = 1", "1:7 syntax expected and, or, or a closing parenthesis, found the end"),
        ("all (a = 1)", "1:5 syntax expected an operator such as >=, is or includes any, found an opening parenthesis"),
        ("in vip", "1:4 syntax expected segment after in, found vip"),
        ("in segment vip", "1:12 syntax expected the name of a segment in double quotes, or its number, found vip"),
        ("a within 90", "1:12 syntax expected days after the number, found the end"),
        ("a in (1 2)", "1:9 syntax expected a comma or a closing parenthesis in the list, found 2"),
        ("a => 1", "1:3 syntax expected one of =, !=, <, <=, > and >=, found =>"),
        ("a is 'x", "1:6 syntax expected a closing quote after the text"),
        ("`a = 1", "1:1 syntax expected a closing backtick after the field name"),
    ] {
        assert_eq!(mistakes(text), said, "{text}");
    }
    for (text, start) in [
        ("a & b", "1:3 syntax unexpected '&'"),
        ("a is 25-34", "1:6 syntax 25-34 is neither a number"),
        ("größe = 1", "1:1 syntax expected a field, written `größe` in backticks"),
        ("a is \"\\x\"", "1:7 syntax expected an escape as in JSON"),
        ("a is \"\\ud800\"", "1:7 syntax expected an escape as in JSON"),
        ("a like 1", "1:3 unknown_operator there is no operator \"like\""),
    ] {
        let said = mistakes(text);
        assert!(said.starts_with(start), "{said}");
    }
    assert_eq!(from_text("a is_nt 1").expect_err("no such operator")[0].suggestions[0], "is_not");
}

#[test]
fn several_mistakes_are_found_at_once() {
    assert_eq!(
        mistakes("a = x and (b lke 3 or c = ) and\n d in (1, ~) and e = 1"),
        "1:5 unquoted_text expected a value; put text in double quotes: \"x\"\n\
         1:14 unknown_operator there is no operator \"lke\"; there are =, !=, <, <=, >, >=, between, is, is_not, in, \
         not_in, starts_with, ends_with, contains, not_contains, matches, includes, includes_all, excludes, \
         within_days, before_days, in_next_days, exists, not_exists\n\
         1:27 syntax expected a value such as 100, \"text\" or true, found a closing parenthesis\n\
         2:11 syntax unexpected '~'; join tests with and, or, not, and put text in double quotes and odd field names \
         in backticks"
    );
}

#[test]
fn limits_hold_at_their_edge() {
    let nested = |depth: usize| format!("{}a = 1", "not ".repeat(depth));
    assert!(from_text(&nested(RULE_DEPTH_MAX)).is_ok());
    assert!(mistakes(&nested(RULE_DEPTH_MAX + 1)).starts_with("1:1 too_deep"));
    // The deepest rule as it prints, two levels of nesting to a `not (..)`, and some parentheses for nothing.
    let half = RULE_DEPTH_MAX / 2;
    assert!(from_text(&format!("{}a = 1{}", "not (a = 1 and ".repeat(half), ")".repeat(half))).is_ok());
    let idle = RULE_DEPTH_MAX * 3;
    assert!(from_text(&format!("{}a = 1{}", "(".repeat(idle), ")".repeat(idle))).is_ok());
    assert!(mistakes(&nested(1_000_000)).contains("too_deep"));
    assert!(mistakes(&"(".repeat(1_000_000)).contains("too_deep"));

    let wide = |nodes: usize| vec!["a = 1"; nodes - 1].join(" or ");
    assert!(from_text(&wide(RULE_NODES_MAX)).is_ok());
    assert!(mistakes(&wide(RULE_NODES_MAX + 1)).contains("too_many_nodes"));

    let list = |values: usize| format!("a in ({})", vec!["1"; values].join(","));
    assert!(from_text(&list(LIST_VALUES_MAX)).is_ok());
    assert!(mistakes(&list(LIST_VALUES_MAX + 1)).starts_with("1:6 list_too_long"));

    let padded = |bytes: usize| format!("a = 1{}", " ".repeat(bytes - 5));
    assert!(from_text(&padded(BODY_BYTES_MAX)).is_ok());
    assert!(mistakes(&padded(BODY_BYTES_MAX + 1)).starts_with("1:1 text_too_long"));
}

#[test]
fn ids_print_as_the_name_of_the_segment() {
    let rule = from_text("in segment 3 and not in segment 4").expect("a rule");
    let name = |id: crate::id::SegmentId| (id.0 == 3).then(|| "vip".to_owned());
    assert_eq!(to_text(&rule, &name), "in segment \"vip\" and not in segment 4");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_is_printed_reads_back(rule in any_rule()) {
        let text = to_text(&rule, &|_| None);
        let back: Result<Rule, _> = from_text(&text);
        prop_assert_eq!(back.as_ref(), Ok(&rule), "{}", text);
    }

    #[test]
    fn no_text_breaks_the_parser(text in "([a-c]|and|or|not|in|all of|segment|within|days|between|true|null|=|[()`'\"\\\\,1~é ]| ){0,30}") {
        if let Ok(rule) = from_text(&text) {
            prop_assert_eq!(from_text(&to_text(&rule, &|_| None)), Ok(rule));
        }
    }
}

#[test]
fn events_print_and_read_back() {
    let shoes = r#""where":[{"field":"category","operator":"is","value":"shoes"}]"#;
    for (json, text) in [
        (r#"{"event":"purchase"}"#.to_owned(), "did purchase"),
        (r#"{"event":"purchase","within_days":30}"#.to_owned(), "did purchase within 30 days"),
        (
            format!(r#"{{"event":"purchase",{shoes},"operator":">=","value":2,"within_days":30}}"#),
            r#"count of purchase where category is "shoes" within 30 days >= 2"#,
        ),
        (
            r#"{"event":"purchase","measure":"sum","of":"amount","operator":">=","value":200,"between":["2026-03-01T00:00:00Z","2026-11-01T00:00:00Z"]}"#.to_owned(),
            r#"sum of purchase.amount between "2026-03-01T00:00:00Z" and "2026-11-01T00:00:00Z" >= 200"#,
        ),
        (r#"{"event":"visit","operator":"=","value":0,"within_days":150}"#.to_owned(), "count of visit within 150 days = 0"),
        (r#"{"event":"visit","measure":"last","operator":"before_days","value":90}"#.to_owned(), "last of visit before 90 days"),
        (
            r#"{"event":"visit","measure":"first","operator":"within_days","value":90,"before_days":10}"#.to_owned(),
            "first of visit before 10 days within 90 days",
        ),
        (r#"{"event":"visit","operator":"between","value":[2,5]}"#.to_owned(), "count of visit between 2 and 5"),
        (
            r#"{"event":"cart_add","before_days":3,"not_followed_by":{"event":"purchase","within_days":3}}"#.to_owned(),
            "did cart_add before 3 days not followed by purchase within 3 days",
        ),
        (
            format!(r#"{{"event":"a","operator":">","value":1,"then":{{"event":"b",{shoes}}},"not_followed_by":{{"event":"c"}}}}"#),
            r#"count of a then b where category is "shoes" not followed by c > 1"#,
        ),
        (
            r#"{"event":"a","measure":"last","operator":"within_days","value":7,"then":{"event":"b"}}"#.to_owned(),
            "last of a then b within 7 days",
        ),
        (
            r#"{"event":"a.b","measure":"max","of":"c.d","operator":"exists","where":[{"field":"x","operator":"exists"},{"field":"y","operator":"between","value":[1,2]}]}"#.to_owned(),
            "max of `c.d` of `a.b` where (x exists and y between 1 and 2) exists",
        ),
        (
            r#"{"match":"none","rules":[{"event":"purchase"}]}"#.to_owned(),
            "not did purchase",
        ),
    ] {
        assert_eq!(printed(&json), text, "{json}");
    }
    assert_eq!(
        read("did not purchase within 3 days"),
        r#"{"match":"none","rules":[{"event":"purchase","within_days":3}]}"#
    );
    assert_eq!(
        read("COUNT OF purchase Where (a = 1) >= 2 and did visit"),
        read("count of purchase where a = 1 >= 2 and did visit")
    );
}

#[test]
fn mistakes_in_tests_of_events() {
    for (text, expected) in [
        ("sum of purchase >= 2", "1:8 syntax expected the property that is measured, as in sum of purchase.amount"),
        ("count of purchase", "1:18 syntax expected an operator such as >=, found the end"),
        ("did purchase not followed within 3 days", "1:27 syntax expected by after not followed, found within"),
        (
            "did purchase where (a = 1 b = 2)",
            "1:27 syntax expected and, or a closing parenthesis after a condition, found b",
        ),
        (
            "did purchase where category is shoes",
            "1:32 unquoted_text expected a value; put text in double quotes: \"shoes\"",
        ),
    ] {
        assert_eq!(mistakes(text), expected, "{text}");
    }
}
