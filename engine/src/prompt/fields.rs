//! Which field some words mean: by the words of its name, and words that say the same.

use std::collections::BTreeSet;

use crate::column::Column;
use crate::index::{Index, KEYWORD_POSTINGS_MAX};
use crate::schema::{Field, FieldType};
use crate::table::View;

/// Words that say the same, each group by its first.
const SYNONYMS: [&[&str]; 12] = [
    &["spend", "spent", "spending", "paid", "pay", "revenue", "spender"],
    &["visit", "visited", "visiting", "seen", "active", "login", "session"],
    &["purchase", "purchased", "bought", "buy", "order", "ordered", "purchasing", "shopped"],
    &["signup", "signed", "registered", "joined", "registration", "created"],
    &["age", "aged", "old", "older", "younger"],
    &["country", "nation"],
    &["city", "town"],
    &["like", "likes", "prefer", "interested", "enjoy", "love"],
    &["birthday", "born", "birth"],
    &["subscribe", "subscribed", "subscriber", "newsletter"],
    &["email", "mail"],
    &["phone", "telephone", "mobile"],
];

/// Words of names that say nothing about which field it is.
const LOOSE: [&str; 12] =
    ["last", "total", "count", "number", "date", "at", "on", "is", "has", "amount", "first", "next"];

/// What kind of value is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Moment,
    Number,
    /// A yes, a value that is there.
    Any,
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Found<T> {
    One(T),
    None,
    /// Several that fit as well: their names.
    Several(Vec<String>),
}

/// The fields that a question may be about, and the values that people have of them.
#[derive(Debug)]
pub(super) struct Known<'v> {
    pub(super) fields: Vec<&'v Field>,
    pub(super) view: &'v View,
}

/// The field that is meant by some words, and which of them say so.
pub(super) fn field<'v>(words: &[String], wanted: Wanted, known: &Known<'v>) -> Found<(&'v Field, Vec<usize>)> {
    let mut best: Vec<(&Field, Vec<usize>)> = Vec::new();
    let mut most = (0, 0);
    for field in known.fields.iter().copied().filter(|field| fits(field.kind, wanted)) {
        let names: Vec<String> = field.name.split(|c: char| !c.is_alphanumeric()).map(stem).collect();
        let told: Vec<usize> = (0..words.len()).filter(|at| names.contains(&stem(&words[*at]))).collect();
        let strong = |at: &usize| !LOOSE.contains(&&*words[*at]);
        let score = (told.iter().filter(|at| strong(at)).count(), told.len());
        if score.0 == 0 || score < most {
            continue;
        }
        if score > most {
            best.clear();
        }
        most = score;
        best.push((field, told));
    }
    match best.len() {
        0 => Found::None,
        1 => best.pop().map_or(Found::None, Found::One),
        _ => Found::Several(best.iter().map(|(field, _)| field.name.to_string()).collect()),
    }
}

fn fits(kind: FieldType, wanted: Wanted) -> bool {
    match wanted {
        Wanted::Moment => matches!(kind, FieldType::Time | FieldType::Date),
        Wanted::Number => matches!(kind, FieldType::Int | FieldType::Decimal(_) | FieldType::Float),
        Wanted::Any => true,
    }
}

/// A value that some words in a row spell, of any keyword field: the longest run that does.
pub(super) fn value<'v>(words: &[String], known: &Known<'v>) -> Found<(&'v Field, String, Vec<usize>)> {
    for length in (1..=words.len().min(4)).rev() {
        for first in 0..=words.len() - length {
            let spelled = words[first..first + length].join(" ");
            if length == 1 && super::words::is_empty_word(&spelled) {
                continue;
            }
            let mut found: Vec<(&Field, String)> = Vec::new();
            for field in known.fields.iter().copied() {
                found.extend(spelling(field, &spelled, known.view).map(|text| (field, text)));
            }
            let named: Vec<&Field> = found.iter().map(|(field, _)| *field).collect();
            // A field that is named as well is the one that is meant.
            let is_named = |field: &Field| words.iter().any(|word| stem(&field.name) == stem(word));
            if found.len() > 1 && named.iter().filter(|field| is_named(field)).count() == 1 {
                found.retain(|(field, _)| is_named(field));
            }
            match found.len() {
                0 => {}
                1 => {
                    let Some((field, text)) = found.pop() else { continue };
                    return Found::One((field, text, (first..first + length).collect()));
                }
                _ => return Found::Several(found.iter().map(|(field, _)| field.name.to_string()).collect()),
            }
        }
    }
    Found::None
}

/// How a field spells a value that was written in lower case, if people have it; the first in order of several.
fn spelling(field: &Field, lower: &str, view: &View) -> Option<String> {
    let data = view.field(field.id);
    let dict = match &data.column {
        Column::Keyword(keyword) => &keyword.dict,
        Column::Members(members) if field.kind == FieldType::KeywordSet => &members.dict,
        _ => return None,
    };
    let Index::Postings(postings) = &data.index else { return None };
    if dict.len() > KEYWORD_POSTINGS_MAX {
        return None;
    }
    let texts = dict
        .iter()
        .filter(|(code, _)| postings.count(*code) > 0)
        .filter_map(|(_, text)| std::str::from_utf8(text).ok());
    let spelled: BTreeSet<&str> = texts.filter(|text| text.to_lowercase() == lower).collect();
    spelled.first().map(|text| (*text).to_owned())
}

/// A word as its group of synonyms, or without what inflects it.
pub(super) fn stem(word: &str) -> String {
    let word = word.to_lowercase();
    let group = |word: &str| SYNONYMS.iter().find(|group| group.contains(&word)).map(|group| group[0].to_owned());
    if let Some(first) = group(&word) {
        return first;
    }
    let bare = match word.strip_suffix("ies") {
        Some(start) if start.len() > 2 => format!("{start}y"),
        _ if word.ends_with("ss") => word.clone(),
        _ => word.strip_suffix('s').filter(|bare| bare.len() > 2).unwrap_or(&word).to_owned(),
    };
    group(&bare).unwrap_or(bare)
}
