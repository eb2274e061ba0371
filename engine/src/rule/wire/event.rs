//! A test of events in JSON: its keys, and what is said about others.
//!
//! A part that is broken is left out, so that the others can still be checked.

use serde_json::{Map, Value};

use super::group::{Style, is_group};
use super::read::{Reader, describe, literal, shown};
use crate::error::Problem;
use crate::limits::EVENT_CONDITIONS_MAX;
use crate::rule::nearest::nearest;
use crate::rule::{EventTest, EventWindow, Follower, Literal, Measure, Rule, Test};
use crate::schema::Schema;

const EVENT_KEYS: [&str; 11] = [
    "event",
    "where",
    "measure",
    "of",
    "operator",
    "value",
    "within_days",
    "before_days",
    "between",
    "then",
    "not_followed_by",
];
const FOLLOWER_KEYS: [&str; 3] = ["event", "where", "within_days"];
const WINDOW_KEYS: [&str; 3] = ["within_days", "before_days", "between"];

impl Reader<'_> {
    pub(super) fn event(&mut self, object: &Map<String, Value>, style: Style) -> Rule {
        let mut known = EVENT_KEYS.to_vec();
        if style == Style::Combinator {
            known.extend(["id", "path"]);
        }
        self.unknown_keys(object, &known, EVENT_KEYS.len(), "a test of events");
        let mut test = EventTest::any(self.event_type(object));
        test.measure = self.measure(object);
        test.of = self.property(object, test.measure);
        self.comparison(object, &mut test, style);
        test.conditions = self.conditions(object, style);
        test.window = self.event_window(object);
        test.then = self.follower(object, "then", style);
        test.not_followed_by = self.follower(object, "not_followed_by", style);
        Rule::Event(Box::new(test))
    }

    fn event_type(&mut self, object: &Map<String, Value>) -> String {
        match object.get("event") {
            Some(Value::String(name)) => name.clone(),
            Some(other) => {
                let message = format!("a type of events is named by a string, not by {}", describe(other));
                self.mistake("event", "wrong_type", message);
                String::new()
            }
            None => {
                self.mistake("", "missing_key", "an \"event\" is needed, the type of the events that follow");
                String::new()
            }
        }
    }

    fn measure(&mut self, object: &Map<String, Value>) -> Measure {
        let name = match object.get("measure") {
            None | Some(Value::Null) => return Measure::Count,
            Some(Value::String(name)) => name,
            Some(other) => {
                let message = format!("a measure is a string such as \"count\", not {}", describe(other));
                self.mistake("measure", "wrong_type", message);
                return Measure::Count;
            }
        };
        Measure::from_name(name).unwrap_or_else(|| {
            self.mistakes.push(unknown_measure(name, self.pointer.at("measure")));
            Measure::Count
        })
    }

    fn property(&mut self, object: &Map<String, Value>, measure: Measure) -> Option<String> {
        match object.get("of") {
            None | Some(Value::Null) => {
                if measure.takes_property() {
                    let name = measure.name();
                    let message = format!("{name} needs \"of\", the property that is measured, such as \"amount\"");
                    self.mistake("", "missing_key", message);
                }
                None
            }
            Some(Value::String(name)) => Some(name.clone()),
            Some(other) => {
                let message = format!("a property is named by a string, not by {}", describe(other));
                self.mistake("of", "wrong_type", message);
                None
            }
        }
    }

    fn comparison(&mut self, object: &Map<String, Value>, test: &mut EventTest, style: Style) {
        let is_plain = !object.contains_key("value") && !object.contains_key("operator");
        if is_plain && test.measure == Measure::Count && test.of.is_none() {
            return;
        }
        let Some((operator, _)) = self.operator(object, false) else { return };
        let before = self.mistakes.count();
        let value = object.get("value").and_then(|value| self.operand(value));
        if self.mistakes.count() == before {
            test.operator = Some(operator);
            test.value = value.map(|value| style.value(operator, value));
        }
    }

    fn conditions(&mut self, object: &Map<String, Value>, style: Style) -> Vec<Test> {
        let conditions = match object.get("where") {
            None | Some(Value::Null) => return Vec::new(),
            Some(Value::Array(conditions)) => conditions,
            Some(other) => {
                let message = format!("\"where\" is a list of tests of properties, not {}", describe(other));
                self.mistake("where", "wrong_type", message);
                return Vec::new();
            }
        };
        if conditions.len() > EVENT_CONDITIONS_MAX {
            self.mistakes.push(too_many_conditions(conditions.len(), self.pointer.at("where")));
            return Vec::new();
        }
        let mut tests = Vec::with_capacity(conditions.len());
        for (i, condition) in conditions.iter().enumerate() {
            if !self.count_node() {
                break;
            }
            let outside = self.pointer.enter("where", i);
            tests.extend(self.condition(condition, style));
            self.pointer.leave(outside);
        }
        tests
    }

    fn condition(&mut self, value: &Value, style: Style) -> Option<Test> {
        let Value::Object(object) = value else {
            let message = format!("a condition is an object with field, operator and value, not {}", describe(value));
            self.mistake("", "wrong_type", message);
            return None;
        };
        self.forget_claims();
        if is_group(object) || object.contains_key("event") || object.contains_key("segment") {
            let message = "a condition of events tests a property; all of them must hold, and none holds another";
            self.mistake("", "unsupported", message);
            return None;
        }
        let before = self.mistakes.count();
        let Rule::Test(test) = self.test(object, style) else { return None };
        // A stand-in without a field of its own has nothing to be checked.
        (self.mistakes.count() == before || test.field != Schema::ID).then_some(test)
    }

    fn event_window(&mut self, object: &Map<String, Value>) -> Option<EventWindow> {
        let key = self.one_of(object, &WINDOW_KEYS)?;
        match (key, &object[key]) {
            (_, Value::Null) => None,
            ("between", Value::Array(ends)) if ends.len() == 2 => match (literal(&ends[0]), literal(&ends[1])) {
                (Some(from), Some(to)) => Some(EventWindow::Between([from, to])),
                _ => {
                    self.mistake("between", "wrong_type", "both ends of a window are times");
                    None
                }
            },
            ("between", _) => {
                let message = "between needs two times, the first and the last of the window; \
                               to compare the measure, write \"operator\": \"between\" and \"value\"";
                self.mistake("between", "wrong_type", message);
                None
            }
            ("within_days", days) => self.days("within_days", days).map(EventWindow::WithinDays),
            (_, days) => self.days("before_days", days).map(EventWindow::BeforeDays),
        }
    }

    fn days(&mut self, key: &str, value: &Value) -> Option<Literal> {
        let days = literal(value);
        if days.is_none() {
            let message = format!("{key} wants a whole number of days, such as 90, not {}", describe(value));
            self.mistake(key, "wrong_type", message);
        }
        days
    }

    fn follower(&mut self, object: &Map<String, Value>, key: &'static str, style: Style) -> Option<Follower> {
        let object = match object.get(key)? {
            Value::Null => return None,
            Value::Object(object) => object,
            other => {
                let message =
                    format!("\"{key}\" is an object with \"event\" and \"within_days\", not {}", describe(other));
                self.mistake(key, "wrong_type", message);
                return None;
            }
        };
        if !self.count_node() {
            return None;
        }
        self.forget_claims();
        let outside = self.pointer.step(key);
        self.unknown_keys(object, &FOLLOWER_KEYS, FOLLOWER_KEYS.len(), &format!("\"{key}\""));
        let event = self.event_type(object);
        let conditions = self.conditions(object, style);
        let within_days = object.get("within_days").filter(|days| !days.is_null());
        let within_days = within_days.and_then(|days| self.days("within_days", days));
        self.pointer.leave(outside);
        Some(Follower { event, conditions, within_days })
    }
}

/// A measure that nobody knows, with the nearest ones.
pub(in crate::rule) fn unknown_measure(name: &str, pointer: String) -> Problem {
    let names = Measure::NAMES.map(|(_, name)| name);
    let message = format!("there is no measure \"{}\"; there are {}", shown(name), names.join(", "));
    Problem::new(pointer, "unknown_measure", message).with_suggestions(nearest(name, names))
}

/// More conditions than an event may have to satisfy.
pub(in crate::rule) fn too_many_conditions(count: usize, pointer: String) -> Problem {
    let message = format!(
        "an event has at most {EVENT_CONDITIONS_MAX} conditions, here are {count}; use in for several values of one \
         property"
    );
    Problem::new(pointer, "too_many_conditions", message)
}
