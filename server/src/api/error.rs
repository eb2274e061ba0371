//! Every refusal as RFC 9457 problem JSON; the one place that maps errors to statuses.
//!
//! A 4xx says what to do. A 5xx says nothing of the inside: its cause travels beside the response to `request`, which
//! logs it and gives the caller the request id to ask with.

use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use muster_engine::error::{Error, Problem};
use serde::Serialize;
use utoipa::ToSchema;

use crate::limits::RETRY_AFTER_SECONDS;
use crate::source::SpoolError;

/// The media type of [`ProblemDetails`].
const PROBLEM_JSON: HeaderValue = HeaderValue::from_static("application/problem+json");

/// How to say who one is (RFC 6750).
const BEARER: HeaderValue = HeaderValue::from_static("Bearer realm=\"muster\"");

/// A refusal, as RFC 9457 wants it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProblemDetails {
    /// Always `about:blank`: the title is that of the status, and `errors` says the rest.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The status in words.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What is wrong, in one sentence.
    pub detail: String,
    /// Every mistake that was found.
    pub errors: Vec<Mistake>,
    /// With a 409 because something is used: who uses it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<super::shapes::UserAnswer>>)]
    pub used_by: Option<serde_json::Value>,
    /// With a 5xx: what to name when asking about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// One mistake: where, what, and what would be right.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Mistake {
    /// JSON pointer into the request, or `/column` of a row; empty for the whole.
    pub pointer: String,
    /// Stable kind, such as `unknown_field`.
    pub code: &'static str,
    /// What is wrong and what would be right.
    pub message: String,
    /// The nearest existing names or values, best first.
    pub suggestions: Vec<String>,
    /// Line in a text, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Column in a text, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
}

impl From<Problem> for Mistake {
    fn from(problem: Problem) -> Self {
        Self {
            pointer: problem.pointer,
            code: problem.code,
            message: problem.message,
            suggestions: problem.suggestions,
            line: problem.position.map(|(line, _)| line),
            column: problem.position.map(|(_, column)| column),
        }
    }
}

/// Why a request is not answered as wished.
#[derive(Debug, Clone)]
pub struct ApiError {
    status: StatusCode,
    problems: Vec<Problem>,
    /// In a box, because few refusals have it and all are handed on.
    used_by: Option<Box<serde_json::Value>>,
    cause: Option<InternalCause>,
    /// Seconds after which the same request may be answered.
    retry_after: Option<u64>,
}

/// What went wrong inside, for the log only.
#[derive(Debug, Clone)]
pub(super) struct InternalCause(pub(super) String);

impl ApiError {
    /// A refusal with one reason, of the request as a whole.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self::of_problems(status, vec![Problem::new("", code, message)])
    }

    /// What the first reason is.
    pub(super) fn code(&self) -> &'static str {
        self.problems.first().map_or("", |problem| problem.code)
    }

    /// A refusal for reasons the caller can mend.
    pub fn of_problems(status: StatusCode, problems: Vec<Problem>) -> Self {
        Self { status, problems, used_by: None, cause: None, retry_after: None }
    }

    /// A failure that is not the caller's; `cause` goes to the log.
    pub fn internal(cause: impl Into<String>) -> Self {
        let cause = Some(InternalCause(cause.into()));
        Self { cause, ..Self::of_problems(StatusCode::INTERNAL_SERVER_ERROR, Vec::new()) }
    }

    /// A refusal for now: the same request may be answered in a moment.
    pub fn busy(code: &'static str, message: impl Into<String>) -> Self {
        let retry_after = Some(RETRY_AFTER_SECONDS);
        Self { retry_after, ..Self::new(StatusCode::SERVICE_UNAVAILABLE, code, message) }
    }

    /// A refusal of somebody who asks too often.
    pub fn too_often(message: impl Into<String>, wait: Duration) -> Self {
        let retry_after = Some(wait.as_secs() + 1);
        Self { retry_after, ..Self::new(StatusCode::TOO_MANY_REQUESTS, "too_often", message) }
    }

    /// The same refusal with the list of who uses what should go.
    #[must_use]
    pub(super) fn with_used_by(mut self, users: serde_json::Value) -> Self {
        self.used_by = Some(users.into());
        self
    }

    /// A refusal of what is asked as one of what is stored: not the request is wrong, the time for it is over.
    #[must_use]
    pub(super) fn into_conflict(mut self) -> Self {
        if self.status == StatusCode::UNPROCESSABLE_ENTITY {
            self.status = StatusCode::CONFLICT;
        }
        self
    }

    /// The status it is answered with.
    pub fn status(&self) -> StatusCode {
        self.status
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        match error {
            Error::Invalid(problems) => Self::of_problems(status_of_invalid(&problems), problems),
            Error::NotFound(message) => Self::new(StatusCode::NOT_FOUND, "not_found", message),
            Error::Conflict(problem) if problem.code == "stale_version" => {
                Self::of_problems(StatusCode::PRECONDITION_FAILED, vec![problem])
            }
            Error::Conflict(problem) => Self::of_problems(StatusCode::CONFLICT, vec![problem]),
            // As for a disk without room.
            Error::Limit(problem) if problem.code == "memory_budget" => {
                Self::of_problems(StatusCode::INSUFFICIENT_STORAGE, vec![problem])
            }
            Error::Limit(problem) => Self::of_problems(StatusCode::UNPROCESSABLE_ENTITY, vec![problem]),
            Error::Storage(problem) if problem.code == "disk_full" => {
                Self::of_problems(StatusCode::INSUFFICIENT_STORAGE, vec![problem])
            }
            Error::Storage(problem) => Self::of_problems(StatusCode::SERVICE_UNAVAILABLE, vec![problem]),
            Error::Corrupt(cause) => Self::internal(format!("stored data are damaged: {cause}")),
            Error::Io(cause) => Self::internal(cause),
        }
    }
}

fn status_of_invalid(problems: &[Problem]) -> StatusCode {
    match problems {
        [only] if only.code == "unsupported_content_type" => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

impl From<SpoolError> for ApiError {
    fn from(error: SpoolError) -> Self {
        let message = error.to_string();
        match error {
            SpoolError::TooLarge(_) => Self::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", message),
            SpoolError::DiskFull => Self::new(StatusCode::INSUFFICIENT_STORAGE, "disk_full", message),
            SpoolError::TooManyFiles => Self::new(StatusCode::SERVICE_UNAVAILABLE, "too_many_files", message),
            SpoolError::Aborted(_) => Self::new(StatusCode::BAD_REQUEST, "body_incomplete", message),
            SpoolError::Io(_) => Self::internal(message),
        }
    }
}

impl ProblemDetails {
    fn new(status: StatusCode, problems: Vec<Problem>) -> Self {
        let title = status.canonical_reason().unwrap_or("Error");
        let detail = match problems.as_slice() {
            [] => title.to_owned(),
            [only] => only.message.clone(),
            [first, rest @ ..] => format!("{} mistakes, the first: {}", rest.len() + 1, first.message),
        };
        let errors = problems.into_iter().map(Mistake::from).collect();
        Self { kind: "about:blank", title, status: status.as_u16(), detail, errors, used_by: None, request_id: None }
    }

    /// What a caller learns of a failure inside.
    pub(super) fn internal(status: StatusCode, request_id: &str) -> Self {
        Self {
            detail: format!("something went wrong on the server; the log tells more under request id {request_id}"),
            request_id: Some(request_id.to_owned()),
            ..Self::new(status, Vec::new())
        }
    }

    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl IntoResponse for ProblemDetails {
    fn into_response(self) -> Response {
        let status = self.status_code();
        // Strings and numbers alone cannot fail to be written.
        let body = serde_json::to_vec(&self).unwrap_or_default();
        (status, [(header::CONTENT_TYPE, PROBLEM_JSON)], body).into_response()
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut details = ProblemDetails::new(self.status, self.problems);
        details.used_by = self.used_by.map(|users| *users);
        let mut response = details.into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, BEARER);
        }
        if let Some(cause) = self.cause {
            response.extensions_mut().insert(cause);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_error_has_its_status() {
        let problem = || Problem::new("/a", "some_code", "some message");
        for (error, status) in [
            (Error::Invalid(vec![problem()]), 422),
            (Error::invalid("", "unsupported_content_type", "no"), 415),
            (Error::NotFound("no such thing".into()), 404),
            (Error::Conflict(problem()), 409),
            (Error::Conflict(Problem::new("", "stale_version", "somebody saved")), 412),
            (Error::Limit(problem()), 422),
            (Error::Limit(Problem::new("", "memory_budget", "no room")), 507),
            (Error::Storage(problem()), 503),
            (Error::Storage(Problem::new("", "disk_full", "no room")), 507),
            (Error::Corrupt("bits".into()), 500),
            (Error::Io("disk".into()), 500),
        ] {
            assert_eq!(ApiError::from(error.clone()).status().as_u16(), status, "{error:?}");
        }
        for (error, status) in [
            (SpoolError::TooLarge(1), 413),
            (SpoolError::DiskFull, 507),
            (SpoolError::TooManyFiles, 503),
            (SpoolError::Aborted(String::new()), 400),
            (SpoolError::Io(std::io::Error::other("x")), 500),
        ] {
            assert_eq!(ApiError::from(error).status().as_u16(), status);
        }
    }

    #[test]
    fn a_problem_has_the_shape_that_callers_rely_on() {
        let first = Problem::new("/rules/0", "unknown_field", "no such field").with_suggestions(vec!["age".into()]);
        let details = ProblemDetails::new(StatusCode::UNPROCESSABLE_ENTITY, vec![first.clone(), first.at(1, 7)]);
        let json = serde_json::to_string(&details).expect("serializable");
        let wanted = concat!(
            r#"{"type":"about:blank","title":"Unprocessable Entity","status":422,"#,
            r#""detail":"2 mistakes, the first: no such field","errors":["#,
            r#"{"pointer":"/rules/0","code":"unknown_field","message":"no such field","suggestions":["age"]},"#,
            r#"{"pointer":"/rules/0","code":"unknown_field","message":"no such field","suggestions":["age"],"#,
            r#""line":1,"column":7}]}"#
        );
        assert_eq!(json, wanted);
    }
}
