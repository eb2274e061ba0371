//! `/api/session/openid`: signing in at an issuer of OpenID Connect. Only where a setting names one.
//!
//! Both routes are opened by a browser, so they answer with a redirect; what goes wrong leads to the page, which says it in
//! words, and whoever is no browser is told as everywhere. The audit has an entry of everybody who comes back.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use muster_engine::id::TenantId;
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::cookie::SIGN_IN;
use super::session::{Arrival, begun, unkept};
use crate::access::{Person, Register, Subject, Unfit};
use crate::api::answer;
use crate::api::app::{App, Reply, heavy};
use crate::api::error::{ApiError, ProblemDetails};
use crate::api::gate::unauthorized;
use crate::api::query::Query;
use crate::api::shapes::SignInOptions;
use crate::clock;
use crate::openid::{Kind, Refusal, RelyingParty, Returned, Vouched};

/// The page that says in words why somebody is not signed in; the code is put behind it.
const REFUSED_PAGE: &str = "/?refused=";

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(options)).routes(routes!(begin)).routes(routes!(end))
}

/// How can one sign in?
#[utoipa::path(get, path = "/api/session/options", tag = "access", responses((status = 200, body = SignInOptions)))]
pub(crate) async fn options(State(app): State<App>) -> Reply {
    let openid = app.openid().map(|party| json!({"label": party.settings().label()}));
    Ok(answer::json(StatusCode::OK, json!({"openid": openid})))
}

/// How to be sent to the issuer.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct BeginQuery {
    /// The path of the page to come back to, `/` or below `/app`.
    return_to: Option<String>,
    /// The tenant of the account; `default` when left out.
    tenant: Option<String>,
    /// Must be the own tenant; for callers who send it with every request.
    #[allow(dead_code)]
    tenant_id: Option<String>,
}

/// Sign in at the issuer: leads there, with a cookie that knows the browser again.
#[utoipa::path(get, path = "/api/session/openid", tag = "access", params(BeginQuery),
    responses((status = 303, description = "To the issuer, or to the page that says why not"), (status = 404, body = ProblemDetails), (status = 422, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn begin(
    State(app): State<App>,
    Query(query): Query<BeginQuery>,
    arrival: Arrival,
    headers: HeaderMap,
) -> Reply {
    let party = party(&app)?;
    let tenant = query.tenant.unwrap_or_else(|| TenantId::DEFAULT.to_owned());
    let page = query.return_to.unwrap_or_else(|| "/".to_owned());
    match party.begin(&tenant, &page, &arrival.address_key()).await {
        Ok(arrived) => {
            let mut response = redirect(&arrived.location)?;
            let cookie = SIGN_IN.set(&arrived.browser, arrival.is_secure())?;
            response.headers_mut().insert(header::SET_COOKIE, cookie);
            Ok(response)
        }
        Err(refusal) if ["foreign_page", "bad_tenant_id"].contains(&refusal.code) => {
            Err(ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, refusal.code, refusal.message))
        }
        Err(refusal) => refused(refusal.into(), &headers),
    }
}

/// What the issuer sends along; it may add more.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct EndQuery {
    /// What was given to the issuer.
    #[serde(default)]
    state: String,
    /// What tokens are to be had for.
    code: Option<String>,
    /// Why there is no code.
    error: Option<String>,
    /// Which issuer it is.
    iss: Option<String>,
}

/// Come back from the issuer: whoever it vouches for is signed in and led to the page they wanted to see.
#[utoipa::path(get, path = "/api/session/openid/callback", tag = "access", params(EndQuery),
    responses((status = 303, description = "To the page, signed in, or to the one that says why not"), (status = 401, body = ProblemDetails), (status = 403, body = ProblemDetails), (status = 404, body = ProblemDetails), (status = 422, body = ProblemDetails), (status = 429, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
pub(crate) async fn end(
    State(app): State<App>,
    Query(query): Query<EndQuery>,
    arrival: Arrival,
    headers: HeaderMap,
) -> Reply {
    let (party, register) = (party(&app)?, app.access()?);
    if let Err(error) = arrival.enter_from_address(register) {
        return refused(error, &headers);
    }
    let returned = Returned {
        state: &query.state,
        code: query.code.as_deref(),
        error: query.error.as_deref(),
        issuer: query.iss.as_deref(),
        browser: SIGN_IN.token(&headers, arrival.is_secure()),
    };
    let mut response = match signed_in(party, register, &arrival, returned).await {
        Ok((page, session)) => {
            register.attempts.forgive_one(&arrival.address_key());
            let mut response = redirect(&page)?;
            response.headers_mut().append(header::SET_COOKIE, session);
            response
        }
        Err(error) => {
            if error.status() == StatusCode::SERVICE_UNAVAILABLE {
                // Not a guess: it was not looked at.
                register.attempts.forgive_one(&arrival.address_key());
            }
            refused(error, &headers).unwrap_or_else(IntoResponse::into_response)
        }
    };
    response.headers_mut().append(header::SET_COOKIE, SIGN_IN.set("", arrival.is_secure())?);
    Ok(unkept(response))
}

/// The page that somebody comes back to, and the cookie of their session.
async fn signed_in(
    party: &RelyingParty,
    register: &Register,
    arrival: &Arrival,
    returned: Returned<'_>,
) -> Result<(String, HeaderValue), ApiError> {
    let vouched = party.end(returned, clock::now()).await.map_err(|(tenant, refusal)| {
        let error = ApiError::from(refusal);
        tenant.into_iter().for_each(|tenant| arrival.note(register, &tenant, None, error.status()));
        error
    })?;
    let person = account(party, register, &vouched).map_err(|(person, error)| {
        arrival.note(register, &vouched.tenant, person.as_deref(), error.status());
        error
    })?;
    let (_, session) = begun(register, arrival, &person)?;
    Ok((vouched.page, session))
}

/// The account of somebody whom the issuer vouches for; with a refusal, whose it is.
fn account(
    party: &RelyingParty,
    register: &Register,
    vouched: &Vouched,
) -> Result<Person, (Option<Box<Person>>, ApiError)> {
    let settings = party.settings();
    let subject = Subject { tenant: &vouched.tenant, issuer: settings.issuer(), subject: &vouched.subject };
    let nobody = |error| (None, error);
    let roster = register.roster();
    let Some(tenant) = roster.tenant(subject.tenant) else { return Err(nobody(unfit(Unfit::Unknown))) };
    if tenant.suspended.is_some() {
        let message = format!("tenant \"{}\" is suspended; whoever runs the server says why", tenant.id);
        return Err(nobody(ApiError::new(StatusCode::FORBIDDEN, "tenant_suspended", message)));
    }
    match register.bound(subject) {
        Ok(Some(person)) => return Ok(person),
        Ok(None) => {}
        Err((why, person)) => return Err((Some(person), unfit(why))),
    }
    let name = vouched.name.as_ref().map_err(|refusal| nobody(refusal.clone().into()))?;
    let creation = settings.creation().filter(|creation| creation.tenant == subject.tenant);
    let bound = heavy(|| register.bind(subject, name, creation.map(|creation| creation.role), clock::now()));
    bound
        .map_err(|error| nobody(error.into()))?
        .map_err(|why| (register.person(subject.tenant, name).ok().map(Box::new), unfit(why)))
}

fn unfit(why: Unfit) -> ApiError {
    let (code, message) = match why {
        Unfit::Unknown => ("unknown_person", "nobody has invited you here; ask an admin to"),
        Unfit::OtherSubject => (
            "other_subject",
            "the account of your name belongs to somebody else; an admin can delete it and invite you",
        ),
        Unfit::Disabled => ("account_disabled", "your account is disabled; an admin says why"),
        Unfit::InvitationEnded => ("invitation_ended", "your invitation has ended; ask an admin for another one"),
        Unfit::NoAccounts => {
            ("no_accounts", "there are no accounts yet; whoever runs the server makes the first: muster person create")
        }
    };
    ApiError::new(StatusCode::FORBIDDEN, code, message)
}

impl From<Refusal> for ApiError {
    fn from(Refusal { kind, code, message }: Refusal) -> Self {
        match kind {
            Kind::Unproven => unauthorized(code, &message),
            Kind::Forbidden => Self::new(StatusCode::FORBIDDEN, code, message),
            Kind::Unavailable => Self::busy(code, message),
        }
    }
}

/// Whom to rely on.
fn party(app: &App) -> Result<&RelyingParty, ApiError> {
    let message = "nobody signs in this way here; --openid-issuer of muster serve says where one does";
    app.openid().map(|party| &**party).ok_or_else(|| ApiError::new(StatusCode::NOT_FOUND, "no_issuer", message))
}

/// A refusal: for a browser the page that says it in words, else as everywhere.
fn refused(error: ApiError, headers: &HeaderMap) -> Reply {
    let accepted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if accepted.contains("text/html") { redirect(&format!("{REFUSED_PAGE}{}", error.code())) } else { Err(error) }
}

/// Leads a browser elsewhere; nobody keeps where.
fn redirect(location: &str) -> Reply {
    let location = HeaderValue::from_str(location).map_err(|_| ApiError::internal("a redirect leads nowhere"))?;
    let response = (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response();
    Ok(unkept(response))
}
