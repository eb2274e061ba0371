//! NDJSON: one JSON object a line; a key that a line does not have is not named by that row.
//!
//! Blocks are cut at line ends and decoded in parallel; results keep the order of the file.

use std::fs::File;

use muster_engine::error::{Problem, Result};
use rayon::prelude::*;

use super::blocks::{Blocks, pieces};
use super::cell;
use super::json::{self, Entries};
use super::layout::{Layout, Target};
use super::observed::FieldsObserved;
use super::rows::{Decoded, Delivery, Rows, duplicate};
use crate::limits::PIECE_BYTES;

/// The keys of the first object in the file's first block.
pub(super) fn names(file: &File) -> Result<Vec<String>> {
    let blocks = Blocks::open(file)?;
    let mut entries = Entries::new();
    let first = lines(blocks.bytes().0).find_map(|line| {
        json::object(std::str::from_utf8(line).ok()?, &mut entries).ok()?;
        Some(entries.iter().map(|(key, _)| key.to_string()).collect())
    });
    Ok(first.unwrap_or_default())
}

/// Looks at every value of the file; the keys of an object at `nested` stand for fields as those of the row do.
pub(super) fn infer(file: &File, id_field: &str, nested: Option<&str>) -> Result<FieldsObserved> {
    let mut all = FieldsObserved::new(id_field);
    each_block(file, |block| {
        let observed: Vec<FieldsObserved> =
            pieces(block, PIECE_BYTES).into_par_iter().map(|piece| observe(piece, id_field, nested)).collect();
        observed.into_iter().try_for_each(|part| all.merge(part))
    })?;
    Ok(all)
}

/// Decodes the file.
pub(super) fn read(file: &File, layout: &Layout, delivery: &mut Delivery<'_>) -> Result<()> {
    each_block(file, |block| {
        let decoded: Vec<Decoded> =
            pieces(block, PIECE_BYTES).into_par_iter().map(|piece| decode(piece, layout)).collect();
        decoded.into_iter().try_for_each(|part| delivery.deliver(part))
    })
}

fn each_block(file: &File, mut each: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
    let mut blocks = Blocks::open(file)?;
    loop {
        let (bytes, at_end) = blocks.bytes();
        let end = if at_end { bytes.len() } else { memchr::memrchr(b'\n', bytes).map_or(0, |at| at + 1) };
        each(&bytes[..end])?;
        if at_end {
            return Ok(());
        }
        blocks.consume(end)?;
    }
}

/// The lines that are not blank.
fn lines(piece: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = piece;
    std::iter::from_fn(move || {
        loop {
            if rest.is_empty() {
                return None;
            }
            let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let line = rest[..end].trim_ascii();
            rest = &rest[(end + 1).min(rest.len())..];
            if !line.is_empty() {
                return Some(line);
            }
        }
    })
}

fn observe(piece: &[u8], id_field: &str, nested: Option<&str>) -> FieldsObserved {
    let mut observed = FieldsObserved::new(id_field);
    let mut entries = Entries::new();
    for line in lines(piece) {
        // A line that cannot be read says nothing here and is rejected when it is read.
        let Ok(line) = std::str::from_utf8(line) else { continue };
        if json::object(line, &mut entries).is_err() {
            continue;
        }
        for (place, (key, raw)) in entries.iter().enumerate() {
            if nested == Some(&**key) {
                let mut inner = Entries::new();
                let read = json::object(raw, &mut inner);
                inner.iter().filter(|_| read.is_ok()).for_each(|(key, raw)| observed.json(place, key, raw));
            } else {
                observed.json(place, key, raw);
            }
        }
    }
    observed
}

fn decode(piece: &[u8], layout: &Layout) -> Decoded {
    let mut rows = Rows::new(layout);
    let mut entries = Entries::new();
    // Rows mostly have the same keys at the same places: remember the last one's.
    let mut habit: Vec<(String, Target)> = Vec::new();
    for line in lines(piece) {
        match std::str::from_utf8(line) {
            Err(error) => rows.refuse_only(bad_utf8(&error)),
            Ok(line) => match json::object(line, &mut entries) {
                Err(message) => rows.refuse_only(Problem::new("", "bad_json", message)),
                Ok(()) => decode_row(&entries, &mut habit, layout, &mut rows),
            },
        }
        rows.end_row();
    }
    rows.finish()
}

fn decode_row(entries: &Entries<'_>, habit: &mut Vec<(String, Target)>, layout: &Layout, rows: &mut Rows<'_>) {
    for (place, (key, raw)) in entries.iter().enumerate() {
        let target = match habit.get(place) {
            Some((name, target)) if name == key => Some(*target),
            _ => {
                let found = layout.find(key);
                if let Some(target) = found {
                    habit.truncate(place);
                    if habit.len() == place {
                        habit.push((key.to_string(), target));
                    }
                }
                found
            }
        };
        match target {
            Some(Target::Id) if rows.has_id() => rows.refuse(|| duplicate(&layout.id_name)),
            Some(Target::Id) => rows.set_id(id_text(raw), !raw.starts_with('"')),
            Some(Target::Field(field)) => rows.set(field, |column| column.push_json(raw)),
            None if layout.nested == Some(&**key) => decode_nested(raw, layout, rows),
            None => rows.refuse(|| layout.unknown(key)),
        }
    }
}

/// The fields of an object within a row.
fn decode_nested(raw: &str, layout: &Layout, rows: &mut Rows<'_>) {
    let name = layout.nested.unwrap_or_default();
    let mut entries = Entries::new();
    if raw == "null" {
    } else if json::object(raw, &mut entries).is_ok() {
        for (key, raw) in &entries {
            match layout.find(key) {
                Some(Target::Field(field)) => rows.set(field, |column| column.push_json(raw)),
                _ => rows.refuse(|| layout.unknown(key)),
            }
        }
    } else {
        rows.refuse(|| cell::Refusal::new("wrong_type", "takes an object").in_column(name));
    }
}

/// A string, or the digits of a whole number.
fn id_text(raw: &str) -> std::result::Result<std::borrow::Cow<'_, str>, cell::Refusal> {
    let digits = raw.strip_prefix('-').unwrap_or(raw);
    match raw.as_bytes().first() {
        Some(b'"') => json::string(raw),
        Some(b'n') => Err(cell::missing_id()),
        _ if digits.bytes().all(|byte| byte.is_ascii_digit()) => Ok(raw.into()),
        _ => Err(cell::bad_id(raw)),
    }
}

/// The mistake of a row that is not UTF-8.
pub(super) fn bad_utf8(error: &std::str::Utf8Error) -> Problem {
    let place = error.valid_up_to() + 1;
    Problem::new("", "bad_utf8", format!("the row is not UTF-8 from its byte {place} on; save the file as UTF-8"))
}
