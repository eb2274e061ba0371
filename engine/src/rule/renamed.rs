//! Rules that were written when the external id had another name.

use super::{Rule, Test};
use crate::schema::{Schema, normalize};

/// The rule with `id` for names that no field has: what the id was called when the rule was written. Fields are never
/// removed, and a field that gets such a name later renames the tests of saved rules first
/// (`tenant::next::keep_id_tests`).
pub(crate) fn with_id_by_its_name(rule: &Rule, schema: &Schema) -> Rule {
    let is_known = |name: &str| name == schema.id_name() || schema.find(name).is_some();
    rule.with_fields(&|test: &Test| (!is_known(&normalize(&test.field))).then(|| Schema::ID.to_owned()))
}
