//! A chunk with the rows that have changed in the place of what they were.
//!
//! Most rows of a large chunk stay what they are, so their numbers are not read: the bits are copied, many numbers at a time, and
//! the new ones are written between them in as many. Where one of these does not fit, all numbers of that column are packed
//! anew.

use std::ops::Range;

use super::chunk::{Chunk, PropertyColumn};
use super::latest::Latest;
use super::moments::Moments;
use super::packed::Packed;
use super::selected::Selected;
use crate::id::PropertyId;

/// A row that has changed, and all its events; none when it has none any more.
pub(super) type ChangedRow = (u16, Option<std::sync::Arc<Chunk>>);

/// Rows of a chunk that lie side by side.
struct Piece<'c> {
    chunk: &'c Chunk,
    /// Their indices.
    rows: Range<usize>,
    /// The places of their events.
    places: Range<usize>,
    /// Whether these are rows of the chunk that is spliced.
    is_old: bool,
}

impl Chunk {
    /// The chunk with other rows, ascending, in the place of its own; none when no event is left.
    pub(super) fn spliced(&self, changed: &[ChangedRow]) -> Option<Self> {
        let pieces = self.pieces(changed);
        let (mut rows, mut ends, mut len) = (Vec::new(), Vec::new(), 0);
        for Piece { chunk, rows: of_piece, places, .. } in &pieces {
            rows.extend_from_slice(&chunk.rows[of_piece.clone()]);
            let end = |index| (len + chunk.events_at(index).places().end - places.start) as i64;
            ends.extend(of_piece.clone().map(end));
            len += places.len();
        }
        if len == 0 {
            return None;
        }
        let mut properties: Vec<PropertyId> =
            pieces.iter().flat_map(|piece| &piece.chunk.columns).map(|(property, _)| *property).collect();
        properties.sort_unstable();
        properties.dedup();
        let columns = properties.into_iter().filter_map(|id| Some((id, column(self.column(id), &pieces, id)?)));
        let times = numbers(&self.times, &pieces, |chunk| Some(&chunk.times)).unwrap_or_else(|| {
            let times = pieces.iter().flat_map(|piece| piece.places.clone().map(|place| piece.chunk.time(place)));
            Packed::new(&times.collect::<Vec<_>>())
        });
        Some(Self {
            columns: columns.collect(),
            rows: rows.into(),
            ends: Packed::new(&ends),
            times,
            latest: Latest::default(),
            moments: Moments::default(),
            selected: Selected::default(),
        })
    }

    fn pieces<'c>(&'c self, changed: &'c [ChangedRow]) -> Vec<Piece<'c>> {
        let mut pieces = Vec::with_capacity(2 * changed.len() + 1);
        let mut from = 0;
        for (row, chunk) in changed {
            let to = from + self.rows[from..].partition_point(|known| known < row);
            pieces.extend(self.piece(from..to, true));
            from = to + usize::from(self.rows.get(to) == Some(row));
            pieces.extend(chunk.iter().filter_map(|chunk| chunk.piece(0..chunk.rows.len(), false)));
        }
        pieces.extend(self.piece(from..self.rows.len(), true));
        pieces
    }

    fn piece(&self, rows: Range<usize>, is_old: bool) -> Option<Piece<'_>> {
        let last = rows.end.checked_sub(1).filter(|last| *last >= rows.start)?;
        let places = self.events_at(rows.start).places().start..self.events_at(last).places().end;
        Some(Piece { chunk: self, rows, places, is_old })
    }
}

/// What the events of all pieces say about a property; none when none of them says anything.
fn column(old: Option<&PropertyColumn>, pieces: &[Piece<'_>], id: PropertyId) -> Option<PropertyColumn> {
    let spliced = old.and_then(|old| {
        let values = numbers(&old.values, pieces, |chunk| chunk.column(id).map(|column| &column.values))?;
        Some((old, values))
    });
    let Some((old, values)) = spliced else {
        let said = pieces.iter().flat_map(|piece| {
            let column = piece.chunk.column(id);
            let of_place =
                move |place| column.map_or((0, false), |column| (column.values.get(place), column.has(place)));
            piece.places.clone().map(of_place)
        });
        return PropertyColumn::new(said);
    };
    let mut present = Bits::with_capacity(values.len());
    for Piece { chunk, places, is_old, .. } in pieces {
        match (old.present.as_deref(), chunk.column(id)) {
            (Some(words), _) if *is_old => {
                let word_at = |bit: usize| {
                    let next = words.get(bit / 64 + 1).copied().unwrap_or(0);
                    words[bit / 64] >> (bit % 64) | next.unbounded_shl(64 - (bit % 64) as u32)
                };
                present.copy(places.clone(), word_at);
            }
            (None, _) if *is_old => present.copy(places.clone(), |_| u64::MAX),
            (_, column) => {
                let has = |place| column.is_some_and(|column| column.has(place));
                places.clone().for_each(|place| present.push(u64::from(has(place)), 1));
            }
        }
    }
    let present = present.finish();
    match present.iter().map(|word| word.count_ones() as usize).sum::<usize>() {
        0 => None,
        count => Some(PropertyColumn { present: (count < values.len()).then(|| present.into()), values }),
    }
}

/// The numbers of all pieces, in as many bits as the old ones; none where one does not fit. A missing one may be any.
fn numbers<'c>(old: &Packed, pieces: &[Piece<'c>], of: impl Fn(&'c Chunk) -> Option<&'c Packed>) -> Option<Packed> {
    let bits = old.copied_bits()?;
    let len = pieces.iter().map(|piece| piece.places.len()).sum::<usize>();
    let mut all = Bits::with_capacity(len * bits as usize);
    let fit = old.fitting();
    for Piece { chunk, places, is_old, .. } in pieces {
        if *is_old {
            all.copy(places.start * bits as usize..places.end * bits as usize, |bit| old.word_at(bit));
            continue;
        }
        let numbers = of(chunk);
        for place in places.clone() {
            all.push(numbers.map_or(Some(0), |numbers| fit(numbers.get(place)))?, bits);
        }
    }
    Some(old.with_words(&all.finish(), len))
}

/// Bits one after the other.
struct Bits {
    words: Vec<u64>,
    /// Those that fill no word yet, and how many these are.
    word: u64,
    filled: u32,
}

/// So many bits are copied at a time: as many as are read wherever in a byte they begin.
const COPIED: u32 = 56;

impl Bits {
    fn with_capacity(bits: usize) -> Self {
        Self { words: Vec::with_capacity(bits / 64 + 1), word: 0, filled: 0 }
    }

    /// Adds the lowest bits of a number that has no others; at most 57.
    #[inline]
    fn push(&mut self, number: u64, bits: u32) {
        self.word |= number.unbounded_shl(self.filled);
        self.filled += bits;
        if self.filled >= u64::BITS {
            self.words.push(self.word);
            self.filled -= u64::BITS;
            self.word = number.unbounded_shr(bits - self.filled);
        }
    }

    /// Adds bits that lie elsewhere, where `word_at` reads as many as are copied at a time from any of them on.
    fn copy(&mut self, bits: Range<usize>, word_at: impl Fn(usize) -> u64) {
        let mut from = bits.start;
        while from < bits.end {
            let count = (bits.end - from).min(COPIED as usize);
            self.push(word_at(from) & ((1 << count) - 1), count as u32);
            from += count;
        }
    }

    fn finish(mut self) -> Vec<u64> {
        if self.filled > 0 {
            self.words.push(self.word);
        }
        self.words
    }
}

#[cfg(test)]
mod tests {
    use super::super::draw::Draw;
    use super::super::pile::Pile;
    use super::super::run::Run;
    use super::*;

    /// What an event says: its row, its time, and about each property.
    type Told = (u16, i64, Vec<(u16, i64)>);

    fn told(chunk: Option<&Chunk>) -> Vec<Told> {
        let mut all = Vec::new();
        if let Some(chunk) = chunk {
            chunk.each_row(|row, events| {
                for place in events.places() {
                    let said = chunk.columns.iter().filter_map(|(id, column)| Some((id.0, column.get(place)?)));
                    all.push((row, chunk.time(place), said.collect()));
                }
            });
        }
        all
    }

    fn pile(draw: &mut Draw, rows: std::ops::Range<u64>, events: u64, spread: u64) -> Pile {
        let mut pile = Pile::default();
        for _ in 0..events {
            pile.push((rows.start + draw.below(rows.end - rows.start)) as u16, (draw.below(spread) * 1_000) as i64);
            for property in 0..4 {
                // One that all have, one that some have, one that is of the new ones, and one that hardly anybody has.
                let has = [true, draw.below(3) > 0, spread > 500, draw.below(200) == 0][usize::from(property)];
                if has {
                    let said = draw.below(40 + spread / 3) as i64 * 7 - 90;
                    pile.say(PropertyId(property), std::iter::once((said, true)), 1);
                }
            }
        }
        pile
    }

    #[test]
    fn what_is_spliced_is_what_is_laid_whole() {
        let mut draw = Draw(5);
        for (rows, events, changed, spread) in [
            (1, 1, 1, 400),
            (9, 60, 5, 400),
            (700, 9_000, 90, 400),
            (700, 9_000, 90, 1 << 30),
            (60_000, 50_000, 900, 400),
        ] {
            for _ in 0..4 {
                let mut run = Run::of(pile(&mut draw, 0..rows, events, 400).lay());
                for _ in 0..changed {
                    let row = draw.below(rows + 3);
                    let count = 1 + draw.below(6);
                    let fresh = pile(&mut draw, row..row + 1, count, spread).lay();
                    run.put_row(row as u16, fresh.filter(|_| draw.below(4) > 0));
                }
                let Some(base) = &run.base else { continue };
                let spliced = base.spliced(&run.changed);
                let whole = Pile::of_run(&run).lay();
                assert_eq!(told(spliced.as_ref()), told(whole.as_ref()), "{rows} rows");
                let again = spliced.as_ref().and_then(|chunk| chunk.spliced(&[]));
                assert_eq!(told(again.as_ref()), told(whole.as_ref()), "{rows} rows");
                // All are taken away.
                let rows = base.rows.iter().map(|row| (*row, None)).collect::<Vec<_>>();
                assert!(base.spliced(&rows).is_none());
            }
        }
    }
}
