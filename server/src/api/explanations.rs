//! `/explain`: why one person is in a segment or an audience, or is not.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use muster_engine::error::Problem;
use muster_engine::id::Row;
use muster_engine::insight::{
    Cause, Contribution, Entry, ExplainedMember, ExplainedPerson, Gate, Kept, NodeVerdict, Remedy, Turn, VerdictKind,
    explain_in_audience, explain_person, lists_of,
};
use muster_engine::rule::Match;
use muster_engine::schema::normalize;
use muster_engine::tenant;
use muster_engine::time::Timestamp;
use serde_json::{Map, Value as Json, json};

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer::{self, Stamp};
use super::app::{App, Reply, heavy};
use super::audiences::audience_id;
use super::error::{ApiError, ProblemDetails};
use super::form::Form;
use super::lookalikes::rounded;
use super::pages::PageQuery;
use super::path::PathIds;
use super::query::Query;
use super::segments::resolve;
use super::shapes::{ExplainRequest, ExplainedMemberAnswer, ExplainedPersonAnswer};
use super::sight;

use crate::clock::{self, Stopwatch};

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(in_rule)).routes(routes!(in_segment)).routes(routes!(in_audience))
}

/// Why a person is in a rule that need not be saved, or is not.
///
/// Every test with the person's value and what it says, the fewest tests that would have to turn for the verdict to be
/// another one, and when time alone turns it.
#[utoipa::path(post, path = "/api/segments/explain", tag = "segments", request_body = ExplainRequest,
    responses((status = 200, body = ExplainedPersonAnswer), (status = 404, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn in_rule(State(app): State<App>, mut form: Form) -> Reply {
    let watch = Stopwatch::start();
    let state = app.tenant()?.state();
    let rule = form.rule(&state);
    let profile = form.id("profile");
    let now = form.instant("now").unwrap_or_else(clock::now);
    if rule.is_none() {
        form.missing_rule();
    }
    form.finish()?;
    let (Some((rule, checked)), Some(profile)) = (rule, profile) else {
        return Err(ApiError::internal("a form without a rule or a profile was accepted"));
    };
    let row = row_of(&profile, &state, now)?;
    let found = heavy(|| explain_person(Entry::Rule(&rule, &checked), row, &state.at(now)))?;
    Ok(answer::json(StatusCode::OK, described(&found, row, &state, now, watch)))
}

/// Why a person is in a segment, or is not.
///
/// Rules of nested segments stand at `criteria` of the test that names them.
#[utoipa::path(get, path = "/api/segments/{id}/explain/{profile}", tag = "segments",
    params(("id" = String, Path), ("profile" = String, Path), PageQuery),
    responses((status = 200, body = ExplainedPersonAnswer), (status = 404, body = ProblemDetails)))]
pub(crate) async fn in_segment(
    State(app): State<App>,
    PathIds(ids): PathIds<2>,
    Query(query): Query<PageQuery>,
) -> Reply {
    let [id, profile] = ids;
    let (state, now, watch) = asked(&app, &query)?;
    let segment = state.segments.get(resolve(&state, &id)?)?;
    let row = row_of(&profile, &state, now)?;
    let found = heavy(|| explain_person(Entry::Segment(segment), row, &state.at(now)))?;
    Ok(answer::json(StatusCode::OK, described(&found, row, &state, now, watch)))
}

/// Which source let a person into an audience, and which gate took them out.
#[utoipa::path(get, path = "/api/audiences/{id}/explain/{profile}", tag = "audiences",
    params(("id" = u64, Path), ("profile" = String, Path), PageQuery),
    responses((status = 200, body = ExplainedMemberAnswer), (status = 404, body = ProblemDetails)))]
pub(crate) async fn in_audience(
    State(app): State<App>,
    PathIds(ids): PathIds<2>,
    Query(query): Query<PageQuery>,
) -> Reply {
    let [id, profile] = ids;
    let (state, now, watch) = asked(&app, &query)?;
    let audience = state.audiences.get(audience_id(&id)?)?;
    let row = row_of(&profile, &state, now)?;
    let found = heavy(|| explain_in_audience(audience.into(), row, &state.at(now)))?;
    let mut body = member(&found);
    body.insert("profile".into(), answer::id(state.view.id(row), state.view.has_number_id(row)));
    stamp(&state, now, watch).onto(&mut body);
    Ok(answer::json(StatusCode::OK, body))
}

/// The newest state, the instant that is asked about, and a watch that has begun to run.
fn asked(app: &App, query: &PageQuery) -> Result<(Arc<tenant::State>, Timestamp, Stopwatch), ApiError> {
    let watch = Stopwatch::start();
    let now = query.now(clock::now())?;
    Ok((app.tenant()?.state(), now, watch))
}

/// The row of a profile. Of somebody who has none, the refusal says on which lists the id waits.
fn row_of(profile: &str, state: &tenant::State, now: Timestamp) -> Result<Row, ApiError> {
    let id = normalize(profile.trim());
    state.view.row(&id).ok_or_else(|| {
        let mut problems = vec![Problem::new("/profile", "unknown_profile", format!("there is no profile \"{id}\""))];
        let on_list = |(number, name): (String, &str)| {
            let message = format!("list {number}, \"{name}\", names \"{id}\", which no profile has");
            Problem::new("/profile", "on_list", message)
        };
        let lists = lists_of(&id, &state.at(now)).into_iter();
        problems.extend(lists.map(|list| on_list((list.id.to_string(), &list.name))));
        ApiError::of_problems(StatusCode::NOT_FOUND, problems)
    })
}

fn stamp(state: &tenant::State, now: Timestamp, watch: Stopwatch) -> Stamp {
    Stamp { population: state.view.live().len(), data_version: state.version, now, watch }
}

fn described(found: &ExplainedPerson, row: Row, state: &tenant::State, now: Timestamp, watch: Stopwatch) -> Json {
    let mut body = Map::new();
    body.insert("profile".into(), answer::id(state.view.id(row), state.view.has_number_id(row)));
    body.insert("in".into(), json!(found.holds));
    body.insert("nodes".into(), found.nodes.iter().map(node).collect());
    let flip = found.flip.as_ref().map(|flip| {
        let pointers: Vec<&str> = flip.tests.iter().map(|at| found.nodes[*at].pointer.as_str()).collect();
        json!({"tests": pointers.len(), "pointers": pointers, "is_enough": flip.is_enough})
    });
    body.insert("flip".into(), json!(flip));
    body.insert("changes_at".into(), json!(found.changes_at.map(|at| at.to_string())));
    stamp(state, now, watch).onto(&mut body);
    body.into()
}

fn node(node: &NodeVerdict) -> Json {
    let mut body = Map::new();
    body.insert("pointer".into(), json!(node.pointer));
    body.insert("holds".into(), json!(node.holds));
    match &node.kind {
        VerdictKind::Group(join) => {
            let join = match join {
                Match::All => "all",
                Match::Any => "any",
                Match::None => "none",
            };
            body.insert("kind".into(), json!("group"));
            body.insert("match".into(), json!(join));
        }
        VerdictKind::Segment { id, name, negated, remedy } => {
            body.insert("kind".into(), json!("segment"));
            body.insert("segment".into(), json!({"id": id.0, "name": name}));
            body.insert("operator".into(), json!(if *negated { "not_in" } else { "in" }));
            body.extend(remedy.as_ref().map(|remedy| ("remedy".to_owned(), remedied(remedy))));
        }
        VerdictKind::Lookalike { id, name, negated, score, at_least, similarity, contributions } => {
            body.insert("kind".into(), json!("lookalike"));
            body.insert("segment".into(), json!({"id": id.0, "name": name}));
            body.insert("operator".into(), json!(if *negated { "not_in" } else { "in" }));
            body.insert("score".into(), json!(score));
            body.insert("at_least".into(), json!(at_least));
            body.insert("similarity".into(), json!(rounded(*similarity)));
            body.insert("contributions".into(), contributions.iter().map(contribution).collect());
        }
        VerdictKind::Test { field, tested, value, text, words, remedy, turns } => {
            let turn = |turn: &Turn| json!({"at": turn.at.to_string(), "holds": turn.holds});
            body.insert("kind".into(), json!("test"));
            body.insert("field".into(), json!(field));
            body.insert("value".into(), json!(value.as_ref().map(answer::value)));
            body.insert("text".into(), json!(text));
            body.insert("words".into(), json!(words));
            body.insert("remedy".into(), remedied(remedy));
            body.insert("turns".into(), turns.iter().map(turn).collect());
            if sight::hidden_of(tested.iter().map(String::as_str)).is_some() {
                sight::mask(&mut body, &["value", "text", "words", "remedy", "turns"]);
            }
        }
    }
    body.into()
}

fn contribution(one: &Contribution) -> Json {
    match sight::hidden_of([one.field.as_str()]) {
        Some(_) => json!({"text": null, "weight": one.weight, "masked": ["text"]}),
        None => json!({"text": one.text, "weight": one.weight}),
    }
}

fn remedied(remedy: &Remedy) -> Json {
    match remedy {
        Remedy::Value(value) => json!({"kind": "value", "value": answer::value(value)}),
        Remedy::NoValue => json!({"kind": "no_value"}),
        Remedy::AnyValue => json!({"kind": "any_value"}),
        Remedy::Fitting => json!({"kind": "fitting_value"}),
        Remedy::Events => json!({"kind": "other_events"}),
        Remedy::Listed(true) => json!({"kind": "on_list"}),
        Remedy::Listed(false) => json!({"kind": "off_list"}),
        Remedy::Impossible => json!({"kind": "impossible"}),
    }
}

fn member(found: &ExplainedMember) -> Map<String, Json> {
    let reason = match found.kept {
        Kept::Included => "included",
        Kept::NotIncluded => "not_included",
        Kept::Excluded => "excluded",
    };
    let mut body = Map::new();
    body.insert("in".into(), json!(found.kept == Kept::Included));
    body.insert("reason".into(), json!(reason));
    let gate_of = found.gates.iter().find(|gate| gate.holds).filter(|_| found.kept == Kept::Excluded);
    body.insert("removed_by".into(), json!(gate_of.and_then(|gate| gate.reason.clone())));
    body.insert("is_included".into(), json!(found.is_included));
    body.insert("sources".into(), found.sources.iter().map(gate).collect());
    body.insert("gates".into(), found.gates.iter().map(gate).collect());
    body
}

/// A source or a gate with one reason code.
fn gate(gate: &Gate) -> Json {
    let (kind, id, name) = match &gate.cause {
        Cause::Everyone => ("everyone", None, None),
        Cause::Segment { id, name } => ("segment", Some(id.0), Some(name)),
        Cause::Customers => ("customers", None, None),
        Cause::List { id, name } => ("list", Some(id.0), Some(name)),
        Cause::Gate { kind, name } => (kind.name(), None, Some(name)),
    };
    let code = if let Cause::Gate { .. } = gate.cause {
        format!("{}_{kind}", if gate.holds { "stopped_by" } else { "let_through_by" })
    } else if gate.holds {
        format!("in_{kind}")
    } else {
        format!("not_in_{kind}")
    };
    let mut body = json!({"kind": kind, "id": id, "name": name, "holds": gate.holds, "code": code});
    if let Some(reason) = &gate.reason {
        body["reason"] = json!(reason);
    }
    body
}
