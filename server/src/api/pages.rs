//! Paging: `limit` and `cursor` in, `items` and `next_cursor` out.
//!
//! A cursor names the data version and the instant of the first page, so that later pages neither repeat nor skip
//! anybody while writes go on.

use axum::http::StatusCode;
use muster_engine::block::Set;
use muster_engine::error::Error;
use muster_engine::id::Row;
use muster_engine::limits::PAGE_MEMBERS_MAX;
use muster_engine::tenant::State;
use muster_engine::time::Timestamp;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use utoipa::IntoParams;

use super::answer;
use super::app::{App, Reply, heavy};
use super::error::ApiError;
use crate::clock;

/// Members on a page when the request does not say.
const PAGE_MEMBERS: usize = 100;

/// Which page.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// Entries on the page, 1 to 10,000; 100 when left out.
    limit: Option<String>,
    /// `next_cursor` of the page before; none for the first page.
    cursor: Option<String>,
    /// The instant to evaluate for, RFC 3339; the server's clock when left out. A cursor carries its own.
    now: Option<String>,
    /// Ignored; for callers who send it with every request.
    #[allow(dead_code)]
    tenant_id: Option<String>,
}

/// Where a page starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cursor {
    /// Version of the first page.
    pub(super) version: u64,
    /// Instant of the first page.
    pub(super) now: Timestamp,
    /// The last row that was shown; of other things, how many were.
    pub(super) after: u32,
}

impl PageQuery {
    /// A page asked for among other things.
    pub(super) fn new(limit: Option<String>, cursor: Option<String>, now: Option<String>) -> Self {
        Self { limit, cursor, now, tenant_id: None }
    }

    /// Entries wanted.
    pub(super) fn limit(&self) -> Result<usize, ApiError> {
        let Some(text) = &self.limit else { return Ok(PAGE_MEMBERS) };
        match text.parse() {
            Ok(limit) if (1..=PAGE_MEMBERS_MAX).contains(&limit) => Ok(limit),
            _ => Err(Error::invalid(
                "/limit",
                "bad_limit",
                format!("limit is a whole number from 1 to {PAGE_MEMBERS_MAX}"),
            )
            .into()),
        }
    }

    /// The instant wanted for a first page.
    pub(crate) fn now(&self, clock: Timestamp) -> Result<Timestamp, ApiError> {
        let Some(text) = &self.now else { return Ok(clock) };
        // A plus sign that nobody encoded arrives as a space.
        Timestamp::parse(&text.replace(' ', "+"))
            .ok_or_else(|| Error::invalid("/now", "wrong_type", "now is a time such as 2018-01-01T00:00:00Z").into())
    }

    /// The last id that was shown, for lists of things that have ids.
    fn id_cursor(&self) -> Result<Option<u64>, ApiError> {
        let bad = || Error::invalid("/cursor", "bad_cursor", "cursor is the next_cursor of the page before, unchanged");
        self.cursor.as_ref().map(|text| text.parse().map_err(|_| bad().into())).transpose()
    }

    /// Where the page starts, when it is not the first.
    pub(super) fn cursor(&self) -> Result<Option<Cursor>, ApiError> {
        let Some(text) = &self.cursor else { return Ok(None) };
        Cursor::parse(text).map(Some).ok_or_else(|| {
            Error::invalid("/cursor", "bad_cursor", "cursor is the next_cursor of the page before, unchanged").into()
        })
    }
}

impl Cursor {
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '.');
        let (version, now, after) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Self { version: version.parse().ok()?, now: Timestamp(now.parse().ok()?), after: after.parse().ok()? })
    }

    pub(super) fn print(self) -> String {
        format!("{}.{}.{}", self.version, self.now.0, self.after)
    }
}

/// One page of profiles. `select` says which rows are paged through; it is asked on the state of the first page, so
/// that pages fit together. People erased since then are left out all the same.
pub(crate) fn members(
    app: &App,
    query: &PageQuery,
    select: impl FnOnce(&State, Timestamp) -> Result<Set, ApiError> + Send,
) -> Reply {
    let from = query.cursor()?;
    let now = from.map_or(query.now(clock::now())?, |cursor| cursor.now);
    members_at(app, query, now, select)
}

/// The same for rows that were selected for an instant of their own, whatever the request says.
pub(crate) fn members_at(
    app: &App,
    query: &PageQuery,
    now: Timestamp,
    select: impl FnOnce(&State, Timestamp) -> Result<Set, ApiError> + Send,
) -> Reply {
    let (limit, from) = (query.limit()?, query.cursor()?);
    let tenant = app.tenant()?;
    let newest = tenant.state();
    let state = from.map_or_else(|| Ok(newest.clone()), |cursor| tenant.state_at(cursor.version))?;
    let (body, more) = heavy(|| {
        let mut rows = select(&state, now)?;
        if newest.version != state.version {
            rows = rows.and(newest.view.live());
        }
        Ok::<_, ApiError>(page(&rows, &state, from, limit, now))
    })?;
    if more {
        tenant.pin(&state);
    }
    Ok(answer::json(StatusCode::OK, body))
}

/// The page, and whether a later one exists.
fn page(rows: &Set, state: &State, from: Option<Cursor>, limit: usize, now: Timestamp) -> (Json, bool) {
    let mut found = rows.rows_after(from.map(|cursor| cursor.after), limit + 1);
    let more = found.len() > limit;
    found.truncate(limit);
    let (version, view) = (state.version, &state.view);
    let next = found.last().filter(|_| more).map(|&after| Cursor { version, now, after }.print());
    let items: Vec<Json> = found.into_iter().map(|row| answer::profile(&view.profile(Row(row)), view)).collect();
    let page = json!({
        "items": items,
        "next_cursor": next,
        "total": rows.len(),
        "data_version": version,
        "now": now.to_string(),
    });
    (page, more)
}

/// One page of things that have ids: the things, and the cursor of the next page.
pub(crate) fn by_id<T>(
    all: impl Iterator<Item = T>,
    id: impl Fn(&T) -> u64,
    query: &PageQuery,
) -> Result<(Vec<T>, Option<String>), ApiError> {
    let (limit, after) = (query.limit()?, query.id_cursor()?);
    let mut found: Vec<T> = all.filter(|thing| after.is_none_or(|after| id(thing) > after)).take(limit + 1).collect();
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|last| id(last).to_string());
    Ok((found, next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_read_back() {
        let cursor = Cursor { version: 12, now: Timestamp(-5), after: u32::MAX };
        assert_eq!(Cursor::parse(&cursor.print()), Some(cursor));
        for text in ["", "1", "1.2", "1.2.x", "1.2.4294967296", "a.b.c", "1.2.3.4"] {
            assert_eq!(Cursor::parse(text), None, "{text}");
        }
    }
}
