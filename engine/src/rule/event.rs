//! A test of what a person did, as somebody wrote it: nothing is known yet about types of events and their properties.
//!
//! Of the person's events of one type those are kept that lie in the window, satisfy every condition, and were followed
//! by what they should be followed by. What is measured of them is compared like the value of a field. Events after
//! `now` never count.
//!
//! ```json
//! {"event": "purchase", "where": [{"field": "category", "operator": "is", "value": "shoes"}], "operator": ">=", "value": 2, "within_days": 30}
//! {"event": "purchase", "measure": "last", "operator": "before_days", "value": 90, "between": ["2026-01-01T00:00:00Z", "2026-07-01T00:00:00Z"]}
//! {"event": "cart_add", "not_followed_by": {"event": "purchase", "within_days": 3}, "before_days": 3}
//! ```
//! `operator` and `value` always ask about the measure; the window of the events always has a key of its own, so that
//! both can speak of days. Without an operator the test asks whether there is any such event.
//!
//! **Sequences.** An event A at tA is followed by B where there is an event of B's type that satisfies B's conditions at
//! tA < t <= tA + n x 86,400 s (without `within_days`: tA < t), and t <= now; an event at the very instant of A does not
//! follow it. `then` keeps the A's that are followed, `not_followed_by` keeps all others: also those whose n days are not
//! over yet at `now`. Whoever wants only A's whose time is up asks for A's `before_days` n.

use super::ast::{Literal, Operand, Test};
use super::operator::Operator;

/// A test of a person's events of one type.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EventTest {
    /// Type of the events, as written.
    pub event: String,
    /// What each event has to satisfy: tests of its properties. Empty for all events.
    pub conditions: Vec<Test>,
    /// When the events happened; none for ever.
    pub window: Option<EventWindow>,
    /// What has to have happened after each.
    pub then: Option<Follower>,
    /// What must not have happened after each.
    pub not_followed_by: Option<Follower>,
    /// What is compared.
    pub measure: Measure,
    /// The property that is measured.
    pub of: Option<String>,
    /// How the measure is compared; none asks whether there is any event, and is written for a plain count only.
    pub operator: Option<Operator>,
    /// What the measure is compared with; none without an operator.
    pub value: Option<Operand>,
}

/// Which events of a person's are looked at, by their time.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum EventWindow {
    /// now - n x 86,400 s <= t <= now
    WithinDays(Literal),
    /// t < now - n x 86,400 s
    BeforeDays(Literal),
    /// a <= t <= b
    Between([Literal; 2]),
}

/// What happened after an event.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Follower {
    /// Type of the event, as written.
    pub event: String,
    /// What it has to satisfy.
    pub conditions: Vec<Test>,
    /// Days after which it follows no more; none for ever.
    pub within_days: Option<Literal>,
}

/// What is made of a person's events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Measure {
    /// How many there are.
    Count,
    /// What a property adds up to; 0 when there is none.
    Sum,
    /// The mean of a property; missing when there is none.
    Average,
    /// The least value of a property; missing when there is none.
    Min,
    /// The greatest value of a property; missing when there is none.
    Max,
    /// The time of the first; missing when there is none.
    First,
    /// The time of the last; missing when there is none.
    Last,
}

impl Measure {
    /// Every measure with its name in JSON and in text.
    pub const NAMES: [(Measure, &'static str); 7] = [
        (Self::Count, "count"),
        (Self::Sum, "sum"),
        (Self::Average, "average"),
        (Self::Min, "min"),
        (Self::Max, "max"),
        (Self::First, "first"),
        (Self::Last, "last"),
    ];

    /// The name in JSON and in text.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(measure, _)| *measure == self).map_or("", |(_, name)| name)
    }

    /// The measure of this name, in any case.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(_, known)| known.eq_ignore_ascii_case(name)).map(|(measure, _)| *measure)
    }

    /// Whether a property is measured, rather than the events themselves.
    pub fn takes_property(self) -> bool {
        matches!(self, Self::Sum | Self::Average | Self::Min | Self::Max)
    }
}

impl EventTest {
    /// Whether the person has any event of a type.
    pub fn any(event: impl Into<String>) -> Self {
        Self {
            event: event.into(),
            conditions: Vec::new(),
            window: None,
            then: None,
            not_followed_by: None,
            measure: Measure::Count,
            of: None,
            operator: None,
            value: None,
        }
    }

    /// The types of events that are asked about.
    pub fn events(&self) -> impl Iterator<Item = &str> {
        let followers = self.then.iter().chain(&self.not_followed_by).map(|follower| follower.event.as_str());
        std::iter::once(self.event.as_str()).chain(followers)
    }

    /// The properties that are asked about, each as often as it is.
    pub fn properties(&self) -> impl Iterator<Item = &str> {
        let followers = self.then.iter().chain(&self.not_followed_by).flat_map(|follower| &follower.conditions);
        let tests = self.conditions.iter().chain(followers).map(|test| test.field.as_str());
        tests.chain(self.of.as_deref())
    }
}
