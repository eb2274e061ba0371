//! Instants of a chunk's rows that a test of events asks for, laid beside the chunk, so that asking again is one look.
//!
//! Either the events that a test chooses, so that "at least k of these" is a look in an order; or the instants at which a
//! test turns, when its window begins earlier and earlier (`index::event::turning` says which). Both are runs of times
//! and nothing else. What a test asks for is laid when it is asked for a second time, and stays with the chunk until this
//! is laid anew or others are asked for more. What is found is the same with and without.

use std::sync::{Arc, OnceLock, Weak};

use parking_lot::Mutex;

use super::chunk::{Chunk, Events};
use super::pile::Pile;
use super::run::Run;

/// All that is laid takes at most so many bytes beside each of the chunk's own.
const LAID_FACTOR: usize = 1;

/// What is laid beside a small chunk takes at most so many bytes.
const LAID_BYTES_MIN: usize = 1 << 16;

/// Tests that were asked for and are remembered by name.
const NAMED_MAX: usize = 64;

/// Bytes of the longest name of a test.
const NAME_BYTES_MAX: usize = 1_024;

/// What is laid of a chunk, the test that was asked for last at the end.
#[derive(Debug, Default)]
pub(super) struct Selected(OnceLock<Box<Mutex<Vec<Laid>>>>);

#[derive(Debug)]
struct Laid {
    name: Box<str>,
    /// The chunks that were read beside this one; none where there was none.
    beside: Vec<Option<Weak<Chunk>>>,
    instants: Option<Arc<Run>>,
}

impl Laid {
    fn bytes(&self) -> usize {
        size_of::<Self>() + self.name.len() + self.instants.as_ref().map_or(0, |instants| instants.bytes())
    }

    fn is_of(&self, beside: &[Option<&Arc<Chunk>>]) -> bool {
        // A chunk that is kept weakly leaves its address to no other.
        let address = |known: &Option<Weak<Chunk>>| known.as_ref().map(Weak::as_ptr);
        self.beside.iter().map(address).eq(beside.iter().map(|chunk| chunk.map(Arc::as_ptr)))
    }
}

impl Selected {
    /// Heap bytes.
    pub(super) fn bytes(&self) -> usize {
        self.0.get().map_or(0, |laid| laid.lock().iter().map(Laid::bytes).sum())
    }
}

impl Chunk {
    /// The instants that `list` gives for each row, the newest first; none while a test is asked for the first time, or
    /// where looking at each event is as good. Tests of one name ask for the same instants of the same chunks.
    pub(super) fn laid<'c>(
        &'c self,
        name: &str,
        beside: &[Option<&Arc<Self>>],
        mut list: impl FnMut(u16, Events<'c>, &mut dyn FnMut(i64)),
    ) -> Option<Arc<Run>> {
        if name.len() > NAME_BYTES_MAX {
            return None;
        }
        let all = self.selected.0.get_or_init(Box::default);
        {
            let mut all = all.lock();
            let found = all.iter().position(|laid| *laid.name == *name).map(|at| all.remove(at));
            let is_known = found.is_some();
            let unlaid = || Laid { name: name.into(), beside: Vec::new(), instants: None };
            let laid = found.unwrap_or_else(unlaid);
            let instants = laid.instants.clone().filter(|_| laid.is_of(beside));
            all.push(laid);
            let beyond = all.len().saturating_sub(NAMED_MAX);
            all.drain(..beyond);
            if instants.is_some() || !is_known {
                return instants;
            }
        }
        let mut pile = Pile::default();
        self.each_row(|row, events| list(row, events, &mut |time| pile.push(row, time)));
        let instants = Arc::new(Run::of(pile.lay()));
        let mut all = all.lock();
        if let Some(laid) = all.iter_mut().find(|laid| *laid.name == *name) {
            laid.instants = Some(instants.clone());
            laid.beside = beside.iter().map(|chunk| chunk.map(Arc::downgrade)).collect();
        }
        let mut laid = all.iter_mut().rev().filter(|laid| laid.instants.is_some());
        // What was laid last stays, however large it is.
        let last = laid.next().map_or(0, |laid| laid.bytes());
        let mut room = LAID_BYTES_MIN.max(LAID_FACTOR * self.own_bytes()).saturating_sub(last);
        for laid in laid {
            match room.checked_sub(laid.bytes()) {
                Some(left) => room = left,
                None => (room, laid.instants) = (0, None),
            }
        }
        Some(instants)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(events: i64) -> Chunk {
        let mut pile = Pile::default();
        (0..events).for_each(|time| pile.push((time % 60_000) as u16, time * time));
        pile.lay().expect("some events")
    }

    /// Asks for all events; whether they lay ready, and whether they do now.
    fn ask(chunk: &Chunk, name: &str) -> (bool, bool) {
        let mut is_read = false;
        let found = chunk.laid(name, &[], |_, events, put| {
            is_read = true;
            (0..events.len()).for_each(|k| put(events.time(k)));
        });
        if let Some(found) = &found {
            assert_eq!(found.len(), chunk.len());
        }
        (found.is_some() && !is_read, found.is_some())
    }

    #[test]
    fn a_test_is_laid_when_it_is_asked_again() {
        let chunk = chunk(1_000);
        assert_eq!([(); 3].map(|()| ask(&chunk, "a test")), [(false, false), (false, true), (true, true)]);
        // As many others as are remembered, less one.
        (1..NAMED_MAX).for_each(|number| assert!(!ask(&chunk, &format!("test {number}")).1));
        assert!(ask(&chunk, "a test").0);
        (0..NAMED_MAX).for_each(|number| assert!(!ask(&chunk, &format!("other {number}")).1));
        assert!(!ask(&chunk, "a test").1);
        for (bytes, is_laid) in [(NAME_BYTES_MAX, true), (NAME_BYTES_MAX + 1, false)] {
            let name = "n".repeat(bytes);
            ask(&chunk, &name);
            assert_eq!(ask(&chunk, &name).1, is_laid, "{bytes} bytes");
        }
    }

    #[test]
    fn what_is_laid_takes_no_more_room_than_the_events() {
        let chunk = chunk(100_000);
        for name in ["first", "second", "third"] {
            ask(&chunk, name);
            assert!(!ask(&chunk, name).0 && ask(&chunk, name).0, "{name}");
        }
        assert!(chunk.selected.bytes() <= 2 * chunk.own_bytes(), "{}", chunk.selected.bytes());
        assert!(!ask(&chunk, "first").0, "it made room for others");
    }

    #[test]
    fn what_was_read_beside_is_read_again_when_it_is_another() {
        let (one, other, chunk) = (Arc::new(chunk(1)), Arc::new(chunk(2)), chunk(100));
        let is_read = |beside: &[Option<&Arc<Chunk>>]| {
            let mut is_read = false;
            chunk.laid("a test", beside, |_, _, _| is_read = true);
            is_read
        };
        let asked = [&[Some(&one)], &[Some(&one)], &[Some(&one)], &[Some(&other)], &[Some(&other)], &[None], &[None]];
        assert_eq!(asked.map(|beside| is_read(beside)), [false, true, false, true, false, true, false]);
    }
}
