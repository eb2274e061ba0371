//! People known by what an issuer of OpenID Connect calls them.
//!
//! Somebody is bound to issuer and subject when they first come, by the name that the issuer vouches for; from then on
//! only these count. Whoever takes over a name, such as an address that was given away, does not take over the account.
//! Whoever comes this way needs no password, and has none unless they had chosen one.

use muster_engine::error::Result;
use muster_engine::time::Timestamp;
use rusqlite::{OptionalExtension, Transaction, params};

use super::people::{self, Person};
use super::register::{Register, refused};
use super::role::Role;

/// Somebody whom an issuer vouches for.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// For which tenant.
    pub tenant: &'a str,
    /// Who vouches.
    pub issuer: &'a str,
    /// What the issuer calls them.
    pub subject: &'a str,
}

/// Why somebody whom an issuer vouches for may not come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// Nobody has invited them.
    Unknown,
    /// The name is that of somebody else, whom an issuer has vouched for before.
    OtherSubject,
    /// They may not sign in.
    Disabled,
    /// Their invitation has ended.
    InvitationEnded,
    /// There is no account at all: the first one is made by whoever runs the server, or anybody would close it to them.
    NoAccounts,
}

impl Register {
    /// Whoever is bound to a subject, and may sign in.
    ///
    /// # Errors
    /// `Disabled`, with their name.
    pub fn bound(&self, subject: Subject<'_>) -> std::result::Result<Option<Person>, (Unfit, Box<Person>)> {
        let roster = self.roster();
        let is_bound = |person: &&Person| {
            person.subject.as_ref().is_some_and(|(issuer, known)| issuer == subject.issuer && known == subject.subject)
        };
        match roster.people(Some(subject.tenant)).find(is_bound).cloned() {
            Some(person) if person.disabled.is_some() => Err((Unfit::Disabled, Box::new(person))),
            found => Ok(found),
        }
    }

    /// Binds somebody to a subject by their name: whoever is invited and not bound yet; with a role also whoever has no
    /// account, which is made. A password that they have chosen stays.
    ///
    /// # Errors
    /// In the answer: why they may not come in. Else as [`Self::create_person`].
    pub fn bind(
        &self,
        subject: Subject<'_>,
        name: &str,
        creation: Option<Role>,
        now: Timestamp,
    ) -> Result<std::result::Result<Person, Unfit>> {
        let creation = creation.filter(|_| self.roster().is_closed());
        let name = &people::normal(name);
        let bound = self.change(|changing| match invited(changing, subject.tenant, name, now)? {
            Ok(()) => bind(changing, subject, name).map(Ok),
            Err(Unfit::Unknown) => {
                let Some(role) = creation else { return Ok(Err(Unfit::Unknown)) };
                people::add(changing, subject.tenant, name, role, now)?;
                bind(changing, subject, name).map(Ok)
            }
            Err(unfit) => Ok(Err(unfit)),
        })?;
        match bound {
            Ok(()) => self.person(subject.tenant, name).map(Ok),
            Err(Unfit::Unknown) if !self.roster().is_closed() => Ok(Err(Unfit::NoAccounts)),
            Err(unfit) => Ok(Err(unfit)),
        }
    }
}

/// Whether somebody of a name may be bound.
fn invited(
    changing: &Transaction<'_>,
    tenant: &str,
    name: &str,
    now: Timestamp,
) -> Result<std::result::Result<(), Unfit>> {
    let select = "SELECT subject IS NOT NULL, disabled_us IS NOT NULL, password IS NOT NULL OR invited_until_us > ?3 \
                  FROM people WHERE tenant = ?1 AND name = ?2";
    let each = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    let found = changing.query_row(select, params![tenant, name, now.0], each).optional().map_err(refused)?;
    Ok(match found {
        None => Err(Unfit::Unknown),
        Some((true, _, _)) => Err(Unfit::OtherSubject),
        Some((_, true, _)) => Err(Unfit::Disabled),
        // None is as good as one that has ended.
        Some((_, _, None | Some(false))) => Err(Unfit::InvitationEnded),
        Some((false, false, Some(true))) => Ok(()),
    })
}

fn bind(changing: &Transaction<'_>, subject: Subject<'_>, name: &str) -> Result<()> {
    let set = "UPDATE people SET issuer = ?3, subject = ?4, invitation = NULL, invited_until_us = NULL \
               WHERE tenant = ?1 AND name = ?2 AND subject IS NULL";
    let Subject { tenant, issuer, subject } = subject;
    changing.execute(set, params![tenant, name, issuer, subject]).map(drop).map_err(refused)
}

#[cfg(test)]
mod tests {
    use super::super::{PersonChange, Quota, Region};
    use super::*;
    use crate::limits::INVITATION_US_MAX;

    const ANN: Subject<'_> = Subject { tenant: "default", issuer: "https://i.example", subject: "7" };

    fn register() -> Register {
        let register = Register::in_memory().expect("a register");
        register.create_person("default", "ann@example.com", Role::Marketer, Timestamp(0)).expect("an account");
        register.invite("default", "ann@example.com", Timestamp(0)).expect("an invitation");
        register
    }

    fn bind_at(register: &Register, subject: Subject<'_>, name: &str, now: i64) -> std::result::Result<Person, Unfit> {
        register.bind(subject, name, None, Timestamp(now)).expect("an answer")
    }

    #[test]
    fn whoever_is_invited_is_bound_and_from_then_on_only_the_subject_counts() {
        let register = register();
        assert!(register.bound(ANN).expect("may").is_none());
        let ann = bind_at(&register, ANN, " Ann@Example.com", 1).expect("bound");
        assert_eq!((ann.role, ann.has_password(), ann.invited_until), (Role::Marketer, false, None));
        assert_eq!(register.bound(ANN).expect("may").expect("known").name, "ann@example.com");
        for other in [Subject { subject: "8", ..ANN }, Subject { issuer: "https://j.example", ..ANN }] {
            assert!(register.bound(other).expect("may").is_none());
            assert_eq!(bind_at(&register, other, "ann@example.com", 1).map(drop), Err(Unfit::OtherSubject));
        }
        // Not even with another invitation: whoever is to have the account gets a new one.
        register.invite("default", "ann@example.com", Timestamp(2)).expect("an invitation");
        let other = Subject { subject: "8", ..ANN };
        assert_eq!(bind_at(&register, other, "ann@example.com", 3).map(drop), Err(Unfit::OtherSubject));
        register.delete_person("default", "ann@example.com").expect("gone");
        assert!(register.bound(ANN).expect("may").is_none());
        assert_eq!(bind_at(&register, ANN, "ann@example.com", 3).map(drop), Err(Unfit::Unknown));
    }

    #[test]
    fn an_invitation_is_good_until_it_ends_and_a_password_is_as_good() {
        let register = register();
        let late = bind_at(&register, ANN, "ann@example.com", INVITATION_US_MAX).map(drop);
        assert_eq!(late, Err(Unfit::InvitationEnded));
        register.create_person("default", "bob", Role::Viewer, Timestamp(0)).expect("an account");
        let bob = Subject { subject: "8", ..ANN };
        assert_eq!(bind_at(&register, bob, "bob", 1).map(drop), Err(Unfit::InvitationEnded), "nobody has invited him");
        register.set_password("default", "bob", "correct horse battery", None).expect("a password");
        assert!(bind_at(&register, bob, "bob", 1).expect("bound").has_password());
        bind_at(&register, ANN, "ann@example.com", INVITATION_US_MAX - 1).expect("in time");
    }

    #[test]
    fn whoever_may_not_sign_in_may_not_this_way() {
        let register = register();
        let disable = PersonChange { is_disabled: Some(true), role: None };
        register.change_person("default", "ann@example.com", disable, Timestamp(1)).expect("disabled");
        assert_eq!(bind_at(&register, ANN, "ann@example.com", 1).map(drop), Err(Unfit::Disabled));
        let enable = PersonChange { is_disabled: Some(false), role: None };
        register.change_person("default", "ann@example.com", enable, Timestamp(1)).expect("enabled");
        bind_at(&register, ANN, "ann@example.com", 1).expect("bound");
        register.change_person("default", "ann@example.com", disable, Timestamp(1)).expect("disabled");
        let (unfit, ann) = register.bound(ANN).expect_err("disabled");
        assert_eq!((unfit, ann.name.as_str()), (Unfit::Disabled, "ann@example.com"));
    }

    #[test]
    fn accounts_are_made_of_one_role_where_that_is_wanted_and_not_the_first() {
        let empty = Register::in_memory().expect("a register");
        let make = |register: &Register, subject, name| {
            register.bind(subject, name, Some(Role::Viewer), Timestamp(1)).expect("an answer")
        };
        assert_eq!(make(&empty, ANN, "ann").map(drop), Err(Unfit::NoAccounts));
        assert!(!empty.roster().is_closed());
        let register = register();
        let bob = Subject { subject: "8", ..ANN };
        let made = make(&register, bob, "Bob@example.com").expect("made");
        assert_eq!((made.name.as_str(), made.role, made.has_password()), ("bob@example.com", Role::Viewer, false));
        assert!(register.bound(bob).expect("may").is_some());
        assert_eq!(make(&register, ANN, "ann@example.com").expect("invited").role, Role::Marketer);
        // The same subject is somebody else in another tenant.
        register.create_tenant("acme", Quota::default(), Region::default(), Timestamp(0)).expect("a tenant");
        let there = Subject { tenant: "acme", ..ANN };
        assert!(register.bound(there).expect("may").is_none());
        make(&register, there, "ann@example.com").expect("made");
        register.delete_tenant("acme", Timestamp(2)).expect("deleted");
        assert!(register.bound(there).expect("may").is_none());
        assert!(register.bind(there, "ann@example.com", Some(Role::Viewer), Timestamp(3)).is_err(), "it is gone");
        assert!(register.bind(Subject { subject: "9", ..ANN }, "a b", Some(Role::Viewer), Timestamp(3)).is_err());
    }
}
