//! The gate: whether whoever asks may, before any handler is asked, and what is written down about it afterwards.
//!
//! `house` has found out who it is ([`Admission`]); the route is known here. Everything that is refused for who asks is
//! refused here, so nothing is said about what a refused caller asked for.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use muster_engine::id::{AudienceId, SegmentId, TenantId};

use super::app::{App, heavy};
use super::body::read;
use super::error::ApiError;
use super::patience::{check_encoding, patient};
use super::permissions::{Need, need, target};
use super::request::RequestId;
use super::unchecked::checked;
use crate::access::{AuditEntry, Caller, Quota, Standing, within};
use crate::clock;
use crate::limits::QUESTION_WAIT_MAX;
use crate::turns::{Turn, Turns};
use crate::waiting::in_company;

/// What was found out about whoever asks.
#[derive(Debug, Clone)]
pub(crate) enum Admission {
    /// Somebody.
    Admitted(Admitted),
    /// Nobody who may ask anything that needs a key.
    Refused(ApiError),
}

/// Somebody who may come in.
#[derive(Debug, Clone)]
pub(crate) struct Admitted {
    pub(crate) caller: Arc<Caller>,
    /// What their tenant may have.
    pub(crate) quota: Quota,
    /// Room for the tenant's questions, where there may be others, and whether these ask now.
    pub(crate) turns: Option<(Turns, bool)>,
}

/// Where a request comes from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer {
    pub(crate) address: IpAddr,
    /// Whether nobody between could read it.
    pub(crate) is_secure: bool,
}

/// The middleware.
pub(super) async fn check(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let need = need(request.method(), route.as_ref().map(MatchedPath::as_str));
    let admitted = match request.extensions_mut().remove() {
        Some(Admission::Admitted(admitted)) => admitted,
        Some(Admission::Refused(_)) if need == Need::Nothing => {
            let stranger = Caller::without_key(TenantId::DEFAULT, Standing::Stranger);
            return within(Arc::new(stranger), next.run(request.map(patient))).await;
        }
        Some(Admission::Refused(refusal)) => return refusal.into_response(),
        // A router without a house around it: tests.
        None => {
            let caller = Arc::new(Caller::without_key(TenantId::DEFAULT, Standing::Open));
            Admitted { caller, quota: Quota::default(), turns: None }
        }
    };
    let caller = admitted.caller.clone();
    let noted = matches!(need, Need::Change(_) | Need::Own).then(|| Noted::of(&app, &caller, route.as_ref(), &request));
    let noted = noted.flatten();
    if noted.is_some()
        && let Err(refusal) = check_audit(&app)
    {
        // In no audit: that is what has no room.
        return refusal.into_response();
    }
    let response = match may(&app, &admitted, need, route.as_ref(), &request) {
        Ok(()) => {
            let answered = answer(&app, (need, route.as_ref()), admitted.turns, caller, request, next).await;
            answered.unwrap_or_else(IntoResponse::into_response)
        }
        Err(refusal) => refusal.into_response(),
    };
    if let Some(noted) = noted {
        noted.write(&app, response.status());
    }
    response
}

/// The answer of the handler. What only asks is answered beside the connection, and given up when that is closed.
async fn answer(
    app: &App,
    (need, route): (Need, Option<&MatchedPath>),
    turns: Option<(Turns, bool)>,
    caller: Arc<Caller>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let asked = format!("{} {}", request.method(), request.uri().path());
    let (is_question, mut request) = (matches!(need, Need::Ask(_)), request.map(patient));
    let (mut taken, mut desks) = (None, None);
    if let (Some((turns, has_company)), true) = (turns, is_question) {
        // Whoever sends a body slowly holds up nobody's turn.
        let (parts, body) = request.into_parts();
        request = Request::from_parts(parts, read(body).await?.into());
        taken = Some(turn(&turns, has_company).await?);
        desks = has_company.then(|| turns.desks.clone());
    }
    let is_preview = route.is_some_and(|route| is_preview(route.as_str()));
    let own = app.clone();
    let answering = async move {
        let _taken = taken;
        within(caller, checked(&own, need, is_preview, next.run(request))).await
    };
    let answered = async move {
        if is_question && !is_preview { app.aside(&asked, answering).await } else { Ok(answering.await) }
    };
    match desks {
        Some(desks) => in_company(desks, answered).await,
        None => answered.await,
    }
}

/// Whether a route is asked so often, and mostly answered so fast, that it looks itself for what takes longer; and is
/// answered although not everything was compared with its checksum.
fn is_preview(route: &str) -> bool {
    ["/api/segments/preview", "/api/audience/segments/preview"].contains(&route)
}

/// Whether a request may go on to its handler.
fn may(
    app: &App,
    admitted: &Admitted,
    need: Need,
    route: Option<&MatchedPath>,
    request: &Request,
) -> Result<(), ApiError> {
    check_encoding(request.headers())?;
    let caller = &admitted.caller;
    if let Some(right) = need.lacked_by(caller) {
        let role = caller.role().map_or("open", |role| role.name());
        let message = format!("this needs the right {}, which role {role} does not have", right.words());
        return Err(ApiError::new(StatusCode::FORBIDDEN, "missing_right", message));
    }
    let named = form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes());
    named.filter(|(key, _)| key == "tenant_id").try_for_each(|(_, named)| same_tenant(caller, &named))?;
    check_quota(app, admitted.quota, request.method().as_str(), route)
}

/// Refuses changes while nobody could write down who makes them.
fn check_audit(app: &App) -> Result<(), ApiError> {
    match app.register() {
        Some(register) if register.is_hindered() => Ok(heavy(|| register.check_notes())?),
        _ => Ok(()),
    }
}

/// Waits for a turn among the questions of one tenant; it lasts until what comes back is dropped. Changes have a queue of
/// their own, and take what they are many for from each other's company: they share a sync.
async fn turn(turns: &Turns, in_company: bool) -> Result<Turn, ApiError> {
    let message = "too many questions of this tenant wait already; ask again in a moment";
    let taken = tokio::time::timeout(QUESTION_WAIT_MAX, turns.take(in_company)).await;
    taken.map_err(|_| ApiError::busy("too_many_questions", message))
}

/// Refuses a request that names another tenant than its key does. Without keys the name says nothing, as ever.
pub(super) fn same_tenant(caller: &Caller, named: &str) -> Result<(), ApiError> {
    if caller.role().is_none() || caller.tenant == named {
        return Ok(());
    }
    let message =
        format!("this key or account is for tenant \"{}\", tenant_id names another one; leave it out", caller.tenant);
    Err(ApiError::new(StatusCode::FORBIDDEN, "other_tenant", message))
}

/// Refuses what would add to what a tenant has as many of as it may. What is under way when the bound is reached is
/// finished.
fn check_quota(app: &App, quota: Quota, method: &str, route: Option<&MatchedPath>) -> Result<(), ApiError> {
    if quota.profiles.is_none() && quota.segments.is_none() && quota.events.is_none() {
        return Ok(());
    }
    let state = app.tenant()?.state();
    let (profiles, events) = (state.view.live().len(), state.view.events().len());
    let (what, most, count) = match (method, route.map_or("", MatchedPath::as_str)) {
        ("POST", "/api/events" | "/api/events/import") if quota.events.is_some_and(|most| events >= most) => {
            ("events", quota.events, events)
        }
        ("POST", "/api/profiles/import" | "/api/events" | "/api/events/import") => {
            ("profiles", quota.profiles, profiles)
        }
        (
            "POST",
            "/api/segments"
            | "/api/audience/segments"
            | "/segments/create"
            | "/api/events/{id}/create-segment"
            | "/api/audience/events/{id}/create-segment",
        ) => ("segments", quota.segments, state.segments.iter().count() as u64),
        _ => return Ok(()),
    };
    match most {
        Some(most) if count >= most => {
            let message = format!(
                "there are {count} {what}, and the tenant may have {most}; delete some, or have the quota raised"
            );
            Err(ApiError::new(StatusCode::INSUFFICIENT_STORAGE, "quota", message))
        }
        _ => Ok(()),
    }
}

/// What the audit will say of a request, as far as it is known before.
struct Noted(AuditEntry);

impl Noted {
    /// None where there is no audit, or it would only be gone with the process and name nobody, and grow until then.
    fn of(app: &App, caller: &Caller, route: Option<&MatchedPath>, request: &Request) -> Option<Self> {
        app.register().filter(|register| register.is_kept() || caller.role().is_some())?;
        let (path, route) = (request.uri().path(), route.map_or("", MatchedPath::as_str));
        let id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
        let entry = AuditEntry {
            seq: 0,
            at: clock::now(),
            tenant: caller.tenant.clone(),
            key: caller.key.clone(),
            person: caller.name(),
            role: caller.role().map(|role| role.name().to_owned()),
            method: request.method().as_str().to_owned(),
            route: route.to_owned(),
            target: target(route, path).to_owned(),
            version_before: version(app),
            version_after: None,
            item_version_before: item_version(app, route, path),
            item_version_after: None,
            address: request.extensions().get::<Peer>().map(|peer| peer.address.to_string()),
            status: 0,
            request_id: id,
        };
        Some(Self(entry))
    }

    fn write(mut self, app: &App, status: StatusCode) {
        self.0.at = clock::now();
        self.0.version_after = version(app);
        self.0.item_version_after = item_version(app, &self.0.route, &self.0.target);
        self.0.status = status.as_u16();
        app.register().into_iter().for_each(|register| register.note(self.0.clone()));
    }
}

fn version(app: &App) -> Option<u64> {
    app.tenant().ok().map(|tenant| tenant.state().version)
}

/// The version of the segment or audience that a path is about.
fn item_version(app: &App, route: &str, path: &str) -> Option<u64> {
    let id = |under: &str| {
        let behind = route.starts_with(&format!("{under}{{id}}")).then(|| path.strip_prefix(under)).flatten()?;
        behind.split('/').next()?.parse::<u64>().ok()
    };
    let state = app.tenant().ok()?.state();
    let of_segment = || state.segments.get(SegmentId(id("/api/segments/")?)).ok().map(|segment| segment.version);
    let of_audience = || state.audiences.get(AudienceId(id("/api/audiences/")?)).ok().map(|audience| audience.version);
    of_segment().or_else(of_audience)
}

/// What a request without a key that counts is answered with.
pub(crate) fn unauthorized(code: &'static str, message: &str) -> ApiError {
    ApiError::new(StatusCode::UNAUTHORIZED, code, message)
}

/// The key that a request carries; none where there is no such header.
///
/// # Errors
/// When the header is of another scheme.
pub(crate) fn bearer(headers: &axum::http::HeaderMap) -> Result<Option<&str>, ApiError> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default();
    match text.split_once(' ') {
        Some((scheme, key)) if scheme.eq_ignore_ascii_case("bearer") => Ok(Some(key.trim())),
        _ => Err(unauthorized(
            "bad_authorization",
            "authorization is \"Bearer\" and a key, such as Authorization: Bearer mk_...",
        )),
    }
}
