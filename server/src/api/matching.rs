//! `/api/matching/settings`: how much each reason weighs when events are matched with customers, and which fields are
//! asked.

use axum::extract::State;
use axum::http::StatusCode;
use muster_engine::command::{Command, OfferChange};
use muster_engine::offer::{Matching, ProfileField, Reason};
use muster_engine::tenant;
use serde_json::{Map, Value as Json, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer;
use super::app::{App, Reply};
use super::error::ProblemDetails;
use super::form::Form;
use super::shapes::{MatchingAnswer, MatchingRequest};
use super::terms::Key;

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(read, update))
}

/// How events are matched with customers.
#[utoipa::path(get, path = "/api/matching/settings", tag = "event targeting", responses((status = 200, body = MatchingAnswer)))]
pub(crate) async fn read(State(app): State<App>) -> Reply {
    Ok(answer::json(StatusCode::OK, described(&app.tenant()?.state())))
}

/// Change how events are matched with customers. Keys that are left out are as they are at first.
///
/// Weights need not add up to 100: scores go up to their sum, which answers tell as `max_score`.
#[utoipa::path(put, path = "/api/matching/settings", tag = "event targeting", params(Key), request_body = MatchingRequest,
    responses((status = 200, body = MatchingAnswer), (status = 422, body = ProblemDetails)))]
pub(crate) async fn update(State(app): State<App>, key: Key, mut form: Form) -> Reply {
    let matching = settings(&mut form);
    form.finish()?;
    app.change(Command::Offer(OfferChange::Settings(matching)), key.terms()).await?;
    Ok(answer::json(StatusCode::OK, described(&app.tenant()?.state())))
}

fn settings(form: &mut Form) -> Matching {
    let mut matching = Matching::default();
    let weights = form.part("weights", |part| {
        let mut weights = Matching::default().weights;
        for reason in Reason::ALL {
            if let Some(weight) = whole(part, reason.key()) {
                weights[reason as usize] = weight;
            }
        }
        Some(weights)
    });
    let fields = form.part("fields", |part| {
        let mut fields = Matching::default().fields;
        for field in ProfileField::ALL {
            if let Some(name) = part.text(field.key()) {
                fields[field as usize] = name;
            }
        }
        Some(fields)
    });
    matching.weights = weights.unwrap_or(matching.weights);
    matching.fields = fields.unwrap_or(matching.fields);
    matching.country_weight = whole(form, "country_weight");
    if let Some(least) = whole(form, "engagement_min") {
        matching.engagement_min = least;
    }
    if let Some(percent) = whole(form, "price_tolerance_percent") {
        matching.price_tolerance = percent;
    }
    if let Err(error) = matching.clone().checked() {
        form.refused(error);
    }
    matching
}

/// A whole number; one beyond all bounds is refused with these.
fn whole(form: &mut Form, key: &'static str) -> Option<u32> {
    form.number(key).map(|number| u32::try_from(number).unwrap_or(u32::MAX))
}

fn described(state: &tenant::State) -> Map<String, Json> {
    let matching = state.offers.matching();
    let weights: Map<String, Json> =
        Reason::ALL.into_iter().map(|reason| (reason.key().to_owned(), json!(matching.weight(reason)))).collect();
    let fields: Map<String, Json> =
        ProfileField::ALL.into_iter().map(|field| (field.key().to_owned(), json!(matching.field(field)))).collect();
    let mut body = Map::new();
    body.insert("weights".into(), weights.into());
    body.insert("max_score".into(), json!(matching.max_score()));
    body.insert("country_weight".into(), json!(matching.country()));
    body.insert("engagement_min".into(), json!(matching.engagement_min));
    body.insert("price_tolerance_percent".into(), json!(matching.price_tolerance));
    body.insert("fields".into(), fields.into());
    body.insert("data_version".into(), json!(state.version));
    body
}
