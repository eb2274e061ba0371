//! Who may be contacted by what, and for what.

mod channels;
mod consents;

pub(crate) use consents::consents_of;

use utoipa_axum::router::OpenApiRouter;

use super::app::App;

/// The routes of this folder.
pub(super) fn router() -> OpenApiRouter<App> {
    channels::router().merge(consents::router())
}
