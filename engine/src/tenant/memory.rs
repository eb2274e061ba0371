//! How much memory profiles may take, and what happens to those who ask for more: they are refused, with the figures.
//!
//! What counts is what [`State::bytes`] counts: columns, indexes, dictionaries and lists of ids, also where they lie in
//! mapped files, since changes bring them to the heap bit by bit. Between two measurements it is added up what changes
//! ask for. An import is forecast from its first rows.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arc_swap::ArcSwap;
use arrow_array::Array;

use super::Tenant;
use super::state::State;
use crate::block::BLOCK_ROWS;
use crate::command::{Command, ComputeChange, Contacted, GateChange, OfferChange, SaveSegment, SegmentContent};
use crate::error::{Error, Problem, Result};
use crate::event::EventBatch;
use crate::schema::Schema;
use crate::table::{Batch, ImportMode, RowOrder, View, Writer};

/// A change without profiles or ids: a name, a rule, some values.
const CHANGE_BYTES: u64 = 512;

/// An id in a list that no profile has, beside its text.
const ID_BYTES: u64 = 32;

/// A computed value, with its part of the index: what a value of the canonical profiles takes.
const COMPUTED_BYTES: u64 = 12;

/// A tenant is measured anew when changes have asked for this part of the budget since: it takes milliseconds.
const MEASURED_PART: u64 = 64;

/// A row's values take at most so many times in columns and indexes what they take in a batch. Imports that fit even
/// then are not forecast.
const ROUGH_FACTOR: u64 = 16;

/// Memory that some tenants share.
#[derive(Debug)]
pub struct Budget {
    /// Bytes in all.
    bytes: u64,
    used: AtomicU64,
}

impl Budget {
    /// A budget of so many bytes.
    pub fn new(bytes: u64) -> Self {
        Self { bytes, used: AtomicU64::new(0) }
    }

    /// Bytes in all; `u64::MAX` where there is no bound.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Bytes that its tenants took when they were measured last, and what their changes have asked for since.
    pub fn used(&self) -> u64 {
        self.used.load(Ordering::Relaxed)
    }

    fn has_room_for(&self, bytes: u64) -> bool {
        self.used().saturating_add(bytes) <= self.bytes
    }

    fn refuse(&self, what: &str) -> Error {
        let message = format!(
            "{what}, and {} of the budget of {} are in use; load fewer rows or fields, erase what nobody needs, or start \
             the server with a larger --memory",
            Size(self.used()),
            Size(self.bytes)
        );
        Error::Limit(Problem::new("", "memory_budget", message))
    }
}

impl Default for Budget {
    /// No bound.
    fn default() -> Self {
        Self::new(u64::MAX)
    }
}

/// Bytes for people.
struct Size(u64);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            bytes if bytes >> 30 > 0 => write!(f, "{:.1} GiB", bytes as f64 / (1u64 << 30) as f64),
            bytes => write!(f, "{:.1} MiB", bytes as f64 / (1u64 << 20) as f64),
        }
    }
}

/// A tenant's part of a budget.
#[derive(Debug, Default)]
pub(super) struct Memory {
    budget: ArcSwap<Budget>,
    /// What of the budget's use is this tenant's.
    counted: AtomicU64,
    /// What of that was asked for since the tenant was measured.
    asked: AtomicU64,
    /// The version that was measured last.
    measured_at: AtomicU64,
    /// Bytes of files that were mapped when the tenant was opened.
    mapped: u64,
}

impl Memory {
    /// Of a tenant that was opened from files of so many bytes.
    pub(super) fn mapping(bytes: u64) -> Self {
        let mut memory = Self::default();
        memory.mapped = bytes;
        memory
    }

    fn is_bounded(&self) -> bool {
        self.budget.load().bytes != u64::MAX
    }

    /// Whoever calls leads the queue, so that nobody else counts at the same time.
    fn count(&self, bytes: u64) {
        let before = self.counted.swap(bytes, Ordering::Relaxed);
        let budget = self.budget.load();
        budget.used.fetch_add(bytes, Ordering::Relaxed);
        budget.used.fetch_sub(before, Ordering::Relaxed);
    }

    fn measure(&self, state: &State) {
        self.asked.store(0, Ordering::Relaxed);
        self.measured_at.store(state.version, Ordering::Relaxed);
        self.count(state.bytes());
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        self.count(0);
    }
}

impl Tenant {
    /// The budget it is under.
    pub fn budget(&self) -> Arc<Budget> {
        self.memory.budget.load_full()
    }

    /// Bytes of files that were mapped when it was opened.
    pub fn mapped_bytes(&self) -> u64 {
        self.memory.mapped
    }

    /// Puts the tenant under a budget. What it holds already stays, even where it is more.
    pub fn limit_memory(&self, budget: &Arc<Budget>) {
        let _lead = self.queue.alone();
        self.memory.count(0);
        self.memory.budget.store(budget.clone());
        if self.is_unchecked() {
            // To measure is to read all; the files are about as large.
            self.memory.count(self.memory.mapped);
        } else {
            self.memory.measure(&self.state());
        }
    }

    /// Refuses a command for which there is no room; else notes what it asks for. `logged` are its bytes in the log, 0
    /// where there is none.
    pub(super) fn take_room(&self, command: &Command, logged: usize) -> Result<()> {
        let memory = &self.memory;
        if !memory.is_bounded() {
            return Ok(());
        }
        let profiles = || self.state().view.live().len();
        let Some(wanted) = wanted(command, logged as u64, &profiles) else { return Ok(()) };
        if !memory.budget.load().has_room_for(wanted) {
            // Perhaps changes have taken the place of others, or somebody was erased.
            let state = self.state();
            if memory.measured_at.load(Ordering::Relaxed) != state.version {
                memory.measure(&state);
            }
            let budget = memory.budget.load();
            if !budget.has_room_for(wanted) {
                return Err(budget.refuse(&format!("this change takes about {} more", Size(wanted))));
            }
        }
        memory.asked.fetch_add(wanted, Ordering::Relaxed);
        memory.count(memory.counted.load(Ordering::Relaxed) + wanted);
        Ok(())
    }

    /// What a batch of an import of events asks for, which has asked for so much already.
    ///
    /// # Errors
    /// `Limit` with `memory_budget` when there is no room for both.
    pub(super) fn check_room_for_events(&self, asked: u64, batch: &EventBatch) -> Result<u64> {
        if !self.memory.is_bounded() {
            return Ok(0);
        }
        let (wanted, budget) = (event_bytes(batch), self.memory.budget.load());
        if budget.has_room_for(asked + wanted) {
            return Ok(wanted);
        }
        Err(budget.refuse(&format!("the events of this import so far take about {}", Size(asked + wanted))))
    }

    /// Measures a new state where much was asked for.
    pub(super) fn measure_grown(&self) {
        let asked = self.memory.asked.load(Ordering::Relaxed);
        if self.memory.is_bounded() && asked > self.memory.budget.load().bytes / MEASURED_PART {
            self.memory.measure(&self.state());
        }
    }

    /// Measures a new state.
    pub(super) fn measure(&self) {
        if self.memory.is_bounded() {
            self.memory.measure(&self.state());
        }
    }
}

/// About how much memory a command asks for where there are so many profiles; none for one that only takes away.
fn wanted(command: &Command, logged: u64, profiles: &dyn Fn() -> u64) -> Option<u64> {
    let of_ids = |ids: &[String]| ids.iter().map(|id| id.len() as u64 + ID_BYTES).sum::<u64>();
    Some(match command {
        Command::EraseProfile { .. }
        | Command::DeleteSegment(_)
        | Command::DeleteAudience(_)
        | Command::ExpireEvents { .. }
        | Command::DeleteList(_)
        | Command::Offer(OfferChange::Delete(_)) => return None,
        // To add up the values takes longer than to know what they took in the log.
        Command::Upsert(_) | Command::AddEvents(..) if logged > 0 => logged,
        Command::AddEvents(batch, _) => event_bytes(batch),
        Command::Upsert(upsert) => batch_bytes(&upsert.batch),
        Command::PutList { ids, .. } => of_ids(ids),
        Command::PutSegment { content: SegmentContent::Ids(ids), .. }
        | Command::SaveSegment(SaveSegment { content: SegmentContent::Ids(ids), .. }) => of_ids(ids),
        Command::SaveSegment(SaveSegment { content: SegmentContent::Rows(rows), .. }) => rows.bytes() as u64,
        Command::Offer(OfferChange::Put { details, .. }) => details.bytes() as u64 + CHANGE_BYTES,
        Command::ChangeMembers(change) => of_ids(&change.add) + CHANGE_BYTES,
        Command::Gate(
            GateChange::AddToSuppression { ids, .. } | GateChange::RecordContacts { who: Contacted::Ids(ids), .. },
        ) => of_ids(ids) + CHANGE_BYTES,
        Command::Gate(GateChange::RecordConsents(said)) => {
            said.iter().map(|saying| of_ids(&saying.ids) + saying.source.len() as u64 + CHANGE_BYTES).sum()
        }
        Command::Gate(GateChange::DeleteSuppression(_) | GateChange::DeleteGroup(_)) => return None,
        Command::Compute(ComputeChange::Declare { fields, .. }) => {
            let declared = fields.iter().filter(|(_, definition)| definition.is_some()).count() as u64;
            declared * COMPUTED_BYTES * profiles() + CHANGE_BYTES
        }
        _ => CHANGE_BYTES,
    })
}

/// Bytes of a batch's values.
fn batch_bytes(batch: &Batch) -> u64 {
    let of = |array: &dyn Array| array.to_data().get_slice_memory_size().unwrap_or_default() as u64;
    of(&batch.ids) + batch.columns.iter().map(|column| of(&*column.values)).sum::<u64>()
}

/// Bytes that events take at most, about: what they were sent as takes more than what is kept of it.
fn event_bytes(batch: &EventBatch) -> u64 {
    let of = |array: &dyn Array| array.to_data().get_slice_memory_size().unwrap_or_default() as u64;
    of(&batch.ids) + of(&batch.times) + batch.properties.iter().map(|property| of(&*property.values)).sum::<u64>()
}

/// How much an import will take, as far as its rows so far tell.
#[derive(Debug, Default)]
pub(super) struct Forecast {
    /// Rows that the import was said to have.
    expected: u64,
    seen: u64,
    /// Bytes of the rows so far, as they came.
    bytes: u64,
    /// A table of the first rows.
    sample: Option<Writer>,
    sampled: u64,
    /// Rows of those whose profile is new.
    fresh: u64,
    /// Bytes that a new profile takes, once it was measured.
    row_bytes: Option<f64>,
}

impl Forecast {
    pub(super) fn expect(&mut self, rows: u64) {
        self.expected = rows;
    }

    /// Refuses the import when a further batch shows that it will not fit.
    pub(super) fn add(&mut self, memory: &Memory, base: &View, schema: &Arc<Schema>, batch: &Batch) -> Result<()> {
        if !memory.is_bounded() {
            return Ok(());
        }
        self.seen += batch.row_count() as u64;
        self.bytes += batch_bytes(batch);
        let rows = self.expected.max(self.seen);
        let rough = (self.bytes / self.seen.max(1)).saturating_mul(ROUGH_FACTOR).saturating_mul(rows);
        if memory.budget.load().has_room_for(rough) && self.row_bytes.is_none() {
            return Ok(());
        }
        if self.row_bytes.is_none() {
            let empty = || Writer::new(View::default().with_schema(schema.clone())).with_row_order(RowOrder::Arrival);
            self.sample.get_or_insert_with(empty).upsert(batch, ImportMode::Replace)?;
            self.sampled += batch.row_count() as u64;
            self.fresh += batch.ids.iter().flatten().filter(|id| base.row(id).is_none()).count() as u64;
            if self.sampled < rows.min(BLOCK_ROWS as u64) {
                return Ok(());
            }
        }
        self.check(memory, base, schema)
    }

    /// Refuses the import when all of its rows have been seen and do not fit.
    pub(super) fn finish(&mut self, memory: &Memory, base: &View, schema: &Schema) -> Result<()> {
        self.expected = self.seen;
        self.check(memory, base, schema)
    }

    fn check(&mut self, memory: &Memory, base: &View, schema: &Schema) -> Result<()> {
        if let Some(sample) = self.sample.take() {
            let computed = COMPUTED_BYTES * base.enrichment().fields().len() as u64;
            self.row_bytes = Some(sample.finish().0.bytes() as f64 / self.sampled.max(1) as f64 + computed as f64);
        }
        let Some(row_bytes) = self.row_bytes else { return Ok(()) };
        let rows = self.expected.max(self.seen);
        let growth = rows as f64 * row_bytes * self.grown_part(base, schema);
        // Beyond u64 it is too much in any case.
        let growth = growth as u64;
        let budget = memory.budget.load();
        if budget.has_room_for(growth) {
            return Ok(());
        }
        Err(budget.refuse(&format!(
            "this import would take about {} ({rows} rows, a new profile {row_bytes:.0} bytes, measured on the first {})",
            Size(growth),
            self.sampled
        )))
    }

    /// What of a new profile's bytes a row takes on average: all of them, or those of fields that are new.
    fn grown_part(&self, base: &View, schema: &Schema) -> f64 {
        let fresh = self.fresh as f64 / self.sampled.max(1) as f64;
        let (fields, before) = (schema.fields().len().max(1) as f64, base.schema().fields().len() as f64);
        fresh + (1.0 - fresh) * (1.0 - before / fields).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tenants_share_a_budget_to_the_last_byte() {
        let budget = Arc::new(Budget::new(CHANGE_BYTES + 100));
        let (one, other) = (Tenant::default(), Tenant::default());
        [&one, &other].into_iter().for_each(|tenant| tenant.limit_memory(&budget));
        let change = Command::AddFields(vec![("a".to_owned(), crate::schema::FieldType::Int)]);
        one.memory.count(101);
        let refused = other.apply(change.clone()).expect_err("a byte too many");
        assert!(matches!(&refused, Error::Limit(problem) if problem.code == "memory_budget"), "{refused}");
        one.memory.count(100);
        other.apply(change.clone()).expect("it just fits");
        assert_eq!(budget.used(), 100 + other.state().bytes(), "a change is measured when it was large");
        drop((one, other));
        assert_eq!(budget.used(), 0);
    }

    #[test]
    fn sizes_are_said_in_words() {
        assert_eq!(Size(3 << 19).to_string(), "1.5 MiB");
        assert_eq!(Size(5 << 29).to_string(), "2.5 GiB");
    }
}
