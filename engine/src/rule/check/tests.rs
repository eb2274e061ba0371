//! What rules become, operator by operator, and every way in which they are refused.

use serde_json::{Value, json};

use super::check;
use crate::error::Problem;
use crate::id::SegmentId;
use crate::limits::{LIST_VALUES_MAX, RULE_DEPTH_MAX, RULE_NODES_MAX, RULE_REGEXES_MAX};
use crate::rule::{
    CheckedKind, CheckedNode, CheckedRule, Group, LeafTest, Literal, Match, Operand, Operator, Pattern, Rule,
    SegmentNames, Test, from_json, read_json, read_text,
};
use crate::schema::{FieldType, Schema, float_from_key};

pub(super) struct Saved;

impl SegmentNames for Saved {
    fn find(&self, name: &str) -> Option<SegmentId> {
        (name == "vip").then_some(SegmentId(7))
    }
    fn by_id(&self, id: SegmentId) -> bool {
        id.0 == 7
    }
    fn nearest(&self, name: &str) -> Vec<String> {
        crate::rule::nearest(name, ["vip"])
    }
}

fn schema() -> Schema {
    let mut schema = Schema::default();
    let fields = [
        ("flag", FieldType::Bool),
        ("age", FieldType::Int),
        ("money", FieldType::Decimal(2)),
        ("score", FieldType::Float),
        ("city", FieldType::Keyword),
        ("tags", FieldType::KeywordSet),
        ("nums", FieldType::IntSet),
        ("seen", FieldType::Time),
        ("born", FieldType::Date),
    ];
    schema.add(&fields.map(|(name, kind)| (name.to_owned(), kind))).expect("good fields");
    schema.set_id_name("customer_id").expect("no field of this name");
    schema
}

/// A checked rule in short: `not` for a complement, the field's name, and what it is compared with.
fn shown(rule: &CheckedRule) -> String {
    node(&rule.root, &schema())
}

fn node(node_: &CheckedNode, schema: &Schema) -> String {
    let name = |field: &crate::id::FieldId| schema.field(*field).name.to_string();
    let end = |key: i64, field: &crate::id::FieldId| match schema.field(*field).kind {
        _ if key == i64::MIN || key == i64::MAX => String::new(),
        FieldType::Float => float_from_key(key).to_string(),
        _ => key.to_string(),
    };
    let (test, negated) = match &node_.kind {
        CheckedKind::Group { join, rules } => {
            let rules: Vec<String> = rules.iter().map(|rule| node(rule, schema)).collect();
            return format!("{join:?}[{}]", rules.join(", "));
        }
        CheckedKind::Leaf { test, negated } => (test, negated),
    };
    let test = match test {
        LeafTest::Range { field, lo, hi } if lo > hi => format!("{} nobody", name(field)),
        LeafTest::Range { field, lo, hi } => format!("{} {}..{}", name(field), end(*lo, field), end(*hi, field)),
        LeafTest::Keys { field, keys } => format!("{} {keys:?}", name(field)),
        LeafTest::Flag { field, values } => format!("{} {values:?}", name(field)),
        LeafTest::Words { field, words } => format!("{} {words:?}", name(field)),
        LeafTest::Pattern { field, pattern } => match pattern {
            Pattern::Prefix(text) => format!("{} {text}*", name(field)),
            Pattern::Suffix(text) => format!("{} *{text}", name(field)),
            Pattern::Infix(text) => format!("{} *{text}*", name(field)),
            Pattern::Regex(regex) => format!("{} /{regex}/", name(field)),
        },
        LeafTest::WordMembers { field, words, all } => format!("{} all={all} {words:?}", name(field)),
        LeafTest::IntMembers { field, ints, all } => format!("{} all={all} {ints:?}", name(field)),
        LeafTest::Window { field, side, days } => format!("{} {side:?} {days}", name(field)),
        LeafTest::Exists { field } => format!("{} exists", name(field)),
        LeafTest::Ids { ids } => format!("ids {ids:?}"),
        LeafTest::Everyone => "everyone".to_owned(),
        LeafTest::Score(_) => unreachable!("no rule asks for a score"),
        LeafTest::Events(_) => "events".to_owned(),
        LeafTest::Segment { segment } => format!("segment {segment}"),
    };
    format!("{}{test}", if *negated { "not " } else { "" })
}

fn leaf(field: &str, operator: &str, value: &str) -> Value {
    let value: Value = serde_json::from_str(value).expect(value);
    json!({"field": field, "operator": operator, "value": value})
}

fn checked(rule: &Value) -> Result<CheckedRule, Vec<Problem>> {
    check(&from_json(rule).expect("good form"), &schema(), &Saved)
}

/// `pointer code suggestions`, one for each mistake.
fn mistakes(rule: &Value) -> Vec<String> {
    checked(rule).expect_err("there are mistakes").iter().map(short).collect()
}

fn short(problem: &Problem) -> String {
    format!("{} {} {}", problem.pointer, problem.code, problem.suggestions.join("|")).trim_end().to_owned()
}

/// Each row is (field, operator, value, what it becomes).
fn becomes(rows: &[(&str, &str, &str, &str)]) {
    for (field, operator, value, expected) in rows {
        let rule = checked(&leaf(field, operator, value));
        let rule = rule.unwrap_or_else(|problems| panic!("{field} {operator} {value}: {problems:?}"));
        assert_eq!(shown(&rule), *expected, "{field} {operator} {value}");
    }
}

#[test]
fn comparisons_become_exact_ranges() {
    becomes(&[
        ("age", "=", "5", "age 5..5"),
        ("age", "!=", "5", "not age 5..5"),
        ("age", "=", "5.0", "age 5..5"),
        ("age", "=", "5.5", "age nobody"),
        ("age", "!=", "5.5", "not age nobody"),
        ("age", "<", "5", "age ..4"),
        ("age", "<", "5.5", "age ..5"),
        ("age", "<=", "5.5", "age ..5"),
        ("age", ">", "5.5", "age 6.."),
        ("age", ">=", "5.5", "age 6.."),
        ("age", ">=", "-5.5", "age -5.."),
        ("age", ">", "1e3", "age 1001.."),
        ("age", ">", "9223372036854775807", "age nobody"),
        ("age", ">=", "9223372036854775807.5", "age nobody"),
        ("age", "<", "-9223372036854775808", "age nobody"),
        ("age", "between", "[1, 9]", "age 1..9"),
        ("age", "between", "[1.2, 9.8]", "age 2..9"),
        ("age", "between", "[1.2, 1.8]", "age nobody"),
        ("age", "is", "5", "age [5]"),
        ("age", "is_not", "5", "not age [5]"),
        ("age", "in", "[9, 5, 9, 5.5]", "age [5, 9]"),
        ("age", "in", "5", "age [5]"),
        ("age", "not_in", "[5.5]", "not age nobody"),
        ("money", ">=", "17.575", "money 1758.."),
        ("money", "<=", "17.575", "money ..1757"),
        ("money", "=", "17.57", "money 1757..1757"),
        ("money", "=", "17.575", "money nobody"),
        ("money", "<=", "\"17.57\"", "money ..1757"),
        ("money", "between", "[468.85, \"2536.15\"]", "money 46885..253615"),
        ("score", "=", "0.1", "score 0.1..0.1"),
        ("score", "=", "-0.0", "score 0..0"),
        // Keys step over -0.0, which no profile has.
        ("score", "<", "0", "score ..-0"),
        ("score", ">", "1", "score 1.0000000000000002.."),
        ("score", "between", "[0.5, 1e2]", "score 0.5..100"),
        ("seen", ">=", "\"1970-01-01T00:00:01Z\"", "seen 1000000.."),
        ("seen", "<", "\"1970-01-01T01:00:00+01:00\"", "seen ..-1"),
        ("born", ">", "\"1970-01-02\"", "born 2.."),
        ("born", "between", "[\"1970-01-02\", \"1970-01-02\"]", "born 1..1"),
    ]);
}

#[test]
fn other_tests_become_what_an_index_can_be_asked() {
    becomes(&[
        ("seen", "within_days", "90", "seen Within 90"),
        ("born", "before_days", "0", "born Before 0"),
        ("seen", "in_next_days", "1000000", "seen Next 1000000"),
        ("flag", "=", "true", "flag [false, true]"),
        ("flag", "!=", "true", "not flag [false, true]"),
        ("flag", "is", "false", "flag [true, false]"),
        ("flag", "in", "[true, false]", "flag [true, true]"),
        ("city", "is", "\"e\u{301}\"", "city [\"\u{e9}\"]"),
        ("city", "is_not", "\"x\"", "not city [\"x\"]"),
        ("city", "in", "[\"b\", \"a\", \"b\"]", "city [\"a\", \"b\"]"),
        ("city", "not_in", "\"b\"", "not city [\"b\"]"),
        ("city", "starts_with", "\"a\"", "city a*"),
        ("city", "ends_with", "\"a\"", "city *a"),
        ("city", "contains", "\"e\u{301}\"", "city *\u{e9}*"),
        ("city", "not_contains", "\"a\"", "not city *a*"),
        ("city", "matches", "\"^a+$\"", "city /^a+$/"),
        ("tags", "includes", "[\"b\", \"a\"]", "tags all=false [\"a\", \"b\"]"),
        ("tags", "includes", "\"b\"", "tags all=false [\"b\"]"),
        ("tags", "includes_all", "[\"b\"]", "tags all=true [\"b\"]"),
        ("tags", "excludes", "[\"b\"]", "not tags all=false [\"b\"]"),
        ("nums", "includes", "[3, 1, 3.0]", "nums all=false [1, 3]"),
        ("nums", "includes_all", "1", "nums all=true [1]"),
        ("nums", "excludes", "[1]", "not nums all=false [1]"),
        ("nums", "exists", "null", "nums exists"),
        ("nums", "not_exists", "null", "not nums exists"),
        ("id", "is", "17", "ids [\"17\"]"),
        (
            "customer_id",
            "not_in",
            "[\"b\", 1e2, 100000000000000000000]",
            "not ids [\"100\", \"100000000000000000000\", \"b\"]",
        ),
        ("id", "exists", "null", "everyone"),
        ("id", "not_exists", "null", "not everyone"),
    ]);
}

#[test]
fn refused_tests_say_where_and_what() {
    for (field, operator, value, expected) in [
        ("AGE", "=", "1", "/field unknown_field age"),
        ("ctiy", "is", "1", "/field unknown_field city"),
        ("zzz", "is", "1", "/field unknown_field"),
        ("city", "=", "\"x\"", "/operator operator_not_for_type is"),
        ("tags", "is", "\"x\"", "/operator operator_not_for_type includes"),
        ("tags", "not_in", "\"x\"", "/operator operator_not_for_type excludes"),
        ("age", "within_days", "1", "/operator operator_not_for_type"),
        ("flag", ">", "true", "/operator operator_not_for_type"),
        ("id", ">", "1", "/operator operator_not_for_type"),
        ("age", ">", "null", "/value missing_value"),
        ("age", "exists", "1", "/value unexpected_value"),
        ("age", ">", "\"1\"", "/value wrong_type"),
        ("age", ">", "true", "/value wrong_type"),
        ("age", ">", "[1]", "/value wrong_type"),
        ("age", "is", "[1]", "/value wrong_type"),
        ("age", ">", "9223372036854775808", "/value number_out_of_range"),
        ("age", "=", "-9223372036854775808.5", "/value number_out_of_range"),
        ("age", ">", "1e400", "/value number_out_of_range"),
        ("age", "in", "[1, 1e30]", "/value/1 number_out_of_range"),
        ("age", "between", "1", "/value wrong_type"),
        ("age", "between", "[1]", "/value wrong_type"),
        ("age", "between", "[1, 2, 3]", "/value wrong_type"),
        ("age", "between", "[]", "/value empty_list"),
        ("age", "between", "[2, 1]", "/value reversed_range"),
        ("age", "between", "[1.8, 1.2]", "/value reversed_range"),
        ("age", "between", "[1, \"x\"]", "/value/1 wrong_type"),
        ("money", ">", "\"abc\"", "/value wrong_type"),
        ("money", ">", "92233720368547758.08", "/value number_out_of_range"),
        ("score", ">", "1e999", "/value not_finite"),
        ("score", ">", "\"1\"", "/value wrong_type"),
        ("seen", ">", "\"2018-01-01\"", "/value wrong_type"),
        ("seen", ">", "5", "/value wrong_type"),
        ("seen", "between", "[\"2018-01-02T00:00:00Z\", \"2018-01-01T00:00:00Z\"]", "/value reversed_range"),
        ("born", "=", "\"2018-01-01T00:00:00Z\"", "/value wrong_type"),
        ("seen", "within_days", "-1", "/value number_out_of_range"),
        ("seen", "within_days", "1000001", "/value number_out_of_range"),
        ("seen", "within_days", "1.5", "/value wrong_type"),
        ("seen", "within_days", "\"7\"", "/value wrong_type"),
        ("flag", "=", "1", "/value wrong_type"),
        ("flag", "in", "[]", "/value empty_list"),
        ("city", "is", "5", "/value wrong_type"),
        ("city", "in", "[]", "/value empty_list"),
        ("city", "in", "[\"a\", 5]", "/value/1 wrong_type"),
        ("city", "contains", "5", "/value wrong_type"),
        ("city", "contains", "[\"a\"]", "/value wrong_type"),
        ("city", "matches", "\"(\"", "/value bad_regex"),
        ("city", "matches", "\"\\\\w{200}\"", "/value bad_regex"),
        ("tags", "includes", "[5]", "/value/0 wrong_type"),
        ("tags", "includes", "5", "/value wrong_type"),
        ("nums", "includes", "[1.5]", "/value/0 wrong_type"),
        ("nums", "includes", "[\"1\"]", "/value/0 wrong_type"),
        ("nums", "includes", "[1e30]", "/value/0 number_out_of_range"),
        ("id", "is", "1.5", "/value wrong_type"),
        ("id", "in", "[true]", "/value/0 wrong_type"),
    ] {
        assert_eq!(mistakes(&leaf(field, operator, value)), [expected], "{field} {operator} {value}");
    }
}

#[test]
fn messages_say_what_would_be_right() {
    for (field, operator, value, message) in [
        (
            "zzz",
            "is",
            "1",
            "there is no field \"zzz\"; there are customer_id, flag, age, money, score, city, tags, nums and more",
        ),
        (
            "city",
            "=",
            "1",
            "\"city\" is keyword and does not know =; it knows is, is_not, in, not_in, starts_with, \
          ends_with, contains, not_contains, matches, exists, not_exists",
        ),
        (
            "seen",
            ">",
            "\"2018-02-01\"",
            "a time such as \"2018-02-01T00:00:00Z\" is wanted, not the text \"2018-02-01\"",
        ),
        (
            "born",
            ">",
            "\"2018-02-01T00:00:00Z\"",
            "a day such as \"2018-02-01\" is wanted, not the text \"2018-02-01T00:00:00Z\"",
        ),
        ("city", "is", "5", "a keyword holds text, not the number 5; put it in quotes: \"5\""),
        ("city", "is", "[\"a\"]", "is takes one value, not a list; use in for a list"),
        (
            "money",
            ">",
            "1e17",
            "the field holds numbers from -92233720368547758.08 to 92233720368547758.07, not the number 1e+17",
        ),
        ("city", "matches", "\"(\"", "not a regular expression: unclosed group"),
        ("age", "=", "null", "= needs a value; ask for a missing one with not_exists"),
    ] {
        let problems = checked(&leaf(field, operator, value)).expect_err(message);
        assert_eq!(problems[0].message, message);
    }
}

#[test]
fn all_mistakes_of_a_rule_come_at_once() {
    let rule = json!({"match": "all", "rules": [
        leaf("age", ">", "\"x\""),
        {"match": "none", "rules": [leaf("ctiy", "is", "1"), {"match": "any", "rules": []}]},
        {"segment": "vpi", "operator": "in"},
        {"segment": 8, "operator": "not_in"},
        leaf("nums", "includes", "[1, \"a\", 2.5]"),
    ]});
    assert_eq!(
        mistakes(&rule),
        [
            "/rules/0/value wrong_type",
            "/rules/1/rules/0/field unknown_field city",
            "/rules/1/rules/1/rules empty_group",
            "/rules/2/segment unknown_segment vip",
            "/rules/3/segment unknown_segment",
            "/rules/4/value/1 wrong_type",
            "/rules/4/value/2 wrong_type",
        ]
    );
}

#[test]
fn mistakes_of_form_and_of_fields_come_together() {
    let rule = json!({"match": "most", "rules": [
        {"field": "ctiy", "operator": "lke", "value": "x"},
        {"field": "age", "operator": ">", "value": {}},
        {"field": "age", "operator": ">", "value": "x"},
        {"segment": "vip", "operator": "on"},
    ]});
    let problems = read_json(&rule, &schema(), &Saved).expect_err("there are mistakes");
    assert_eq!(
        problems.iter().map(short).collect::<Vec<_>>(),
        [
            "/match unknown_match",
            "/rules/0/field unknown_field city",
            "/rules/0/operator unknown_operator",
            "/rules/1/value wrong_type",
            "/rules/2/value wrong_type",
            "/rules/3/operator unknown_operator in|not_in",
        ]
    );

    let text = "ctiy is x and (age > \"x\" or\n tags in (\"a\")) and in segment \"vpi\" and age lke 3 and age = 1";
    let problems = read_text(text, &schema(), &Saved).expect_err("there are mistakes");
    let lines: Vec<String> =
        problems.iter().map(|problem| format!("{:?} {}", problem.position, short(problem))).collect();
    assert_eq!(
        lines,
        [
            "Some((1, 1)) /rules/0/field unknown_field city",
            "Some((1, 9))  unquoted_text",
            "Some((1, 22)) /rules/1/rules/0/value wrong_type",
            "Some((2, 7)) /rules/1/rules/1/operator operator_not_for_type includes",
            "Some((2, 32)) /rules/2/segment unknown_segment vip",
            "Some((2, 46))  unknown_operator",
        ]
    );
}

#[test]
fn good_rules_keep_their_shape_and_pointers() {
    let text = "age > 1 and not (in segment \"vip\" or not in segment 7) and any of (id exists)";
    let (_, rule) = read_text(text, &schema(), &Saved).expect("a good rule");
    assert_eq!(shown(&rule), "All[age 2.., None[Any[segment 7, not segment 7]], Any[everyone]]");
    let CheckedKind::Group { rules, .. } = &rule.root.kind else { panic!("a group") };
    let CheckedKind::Group { rules: inner, .. } = &rules[1].kind else { panic!("a group") };
    assert_eq!((rules[2].pointer.as_str(), inner[0].pointer.as_str()), ("/rules/2", "/rules/1/rules/0"));
    let (_, by_digits) = read_json(&json!({"segment": "7", "operator": "in"}), &schema(), &Saved).expect("an id");
    assert_eq!(shown(&by_digits), "segment 7");
}

#[test]
fn limits_hold_at_their_edge() {
    let exists = Rule::Test(Test { field: "age".into(), operator: Operator::Exists, value: None });
    let code = |rule: &Rule| check(rule, &schema(), &Saved).err().map(|problems| problems[0].code);
    let group = |rules| Rule::Group(Group { join: Match::All, rules });
    let nested = |depth: usize| (0..depth).fold(exists.clone(), |rule, _| group(vec![rule]));
    assert_eq!(code(&nested(RULE_DEPTH_MAX)), None);
    assert_eq!(code(&nested(RULE_DEPTH_MAX + 1)), Some("too_deep"));

    assert_eq!(code(&group(vec![exists.clone(); RULE_NODES_MAX - 1])), None);
    assert_eq!(code(&group(vec![exists.clone(); RULE_NODES_MAX])), Some("too_many_nodes"));

    let matches = |times: usize| {
        let value = Some(Operand::One(Literal::Text("a".into())));
        group(vec![Rule::Test(Test { field: "city".into(), operator: Operator::Matches, value }); times])
    };
    assert_eq!(code(&matches(RULE_REGEXES_MAX)), None);
    assert_eq!(code(&matches(RULE_REGEXES_MAX + 1)), Some("too_many_regexes"));

    let list = |length: usize| {
        let value = Some(Operand::Many((0..length).map(|i| Literal::Text(i.to_string())).collect()));
        Rule::Test(Test { field: "city".into(), operator: Operator::In, value })
    };
    assert_eq!(code(&list(LIST_VALUES_MAX)), None);
    assert_eq!(code(&list(LIST_VALUES_MAX + 1)), Some("list_too_long"));
}

#[test]
fn a_limit_is_said_once() {
    let wide = json!({"match": "all", "rules": vec![leaf("age", "exists", "null"); RULE_NODES_MAX]});
    let problems = read_json(&wide, &schema(), &Saved).expect_err("too many");
    assert_eq!(problems.iter().map(short).collect::<Vec<_>>(), [" too_many_nodes"]);
    let text = format!("{}age exists", "not ".repeat(RULE_DEPTH_MAX + 1));
    let problems = read_text(&text, &schema(), &Saved).expect_err("too deep");
    assert_eq!(problems.iter().map(short).collect::<Vec<_>>(), [" too_deep"]);
}
