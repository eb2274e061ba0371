//! Processes that are started to answer one question: seconds from their start until the answer is there.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value as Json;

use crate::Failure;
use crate::clock::Stopwatch;
use crate::machine::root;
use crate::python::interpreter;

/// What a process said.
pub(crate) struct Answer {
    /// From its start until its first line was read.
    pub(crate) seconds: f64,
    /// The first line, which is JSON.
    pub(crate) first: Json,
    /// The last line.
    pub(crate) last: Json,
}

/// Starts a process and waits for its end.
pub(crate) fn answer(command: &mut Command) -> Result<Answer, Failure> {
    let watch = Stopwatch::start();
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    let output = child.stdout.take().ok_or_else(|| Failure("the process has no output".into()))?;
    let mut lines = BufReader::new(output).lines();
    let first = lines.next().ok_or_else(|| Failure("the process said nothing".into()))??;
    let seconds = watch.seconds();
    let last = lines.collect::<Result<Vec<_>, _>>()?.pop();
    if !child.wait()?.success() {
        return Err(Failure("the process that was started has failed".into()));
    }
    let last = serde_json::from_str(last.as_ref().unwrap_or(&first))?;
    Ok(Answer { seconds, first: serde_json::from_str(&first)?, last })
}

/// A step of `bench/peers/duckdb_file.py`.
pub(crate) fn duckdb(step: &str, arguments: &[&OsStr]) -> Result<Answer, Failure> {
    let mut command = Command::new(interpreter());
    command.arg(root().join("bench/peers/duckdb_file.py")).arg(step).args(arguments);
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    answer(&mut command)
        .map_err(|Failure(why)| Failure(format!("DuckDB, {step}: {why}; make bench makes its environment")))
}

/// Drops what the system has in memory of a file, or of all files of a folder; the programs themselves stay.
pub(crate) fn forget(path: &Path) -> Result<(), Failure> {
    let files: Vec<PathBuf> = if path.is_dir() {
        std::fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?
    } else {
        vec![path.to_owned()]
    };
    let files: Vec<&OsStr> = files.iter().map(|file| file.as_os_str()).collect();
    duckdb("forget", &files).map(drop)
}
