//! Changes of what keeps people out of audiences.

use crate::gate::{Cap, ConsentState, Slice, Term};
use crate::id::{AudienceId, GroupId, ListId, SnapshotId, SuppressionId};
use crate::rule::Rule;
use crate::time::Timestamp;

/// One change of a gate.
#[derive(Debug, Clone)]
pub enum GateChange {
    /// Sets the tenant's control group, or gives it up.
    SetControl(Option<Slice>),
    /// Keeps a new suppression; of a list that is one already its name and term.
    PutSuppression {
        /// Why it is kept.
        name: String,
        /// The list whose people are on it; without one it begins with nobody.
        list: Option<ListId>,
        /// How long it holds.
        term: Term,
        /// When.
        now: Timestamp,
    },
    /// Puts ids on a suppression.
    AddToSuppression {
        /// Which.
        id: SuppressionId,
        /// External ids.
        ids: Vec<String>,
        /// When they were added.
        at: Timestamp,
    },
    /// Ends a suppression; its list stays.
    DeleteSuppression(SuppressionId),
    /// Says who consents to a channel, and how often people may be contacted by it.
    SetChannel {
        /// Which; a new one where there is none of the name.
        name: String,
        /// Whoever it selects has consented, unless they said otherwise about the purpose.
        consent: Option<Rule>,
        /// What people are contacted for; without one, what they said is not asked.
        purpose: Option<String>,
        /// All of them hold.
        caps: Vec<Cap>,
    },
    /// Notes that people were contacted.
    RecordContacts {
        /// By which channel.
        channel: String,
        /// Whom.
        who: Contacted,
        /// When.
        at: Timestamp,
        /// The present; contacts from longer ago than any cap reaches, from now or from the newest of them, are forgotten.
        now: Timestamp,
    },
    /// Notes what people said about being contacted; all of it or nothing.
    RecordConsents(Vec<Saying>),
    /// Saves a new group of audiences that shut each other out, or a new state of an old one.
    PutGroup {
        /// Which; none for a new one.
        id: Option<GroupId>,
        /// What it is called.
        name: String,
        /// In order of priority.
        audiences: Vec<AudienceId>,
    },
    /// Gives up a group; its audiences stay.
    DeleteGroup(GroupId),
}

/// Who was contacted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Contacted {
    /// These external ids.
    Ids(Vec<String>),
    /// The members of a snapshot.
    Snapshot(SnapshotId),
}

/// The same thing that some people said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saying {
    /// About which channel.
    pub channel: String,
    /// About which purpose.
    pub purpose: String,
    /// What.
    pub state: ConsentState,
    /// Where: a form, a call, a file.
    pub source: String,
    /// When.
    pub at: Timestamp,
    /// Their external ids.
    pub ids: Vec<String>,
}

/// What became of ids that something was noted of: `entries = duplicates + noted + repeated + unknown`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Noted {
    /// Ids given.
    pub entries: u64,
    /// Entries that repeat an earlier one.
    pub duplicates: u64,
    /// Of profiles, noted now.
    pub noted: u64,
    /// Noted before: on it already, or contacted or said in the same second.
    pub repeated: u64,
    /// Of no profile. A suppression waits for them, contacts and consents are not kept.
    pub unknown: u64,
}
