//! Rules that were written when the external id had another name.

use super::{Group, Rule};
use crate::schema::{Schema, normalize};

/// The rule with `id` for names that no field has: what the id was called when the rule was written. Fields are never
/// removed.
pub(crate) fn with_id_by_its_name(rule: &Rule, schema: &Schema) -> Rule {
    match rule {
        Rule::Group(Group { join, rules }) => {
            let rules = rules.iter().map(|rule| with_id_by_its_name(rule, schema)).collect();
            Rule::Group(Group { join: *join, rules })
        }
        Rule::Test(test) if !is_known(&normalize(&test.field), schema) => {
            let mut test = test.clone();
            test.field = Schema::ID.into();
            Rule::Test(test)
        }
        Rule::Test(_) | Rule::Segment(_) => rule.clone(),
    }
}

fn is_known(name: &str, schema: &Schema) -> bool {
    name == schema.id_name() || schema.find(name).is_some()
}
