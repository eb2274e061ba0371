//! A log line as JSON: byte for byte what `tracing_subscriber` writes, in a third of its time.
//!
//! Every answered request has a line, so that a line is a good part of what an answer costs. What is rare goes to the
//! formatter of `tracing_subscriber` itself: events within spans, which this server has none of, and those of `log`.
//! Where lines go is in `log`.

use std::cell::RefCell;
use std::fmt;
use std::io::Write;

use muster_engine::time::Timestamp;
use serde::Serialize;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::{Format, Json, Writer};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

use crate::clock;

/// Bytes that most lines are shorter than.
const LINE_BYTES: usize = 512;

/// The target of events that came through the crate `log`, and name their origin in a field.
const LOG_TARGET: &str = "log";

const SECOND_US: i64 = 1_000_000;

/// Writes events as JSON objects, one a line, their fields beside time, level and target.
#[derive(Debug)]
pub(crate) struct JsonLine {
    rare: Format<Json>,
}

impl Default for JsonLine {
    fn default() -> Self {
        Self { rare: Format::default().json().flatten_event(true) }
    }
}

impl<S, N> FormatEvent<S, N> for JsonLine
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, context: &FmtContext<'_, S, N>, mut to: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let about = event.metadata();
        if about.target() == LOG_TARGET || !event.is_contextual() || context.lookup_current().is_some() {
            return self.rare.format_event(context, to, event);
        }
        let mut line = Line(Vec::with_capacity(LINE_BYTES));
        line.0.extend_from_slice(b"{\"timestamp\":\"");
        line.instant(clock::now());
        line.0.extend_from_slice(b"\",\"level\":\"");
        line.0.extend_from_slice(about.level().as_str().as_bytes());
        line.0.push(b'"');
        event.record(&mut line);
        line.entry("target", about.target());
        line.0.extend_from_slice(b"}\n");
        to.write_str(std::str::from_utf8(&line.0).map_err(|_| fmt::Error)?)
    }
}

/// A line as it grows. Writing to memory cannot fail.
struct Line(Vec<u8>);

impl Line {
    fn entry(&mut self, name: &str, value: impl Serialize) {
        self.0.push(b',');
        let _ = serde_json::to_writer(&mut self.0, name);
        self.0.push(b':');
        let _ = serde_json::to_writer(&mut self.0, &value);
    }

    /// An instant with all its microseconds; its second is put into words once for all lines of that second.
    fn instant(&mut self, now: Timestamp) {
        thread_local! {
            static SECOND: RefCell<(i64, String)> = const { RefCell::new((i64::MIN, String::new())) };
        }
        let (second, us) = (now.0.div_euclid(SECOND_US), now.0.rem_euclid(SECOND_US));
        SECOND.with_borrow_mut(|(known, text)| {
            if *known != second {
                *text = Timestamp(second * SECOND_US).to_string();
                *known = second;
            }
            let _ = write!(self.0, "{}.{us:06}Z", text.trim_end_matches('Z'));
        });
    }
}

impl Visit for Line {
    fn record_bool(&mut self, field: &Field, value: bool) {
        self.entry(field.name(), value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.entry(field.name(), value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.entry(field.name(), value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.entry(field.name(), value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.entry(field.name(), value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.entry(field.name(), format_args!("{value:?}"));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use tracing_subscriber::fmt::MakeWriter;

    use super::*;

    #[derive(Clone, Default)]
    struct Memory(Arc<Mutex<Vec<u8>>>);

    impl Write for Memory {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().expect("no panic").write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    impl MakeWriter<'_> for Memory {
        type Writer = Self;

        fn make_writer(&self) -> Self {
            self.clone()
        }
    }

    fn events() {
        let error = std::io::Error::other("no \"room\"");
        tracing::info!(request_id = "a\\b", method = %"GET", took_us = 17u64, share = 0.5, "answered \u{1}\u{e4}\n");
        tracing::warn!(none = f64::NAN, below = -1, large = u128::MAX, yes = true, list = ?[1, 2], bytes = &b"ab"[..]);
        tracing::error!(target: "a.b", %error, cause = &error as &dyn std::error::Error);
        let span = tracing::info_span!("within", number = 5);
        tracing::info!(parent: &span, "a child");
        span.in_scope(|| tracing::info!("inside"));
    }

    /// What both formatters write, without the instants.
    fn written(own: bool) -> Vec<String> {
        let memory = Memory::default();
        let lines = tracing_subscriber::fmt().with_writer(memory.clone()).json().flatten_event(true);
        if own {
            tracing::subscriber::with_default(lines.event_format(JsonLine::default()).finish(), events);
        } else {
            tracing::subscriber::with_default(lines.finish(), events);
        }
        let text = String::from_utf8(memory.0.lock().expect("no panic").clone()).expect("UTF-8");
        let start = "{\"timestamp\":\"2026-11-27T10:11:12.123456Z\"".len();
        text.lines().map(|line| line[start..].to_owned()).collect()
    }

    #[test]
    fn lines_are_those_of_the_usual_formatter() {
        let (own, usual) = (written(true), written(false));
        assert_eq!(usual.len(), 5);
        assert_eq!(own, usual);
    }

    #[test]
    fn instants_have_all_their_microseconds() {
        for (us, text) in [
            (1_511_777_472_000_007, "2017-11-27T10:11:12.000007Z"),
            (1_511_777_472_000_000, "2017-11-27T10:11:12.000000Z"),
            (-1, "1969-12-31T23:59:59.999999Z"),
        ] {
            let mut line = Line(Vec::new());
            line.instant(Timestamp(us));
            assert_eq!(String::from_utf8_lossy(&line.0), text);
        }
    }
}
