//! Which audiences are evaluated together, in an order in which each comes after those that go before it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::definition::Definition;
use super::moment::Moment;
use super::store::Audience;
use crate::id::{AudienceId, SegmentId};

/// A definition, and the saved audience it is meant for: by that other audiences of its groups go before it.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// Who is in it.
    pub definition: &'a Definition,
    /// None for one that is not saved.
    pub audience: Option<AudienceId>,
}

impl<'a> From<&'a Definition> for Wanted<'a> {
    fn from(definition: &'a Definition) -> Self {
        Self { definition, audience: None }
    }
}

impl<'a> From<&'a Audience> for Wanted<'a> {
    fn from(audience: &'a Audience) -> Self {
        Self { definition: &audience.definition, audience: Some(audience.id) }
    }
}

impl<'a> From<&'a Arc<Audience>> for Wanted<'a> {
    fn from(audience: &'a Arc<Audience>) -> Self {
        Self::from(&**audience)
    }
}

/// Audiences in order, the wanted ones and those that go before them.
#[derive(Debug, Default)]
pub struct Lineup<'a> {
    pub(super) entries: Vec<Entry<'a>>,
    /// The places of the wanted ones.
    pub(super) wanted: Vec<usize>,
}

/// One of them.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    pub(super) definition: &'a Definition,
    /// Those that go before it, by their places.
    pub(super) before: Vec<(AudienceId, usize)>,
}

impl<'a> Lineup<'a> {
    /// Puts some audiences in order.
    pub fn of(wanted: &[Wanted<'a>], moment: &Moment<'a>) -> Self {
        let mut lineup = Self::default();
        let mut places: BTreeMap<AudienceId, usize> = BTreeMap::new();
        for one in wanted {
            let first = one.audience.map(|id| moment.gates.before(id)).unwrap_or_default();
            lineup.place(&first, &mut places, moment);
            let saved = one.audience.and_then(|id| Some((id, moment.audiences.get(id).ok()?)));
            let saved = saved.filter(|(_, saved)| std::ptr::eq(&*saved.definition, one.definition));
            let known = saved.and_then(|(id, _)| places.get(&id).copied());
            let place = known.unwrap_or(lineup.entries.len());
            if known.is_none() {
                lineup.push(one.definition, &first, &places);
                places.extend(saved.map(|(id, _)| (id, place)));
            }
            lineup.wanted.push(place);
        }
        lineup
    }

    /// Places saved audiences and all that go before them. A stack instead of recursion: chains of groups may be long.
    fn place(&mut self, ids: &[AudienceId], places: &mut BTreeMap<AudienceId, usize>, moment: &Moment<'a>) {
        let mut under_way = BTreeSet::new();
        let mut stack: Vec<(AudienceId, bool)> = ids.iter().rev().map(|id| (*id, false)).collect();
        while let Some((id, is_ready)) = stack.pop() {
            let Ok(audience) = moment.audiences.get(id) else { continue };
            if places.contains_key(&id) {
                continue;
            }
            let before = moment.gates.before(id);
            if is_ready {
                places.insert(id, self.entries.len());
                self.push(&audience.definition, &before, places);
            } else if under_way.insert(id) {
                stack.push((id, true));
                stack.extend(before.into_iter().rev().map(|other| (other, false)));
            }
        }
    }

    fn push(&mut self, definition: &'a Definition, before: &[AudienceId], places: &BTreeMap<AudienceId, usize>) {
        let placed = before.iter().filter_map(|id| Some((*id, *places.get(id)?)));
        let before = placed.filter(|(_, place)| *place < self.entries.len()).collect();
        self.entries.push(Entry { definition, before });
    }

    /// The segments that the definitions name.
    pub fn segments(&self) -> BTreeSet<SegmentId> {
        self.entries.iter().flat_map(|entry| entry.definition.segments()).map(|choice| choice.id).collect()
    }

    /// The channels that the definitions name.
    pub fn channels(&self) -> BTreeSet<&'a str> {
        self.entries.iter().filter_map(|entry| entry.definition.gates.channel.as_deref()).collect()
    }
}
