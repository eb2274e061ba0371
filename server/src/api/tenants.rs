//! `/api/tenants`: for operators. A tenant's data are opened when somebody first asks for them, and go when it is
//! deleted; see `house`.

use axum::extract::State;
use axum::http::StatusCode;
use muster_engine::error::Problem;
use serde_json::{Value as Json, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer;
use super::app::{App, Reply, heavy};
use super::error::ProblemDetails;
use super::form::Form;
use super::keys::rate;
use super::path::PathId;
use super::shapes::{TenantAnswer, TenantDeletion, TenantDeletionList, TenantList, TenantRequest};
use crate::access::{Deletion, Quota, Region, TenantRecord};
use crate::clock;

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(deletions)).routes(routes!(read, change, delete))
}

/// All tenants.
#[utoipa::path(get, path = "/api/tenants", tag = "access", responses((status = 200, body = TenantList)))]
pub(crate) async fn list(State(app): State<App>) -> Reply {
    let roster = app.access()?.roster();
    let items: Vec<Json> = roster.tenants().map(described).collect();
    Ok(answer::json(StatusCode::OK, json!({"items": items})))
}

/// Make a tenant. It is empty, and nobody has a key for it yet.
#[utoipa::path(post, path = "/api/tenants", tag = "access", request_body = TenantRequest,
    responses((status = 201, body = TenantAnswer), (status = 409, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn create(State(app): State<App>, mut form: Form) -> Reply {
    let register = app.access()?.clone();
    let id = form.required_text("id");
    let mut quota = Quota::default();
    bound(&mut form, &mut quota);
    let region = Region { currency: form.text("currency"), time_zone: form.text("time_zone") };
    form.finish()?;
    let record = heavy(|| register.create_tenant(&id, quota, region, clock::now()))?;
    Ok(answer::json(StatusCode::CREATED, described(&record)))
}

/// One tenant.
#[utoipa::path(get, path = "/api/tenants/{id}", tag = "access", params(("id" = String, Path)),
    responses((status = 200, body = TenantAnswer), (status = 404, body = ProblemDetails)))]
pub(crate) async fn read(State(app): State<App>, PathId(id): PathId) -> Reply {
    Ok(answer::json(StatusCode::OK, described(&app.access()?.tenant(&id)?)))
}

/// Change what a tenant may have, where it is at home, suspend it, or let it go on. A quota of 0 is no bound.
#[utoipa::path(patch, path = "/api/tenants/{id}", tag = "access", params(("id" = String, Path)), request_body = TenantRequest,
    responses((status = 200, body = TenantAnswer), (status = 404, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn change(State(app): State<App>, PathId(id): PathId, mut form: Form) -> Reply {
    let register = app.access()?.clone();
    let is_suspended = form.optional_flag("suspended");
    let TenantRecord { mut quota, mut region, .. } = register.tenant(&id)?;
    bound(&mut form, &mut quota);
    region.currency = form.text("currency").or(region.currency);
    region.time_zone = form.text("time_zone").or(region.time_zone);
    form.finish()?;
    let now = clock::now();
    let record = heavy(|| {
        register.change_tenant(&id, |record| {
            (record.quota, record.region) = (quota, region);
            record.suspended = match is_suspended {
                Some(true) => record.suspended.or(Some(now)),
                Some(false) => None,
                None => record.suspended,
            };
        })
    })?;
    Ok(answer::json(StatusCode::OK, described(&record)))
}

/// Delete a tenant with everything it has.
///
/// Nobody reaches it when this is answered; its files go soon after. The receipt says when they were gone.
#[utoipa::path(delete, path = "/api/tenants/{id}", tag = "access", params(("id" = String, Path)),
    responses((status = 202, body = TenantDeletion), (status = 404, body = ProblemDetails), (status = 409, body = ProblemDetails)))]
pub(crate) async fn delete(State(app): State<App>, PathId(id): PathId) -> Reply {
    let register = app.access()?.clone();
    let deletion = heavy(|| register.delete_tenant(&id, clock::now()))?;
    Ok(answer::json(StatusCode::ACCEPTED, receipt(&deletion)))
}

/// Receipts of tenants that were deleted.
#[utoipa::path(get, path = "/api/tenant-deletions", tag = "access", responses((status = 200, body = TenantDeletionList)))]
pub(crate) async fn deletions(State(app): State<App>) -> Reply {
    let register = app.access()?.clone();
    let found = heavy(|| register.deletions())?;
    Ok(answer::json(StatusCode::OK, json!({"items": found.iter().map(receipt).collect::<Vec<_>>()})))
}

/// Quotas of a body onto those that there are; 0 takes a bound away.
fn bound(form: &mut Form, quota: &mut Quota) {
    let mut one = |key, bound: &mut Option<u64>| {
        if let Some(most) = form.number(key) {
            *bound = Some(most as u64).filter(|most| *most > 0);
        }
    };
    one("profiles", &mut quota.profiles);
    one("segments", &mut quota.segments);
    one("events", &mut quota.events);
    one("bytes", &mut quota.bytes);
    if quota.bytes.is_some_and(|bytes| bytes > i64::MAX as u64) {
        form.problem(Problem::new("/bytes", "out_of_range", "bytes fit 63 bits"));
    }
    if let Some(most) = rate(form) {
        quota.requests_per_second = Some(most).filter(|most| *most > 0);
    }
}

/// A tenant as lists show it.
pub(crate) fn described(record: &TenantRecord) -> Json {
    let TenantRecord { id, created, suspended, quota, region } = record;
    json!({
        "id": id,
        "created_at": (created.0 > 0).then(|| created.to_string()),
        "suspended_at": suspended.map(|at| at.to_string()),
        "currency": region.currency,
        "time_zone": region.time_zone,
        "quota": {
            "profiles": quota.profiles,
            "segments": quota.segments,
            "events": quota.events,
            "bytes": quota.bytes,
            "requests_per_second": quota.requests_per_second,
        },
    })
}

/// What a deletion is answered with.
pub(crate) fn receipt(deletion: &Deletion) -> Json {
    let Deletion { receipt, tenant, asked, done } = deletion;
    json!({
        "receipt": receipt,
        "tenant": tenant,
        "asked_at": asked.to_string(),
        "files_gone_at": done.map(|at| at.to_string()),
    })
}
