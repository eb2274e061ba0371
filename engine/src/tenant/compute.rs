//! Computed fields: declared, and made anew for everybody.

use std::sync::Arc;

use super::Tenant;
use super::next::{Next, keep_id_tests};
use super::state::State;
use super::write::loggable;
use crate::command::{Command, ComputeChange, Outcome, kind};
use crate::enrich::Watch;
use crate::error::{Error, Problem, Result};
use crate::table::Writer;
use crate::time::Timestamp;

/// Applies a change. Whoever has the watch sees how far it has come, and can end it: nothing has changed then.
pub(super) fn compute(state: &mut State, change: &ComputeChange, watch: Arc<Watch>) -> Result<Outcome> {
    match change {
        ComputeChange::Declare { events, fields, now } => {
            let mut known = (**state.view.events().schema()).clone();
            known.declare(&events.types, &events.properties)?;
            let mut schema = (**state.view.schema()).clone();
            let before = state.view.schema().clone();
            let has_values = |field| !state.view.field(field).present.is_empty();
            let enrichment = state.view.enrichment().declare(&mut schema, &known, fields, &has_values)?.at(*now);
            state.view =
                state.view.clone().with_event_schema(known).with_schema(Arc::new(schema)).with_enrichment(enrichment);
            keep_id_tests(state, &before);
            rebuild(state, false, watch).map(|_| Outcome::Done)
        }
        ComputeChange::Rebuild { moving, now } => {
            let enrichment = state.view.enrichment().clone().at(*now);
            state.view = state.view.clone().with_enrichment(enrichment);
            rebuild(state, *moving, watch).map(Outcome::Patched)
        }
    }
}

/// Says whether anything is another value now.
fn rebuild(state: &mut State, moving: bool, watch: Arc<Watch>) -> Result<bool> {
    let view = Writer::new(state.view.clone()).for_everybody(moving, watch.clone()).finish().0;
    if watch.is_cancelled() {
        let message = "the rebuild was ended before it was done; nothing has changed";
        return Err(Error::Conflict(Problem::new("", "rebuild_cancelled", message)));
    }
    let has_changed = (0..view.block_count()).any(|block| view.block_version(block) != state.view.block_version(block));
    state.view = view;
    Ok(has_changed)
}

impl Tenant {
    /// Makes all computed fields anew, as of `now`: a change like any other, that somebody may watch and end. Other
    /// changes wait meanwhile, readers do not. Nothing of it is stored before it is done, so a crash leaves what was.
    ///
    /// # Errors
    /// `Conflict` with `rebuild_cancelled` when it was ended, `Storage` when it cannot be logged; nothing has changed
    /// then.
    pub fn rebuild(&self, now: Timestamp, watch: Arc<Watch>) -> Result<u64> {
        self.check()?;
        let _lead = self.queue.alone();
        let mut book = self.book.lock();
        let command = Command::Compute(ComputeChange::Rebuild { moving: false, now });
        let payload = loggable(book.log.as_ref(), None, &command)?;
        let mut next = Next::new((*self.state()).clone()).watched(watch);
        next.apply(command, None)?;
        if let Some(log) = &mut book.log {
            log.append(kind::CHANGE, &payload)?;
        }
        self.store(&mut book, true)?;
        let version = next.version();
        self.publish(next.finish());
        self.measure();
        Ok(version)
    }
}
