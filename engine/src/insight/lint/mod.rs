//! What a rule says in vain: tests that change nothing, contradict each other or say the same, and segments that are
//! saved already.
//!
//! Every finding comes with its proof: counts that are equal, or bounds that leave nothing between them. A finding by
//! logic holds for any profiles; one by data holds for those there are, and may end with the next import.
//!
//! Reading order: `domain` knows which values a test lets in, `siblings` compares rules side by side, `saved` compares
//! the rule with saved segments, `report` asks all of it.

mod cure;
mod domain;

mod siblings;

mod saved;

mod report;

pub use report::{Basis, Finding, Lint, lint};
