//! A tenant's saved audiences and lists.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::definition::Definition;
use crate::catalog::{Attributes, Earlier, Status, Version};
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
    /// Words to find it by, sorted.
    pub tags: Vec<String>,
    /// How far it is.
    pub status: Status,
    /// Who answers for it.
    pub owner: String,
    /// The campaign it was made for.
    pub campaign: Option<u64>,
    /// Who is in it.
    pub definition: Arc<Definition>,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
    /// Who changed it last.
    pub by: String,
    /// 1 when it is new, one more with every change.
    pub version: u64,
    /// What it was before. Segments and lists that definitions name may be gone by now.
    pub earlier: Earlier<Arc<Definition>>,
}

impl Audience {
    /// An audience that is new.
    pub fn new(
        id: AudienceId,
        attributes: Attributes,
        definition: Arc<Definition>,
        by: String,
        now: Timestamp,
    ) -> Self {
        let Attributes { name, description, tags, status, owner, campaign } = attributes;
        let (created, updated, version, earlier) = (now, now, 1, Earlier::default());
        Self {
            id,
            name,
            description,
            tags,
            status,
            owner,
            campaign,
            definition,
            created,
            updated,
            by,
            version,
            earlier,
        }
    }

    /// This audience in the place of what it was before.
    #[must_use]
    pub fn after(self, before: &Self) -> Self {
        let earlier = before.earlier.and(before.as_version());
        Self { created: before.created, version: before.version + 1, earlier, ..self }
    }

    /// Everything about it but who is in it.
    pub fn attributes(&self) -> Attributes {
        Attributes {
            name: self.name.clone(),
            description: self.description.clone(),
            tags: self.tags.clone(),
            status: self.status,
            owner: self.owner.clone(),
            campaign: self.campaign,
        }
    }

    /// What it is now, as a version.
    pub fn as_version(&self) -> Version<Arc<Definition>> {
        Version {
            number: self.version,
            saved: self.updated,
            by: self.by.clone(),
            attributes: self.attributes(),
            content: self.definition.clone(),
        }
    }

    /// A version that is kept, the current one among them.
    ///
    /// # Errors
    /// `NotFound` when there never was one of this number, or it is kept no longer.
    pub fn version(&self, number: u64) -> Result<Version<Arc<Definition>>> {
        let found = if number == self.version { Some(self.as_version()) } else { self.earlier.get(number).cloned() };
        found.ok_or_else(|| Error::NotFound(format!("audience {} has no version {number}, or no longer", self.id)))
    }
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

    /// Changes an audience where it stands, such as when it is read back; not its name.
    ///
    /// # Errors
    /// `NotFound` when there is no such audience.
    pub fn change(&mut self, id: AudienceId, change: impl FnOnce(&mut Audience)) -> Result<()> {
        let audience = self.audiences.get_mut(&id);
        let audience = audience.ok_or_else(|| Error::NotFound(format!("there is no audience {id}")))?;
        change(Arc::make_mut(audience));
        Ok(())
    }

    /// Takes an erased person's id out of every definition, those of earlier versions too; says out of how many
    /// audiences.
    pub fn forget(&mut self, id: &str) -> u64 {
        let mut changed = 0;
        for audience in self.audiences.values_mut() {
            // Versions that share a definition go on sharing it.
            let mut last: Option<(Arc<Definition>, Option<Arc<Definition>>)> = None;
            let mut forgotten = |definition: &Arc<Definition>| {
                if let Some((_, after)) = last.as_ref().filter(|(before, _)| Arc::ptr_eq(before, definition)) {
                    return after.clone();
                }
                let after = definition.without(id).map(Arc::new);
                last = Some((definition.clone(), after.clone()));
                after
            };
            let current = forgotten(&audience.definition);
            let mut earlier = audience.earlier.clone();
            if earlier.rewrite(forgotten) || current.is_some() {
                let audience = Arc::make_mut(audience);
                audience.earlier = earlier;
                audience.definition = current.unwrap_or_else(|| audience.definition.clone());
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
