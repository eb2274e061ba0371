//! `muster key`: who may ask the server that uses a data directory.
//!
//! Works beside a running server, which notices within a second. A key's text is printed once, alone on standard output,
//! so that it can go where it belongs without being copied by hand.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use muster_engine::id::TenantId;
use muster_engine::time::{DAY_US, Timestamp};

use super::{Failure, print};
use crate::access::{Key, KeyWish, Register, Role};
use crate::clock;
use crate::limits::{KEY_OVERLAP_SECONDS, KEY_OVERLAP_SECONDS_MAX};

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum KeyAction {
    /// Make a key and print it; nobody can read it again
    Create(CreateArguments),
    /// List all keys, without what their holders send
    List(ListArguments),
    /// End a key at once
    Revoke(PrefixArguments),
    /// Make a key in place of another one, which stays good for a while, and print it
    Rotate(RotateArguments),
}

#[derive(Debug, Args)]
pub(crate) struct CreateArguments {
    /// The data directory; made if there is none
    #[arg(long)]
    data: PathBuf,
    /// Whose data it is for
    #[arg(long, default_value = TenantId::DEFAULT)]
    tenant: String,
    /// viewer (counts), analyst (and single people, without personal fields), marketer (and personal fields; changes
    /// segments, audiences, lists and snapshots), admin (everything of one tenant) or operator (tenants, keys, backups)
    #[arg(long, value_parser = role)]
    role: Role,
    /// What it is for
    #[arg(long, default_value = "")]
    name: String,
    /// Days that it is good; until it is revoked when left out
    #[arg(long)]
    days: Option<u16>,
    /// Requests a second that it may make; not bounded when left out
    #[arg(long)]
    requests_per_second: Option<u32>,
}

#[derive(Debug, Args)]
pub(crate) struct ListArguments {
    /// The data directory
    #[arg(long)]
    data: PathBuf,
    /// Only keys of this tenant
    #[arg(long)]
    tenant: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct PrefixArguments {
    /// The data directory
    #[arg(long)]
    data: PathBuf,
    /// The key's prefix: what stands between its first and its second `_`
    prefix: String,
}

#[derive(Debug, Args)]
pub(crate) struct RotateArguments {
    #[command(flatten)]
    key: PrefixArguments,
    /// Seconds that the old key stays good
    #[arg(long, default_value_t = KEY_OVERLAP_SECONDS, value_parser = clap::value_parser!(u64).range(..=KEY_OVERLAP_SECONDS_MAX))]
    overlap_seconds: u64,
}

pub(super) fn role(text: &str) -> Result<Role, String> {
    let names = Role::ALL.map(Role::name).join(", ");
    Role::named(text).ok_or_else(|| format!("a role is one of {names}"))
}

pub(crate) fn run(action: &KeyAction) -> Result<(), Failure> {
    let now = clock::now();
    match action {
        KeyAction::Create(wanted) => create(wanted, now),
        KeyAction::List(wanted) => list(wanted, now),
        KeyAction::Revoke(PrefixArguments { data, prefix }) => {
            known(data)?.revoke_key(prefix, now)?;
            print(&format!("key {prefix} is revoked; a running server refuses it within a second"))
        }
        KeyAction::Rotate(RotateArguments { key: PrefixArguments { data, prefix }, overlap_seconds }) => {
            let until = Timestamp(now.0.saturating_add_unsigned(overlap_seconds * 1_000_000));
            let (_, text) = known(data)?.rotate_key(prefix, until, now)?;
            eprintln!("the old key {prefix} is good until {until}; the new one, shown this once:");
            print(&text)
        }
    }
}

fn create(wanted: &CreateArguments, now: Timestamp) -> Result<(), Failure> {
    let CreateArguments { data, tenant, role, name, days, requests_per_second } = wanted;
    let wish = KeyWish {
        tenant: tenant.clone(),
        role: *role,
        name: name.clone(),
        expires: days.map(|days| Timestamp(now.0.saturating_add(i64::from(days) * DAY_US))),
        requests_per_second: *requests_per_second,
    };
    let (key, text) = Register::open(data)?.create_key(&wish, now)?;
    eprintln!("key {} of role {role} for tenant {tenant}, shown this once:", key.prefix);
    print(&text)
}

fn list(wanted: &ListArguments, now: Timestamp) -> Result<(), Failure> {
    let roster = known(&wanted.data)?.roster();
    let lines: Vec<String> = roster.keys(wanted.tenant.as_deref()).into_iter().map(|key| line(key, now)).collect();
    if lines.is_empty() { print("there are no keys") } else { print(&lines.join("\n")) }
}

fn line(key: &Key, now: Timestamp) -> String {
    let state = match (key.revoked, key.expires) {
        (Some(revoked), _) if revoked <= now => format!("revoked {revoked}"),
        (_, Some(expires)) if expires <= now => format!("expired {expires}"),
        (Some(revoked), _) => format!("good until {revoked}"),
        (None, Some(expires)) => format!("good until {expires}"),
        (None, None) => "good".to_owned(),
    };
    let used = key.used.map_or("never used".to_owned(), |used| format!("last used {used}"));
    format!("{}  {}  {}  {state}  {used}  {}", key.prefix, key.tenant, key.role, key.name)
}

/// The register of a directory that has one.
pub(super) fn known(data: &Path) -> Result<Register, Failure> {
    let none = || {
        Failure::Usage(format!("there are no keys or tenants in {}; muster key create makes the first", data.display()))
    };
    Register::open_known(data)?.ok_or_else(none)
}
