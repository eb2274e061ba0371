//! A tenant's saved audiences and lists.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::definition::Definition;
use crate::error::{Error, Problem, Result};
use crate::id::{AudienceId, ListId, SegmentId};
use crate::segment::IdList;
use crate::time::Timestamp;

/// A saved audience.
#[derive(Debug, Clone)]
pub struct Audience {
    /// Stable.
    pub id: AudienceId,
    /// Unique among the tenant's audiences, in NFC.
    pub name: String,
    /// What it is for, in somebody's words.
    pub description: String,
    /// Who is in it.
    pub definition: Definition,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
}

/// An imported list of external ids.
#[derive(Debug, Clone)]
pub struct List {
    /// Stable.
    pub id: ListId,
    /// What it is called; not unique.
    pub name: String,
    /// Who is on it.
    pub ids: IdList,
    /// Blank lines and blank ids of the file.
    pub blank: u64,
    /// When it was imported.
    pub created: Timestamp,
}

/// All audiences, by id. A clone copies pointers.
#[derive(Debug, Clone, Default)]
pub struct Audiences {
    audiences: BTreeMap<AudienceId, Arc<Audience>>,
    last_id: u64,
}

impl Audiences {
    /// All audiences, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Audience>> {
        self.audiences.values()
    }

    /// The id the next audience gets.
    pub fn next_id(&self) -> AudienceId {
        AudienceId(self.last_id + 1)
    }

    /// Gives later audiences ids above one that is taken, or was.
    pub fn continue_after(&mut self, id: AudienceId) {
        self.last_id = self.last_id.max(id.0);
    }

    /// An audience by its id.
    pub fn get(&self, id: AudienceId) -> Result<&Arc<Audience>> {
        self.audiences.get(&id).ok_or_else(|| Error::NotFound(format!("there is no audience {id}")))
    }

    /// Puts an audience in, or in the place of the one with its id.
    ///
    /// # Errors
    /// `Conflict` for a name that another audience has.
    pub fn put(&mut self, audience: Audience) -> Result<()> {
        if let Some(other) = self.iter().find(|other| other.name == audience.name && other.id != audience.id) {
            let message = format!("audience {} is named \"{}\" already", other.id, audience.name);
            return Err(Error::Conflict(Problem::new("/name", "name_taken", message)));
        }
        self.last_id = self.last_id.max(audience.id.0);
        self.audiences.insert(audience.id, Arc::new(audience));
        Ok(())
    }

    /// Takes an audience out.
    pub fn remove(&mut self, id: AudienceId) {
        self.audiences.remove(&id);
    }

    /// The audiences that name a segment.
    pub fn using_segment(&self, id: SegmentId) -> impl Iterator<Item = &Arc<Audience>> {
        self.iter().filter(move |audience| audience.definition.segments().any(|choice| choice.id == id))
    }

    /// The audiences that name a list.
    pub fn using_list(&self, id: ListId) -> impl Iterator<Item = &Arc<Audience>> {
        self.iter().filter(move |audience| audience.definition.lists().any(|list| list == id))
    }

    /// Takes an erased person's id out of every definition; says out of how many.
    pub fn forget(&mut self, id: &str) -> u64 {
        let mut changed = 0;
        for audience in self.audiences.values_mut() {
            if audience.definition.names(id) {
                Arc::make_mut(audience).definition.forget(id);
                changed += 1;
            }
        }
        changed
    }
}

/// All lists, by id. A clone copies pointers.
#[derive(Debug, Clone, Default)]
pub struct Lists {
    lists: BTreeMap<ListId, Arc<List>>,
    last_id: u64,
}

impl Lists {
    /// All lists, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<List>> {
        self.lists.values()
    }

    /// The id the next list gets.
    pub fn next_id(&self) -> ListId {
        ListId(self.last_id + 1)
    }

    /// Gives later lists ids above one that is taken, or was.
    pub fn continue_after(&mut self, id: ListId) {
        self.last_id = self.last_id.max(id.0);
    }

    /// A list by its id.
    pub fn get(&self, id: ListId) -> Result<&Arc<List>> {
        self.lists.get(&id).ok_or_else(|| Error::NotFound(format!("there is no list {id}")))
    }

    /// Puts a list in.
    pub fn put(&mut self, list: List) {
        self.last_id = self.last_id.max(list.id.0);
        self.lists.insert(list.id, Arc::new(list));
    }

    /// Takes a list out.
    pub fn remove(&mut self, id: ListId) {
        self.lists.remove(&id);
    }

    /// Rewrites every list of ids; says how many changed.
    pub fn change(&mut self, mut change: impl FnMut(&mut IdList) -> bool) -> u64 {
        let mut changed = 0;
        for list in self.lists.values_mut() {
            let mut ids = list.ids.clone();
            if change(&mut ids) {
                Arc::make_mut(list).ids = ids;
                changed += 1;
            }
        }
        changed
    }
}
