//! `GET /i/{name}`: pictures of mail and calendar files. No cookie, no log of who looked.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};

use crate::{
    app::media,
    domain::media::MediaKind,
    web::{Problem, WebState},
};

/// What is behind a name never changes.
const KEPT: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// A picture opened by itself can do nothing.
const POLICY: HeaderValue = HeaderValue::from_static("sandbox; default-src 'none'");

/// Gives a file of the media library.
pub(super) async fn give(
    State(state): State<WebState>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let tag = format!("\"{name}\"");
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|given| given == tag.as_str());
    // Its name is made of its content: who has it under this name has the right one.
    if known {
        return Ok((StatusCode::NOT_MODIFIED, [(header::CACHE_CONTROL, KEPT)]).into_response());
    }
    let (kind, content) = media::content(state.app(), &name).await?;
    let mut response = content.into_response();
    let answered = response.headers_mut();
    answered.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind.media_type()));
    answered.insert(header::CACHE_CONTROL, KEPT);
    answered.insert(header::CONTENT_SECURITY_POLICY, POLICY);
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        answered.insert(header::ETAG, tag);
    }
    if kind == MediaKind::Calendar {
        let saved = HeaderValue::from_static("attachment; filename=\"event.ics\"");
        answered.insert(header::CONTENT_DISPOSITION, saved);
    }
    Ok(response)
}
