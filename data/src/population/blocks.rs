//! A population as a lazy sequence of record batches.
//!
//! Rows are drawn in blocks of [`BLOCK_ROWS`], each from a stream of its own, so the bytes depend on the seed and
//! `now` alone: not on threads, on the size of batches or on the fields chosen. A smaller population is the beginning
//! of a larger one. Only a few blocks are in memory at a time.

use std::collections::VecDeque;
use std::sync::Arc;

use arrow::array::{RecordBatch, RecordBatchOptions};
use arrow::datatypes::{Schema, SchemaRef};
use muster_engine::time::Timestamp;
use rayon::prelude::*;

use super::columns::column;
use super::fields::Field;
use super::person::{Person, Source};
use crate::error::{Error, Result};
use crate::random::Random;

/// Rows that are drawn from one stream of random numbers.
pub const BLOCK_ROWS: usize = 65_536;

/// The largest population that the command line writes, in rows.
pub const ROWS_MAX: u64 = 100_000_000;

/// Rows at a time are turned from customers into columns: few enough to stay in the cache.
const PEOPLE_AT_ONCE: usize = 2_048;

/// 2026-01-01T00:00:00Z, the instant to which a population is usually drawn.
pub const DEFAULT_NOW: Timestamp = Timestamp(1_767_225_600_000_000);

/// A made-up population: what it is drawn from, not the rows themselves.
#[derive(Clone)]
pub struct Population {
    seed: u64,
    rows: u64,
    now: Timestamp,
    batch_rows: usize,
    fields: Vec<Field>,
    schema: SchemaRef,
    source: Arc<Source>,
}

impl Population {
    /// `rows` customers as known at `now`, with all fields.
    pub fn new(seed: u64, rows: u64, now: Timestamp) -> Self {
        let fields = Field::ALL.to_vec();
        let schema = schema_of(&fields);
        Self { seed, rows, now, batch_rows: BLOCK_ROWS, fields, schema, source: Arc::new(Source::new()) }
    }

    /// The same population with the named fields only, in that order.
    pub fn with_fields(mut self, names: &[impl AsRef<str>]) -> Result<Self> {
        let fields = names.iter().map(|name| Field::named(name.as_ref())).collect::<Result<Vec<_>>>()?;
        for (index, field) in fields.iter().enumerate() {
            if fields[..index].contains(field) {
                return Err(Error::new(format!("the field {} is named twice", field.name())));
            }
        }
        self.schema = schema_of(&fields);
        self.fields = fields;
        Ok(self)
    }

    /// The same population in batches of at most `rows` rows; a batch never spans two blocks.
    #[must_use]
    pub fn with_batch_rows(mut self, rows: usize) -> Self {
        self.batch_rows = rows.clamp(1, BLOCK_ROWS);
        self
    }

    /// How many customers there are.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The columns of every batch.
    pub fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    /// The rows in order, drawn on all threads of the current rayon pool as they are asked for.
    pub fn batches(&self) -> Batches {
        Batches { population: self.clone(), next_block: 0, ready: VecDeque::new() }
    }

    /// How many blocks of [`BLOCK_ROWS`] the population has; the last may be shorter.
    pub fn block_count(&self) -> u64 {
        self.rows.div_ceil(BLOCK_ROWS as u64)
    }

    /// The rows of one block in batches; none beyond the last block.
    pub fn block(&self, block: u64) -> Vec<RecordBatch> {
        let first_row = block.saturating_mul(BLOCK_ROWS as u64);
        let mut left = self.rows.saturating_sub(first_row).min(BLOCK_ROWS as u64) as usize;
        let mut random = Random::new(self.seed, block);
        let mut row = first_row;
        let mut batches = Vec::new();
        while left > 0 {
            let mut pieces = Vec::new();
            let mut room = self.batch_rows.min(left);
            while room > 0 {
                let count = room.min(PEOPLE_AT_ONCE);
                pieces.push(self.piece(&mut random, row, count));
                (room, left, row) = (room - count, left - count, row + count as u64);
            }
            batches.push(arrow::compute::concat_batches(&self.schema, &pieces).expect("pieces have one schema"));
        }
        batches
    }

    fn piece(&self, random: &mut Random, first_row: u64, count: usize) -> RecordBatch {
        let people: Vec<Person> = (0..count).map(|_| Person::draw(random, &self.source, self.now)).collect();
        let columns = self.fields.iter().map(|&field| column(field, &people, &self.source, first_row)).collect();
        let options = RecordBatchOptions::new().with_row_count(Some(count));
        RecordBatch::try_new_with_options(self.schema.clone(), columns, &options).expect("columns fit their fields")
    }
}

fn schema_of(fields: &[Field]) -> SchemaRef {
    Arc::new(Schema::new(fields.iter().map(|field| field.column()).collect::<Vec<_>>()))
}

/// The batches of a [`Population`], in order.
pub struct Batches {
    population: Population,
    next_block: u64,
    ready: VecDeque<RecordBatch>,
}

impl Iterator for Batches {
    type Item = RecordBatch;

    fn next(&mut self) -> Option<RecordBatch> {
        if self.ready.is_empty() {
            let end = self.population.block_count().min(self.next_block + rayon::current_num_threads() as u64);
            let blocks: Vec<u64> = (self.next_block..end).collect();
            let drawn: Vec<Vec<RecordBatch>> =
                blocks.into_par_iter().map(|block| self.population.block(block)).collect();
            self.ready.extend(drawn.into_iter().flatten());
            self.next_block = end;
        }
        self.ready.pop_front()
    }
}
