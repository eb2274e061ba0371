//! A question in everyday English -> a rule: "people who haven't visited in 5 months but spent more than 5000 rupees".
//!
//! A small grammar over the tenant's own fields, offline and deterministic: the same words give the same rule. What it
//! does not understand it says, word by word, and leaves out; what could mean two fields it leaves out as well. Nothing
//! is saved here, and the rule is shown before anybody uses it.
//!
//! Reading order: `words` cuts a question into words and parts, `measure` reads numbers, spans of time and comparisons,
//! `fields` finds which field is meant, `part` makes one test of one part, `read` puts them together.

mod words;

mod measure;

mod fields;

mod part;
mod read;

pub use read::{Heard, Understood, read};
