//! Fields that nobody writes: made from what people did, and from other fields.
//!
//! Such a field is declared ([`Enrichment::declare`], in JSON as `wire` reads it) and lies in the table like any other,
//! so that every question can be asked about it. It is brought up to date with every change of what it is made from,
//! from the row's events as they lie there and not from what it was before: late, repeated, expired and erased events
//! need no thought, and making all anew (`tenant::Tenant::rebuild`) gives the same values.
//!
//! **Time.** A tenant has one instant up to which its fields are current ([`Enrichment::instant`]), which only a
//! command moves. What depends on the time, windows and days since, is as of that instant; every event that is kept
//! counts at once, also one of the future: windows begin before the instant and have no end.
//!
//! **Rounding.** Averages and ratios are exact until they are rounded once, half away from zero, to the field's digits;
//! rules compare what was rounded.
//!
//! Not here: how rows are written (`table::enrich_writer`).

mod definition;
mod wire;
mod wire_formula;

mod aggregate;
mod formula;

mod enrichment;
mod template;
mod watch;

pub use aggregate::{Aggregator, Made};
pub use definition::{Formula, Input, Make, OfEvents, Recipe, ScorePart, Subject};
pub use enrichment::{ComputedField, Declared, Enrichment};
pub use template::{TEMPLATES, Template, template};
pub use watch::Watch;
