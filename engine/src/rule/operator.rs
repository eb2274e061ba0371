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
}
