//! What a computed field is made from, once its definition is known to fit the schema.

use jiff::tz::TimeZone;

use crate::event::EventSchema;
use crate::id::{EventTypeId, FieldId, PropertyId};
use crate::rule::{CheckedEvents, EventSpan, LeafTest};
use crate::schema::FieldType;

/// What a field is made from.
#[derive(Debug, Clone)]
pub enum Recipe {
    /// A person's events.
    Events(Box<OfEvents>),
    /// Other fields of the same person.
    Fields(Formula),
}

/// Something made of the events that are chosen.
#[derive(Debug, Clone)]
pub struct OfEvents {
    /// Which events; what it compares is not asked.
    pub events: CheckedEvents,
    /// What is made of them.
    pub make: Make,
}

/// What is made of events.
#[derive(Debug, Clone)]
pub enum Make {
    /// How many there are; 0 when there are none.
    Count,
    /// How many different values a property has; 0 when it has none.
    CountDistinct(PropertyId),
    /// What a property adds up to; 0 when it has no value.
    Sum(PropertyId),
    /// The mean of a property, rounded half away from zero to so many digits.
    Average(PropertyId, u8),
    /// The least value of a property.
    Least(PropertyId),
    /// The greatest value of a property.
    Greatest(PropertyId),
    /// What the earliest event says that says anything.
    First(Subject),
    /// What the latest event says that says anything; of several at one instant, the one that arrived last.
    Last(Subject),
    /// What most events say; of several the least.
    MostFrequent(Subject),
    /// So many of what most events say, as a set.
    Top(Subject, usize),
    /// All that events say, as a set.
    All(Subject),
}

/// What an event says.
#[derive(Debug, Clone)]
pub enum Subject {
    /// When it happened.
    Time,
    /// A property; of a set each member.
    Property(PropertyId),
    /// The day of the week on which it happened, as clocks there show it: Monday comes first.
    Weekday(TimeZone),
}

/// A field that a formula reads: a number with so many digits, or of other types its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Input {
    /// The field.
    pub field: FieldId,
    /// Digits after the point.
    pub scale: u8,
}

/// A formula over fields of a person. One that misses what it needs gives no value.
#[derive(Debug, Clone)]
pub enum Formula {
    /// `times * of / over`; none when `over` is 0.
    Ratio {
        /// What is divided.
        of: Input,
        /// By what.
        over: Input,
        /// A factor, such as 100 for a percentage.
        times: i64,
        /// Digits to which it is rounded.
        scale: u8,
    },
    /// Whole days from an instant to the tenant's, 0 at least.
    DaysSince {
        /// The instant.
        of: Input,
    },
    /// Points that add up, rounded half up.
    Score(Vec<ScorePart>),
    /// 1 and one more for each border that the value reaches; counted from above when lower is better.
    Bands {
        /// The value.
        of: Input,
        /// How many there are, one more than borders.
        bands: usize,
        /// Least keys of the second band and those after it; none before they were taken from the population, when all
        /// fields are made for everybody: there is no value until then.
        borders: Option<Vec<i64>>,
        /// Whether the lowest values get the highest number.
        falling: bool,
    },
    /// Values times whole numbers, added up.
    Sum {
        /// Values and what each is multiplied with.
        terms: Vec<(Input, i64)>,
        /// Digits of the result.
        scale: u8,
    },
}

/// Points of a score: none at 0 or below, all of them from `full_at` on, in proportion between.
#[derive(Debug, Clone)]
pub struct ScorePart {
    /// The value.
    pub of: Input,
    /// The most that it gives.
    pub weight: i64,
    /// The value that gives all, in units of the field.
    pub full_at: i64,
    /// Whether it is the other way round: all of them at 0, none from `full_at` on.
    pub falling: bool,
    /// Whether who has no value gets all points.
    pub full_if_missing: bool,
}

impl Recipe {
    /// Whether the value changes when nothing but time passes.
    pub fn is_moving(&self) -> bool {
        match self {
            Self::Fields(formula) => matches!(formula, Formula::DaysSince { .. }),
            Self::Events(of) => {
                let events = &of.events;
                let followers = events.then.iter().chain(&events.not_followed_by).map(|follower| &follower.chosen);
                let mut conditions = std::iter::once(&events.chosen).chain(followers).flat_map(|one| &one.conditions);
                matches!(events.window, EventSpan::Within(_) | EventSpan::Before(_))
                    || conditions.any(|condition| matches!(condition.test, LeafTest::Window { .. }))
            }
        }
    }

    /// Whether events of a type can make a difference.
    pub fn is_of(&self, event: EventTypeId) -> bool {
        let Self::Events(of) = self else { return false };
        let followers = of.events.then.iter().chain(&of.events.not_followed_by);
        of.events.chosen.event == event || followers.into_iter().any(|follower| follower.chosen.event == event)
    }

    /// Fields that it reads.
    pub fn inputs(&self) -> Vec<FieldId> {
        let Self::Fields(formula) = self else { return Vec::new() };
        match formula {
            Formula::Ratio { of, over, .. } => vec![of.field, over.field],
            Formula::DaysSince { of } | Formula::Bands { of, .. } => vec![of.field],
            Formula::Score(parts) => parts.iter().map(|part| part.of.field).collect(),
            Formula::Sum { terms, .. } => terms.iter().map(|(of, _)| of.field).collect(),
        }
    }
}

impl Subject {
    /// The type of what one event says, or of one member of it.
    pub fn kind(&self, events: &EventSchema) -> FieldType {
        match self {
            Self::Time => FieldType::Time,
            Self::Weekday(_) => FieldType::Keyword,
            Self::Property(property) => match events.property(*property).kind {
                FieldType::KeywordSet => FieldType::Keyword,
                FieldType::IntSet => FieldType::Int,
                kind => kind,
            },
        }
    }
}
