//! Problems as pages, where a person reads the answer.

use std::collections::HashMap;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::web::{Problem, WebState, language::Wanted, words::say};

use super::{
    guard::{ProveAt, wants_page},
    page,
};

#[derive(Serialize)]
struct Failed<'a> {
    heading: &'a str,
    advice: &'a str,
    detail: Option<&'a str>,
    problems: &'a [crate::web::FieldProblem],
    id: Option<&'a str>,
    prove_at: Option<&'a str>,
}

/// Makes a page of a problem for whoever reads pages.
pub(in crate::web) async fn as_page(
    State(state): State<WebState>,
    wanted: Wanted,
    request: Request,
    next: Next,
) -> Response {
    let is_for_programs =
        ["/api/", "/health/"].iter().any(|it| request.uri().path().starts_with(it));
    let reads_pages = !is_for_programs && wants_page(request.headers());
    let mut response = next.run(request).await;
    let Some(problem) = response.extensions_mut().remove::<Problem>() else { return response };
    if !reads_pages {
        return response;
    }
    let prove_at = response.extensions_mut().remove::<ProveAt>();
    let lang = wanted.pick(&state.app().institution, None);
    let word = problem.kind().rsplit(':').next().unwrap_or("refused");
    let sentence = |part: &str| {
        let key = format!("failure-{word}-{part}");
        if say(lang, &key, &HashMap::new()).is_some() { key } else { format!("failure-{part}") }
    };
    let (heading, advice) = (sentence("heading"), sentence("advice"));
    let failed = Failed {
        heading: &heading,
        advice: &advice,
        detail: problem.detail(),
        problems: problem.problems(),
        id: problem.id(),
        prove_at: prove_at.as_ref().map(|at| at.0.as_str()),
    };
    match page::render_outside(&state, lang, "staff/failure", &heading, &failed) {
        Ok(page) => (problem.status(), page).into_response(),
        Err(broken) => broken.into_response(),
    }
}
