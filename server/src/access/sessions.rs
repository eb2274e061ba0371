//! Sessions of people: what a right password gives, until they sign out or it ends by itself.
//!
//! A session is a token of 256 random bits; its SHA-256 is kept. It ends [`SESSION_US_MAX`] after its beginning, and
//! [`SESSION_IDLE_US_MAX`] after it was last used. Role and name are looked up with every request, so whoever is disabled
//! or given another role is so at once.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};

use muster_engine::error::{Error, Result};
use muster_engine::time::Timestamp;
use rusqlite::{Connection, params};

use super::people::{self, Person};
use super::register::{Register, refused};
use super::{password, secret};
use crate::limits::{SESSION_IDLE_US_MAX, SESSION_US_MAX, SESSIONS_MAX};

/// A session.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) tenant: String,
    pub(super) person: String,
    /// When it began.
    pub(super) created: Timestamp,
    /// When it was last used, in microseconds; what the file has is up to a minute behind.
    pub(super) used: AtomicI64,
}

impl Session {
    /// When it ends if nobody uses it any more.
    pub(super) fn ends(&self) -> Timestamp {
        let idle = self.used.load(Ordering::Relaxed).saturating_add(SESSION_IDLE_US_MAX);
        Timestamp(idle.min(self.created.0.saturating_add(SESSION_US_MAX)))
    }
}

impl Register {
    /// Whether a name and a password belong together, and to somebody who may sign in. It takes as long whether there is
    /// such a person or not, and longer than anything a request should wait for on its own thread.
    ///
    /// # Errors
    /// `Corrupt` when what is kept of a password is damaged.
    pub fn recognise(&self, tenant: &str, name: &str, text: &str) -> Result<Option<Person>> {
        let roster = self.roster();
        let person = roster.person(tenant, name);
        let is_right = password::is_right(text, person.and_then(|person| person.password.as_deref()))?;
        Ok(person.filter(|person| is_right && person.disabled.is_none()).cloned())
    }

    /// Begins a session; its token is in the answer and nowhere else.
    ///
    /// # Errors
    /// `Io` without randomness, and as [`Register`]'s other changes.
    pub fn begin_session(&self, person: &Person, now: Timestamp) -> Result<String> {
        let (text, digest) = secret::token().map_err(Error::Io)?;
        let Person { tenant, name, .. } = person;
        self.change(|changing| {
            let ended = "DELETE FROM sessions WHERE created_us <= ?1 OR used_us <= ?2";
            let (first, idle) = (now.0.saturating_sub(SESSION_US_MAX), now.0.saturating_sub(SESSION_IDLE_US_MAX));
            changing.execute(ended, params![first, idle]).map_err(refused)?;
            let insert = "INSERT INTO sessions (digest, tenant, person, created_us, used_us) VALUES (?1, ?2, ?3, ?4, ?4)";
            changing.execute(insert, params![digest, tenant, name, now.0]).map_err(refused)?;
            let oldest = "DELETE FROM sessions WHERE digest IN (SELECT digest FROM sessions WHERE tenant = ?1 AND person = ?2 \
                          ORDER BY created_us DESC, digest = ?3 DESC LIMIT -1 OFFSET ?4)";
            changing.execute(oldest, params![tenant, name, digest, SESSIONS_MAX]).map_err(refused)?;
            let seen = "UPDATE people SET signed_in_us = ?3 WHERE tenant = ?1 AND name = ?2";
            changing.execute(seen, params![tenant, name, now.0]).map(drop).map_err(refused)
        })?;
        Ok(text)
    }

    /// Ends a session.
    ///
    /// # Errors
    /// As [`Register`]'s other changes.
    pub fn end_session(&self, digest: &[u8; 32]) -> Result<()> {
        self.change(|changing| {
            changing.execute("DELETE FROM sessions WHERE digest = ?", [digest]).map(drop).map_err(refused)
        })
    }

    /// Ends all sessions of somebody.
    ///
    /// # Errors
    /// As [`Register`]'s other changes.
    pub fn end_sessions(&self, tenant: &str, name: &str) -> Result<()> {
        self.change(|changing| people::end_sessions(changing, tenant, &people::normal(name), None))
    }
}

/// All sessions, by digest.
pub(super) fn read(connection: &Connection) -> rusqlite::Result<HashMap<[u8; 32], Session>> {
    let select = "SELECT digest, tenant, person, created_us, used_us FROM sessions";
    let session = |row: &rusqlite::Row<'_>| {
        let session = Session {
            tenant: row.get(1)?,
            person: row.get(2)?,
            created: Timestamp(row.get(3)?),
            used: AtomicI64::new(row.get(4)?),
        };
        Ok((row.get(0)?, session))
    };
    connection.prepare_cached(select)?.query_map([], session)?.collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Caller, KeyWish, PersonChange, Quota, Region, Role, Standing};
    use super::*;

    use crate::limits::{PEOPLE_MAX, TENANTS_MAX};

    const PASSWORD: &str = "correct horse battery";

    fn somebody() -> (Register, Person) {
        let register = Register::in_memory().expect("a register");
        register.create_person("default", " Ann@Example.com ", Role::Admin, Timestamp(0)).expect("an account");
        register.set_password("default", "ann@example.com", PASSWORD, None).expect("a password");
        let person = register.recognise("default", "ANN@example.com", PASSWORD).expect("an answer").expect("it is she");
        (register, person)
    }

    #[test]
    fn only_the_right_password_of_the_right_tenant_is_recognised() {
        let (register, ann) = somebody();
        assert_eq!((ann.name.as_str(), ann.role), ("ann@example.com", Role::Admin));
        let is_known =
            |tenant: &str, name: &str, text: &str| register.recognise(tenant, name, text).expect("an answer").is_some();
        assert!(is_known("default", "ann@example.com", PASSWORD));
        assert!(!is_known("default", "ann@example.com", "correct horse batterz"));
        assert!(!is_known("acme", "ann@example.com", PASSWORD));
        assert!(!is_known("default", "bob", PASSWORD));
        register.create_person("default", "bob", Role::Viewer, Timestamp(0)).expect("an account");
        assert!(!is_known("default", "bob", ""), "whoever has no password yet cannot sign in");
        assert!(register.create_person("default", "ANN@example.com", Role::Viewer, Timestamp(0)).is_err());
        assert!(register.create_person("nowhere", "carl", Role::Viewer, Timestamp(0)).is_err());
    }

    #[test]
    fn a_session_ends_when_it_is_idle_and_at_the_end_of_the_day() {
        let (register, ann) = somebody();
        let token = register.begin_session(&ann, Timestamp(0)).expect("a session");
        let is_good = |at: i64| register.roster().signed_in(&token, Timestamp(at)).is_some();
        assert!(is_good(SESSION_IDLE_US_MAX - 1));
        assert!(!is_good(SESSION_IDLE_US_MAX));
        let mut at = 0;
        while at < SESSION_US_MAX {
            register.note_session_use(&token, Timestamp(at));
            assert!(is_good(at), "{at}: it is in use");
            at += SESSION_IDLE_US_MAX / 2;
        }
        assert!(is_good(SESSION_US_MAX - 1));
        assert!(!is_good(SESSION_US_MAX), "used or not");
        assert!(register.roster().signed_in("guess", Timestamp(0)).is_none());
        assert!(register.roster().signed_in(&"x".repeat(100_000), Timestamp(0)).is_none());
    }

    #[test]
    fn sessions_end_with_whatever_made_them_possible() {
        let (register, ann) = somebody();
        let begin = || register.begin_session(&ann, Timestamp(1)).expect("a session");
        let is_good = |token: &str| register.roster().signed_in(token, Timestamp(2)).is_some();
        let (first, second) = (begin(), begin());
        let digest = secret::token_digest(&first).expect("a token");
        register.set_password("default", "ann@example.com", "another long password", Some(&digest)).expect("changed");
        assert!(is_good(&first) && !is_good(&second), "a new password ends all but the one it was changed in");
        register.end_sessions("default", "ann@example.com").expect("ended");
        assert!(!is_good(&first));
        let third = begin();
        let disable = PersonChange { is_disabled: Some(true), role: None };
        register.change_person("default", "ann@example.com", disable, Timestamp(2)).expect("disabled");
        assert!(!is_good(&third));
        assert!(
            register.recognise("default", "ann@example.com", "another long password").expect("an answer").is_none()
        );
        let many: Vec<String> = (0..=SESSIONS_MAX).map(|_| begin()).collect();
        let enable = PersonChange { is_disabled: Some(false), role: Some(Role::Viewer) };
        register.change_person("default", "ann@example.com", enable, Timestamp(2)).expect("enabled");
        assert_eq!(many.iter().filter(|token| is_good(token)).count(), SESSIONS_MAX, "the oldest has ended");
        let caller = register.roster().signed_in(&many[SESSIONS_MAX], Timestamp(2)).expect("the newest is there");
        assert_eq!(caller.role(), Some(Role::Viewer), "a role counts at once");
        register.delete_person("default", "ann@example.com").expect("deleted");
        assert!(!is_good(&many[SESSIONS_MAX]));
        assert!(register.roster().is_closed(), "whoever was there last does not leave the door open");
    }

    #[test]
    fn the_last_person_and_the_last_tenant_are_taken_and_one_more_is_not() {
        let register = Register::in_memory().expect("a register");
        let numbers = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?1)";
        for (insert, most) in [
            ("INSERT INTO people (tenant, name, role, created_us) SELECT 'default', n, 'viewer', 0", PEOPLE_MAX),
            ("INSERT INTO tenants (id, created_us) SELECT n, 0", TENANTS_MAX),
        ] {
            let fill = format!("{numbers} {insert} FROM numbers");
            register.change(|changing| changing.execute(&fill, [most - 1]).map_err(refused)).expect("all but one");
        }
        let person = |name: &str| register.create_person("default", name, Role::Viewer, Timestamp(0)).map(drop);
        let tenant = |id: &str| register.create_tenant(id, Quota::default(), Region::default(), Timestamp(0)).map(drop);
        let code = |refused: Result<()>| match refused {
            Err(Error::Limit(problem)) => problem.code,
            other => panic!("{other:?}"),
        };
        person("last").expect("there is room");
        tenant("last").expect("there is room");
        assert_eq!(code(person("more")), "too_many_people");
        assert_eq!(code(tenant("more")), "too_many_tenants");
    }

    #[test]
    fn whoever_reads_on_is_let_go_when_they_would_not_be_let_in() {
        let (register, ann) = somebody();
        let begin = || {
            let token = register.begin_session(&ann, Timestamp(1)).expect("a session");
            register.roster().signed_in(&token, Timestamp(1)).expect("it is good")
        };
        let stays = |caller: &Caller, at| register.roster().still_admits(caller, Timestamp(at));
        let session = begin();
        assert!(stays(&session, SESSION_IDLE_US_MAX) && !stays(&session, SESSION_IDLE_US_MAX + 1));
        register.end_sessions("default", "ann@example.com").expect("ended");
        assert!(!stays(&session, 2));
        let session = begin();
        let viewer = PersonChange { role: Some(Role::Viewer), is_disabled: None };
        register.change_person("default", "ann@example.com", viewer, Timestamp(2)).expect("changed");
        assert!(!stays(&session, 3), "with another role they come in anew");
        let wish = KeyWish {
            tenant: "acme".into(),
            role: Role::Viewer,
            name: String::new(),
            expires: Some(Timestamp(10)),
            requests_per_second: None,
        };
        register.create_tenant("acme", Quota::default(), Region::default(), Timestamp(0)).expect("a tenant");
        let (key, text) = register.create_key(&wish, Timestamp(0)).expect("a key");
        let caller = register.roster().caller(&text, Timestamp(1)).expect("it is good");
        assert!(stays(&caller, 9) && !stays(&caller, 10));
        let suspend = |at: Option<Timestamp>| register.change_tenant("acme", |record| record.suspended = at).map(drop);
        suspend(Some(Timestamp(2))).expect("suspended");
        assert!(!stays(&caller, 3));
        suspend(None).expect("back");
        assert!(stays(&caller, 3));
        register.revoke_key(&key.prefix, Timestamp(4)).expect("revoked");
        assert!(stays(&caller, 3) && !stays(&caller, 4));
        let anybody = Caller::without_key("default", Standing::Open);
        assert!(!stays(&anybody, 5), "the server is no longer open");
        let open = Register::in_memory().expect("a register");
        assert!(open.roster().still_admits(&anybody, Timestamp(0)));
    }

    #[test]
    fn an_invitation_is_good_once_and_not_for_ever() {
        let register = Register::in_memory().expect("a register");
        register.create_person("default", "bob", Role::Viewer, Timestamp(0)).expect("an account");
        let late = register.invite("default", "bob", Timestamp(0)).expect("an invitation");
        let end = Timestamp(crate::limits::INVITATION_US_MAX);
        assert!(register.accept(&late, PASSWORD, end).is_err(), "too late");
        let invitation = register.invite("default", "bob", Timestamp(1)).expect("an invitation");
        assert!(register.accept(&late, PASSWORD, Timestamp(2)).is_err(), "there is a newer one");
        assert!(register.accept(&invitation, "short", Timestamp(2)).is_err());
        assert_eq!(register.accept(&invitation, PASSWORD, Timestamp(2)).expect("accepted").name, "bob");
        assert!(register.accept(&invitation, PASSWORD, Timestamp(3)).is_err(), "it was taken");
        assert!(register.recognise("default", "bob", PASSWORD).expect("an answer").is_some());
    }
}
