//! Bytes from somebody who means harm: for each way in, what must hold whatever they are.
//!
//! A target panics when something does not hold. The same functions run under libFuzzer (`tests/fuzz`) and, over seeds
//! and some thousand mutations of them, with the other tests (`tests/hostile`).

mod files;
mod mutate;
mod rules;
mod store;

pub use mutate::Mutator;
pub use store::seal_checkpoint;

/// A way in.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// What it is called on the command line.
    pub name: &'static str,
    /// Sends bytes through it.
    pub send: fn(&[u8]),
    /// Good inputs, from which bad ones are made.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// All of them.
pub const TARGETS: [Target; 9] = [
    Target { name: "log", send: store::log, seeds: store::log_seeds },
    Target { name: "entry", send: store::entry, seeds: store::entry_seeds },
    Target { name: "checkpoint", send: store::checkpoint, seeds: store::checkpoint_seeds },
    Target { name: "rule_json", send: rules::json, seeds: rules::json_seeds },
    Target { name: "rule_text", send: rules::text, seeds: rules::text_seeds },
    Target { name: "csv", send: files::csv, seeds: files::csv_seeds },
    Target { name: "ndjson", send: files::ndjson, seeds: files::ndjson_seeds },
    Target { name: "ipc", send: files::ipc, seeds: files::ipc_seeds },
    Target { name: "parquet", send: files::parquet, seeds: files::parquet_seeds },
];

/// Sends bytes through the target of this name.
///
/// # Panics
/// When there is none, or when something does not hold.
pub fn send(name: &str, bytes: &[u8]) {
    let target = TARGETS.iter().find(|target| target.name == name).expect("a target of this name");
    (target.send)(bytes);
}
