//! People at the door: signing in and out, and who may.

mod cookie;
mod openid;
mod session;
mod users;

pub(crate) use cookie::{SESSION, check_origin};

use utoipa_axum::router::OpenApiRouter;

use super::app::App;

/// The routes of this folder.
pub(super) fn router() -> OpenApiRouter<App> {
    session::router().merge(openid::router()).merge(users::router())
}
