//! What lies in a data directory: segments of the log, entries, files of a checkpoint. Checksums are made right first,
//! or nothing would get past them.

use std::sync::{Arc, OnceLock};

use muster_engine::command::{Command, Entry, SegmentContent, decode, encode};
use muster_engine::error::Error;
use muster_engine::event::EventTerms;
use muster_engine::id::Row;
use muster_engine::segment::PreviewOptions;
use muster_engine::store::checkpoint::FileId;
use muster_engine::store::{Disk, LogSizes, read_log, repair_log};
use muster_engine::tenant::{State, Tenant};
use muster_engine::time::Timestamp;

use crate::disk::FakeDisk;
use crate::events::{Sent, event_batch};
use crate::population::population;
use crate::rng::Rng;
use crate::rules::rule;
use crate::tenant::{batch_of, replace};

/// Small, so that a short log has several segments.
const SIZES: LogSizes = LogSizes { segment: 8 << 10, record: 1 << 16, group: 4 << 10 };

/// Bytes of a log that are looked at: a segment is no longer.
const LOG_BYTES_MAX: usize = 48 << 10;

/// What every segment begins with.
const LOG_MAGIC: &[u8; 8] = b"MUSTRLOG";

const LOG_HEADER: usize = 24;

const RECORD_HEAD: usize = 21;

const CHECKPOINT_HEADER: usize = 64;

const CHECKPOINT_ENTRY: usize = 32;

fn open(disk: &FakeDisk) -> Result<Tenant, Error> {
    Ok(Tenant::open(Arc::new(disk.clone()), SIZES, &mut |_| {})?.0)
}

/// A tenant with a bit of everything.
fn fill(tenant: &Tenant, profiles: usize) {
    let population = population(5, profiles);
    replace(tenant, &population.twin.schema, &population.twin.profiles);
    let mut rng = Rng::new(1);
    let now = population.now;
    let put = |name: &str, content| Command::PutSegment {
        id: None,
        name: name.to_owned(),
        description: String::new(),
        content,
        now,
    };
    let changes = vec![("visits".to_owned(), None), ("age".to_owned(), Some(muster_engine::schema::Value::Int(7)))];
    for command in [
        put("by rule", SegmentContent::Rule(rule(&mut rng, &population, &[]))),
        put("by list", SegmentContent::Ids(vec!["1".into(), "nobody".into()])),
        Command::PutList { name: "list".into(), ids: vec!["2".into(), "2".into()], blank: 1, attach: None, now },
        Command::PatchProfile { id: "1".into(), changes },
        Command::EraseProfile { id: "2".into(), now: None },
    ] {
        tenant.apply(command).expect("a good change");
    }
}

fn bytes_of(disk: &FakeDisk, name: &str) -> Vec<u8> {
    let file = disk.open(name).expect("a file");
    let mut bytes = vec![0; usize::try_from(file.len().expect("a length")).expect("a small file")];
    file.read_at(0, &mut bytes).expect("all of it");
    bytes
}

fn number(bytes: &[u8], at: usize) -> usize {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes")) as usize
}

fn put_number(bytes: &mut [u8], at: usize, number: u32) {
    bytes[at..at + 4].copy_from_slice(&number.to_le_bytes());
}

/// One log a seed: its segments end to end, without the zeros behind their records.
pub(super) fn log_seeds() -> Vec<Vec<u8>> {
    let seed = |profiles| {
        let disk = FakeDisk::default();
        fill(&open(&disk).expect("a new tenant"), profiles);
        let mut names = disk.list().expect("names");
        names.retain(|name| name.ends_with(".log"));
        names.sort();
        names.iter().flat_map(|name| disk.bytes(name)).collect()
    };
    vec![seed(3), seed(20)]
}

/// A log of any bytes: read or refused in words, never more read than a repair leaves, and readable after it.
pub(super) fn log(bytes: &[u8]) {
    let bytes = &bytes[..bytes.len().min(LOG_BYTES_MAX)];
    for sealed in [false, true] {
        let disk = disk_of(bytes, sealed);
        let counted = read_log(&disk, 1, SIZES, &mut |_| Ok(()));
        if let Ok(tenant) = open(&FakeDisk::after_kill(&disk)) {
            look(&tenant.state());
            tenant.checkpoint().expect("a good disk");
        }
        match repair_log(&disk, 1, SIZES) {
            Ok(None) => assert!(counted.is_ok(), "{counted:?}"),
            Ok(Some(repaired)) => {
                let after = read_log(&disk, 1, SIZES, &mut |_| Ok(())).expect("it was repaired");
                assert_eq!(after.next_lsn, repaired.lost_from, "{repaired:?}");
                assert_eq!(repair_log(&disk, 1, SIZES), Ok(None), "{repaired:?}");
            }
            Err(error) => assert!(counted.is_err(), "{error}"),
        }
    }
}

/// Cuts bytes into segments where one begins, and names each as it wants to be named.
fn disk_of(bytes: &[u8], sealed: bool) -> FakeDisk {
    let disk = FakeDisk::default();
    let mut starts: Vec<usize> =
        bytes.windows(8).enumerate().filter(|(_, at)| at == LOG_MAGIC).map(|(i, _)| i).collect();
    if starts.first() != Some(&0) {
        starts.insert(0, 0);
    }
    let ends = starts.iter().skip(1).copied().chain([bytes.len()]);
    let mut next = 1;
    for (start, end) in starts.iter().copied().zip(ends) {
        let mut segment = bytes[start..end].to_vec();
        let first = if sealed { seal_log(&mut segment, &mut next) } else { first_of(&segment) };
        // Two that want the same name are one too many.
        if let Ok(file) = disk.create(&format!("{first:020}.log")) {
            file.write_at(0, &segment).expect("written");
        }
    }
    disk
}

fn first_of(segment: &[u8]) -> u64 {
    segment.get(12..20).map_or(1, |first| u64::from_le_bytes(first.try_into().expect("eight bytes")))
}

/// Makes a segment one whose records follow those before it: numbers, lengths and checksums.
fn seal_log(segment: &mut [u8], next: &mut u64) -> u64 {
    let first = *next;
    if segment.len() < LOG_HEADER {
        return first;
    }
    segment[..8].copy_from_slice(LOG_MAGIC);
    put_number(segment, 8, 1);
    segment[12..20].copy_from_slice(&first.to_le_bytes());
    let sum = crc32c::crc32c(&segment[..20]);
    put_number(segment, 20, sum);
    let mut at = LOG_HEADER;
    while segment.len() - at >= RECORD_HEAD {
        let room = segment.len() - at - RECORD_HEAD;
        let length = number(segment, at).min(room);
        let record = &mut segment[at..at + RECORD_HEAD + length];
        put_number(record, 0, length as u32);
        record[8..16].copy_from_slice(&next.to_le_bytes());
        let sum = crc32c::crc32c_append(crc32c::crc32c(&record[..4]), &record[8..]);
        put_number(record, 4, sum);
        (at, *next) = (at + RECORD_HEAD + length, *next + 1);
    }
    first
}

pub(super) fn entry_seeds() -> Vec<Vec<u8>> {
    let disk = FakeDisk::default();
    fill(&open(&disk).expect("a new tenant"), 4);
    let mut seeds = Vec::new();
    let mut keep = |record: muster_engine::store::Record<'_>| {
        seeds.push([&[record.kind], record.payload].concat());
        Ok(())
    };
    read_log(&disk, 1, SIZES, &mut keep).expect("a good log");
    let population = population(9, 3);
    let batch = batch_of(&population.twin.schema, &population.twin.profiles);
    let (kind, payload) = encode(&Entry::ImportBatch { mode: muster_engine::table::ImportMode::Merge, batch });
    seeds.push([&[kind], &payload[..]].concat());
    let mut rng = Rng::new(9);
    let events: Vec<Sent> = (0..3).map(|_| Sent::random(&mut rng, 3, Timestamp(1_760_000_000_000_000))).collect();
    let (kind, payload) = encode(&Entry::EventsBatch(event_batch(&events)));
    seeds.push([&[kind], &payload[..]].concat());
    seeds
}

/// An entry of any bytes, the first of which is its kind: refused, or written again as it was read, and what it asks for
/// is made or refused.
pub(super) fn entry(bytes: &[u8]) {
    let Some((kind, payload)) = bytes.split_first() else { return };
    let Ok(entry) = decode(*kind, payload) else { return };
    let (kind, written) = encode(&entry);
    let again = decode(kind, &written).expect("what was written can be read");
    assert_eq!(encode(&again), (kind, written), "written in another way");
    let tenant = Tenant::default();
    let population = population(5, 8);
    replace(&tenant, &population.twin.schema, &population.twin.profiles);
    match entry {
        Entry::Change { command, .. } => {
            let before = tenant.state().version;
            let is_made = tenant.apply(command).is_ok();
            assert_eq!(tenant.state().version, before + u64::from(is_made), "a refused change has changed nothing");
        }
        Entry::ImportBatch { mode, batch } => {
            let mut import = tenant.import();
            if import.upsert(&batch, mode).is_ok() {
                import.commit(Default::default()).expect("nothing that can fail");
            }
        }
        Entry::ImportBegin { id_name, fields, .. } => _ = tenant.import().prepare(&id_name, &fields),
        Entry::EventsBatch(batch) => {
            let terms = EventTerms { creates_profiles: true, now: Timestamp(0) };
            let mut import = tenant.import_events(terms);
            if import.add(&batch).is_ok() {
                import.commit(Default::default()).expect("nothing that can fail");
            }
        }
        Entry::ImportCommit { .. } | Entry::EventsBegin(_) | Entry::EventsCommit { .. } => {}
    }
    look(&tenant.state());
}

/// A good checkpoint: its files by name, the manifest first.
fn good() -> &'static [(FileId, Vec<u8>)] {
    static GOOD: OnceLock<Vec<(FileId, Vec<u8>)>> = OnceLock::new();
    GOOD.get_or_init(|| {
        let disk = FakeDisk::default();
        let tenant = open(&disk).expect("a new tenant");
        fill(&tenant, 12);
        tenant.checkpoint().expect("a good disk").expect("something new");
        let mut ids: Vec<FileId> = disk.list().expect("names").iter().filter_map(|name| FileId::named(name)).collect();
        ids.sort_by_key(|id| id.kind);
        ids.into_iter().map(|id| (id, bytes_of(&disk, &id.to_string()))).collect()
    })
}

/// Each file of a good checkpoint behind its number.
pub(super) fn checkpoint_seeds() -> Vec<Vec<u8>> {
    good().iter().enumerate().map(|(number, (_, bytes))| [&[number as u8], &bytes[..]].concat()).collect()
}

/// A checkpoint with one file of any bytes, the first of which says which one: refused with its name, or everything in
/// it can be looked at.
pub(super) fn checkpoint(bytes: &[u8]) {
    let Some((which, forged)) = bytes.split_first() else { return };
    let which = usize::from(*which) % good().len();
    let mut files: Vec<(FileId, Vec<u8>)> = good().to_vec();
    files[which].1 = forged.to_vec();
    seal_checkpoint(&mut files[which].1);
    if which > 0 {
        name_anew(&mut files, which);
    }
    let disk = FakeDisk::default();
    for (id, bytes) in &files {
        disk.create(&id.to_string()).expect("a new name").write_at(0, bytes).expect("written");
    }
    match Tenant::read(&disk, SIZES, &mut |_| {}) {
        Ok((state, _)) => look(&state),
        Err(error) => assert!(matches!(error, Error::Corrupt(_)), "{error}"),
    }
}

/// Tells the manifest the length and the checksum that a file has now.
fn name_anew(files: &mut [(FileId, Vec<u8>)], which: usize) {
    let forged = files[which].1.clone();
    // A header names its file as the manifest does: kind and number.
    let name = good()[which].1[12..20].to_vec();
    let manifest = &mut files[0].1;
    let mut entries = manifest[CHECKPOINT_HEADER..].chunks_exact_mut(CHECKPOINT_ENTRY);
    // A kind of file that the manifest does not name may be as it is.
    let Some(entry) = entries.find(|entry| entry[..8] == name) else { return };
    entry[16..24].copy_from_slice(&(forged.len() as u64).to_le_bytes());
    put_number(entry, 24, if forged.len() < CHECKPOINT_HEADER { 0 } else { number(&forged, 48) as u32 });
    seal_checkpoint(manifest);
}

/// Makes all checksums of a checkpoint's file right, and the length in its header, as far as its table can be found.
pub fn seal_checkpoint(file: &mut [u8]) {
    if file.len() < CHECKPOINT_HEADER {
        return;
    }
    let (table, sections, length) = (number(file, 32), number(file, 20), file.len());
    for entry in (0..sections).map_while(|index| table.checked_add(index.checked_mul(CHECKPOINT_ENTRY)?)) {
        let Some(fields) = file.get(entry..).filter(|rest| rest.len() >= CHECKPOINT_ENTRY) else { break };
        let (offset, bytes) = (number(fields, 8), number(fields, 16));
        if let Some(section) = file.get(offset..offset + bytes) {
            let sum = crc32c::crc32c(section);
            put_number(file, entry + 24, sum);
        }
    }
    put_number(file, 40, length as u32);
    put_number(file, 44, 0);
    let sum = crc32c::crc32c(file.get(table..).unwrap_or_default());
    put_number(file, 48, sum);
    let sum = crc32c::crc32c(&file[..60]);
    put_number(file, 60, sum);
}

/// Everything that can be looked at; whether indexes agree with columns is not known of bytes that nobody wrote.
fn look(state: &State) {
    let _ = state.view.verify();
    for row in state.view.live().rows().take(100) {
        let profile = state.view.profile(Row(row));
        state.segments_of(row, Timestamp(0));
        state.view.row(&profile.id);
    }
    for segment in state.segments.iter() {
        let _ = state.segment_count(segment.id, Timestamp(0));
    }
    for audience in state.audiences.iter() {
        let _ = state.audience(audience, Timestamp(0), 3);
    }
    for text in
        ["visits > 1 or not age < 5", "country is \"a\" and genres includes any (\"rock\")", "city contains \"b\""]
    {
        if let Ok((_, checked)) = state.read_text(text) {
            let options = PreviewOptions { sample: 3, explain: true };
            state.preview(&checked, Timestamp(0), options).expect("a small sample");
        }
    }
}
