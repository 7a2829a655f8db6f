//! What every request and every answer must keep to.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use super::{Problem, WebState};

/// Octets of a request's path and query: our longest link has under 200.
const URI_OCTETS_MAX: usize = 2_048;
/// Octets of a request's headers, names and values. Hyper itself stops at 100 headers and about
/// 400 KB.
const HEADER_OCTETS_MAX: usize = 16_384;

/// No script, no inline style, nothing from elsewhere, in nobody's frame (ASVS 3.4).
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'";

const FIXED: [(HeaderName, HeaderValue); 5] = [
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex")),
];

/// Says how answers are to be treated. What is not marked as lasting is not to be kept.
pub(super) async fn security_headers(
    State(state): State<WebState>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in FIXED {
        headers.entry(name).or_insert(value);
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if state.is_tls() {
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    response
}

/// Refuses what is too large, and tells others to come again when too many are served.
pub(super) async fn bounds(
    State(state): State<WebState>,
    request: Request,
    next: Next,
) -> Response {
    let uri = request.uri().path_and_query().map_or(0, |part| part.as_str().len());
    if uri > URI_OCTETS_MAX {
        return Problem::uri_too_long(URI_OCTETS_MAX).into_response();
    }
    if octets(request.headers()) > HEADER_OCTETS_MAX {
        return Problem::headers_too_large(HEADER_OCTETS_MAX).into_response();
    }
    let Ok(_seat) = state.0.seats.try_acquire() else {
        return Problem::busy().into_response();
    };
    next.run(request).await
}

fn octets(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum()
}
