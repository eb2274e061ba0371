//! Engines that are asked through Python: a child process for each, a line of JSON there and a line of JSON back.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value as Json, json};

use crate::Failure;
use crate::machine::root;

/// A running engine.
pub(crate) struct Peer {
    child: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// The interpreter of the pinned environment that `make bench` makes.
pub(crate) fn interpreter() -> PathBuf {
    root().join("target/bench-env/bin/python")
}

impl Peer {
    /// Starts the engine of a module in bench/peers.
    pub(crate) fn start(module: &str, threads: usize) -> Result<Self, Failure> {
        let mut command = Command::new(interpreter());
        command.arg(root().join("bench/peers/run.py")).arg(module);
        command.env("POLARS_MAX_THREADS", threads.to_string()).env("PYTHONDONTWRITEBYTECODE", "1");
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let started = command.spawn();
        let cure = "make bench makes the Python environment, or choose other --engines";
        let mut child = started.map_err(|cause| Failure(format!("{}: {cause}; {cure}", interpreter().display())))?;
        let (Some(requests), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Failure("a child process without pipes".into()));
        };
        Ok(Self { child, requests, answers: BufReader::new(answers) })
    }

    /// Loads a file.
    pub(crate) fn load(&mut self, path: &Path, threads: usize) -> Result<Json, Failure> {
        self.ask(&json!({"load": path.to_string_lossy(), "threads": threads}))?.map_err(Failure)
    }

    /// The answer to a request; the inner error is what the engine said, the outer one its end.
    pub(crate) fn ask(&mut self, request: &Json) -> Result<Result<Json, String>, Failure> {
        let mut line = format!("{request}\n");
        self.requests.write_all(line.as_bytes())?;
        line.clear();
        if self.answers.read_line(&mut line)? == 0 {
            return Err(Failure("it ended, probably for want of memory".into()));
        }
        let answer: Json = serde_json::from_str(&line).map_err(|cause| Failure(format!("{line}: {cause}")))?;
        Ok(match answer["error"].as_str() {
            Some(error) => Err(error.to_owned()),
            None => Ok(answer),
        })
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It may have ended by itself, and there is nobody to tell.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
