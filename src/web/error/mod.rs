//! The one map from what went wrong to what a client is told: `application/problem+json` (RFC 9457).
//! Inner causes are logged under an id and never sent.

mod edge;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use data_encoding::HEXLOWER;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::{self, Entropy};

pub(super) use edge::{after_panic, no_such_method, no_such_page, one_shape};

/// The media type of RFC 9457.
pub(super) const MEDIA_TYPE: &str = "application/problem+json";

/// What went wrong, for a client.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "type": "urn:kelisim:problem:invalid",
    "title": "What was given is wrong",
    "status": 422,
    "fix": "mend the fields named in problems and send the request again",
    "problems": [{"field": "address", "problem": "this is not an address of the form name@domain.tld"}],
}))]
pub struct Problem {
    /// Which kind of problem: stable, for programs.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The kind in words.
    title: &'static str,
    /// The status code.
    status: u16,
    /// What happened this time.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// What to do about it.
    fix: &'static str,
    /// What is wrong with which field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    problems: Vec<FieldProblem>,
    /// Under which id the log tells more.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    id: Option<Box<str>>,
}

/// What is wrong with one field.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FieldProblem {
    /// The field, as a path such as `sender.address`.
    field: String,
    /// What is wrong with it, and how to mend it.
    problem: String,
}

impl Problem {
    fn new(status: StatusCode, kind: &'static str, title: &'static str, fix: &'static str) -> Self {
        Self {
            kind,
            title,
            status: status.as_u16(),
            detail: None,
            fix,
            problems: Vec::new(),
            id: None,
        }
    }

    fn with(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Which kind of problem.
    pub(super) fn kind(&self) -> &'static str {
        self.kind
    }

    /// What happened this time.
    pub(super) fn detail(&self) -> Option<&str> {
        self.detail.as_deref()
    }

    /// What is wrong with which field.
    pub(super) fn problems(&self) -> &[FieldProblem] {
        &self.problems
    }

    /// Under which id the log tells more.
    pub(super) fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// The status code.
    pub(super) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn invalid(problems: Vec<FieldProblem>) -> Self {
        let fix = "mend the fields named in problems and send the request again";
        let title = "What was given is wrong";
        Self {
            problems,
            ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "urn:kelisim:problem:invalid", title, fix)
        }
    }

    /// One field is wrong.
    pub(super) fn field(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::invalid(vec![FieldProblem { field: field.into(), problem: problem.into() }])
    }

    /// Several fields are wrong.
    pub(super) fn fields<'a>(found: impl IntoIterator<Item = (&'a str, String)>) -> Self {
        let problems = found
            .into_iter()
            .map(|(field, problem)| FieldProblem { field: field.to_owned(), problem });
        Self::invalid(problems.collect())
    }

    /// The body cannot be read at all.
    pub(super) fn unreadable(detail: impl Into<String>) -> Self {
        let title = "The body cannot be read";
        let fix = "send a JSON object as /api/v1/openapi.json describes it";
        Self::new(StatusCode::BAD_REQUEST, "urn:kelisim:problem:unreadable", title, fix)
            .with(detail)
    }

    /// No token, or one that does not open the API.
    pub(super) fn unauthorized() -> Self {
        let title = "A valid token is needed";
        let fix =
            "send the header Authorization: Bearer kls_…; `kelisim token create` makes a token";
        Self::new(StatusCode::UNAUTHORIZED, "urn:kelisim:problem:unauthorized", title, fix)
    }

    /// The staff's pages: signed in, but this is not theirs to do.
    pub(super) fn forbidden() -> Self {
        let title = "This is not yours to do";
        let fix = "ask an admin for the role that allows it";
        Self::new(StatusCode::FORBIDDEN, "urn:kelisim:problem:forbidden", title, fix)
    }

    /// The staff's pages: a deed with weight needs a fresh password or code.
    pub(super) fn proof_due() -> Self {
        let title = "Prove who you are first";
        let fix = "give your password or code at /prove, then do it again";
        Self::new(StatusCode::FORBIDDEN, "urn:kelisim:problem:proof-due", title, fix)
    }

    /// The staff's pages: nobody is signed in.
    pub(super) fn signed_out() -> Self {
        let title = "You are signed out";
        let fix = "sign in and do it again";
        Self::new(StatusCode::UNAUTHORIZED, "urn:kelisim:problem:signed-out", title, fix)
    }

    /// The path and query are too long.
    pub(super) fn uri_too_long(octets_max: usize) -> Self {
        Self::of(StatusCode::URI_TOO_LONG).with(format!("at most {octets_max} octets are read"))
    }

    /// The headers are too large.
    pub(super) fn headers_too_large(octets_max: usize) -> Self {
        Self::of(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE)
            .with(format!("at most {octets_max} octets are read"))
    }

    /// Too much is being served.
    pub(super) fn busy() -> Self {
        Self::of(StatusCode::SERVICE_UNAVAILABLE)
    }

    /// For answers that come from below the handlers.
    pub(super) fn of(status: StatusCode) -> Self {
        let (kind, title, fix) = match status {
            StatusCode::NOT_FOUND => (
                "urn:kelisim:problem:not-found",
                "There is no such thing",
                "check the path and the id in it",
            ),
            StatusCode::METHOD_NOT_ALLOWED => (
                "urn:kelisim:problem:method",
                "This cannot be done here",
                "use a method that the header Allow names",
            ),
            StatusCode::PAYLOAD_TOO_LARGE => {
                ("urn:kelisim:problem:too-large", "The body is too large", "send less")
            }
            StatusCode::URI_TOO_LONG => {
                ("urn:kelisim:problem:too-long", "The address is too long", "shorten the query")
            }
            StatusCode::UNSUPPORTED_MEDIA_TYPE => (
                "urn:kelisim:problem:media-type",
                "Bodies of this kind are not read",
                "send Content-Type: application/json",
            ),
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => {
                ("urn:kelisim:problem:headers", "The headers are too large", "send fewer")
            }
            StatusCode::REQUEST_TIMEOUT => (
                "urn:kelisim:problem:timeout",
                "The body did not come in time",
                "send it without pauses",
            ),
            StatusCode::SERVICE_UNAVAILABLE => (
                "urn:kelisim:problem:busy",
                "It took too long or too many are asking",
                "try again in a few seconds",
            ),
            _ if status.is_server_error() => (
                "urn:kelisim:problem:internal",
                "Something broke on our side",
                "try again; if it stays, tell the operator the id",
            ),
            _ => (
                "urn:kelisim:problem:refused",
                "The request was refused",
                "see /api/v1/openapi.json",
            ),
        };
        Self::new(status, kind, title, fix)
    }

    /// Something outside of a deed broke.
    pub(super) fn broken(error: &dyn std::error::Error) -> Self {
        Self::internal(&chain(error))
    }

    /// Something broke: the cause goes to the log under an id, the id to the client.
    fn internal(cause: &str) -> Self {
        let id = HEXLOWER.encode(&Entropy.bytes::<8>());
        tracing::error!(problem = id, cause, "a request could not be served");
        Self { id: Some(id.into()), ..Self::of(StatusCode::INTERNAL_SERVER_ERROR) }
    }
}

impl From<app::Error> for Problem {
    fn from(error: app::Error) -> Self {
        match error {
            app::Error::NotFound(what) => {
                Self::of(StatusCode::NOT_FOUND).with(format!("there is no {what}"))
            }
            app::Error::Conflict(detail) => {
                let title = "The state of things does not allow it";
                let fix = "do what detail says, or leave things as they are";
                Self::new(StatusCode::CONFLICT, "urn:kelisim:problem:conflict", title, fix)
                    .with(detail)
            }
            app::Error::Invalid(problems) => Self::invalid(
                problems
                    .into_iter()
                    .map(|one| FieldProblem { field: one.place, problem: one.message })
                    .collect(),
            ),
            app::Error::Store(error) => Self::internal(&chain(&error)),
        }
    }
}

/// An error and what caused it, as one line.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response =
            (self.status(), [(header::CONTENT_TYPE, MEDIA_TYPE)], body).into_response();
        match self.status() {
            StatusCode::UNAUTHORIZED => {
                let scheme = HeaderValue::from_static("Bearer realm=\"kelisim\"");
                response.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
            }
            StatusCode::SERVICE_UNAVAILABLE => {
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
            }
            _ => {}
        }
        // Where pages are asked for, this becomes one.
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inner_cause_stays_inside() {
        let inner = crate::store::Error::unreadable("contact", "secret detail");
        let problem = Problem::from(app::Error::Store(inner));
        let text = serde_json::to_string(&problem).unwrap();
        assert_eq!(problem.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!text.contains("secret") && problem.id.is_some(), "{text}");
    }

    #[derive(Debug, thiserror::Error)]
    #[error("the outer")]
    struct Outer(#[source] std::num::ParseIntError);

    #[test]
    fn a_chain_names_every_cause_once() {
        let error = Outer("x".parse::<u8>().unwrap_err());
        assert_eq!(chain(&error), "the outer: invalid digit found in string");
    }
}
