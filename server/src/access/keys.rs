//! Records of keys: made, listed, replaced, revoked.

use muster_engine::error::{Error, Problem, Result};
use muster_engine::time::Timestamp;
use rusqlite::{Connection, params};

use super::register::{Register, refused};
use super::role::Role;
use super::secret::Secret;
use super::tenants;
use crate::limits::{KEY_NAME_CHARS_MAX, KEYS_MAX};

/// A key as it is kept: without what its holder sends.
#[derive(Debug, Clone)]
pub struct Key {
    /// What finds it; may be shown.
    pub prefix: String,
    pub(super) digest: [u8; 32],
    /// Whose data it is for.
    pub tenant: String,
    /// What it may.
    pub role: Role,
    /// What it is for, in somebody's words.
    pub name: String,
    /// When it was made.
    pub created: Timestamp,
    /// Until when it is good.
    pub expires: Option<Timestamp>,
    /// From when on it is not: at once, or when the overlap with its successor ends.
    pub revoked: Option<Timestamp>,
    /// When it was last seen, to the minute.
    pub used: Option<Timestamp>,
    /// Requests a second that it may make.
    pub requests_per_second: Option<u32>,
    /// The key that it takes the place of.
    pub replaces: Option<String>,
}

/// A key that somebody wants.
#[derive(Debug, Clone)]
pub struct KeyWish {
    /// For whose data.
    pub tenant: String,
    /// With which rights.
    pub role: Role,
    /// For what.
    pub name: String,
    /// Until when.
    pub expires: Option<Timestamp>,
    /// Requests a second.
    pub requests_per_second: Option<u32>,
}

impl Key {
    /// Whether it was revoked by an instant.
    pub fn is_revoked(&self, now: Timestamp) -> bool {
        self.revoked.is_some_and(|revoked| revoked <= now)
    }
}

impl Register {
    /// Makes a key; its text is in the answer and nowhere else.
    ///
    /// # Errors
    /// `Invalid` for a name that is too long or an end that has passed, `NotFound` for a tenant that there is not, `Limit` for too
    /// many, `Io` and `Storage` when it cannot be kept.
    pub fn create_key(&self, wish: &KeyWish, now: Timestamp) -> Result<(Key, String)> {
        self.add_key(wish, None, now)
    }

    fn add_key(&self, wish: &KeyWish, replaced: Option<(&str, Timestamp)>, now: Timestamp) -> Result<(Key, String)> {
        check(wish, now)?;
        let secret = Secret::new().map_err(Error::Io)?;
        self.change(|changing| {
            tenants::known(changing, &wish.tenant)?;
            let count: u64 = changing.query_row("SELECT count(*) FROM keys", [], |row| row.get(0)).map_err(refused)?;
            if count >= KEYS_MAX {
                let message = format!("there are {KEYS_MAX} keys already, revoked ones included");
                return Err(Error::Limit(Problem::new("", "too_many_keys", message)));
            }
            if let Some((old, until)) = replaced {
                let end = "UPDATE keys SET revoked_us = min(coalesce(revoked_us, ?2), ?2) WHERE prefix = ?1";
                changing.execute(end, params![old, until.0]).map_err(refused)?;
            }
            let insert = "INSERT INTO keys (prefix, digest, tenant, role, name, created_us, expires_us, \
                          requests_per_second, replaces) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
            changing
                .execute(
                    insert,
                    params![
                        secret.prefix,
                        secret.digest,
                        wish.tenant,
                        wish.role.name(),
                        wish.name,
                        now.0,
                        wish.expires.map(|at| at.0),
                        wish.requests_per_second,
                        replaced.map(|(old, _)| old),
                    ],
                )
                .map_err(refused)
        })?;
        let kept = self.roster().key(&secret.prefix).cloned();
        Ok((kept.ok_or_else(|| Error::Io("a new key is not there".into()))?, secret.text))
    }

    /// Makes a key that takes the place of another one, which goes on being good until `until`.
    ///
    /// # Errors
    /// As [`Self::create_key`]; `NotFound` when there is no such key, or it is revoked.
    pub fn rotate_key(&self, prefix: &str, until: Timestamp, now: Timestamp) -> Result<(Key, String)> {
        let roster = self.roster();
        let old = roster.key(prefix).filter(|key| !key.is_revoked(now)).ok_or_else(|| no_key(prefix))?;
        let wish = KeyWish {
            tenant: old.tenant.clone(),
            role: old.role,
            name: old.name.clone(),
            expires: old.expires,
            requests_per_second: old.requests_per_second,
        };
        self.add_key(&wish, Some((prefix, until)), now)
    }

    /// Ends a key at once; one that was ended before stays so.
    ///
    /// # Errors
    /// `NotFound` when there is no such key.
    pub fn revoke_key(&self, prefix: &str, now: Timestamp) -> Result<()> {
        self.change(|changing| {
            let end = "UPDATE keys SET revoked_us = min(coalesce(revoked_us, ?2), ?2) WHERE prefix = ?1";
            match changing.execute(end, params![prefix, now.0]).map_err(refused)? {
                0 => Err(no_key(prefix)),
                _ => Ok(()),
            }
        })
    }
}

fn no_key(prefix: &str) -> Error {
    Error::NotFound(format!("there is no key \"{prefix}\"; muster key list and GET /api/keys show which there are"))
}

fn check(wish: &KeyWish, now: Timestamp) -> Result<()> {
    if wish.name.chars().count() > KEY_NAME_CHARS_MAX {
        let message = format!("a key's name has at most {KEY_NAME_CHARS_MAX} characters");
        return Err(Error::invalid("/name", "too_long", message));
    }
    if wish.name.chars().any(char::is_control) {
        return Err(Error::invalid("/name", "bad_name", "a key's name is one line, without control characters"));
    }
    if wish.expires.is_some_and(|expires| expires <= now) {
        return Err(Error::invalid("/expires_at", "in_the_past", "a key that has ended already is of no use"));
    }
    if wish.requests_per_second == Some(0) {
        return Err(Error::invalid("/requests_per_second", "out_of_range", "a key that may ask nothing is of no use"));
    }
    Ok(())
}

/// All keys.
pub(super) fn read(connection: &Connection) -> rusqlite::Result<Vec<Key>> {
    let select = "SELECT prefix, digest, tenant, role, name, created_us, expires_us, revoked_us, used_us, \
                  requests_per_second, replaces FROM keys";
    let time = |us: Option<i64>| us.map(Timestamp);
    let key = |row: &rusqlite::Row<'_>| {
        let role: String = row.get(3)?;
        Ok(Key {
            prefix: row.get(0)?,
            digest: row.get(1)?,
            tenant: row.get(2)?,
            role: Role::named(&role)
                .ok_or_else(|| rusqlite::Error::InvalidColumnName(format!("there is no role \"{role}\"")))?,
            name: row.get(4)?,
            created: Timestamp(row.get(5)?),
            expires: time(row.get(6)?),
            revoked: time(row.get(7)?),
            used: time(row.get(8)?),
            requests_per_second: row.get(9)?,
            replaces: row.get(10)?,
        })
    };
    connection.prepare_cached(select)?.query_map([], key)?.collect()
}

#[cfg(test)]
mod tests {
    use super::super::roster::Unknown;
    use super::*;

    fn wish(expires: Option<Timestamp>) -> KeyWish {
        KeyWish {
            tenant: "default".into(),
            role: Role::Viewer,
            name: String::new(),
            expires,
            requests_per_second: None,
        }
    }

    #[test]
    fn a_key_is_good_until_it_ends_and_not_a_moment_longer() {
        let register = Register::in_memory().expect("a register");
        let (_, text) = register.create_key(&wish(Some(Timestamp(10))), Timestamp(0)).expect("a key");
        assert!(register.roster().caller(&text, Timestamp(9)).is_ok());
        assert_eq!(register.roster().caller(&text, Timestamp(10)).err(), Some(Unknown::Expired));
        assert!(register.create_key(&wish(Some(Timestamp(10))), Timestamp(10)).is_err(), "it would have ended already");
    }

    #[test]
    fn the_last_key_is_made_and_one_more_is_not() {
        let register = Register::in_memory().expect("a register");
        let fill = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?1) \
                    INSERT INTO keys (prefix, digest, tenant, role, name, created_us) \
                    SELECT n, zeroblob(32), 'default', 'viewer', '', 0 FROM numbers";
        register.change(|changing| changing.execute(fill, [KEYS_MAX - 1]).map_err(refused)).expect("all but one");
        register.create_key(&wish(None), Timestamp(0)).expect("the last");
        let refused = register.create_key(&wish(None), Timestamp(0)).map(drop).expect_err("one more");
        assert!(matches!(&refused, Error::Limit(problem) if problem.code == "too_many_keys"), "{refused}");
    }

    #[test]
    fn two_keys_overlap_for_as_long_as_was_said() {
        let register = Register::in_memory().expect("a register");
        let (old, text) = register.create_key(&wish(None), Timestamp(0)).expect("a key");
        let (new, successor) = register.rotate_key(&old.prefix, Timestamp(20), Timestamp(5)).expect("a key");
        assert_eq!(new.replaces.as_ref(), Some(&old.prefix));
        for (at, is_good) in [(19, true), (20, false)] {
            assert_eq!(register.roster().caller(&text, Timestamp(at)).is_ok(), is_good, "{at}");
            assert!(register.roster().caller(&successor, Timestamp(at)).is_ok());
        }
        assert!(register.rotate_key(&old.prefix, Timestamp(30), Timestamp(20)).is_err(), "it has ended");
        register.revoke_key(&old.prefix, Timestamp(30)).expect("it is there");
        assert!(register.roster().caller(&text, Timestamp(25)).is_err(), "revoking does not bring it back");
    }

    #[test]
    fn what_another_process_changes_is_noticed() {
        let folder = tempfile::tempdir().expect("a directory");
        let (server, other) =
            (Register::open(folder.path()).expect("one"), Register::open(folder.path()).expect("two"));
        let (_, text) = other.create_key(&wish(None), Timestamp(0)).expect("a key");
        std::thread::sleep(crate::limits::ROSTER_AGE_MAX);
        assert!(server.roster().caller(&text, Timestamp(1)).is_ok());
    }
}
