//! A threshold of a rule: which test, which of its ends, and how a key becomes what somebody would write.

use crate::block::Set;
use crate::id::FieldId;
use crate::insight::Moment;
use crate::limits::WINDOW_DAYS_MAX;
use crate::plan::window_keys;
use crate::rule::{
    CheckedKind, CheckedNode, CheckedRule, LeafTest, Literal, Match, Operand, Operator, Rule, Test, check,
};
use crate::schema::{FieldType, Value};
use crate::table::Keyed;
use crate::time::DAY_US;

/// The bounds of a test that no key can satisfy, such as one below the first.
const NOBODY: (i64, i64) = (i64::MAX, i64::MIN);

/// An end of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum End {
    /// The least key that is in.
    Low,
    /// The greatest key that is in.
    High,
}

/// A key that a moved threshold has to let in, or to keep out.
#[derive(Debug, Clone, Copy)]
pub(super) enum Aim {
    Include(i64),
    Exclude(i64),
}

/// One threshold.
#[derive(Debug, Clone)]
pub(super) struct Threshold {
    pub(super) pointer: String,
    pub(super) end: End,
    pub(super) field: FieldId,
    kind: FieldType,
    operator: Operator,
    /// Least and greatest key that are in.
    pub(super) bounds: (i64, i64),
    /// What is written now.
    pub(super) literal: Literal,
    /// Whether the rule selects more when the test selects less.
    pub(super) is_inverted: bool,
}

/// The rows for which a test matters, in the order of its field.
pub(super) struct Matter<'v> {
    pub(super) keys: Keyed<'v>,
    /// Rows that the rule selects where the test fails for everybody.
    base: u64,
}

impl Threshold {
    /// All thresholds of a rule, in reading order; of `between` the lower first.
    pub(super) fn all(rule: &Rule, checked: &CheckedRule, moment: &Moment<'_>) -> Vec<Self> {
        let mut found = Vec::new();
        walk(rule, &checked.root, false, moment, &mut found);
        found
    }

    /// The rows for which the test matters. None for a field without order, which no threshold is of.
    pub(super) fn matter<'v>(&self, checked: &CheckedRule, moment: &Moment<'v>, keys: usize) -> Option<Matter<'v>> {
        let rows = |holds: bool| -> Set {
            let mut root = checked.root.clone();
            fix(&mut root, &self.pointer, holds);
            moment.rows(&CheckedRule { root })
        };
        let (with, without) = (rows(true), rows(false));
        let rows = if self.is_inverted { without.and_not(&with) } else { with.and_not(&without) };
        Some(Matter { keys: moment.view.keyed(self.field, Some(&rows), keys)?, base: without.len() })
    }

    /// What would have to be written for the nearest threshold that does what is wanted; none where there is no such.
    pub(super) fn written(&self, aim: Aim, moment: &Moment<'_>) -> Option<Literal> {
        if let Operator::WithinDays | Operator::BeforeDays | Operator::InNextDays = self.operator {
            return self.days(aim, moment).map(|days| Literal::Number(days.to_string()));
        }
        let (key, is_down) = match (self.operator, self.end, aim) {
            (Operator::Greater, _, Aim::Include(key)) => (key.checked_sub(1)?, true),
            (Operator::Less, _, Aim::Include(key)) => (key.checked_add(1)?, false),
            (Operator::Greater | Operator::Less, _, Aim::Exclude(key)) | (_, _, Aim::Include(key)) => {
                (key, self.end == End::High)
            }
            (_, End::Low, Aim::Exclude(key)) => (key.checked_add(1)?, false),
            (_, End::High, Aim::Exclude(key)) => (key.checked_sub(1)?, true),
        };
        let key = match (self.kind, key) {
            // The negative zero is zero: it has no key of its own.
            (FieldType::Float, -1) => {
                if is_down {
                    -2
                } else {
                    0
                }
            }
            (_, key) => key,
        };
        literal(self.kind, key)
    }

    /// Days of the window that just reaches a key, or just not.
    fn days(&self, aim: Aim, moment: &Moment<'_>) -> Option<i64> {
        let unit = if self.kind == FieldType::Date { i128::from(DAY_US) } else { 1 };
        let (Aim::Include(key) | Aim::Exclude(key)) = aim;
        let (key, now) = (i128::from(key) * unit, i128::from(moment.now.0));
        let away = if self.operator == Operator::InNextDays { key - now } else { now - key };
        // Whole days that reach the key: the least number not below.
        let reaching = -(-away).div_euclid(i128::from(DAY_US));
        let is_include = matches!(aim, Aim::Include(_));
        // What is before a window is let in by a shorter one.
        let days = if is_include == (self.operator != Operator::BeforeDays) { reaching } else { reaching - 1 };
        i64::try_from(days).ok().filter(|days| (0..=WINDOW_DAYS_MAX).contains(days))
    }

    /// The rule with another threshold, and its bounds then. None where it would not be a rule: a reversed `between`.
    pub(super) fn moved(
        &self,
        rule: &Rule,
        literal: &Literal,
        moment: &Moment<'_>,
    ) -> Option<(Rule, CheckedRule, (i64, i64))> {
        let mut rule = rule.clone();
        let test = test_at(&mut rule, &self.pointer)?;
        match (&mut test.value, self.end) {
            (Some(Operand::One(value)), _) => *value = literal.clone(),
            (Some(Operand::Many(values)), End::Low) => *values.first_mut()? = literal.clone(),
            (Some(Operand::Many(values)), End::High) => *values.last_mut()? = literal.clone(),
            (None, _) => return None,
        }
        let checked = check(&rule, moment.view, moment.segments).ok()?;
        let bounds = bounds(&leaf_at(&checked.root, &self.pointer)?, self.kind, moment)?;
        Some((rule, checked, bounds))
    }

    /// How many rows of everybody lie between the threshold and another.
    pub(super) fn ranks_between(&self, other: (i64, i64), everybody: &Keyed<'_>) -> u64 {
        match self.end {
            End::Low => below(everybody, self.bounds).abs_diff(below(everybody, other)),
            End::High => up_to(everybody, self.bounds).abs_diff(up_to(everybody, other)),
        }
    }
}

/// Rows below the least key of some bounds. Bounds beyond the last key have no least key: all rows lie below.
pub(super) fn below(keys: &Keyed<'_>, bounds: (i64, i64)) -> u64 {
    if bounds == NOBODY { keys.count() } else { keys.below_one(bounds.0) }
}

/// Rows up to the greatest key of some bounds; none where the bounds lie before the first key.
pub(super) fn up_to(keys: &Keyed<'_>, bounds: (i64, i64)) -> u64 {
    if bounds == NOBODY { 0 } else { keys.up_to(bounds.1) }
}

impl Matter<'_> {
    /// What the rule selects where the test's bounds are these.
    pub(super) fn count(&self, threshold: &Threshold, bounds: (i64, i64)) -> u64 {
        let inside = self.keys.within(bounds);
        if threshold.is_inverted { self.base - inside } else { self.base + inside }
    }
}

fn walk(rule: &Rule, node: &CheckedNode, is_inverted: bool, moment: &Moment<'_>, found: &mut Vec<Threshold>) {
    match (rule, &node.kind) {
        (Rule::Group(group), CheckedKind::Group { join, rules }) => {
            let inverted = is_inverted != (*join == Match::None);
            group.rules.iter().zip(rules).for_each(|(rule, node)| walk(rule, node, inverted, moment, found));
        }
        (Rule::Test(written), CheckedKind::Leaf { test, negated: false }) => {
            let Some(field) = test.field() else { return };
            let kind = moment.view.schema().field(field).kind;
            let Some(bounds) = bounds(test, kind, moment) else { return };
            for (end, literal) in ends(written) {
                let pointer = node.pointer.clone();
                let operator = written.operator;
                found.push(Threshold { pointer, end, field, kind, operator, bounds, literal, is_inverted });
            }
        }
        _ => {}
    }
}

/// The ends of a test that can move, and what is written there.
fn ends(test: &Test) -> Vec<(End, Literal)> {
    let ends: &[End] = match test.operator {
        Operator::Greater | Operator::GreaterOrEqual | Operator::WithinDays => &[End::Low],
        Operator::Less | Operator::LessOrEqual | Operator::BeforeDays | Operator::InNextDays => &[End::High],
        Operator::Between => &[End::Low, End::High],
        _ => &[],
    };
    let written = |end: &End| match (&test.value, end) {
        (Some(Operand::One(value)), _) => Some(value.clone()),
        (Some(Operand::Many(values)), End::Low) => values.first().cloned(),
        (Some(Operand::Many(values)), End::High) => values.last().cloned(),
        (None, _) => None,
    };
    ends.iter().filter_map(|end| Some((*end, written(end)?))).collect()
}

fn bounds(test: &LeafTest, kind: FieldType, moment: &Moment<'_>) -> Option<(i64, i64)> {
    match test {
        LeafTest::Range { lo, hi, .. } => Some((*lo, *hi)),
        LeafTest::Window { side, days, .. } => Some(window_keys(kind, *side, *days, moment.now)),
        _ => None,
    }
}

/// A key as somebody would write it; none where it cannot be written.
fn literal(kind: FieldType, key: i64) -> Option<Literal> {
    if kind == FieldType::Date && i32::try_from(key).is_err() {
        return None;
    }
    Some(match Value::from_key(kind, key) {
        Value::Float(value) if !value.is_finite() => return None,
        Value::Time(at) if !at.is_writable() => return None,
        Value::Date(day) if !day.is_writable() => return None,
        value @ (Value::Time(_) | Value::Date(_)) => Literal::Text(value.to_string()),
        value => Literal::Number(value.to_string()),
    })
}

/// Gives the test at a pointer one answer for everybody.
fn fix(node: &mut CheckedNode, pointer: &str, holds: bool) {
    if node.pointer == pointer {
        node.kind = CheckedKind::Leaf { test: LeafTest::Everyone, negated: !holds };
        return;
    }
    if let CheckedKind::Group { rules, .. } = &mut node.kind {
        let is_on_the_way = |rule: &&mut CheckedNode| is_above(&rule.pointer, pointer);
        rules.iter_mut().filter(is_on_the_way).for_each(|rule| fix(rule, pointer, holds));
    }
}

fn is_above(above: &str, pointer: &str) -> bool {
    pointer.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn leaf_at(node: &CheckedNode, pointer: &str) -> Option<LeafTest> {
    match &node.kind {
        CheckedKind::Leaf { test, .. } => (node.pointer == pointer).then(|| test.clone()),
        CheckedKind::Group { rules, .. } => {
            rules.iter().filter(|rule| is_above(&rule.pointer, pointer)).find_map(|rule| leaf_at(rule, pointer))
        }
    }
}

fn test_at<'r>(rule: &'r mut Rule, pointer: &str) -> Option<&'r mut Test> {
    match rule {
        Rule::Test(test) => pointer.is_empty().then_some(test),
        Rule::Segment(_) | Rule::Event(_) => None,
        Rule::Group(group) => {
            let rest = pointer.strip_prefix("/rules/")?;
            let (index, rest) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            test_at(group.rules.get_mut(index.parse::<usize>().ok()?)?, rest)
        }
    }
}
