//! Who answers: the built server in a process of its own, and an empty handler in this one. Both on loopback.

use std::io::Read;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use axum::Router;
use axum::http::header;
use axum::routing::post;
use axum::serve::ListenerExt;
use serde_json::Value as Json;
use tempfile::NamedTempFile;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use tokio::task::AbortHandle;

use crate::Failure;
use crate::machine::scratch;

/// Where both answer.
pub(crate) const PREVIEW: &str = "/api/segments/preview";

/// What the server says on standard error once it can be asked.
const GREETING: &str = "muster answers on http://";

/// Pause between two looks for the greeting.
const LOOK_PERIOD: Duration = Duration::from_millis(100);

/// Looks for the greeting at most: ten minutes, which no population needs that fits into memory.
const LOOKS_MAX: u32 = 6_000;

/// The unit in which Linux tells times of processes, on every processor that it runs on here.
const TICKS_PER_S: f64 = 100.0;

/// What the empty handler answers: about as many bytes as a preview.
const ANSWER: &str =
    r#"{"count":0,"sample":[],"population":0,"data_version":0,"now":"2026-01-01T00:00:00Z","took_us":0,"warnings":[]}"#;

/// Builds the server unless it is fresh; the path of the binary.
pub(crate) fn build() -> Result<PathBuf, Failure> {
    // target/<profile>/muster-bench
    let own = std::env::current_exe()?;
    let profile = own.parent().ok_or(Failure("a program without a folder".into()))?;
    let target = profile.parent().ok_or(Failure("a profile without a target folder".into()))?;
    let mut cargo = std::process::Command::new(env!("CARGO"));
    cargo.args(["build", "--package", "muster", "--bin", "muster", "--target-dir"]).arg(target);
    cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
    if profile.ends_with("release") {
        cargo.arg("--release");
    }
    if !cargo.status()?.success() {
        return Err(Failure("the server could not be built".into()));
    }
    Ok(profile.join(format!("muster{}", std::env::consts::EXE_SUFFIX)))
}

/// The built server with a generated population; its process ends with this value.
#[derive(Debug)]
pub(crate) struct Muster {
    _child: Child,
    _log: NamedTempFile,
    /// The number of its process.
    pub(crate) process: u32,
    /// Where it answers.
    pub(crate) address: SocketAddr,
}

impl Muster {
    /// Starts it on a free port and waits until it answers.
    pub(crate) async fn start(binary: &Path, profiles: u64) -> Result<Self, Failure> {
        eprintln!("starting muster with {profiles} profiles");
        // Its log goes to a file, as where a supervisor keeps it: a pipe would have to be read, which costs time here.
        let log = NamedTempFile::new_in(scratch())?;
        let mut command = Command::new(binary);
        command.args(["demo", "--bare", "--listen", "127.0.0.1:0", "--profiles", &profiles.to_string()]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log.reopen()?).kill_on_drop(true);
        let mut child = command.spawn()?;
        let process = child.id().ok_or(Failure("muster ended at once".into()))?;
        for _ in 0..LOOKS_MAX {
            tokio::time::sleep(LOOK_PERIOD).await;
            let mut text = String::new();
            log.reopen()?.read_to_string(&mut text)?;
            let greeting = text.lines().find_map(|line| line.strip_prefix(GREETING)?.split_once(','));
            if let Some((address, _)) = greeting {
                return Ok(Self { _child: child, _log: log, process, address: address.parse()? });
            }
            if let Some(status) = child.try_wait()? {
                return Err(Failure(format!("muster ended ({status}): {text}")));
            }
        }
        Err(Failure("muster does not say where it answers".into()))
    }

    /// Posts once; what a good answer says.
    pub(crate) async fn ask(&self, path: &str, body: &str) -> Result<Json, Failure> {
        self.send_as("POST", path, "application/json", body).await
    }

    /// Asks once, with JSON or, with `null`, without a body.
    pub(crate) async fn send(&self, method: &str, path: &str, body: &Json) -> Result<Json, Failure> {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.send_as(method, path, "application/json", &body).await
    }

    /// Asks once with any body.
    pub(crate) async fn send_as(&self, method: &str, path: &str, kind: &str, body: &str) -> Result<Json, Failure> {
        let mut stream = TcpStream::connect(self.address).await?;
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}",
            self.address
        );
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n");
        let (head, body) = answer.split_at(end.map_or(answer.len(), |end| end + 4));
        if head.starts_with(b"HTTP/1.1 2") {
            return Ok(serde_json::from_slice(body)?);
        }
        Err(Failure(format!("muster refuses {method} {path}: {}", String::from_utf8_lossy(&answer))))
    }
}

/// Seconds of a processor that a process has taken so far, where the system tells it as Linux does.
pub(crate) fn busy_s(process: u32) -> Option<f64> {
    let line = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // After the name, which may hold anything: state, ten figures, then user's and system's time.
    let figures: Vec<&str> = line.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |at: usize| figures.get(at)?.parse::<f64>().ok();
    Some((ticks(11)? + ticks(12)?) / TICKS_PER_S)
}

/// A handler that reads nothing and answers always the same, through what `muster` is built on as well.
#[derive(Debug)]
pub(crate) struct Empty {
    task: AbortHandle,
    /// Where it answers.
    pub(crate) address: SocketAddr,
}

impl Empty {
    /// Starts it on a free port.
    pub(crate) async fn start() -> Result<Self, Failure> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let handler = || async { ([(header::CONTENT_TYPE, "application/json")], ANSWER) };
        let router = Router::new().route(PREVIEW, post(handler));
        let listener = listener.tap_io(|stream| {
            // As the server has it; without it the comparison would only be slower.
            let _ = stream.set_nodelay(true);
        });
        let task = tokio::spawn(axum::serve(listener, router).into_future()).abort_handle();
        Ok(Self { task, address })
    }
}

impl Drop for Empty {
    fn drop(&mut self) {
        self.task.abort();
    }
}
