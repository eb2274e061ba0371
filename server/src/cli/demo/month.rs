//! The month itself: days that pass, people who come, and what the team does on which day.

use std::sync::Arc;
use std::time::Duration;

use muster_engine::command::{Command, ComputeChange, Contacted, GateChange, Outcome};
use muster_engine::feed::Follower;
use muster_engine::id::{AudienceId, SnapshotId};
use muster_engine::tenant::{SnapshotOrder, Tenant, Terms};
use muster_engine::time::{DAY_US, Timestamp};

use super::people::Crowd;
use super::{saved, words};
use crate::cli::Failure;
use crate::house::Kept;

/// How many days are played.
pub(super) const DAYS: i64 = 30;

/// So many days' arrivals are imported at once: each import takes its time.
const ARRIVAL_DAYS: i64 = 2;

/// On which days, counted from 0, the campaigns are built; a rule is changed; the campaign is sent.
const BUILT: i64 = 4;
const CHANGED: i64 = 17;
const SENT: i64 = 26;

/// On which days the audiences are frozen.
const FROZEN: [i64; 4] = [8, 15, 22, SENT];

/// An office hour: when somebody does what is done in a day.
const OFFICE_US: i64 = 9 * DAY_US / 24;

/// Imports whoever was there before the month, then plays its days up to `now`.
pub(super) fn play(crowd: Crowd, tenant: &Arc<Tenant>, kept: &mut Kept, now: Timestamp) -> Result<(), Failure> {
    let since = Timestamp(crowd.today.0 - DAYS * DAY_US);
    let arrivals = crowd.import_until(tenant, since)?;
    declare(tenant, since)?;
    saved::segments(tenant, since)?;
    saved::gates(tenant, since)?;
    let mut follower = Follower::new(tenant.follow(), since).with_crossings_max(0);
    kept.earlier.tell(&follower.beginning())?;
    let mut campaigns = Vec::new();
    for day in 0..=DAYS {
        let morning = Timestamp(since.0 + day * DAY_US);
        if day % ARRIVAL_DAYS == 0 {
            arrivals.bring(tenant, morning.0..morning.0 + ARRIVAL_DAYS * DAY_US)?;
        }
        let at = Timestamp(morning.0 + OFFICE_US).min(now);
        match day {
            BUILT => campaigns = saved::audiences(tenant, at)?,
            CHANGED => saved::second_thoughts(tenant, at)?,
            _ => {}
        }
        if FROZEN.contains(&day) {
            let snapshots = freeze(tenant, &campaigns, at)?;
            if day == SENT
                && let Some(first) = snapshots.first()
            {
                contact(tenant, *first, (at, now))?;
            }
        }
        let evening = Timestamp(morning.0 + DAY_US).min(now);
        let (state, rows) = tenant.news(u64::MAX, Duration::ZERO);
        kept.earlier.tell(&follower.advance(state, &rows, evening))?;
    }
    tenant.rebuild(now, Arc::default())?;
    let (state, rows) = tenant.news(u64::MAX, Duration::ZERO);
    kept.earlier.tell(&follower.advance(state, &rows, now))?;
    kept.marked = Some(follower.state().clone());
    Ok(())
}

/// Fields that are made of events.
fn declare(tenant: &Tenant, now: Timestamp) -> Result<(), Failure> {
    let fields = words::COMPUTED.iter().map(|(name, json)| ((*name).to_owned(), Some((*json).to_owned()))).collect();
    tenant.apply(Command::Compute(ComputeChange::Declare { events: Default::default(), fields, now }))?;
    Ok(())
}

fn freeze(tenant: &Tenant, audiences: &[AudienceId], now: Timestamp) -> Result<Vec<SnapshotId>, Failure> {
    let order = SnapshotOrder { audiences: audiences.to_vec(), now, created: now, confirm_everyone: false };
    Ok(tenant.snapshot(&order, Terms::default(), &mut |_| ())?)
}

/// The campaign is sent, and whoever received it is noted.
fn contact(tenant: &Tenant, snapshot: SnapshotId, (at, now): (Timestamp, Timestamp)) -> Result<Outcome, Failure> {
    let who = Contacted::Snapshot(snapshot);
    let change = GateChange::RecordContacts { channel: words::EMAIL.to_owned(), who, at, now };
    Ok(tenant.apply(Command::Gate(change))?)
}
