//! What serde says about a request, in the words of a problem: where, what, and the nearest known key.

use muster_engine::error::{Problem, pointer_to};
use serde_path_to_error::{Path, Segment};

use muster_engine::rule::nearest;

/// The mistake that made a value not fit its type. `message` is serde's, with or without its place in the text.
pub(super) fn problem(path: &Path, message: &str) -> Problem {
    let message = message.split(" at line ").next().unwrap_or_default();
    let mut pointer = pointer(path);
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    if let (true, [key, known @ ..]) = (message.starts_with("unknown field"), quoted.as_slice()) {
        // The path ends at the object or, with some formats, at the key itself.
        let end = pointer_to("", key);
        if !pointer.ends_with(&end) {
            pointer.push_str(&end);
        }
        let expected = if known.is_empty() { "no keys are".to_owned() } else { one_of(known) };
        let text = format!("\"{key}\" is not a known key; {expected} expected here");
        return Problem::new(pointer, "unknown_key", text).with_suggestions(nearest(key, known.iter().copied()));
    }
    if let (true, [key, ..]) = (message.starts_with("missing field"), quoted.as_slice()) {
        let text = format!("\"{key}\" is missing");
        return Problem::new(pointer_to(&pointer, key), "missing_key", text);
    }
    if let (true, [got, known @ ..]) = (message.starts_with("unknown variant"), quoted.as_slice()) {
        let text = format!("\"{got}\" is not possible; {} expected here", one_of(known));
        return Problem::new(pointer, "unknown_value", text).with_suggestions(nearest(got, known.iter().copied()));
    }
    Problem::new(pointer, "wrong_type", message.replace('`', "\""))
}

fn one_of(known: &[&str]) -> String {
    match known {
        [only] => format!("\"{only}\" is"),
        _ => format!("one of \"{}\" is", known.join("\", \"")),
    }
}

fn pointer(path: &Path) -> String {
    path.iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(format!("/{index}")),
            Segment::Map { key } => Some(pointer_to("", key)),
            Segment::Enum { .. } | Segment::Unknown => None,
        })
        .collect()
}
