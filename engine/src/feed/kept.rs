//! A feed on a disk: every step is appended to a log of its own, which is written anew as a whole when it has grown.
//!
//! A step that was written survives the end of the process; a power cut may take those since the last sync. Their moves are
//! found again then, perhaps as others, because steps end elsewhere. So numbers are set aside ahead, and what was set aside
//! is never given again: whoever has heard what was taken names a number that is known to be lost, and begins anew.

use std::sync::Arc;

use super::codec::{FEED, NUMBERS, Record, STEP, decode, encode_feed, encode_numbers, encode_step};
use super::record::Feed;
use super::step::Step;
use crate::error::{Error, Result};
use crate::limits::{FEED_LOG_BYTES, FEED_NUMBERS_AHEAD, FEED_NUMBERS_OF_ORIGINAL};
use crate::store::{Disk, Log, LogSizes, first_lsn};

/// The log of a feed.
#[derive(Debug)]
pub struct Kept {
    log: Log,
    /// Numbers below this one are set aside.
    numbers: u64,
    /// Bytes of the log that are written after the last whole feed, and of that one.
    since: u64,
    whole: u64,
}

impl Kept {
    /// Opens the feed of a disk, or begins one; none was kept when its version is 0.
    ///
    /// # Errors
    /// As [`Log::open`]; `Corrupt` for records that cannot be read.
    pub fn open(disk: Arc<dyn Disk>, sizes: LogSizes) -> Result<(Self, Feed)> {
        let from = first_lsn(&*disk)?.unwrap_or(1);
        let (mut feed, mut numbers) = (Feed::default(), 1);
        let (log, _) = Log::open(disk, from, sizes, &mut |record| {
            match decode(record.kind, record.payload)? {
                Record::Feed(whole) => feed = whole,
                Record::Step(step) => feed.apply(&step),
                Record::Numbers(below) => numbers = below,
            }
            Ok(())
        })?;
        feed.skip(numbers);
        let mut kept = Self { log, numbers, since: 0, whole: 0 };
        match kept.write_whole(&feed) {
            // Without room for another segment it goes on in the one that is open, as long as that has room.
            Err(Error::Storage(problem)) if problem.code == "disk_full" => {
                kept.log.discard();
                kept.set_aside(feed.next_seq)?;
            }
            written => written?,
        }
        Ok((kept, feed))
    }

    /// Writes a feed to an empty disk, for a copy of everything with which somebody else may go on. Whoever has heard what the
    /// original tells from now on begins anew there: the copy gives other numbers.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn copy(feed: &Feed, disk: Arc<dyn Disk>, sizes: LogSizes) -> Result<()> {
        let (mut kept, _) = Self::open(disk, sizes)?;
        kept.write_whole(feed)?;
        kept.set_aside(feed.next_seq + FEED_NUMBERS_OF_ORIGINAL)
    }

    /// Writes a step before anybody is told of it; `feed` is what it will be applied to.
    ///
    /// # Errors
    /// `Storage` when the disk fails.
    pub fn write(&mut self, step: &Step, feed: &Feed) -> Result<()> {
        let last = feed.next_seq + (step.begun.len() + step.moves.len() + step.bulk.len()) as u64;
        if last > self.numbers {
            self.set_aside(last)?;
        }
        let bytes = encode_step(step);
        self.log.append(STEP, &bytes)?;
        self.since += bytes.len() as u64;
        self.log.write()
    }

    /// Makes safe what was written.
    ///
    /// # Errors
    /// `Storage` when the disk fails.
    pub fn sync(&mut self) -> Result<()> {
        if self.log.is_synced() { Ok(()) } else { self.log.sync() }
    }

    /// Writes the whole feed in place of its steps when these have become many.
    ///
    /// # Errors
    /// `Storage` when the disk fails.
    pub fn shorten(&mut self, feed: &Feed) -> Result<()> {
        if self.since < FEED_LOG_BYTES.max(self.whole) { Ok(()) } else { self.write_whole(feed) }
    }

    fn write_whole(&mut self, feed: &Feed) -> Result<()> {
        self.log.write()?;
        self.log.sync()?;
        self.log.cut()?;
        let bytes = encode_feed(feed);
        let lsn = self.log.append(FEED, &bytes)?;
        (self.since, self.whole) = (0, bytes.len() as u64);
        // It may be longer than all that may wait.
        self.log.write()?;
        self.set_aside(feed.next_seq)?;
        self.log.drop_before(lsn)
    }

    fn set_aside(&mut self, below: u64) -> Result<()> {
        self.numbers = below + FEED_NUMBERS_AHEAD;
        self.log.append(NUMBERS, &encode_numbers(self.numbers))?;
        self.log.write()?;
        self.log.sync()
    }
}
