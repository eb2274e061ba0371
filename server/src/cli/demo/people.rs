//! Customers and what they did: those who were there before the month at once, the others on the day they signed up.

use std::ops::Range;

use arrow::array::{AsArray, BooleanArray, RecordBatch};
use arrow::compute::{concat_batches, filter_record_batch};
use arrow::datatypes::TimestampMicrosecondType;
use muster_data::Population;
use muster_data::shop::Deeds;
use muster_engine::event::{EventBatch, EventTerms};
use muster_engine::table::ImportMode;
use muster_engine::tenant::{Tenant, Terms};
use muster_engine::time::Timestamp;

use crate::cli::{Failure, progress};
use crate::source::{fields_of, from_record_batch};

/// What the population is drawn from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Crowd {
    pub(super) seed: u64,
    pub(super) profiles: u64,
    pub(super) today: Timestamp,
}

/// Customers who sign up in the month.
pub(super) struct Arrivals {
    later: RecordBatch,
    deeds: Deeds,
    today: Timestamp,
}

impl Crowd {
    fn population(self) -> Population {
        Population::new(self.seed, self.profiles, self.today)
    }

    /// Imports everybody, and nothing of what they did.
    pub(super) fn import(self, tenant: &Tenant) -> Result<(), Failure> {
        self.import_some(tenant, &mut |batch| Ok(batch))
    }

    /// Imports whoever signed up before an instant, with what they did; hands out the others.
    pub(super) fn import_until(self, tenant: &Tenant, since: Timestamp) -> Result<Arrivals, Failure> {
        let deeds = Deeds::new(self.seed, self.today);
        let (mut later, mut done) = (Vec::new(), Vec::new());
        self.import_some(tenant, &mut |batch| {
            later.push(signed_up(&batch, since.0..i64::MAX)?);
            let there = signed_up(&batch, i64::MIN..since.0)?;
            done.push(deeds.of(&there));
            Ok(there)
        })?;
        add_events(tenant, &done, self.today)?;
        Ok(Arrivals { later: concat_batches(&self.population().schema(), &later)?, deeds, today: self.today })
    }

    /// Imports what `of` leaves of each batch.
    fn import_some(
        self,
        tenant: &Tenant,
        of: &mut dyn FnMut(RecordBatch) -> Result<RecordBatch, Failure>,
    ) -> Result<(), Failure> {
        let population = self.population();
        let bar = progress::rows("generating", Some(self.profiles));
        let mut import = tenant.import();
        import.prepare("id", &fields_of(&population.schema(), "id")?)?;
        let schema = import.schema().clone();
        for batch in population.batches() {
            let rows = batch.num_rows() as u64;
            import.upsert(&from_record_batch(&of(batch)?, "id", &schema)?, ImportMode::Replace)?;
            bar.inc(rows);
        }
        bar.finish_and_clear();
        import.commit(Terms::default())?;
        Ok(())
    }
}

impl Arrivals {
    /// Imports whoever signed up within a time, with what they did.
    pub(super) fn bring(&self, tenant: &Tenant, time: Range<i64>) -> Result<(), Failure> {
        let arrived = signed_up(&self.later, time)?;
        if arrived.num_rows() == 0 {
            return Ok(());
        }
        let mut import = tenant.import();
        let schema = import.schema().clone();
        import.upsert(&from_record_batch(&arrived, "id", &schema)?, ImportMode::Replace)?;
        import.commit(Terms::default())?;
        add_events(tenant, &[self.deeds.of(&arrived)], self.today)
    }
}

fn add_events(tenant: &Tenant, batches: &[EventBatch], now: Timestamp) -> Result<(), Failure> {
    let mut import = tenant.import_events(EventTerms { creates_profiles: false, now });
    for batch in batches.iter().filter(|batch| !batch.is_empty()) {
        import.add(batch)?;
    }
    import.commit(Terms::default())?;
    Ok(())
}

/// The rows of those who signed up within a time.
fn signed_up(batch: &RecordBatch, time: Range<i64>) -> Result<RecordBatch, Failure> {
    let signup = batch["signup"].as_primitive::<TimestampMicrosecondType>();
    let wanted: BooleanArray = signup.values().iter().map(|at| Some(time.contains(at))).collect();
    Ok(filter_record_batch(batch, &wanted)?)
}
