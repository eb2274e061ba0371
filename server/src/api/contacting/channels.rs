//! `/api/channels` and `/api/contacts`: who consents to be contacted by what, how often at most, and who was contacted.
//! Also `/api/control-group`, which is in no audience by any channel.

use axum::extract::State;
use axum::http::StatusCode;
use muster_engine::command::{Command, Contacted, GateChange};
use muster_engine::error::{Error, Problem};
use muster_engine::gate::{Channel, channel_name};
use muster_engine::id::SnapshotId;
use muster_engine::rule::{to_json, to_text};
use muster_engine::tenant;
use serde_json::{Map, Value as Json, json};

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::answer;
use crate::api::app::{App, Reply};
use crate::api::error::{ApiError, ProblemDetails};
use crate::api::form::Form;
use crate::api::gate_words::{cap, share, share_json};
use crate::api::path::PathId;
use crate::api::shapes::{
    ChannelAnswer, ChannelList, ChannelRequest, ContactsRequest, ControlGroupAnswer, ControlGroupRequest, NotedAnswer,
};
use crate::api::sight;
use crate::api::suppressions::noted;
use crate::api::terms::Key;
use crate::clock;

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(read, put))
        .routes(routes!(contacts))
        .routes(routes!(control, set_control))
}

/// All channels.
#[utoipa::path(get, path = "/api/channels", tag = "gates", responses((status = 200, body = ChannelList)))]
pub(crate) async fn list(State(app): State<App>) -> Reply {
    let state = app.tenant()?.state();
    let items: Vec<_> = state.gates.channels().map(|(name, channel)| describe(&state, name, channel)).collect();
    Ok(answer::json(StatusCode::OK, json!({"items": items})))
}

/// Who consents to a channel, and how often people may be contacted by it.
#[utoipa::path(get, path = "/api/channels/{name}", tag = "gates", params(("name" = String, Path)),
    responses((status = 200, body = ChannelAnswer), (status = 404, body = ProblemDetails)))]
pub(crate) async fn read(State(app): State<App>, PathId(name): PathId) -> Reply {
    let state = app.tenant()?.state();
    let missing = || Error::NotFound(format!("there is no channel \"{name}\""));
    let known = channel_name(&name).map_err(|_| missing())?;
    let channel = state.gates.channel(&known).ok_or_else(missing)?;
    Ok(answer::json(StatusCode::OK, describe(&state, &known, channel)))
}

/// Say who consents to a channel, and how often people may be contacted by it.
///
/// `consent` is a rule over fields. With a `purpose`, what somebody said last about it goes before the rule, and whoever
/// said nothing and is not selected by a rule does not consent. Without either everybody does. A cap takes out whoever had that many contacts in
/// the last so many days: a contact at `t` counts while `now - days * 86,400 s <= t <= now`.
#[utoipa::path(put, path = "/api/channels/{name}", tag = "gates", params(("name" = String, Path), Key), request_body = ChannelRequest,
    responses((status = 200, body = ChannelAnswer), (status = 422, body = ProblemDetails)))]
pub(crate) async fn put(State(app): State<App>, PathId(name): PathId, key: Key, mut form: Form) -> Reply {
    let name = channel_name(&name)?;
    let tenant = app.tenant()?;
    let state = tenant.state();
    let mut consent = None;
    if let Some(json) = form.take("consent") {
        match state.read_json(&json) {
            Ok((rule, _)) => consent = Some(rule),
            Err(error) => form.refused(error.below("/consent")),
        }
    }
    if let Some(text) = form.text("consent_text") {
        match state.read_text(&text) {
            Ok(_) if consent.is_some() => {
                form.mistake("/consent_text", "two_rules", "give the rule once: as consent or as consent_text");
            }
            Ok((rule, _)) => consent = Some(rule),
            Err(Error::Invalid(problems)) => problems
                .into_iter()
                .for_each(|problem| form.problem(Problem { pointer: "/consent_text".into(), ..problem })),
            Err(error) => form.refused(error),
        }
    }
    let (purpose, caps) = (form.text("purpose"), form.parts("caps", cap).unwrap_or_default());
    form.finish()?;
    let change = GateChange::SetChannel { name: name.clone(), consent, purpose, caps };
    app.change(Command::Gate(change), key.terms()).await?;
    let state = tenant.state();
    let channel =
        state.gates.channel(&name).ok_or_else(|| ApiError::internal("a channel was kept as something else"))?;
    Ok(answer::json(StatusCode::OK, describe(&state, &name, channel)))
}

fn describe(state: &tenant::State, name: &str, channel: &Channel) -> Json {
    let rule = channel.consent.as_ref().map(|(rule, _)| rule);
    let caps: Vec<Json> = channel.caps.iter().map(|cap| json!({"contacts": cap.contacts, "days": cap.days})).collect();
    let mut body = Map::new();
    body.insert("name".into(), json!(name));
    body.insert("consent".into(), json!(rule.map(|rule| to_json(rule, &|_| None))));
    body.insert("consent_text".into(), json!(rule.map(|rule| to_text(rule, &|_| None))));
    body.insert("purpose".into(), json!(channel.purpose));
    body.insert("purposes".into(), purposes(channel));
    body.insert("caps".into(), json!(caps));
    body.insert("contacts".into(), json!(channel.contacts.len()));
    body.insert("contact_bytes".into(), json!(channel.contacts.bytes()));
    body.insert("data_version".into(), json!(state.version));
    if rule.is_some_and(|rule| sight::is_masked(rule, state.view.schema())) {
        sight::mask(&mut body, &["consent", "consent_text"]);
    }
    body.into()
}

/// What people may have said something about, and how many say what at present.
fn purposes(channel: &Channel) -> Json {
    let told = channel.consents.iter().map(|(name, record)| {
        json!({"name": name, "granted": record.granted().len(), "withdrawn": record.withdrawn().len()})
    });
    told.collect()
}

/// Note that people were contacted: these ids, or the members of a snapshot.
///
/// Times are kept in whole seconds; the same person in the same second is one contact, so sending it again changes
/// nothing. Ids that no profile has are reported and not kept.
#[utoipa::path(post, path = "/api/contacts", tag = "gates", params(Key), request_body = ContactsRequest,
    responses((status = 200, body = NotedAnswer), (status = 404, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn contacts(State(app): State<App>, key: Key, mut form: Form) -> Reply {
    let now = clock::now();
    let channel = form.required_text("channel");
    let (ids, snapshot) = (form.ids("ids"), form.number("snapshot"));
    let at = form.instant("time").unwrap_or(now);
    let who = match (ids, snapshot) {
        (Some(ids), None) => Contacted::Ids(ids),
        (None, Some(id)) => Contacted::Snapshot(SnapshotId(id as u64)),
        _ => {
            form.mistake("", "missing_key", "say who was contacted: \"ids\", or the \"snapshot\" that was sent to");
            Contacted::Ids(Vec::new())
        }
    };
    form.finish()?;
    let change = GateChange::RecordContacts { channel, who, at, now };
    let outcome = app.change(Command::Gate(change), key.terms()).await?;
    noted(&app, outcome)
}

/// The control group of the tenant: a slice of people who are in no audience.
#[utoipa::path(get, path = "/api/control-group", tag = "gates", responses((status = 200, body = ControlGroupAnswer)))]
pub(crate) async fn control(State(app): State<App>) -> Reply {
    let state = app.tenant()?.state();
    let slice = state.gates.control.as_ref().map(share_json);
    Ok(answer::json(StatusCode::OK, json!({"control_group": slice, "data_version": state.version})))
}

/// Set the control group of the tenant, or give it up with `null`.
#[utoipa::path(put, path = "/api/control-group", tag = "gates", params(Key), request_body = ControlGroupRequest,
    responses((status = 200, body = ControlGroupAnswer), (status = 422, body = ProblemDetails)))]
pub(crate) async fn set_control(State(app): State<App>, key: Key, mut form: Form) -> Reply {
    if form.peek("control_group").is_none() {
        form.mistake("", "missing_key", "\"control_group\" is missing: {\"percent\", \"salt\"}, or null for none");
    }
    let slice = form.part("control_group", share);
    form.finish()?;
    app.change(Command::Gate(GateChange::SetControl(slice)), key.terms()).await?;
    control(State(app)).await
}
