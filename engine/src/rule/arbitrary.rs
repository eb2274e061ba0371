//! Rule trees of every shape that JSON can bring in, sensible or not, for property tests.

use proptest::prelude::*;

use super::{
    EventTest, EventWindow, Follower, Group, Literal, Match, Measure, Operand, Operator, Rule, SegmentRef, SegmentTest,
    Test,
};
use crate::id::SegmentId;

/// Any tree: odd names, values that do not suit their operator, groups of none or one.
pub(super) fn any_rule() -> impl Strategy<Value = Rule> {
    let leaf = prop_oneof![
        4 => any_test().prop_map(Rule::Test),
        1 => any_segment().prop_map(Rule::Segment),
        2 => any_event().prop_map(|test| Rule::Event(Box::new(test))),
    ];
    leaf.prop_recursive(6, 40, 4, |inner| {
        let join = prop_oneof![Just(Match::All), Just(Match::Any), Just(Match::None)];
        (join, prop::collection::vec(inner, 0..4)).prop_map(|(join, rules)| Rule::Group(Group { join, rules }))
    })
}

fn any_test() -> impl Strategy<Value = Test> {
    let operator = prop::sample::select(Operator::NAMES.map(|(operator, _)| operator).to_vec());
    (any_name(), operator, any_operand())
        .prop_map(|(field, operator, value)| Test { field, operator, value })
        // Half of all tests have or lack a value as their operator asks, so that the usual spellings are met often.
        .prop_perturb(|mut test, mut rng| {
            if rng.random::<bool>() && !test.operator.takes_value() {
                test.value = None;
            }
            test
        })
}

fn any_event() -> impl Strategy<Value = EventTest> {
    let measure = prop::sample::select(Measure::NAMES.map(|(measure, _)| measure).to_vec());
    let asked = (measure, prop::option::of(any_name()), any_name(), any_test());
    let follower = || prop::option::of(any_follower());
    (any_name(), any_conditions(), prop::option::of(any_window()), follower(), follower(), prop::option::of(asked))
        .prop_map(|(event, conditions, window, then, not_followed_by, asked)| {
            let plain = EventTest { conditions, window, then, not_followed_by, ..EventTest::any(event) };
            let Some((measure, of, property, test)) = asked else { return plain };
            let of = if measure.takes_property() { Some(property) } else { of };
            EventTest { measure, of, operator: Some(test.operator), value: test.value, ..plain }
        })
}

fn any_conditions() -> impl Strategy<Value = Vec<Test>> {
    prop::collection::vec(any_test(), 0..3)
}

fn any_window() -> impl Strategy<Value = EventWindow> {
    prop_oneof![
        any_literal().prop_map(EventWindow::WithinDays),
        any_literal().prop_map(EventWindow::BeforeDays),
        [any_literal(), any_literal()].prop_map(EventWindow::Between),
    ]
}

fn any_follower() -> impl Strategy<Value = Follower> {
    (any_name(), any_conditions(), prop::option::of(any_literal()))
        .prop_map(|(event, conditions, within_days)| Follower { event, conditions, within_days })
}

fn any_name() -> impl Strategy<Value = String> {
    let words = "and AND or Not in all any none of segment is true null days next between did of where then within count first _x a-b a.b";
    let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
    prop_oneof![
        4 => "[a-z_][a-z0-9_.-]{0,6}",
        1 => prop::sample::select(words),
        1 => "[`\"\\\\a ]{0,4}",
        1 => any::<String>(),
    ]
}

fn any_segment() -> impl Strategy<Value = SegmentTest> {
    let segment = prop_oneof![
        any::<String>().prop_map(SegmentRef::Name),
        any::<u64>().prop_map(|id| SegmentRef::Id(SegmentId(id))),
    ];
    (segment, any::<bool>()).prop_map(|(segment, negated)| SegmentTest { segment, negated })
}

fn any_operand() -> impl Strategy<Value = Option<Operand>> {
    prop_oneof![
        1 => Just(None),
        4 => any_literal().prop_map(|value| Some(Operand::One(value))),
        4 => prop::collection::vec(any_literal(), 0..4).prop_map(|values| Some(Operand::Many(values))),
    ]
}

fn any_literal() -> impl Strategy<Value = Literal> {
    prop_oneof![
        any::<bool>().prop_map(Literal::Bool),
        "-?(0|[1-9][0-9]{0,24})(\\.[0-9]{1,5})?(e[+-][0-9]{1,3})?".prop_map(Literal::Number),
        any::<String>().prop_map(Literal::Text),
        "[\"'\\\\\n\r\t\u{0}\u{2028}é\u{1f600}]{0,4}".prop_map(Literal::Text),
        Just(Literal::Text("2018-01-01".into())),
    ]
}
