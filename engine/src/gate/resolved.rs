//! All gates of a tenant at one version and instant, each found once for all audiences that are evaluated together.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::channel::Channel;
use super::gating::Gating;
use super::kind::{GateKind, GateRows, Sieve};
use super::slice::Slice;
use super::store::Gates;
use super::suppression::SuppressionMembers;
use crate::block::Set;
use crate::cache::{self, Cache};
use crate::id::{ListId, SuppressionId};
use crate::plan::SegmentRows;
use crate::table::View;
use crate::time::Timestamp;

/// A list's people, and when it was imported.
pub(crate) type ListRows<'l> = &'l dyn Fn(ListId) -> Option<(Arc<Set>, Timestamp)>;

/// The gates of the tenant, and those of some channels.
#[derive(Debug, Clone, Default)]
pub struct Resolved {
    suppressions: Vec<(SuppressionId, GateRows)>,
    channels: BTreeMap<String, Vec<GateRows>>,
    control: Option<GateRows>,
    gates: Gates,
    view: View,
}

impl Resolved {
    /// Finds them.
    pub(crate) fn find(
        gates: &Gates,
        channels: BTreeSet<&str>,
        lists: ListRows<'_>,
        (view, now, kept): (&View, Timestamp, &Cache),
    ) -> Self {
        let suppressions = gates.suppressions().map(|suppression| {
            let list = match suppression.members {
                SuppressionMembers::List(id) => lists(id),
                _ => None,
            };
            let rows = suppression.rows(list.as_ref().map(|(rows, added)| (rows, *added)), now);
            let (key, label) = (suppression.id.to_string(), suppression.name.clone());
            (suppression.id, GateRows { kind: GateKind::Suppression, key, label, sieve: Sieve::Out(rows) })
        });
        let channels = channels.into_iter().filter_map(|name| {
            let channel = gates.channel(name)?;
            Some((name.to_owned(), of_channel(name, channel, view, now, kept)))
        });
        let mut found = Self {
            suppressions: suppressions.collect(),
            channels: channels.collect(),
            control: None,
            gates: gates.clone(),
            view: view.clone(),
        };
        found.control = gates.control.as_ref().map(|slice| {
            let sieve = Sieve::Out(found.slice(slice));
            GateRows { kind: GateKind::ControlGroup, key: String::new(), label: slice.in_words(), sieve }
        });
        found
    }

    /// The gates before a definition, in order, but for audiences that go first: those belong between caps and control
    /// group.
    pub fn gates(&self, gating: &Gating) -> Vec<GateRows> {
        let held = self.suppressions.iter().filter(|(id, _)| !gating.ignores(*id)).map(|(_, gate)| gate.clone());
        let mut found: Vec<GateRows> = held.collect();
        let channel = gating.channel.as_ref().and_then(|name| self.channels.get(name));
        found.extend(channel.into_iter().flatten().cloned());
        found.extend(self.control.clone());
        let slice = |kind, slice: &Slice, sieve: fn(Arc<Set>) -> Sieve| {
            let (key, label) = (slice.salt.clone(), slice.in_words());
            GateRows { kind, key, label, sieve: sieve(self.slice(slice)) }
        };
        found.extend(gating.holdout.as_ref().map(|holdout| slice(GateKind::Holdout, holdout, Sieve::Out)));
        found.extend(gating.split.as_ref().map(|split| slice(GateKind::Split, split, Sieve::Keep)));
        found
    }

    /// The suppressions that a definition sets aside, as they would have held.
    pub fn ignored(&self, gating: &Gating) -> Vec<&(SuppressionId, GateRows)> {
        self.suppressions.iter().filter(|(id, _)| gating.ignores(*id)).collect()
    }

    fn slice(&self, slice: &Slice) -> Arc<Set> {
        self.gates.slices.rows(slice, &self.gates.tenant, &self.view)
    }
}

/// Consent, then caps in their order.
fn of_channel(name: &str, channel: &Channel, view: &View, now: Timestamp, kept: &Cache) -> Vec<GateRows> {
    let by_rule =
        channel.consent.as_ref().map(|(_, checked)| cache::rows(checked, view, &SegmentRows::new(), now, kept));
    let consent = channel.consenting(by_rule).map(|rows| {
        let label = format!("consent to {name}");
        GateRows { kind: GateKind::NoConsent, key: name.to_owned(), label, sieve: Sieve::Keep(rows) }
    });
    let cap = |cap: &super::Cap| {
        let rows = channel.contacts.at_least(cap.contacts, cap.days, now);
        let key = format!("{name}:{}/{}d", cap.contacts, cap.days);
        let label = format!("at most {} contacts by {name} in {} days", cap.contacts, cap.days);
        GateRows { kind: GateKind::FrequencyCap, key, label, sieve: Sieve::Out(Arc::new(rows)) }
    };
    consent.into_iter().chain(channel.caps.iter().map(cap)).collect()
}
