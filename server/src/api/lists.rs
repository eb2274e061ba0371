//! `/api/lists`: CSV files of ids, kept with their match report.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use muster_engine::audience::List;
use muster_engine::command::{Command, GateChange, Outcome, Side};
use muster_engine::error::Error;
use muster_engine::gate::Term;
use muster_engine::id::{AudienceId, ListId};
use muster_engine::tenant;
use muster_engine::time::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use utoipa::IntoParams;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer;
use super::app::{App, Reply};
use super::error::{ApiError, ProblemDetails};
use super::form::Form;
use super::gate_words::term;
use super::pages::{self, PageQuery};
use super::path::PathId;
use super::query::Query;
use super::shapes::{ListAnswer, ListList, ListRequest};
use super::suppressions;
use super::terms::{Key, durability};
use super::uses;

use crate::clock;
use crate::limits::SPOOL_BYTES_MAX;
use crate::source::{IdList, read_ids, spool};

/// How to read the CSV, and where its list goes.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ImportQuery {
    /// What the list is called.
    name: Option<String>,
    /// The column that holds the ids, when it is neither `customer_id` nor `id`.
    id_field: Option<String>,
    /// `include` or `exclude`; only where the list is attached to an audience.
    side: Option<String>,
    /// `true`: the list is kept out of every audience, as a suppression of the same name.
    suppression: Option<String>,
    /// Of a suppression: the instant from which on it holds for nobody.
    expires_at: Option<String>,
    /// Of a suppression: days that it holds.
    keep_days: Option<String>,
    /// `durable` (answered once the list survives a power cut; the default) or `buffered` (up to a second earlier).
    durability: Option<String>,
    /// Ignored; for callers who send it with every request.
    #[allow(dead_code)]
    tenant_id: Option<String>,
}

impl ImportQuery {
    /// The side of the audience, when one is named.
    pub(crate) fn side(&self) -> Result<Option<Side>, ApiError> {
        match self.side.as_deref() {
            None => Ok(None),
            Some("include") => Ok(Some(Side::Include)),
            Some("exclude") => Ok(Some(Side::Exclude)),
            Some(other) => {
                Err(Error::invalid("/side", "bad_side", format!("side is include or exclude, not \"{other}\"")).into())
            }
        }
    }
}

impl ImportQuery {
    /// How long the list is kept as a suppression, if it is to be one.
    fn suppression(&self) -> Result<Option<Term>, ApiError> {
        match self.suppression.as_deref() {
            None | Some("false") if self.expires_at.is_none() && self.keep_days.is_none() => return Ok(None),
            Some("true") => {}
            _ => {
                let message = "suppression is true or false; expires_at and keep_days belong to true";
                return Err(Error::invalid("/suppression", "wrong_type", message).into());
            }
        }
        // A plus sign that nobody encoded arrives as a space.
        let instant = |text: &String| Timestamp::parse(&text.replace(' ', "+"));
        let (expires, days) = (self.expires_at.as_ref().map(instant), self.keep_days.as_ref().map(|text| text.parse()));
        if expires == Some(None) {
            return Err(Error::invalid(
                "/expires_at",
                "wrong_type",
                "expires_at is a time such as 2018-01-01T00:00:00Z",
            )
            .into());
        }
        let keep_days = days
            .transpose()
            .map_err(|_| Error::invalid("/keep_days", "wrong_type", "keep_days is a number of days"))?;
        let term = Term { expires: expires.flatten(), keep_days };
        term.check()?;
        Ok(Some(term))
    }
}

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(read, update, delete))
}

/// Keep a list out of every audience as a suppression, or no longer.
#[utoipa::path(put, path = "/api/lists/{id}", tag = "lists", params(("id" = u64, Path), Key), request_body = ListRequest,
    responses((status = 200, body = ListAnswer), (status = 404, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn update(State(app): State<App>, PathId(id): PathId, key: Key, mut form: Form) -> Reply {
    let id = list_id(&id)?;
    let tenant = app.tenant()?;
    let name = tenant.state().lists.get(id)?.name.clone();
    let is_kept = form.optional_flag("suppression");
    let (reason, term) = (form.text("reason"), term(&mut form));
    if is_kept.is_none() {
        form.mistake("", "missing_key", "\"suppression\" is missing: true to keep the list out of every audience");
    }
    form.finish()?;
    let known = tenant.state().gates.suppression_of(id).map(|known| known.id);
    match (is_kept, known) {
        (Some(true), _) => _ = suppressions::put(&app, reason.unwrap_or(name), Some(id), term, key).await?,
        (_, Some(known)) => {
            app.change(Command::Gate(GateChange::DeleteSuppression(known)), key.terms()).await?;
        }
        (_, None) => {}
    }
    let state = tenant.state();
    Ok(answer::json(StatusCode::OK, describe(&state, state.lists.get(id)?)))
}

/// Import a CSV of ids as a list.
///
/// Ids that no profile has are kept: people who arrive later are in the list.
#[utoipa::path(post, path = "/api/lists", tag = "lists", params(ImportQuery, Key), request_body(content = String, content_type = "text/csv"),
    responses((status = 201, body = ListAnswer), (status = 422, body = ProblemDetails)))]
pub(crate) async fn create(
    State(app): State<App>,
    Query(query): Query<ImportQuery>,
    key: Key,
    request: Request,
) -> Reply {
    if query.side.is_some() {
        return Err(
            Error::invalid("/side", "unexpected_side", "a side belongs to /api/audiences/{id}/import-csv").into()
        );
    }
    import(app, query, key, request, None).await
}

/// Reads a CSV body and saves it as a list.
pub(crate) async fn import(
    app: App,
    query: ImportQuery,
    key: Key,
    request: Request,
    attach: Option<(AudienceId, Side)>,
) -> Reply {
    let now = clock::now();
    let durability = durability(query.durability.as_deref())?;
    let suppression = query.suppression()?;
    let file = spool(request.into_body(), SPOOL_BYTES_MAX).await?;
    let terms = key.terms_as(durability);
    let named = query.id_field.clone();
    let read = tokio::task::spawn_blocking(move || read_ids(&file, named.as_deref()));
    let IdList { entries: ids, blank, rejects } =
        read.await.map_err(|_| ApiError::internal("reading a list panicked"))??;
    let name = query.name.unwrap_or_else(|| "imported list".to_owned());
    let reason = name.clone();
    let outcome = app.change(Command::PutList { name, ids, blank, attach, now }, terms).await?;
    let Outcome::List(id) = outcome else { return Err(ApiError::internal("a list was saved as something else")) };
    if let Some(term) = suppression {
        suppressions::put(&app, reason, Some(id), term, Key::default()).await?;
    }
    let state = app.tenant()?.state();
    let mut body = describe(&state, state.lists.get(id)?);
    if let Some(report) = body.get_mut("report").and_then(Json::as_object_mut) {
        report.insert("rejected".into(), answer::rejected(&rejects.listed));
        report.insert("rejected_total".into(), json!(rejects.total));
    }
    Ok(answer::json(StatusCode::CREATED, body))
}

/// All lists.
#[utoipa::path(get, path = "/api/lists", tag = "lists", params(PageQuery), responses((status = 200, body = ListList)))]
pub(crate) async fn list(State(app): State<App>, Query(query): Query<PageQuery>) -> Reply {
    let state = app.tenant()?.state();
    let (found, next) = pages::by_id(state.lists.iter(), |list| list.id.0, &query)?;
    let items: Vec<_> = found.into_iter().map(|list| describe(&state, list)).collect();
    Ok(answer::json(StatusCode::OK, json!({"items": items, "next_cursor": next})))
}

/// One list with its report as of now.
#[utoipa::path(get, path = "/api/lists/{id}", tag = "lists", params(("id" = u64, Path)),
    responses((status = 200, body = ListAnswer), (status = 404, body = ProblemDetails)))]
pub(crate) async fn read(State(app): State<App>, PathId(id): PathId) -> Reply {
    let state = app.tenant()?.state();
    Ok(answer::json(StatusCode::OK, describe(&state, state.lists.get(list_id(&id)?)?)))
}

/// Delete a list that no audience names.
#[utoipa::path(delete, path = "/api/lists/{id}", tag = "lists", params(("id" = u64, Path), Key),
    responses((status = 204), (status = 404, body = ProblemDetails), (status = 409, body = ProblemDetails)))]
pub(crate) async fn delete(State(app): State<App>, PathId(id): PathId, key: Key) -> Reply {
    let id = list_id(&id)?;
    let deleted = app.change(Command::DeleteList(id), key.terms()).await;
    let state = app.tenant()?.state();
    deleted.map_err(|error| uses::with_users(error, &state, |state| state.users_of_list(id)))?;
    Ok(answer::nothing())
}

/// The list that a path names.
pub(super) fn list_id(text: &str) -> Result<ListId, ApiError> {
    text.parse().map(ListId).map_err(|_| Error::NotFound(format!("there is no list \"{text}\"")).into())
}

fn describe(state: &tenant::State, list: &List) -> Map<String, Json> {
    let mut report = answer::id_counts(&list.ids.counts(&state.view));
    report.insert("blank".into(), json!(list.blank));
    let mut body = Map::new();
    body.insert("id".into(), json!(list.id.0));
    body.insert("name".into(), json!(list.name));
    body.insert("created_at".into(), json!(list.created.to_string()));
    body.insert("suppression".into(), json!(state.gates.suppression_of(list.id).map(|known| known.id.0)));
    body.insert("report".into(), report.into());
    body.insert("data_version".into(), json!(state.version));
    body
}
