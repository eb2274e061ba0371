//! The description of all routes: `/api/openapi.json` for machines, `/api/docs` for people.
//!
//! The page's files are inside the binary; nothing is fetched from another host.

use axum::Router;
use utoipa::OpenApi;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::{App, Mistake, ProblemDetails};

/// What the description says besides the routes.
#[derive(Debug, OpenApi)]
#[openapi(
    info(title = "Muster", description = "Customer segmentation: how many, and who?"),
    components(schemas(ProblemDetails, Mistake))
)]
pub(super) struct Description;

/// `/api/openapi.json` without a server, from which the page's types are made.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn description() -> serde_json::Result<String> {
    named(super::resources().into_openapi()).to_pretty_json()
}

/// The routes of the description.
pub(super) fn router(openapi: utoipa::openapi::OpenApi) -> Router<App> {
    // Swagger UI would have the description checked by a validator on another host.
    let config = Config::default().validator_url("none").try_it_out_enabled(true);
    SwaggerUi::new("/api/docs").config(config).url("/api/openapi.json", named(openapi)).into()
}

/// Names each operation by its method and path. Handlers of different resources have the same names, and clients are
/// generated from these.
fn named(mut openapi: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    for (path, item) in &mut openapi.paths.paths {
        for (method, operation) in operations(item) {
            if let Some(operation) = operation {
                operation.operation_id = Some(operation_id(method, path));
            }
        }
    }
    openapi
}

fn operations(item: &mut PathItem) -> [(&'static str, &mut Option<Operation>); 5] {
    [
        ("get", &mut item.get),
        ("post", &mut item.post),
        ("put", &mut item.put),
        ("patch", &mut item.patch),
        ("delete", &mut item.delete),
    ]
}

/// `get_segments_by_id_members` of `GET /api/segments/{id}/members`.
fn operation_id(method: &str, path: &str) -> String {
    let words = path.strip_prefix("/api").unwrap_or(path).split('/').filter(|part| !part.is_empty());
    let words = words.map(|part| match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
        Some(name) => format!("by_{name}"),
        None => part.replace(['-', '.'], "_"),
    });
    std::iter::once(method.to_owned()).chain(words).collect::<Vec<_>>().join("_")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    #[test]
    fn every_operation_has_a_name_of_its_own() {
        let description: serde_json::Value =
            serde_json::from_str(&super::description().expect("a description")).expect("JSON");
        let mut names = BTreeSet::new();
        for (path, methods) in description["paths"].as_object().expect("paths") {
            for (method, operation) in methods.as_object().expect("methods") {
                let name = operation["operationId"].as_str().expect("a name").to_owned();
                assert!(name.starts_with(method.as_str()), "{method} {path}: {name}");
                assert!(names.insert(name.clone()), "{name} is the name of two operations");
            }
        }
        assert!(names.contains("get_segments_by_id_members") && names.len() > 100, "{names:?}");
    }
}
