//! A rule tree as text that reads back to the same tree.

use super::phrase::{spelled, window};
use crate::id::SegmentId;
use crate::rule::{
    EventTest, EventWindow, Follower, Group, Literal, Match, Operand, Operator, Rule, SegmentRef, SegmentTest, Test,
};

/// The rule as text. A segment that is referred to by id prints as the name it has now, or as its number if
/// `segment_name` knows none.
pub fn to_text(rule: &Rule, segment_name: &dyn Fn(SegmentId) -> Option<String>) -> String {
    let mut printer = Printer { out: String::new(), segment_name };
    printer.rule(rule);
    printer.out
}

struct Printer<'a> {
    out: String,
    segment_name: &'a dyn Fn(SegmentId) -> Option<String>,
}

impl Printer<'_> {
    /// A rule where nothing around it can take a part of it: at the top, between commas, in parentheses.
    fn rule(&mut self, rule: &Rule) {
        match rule {
            Rule::Group(group) if is_chain(group) => {
                let word = if group.join == Match::All { " and " } else { " or " };
                for (i, part) in group.rules.iter().enumerate() {
                    self.out.push_str(if i == 0 { "" } else { word });
                    self.part(part);
                }
            }
            Rule::Group(group) if group.join == Match::None && group.rules.len() == 1 => {
                self.out.push_str("not ");
                let inner = &group.rules[0];
                // `not in segment` is one test; the complement of `in segment` needs to look different.
                if matches!(inner, Rule::Segment(SegmentTest { negated: false, .. })) {
                    self.parenthesised(inner);
                } else {
                    self.part(inner);
                }
            }
            Rule::Group(group) => self.listed(group),
            Rule::Test(test) => self.test(test),
            Rule::Event(test) => self.event(test),
            Rule::Segment(test) => self.segment(test),
        }
    }

    /// A rule next to `and`, `or` or `not`: chains need parentheses to stay groups of their own.
    fn part(&mut self, rule: &Rule) {
        match rule {
            Rule::Group(group) if is_chain(group) => self.parenthesised(rule),
            _ => self.rule(rule),
        }
    }

    fn parenthesised(&mut self, rule: &Rule) {
        self.out.push('(');
        self.rule(rule);
        self.out.push(')');
    }

    fn listed(&mut self, group: &Group) {
        self.out.push_str(match group.join {
            Match::All => "all of (",
            Match::Any => "any of (",
            Match::None => "none of (",
        });
        for (i, rule) in group.rules.iter().enumerate() {
            self.out.push_str(if i == 0 { "" } else { ", " });
            self.rule(rule);
        }
        self.out.push(')');
    }

    fn segment(&mut self, test: &SegmentTest) {
        self.out.push_str(if test.negated { "not in segment " } else { "in segment " });
        let name = match &test.segment {
            SegmentRef::Name(name) => Some(name.clone()),
            SegmentRef::Id(id) => (self.segment_name)(*id),
        };
        match (name, &test.segment) {
            (Some(name), _) => self.text(&name),
            (None, SegmentRef::Id(id)) => self.out.push_str(&id.to_string()),
            (None, SegmentRef::Name(_)) => {}
        }
    }

    fn test(&mut self, test: &Test) {
        self.field(&test.field);
        self.asked(test.operator, test.value.as_ref());
    }

    fn event(&mut self, test: &EventTest) {
        if test.operator.is_some() {
            self.out.extend([test.measure.name(), " of "]);
        } else {
            self.out.push_str("did ");
        }
        match &test.of {
            Some(of) if is_plain(&test.event) && is_plain(of) && !test.event.contains('.') => {
                self.out.extend([test.event.as_str(), ".", of.as_str()]);
            }
            of => {
                if let Some(of) = of {
                    self.event_name(of);
                    self.out.push_str(" of ");
                }
                self.event_name(&test.event);
            }
        }
        self.conditions(&test.conditions);
        match &test.window {
            None => {}
            Some(EventWindow::WithinDays(days)) => self.days(" within ", days),
            Some(EventWindow::BeforeDays(days)) => self.days(" before ", days),
            Some(EventWindow::Between([from, to])) => {
                self.out.push_str(" between ");
                self.literal(from);
                self.out.push_str(" and ");
                self.literal(to);
            }
        }
        if let Some(follower) = &test.then {
            self.out.push_str(" then ");
            self.follower(follower);
        }
        if let Some(follower) = &test.not_followed_by {
            self.out.push_str(" not followed by ");
            self.follower(follower);
        }
        if let Some(operator) = test.operator {
            self.asked(operator, test.value.as_ref());
        }
    }

    fn follower(&mut self, follower: &Follower) {
        self.event_name(&follower.event);
        self.conditions(&follower.conditions);
        if let Some(days) = &follower.within_days {
            self.days(" within ", days);
        }
    }

    fn days(&mut self, word: &str, days: &Literal) {
        self.out.push_str(word);
        self.literal(days);
        self.out.push_str(" days");
    }

    fn conditions(&mut self, conditions: &[Test]) {
        match conditions {
            [] => {}
            [test] => {
                self.out.push_str(" where ");
                self.test(test);
            }
            tests => {
                for (i, test) in tests.iter().enumerate() {
                    self.out.push_str(if i == 0 { " where (" } else { " and " });
                    self.test(test);
                }
                self.out.push(')');
            }
        }
    }

    /// A type of events, or a property: a point in it parts no type from a property.
    fn event_name(&mut self, name: &str) {
        if name.contains('.') { self.quoted_name(name) } else { self.field(name) }
    }

    /// An operator and its value.
    fn asked(&mut self, operator: Operator, value: Option<&Operand>) {
        self.out.push(' ');
        match (window(operator), value) {
            (Some(word), Some(Operand::One(Literal::Number(days)))) => {
                self.out.push_str(word);
                self.out.push(' ');
                self.out.push_str(days);
                self.out.push_str(" days");
                return;
            }
            _ => self.out.push_str(spelled(operator)),
        }
        match value {
            None if !operator.takes_value() => {}
            None => self.out.push_str(" null"),
            Some(Operand::One(value)) => {
                self.out.push(' ');
                self.literal(value);
            }
            Some(Operand::Many(values)) if operator == Operator::Between && values.len() == 2 => {
                self.out.push(' ');
                self.literal(&values[0]);
                self.out.push_str(" and ");
                self.literal(&values[1]);
            }
            Some(Operand::Many(values)) => {
                self.out.push_str(" (");
                for (i, value) in values.iter().enumerate() {
                    self.out.push_str(if i == 0 { "" } else { ", " });
                    self.literal(value);
                }
                self.out.push(')');
            }
        }
    }

    fn field(&mut self, name: &str) {
        if is_plain(name) && !is_keyword(name) {
            self.out.push_str(name);
        } else {
            self.quoted_name(name);
        }
    }

    fn quoted_name(&mut self, name: &str) {
        self.out.push('`');
        self.out.push_str(&name.replace('`', "``"));
        self.out.push('`');
    }

    fn literal(&mut self, value: &Literal) {
        match value {
            Literal::Bool(value) => self.out.push_str(if *value { "true" } else { "false" }),
            Literal::Number(digits) => self.out.push_str(digits),
            Literal::Text(text) => self.text(text),
        }
    }

    fn text(&mut self, text: &str) {
        self.out.push('"');
        for c in text.chars() {
            match c {
                '"' | '\\' => self.out.extend(['\\', c]),
                '\n' => self.out.push_str("\\n"),
                '\t' => self.out.push_str("\\t"),
                '\r' => self.out.push_str("\\r"),
                // No rule may break a line or turn the direction of a log.
                _ if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => {
                    self.out.push_str(&format!("\\u{:04x}", u32::from(c)));
                }
                _ => self.out.push(c),
            }
        }
        self.out.push('"');
    }
}

/// Whether a group prints as parts with its word in between.
fn is_chain(group: &Group) -> bool {
    group.join != Match::None && group.rules.len() > 1
}

/// Whether a name is one word.
fn is_plain(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
}

/// Words that mean something where a field can stand.
fn is_keyword(name: &str) -> bool {
    ["and", "or", "not", "in", "all", "any", "none", "true", "false", "null", "did", "of"]
        .iter()
        .any(|keyword| name.eq_ignore_ascii_case(keyword))
}
