//! `/api/webhooks`: other servers that are told who enters and leaves segments.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use muster_engine::error::{Error, Problem};
use muster_engine::rule::{SegmentRef, resolve_segment};
use muster_engine::tenant;
use muster_engine::time::Timestamp;
use serde_json::{Value as Json, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer;
use super::app::{App, Reply, heavy};
use super::error::{ApiError, ProblemDetails};
use super::form::Form;
use super::path::PathId;
use super::shapes::{WebhookAnswer, WebhookList, WebhookRequest};
use crate::limits::WEBHOOKS_MAX;
use crate::webhooks::{Attempt, Hooks, Segments, Webhook, receiver};

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(read, update, delete))
}

/// Have another server told who enters and leaves.
///
/// Messages are signed after the Standard Webhooks convention with the secret of this answer, which is shown only once.
/// They go to public https addresses only, in order, until they are taken; a receiver that takes none is switched off.
#[utoipa::path(post, path = "/api/webhooks", tag = "webhooks", request_body = WebhookRequest,
    responses((status = 201, body = WebhookAnswer), (status = 422, body = ProblemDetails)))]
pub(crate) async fn create(State(app): State<App>, mut form: Form) -> Reply {
    let hooks = app.hooks()?;
    let state = app.tenant()?.state();
    let url = form.required_text("url");
    if !url.is_empty() {
        check(&mut form, &url, &hooks);
    }
    let segments = segments(&mut form, &state);
    form.finish()?;
    let added = heavy(|| hooks.add(url, segments.unwrap_or(Segments::All))).map_err(not_kept)?;
    let Some((webhook, secret)) = added else {
        let message = format!("there are {WEBHOOKS_MAX} webhooks already; delete one first");
        return Err(Error::Limit(Problem::new("", "too_many_webhooks", message)).into());
    };
    let mut body = describe(&webhook);
    body["secret"] = secret.into();
    Ok(answer::json(StatusCode::CREATED, body))
}

/// All webhooks.
#[utoipa::path(get, path = "/api/webhooks", tag = "webhooks", responses((status = 200, body = WebhookList)))]
pub(crate) async fn list(State(app): State<App>) -> Reply {
    let items: Vec<Json> = app.hooks()?.all().iter().map(describe).collect();
    Ok(answer::json(StatusCode::OK, json!({"items": items})))
}

/// One webhook, with its last attempts.
#[utoipa::path(get, path = "/api/webhooks/{id}", tag = "webhooks", params(("id" = String, Path)),
    responses((status = 200, body = WebhookAnswer), (status = 404, body = ProblemDetails)))]
pub(crate) async fn read(State(app): State<App>, PathId(id): PathId) -> Reply {
    let webhook = app.hooks()?.get(number(&id)?).ok_or_else(|| unknown(&id))?;
    Ok(answer::json(StatusCode::OK, describe(&webhook)))
}

/// Change a webhook, or switch it on again. Keys that are left out keep what they were.
#[utoipa::path(patch, path = "/api/webhooks/{id}", tag = "webhooks", params(("id" = String, Path)), request_body = WebhookRequest,
    responses((status = 200, body = WebhookAnswer), (status = 404, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn update(State(app): State<App>, PathId(id): PathId, mut form: Form) -> Reply {
    let (hooks, number) = (app.hooks()?, number(&id)?);
    let state = app.tenant()?.state();
    let url = form.text("url");
    if let Some(url) = &url {
        check(&mut form, url, &hooks);
    }
    let segments = segments(&mut form, &state);
    let is_enabled = form.peek("enabled").is_some().then(|| form.flag("enabled"));
    form.finish()?;
    let change = |webhook: &mut Webhook| {
        webhook.url = url.unwrap_or(std::mem::take(&mut webhook.url));
        webhook.segments = segments.unwrap_or_else(|| webhook.segments.clone());
        match is_enabled {
            Some(true) => webhook.disabled = None,
            Some(false) => webhook.disabled = Some("it was switched off".into()),
            None => {}
        }
    };
    if !heavy(|| hooks.change(number, change)).map_err(not_kept)? {
        return Err(unknown(&id));
    }
    let webhook = hooks.get(number).ok_or_else(|| unknown(&id))?;
    Ok(answer::json(StatusCode::OK, describe(&webhook)))
}

/// Delete a webhook.
#[utoipa::path(delete, path = "/api/webhooks/{id}", tag = "webhooks", params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = ProblemDetails)))]
pub(crate) async fn delete(State(app): State<App>, PathId(id): PathId) -> Reply {
    let (hooks, number) = (app.hooks()?, number(&id)?);
    if heavy(|| hooks.remove(number)).map_err(not_kept)? { Ok(answer::nothing()) } else { Err(unknown(&id)) }
}

fn check(form: &mut Form, url: &str, hooks: &Arc<Hooks>) {
    if let Err(why) = receiver(url, hooks.policy()) {
        form.mistake("/url", "bad_address", &why);
    }
}

/// The segments that are named, each of which there is; none when the key is absent.
fn segments(form: &mut Form, state: &tenant::State) -> Option<Segments> {
    if form.peek("segments").is_some_and(|value| value == "all") {
        form.take("segments");
        return Some(Segments::All);
    }
    form.peek("segments")?;
    let named = form.segments("segments")?;
    let mut ids = Vec::new();
    for (index, segment) in named.iter().enumerate() {
        match resolve_segment(segment, &state.segments) {
            Some(id) => ids.push(id.0),
            None => {
                let shown = match segment {
                    SegmentRef::Name(name) => format!("\"{name}\""),
                    SegmentRef::Id(id) => id.to_string(),
                };
                let message = format!("there is no segment {shown}");
                form.mistake(&format!("/segments/{index}"), "unknown_segment", &message);
            }
        }
    }
    if named.is_empty() {
        form.mistake("/segments", "empty_list", "name at least one segment, or say \"all\"");
    }
    Some(Segments::Some(ids))
}

fn number(id: &str) -> Result<u64, ApiError> {
    id.parse().map_err(|_| unknown(id))
}

fn unknown(id: &str) -> ApiError {
    Error::NotFound(format!("there is no webhook \"{id}\"")).into()
}

fn not_kept(error: std::io::Error) -> ApiError {
    ApiError::internal(format!("webhooks cannot be kept: {error}"))
}

fn describe(webhook: &Webhook) -> Json {
    let segments = match &webhook.segments {
        Segments::All => json!("all"),
        Segments::Some(ids) => json!(ids),
    };
    let attempt = |attempt: &Attempt| {
        let Attempt { at_us, message, status, error } = attempt;
        json!({"at": Timestamp(*at_us).to_string(), "message": message, "status": status, "error": error})
    };
    json!({
        "id": webhook.id,
        "url": webhook.url,
        "segments": segments,
        "enabled": webhook.disabled.is_none(),
        "disabled_because": webhook.disabled,
        "created_at": Timestamp(webhook.created_us).to_string(),
        "since": webhook.since,
        "attempts": webhook.attempts.iter().map(attempt).collect::<Vec<_>>(),
    })
}
