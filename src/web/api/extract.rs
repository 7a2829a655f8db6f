//! Reading requests. What is wrong is told by field; values are never repeated, for they may be
//! personal.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Path, Query, Request},
    http::{StatusCode, header, request::Parts},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use uuid::Uuid;

use super::super::Problem;

/// Entries of a page unless the client says otherwise.
pub(super) const PAGE_DEFAULT: u32 = 50;
/// Most entries of a page.
pub(super) const PAGE_MAX: u32 = 200;

/// A JSON body.
pub(super) struct Body<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(&request) {
            return Err(Problem::of(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|refused| Problem::of(refused.status()))?;
        read(&bytes).map(Self)
    }
}

fn is_json(request: &Request) -> bool {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let essence = kind.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let reader = &mut serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut *reader).map_err(|error| {
        let field = error.path().to_string();
        explain(field, error.inner())
    })?;
    reader.end().map_err(|error| explain(String::new(), &error))?;
    Ok(value)
}

/// A part of a body as what it stands for; `root` is its field.
pub(super) fn typed<T: DeserializeOwned>(root: &str, value: Value) -> Result<T, Problem> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let field = format!("{root}.{}", error.path());
        Problem::field(field, without_value(&error.inner().to_string()))
    })
}

fn explain(field: String, error: &serde_json::Error) -> Problem {
    if !error.is_data() {
        let place = format!("line {}, column {}", error.line(), error.column());
        return Problem::unreadable(format!("it is not JSON from {place} on"));
    }
    Problem::field(field, without_value(&error.to_string()))
}

/// What serde says, less what it quotes of the value.
fn without_value(said: &str) -> String {
    let said = said.rsplit_once(" at line ").map_or(said, |(said, _)| said);
    if ["missing field", "unknown field", "duplicate field"].iter().any(|it| said.starts_with(it)) {
        return said.to_owned();
    }
    match said.rsplit_once(", expected ") {
        Some((_, expected)) => format!("must be {expected}"),
        None => "is not of the form that /api/v1/openapi.json describes".to_owned(),
    }
}

/// An id in the path.
pub(super) struct Id(pub(super) Uuid);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        let id = path.ok().and_then(|Path(text)| text.parse().ok());
        id.map(Self).ok_or_else(|| Problem::field("id", "is not an id; take it from a list"))
    }
}

/// Which page of a list: entries before an id, newest first.
pub(super) struct Paging {
    pub(super) before: Option<Uuid>,
    pub(super) limit: u32,
}

#[derive(Deserialize)]
struct PagingQuery {
    before: Option<String>,
    limit: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Paging {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Query(query) = Query::<PagingQuery>::from_request_parts(parts, state)
            .await
            .map_err(|_| Problem::field("before", "cannot be read; give it once, as next said"))?;
        let before = match query.before {
            Some(text) => {
                Some(text.parse().map_err(|_| Problem::field("before", "is not what next said"))?)
            }
            None => None,
        };
        let limit = match query.limit {
            Some(text) => {
                text.parse().ok().filter(|n| (1..=PAGE_MAX).contains(n)).ok_or_else(|| {
                    Problem::field("limit", format!("must be a number from 1 to {PAGE_MAX}"))
                })?
            }
            None => PAGE_DEFAULT,
        };
        Ok(Self { before, limit })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    struct Asked {
        address: String,
        all: bool,
    }

    fn problem(body: &str) -> String {
        serde_json::to_string(&read::<Asked>(body.as_bytes()).unwrap_err()).unwrap()
    }

    #[test]
    fn a_wrong_value_is_named_by_field_and_not_repeated() {
        let said = problem(r#"{"address": "a@x.kz", "all": "aigul@example.kz, expected nothing"}"#);
        assert!(said.contains(r#""field":"all""#), "{said}");
        assert!(said.contains("must be a boolean"), "{said}");
        assert!(!said.contains("aigul"), "{said}");
    }

    #[test]
    fn missing_and_unknown_fields_are_named() {
        assert!(problem(r#"{"all": true}"#).contains("missing field `address`"));
        assert!(problem(r#"{"adress": "x"}"#).contains("unknown field `adress`"));
    }

    #[test]
    fn what_is_not_json_is_told_by_place() {
        let said = problem("{\"address\": aigul@example.kz}");
        assert!(said.contains("line 1, column") && !said.contains("aigul"), "{said}");
        assert!(problem(r#"{"address": "x", "all": true} more"#).contains("not JSON"));
    }
}
