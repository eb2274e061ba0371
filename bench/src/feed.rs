//! How long it takes until a change of one profile is in all memberships and feeds, and how often time alone moves
//! somebody.

use clap::Args;
use muster::source::from_record_batch;
use muster_data::population::{DEFAULT_NOW, Population};
use muster_data::rules::canonical;
use muster_engine::command::{Command, SegmentContent, Upsert};
use muster_engine::feed::{Feed, Follower, Step};
use muster_engine::id::SegmentId;
use muster_engine::rule::Rule;
use muster_engine::table::ImportMode;
use muster_engine::tenant::{Tenant, Terms};
use muster_engine::time::Timestamp;
use serde_json::json;

use crate::clock::timed;
use crate::document::{percentile, rounded};
use crate::machine;
use crate::workload::{loaded, one_row, parquet};
use crate::{Failure, Size};

/// What to measure.
#[derive(Debug, Args)]
pub(crate) struct FeedArguments {
    #[command(flatten)]
    pub(crate) size: Size,
    /// Saved segments: the canonical rules, again and again with other names
    #[arg(long, default_value_t = 500)]
    segments: usize,
    /// Single profiles that are changed, one after the other
    #[arg(long, default_value_t = 300)]
    changes: usize,
    /// Steps through time, each to the next instant at which somebody may move
    #[arg(long, default_value_t = 300)]
    instants: usize,
}

pub(crate) fn run(arguments: &FeedArguments) -> Result<(), Failure> {
    let FeedArguments { size, segments, changes, instants } = arguments;
    let (tenant, _) = loaded(&parquet(size.profiles)?, size.row_order())?;
    save(&tenant, *segments)?;
    let mut feed = Feed::default();
    let (follower, start_s) = timed(|| {
        let follower = Follower::new(tenant.follow(), DEFAULT_NOW);
        feed.apply(&follower.beginning());
        follower
    });
    eprintln!("following {segments} segments after {start_s:.1} s");
    let mut run = Run { tenant, follower, feed };
    let writes = run.writes(size.profiles, *changes)?;
    let quiet = run.same_again(size.profiles, *changes)?;
    let time = run.time(*instants);
    let differing = run.compare();
    let document = json!({
        "profiles": size.profiles,
        "segments": segments,
        "threads": size.threads,
        "machine": machine::describe(),
        "commit": machine::commit(),
        "start_s": rounded(start_s),
        "upsert": writes,
        "patch_of_one_field": quiet,
        "time": time,
        "segments_that_differ_from_their_evaluation": differing,
    });
    println!("{document:#}");
    if differing > 0 {
        Err(Failure(format!("{differing} segments have another size than they should")))
    } else {
        Ok(())
    }
}

/// Saves so many segments.
fn save(tenant: &Tenant, count: usize) -> Result<(), Failure> {
    let rules: Vec<Rule> = canonical(&[]);
    for (number, rule) in rules.iter().cycle().take(count).enumerate() {
        let content = SegmentContent::Rule(rule.clone());
        let name = format!("segment {number}");
        tenant.apply(Command::PutSegment { id: None, name, description: String::new(), content, now: DEFAULT_NOW })?;
    }
    Ok(())
}

struct Run {
    tenant: Tenant,
    follower: Follower,
    feed: Feed,
}

impl Run {
    /// Whole profiles with other values, one after the other: each change, and what it takes to bring everything up to
    /// date.
    fn writes(&mut self, profiles: u64, count: usize) -> Result<serde_json::Value, Failure> {
        let schema = self.tenant.state().view.schema().clone();
        let mut batches = Vec::new();
        for batch in Population::new(2, profiles, DEFAULT_NOW).batches().take(1) {
            let batch = from_record_batch(&batch, "id", &schema)?;
            let stride = (batch.row_count() / count.max(1)).max(1);
            batches.extend((0..batch.row_count()).step_by(stride).take(count).map(|at| one_row(&batch, at)));
        }
        self.each(batches, |tenant, batch| {
            let upsert = Upsert { id_name: "id".into(), fields: Vec::new(), mode: ImportMode::Replace, batch };
            tenant.upsert(upsert, schema.clone(), Terms::default())?;
            Ok(())
        })
    }

    /// One field of a profile at a time.
    fn same_again(&mut self, profiles: u64, count: usize) -> Result<serde_json::Value, Failure> {
        let view = self.tenant.state().view.clone();
        let stride = (profiles as usize / count.max(1)).max(1);
        let ids = view.live().rows().step_by(stride).take(count);
        let ids: Vec<String> = ids.map(|row| view.id(muster_engine::id::Row(row)).to_owned()).collect();
        self.each(ids, |tenant, id| {
            let changes = vec![("total_spent".to_owned(), Some(muster_engine::schema::Value::Decimal(12_345, 2)))];
            tenant.apply(Command::PatchProfile { id, changes })?;
            Ok(())
        })
    }

    fn each<T>(
        &mut self,
        items: Vec<T>,
        mut change: impl FnMut(&Tenant, T) -> Result<(), Failure>,
    ) -> Result<serde_json::Value, Failure> {
        let (mut write_us, mut follow_us, mut moves) = (Vec::new(), Vec::new(), 0);
        for item in items {
            let (done, seconds) = timed(|| change(&self.tenant, item));
            done?;
            write_us.push(seconds * 1e6);
            let (state, rows) = self.tenant.news(0, std::time::Duration::ZERO);
            let now = self.follower.now();
            let (step, seconds) = timed(|| {
                let step = self.follower.advance(state, &rows, now);
                self.feed.apply(&step);
                step
            });
            follow_us.push(seconds * 1e6);
            moves += step.moves.len();
        }
        Ok(figures(&follow_us, &[("write_p50_us", percentile(&write_us, 0.5))], moves))
    }

    /// From instant to instant.
    fn time(&mut self, count: usize) -> serde_json::Value {
        let (mut times, mut moves) = (Vec::new(), 0);
        let from = self.follower.now();
        for _ in 0..count {
            let Some(next) = self.follower.next_instant() else { break };
            let state = self.follower.state().clone();
            let (step, seconds): (Step, f64) = timed(|| {
                let step = self.follower.advance(state, &Default::default(), next);
                self.feed.apply(&step);
                step
            });
            times.push(seconds * 1e6);
            moves += step.moves.len() + step.bulk.len();
        }
        let Timestamp(passed) = Timestamp(self.follower.now().0 - from.0);
        figures(&times, &[("seconds_passed", Some(passed as f64 / 1e6))], moves)
    }

    /// How many segments have another size in the feed than when they are evaluated now.
    fn compare(&self) -> usize {
        let (state, now) = (self.follower.state(), self.follower.now());
        let differs = |id: SegmentId, count: u64| state.segment_count(id, now) != Ok(count);
        self.feed.tracks().filter(|(id, track)| differs(*id, track.count)).count()
    }
}

fn figures(times: &[f64], more: &[(&str, Option<f64>)], moves: usize) -> serde_json::Value {
    let mut document = json!({
        "count": times.len(),
        "p50_us": percentile(times, 0.5).map(rounded),
        "p99_us": percentile(times, 0.99).map(rounded),
        "moves": moves,
    });
    for (name, figure) in more {
        document[*name] = json!(figure.map(rounded));
    }
    document
}
