//! Programs that make load over HTTP, and what they say they measured.
//!
//! Either is a program of its own, so that nothing of Muster measures itself. Any answer but 200 is a failure: a server
//! that refuses is fast, too.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use clap::ValueEnum;
use serde_json::Value as Json;
use tempfile::NamedTempFile;

use crate::Failure;
use crate::machine::{root, scratch};

/// How to get the preferred one.
const CURE: &str = "make target/bench-env/bin/oha installs oha, with cargo";

/// Threads of wrk; oha takes as many as there are cores.
const WRK_THREADS: u32 = 2;

/// A program that is known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// oha, written in Rust
    Oha,
    /// wrk, written in C
    Wrk,
}

/// What was measured.
#[derive(Debug, PartialEq)]
pub(crate) struct Load {
    /// Answers.
    pub(crate) requests: f64,
    /// Answers a second.
    pub(crate) requests_per_s: f64,
    /// The median, in microseconds.
    pub(crate) p50_us: f64,
    /// The 99th percentile, in microseconds.
    pub(crate) p99_us: f64,
}

/// A program that was found, and what it is to send.
#[derive(Debug)]
pub(crate) struct Generator {
    kind: Kind,
    program: PathBuf,
    body: &'static str,
    /// What wrk is to do is said in Lua.
    script: NamedTempFile,
}

impl Generator {
    /// The program that is wanted, or the best there is, to post a JSON body.
    pub(crate) fn find(wanted: Option<Kind>, body: &'static str) -> Result<Self, Failure> {
        let kinds = wanted.map_or_else(|| vec![Kind::Oha, Kind::Wrk], |kind| vec![kind]);
        let found = kinds.iter().find_map(|kind| Some((*kind, installed(kind.name())?)));
        let names: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
        let (kind, program) =
            found.ok_or_else(|| Failure(format!("there is no {} to make load with; {CURE}", names.join(" or "))))?;
        std::fs::create_dir_all(scratch())?;
        let mut script = NamedTempFile::new_in(scratch())?;
        script.write_all(wrk_script(body).as_bytes())?;
        Ok(Self { kind, program, body, script })
    }

    /// Name and version.
    pub(crate) async fn version(&self) -> Result<String, Failure> {
        // wrk prints its version and calls that a failure.
        let mut command = tokio::process::Command::new(&self.program);
        let output = command.arg(if self.kind == Kind::Wrk { "-v" } else { "--version" }).output().await?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        Ok(text.split(" [").next().unwrap_or_default().trim().to_owned())
    }

    /// Posts for some seconds, each connection as soon as it has its answer.
    pub(crate) async fn load(&self, url: String, connections: u32, seconds: u32) -> Result<Load, Failure> {
        let mut command = tokio::process::Command::new(&self.program);
        command.stdin(Stdio::null()).stderr(Stdio::inherit()).kill_on_drop(true);
        let (connections, duration) = (connections.to_string(), format!("{seconds}s"));
        match self.kind {
            Kind::Oha => {
                command.args(["--no-tui", "--output-format", "json", "--wait-ongoing-requests-after-deadline"]);
                command.args(["-c", &connections, "-z", &duration, "-m", "POST", "-T", "application/json"]);
                command.args(["-d", self.body]);
            }
            Kind::Wrk => {
                command.args(["-t", &WRK_THREADS.to_string(), "-c", &connections, "-d", &duration]);
                command.arg("-s").arg(self.script.path());
            }
        }
        let output = command.arg(url).output().await?;
        let text = String::from_utf8_lossy(&output.stdout);
        let read = match self.kind {
            Kind::Oha => read_oha(&text),
            Kind::Wrk => read_wrk(&text),
        };
        read.map_err(|cause| Failure(format!("{}: {cause}", self.kind.name())))
    }
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Oha => "oha",
            Self::Wrk => "wrk",
        }
    }
}

/// Where a program is: among those that the bench installed, or on the path.
fn installed(name: &str) -> Option<PathBuf> {
    let own = root().join("target/bench-env/bin").join(name);
    let runs = |program: &PathBuf| Command::new(program).arg("--help").output().is_ok();
    [own, PathBuf::from(name)].into_iter().find(runs)
}

/// wrk posts what a script says, and the script prints its figures exactly.
fn wrk_script(body: &str) -> String {
    format!(
        r#"wrk.method = "POST"
wrk.headers["content-type"] = "application/json"
wrk.body = [==[{body}]==]
function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('\n{{"requests": %d, "us": %d, "p50_us": %d, "p99_us": %d, "failed": %d}}\n', summary.requests,
    summary.duration, latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
"#
    )
}

fn read_wrk(text: &str) -> Result<Load, String> {
    let line = text.lines().rev().find(|line| line.starts_with('{')).ok_or("it printed no figures")?;
    let figures: Json = serde_json::from_str(line).map_err(|cause| cause.to_string())?;
    let number = |key: &str| figures[key].as_f64().ok_or_else(|| format!("{line} has no {key}"));
    if number("failed")? > 0.0 {
        return Err(format!("{} requests failed", figures["failed"]));
    }
    let requests = number("requests")?;
    let requests_per_s = requests / number("us")? * 1e6;
    Ok(Load { requests, requests_per_s, p50_us: number("p50_us")?, p99_us: number("p99_us")? })
}

fn read_oha(text: &str) -> Result<Load, String> {
    let figures: Json = serde_json::from_str(text).map_err(|cause| cause.to_string())?;
    let statuses = figures["statusCodeDistribution"].as_object();
    let errors = figures["errorDistribution"].as_object();
    if statuses.is_none_or(|statuses| statuses.keys().any(|status| status != "200"))
        || errors.is_some_and(|errors| !errors.is_empty())
    {
        let (statuses, errors) = (&figures["statusCodeDistribution"], &figures["errorDistribution"]);
        return Err(format!("not all answers are 200: {statuses}, errors: {errors}"));
    }
    let number = |pointer: &str| {
        figures.pointer(pointer).and_then(Json::as_f64).ok_or_else(|| format!("its figures have no {pointer}"))
    };
    Ok(Load {
        requests: number("/statusCodeDistribution/200")?,
        requests_per_s: number("/summary/requestsPerSec")?,
        p50_us: number("/latencyPercentiles/p50")? * 1e6,
        p99_us: number("/latencyPercentiles/p99")? * 1e6,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read() {
        let wrk =
            "Running 1s test\n{\"requests\": 5000, \"us\": 500000, \"p50_us\": 20, \"p99_us\": 90, \"failed\": 0}\n";
        assert_eq!(read_wrk(wrk), Ok(Load { requests: 5_000.0, requests_per_s: 10_000.0, p50_us: 20.0, p99_us: 90.0 }));
        let oha = r#"{"summary": {"requestsPerSec": 10.5}, "latencyPercentiles": {"p50": 0.5, "p99": 0.75},
            "statusCodeDistribution": {"200": 7}, "errorDistribution": {}}"#;
        assert_eq!(
            read_oha(oha),
            Ok(Load { requests: 7.0, requests_per_s: 10.5, p50_us: 500_000.0, p99_us: 750_000.0 })
        );
    }

    #[test]
    fn a_server_that_refuses_is_not_measured() {
        assert!(read_wrk("{\"requests\": 1, \"us\": 1, \"p50_us\": 1, \"p99_us\": 1, \"failed\": 1}").is_err());
        assert!(read_wrk("unable to connect").is_err());
        for oha in [
            r#"{"statusCodeDistribution": {"200": 7, "422": 1}, "errorDistribution": {}}"#,
            r#"{"statusCodeDistribution": {"200": 7}, "errorDistribution": {"connection refused": 1}}"#,
            r#"{"errorDistribution": {}}"#,
            "",
        ] {
            assert!(read_oha(oha).is_err(), "{oha}");
        }
    }
}
