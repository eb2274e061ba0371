//! People who may sign in: made, invited, changed, removed. What they sign in with is in `password`, what comes of it in
//! `sessions`.
//!
//! Names are those of one tenant: whoever manages another cannot find out who is here. Whoever makes an account gives an
//! invitation to the person, a token that is good once and for [`INVITATION_US_MAX`]; the password is theirs alone. Those
//! for whom an issuer vouches are in `subjects`.

use std::collections::BTreeMap;

use muster_engine::error::{Error, Problem, Result};
use muster_engine::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::register::{Register, refused};
use super::role::Role;
use super::{password, secret, tenants};
use crate::limits::{INVITATION_US_MAX, PEOPLE_MAX, PERSON_NAME_CHARS_MAX};

/// Somebody who may sign in.
#[derive(Debug, Clone)]
pub struct Person {
    /// Whose data they work with.
    pub tenant: String,
    /// What they sign in with, in small letters.
    pub name: String,
    /// What they may.
    pub role: Role,
    /// When the account was made.
    pub created: Timestamp,
    /// Since when they may not sign in.
    pub disabled: Option<Timestamp>,
    /// When they last signed in.
    pub signed_in: Option<Timestamp>,
    /// Until when an invitation waits for them.
    pub invited_until: Option<Timestamp>,
    /// What is kept of their password; none until they have chosen one.
    pub(super) password: Option<String>,
    /// Who vouches for them, and what they are called there; none until they have come that way.
    pub(super) subject: Option<(String, String)>,
}

/// What to change of somebody; what is none stays.
#[derive(Debug, Clone, Copy, Default)]
pub struct PersonChange {
    /// What they may.
    pub role: Option<Role>,
    /// Whether they may not sign in.
    pub is_disabled: Option<bool>,
}

impl Person {
    /// Whether they have chosen a password.
    pub fn has_password(&self) -> bool {
        self.password.is_some()
    }

    /// Whether an issuer of OpenID Connect vouches for them.
    pub fn has_issuer(&self) -> bool {
        self.subject.is_some()
    }
}

impl Register {
    /// Makes an account, which nobody can use before it is invited or has a password.
    ///
    /// # Errors
    /// `Invalid` for a name that cannot be one, `Conflict` for one that is taken, `NotFound` for a tenant that there is not,
    /// `Limit` for too many.
    pub fn create_person(&self, tenant: &str, name: &str, role: Role, now: Timestamp) -> Result<Person> {
        let name = self.change(|changing| add(changing, tenant, name, role, now))?;
        self.person(tenant, &name)
    }

    /// Somebody by their name.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn person(&self, tenant: &str, name: &str) -> Result<Person> {
        self.roster().person(tenant, name).cloned().ok_or_else(|| nobody(name))
    }

    /// Makes an invitation, in place of an earlier one: its text is in the answer and nowhere else.
    ///
    /// # Errors
    /// `NotFound`; `Io` without randomness.
    pub fn invite(&self, tenant: &str, name: &str, now: Timestamp) -> Result<String> {
        let (text, digest) = secret::token().map_err(Error::Io)?;
        let set = "UPDATE people SET invitation = ?3, invited_until_us = ?4 WHERE tenant = ?1 AND name = ?2";
        let until = now.0.saturating_add(INVITATION_US_MAX);
        self.change(|changing| of_somebody(changing, name, set, params![tenant, normal(name), digest, until]))?;
        Ok(text)
    }

    /// Takes an invitation: whoever has it chooses the password.
    ///
    /// # Errors
    /// `NotFound` for an invitation that is none any more, `Invalid` for a password that cannot be one.
    pub fn accept(&self, invitation: &str, chosen: &str, now: Timestamp) -> Result<Person> {
        let gone = || Error::NotFound("there is no such invitation any more; ask for another one".into());
        let digest = secret::token_digest(invitation).ok_or_else(gone)?;
        let select =
            "SELECT tenant, name FROM people WHERE invitation = ?1 AND invited_until_us > ?2 AND disabled_us IS NULL";
        let found = self.read(|connection| {
            let each = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?));
            connection.query_row(select, params![digest, now.0], each).optional()
        })?;
        let (tenant, name) = found.ok_or_else(gone)?;
        self.roster().tenant(&tenant).ok_or_else(gone)?;
        password::check(chosen, &name)?;
        let kept = password::keep(chosen)?;
        self.change(|changing| {
            // Of two who take it at once, one does.
            let set = "UPDATE people SET password = ?3, invitation = NULL, invited_until_us = NULL \
                       WHERE tenant = ?1 AND name = ?2 AND invitation = ?4";
            let changed = changing.execute(set, params![tenant, name, kept, digest]).map_err(refused)?;
            Some(changed).filter(|changed| *changed == 1).ok_or_else(gone)?;
            end_sessions(changing, &tenant, &name, None)
        })?;
        self.person(&tenant, &name)
    }

    /// Sets somebody's password and ends their sessions, but for one.
    ///
    /// # Errors
    /// `NotFound`, `Invalid` for a password that cannot be one.
    pub fn set_password(&self, tenant: &str, name: &str, chosen: &str, but: Option<&[u8; 32]>) -> Result<()> {
        let name = &normal(name);
        password::check(chosen, name)?;
        let kept = password::keep(chosen)?;
        self.change(|changing| {
            let set = "UPDATE people SET password = ?3, invitation = NULL, invited_until_us = NULL \
                       WHERE tenant = ?1 AND name = ?2";
            of_somebody(changing, name, set, params![tenant, name, kept])?;
            end_sessions(changing, tenant, name, but)
        })
    }

    /// Changes what somebody may. Whoever is disabled is signed out everywhere.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn change_person(&self, tenant: &str, name: &str, change: PersonChange, now: Timestamp) -> Result<Person> {
        let name = &normal(name);
        self.change(|changing| {
            let role = change.role.map(Role::name);
            let set = "UPDATE people SET role = coalesce(?3, role) WHERE tenant = ?1 AND name = ?2";
            of_somebody(changing, name, set, params![tenant, name, role])?;
            let Some(is_disabled) = change.is_disabled else { return Ok(()) };
            let since = is_disabled.then_some(now.0);
            let set = "UPDATE people SET disabled_us = CASE WHEN ?3 IS NULL THEN NULL ELSE coalesce(disabled_us, ?3) END \
                       WHERE tenant = ?1 AND name = ?2";
            of_somebody(changing, name, set, params![tenant, name, since])?;
            if is_disabled { end_sessions(changing, tenant, name, None) } else { Ok(()) }
        })?;
        self.person(tenant, name)
    }

    /// Removes an account. What was done with it stays in the audit.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn delete_person(&self, tenant: &str, name: &str) -> Result<()> {
        let name = &normal(name);
        self.change(|changing| {
            end_sessions(changing, tenant, name, None)?;
            of_somebody(changing, name, "DELETE FROM people WHERE tenant = ?1 AND name = ?2", params![tenant, name])
        })
    }
}

/// Makes an account; its name as it is kept.
pub(super) fn add(changing: &Transaction<'_>, tenant: &str, name: &str, role: Role, now: Timestamp) -> Result<String> {
    let name = checked_name(name)?;
    tenants::known(changing, tenant)?;
    let count: u64 = changing.query_row("SELECT count(*) FROM people", [], |row| row.get(0)).map_err(refused)?;
    if count >= PEOPLE_MAX {
        let message = format!("there are {PEOPLE_MAX} people already; delete one first");
        return Err(Error::Limit(Problem::new("", "too_many_people", message)));
    }
    let insert = "INSERT OR IGNORE INTO people (tenant, name, role, created_us) VALUES (?, ?, ?, ?)";
    match changing.execute(insert, params![tenant, name, role.name(), now.0]).map_err(refused)? {
        0 => {
            let message = format!("there is somebody of the name \"{name}\"");
            Err(Error::Conflict(Problem::new("/name", "name_taken", message)))
        }
        _ => Ok(name),
    }
}

/// Changes one account, which must be there.
fn of_somebody(changing: &Transaction<'_>, name: &str, change: &str, values: impl rusqlite::Params) -> Result<()> {
    match changing.execute(change, values).map_err(refused)? {
        0 => Err(nobody(name)),
        _ => Ok(()),
    }
}

/// Ends the sessions of somebody, but for one.
pub(super) fn end_sessions(changing: &Transaction<'_>, tenant: &str, name: &str, but: Option<&[u8; 32]>) -> Result<()> {
    let end = "DELETE FROM sessions WHERE tenant = ?1 AND person = ?2 AND (?3 IS NULL OR digest <> ?3)";
    changing.execute(end, params![tenant, name, but]).map(drop).map_err(refused)
}

fn nobody(name: &str) -> Error {
    Error::NotFound(format!(
        "there is nobody of the name \"{name}\"; GET /api/users and muster person list show who is"
    ))
}

/// A name as it is kept: nobody remembers which letters were capital.
pub(super) fn normal(name: &str) -> String {
    name.trim().to_lowercase()
}

fn checked_name(name: &str) -> Result<String> {
    let name = normal(name);
    let is_plain = |letter: char| !letter.is_whitespace() && !letter.is_control() && letter != '/';
    if !name.is_empty() && name.chars().count() <= PERSON_NAME_CHARS_MAX && name.chars().all(is_plain) {
        return Ok(name);
    }
    let message = format!(
        "a name has 1 to {PERSON_NAME_CHARS_MAX} characters, without spaces and slashes: an e-mail address is a good one"
    );
    Err(Error::invalid("/name", "bad_name", message))
}

/// All accounts, by tenant and name.
pub(super) fn read(connection: &Connection) -> rusqlite::Result<BTreeMap<(String, String), Person>> {
    let select = "SELECT tenant, name, role, created_us, disabled_us, signed_in_us, invited_until_us, password, issuer, \
                  subject FROM people";
    let time = |us: Option<i64>| us.map(Timestamp);
    let person = |row: &rusqlite::Row<'_>| {
        let role: String = row.get(2)?;
        let (issuer, subject): (Option<String>, Option<String>) = (row.get(8)?, row.get(9)?);
        let person = Person {
            tenant: row.get(0)?,
            name: row.get(1)?,
            role: Role::named(&role)
                .ok_or_else(|| rusqlite::Error::InvalidColumnName(format!("there is no role \"{role}\"")))?,
            created: Timestamp(row.get(3)?),
            disabled: time(row.get(4)?),
            signed_in: time(row.get(5)?),
            invited_until: time(row.get(6)?),
            password: row.get(7)?,
            subject: issuer.zip(subject),
        };
        Ok(((person.tenant.clone(), person.name.clone()), person))
    };
    connection.prepare_cached(select)?.query_map([], person)?.collect()
}
