//! `muster enrich` and `muster rebuild`: computed fields of a data directory that no server is using.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use muster_engine::command::{Command, ComputeChange};
use muster_engine::enrich::{TEMPLATES, template};

use super::{Failure, print, store};
use crate::clock;

/// Which fields to declare.
#[derive(Debug, Args)]
pub(crate) struct EnrichArguments {
    /// The data directory; no server may be using it
    #[arg(long)]
    data: PathBuf,
    /// The ready-made set of computed fields
    #[arg(long)]
    template: String,
}

/// What to make anew.
#[derive(Debug, Args)]
pub(crate) struct RebuildArguments {
    /// The data directory; no server may be using it
    #[arg(long)]
    data: PathBuf,
}

pub(crate) fn enrich(arguments: &EnrichArguments) -> Result<(), Failure> {
    let Some(found) = template(&arguments.template) else {
        let names: Vec<&str> = TEMPLATES.iter().map(|template| template.name).collect();
        return Err(Failure::Usage(format!(
            "there is no set \"{}\"; there are {}",
            arguments.template,
            names.join(", ")
        )));
    };
    let tenant = store::open_known(&arguments.data, "muster enrich", "POST /api/schema/enrichment")?;
    let change = ComputeChange::Declare { events: found.events(), fields: found.declared(), now: clock::now() };
    tenant.apply(Command::Compute(change))?;
    let profiles = tenant.state().view.live().len();
    print(&format!("{} computed fields of {profiles} profiles", found.fields().count()))
}

pub(crate) fn rebuild(arguments: &RebuildArguments) -> Result<(), Failure> {
    let tenant = store::open_known(&arguments.data, "muster rebuild", "POST /api/profiles/rebuild")?;
    tenant.rebuild(clock::now(), Arc::default())?;
    let state = tenant.state();
    print(&format!(
        "{} computed fields of {} profiles",
        state.view.enrichment().fields().len(),
        state.view.live().len()
    ))
}
