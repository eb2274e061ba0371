//! `muster tenant`: whose data a data directory holds.
//!
//! Works beside a running server, which notices within a second. The files of a deleted tenant are removed by the server, or
//! here when none is running.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::key::known;
use super::{Failure, print};
use crate::access::{Quota, Region, Register, TenantRecord};
use crate::house::remove_deleted;
use crate::{clock, memory};

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum TenantAction {
    /// Make a tenant, which is empty and for which nobody has a key
    Create(CreateArguments),
    /// List all tenants
    List(DataArguments),
    /// Refuse everybody who asks about a tenant
    Suspend(TenantArguments),
    /// Let a suspended tenant go on
    Resume(TenantArguments),
    /// Delete a tenant with everything it has
    Delete(DeleteArguments),
}

#[derive(Debug, Args)]
pub(crate) struct DataArguments {
    /// The data directory
    #[arg(long)]
    data: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct TenantArguments {
    /// The data directory
    #[arg(long)]
    data: PathBuf,
    /// The tenant
    tenant: String,
}

#[derive(Debug, Args)]
pub(crate) struct DeleteArguments {
    #[command(flatten)]
    tenant: TenantArguments,
    /// Really: there is no way back
    #[arg(long)]
    yes: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CreateArguments {
    /// The data directory; made if there is none
    #[arg(long)]
    data: PathBuf,
    /// Small letters, digits, - and _
    tenant: String,
    /// Profiles after which no more are imported
    #[arg(long)]
    profiles: Option<u64>,
    /// Segments after which no more are saved
    #[arg(long)]
    segments: Option<u64>,
    /// Events after which no more are taken
    #[arg(long)]
    events: Option<u64>,
    /// Memory for profiles, such as 2GiB, set aside for this tenant
    #[arg(long, value_parser = memory::parse)]
    memory: Option<u64>,
    /// Requests a second of all its keys together
    #[arg(long)]
    requests_per_second: Option<u32>,
    /// The currency of its amounts, ISO 4217, such as EUR
    #[arg(long)]
    currency: Option<String>,
    /// The time zone of its days, a name of the IANA database, such as Europe/Berlin
    #[arg(long)]
    time_zone: Option<String>,
}

impl CreateArguments {
    fn quota(&self) -> Quota {
        Quota {
            profiles: self.profiles,
            segments: self.segments,
            events: self.events,
            bytes: self.memory,
            requests_per_second: self.requests_per_second,
        }
    }
}

pub(crate) fn run(action: &TenantAction) -> Result<(), Failure> {
    let now = clock::now();
    match action {
        TenantAction::Create(arguments) => {
            let CreateArguments { data, tenant, currency, time_zone, .. } = arguments;
            let region = Region { currency: currency.clone(), time_zone: time_zone.clone() };
            Register::open(data)?.create_tenant(tenant, arguments.quota(), region, now)?;
            print(&format!("tenant {tenant} is made; muster key create --tenant {tenant} makes its first key"))
        }
        TenantAction::List(DataArguments { data }) => {
            let roster = known(data)?.roster();
            print(&roster.tenants().map(line).collect::<Vec<_>>().join("\n"))
        }
        TenantAction::Suspend(TenantArguments { data, tenant }) => {
            known(data)?.change_tenant(tenant, |record| record.suspended = record.suspended.or(Some(now)))?;
            print(&format!("tenant {tenant} is suspended"))
        }
        TenantAction::Resume(TenantArguments { data, tenant }) => {
            known(data)?.change_tenant(tenant, |record| record.suspended = None)?;
            print(&format!("tenant {tenant} goes on"))
        }
        TenantAction::Delete(DeleteArguments { tenant, yes }) => delete(tenant, *yes),
    }
}

fn delete(TenantArguments { data, tenant }: &TenantArguments, yes: bool) -> Result<(), Failure> {
    if !yes {
        let message =
            format!("say --yes to delete tenant {tenant} with its profiles, segments and keys; there is no way back");
        return Err(Failure::Usage(message));
    }
    let register = known(data)?;
    let deletion = register.delete_tenant(tenant, clock::now())?;
    // The server that holds the directory removes the files itself: it has some of them open.
    let gone = match super::store::known(data, "muster tenant delete", "") {
        Ok(_held) => {
            remove_deleted(&register, data)?;
            "its files are gone"
        }
        Err(_) => "the running server removes its files",
    };
    print(&format!("receipt {}: tenant {tenant} is deleted; {gone}", deletion.receipt))
}

fn line(record: &TenantRecord) -> String {
    let state = record.suspended.map_or("in use".to_owned(), |at| format!("suspended {at}"));
    let Quota { profiles, segments, events, bytes, requests_per_second } = record.quota;
    let bounds = [
        profiles.map(|most| format!("{most} profiles")),
        segments.map(|most| format!("{most} segments")),
        events.map(|most| format!("{most} events")),
        bytes.map(|most| format!("{} MB", most >> 20)),
        requests_per_second.map(|most| format!("{most} requests a second")),
    ];
    let bounds: Vec<String> = bounds.into_iter().flatten().collect();
    format!("{}  {state}  {}", record.id, bounds.join(", "))
}
