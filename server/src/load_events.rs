//! A file of events into a tenant: properties looked for where they are not known, batches added, every row accounted
//! for. The same for an upload over HTTP and for a file on the command line.
//!
//! All or nothing: a file that cannot be read to its end changes nothing.

use std::fs::File;

use muster_engine::error::{Error, Problem, Result};
use muster_engine::event::{EventCounts, EventRefusal, EventTerms};
use muster_engine::tenant::{EventImport, Tenant, Terms};

use crate::limits::SMALL_IMPORT_ATTEMPTS;
use crate::source::{self, EventColumns, Format, Rejects, RowNumbers};

/// How to read a file of events.
#[derive(Debug, Clone)]
pub struct EventLoad {
    /// What the bytes are.
    pub format: Format,
    /// The column of the profile's external id; `profile_id` when not said.
    pub id_field: Option<String>,
    /// Under which terms events are taken.
    pub taken: EventTerms,
    /// Under which terms the import is made.
    pub terms: Terms,
}

/// What an import of events did. `rows = counts.accepted + counts.duplicates + counts.refused_total + rejects.total`.
#[derive(Debug, Clone, Default)]
pub struct EventLoadReport {
    /// Data rows of the file.
    pub rows: u64,
    /// Rows that did not fit.
    pub rejects: Rejects,
    /// What became of those that did.
    pub counts: EventCounts,
    /// The first of those that were refused all the same: the number of the row, and why.
    pub refused: Vec<(u64, EventRefusal)>,
}

/// Imports a file. `progress` is told how many rows have been read.
///
/// # Errors
/// `Invalid` when the file as a whole is wrong, `Limit` when there is no room; then nothing has changed. Rows that do not
/// fit are in the report.
pub fn load_events(
    tenant: &Tenant,
    file: &File,
    load: &EventLoad,
    progress: &mut dyn FnMut(u64),
) -> Result<EventLoadReport> {
    read_into(tenant, &|| tenant.import_events(load.taken), file, load, progress)
}

/// Says what the import of a file would do, and changes nothing.
///
/// # Errors
/// As [`load_events`].
pub fn rehearse_events(
    tenant: &Tenant,
    file: &File,
    load: &EventLoad,
    progress: &mut dyn FnMut(u64),
) -> Result<EventLoadReport> {
    read_into(tenant, &|| tenant.rehearse_events(load.taken), file, load, progress)
}

fn read_into<'t>(
    tenant: &'t Tenant,
    begin: &dyn Fn() -> EventImport<'t>,
    file: &File,
    load: &EventLoad,
    progress: &mut dyn FnMut(u64),
) -> Result<EventLoadReport> {
    for _ in 0..SMALL_IMPORT_ATTEMPTS {
        // Others may write while types are looked for; if a property got its type meanwhile, they are looked for again.
        let state = tenant.state();
        let schema = state.view.events().schema();
        let columns = EventColumns::infer(file, load.format, load.id_field.as_deref(), schema)?;
        let mut import = begin();
        if import.schema() != &**schema {
            continue;
        }
        // Where each batch's events begin among all, and which rows they are.
        let mut numbered: Vec<(u64, RowNumbers)> = Vec::new();
        let mut seen = 0;
        let read = source::read_events(file, load.format, &columns, &mut |batch, numbers| {
            import.add(batch)?;
            numbered.push((seen, numbers.clone()));
            seen += batch.len() as u64;
            progress(numbers.first() - 1 + batch.len() as u64);
            Ok(())
        })?;
        let counts = import.commit(load.terms.clone())?;
        let row = |place: u64| {
            let at = numbered.partition_point(|(start, _)| *start <= place).checked_sub(1);
            at.map_or(0, |at| numbered[at].1.at(place - numbered[at].0))
        };
        let refused = counts.refused.iter().map(|(place, why)| (row(*place), *why)).collect();
        return Ok(EventLoadReport { rows: read.rows, rejects: read.rejects, counts, refused });
    }
    let message = "properties of events were added again and again while the file was read; send it again";
    Err(Error::Conflict(Problem::new("", "schema_changed", message)))
}
