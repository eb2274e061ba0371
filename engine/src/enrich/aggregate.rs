//! What is made of a person's events, row by row of one block.

use std::collections::HashMap;

use jiff::tz::TimeZone;

use super::definition::{Make, OfEvents, Subject};
use crate::event::{Chunk, EventData};
use crate::id::PropertyId;
use crate::index::{ChosenEventsOf, EventScan};
use crate::limits::SET_MEMBERS_MAX;
use crate::schema::{FieldType, Value, float_from_key, float_to_key};
use crate::time::Timestamp;

const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Makes the values of one field for rows of one block.
pub struct Aggregator<'s, 'v> {
    make: &'s Make,
    data: &'v EventData,
    chosen: ChosenEventsOf<'s, 'v>,
    words: Words,
    /// What the events of a row say, reused from row to row.
    said: Vec<i64>,
    /// The same with how many say it.
    counted: Vec<(usize, i64)>,
}

/// A value that was made.
#[derive(Debug)]
pub enum Made {
    /// A number, time or truth by its key.
    Key(i64),
    /// A word that [`Aggregator::text`] knows; the same item is the same word in all rows of the block.
    Item(i64),
    /// A set of such words, [`Aggregator::items`].
    Items,
    /// Anything else.
    Value(Value),
}

/// Members of sets of words, numbered as they are met.
#[derive(Default)]
struct Words {
    numbers: HashMap<String, i64>,
    texts: Vec<String>,
    of_code: HashMap<i64, Vec<i64>>,
}

impl<'s, 'v> Aggregator<'s, 'v> {
    /// Of a block; the scan is that of the same recipe ([`EventScan::of_kept`]).
    pub fn new(of: &'s OfEvents, scan: &'s EventScan<'v>, data: &'v EventData, block: u32) -> Self {
        Self {
            make: &of.make,
            data,
            chosen: scan.chosen_in(block),
            words: Words::default(),
            said: Vec::new(),
            counted: Vec::new(),
        }
    }

    /// The value of a row, by its offset in the block; rows are asked in ascending order.
    pub fn value(&mut self, row: u16) -> Option<Made> {
        match self.make {
            Make::Count => {
                let mut count = 0;
                self.chosen.each(row, |_, _| count += 1);
                Some(Made::Key(count))
            }
            Make::CountDistinct(property) => {
                self.gather(row, &Subject::Property(*property));
                self.said.sort_unstable();
                self.said.dedup();
                Some(Made::Key(self.said.len() as i64))
            }
            Make::Sum(property) => {
                Some(Made::Key(self.total(row, *property, None).unwrap_or_else(|| self.zero(*property))))
            }
            Make::Average(property, scale) => self.total(row, *property, Some(*scale)).map(Made::Key),
            Make::Least(property) => {
                let least = self.extreme(row, *property, |new, old| new < old)?;
                Some(self.one(&Subject::Property(*property), least))
            }
            Make::Greatest(property) => {
                let greatest = self.extreme(row, *property, |new, old| new > old)?;
                Some(self.one(&Subject::Property(*property), greatest))
            }
            Make::Last(subject) => self.edge(row, subject, true).map(|item| self.one(subject, item)),
            Make::First(subject) => self.edge(row, subject, false).map(|item| self.one(subject, item)),
            Make::MostFrequent(subject) => {
                self.most_frequent(row, subject);
                self.said.first().map(|item| self.member(subject, *item))
            }
            Make::Top(subject, most) => {
                self.most_frequent(row, subject);
                self.said.truncate(*most);
                self.set(subject)
            }
            Make::All(subject) => {
                self.gather(row, subject);
                self.said.sort_unstable();
                self.said.dedup();
                self.set(subject)
            }
        }
    }

    /// The subject of which items are members or single words.
    fn subject(&self) -> Option<&'s Subject> {
        match self.make {
            Make::First(subject) | Make::Last(subject) => Some(subject),
            Make::MostFrequent(subject) | Make::Top(subject, _) | Make::All(subject) => Some(subject),
            Make::Count | Make::CountDistinct(_) | Make::Sum(_) | Make::Average(..) => None,
            Make::Least(_) | Make::Greatest(_) => None,
        }
    }

    /// The words of the set that was made last.
    pub fn items(&self) -> &[i64] {
        &self.said
    }

    /// The text of an item of [`Made`].
    pub fn text(&self, item: i64) -> String {
        self.subject().map_or_else(String::new, |subject| self.shown(subject, item).to_string())
    }

    /// What one event says, as it is: a set is a value of its own.
    fn one(&self, subject: &Subject, item: i64) -> Made {
        let Subject::Property(property) = subject else { return self.member(subject, item) };
        match self.data.schema().property(*property).kind {
            FieldType::Keyword => Made::Item(item),
            FieldType::KeywordSet | FieldType::IntSet => Made::Value(self.data.value(*property, item)),
            _ => Made::Key(item),
        }
    }

    /// One of the items that are counted.
    fn member(&self, subject: &Subject, item: i64) -> Made {
        if subject.kind(self.data.schema()) == FieldType::Keyword { Made::Item(item) } else { Made::Key(item) }
    }

    /// The key of nothing added up.
    fn zero(&self, property: PropertyId) -> i64 {
        if self.data.schema().property(property).kind == FieldType::Float { float_to_key(0.0) } else { 0 }
    }

    /// The key of the sum of a property; with a scale, of its mean. None when there is no value.
    fn total(&mut self, row: u16, property: PropertyId, mean: Option<u8>) -> Option<i64> {
        let kind = self.data.schema().property(property).kind;
        let (mut count, mut total, mut float) = (0i128, 0i128, 0.0f64);
        self.chosen.each(row, |chunk, place| {
            if let Some(key) = said(chunk, place, property) {
                count += 1;
                if kind == FieldType::Float { float += float_from_key(key) } else { total += i128::from(key) }
            }
        });
        if count == 0 {
            return None;
        }
        if kind == FieldType::Float {
            let float = if mean.is_some() { float / count as f64 } else { float };
            // Numbers of both signs beyond all bounds leave nothing that could be said.
            return Some(float_to_key(if float.is_nan() { 0.0 } else { float.clamp(f64::MIN, f64::MAX) }));
        }
        let Some(scale) = mean else { return Some(clamped(total)) };
        let digits = if let FieldType::Decimal(scale) = kind { scale } else { 0 };
        let (more, less) = (power(scale.saturating_sub(digits)), power(digits.saturating_sub(scale)));
        Some(clamped(rounded(total.saturating_mul(more), count.saturating_mul(less))))
    }

    fn extreme(&mut self, row: u16, property: PropertyId, is_better: impl Fn(i64, i64) -> bool) -> Option<i64> {
        let mut best: Option<i64> = None;
        self.chosen.each(row, |chunk, place| {
            if let Some(key) = said(chunk, place, property)
                && best.is_none_or(|best| is_better(key, best))
            {
                best = Some(key);
            }
        });
        best
    }

    /// What the latest event says, or the earliest.
    fn edge(&mut self, row: u16, subject: &Subject, is_latest: bool) -> Option<i64> {
        let mut edge: Option<i64> = None;
        self.chosen.each(row, |chunk, place| {
            let item = match subject {
                Subject::Property(property) => said(chunk, place, *property),
                Subject::Time => Some(chunk.time(place)),
                Subject::Weekday(zone) => Some(weekday(zone, chunk.time(place))),
            };
            // Events come the newest first.
            if item.is_some() && (edge.is_none() || !is_latest) {
                edge = item;
            }
        });
        edge
    }

    /// Gathers what the events of a row say; of sets their members.
    fn gather(&mut self, row: u16, subject: &Subject) {
        let Self { chosen, words, said: items, data, .. } = self;
        items.clear();
        chosen.each(row, |chunk, place| match subject {
            Subject::Time => items.push(chunk.time(place)),
            Subject::Weekday(zone) => items.push(weekday(zone, chunk.time(place))),
            Subject::Property(property) => {
                let Some(key) = said(chunk, place, *property) else { return };
                match data.schema().property(*property).kind {
                    FieldType::KeywordSet | FieldType::IntSet => {
                        items.extend_from_slice(words.members(key, || data.value(*property, key)));
                    }
                    _ => items.push(key),
                }
            }
        });
    }

    /// What is said, each once, by how many say it, and then in order.
    fn most_frequent(&mut self, row: u16, subject: &Subject) {
        self.gather(row, subject);
        self.said.sort_unstable();
        let mut counted = std::mem::take(&mut self.counted);
        counted.clear();
        counted.extend(self.said.chunk_by(|left, right| left == right).map(|same| (same.len(), same[0])));
        counted
            .sort_unstable_by(|left, right| right.0.cmp(&left.0).then_with(|| self.compare(subject, left.1, right.1)));
        self.said.clear();
        self.said.extend(counted.iter().map(|(_, item)| *item));
        self.counted = counted;
    }

    /// Words by their letters, since their numbers say in which order they came; all else by its key.
    fn compare(&self, subject: &Subject, left: i64, right: i64) -> std::cmp::Ordering {
        let Subject::Property(property) = subject else { return left.cmp(&right) };
        match self.data.schema().property(*property).kind {
            FieldType::Keyword => {
                let dict = self.data.dictionary(*property);
                let text = |code| dict.zip(u32::try_from(code).ok()).map(|(dict, code)| dict.text(code));
                text(left).cmp(&text(right))
            }
            FieldType::KeywordSet => self.words.texts[left as usize].cmp(&self.words.texts[right as usize]),
            _ => left.cmp(&right),
        }
    }

    /// One item as it is read.
    fn shown(&self, subject: &Subject, item: i64) -> Value {
        match subject {
            Subject::Time => Value::Time(Timestamp(item)),
            Subject::Weekday(_) => Value::Keyword(WEEKDAYS[item as usize].to_owned()),
            Subject::Property(property) => match self.data.schema().property(*property).kind {
                FieldType::KeywordSet => Value::Keyword(self.words.texts[item as usize].clone()),
                FieldType::IntSet => Value::Int(item),
                _ => self.data.value(*property, item),
            },
        }
    }

    /// The items as a set; none of nothing.
    fn set(&mut self, subject: &Subject) -> Option<Made> {
        if self.said.is_empty() {
            return None;
        }
        if subject.kind(self.data.schema()) == FieldType::Int {
            let mut ints = self.said.clone();
            ints.sort_unstable();
            ints.truncate(SET_MEMBERS_MAX);
            return Some(Made::Value(Value::IntSet(ints)));
        }
        if self.said.len() > SET_MEMBERS_MAX {
            let mut items = std::mem::take(&mut self.said);
            items.sort_by_cached_key(|item| self.shown(subject, *item).to_string());
            items.truncate(SET_MEMBERS_MAX);
            self.said = items;
        }
        Some(Made::Items)
    }
}

impl Words {
    /// The members of the set that a code stands for: numbers as they are, words as they are numbered here.
    fn members(&mut self, code: i64, value: impl FnOnce() -> Value) -> &[i64] {
        let Self { numbers, texts, of_code } = self;
        of_code.entry(code).or_insert_with(|| match value() {
            Value::IntSet(members) => members,
            Value::KeywordSet(members) => {
                let number = |word: String| {
                    *numbers.entry(word).or_insert_with_key(|word| {
                        texts.push(word.clone());
                        texts.len() as i64 - 1
                    })
                };
                members.into_iter().map(number).collect()
            }
            _ => Vec::new(),
        })
    }
}

fn said(chunk: &Chunk, place: usize, property: PropertyId) -> Option<i64> {
    chunk.column(property)?.get(place)
}

/// From 0 for Monday.
fn weekday(zone: &TimeZone, micros: i64) -> i64 {
    let instant = jiff::Timestamp::from_microsecond(micros).unwrap_or_default();
    let seconds = micros.div_euclid(1_000_000) + i64::from(zone.to_offset(instant).seconds());
    // 1970-01-01 was a Thursday.
    (seconds.div_euclid(86_400) + 3).rem_euclid(7)
}

/// 10 to the power of at most 18.
pub(super) fn power(digits: u8) -> i128 {
    10i128.pow(u32::from(digits))
}

/// `total / count`, half away from zero; `count` is not 0.
pub(super) fn rounded(total: i128, count: i128) -> i128 {
    let (total, count) = if count < 0 { (-total, -count) } else { (total, count) };
    let half = (2 * (total.abs() % count) >= count) as i128;
    (total.abs() / count + half) * total.signum()
}

pub(super) fn clamped(total: i128) -> i64 {
    i64::try_from(total).unwrap_or(if total < 0 { i64::MIN } else { i64::MAX })
}
