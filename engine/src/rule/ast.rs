//! A rule as somebody wrote it: nothing is known yet about fields, types or segments.

use super::event::EventTest;
use super::operator::Operator;

/// A rule tree. Two-valued: it is true or false for every profile.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Rule {
    /// Rules joined by one word.
    Group(Group),
    /// A test of one field.
    Test(Test),
    /// A test of a person's events of one type.
    Event(Box<EventTest>),
    /// Membership in another segment.
    Segment(SegmentTest),
}

/// Rules joined by one word; an empty group is a mistake that `check` reports.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Group {
    /// The word.
    pub join: Match,
    /// What it joins, in the order written.
    pub rules: Vec<Rule>,
}

/// How a group joins its rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Match {
    /// AND
    All,
    /// OR
    Any,
    /// NOT any
    None,
}

/// `field operator value`
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Test {
    /// Field name as written.
    pub field: String,
    /// What is asked.
    pub operator: Operator,
    /// What it is asked about; none for `exists` and `not_exists`.
    pub value: Option<Operand>,
}

/// The right-hand side of a test.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Operand {
    /// A single value.
    One(Literal),
    /// A list.
    Many(Vec<Literal>),
}

/// A value as written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Literal {
    /// `true`, `false`
    Bool(bool),
    /// A number, digit for digit.
    Number(String),
    /// A string.
    Text(String),
}

/// `in segment` and `not in segment`
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SegmentTest {
    /// Which one.
    pub segment: SegmentRef,
    /// Whether membership (`in`) or its complement (`not_in`) is asked.
    pub negated: bool,
}

/// A segment as a rule names it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SegmentRef {
    /// By its unique name; a name of digits only that no segment has is taken as an id.
    Name(String),
    /// By its stable id: saved rules refer in this way, so that a segment can be renamed.
    Id(crate::id::SegmentId),
}

impl Literal {
    /// The number that `text` spells in JSON, in the spelling under which JSON values keep it.
    pub(super) fn number(text: &str) -> Option<Self> {
        let number: serde_json::Number = text.parse().ok()?;
        Some(Self::Number(number.as_str().to_owned()))
    }
}

impl Rule {
    /// All tests of fields, in no particular order.
    pub fn tests(&self) -> impl Iterator<Item = &Test> {
        self.leaves().filter_map(|leaf| if let Self::Test(test) = leaf { Some(test) } else { None })
    }

    /// The names of all fields and properties of events that are tested, as written.
    pub fn tested(&self) -> impl Iterator<Item = &str> {
        self.leaves().flat_map(|leaf| match leaf {
            Self::Test(test) => vec![test.field.as_str()],
            Self::Event(test) => test.properties().collect(),
            Self::Group(_) | Self::Segment(_) => Vec::new(),
        })
    }

    /// All that is no group, in no particular order.
    fn leaves(&self) -> impl Iterator<Item = &Self> {
        let mut open = vec![self];
        std::iter::from_fn(move || {
            loop {
                match open.pop()? {
                    Self::Group(group) => open.extend(&group.rules),
                    leaf => return Some(leaf),
                }
            }
        })
    }

    /// The same rule with other names of fields where `renamed` has one.
    #[must_use]
    pub fn with_fields(&self, renamed: &dyn Fn(&Test) -> Option<String>) -> Self {
        match self {
            Self::Group(Group { join, rules }) => {
                let rules = rules.iter().map(|rule| rule.with_fields(renamed)).collect();
                Self::Group(Group { join: *join, rules })
            }
            Self::Test(test) => {
                let field = renamed(test).unwrap_or_else(|| test.field.clone());
                Self::Test(Test { field, ..test.clone() })
            }
            Self::Segment(_) | Self::Event(_) => self.clone(),
        }
    }

    /// Stands in for a rule that could not be read, so that the rest of its tree can still be checked: it is right in
    /// every schema, but for the name of its field when that was given.
    pub(super) fn placeholder(field: Option<&str>) -> Self {
        let field = field.unwrap_or(crate::schema::Schema::ID).to_owned();
        Self::Test(Test { field, operator: Operator::Exists, value: None })
    }
}
