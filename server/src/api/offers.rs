//! `/api/event-offers`: events for sale, which customers are matched with (`recommendations`).
//!
//! Not `POST /api/events`, which takes what customers did.

use axum::extract::State;
use axum::http::StatusCode;
use muster_engine::catalog::Status;
use muster_engine::command::{Command, OfferChange, Outcome};
use muster_engine::error::Error;
use muster_engine::id::OfferId;
use muster_engine::offer::{Details, Generated, Offer, Price, PriceRange};
use muster_engine::tenant;
use serde_json::{Map, Number, Value as Json, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer;
use super::app::{App, Reply};
use super::error::{ApiError, ProblemDetails};
use super::form::Form;
use super::pages::{self, PageQuery};
use super::path::PathId;
use super::query::Query;
use super::shapes::{OfferAnswer, OfferList, OfferRequest};
use super::terms::Key;
use crate::clock;

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(read, replace, delete))
}

/// Save an event that is for sale: a concert, a sale, a launch.
#[utoipa::path(post, path = "/api/event-offers", tag = "event targeting", params(Key), request_body = OfferRequest,
    responses((status = 201, body = OfferAnswer), (status = 409, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn create(State(app): State<App>, key: Key, mut form: Form) -> Reply {
    let id = form.number("id").map(|id| OfferId(id as u64));
    save(app, id, true, key, form).await
}

/// Save an event anew under its id, or a new one under an id of your own. Keys that are left out are empty then.
#[utoipa::path(put, path = "/api/event-offers/{id}", tag = "event targeting", params(("id" = u64, Path), Key), request_body = OfferRequest,
    responses((status = 200, body = OfferAnswer), (status = 201, body = OfferAnswer), (status = 422, body = ProblemDetails)))]
pub(crate) async fn replace(State(app): State<App>, PathId(id): PathId, key: Key, mut form: Form) -> Reply {
    let id = offer_id(&id)?;
    if form.number("id").is_some_and(|given| given as u64 != id.0) {
        form.mistake("/id", "id_differs", "the id is that of the path; leave it out");
    }
    save(app, Some(id), false, key, form).await
}

async fn save(app: App, id: Option<OfferId>, is_new: bool, key: Key, mut form: Form) -> Reply {
    let (tenant, now) = (app.tenant()?, clock::now());
    let details = details(&mut form);
    form.finish()?;
    let was_there = id.is_some_and(|id| tenant.state().offers.get(id).is_ok());
    let change = OfferChange::Put { id, is_new, details, now };
    let outcome = app.change(Command::Offer(change), key.terms()).await?;
    let Outcome::Offer(id) = outcome else { return Err(ApiError::internal("an event was saved as something else")) };
    let status = if was_there && !is_new { StatusCode::OK } else { StatusCode::CREATED };
    answered(&tenant.state(), id, status)
}

/// Events for sale, page by page.
#[utoipa::path(get, path = "/api/event-offers", tag = "event targeting", params(PageQuery),
    responses((status = 200, body = OfferList), (status = 422, body = ProblemDetails)))]
pub(crate) async fn list(State(app): State<App>, Query(query): Query<PageQuery>) -> Reply {
    let state = app.tenant()?.state();
    let (found, next) = pages::by_id(state.offers.iter(), |offer| offer.id.0, &query)?;
    let items: Vec<_> = found.into_iter().map(|offer| described(offer)).collect();
    Ok(answer::json(StatusCode::OK, json!({"items": items, "next_cursor": next, "total": state.offers.len()})))
}

/// One event for sale.
#[utoipa::path(get, path = "/api/event-offers/{id}", tag = "event targeting", params(("id" = u64, Path)),
    responses((status = 200, body = OfferAnswer), (status = 404, body = ProblemDetails)))]
pub(crate) async fn read(State(app): State<App>, PathId(id): PathId) -> Reply {
    answered(&app.tenant()?.state(), offer_id(&id)?, StatusCode::OK)
}

/// Delete an event. Segments that were made of it stay.
#[utoipa::path(delete, path = "/api/event-offers/{id}", tag = "event targeting", params(("id" = u64, Path), Key),
    responses((status = 204), (status = 404, body = ProblemDetails)))]
pub(crate) async fn delete(State(app): State<App>, PathId(id): PathId, key: Key) -> Reply {
    app.change(Command::Offer(OfferChange::Delete(offer_id(&id)?)), key.terms()).await?;
    Ok(answer::nothing())
}

/// The event that a path names.
pub(super) fn offer_id(text: &str) -> Result<OfferId, ApiError> {
    text.parse().map(OfferId).map_err(|_| Error::NotFound(format!("there is no event \"{text}\"")).into())
}

/// What a request says an event is; mistakes are noted, those of content too.
fn details(form: &mut Form) -> Details {
    let word = |value: Json| if let Json::String(word) = value { Some(word) } else { None };
    let mut words = |key| form.list(key, "strings", word).unwrap_or_default();
    let (genres, event_types, artists) = (words("genres"), words("event_types"), words("artists"));
    let (min, max) = (price(form, "price_min"), price(form, "price_max"));
    let price = min.or(max).zip(max.or(min)).map(|(min, max)| PriceRange { min, max });
    let status = form.text("status").map(|name| {
        let known = Status::from_name(&name);
        if known.is_none() {
            let message = format!("status is draft, active or archived, not \"{name}\"");
            form.mistake("/status", "bad_status", &message);
        }
        known.unwrap_or_default()
    });
    let details = Details {
        name: form.required_text("name"),
        genres,
        event_types,
        artists,
        price,
        city: form.text("city"),
        country: form.text("country"),
        starts_at: form.instant("starts_at"),
        status: status.unwrap_or_default(),
    };
    if let Err(error) = details.clone().checked() {
        form.refused(error);
    }
    details
}

/// An amount as a number, or as a string of one: exact amounts travel so in many systems.
fn price(form: &mut Form, key: &'static str) -> Option<Price> {
    let text = match form.take(key)? {
        Json::Number(number) => number.to_string(),
        Json::String(text) => text,
        other => other.to_string(),
    };
    let price = Price::parse(&text);
    if price.is_none() {
        let message =
            format!("\"{key}\" must be a number such as 25 or 17.50 with at most four digits after the point");
        form.mistake(&format!("/{key}"), "wrong_type", &message);
    }
    price
}

fn answered(state: &tenant::State, id: OfferId, status: StatusCode) -> Reply {
    let mut body = described(state.offers.get(id)?);
    body.insert("data_version".into(), json!(state.version));
    Ok(answer::json(status, body))
}

/// An event as answers show it.
pub(super) fn described(offer: &Offer) -> Map<String, Json> {
    let Offer { id, details, created, updated, generated } = offer;
    let amount = |price: Price| Json::Number(Number::from_string_unchecked(price.to_string()));
    let mut body = Map::new();
    body.insert("id".into(), json!(id.0));
    body.insert("name".into(), json!(details.name));
    body.insert("genres".into(), json!(details.genres));
    body.insert("event_types".into(), json!(details.event_types));
    body.insert("artists".into(), json!(details.artists));
    body.insert("price_min".into(), json!(details.price.map(|range| amount(range.min))));
    body.insert("price_max".into(), json!(details.price.map(|range| amount(range.max))));
    body.insert("city".into(), json!(details.city));
    body.insert("country".into(), json!(details.country));
    body.insert("starts_at".into(), json!(details.starts_at.map(|start| start.to_string())));
    body.insert("status".into(), json!(details.status.name()));
    body.insert("created_at".into(), json!(created.to_string()));
    body.insert("updated_at".into(), json!(updated.to_string()));
    body.insert("generated".into(), json!(generated.as_ref().map(found)));
    body
}

/// What was found when recommendations were generated.
pub(super) fn found(generated: &Generated) -> Json {
    json!({
        "generated_at": generated.now.to_string(),
        "data_version": generated.data_version,
        "min_score": generated.min_score,
        "total": generated.total,
    })
}
