//! Signing in and out.

mod code;
mod pace;
mod password;
mod prove;
mod welcome;

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use secrecy::SecretString;
use serde::Deserialize;

use crate::{
    app::staff::sessions,
    web::{Problem, WebState},
};

use super::{Staff, session};

pub(in crate::web) use pace::SignInPace;

pub(super) fn routes() -> Router<WebState> {
    Router::new()
        .route("/sign-in", get(password::show).post(password::sign_in))
        .route("/sign-in/code", get(code::show).post(code::give))
        .route("/welcome", get(welcome::show).post(welcome::set_password))
        .route("/prove", get(prove::show).post(prove::prove))
        .route("/sign-out", post(sign_out))
}

/// Where to go on afterwards.
#[derive(Debug, Default, Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
}

impl Next {
    /// A path of this service and nothing else, whatever was asked.
    fn path(&self) -> &str {
        let is_ours = self.next.starts_with('/')
            && !self.next.starts_with("//")
            && self.next.chars().all(|c| c.is_ascii_graphic() && c != '\\');
        if is_ours { &self.next } else { "/" }
    }
}

/// Sends the browser on with a session's secret.
fn with_session(to: &str, token: &SecretString, is_tls: bool) -> Response {
    ([(header::SET_COOKIE, session::keep(token, is_tls))], Redirect::to(to)).into_response()
}

/// What the browser calls itself.
fn agent(headers: &HeaderMap) -> &str {
    headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

async fn sign_out(State(state): State<WebState>, staff: Staff) -> Result<Response, Problem> {
    sessions::end(state.app(), staff.user.id, staff.session.id).await?;
    let clear = [
        (header::SET_COOKIE, session::forget(state.is_tls())),
        (header::HeaderName::from_static("clear-site-data"), HeaderValue::from_static("\"cache\"")),
    ];
    Ok((clear, Redirect::to("/sign-in?said=said-signed-out")).into_response())
}

#[cfg(test)]
mod tests {
    use super::Next;

    #[test]
    fn one_goes_on_only_within_this_service() {
        let path = |next: &str| Next { next: next.to_owned() }.path().to_owned();
        assert_eq!(path("/campaigns/1?x=2"), "/campaigns/1?x=2");
        for elsewhere in ["//evil.example", "https://evil.example", "/\\evil", "", "/a\r\nb"] {
            assert_eq!(path(elsewhere), "/");
        }
    }
}
