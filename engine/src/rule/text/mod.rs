//! Rules as text, for the command line, URLs, logs and people: [`from_text`] and [`to_text`].
//!
//! ```text
//! rule   = both { "or" both }                      -> any[..]
//! both   = term { "and" term }                     -> all[..]
//! term   = "not" term                              -> none[term]
//!        | ("all" | "any" | "none") "of" "(" [rule { "," rule }] ")"
//!        | "(" rule ")"
//!        | ["not"] "in" "segment" (text | number)
//!        | "did" type events
//!        | measure "of" (type | type.property | property "of" type) events operator [value]
//!        | field operator [value]
//! events = ["where" (test | "(" test { "and" test } ")")] [window] ["then" after] ["not" "followed" "by" after]
//! window = "within" n "days" | "before" n "days" | "between" time "and" time
//! after  = type ["where" ...] ["within" n "days"]
//! value  = number | date | time | "text" | "true" | "false" | "null" | "(" [value { "," value }] ")"
//! field  = a word, or anything in backticks; so are types of events and properties
//! measure = "count" | "sum" | "average" | "min" | "max" | "first" | "last"
//! ```
//!
//! Printing and reading back gives the same tree, for every tree that JSON can bring in. `null` is the value that is
//! not there, and `f within_days "x"` the spelling of a test whose value is odd: both say in text what JSON can say,
//! so that `check` may complain about it. What looks like a window and has no operator behind it is the operator:
//! `last of purchase within 30 days`.

mod event;
mod lexer;
mod parser;
mod phrase;
mod printer;
mod value;

#[cfg(test)]
mod tests;

pub use parser::from_text;
pub(super) use parser::{LeafPlace, read};
pub use printer::to_text;
