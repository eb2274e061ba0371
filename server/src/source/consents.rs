//! A CSV of what people said about being contacted: one line each, with columns `id` (or `customer_id`), `channel`,
//! `purpose`, `state`, `source` and perhaps `time`.
//!
//! Nothing is lost silently: every data line becomes part of a [`Saying`] or a rejected row with all its reasons. Whether
//! somebody has the id is the engine's business.

use std::collections::BTreeMap;
use std::fs::File;

use muster_engine::command::Saying;
use muster_engine::error::{Error, Problem, Result};
use muster_engine::gate::{ConsentState, channel_name, purpose_name, source_name};
use muster_engine::limits::LIST_VALUES_MAX;
use muster_engine::rule::nearest;
use muster_engine::time::Timestamp;

use super::cell;
use super::csv::{CsvReader, bad_cell};
use super::lists::find_column;
use super::records::Record;
use super::rejects::{Rejects, pointer};

/// Columns that every line needs besides the id.
const REQUIRED: [&str; 4] = ["channel", "purpose", "state", "source"];

/// The column of the instant.
const TIME: &str = "time";

/// Microseconds by which another's clock may be ahead of this one's.
const AHEAD_US_MAX: i64 = 300_000_000;

/// What a file says.
#[derive(Debug, Clone, Default)]
pub struct ConsentFile {
    /// Whoever said the same in the same second there, together.
    pub said: Vec<Saying>,
    /// Data rows of the file; blank lines do not count.
    pub rows: u64,
    /// Rows that did not fit.
    pub rejects: Rejects,
}

/// Whether a state is one.
///
/// # Errors
/// The mistake, without its place.
pub fn consent_state(text: &str) -> std::result::Result<ConsentState, Problem> {
    let text = text.trim().to_lowercase();
    ConsentState::from_name(&text).ok_or_else(|| {
        let names = ConsentState::ALL.map(ConsentState::name);
        let message = format!("a consent is {} or {}, not \"{text}\"", names[0], names[1]);
        Problem::new("", "bad_state", message).with_suggestions(nearest(&text, names))
    })
}

/// Refuses an instant at which nobody can have said anything yet: it would count until then, whatever they say.
///
/// # Errors
/// The mistake, without its place.
pub fn consent_time(said: Timestamp, now: Timestamp) -> std::result::Result<Timestamp, Problem> {
    if said.0 > now.0.saturating_add(AHEAD_US_MAX) {
        let message = format!("{said} is in the future; a consent has the time at which it was given");
        return Err(Problem::new("", "time_in_future", message));
    }
    Ok(said)
}

/// Where each column is.
struct Columns {
    id: usize,
    required: [usize; 4],
    time: Option<usize>,
}

/// What makes two lines parts of the same saying.
type Key = (String, String, ConsentState, String, Timestamp);

/// Reads a file; lines without a time were said `now`.
///
/// # Errors
/// `Invalid` when there is no such column or the file is no CSV; `Limit` beyond [`LIST_VALUES_MAX`] lines.
pub fn read_consents(file: &File, now: Timestamp, is_channel: &dyn Fn(&str) -> bool) -> Result<ConsentFile> {
    let mut reader = CsvReader::open(file)?;
    let columns = Columns::find(&reader.names)?;
    let (mut found, mut said) = (ConsentFile::default(), BTreeMap::<Key, Vec<String>>::new());
    reader.each_block(|bytes, records| {
        for row in (0..records.len()).map(|at| records.row_at(bytes, at)) {
            found.rows += 1;
            match columns.read(&row, now, is_channel) {
                Ok((key, id)) => said.entry(key).or_default().push(id),
                Err(problems) => found.rejects.push(found.rows, problems),
            }
        }
        if found.rows > LIST_VALUES_MAX as u64 {
            let message = format!("a file of consents has at most {LIST_VALUES_MAX} lines; split it");
            return Err(Error::Limit(Problem::new("", "too_many_rows", message)));
        }
        Ok(())
    })?;
    let saying = |((channel, purpose, state, source, at), ids)| Saying { channel, purpose, state, source, at, ids };
    found.said = said.into_iter().map(saying).collect();
    Ok(found)
}

impl Columns {
    fn find(names: &[String]) -> Result<Self> {
        let column = |name: &str| names.iter().position(|known| known.eq_ignore_ascii_case(name));
        if let Some(name) = REQUIRED.into_iter().find(|name| column(name).is_none()) {
            let message = format!("no column is named \"{name}\"; a file of consents has {}", REQUIRED.join(", "));
            let near = nearest(name, names.iter().map(String::as_str));
            return Err(Problem::new("", "missing_column", message).with_suggestions(near).into());
        }
        let required = REQUIRED.map(|name| column(name).unwrap_or_default());
        Ok(Self { id: find_column(names, None)?, required, time: column(TIME) })
    }

    fn read(
        &self,
        row: &Record<'_>,
        now: Timestamp,
        is_channel: &dyn Fn(&str) -> bool,
    ) -> std::result::Result<(Key, String), Vec<Problem>> {
        let last = self.required.iter().chain([&self.id]).max().copied().unwrap_or_default();
        if last >= row.len() {
            let message = format!("the row has {} cells, at least {} are needed", row.len(), last + 1);
            return Err(vec![Problem::new("", "ragged_row", message)]);
        }
        let mut problems = Vec::new();
        let mut text = |at: usize| match row.cell(at) {
            Ok(text) => text.trim().to_owned(),
            Err(bad) => {
                problems.push(bad_cell(bad));
                String::new()
            }
        };
        let [channel, purpose, state, source] = self.required.map(&mut text);
        let (id, time) = (text(self.id), self.time.filter(|at| *at < row.len()).map(&mut text));
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut check = Checked(Vec::new());
        let channel = check.take(channel_name(&channel).and_then(|name| known(name, is_channel)));
        let (purpose, source) =
            (check.take(purpose_name(&purpose)), check.take(source_name(&source).map(str::to_owned)));
        let state = check.in_column("state", consent_state(&state));
        let at = match time.filter(|text| !text.is_empty()) {
            None => Some(now),
            Some(text) => check.in_column(TIME, instant(&text).and_then(|said| consent_time(said, now))),
        };
        let id =
            check.in_column("id", cell::id(&id).map_err(|refusal| refusal.in_column("")).map(|id| id.into_owned()));
        match (channel, purpose, state, source, at, id) {
            (Some(channel), Some(purpose), Some(state), Some(source), Some(at), Some(id)) => {
                Ok(((channel, purpose, state, source, at), id))
            }
            _ => Err(check.0),
        }
    }
}

/// Mistakes of a line, as they are found.
struct Checked(Vec<Problem>);

impl Checked {
    /// What the engine checked; its places are columns already.
    fn take<T>(&mut self, checked: Result<T>) -> Option<T> {
        match checked {
            Ok(value) => return Some(value),
            Err(Error::Invalid(problems)) => self.0.extend(problems),
            Err(error) => self.0.push(Problem::new("", "bad_row", error.to_string())),
        }
        None
    }

    fn in_column<T>(&mut self, name: &str, checked: std::result::Result<T, Problem>) -> Option<T> {
        checked.map_err(|problem| self.0.push(Problem { pointer: pointer(name), ..problem })).ok()
    }
}

fn known(name: String, is_channel: &dyn Fn(&str) -> bool) -> Result<String> {
    if is_channel(&name) {
        return Ok(name);
    }
    let message =
        format!("there is no channel \"{name}\"; say who consents to it first, with PUT /api/channels/{name}");
    Err(Error::invalid("/channel", "unknown_channel", message))
}

fn instant(text: &str) -> std::result::Result<Timestamp, Problem> {
    let message = format!("\"{text}\" is no time such as 2018-01-01T00:00:00Z");
    Timestamp::parse(text).ok_or_else(|| Problem::new("", "bad_time", message))
}
