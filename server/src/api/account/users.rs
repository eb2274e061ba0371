//! `/api/users`: who may sign in. An admin sees and changes the own tenant's, an operator everybody.
//!
//! A new account comes with an invitation: a token that its person takes at `POST /api/session/invitation` to choose a password.

use axum::extract::State;
use axum::http::StatusCode;
use muster_engine::error::Error;
use muster_engine::time::Timestamp;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::access::{Caller, Person, PersonChange, Register, Right, Role};
use crate::api::answer;
use crate::api::app::{App, Reply, heavy};
use crate::api::error::{ApiError, ProblemDetails};
use crate::api::form::Form;
use crate::api::keys::{caller, may_give, reached, role_named};
use crate::api::path::PathId;
use crate::api::query::Query;
use crate::api::shapes::{
    InvitedUserAnswer, UserAccountAnswer, UserAccountChange, UserAccountList, UserAccountRequest,
};
use crate::clock;
use crate::limits::INVITATION_US_MAX;

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(change, delete))
        .routes(routes!(invite))
        .routes(routes!(end_sessions))
}

/// Whose people.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct UsersQuery {
    /// For operators: of this tenant. When left out, a list is of all tenants and everything else about the own one.
    tenant: Option<String>,
    /// Must be the own tenant; for callers who send it with every request.
    #[allow(dead_code)]
    tenant_id: Option<String>,
}

/// Everybody who may sign in, by name.
#[utoipa::path(get, path = "/api/users", tag = "access", params(UsersQuery),
    responses((status = 200, body = UserAccountList), (status = 404, body = ProblemDetails)))]
pub(crate) async fn list(State(app): State<App>, Query(query): Query<UsersQuery>) -> Reply {
    let (caller, roster) = (caller()?, app.access()?.roster());
    let of = match query.tenant {
        None if caller.may(Right::Operate) => None,
        tenant => Some(reached(&caller, tenant)?),
    };
    let items: Vec<Json> = roster.people(of.as_deref()).map(described).collect();
    Ok(answer::json(StatusCode::OK, json!({"items": items})))
}

/// Make an account. The invitation is in this answer and is shown to nobody again.
///
/// An admin makes accounts up to admin for the own tenant, an operator any for any tenant.
#[utoipa::path(post, path = "/api/users", tag = "access", request_body = UserAccountRequest,
    responses((status = 201, body = InvitedUserAnswer), (status = 403, body = ProblemDetails), (status = 404, body = ProblemDetails), (status = 409, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn create(State(app): State<App>, mut form: Form) -> Reply {
    let (caller, register, now) = (caller()?, app.access()?.clone(), clock::now());
    let name = form.required_text("name");
    let role = form.required_choice("role", role_named);
    let tenant = form.text("tenant");
    form.finish()?;
    let Some(role) = role else { return Err(ApiError::internal("a form without a role was accepted")) };
    may_give(&caller, role)?;
    let tenant = reached(&caller, tenant)?;
    let (person, invitation) = heavy(|| {
        let person = register.create_person(&tenant, &name, role, now)?;
        let invitation = register.invite(&tenant, &person.name, now)?;
        Ok::<_, Error>((register.person(&tenant, &person.name)?, invitation))
    })?;
    Ok(answer::json(StatusCode::CREATED, invited(&person, invitation, now)))
}

/// Change what somebody may, or whether they may sign in at all.
#[utoipa::path(patch, path = "/api/users/{name}", tag = "access", params(("name" = String, Path), UsersQuery), request_body = UserAccountChange,
    responses((status = 200, body = UserAccountAnswer), (status = 403, body = ProblemDetails), (status = 404, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn change(
    State(app): State<App>,
    PathId(name): PathId,
    Query(query): Query<UsersQuery>,
    mut form: Form,
) -> Reply {
    let (caller, register) = (caller()?, app.access()?.clone());
    let change = PersonChange { role: role(&mut form), is_disabled: form.optional_flag("disabled") };
    form.finish()?;
    let tenant = managed(&caller, &register, query, &name)?;
    if let Some(role) = change.role {
        may_give(&caller, role)?;
    }
    let person = heavy(|| register.change_person(&tenant, &name, change, clock::now()))?;
    Ok(answer::json(StatusCode::OK, described(&person)))
}

/// Remove an account; its sessions end.
#[utoipa::path(delete, path = "/api/users/{name}", tag = "access", params(("name" = String, Path), UsersQuery),
    responses((status = 204), (status = 403, body = ProblemDetails), (status = 404, body = ProblemDetails)))]
pub(crate) async fn delete(State(app): State<App>, PathId(name): PathId, Query(query): Query<UsersQuery>) -> Reply {
    let (caller, register) = (caller()?, app.access()?.clone());
    let tenant = managed(&caller, &register, query, &name)?;
    heavy(|| register.delete_person(&tenant, &name))?;
    Ok(answer::nothing())
}

/// Invite somebody again, who has forgotten the password or not taken the first invitation.
///
/// The password stays good until the invitation is taken.
#[utoipa::path(post, path = "/api/users/{name}/invitation", tag = "access", params(("name" = String, Path), UsersQuery),
    responses((status = 201, body = InvitedUserAnswer), (status = 403, body = ProblemDetails), (status = 404, body = ProblemDetails)))]
pub(crate) async fn invite(State(app): State<App>, PathId(name): PathId, Query(query): Query<UsersQuery>) -> Reply {
    let (caller, register, now) = (caller()?, app.access()?.clone(), clock::now());
    let tenant = managed(&caller, &register, query, &name)?;
    let invitation = heavy(|| register.invite(&tenant, &name, now))?;
    let person = register.person(&tenant, &name)?;
    Ok(answer::json(StatusCode::CREATED, invited(&person, invitation, now)))
}

/// Sign somebody out everywhere; the password stays good.
#[utoipa::path(delete, path = "/api/users/{name}/sessions", tag = "access", params(("name" = String, Path), UsersQuery),
    responses((status = 204), (status = 403, body = ProblemDetails), (status = 404, body = ProblemDetails)))]
pub(crate) async fn end_sessions(
    State(app): State<App>,
    PathId(name): PathId,
    Query(query): Query<UsersQuery>,
) -> Reply {
    let (caller, register) = (caller()?, app.access()?.clone());
    let tenant = managed(&caller, &register, query, &name)?;
    heavy(|| register.end_sessions(&tenant, &name))?;
    Ok(answer::nothing())
}

/// The tenant of somebody whom the caller may manage; nobody changes who may more than they do.
fn managed(caller: &Caller, register: &Register, query: UsersQuery, name: &str) -> Result<String, ApiError> {
    let tenant = reached(caller, query.tenant)?;
    may_give(caller, register.person(&tenant, name)?.role)?;
    Ok(tenant)
}

fn role(form: &mut Form) -> Option<Role> {
    form.peek("role").filter(|role| !role.is_null())?;
    form.required_choice("role", role_named)
}

fn invited(person: &Person, invitation: String, now: Timestamp) -> Json {
    let mut body = described(person);
    body["invitation"] = invitation.into();
    body["invited_until"] = Timestamp(now.0.saturating_add(INVITATION_US_MAX)).to_string().into();
    body
}

fn described(person: &Person) -> Json {
    let time = |at: Option<Timestamp>| at.map(|at| at.to_string());
    json!({
        "name": person.name,
        "tenant": person.tenant,
        "role": person.role.name(),
        "disabled": person.disabled.is_some(),
        "has_password": person.has_password(),
        "has_issuer": person.has_issuer(),
        "created_at": person.created.to_string(),
        "disabled_at": time(person.disabled),
        "signed_in_at": time(person.signed_in),
        "invited_until": time(person.invited_until),
    })
}
