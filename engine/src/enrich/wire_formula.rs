//! Definitions of formulas over fields in JSON.

use serde_json::Value as Json;

use super::definition::{Formula, Input, Recipe, ScorePart};
use super::wire::Part;
use crate::error::{Problem, pointer_to};
use crate::limits::{COMPUTED_BANDS_MAX, COMPUTED_SCALE_MAX, COMPUTED_TERMS_MAX, COMPUTED_TIMES_MAX};
use crate::rule::nearest;
use crate::schema::{FieldType, Number, Schema, normalize};
use crate::time::{Date, Timestamp};

const FUNCTIONS: [&str; 5] = ["ratio", "days_since", "score", "bands", "sum"];

/// All points of a score.
const POINTS_MAX: i64 = 100;

pub(super) fn read(part: &mut Part<'_>, schema: &Schema) -> Option<(Recipe, FieldType)> {
    let function = part.text("fn")?;
    let (formula, kind) = match function {
        "ratio" => ratio(part, schema)?,
        "days_since" => {
            part.only(&["of", "fn", "field"]);
            let (of, _) = input(part, schema, "field", |kind| kind == FieldType::Time, "a time")?;
            (Formula::DaysSince { of }, FieldType::Int)
        }
        "score" => score(part, schema)?,
        "bands" => bands(part, schema)?,
        "sum" => sum(part, schema)?,
        other => {
            part.unknown_function(other, &FUNCTIONS);
            return None;
        }
    };
    Some((Recipe::Fields(formula), kind))
}

/// A number whose scale is not so fine that products of two would pass 128 bits.
fn is_exact(kind: FieldType) -> bool {
    matches!(kind, FieldType::Int) || matches!(kind, FieldType::Decimal(scale) if scale <= COMPUTED_SCALE_MAX)
}

/// A field that is read, and its type.
fn input(
    part: &mut Part<'_>,
    schema: &Schema,
    key: &str,
    fits: impl Fn(FieldType) -> bool,
    wanted: &str,
) -> Option<(Input, FieldType)> {
    let name = normalize(part.text(key)?);
    let Some(found) = schema.find(&name) else {
        let near = nearest(&name, schema.fields().iter().map(|field| &*field.name));
        let message = format!("there is no field \"{name}\" that this could be made from");
        part.problems.push(Problem::new(pointer_to(&part.place, key), "unknown_field", message).with_suggestions(near));
        return None;
    };
    if !fits(found.kind) {
        part.mistake(key, "wrong_type", format!("this takes {wanted}, and \"{name}\" is {}", found.kind));
        return None;
    }
    let scale = if let FieldType::Decimal(scale) = found.kind { scale } else { 0 };
    Some((Input { field: found.id, scale }, found.kind))
}

fn exact(part: &mut Part<'_>, schema: &Schema, key: &str) -> Option<Input> {
    let wanted = format!("int or decimal of up to {COMPUTED_SCALE_MAX} digits");
    input(part, schema, key, is_exact, &wanted).map(|(input, _)| input)
}

fn ratio(part: &mut Part<'_>, schema: &Schema) -> Option<(Formula, FieldType)> {
    part.only(&["of", "fn", "field", "over", "times", "scale"]);
    let (of, over) = (exact(part, schema, "field"), exact(part, schema, "over"));
    let times = part.number("times", (1, COMPUTED_TIMES_MAX), Some(1));
    let scale = part.number("scale", (0, COMPUTED_SCALE_MAX.into()), Some(2))? as u8;
    Some((Formula::Ratio { of: of?, over: over?, times: times?, scale }, FieldType::Decimal(scale)))
}

/// Visits the terms of a score or a sum; none after a mistake.
fn terms<T>(part: &mut Part<'_>, known: &[&str], mut read: impl FnMut(&mut Part<'_>) -> Option<T>) -> Option<Vec<T>> {
    let list = part
        .object
        .get("terms")
        .and_then(Json::as_array)
        .filter(|terms| (1..=COMPUTED_TERMS_MAX).contains(&terms.len()));
    let Some(list) = list else {
        let message = format!("\"terms\" is a list of 1 to {COMPUTED_TERMS_MAX} objects with {}", known.join(", "));
        part.mistake("terms", "bad_terms", message);
        return None;
    };
    let mut terms = Vec::with_capacity(list.len());
    for (i, term) in list.iter().enumerate() {
        let place = format!("{}/terms/{i}", part.place);
        let Some(object) = term.as_object() else {
            let message = format!("a term is an object with {}", known.join(", "));
            part.problems.push(Problem::new(place, "wrong_type", message));
            continue;
        };
        let mut inner = Part { object, place, problems: Vec::new() };
        inner.only(known);
        terms.extend(read(&mut inner));
        part.problems.append(&mut inner.problems);
    }
    (terms.len() == list.len()).then_some(terms)
}

fn score(part: &mut Part<'_>, schema: &Schema) -> Option<(Formula, FieldType)> {
    part.only(&["of", "fn", "terms"]);
    let known = ["field", "weight", "full_at", "falling", "full_if_missing"];
    let parts = terms(part, &known, |term| {
        let of = exact(term, schema, "field");
        let weight = term.number("weight", (1, POINTS_MAX), None);
        let (falling, full_if_missing) = (term.flag("falling"), term.flag("full_if_missing"));
        let of = of?;
        let full_at = term.object.get("full_at").and_then(|full| key(FieldType::Decimal(of.scale), full));
        if full_at.is_none_or(|full| full <= 0) {
            term.mistake("full_at", "bad_number", "\"full_at\" is a number above 0 with no more digits than the field");
        }
        Some(ScorePart { of, weight: weight?, full_at: full_at.filter(|full| *full > 0)?, falling, full_if_missing })
    })?;
    let points: i64 = parts.iter().map(|part| part.weight).sum();
    if points != POINTS_MAX {
        let message = format!("the weights of a score add up to {POINTS_MAX}, these to {points}");
        part.mistake("terms", "bad_weights", message);
    }
    Some((Formula::Score(parts), FieldType::Int))
}

fn bands(part: &mut Part<'_>, schema: &Schema) -> Option<(Formula, FieldType)> {
    part.only(&["of", "fn", "field", "bands", "borders", "falling"]);
    let fits = |kind| is_exact(kind) || matches!(kind, FieldType::Time | FieldType::Date);
    let (of, kind) = input(part, schema, "field", fits, "a number, a time or a date")?;
    let falling = part.flag("falling");
    let borders = match part.object.get("borders") {
        None => None,
        Some(given) => {
            let keys: Option<Vec<i64>> =
                given.as_array().and_then(|list| list.iter().map(|border| key(kind, border)).collect());
            let keys = keys.filter(|keys| keys.is_sorted() && (1..COMPUTED_BANDS_MAX as usize).contains(&keys.len()));
            if keys.is_none() {
                let message = format!("\"borders\" are 1 to {} values of {kind}, ascending", COMPUTED_BANDS_MAX - 1);
                part.mistake("borders", "bad_borders", message);
            }
            Some(keys?)
        }
    };
    let default = borders.as_ref().map(|borders| borders.len() as i64 + 1);
    // Bounds are far below what a usize holds.
    let bands = part.number("bands", (2, COMPUTED_BANDS_MAX), default)? as usize;
    if borders.as_ref().is_some_and(|borders| borders.len() + 1 != bands) {
        part.mistake("bands", "bad_borders", "there is one band more than borders; leave one of the two out");
    }
    Some((Formula::Bands { of, bands, borders, falling }, FieldType::Int))
}

fn sum(part: &mut Part<'_>, schema: &Schema) -> Option<(Formula, FieldType)> {
    part.only(&["of", "fn", "terms"]);
    let bounds = (-COMPUTED_TIMES_MAX, COMPUTED_TIMES_MAX);
    let terms = terms(part, &["field", "times"], |term| {
        Some((exact(term, schema, "field")?, term.number("times", bounds, Some(1))?))
    })?;
    let scale = terms.iter().map(|(of, _)| of.scale).max().unwrap_or(0);
    let kind = if scale == 0 { FieldType::Int } else { FieldType::Decimal(scale) };
    Some((Formula::Sum { terms, scale }, kind))
}

/// The key of a value as it is written.
fn key(kind: FieldType, json: &Json) -> Option<i64> {
    let text = match json {
        Json::String(text) => text.clone(),
        Json::Number(number) => number.to_string(),
        _ => return None,
    };
    match kind {
        FieldType::Int => Number::parse(&text)?.units(0),
        FieldType::Decimal(scale) => Number::parse(&text)?.units(scale),
        FieldType::Time => Timestamp::parse(&text).map(|time| time.0),
        FieldType::Date => Date::parse(&text).map(|date| date.0.into()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::wire;
    use super::*;
    use crate::event::EventSchema;
    use crate::limits::{COMPUTED_TOP_MAX, DESCRIPTION_BYTES_MAX};

    /// The code of the first mistake; none where there is none.
    fn mistake(definition: &Json) -> Option<&'static str> {
        let mut schema = Schema::default();
        let fields = [("count", FieldType::Int), ("fine", FieldType::Decimal(COMPUTED_SCALE_MAX + 1))];
        schema.add(&fields.map(|(name, kind)| (name.to_owned(), kind))).expect("new fields");
        let mut events = EventSchema::default();
        events.add_type("buy").expect("a type");
        events.add_property("shop", FieldType::Keyword).expect("a property");
        let read = wire::read(definition, &schema, &events);
        read.err().map(|problems| problems.first().expect("a reason").code)
    }

    #[test]
    fn bounds_hold_and_one_beyond_is_refused() {
        let term = json!({"field": "count", "times": 1});
        let of = |more: Json| {
            let mut definition = json!({"of": "fields", "fn": "ratio", "field": "count", "over": "count"});
            more.as_object().expect("keys").iter().for_each(|(key, value)| definition[key] = value.clone());
            definition
        };
        let sum = |terms: usize, times: i64| {
            let mut terms = vec![term.clone(); terms];
            terms[0]["times"] = times.into();
            json!({"of": "fields", "fn": "sum", "terms": terms})
        };
        let bands = |bands: i64| json!({"of": "fields", "fn": "bands", "field": "count", "bands": bands});
        let borders = |borders: i64| json!({"of": "fields", "fn": "bands", "field": "count", "borders": (0..borders).collect::<Vec<_>>()});
        let top = |most: i64| json!({"of": "events", "type": "buy", "fn": "top", "property": "shop", "most": most});
        let about = |bytes: usize| of(json!({"about": "a".repeat(bytes)}));
        let scale = i64::from(COMPUTED_SCALE_MAX);
        let edges = [
            (of(json!({"scale": scale})), of(json!({"scale": scale + 1})), "bad_number"),
            (of(json!({"times": COMPUTED_TIMES_MAX})), of(json!({"times": COMPUTED_TIMES_MAX + 1})), "bad_number"),
            (sum(COMPUTED_TERMS_MAX, 1), sum(COMPUTED_TERMS_MAX + 1, 1), "bad_terms"),
            (sum(1, -COMPUTED_TIMES_MAX), sum(1, -COMPUTED_TIMES_MAX - 1), "bad_number"),
            (bands(COMPUTED_BANDS_MAX), bands(COMPUTED_BANDS_MAX + 1), "bad_number"),
            (bands(2), bands(1), "bad_number"),
            (borders(COMPUTED_BANDS_MAX - 1), borders(COMPUTED_BANDS_MAX), "bad_borders"),
            (top(COMPUTED_TOP_MAX), top(COMPUTED_TOP_MAX + 1), "bad_number"),
            (about(DESCRIPTION_BYTES_MAX), about(DESCRIPTION_BYTES_MAX + 1), "wrong_type"),
            (of(json!({})), of(json!({"over": "fine"})), "wrong_type"),
        ];
        for (within, beyond, code) in edges {
            assert_eq!(mistake(&within), None, "{within}");
            assert_eq!(mistake(&beyond), Some(code), "{beyond}");
        }
    }
}
