//! The JSON of one line, taken apart without interpreting its values.
//!
//! serde_json checks the grammar and hands out the text of each value, so a number keeps its digits until its field
//! decides what they mean.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::cell::Refusal;

/// The keys of one object in the order they were written, each with its value's text.
pub(super) type Entries<'a> = Vec<(Cow<'a, str>, &'a str)>;

/// Takes a line apart into `entries`; a repeated key appears twice. The error says what is wrong and where.
pub(super) fn object<'a>(line: &'a str, entries: &mut Entries<'a>) -> Result<(), String> {
    entries.clear();
    let mut reader = serde_json::Deserializer::from_str(line);
    let read = Object(entries).deserialize(&mut reader).and_then(|()| reader.end());
    read.map_err(|error| {
        let text = error.to_string();
        let what = text.split(" at line ").next().unwrap_or_default().to_owned();
        format!("the line is not a JSON object: {what} at column {}", error.column())
    })
}

struct Object<'e, 'a>(&'e mut Entries<'a>);

impl<'a> DeserializeSeed<'a> for Object<'_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'a> Visitor<'a> for Object<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object such as {\"id\": 1}")
    }

    fn visit_map<M: MapAccess<'a>>(self, mut map: M) -> Result<(), M::Error> {
        while let Some(key) = map.next_key_seed(Key)? {
            self.0.push((key, map.next_value::<&'a RawValue>()?.get()));
        }
        Ok(())
    }
}

/// An object's key, borrowed when it has no escapes.
struct Key;

impl<'a> DeserializeSeed<'a> for Key {
    type Value = Cow<'a, str>;

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'a> Visitor<'a> for Key {
    type Value = Cow<'a, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, text: &'a str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

/// Whether `text` is one well-formed JSON value.
pub(super) fn is_valid(text: &str) -> bool {
    serde_json::from_str::<IgnoredAny>(text).is_ok()
}

/// The string that a JSON string's text stands for.
pub(super) fn string(raw: &str) -> Result<Cow<'_, str>, Refusal> {
    let inner = raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    if let Some(inner) = inner.filter(|inner| memchr::memchr(b'\\', inner.as_bytes()).is_none()) {
        return Ok(Cow::Borrowed(inner));
    }
    // Only here are escapes looked at: half a surrogate pair is well-formed JSON and yet no text.
    serde_json::from_str(raw)
        .map(Cow::Owned)
        .map_err(|error| Refusal::new("bad_json", format!("holds a string that is no text: {error}")))
}

/// The text of a string, a number or a boolean; `None` for anything else.
pub(super) fn scalar_text(raw: &str) -> Option<Result<Cow<'_, str>, Refusal>> {
    match raw.as_bytes().first()? {
        b'"' => Some(string(raw)),
        b'[' | b'{' | b'n' => None,
        _ => Some(Ok(Cow::Borrowed(raw))),
    }
}

/// Calls `each` with the text of every member of a well-formed array; returns how many there are.
pub(super) fn each_member<'a>(
    raw: &'a str,
    each: impl FnMut(&'a str) -> Result<(), Refusal>,
) -> Result<usize, Refusal> {
    let mut members = Members { each, count: 0, refusal: None };
    let read = (&mut members).deserialize(&mut serde_json::Deserializer::from_str(raw));
    match (members.refusal, read) {
        (Some(refusal), _) => Err(refusal),
        (None, Err(error)) => Err(Refusal::new("bad_json", format!("holds a list that cannot be read: {error}"))),
        (None, Ok(())) => Ok(members.count),
    }
}

struct Members<F> {
    each: F,
    count: usize,
    refusal: Option<Refusal>,
}

impl<'a, F: FnMut(&'a str) -> Result<(), Refusal>> DeserializeSeed<'a> for &mut Members<F> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'a, F: FnMut(&'a str) -> Result<(), Refusal>> Visitor<'a> for &mut Members<F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<S: SeqAccess<'a>>(self, mut members: S) -> Result<(), S::Error> {
        while let Some(member) = members.next_element::<&'a RawValue>()? {
            self.count += 1;
            if self.refusal.is_none() {
                self.refusal = (self.each)(member.get()).err();
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_keeps_the_text_of_its_values() {
        let mut entries = Vec::new();
        object(r#" {"a": 1.50, "b\n": [1, 2], "a": null} "#, &mut entries).expect("an object");
        assert_eq!(entries, [("a".into(), "1.50"), ("b\n".into(), "[1, 2]"), ("a".into(), "null")]);
    }

    #[test]
    fn what_is_no_object_says_so() {
        for (line, wanted) in [
            ("[1]", "expected an object"),
            (r#"{"a": }"#, "expected value at column 7"),
            (r#"{"a": 1} x"#, "trailing characters"),
            (r#"{"a": 1"#, "EOF while parsing"),
            ("{'a': 1}", "key must be a string"),
            (r#"{"a": 01}"#, "invalid number"),
        ] {
            let error = object(line, &mut Vec::new()).expect_err(line);
            assert!(error.contains(wanted), "{line}: {error}");
        }
    }

    #[test]
    fn half_a_surrogate_pair_is_refused() {
        assert_eq!(string(r#""\ud800""#).map_err(|refusal| refusal.code), Err("bad_json"));
        assert_eq!(string(r#""\u00e9""#).as_deref(), Ok("é"));
    }
}
