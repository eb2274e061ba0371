//! Events that pass a filter, laid beside the chunk that they are of, so that "at least k of these" is one look as well.
//!
//! A filter is laid when it is asked for a second time, and stays with the chunk until this is laid anew or others are
//! asked for more. What is found is the same with and without.

use std::sync::{Arc, OnceLock};

use parking_lot::Mutex;

use super::chunk::Chunk;
use super::pile::Pile;
use super::run::Run;

/// Filters of which events are laid: as much memory as so many more columns of times.
const LAID_MAX: usize = 4;

/// Filters that were asked for and are remembered by name.
const NAMED_MAX: usize = 16;

/// Bytes of the longest name of a filter.
const NAME_BYTES_MAX: usize = 512;

/// What is laid of a chunk, the filter that was asked for last at the end.
#[derive(Debug, Default)]
pub(super) struct Selected(OnceLock<Box<Mutex<Vec<Laid>>>>);

#[derive(Debug)]
struct Laid {
    name: Box<str>,
    events: Option<Arc<Run>>,
}

impl Selected {
    /// Heap bytes.
    pub(super) fn bytes(&self) -> usize {
        let Some(laid) = self.0.get() else { return 0 };
        let of_one =
            |laid: &Laid| size_of::<Laid>() + laid.name.len() + laid.events.as_ref().map_or(0, |events| events.bytes());
        laid.lock().iter().map(of_one).sum()
    }
}

impl Chunk {
    /// The events whose places pass a filter, without what they say beside; none while the filter is asked for the first
    /// time, or where looking at each event is as good. Filters of one name let the same events of a chunk pass.
    pub(super) fn selected(&self, name: &str, mut passes: impl FnMut(usize) -> bool) -> Option<Arc<Run>> {
        if name.len() > NAME_BYTES_MAX {
            return None;
        }
        let all = self.selected.0.get_or_init(Box::default);
        {
            let mut all = all.lock();
            let known = all.iter().position(|laid| *laid.name == *name);
            let found = known.map(|at| all.remove(at));
            let is_known = found.is_some();
            let laid = found.unwrap_or_else(|| Laid { name: name.into(), events: None });
            let events = laid.events.clone();
            all.push(laid);
            let beyond = all.len().saturating_sub(NAMED_MAX);
            all.drain(..beyond);
            if events.is_some() || !is_known {
                return events;
            }
        }
        let mut pile = Pile::default();
        self.each_row(|row, events| {
            let passing = events.places().filter(|place| passes(*place));
            passing.for_each(|place| pile.push(row, self.time(place)));
        });
        let events = Arc::new(Run::of(pile.lay()));
        let mut all = all.lock();
        if let Some(laid) = all.iter_mut().find(|laid| *laid.name == *name) {
            laid.events = Some(events.clone());
        }
        let mut laid = all.iter_mut().rev().filter(|laid| laid.events.is_some());
        laid.by_ref().take(LAID_MAX).for_each(drop);
        laid.for_each(|laid| laid.events = None);
        Some(events)
    }
}
