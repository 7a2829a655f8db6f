//! Lets through whom the table of rules lets through.

use axum::{
    extract::{FromRequestParts, MatchedPath, Request, State},
    http::{HeaderMap, Method, Uri, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use secrecy::SecretString;

use crate::{
    app::staff::{actor, sessions},
    domain::{
        language::Language,
        staff::{Right, Session, SessionState, User},
    },
    web::{Problem, WebState},
};

use super::{
    rules::{self, Rule},
    session,
};

/// Whoever is signed in, and where they are.
#[derive(Debug, Clone)]
pub(in crate::web) struct Staff {
    /// Who.
    pub(in crate::web) user: User,
    /// In which browser.
    pub(in crate::web) session: Session,
    /// The language of their pages.
    pub(in crate::web) lang: Language,
    /// The path they asked for.
    pub(in crate::web) path: String,
    /// The sentence that the deed before left for this page.
    pub(in crate::web) said: Option<String>,
    /// Whether they proved who they are a short while ago.
    pub(in crate::web) is_proved: bool,
}

impl Staff {
    /// Whether one of their roles allows it.
    pub(in crate::web) fn may(&self, right: Right) -> bool {
        self.user.may(right)
    }

    /// How histories name them.
    pub(in crate::web) fn actor(&self) -> String {
        actor(self.user.id)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Staff {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(Problem::signed_out)
    }
}

/// Lets only those through whom the rule of the route lets through.
pub(super) async fn admit(
    State(state): State<WebState>,
    mut request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let route = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    let rule = route.and_then(|path| rules::find(request.method(), path));
    let rule = rule.ok_or_else(Problem::forbidden)?;
    let token = session::token(request.headers(), state.is_tls());
    let staff = signed_in(&state, token, request.uri().clone()).await?;
    match refusal(rule, staff.as_ref()) {
        None => {}
        Some(refused) => return Ok(refused.answer(&request, &page_above(&request))),
    }
    if let Some(staff) = staff {
        request.extensions_mut().insert(staff);
    }
    Ok(next.run(request).await)
}

async fn signed_in(
    state: &WebState,
    token: Option<SecretString>,
    uri: Uri,
) -> Result<Option<Staff>, Problem> {
    let Some(token) = token else { return Ok(None) };
    let Some((session, user)) = sessions::open(state.app(), &token).await? else {
        return Ok(None);
    };
    Ok(Some(Staff {
        lang: user.language,
        path: uri.path().to_owned(),
        said: uri.query().and_then(said).map(str::to_owned),
        is_proved: session.is_proved(state.app().now()),
        user,
        session,
    }))
}

/// The key of the sentence that the deed before left for this page.
fn said(query: &str) -> Option<&str> {
    let said = query.split('&').find_map(|pair| pair.strip_prefix("said="))?;
    let is_key = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (said.starts_with("said-") && said.chars().all(is_key)).then_some(said)
}

/// Why somebody is not let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refusal {
    SignedOut,
    CodeDue,
    NotTheirs,
    ProofDue,
}

fn refusal(rule: Rule, staff: Option<&Staff>) -> Option<Refusal> {
    let Some(staff) = staff else {
        return (rule != Rule::Open).then_some(Refusal::SignedOut);
    };
    let is_open = staff.session.state == SessionState::Open;
    match rule {
        Rule::Open | Rule::PasswordGiven => None,
        _ if !is_open => Some(Refusal::CodeDue),
        Rule::May(right) | Rule::Proved(right) if !staff.may(right) => Some(Refusal::NotTheirs),
        Rule::MayEither(one, other) if !staff.may(one) && !staff.may(other) => {
            Some(Refusal::NotTheirs)
        }
        Rule::Proved(_) if !staff.is_proved => Some(Refusal::ProofDue),
        Rule::SignedIn | Rule::May(_) | Rule::MayEither(..) | Rule::Proved(_) => None,
    }
}

impl Refusal {
    /// A reader of pages is sent to where it can be mended; a script is told.
    fn answer(self, request: &Request, above: &str) -> Response {
        let reads_pages = wants_page(request.headers());
        let is_look = matches!(*request.method(), Method::GET | Method::HEAD);
        let here = request.uri().path_and_query().map_or("/", |here| here.as_str());
        match self {
            Self::SignedOut if reads_pages && is_look => redirect("/sign-in", here),
            Self::CodeDue if reads_pages => redirect("/sign-in/code", here),
            Self::ProofDue if reads_pages && is_look => redirect("/prove", here),
            Self::SignedOut | Self::CodeDue => Problem::signed_out().into_response(),
            Self::NotTheirs => Problem::forbidden().into_response(),
            Self::ProofDue => {
                let mut response = Problem::proof_due().into_response();
                response.extensions_mut().insert(ProveAt(onwards("/prove", above)));
                response
            }
        }
    }
}

/// Where whoever was refused for want of a fresh proof can give it.
#[derive(Debug, Clone)]
pub(super) struct ProveAt(pub(super) String);

/// The nearest page at or above the route that was asked for: where its form stands.
fn page_above(request: &Request) -> String {
    let route = request.extensions().get::<MatchedPath>().map_or("/", MatchedPath::as_str);
    let mut route: Vec<&str> = route.split('/').collect();
    let mut path: Vec<&str> = request.uri().path().split('/').collect();
    while route.len() > 1 {
        if rules::find(&Method::GET, &route.join("/")).is_some() {
            return path.join("/");
        }
        route.pop();
        path.pop();
    }
    "/".to_owned()
}

fn redirect(to: &str, back_to: &str) -> Response {
    Redirect::to(&onwards(to, back_to)).into_response()
}

/// The path `to`, which sends the reader on to `next` afterwards.
pub(super) fn onwards(to: &str, next: &str) -> String {
    if next == "/" {
        return to.to_owned();
    }
    let next = percent_encoding::utf8_percent_encode(next, percent_encoding::NON_ALPHANUMERIC);
    format!("{to}?next={next}")
}

/// Whether a person reads the answer, not a script.
pub(super) fn wants_page(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accepted.is_some_and(|accepted| accepted.contains("text/html"))
}
