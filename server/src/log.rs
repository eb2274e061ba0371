//! Where log lines go: standard error, as text for people on a terminal and as JSON elsewhere.
//!
//! On a terminal each line is written at once. Elsewhere the lines of some milliseconds are written together, because
//! a write for every answered request costs as much as answering it; warnings and errors wait for nobody.

use std::io::{IsTerminal, Write, stderr};

use parking_lot::{Condvar, Mutex};
use tracing::{Level, Metadata};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::util::SubscriberInitExt;

use crate::limits::{LOG_BYTES_MAX, LOG_PAUSE};
use crate::log_line::JsonLine;

/// What is logged unless `RUST_LOG` says otherwise.
const DEFAULT_FILTER: &str = "info";

/// Writes the lines that wait when it is dropped: whoever started logging keeps it until the end of the process.
#[derive(Debug)]
#[must_use = "the last lines are written when it is dropped"]
pub struct Logging(());

/// How lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// As text on a terminal, as JSON elsewhere.
    Auto,
    /// For people.
    Text,
    /// For programs: one object a line.
    Json,
}

/// Starts logging for the whole process; a second call changes nothing.
pub fn start(format: Format) -> Logging {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(DEFAULT_FILTER));
    let lines = tracing_subscriber::fmt().with_env_filter(filter);
    // The one error is that a subscriber is set already, by a test for instance.
    let is_text = format == Format::Text || format == Format::Auto && stderr().is_terminal();
    let _ = if is_text {
        lines.with_writer(stderr).with_target(false).compact().finish().try_init()
    } else {
        let writer = if write_together() { Gathered::Together } else { Gathered::AtOnce };
        lines.with_writer(writer).json().event_format(JsonLine::default()).finish().try_init()
    };
    Logging(())
}

impl Drop for Logging {
    fn drop(&mut self) {
        LINES.write_out();
    }
}

/// Lines that wait to be written.
struct Lines {
    waiting: Mutex<Vec<u8>>,
    arrived: Condvar,
    /// Held while lines are written, so that those that were there first come first.
    turn: Mutex<()>,
}

static LINES: Lines = Lines { waiting: Mutex::new(Vec::new()), arrived: Condvar::new(), turn: Mutex::new(()) };

impl Lines {
    fn write_out(&self) {
        let _turn = self.turn.lock();
        let lines = std::mem::take(&mut *self.waiting.lock());
        // Nobody is left to be told that the log cannot be written.
        let _ = stderr().write_all(&lines);
    }
}

/// Starts the thread that writes waiting lines; whether there is one now.
fn write_together() -> bool {
    let writing = || loop {
        LINES.arrived.wait_while(&mut LINES.waiting.lock(), |waiting| waiting.is_empty());
        std::thread::sleep(LOG_PAUSE);
        LINES.write_out();
    };
    std::thread::Builder::new().name("log".into()).spawn(writing).is_ok()
}

/// Takes whole lines.
#[derive(Debug, Clone, Copy)]
enum Gathered {
    /// With others that arrive soon after.
    Together,
    /// Now, after those that wait.
    AtOnce,
}

impl Write for Gathered {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        let length = {
            let mut waiting = LINES.waiting.lock();
            waiting.extend_from_slice(line);
            waiting.len()
        };
        match self {
            // More than the thread gets rid of: whoever logs has to wait.
            Self::Together if length < LOG_BYTES_MAX => {
                LINES.arrived.notify_one();
            }
            _ => LINES.write_out(),
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        LINES.write_out();
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Gathered {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        *self
    }

    fn make_writer_for(&'a self, about: &Metadata<'_>) -> Self {
        if *about.level() <= Level::WARN { Self::AtOnce } else { *self }
    }
}
