//! `/api/keys`: who may ask. A key's text is in one answer, that to its making; nobody can read it again.

use axum::extract::State;
use axum::http::StatusCode;
use muster_engine::error::{Error, Problem};
use muster_engine::time::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer;
use super::app::{App, Reply, heavy};
use super::error::{ApiError, ProblemDetails};
use super::form::{Form, MaybeForm};
use super::path::PathId;
use super::query::Query;
use super::shapes::{KeyAnswer, KeyList, KeyRequest, MeAnswer, RotationRequest};
use crate::access::{Caller, Key, KeyWish, Register, Right, Role, Standing, ambient};
use crate::clock;
use crate::limits::{KEY_OVERLAP_SECONDS, KEY_OVERLAP_SECONDS_MAX};

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(me))
        .routes(routes!(list, create))
        .routes(routes!(revoke))
        .routes(routes!(rotate))
}

/// Whose keys.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct KeysQuery {
    /// For operators: keys of this tenant; of all tenants when left out.
    tenant: Option<String>,
    /// Must be the key's own tenant; for callers who send it with every request.
    #[allow(dead_code)]
    tenant_id: Option<String>,
}

/// Whose key it is that a request carries, and what it may.
///
/// Where there are no keys everybody may everything, and there is no role.
#[utoipa::path(get, path = "/api/me", tag = "access",
    responses((status = 200, body = MeAnswer), (status = 401, body = ProblemDetails)))]
pub(crate) async fn me(State(app): State<App>) -> Reply {
    let register = app.register().map(|register| &**register);
    Ok(answer::json(StatusCode::OK, standing(&caller()?, register)))
}

/// Who somebody is, what they may, and where their tenant is at home.
pub(super) fn standing(caller: &Caller, register: Option<&Register>) -> Map<String, Json> {
    let rights: Vec<&str> = Right::ALL.into_iter().filter(|right| caller.may(*right)).map(Right::name).collect();
    let tenant = register.and_then(|register| register.tenant(&caller.tenant).ok());
    let region = tenant.map(|tenant| tenant.region).unwrap_or_default();
    Map::from_iter([
        ("tenant".to_owned(), json!(caller.tenant)),
        ("role".to_owned(), json!(caller.role().map(Role::name))),
        ("key".to_owned(), json!(caller.key)),
        ("rights".to_owned(), json!(rights)),
        ("currency".to_owned(), json!(region.currency)),
        ("time_zone".to_owned(), json!(region.time_zone)),
    ])
}

/// Keys of the tenant, the oldest first; of all tenants for an operator.
#[utoipa::path(get, path = "/api/keys", tag = "access", params(KeysQuery),
    responses((status = 200, body = KeyList), (status = 403, body = ProblemDetails)))]
pub(crate) async fn list(State(app): State<App>, Query(query): Query<KeysQuery>) -> Reply {
    let (caller, roster, now) = (caller()?, app.access()?.roster(), clock::now());
    let of = match query.tenant {
        Some(tenant) => Some(reached(&caller, Some(tenant))?),
        None if caller.may(Right::Operate) => None,
        None => Some(caller.tenant.clone()),
    };
    let items: Vec<Json> = roster.keys(of.as_deref()).into_iter().map(|key| described(key, now)).collect();
    Ok(answer::json(StatusCode::OK, json!({"items": items})))
}

/// Make a key. Its text is in this answer and is shown to nobody again.
///
/// An admin makes keys up to admin for the own tenant, an operator any key for any tenant. The first one is made with
/// `muster key create`.
#[utoipa::path(post, path = "/api/keys", tag = "access", request_body = KeyRequest,
    responses((status = 201, body = KeyAnswer), (status = 403, body = ProblemDetails), (status = 404, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn create(State(app): State<App>, mut form: Form) -> Reply {
    let (caller, register) = (caller()?, app.access()?.clone());
    let role = form.required_choice("role", role_named);
    let tenant = form.text("tenant");
    let name = form.text("name").unwrap_or_default();
    let expires = form.instant("expires_at");
    let rate = rate(&mut form);
    form.finish()?;
    let Some(role) = role else { return Err(ApiError::internal("a form without a role was accepted")) };
    may_give(&caller, role)?;
    let wish = KeyWish { tenant: reached(&caller, tenant)?, role, name, expires, requests_per_second: rate };
    let now = clock::now();
    let (key, text) = heavy(|| register.create_key(&wish, now))?;
    Ok(answer::json(StatusCode::CREATED, with_text(described(&key, now), text)))
}

/// End a key at once.
#[utoipa::path(delete, path = "/api/keys/{prefix}", tag = "access", params(("prefix" = String, Path)),
    responses((status = 204), (status = 404, body = ProblemDetails)))]
pub(crate) async fn revoke(State(app): State<App>, PathId(prefix): PathId) -> Reply {
    let register = app.access()?.clone();
    may_give(&caller()?, own(&register, &prefix)?.role)?;
    heavy(|| register.revoke_key(&prefix, clock::now()))?;
    Ok(answer::nothing())
}

/// Make a key that takes the place of another one, which stays good for a while so that the new one can be brought
/// everywhere.
#[utoipa::path(post, path = "/api/keys/{prefix}/rotate", tag = "access", params(("prefix" = String, Path)), request_body = RotationRequest,
    responses((status = 201, body = KeyAnswer), (status = 404, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn rotate(State(app): State<App>, PathId(prefix): PathId, MaybeForm(mut form): MaybeForm) -> Reply {
    let register = app.access()?.clone();
    let seconds = form.number("overlap_seconds").map_or(KEY_OVERLAP_SECONDS, |seconds| seconds as u64);
    if seconds > KEY_OVERLAP_SECONDS_MAX {
        let message = format!("an overlap has at most {KEY_OVERLAP_SECONDS_MAX} seconds");
        form.mistake("/overlap_seconds", "out_of_range", &message);
    }
    form.finish()?;
    may_give(&caller()?, own(&register, &prefix)?.role)?;
    let now = clock::now();
    let until = Timestamp(now.0.saturating_add_unsigned(seconds * 1_000_000));
    let (key, text) = heavy(|| register.rotate_key(&prefix, until, now))?;
    Ok(answer::json(StatusCode::CREATED, with_text(described(&key, now), text)))
}

/// A role by its name.
pub(super) fn role_named(name: &str) -> Result<Role, Problem> {
    let names = || Role::ALL.map(Role::name).join(", ");
    let refused = || Problem::new("/role", "unknown_value", format!("a role is one of {}, not \"{name}\"", names()));
    Role::named(name).ok_or_else(refused)
}

/// Whoever asks. On a server without keys that is nobody in particular.
pub(super) fn caller() -> Result<Caller, ApiError> {
    ambient().map(|caller| (*caller).clone()).ok_or_else(|| ApiError::internal("keys were asked for by nobody"))
}

/// A tenant whose keys somebody may manage: their own, or any for an operator. Others there might as well not be.
pub(super) fn reached(caller: &Caller, tenant: Option<String>) -> Result<String, ApiError> {
    match tenant {
        Some(tenant) if tenant != caller.tenant && !caller.may(Right::Operate) => {
            Err(Error::NotFound(format!("there is no tenant \"{tenant}\"")).into())
        }
        Some(tenant) => Ok(tenant),
        None => Ok(caller.tenant.clone()),
    }
}

/// A key that somebody may manage.
fn own(register: &Register, prefix: &str) -> Result<Key, ApiError> {
    let (caller, roster) = (caller()?, register.roster());
    let key = roster.key(prefix).filter(|key| key.tenant == caller.tenant || caller.may(Right::Operate));
    key.cloned()
        .ok_or_else(|| Error::NotFound(format!("there is no key \"{prefix}\"; GET /api/keys lists them")).into())
}

/// Nobody gives away what they do not have; an operator gives any role.
pub(super) fn may_give(caller: &Caller, role: Role) -> Result<(), ApiError> {
    match caller.standing {
        Standing::Holder(own) if own < role => {
            let message = format!("role {own} gives and takes up to {own}; an operator does so for role {role}");
            Err(ApiError::new(StatusCode::FORBIDDEN, "missing_right", message))
        }
        _ => Ok(()),
    }
}

/// `requests_per_second` of a body.
pub(super) fn rate(form: &mut Form) -> Option<u32> {
    let rate = form.number("requests_per_second")?;
    let fits = u32::try_from(rate).ok();
    if fits.is_none() {
        form.problem(Problem::new("/requests_per_second", "out_of_range", "requests_per_second fits 32 bits"));
    }
    fits
}

fn with_text(mut body: Json, text: String) -> Json {
    body["key"] = text.into();
    body
}

/// A key as lists show it.
pub(crate) fn described(key: &Key, now: Timestamp) -> Json {
    let time = |at: Option<Timestamp>| at.map(|at| at.to_string());
    let is_active = !key.is_revoked(now) && key.expires.is_none_or(|expires| expires > now);
    json!({
        "prefix": key.prefix,
        "tenant": key.tenant,
        "role": key.role.name(),
        "name": key.name,
        "is_active": is_active,
        "created_at": key.created.to_string(),
        "expires_at": time(key.expires),
        "revoked_at": time(key.revoked),
        "last_used_at": time(key.used),
        "requests_per_second": key.requests_per_second,
        "replaces": key.replaces,
    })
}
