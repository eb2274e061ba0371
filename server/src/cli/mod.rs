//! The command line: one binary for serving, loading and counting.
//!
//! Long work shows a progress bar on a terminal and is silent elsewhere. Exit codes: 0 done, 1 failed, 2 wrong use.

mod backup;
mod compute;
mod config;
mod count;
mod demo;
mod import;
mod key;
mod load;
mod openid;
mod person;
mod progress;
mod serve;
mod snapshots;
mod store;
mod tenant;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Customer segmentation, exact and at once.
#[derive(Debug, Parser)]
#[command(name = "muster", version, about, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Serve the HTTP interface
    #[command(args_override_self = true)]
    Serve(serve::ServeArguments),
    /// Generate a believable shop and a month of its past, then serve it
    #[command(args_override_self = true)]
    Demo(demo::DemoArguments),
    /// Explain or check the settings of muster serve: command line, environment, file
    #[command(args_override_self = true)]
    Config(config::ConfigArguments),
    /// Read a file of profiles and report on every row: what fits, what does not, and why
    Load(load::LoadArguments),
    /// Bring files of profiles and of events into a data directory that no server is using
    Import(import::ImportArguments),
    /// Count the profiles of a file that a rule selects
    Count(count::CountArguments),
    /// Check a data directory: whether its checkpoint and its log can be read, and whether indexes agree with columns
    Verify(store::VerifyArguments),
    /// Write what a data directory holds in the form from which a start takes a moment, and drop the log before
    Checkpoint(store::CheckpointArguments),
    /// Declare a ready-made set of computed fields in a data directory
    Enrich(compute::EnrichArguments),
    /// Make the computed fields of a data directory anew, as of now
    Rebuild(compute::RebuildArguments),
    /// Freeze audiences of a data directory
    Snapshot(snapshots::SnapshotArguments),
    /// Write the members of a snapshot to a file
    Export(snapshots::ExportArguments),
    /// Cut a damaged log at the damage
    Repair(store::RepairArguments),
    /// Make a backup of a data directory that no server is using; a server makes its own with POST /api/backup
    Backup(backup::BackupArguments),
    /// Bring a backup back as a new data directory
    Restore(backup::RestoreArguments),
    /// Make, list, replace and revoke the keys of a data directory, also while a server uses it
    #[command(subcommand)]
    Key(key::KeyAction),
    /// Make, list, change and remove those who may sign in, also while a server uses the data directory
    #[command(subcommand)]
    Person(person::PersonAction),
    /// Make, list, suspend and delete the tenants of a data directory, also while a server uses it
    #[command(subcommand)]
    Tenant(tenant::TenantAction),
    /// Print the description of the HTTP interface, as /api/openapi.json answers it
    Openapi,
}

/// What ended a command early.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It was asked for in a wrong way.
    Usage(String),
    /// It did not work.
    Work(String),
}

impl<T: std::fmt::Display> From<T> for Failure {
    fn from(error: T) -> Self {
        Self::Work(error.to_string())
    }
}

/// Prints an answer. Whoever has closed the pipe (`| head`) has read enough.
fn print(text: &str) -> Result<(), Failure> {
    use std::io::Write;
    match writeln!(std::io::stdout(), "{}", text.trim_end()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Runs the command that the process was started with.
pub fn run() -> ExitCode {
    let done = config::gathered().and_then(|gathered| match Arguments::try_parse_from(gathered) {
        Ok(arguments) => act(arguments.command),
        Err(refused) => config::explain_refused(&refused),
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Usage(message)) => {
            eprintln!("muster: {message}");
            ExitCode::from(2)
        }
        Err(Failure::Work(message)) => {
            eprintln!("muster: {message}");
            ExitCode::FAILURE
        }
    }
}

fn act(action: Action) -> Result<(), Failure> {
    match action {
        Action::Serve(arguments) => serve::serve(&arguments),
        Action::Demo(arguments) => demo::demo(&arguments),
        Action::Config(arguments) => config::run(&arguments),
        Action::Load(arguments) => load::load(&arguments),
        Action::Import(arguments) => import::import(&arguments),
        Action::Count(arguments) => count::count(&arguments),
        Action::Verify(arguments) => store::verify(&arguments),
        Action::Checkpoint(arguments) => store::checkpoint(&arguments),
        Action::Enrich(arguments) => compute::enrich(&arguments),
        Action::Rebuild(arguments) => compute::rebuild(&arguments),
        Action::Snapshot(arguments) => snapshots::snapshot(&arguments),
        Action::Export(arguments) => snapshots::export(&arguments),
        Action::Repair(arguments) => store::repair(&arguments),
        Action::Backup(arguments) => backup::backup(&arguments),
        Action::Restore(arguments) => backup::restore(&arguments),
        Action::Openapi => crate::api::description().map_err(Failure::from).and_then(|text| print(&text)),
        Action::Key(action) => key::run(&action),
        Action::Person(action) => person::run(&action),
        Action::Tenant(action) => tenant::run(&action),
    }
}
