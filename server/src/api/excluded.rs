//! `/api/audiences/{id}/excluded`: who was taken out of an audience, each person with one reason; also as CSV.

use std::io::Write;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use muster_engine::audience::{Removed, Wanted, removed};
use muster_engine::block::Set;
use muster_engine::error::{Error, Problem};
use muster_engine::id::Row;
use muster_engine::rule::nearest;
use muster_engine::tenant;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use utoipa::IntoParams;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer;
use super::app::{App, Reply, heavy};
use super::audiences::audience_id;
use super::error::{ApiError, ProblemDetails};
use super::exports::streamed;
use super::pages::{Cursor, PageQuery};
use super::path::PathId;
use super::query::Query;
use super::shapes::ExcludedPeople;
use crate::clock;
use crate::export::csv_cell;

/// Whom to list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ExcludedQuery {
    /// A reason of the breakdown's waterfall, such as `suppression:3`, or all of a kind: `suppression`; everybody when
    /// left out.
    reason: Option<String>,
    /// `json` (pages; the default) or `csv` (everybody at once: id, reason, name).
    format: Option<String>,
    /// Entries on the page, 1 to 10,000; 100 when left out.
    limit: Option<String>,
    /// `next_cursor` of the page before; none for the first page.
    cursor: Option<String>,
    /// The instant to evaluate for, RFC 3339; the server's clock when left out. A cursor carries its own.
    now: Option<String>,
    /// Ignored; for callers who send it with every request.
    #[allow(dead_code)]
    tenant_id: Option<String>,
}

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(excluded))
}

/// Who was taken out of an audience, each person with the first exclusion or gate that takes them.
#[utoipa::path(get, path = "/api/audiences/{id}/excluded", tag = "audiences", params(("id" = u64, Path), ExcludedQuery),
    responses((status = 200, content((ExcludedPeople = "application/json"), (String = "text/csv"))),
        (status = 404, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn excluded(State(app): State<App>, PathId(id): PathId, Query(query): Query<ExcludedQuery>) -> Reply {
    let id = audience_id(&id)?;
    let page = PageQuery::new(query.limit, query.cursor, query.now);
    let (limit, from) = (page.limit()?, page.cursor()?);
    let now = from.map_or(page.now(clock::now())?, |cursor| cursor.now);
    let tenant = app.tenant()?;
    let newest = tenant.state();
    let state = from.map_or_else(|| Ok(newest.clone()), |cursor| tenant.state_at(cursor.version))?;
    let audience = state.audiences.get(id)?;
    let mut gates = heavy(|| removed(Wanted::from(audience), &state.at(now)))?;
    if let Some(reason) = &query.reason {
        gates = of_reason(gates, reason)?;
    }
    if newest.version != state.version {
        gates.iter_mut().for_each(|gate| gate.rows = gate.rows.and(newest.view.live()));
    }
    match query.format.as_deref() {
        None | Some("json") => {}
        Some("csv") => return Ok(csv(state, gates, id.0)),
        Some(other) => {
            let message = format!("format is json or csv, not \"{other}\"");
            return Err(Error::invalid("/format", "bad_format", message).into());
        }
    }
    let (body, more) = heavy(|| {
        let all = Set::union(gates.iter().map(|gate| &gate.rows));
        let mut found = all.rows_after(from.map(|cursor| cursor.after), limit + 1);
        let more = found.len() > limit;
        found.truncate(limit);
        let next =
            found.last().filter(|_| more).map(|after| Cursor { version: state.version, now, after: *after }.print());
        let items: Vec<Json> = found.into_iter().filter_map(|row| item(&state, &gates, row)).collect();
        let body = json!({"items": items, "next_cursor": next, "total": all.len(), "data_version": state.version,
            "now": now.to_string()});
        (body, more)
    });
    if more {
        tenant.pin(&state);
    }
    Ok(answer::json(StatusCode::OK, body))
}

/// The gates of one reason, or of all reasons of one kind.
fn of_reason(gates: Vec<Removed>, reason: &str) -> Result<Vec<Removed>, ApiError> {
    let reasons: Vec<String> = gates.iter().map(|gate| gate.step.reason()).collect();
    let is_meant = |of: &str| of == reason || of.split(':').next() == Some(reason);
    let found: Vec<Removed> = gates.into_iter().filter(|gate| is_meant(&gate.step.reason())).collect();
    if found.is_empty() {
        let message =
            format!("nothing takes people out of this audience for \"{reason}\"; the waterfall names all reasons");
        let near = nearest(reason, reasons.iter().map(String::as_str));
        return Err(Error::from(Problem::new("/reason", "unknown_reason", message).with_suggestions(near)).into());
    }
    Ok(found)
}

fn item(state: &tenant::State, gates: &[Removed], row: u32) -> Option<Json> {
    let gate = gates.iter().find(|gate| gate.rows.contains(row))?;
    let (view, row) = (&state.view, Row(row));
    Some(json!({"id": answer::id(view.id(row), view.has_number_id(row)), "reason": gate.step.reason(),
        "name": gate.step.label}))
}

fn csv(state: Arc<tenant::State>, gates: Vec<Removed>, id: u64) -> Response {
    let mut response = streamed(move |mut out| {
        let mut line = Vec::new();
        csv_cell(state.view.schema().id_name(), &mut line);
        line.extend(b",reason,name\r\n");
        for gate in gates {
            let mut why = vec![b','];
            csv_cell(&gate.step.reason(), &mut why);
            why.push(b',');
            csv_cell(&gate.step.label, &mut why);
            why.extend(b"\r\n");
            for (block, container) in gate.rows.blocks() {
                container.visit(|offset| {
                    let row = Row(muster_engine::block::join(block, offset));
                    let id = state.view.id(row);
                    if state.view.has_number_id(row) {
                        line.extend(id.as_bytes())
                    } else {
                        csv_cell(id, &mut line)
                    }
                    line.extend(&why);
                    true
                });
                out.write_all(&line)?;
                line.clear();
            }
        }
        out.write_all(&line)?;
        out.flush()
    });
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"audience-{id}-excluded.csv\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}
