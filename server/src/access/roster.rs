//! Tenants, keys, people and settings in memory, and whom a key or a session belongs to.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use muster_engine::id::TenantId;
use muster_engine::time::Timestamp;
use rusqlite::Connection;

use super::caller::{Caller, SignedIn, Standing};
use super::keys::{self, Key};
use super::people::{self, Person};
use super::role::{Right, Role};
use super::secret;
use super::sessions::{self, Session};
use super::tenants::{self, TenantRecord};

/// Everything that requests are checked against.
#[derive(Debug, Default)]
pub struct Roster {
    /// By prefix.
    pub(super) keys: HashMap<String, Key>,
    /// By id; the default one is there even if no record says so.
    pub(super) tenants: BTreeMap<String, TenantRecord>,
    /// By tenant.
    personal: HashMap<String, Arc<BTreeSet<String>>>,
    /// By tenant and name.
    people: BTreeMap<(String, String), Person>,
    /// By the digest of the token.
    pub(super) sessions: HashMap<[u8; 32], Session>,
    /// Whether there was ever a person.
    had_people: bool,
}

/// Why a key does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    /// There is no such key, its secret is another one, it was revoked, or its tenant is gone. Which of these it is would help
    /// only those who guess.
    NoSuchKey,
    /// It was good until some time ago.
    Expired,
}

impl Roster {
    pub(super) fn read(connection: &Connection) -> rusqlite::Result<Self> {
        let mut personal: HashMap<String, BTreeSet<String>> = HashMap::new();
        let mut marked = connection.prepare_cached("SELECT tenant, field FROM personal_fields")?;
        let mut rows = marked.query([])?;
        while let Some(row) = rows.next()? {
            personal.entry(row.get(0)?).or_default().insert(row.get(1)?);
        }
        let mut tenants = tenants::read(connection)?;
        tenants
            .entry(TenantId::DEFAULT.to_owned())
            .or_insert_with(|| TenantRecord::new(TenantId::DEFAULT, Timestamp(0)));
        Ok(Self {
            keys: keys::read(connection)?.into_iter().map(|key| (key.prefix.clone(), key)).collect(),
            tenants,
            people: people::read(connection)?,
            sessions: sessions::read(connection)?,
            had_people: connection.query_row("SELECT EXISTS (SELECT 1 FROM closed)", [], |row| row.get(0))?,
            personal: personal.into_iter().map(|(tenant, fields)| (tenant, Arc::new(fields))).collect(),
        })
    }

    /// Whether there has been any key or person: from then on one is needed, also when all keys are revoked and everybody
    /// has gone.
    pub fn is_closed(&self) -> bool {
        self.had_people || !self.keys.is_empty()
    }

    /// All keys of a tenant, or of all tenants, the oldest first.
    pub fn keys(&self, tenant: Option<&str>) -> Vec<&Key> {
        let mut keys: Vec<&Key> =
            self.keys.values().filter(|key| tenant.is_none_or(|tenant| key.tenant == tenant)).collect();
        keys.sort_by_key(|key| (key.created, &key.prefix));
        keys
    }

    /// A key by its prefix.
    pub fn key(&self, prefix: &str) -> Option<&Key> {
        self.keys.get(prefix)
    }

    /// Everybody of a tenant, or of all tenants, by name.
    pub fn people(&self, tenant: Option<&str>) -> impl Iterator<Item = &Person> {
        self.people.values().filter(move |person| tenant.is_none_or(|tenant| person.tenant == tenant))
    }

    /// Somebody by their name.
    pub fn person(&self, tenant: &str, name: &str) -> Option<&Person> {
        self.people.get(&(tenant.to_owned(), people::normal(name)))
    }

    /// All tenants by id.
    pub fn tenants(&self) -> impl Iterator<Item = &TenantRecord> {
        self.tenants.values()
    }

    /// A tenant.
    pub fn tenant(&self, id: &str) -> Option<&TenantRecord> {
        self.tenants.get(id)
    }

    /// The personal fields of a tenant.
    pub fn personal_fields(&self, tenant: &str) -> Arc<BTreeSet<String>> {
        self.personal.get(tenant).cloned().unwrap_or_default()
    }

    /// Whose key this is.
    ///
    /// # Errors
    /// When it is nobody's any more.
    pub fn caller(&self, text: &str, now: Timestamp) -> Result<Caller, Unknown> {
        let (prefix, digest) = secret::parse(text).ok_or(Unknown::NoSuchKey)?;
        let key = self.keys.get(prefix);
        // Compared in any case: how long it takes does not tell which prefixes there are.
        let is_same = secret::is_same(&digest, key.map_or(&[0; 32], |key| &key.digest));
        let key = key.filter(|key| is_same && !key.is_revoked(now)).ok_or(Unknown::NoSuchKey)?;
        if !self.tenants.contains_key(&key.tenant) {
            return Err(Unknown::NoSuchKey);
        }
        if key.expires.is_some_and(|expires| expires <= now) {
            return Err(Unknown::Expired);
        }
        Ok(Caller {
            key: Some(key.prefix.clone()),
            requests_per_second: key.requests_per_second,
            ..self.holder(&key.tenant, key.role)
        })
    }

    /// Whose session this is; none when it has ended. Found by its digest: how long that takes tells nothing of the token.
    pub fn signed_in(&self, token: &str, now: Timestamp) -> Option<Caller> {
        self.of_session(&secret::token_digest(token)?, now)
    }

    fn of_session(&self, digest: &[u8; 32], now: Timestamp) -> Option<Caller> {
        let session = self.sessions.get(digest).filter(|session| now < session.ends())?;
        let person = self.person(&session.tenant, &session.person).filter(|person| person.disabled.is_none())?;
        let signed_in = SignedIn { name: person.name.clone(), session: *digest, ends: session.ends() };
        Some(Caller { person: Some(signed_in), ..self.holder(&person.tenant, person.role) })
    }

    /// Whether somebody who was let in would still be: for answers that go on for as long as somebody reads.
    pub fn still_admits(&self, caller: &Caller, now: Timestamp) -> bool {
        let is_good = match (&caller.key, &caller.person) {
            (Some(prefix), _) => self
                .key(prefix)
                .is_some_and(|key| !key.is_revoked(now) && key.expires.is_none_or(|expires| now < expires)),
            (None, Some(person)) => {
                self.of_session(&person.session, now).is_some_and(|known| known.role() == caller.role())
            }
            (None, None) => !self.is_closed(),
        };
        is_good && self.tenant(&caller.tenant).is_some_and(|tenant| tenant.suspended.is_none())
    }

    fn holder(&self, tenant: &str, role: Role) -> Caller {
        let hidden = if role.may(Right::SeePersonal) { Arc::default() } else { self.personal_fields(tenant) };
        Caller { hidden, ..Caller::without_key(tenant, Standing::Holder(role)) }
    }
}
