//! What a field's values look like: how many, how many different, least, greatest, most frequent.

use rayon::prelude::*;

use super::profile::member_int;
use super::view::View;
use crate::column::{Column, Dict};
use crate::id::FieldId;
use crate::index::Index;
use crate::schema::{FieldType, Value};

/// Most frequent values of a summary.
pub const TOP_VALUES: usize = 10;

/// One field at one version. Exact.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldSummary {
    /// The field.
    pub field: FieldId,
    /// Profiles that have a value.
    pub present: u64,
    /// Different values (of a set: different members).
    pub distinct: u64,
    /// Least value, of scalar fields.
    pub min: Option<Value>,
    /// Greatest value, of scalar fields.
    pub max: Option<Value>,
    /// The most frequent values (of a set: members) with their profiles, most first, equal ones in order of value.
    pub top: Vec<(Value, u64)>,
}

impl View {
    /// Every field's summary, in schema order. Reads every column that has no postings: tens of milliseconds at a
    /// million profiles.
    pub fn summaries(&self) -> Vec<FieldSummary> {
        self.schema.fields().par_iter().map(|field| self.summary(field.id)).collect()
    }

    /// One field's summary.
    pub fn summary(&self, id: FieldId) -> FieldSummary {
        let data = self.field(id);
        let kind = self.schema.field(id).kind;
        let mut summary =
            FieldSummary { field: id, present: data.present.len(), distinct: 0, min: None, max: None, top: Vec::new() };
        let mut counted: Vec<(Value, u64)> = match (&data.column, &data.index) {
            (Column::Flag, Index::Flag(truths)) => {
                vec![(Value::Bool(false), data.present.len() - truths.len()), (Value::Bool(true), truths.len())]
            }
            (Column::Flag, _) => Vec::new(),
            (Column::Scalar(keys), _) => {
                let counts = run_lengths(data.present.rows().filter_map(|row| keys.get(row)).collect());
                let value = |entry: Option<&(i64, u64)>| entry.map(|(key, _)| Value::from_key(kind, *key));
                (summary.min, summary.max) = (value(counts.first()), value(counts.last()));
                summary.distinct = counts.len() as u64;
                most(counts).into_iter().map(|(key, count)| (Value::from_key(kind, key), count)).collect()
            }
            (Column::Keyword(keyword), Index::Postings(postings)) => {
                by_code(kind, &keyword.dict, |code| postings.count(code))
            }
            (Column::Keyword(keyword), _) => {
                let counts = run_lengths(data.present.rows().map(|row| keyword.codes.get(row)).collect());
                summary.distinct = counts.len() as u64;
                most(counts).into_iter().map(|(code, count)| (member(kind, keyword.dict.text(code)), count)).collect()
            }
            (Column::Members(members), Index::Postings(postings)) => {
                by_code(kind, &members.dict, |code| postings.count(code))
            }
            (Column::Members(members), _) => {
                let counts =
                    run_lengths(data.present.rows().flat_map(|row| members.get(row).iter().copied()).collect());
                summary.distinct = counts.len() as u64;
                most(counts).into_iter().map(|(code, count)| (member(kind, members.dict.text(code)), count)).collect()
            }
        };
        counted.retain(|(_, count)| *count > 0);
        summary.distinct = summary.distinct.max(counted.len() as u64);
        counted.sort_by(|left, right| right.1.cmp(&left.1).then_with(|| left.0.to_string().cmp(&right.0.to_string())));
        counted.truncate(TOP_VALUES);
        summary.top = counted;
        summary
    }
}

fn by_code(kind: FieldType, dict: &Dict, count: impl Fn(u32) -> u64) -> Vec<(Value, u64)> {
    dict.iter().map(|(code, text)| (member(kind, text), count(code))).collect()
}

fn member(kind: FieldType, bytes: &[u8]) -> Value {
    if kind == FieldType::IntSet {
        Value::Int(member_int(bytes))
    } else {
        Value::Keyword(String::from_utf8_lossy(bytes).into_owned())
    }
}

/// Different keys, ascending, and how often each occurs.
fn run_lengths<T: Ord + Copy>(mut keys: Vec<T>) -> Vec<(T, u64)> {
    keys.sort_unstable();
    keys.chunk_by(|left, right| left == right).map(|run| (run[0], run.len() as u64)).collect()
}

/// The most frequent entries; of equal ones the first.
fn most<T: Copy>(mut counts: Vec<(T, u64)>) -> Vec<(T, u64)> {
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts.truncate(TOP_VALUES);
    counts
}
