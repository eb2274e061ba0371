//! Records of tenants: made, bounded, suspended, deleted; and what is personal to them.

use std::collections::{BTreeMap, BTreeSet};

use muster_engine::error::{Error, Problem, Result};
use muster_engine::id::TenantId;
use muster_engine::schema::normalize;
use muster_engine::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::region::Region;
use super::register::{Register, refused};
use crate::limits::{TENANT_ID_CHARS_MAX, TENANTS_MAX};

/// What a tenant may have; none where that is not bounded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Quota {
    /// Profiles after which no more are added.
    pub profiles: Option<u64>,
    /// Segments after which no more are saved.
    pub segments: Option<u64>,
    /// Events after which no more are taken.
    pub events: Option<u64>,
    /// Bytes of memory for profiles, set aside for this tenant.
    pub bytes: Option<u64>,
    /// Requests a second, of all its keys together.
    pub requests_per_second: Option<u32>,
}

/// A tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantRecord {
    /// Its name in paths, keys and requests.
    pub id: String,
    /// When it was made.
    pub created: Timestamp,
    /// Since when nobody may use it.
    pub suspended: Option<Timestamp>,
    /// What it may have.
    pub quota: Quota,
    /// Where it is at home.
    pub region: Region,
}

/// A tenant that was deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deletion {
    /// The receipt's number.
    pub receipt: u64,
    /// Who it was.
    pub tenant: String,
    /// When it was asked for: nobody reached it from then on.
    pub asked: Timestamp,
    /// When its files were gone.
    pub done: Option<Timestamp>,
}

impl TenantRecord {
    pub(super) fn new(id: &str, created: Timestamp) -> Self {
        Self { id: id.to_owned(), created, suspended: None, quota: Quota::default(), region: Region::default() }
    }
}

impl Register {
    /// Makes a tenant.
    ///
    /// # Errors
    /// `Invalid` for a name that cannot be one and for a region that is on no list, `Conflict` when there is one of that name or its files are still being
    /// removed, `Limit` for too many.
    pub fn create_tenant(&self, id: &str, quota: Quota, region: Region, now: Timestamp) -> Result<TenantRecord> {
        check_id(id)?;
        check_region(&region)?;
        self.change(|changing| {
            let taken = || Error::Conflict(Problem::new("/id", "tenant_exists", format!("there is a tenant \"{id}\"")));
            if known(changing, id).is_ok() {
                return Err(taken());
            }
            let leaving = "SELECT 1 FROM deletions WHERE tenant = ? AND done_us IS NULL";
            if changing.query_row(leaving, [id], |_| Ok(())).optional().map_err(refused)?.is_some() {
                let message = format!("the files of an earlier tenant \"{id}\" are still being removed; try again");
                return Err(Error::Conflict(Problem::new("/id", "tenant_leaving", message)));
            }
            let count: u64 =
                changing.query_row("SELECT count(*) FROM tenants", [], |row| row.get(0)).map_err(refused)?;
            if count >= TENANTS_MAX {
                let message = format!("there are {TENANTS_MAX} tenants already; delete one first");
                return Err(Error::Limit(Problem::new("", "too_many_tenants", message)));
            }
            put(changing, &TenantRecord { quota, region, ..TenantRecord::new(id, now) })
        })?;
        self.tenant(id)
    }

    /// A tenant.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn tenant(&self, id: &str) -> Result<TenantRecord> {
        self.roster().tenant(id).cloned().ok_or_else(|| no_tenant(id))
    }

    /// Changes what a tenant may have, where it is at home, and whether anybody may use it.
    ///
    /// # Errors
    /// `NotFound`; `Invalid` for a region that is on no list.
    pub fn change_tenant(&self, id: &str, change: impl FnOnce(&mut TenantRecord)) -> Result<TenantRecord> {
        let mut record = self.tenant(id)?;
        change(&mut record);
        check_region(&record.region)?;
        self.change(|changing| {
            known(changing, id)?;
            put(changing, &record)
        })?;
        Ok(record)
    }

    /// Deletes a tenant with its keys and settings. Nobody reaches it when this returns; its files go soon after, and then the
    /// receipt says so.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` for the default one.
    pub fn delete_tenant(&self, id: &str, now: Timestamp) -> Result<Deletion> {
        if id == TenantId::DEFAULT {
            let message =
                "the default tenant is the data directory itself; delete the directory when no server uses it";
            return Err(Error::Conflict(Problem::new("", "default_tenant", message)));
        }
        let receipt = self.change(|changing| {
            known(changing, id)?;
            for gone in [
                "DELETE FROM tenants WHERE id = ?",
                "DELETE FROM personal_fields WHERE tenant = ?",
                "DELETE FROM people WHERE tenant = ?",
                "DELETE FROM sessions WHERE tenant = ?",
                // What is left of a key says who did what in the audit.
                "UPDATE keys SET revoked_us = coalesce(revoked_us, 0) WHERE tenant = ?",
            ] {
                changing.execute(gone, [id]).map_err(refused)?;
            }
            let note = "INSERT INTO deletions (tenant, asked_us) VALUES (?, ?)";
            changing.execute(note, params![id, now.0]).map_err(refused)?;
            Ok(changing.last_insert_rowid())
        })?;
        let receipt = u64::try_from(receipt).unwrap_or_default();
        Ok(Deletion { receipt, tenant: id.to_owned(), asked: now, done: None })
    }

    /// Tenants that were deleted, the first first.
    ///
    /// # Errors
    /// `Io` when SQLite refuses.
    pub fn deletions(&self) -> Result<Vec<Deletion>> {
        let deletion = |row: &rusqlite::Row<'_>| {
            let done: Option<i64> = row.get(3)?;
            Ok(Deletion {
                receipt: row.get(0)?,
                tenant: row.get(1)?,
                asked: Timestamp(row.get(2)?),
                done: done.map(Timestamp),
            })
        };
        let select = "SELECT receipt, tenant, asked_us, done_us FROM deletions ORDER BY receipt";
        self.read(|connection| connection.prepare_cached(select)?.query_map([], deletion)?.collect())
    }

    /// Notes that the files of a deleted tenant are gone.
    ///
    /// # Errors
    /// `Io` when SQLite refuses.
    pub fn settle_deletion(&self, receipt: u64, now: Timestamp) -> Result<()> {
        self.change(|changing| {
            let done = "UPDATE deletions SET done_us = ?2 WHERE receipt = ?1 AND done_us IS NULL";
            changing.execute(done, params![receipt, now.0]).map(drop).map_err(refused)
        })
    }

    /// Says which fields of a tenant are personal.
    ///
    /// # Errors
    /// `NotFound` when there is no such tenant.
    pub fn set_personal_fields(&self, tenant: &str, fields: &BTreeSet<String>) -> Result<()> {
        self.change(|changing| {
            known(changing, tenant)?;
            changing.execute("DELETE FROM personal_fields WHERE tenant = ?", [tenant]).map_err(refused)?;
            for field in fields {
                let mark = "INSERT OR IGNORE INTO personal_fields (tenant, field) VALUES (?, ?)";
                changing.execute(mark, params![tenant, normalize(field)]).map_err(refused)?;
            }
            Ok(())
        })
    }
}

/// Refuses a tenant that there is not.
pub(super) fn known(changing: &Transaction<'_>, id: &str) -> Result<()> {
    let select = "SELECT 1 FROM tenants WHERE id = ?";
    let found = changing.query_row(select, [id], |_| Ok(())).optional().map_err(refused)?;
    if found.is_some() || id == TenantId::DEFAULT { Ok(()) } else { Err(no_tenant(id)) }
}

fn no_tenant(id: &str) -> Error {
    Error::NotFound(format!("there is no tenant \"{id}\""))
}

/// A name is a folder's name and a part of paths: small letters, digits, `-` and `_`, a letter or a digit first.
fn check_id(id: &str) -> Result<()> {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let starts_well = id.bytes().next().is_some_and(is_plain);
    let goes_on_well = id.bytes().all(|byte| is_plain(byte) || byte == b'-' || byte == b'_');
    if starts_well && goes_on_well && id.len() <= TENANT_ID_CHARS_MAX {
        return Ok(());
    }
    let message = format!(
        "a tenant's id has 1 to {TENANT_ID_CHARS_MAX} small letters, digits, - and _, and begins with a letter or a digit"
    );
    Err(Error::invalid("/id", "bad_tenant_id", message))
}

fn check_region(region: &Region) -> Result<()> {
    let problems = region.problems();
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

fn put(changing: &Transaction<'_>, record: &TenantRecord) -> Result<()> {
    let put = "INSERT OR REPLACE INTO tenants (id, created_us, suspended_us, profiles_max, segments_max, bytes_max, \
               requests_per_second, events_max, currency, time_zone) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let TenantRecord { id, created, suspended, quota, region } = record;
    let values = params![
        id,
        created.0,
        suspended.map(|at| at.0),
        quota.profiles.map(u64::cast_signed),
        quota.segments.map(u64::cast_signed),
        quota.bytes.map(u64::cast_signed),
        quota.requests_per_second,
        quota.events.map(u64::cast_signed),
        region.currency,
        region.time_zone,
    ];
    changing.execute(put, values).map(drop).map_err(refused)
}

/// All tenants that there is a record of.
pub(super) fn read(connection: &Connection) -> rusqlite::Result<BTreeMap<String, TenantRecord>> {
    let select = "SELECT id, created_us, suspended_us, profiles_max, segments_max, bytes_max, requests_per_second, \
                  events_max, currency, time_zone FROM tenants";
    let bound = |bound: Option<i64>| bound.map(i64::cast_unsigned);
    let record = |row: &rusqlite::Row<'_>| {
        let suspended: Option<i64> = row.get(2)?;
        let record = TenantRecord {
            id: row.get(0)?,
            created: Timestamp(row.get(1)?),
            suspended: suspended.map(Timestamp),
            quota: Quota {
                profiles: bound(row.get(3)?),
                segments: bound(row.get(4)?),
                bytes: bound(row.get(5)?),
                requests_per_second: row.get(6)?,
                events: bound(row.get(7)?),
            },
            region: Region { currency: row.get(8)?, time_zone: row.get(9)? },
        };
        Ok((record.id.clone(), record))
    };
    connection.prepare_cached(select)?.query_map([], record)?.collect()
}
