//! `GET /api/profiles/{id}/everything`: all that is known about one person, for that person (article 15 of the GDPR).
//!
//! It looks wherever an erasure looks: fields, events, sets they are in or named in, gates, contacts, snapshots. For admins
//! only, so nothing of it is masked, and the audit says who has asked. Whether they consent to a channel is told as of the
//! instant of asking, with the rule and the purpose that it comes of, and beside it all that they said. The audit itself is not searched: it names nobody who is in the data.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use muster_engine::error::Result;
use muster_engine::gate::{Channel, Occurrences, Suppression, SuppressionMembers};
use muster_engine::id::Row;
use muster_engine::rule::to_text;
use muster_engine::schema::normalize;
use muster_engine::tenant::State as TenantState;
use muster_engine::time::Timestamp;
use serde_json::{Map, Value as Json, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer;
use super::app::{App, Reply, heavy};
use super::contacting::consents_of;
use super::error::ProblemDetails;
use super::events::event_json;
use super::pages::PageQuery;
use super::path::PathId;
use super::profiles::row_of;
use super::query::Query;
use super::shapes::EverythingAnswer;
use crate::clock;

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(read))
}

/// All that is known about one person. For admins; the audit says who has asked.
#[utoipa::path(get, path = "/api/profiles/{id}/everything", tag = "profiles", params(("id" = String, Path), PageQuery),
    responses((status = 200, body = EverythingAnswer), (status = 404, body = ProblemDetails)))]
pub(crate) async fn read(State(app): State<App>, PathId(id): PathId, Query(query): Query<PageQuery>) -> Reply {
    let now = query.now(clock::now())?;
    let state = app.tenant()?.state();
    let (row, id) = (row_of(&state, &id)?, normalize(&id));
    let person = Person { state: &state, row, id: &id, now };
    let body = heavy(|| person.described())?;
    Ok(answer::json(StatusCode::OK, body))
}

/// Somebody, in a state, at an instant.
struct Person<'s> {
    state: &'s TenantState,
    row: Row,
    id: &'s str,
    now: Timestamp,
}

impl Person<'_> {
    fn described(&self) -> Result<Map<String, Json>> {
        let Self { state, row, now, .. } = self;
        let mut body = match answer::profile(&state.view.profile(*row), &state.view) {
            Json::Object(body) => body,
            _ => Map::new(),
        };
        let events = state.view.events();
        let count = usize::try_from(events.count_of(*row)).unwrap_or(usize::MAX);
        let found = events.of_profile(*row, None, 0, count);
        let parts = [
            ("events", found.iter().map(|event| event_json(events, event)).collect()),
            ("segments", self.segments()),
            ("audiences", self.audiences()?),
            ("lists", self.lists()),
            ("suppressions", self.suppressions()),
            ("channels", self.channels()),
            ("consents", consents_of(state, *row).into()),
            ("control_group", json!(self.is_in_control_group())),
            ("snapshots", self.snapshots()?),
            ("data_version", json!(state.version)),
            ("now", json!(now.to_string())),
        ];
        body.extend(parts.map(|(key, value)| (key.to_owned(), value)));
        Ok(body)
    }

    fn segments(&self) -> Json {
        let found = self.state.segments_of(self.row.0, self.now);
        found.iter().map(|one| json!({"id": one.id.0, "name": one.name, "segment_type": one.kind.name()})).collect()
    }

    /// Audiences that they are in, or that name them: whom an audience excludes by name is known to it as well.
    fn audiences(&self) -> Result<Json> {
        let (state, mut found) = (self.state, Vec::new());
        let moment = state.at(self.now);
        for audience in state.audiences.iter() {
            let is_member = moment.rows_of_audience(audience)?.contains(self.row.0);
            let is_named = audience.definition.names(self.id);
            if is_member || is_named {
                found.push(json!({
                    "id": audience.id.0,
                    "name": audience.name,
                    "is_member": is_member,
                    "is_named": is_named,
                }));
            }
        }
        Ok(found.into())
    }

    fn lists(&self) -> Json {
        let on = self.state.lists.iter().filter(|list| list.ids.rows.contains(self.row.0));
        on.map(|list| json!({"id": list.id.0, "name": list.name, "imported_at": list.created.to_string()})).collect()
    }

    /// Suppressions that keep them out, or did; with the instants when they were added, where these are kept.
    fn suppressions(&self) -> Json {
        let described = |suppression: &Arc<Suppression>| {
            let (list, added) = match &suppression.members {
                SuppressionMembers::List(id) => {
                    let list = self.state.lists.get(*id).ok()?;
                    let is_on = list.ids.rows.contains(self.row.0);
                    (Some(id.0), is_on.then(|| vec![list.created.to_string()])?)
                }
                SuppressionMembers::Ids(ids) => ids.rows.contains(self.row.0).then_some((None, Vec::new()))?,
                SuppressionMembers::Timed(all, _) => {
                    let added = self.instants(all);
                    (!added.is_empty()).then_some((None, added))?
                }
            };
            Some(json!({
                "id": suppression.id.0,
                "name": suppression.name,
                "list": list,
                "added_at": added,
                "expires_at": suppression.term.expires.map(|expires| expires.to_string()),
                "keep_days": suppression.term.keep_days,
            }))
        };
        self.state.gates.suppressions().filter_map(described).collect()
    }

    /// For every channel whether they consent, by which rule, and when they were contacted.
    fn channels(&self) -> Json {
        let moment = self.state.at(self.now);
        let described = |(name, channel): (&str, &Channel)| {
            let by_rule = channel.consent.as_ref().map(|(_, rule)| Arc::new(moment.rows(rule)));
            let consents = channel.consenting(by_rule).map(|rows| rows.contains(self.row.0));
            let text = channel.consent.as_ref().map(|(rule, _)| to_text(rule, &|_| None));
            json!({
                "name": name,
                "consents": consents,
                "consent_text": text,
                "purpose": channel.purpose,
                "contacted_at": self.instants(&channel.contacts),
            })
        };
        self.state.gates.channels().map(described).collect()
    }

    fn is_in_control_group(&self) -> bool {
        let gates = &self.state.gates;
        gates.control.as_ref().is_some_and(|slice| slice.has(&gates.tenant, self.id))
    }

    fn snapshots(&self) -> Result<Json> {
        let mut found = Vec::new();
        for snapshot in self.state.snapshots.iter() {
            if snapshot.rows(self.state.view.live())?.contains(self.row.0) {
                found.push(json!({
                    "id": snapshot.id.0,
                    "audience": snapshot.audience.0,
                    "name": snapshot.name,
                    "now": snapshot.now.to_string(),
                    "created_at": snapshot.created.to_string(),
                }));
            }
        }
        Ok(found.into())
    }

    /// The seconds in which something happened to them, the first first.
    fn instants(&self, all: &Occurrences) -> Vec<String> {
        all.of(self.row.0).into_iter().map(|second| Timestamp(second.saturating_mul(1_000_000)).to_string()).collect()
    }
}
