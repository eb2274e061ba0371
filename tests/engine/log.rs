//! The log alone, on a disk that loses what was not synced: whatever happens, and whenever, what is read back is a
//! prefix of what was appended that holds everything acknowledged.
//!
//! Not here: what a tenant makes of its log (`durability`).

use std::io::ErrorKind;
use std::sync::Arc;

use harness::disk::{FakeDisk, Fault};
use harness::rng::Rng;
use muster_engine::error::{Error, Result};
use muster_engine::limits::LOG_RECORDS_MAX;
use muster_engine::store::{Disk, Log, LogReport, LogSizes, Record, read_log, repair_log};

/// Small, so that a short history has many segments, and some records have one of their own.
const SIZES: LogSizes = LogSizes { segment: 4_096, record: 6_000, group: 2_048 };

/// Histories of the ordinary run; each is cut at every one of its points.
const HISTORIES: u64 = 40;

/// Steps of each.
const STEPS: usize = 25;

/// A log, and what must be in it.
struct History {
    disk: FakeDisk,
    rng: Rng,
    /// Every payload that was appended; the first has number 1.
    appended: Vec<Vec<u8>>,
    /// How many of them are safe.
    acknowledged: usize,
    /// The oldest record that is needed.
    from: u64,
}

fn open(disk: &FakeDisk, from: u64) -> Result<(Log, LogReport, Vec<Vec<u8>>)> {
    let mut payloads = Vec::new();
    let mut visit = |record: Record<'_>| {
        assert_eq!(record.lsn, from + payloads.len() as u64);
        assert_eq!(record.kind, record.payload.len() as u8);
        payloads.push(record.payload.to_vec());
        Ok(())
    };
    let (log, report) = Log::open(Arc::new(disk.clone()), from, SIZES, &mut visit)?;
    assert_eq!(report.records, payloads.len() as u64);
    Ok((log, report, payloads))
}

impl History {
    fn new(seed: u64) -> Self {
        Self { disk: FakeDisk::default(), rng: Rng::new(seed), appended: Vec::new(), acknowledged: 0, from: 1 }
    }

    /// Goes on until something fails or the steps are done.
    fn run(&mut self) -> Result<()> {
        let mut log = self.recover()?;
        for _ in 0..STEPS {
            match self.rng.below(12) {
                0..=6 => self.write(&mut log, true)?,
                7 | 8 => self.write(&mut log, false)?,
                9 => {
                    log.sync()?;
                    self.acknowledged = self.appended.len();
                }
                10 => {
                    self.from += self.rng.below(1 + self.acknowledged - (self.from as usize - 1)) as u64;
                    log.drop_before(self.from)?;
                }
                _ => {
                    drop(log);
                    log = self.recover()?;
                }
            }
        }
        Ok(())
    }

    fn write(&mut self, log: &mut Log, sync: bool) -> Result<()> {
        for _ in 0..1 + self.rng.below(6) {
            let length = match self.rng.below(12) {
                0 => 0,
                1 => self.rng.below(SIZES.record + 1),
                2..=4 => self.rng.below(1_500),
                _ => self.rng.below(60),
            };
            // Zeros too: they must not be taken for the end.
            let fill = self.rng.below(3) as u8;
            let payload: Vec<u8> = (0..length).map(|_| fill.wrapping_mul(self.rng.bits() as u8)).collect();
            if log.append(length as u8, &payload).is_err() {
                break;
            }
            self.appended.push(payload);
        }
        log.write()?;
        if sync {
            log.sync()?;
            self.acknowledged = self.appended.len();
        }
        Ok(())
    }

    /// Opens the log and compares.
    fn recover(&mut self) -> Result<Log> {
        let (log, _, payloads) = open(&self.disk, self.from)?;
        let before = self.from as usize - 1;
        let found = before + payloads.len();
        assert!(found >= self.acknowledged, "{found} of {} acknowledged records are left", self.acknowledged);
        assert!(found <= self.appended.len(), "records that nobody appended");
        assert!(payloads == self.appended[before..found], "other records than were appended");
        self.appended.truncate(found);
        // Somebody has seen them: from now on they must stay.
        self.acknowledged = found;
        Ok(log)
    }
}

fn in_parallel(count: u64, one: impl Fn(u64) -> u64 + Sync) -> u64 {
    let threads = std::thread::available_parallelism().map_or(1, |threads| threads.get() as u64);
    std::thread::scope(|scope| {
        let one = &one;
        let run = |thread| scope.spawn(move || (thread..count).step_by(threads as usize).map(one).sum::<u64>());
        let running: Vec<_> = (0..threads).map(run).collect();
        running.into_iter().map(|thread| thread.join().expect("no violation")).sum()
    })
}

#[test]
fn a_power_cut_at_any_point_leaves_a_prefix_with_everything_acknowledged() {
    let tried = in_parallel(HISTORIES, |seed| {
        let mut whole = History::new(seed);
        whole.run().expect("nothing goes wrong");
        let points = whole.disk.points();
        for point in 0..points {
            let mut history = History::new(seed);
            history.disk.fail_at(point, Fault::PowerCut);
            // At times the cut falls on a call whose failure does not matter.
            let _ = history.run();
            // The power comes back (or only the process was killed), goes while the log is opened, comes back again.
            for round in 0..3 {
                let is_killed = round == 0 && history.rng.chance(30);
                let cut = || history.disk.after_cut(seed ^ (point << 8) ^ round);
                history.disk = if is_killed { history.disk.after_kill() } else { cut() };
                if round < 2 {
                    history.disk.fail_at(history.rng.below(6) as u64, Fault::PowerCut);
                    if let Ok(mut log) = history.recover() {
                        let _ = history.write(&mut log, true);
                    }
                }
            }
            history.run().expect("the disk is well again");
            history.disk = history.disk.after_kill();
            history.recover().expect("a process that was killed leaves all it wrote");
        }
        points
    });
    assert!(tried > 2_000, "{tried} points");
}

#[test]
fn a_disk_that_fails_at_any_point_loses_nothing_acknowledged() {
    for (seed, kind) in (0..30).zip([ErrorKind::StorageFull, ErrorKind::Other].into_iter().cycle()) {
        let mut whole = History::new(seed);
        whole.run().expect("nothing goes wrong");
        for point in 0..whole.disk.points() {
            let mut history = History::new(seed);
            history.disk.fail_at(point, Fault::Error(kind));
            let _ = history.run();
            history.disk = history.disk.after_cut(seed ^ (point << 8));
            history.run().expect("the disk is well again");
        }
    }
}

#[test]
fn after_a_failed_write_or_sync_nothing_is_tried_again() {
    for (at, what) in [(0, "write"), (1, "sync")] {
        let disk = FakeDisk::default();
        let (mut log, ..) = open(&disk, 1).expect("a new log");
        disk.fail_at(disk.points() + at, Fault::Error(ErrorKind::Other));
        log.append(1, b"a").expect("it waits");
        let failed = log.write().and_then(|()| log.sync()).expect_err(what);
        assert!(matches!(&failed, Error::Storage(problem) if problem.code == "read_only"), "{failed}");
        let points = disk.points();
        for again in [log.append(1, b"b").map(drop), log.write(), log.sync()] {
            assert_eq!(again, Err(failed.clone()), "{what}");
        }
        assert_eq!(disk.points(), points, "the disk is left alone");
        assert!(log.failed().is_some());
    }
}

#[test]
fn a_full_disk_is_refused_and_tried_again() {
    let disk = FakeDisk::default();
    let (mut log, ..) = open(&disk, 1).expect("a new log");
    log.append(0xff, &[7; 0xfff]).expect("it waits");
    // The first two: a new file, and room for it.
    disk.fail_at(disk.points() + 1, Fault::Error(ErrorKind::StorageFull));
    let refused = log.write().expect_err("there is no room");
    assert!(matches!(&refused, Error::Storage(problem) if problem.code == "disk_full"), "{refused}");
    log.discard();
    assert_eq!((log.next_lsn(), log.failed()), (1, None));
    log.append(2, b"ok").expect("it waits");
    log.write().and_then(|()| log.sync()).expect("small records still fit");
    log.append(0xff, &[7; 0xfff]).expect("it waits");
    log.write().and_then(|()| log.sync()).expect("there is room again");
    let (_, report, payloads) = open(&disk.after_cut(1), 1).expect("a log");
    assert_eq!((report.segments, payloads.len()), (2, 2));
}

#[test]
fn the_longest_record_fits_and_a_longer_one_is_refused() {
    let disk = FakeDisk::default();
    let (mut log, ..) = open(&disk, 1).expect("a new log");
    for _ in 0..2 {
        let longest = vec![1; SIZES.record];
        log.append(SIZES.record as u8, &longest).expect("as long as may be");
        log.write().and_then(|()| log.sync()).expect("stored");
    }
    let refused = log.append(0, &vec![1; SIZES.record + 1]).expect_err("one byte more");
    assert!(matches!(&refused, Error::Limit(problem) if problem.code == "change_too_large"), "{refused}");
    log.append(SIZES.record as u8, &vec![1; SIZES.record]).expect("it waits");
    let refused = log.append(0, b"").expect_err("more than a segment waits");
    assert!(matches!(&refused, Error::Limit(problem) if problem.code == "too_many_changes"), "{refused}");
    assert_eq!(open(&disk.after_cut(1), 1).expect("a log").2.len(), 2);
}

#[test]
fn a_log_whose_numbers_are_used_up_says_so() {
    let disk = FakeDisk::default();
    let (mut log, ..) = open(&disk, LOG_RECORDS_MAX).expect("a log that goes on from there");
    assert_eq!(log.append(1, b"x"), Ok(LOG_RECORDS_MAX));
    let refuses = |log: &mut Log| {
        let refused = log.append(1, b"y").expect_err("there is no number for it");
        assert!(matches!(&refused, Error::Limit(problem) if problem.code == "too_many_records"), "{refused}");
    };
    refuses(&mut log);
    log.write().and_then(|()| log.sync()).expect("stored");
    refuses(&mut log);
    drop(log);
    let (mut log, report, payloads) = open(&disk, LOG_RECORDS_MAX).expect("it opens");
    assert_eq!((report.next_lsn, payloads), (u64::MAX, vec![b"x".to_vec()]));
    refuses(&mut log);
    assert_eq!(open(&disk, u64::MAX).expect("nothing follows").2.len(), 0);
}

/// A log of several segments whose last record is safe, and its payloads.
fn sample() -> (FakeDisk, Vec<Vec<u8>>) {
    let disk = FakeDisk::default();
    let (mut log, ..) = open(&disk, 1).expect("a new log");
    let mut payloads = Vec::new();
    for number in 0..=70 {
        let mut payload = vec![number; 100 + usize::from(number)];
        // Zeros at the end of a record are no end of the log, nor of the last one, which alone proves the one before.
        payload[50..].fill(number % 2);
        log.append(payload.len() as u8, &payload).expect("it waits");
        payloads.push(payload);
        if number % 3 == 0 || number == 70 {
            log.write().and_then(|()| log.sync()).expect("stored");
        }
    }
    (disk, payloads)
}

fn names(disk: &FakeDisk) -> Vec<String> {
    let mut names = disk.list().expect("names");
    names.sort();
    names
}

#[test]
fn every_flipped_byte_is_found_or_harmless() {
    let (disk, payloads) = sample();
    let names = names(&disk);
    assert_eq!(names.len(), 3);
    let mut outcomes = [0; 3];
    for (index, name) in names.iter().enumerate() {
        for at in 0..(disk.bytes(name).len() + 300).min(SIZES.segment as usize) {
            for bits in [0x01, 0x80, 0xff] {
                let flipped = disk.after_kill();
                flipped.flip(name, at, bits);
                let mut found = Vec::new();
                let mut visit = |record: Record<'_>| {
                    found.push(record.payload.to_vec());
                    Ok(())
                };
                match read_log(&flipped, 1, SIZES, &mut visit) {
                    Ok(report) => {
                        assert_eq!(found, payloads[..found.len()], "{name} byte {at}: other records");
                        let is_whole = found.len() == payloads.len();
                        assert!(is_whole || report.cut.is_some(), "{name} byte {at}: records are silently gone");
                        assert_eq!(index, 2, "{name} byte {at}: a cut with later segments");
                        // What a later write proves to have been safe is never cut; the last write is one record.
                        assert!(found.len() + 1 >= payloads.len(), "{name} byte {at}: {} records left", found.len());
                        outcomes[usize::from(!is_whole)] += 1;
                    }
                    Err(Error::Corrupt(why)) => {
                        assert!(why.contains(name) && why.contains("muster repair --data DIR --to-last-good"), "{why}");
                        outcomes[2] += 1;
                    }
                    Err(other) => panic!("{name} byte {at}: {other}"),
                }
            }
        }
    }
    assert!(outcomes.iter().all(|count| *count > 100), "harmless, cut, refused: {outcomes:?}");
}

#[test]
fn a_repair_keeps_what_is_good_and_puts_the_rest_aside() {
    let (disk, payloads) = sample();
    let files = names(&disk);
    assert_eq!(repair_log(&disk, 1, SIZES), Ok(None));
    for (name, at, kept_in) in [(&files[1], 2_000, 2), (&files[1], 3, 2), (&files[0], 3, 3), (&files[2], 1_000, 1)] {
        let disk = disk.after_kill();
        disk.flip(name, at, 1);
        let read = |disk: &FakeDisk| open(disk, 1).map(|(_, _, payloads)| payloads);
        read(&disk).expect_err("damage");
        let repaired = repair_log(&disk, 1, SIZES).expect("repaired").expect("there was damage");
        assert_eq!(repaired.kept_in.len(), kept_in, "{repaired:?}");
        assert!(repaired.kept_in.iter().all(|name| names(&disk).contains(name)), "{repaired:?}");
        let found = read(&disk.after_cut(1)).expect("a good log");
        assert_eq!(found.len() as u64, repaired.lost_from - 1);
        assert_eq!(found, payloads[..found.len()]);
        // A flipped byte costs one record; all others can still be read in the files put aside.
        let lost = (payloads.len() - found.len()) as u64;
        assert!((lost - 1..=lost).contains(&repaired.lost_readable), "{lost} are lost: {repaired:?}");
        assert_eq!(repair_log(&disk, 1, SIZES), Ok(None));
    }
}

#[test]
fn a_missing_segment_is_noticed() {
    let (disk, _) = sample();
    let names = names(&disk);
    for (gone, word) in [(0, "begins with record"), (1, "the next file begins with record")] {
        let disk = disk.after_kill();
        disk.remove(&names[gone]).expect("it was there");
        let refused = open(&disk, 1).expect_err("records are missing").to_string();
        assert!(refused.contains(word), "{refused}");
    }
    // What is older than what is needed may go, in any order.
    let needed = names[2].trim_end_matches(".log").parse().expect("a number");
    for gone in [0, 1] {
        let disk = disk.after_kill();
        disk.remove(&names[gone]).expect("it was there");
        open(&disk, needed).expect("all that is needed");
    }
    let refused = open(&disk, 1_000).expect_err("the log is older than what is needed").to_string();
    assert!(refused.contains("the log ends there"), "{refused}");
}

/// What a repair promises, whatever is damaged, and wherever what is needed begins: checkpoints have made the rest
/// superfluous, and it may be there in part.
#[test]
fn after_a_repair_the_log_is_read_up_to_the_damage_and_no_further() {
    let (disk, payloads) = sample();
    let files = names(&disk);
    let firsts: Vec<u64> = files.iter().map(|name| name.trim_end_matches(".log").parse().expect("a number")).collect();
    let mut outcomes = [0; 3];
    for seed in 0..3_000 {
        let (mut rng, disk) = (Rng::new(seed), disk.after_kill());
        // Mostly where a checkpoint begins a segment; at times it ends in the midst of one.
        let from = if rng.chance(70) { firsts[rng.below(3)] } else { 1 + rng.below(payloads.len()) as u64 };
        for _ in 0..1 + rng.below(3) {
            let name = &files[rng.below(3)];
            match rng.below(8) {
                0 => _ = disk.remove(name),
                _ if !names(&disk).contains(name) => {}
                1..=3 => disk.flip(name, rng.below(24), 1),
                _ => disk.flip(name, rng.below(SIZES.segment as usize), 0x80),
            }
        }
        disk.sync_names().expect("a good disk");
        let before = disk.after_kill();
        let read = |disk: &FakeDisk| {
            let mut found = Vec::new();
            let mut visit = |record: Record<'_>| {
                found.push(record.payload.to_vec());
                Ok(())
            };
            let report = read_log(disk, from, SIZES, &mut visit);
            (report, found)
        };
        let (refused, intact) = read(&disk);
        let repaired = repair_log(&disk, from, SIZES).expect("a good disk");
        assert_eq!(repaired.is_some(), refused.is_err(), "seed {seed}");
        let (report, found) = read(&disk.after_cut(seed));
        let report = report.unwrap_or_else(|error| panic!("seed {seed}: {error} after {repaired:?}"));
        assert!(found == intact, "seed {seed}: {} of {} are left, {repaired:?}", found.len(), intact.len());
        assert_eq!(report.next_lsn, from + intact.len() as u64, "seed {seed}");
        assert!(found == payloads[from as usize - 1..][..found.len()], "seed {seed}: other records");
        let left: Vec<(String, Vec<u8>)> =
            names(&disk).into_iter().map(|name| (name.clone(), disk.bytes(&name))).collect();
        assert_eq!(repair_log(&disk, from, SIZES), Ok(None), "seed {seed}");
        assert!(left.iter().all(|(name, bytes)| disk.bytes(name) == *bytes) && names(&disk).len() == left.len());
        if let Some(repaired) = &repaired {
            assert_eq!(repaired.lost_from, report.next_lsn, "seed {seed}");
            // What was there is in the log or put aside.
            let bytes = |disk: &FakeDisk| names(disk).iter().map(|name| disk.bytes(name).len()).sum::<usize>();
            assert!(bytes(&disk) + SIZES.segment as usize >= bytes(&before), "seed {seed}");
        }
        // It can be gone on with.
        let (mut log, ..) = Log::open(Arc::new(disk.clone()), from, SIZES, &mut |_| Ok(())).expect("a good log");
        log.append(1, b"a").and_then(|_| log.write()).and_then(|()| log.sync()).expect("stored");
        assert_eq!(read(&disk.after_cut(seed)).0.expect("a good log").next_lsn, report.next_lsn + 1, "seed {seed}");
        outcomes[if repaired.is_none() { 0 } else { 1 + usize::from(intact.is_empty()) }] += 1;
    }
    assert!(outcomes.iter().all(|count| *count > 200), "no damage, a part lost, all lost: {outcomes:?}");
}
