//! A bulk change of events: many batches that become visible together, or not at all.
//!
//! As with profiles (`import`), batches are logged as they come and take effect with a commit record; a rehearsal does the
//! same without a log and shows nothing.

use super::bulk_log::BulkLog;
use super::change::Terms;
use super::next::arrivals;
use super::queue::Lead;
use super::state::State;
use super::{Tenant, keys};
use crate::command::{Entry, Outcome, encode_event_batch, kind};
use crate::error::Result;
use crate::event::{EventBatch, EventCounts, EventSchema, EventTerms};
use crate::limits::PROBLEMS_MAX;
use crate::table::{RowOrder, Writer};

/// Events of one record of the log: so many that say several thousand bytes each fit into one. Records lead to the same
/// state as the batch that they are parts of.
const LOGGED_EVENTS: usize = 65_536;

/// Events that are being brought in, by an import or by the log of one.
#[derive(Debug)]
pub(super) struct EventBulk {
    base: State,
    terms: EventTerms,
    writer: Writer,
    counts: EventCounts,
    /// Events of the batches so far.
    seen: u64,
}

impl EventBulk {
    pub(super) fn new(base: State, terms: EventTerms) -> Self {
        let writer = Writer::new(base.view.clone()).with_row_order(RowOrder::Arrival);
        Self { base, terms, writer, counts: EventCounts::default(), seen: 0 }
    }

    /// Takes the events of a batch.
    pub(super) fn add(&mut self, batch: &EventBatch) -> Result<()> {
        let counts = self.writer.add_events(batch, self.terms)?;
        let all = &mut self.counts;
        all.accepted += counts.accepted;
        all.duplicates += counts.duplicates;
        all.profiles_created += counts.profiles_created;
        all.refused_total += counts.refused_total;
        let room = PROBLEMS_MAX - all.refused.len();
        all.refused.extend(counts.refused.into_iter().take(room).map(|(at, why)| (self.seen + at, why)));
        self.seen += batch.len() as u64;
        Ok(())
    }

    /// The state after the import.
    pub(super) fn finish(self) -> (State, EventCounts) {
        let mut state = self.base;
        let fresh_from = state.view.row_count();
        state.view = self.writer.finish().0;
        if self.counts.profiles_created > 0 {
            arrivals(&mut state, fresh_from);
        }
        state.version += 1;
        if self.counts.accepted > 0 {
            state.profiles_version = state.version;
        }
        let counts = EventCounts { data_version: state.version, ..self.counts };
        (state, counts)
    }
}

/// An import of events in progress. Dropped without [`EventImport::commit`], it has changed nothing.
#[derive(Debug)]
pub struct EventImport<'t> {
    tenant: &'t Tenant,
    bulk: EventBulk,
    /// Bytes that its events ask for.
    asked: u64,
    /// None in a rehearsal.
    log: Option<BulkLog<'t>>,
}

impl Tenant {
    /// A bulk change of events; as [`Self::import`].
    pub fn import_events(&self, terms: EventTerms) -> EventImport<'_> {
        // The import itself says what was found.
        let _ = self.check();
        EventImport::new(self, self.queue.alone(), terms)
    }

    /// The same only tried; as [`Self::rehearse_import`].
    pub fn rehearse_events(&self, terms: EventTerms) -> EventImport<'_> {
        EventImport::rehearsal(self, terms)
    }
}

impl<'t> EventImport<'t> {
    pub(super) fn new(tenant: &'t Tenant, lead: Lead<'t>, terms: EventTerms) -> Self {
        // First the lead, then the state: it is the newest until this import is over.
        let log = BulkLog::new(tenant, lead);
        Self { log: Some(log), ..Self::rehearsal(tenant, terms) }
    }

    pub(super) fn rehearsal(tenant: &'t Tenant, terms: EventTerms) -> Self {
        let bulk = EventBulk::new((*tenant.state()).clone(), terms);
        Self { tenant, bulk, asked: 0, log: None }
    }

    /// The types and properties that there were before.
    pub fn schema(&self) -> &EventSchema {
        self.bulk.base.view.events().schema()
    }

    /// Takes events; of several with the same id the first counts.
    ///
    /// # Errors
    /// As [`Writer::add_events`]; `Storage` when the batch cannot be logged; `Limit` with `memory_budget` when there is no
    /// room for it.
    pub fn add(&mut self, batch: &EventBatch) -> Result<()> {
        self.tenant.check()?;
        batch.check()?;
        self.asked += self.tenant.check_room_for_events(self.asked, batch)?;
        let terms = self.bulk.terms;
        if let Some(log) = &mut self.log {
            for from in (0..batch.len()).step_by(LOGGED_EVENTS) {
                let part = || encode_event_batch(&batch.slice(from, LOGGED_EVENTS.min(batch.len() - from)));
                log.batch(|| Entry::EventsBegin(terms), kind::EVENTS_BATCH, part)?;
            }
        }
        self.bulk.add(batch)
    }

    /// Makes everything visible at once. A rehearsal says what that would change, at the version it was tried on.
    ///
    /// # Errors
    /// `Storage` when it cannot be logged, `Conflict` when another change was made under its key; nothing is visible then.
    pub fn commit(mut self, terms: Terms) -> Result<EventCounts> {
        self.tenant.check()?;
        let Some(mut log) = self.log.take() else {
            let data_version = self.bulk.base.version;
            return Ok(EventCounts { data_version, ..self.bulk.finish().1 });
        };
        if let Some(outcome) = self.tenant.remembered(&terms)? {
            let Outcome::Events(counts) = outcome else { return Err(keys::used_otherwise()) };
            return Ok(counts);
        }
        let begin = self.bulk.terms;
        log.commit(|| Entry::EventsBegin(begin), |key| Entry::EventsCommit { key }, &terms)?;
        let (state, counts) = self.bulk.finish();
        log.publish(state, terms.key, Outcome::Events(counts.clone()));
        Ok(counts)
    }
}
