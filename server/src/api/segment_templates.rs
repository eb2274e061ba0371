//! Ready-made segments: ordinary definitions to start from. What is added is a segment like any other, to be edited.

use axum::extract::State;
use axum::http::StatusCode;
use muster_engine::error::{Error, Problem};
use muster_engine::tenant;
use serde_json::{Value as Json, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer;
use super::app::{App, Reply};
use super::attributes::Way;
use super::error::ProblemDetails;
use super::form::{Form, MaybeForm};
use super::path::PathId;
use super::precondition::IfMatch;
use super::segments;
use super::shapes::{SegmentAnswer, SegmentTemplateList, SegmentTemplateRequest};
use super::terms::Key;

/// A ready-made segment.
struct Template {
    name: &'static str,
    title: &'static str,
    about: &'static str,
    criteria: &'static str,
    fields: &'static [&'static str],
    events: &'static [&'static str],
}

const fn of_fields(
    name: &'static str,
    title: &'static str,
    about: &'static str,
    criteria: &'static str,
    fields: &'static [&'static str],
) -> Template {
    Template { name, title, about, criteria, fields, events: &[] }
}

/// All of them.
const TEMPLATES: [Template; 15] = [
    of_fields(
        "high-converters",
        "High converters",
        "more than 10 purchases for each hundred views",
        r#"{"field":"conversion_rate","operator":">","value":10}"#,
        &["conversion_rate"],
    ),
    of_fields(
        "window-shoppers",
        "Window shoppers",
        "many views and no purchase",
        r#"{"match":"all","rules":[{"field":"views","operator":">=","value":20},{"field":"purchase_count","operator":"=","value":0}]}"#,
        &["views", "purchase_count"],
    ),
    Template {
        name: "cart-abandoners",
        title: "Cart abandoners",
        about: "put something into the cart in 30 days and bought nothing after it",
        criteria: r#"{"event":"cart","within_days":30,"not_followed_by":{"event":"purchase"}}"#,
        fields: &[],
        events: &["cart", "purchase"],
    },
    of_fields(
        "loyal-customers",
        "Loyal customers",
        "bought three times or more",
        r#"{"field":"purchase_count","operator":">=","value":3}"#,
        &["purchase_count"],
    ),
    of_fields(
        "at-risk",
        "At risk",
        "bought before and is likely to leave",
        r#"{"match":"all","rules":[{"field":"purchase_count","operator":">=","value":1},{"field":"churn_risk","operator":">=","value":60}]}"#,
        &["purchase_count", "churn_risk"],
    ),
    of_fields(
        "vip",
        "VIP customers",
        "an engagement score above 80",
        r#"{"field":"engagement_score","operator":">","value":80}"#,
        &["engagement_score"],
    ),
    of_fields(
        "engaged",
        "Engaged users",
        "an engagement score of 70 and more",
        r#"{"field":"engagement_score","operator":">=","value":70}"#,
        &["engagement_score"],
    ),
    of_fields(
        "recent-buyers",
        "Recent buyers",
        "bought in 30 days",
        r#"{"field":"last_purchase","operator":"within_days","value":30}"#,
        &["last_purchase"],
    ),
    of_fields(
        "churned",
        "Churned customers",
        "bought, and not in 180 days",
        r#"{"field":"last_purchase","operator":"before_days","value":180}"#,
        &["last_purchase"],
    ),
    of_fields(
        "newsletter",
        "Newsletter subscribers",
        "subscribed and active",
        r#"{"match":"all","rules":[{"field":"subscribed","operator":"=","value":true},{"field":"status","operator":"is","value":"active"}]}"#,
        &["subscribed", "status"],
    ),
    of_fields(
        "high-value-rock-fans",
        "High value rock fans",
        "spent 100 and more, likes rock or metal, bought in 90 days",
        r#"{"match":"all","rules":[{"field":"total_spent","operator":">=","value":100},{"field":"genres","operator":"includes","value":["rock","metal"]},{"field":"last_purchase","operator":"within_days","value":90}]}"#,
        &["total_spent", "genres", "last_purchase"],
    ),
    of_fields(
        "vehicle-interest",
        "Interested in SUVs",
        "by the vehicle that somebody is interested in",
        r#"{"field":"vehicle_interest","operator":"in","value":["suv"]}"#,
        &["vehicle_interest"],
    ),
    of_fields(
        "income-range",
        "Middle and higher incomes",
        "by a range of yearly income",
        r#"{"field":"income","operator":"between","value":[50000,150000]}"#,
        &["income"],
    ),
    of_fields(
        "families",
        "Families",
        "by family status",
        r#"{"field":"family_status","operator":"in","value":["married","family"]}"#,
        &["family_status"],
    ),
    of_fields(
        "purchase-intent",
        "Ready to buy",
        "by how much somebody wants to buy",
        r#"{"field":"purchase_intent","operator":"in","value":["high"]}"#,
        &["purchase_intent"],
    ),
];

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(add))
}

/// Ready-made segments, and which fields and events each needs that are not there.
#[utoipa::path(get, path = "/api/segments/templates", tag = "segments", responses((status = 200, body = SegmentTemplateList)))]
pub(crate) async fn list(State(app): State<App>) -> Reply {
    let state = app.tenant()?.state();
    let one = |template: &Template| {
        let (fields, events) = missing(template, &state);
        json!({"name": template.name, "title": template.title, "description": template.about,
            "criteria": criteria(template), "missing_fields": fields, "missing_events": events})
    };
    Ok(answer::json(StatusCode::OK, json!({"templates": TEMPLATES.iter().map(one).collect::<Vec<_>>()})))
}

/// Save a ready-made segment, under its own name or another one.
#[utoipa::path(post, path = "/api/segments/templates/{name}", tag = "segments", params(("name" = String, Path), Key),
    request_body = SegmentTemplateRequest,
    responses((status = 201, body = SegmentAnswer), (status = 404, body = ProblemDetails), (status = 409, body = ProblemDetails)))]
pub(crate) async fn add(State(app): State<App>, PathId(name): PathId, key: Key, form: MaybeForm) -> Reply {
    let mut form = form.0;
    let title = form.text("name");
    form.finish()?;
    let Some(template) = TEMPLATES.iter().find(|template| template.name == name) else {
        let message = format!("there is no ready-made segment \"{name}\"; GET /api/segments/templates lists them");
        return Err(Error::NotFound(message).into());
    };
    let (fields, events) = missing(template, &app.tenant()?.state());
    if !fields.is_empty() || !events.is_empty() {
        let named = |what: &str, names: &[&str]| (!names.is_empty()).then(|| format!("{what} {}", names.join(", ")));
        let lacking = [named("the fields", &fields), named("events of type", &events)];
        let message = format!(
            "this segment needs {}; POST /api/schema/enrichment declares those that are computed from events, the others \
             come with profiles or PUT /api/schema",
            lacking.into_iter().flatten().collect::<Vec<_>>().join(" and ")
        );
        return Err(Error::Conflict(Problem::new("", "missing_fields", message)).into());
    }
    let title = title.unwrap_or_else(|| template.title.to_owned());
    let body = json!({"name": title, "description": template.about, "segment_type": "dynamic",
        "criteria": criteria(template)});
    let form = Form::read(body.to_string().as_bytes())?;
    segments::save(app, None, Way::New, (key, IfMatch::default()), form).await
}

fn criteria(template: &Template) -> Json {
    // What stands in the program is JSON, which a test reads.
    serde_json::from_str(template.criteria).unwrap_or_default()
}

/// Names of fields and of types of events that are not there.
fn missing(template: &Template, state: &tenant::State) -> (Vec<&'static str>, Vec<&'static str>) {
    let (schema, events) = (state.view.schema(), state.view.events().schema());
    let fields = template.fields.iter().filter(|name| schema.find(name).is_none()).copied();
    (fields.collect(), template.events.iter().filter(|name| events.find_type(name).is_none()).copied().collect())
}
