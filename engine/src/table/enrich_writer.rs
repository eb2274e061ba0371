//! Computed fields in the next view: made for the rows in which something changed that they are made from.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use arrow_buffer::BooleanBuffer;
use rayon::prelude::*;

use super::field::{Appended, FieldEditor};
use super::view::View;
use super::writer::{SHARED_ROWS_MIN, Writer};
use crate::block::{Words, join, split};
use crate::enrich::{Aggregator, ComputedField, Enrichment, Formula, Made, OfEvents, Recipe, Watch};
use crate::event::EventData;
use crate::id::EventTypeId;
use crate::index::EventScan;

/// Rows after which somebody who waits is told, and asked whether to go on.
const WATCHED_ROWS: usize = 4_096;

/// Which computed fields are made, for whom.
#[derive(Debug, Clone, Default)]
pub(super) enum Extent {
    /// What changes make others.
    #[default]
    Changed,
    /// All, or those which the time makes others; for everybody.
    Everybody {
        /// Whether only those that move with time.
        moving: bool,
        /// Who waits; nobody where it is only looked whether all are what they would be made.
        watch: Option<Arc<Watch>>,
    },
}

/// Rows by what changed of them.
#[derive(Debug, Default)]
struct Rows {
    /// New ones, or all: every field is made.
    whole: Vec<u32>,
    /// Whether these are new and follow each other, so that their values are appended; they are known to be written.
    is_appended: bool,
    /// Those with other events.
    events: Vec<u32>,
    /// Those with other values or other events.
    any: Vec<u32>,
}

type Written = BTreeMap<u32, Box<Words>>;

/// Says of a computed field whether it is made.
type Chosen<'a> = dyn Fn(&ComputedField) -> bool + Sync + 'a;

impl View {
    /// The computed fields.
    pub fn enrichment(&self) -> &Enrichment {
        &self.enrichment
    }

    /// Gives the table other computed fields, or another instant for them; a [`Writer::for_everybody`] makes them.
    #[must_use]
    pub fn with_enrichment(mut self, enrichment: Enrichment) -> Self {
        self.enrichment = Arc::new(enrichment);
        self
    }
}

impl Writer {
    /// Makes computed fields for everybody: all, or those that the time makes others.
    #[must_use]
    pub fn for_everybody(mut self, moving: bool, watch: Arc<Watch>) -> Self {
        self.extent = Extent::Everybody { moving, watch: Some(watch) };
        self
    }

    /// Makes all computed fields for everybody as they were to be made: with the borders that they have.
    #[must_use]
    pub(super) fn made_again(mut self) -> Self {
        self.extent = Extent::Everybody { moving: false, watch: None };
        self
    }

    /// Makes the fields; returns them, with borders that were taken from the population.
    pub(super) fn enrich(
        &mut self,
        events: &EventData,
        event_rows: &Written,
        written: &mut Written,
    ) -> Arc<Enrichment> {
        if self.base.enrichment.is_empty() {
            return self.base.enrichment.clone();
        }
        let mut enrichment = self.base.enrichment.clone();
        let rows = self.rows_to_enrich(&enrichment, event_rows, written);
        let (moving, watch) = match &self.extent {
            Extent::Changed => (false, None),
            Extent::Everybody { moving, watch } => (*moving, watch.clone()),
        };
        let is_made = |field: &ComputedField| !moving || field.is_moving;
        let watch = watch.as_deref();
        if let Some(watch) = watch {
            watch.expect((enrichment.fields().iter().filter(|field| is_made(field)).count() * rows.whole.len()) as u64);
        }
        self.aggregate(&enrichment, events, &rows, written, (&is_made, watch));
        for index in 0..enrichment.fields().len() {
            let Recipe::Fields(formula) = &enrichment.fields()[index].recipe else { continue };
            if !is_made(&enrichment.fields()[index]) || watch.is_some_and(Watch::is_cancelled) {
                continue;
            }
            if let (Formula::Bands { of, bands, borders: None, .. }, Some(_)) = (formula, watch)
                && let Some(found) = self.borders(of.field.index(), *bands, &rows.whole)
            {
                let kind = self.base.schema.field(of.field).kind;
                Arc::make_mut(&mut enrichment).set_borders(index, found, kind);
            }
            self.calculate(&enrichment, index, &rows, written, watch);
        }
        enrichment
    }

    fn rows_to_enrich(&self, enrichment: &Enrichment, event_rows: &Written, written: &Written) -> Rows {
        let is_live = |row: &u32| self.live.contains(*row);
        if matches!(self.extent, Extent::Everybody { .. }) {
            return Rows { whole: (0..self.ids.len()).filter(is_live).collect(), ..Rows::default() };
        }
        let fresh_from = self.base.row_count();
        let is_old = |row: &u32| *row < fresh_from && is_live(row);
        let events: Vec<u32> = rows_of(event_rows).filter(is_old).collect();
        let any = if enrichment.reads_plain_fields() {
            let all: BTreeSet<u32> = rows_of(written).filter(is_old).chain(events.iter().copied()).collect();
            all.into_iter().collect()
        } else {
            events.clone()
        };
        let whole: Vec<u32> = (fresh_from..self.ids.len()).filter(is_live).collect();
        let is_appended = whole.len() == (self.ids.len() - fresh_from) as usize;
        Rows { whole, is_appended, events, any }
    }

    /// Makes what is made of events, each field by one thread.
    fn aggregate(
        &mut self,
        enrichment: &Enrichment,
        events: &EventData,
        rows: &Rows,
        written: &mut Written,
        (is_made, watch): (&Chosen<'_>, Option<&Watch>),
    ) {
        let touched = &self.event_types;
        let recipe = |index: usize| {
            let field = enrichment.fields().iter().find(|known| known.field.index() == index && is_made(known))?;
            let Recipe::Events(of) = &field.recipe else { return None };
            let has_changed = touched.iter().any(|event: &EventTypeId| field.recipe.is_of(*event));
            (has_changed || !rows.whole.is_empty()).then_some((&**of, has_changed))
        };
        let make = |(index, editor): (usize, &mut FieldEditor)| {
            let Some((of, has_changed)) = recipe(index) else { return Vec::new() };
            let scan = EventScan::of_kept(&of.events, events, enrichment.instant());
            let mut changed = if rows.is_appended && editor.has_ordered_keys() == Some(true) {
                append_rows(editor, of, (&scan, events), &rows.whole);
                Vec::new()
            } else {
                make_rows(editor, of, (&scan, events), &rows.whole, watch)
            };
            if has_changed {
                changed.extend(make_rows(editor, of, (&scan, events), &rows.events, None));
            }
            changed
        };
        let changed: Vec<Vec<u32>> = if rows.whole.len() + rows.events.len() < SHARED_ROWS_MIN {
            self.fields.iter_mut().enumerate().map(make).collect()
        } else {
            self.fields.par_iter_mut().enumerate().map(make).collect()
        };
        changed.into_iter().flatten().for_each(|row| mark(written, row));
    }

    /// Makes what is made of other fields.
    fn calculate(
        &mut self,
        enrichment: &Enrichment,
        index: usize,
        rows: &Rows,
        written: &mut Written,
        watch: Option<&Watch>,
    ) {
        let ComputedField { field, recipe: Recipe::Fields(formula), .. } = &enrichment.fields()[index] else { return };
        for (rows, is_appended) in [(&rows.whole, rows.is_appended), (&rows.any, false)] {
            let fields = &self.fields;
            let key = |row: &u32| formula.key(|field| fields[field.index()].key(*row), enrichment.instant());
            let keys: Vec<Option<i64>> = if rows.len() < SHARED_ROWS_MIN {
                rows.iter().map(key).collect()
            } else {
                rows.par_iter().with_min_len(WATCHED_ROWS).map(key).collect()
            };
            let editor = &mut self.fields[field.index()];
            if let (true, Some(first)) = (is_appended, rows.first()) {
                append(editor, *first, &keys);
                continue;
            }
            for (rows, keys) in rows.chunks(WATCHED_ROWS).zip(keys.chunks(WATCHED_ROWS)) {
                for (row, key) in rows.iter().zip(keys) {
                    let is_changed = match key {
                        Some(key) => editor.set_key(*row, *key),
                        None => editor.clear(*row),
                    };
                    if is_changed {
                        mark(written, *row);
                    }
                }
                if !is_wanted(watch, rows.len()) {
                    return;
                }
            }
        }
    }

    /// The least keys of all bands of a field but the first, so that about as many people are in each; none while there
    /// are fewer people than bands.
    fn borders(&self, field: usize, bands: usize, rows: &[u32]) -> Option<Vec<i64>> {
        let mut keys: Vec<i64> = rows.iter().filter_map(|row| self.fields[field].key(*row)).collect();
        keys.sort_unstable();
        (keys.len() >= bands).then(|| (1..bands).map(|band| keys[band * keys.len() / bands]).collect())
    }
}

/// Makes one field of some rows, ascending; returns those for which it is another value now.
fn make_rows(
    editor: &mut FieldEditor,
    of: &OfEvents,
    (scan, events): (&EventScan<'_>, &EventData),
    rows: &[u32],
    watch: Option<&Watch>,
) -> Vec<u32> {
    let mut changed = Vec::new();
    for rows in rows.chunk_by(|left, right| split(*left).0 == split(*right).0) {
        let mut aggregator = Aggregator::new(of, scan, events, split(rows[0]).0);
        let mut words = WordCodes::default();
        for rows in rows.chunks(WATCHED_ROWS) {
            for &row in rows {
                let made = aggregator.value(split(row).1);
                if words.put(editor, row, made, &aggregator) {
                    changed.push(row);
                }
            }
            if !is_wanted(watch, rows.len()) {
                return changed;
            }
        }
    }
    changed
}

/// Makes one field of numbers or times of rows that are new and follow each other.
fn append_rows(editor: &mut FieldEditor, of: &OfEvents, (scan, events): (&EventScan<'_>, &EventData), rows: &[u32]) {
    for rows in rows.chunk_by(|left, right| split(*left).0 == split(*right).0) {
        let mut aggregator = Aggregator::new(of, scan, events, split(rows[0]).0);
        let mut key = |row: &u32| match aggregator.value(split(*row).1)? {
            Made::Key(key) => Some(key),
            Made::Item(_) | Made::Items | Made::Value(_) => None,
        };
        append(editor, rows[0], &rows.iter().map(&mut key).collect::<Vec<_>>());
    }
}

/// Gives keys to rows that are new and follow each other.
fn append(editor: &mut FieldEditor, first: u32, keys: &[Option<i64>]) {
    let valid: BooleanBuffer = keys.iter().map(Option::is_some).collect();
    let keys = keys.iter().map(|key| key.unwrap_or_default()).collect();
    editor.append(first, valid.len(), Some(&valid), &Appended::Keys(keys));
}

/// The codes of a field for the words that are made of events, each looked up once in a block.
#[derive(Default)]
struct WordCodes {
    codes: HashMap<i64, u32>,
    of_row: Vec<u32>,
}

impl WordCodes {
    /// Gives a row its value, or takes it away; says whether anything is different.
    fn put(&mut self, editor: &mut FieldEditor, row: u32, made: Option<Made>, from: &Aggregator<'_, '_>) -> bool {
        match made {
            None => editor.clear(row),
            Some(Made::Key(key)) => editor.set_key_or_flag(row, key),
            Some(Made::Value(value)) => editor.set_value(row, &value),
            Some(Made::Item(item)) => {
                let code = self.code(editor, item, from);
                editor.set_code(row, code)
            }
            Some(Made::Items) => {
                let mut codes = std::mem::take(&mut self.of_row);
                codes.clear();
                codes.extend(from.items().iter().map(|item| self.code(editor, *item, from)));
                let changed = editor.set_member_codes(row, &codes);
                self.of_row = codes;
                changed
            }
        }
    }

    fn code(&mut self, editor: &mut FieldEditor, item: i64, from: &Aggregator<'_, '_>) -> u32 {
        *self.codes.entry(item).or_insert_with(|| {
            let text = from.text(item);
            editor.intern_all(1, |_| text.as_bytes())[0]
        })
    }
}

/// Tells whoever waits how many more values are made; says whether to go on.
fn is_wanted(watch: Option<&Watch>, made: usize) -> bool {
    watch.is_none_or(|watch| {
        watch.add(made as u64);
        !watch.is_cancelled()
    })
}

fn mark(written: &mut Written, row: u32) {
    let (block, offset) = split(row);
    written.entry(block).or_insert_with(Words::boxed).insert(offset);
}

fn rows_of(written: &Written) -> impl Iterator<Item = u32> {
    written.iter().flat_map(|(block, words)| words.iter().map(|offset| join(*block, offset)))
}
