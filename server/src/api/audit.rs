//! `GET /api/audit`: who changed what, page by page or as NDJSON.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use muster_engine::error::Error;
use muster_engine::limits::PAGE_MEMBERS_MAX;
use muster_engine::time::Timestamp;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer;
use super::app::{App, Reply, heavy};
use super::error::{ApiError, ProblemDetails};
use super::query::Query;
use super::shapes::AuditList;
use crate::access::{AuditEntry, AuditOrder, AuditPage, AuditQuestion, Register, Right, ambient};
use crate::limits::AUDIT_BATCH;

/// Entries on a page when the request does not say.
const PAGE: usize = 100;

/// The media type of an export.
const NDJSON: HeaderValue = HeaderValue::from_static("application/x-ndjson");

/// Which entries.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AuditQuery {
    /// From this instant on, RFC 3339.
    since: Option<String>,
    /// Entries on the page, 1 to 10,000; 100 when left out.
    limit: Option<String>,
    /// Which entry comes first: `oldest` or `newest`; `oldest` when left out. In an export as well.
    #[param(inline)]
    order: Option<AuditOrder>,
    /// `next_cursor` of the page before, with the same `order`.
    cursor: Option<String>,
    /// For operators: of this tenant; of all when left out.
    tenant: Option<String>,
    /// Must be the key's own tenant; for callers who send it with every request.
    #[allow(dead_code)]
    tenant_id: Option<String>,
}

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}

/// Every request that changed something, or was to, the oldest or the newest first.
///
/// What is written while somebody goes from page to page comes last with `order=oldest`, and is left out with `order=newest`.
/// With `Accept: application/x-ndjson` all of them, one a line.
#[utoipa::path(get, path = "/api/audit", tag = "access", params(AuditQuery),
    responses((status = 200, content((AuditList = "application/json"), (String = "application/x-ndjson"))), (status = 422, body = ProblemDetails)))]
pub(crate) async fn list(State(app): State<App>, Query(query): Query<AuditQuery>, headers: HeaderMap) -> Reply {
    let register = app.access()?.clone();
    let question = question(query)?;
    let accepted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if accepted.contains("application/x-ndjson") {
        return Ok(exported(register, AuditQuestion { limit: AUDIT_BATCH, ..question }));
    }
    let AuditPage { entries, has_more } = heavy(|| register.audit(&question))?;
    let next = entries.last().filter(|_| has_more).map(|last| last.seq.to_string());
    let items: Vec<Json> = entries.iter().map(described).collect();
    Ok(answer::json(StatusCode::OK, json!({"items": items, "next_cursor": next})))
}

fn question(query: AuditQuery) -> Result<AuditQuestion, ApiError> {
    let caller = ambient().ok_or_else(|| ApiError::internal("the audit was asked for by nobody"))?;
    let bad = |pointer: &str, message: String| Error::invalid(pointer, "wrong_type", message);
    let instant = |text: String| {
        Timestamp::parse(&text.replace(' ', "+"))
            .ok_or_else(|| bad("/since", "since is a time such as 2018-01-01T00:00:00Z".into()))
    };
    let limit = |text: String| {
        let limit = text.parse().ok().filter(|limit| (1..=PAGE_MEMBERS_MAX).contains(limit));
        limit.ok_or_else(|| bad("/limit", format!("limit is a whole number from 1 to {PAGE_MEMBERS_MAX}")))
    };
    let after = |text: String| {
        let message = "cursor is the next_cursor of the page before, unchanged";
        text.parse().ok().filter(|after| *after <= i64::MAX as u64).ok_or_else(|| bad("/cursor", message.into()))
    };
    let tenant = match query.tenant {
        tenant if caller.may(Right::Operate) => tenant,
        Some(tenant) if tenant != caller.tenant => {
            return Err(Error::NotFound(format!("there is no tenant \"{tenant}\"")).into());
        }
        _ => Some(caller.tenant.clone()),
    };
    Ok(AuditQuestion {
        tenant,
        since: query.since.map(instant).transpose()?,
        order: query.order.unwrap_or_default(),
        after: query.cursor.map(after).transpose()?,
        limit: query.limit.map(limit).transpose()?.unwrap_or(PAGE),
    })
}

/// All entries, read bit by bit while they are sent.
fn exported(register: Arc<Register>, question: AuditQuestion) -> Response {
    let pages = stream::unfold(Some(question), move |question| {
        let register = register.clone();
        async move {
            let question = question?;
            match heavy(|| register.audit(&question)) {
                Ok(AuditPage { entries, has_more }) => {
                    let lines: String = entries.iter().map(|entry| format!("{}\n", described(entry))).collect();
                    let after = entries.last().map(|last| last.seq).or(question.after);
                    let next = has_more.then_some(AuditQuestion { after, ..question });
                    Some((Ok(Bytes::from(lines)), next))
                }
                Err(error) => Some((Err(std::io::Error::other(error.to_string())), None)),
            }
        }
    });
    let mut response = Body::from_stream(pages).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, NDJSON);
    response
}

fn described(entry: &AuditEntry) -> Json {
    json!({
        "seq": entry.seq,
        "at": entry.at.to_string(),
        "tenant": entry.tenant,
        "key": entry.key,
        "person": entry.person,
        "role": entry.role,
        "method": entry.method,
        "route": entry.route,
        "target": entry.target,
        "version_before": entry.version_before,
        "version_after": entry.version_after,
        "item_version_before": entry.item_version_before,
        "item_version_after": entry.item_version_after,
        "address": entry.address,
        "status": entry.status,
        "request_id": entry.request_id,
    })
}
