//! Steps and whole feeds as bytes, for the feed's log. Every record begins with the version of its format.
//!
//! People are rows here, never ids: who is erased leaves nothing in these files.

use std::collections::{BTreeMap, VecDeque};

use super::history::{History, Point};
use super::record::{Entry, Feed, Track};
use super::step::{Bulk, Cause, Move, Population, Step};
use crate::command::bytes::{Malformed, Read, Reader, Writer};
use crate::error::{Error, Result};
use crate::id::{Row, SegmentId};
use crate::time::Timestamp;

/// The version of the bytes that are written.
const VERSION: u8 = 2;

/// The first version, which knew nothing of the population.
const WITHOUT_POPULATION: u8 = 1;

/// A feed as it was at a moment; what was before does not count.
pub(super) const FEED: u8 = 1;
/// What happened then.
pub(super) const STEP: u8 = 2;
/// Numbers below this one may have been given.
pub(super) const NUMBERS: u8 = 3;

/// A record of the feed's log.
#[derive(Debug)]
pub(super) enum Record {
    Feed(Feed),
    Step(Step),
    Numbers(u64),
}

pub(super) fn encode_numbers(below: u64) -> Vec<u8> {
    let mut out = begin();
    out.number(below);
    out.0
}

pub(super) fn encode_step(step: &Step) -> Vec<u8> {
    let Step { version, now, ended, begun, moves, bulk, population } = step;
    let mut out = begin();
    out.number(*version);
    out.fixed(now.0);
    out.list(ended.iter(), |out, id| out.number(id.0));
    out.list(begun.iter(), |out, (id, count)| {
        out.number(id.0);
        out.number(*count);
    });
    out.list(moves.iter(), |out, found| {
        out.number(found.segment.0);
        put_move(out, found);
    });
    out.list(bulk.iter(), |out, bulk| {
        [bulk.segment.0, bulk.entered, bulk.left].into_iter().for_each(|number| out.number(number));
    });
    out.list(population.iter(), |out, Population { count, came, went }| {
        [count, came, went].into_iter().for_each(|number| out.number(*number));
    });
    out.0
}

pub(super) fn encode_feed(feed: &Feed) -> Vec<u8> {
    let mut out = begin();
    out.number(feed.version);
    out.fixed(feed.now.0);
    out.number(feed.next_seq);
    out.number(feed.floor);
    out.list(feed.lost.iter(), |out, (first, last)| {
        out.number(*first);
        out.number(*last);
    });
    out.list(feed.tracks.iter(), |out, (id, track)| {
        let Track { count, oldest, first, entries, history } = track;
        [id.0, *count, *oldest, *first].into_iter().for_each(|number| out.number(number));
        out.list(entries.iter(), |out, entry| {
            out.number(entry.seq);
            out.number(entry.version);
            out.fixed(entry.told_at.0);
            put_move(out, &entry.told);
        });
        put_history(out, history);
    });
    put_history(&mut out, &feed.population);
    out.0
}

fn put_history(out: &mut Writer, history: &History) {
    for points in [&history.hours, &history.days] {
        out.list(points.iter(), |out, point| {
            out.fixed(point.from.0);
            [point.count, point.entered, point.left].into_iter().for_each(|number| out.number(number));
        });
    }
}

fn begin() -> Writer {
    let mut out = Writer::default();
    out.byte(VERSION);
    out
}

/// Without the segment, which comes before.
fn put_move(out: &mut Writer, found: &Move) {
    out.fixed(found.at.0);
    out.number(found.row.0.into());
    out.flag(found.entered);
    out.byte(match found.cause {
        Cause::Time => 0,
        Cause::Write => 1,
        Cause::Definition => 2,
        Cause::Erase => 3,
    });
}

/// Reads a record.
///
/// # Errors
/// `Corrupt` for bytes that were not written so.
pub(super) fn decode(kind: u8, bytes: &[u8]) -> Result<Record> {
    let mut from = Reader::new(bytes);
    let read = || -> Read<Record> {
        let has_population = match from.byte()? {
            VERSION => true,
            WITHOUT_POPULATION => false,
            _ => return Err(Malformed("another version of the program has written it")),
        };
        let record = match kind {
            FEED => Record::Feed(feed(&mut from, has_population)?),
            STEP => Record::Step(step(&mut from, has_population)?),
            NUMBERS => Record::Numbers(from.number()?),
            _ => return Err(Malformed("there is no such record of a feed")),
        };
        from.finish()?;
        Ok(record)
    };
    read().map_err(|Malformed(why)| Error::Corrupt(format!("a record of the feed cannot be read: {why}")))
}

fn step(from: &mut Reader<'_>, has_population: bool) -> Read<Step> {
    Ok(Step {
        version: from.number()?,
        now: Timestamp(from.fixed()?),
        ended: from.list(|from| from.number().map(SegmentId))?,
        begun: from.list(|from| Ok((SegmentId(from.number()?), from.number()?)))?,
        moves: from.list(|from| {
            let segment = SegmentId(from.number()?);
            take_move(from, segment)
        })?,
        bulk: from.list(|from| {
            Ok(Bulk { segment: SegmentId(from.number()?), entered: from.number()?, left: from.number()? })
        })?,
        population: if has_population { population(from)? } else { None },
    })
}

fn population(from: &mut Reader<'_>) -> Read<Option<Population>> {
    let noted =
        from.list(|from| Ok(Population { count: from.number()?, came: from.number()?, went: from.number()? }))?;
    Ok(noted.into_iter().next())
}

fn history(from: &mut Reader<'_>) -> Read<History> {
    Ok(History { hours: from.list(point)?.into(), days: from.list(point)?.into() })
}

fn feed(from: &mut Reader<'_>, has_population: bool) -> Read<Feed> {
    let (version, now, next_seq) = (from.number()?, Timestamp(from.fixed()?), from.number()?);
    if next_seq == 0 {
        return Err(Malformed("numbers begin with one"));
    }
    let floor = from.number()?;
    let lost = from.list(|from| Ok((from.number()?, from.number()?)))?.into();
    let tracks = from.list(|from| {
        let segment = SegmentId(from.number()?);
        let (count, oldest, first) = (from.number()?, from.number()?, from.number()?);
        let entries: VecDeque<Entry> = from.list(|from| entry(from, segment))?.into();
        Ok((segment, Track { count, oldest, first, entries, history: history(from)? }))
    })?;
    let tracks = BTreeMap::from_iter(tracks);
    let population = if has_population { history(from)? } else { History::default() };
    Ok(Feed { version, now, next_seq, tracks, population, lost, floor, names_since: None })
}

fn entry(from: &mut Reader<'_>, segment: SegmentId) -> Read<Entry> {
    let (seq, version, told_at) = (from.number()?, from.number()?, Timestamp(from.fixed()?));
    Ok(Entry { seq, told: take_move(from, segment)?, version, told_at })
}

fn point(from: &mut Reader<'_>) -> Read<Point> {
    let from_instant = Timestamp(from.fixed()?);
    Ok(Point { from: from_instant, count: from.number()?, entered: from.number()?, left: from.number()? })
}

fn take_move(from: &mut Reader<'_>, segment: SegmentId) -> Read<Move> {
    let at = Timestamp(from.fixed()?);
    let row = u32::try_from(from.number()?).map_err(|_| Malformed("a row is too large"))?;
    let entered = from.flag()?;
    let cause = match from.byte()? {
        0 => Cause::Time,
        1 => Cause::Write,
        2 => Cause::Definition,
        3 => Cause::Erase,
        _ => return Err(Malformed("there is no such cause")),
    };
    Ok(Move { segment, at, row: Row(row), id: None, entered, cause })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_before_the_population_was_counted_is_read() {
        let mut feed = Feed { version: 7, now: Timestamp(9), ..Feed::default() };
        let step = Step { version: 8, now: Timestamp(10), begun: vec![(SegmentId(1), 5)], ..quiet(Timestamp(10)) };
        feed.apply(&step);
        // The first version ended before the population: two empty lists of a feed, one of a step.
        let first = |mut bytes: Vec<u8>, added: usize| {
            bytes[0] = WITHOUT_POPULATION;
            bytes.truncate(bytes.len() - added);
            bytes
        };
        let Record::Feed(read) = decode(FEED, &first(encode_feed(&feed), 2)).expect("a feed") else {
            panic!("something else")
        };
        assert_eq!(read, feed);
        let Record::Step(read) = decode(STEP, &first(encode_step(&step), 1)).expect("a step") else {
            panic!("something else")
        };
        assert_eq!(read, step);
        assert!(decode(STEP, &first(encode_step(&step), 0)).is_err(), "bytes that nothing accounts for");
    }

    #[test]
    fn the_population_is_written_and_read() {
        let population = Some(Population { count: 12, came: 3, went: 1 });
        let step = Step { population, ..quiet(Timestamp(5)) };
        let Record::Step(read) = decode(STEP, &encode_step(&step)).expect("a step") else { panic!("something else") };
        assert_eq!(read, step);
        let mut feed = Feed::default();
        feed.apply(&step);
        let Record::Feed(read) = decode(FEED, &encode_feed(&feed)).expect("a feed") else { panic!("something else") };
        assert_eq!(read, feed);
        assert_eq!(read.population.days.back().map(|day| day.count), Some(12));
    }

    fn quiet(now: Timestamp) -> Step {
        let (ended, begun, moves, bulk) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Step { version: 1, now, ended, begun, moves, bulk, population: None }
    }
}
