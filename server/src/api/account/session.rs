//! `/api/session`: signing in and out, who one is, and the own password.
//!
//! Wrong passwords are counted for each account and each address, and whether a name is known shows neither in the answer nor
//! in the time it takes. Every attempt is in the audit.

use std::time::Duration;

use axum::extract::{FromRequestParts, MatchedPath, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use muster_engine::id::TenantId;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::cookie::{self, SESSION};
use crate::access::{AuditEntry, Caller, Person, Register, SignedIn, Standing, address_key, ambient};
use crate::api::answer;
use crate::api::app::{App, Reply, heavy};
use crate::api::error::{ApiError, ProblemDetails};
use crate::api::form::Form;
use crate::api::gate::{Peer, unauthorized};
use crate::api::keys::standing;
use crate::api::query::Query;
use crate::api::request::RequestId;
use crate::api::shapes::{InvitationRequest, PasswordRequest, SessionAnswer, SignInRequest};
use crate::clock;
use crate::limits::{ATTEMPTS_OF_ACCOUNT_FREE, ATTEMPTS_OF_ADDRESS_FREE, PASSWORD_WAIT_MAX, SESSION_IDLE_US_MAX};

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(who, sign_in, sign_out))
        .routes(routes!(change_password))
        .routes(routes!(accept))
}

/// Where a request comes from; what another site sends is refused.
pub(crate) struct Arrival {
    method: Method,
    route: String,
    peer: Option<Peer>,
    request_id: String,
}

impl FromRequestParts<App> for Arrival {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, ApiError> {
        cookie::refuse_foreign(&parts.method, &parts.headers)?;
        let request_id = parts.extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
        let route = parts.extensions.get::<MatchedPath>().map(|route| route.as_str().to_owned()).unwrap_or_default();
        Ok(Self { method: parts.method.clone(), route, peer: parts.extensions.get().copied(), request_id })
    }
}

impl Arrival {
    pub(super) fn is_secure(&self) -> bool {
        self.peer.is_some_and(|peer| peer.is_secure)
    }

    /// Waits for whoever has guessed wrong too often.
    fn enter(&self, register: &Register, account: &str) -> Result<(), ApiError> {
        self.enter_from_address(register)?;
        register.attempts.enter(account, ATTEMPTS_OF_ACCOUNT_FREE).map_err(|wait| {
            // Not a guess: it was not looked at.
            register.attempts.forgive_one(&self.address_key());
            guessed_too_often(wait)
        })
    }

    /// Waits for an address from which others have guessed wrong too often.
    pub(super) fn enter_from_address(&self, register: &Register) -> Result<(), ApiError> {
        register.attempts.enter(&self.address_key(), ATTEMPTS_OF_ADDRESS_FREE).map_err(guessed_too_often)
    }

    pub(super) fn address_key(&self) -> String {
        self.peer.map_or_else(String::new, |peer| address_key(peer.address))
    }

    /// Writes into the audit who tried, if there is such a person: what else is typed as a name may be a password. What is
    /// typed as a tenant is not written either, unless there is one: the rest is for those who see the default one.
    pub(super) fn note(&self, register: &Register, tenant: &str, person: Option<&Person>, status: StatusCode) {
        let tenant = register.roster().tenant(tenant).map_or(TenantId::DEFAULT, |_| tenant);
        register.note(AuditEntry {
            seq: 0,
            at: clock::now(),
            tenant: tenant.to_owned(),
            key: None,
            person: person.map(|person| person.name.clone()),
            role: person.map(|person| person.role.name().to_owned()),
            method: self.method.as_str().to_owned(),
            route: self.route.clone(),
            target: self.route.clone(),
            version_before: None,
            version_after: None,
            item_version_before: None,
            item_version_after: None,
            address: self.peer.map(|peer| peer.address.to_string()),
            status: status.as_u16(),
            request_id: self.request_id.clone(),
        });
    }
}

fn guessed_too_often(wait: Duration) -> ApiError {
    let message =
        format!("too many wrong passwords, or sign-ins that failed; try again in {} seconds", wait.as_secs() + 1);
    ApiError::too_often(message, wait)
}

/// Sign in.
///
/// The answer sets a cookie that signs the browser in. After some wrong passwords the next one has to wait.
#[utoipa::path(post, path = "/api/session", tag = "access", request_body = SignInRequest,
    responses((status = 200, body = SessionAnswer), (status = 401, body = ProblemDetails), (status = 403, body = ProblemDetails), (status = 422, body = ProblemDetails), (status = 429, body = ProblemDetails)))]
pub(crate) async fn sign_in(State(app): State<App>, arrival: Arrival, mut form: Form) -> Reply {
    let register = app.access()?.clone();
    let (name, password) = (form.required_text("name"), form.required_text("password"));
    let tenant = form.text("tenant").unwrap_or_else(|| TenantId::DEFAULT.to_owned());
    form.finish()?;
    // Unknown names are cut, so that nobody fills the memory with them.
    let account = format!("account {tenant} {}", name.trim().to_lowercase()).chars().take(200).collect::<String>();
    arrival.enter(&register, &account)?;
    let recognised =
        trial(&register, move |register| Ok(register.recognise(&tenant, &name, &password)?.ok_or((tenant, name))))
            .await?;
    match recognised {
        Ok(person) => {
            register.attempts.forget(&account);
            register.attempts.forgive_one(&arrival.address_key());
            begin(&register, &arrival, &person)
        }
        Err((tenant, name)) => {
            let roster = register.roster();
            arrival.note(&register, &tenant, roster.person(&tenant, &name), StatusCode::UNAUTHORIZED);
            Err(unauthorized("wrong_password", "name and password do not belong together"))
        }
    }
}

/// Take an invitation: choose a password, and be signed in.
#[utoipa::path(post, path = "/api/session/invitation", tag = "access", request_body = InvitationRequest,
    responses((status = 200, body = SessionAnswer), (status = 404, body = ProblemDetails), (status = 422, body = ProblemDetails), (status = 429, body = ProblemDetails)))]
pub(crate) async fn accept(State(app): State<App>, arrival: Arrival, mut form: Form) -> Reply {
    let register = app.access()?.clone();
    let (invitation, password) = (form.required_text("invitation"), form.required_text("password"));
    form.finish()?;
    let now = clock::now();
    let person = trial(&register, move |register| Ok(register.accept(&invitation, &password, now)?)).await?;
    begin(&register, &arrival, &person)
}

/// Who am I, and what may I?
#[utoipa::path(get, path = "/api/session", tag = "access",
    responses((status = 200, body = SessionAnswer), (status = 401, body = ProblemDetails)))]
pub(crate) async fn who(State(app): State<App>) -> Reply {
    let caller = ambient().ok_or_else(|| ApiError::internal("a session was asked for by nobody"))?;
    Ok(unkept(answer::json(StatusCode::OK, described(&caller, app.register().map(|register| &**register)))))
}

/// How to sign out.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SignOutQuery {
    /// `true`: all sessions of the person, not only this one.
    everywhere: Option<String>,
    /// Must be the own tenant; for callers who send it with every request.
    #[allow(dead_code)]
    tenant_id: Option<String>,
}

/// Sign out, here or everywhere.
#[utoipa::path(delete, path = "/api/session", tag = "access", params(SignOutQuery), responses((status = 204), (status = 422, body = ProblemDetails)))]
pub(crate) async fn sign_out(State(app): State<App>, Query(query): Query<SignOutQuery>, arrival: Arrival) -> Reply {
    let everywhere = match query.everywhere.as_deref() {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => {
            let message = "everywhere is true or false";
            return Err(ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "wrong_type", message));
        }
    };
    if let Some((caller, person)) = ambient().and_then(|caller| caller.person.clone().map(|person| (caller, person))) {
        let register = app.access()?;
        heavy(|| match everywhere {
            true => register.end_sessions(&caller.tenant, &person.name),
            false => register.end_session(&person.session),
        })?;
        let known = register.person(&caller.tenant, &person.name).ok();
        arrival.note(register, &caller.tenant, known.as_ref(), StatusCode::NO_CONTENT);
    }
    let mut response = answer::nothing();
    response.headers_mut().insert(header::SET_COOKIE, SESSION.set("", arrival.is_secure())?);
    Ok(response)
}

/// Change the own password. All other sessions end.
#[utoipa::path(put, path = "/api/session/password", tag = "access", request_body = PasswordRequest,
    responses((status = 204), (status = 401, body = ProblemDetails), (status = 403, body = ProblemDetails), (status = 422, body = ProblemDetails), (status = 429, body = ProblemDetails)))]
pub(crate) async fn change_password(State(app): State<App>, arrival: Arrival, mut form: Form) -> Reply {
    let register = app.access()?.clone();
    let (old, new) = (form.required_text("old_password"), form.required_text("password"));
    form.finish()?;
    let caller = ambient().ok_or_else(|| ApiError::internal("a password was changed by nobody"))?;
    let Some(SignedIn { name, session, .. }) = caller.person.clone() else {
        let message = "only somebody who is signed in has a password; a key has none";
        return Err(ApiError::new(StatusCode::FORBIDDEN, "not_signed_in", message));
    };
    let account = format!("account {} {name}", caller.tenant);
    arrival.enter(&register, &account)?;
    let tenant = caller.tenant.clone();
    let is_right = trial(&register, move |register| {
        let is_right = register.recognise(&tenant, &name, &old)?.is_some();
        if is_right {
            register.set_password(&tenant, &name, &new, Some(&session))?;
        }
        Ok(is_right)
    })
    .await?;
    if !is_right {
        return Err(unauthorized("wrong_password", "old_password is not the password"));
    }
    register.attempts.forget(&account);
    register.attempts.forgive_one(&arrival.address_key());
    Ok(answer::nothing())
}

/// Tries a password when it is its turn, on a thread where that may take its time.
async fn trial<T: Send + 'static>(
    register: &std::sync::Arc<Register>,
    work: impl FnOnce(&Register) -> Result<T, ApiError> + Send + 'static,
) -> Result<T, ApiError> {
    let turn = tokio::time::timeout(PASSWORD_WAIT_MAX, register.trials.clone().acquire_owned()).await;
    let Ok(Ok(turn)) = turn else {
        return Err(ApiError::busy("too_many_sign_ins", "many sign in at the moment; try again"));
    };
    let register = register.clone();
    let done = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        work(&register)
    });
    done.await.map_err(|error| ApiError::internal(format!("a password could not be tried: {error}")))?
}

/// Begins a session and sets its cookie.
fn begin(register: &Register, arrival: &Arrival, person: &Person) -> Reply {
    let (caller, cookie) = begun(register, arrival, person)?;
    let mut response = answer::json(StatusCode::OK, described(&caller, Some(register)));
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    Ok(unkept(response))
}

/// Begins a session: whoever asks with its cookie, and the cookie.
pub(super) fn begun(
    register: &Register,
    arrival: &Arrival,
    person: &Person,
) -> Result<(Caller, HeaderValue), ApiError> {
    let now = clock::now();
    let token = heavy(|| register.begin_session(person, now))?;
    arrival.note(register, &person.tenant, Some(person), StatusCode::OK);
    let caller = register.roster().signed_in(&token, now);
    let caller = caller.ok_or_else(|| unauthorized("wrong_password", "the account was closed meanwhile"))?;
    Ok((caller, SESSION.set(&token, arrival.is_secure())?))
}

/// Nobody keeps an answer about who somebody is.
pub(super) fn unkept(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn described(caller: &Caller, register: Option<&Register>) -> Map<String, Json> {
    let by = match caller.standing {
        Standing::Open => "open",
        _ if caller.person.is_some() => "session",
        _ => "key",
    };
    let person = caller.person.as_ref();
    let mut body = standing(caller, register);
    body.insert("by".into(), json!(by));
    body.insert("name".into(), json!(caller.name()));
    body.insert("hidden_fields".into(), json!(caller.hidden.iter().collect::<Vec<_>>()));
    body.insert("ends_at".into(), json!(person.map(|person| person.ends.to_string())));
    body.insert("idle_seconds_max".into(), json!(person.map(|_| SESSION_IDLE_US_MAX / 1_000_000)));
    body
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse as _;

    use super::*;

    #[test]
    fn from_one_address_so_many_may_guess_before_they_wait() {
        let register = Register::in_memory().expect("a register");
        let from = |last: u8| Arrival {
            method: Method::POST,
            route: String::new(),
            peer: Some(Peer { address: [192, 0, 2, last].into(), is_secure: true }),
            request_id: String::new(),
        };
        for number in 0..ATTEMPTS_OF_ADDRESS_FREE {
            assert!(from(1).enter(&register, &number.to_string()).is_ok(), "guess {number}");
        }
        let refused = from(1).enter(&register, "ann").expect_err("one more waits").into_response();
        assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
        assert!(from(2).enter(&register, "ann").is_ok(), "others do not");
    }
}
