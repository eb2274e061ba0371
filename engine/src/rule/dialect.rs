//! Names that other systems use for our operators and joins.
//!
//! They are understood at the door and never written: a rule prints under our own names only.

use super::ast::Match;
use super::operator::Operator;

/// Foreign names, lower case and without separators, so that `notIn`, `not_in` and `NOT IN` are one entry.
const FOREIGN: [(&str, Operator); 44] = [
    ("==", Operator::Equal),
    ("===", Operator::Equal),
    ("equals", Operator::Equal),
    ("equal", Operator::Equal),
    ("equalto", Operator::Equal),
    ("eq", Operator::Equal),
    ("<>", Operator::NotEqual),
    ("!==", Operator::NotEqual),
    ("ne", Operator::NotEqual),
    ("neq", Operator::NotEqual),
    ("notequal", Operator::NotEqual),
    ("notequals", Operator::NotEqual),
    ("doesnotequal", Operator::NotEqual),
    ("lt", Operator::Less),
    ("lessthan", Operator::Less),
    ("lte", Operator::LessOrEqual),
    ("le", Operator::LessOrEqual),
    ("lessthanorequal", Operator::LessOrEqual),
    ("lessorequal", Operator::LessOrEqual),
    ("gt", Operator::Greater),
    ("greaterthan", Operator::Greater),
    ("gte", Operator::GreaterOrEqual),
    ("ge", Operator::GreaterOrEqual),
    ("greaterthanorequal", Operator::GreaterOrEqual),
    ("greaterorequal", Operator::GreaterOrEqual),
    ("isin", Operator::In),
    ("isoneof", Operator::In),
    ("oneof", Operator::In),
    ("nin", Operator::NotIn),
    ("isnotin", Operator::NotIn),
    ("notoneof", Operator::NotIn),
    ("beginswith", Operator::StartsWith),
    ("doesnotcontain", Operator::NotContains),
    ("regex", Operator::Matches),
    ("includesany", Operator::Includes),
    ("notincludes", Operator::Excludes),
    ("notnull", Operator::Exists),
    ("isnotnull", Operator::Exists),
    ("isset", Operator::Exists),
    ("null", Operator::NotExists),
    ("isnull", Operator::NotExists),
    ("isnotset", Operator::NotExists),
    ("doesnotexist", Operator::NotExists),
    ("inthelastdays", Operator::WithinDays),
];

/// The operator of this name, ours or foreign, in any case and with any separators.
pub(super) fn operator(name: &str) -> Option<Operator> {
    if let Some(operator) = Operator::from_name(name) {
        return Some(operator);
    }
    let bare = without_separators(name);
    let own = Operator::NAMES.iter().find(|(_, known)| without_separators(known) == bare);
    own.map(|(operator, _)| *operator)
        .or_else(|| FOREIGN.iter().find(|(known, _)| *known == bare).map(|(_, operator)| *operator))
}

fn without_separators(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).map(|c| c.to_ascii_lowercase()).collect()
}

/// The join of this name: `all`, `any`, `none`, or `AND`, `OR`, `NOT`, in any case.
pub(super) fn join(name: &str) -> Option<Match> {
    Some(match name.to_ascii_lowercase().as_str() {
        "all" | "and" => Match::All,
        "any" | "or" => Match::Any,
        "none" | "not" => Match::None,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_names_are_understood() {
        for (names, own) in [
            ("= == === equals EQUALS eq", "="),
            ("!= <> ne neq not_equals notEquals", "!="),
            ("lt <", "<"),
            ("lte <=", "<="),
            ("gt greaterThan", ">"),
            ("gte GTE", ">="),
            ("notIn not_in NOTIN nin", "not_in"),
            ("beginsWith startsWith starts_with", "starts_with"),
            ("endsWith", "ends_with"),
            ("doesNotContain notContains", "not_contains"),
            ("notNull is_not_null exists", "exists"),
            ("null isNull notExists", "not_exists"),
            ("withinDays WITHIN_DAYS", "within_days"),
        ] {
            for name in names.split(' ') {
                assert_eq!(operator(name).map(Operator::name), Some(own), "{name}");
            }
        }
        assert_eq!(operator("not in").map(Operator::name), Some("not_in"));
        for name in ["", "_", "notBetween", "doesNotBeginWith", "like"] {
            assert_eq!(operator(name), None, "{name}");
        }
    }

    #[test]
    fn no_name_means_two_operators() {
        for (i, (name, _)) in FOREIGN.iter().enumerate() {
            assert_eq!(without_separators(name), *name);
            assert!(FOREIGN[i + 1..].iter().all(|(other, _)| other != name), "{name}");
            assert!(Operator::NAMES.iter().all(|(_, own)| without_separators(own) != *name), "{name}");
        }
    }

    #[test]
    fn joins_in_any_case() {
        assert_eq!(join("AND"), Some(Match::All));
        assert_eq!(join("Or"), Some(Match::Any));
        assert_eq!(join("NONE"), Some(Match::None));
        assert_eq!(join("xor"), None);
    }
}
