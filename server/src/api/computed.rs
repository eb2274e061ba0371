//! Computed fields: declared with the schema, ready-made sets of them, and how they are made anew.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use muster_engine::command::{Command, ComputeChange, DeclareEvents};
use muster_engine::enrich::{TEMPLATES, Template, Watch, template};
use muster_engine::error::{Error, Problem};
use muster_engine::tenant::{self, Terms};
use parking_lot::Mutex;
use serde_json::{Value as Json, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer;
use super::app::{App, Reply};
use super::error::{ApiError, ProblemDetails};
use super::form::Form;
use super::schema;
use super::shapes::{RebuildProgress, SchemaAnswer, TemplateList, TemplateRequest};
use super::terms::Key;
use crate::clock;

/// The rebuild that is under way.
#[derive(Debug, Clone, Default)]
pub(super) struct Rebuilding(Arc<Mutex<Option<Arc<Watch>>>>);

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(templates, enrich)).routes(routes!(progress, cancel))
}

/// Ready-made sets of computed fields, with their formulas.
#[utoipa::path(get, path = "/api/schema/enrichment", tag = "schema", responses((status = 200, body = TemplateList)))]
pub(crate) async fn templates() -> Reply {
    let field = |(name, json): (&str, &str)| {
        // What stands in the program is JSON, which a test reads.
        json!({"name": name, "computed": serde_json::from_str::<Json>(json).unwrap_or_default()})
    };
    let one = |template: &Template| {
        json!({"name": template.name, "about": template.about, "event_types": template.types,
            "fields": template.fields().map(field).collect::<Vec<_>>()})
    };
    Ok(answer::json(StatusCode::OK, json!({"templates": TEMPLATES.iter().map(one).collect::<Vec<_>>()})))
}

/// Declare a ready-made set of computed fields, and the types and properties of events that it needs.
///
/// Fields that are declared already get the definition of the set; borders of bands are taken from the population.
#[utoipa::path(post, path = "/api/schema/enrichment", tag = "schema", params(Key), request_body = TemplateRequest,
    responses((status = 200, body = SchemaAnswer), (status = 409, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn enrich(State(app): State<App>, key: Key, mut form: Form) -> Reply {
    let found = form.required_choice("template", |name| {
        template(name).ok_or_else(|| {
            let names: Vec<String> = TEMPLATES.iter().map(|template| template.name.to_owned()).collect();
            let message = format!("there is no set \"{name}\"; there are {}", names.join(" and "));
            Problem::new("/template", "unknown_template", message).with_suggestions(names)
        })
    });
    form.finish()?;
    let Some(found) = found else { return Err(ApiError::internal("a form without a template was accepted")) };
    declare(&app, found.events(), found.declared(), key.terms()).await?;
    schema::read(State(app)).await
}

/// Declares computed fields.
pub(super) async fn declare(
    app: &App,
    events: DeclareEvents,
    fields: Vec<(String, Option<String>)>,
    terms: Terms,
) -> Result<(), ApiError> {
    let change = ComputeChange::Declare { events, fields, now: clock::now() };
    app.change(Command::Compute(change), terms).await.map(drop)
}

/// What the schema says of a computed field.
pub(super) fn computed_json(state: &tenant::State, field: muster_engine::id::FieldId) -> Option<Json> {
    let enrichment = state.view.enrichment();
    let known = enrichment.find(field)?;
    Some(json!({
        "computed": serde_json::from_str::<Json>(&known.json).unwrap_or_default(),
        "computed_version": known.version,
        "as_of": known.is_moving.then(|| enrichment.instant().to_string()),
    }))
}

/// How far the rebuild is that is under way.
#[utoipa::path(get, path = "/api/rebuild", tag = "profiles", responses((status = 200, body = RebuildProgress)))]
pub(crate) async fn progress(State(app): State<App>) -> Reply {
    let watch = app.rebuilding.0.lock().clone();
    let (done, total) = watch.as_ref().map_or((0, 0), |watch| watch.progress());
    Ok(answer::json(StatusCode::OK, json!({"running": watch.is_some(), "values_done": done, "values_total": total})))
}

/// End the rebuild that is under way: nothing is changed by it then.
#[utoipa::path(delete, path = "/api/rebuild", tag = "profiles",
    responses((status = 200, body = RebuildProgress), (status = 404, body = ProblemDetails)))]
pub(crate) async fn cancel(State(app): State<App>) -> Reply {
    let watch = app.rebuilding.0.lock().clone();
    let Some(watch) = watch else {
        return Err(Error::NotFound("no rebuild is under way".to_owned()).into());
    };
    watch.cancel();
    let (done, total) = watch.progress();
    Ok(answer::json(StatusCode::OK, json!({"running": true, "values_done": done, "values_total": total})))
}

/// Makes all computed fields anew, as of now; goes on when whoever asked does not wait any more.
pub(super) async fn rebuild(app: &App) -> Reply {
    let tenant = app.tenant()?;
    let rebuilding = app.rebuilding.clone();
    let state = tenant.state();
    if state.view.enrichment().is_empty() {
        let body = json!({"profiles": state.view.live().len(), "rebuilt": 0, "data_version": state.version});
        return Ok(answer::json(StatusCode::OK, body));
    }
    let watch = Arc::new(Watch::default());
    {
        let mut under_way = rebuilding.0.lock();
        if under_way.is_some() {
            let message = "a rebuild is under way; GET /api/rebuild says how far, DELETE /api/rebuild ends it";
            return Err(ApiError::new(StatusCode::CONFLICT, "rebuild_under_way", message));
        }
        *under_way = Some(watch.clone());
    }
    let rebuilt = tokio::task::spawn_blocking(move || {
        let version = tenant.rebuild(clock::now(), watch);
        *rebuilding.0.lock() = None;
        version.map(|version| (version, tenant.state().view.live().len()))
    });
    let (version, profiles) =
        rebuilt.await.map_err(|error| ApiError::internal(format!("a rebuild failed: {error}")))??;
    Ok(answer::json(StatusCode::OK, json!({"profiles": profiles, "rebuilt": profiles, "data_version": version})))
}

impl App {
    /// Brings what time alone changes of computed fields up to now.
    pub(crate) async fn advance_computed(&self) {
        let Ok(tenant) = self.tenant() else { return };
        if !tenant.state().view.enrichment().is_moving() {
            return;
        }
        let change = ComputeChange::Rebuild { moving: true, now: clock::now() };
        if let Err(error) = self.change(Command::Compute(change), Terms::default()).await {
            tracing::error!(?error, "computed fields could not be brought up to now");
        }
    }
}
