//! `muster person`: who may sign in to the server that uses a data directory.
//!
//! Works beside a running server, which notices within a second. A new account is given to its person as an invitation,
//! printed once, alone on standard output; or its password is read from standard input, never from the command line,
//! which everybody on the machine can read.

use std::io::{IsTerminal, Read};
use std::path::PathBuf;

use clap::{Args, Subcommand};
use muster_engine::id::TenantId;

use super::key::{known, role};
use super::{Failure, print};
use crate::access::{Person, PersonChange, Register, Role};
use crate::clock;
use crate::limits::PASSWORD_BYTES_MAX;

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum PersonAction {
    /// Make an account and print an invitation: a token with which its person chooses a password
    Create(CreateArguments),
    /// List everybody who may sign in
    List(ListArguments),
    /// Give somebody another role
    Role(RoleArguments),
    /// Sign somebody out everywhere and let them sign in no more
    Disable(WhoArguments),
    /// Let somebody who was disabled sign in again
    Enable(WhoArguments),
    /// Print another invitation for somebody who has forgotten the password, or read a password from standard input
    Password(PasswordArguments),
    /// Remove an account
    Delete(WhoArguments),
}

#[derive(Debug, Args)]
pub(crate) struct WhoArguments {
    /// The data directory
    #[arg(long)]
    data: PathBuf,
    /// Whose data they work with
    #[arg(long, default_value = TenantId::DEFAULT)]
    tenant: String,
    /// What they sign in with: an e-mail address is a good one
    name: String,
}

#[derive(Debug, Args)]
pub(crate) struct PasswordArguments {
    #[command(flatten)]
    who: WhoArguments,
    /// Read the password from standard input instead of printing an invitation
    #[arg(long)]
    password_stdin: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CreateArguments {
    #[command(flatten)]
    account: PasswordArguments,
    /// viewer, analyst, marketer, admin or operator, as for keys
    #[arg(long, value_parser = role)]
    role: Role,
}

#[derive(Debug, Args)]
pub(crate) struct RoleArguments {
    #[command(flatten)]
    who: WhoArguments,
    /// viewer, analyst, marketer, admin or operator, as for keys
    #[arg(value_parser = role)]
    role: Role,
}

#[derive(Debug, Args)]
pub(crate) struct ListArguments {
    /// The data directory
    #[arg(long)]
    data: PathBuf,
    /// Only people of this tenant
    #[arg(long)]
    tenant: Option<String>,
}

pub(crate) fn run(action: &PersonAction) -> Result<(), Failure> {
    match action {
        PersonAction::Create(CreateArguments { account, role }) => {
            let WhoArguments { data, tenant, name } = &account.who;
            // A password that will not do is found out before there is an account.
            let password = account.password_stdin.then(from_stdin).transpose()?;
            let register = Register::open(data)?;
            register.create_person(tenant, name, *role, clock::now())?;
            let given = give(&register, &account.who, password.as_deref());
            if given.is_err() {
                register.delete_person(tenant, name)?;
            }
            given
        }
        PersonAction::List(wanted) => list(wanted),
        PersonAction::Role(RoleArguments { who, role }) => {
            change(who, PersonChange { role: Some(*role), is_disabled: None })?;
            print(&format!("{} has the role {role}", who.name))
        }
        PersonAction::Disable(who) => {
            change(who, PersonChange { role: None, is_disabled: Some(true) })?;
            print(&format!("{} is signed out, and may not sign in", who.name))
        }
        PersonAction::Enable(who) => {
            change(who, PersonChange { role: None, is_disabled: Some(false) })?;
            print(&format!("{} may sign in again", who.name))
        }
        PersonAction::Password(PasswordArguments { who, password_stdin }) => {
            let password = password_stdin.then(from_stdin).transpose()?;
            give(&known(&who.data)?, who, password.as_deref())
        }
        PersonAction::Delete(who) => {
            known(&who.data)?.delete_person(&who.tenant, &who.name)?;
            print(&format!("{} is gone", who.name))
        }
    }
}

/// Sets the password, or prints an invitation.
fn give(register: &Register, who: &WhoArguments, password: Option<&str>) -> Result<(), Failure> {
    let WhoArguments { tenant, name, .. } = who;
    if let Some(password) = password {
        register.set_password(tenant, name, password, None)?;
        return print(&format!("{name} may sign in with that password"));
    }
    let invitation = register.invite(tenant, name, clock::now())?;
    let until = register.person(tenant, name)?.invited_until;
    let until = until.map_or_else(String::new, |until| format!(", good until {until}"));
    eprintln!("an invitation for {name}{until}, shown this once; with it they choose a password:");
    print(&invitation)
}

fn change(who: &WhoArguments, change: PersonChange) -> Result<(), Failure> {
    known(&who.data)?.change_person(&who.tenant, &who.name, change, clock::now())?;
    Ok(())
}

/// One line. On a terminal it would be seen by whoever looks on.
fn from_stdin() -> Result<String, Failure> {
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        let message = "a password would be seen while it is typed; give it through a pipe, or leave --password-stdin out \
                       and let the person choose one";
        return Err(Failure::Usage(message.into()));
    }
    let mut text = String::new();
    stdin.lock().take(2 * PASSWORD_BYTES_MAX as u64).read_to_string(&mut text)?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

fn list(wanted: &ListArguments) -> Result<(), Failure> {
    let roster = known(&wanted.data)?.roster();
    let lines: Vec<String> = roster.people(wanted.tenant.as_deref()).map(line).collect();
    if lines.is_empty() { print("nobody may sign in") } else { print(&lines.join("\n")) }
}

fn line(person: &Person) -> String {
    let state = match (person.disabled, person.has_password() || person.has_issuer()) {
        (Some(disabled), _) => format!("disabled {disabled}"),
        (None, true) => "may sign in".to_owned(),
        (None, false) => "has no password yet".to_owned(),
    };
    let seen = person.signed_in.map_or("never signed in".to_owned(), |at| format!("last signed in {at}"));
    format!("{}  {}  {}  {state}  {seen}", person.name, person.tenant, person.role)
}
