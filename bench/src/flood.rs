//! What one tenant notices of another's flood: its previews, alone and beside as many questions as come.
//!
//! A flood comes from other machines. Here those who send it stand back behind the server and the one that is measured:
//! they have the lowest priority, so that the server is as busy as it can be, and what is measured is its answer and not
//! the wait of the one who measures for a processor.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use clap::{Args, ValueEnum};
use serde_json::{Value as Json, json};

use crate::Failure;
use crate::clock::Stopwatch;
use crate::document::percentile;
use crate::http::server;
use crate::machine;
use crate::workload::parquet;

/// How many times as long the quiet tenant's slowest hundredth may take.
const RATIO_MAX: f64 = 2.0;

/// What the server says on standard error once it can be asked.
const GREETING: &str = "muster answers on http://";

/// What a thread adds to its niceness to come last.
const LOWEST_PRIORITY: i32 = 19;

/// Pause between two questions of the quiet tenant: somebody who moves a slider.
const PAUSE: Duration = Duration::from_millis(5);

/// What to ask, and how hard.
#[derive(Debug, Args)]
pub(crate) struct FloodArguments {
    /// How many profiles each of the two tenants has
    #[arg(long, default_value_t = 1_000_000)]
    profiles: u64,
    /// Connections of the loud one, each asking as soon as it has its answer
    #[arg(long, default_value_t = 64)]
    connections: u64,
    /// Seconds that the quiet one asks alone, and as many beside the flood
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// What the loud one asks
    #[arg(long, value_enum, default_value_t = Kind::Heavy)]
    flood: Kind,
    /// The server to ask, such as an earlier one; otherwise it is built
    #[arg(long)]
    muster: Option<PathBuf>,
}

/// What a flood is made of.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    /// Questions of some milliseconds and more.
    Heavy,
    /// Previews as small as the quiet one's, as many as come.
    Light,
}

pub(crate) fn run(arguments: &FloodArguments) -> Result<(), Failure> {
    let file = parquet(arguments.profiles)?;
    let muster = arguments.muster.clone().map_or_else(server::build, Ok)?;
    let data = tempfile::tempdir_in(machine::scratch())?;
    let house = House { muster: &muster, data: data.path() };
    let (loud, quiet) = (house.tenant("loud", &file)?, house.tenant("quiet", &file)?);
    let server = house.serve()?;
    let time = Duration::from_secs(arguments.seconds);
    // Both tenants are opened, and the cumulative sets made, before anything counts.
    asked_for(server.address, &quiet, Duration::from_secs(1))?;
    Connection::open(server.address, &loud)?.ask(&heavy(0))?;
    let idle = asked_for(server.address, &quiet, time)?;
    let (is_over, answered) = (AtomicBool::new(false), AtomicU64::new(0));
    let during = std::thread::scope(|scope| {
        for number in 0..arguments.connections {
            let (is_over, answered, loud) = (&is_over, &answered, &loud);
            scope.spawn(move || {
                // Of this thread alone, as Linux has it; elsewhere the figures say more than they should.
                let _ = rustix::process::nice(LOWEST_PRIORITY);
                let Ok(mut connection) = Connection::open(server.address, loud) else { return };
                let mut at = number * 1_000_000;
                // Whoever is asked to come again comes again.
                let question = |at| match arguments.flood {
                    Kind::Heavy => heavy(at),
                    Kind::Light => light(at),
                };
                while !is_over.load(Ordering::Relaxed) && connection.ask(&question(at)).is_ok() {
                    at += 1;
                    answered.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        std::thread::sleep(Duration::from_secs(1));
        let during = asked_for(server.address, &quiet, time);
        is_over.store(true, Ordering::Relaxed);
        during
    })?;
    let ratio = |share| Some(percentile(&during, share)? / percentile(&idle, share)?);
    let document = json!({
        "profiles": arguments.profiles,
        "connections": arguments.connections,
        "flood": format!("{:?}", arguments.flood).to_lowercase(),
        "machine": machine::describe(),
        "commit": machine::commit(),
        "idle": described(&idle),
        "during": described(&during),
        "loud_answers": answered.load(Ordering::Relaxed),
        "p50_ratio": ratio(0.5),
        "p99_ratio": ratio(0.99),
        "targets": {"p99_ratio_max": RATIO_MAX, "met": ratio(0.99).is_some_and(|ratio| ratio <= RATIO_MAX)},
    });
    println!("{document:#}");
    Ok(())
}

fn described(times: &[f64]) -> Json {
    json!({"questions": times.len(), "p50_us": percentile(times, 0.5), "p99_us": percentile(times, 0.99)})
}

/// A preview that was never asked before, so that nothing comes from memory.
fn light(at: u64) -> (&'static str, Json) {
    let text = format!("country is \"DE\" and total_spent >= {}", at % 10_000);
    (server::PREVIEW, json!({"text": text, "sample": 0}))
}

/// By turns a preview with all its nodes counted, one that looks through all addresses, and the overlap of six rules.
fn heavy(at: u64) -> (&'static str, Json) {
    let spent = |more: u64| format!("total_spent >= {} and purchase_count >= {}", (at + more) % 5_000, at % 7);
    match at % 3 {
        0 => (server::PREVIEW, json!({"text": spent(0), "explain": true, "sample": 100})),
        1 => (server::PREVIEW, json!({"text": format!("email contains \"{}\"", at % 1_000), "sample": 10})),
        _ => {
            let sets: Vec<Json> = (0..6).map(|more| json!({"text": spent(more * 10)})).collect();
            ("/api/overlap", json!({"sets": sets}))
        }
    }
}

/// Microseconds that each of a tenant's previews took, one after the other for some time.
fn asked_for(address: SocketAddr, key: &str, time: Duration) -> Result<Vec<f64>, Failure> {
    let mut connection = Connection::open(address, key)?;
    let (all, mut times) = (Stopwatch::start(), Vec::new());
    // Numbers that differ from those of other rounds.
    let first: u64 = address.port().into();
    while all.seconds() < time.as_secs_f64() {
        let watch = Stopwatch::start();
        connection.ask(&light(first + times.len() as u64))?;
        times.push(watch.seconds() * 1e6);
        std::thread::sleep(PAUSE);
    }
    Ok(times)
}

/// A directory of tenants.
struct House<'h> {
    muster: &'h Path,
    data: &'h Path,
}

impl House<'_> {
    /// Makes a tenant with profiles; its key.
    fn tenant(&self, id: &str, file: &PathBuf) -> Result<String, Failure> {
        self.run(&["tenant", "create"], &[id])?;
        let key = self.run(&["key", "create", "--tenant", id, "--role", "viewer"], &[])?;
        let folder = self.data.join("tenants").join(id);
        let mut import = Command::new(self.muster);
        import.arg("import").arg("--data").arg(folder).args(["--id-field", "id", "--profiles"]).arg(file);
        if !import.stdout(Stdio::null()).status()?.success() {
            return Err(Failure(format!("the profiles of {id} could not be imported")));
        }
        Ok(key)
    }

    fn run(&self, command: &[&str], rest: &[&str]) -> Result<String, Failure> {
        let output = Command::new(self.muster).args(command).arg("--data").arg(self.data).args(rest).output()?;
        if !output.status.success() {
            return Err(Failure(String::from_utf8_lossy(&output.stderr).into_owned()));
        }
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        Ok(printed.split_whitespace().find(|word| word.starts_with("mk_")).unwrap_or_default().to_owned())
    }

    fn serve(&self) -> Result<Server, Failure> {
        let mut child = Command::new(self.muster)
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(self.data)
            .stderr(Stdio::piped())
            .spawn()?;
        let log = child.stderr.take().ok_or(Failure("a server without a log".into()))?;
        let mut lines = BufReader::new(log).lines();
        let greeting = lines.by_ref().map_while(Result::ok).find_map(|line| {
            let rest = line.strip_prefix(GREETING)?.to_owned();
            rest.split(',').next()?.parse().ok()
        });
        let address = greeting.ok_or(Failure("the server did not start".into()))?;
        // Whoever does not read its log holds it up.
        std::thread::spawn(move || lines.for_each(drop));
        Ok(Server { child, address })
    }
}

/// A server whose process ends with this value.
struct Server {
    child: Child,
    address: SocketAddr,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A connection that is kept open.
struct Connection<'k> {
    stream: BufReader<TcpStream>,
    key: &'k str,
}

impl<'k> Connection<'k> {
    fn open(address: SocketAddr, key: &'k str) -> Result<Self, Failure> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::new(stream), key })
    }

    /// Posts, and reads the answer; one of 503 counts as well.
    fn ask(&mut self, (path, body): &(&str, Json)) -> Result<(), Failure> {
        let (key, body) = (self.key, body.to_string());
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {key}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        );
        self.stream.get_mut().write_all(request.as_bytes())?;
        let (mut line, mut length, mut status) = (String::new(), 0, None);
        while line != "\r\n" {
            line.clear();
            if self.stream.read_line(&mut line)? == 0 {
                return Err(Failure("the server closed a connection".into()));
            }
            status = status.or_else(|| line.split(' ').nth(1)?.parse::<u16>().ok());
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse()?;
            }
        }
        let mut answer = vec![0; length];
        self.stream.read_exact(&mut answer)?;
        match status {
            Some(200 | 503) => Ok(()),
            _ => Err(Failure(String::from_utf8_lossy(&answer).into_owned())),
        }
    }
}
