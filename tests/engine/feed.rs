//! Membership that moves: whoever begins with the members and follows the feed always holds exactly the members that the
//! naive model says, through writes, erasures, other definitions, time that passes, restarts and crashes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use harness::disk::{FakeDisk, Fault};
use harness::model::{Ids, Model};
use harness::population::{FIELDS, population};
use harness::rng::Rng;
use harness::tenant::replace;
use harness::twin::Saved;
use muster_engine::command::{Command, Outcome, SegmentContent};
use muster_engine::feed::{Cause, Entry, Feed, Follower, Gone, History as Sizes, Kept, Resolution, Step};
use muster_engine::id::SegmentId;
use muster_engine::limits::{FEED_DAYS_MAX, FEED_ENTRIES_MAX, FEED_NUMBERS_AHEAD};
use muster_engine::rule::from_text;
use muster_engine::schema::FieldType;
use muster_engine::store::checkpoint::CheckpointSizes;
use muster_engine::tenant::{State, Tenant};
use muster_engine::time::{DAY_US, Timestamp};

use crate::durability::SIZES;
use crate::history::History;

/// Histories of the ordinary run.
const HISTORIES: u64 = 80;

/// Steps in each.
const STEPS: usize = 40;

/// Somebody who follows all segments: knows nothing but what they were told.
#[derive(Debug, Default)]
struct Consumer {
    since: u64,
    members: BTreeMap<SegmentId, Ids>,
}

impl Consumer {
    /// Reads all members, as somebody does who begins.
    fn read(&mut self, feed: &Feed, state: &State) {
        self.since = feed.last_seq();
        let rows = |id| state.segment_rows(id, feed.now).expect("a segment");
        let ids = |id| rows(id).rows().map(|row| state.view.id(muster_engine::id::Row(row)).to_owned()).collect();
        self.members = feed.tracks().map(|(id, _)| (id, ids(id))).collect();
    }

    /// Reads on about the segments whose members are known; nothing is ever told twice.
    fn follow(&mut self, feed: &Feed, state: &State, before: &State, place: &str) -> Result<Vec<Entry>, Gone> {
        self.members.retain(|id, _| feed.track(*id).is_some());
        let segments: Vec<SegmentId> = self.members.keys().copied().collect();
        let mut all = Vec::new();
        loop {
            let page = feed.after(&segments, self.since, 3)?;
            assert!(page.entries.len() <= 3 && page.next >= self.since, "{place}");
            self.since = page.next;
            for entry in &page.entries {
                let id = named(entry, state, before);
                let members = self.members.entry(entry.told.segment).or_default();
                let changed = if entry.told.entered { members.insert(id.clone()) } else { members.remove(&id) };
                assert!(changed, "{place}: {id} was told twice: {entry:?}");
            }
            all.extend(page.entries);
            if !page.more {
                assert!(
                    all.is_sorted_by(|left, right| left.seq < right.seq && left.told.at <= right.told.at),
                    "{place}"
                );
                return Ok(all);
            }
        }
    }

    fn agrees(&self, model: &Model, feed: &Feed, now: Timestamp, place: &str) {
        for id in model.segments.keys() {
            let members = model.members(*id, now);
            assert_eq!(self.members.get(id).unwrap_or(&Ids::new()), &members, "{place}: segment {id}");
            let track = feed.track(*id).unwrap_or_else(|| panic!("{place}: segment {id} is not followed"));
            assert_eq!(track.count, members.len() as u64, "{place}: segment {id}");
        }
        assert_eq!(feed.tracks().count(), model.segments.len(), "{place}");
        let population = feed.population.points(Resolution::Day, Timestamp(i64::MIN), Timestamp(i64::MAX));
        assert_eq!(population.last().map(|last| last.count), Some(model.everyone().len() as u64), "{place}");
    }
}

/// Whom an entry is about.
fn named(entry: &Entry, state: &State, before: &State) -> String {
    match &entry.told.id {
        Some(id) => id.to_string(),
        None if state.view.live().contains(entry.told.row.0) => state.view.id(entry.told.row).to_owned(),
        None => before.view.id(entry.told.row).to_owned(),
    }
}

/// Where time goes next: often to an instant at which something moves, or one beside it.
fn later(rng: &mut Rng, follower: &Follower) -> Timestamp {
    let now = follower.now();
    match (rng.below(6), follower.next_instant()) {
        (0, _) => now,
        (1, _) => Timestamp(now.0 + rng.below(3_000_000) as i64),
        (2, _) => Timestamp(now.0 + rng.below(40) as i64 * DAY_US + rng.below(2) as i64),
        (3, Some(next)) => Timestamp(next.0 - 1).max(now),
        (4, Some(next)) => Timestamp(next.0 + 1),
        (_, Some(next)) => next,
        (_, None) => now.plus_days(1),
    }
}

/// Every move by time happened at its instant and not a microsecond before, and there was none that was not told.
fn check_instants(step: &Step, state: &State, model: &Model, from: Timestamp, place: &str) -> usize {
    let by_time: Vec<_> = step.moves.iter().filter(|found| found.cause == Cause::Time).collect();
    for found in &by_time {
        let id = state.view.id(found.row).to_owned();
        let is_in = |now| model.members(found.segment, now).contains(&id);
        let (was, is) = (is_in(Timestamp(found.at.0 - 1)), is_in(found.at));
        assert_eq!((was, is), (!found.entered, found.entered), "{place}: {id} at {}", found.at);
        assert!(from < found.at && found.at <= step.now, "{place}: {id} at {}", found.at);
    }
    // Between two instants nobody moves.
    for id in model.segments.keys() {
        let mut members = model.members(*id, from);
        let own: BTreeSet<Timestamp> =
            by_time.iter().filter(|found| found.segment == *id).map(|found| found.at).collect();
        for at in own {
            assert_eq!(members, model.members(*id, Timestamp(at.0 - 1).max(from)), "{place}: before {at}");
            members = model.members(*id, at);
        }
        assert_eq!(members, model.members(*id, step.now), "{place}: after the last move by time");
    }
    by_time.len()
}

#[test]
fn the_feed_tells_every_move_and_no_other() {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let causes = std::thread::scope(|scope| {
        let run =
            |thread| -> Vec<Cause> { (thread as u64..HISTORIES).step_by(threads).flat_map(one_history).collect() };
        let running: Vec<_> = (0..threads).map(|thread| scope.spawn(move || run(thread))).collect();
        running.into_iter().flat_map(|thread| thread.join().expect("a good end")).collect::<Vec<Cause>>()
    });
    for cause in [Cause::Time, Cause::Write, Cause::Definition, Cause::Erase] {
        let told = causes.iter().filter(|other| **other == cause).count();
        assert!(told > 100, "{cause:?} only {told} times");
    }
}

/// Segments that time moves, beside those that a history makes.
fn put_windows(history: &mut History) {
    let fields = FIELDS.iter().filter(|(_, kind)| matches!(kind, FieldType::Time | FieldType::Date));
    for (field, window) in
        fields.flat_map(|(field, _)| ["within 3", "before 30", "in next 1"].map(|side| (*field, side)))
    {
        let rule = from_text(&format!("not {field} {window} days")).expect("a rule");
        let name = format!("{field} {window}");
        let put = Command::PutSegment {
            id: None,
            name: name.clone(),
            description: String::new(),
            content: SegmentContent::Rule(rule.clone()),
            now: Timestamp(0),
        };
        let id = of(&history.tenant.apply(put).expect("a segment"));
        history.model.segments.insert(id, (name, Saved::Dynamic(rule)));
    }
}

fn one_history(seed: u64) -> Vec<Cause> {
    let mut history = History::new(seed);
    put_windows(&mut history);
    let mut follower = Follower::new(history.tenant.follow(), history.material.now);
    if seed % 4 == 3 {
        follower = follower.with_crossings_max(2);
    }
    let mut feed = Feed::default();
    feed.apply(&follower.beginning());
    let mut consumer = Consumer::default();
    consumer.read(&feed, follower.state());
    let mut causes = Vec::new();
    for number in 0..STEPS {
        let (before, model) = (follower.state().clone(), history.model.clone());
        let changes = history.rng.below(3);
        let done: Vec<&str> = (0..changes).map(|_| history.change()).collect();
        let (from, to) = (follower.now(), later(&mut history.rng, &follower));
        let quiet_until = follower.next_instant();
        let (state, rows) = history.tenant.news(0, std::time::Duration::ZERO);
        let step = follower.advance(state.clone(), &rows, to);
        let place = format!("seed {seed}, step {number}: {done:?} until {to}");
        if quiet_until.is_none_or(|next| to < next) {
            assert!(step.moves.iter().all(|found| found.cause != Cause::Time), "{place}: earlier than was said");
        }
        if seed % 4 != 3 {
            check_instants(&step, &before, &model, from, &place);
        }
        feed.apply(&step);
        step.begun.iter().for_each(|(id, _)| {
            let told = history.model.members(*id, to);
            consumer.members.insert(*id, told);
        });
        causes.extend(
            consumer.follow(&feed, &state, &before, &place).expect(&place).iter().map(|entry| entry.told.cause),
        );
        consumer.agrees(&history.model, &feed, to, &place);
        adds_up(&feed, &place);
    }
    causes
}

/// Many rows at a time are looked at in another way than few.
#[test]
fn whoever_moves_among_many_is_told_as_well() {
    let (mut moved, mut by_time) = (0, 0);
    for seed in 0..6 {
        let mut rng = Rng::new(seed);
        let material = population(seed, 1_500);
        let mut history = History::of(seed, Tenant::default());
        history.material = material.clone();
        replace(&history.tenant, &material.twin.schema, &material.twin.profiles);
        history.model = Model::new(material.twin.clone());
        put_windows(&mut history);
        for number in 0..20 {
            let content = SegmentContent::Rule(history.rule());
            let name = format!("rule {number}");
            let put = Command::PutSegment { id: None, name, description: String::new(), content, now: Timestamp(0) };
            history.tenant.apply(put).expect("a segment");
        }
        let mut follower = Follower::new(history.tenant.follow(), material.now);
        let mut feed = Feed::default();
        feed.apply(&follower.beginning());
        let mut consumer = Consumer::default();
        consumer.read(&feed, follower.state());
        for number in 0..12 {
            let before = follower.state().clone();
            if rng.chance(50) {
                let other = population(rng.bits(), 1_500).twin.profiles;
                let count = 200 + rng.below(1_000);
                replace(&history.tenant, &material.twin.schema, &other[..count]);
            }
            let to = later(&mut rng, &follower);
            let (state, rows) = history.tenant.news(0, std::time::Duration::ZERO);
            let step = follower.advance(state.clone(), &rows, to);
            moved += step.moves.len();
            by_time += step.moves.iter().filter(|found| found.cause == Cause::Time).count();
            feed.apply(&step);
            let place = format!("seed {seed}, step {number}");
            consumer.follow(&feed, &state, &before, &place).expect("nothing is gone");
            let mut evaluated = Consumer::default();
            evaluated.read(&feed, &state);
            assert_eq!(consumer.members, evaluated.members, "{place}");
            adds_up(&feed, &place);
        }
    }
    assert!(moved > 10_000 && by_time > 1_000, "{moved} moves, {by_time} by time");
}

/// What entered less what left is what a size has changed by.
fn adds_up(feed: &Feed, place: &str) {
    let check = |sizes: &Sizes, count: Option<u64>, what: &str| {
        for resolution in [Resolution::Hour, Resolution::Day] {
            let points = sizes.points(resolution, Timestamp(i64::MIN), Timestamp(i64::MAX));
            for pair in points.windows(2) {
                let after = pair[0].count + pair[1].entered - pair[1].left;
                assert_eq!(after, pair[1].count, "{place}: {what}: {pair:?}");
            }
            assert!(count.is_none() || points.last().map(|last| last.count) == count, "{place}: {what}");
        }
    };
    for (id, track) in feed.tracks() {
        check(&track.history, Some(track.count), &format!("segment {id}"));
    }
    check(&feed.population, None, "population");
}

/// A tenant and its feed, each on its own disk, and who reads on.
struct Running {
    history: History,
    disk: FakeDisk,
    feed_disk: FakeDisk,
    kept: Kept,
    feed: Feed,
    follower: Follower,
}

impl Running {
    fn start(seed: u64, start: Timestamp, disk: FakeDisk, feed_disk: FakeDisk, history: Option<History>) -> Self {
        let (mut kept, mut feed) = Kept::open(Arc::new(feed_disk.clone()), SIZES).expect("a feed");
        let opened = Tenant::open_at_once(Arc::new(disk.clone()), SIZES, feed.mark(), &mut |_| {}).expect("a tenant");
        let (tenant, _, marked) = opened;
        let history = match history {
            None => History::of(seed, tenant),
            Some(history) => History { tenant, ..history },
        };
        let (follower, steps) = Follower::resume(&history.tenant, &feed, marked, start);
        for step in steps {
            kept.write(&step, &feed).expect("written");
            feed.apply(&step);
        }
        Self { history, disk, feed_disk, kept, feed, follower }
    }

    fn step(&mut self, to: Timestamp) {
        let (state, rows) = self.history.tenant.news(0, std::time::Duration::ZERO);
        let step = self.follower.advance(state, &rows, to);
        self.kept.write(&step, &self.feed).expect("written");
        self.feed.apply(&step);
        self.kept.shorten(&self.feed).expect("shortened");
    }
}

#[test]
fn nothing_is_lost_by_restarts_and_crashes() {
    let (mut again, mut anew) = (0, 0);
    for seed in 0..HISTORIES / 2 {
        let (restarts, read) = crashing_history(seed);
        (again, anew) = (again + restarts, anew + read);
    }
    assert!(again > 100 && anew > 10, "{again} restarts, read anew {anew} times");
}

/// How often it was started again, and how often the members had to be read anew.
fn crashing_history(seed: u64) -> (u32, u32) {
    let (mut again, mut anew) = (0, 0);
    let start = History::new(seed).material.now;
    let mut running = Running::start(seed, start, FakeDisk::default(), FakeDisk::default(), None);
    let mut consumer = Consumer::default();
    for number in 0..STEPS {
        let before = running.follower.state().clone();
        let known: BTreeSet<SegmentId> = consumer.members.keys().copied().collect();
        for _ in 0..running.history.rng.below(3) {
            running.history.change();
        }
        let place = format!("seed {seed}, step {number}");
        let to = later(&mut running.history.rng, &running.follower);
        if running.history.rng.chance(80) {
            running.step(to);
        }
        if running.history.rng.chance(10) {
            // A checkpoint counts only once the feed has come as far.
            let version = running.feed.version;
            running.kept.sync().expect("synced");
            let mut ready = |state: &State| match state.version <= version {
                true => Ok(()),
                false => Err(muster_engine::error::Error::Io("the feed is behind".into())),
            };
            let _ = running.history.tenant.checkpoint_after(CheckpointSizes::default(), &mut ready);
        }
        if running.history.rng.chance(25) {
            let Running { history, disk, feed_disk, follower, kept, .. } = running;
            drop((follower, kept));
            // The power goes, or only the process ends. What the tenant was told was safe in any case.
            let (disk, feed_disk) = match number % 3 {
                0 => (disk.after_kill(), feed_disk.after_cut(seed)),
                1 => (disk.after_cut(seed), feed_disk.after_cut(seed)),
                _ => (disk.after_kill(), feed_disk.after_kill()),
            };
            running = Running::start(seed, to, disk, feed_disk, Some(history));
            running.step(to);
            again += 1;
        } else {
            running.step(to);
        }
        let state = running.follower.state().clone();
        // Segments that are new, or followed anew, are read first.
        let segments: Vec<SegmentId> = running.feed.tracks().map(|(id, _)| id).collect();
        let followed = consumer.follow(&running.feed, &state, &before, &place);
        if followed.is_err() || !segments.iter().all(|id| known.contains(id)) {
            consumer.read(&running.feed, &state);
            anew += 1;
        }
        consumer.agrees(&running.history.model, &running.feed, running.follower.now(), &place);
        adds_up(&running.feed, &place);
    }
    (again, anew)
}

/// A tenant with so many people, all of them in or out of one segment.
fn crowd(count: usize) -> (Tenant, SegmentId) {
    let tenant = Tenant::default();
    let fields = vec![("vip".to_owned(), muster_engine::schema::FieldType::Bool)];
    let ids: Vec<String> = (0..count).map(|number| format!("p{number}")).collect();
    let mut import = tenant.import();
    import.prepare("id", &fields).expect("a field");
    let batch = muster_engine::table::Batch {
        ids: arrow_array::StringArray::from_iter_values(&ids),
        number_ids: None,
        columns: Vec::new(),
    };
    import.upsert(&batch, muster_engine::table::ImportMode::Merge).expect("profiles");
    import.commit(muster_engine::tenant::Terms::default()).expect("an import");
    let rule = from_text("vip = true").expect("a rule");
    (tenant.apply(put(None, SegmentContent::Rule(rule))).map(|outcome| (tenant, of(&outcome)))).expect("a segment")
}

fn put(id: Option<SegmentId>, content: SegmentContent) -> Command {
    Command::PutSegment { id, name: "vips".into(), description: String::new(), content, now: Timestamp(0) }
}

fn of(outcome: &Outcome) -> SegmentId {
    match outcome {
        Outcome::Segment(id) => *id,
        other => panic!("{other:?}"),
    }
}

#[test]
fn more_than_is_listed_is_counted_and_read_anew() {
    let (tenant, id) = crowd(FEED_ENTRIES_MAX + 1);
    let mut follower = Follower::new(tenant.follow(), Timestamp(0));
    let mut feed = Feed::default();
    feed.apply(&follower.beginning());
    let begun = feed.last_seq();
    // One more than is listed enters; then as many leave as are.
    let everybody = from_text("vip not exists").expect("a rule");
    let listed = from_text("id not in (\"p0\")").expect("a rule");
    for (rule, count, bulk) in [(everybody, FEED_ENTRIES_MAX + 1, true), (listed, FEED_ENTRIES_MAX, false)] {
        tenant.apply(put(Some(id), SegmentContent::Rule(rule))).expect("another definition");
        let (state, rows) = tenant.news(0, std::time::Duration::ZERO);
        let step = follower.advance(state, &rows, Timestamp(1));
        assert_eq!((step.bulk.len(), step.moves.len()), (usize::from(bulk), usize::from(!bulk)));
        feed.apply(&step);
        assert_eq!(feed.track(id).expect("it is followed").count, count as u64);
    }
    let gone = feed.after(&[id], begun, 10).expect_err("too many to list");
    assert_eq!(gone.oldest, begun + 1);
    assert_eq!(feed.after(&[id], gone.oldest, 10).expect("from there on").entries.len(), 1);
    assert!(feed.after(&[id], feed.next_seq, 10).is_err(), "a number that was never given");
}

/// A feed of many segments is one record, however long the segments of its log are.
#[test]
fn a_feed_that_is_longer_than_a_segment_of_its_log_is_kept() {
    let disk = FakeDisk::default();
    let (mut kept, mut feed) = Kept::open(Arc::new(disk.clone()), SIZES).expect("a feed");
    let begun: Vec<(SegmentId, u64)> = (1..1_000).map(|id| (SegmentId(id), id)).collect();
    let (ended, moves, bulk) = (Vec::new(), Vec::new(), Vec::new());
    let step = Step { version: 1, now: Timestamp(5), ended, begun, moves, bulk, population: None };
    kept.write(&step, &feed).expect("written");
    feed.apply(&step);
    kept.sync().expect("synced");
    for _ in 0..2 {
        drop(kept);
        let found;
        (kept, found) = Kept::open(Arc::new(disk.clone()), SIZES).expect("the same feed");
        assert!(found.tracks().eq(feed.tracks()) && (found.version, found.now) == (feed.version, feed.now));
    }
}

#[test]
fn the_oldest_entries_go_and_are_said_to_be_gone() {
    let (tenant, id) = crowd(1);
    let mut follower = Follower::new(tenant.follow(), Timestamp(0));
    let mut feed = Feed::default();
    feed.apply(&follower.beginning());
    let begun = feed.last_seq();
    let mut flip = |feed: &mut Feed, on: bool, now| {
        let changes = vec![("vip".to_owned(), Some(muster_engine::schema::Value::Bool(on)))];
        tenant.apply(Command::PatchProfile { id: "p0".into(), changes }).expect("a change");
        let (state, rows) = tenant.news(0, std::time::Duration::ZERO);
        feed.apply(&follower.advance(state, &rows, now));
    };
    (0..FEED_ENTRIES_MAX).for_each(|number| flip(&mut feed, number % 2 == 0, Timestamp(number as i64)));
    assert_eq!(feed.after(&[id], begun, FEED_ENTRIES_MAX).map(|page| page.entries.len()), Ok(FEED_ENTRIES_MAX));
    flip(&mut feed, true, Timestamp(FEED_ENTRIES_MAX as i64));
    let gone = feed.after(&[id], begun, 1).expect_err("one too many");
    assert_eq!(feed.after(&[id], gone.oldest, FEED_ENTRIES_MAX).map(|page| page.entries.len()), Ok(FEED_ENTRIES_MAX));
    // All but one are too old; the oldest that is kept is exactly so old.
    let last = Timestamp(FEED_ENTRIES_MAX as i64).plus_days(FEED_DAYS_MAX);
    flip(&mut feed, false, last);
    let oldest = feed.track(id).expect("it is followed").oldest;
    assert_eq!(feed.after(&[id], oldest, 10).map(|page| page.entries.len()), Ok(2));
}

#[test]
fn numbers_are_never_given_twice() {
    let disk = FakeDisk::default();
    let (tenant, _) = crowd(1);
    let mut last = 0;
    for restart in 0..3 {
        let (mut kept, mut feed) = Kept::open(Arc::new(disk.clone()), SIZES).expect("a feed");
        assert!(feed.next_seq > last && feed.next_seq < last + 3 * FEED_NUMBERS_AHEAD, "{restart}: {}", feed.next_seq);
        let step = Follower::new(tenant.follow(), Timestamp(restart)).beginning();
        kept.write(&step, &feed).expect("written");
        feed.apply(&step);
        last = feed.last_seq();
    }
    disk.fail_at(disk.points(), Fault::PowerCut);
    assert!(Kept::open(Arc::new(disk.clone()), SIZES).is_err(), "a disk that is gone");
}
