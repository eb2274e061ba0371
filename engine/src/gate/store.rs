//! The gates that a tenant keeps.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::channel::Channel;
use super::group::{self, ExclusionGroup};
use super::slice::{Slice, SliceCache};
use super::suppression::{Suppression, SuppressionMembers};
use crate::block::Set;
use crate::error::{Error, Result};
use crate::id::{AudienceId, FieldId, GroupId, ListId, SuppressionId, TenantId};
use crate::rule::Test;
use crate::schema::normalize;
use crate::table::View;

/// Suppressions, channels, groups and the control group. A clone copies pointers.
#[derive(Debug, Clone, Default)]
pub struct Gates {
    /// Whose they are: people are dealt into buckets by this name too.
    pub tenant: TenantId,
    /// Whoever is in this slice is in no audience.
    pub control: Option<Slice>,
    suppressions: BTreeMap<SuppressionId, Arc<Suppression>>,
    last_suppression: u64,
    channels: BTreeMap<String, Arc<Channel>>,
    groups: BTreeMap<GroupId, Arc<ExclusionGroup>>,
    last_group: u64,
    /// Slices that were asked for before.
    pub slices: Arc<SliceCache>,
}

impl Gates {
    /// Whether none was ever kept.
    pub fn is_untouched(&self) -> bool {
        self.control.is_none() && self.channels.is_empty() && self.last_suppression == 0 && self.last_group == 0
    }

    /// All suppressions, by id.
    pub fn suppressions(&self) -> impl Iterator<Item = &Arc<Suppression>> {
        self.suppressions.values()
    }

    /// A suppression.
    ///
    /// # Errors
    /// `NotFound` when there is none.
    pub fn suppression(&self, id: SuppressionId) -> Result<&Arc<Suppression>> {
        self.suppressions.get(&id).ok_or_else(|| Error::NotFound(format!("there is no suppression {id}")))
    }

    /// The suppression that a list is kept as.
    pub fn suppression_of(&self, list: ListId) -> Option<&Arc<Suppression>> {
        self.suppressions().find(|one| matches!(one.members, SuppressionMembers::List(id) if id == list))
    }

    /// The id the next suppression gets.
    pub fn next_suppression(&self) -> SuppressionId {
        SuppressionId(self.last_suppression + 1)
    }

    /// Puts a suppression in, or in the place of the one with its id.
    pub fn put_suppression(&mut self, suppression: Suppression) {
        self.last_suppression = self.last_suppression.max(suppression.id.0);
        self.suppressions.insert(suppression.id, Arc::new(suppression));
    }

    /// Changes a suppression.
    ///
    /// # Errors
    /// `NotFound` when there is none.
    pub fn change_suppression<T>(
        &mut self,
        id: SuppressionId,
        change: impl FnOnce(&mut Suppression) -> T,
    ) -> Result<T> {
        self.suppression(id)?;
        let found = self.suppressions.get_mut(&id).map(|suppression| change(Arc::make_mut(suppression)));
        found.ok_or_else(|| Error::NotFound(format!("there is no suppression {id}")))
    }

    /// Takes a suppression out.
    pub fn remove_suppression(&mut self, id: SuppressionId) {
        self.suppressions.remove(&id);
    }

    /// All channels, by name.
    pub fn channels(&self) -> impl ExactSizeIterator<Item = (&str, &Channel)> {
        self.channels.iter().map(|(name, channel)| (name.as_str(), &**channel))
    }

    /// A channel.
    pub fn channel(&self, name: &str) -> Option<&Channel> {
        self.channels.get(name).map(|channel| &**channel)
    }

    /// A channel to change; a new one when there is none.
    pub fn channel_mut(&mut self, name: &str) -> &mut Channel {
        Arc::make_mut(self.channels.entry(name.to_owned()).or_default())
    }

    /// All groups, by id.
    pub fn groups(&self) -> impl Iterator<Item = &Arc<ExclusionGroup>> {
        self.groups.values()
    }

    /// A group.
    ///
    /// # Errors
    /// `NotFound` when there is none.
    pub fn group(&self, id: GroupId) -> Result<&Arc<ExclusionGroup>> {
        self.groups.get(&id).ok_or_else(|| Error::NotFound(format!("there is no exclusion group {id}")))
    }

    /// The id the next group gets.
    pub fn next_group(&self) -> GroupId {
        GroupId(self.last_group + 1)
    }

    /// Puts a group in, or in the place of the one with its id; what is refused has changed nothing.
    ///
    /// # Errors
    /// The circle of audiences that go before each other then.
    pub fn put_group(&mut self, group: ExclusionGroup) -> std::result::Result<(), Vec<AudienceId>> {
        let mut groups = self.groups.clone();
        let id = group.id;
        groups.insert(id, Arc::new(group));
        if let Some(circle) = group::circle(&groups) {
            return Err(circle);
        }
        self.groups = groups;
        self.last_group = self.last_group.max(id.0);
        Ok(())
    }

    /// Takes a group out.
    pub fn remove_group(&mut self, id: GroupId) {
        self.groups.remove(&id);
    }

    /// The audiences that go before one, each once.
    pub fn before(&self, audience: AudienceId) -> Vec<AudienceId> {
        group::before(&self.groups, audience)
    }

    /// Takes a deleted audience out of all groups.
    pub fn forget_audience(&mut self, id: AudienceId) {
        for group in self.groups.values_mut().filter(|group| group.audiences.contains(&id)) {
            Arc::make_mut(group).audiences.retain(|other| *other != id);
        }
    }

    /// The last ids that were given: of suppressions and of groups.
    pub fn last_ids(&self) -> [u64; 2] {
        [self.last_suppression, self.last_group]
    }

    /// Gives later suppressions and groups ids above these.
    pub fn continue_after(&mut self, [suppression, group]: [u64; 2]) {
        self.last_suppression = self.last_suppression.max(suppression);
        self.last_group = self.last_group.max(group);
    }

    /// Puts people who have just arrived on suppressions that wait for them.
    pub fn arrive(&mut self, view: &View, fresh: &Set) {
        self.suppressions.values_mut().for_each(|suppression| Arc::make_mut(suppression).arrive(view, fresh));
    }

    /// Forgets an erased person; says how many suppressions named them.
    pub fn forget(&mut self, row: u32, id: &str) -> u64 {
        let mut named = 0;
        for suppression in self.suppressions.values_mut() {
            let mut left = (**suppression).clone();
            if left.forget(row, id) {
                *suppression = Arc::new(left);
                named += 1;
            }
        }
        for channel in self.channels.values_mut() {
            let (mut contacts, mut consents) = (channel.contacts.clone(), channel.consents.clone());
            let had_said = consents.values_mut().fold(false, |had, record| record.forget(row) | had);
            if contacts.forget(row) | had_said {
                let channel = Arc::make_mut(channel);
                (channel.contacts, channel.consents) = (contacts, consents);
            }
        }
        named
    }

    /// Whether a consent rule tests a field.
    pub fn refers_to_field(&self, field: FieldId) -> bool {
        let mut consents = self.channels.values().filter_map(|channel| channel.consent.as_ref());
        consents.any(|(_, checked)| checked.fields().contains(&field))
    }

    /// Gives the tests of consent rules that name something by one of `names` another name for the same.
    pub fn rename_tests(&mut self, names: &HashSet<Arc<str>>, name: &str) {
        let is_renamed = |test: &Test| names.contains(&*normalize(&test.field));
        for channel in self.channels.values_mut() {
            if channel.consent.as_ref().is_some_and(|(rule, _)| rule.tests().any(is_renamed))
                && let Some((rule, _)) = &mut Arc::make_mut(channel).consent
            {
                *rule = Arc::new(rule.with_fields(&|test| is_renamed(test).then(|| name.to_owned())));
            }
        }
    }

    /// Bytes of suppressions, contacts and consents.
    pub fn bytes(&self) -> usize {
        let suppressions = self.suppressions.values().map(|one| one.bytes()).sum::<usize>();
        suppressions + self.channels.values().map(|channel| channel.bytes()).sum::<usize>()
    }
}
