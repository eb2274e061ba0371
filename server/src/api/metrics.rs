//! `GET /metrics`: how many requests were answered and how fast, for Prometheus.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::OnceLock;
use std::time::Duration;

use ::metrics::{Counter, Histogram};
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use crate::house::TENANTS_OPEN;
use crate::waiting::STOPPED;
use muster_engine::cache::CacheCounters;
use muster_engine::tenant::Budget;

const REQUESTS: &str = "muster_http_requests_total";
const DURATION: &str = "muster_http_request_duration_seconds";
const CACHE_ANSWERS: &str = "muster_cache_answers_total";
const CACHE_BYTES: &str = "muster_cache_bytes";
const MEMORY_USED: &str = "muster_memory_used_bytes";
const MEMORY_BUDGET: &str = "muster_memory_budget_bytes";

/// Upper bounds in seconds: previews take well under a millisecond, imports may take minutes.
const DURATION_BUCKETS: [f64; 16] =
    [0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0, 300.0];

/// The process's recorder, installed at the first call.
pub(super) fn recorder() -> PrometheusHandle {
    static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();
    let install = || {
        let builder = PrometheusBuilder::new();
        let recorder = builder.set_buckets(&DURATION_BUCKETS).expect("there are buckets").build_recorder();
        let handle = recorder.handle();
        // Fails when an embedding program has a recorder of its own, which then has the figures.
        if ::metrics::set_global_recorder(recorder).is_err() {
            tracing::warn!("another metrics recorder is installed; /metrics stays empty");
        }
        ::metrics::describe_counter!(REQUESTS, "Requests answered, by route, method and status");
        ::metrics::describe_counter!(CACHE_ANSWERS, "Counts answered from memory, by looking at changed blocks, anew");
        ::metrics::describe_gauge!(CACHE_BYTES, ::metrics::Unit::Bytes, "Bytes of kept counts and parts of rules");
        ::metrics::describe_gauge!(
            MEMORY_USED,
            ::metrics::Unit::Bytes,
            "Bytes of profiles, as they were measured last"
        );
        ::metrics::describe_counter!(STOPPED, "Questions given up, because whoever asked left or they took too long");
        ::metrics::describe_gauge!(TENANTS_OPEN, "Tenants that are open; others are opened by the next request");
        ::metrics::describe_gauge!(MEMORY_BUDGET, ::metrics::Unit::Bytes, "Bytes that profiles may take");
        ::metrics::describe_histogram!(DURATION, ::metrics::Unit::Seconds, "Time to an answer, by route and method");
        handle
    };
    RECORDER.get_or_init(install).clone()
}

/// The figures of one kind of request and answer.
struct Figures {
    method: &'static str,
    status: u16,
    requests: Counter,
    duration: Histogram,
}

impl Figures {
    fn of(route: &str, method: &'static str, status: u16) -> Self {
        let (route, text) = (route.to_owned(), status.to_string());
        let requests = ::metrics::counter!(REQUESTS, "route" => route.clone(), "method" => method, "status" => text);
        Self {
            method,
            status,
            requests,
            duration: ::metrics::histogram!(DURATION, "route" => route, "method" => method),
        }
    }
}

thread_local! {
    /// The figures that this thread has counted into, by route: finding them by their labels takes longer than counting.
    /// There are as many as routes, methods and statuses together make, however many requests come.
    static FIGURES: RefCell<HashMap<Box<str>, Vec<Figures>>> = RefCell::default();
}

/// Counts an answered request; `route` is the matched pattern, so that ids in paths make no new lines.
pub(super) fn count(route: &str, method: &'static str, status: u16, took: Duration) {
    let add = |figures: &Figures| {
        figures.requests.increment(1);
        figures.duration.record(took.as_secs_f64());
    };
    FIGURES.with_borrow_mut(|routes| {
        let known = routes.get(route).map_or(&[][..], Vec::as_slice);
        match known.iter().find(|figures| figures.method == method && figures.status == status) {
            Some(figures) => add(figures),
            None => {
                let figures = Figures::of(route, method, status);
                add(&figures);
                routes.entry(route.into()).or_default().push(figures);
            }
        }
    });
}

/// What the cache of counts did.
fn cache(counters: CacheCounters) {
    let answers = [("hit", counters.hits), ("renewed", counters.renewed), ("miss", counters.misses)];
    answers.into_iter().for_each(|(how, count)| ::metrics::counter!(CACHE_ANSWERS, "how" => how).absolute(count));
    ::metrics::gauge!(CACHE_BYTES).set(counters.bytes as f64);
}

/// How much memory profiles take, of how much.
fn memory(budget: &Budget) {
    ::metrics::gauge!(MEMORY_USED).set(budget.used() as f64);
    if budget.bytes() != u64::MAX {
        ::metrics::gauge!(MEMORY_BUDGET).set(budget.bytes() as f64);
    }
}

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(print))
}

/// Figures of this process in Prometheus' text format.
#[utoipa::path(get, path = "/metrics", tag = "server", responses((status = 200, body = String, content_type = "text/plain")))]
async fn print(State(app): State<App>) -> impl IntoResponse {
    if let Ok(tenant) = app.tenant() {
        cache(tenant.state().cache.counters());
        memory(&tenant.budget());
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], app.metrics().render())
}
