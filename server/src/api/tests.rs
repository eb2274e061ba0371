//! The shell of the surface: refusals, headers, figures, documentation.

use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::Value;
use tower::ServiceExt;

use super::*;
use crate::limits::{BODY_BYTES_MAX, QUEUE_CHANGES_MAX};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sample {
    name: String,
    #[serde(default)]
    parts: Vec<Part>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    size: u32,
    #[serde(default)]
    color: Option<Color>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Color {
    Red,
    Green,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    limit: Option<u32>,
}

async fn describe(Json(sample): Json<Sample>) -> String {
    let parts: Vec<String> = sample.parts.iter().map(|part| format!("{} {:?}", part.size, part.color)).collect();
    format!("{} {}", sample.name, parts.join(", "))
}

async fn page(Query(page): Query<Page>) -> String {
    format!("{:?}", page.limit)
}

async fn fail() -> Result<(), ApiError> {
    Err(muster_engine::error::Error::Io("secret path".into()).into())
}

async fn panic() {
    panic!("secret panic");
}

fn router_with_samples() -> Router {
    let (routes, openapi) = resources().split_for_parts();
    let routes = routes.merge(docs::router(openapi));
    let samples = Router::new()
        .route("/sample", post(describe))
        .route("/page/{id}", get(page))
        .route("/fail", get(fail))
        .route("/panic", get(panic));
    layers::finish(routes.merge(samples), App::new(std::sync::Arc::default()))
}

async fn send(request: Request<Body>) -> Response<Body> {
    router_with_samples().oneshot(request).await.expect("an answer")
}

async fn get_path(path: &str) -> Response<Body> {
    send(Request::get(path).body(Body::empty()).expect("a request")).await
}

async fn post_json(body: impl Into<Body>) -> Response<Body> {
    let request = Request::post("/sample").header("content-type", "application/json; charset=utf-8");
    send(request.body(body.into()).expect("a request")).await
}

async fn text(response: Response<Body>) -> String {
    let bytes = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
    String::from_utf8_lossy(&bytes).into_owned()
}

async fn problem(response: Response<Body>) -> Value {
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    let status = response.status().as_u16();
    let problem: Value = serde_json::from_str(&text(response).await).expect("JSON");
    assert_eq!(problem["status"], status);
    problem
}

#[tokio::test]
async fn mistakes_in_bodies_name_their_place_and_cure() {
    for (body, status, pointer, code, suggestion) in [
        (r#"{"name":"a","parts":[{"size":1,"colr":"red"}]}"#, 422, "/parts/0/colr", "unknown_key", Some("color")),
        (r#"{"nam":"a"}"#, 422, "/nam", "unknown_key", Some("name")),
        (r#"{"parts":[]}"#, 422, "/name", "missing_key", None),
        (r#"{"name":5}"#, 422, "/name", "wrong_type", None),
        (r#"{"name":"a","parts":[{"size":1,"color":"gren"}]}"#, 422, "/parts/0/color", "unknown_value", Some("green")),
        (r#"{"name":"a""#, 400, "", "bad_json", None),
        (r#"{"name":"a"} x"#, 400, "", "bad_json", None),
        ("", 400, "", "bad_json", None),
    ] {
        let problem = problem(post_json(body).await).await;
        assert_eq!(problem["status"], status, "{body}: {problem}");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{body}: {problem}");
        assert_eq!(problem["errors"][0]["code"], code, "{body}: {problem}");
        assert_eq!(problem["errors"][0]["suggestions"][0].as_str(), suggestion, "{body}: {problem}");
    }
    assert_eq!(text(post_json(r#"{"name":"a","parts":[{"size":1,"color":"red"}]}"#).await).await, "a 1 Some(Red)");
}

#[tokio::test]
async fn bodies_of_the_wrong_type_or_size_are_refused() {
    let untyped = send(Request::post("/sample").body(Body::from("{}")).expect("a request")).await;
    assert_eq!(untyped.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(problem(untyped).await["errors"][0]["code"], "unsupported_content_type");
    for length in [BODY_BYTES_MAX, BODY_BYTES_MAX + 1] {
        let status = if length > BODY_BYTES_MAX { 413 } else { 400 };
        let chunk = bytes::Bytes::from(vec![b' '; length]);
        assert_eq!(problem(post_json(chunk.clone()).await).await["status"], status);
        // A body that does not say its length is counted while it comes.
        let stream = futures_util::stream::iter([Ok::<_, std::io::Error>(chunk)]);
        assert_eq!(problem(post_json(Body::from_stream(stream)).await).await["status"], status);
    }
}

#[tokio::test]
async fn a_body_may_come_in_pieces() {
    for pieces in [&["", "{\"na", "", "me\":\"a\"}"][..], &["{\"name\":\"a\"}", ""], &["{", "\"name\"", ":\"a\"", "}"]]
    {
        let stream = futures_util::stream::iter(pieces.iter().map(|piece| Ok::<_, std::io::Error>(piece.to_string())));
        assert_eq!(text(post_json(Body::from_stream(stream)).await).await, "a ", "{pieces:?}");
    }
}

#[tokio::test]
async fn query_parameters_are_checked_too() {
    assert_eq!(text(get_path("/page/1?limit=5").await).await, "Some(5)");
    for (query, pointer, code) in [("limt=5", "/limt", "unknown_key"), ("limit=x", "/limit", "wrong_type")] {
        let problem = problem(get_path(&format!("/page/1?{query}")).await).await;
        assert_eq!((&problem["status"], &problem["errors"][0]["pointer"]), (&422.into(), &pointer.into()), "{problem}");
        assert_eq!(problem["errors"][0]["code"], code, "{problem}");
    }
}

#[tokio::test]
async fn unknown_paths_and_methods_are_problems() {
    let response = get_path("/api/nothing").await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert_eq!(problem(response).await["errors"][0]["code"], "unknown_path");
    let response = get_path("/sample").await;
    assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(response.headers()["allow"], "POST");
    assert_eq!(problem(response).await["errors"][0]["code"], "unknown_method");
}

#[tokio::test]
async fn failures_inside_show_a_request_id_and_nothing_else() {
    for path in ["/fail", "/panic"] {
        let request = Request::get(path).header("x-request-id", "abc-1").body(Body::empty()).expect("a request");
        let response = send(request).await;
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(response.headers()["x-request-id"], "abc-1");
        let problem = problem(response).await;
        assert_eq!(problem["request_id"], "abc-1");
        assert!(!problem.to_string().contains("secret"), "{problem}");
    }
}

#[tokio::test]
async fn every_answer_has_an_id_and_safe_headers() {
    for path in ["/api/health", "/api/nothing", "/api/docs/"] {
        let response = get_path(path).await;
        assert_eq!(response.headers()["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(response.headers()["x-request-id"].len(), 16, "{path}");
    }
    let request = Request::get("/api/health").header("x-request-id", "no spaces").body(Body::empty());
    let response = send(request.expect("a request")).await;
    assert_ne!(response.headers()["x-request-id"], "no spaces");
}

#[tokio::test]
async fn figures_are_kept_by_route() {
    get_path("/page/17").await;
    let figures = text(get_path("/metrics").await).await;
    let line = "muster_http_requests_total{route=\"/page/{id}\",method=\"GET\",status=\"200\"}";
    assert!(figures.contains(line), "{figures}");
    assert!(figures.contains("muster_http_request_duration_seconds_bucket{route=\"/page/{id}\""), "{figures}");
}

#[tokio::test]
async fn the_description_names_every_route() {
    let description: Value = serde_json::from_str(&text(get_path("/api/openapi.json").await).await).expect("JSON");
    for path in ["/api/health", "/metrics"] {
        assert!(description["paths"][path]["get"].is_object(), "{path}");
    }
    assert!(description["components"]["schemas"]["ProblemDetails"].is_object());
}

#[tokio::test]
async fn the_documentation_page_needs_no_other_host() {
    let page = text(get_path("/api/docs/").await).await;
    let mut files = 0;
    for attribute in ["src=\"", "href=\""] {
        for reference in page.split(attribute).skip(1) {
            let reference = reference.split('"').next().expect("a closing quote");
            assert!(!reference.contains("//"), "{reference} is on another host");
            let file = get_path(&format!("/api/docs/{}", reference.trim_start_matches("./"))).await;
            assert_eq!(file.status(), StatusCode::OK, "{reference}");
            files += 1;
        }
    }
    assert!(files >= 4, "{page}");
    let start = text(get_path("/api/docs/swagger-initializer.js").await).await;
    assert!(start.contains("/api/openapi.json") && !start.contains("https://"), "{start}");
    assert_eq!(get_path("/api/docs").await.status(), StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_changes_than_may_wait_are_asked_to_come_again() {
    let engine = std::sync::Arc::new(muster_engine::engine::Engine::new());
    let app = App::new(engine.clone());
    let router = router(app.clone());
    let tenant = engine.tenant(&muster_engine::id::TenantId::default()).expect("the tenant there is");
    // Nobody else writes meanwhile.
    let import = tenant.import();
    let change = || {
        let body = Body::from(r#"{"fields": [{"name": "n", "type": "int"}]}"#);
        let request = Request::put("/api/schema").header("content-type", "application/json").body(body);
        router.clone().oneshot(request.expect("a request"))
    };
    let waiting: Vec<_> = (0..QUEUE_CHANGES_MAX).map(|_| tokio::spawn(change())).collect();
    while app.room.available_permits() > 0 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let refused = change().await.expect("an answer");
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.headers()["retry-after"], "1");
    let problem: Value =
        serde_json::from_slice(&to_bytes(refused.into_body(), usize::MAX).await.expect("a body")).expect("JSON");
    assert_eq!(problem["errors"][0]["code"], "too_many_changes", "{problem}");
    drop(import);
    for change in waiting {
        assert_eq!(change.await.expect("no panic").expect("an answer").status(), StatusCode::OK);
    }
    assert_eq!(change().await.expect("an answer").status(), StatusCode::OK, "there is room again");
}
