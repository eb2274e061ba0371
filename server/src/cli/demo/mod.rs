//! `muster demo`: a made-up shop to look at, with customers, what they did, and what a team has saved in a month.
//!
//! The month is played day by day through the same commands as everything else, each as of its instant, and the feed
//! follows: so sizes have a past, snapshots can be compared, and time goes on when the server does.

mod month;
mod people;
mod saved;
mod words;

use clap::Args;
use muster_engine::time::{DAY_US, Timestamp};
use tracing::info;

use self::people::Crowd;
use super::Failure;
use super::serve::{ServeArguments, run};
use crate::clock::{self, Stopwatch};

/// What to generate.
#[derive(Debug, Args)]
pub(crate) struct DemoArguments {
    #[command(flatten)]
    serve: ServeArguments,
    /// Profiles to generate
    #[arg(long, default_value_t = 1_000_000)]
    profiles: u64,
    /// Another seed gives another population; the same seed the same one
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Profiles only: no events, no segments and audiences, no past
    #[arg(long)]
    bare: bool,
}

pub(crate) fn demo(arguments: &DemoArguments) -> Result<(), Failure> {
    run(&arguments.serve, |tenant, kept| {
        if !tenant.state().view.live().is_empty() {
            return Ok(());
        }
        let watch = Stopwatch::start();
        // As of today, so that "within 30 days" finds people; the same seed and day give the same population.
        let now = clock::now();
        let today = Timestamp(now.0 - now.0.rem_euclid(DAY_US));
        let crowd = Crowd { seed: arguments.seed, profiles: arguments.profiles, today };
        if arguments.bare {
            crowd.import(tenant)?;
        } else {
            month::play(crowd, tenant, kept, now)?;
        }
        let view = &tenant.state().view;
        let (profiles, events) = (view.live().len(), view.events().len());
        let (megabytes, seconds) = (view.bytes() >> 20, watch.elapsed().as_secs_f64());
        info!(profiles, events, megabytes, seconds, "generated");
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use muster_engine::catalog::Status;
    use muster_engine::engine::Engine;
    use muster_engine::feed::Resolution;
    use muster_engine::id::TenantId;

    use super::*;
    use crate::house::Kept;

    const PEOPLE: u64 = 4_000;

    #[test]
    fn a_month_has_happened() {
        let mut kept = Kept { engine: Engine::default(), ..Kept::default() };
        let tenant = kept.engine.tenant(&TenantId::default()).expect("the default tenant");
        let today = Timestamp::parse("2026-03-01T00:00:00Z").expect("an instant");
        let now = Timestamp(today.0 + 15 * DAY_US / 24);
        let crowd = Crowd { seed: 1, profiles: PEOPLE, today };
        month::play(crowd, &tenant, &mut kept, now).expect("everything is accepted");
        let state = tenant.state();
        assert_eq!(state.view.live().len(), PEOPLE);
        assert!(state.view.events().len() > PEOPLE, "{} events", state.view.events().len());
        let feed = kept.earlier.feed();
        let since = Timestamp(today.0 - month::DAYS * DAY_US);
        let crowd = feed.population.points(Resolution::Day, since, now);
        assert!(crowd.first().is_some_and(|first| first.count < PEOPLE), "some came in the month");
        assert_eq!(crowd.last().map(|last| last.count), Some(PEOPLE));
        for segment in state.segments.iter().filter(|segment| segment.attributes().status == Status::Active) {
            let count = state.segment_count(segment.id, now).expect("it is there");
            let track = feed.track(segment.id).expect("it is followed");
            assert!(count > 0, "{} is empty", segment.name);
            assert_eq!(track.count, count, "the feed is where the data are: {}", segment.name);
        }
        let recent = state.segments.iter().find(|segment| segment.name == "Recent buyers").expect("it was saved");
        let history = &feed.track(recent.id).expect("it is followed").history;
        let days = history.points(Resolution::Day, since, now).len();
        assert!(days >= month::DAYS as usize, "{days} days of the past");
        let mut digests: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for snapshot in state.snapshots.iter() {
            digests.entry(&snapshot.name).or_default().push(snapshot.digest.to_string());
        }
        assert_eq!(digests.len(), 2, "drafts are not frozen");
        assert!(digests.values().all(|all| all.len() == 4 && all[0] != all[3]), "{digests:?}");
    }
}
