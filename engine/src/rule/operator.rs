//! The closed list of operators, their names, and which type of field has which.

use crate::schema::FieldType;

/// What a test asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `between`, both ends included
    Between,
    /// `is`
    Is,
    /// `is_not`
    IsNot,
    /// `in`
    In,
    /// `not_in`
    NotIn,
    /// `starts_with`
    StartsWith,
    /// `ends_with`
    EndsWith,
    /// `contains`
    Contains,
    /// `not_contains`
    NotContains,
    /// `matches`: a regular expression, found anywhere in the value
    Matches,
    /// `includes`: shares a member
    Includes,
    /// `includes_all`
    IncludesAll,
    /// `excludes`: shares none
    Excludes,
    /// `exists`
    Exists,
    /// `not_exists`
    NotExists,
    /// `within_days`
    WithinDays,
    /// `before_days`
    BeforeDays,
    /// `in_next_days`
    InNextDays,
}

use Operator::{
    BeforeDays, Between, Contains, EndsWith, Equal, Excludes, Exists, Greater, GreaterOrEqual, In, InNextDays,
    Includes, IncludesAll, Is, IsNot, Less, LessOrEqual, Matches, NotContains, NotEqual, NotExists, NotIn, StartsWith,
    WithinDays,
};

impl Operator {
    /// Every operator with the name it has in JSON, in the order in which a schema lists them.
    pub const NAMES: [(Operator, &'static str); 24] = [
        (Equal, "="),
        (NotEqual, "!="),
        (Less, "<"),
        (LessOrEqual, "<="),
        (Greater, ">"),
        (GreaterOrEqual, ">="),
        (Between, "between"),
        (Is, "is"),
        (IsNot, "is_not"),
        (In, "in"),
        (NotIn, "not_in"),
        (StartsWith, "starts_with"),
        (EndsWith, "ends_with"),
        (Contains, "contains"),
        (NotContains, "not_contains"),
        (Matches, "matches"),
        (Includes, "includes"),
        (IncludesAll, "includes_all"),
        (Excludes, "excludes"),
        (WithinDays, "within_days"),
        (BeforeDays, "before_days"),
        (InNextDays, "in_next_days"),
        (Exists, "exists"),
        (NotExists, "not_exists"),
    ];

    /// The name in JSON.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(operator, _)| *operator == self).map_or("", |(_, name)| name)
    }

    /// The operator of exactly this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(_, known)| *known == name).map(|(operator, _)| *operator)
    }

    /// The operator whose complement over the population this one is, for the negative ones.
    pub fn positive(self) -> Option<Self> {
        Some(match self {
            NotEqual => Equal,
            IsNot => Is,
            NotIn => In,
            NotContains => Contains,
            Excludes => Includes,
            NotExists => Exists,
            _ => return None,
        })
    }

    /// Whether a field of type `kind` knows this operator.
    pub fn applies_to(self, kind: FieldType) -> bool {
        match self {
            Equal | NotEqual => kind.is_scalar() || kind == FieldType::Bool,
            Less | LessOrEqual | Greater | GreaterOrEqual | Between => kind.is_scalar(),
            Is | IsNot | In | NotIn => matches!(kind, FieldType::Keyword | FieldType::Int | FieldType::Bool),
            StartsWith | EndsWith | Contains | NotContains | Matches => kind == FieldType::Keyword,
            Includes | IncludesAll | Excludes => kind.is_set(),
            WithinDays | BeforeDays | InNextDays => matches!(kind, FieldType::Time | FieldType::Date),
            Exists | NotExists => true,
        }
    }

    /// Whether the external id knows this operator.
    pub fn applies_to_id(self) -> bool {
        matches!(self, Is | IsNot | In | NotIn | Exists | NotExists)
    }

    /// Whether a test of this operator needs a value; `exists` and `not_exists` have none.
    pub fn takes_value(self) -> bool {
        !matches!(self, Exists | NotExists)
    }
}

/// Names of the operators that a field of type `kind` knows, in the order in which a schema lists them.
pub fn operators_of(kind: FieldType) -> Vec<&'static str> {
    names_where(|operator| operator.applies_to(kind))
}

/// Names of the operators that the external id knows.
pub fn operators_of_id() -> Vec<&'static str> {
    names_where(Operator::applies_to_id)
}

fn names_where(wanted: impl Fn(Operator) -> bool) -> Vec<&'static str> {
    Operator::NAMES.iter().filter(|(operator, _)| wanted(*operator)).map(|(_, name)| *name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_lists_its_operators() {
        let compare = "= != < <= > >= between";
        for (kind, names) in [
            (FieldType::Bool, "= != is is_not in not_in exists not_exists".to_owned()),
            (FieldType::Int, format!("{compare} is is_not in not_in exists not_exists")),
            (FieldType::Decimal(2), format!("{compare} exists not_exists")),
            (FieldType::Float, format!("{compare} exists not_exists")),
            (FieldType::Time, format!("{compare} within_days before_days in_next_days exists not_exists")),
            (FieldType::Date, format!("{compare} within_days before_days in_next_days exists not_exists")),
            (FieldType::KeywordSet, "includes includes_all excludes exists not_exists".to_owned()),
            (FieldType::IntSet, "includes includes_all excludes exists not_exists".to_owned()),
            (
                FieldType::Keyword,
                "is is_not in not_in starts_with ends_with contains not_contains matches exists not_exists".to_owned(),
            ),
        ] {
            assert_eq!(operators_of(kind).join(" "), names, "{kind}");
        }
        assert_eq!(operators_of_id().join(" "), "is is_not in not_in exists not_exists");
    }
}
