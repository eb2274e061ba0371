//! `/api/dashboard`: how many people there are, how large everything is, and what was changed last.

use axum::extract::State;
use axum::http::StatusCode;
use muster_engine::catalog::Status;
use muster_engine::error::Result;
use muster_engine::tenant;
use muster_engine::time::Timestamp;
use serde_json::{Map, Value as Json, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer::{self, Stamp};
use super::app::{App, Reply, heavy};
use super::error::ProblemDetails;
use super::pages::PageQuery;
use super::query::Query;
use super::shapes::DashboardAnswer;
use crate::clock::{self, Stopwatch};

/// Changes that are told, the newest first.
const RECENT: usize = 20;

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(read))
}

/// Everything at a glance.
///
/// Exact sizes of all segments and audiences that are not archived, at one version of the data and one instant, and the
/// newest changes.
#[utoipa::path(get, path = "/api/dashboard", tag = "dashboard", params(PageQuery),
    responses((status = 200, body = DashboardAnswer), (status = 422, body = ProblemDetails)))]
pub(crate) async fn read(State(app): State<App>, Query(query): Query<PageQuery>) -> Reply {
    let watch = Stopwatch::start();
    let now = query.now(clock::now())?;
    let state = app.tenant()?.state();
    let mut body = heavy(|| summary(&state, now))?;
    Stamp { data_version: state.version, now, watch, population: state.view.live().len() }.onto(&mut body);
    Ok(answer::json(StatusCode::OK, body))
}

fn summary(state: &tenant::State, now: Timestamp) -> Result<Map<String, Json>> {
    let segments: Vec<_> =
        state.segments.iter().map(|segment| &**segment).filter(|segment| segment.status != Status::Archived).collect();
    let segments = segments.iter().zip(state.segment_counts(&segments, now)).map(|(segment, count)| {
        let kind = segment.kind.name();
        json!({"id": segment.id.0, "name": segment.name, "segment_type": kind, "status": segment.status.name(),
            "tags": segment.tags, "count": count, "updated_at": segment.updated.to_string()})
    });
    let mut audiences = Vec::new();
    for audience in state.audiences.iter().filter(|audience| audience.status != Status::Archived) {
        let count = state.audience(audience, now, 0)?.rows.len();
        audiences.push(json!({"id": audience.id.0, "name": audience.name, "campaign_id": audience.campaign,
            "status": audience.status.name(), "tags": audience.tags, "customer_count": count,
            "updated_at": audience.updated.to_string()}));
    }
    let mut body = Map::new();
    body.insert("segments".into(), segments.collect());
    body.insert("audiences".into(), audiences.into());
    body.insert("lists".into(), json!(state.lists.iter().count()));
    body.insert("recent".into(), recent(state));
    Ok(body)
}

/// The newest versions of all segments and audiences, archived ones too.
fn recent(state: &tenant::State) -> Json {
    let mut changes: Vec<(Timestamp, Json)> = Vec::new();
    let mut tell = |kind: &str, id: u64, number: u64, saved: Timestamp, by: &str, name: &str| {
        let change = if number == 1 { "created" } else { "changed" };
        let told = json!({"kind": kind, "id": id, "name": name, "version": number, "change": change,
            "saved_at": saved.to_string(), "changed_by": by});
        changes.push((saved, told));
    };
    for segment in state.segments.iter() {
        tell("segment", segment.id.0, segment.version, segment.updated, &segment.by, &segment.name);
        for version in segment.earlier.iter().rev().take(RECENT) {
            tell("segment", segment.id.0, version.number, version.saved, &version.by, &version.attributes.name);
        }
    }
    for audience in state.audiences.iter() {
        tell("audience", audience.id.0, audience.version, audience.updated, &audience.by, &audience.name);
        for version in audience.earlier.iter().rev().take(RECENT) {
            tell("audience", audience.id.0, version.number, version.saved, &version.by, &version.attributes.name);
        }
    }
    changes.sort_by_key(|(saved, _)| std::cmp::Reverse(*saved));
    changes.into_iter().take(RECENT).map(|(_, told)| told).collect()
}
