//! Reading and checking in one go, so that a rule gets all its mistakes at once: those of its form and those of its
//! fields.

use std::collections::HashMap;

use super::check::check_into;
use super::mistakes::{Mistakes, Pointer};
use super::text::LeafPlace;
use super::{CheckedRule, Rule, SegmentNames, Vocabulary, text, wire};
use crate::error::Problem;

/// Reads a rule from JSON and checks it.
///
/// # Errors
/// Every mistake of form, field, operator, value and segment, in reading order.
pub fn read_json<'s>(
    value: &serde_json::Value,
    schema: impl Into<Vocabulary<'s>>,
    segments: &dyn SegmentNames,
) -> Result<(Rule, CheckedRule), Vec<Problem>> {
    let mut mistakes = Mistakes::default();
    let rule = wire::read(value, &mut mistakes);
    let checked = check_into(&rule, schema.into(), segments, &mut mistakes);
    mistakes.sort();
    mistakes.into_result(checked.map(|checked| (rule, checked)))
}

/// Reads a rule from its text form and checks it.
///
/// # Errors
/// Every mistake in reading order, each with its line and column; those that are about a field, an operator or a value
/// also keep the pointer that they would have in JSON.
pub fn read_text<'s>(
    text: &str,
    schema: impl Into<Vocabulary<'s>>,
    segments: &dyn SegmentNames,
) -> Result<(Rule, CheckedRule), Vec<Problem>> {
    let mut mistakes = Mistakes::default();
    let (rule, places) = text::read(text, &mut mistakes);
    let checked = check_into(&rule, schema.into(), segments, &mut mistakes);
    if mistakes.count() > 0 {
        let places = by_pointer(&rule, &places);
        mistakes.locate(text, |pointer| byte_of(pointer, &places));
    }
    mistakes.into_result(checked.map(|checked| (rule, checked)))
}

/// Where the parts of a rule's tests stand in its text, by their pointers.
fn by_pointer(rule: &Rule, places: &[LeafPlace]) -> HashMap<String, usize> {
    fn walk<'a>(
        rule: &Rule,
        pointer: &mut Pointer,
        places: &mut impl Iterator<Item = &'a LeafPlace>,
        found: &mut HashMap<String, usize>,
    ) {
        if let Rule::Group(group) = rule {
            for (i, rule) in group.rules.iter().enumerate() {
                let outside = pointer.enter("rules", i);
                walk(rule, pointer, places, found);
                pointer.leave(outside);
            }
        } else if let Some(place) = places.next() {
            let here = pointer.here();
            let parts = [
                ("field", place.field),
                ("segment", place.field),
                ("operator", place.operator),
                ("value", place.value),
            ];
            found.extend(parts.map(|(key, at)| (format!("{here}/{key}"), at)));
            found.extend(place.parts.iter().map(|(part, at)| (format!("{here}{part}"), *at)));
        }
    }
    let mut found = HashMap::new();
    walk(rule, &mut Pointer::default(), &mut places.iter(), &mut found);
    found
}

/// The byte that a pointer such as `/rules/0/value/3` is about; values of a list are where the list begins.
fn byte_of(pointer: &str, places: &HashMap<String, usize>) -> Option<usize> {
    let mut part = pointer;
    loop {
        if let Some(at) = places.get(part) {
            return Some(*at);
        }
        part = &part[..part.rfind('/')?];
    }
}
