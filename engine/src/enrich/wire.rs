//! Definitions of computed fields in JSON: of events here, formulas in `wire_formula`.
//!
//! ```json
//! {"of": "events", "type": "purchase", "fn": "sum", "property": "amount", "within_days": 30}
//! {"of": "fields", "fn": "ratio", "field": "total_spent", "over": "purchase_count", "scale": 2}
//! ```
//! Which events count is written as in an event test of a rule: `where`, one window, `then`, `not_followed_by`.

use jiff::tz::{TimeZone, TimeZoneDatabase};
use serde_json::{Map, Value as Json};

use super::definition::{Make, OfEvents, Recipe, Subject};
use super::wire_formula;
use crate::error::{Problem, pointer_to};
use crate::event::EventSchema;
use crate::id::{PropertyId, SegmentId};
use crate::limits::{COMPUTED_SCALE_MAX, COMPUTED_TOP_MAX, DESCRIPTION_BYTES_MAX};
use crate::rule::{CheckedEvents, CheckedKind, LeafTest, SegmentNames, Vocabulary, nearest, read_json};
use crate::schema::{FieldType, Schema, normalize};

const FUNCTIONS: [&str; 11] =
    ["count", "count_distinct", "sum", "average", "min", "max", "first", "last", "most_frequent", "top", "unique_set"];
/// Keys of a test of events in a rule.
const CHOOSING: [&str; 6] = ["where", "within_days", "before_days", "between", "then", "not_followed_by"];
const KEYS: [&str; 14] = [
    "of",
    "type",
    "fn",
    "property",
    "by",
    "time_zone",
    "scale",
    "most",
    "where",
    "within_days",
    "before_days",
    "between",
    "then",
    "not_followed_by",
];

/// An object that is being read, and what is wrong with it.
pub(super) struct Part<'j> {
    pub(super) object: &'j Map<String, Json>,
    pub(super) place: String,
    pub(super) problems: Vec<Problem>,
}

/// Names of fields that a definition reads, for those which can be read before it.
pub(super) fn reads(json: &Json) -> Vec<String> {
    let name = |json: &Json| json.as_str().map(|name| normalize(name).into_owned());
    let terms = json.get("terms").and_then(Json::as_array).into_iter().flatten();
    let own = [json.get("field"), json.get("over")].into_iter().flatten();
    own.chain(terms.filter_map(|term| term.get("field"))).filter_map(name).collect()
}

/// Reads a definition: what the field is made from, and its type.
///
/// # Errors
/// Every mistake, with pointers into the definition.
pub(super) fn read(json: &Json, schema: &Schema, events: &EventSchema) -> Result<(Recipe, FieldType), Vec<Problem>> {
    let Some(object) = json.as_object() else {
        let message =
            "a definition is an object such as {\"of\": \"events\", \"type\": \"purchase\", \"fn\": \"count\"}";
        return Err(vec![Problem::new("", "wrong_type", message)]);
    };
    let mut part = Part { object, place: String::new(), problems: Vec::new() };
    if object.get("about").is_some_and(|about| about.as_str().is_none_or(|text| text.len() > DESCRIPTION_BYTES_MAX)) {
        part.mistake("about", "wrong_type", format!("\"about\" is a text of at most {DESCRIPTION_BYTES_MAX} bytes"));
    }
    let read = match object.get("of").and_then(Json::as_str) {
        Some("events") => of_events(&mut part, schema, events),
        Some("fields") => wire_formula::read(&mut part, schema),
        _ => {
            part.mistake("of", "bad_definition", "\"of\" is \"events\" or \"fields\": what the field is made from");
            None
        }
    };
    read.filter(|_| part.problems.is_empty()).ok_or(part.problems)
}

impl<'j> Part<'j> {
    pub(super) fn mistake(&mut self, key: &str, code: &'static str, message: impl Into<String>) {
        self.problems.push(Problem::new(pointer_to(&self.place, key), code, message));
    }

    /// A text that must be there.
    pub(super) fn text(&mut self, key: &str) -> Option<&'j str> {
        let text = self.object.get(key).and_then(Json::as_str);
        if text.is_none() {
            self.mistake(key, "missing_key", format!("\"{key}\" is needed here, a text"));
        }
        text
    }

    /// A whole number between bounds, `default` where there is none.
    pub(super) fn number(&mut self, key: &str, bounds: (i64, i64), default: Option<i64>) -> Option<i64> {
        let number = match self.object.get(key) {
            None => default,
            Some(given) => given.as_i64(),
        };
        let number = number.filter(|number| (bounds.0..=bounds.1).contains(number));
        if number.is_none() {
            self.mistake(key, "bad_number", format!("\"{key}\" is a whole number from {} to {}", bounds.0, bounds.1));
        }
        number
    }

    /// True or false, false where nothing is said.
    pub(super) fn flag(&mut self, key: &str) -> bool {
        match self.object.get(key) {
            None => false,
            Some(Json::Bool(flag)) => *flag,
            Some(_) => {
                self.mistake(key, "wrong_type", format!("\"{key}\" is true or false"));
                false
            }
        }
    }

    /// Complains about other keys than these.
    pub(super) fn only(&mut self, known: &[&str]) {
        let unknown: Vec<&String> =
            self.object.keys().filter(|key| !known.contains(&key.as_str()) && *key != "about").collect();
        for key in unknown {
            let near = nearest(key, known.iter().copied());
            let message = format!("this definition has no \"{key}\"; it has {}", known.join(", "));
            let problem = Problem::new(pointer_to(&self.place, key), "unknown_key", message);
            self.problems.push(problem.with_suggestions(near));
        }
    }

    pub(super) fn unknown_function(&mut self, name: &str, known: &[&str]) {
        let message = format!("there is no function \"{name}\"; there are {}", known.join(", "));
        let near = nearest(name, known.iter().copied());
        self.problems
            .push(Problem::new(pointer_to(&self.place, "fn"), "unknown_function", message).with_suggestions(near));
    }
}

fn of_events(part: &mut Part<'_>, schema: &Schema, events: &EventSchema) -> Option<(Recipe, FieldType)> {
    part.only(&KEYS);
    let function = part.text("fn")?;
    let chosen = chosen(part, schema, events);
    if !FUNCTIONS.contains(&function) {
        part.unknown_function(function, &FUNCTIONS);
        return None;
    }
    let (make, kind) = match function {
        "count" => (Make::Count, FieldType::Int),
        "count_distinct" => (Make::CountDistinct(property(part, events)?.0), FieldType::Int),
        "sum" | "average" | "min" | "max" => measured(part, events, function)?,
        "first" | "last" => {
            let subject = subject(part, events, true)?;
            let kind = match &subject {
                Subject::Property(property) => events.property(*property).kind,
                _ => subject.kind(events),
            };
            (if function == "first" { Make::First(subject) } else { Make::Last(subject) }, kind)
        }
        "most_frequent" => {
            let subject = subject(part, events, false)?;
            let kind = subject.kind(events);
            (Make::MostFrequent(subject), kind)
        }
        _ => {
            let subject = subject(part, events, false)?;
            let kind = match subject.kind(events) {
                FieldType::Keyword => FieldType::KeywordSet,
                FieldType::Int => FieldType::IntSet,
                other => {
                    part.mistake("property", "wrong_type", format!("sets hold words or whole numbers, not {other}"));
                    return None;
                }
            };
            // Bounds are far below what a usize holds.
            let top = |part: &mut Part<'_>| part.number("most", (1, COMPUTED_TOP_MAX), None).map(|most| most as usize);
            (if function == "top" { Make::Top(subject, top(part)?) } else { Make::All(subject) }, kind)
        }
    };
    Some((Recipe::Events(Box::new(OfEvents { events: chosen?, make })), kind))
}

/// Sums, means and extremes of a property.
fn measured(part: &mut Part<'_>, events: &EventSchema, function: &str) -> Option<(Make, FieldType)> {
    let (property, kind) = property(part, events)?;
    let is_number = matches!(kind, FieldType::Int | FieldType::Decimal(_) | FieldType::Float);
    let is_fit = is_number || (matches!(function, "min" | "max") && matches!(kind, FieldType::Time | FieldType::Date));
    if !is_fit {
        part.mistake("property", "wrong_type", format!("{function} measures numbers, and this property is {kind}"));
        return None;
    }
    Some(match (function, kind) {
        ("sum", _) => (Make::Sum(property), kind),
        ("min", _) => (Make::Least(property), kind),
        ("max", _) => (Make::Greatest(property), kind),
        (_, FieldType::Float) => (Make::Average(property, 0), kind),
        _ => {
            let default = if let FieldType::Decimal(scale) = kind { scale.min(COMPUTED_SCALE_MAX) } else { 2 };
            let scale = part.number("scale", (0, COMPUTED_SCALE_MAX.into()), Some(default.into()))? as u8;
            (Make::Average(property, scale), FieldType::Decimal(scale))
        }
    })
}

/// The events that count, read as a rule reads them.
fn chosen(part: &mut Part<'_>, schema: &Schema, events: &EventSchema) -> Option<CheckedEvents> {
    let event = part.text("type")?;
    let mut test = Map::new();
    test.insert("event".to_owned(), event.into());
    for key in CHOOSING {
        if let Some(value) = part.object.get(key) {
            test.insert(key.to_owned(), value.clone());
        }
    }
    match read_json(&Json::Object(test), Vocabulary { fields: schema, events }, &NoSegments) {
        Ok((_, checked)) => match checked.root.kind {
            CheckedKind::Leaf { test: LeafTest::Events(events), .. } => Some((*events).clone()),
            _ => None,
        },
        Err(problems) => {
            part.problems.extend(problems.into_iter().map(|problem| {
                let pointer = if problem.pointer == "/event" { "/type".to_owned() } else { problem.pointer };
                Problem { pointer, ..problem }
            }));
            None
        }
    }
}

fn property(part: &mut Part<'_>, events: &EventSchema) -> Option<(PropertyId, FieldType)> {
    let name = normalize(part.text("property")?);
    if let Some(found) = events.find_property(&name) {
        return Some((found.id, found.kind));
    }
    let near = nearest(&name, events.property_names());
    let message = format!("events have no property \"{name}\"; declare it with PUT /api/events/schema or send it once");
    part.problems.push(Problem::new("/property", "unknown_property", message).with_suggestions(near));
    None
}

/// What an event says: a property, or when it happened.
fn subject(part: &mut Part<'_>, events: &EventSchema, or_time: bool) -> Option<Subject> {
    match part.object.get("by").map(Json::as_str) {
        Some(Some("weekday")) => return zone(part).map(Subject::Weekday),
        Some(_) => {
            part.mistake("by", "bad_definition", "\"by\" is \"weekday\": the day of the week of each event");
            return None;
        }
        None => {}
    }
    if or_time && !part.object.contains_key("property") {
        return Some(Subject::Time);
    }
    property(part, events).map(|(property, _)| Subject::Property(property))
}

/// The zone whose days of the week are meant, out of the table that is built in: the same wherever the engine runs.
fn zone(part: &mut Part<'_>) -> Option<TimeZone> {
    let Some(name) = part.object.get("time_zone") else { return Some(TimeZone::UTC) };
    let name = name.as_str().unwrap_or_default();
    let found = TimeZoneDatabase::bundled().get(name).ok();
    if found.is_none() {
        let message = format!("there is no time zone \"{name}\"; zones are called as in \"Europe/Berlin\" or \"UTC\"");
        part.mistake("time_zone", "unknown_time_zone", message);
    }
    found
}

/// Definitions name no segments.
struct NoSegments;

impl SegmentNames for NoSegments {
    fn find(&self, _: &str) -> Option<SegmentId> {
        None
    }

    fn by_id(&self, _: SegmentId) -> bool {
        false
    }

    fn nearest(&self, _: &str) -> Vec<String> {
        Vec::new()
    }
}
