//! `GET /api/erasures`: what became of erasures, and what is still to be done about them.
//!
//! The deadline needs no timer that a restart would forget: it follows from the instant that each receipt carries, in
//! the log and in checkpoints.

use axum::extract::State;
use axum::http::StatusCode;
use muster_engine::command::{Erasures, Receipt};
use muster_engine::time::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value as Json, json};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer;
use super::app::{App, Reply};
use super::pages::{self, PageQuery};
use super::query::Query;
use super::shapes::ErasureList;

use crate::limits::{ERASURE_CHECKPOINT_AFTER, ERASURE_DISK_TIME_MAX};

/// Where bytes of an erased person may be for a while. A file of a checkpoint that was mapped when the server started
/// has no name any more after the next one; the system takes its room back when the server stops.
pub(super) const PLACES: [&str; 3] = ["log", "checkpoint", "backups made before"];

/// Erasures that are not made good on disk.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PendingErasures {
    /// How many.
    pending: u64,
    /// When the oldest was made; none when none is pending, or an older version made it.
    oldest_at: Option<String>,
    /// Until when files may name somebody.
    on_disk_until: Option<String>,
    /// Whether that has passed.
    overdue: bool,
}

impl PendingErasures {
    /// What is pending at an instant.
    pub(super) fn at(erasures: &Erasures, now: Timestamp) -> Self {
        let oldest = erasures.oldest_pending().map(|(_, receipt)| receipt);
        let until = oldest.map(deadline);
        Self {
            pending: erasures.count() - erasures.settled(),
            oldest_at: oldest.and_then(|receipt| receipt.at).map(|at| at.to_string()),
            on_disk_until: until.map(|until| until.to_string()),
            overdue: until.is_some_and(|until| until < now),
        }
    }

    /// Whether something should have been done by now.
    pub(super) fn is_overdue(&self) -> bool {
        self.overdue
    }
}

/// Whether an erasure waits for a checkpoint that is due.
pub(super) fn is_checkpoint_due(erasures: &Erasures, now: Timestamp) -> bool {
    erasures.oldest_pending().is_some_and(|(_, receipt)| later(receipt, ERASURE_CHECKPOINT_AFTER) <= now)
}

fn deadline(receipt: &Receipt) -> Timestamp {
    later(receipt, ERASURE_DISK_TIME_MAX)
}

/// Some time after an erasure; one of which nobody knows the time is as old as can be.
fn later(receipt: &Receipt, time: std::time::Duration) -> Timestamp {
    let microseconds = i64::try_from(time.as_micros()).unwrap_or(i64::MAX);
    Timestamp(receipt.at.unwrap_or(Timestamp(0)).0.saturating_add(microseconds))
}

/// A receipt as answers state it.
pub(super) fn receipt(erasures: &Erasures, number: u64, is_kept: bool) -> Map<String, Json> {
    let receipt = erasures.get(number).copied().unwrap_or_default();
    let until = Some(deadline(&receipt)).filter(|_| is_kept && receipt.off_disk.is_none());
    let mut body = Map::new();
    body.insert("receipt".into(), json!(number));
    for (name, instant) in [("erased_at", receipt.at), ("on_disk_until", until), ("off_disk_at", receipt.off_disk)] {
        body.insert(name.into(), json!(instant.map(|instant| instant.to_string())));
    }
    body
}

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}

/// Receipts of erasures: when memory was cleared, and when the disk was.
///
/// A receipt names nobody; whoever erased a person was told its number.
#[utoipa::path(get, path = "/api/erasures", tag = "profiles", params(PageQuery), responses((status = 200, body = ErasureList)))]
async fn list(State(app): State<App>, Query(query): Query<PageQuery>) -> Reply {
    let tenant = app.tenant()?;
    let erasures = tenant.state().erasures.clone();
    let (numbers, next) = pages::by_id(1..=erasures.count(), |number| *number, &query)?;
    let items: Vec<_> = numbers.into_iter().map(|number| receipt(&erasures, number, tenant.is_kept())).collect();
    let pending = erasures.count() - erasures.settled();
    let body = json!({"items": items, "next_cursor": next, "total": erasures.count(), "pending": pending});
    Ok(answer::json(StatusCode::OK, body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_erasure_is_due_in_time_for_its_deadline() {
        const HOUR: i64 = 3_600 * 1_000_000;
        let mut erasures = Erasures::default();
        assert!(!is_checkpoint_due(&erasures, Timestamp(i64::MAX)));
        erasures.give(Some(Timestamp(HOUR)));
        erasures.give(None);
        let due = |erasures: &Erasures, hours: i64, more: i64| {
            let now = Timestamp(hours * HOUR + more);
            (is_checkpoint_due(erasures, now), PendingErasures::at(erasures, now).overdue)
        };
        assert_eq!(due(&erasures, 13, -1), (false, false));
        assert_eq!(due(&erasures, 13, 0), (true, false));
        assert_eq!(due(&erasures, 25, 0), (true, false));
        assert_eq!(due(&erasures, 25, 1), (true, true));
        erasures.settle(1, Timestamp(26 * HOUR));
        assert_eq!(due(&erasures, 100, 0), (true, true), "one without a time is as old as can be");
        erasures.settle(2, Timestamp(27 * HOUR));
        assert_eq!(due(&erasures, 100, 0), (false, false));
    }
}
