//! Who changed what, when and from where: a table that only grows.
//!
//! Entries name keys by their prefix, those who are signed in by their names, and people in the data not at all: where a path would name somebody, the target is the route. Bodies
//! and secrets are never in it.

use muster_engine::error::Result;
use muster_engine::time::Timestamp;
use rusqlite::{Transaction, params};
use serde::Deserialize;
use utoipa::ToSchema;

use super::register::Register;

/// One request that changed something, or was to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its place; given when it is written.
    pub seq: u64,
    /// When it was answered.
    pub at: Timestamp,
    /// Whose data.
    pub tenant: String,
    /// The key's prefix; none on a server without keys.
    pub key: Option<String>,
    /// Who was signed in.
    pub person: Option<String>,
    /// The role of the key or the account.
    pub role: Option<String>,
    /// The method.
    pub method: String,
    /// The path's template.
    pub route: String,
    /// The path, or its template where the path names a person.
    pub target: String,
    /// The version of the data before.
    pub version_before: Option<u64>,
    /// The version of the data after. Others may have changed something in between as well.
    pub version_after: Option<u64>,
    /// The version of the segment or audience before: its definition is kept there, not here, so that an erasure reaches it.
    pub item_version_before: Option<u64>,
    /// The same after.
    pub item_version_after: Option<u64>,
    /// The address it came from.
    pub address: Option<String>,
    /// The status of the answer.
    pub status: u16,
    /// The id that the log has.
    pub request_id: String,
}

/// Which entry comes first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum AuditOrder {
    /// The one that was written first.
    #[default]
    Oldest,
    /// The one that was written last.
    Newest,
}

/// Which entries.
#[derive(Debug, Clone, Default)]
pub struct AuditQuestion {
    /// Of which tenant; of all where none is named.
    pub tenant: Option<String>,
    /// From when on.
    pub since: Option<Timestamp>,
    /// Which comes first.
    pub order: AuditOrder,
    /// Behind which place, in that order; from the first on where none is named.
    pub after: Option<u64>,
    /// How many at most.
    pub limit: usize,
}

/// Some entries, in the order that was asked for.
#[derive(Debug, Clone, Default)]
pub struct AuditPage {
    /// What is on it.
    pub entries: Vec<AuditEntry>,
    /// Whether there are more behind.
    pub has_more: bool,
}

impl Register {
    /// Entries of the audit; everything answered before is among them, but for what has no room on the disk yet.
    ///
    /// # Errors
    /// `Io` when SQLite refuses.
    pub fn audit(&self, question: &AuditQuestion) -> Result<AuditPage> {
        self.flush_notes();
        let AuditQuestion { tenant, since, order, after, limit } = question;
        let select = select(*order, tenant.is_some());
        let start = match order {
            AuditOrder::Oldest => 0,
            AuditOrder::Newest => i64::MAX as u64,
        };
        let asked = params![after.unwrap_or(start), since.map_or(i64::MIN, |since| since.0), tenant, limit + 1];
        let found: rusqlite::Result<Vec<AuditEntry>> =
            self.read(|connection| Ok(connection.prepare_cached(&select)?.query_map(asked, entry)?.collect()))?;
        let mut entries = found.map_err(super::register::refused)?;
        let has_more = entries.len() > *limit;
        entries.truncate(*limit);
        Ok(AuditPage { entries, has_more })
    }
}

/// One text for each way to ask: with a condition for both, SQLite would look at the entries of all tenants.
fn select(order: AuditOrder, is_of_tenant: bool) -> String {
    let (side, way) = match order {
        AuditOrder::Oldest => (">", "ASC"),
        AuditOrder::Newest => ("<", "DESC"),
    };
    let whose = if is_of_tenant { "tenant = ?3" } else { "?3 IS NULL" };
    format!(
        "SELECT seq, at_us, tenant, key, role, method, route, target, version_before, version_after, \
         address, status, request_id, person, item_version_before, item_version_after FROM audit \
         WHERE seq {side} ?1 AND at_us >= ?2 AND {whose} ORDER BY seq {way} LIMIT ?4"
    )
}

fn entry(row: &rusqlite::Row<'_>) -> rusqlite::Result<AuditEntry> {
    Ok(AuditEntry {
        seq: row.get(0)?,
        at: Timestamp(row.get(1)?),
        tenant: row.get(2)?,
        key: row.get(3)?,
        role: row.get(4)?,
        method: row.get(5)?,
        route: row.get(6)?,
        target: row.get(7)?,
        version_before: row.get(8)?,
        version_after: row.get(9)?,
        address: row.get(10)?,
        status: row.get(11)?,
        request_id: row.get(12)?,
        person: row.get(13)?,
        item_version_before: row.get(14)?,
        item_version_after: row.get(15)?,
    })
}

pub(super) fn append(writing: &Transaction<'_>, entry: &AuditEntry) -> rusqlite::Result<()> {
    let insert = "INSERT INTO audit (at_us, tenant, key, role, method, route, target, version_before, version_after, \
                  address, status, request_id, person, item_version_before, item_version_after) \
                  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    writing.prepare_cached(insert)?.execute(params![
        entry.at.0,
        entry.tenant,
        entry.key,
        entry.role,
        entry.method,
        entry.route,
        entry.target,
        entry.version_before,
        entry.version_after,
        entry.address,
        entry.status,
        entry.request_id,
        entry.person,
        entry.item_version_before,
        entry.item_version_after,
    ])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read_from_where_it_begins_and_only_with_entries_of_its_tenant() {
        let register = Register::in_memory().expect("a file");
        for (order, side) in [(AuditOrder::Oldest, '>'), (AuditOrder::Newest, '<')] {
            for (is_of_tenant, by) in [(true, "INDEX audit_of_tenant (tenant=? AND "), (false, "INTEGER PRIMARY KEY (")]
            {
                let explain = format!("EXPLAIN QUERY PLAN {}", select(order, is_of_tenant));
                let steps = register.read(|connection| {
                    let asked = params![1, 0, is_of_tenant.then_some("default"), 10];
                    connection.prepare(&explain)?.query_map(asked, |row| row.get(3))?.collect()
                });
                let steps: Vec<String> = steps.expect("a plan");
                let [step] = steps.as_slice() else { panic!("nothing is sorted: {steps:?}") };
                let is_short = step.starts_with("SEARCH") && step.contains(by) && step.contains(side);
                assert!(is_short, "{order:?}, of a tenant {is_of_tenant}: {step}");
            }
        }
    }
}
