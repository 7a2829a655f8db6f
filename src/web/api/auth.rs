//! Who asks: a bearer token (RFC 6750) and nothing else. No cookie, so nothing to forge across sites.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, header},
    middleware::Next,
    response::Response,
};

use crate::app::api_tokens::{self, Access};

use super::super::{Problem, WebState};

/// The token by which a request came, in the operator's words for it.
#[derive(Debug, Clone)]
pub(super) struct Caller(pub(super) String);

/// Lets only requests with a valid token through.
pub(super) async fn require_token(
    State(state): State<WebState>,
    mut request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let secret = bearer(request.headers()).ok_or_else(Problem::unauthorized)?;
    match api_tokens::check(state.app(), secret).await? {
        Access::Granted(token) => {
            request.extensions_mut().insert(Caller(token.name));
            Ok(next.run(request).await)
        }
        Access::Denied => Err(Problem::unauthorized()),
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, secret) =
        headers.get(header::AUTHORIZATION)?.to_str().ok()?.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("Bearer").then(|| secret.trim())
}
