//! `/api/overlap`: who is in several sets at once.

use axum::extract::State;
use axum::http::StatusCode;
use muster_engine::block::Set;
use muster_engine::error::Error;
use muster_engine::id::{AudienceId, ListId, SegmentId, SnapshotId};
use muster_engine::insight::{Combination, Moment, overlap, pairs};
use muster_engine::limits::{MATRIX_SETS_MAX, OVERLAP_SETS_MAX};
use muster_engine::rule::CheckedRule;
use muster_engine::tenant;
use muster_engine::time::Timestamp;
use serde_json::{Map, Value as Json, json};

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer::{self, Stamp};
use super::app::{App, Reply, heavy};
use super::error::{ApiError, ProblemDetails};
use super::form::Form;
use super::shapes::{MatrixAnswer, OverlapAnswer, OverlapRequest};

use crate::clock::{self, Stopwatch};

/// Digits after the point of a similarity.
const JACCARD_DIGITS: i32 = 6;

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(combinations)).routes(routes!(matrix))
}

/// How many people are in exactly which of up to 12 sets.
///
/// Every combination that somebody is in, with the size of each set, of each pair, and of those who are in one set only.
#[utoipa::path(post, path = "/api/overlap", tag = "overlap", request_body = OverlapRequest,
    responses((status = 200, body = OverlapAnswer), (status = 422, body = ProblemDetails)))]
pub(crate) async fn combinations(State(app): State<App>, form: Form) -> Reply {
    let watch = Stopwatch::start();
    let state = app.tenant()?.state();
    let (sets, now) = read(form, &state, OVERLAP_SETS_MAX)?;
    let found = heavy(|| {
        let rows = rows_of(&sets, &state, now)?;
        overlap(&rows.iter().collect::<Vec<_>>()).map_err(ApiError::from)
    })?;
    let places = |combination: u32| (0..sets.len()).filter(move |at| combination >> at & 1 == 1);
    let set = |(at, one): (usize, &Named)| {
        let mut body = one.named(&state);
        body.insert("count".into(), json!(found.in_all(1 << at)));
        body.insert("only".into(), json!(found.only(at)));
        Json::from(body)
    };
    let combination = |one: &Combination| json!({"sets": places(one.sets).collect::<Vec<_>>(), "count": one.count});
    let pair =
        |(left, right): (usize, usize)| json!({"sets": [left, right], "count": found.in_all(1 << left | 1 << right)});
    let mut body = Map::new();
    body.insert("sets".into(), sets.iter().enumerate().map(set).collect());
    body.insert("union".into(), json!(found.union()));
    body.insert("combinations".into(), found.combinations.iter().map(combination).collect());
    let both = (0..sets.len()).flat_map(|left| (left + 1..sets.len()).map(move |right| (left, right)));
    body.insert("pairs".into(), both.map(pair).collect());
    stamp(&state, now, watch).onto(&mut body);
    Ok(answer::json(StatusCode::OK, body))
}

/// How many people each pair of up to 200 sets shares, and how similar they are.
#[utoipa::path(post, path = "/api/overlap/matrix", tag = "overlap", request_body = OverlapRequest,
    responses((status = 200, body = MatrixAnswer), (status = 422, body = ProblemDetails)))]
pub(crate) async fn matrix(State(app): State<App>, form: Form) -> Reply {
    let watch = Stopwatch::start();
    let state = app.tenant()?.state();
    let (sets, now) = read(form, &state, MATRIX_SETS_MAX)?;
    let found = heavy(|| {
        let rows = rows_of(&sets, &state, now)?;
        pairs(&rows.iter().collect::<Vec<_>>()).map_err(ApiError::from)
    })?;
    let set = |(at, one): (usize, &Named)| {
        let mut body = one.named(&state);
        body.insert("count".into(), json!(found.both(at, at)));
        Json::from(body)
    };
    let scale = 10_f64.powi(JACCARD_DIGITS);
    let rounded = |share: f64| (share * scale).round() / scale;
    let row = |value: &dyn Fn(usize, usize) -> Json| -> Json {
        (0..sets.len()).map(|left| (0..sets.len()).map(|right| value(left, right)).collect::<Json>()).collect()
    };
    let mut body = Map::new();
    body.insert("sets".into(), sets.iter().enumerate().map(set).collect());
    body.insert("intersections".into(), row(&|left, right| json!(found.both(left, right))));
    body.insert("jaccard".into(), row(&|left, right| json!(rounded(found.jaccard(left, right)))));
    stamp(&state, now, watch).onto(&mut body);
    Ok(answer::json(StatusCode::OK, body))
}

fn stamp(state: &tenant::State, now: Timestamp, watch: Stopwatch) -> Stamp {
    Stamp { population: state.view.live().len(), data_version: state.version, now, watch }
}

/// A set as a request names it.
struct Named {
    label: Option<String>,
    who: Who,
}

enum Who {
    Segment(SegmentId),
    Audience(AudienceId),
    List(ListId),
    Snapshot(SnapshotId),
    Rule(Box<CheckedRule>),
}

impl Named {
    fn read(form: &mut Form, state: &tenant::State) -> Option<Self> {
        let label = form.text("label");
        let rule = form.rule(state).map(|(_, checked)| Who::Rule(Box::new(checked)));
        let segment = form.segment("segment", state).map(Who::Segment);
        let audience = form.audience("audience", state).map(Who::Audience);
        let list = named(form, "list", |id| state.lists.get(ListId(id)).map(|_| Who::List(ListId(id))));
        let snapshot =
            named(form, "snapshot", |id| state.snapshots.get(SnapshotId(id)).map(|_| Who::Snapshot(SnapshotId(id))));
        let mut given = [rule, segment, audience, list, snapshot].into_iter().flatten();
        match (given.next(), given.next()) {
            (Some(who), None) => Some(Self { label, who }),
            (Some(_), Some(_)) => {
                let message = "say who it is once: with a rule, a segment, an audience, a list or a snapshot";
                form.mistake("", "two_rules", message);
                None
            }
            (None, _) => {
                form.missing_set();
                None
            }
        }
    }

    fn rows(&self, state: &tenant::State, moment: &Moment<'_>) -> Result<Set, ApiError> {
        let live = state.view.live();
        Ok(match &self.who {
            Who::List(id) => state.lists.get(*id)?.ids.rows.and(live),
            Who::Snapshot(id) => state.snapshots.get(*id)?.0.rows(live)?,
            Who::Segment(id) => (*moment.rows_of_segment(*id)?).clone(),
            Who::Audience(id) => moment.rows_of_audience(moment.audiences.get(*id)?)?,
            Who::Rule(rule) => moment.rows(rule),
        })
    }

    fn named(&self, state: &tenant::State) -> Map<String, Json> {
        let (kind, id, name) = match &self.who {
            Who::Segment(id) => ("segment", Some(id.0), state.segments.get(*id).ok().map(|one| one.name.clone())),
            Who::Audience(id) => ("audience", Some(id.0), state.audiences.get(*id).ok().map(|one| one.name.clone())),
            Who::List(id) => ("list", Some(id.0), state.lists.get(*id).ok().map(|one| one.name.clone())),
            Who::Snapshot(id) => {
                ("snapshot", Some(id.0), state.snapshots.get(*id).ok().map(|(one, _)| one.name.clone()))
            }
            Who::Rule(_) => ("rule", None, None),
        };
        let label = self.label.clone().or(name);
        Map::from_iter([
            ("kind".to_owned(), json!(kind)),
            ("id".to_owned(), json!(id)),
            ("label".to_owned(), json!(label)),
        ])
    }
}

/// Something that is named by its id; that it is not there is noted.
fn named(form: &mut Form, key: &'static str, find: impl Fn(u64) -> Result<Who, Error>) -> Option<Who> {
    let found = find(form.number(key)? as u64);
    found.map_err(|error| form.mistake(&format!("/{key}"), "not_found", &error.to_string())).ok()
}

fn rows_of(sets: &[Named], state: &tenant::State, now: Timestamp) -> Result<Vec<Set>, ApiError> {
    let moment = state.at(now);
    sets.iter().map(|set| set.rows(state, &moment)).collect()
}

fn read(mut form: Form, state: &tenant::State, most: usize) -> Result<(Vec<Named>, Timestamp), ApiError> {
    let sets = form.parts("sets", |part| Named::read(part, state));
    let now = form.instant("now").unwrap_or_else(clock::now);
    form.finish()?;
    match sets {
        Some(sets) if (1..=most).contains(&sets.len()) => Ok((sets, now)),
        sets => {
            let message =
                format!("there are 1 to {most} sets in one answer, not {}", sets.map_or(0, |sets| sets.len()));
            Err(Error::invalid("/sets", "out_of_range", message).into())
        }
    }
}
