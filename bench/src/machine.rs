//! Where and with what something was measured.

use std::path::{Path, PathBuf};
use std::process::Command;

use muster_engine::block::Kernels;
use serde_json::{Value as Json, json};

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Where the bench keeps data that it can make again.
pub(crate) fn scratch() -> PathBuf {
    root().join("target/bench")
}

/// Processor, cores and memory.
pub(crate) fn describe() -> Json {
    let of_file = |path: &str, key: &str| {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(key))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    json!({
        "processor": of_file("/proc/cpuinfo", "model name"),
        "cores": std::thread::available_parallelism().map_or(1, usize::from),
        "memory": of_file("/proc/meminfo", "MemTotal"),
    })
}

/// The commit that was built, with a plus sign when files were changed since.
pub(crate) fn commit() -> String {
    let git = |arguments: &[&str]| {
        let output = Command::new("git").arg("-C").arg(root()).args(arguments).output().ok()?;
        Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let commit = git(&["rev-parse", "--short=10", "HEAD"]).filter(|commit| !commit.is_empty());
    let changed = git(&["status", "--porcelain", "--untracked-files=no"]).is_some_and(|changes| !changes.is_empty());
    format!("{}{}", commit.as_deref().unwrap_or("unknown"), if changed { "+" } else { "" })
}

/// The kernels that evaluate.
pub(crate) fn kernels() -> &'static str {
    Kernels::get().name()
}
