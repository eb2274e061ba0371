//! The paths that older systems use for the same things: one table, each line another name for a handler.
//!
//! They are not in the OpenAPI document: who starts anew uses the paths there.

use axum::Router;
use axum::routing::{get, post};

use super::app::App;
use super::{analytics, dashboard, profiles, recommendations, segments};

/// All other names.
pub(super) fn router() -> Router<App> {
    Router::new()
        // Audience Segments Platform: users inside a segment.
        .route("/api/segments/{id}/users", get(segments::members))
        .route("/api/segments/{id}/customers", get(segments::members))
        // Audience Targeting: everything under /api/audience.
        .route("/api/audience/profiles", get(profiles::list))
        .route("/api/audience/profiles/rebuild", post(profiles::rebuild))
        .route("/api/audience/profiles/{id}", get(profiles::read))
        .route("/api/audience/segments", get(segments::list).post(segments::create))
        .route("/api/audience/segments/preview", post(segments::preview))
        .route(
            "/api/audience/segments/{id}",
            get(segments::read).put(segments::update).patch(segments::patch).delete(segments::delete),
        )
        .route("/api/audience/segments/{id}/refresh", post(segments::refresh))
        .route("/api/audience/segments/{id}/members", get(segments::members))
        .route("/api/audience/dashboard", get(dashboard::read))
        .route("/api/audience/events/{id}/recommendations", get(recommendations::recommendations))
        .route("/api/audience/events/{id}/generate-recommendations", post(recommendations::generate))
        .route("/api/audience/events/{id}/create-segment", post(recommendations::create_segment))
        // Segmind: without the prefix.
        .route("/segments", get(segments::list))
        .route("/segments/create", post(segments::create))
        .route("/segments/{id}", get(segments::read))
        .route("/segments/{id}/customers", get(segments::members))
        .route("/analytics/segments", get(analytics::segments))
}
