//! Errors that no handler made get the same shape as all others.

use std::any::Any;

use axum::{
    extract::Request,
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use super::Problem;

/// No route has this path.
pub(in crate::web) async fn no_such_page() -> Problem {
    Problem::of(StatusCode::NOT_FOUND)
}

/// The route has no such method.
pub(in crate::web) async fn no_such_method() -> Problem {
    Problem::of(StatusCode::METHOD_NOT_ALLOWED)
}

/// A handler panicked. What it said may hold anything, so it is not repeated.
pub(in crate::web) fn after_panic(_said: Box<dyn Any + Send>) -> Response {
    Problem::internal("a handler panicked").into_response()
}

/// Gives errors that come from below the handlers the shape of all others.
pub(in crate::web) async fn one_shape(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let status = response.status();
    let failed = status.is_client_error() || status.is_server_error();
    // What comes from below has a plain text or nothing.
    let ours = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| !kind.as_bytes().starts_with(b"text/plain"));
    if !failed || ours {
        return response;
    }
    let mut shaped = Problem::of(status).into_response();
    if let Some(allow) = response.headers().get(header::ALLOW) {
        shaped.headers_mut().insert(header::ALLOW, allow.clone());
    }
    shaped
}
