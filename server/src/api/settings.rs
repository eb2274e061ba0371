//! `/api/settings`: which fields are personal.
//!
//! Whoever may not see them gets `null` and their names under `masked` wherever a profile is shown, no column of an export,
//! no values of them in the schema, and 403 for every rule that names one: counting is asking, too. Rules that others saved
//! may name them, and are counted; what such a rule says of a personal field is masked as well. A property of events is
//! personal where a field of its name is; look-alikes are then trained without such fields.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::http::StatusCode;
use muster_engine::schema::normalize;
use serde_json::json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer;
use super::app::{App, Reply, heavy};
use super::error::{ApiError, ProblemDetails};
use super::form::Form;
use super::shapes::PersonalFields;
use crate::access::ambient;
use crate::limits::PERSONAL_FIELDS_MAX;

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(read, update))
}

/// Which fields are personal.
#[utoipa::path(get, path = "/api/settings/personal-fields", tag = "access", responses((status = 200, body = PersonalFields)))]
pub(crate) async fn read(State(app): State<App>) -> Reply {
    let fields = app.access()?.roster().personal_fields(&tenant()?);
    Ok(answer::json(StatusCode::OK, json!({"fields": *fields})))
}

/// Say which fields are personal, all of them; fields that are still to come may be named.
#[utoipa::path(put, path = "/api/settings/personal-fields", tag = "access", request_body = PersonalFields,
    responses((status = 200, body = PersonalFields), (status = 403, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn update(State(app): State<App>, mut form: Form) -> Reply {
    let register = app.access()?.clone();
    let named = form.list("fields", "names of fields", |value| value.as_str().map(|name| normalize(name).into_owned()));
    if named.is_none() {
        form.mistake("/fields", "missing_key", "\"fields\" lists the names of all personal fields");
    }
    let fields: BTreeSet<String> = named.unwrap_or_default().into_iter().collect();
    if fields.len() > PERSONAL_FIELDS_MAX {
        form.mistake("/fields", "list_too_long", &format!("there are at most {PERSONAL_FIELDS_MAX} fields"));
    }
    form.finish()?;
    let tenant = tenant()?;
    heavy(|| register.set_personal_fields(&tenant, &fields))?;
    Ok(answer::json(StatusCode::OK, json!({"fields": fields})))
}

fn tenant() -> Result<String, ApiError> {
    let caller = ambient().ok_or_else(|| ApiError::internal("settings were asked for by nobody"))?;
    Ok(caller.tenant.clone())
}
