//! A test of events: does its type exist, has it the properties, and does the measure suit what it is compared with?
//!
//! A measure is checked like a field of the type that it has; only averages are not on the scale of their property and
//! have comparisons of their own, in `mean`.

use super::leaf::Subject;
use super::walk::Walk;
use crate::error::Problem;
use crate::id::{EventTypeId, FieldId, PropertyId};
use crate::limits::EVENT_CONDITIONS_MAX;
use crate::rule::checked_event::{
    Asked, CheckedEvents, CheckedFollower, CheckedMeasure, ChosenEvents, Condition, EventSpan,
};
use crate::rule::wire::{shown, too_many_conditions};
use crate::rule::{
    CheckedKind, EventTest, EventWindow, Follower, LeafTest, Literal, Measure, Operand, Operator, Test, nearest,
};
use crate::schema::{FieldType, Number, normalize};

/// Properties and types that a message lists when none is near.
const NAMES_SHOWN: usize = 8;

/// Stands for what is measured where a test is checked as that of a field.
const MEASURED: FieldId = FieldId(0);

/// At least one.
const ANY: LeafTest = LeafTest::Range { field: MEASURED, lo: 1, hi: i64::MAX };

impl Walk<'_> {
    pub(super) fn event(&mut self, test: &EventTest) -> Option<CheckedKind> {
        let event = self.event_type(&test.event);
        let conditions = self.conditions(&test.conditions);
        let window = self.event_window(test.window.as_ref());
        let then = self.follower("then", test.then.as_ref());
        let not_followed_by = self.follower("not_followed_by", test.not_followed_by.as_ref());
        let measured = self.measured(test);
        let chosen = ChosenEvents { event: event?, conditions: conditions? };
        let (measure, asked, negated) = measured?;
        let (window, then, not_followed_by) = (window?, then?, not_followed_by?);
        let events = CheckedEvents { chosen, window, then, not_followed_by, measure, asked };
        Some(CheckedKind::Leaf { test: LeafTest::Events(events.into()), negated })
    }

    fn event_type(&mut self, name: &str) -> Option<EventTypeId> {
        let name = normalize(name);
        if let Some(found) = self.events.find_type(&name) {
            return Some(found.id);
        }
        // What has no name was complained about when it was read.
        if name.is_empty() && self.mistakes.count() > 0 {
            return None;
        }
        let names: Vec<&str> = self.events.type_names().collect();
        let near = if self.may_search() { nearest(&name, names.iter().copied()) } else { Vec::new() };
        let mut message = format!("there are no events of type \"{}\"", shown(&name));
        message += &match near.first() {
            Some(best) => format!("; did you mean \"{best}\"?"),
            None => listed(&names),
        };
        self.mistakes.push(Problem::new(self.pointer.at("event"), "unknown_event", message).with_suggestions(near));
        None
    }

    fn property(&mut self, name: &str, pointer: String) -> Option<(FieldId, FieldType)> {
        let name = normalize(name);
        if let Some(found) = self.events.find_property(&name) {
            return Some((property_field(found.id), found.kind));
        }
        let names: Vec<&str> = self.events.property_names().collect();
        let near = if self.may_search() { nearest(&name, names.iter().copied()) } else { Vec::new() };
        let mut message = format!("events have no property \"{}\"", shown(&name));
        message += &match near.first() {
            Some(best) => format!("; did you mean \"{best}\"?"),
            None => listed(&names),
        };
        self.mistakes.push(Problem::new(pointer, "unknown_property", message).with_suggestions(near));
        None
    }

    fn conditions(&mut self, tests: &[Test]) -> Option<Vec<Condition>> {
        if tests.len() > EVENT_CONDITIONS_MAX {
            self.mistakes.push(too_many_conditions(tests.len(), self.pointer.at("where")));
            return None;
        }
        let mut conditions = Vec::with_capacity(tests.len());
        for (i, test) in tests.iter().enumerate() {
            let outside = self.pointer.enter("where", i);
            conditions.extend(self.condition(test));
            self.pointer.leave(outside);
        }
        (conditions.len() == tests.len()).then_some(conditions)
    }

    fn condition(&mut self, test: &Test) -> Option<Condition> {
        let pointer = self.pointer.at("field");
        let (property, type_of) = self.property(&test.field, pointer)?;
        let checked = self.leaf(&normalize(&test.field), Subject::Field(property, type_of), test)?;
        let CheckedKind::Leaf { test, negated } = checked else { return None };
        Some(Condition { test, negated })
    }

    fn event_window(&mut self, window: Option<&EventWindow>) -> Option<EventSpan> {
        match window {
            None => Some(EventSpan::Ever),
            Some(EventWindow::WithinDays(days)) => self.days("within_days", days).map(EventSpan::Within),
            Some(EventWindow::BeforeDays(days)) => self.days("before_days", days).map(EventSpan::Before),
            Some(EventWindow::Between(ends)) => self.between(ends),
        }
    }

    fn between(&mut self, [first, last]: &[Literal; 2]) -> Option<EventSpan> {
        let mut time = |at: usize, literal: &Literal| {
            super::scalar::instant(literal)
                .map_err(|wrong| self.mistakes.push(wrong.at(self.pointer.at("between") + &format!("/{at}"))))
                .ok()
        };
        let (from, to) = (time(0, first), time(1, last));
        let (from, to) = (from?, to?);
        if from > to {
            let message = format!(
                "between wants the first time first; swap {} and {}",
                super::leaf::described(first),
                super::leaf::described(last)
            );
            self.mistakes.push(Problem::new(self.pointer.at("between"), "reversed_range", message));
            return None;
        }
        Some(EventSpan::Between(from, to))
    }

    fn days(&mut self, key: &'static str, literal: &Literal) -> Option<i64> {
        let operator = if key == "before_days" { Operator::BeforeDays } else { Operator::WithinDays };
        super::window::read(operator, literal).map_err(|wrong| self.mistakes.push(wrong.at(self.pointer.at(key)))).ok()
    }

    /// No answer after a mistake, otherwise the follower if there is one.
    fn follower(&mut self, key: &'static str, follower: Option<&Follower>) -> Option<Option<CheckedFollower>> {
        let Some(follower) = follower else { return Some(None) };
        let outside = self.pointer.step(key);
        let event = self.event_type(&follower.event);
        let conditions = self.conditions(&follower.conditions);
        let days = match &follower.within_days {
            None => Some(None),
            Some(days) => self.days("within_days", days).map(Some),
        };
        self.pointer.leave(outside);
        let chosen = ChosenEvents { event: event?, conditions: conditions? };
        Some(Some(CheckedFollower { chosen, within_days: days? }))
    }

    /// The measure, the positive test of it, and whether the complement is asked.
    fn measured(&mut self, test: &EventTest) -> Option<(CheckedMeasure, Asked, bool)> {
        let (measure, type_of, name) = self.measure(test)?;
        let Some(operator) = test.operator else { return Some((measure, Asked::Key(ANY), false)) };
        if matches!(operator, Operator::Exists | Operator::NotExists)
            && matches!(measure, CheckedMeasure::Count | CheckedMeasure::Sum(_))
        {
            let message = format!("a {} is always there; compare it, such as with > 0", test.measure.name());
            self.mistakes.push(Problem::new(self.pointer.at("operator"), "operator_not_for_type", message));
            return None;
        }
        let as_field = Test { field: name, operator, value: test.value.clone() };
        if let (CheckedMeasure::Average(_) | CheckedMeasure::Sum(_), FieldType::Int | FieldType::Decimal(_)) =
            (measure, type_of)
        {
            let (mean, negated) = self.mean(&as_field, type_of, test.measure)?;
            return Some((measure, mean, negated));
        }
        let checked = self.leaf(&as_field.field, Subject::Field(MEASURED, type_of), &as_field)?;
        let CheckedKind::Leaf { test: leaf, negated } = checked else { return None };
        if test.measure == Measure::Count && !self.is_count(test) {
            return None;
        }
        Some((measure, Asked::Key(leaf), negated))
    }

    /// The measure, the type of what it answers, and how a message calls it.
    fn measure(&mut self, test: &EventTest) -> Option<(CheckedMeasure, FieldType, String)> {
        let measure = test.measure;
        let name = |of: &str| format!("{} of {of}", measure.name());
        if !measure.takes_property() {
            if test.of.is_some() {
                let message = format!(
                    "{} is about the events themselves; remove \"of\", or use sum, average, min or max",
                    measure.name()
                );
                self.mistakes.push(Problem::new(self.pointer.at("of"), "unexpected_property", message));
                return None;
            }
            let (measure, type_of) = match measure {
                Measure::First => (CheckedMeasure::First, FieldType::Time),
                Measure::Last => (CheckedMeasure::Last, FieldType::Time),
                _ => (CheckedMeasure::Count, FieldType::Int),
            };
            return Some((measure, type_of, name(&test.event)));
        }
        // What is missing was complained about when it was read.
        let of = test.of.as_ref()?;
        let pointer = self.pointer.at("of");
        let (property, type_of) = self.property(of, pointer)?;
        if !is_number(type_of) {
            let numbers = self.events.properties().iter().filter(|property| is_number(property.kind));
            let names: Vec<&str> = numbers.map(|property| &*property.name).collect();
            let message =
                format!("{} measures numbers, and \"{}\" is {type_of}{}", measure.name(), shown(of), listed(&names));
            self.mistakes.push(Problem::new(self.pointer.at("of"), "wrong_type", message));
            return None;
        }
        let checked = match measure {
            Measure::Sum => CheckedMeasure::Sum(property),
            Measure::Average => CheckedMeasure::Average(property),
            Measure::Min => CheckedMeasure::Min(property),
            _ => CheckedMeasure::Max(property),
        };
        Some((checked, type_of, name(of)))
    }

    /// Whether what a count is compared with can be one; complains about numbers below zero.
    fn is_count(&mut self, test: &EventTest) -> bool {
        let literals = match &test.value {
            Some(Operand::One(literal)) => std::slice::from_ref(literal),
            Some(Operand::Many(literals)) => literals.as_slice(),
            None => &[],
        };
        let is_negative = |literal: &Literal| {
            let Literal::Number(digits) = literal else { return false };
            Number::parse(digits).and_then(|number| number.floor_units(0)).is_some_and(|(floor, _)| floor < 0)
        };
        let negative = literals.iter().position(is_negative);
        if let Some(at) = negative {
            let pointer = match &test.value {
                Some(Operand::Many(_)) => format!("{}/{at}", self.pointer.at("value")),
                _ => self.pointer.at("value"),
            };
            let message = "a count is never below 0; compare it with 0 or more";
            self.mistakes.push(Problem::new(pointer, "negative_count", message));
        }
        negative.is_none()
    }
}

/// A property where a test of a field is asked about it.
fn property_field(property: PropertyId) -> FieldId {
    FieldId(property.0)
}

fn is_number(kind: FieldType) -> bool {
    matches!(kind, FieldType::Int | FieldType::Decimal(_) | FieldType::Float)
}

fn listed(names: &[&str]) -> String {
    if names.is_empty() {
        return "; there are none yet".to_owned();
    }
    let more = if names.len() > NAMES_SHOWN { " and more" } else { "" };
    format!("; there are {}{more}", names[..names.len().min(NAMES_SHOWN)].join(", "))
}
