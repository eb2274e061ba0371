//! Lists of segments and of audiences: which are asked for, in which order, with which sizes, page by page.
//!
//! Archived ones are left out unless a status is asked for. A cursor names the data version of the first page, so pages
//! fit together in any order, sizes included.

use std::cmp::Ordering;
use std::sync::Arc;

use muster_engine::audience::Audience;
use muster_engine::catalog::{Attributes, Status};
use muster_engine::error::Error;
use muster_engine::segment::Segment;
use muster_engine::tenant::{State, Tenant};
use muster_engine::time::Timestamp;
use serde::Deserialize;
use utoipa::IntoParams;

use super::error::ApiError;
use super::pages::{Cursor, PageQuery};
use crate::clock;

/// Which of them, and how.
#[derive(Debug, Default, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    /// Entries on the page, 1 to 10,000; 100 when left out.
    limit: Option<String>,
    /// `next_cursor` of the page before; none for the first page.
    cursor: Option<String>,
    /// The instant to evaluate for, RFC 3339; the server's clock when left out. A cursor carries its own.
    now: Option<String>,
    /// Words that name, description, owner or a tag contain, in any case.
    q: Option<String>,
    /// A tag they have.
    tag: Option<String>,
    /// `draft`, `active`, `archived`, some of them with commas between, or `all`; all but archived when left out.
    status: Option<String>,
    /// `id` (the default), `name`, `updated`, `created` or `count`; with `-` before it the other way round.
    sort: Option<String>,
    /// `false` leaves sizes out; they are told when it is left out.
    counts: Option<String>,
    /// Ignored; for callers who send it with every request.
    #[allow(dead_code)]
    tenant_id: Option<String>,
}

/// What can be listed.
pub(super) trait Listed {
    fn id(&self) -> u64;
    fn name(&self) -> &str;
    fn texts(&self) -> [&str; 3];
    fn tags(&self) -> &[String];
    fn status(&self) -> Status;
    fn created(&self) -> Timestamp;
    fn updated(&self) -> Timestamp;
}

macro_rules! listed {
    ($kind:ty) => {
        impl Listed for $kind {
            fn id(&self) -> u64 {
                self.id.0
            }
            fn name(&self) -> &str {
                &self.name
            }
            fn texts(&self) -> [&str; 3] {
                [&self.name, &self.description, &self.owner]
            }
            fn tags(&self) -> &[String] {
                &self.tags
            }
            fn status(&self) -> Status {
                self.status
            }
            fn created(&self) -> Timestamp {
                self.created
            }
            fn updated(&self) -> Timestamp {
                self.updated
            }
        }
    };
}

listed!(Segment);
listed!(Audience);

/// A page.
#[derive(Debug)]
pub(super) struct Page<'s, T> {
    /// What is on it, each with its size if sizes are told.
    pub(super) items: Vec<(&'s T, Option<u64>)>,
    /// For the next page; none after the last.
    pub(super) next_cursor: Option<String>,
    /// How many there are on all pages.
    pub(super) total: usize,
}

/// By what a list is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Id,
    Name,
    Updated,
    Created,
    Count,
}

impl ListQuery {
    /// The state and the instant that the page is about.
    pub(super) fn moment(&self, tenant: &Tenant) -> Result<(Arc<State>, Timestamp), ApiError> {
        let page = self.page();
        Ok(match page.cursor()? {
            Some(cursor) => (tenant.state_at(cursor.version)?, cursor.now),
            None => (tenant.state(), page.now(clock::now())?),
        })
    }

    fn page(&self) -> PageQuery {
        PageQuery::new(self.limit.clone(), self.cursor.clone(), self.now.clone())
    }

    /// The page of all there is. `count` says how many people are in each of some.
    pub(super) fn pick<'s, T: Listed>(
        &self,
        all: impl Iterator<Item = &'s T>,
        version: u64,
        now: Timestamp,
        count: impl Fn(&[&T]) -> Result<Vec<u64>, ApiError>,
    ) -> Result<Page<'s, T>, ApiError> {
        let (page, (key, is_descending)) = (self.page(), self.key()?);
        let (limit, from) = (page.limit()?, page.cursor()?.map_or(0, |cursor| cursor.after as usize));
        let has_counts = self.has_counts()?;
        let statuses = self.statuses()?;
        let mut found: Vec<&T> = all.filter(|item| statuses.contains(&item.status()) && self.is_meant(*item)).collect();
        let total = found.len();
        let mut counts = if key == Key::Count { count(&found)? } else { Vec::new() };
        let mut order: Vec<usize> = (0..total).collect();
        order.sort_by(|&left, &right| {
            let by_count = || counts[left].cmp(&counts[right]);
            let ordering = compare(found[left], found[right], key, by_count);
            let ordering = if is_descending { ordering.reverse() } else { ordering };
            ordering.then(found[left].id().cmp(&found[right].id()))
        });
        let chosen: Vec<usize> = order.into_iter().skip(from).take(limit).collect();
        counts = if counts.is_empty() { counts } else { chosen.iter().map(|at| counts[*at]).collect() };
        found = chosen.into_iter().map(|at| found[at]).collect();
        if has_counts && counts.is_empty() {
            counts = count(&found)?;
        }
        let after = from + found.len();
        let next = (after < total).then_some(Cursor { version, now, after: u32::try_from(after).unwrap_or(u32::MAX) });
        let told = |(at, item)| (item, counts.get(at).copied().filter(|_| has_counts));
        Ok(Page {
            items: found.into_iter().enumerate().map(told).collect(),
            next_cursor: next.map(Cursor::print),
            total,
        })
    }

    /// Whether sizes are told.
    pub(super) fn has_counts(&self) -> Result<bool, ApiError> {
        match self.counts.as_deref() {
            None | Some("true") => Ok(true),
            Some("false") => Ok(false),
            Some(_) => Err(Error::invalid("/counts", "wrong_type", "counts is true or false").into()),
        }
    }

    /// The same without sizes, but in their order if that was asked for.
    pub(super) fn without_counts(&self) -> Self {
        Self { counts: Some("false".into()), ..self.clone() }
    }

    fn is_meant(&self, item: &impl Listed) -> bool {
        let has_tag = self.tag.as_ref().is_none_or(|tag| Attributes::has_tag(item.tags(), tag));
        let has_words = self.q.as_ref().is_none_or(|words| {
            let words = words.to_lowercase();
            let contains = |text: &str| text.to_lowercase().contains(&words);
            item.texts().into_iter().any(contains) || item.tags().iter().any(|tag| contains(tag))
        });
        has_tag && has_words
    }

    fn statuses(&self) -> Result<Vec<Status>, ApiError> {
        let named = |name: &str| {
            let message = format!("status is draft, active, archived, some of them, or all, not \"{name}\"");
            Status::from_name(name).ok_or_else(|| Error::invalid("/status", "bad_status", message).into())
        };
        match self.status.as_deref() {
            None => Ok(vec![Status::Draft, Status::Active]),
            Some("all") => Ok(Status::ALL.to_vec()),
            Some(names) => names.split(',').map(|name| named(name.trim())).collect(),
        }
    }

    fn key(&self) -> Result<(Key, bool), ApiError> {
        let name = self.sort.as_deref().unwrap_or("id");
        let (name, is_descending) = name.strip_prefix('-').map_or((name, false), |name| (name, true));
        let key = match name {
            "id" => Key::Id,
            "name" => Key::Name,
            "updated" => Key::Updated,
            "created" => Key::Created,
            "count" => Key::Count,
            _ => {
                let message = format!("sort is id, name, updated, created or count, with - to turn it, not \"{name}\"");
                return Err(Error::invalid("/sort", "bad_sort", message).into());
            }
        };
        Ok((key, is_descending))
    }
}

fn compare<T: Listed>(left: &T, right: &T, key: Key, by_count: impl Fn() -> Ordering) -> Ordering {
    match key {
        Key::Id => left.id().cmp(&right.id()),
        Key::Name => left.name().to_lowercase().cmp(&right.name().to_lowercase()),
        Key::Updated => left.updated().cmp(&right.updated()),
        Key::Created => left.created().cmp(&right.created()),
        Key::Count => by_count(),
    }
}
