//! People at the door: signing in and out, and who may.

mod cookie;
mod session;
mod users;

pub(crate) use cookie::{check_origin, token};

use utoipa_axum::router::OpenApiRouter;

use super::app::App;

/// The routes of this folder.
pub(super) fn router() -> OpenApiRouter<App> {
    session::router().merge(users::router())
}
