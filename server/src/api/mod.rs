//! The HTTP surface: extract, call, render.
//!
//! One file per resource, each with its own `router()`; here they become one. Every answer passes `request`, every
//! refusal is a problem from `error`. Connections are `serve`'s business.

mod app;
mod body;
mod error;
mod form;
mod gate;
mod layers;
mod path;
mod patience;
mod permission_table;
mod permissions;
mod query;
mod rejection;
mod request;
mod terms;
mod unchecked;
mod weight;

mod answer;
mod asked;
mod attributes;
mod field_value;
mod gate_words;
mod listing;
mod pages;
mod precondition;
mod shapes;
mod sight;

pub(crate) mod account;
mod aliases;
mod analytics;
mod audience_definition;
mod audiences;
mod audit;
mod changes;
mod computed;
mod contacting;
mod dashboard;
mod diffs;
mod docs;
mod erasures;
mod event_imports;
mod event_rows;
mod events;
mod everything;
mod excluded;
mod exclusion_groups;
mod explanations;
mod exports;
mod fields;
mod health;
mod keeping;
mod keys;
mod lints;
mod lists;
mod lookalikes;
mod matching;
mod member_changes;
mod metrics;
mod offers;
mod overlaps;
mod page;
mod profiles;
mod prompts;
mod reaches;
mod recommendations;
mod schema;
mod segment_templates;
mod segments;
mod settings;
mod snapshots;
mod suppressions;
mod tenants;
#[cfg(test)]
mod tests;
mod uses;
mod version_differences;
mod versions;
mod webhooks;

pub use app::{App, Places};
pub use body::Json;
pub(crate) use changes::describe as describe_entry;
pub use docs::description;
pub use error::{ApiError, Mistake, ProblemDetails};
pub(crate) use event_imports::import_json;
pub(crate) use gate::{Admission, Admitted, Peer, bearer, unauthorized};
pub(crate) use profiles::report_json;
pub use query::Query;
pub(crate) use snapshots::summary as snapshot_json;

use axum::Router;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

/// Everything the server answers.
pub fn router(app: App) -> Router {
    let (resources, openapi) = resources().split_for_parts();
    layers::finish(resources.merge(aliases::router()).merge(docs::router(openapi)).merge(page::router()), app)
}

/// The documented routes, one line a resource.
fn resources() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(docs::Description::openapi())
        .merge(health::router())
        .merge(schema::router())
        .merge(fields::router())
        .merge(profiles::router())
        .merge(everything::router())
        .merge(events::router())
        .merge(event_imports::router())
        .merge(segments::router())
        .merge(changes::router())
        .merge(webhooks::router())
        .merge(explanations::router())
        .merge(diffs::router())
        .merge(lints::router())
        .merge(analytics::router())
        .merge(prompts::router())
        .merge(lookalikes::router())
        .merge(reaches::router())
        .merge(overlaps::router())
        .merge(audiences::router())
        .merge(excluded::router())
        .merge(lists::router())
        .merge(suppressions::router())
        .merge(contacting::router())
        .merge(exclusion_groups::router())
        .merge(snapshots::router())
        .merge(exports::router())
        .merge(erasures::router())
        .merge(keeping::router())
        .merge(uses::router())
        .merge(versions::router())
        .merge(dashboard::router())
        .merge(metrics::router())
        .merge(settings::router())
        .merge(account::router())
        .merge(keys::router())
        .merge(audit::router())
        .merge(tenants::router())
        .merge(offers::router())
        .merge(matching::router())
        .merge(recommendations::router())
}
