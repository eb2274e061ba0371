//! Snapshots proven by replay: whoever evaluates the kept definition again, over the same profiles, comes to the same digest,
//! whatever became of audiences, segments, lists and gates, and of the process.

use harness::disk::FakeDisk;
use muster_engine::id::SnapshotId;
use muster_engine::snapshot::Digest;
use muster_engine::tenant::Tenant;

use crate::durability::open;
use crate::history::History;

/// Evaluates the snapshots from an id on again; returns how many there are, and how many of them have members.
fn replay(tenant: &Tenant, from: SnapshotId, place: &str) -> (usize, usize) {
    let state = tenant.state();
    let (mut all, mut peopled) = (0, 0);
    for id in state.snapshots.iter().map(|snapshot| snapshot.id).filter(|id| *id >= from) {
        let (snapshot, context) = state.snapshots.get(id).expect("it is listed");
        let again = snapshot.evaluated_again(context, &state.view, &state.gates);
        assert_eq!(again, Ok(snapshot.digest), "{place}: snapshot {}", id.0);
        assert_eq!(Digest::of(&snapshot.members), snapshot.digest, "{place}: snapshot {}", id.0);
        all += 1;
        peopled += usize::from(snapshot.count > 0);
    }
    (all, peopled)
}

#[test]
fn a_thousand_random_snapshots_are_replayed_to_the_same_digests() {
    let (mut all, mut peopled) = (0, 0);
    for seed in 0.. {
        let disk = FakeDisk::default();
        let mut history = History::of(seed, open(&disk).expect("a new tenant"));
        (0..60).for_each(|_| _ = history.change());
        let from = history.tenant.state().snapshots.next_id();
        for _ in 0..30 {
            history.put_audience();
            history.take_snapshots();
            history.change_gates();
            history.delete_audience();
            history.delete_segment();
            history.put_segment();
        }
        let found = replay(&history.tenant, from, &format!("history {seed}"));
        let again = open(&disk.after_kill()).expect("it opens again");
        assert_eq!(replay(&again, from, &format!("history {seed} after a restart")), found);
        (all, peopled) = (all + found.0, peopled + found.1);
        if peopled >= 1_000 {
            break;
        }
    }
    assert!(all > peopled, "empty ones are among them");
}
