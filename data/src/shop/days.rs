//! A month as a lazy sequence of record batches in order of time.
//!
//! A day is drawn on all threads, put in order of its instants, and handed out in batches. The bytes depend on the
//! seed, the people and the days alone.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use muster_engine::time::{DAY_US, Timestamp};
use rayon::prelude::*;

use super::columns::{Day, batch, schema};
use super::products::Products;
use super::visitor::{Drawn, draw_day, hours};
use crate::random::Ranked;

/// Events in one batch.
const BATCH_EVENTS: usize = 65_536;

/// People who are drawn by one thread at a time.
const PEOPLE_AT_ONCE: u32 = 16_384;

/// The most people that the command line writes: about 900 million events in a month.
pub const PEOPLE_MAX: u32 = 50_000_000;

/// The longest time that is drawn, in days: a person has a stream of random numbers for each of 255.
pub const DAYS_MAX: u64 = 255;

/// 2025-12-02T00:00:00Z: thirty days later a population is usually drawn.
pub const DEFAULT_START: Timestamp = Timestamp(1_764_633_600_000_000);

/// A shop and a time: what its events are drawn from, not the events themselves.
#[derive(Clone)]
pub struct Shop {
    seed: u64,
    people: u32,
    start: Timestamp,
    days: u64,
    schema: SchemaRef,
    products: Arc<Products>,
    hours: Arc<Ranked>,
}

impl Shop {
    /// What `people` did in `days` from `start` on, about 18 events each in 30 days; at most [`DAYS_MAX`] are drawn.
    pub fn new(seed: u64, people: u32, start: Timestamp, days: u64) -> Self {
        let (products, hours) = (Arc::new(Products::new()), Arc::new(hours()));
        Self { seed, people, start, days: days.clamp(1, DAYS_MAX), schema: schema(), products, hours }
    }

    /// The columns of every batch: `event_id`, `profile_id`, `type`, `time`, `amount` and properties.
    pub fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    /// Roughly how many events there are.
    pub fn expected(&self) -> u64 {
        // One session is sure, whatever the days; the others are for thirty.
        u64::from(self.people) * 18
    }

    /// The events in order of time, drawn day by day on all threads of the current rayon pool.
    pub fn events(&self) -> Events {
        Events { shop: self.clone(), day: 0, drawn: Vec::new(), next: 0 }
    }

    /// Everything that happened on one day, in order of time; events of one instant in order of people.
    fn day(&self, day: u64) -> Vec<Drawn> {
        let chunks = self.people.div_ceil(PEOPLE_AT_ONCE);
        let drawn: Vec<Vec<Drawn>> = (0..chunks)
            .into_par_iter()
            .map(|chunk| {
                let first = chunk * PEOPLE_AT_ONCE;
                let mut out = Vec::new();
                for person in first..self.people.min(first + PEOPLE_AT_ONCE) {
                    draw_day(&mut out, (self.seed, person, day, self.days), &self.products, &self.hours);
                }
                out
            })
            .collect();
        let mut all = drawn.concat();
        // Stable: a person's events of one instant stay in the order in which they were drawn.
        all.par_sort_by_key(|event| (event.at, event.person));
        all
    }
}

/// The batches of a [`Shop`], in order.
pub struct Events {
    shop: Shop,
    day: u64,
    drawn: Vec<Drawn>,
    /// The first of `drawn` that was not handed out yet.
    next: usize,
}

impl Iterator for Events {
    type Item = RecordBatch;

    fn next(&mut self) -> Option<RecordBatch> {
        while self.next == self.drawn.len() {
            if self.day == self.shop.days {
                return None;
            }
            self.drawn = self.shop.day(self.day);
            (self.day, self.next) = (self.day + 1, 0);
        }
        let end = self.drawn.len().min(self.next + BATCH_EVENTS);
        let number = self.day - 1;
        let day = Day { number, start: self.shop.start.0 + number as i64 * DAY_US };
        let events = &self.drawn[self.next..end];
        let made = batch(&self.shop.schema, events, &self.shop.products, day, self.next);
        self.next = end;
        Some(made)
    }
}
