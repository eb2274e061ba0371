//! What routes may refuse besides what each says itself, as the description has it: whoever is refused gets problem JSON,
//! and the doors in front of the handlers (`gate`, `body`, `query`, `key`) refuse every route alike.
//!
//! Names of operations are made here too, from method and path, because functions of several files share their names.

use std::collections::BTreeMap;

use utoipa::openapi::path::{Operation, Parameter, ParameterIn};
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::{ContentBuilder, OpenApi, PathItem, Ref, RefOr};

/// What every route may answer: see `gate` and `request`.
const ANYWHERE: [(&str, &str); 5] = [
    ("401", "Nobody, or nobody who is known."),
    ("403", "A caller who may not."),
    ("429", "Asked too often: `Retry-After` says when to come back."),
    ("500", "A mistake of the server's; the log has its cause under the request id."),
    ("503", "Not now: the same request may be answered in a moment."),
];

/// What is said of the routes with parameters or a body.
const WRONG: (&str, &str) = ("422", "All that is wrong with the request, each with its place.");

/// What is said of the routes that name something; under an idempotency key what was made before may be gone.
const NOT_THERE: (&str, &str) = ("404", "There is no such thing, or it is somebody else's, or it is gone.");

/// What is said of the routes with a body.
const BODY: [(&str, &str); 3] = [
    ("400", "The body is not what it says, or ended before it was complete."),
    ("413", "The body is too large."),
    ("415", "The body's type is none that is read here."),
];

/// What is said of the routes that change something.
const CHANGE: [(&str, &str); 3] = [
    NOT_THERE,
    ("409", "What is there stands in the way, or something else was asked under this idempotency key."),
    ("507", "There is no room: on disk, in memory, or in what the tenant may have."),
];

/// Completes the description of all routes.
pub(super) fn complete(openapi: &mut OpenApi) {
    let mut shared = BTreeMap::new();
    for (path, item) in &mut openapi.paths.paths {
        for (method, operation) in operations(item) {
            operation.operation_id = Some(name(method, path));
            operation.responses.responses.iter_mut().filter(|(status, _)| is_refusal(status)).for_each(
                |(_, response)| {
                    if let RefOr::T(response) = response {
                        response.content = refusal("").content;
                    }
                },
            );
            for (status, meaning) in refusals(operation, path) {
                let name = format!("Refused{status}");
                let responses = &mut operation.responses.responses;
                responses.entry(status.to_owned()).or_insert_with(|| Ref::from_response_name(&name).into());
                shared.entry(name).or_insert_with(|| refusal(meaning).into());
            }
        }
    }
    openapi.components.get_or_insert_default().responses.extend(shared);
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let PathItem { get, put, post, delete, patch, .. } = item;
    let all = [("get", get), ("put", put), ("post", post), ("delete", delete), ("patch", patch)];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// `GET /api/segments/{id}/versions` is `get_segments_id_versions`.
fn name(method: &str, path: &str) -> String {
    let words =
        path.trim_start_matches("/api").split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.fold(method.to_owned(), |name, word| name + "_" + word)
}

/// All but the answers that are as wished.
fn is_refusal(status: &str) -> bool {
    status.starts_with('4') || status.starts_with('5')
}

fn refusals(operation: &Operation, path: &str) -> Vec<(&'static str, &'static str)> {
    let parameters = operation.parameters.as_deref().unwrap_or_default();
    let has = |place: ParameterIn, name| {
        let is_it = |one: &Parameter| one.parameter_in == place && one.name.eq_ignore_ascii_case(name);
        parameters.iter().any(|parameter| matches!(parameter, RefOr::T(one) if is_it(one)))
    };
    let mut all = ANYWHERE.to_vec();
    if !parameters.is_empty() || operation.request_body.is_some() {
        all.push(WRONG);
    }
    if operation.request_body.is_some() {
        all.extend(BODY);
    }
    if path.contains('{') || has(ParameterIn::Query, "tenant") {
        all.push(NOT_THERE);
    }
    if has(ParameterIn::Header, "if-match") {
        all.push(("412", "It has changed since it was read."));
    }
    if has(ParameterIn::Header, "idempotency-key") {
        all.extend(CHANGE);
    }
    all
}

/// A refusal as problem JSON.
fn refusal(meaning: &str) -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("ProblemDetails"))).build();
    ResponseBuilder::new().description(meaning).content("application/problem+json", content).build()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_operation_has_a_name_of_its_own_and_refuses_as_problems() {
        let mut openapi = super::super::completed(crate::api::resources().into_openapi());
        let mut names = HashSet::new();
        for (path, item) in &mut openapi.paths.paths {
            for (method, operation) in operations(item) {
                assert!(names.insert(operation.operation_id.clone()), "{method} {path}: {:?}", operation.operation_id);
                for (status, response) in &operation.responses.responses {
                    let RefOr::T(response) = response else {
                        assert!(is_refusal(status), "{method} {path} {status}");
                        continue;
                    };
                    let is_problem = response.content.keys().eq(["application/problem+json"]);
                    assert_eq!(is_problem, is_refusal(status), "{method} {path} {status}");
                }
                assert!(operation.responses.responses.contains_key("401"), "{method} {path}");
            }
        }
        assert!(names.len() > 100, "{}", names.len());
    }

    #[test]
    fn names_follow_from_paths() {
        assert_eq!(name("get", "/api/segments/{id}/versions"), "get_segments_id_versions");
        assert_eq!(name("post", "/api/event-offers"), "post_event_offers");
    }
}
