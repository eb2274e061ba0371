//! Where log lines go: standard error, as text for people on a terminal and as JSON elsewhere.

use std::io::{IsTerminal, stderr};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::SubscriberInitExt;

/// What is logged unless `RUST_LOG` says otherwise.
const DEFAULT_FILTER: &str = "info";

/// Starts logging for the whole process; a second call changes nothing.
pub fn start() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(DEFAULT_FILTER));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr);
    // The one error is that a subscriber is set already, by a test for instance.
    let _ = if stderr().is_terminal() {
        lines.with_target(false).compact().finish().try_init()
    } else {
        lines.json().flatten_event(true).finish().try_init()
    };
}
