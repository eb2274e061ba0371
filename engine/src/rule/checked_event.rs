//! A test of events that is known to fit a schema: in terms of what lies in the columns of a type of events.
//!
//! A property is a field of its type of events; the tests of properties are the same as those of fields, with the
//! property in the place of the field. Windows are still open, because `now` is.

use super::checked::LeafTest;
use crate::event::EventSchema;
use crate::id::{EventTypeId, FieldId, PropertyId};
use crate::time::{DAY_US, Timestamp};

/// A test of a person's events.
#[derive(Debug, Clone)]
pub struct CheckedEvents {
    /// The events.
    pub chosen: ChosenEvents,
    /// When they happened.
    pub window: EventSpan,
    /// What has to have happened after each.
    pub then: Option<CheckedFollower>,
    /// What must not have happened after each.
    pub not_followed_by: Option<CheckedFollower>,
    /// What is compared.
    pub measure: CheckedMeasure,
    /// With what; a positive test, false where nothing could be measured.
    pub asked: Asked,
}

/// Events of one type that satisfy all conditions.
#[derive(Debug, Clone)]
pub struct ChosenEvents {
    /// The type.
    pub event: EventTypeId,
    /// All of them hold.
    pub conditions: Vec<Condition>,
}

impl ChosenEvents {
    /// The conditions that depend on the present: of which property, and at which instants after its value, in
    /// microseconds, each may turn.
    pub fn moving(&self) -> impl Iterator<Item = (PropertyId, Vec<i64>)> {
        self.conditions.iter().filter_map(|condition| match &condition.test {
            LeafTest::Window { field, side, days } => Some((PropertyId(field.0), side.instants(*days))),
            _ => None,
        })
    }
}

/// A test of a property.
#[derive(Debug, Clone)]
pub struct Condition {
    /// The positive test, false on a missing property.
    pub test: LeafTest,
    /// Whether the complement is asked.
    pub negated: bool,
}

/// An event that follows another.
#[derive(Debug, Clone)]
pub struct CheckedFollower {
    /// Which.
    pub chosen: ChosenEvents,
    /// At most so many days after it; none for ever.
    pub within_days: Option<i64>,
}

/// Which events are looked at, by their time. None after `now`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventSpan {
    /// All.
    Ever,
    /// now - n days <= t
    Within(i64),
    /// t < now - n days
    Before(i64),
    /// first <= t <= last, in microseconds.
    Between(i64, i64),
}

/// What is made of the events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckedMeasure {
    /// How many.
    Count,
    /// What a property adds up to.
    Sum(FieldId),
    /// The mean of a property.
    Average(FieldId),
    /// The least key of a property.
    Min(FieldId),
    /// The greatest key of a property.
    Max(FieldId),
    /// The time of the first.
    First,
    /// The time of the last.
    Last,
}

/// What a measure is compared with.
#[derive(Debug, Clone)]
pub enum Asked {
    /// A test of the measure as if it were the value of a field: `Range`, `Keys`, `Window` or `Exists`.
    Key(LeafTest),
    /// Bounds of an average, or of a sum: the average of one.
    Mean(MeanRange),
}

/// The averages between two bounds, without rounding: an average is the pair of a sum and a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeanRange {
    /// Least bound, and whether it is itself in.
    pub low: Option<(i128, bool)>,
    /// Greatest bound, and whether it is itself in.
    pub high: Option<(i128, bool)>,
    /// How many units of the bounds are one of the property.
    pub units: i128,
}

impl EventSpan {
    /// Least and greatest time that is looked at, both included; least above greatest when there is none.
    pub fn times(self, now: Timestamp) -> (i64, i64) {
        match self {
            Self::Ever => (i64::MIN, now.0),
            Self::Within(days) => (now.plus_days(-days).0, now.0),
            Self::Before(days) => (i64::MIN, now.plus_days(-days).0.saturating_sub(1)),
            Self::Between(first, last) => (first, last.min(now.0)),
        }
    }
}

impl CheckedFollower {
    /// Least and greatest time at which an event follows one at `time`.
    pub fn times(&self, time: i64, now: Timestamp) -> (i64, i64) {
        let last = match self.within_days {
            Some(days) => time.saturating_add(days * DAY_US).min(now.0),
            None => now.0,
        };
        (time.saturating_add(1), last)
    }
}

impl CheckedMeasure {
    /// The property that is measured.
    pub fn property(self) -> Option<FieldId> {
        match self {
            Self::Sum(property) | Self::Average(property) | Self::Min(property) | Self::Max(property) => Some(property),
            Self::Count | Self::First | Self::Last => None,
        }
    }
}

impl MeanRange {
    /// Whether `sum / count` is between the bounds; `count` is not 0.
    pub fn holds(&self, sum: i128, count: i64) -> bool {
        // |sum| < 2^63 x 2^32, units <= 10^6 and |bound| < 2^63 x 10^6: all products stay below 2^127.
        let sum = sum * self.units;
        let above = self.low.is_none_or(|(low, is_in)| {
            let low = low * i128::from(count);
            sum > low || (is_in && sum == low)
        });
        let below = self.high.is_none_or(|(high, is_in)| {
            let high = high * i128::from(count);
            sum < high || (is_in && sum == high)
        });
        above && below
    }
}

impl CheckedEvents {
    /// At which instants after an event of a type, in microseconds, time alone may turn the test.
    pub fn moments(&self, schema: &EventSchema) -> Vec<(EventTypeId, i64)> {
        let mut moments: Vec<(EventTypeId, i64)> = self.chosen().map(|chosen| (chosen.event, 0)).collect();
        // What is older than its type is kept counts no more.
        let kept = |chosen: &ChosenEvents| Some((chosen.event, schema.event_type(chosen.event).retention_days?));
        moments.extend(self.chosen().filter_map(kept).map(|(event, days)| (event, i64::from(days) * DAY_US + 1)));
        if let EventSpan::Within(days) | EventSpan::Before(days) = self.window {
            moments.push((self.chosen.event, days * DAY_US + 1));
        }
        if let Asked::Key(LeafTest::Window { days, .. }) = &self.asked {
            moments.push((self.chosen.event, days * DAY_US + 1));
        }
        moments
    }

    /// All sorts of events that are asked about: these, and those that follow them.
    pub fn chosen(&self) -> impl Iterator<Item = &ChosenEvents> {
        let followers = self.then.iter().chain(&self.not_followed_by).map(|follower| &follower.chosen);
        std::iter::once(&self.chosen).chain(followers)
    }
}
