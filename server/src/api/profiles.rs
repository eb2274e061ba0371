//! `/api/profiles`: import, list, read, change, erase.

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use muster_engine::command::{Command, Outcome};
use muster_engine::error::{Error, Problem, pointer_to};
use muster_engine::id::Row;
use muster_engine::rule::nearest;
use muster_engine::schema::normalize;
use muster_engine::table::{ImportMode, RowOrder};
use muster_engine::tenant::{self, Terms};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use utoipa::IntoParams;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer;
use super::app::{App, Reply, heavy};
use super::computed;
use super::erasures;
use super::error::{ApiError, ProblemDetails};
use super::field_value::field_value;
use super::form::{Form, MaybeForm};
use super::pages::{self, PageQuery};
use super::path::PathId;
use super::query::Query;
use super::shapes::{ErasureReceipt, ImportReport, Members, PatchAnswer, ProfileAnswer, ProfilePatch, RebuildAnswer};
use super::terms::{Key, durability};

use crate::clock;
use crate::limits::SPOOL_BYTES_MAX;
use crate::load::{LoadOptions, LoadReport, load, rehearse};
use crate::source::{Format, spool};

/// How to read the body.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ProfilesQuery {
    /// The column of the external id; what earlier imports called it, or `id`, when left out.
    id_field: Option<String>,
    /// `infer`: columns that the schema does not know become fields. Always so while the schema is empty.
    schema: Option<String>,
    /// `replace` (a row is the whole profile; the default) or `merge` (a row keeps the fields it does not name).
    mode: Option<String>,
    /// How rows are laid if there are no profiles yet: `clustered` (alike ones side by side, which is faster to ask; the
    /// default) or `arrival` (as they come).
    row_order: Option<String>,
    /// `durable` (answered once the profiles survive a power cut; the default) or `buffered` (up to a second earlier).
    durability: Option<String>,
    /// `true`: nothing is changed, and the report says what would be.
    dry_run: Option<String>,
    /// Ignored; for callers who send it with every request.
    #[allow(dead_code)]
    tenant_id: Option<String>,
}

impl ProfilesQuery {
    fn options(&self, format: Format) -> Result<LoadOptions, ApiError> {
        let mut problems = Vec::new();
        let infer = match self.schema.as_deref() {
            None => false,
            Some("infer") => true,
            Some(other) => {
                problems.push(Problem::new(
                    "/schema",
                    "bad_schema",
                    format!("schema is infer or left out, not \"{other}\""),
                ));
                false
            }
        };
        let mode = match self.mode.as_deref() {
            None | Some("replace") => ImportMode::Replace,
            Some("merge") => ImportMode::Merge,
            Some(other) => {
                problems.push(Problem::new("/mode", "bad_mode", format!("mode is replace or merge, not \"{other}\"")));
                ImportMode::Replace
            }
        };
        let row_order = match self.row_order.as_deref() {
            None | Some("clustered") => RowOrder::Clustered,
            Some("arrival") => RowOrder::Arrival,
            Some(other) => {
                let message = format!("row_order is clustered or arrival, not \"{other}\"");
                problems.push(Problem::new("/row_order", "bad_row_order", message));
                RowOrder::Clustered
            }
        };
        if !problems.is_empty() {
            return Err(Error::Invalid(problems).into());
        }
        let terms = Terms { key: None, durability: durability(self.durability.as_deref())? };
        Ok(LoadOptions { format, id_field: self.id_field.clone(), infer, mode, row_order, terms })
    }
}

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(import))
        .routes(routes!(rebuild))
        .routes(routes!(list))
        .routes(routes!(read, patch, erase))
}

/// Insert or change profiles: NDJSON, CSV, Parquet or Arrow IPC by `Content-Type`, one profile a row.
///
/// The report accounts for every row: rows = inserted + updated + unchanged + rejected_total + duplicates_total.
/// A body that cannot be read to its end changes nothing; with `dry_run` nothing is changed in any case, and the report is
/// the one that the import would have.
#[utoipa::path(post, path = "/api/profiles/import", tag = "profiles", params(ProfilesQuery, Key),
    request_body(content(
        (String = "application/x-ndjson"), (String = "text/csv"),
        (Vec<u8> = "application/vnd.apache.parquet"), (Vec<u8> = "application/vnd.apache.arrow.stream"))),
    responses((status = 200, body = ImportReport), (status = 415, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn import(
    State(app): State<App>,
    Query(query): Query<ProfilesQuery>,
    key: Key,
    request: Request,
) -> Reply {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let format = Format::from_content_type(kind)?;
    let mut options = query.options(format)?;
    let is_dry = is_dry_run(query.dry_run.as_deref())?;
    let tenant = app.tenant()?;
    let file = spool(request.into_body(), SPOOL_BYTES_MAX).await?;
    options.terms = key.terms_as(options.terms.durability);
    let _queued = app.enter_queue()?;
    let way = if is_dry { rehearse } else { load };
    let loading = tokio::task::spawn_blocking(move || way(&tenant, &file, &options, &mut |_| {}));
    let report = loading.await.map_err(|_| ApiError::internal("an import panicked"))??;
    let mut body = report_json(&report);
    body["dry_run"] = is_dry.into();
    Ok(answer::json(StatusCode::OK, body))
}

/// Whether an import is only to be tried.
pub(super) fn is_dry_run(said: Option<&str>) -> Result<bool, ApiError> {
    match said {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(other) => {
            let message = format!("dry_run is true, false or left out, not \"{other}\"");
            Err(Error::invalid("/dry_run", "bad_dry_run", message).into())
        }
    }
}

/// An import's report.
pub(crate) fn report_json(report: &LoadReport) -> Json {
    let mut warnings = Vec::new();
    if !report.absent_fields.is_empty() {
        let message = format!(
            "the file has no column for {}, so these became missing in the updated profiles; use mode=merge to keep fields that a file does not name",
            report.absent_fields.join(", ")
        );
        warnings
            .push(json!({"pointer": "", "code": "fields_cleared", "message": message, "suggestions": ["mode=merge"]}));
    }
    let added: Vec<Json> =
        report.added_fields.iter().map(|(name, kind)| json!({"name": name, "type": kind.to_string()})).collect();
    json!({
        "rows": report.rows,
        "inserted": report.inserted,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "rejected": answer::rejected(&report.rejects.listed),
        "rejected_total": report.rejects.total,
        "duplicates": report.duplicates,
        "duplicates_total": report.duplicates_total,
        "fields_added": added,
        "data_version": report.data_version,
        "warnings": warnings,
    })
}

/// Profiles in a stable order, page by page.
#[utoipa::path(get, path = "/api/profiles", tag = "profiles", params(PageQuery), responses((status = 200, body = Members)))]
pub(crate) async fn list(State(app): State<App>, Query(query): Query<PageQuery>) -> Reply {
    pages::members(&app, &query, |state, _| Ok(state.view.live().clone()))
}

/// One profile, and the segments it is in.
#[utoipa::path(get, path = "/api/profiles/{id}", tag = "profiles", params(("id" = String, Path), PageQuery),
    responses((status = 200, body = ProfileAnswer), (status = 404, body = ProblemDetails)))]
pub(crate) async fn read(State(app): State<App>, PathId(id): PathId, Query(query): Query<PageQuery>) -> Reply {
    let now = query.now(clock::now())?;
    let state = app.tenant()?.state();
    let row = row_of(&state, &id)?;
    let mut body = match answer::profile(&state.view.profile(row), &state.view) {
        Json::Object(body) => body,
        _ => Map::new(),
    };
    let segments = heavy(|| {
        state.segments_of(row.0, now).iter().map(|segment| json!({"id": segment.id.0, "name": segment.name})).collect()
    });
    body.insert("segments".into(), segments);
    body.insert("data_version".into(), json!(state.version));
    body.insert("now".into(), json!(now.to_string()));
    Ok(answer::json(StatusCode::OK, body))
}

/// The live row that a path names.
pub(super) fn row_of(state: &tenant::State, id: &str) -> Result<Row, ApiError> {
    state.view.row(&normalize(id)).ok_or_else(|| Error::NotFound(format!("there is no profile \"{id}\"")).into())
}

/// Change fields of one profile; `null` takes a value away, fields that are left out stay.
#[utoipa::path(patch, path = "/api/profiles/{id}", tag = "profiles", params(("id" = String, Path), Key), request_body = ProfilePatch,
    responses((status = 200, body = PatchAnswer), (status = 404, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn patch(State(app): State<App>, PathId(id): PathId, key: Key, form: Form) -> Reply {
    let state = app.tenant()?.state();
    row_of(&state, &id)?;
    let (prefix, fields) = patched_fields(form, &state);
    let schema = state.view.schema();
    let (mut changes, mut problems) = (Vec::new(), Vec::new());
    for (name, json) in fields {
        let pointer = pointer_to(prefix, &name);
        let Some(field) = schema.find(&normalize(&name)) else {
            let names = schema.fields().iter().map(|field| &*field.name);
            let suggestions = nearest(&name, names);
            let message = format!("there is no field \"{name}\"; add it to the schema first");
            problems.push(Problem::new(pointer, "unknown_field", message).with_suggestions(suggestions));
            continue;
        };
        match field_value(field.kind, &json) {
            Ok(value) => changes.push((name, value)),
            Err(message) => problems.push(Problem::new(pointer, "wrong_type", format!("\"{name}\" {message}"))),
        }
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems).into());
    }
    let outcome = app.change(Command::PatchProfile { id: normalize(&id).into_owned(), changes }, key.terms()).await?;
    let state = app.tenant()?.state();
    let row = row_of(&state, &id)?;
    let mut body = answer::profile(&state.view.profile(row), &state.view);
    body["changed"] = json!(outcome == Outcome::Patched(true));
    body["data_version"] = json!(state.version);
    Ok(answer::json(StatusCode::OK, body))
}

/// The fields of a patch: under `fields`, or the body itself.
fn patched_fields(mut form: Form, state: &tenant::State) -> (&'static str, Map<String, Json>) {
    if state.view.schema().find("fields").is_none()
        && let Some(Json::Object(fields)) = form.peek("fields").cloned()
    {
        form.take("fields");
        return ("/fields", fields.into_iter().chain(form.into_rest()).collect());
    }
    ("", form.into_rest())
}

/// Erase a profile: its columns, indexes, lists and mentions. The receipt says what was cleared.
///
/// When the answer comes nobody is shown it any more, pages begun before included, and texts that nobody else has are
/// out of the dictionaries. Its row is never given to anybody again, so no saved set of rows can come to mean somebody
/// else. On disk it may be in the places that the receipt names until the instant that it names, and so long older states
/// are kept for pages that were begun; `GET /api/erasures` says when that is over.
#[utoipa::path(delete, path = "/api/profiles/{id}", tag = "profiles", params(("id" = String, Path), Key),
    responses((status = 200, body = ErasureReceipt), (status = 404, body = ProblemDetails)))]
pub(crate) async fn erase(State(app): State<App>, PathId(id): PathId, key: Key) -> Reply {
    let outcome = app
        .change(Command::EraseProfile { id: normalize(&id).into_owned(), now: Some(clock::now()) }, key.terms())
        .await?;
    let Outcome::Erased(erasure) = outcome else {
        return Err(ApiError::internal("an erasure ended as something else"));
    };
    let tenant = app.tenant()?;
    let state = tenant.state();
    let mut receipt = erasures::receipt(&state.erasures, erasure.receipt, tenant.is_kept());
    receipt.insert("erased".into(), json!(true));
    let cleared = json!({
        "fields": erasure.fields,
        "segments": erasure.segments,
        "lists": erasure.lists,
        "audiences": erasure.audiences,
        "snapshots": erasure.snapshots,
        "events": erasure.events,
    });
    receipt.insert("cleared".into(), cleared);
    let places: &[&str] = if tenant.is_kept() { &erasures::PLACES } else { &[] };
    receipt.insert("on_disk_in".into(), json!(places));
    receipt.insert("data_version".into(), json!(state.version));
    Ok(answer::json(StatusCode::OK, receipt))
}

/// Make all computed fields anew, as of now.
///
/// They are kept up to date with every event and every profile anyway: this changes what time alone changes, and answers
/// when it is done. `GET /api/rebuild` says how far it is, `DELETE /api/rebuild` ends it, and then nothing has changed.
#[utoipa::path(post, path = "/api/profiles/rebuild", tag = "profiles",
    responses((status = 200, body = RebuildAnswer), (status = 409, body = ProblemDetails)))]
pub(crate) async fn rebuild(State(app): State<App>, form: MaybeForm) -> Reply {
    form.0.finish()?;
    computed::rebuild(&app).await
}
