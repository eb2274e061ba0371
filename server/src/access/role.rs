//! Roles, and what each may.

use std::fmt;

/// What a request may need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// To hear how many, never who.
    Count,
    /// To see single people: ids and fields that are not personal.
    ReadPeople,
    /// To see personal fields, and to ask about them.
    SeePersonal,
    /// To change segments, audiences, lists and snapshots.
    Write,
    /// To change people, fields, receivers of messages, and what is personal.
    Administer,
    /// To make and revoke keys and accounts, and to read who did what.
    Oversee,
    /// To make tenants, backups and checkpoints, and to read the figures of the process.
    Operate,
}

impl Right {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Count, Self::ReadPeople, Self::SeePersonal, Self::Write, Self::Administer, Self::Oversee, Self::Operate];

    /// The name in answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::ReadPeople => "read_people",
            Self::SeePersonal => "see_personal",
            Self::Write => "write",
            Self::Administer => "administer",
            Self::Oversee => "oversee",
            Self::Operate => "operate",
        }
    }

    /// In words, behind "the right".
    pub fn words(self) -> &'static str {
        match self {
            Self::Count => "to count",
            Self::ReadPeople => "to read single people",
            Self::SeePersonal => "to see personal fields",
            Self::Write => "to change segments, audiences, lists and snapshots",
            Self::Administer => "to change people, fields and settings",
            Self::Oversee => "to manage keys and accounts and read the audit",
            Self::Operate => "to operate the server",
        }
    }
}

/// What a key or an account may do. Each role up to admin has what those before have; an operator runs the server and its tenants, and
/// sees nobody's people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Counts and definitions.
    Viewer,
    /// And single people, without what is personal.
    Analyst,
    /// And what is personal; changes segments, audiences, lists and snapshots.
    Marketer,
    /// Everything of one tenant.
    Admin,
    /// Tenants, keys, backups.
    Operator,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Viewer, Self::Analyst, Self::Marketer, Self::Admin, Self::Operator];

    /// The name in requests and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Analyst => "analyst",
            Self::Marketer => "marketer",
            Self::Admin => "admin",
            Self::Operator => "operator",
        }
    }

    /// By its name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// Whether it has a right.
    pub fn may(self, right: Right) -> bool {
        let least = match right {
            Right::Count => Self::Viewer,
            Right::ReadPeople => Self::Analyst,
            Right::SeePersonal | Right::Write => Self::Marketer,
            Right::Administer => Self::Admin,
            Right::Oversee => return matches!(self, Self::Admin | Self::Operator),
            Right::Operate => return self == Self::Operator,
        };
        self != Self::Operator && self >= least
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
