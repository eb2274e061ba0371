//! Cutting a damaged log at the damage, on request. What is cut is put aside, not thrown away, until somebody is erased.

use std::io;

use super::LogSizes;
use super::format::{self, HEADER_BYTES};
use super::read::{Damage, Failed, load, scan, segments};
use crate::error::{Error, Result};
use crate::store::disk::Disk;

/// What files that were put aside end with.
const ASIDE: &str = ".cut";

/// What a repair did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repaired {
    /// The first record that is lost.
    pub lost_from: u64,
    /// Records among the lost ones that could still be read.
    pub lost_readable: u64,
    /// What was wrong, and where.
    pub damage: String,
    /// Files that hold what was cut.
    pub kept_in: Vec<String>,
}

/// Cuts the log of a disk before its first damage, of the records from `from` on; `None` when there is none. Afterwards the
/// log can be read and goes on with the first record that is lost.
///
/// # Errors
/// `Io` when the system refuses; calling again goes on from there.
pub fn repair_log(disk: &dyn Disk, from: u64, sizes: LogSizes) -> Result<Option<Repaired>> {
    match scan(disk, from, sizes, &mut |_| Ok(())) {
        Ok(_) => Ok(None),
        Err(Failed::Other(error)) => Err(error),
        Err(Failed::Damage(damage)) => cut(disk, from, sizes, &damage).map(Some),
    }
}

fn cut(disk: &dyn Disk, from: u64, sizes: LogSizes, damage: &Damage) -> Result<Repaired> {
    let refused = |error: io::Error| Error::Io(format!("the log cannot be repaired: {error}"));
    let mut repaired =
        Repaired { lost_from: damage.lsn, lost_readable: 0, damage: damage.to_string(), kept_in: Vec::new() };
    let mut put_aside = |name: String, bytes: &[u8], lsn: u64| {
        let readable = format::find_later(bytes, 0, lsn, sizes.record);
        repaired.lost_readable += readable.filter(|found| found.lsn >= damage.lsn).count() as u64;
        repaired.kept_in.push(name);
    };
    let damaged = format::first_lsn_of(&damage.file).unwrap_or_default();
    // Where nothing that is asked for is left, no segment may stay: what is older than `from` may be there in part, and a
    // log that ends before `from` cannot be gone on with. The next record then begins the log anew.
    let is_all_lost = damage.lsn == from;
    let offset = usize::try_from(damage.offset).unwrap_or(usize::MAX);
    let is_whole = is_all_lost || offset < HEADER_BYTES;
    if !is_whole {
        let bytes = load(disk, &damage.file, sizes)?.bytes;
        let rest = bytes.get(offset..).unwrap_or_default();
        let last = format::find_later(rest, 0, damage.lsn, sizes.record).last().map_or(0, |found| found.payload.end);
        let rest = &rest[..last.max(format::without_zeros(rest).len())];
        if !rest.is_empty() {
            let aside = format!("{}.{offset}{ASIDE}", damage.file);
            if disk.list().map_err(refused)?.contains(&aside) {
                disk.remove(&aside).map_err(refused)?;
            }
            let file = disk.create(&aside).map_err(refused)?;
            file.write_at(0, rest).map_err(refused)?;
            file.sync_data().map_err(refused)?;
            put_aside(aside, rest, damage.lsn);
            disk.sync_names().map_err(refused)?;
        }
    }
    // The newest first: at every moment what is left is a log that ends with the same damage.
    let goes = |first: &u64| is_all_lost || *first > damaged || (is_whole && *first == damaged);
    for later in segments(disk)?.into_iter().rev().filter(goes) {
        let name = format::segment_name(later);
        let bytes = load(disk, &name, sizes)?.bytes;
        let aside = format!("{name}{ASIDE}");
        disk.rename(&name, &aside).map_err(refused)?;
        disk.sync_names().map_err(refused)?;
        put_aside(aside, &bytes, later);
    }
    if !is_whole {
        let file = disk.open(&damage.file).map_err(refused)?;
        file.truncate(damage.offset).map_err(refused)?;
    }
    repaired.kept_in.sort();
    Ok(repaired)
}

/// Removes what repairs have put aside: it holds records of people who were erased since.
///
/// # Errors
/// `Io` when the system refuses; calling again goes on from there.
pub fn remove_put_aside(disk: &dyn Disk) -> Result<()> {
    let refused = |error: io::Error| Error::Io(format!("what a repair has put aside cannot be removed: {error}"));
    let names = disk.list().map_err(refused)?;
    for name in names.iter().filter(|name| name.ends_with(ASIDE)) {
        disk.remove(name).map_err(refused)?;
    }
    disk.sync_names().map_err(refused)
}
