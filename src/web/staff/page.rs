//! A page in the shell that all of the staff's pages share.

use std::collections::HashMap;

use axum::{
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use serde::Serialize;

use crate::{
    domain::{language::Language, staff::Right},
    web::{Problem, WebState, words::say},
};

use super::{POLICY, Staff, guard::onwards};

/// A page's own figures, inside the shell's.
#[derive(Serialize)]
struct Page<'a, T> {
    lang: Language,
    title: &'a str,
    shell: Shell<'a>,
    #[serde(flatten)]
    content: &'a T,
}

#[derive(Serialize)]
struct Shell<'a> {
    user: Option<Reader<'a>>,
    nav: Vec<Place>,
    said: Option<&'a str>,
    institution: &'a str,
    /// Where to prove who one is before a deed with weight; none if that was done just now.
    prove_at: Option<String>,
}

#[derive(Serialize)]
struct Reader<'a> {
    name: &'a str,
}

/// An entry of the main menu.
#[derive(Serialize)]
struct Place {
    url: &'static str,
    key: &'static str,
    current: bool,
}

/// Where the menu leads: URL, sentence, right.
const PLACES: &[(&str, &str, Right)] = &[
    ("/", "shell-home", Right::See),
    ("/campaigns", "campaigns-title", Right::See),
    ("/contacts", "people-title", Right::SeePeople),
    ("/segments", "segments-title", Right::SeePeople),
    ("/imports", "imports-title", Right::EditPeople),
    ("/reports", "reports-title", Right::See),
    ("/letters", "letters-title", Right::See),
    ("/media", "media-title", Right::See),
    ("/settings", "shell-settings", Right::See),
];

/// Renders `template` for `staff`. The page's title is the sentence `title`.
pub(in crate::web) fn render(
    state: &WebState,
    staff: &Staff,
    template: &str,
    title: &str,
    content: &impl Serialize,
) -> Result<Response, Problem> {
    let nav = PLACES.iter().filter(|(_, _, right)| staff.may(*right)).map(|(url, key, _)| Place {
        url,
        key,
        current: is_within(&staff.path, url),
    });
    let shell = Shell {
        user: Some(Reader { name: &staff.user.name }),
        nav: nav.collect(),
        said: staff.said.as_deref().filter(|key| say(staff.lang, key, &HashMap::new()).is_some()),
        institution: institution(state, staff.lang),
        prove_at: (!staff.is_proved).then(|| onwards("/prove", &staff.path)),
    };
    whole(state, template, &Page { lang: staff.lang, title, shell, content })
}

/// The same for whoever is not signed in (yet).
pub(super) fn render_outside(
    state: &WebState,
    lang: Language,
    template: &str,
    title: &str,
    content: &impl Serialize,
) -> Result<Response, Problem> {
    let shell = Shell {
        user: None,
        nav: Vec::new(),
        said: None,
        institution: institution(state, lang),
        prove_at: None,
    };
    whole(state, template, &Page { lang, title, shell, content })
}

fn whole(state: &WebState, template: &str, page: &impl Serialize) -> Result<Response, Problem> {
    let page = state.pages().render(template, page).map_err(|error| Problem::broken(&error))?;
    Ok(page.into_response())
}

fn institution(state: &WebState, lang: Language) -> &str {
    let institution = &state.app().institution;
    let fallback = institution.default_language();
    let name = institution.name.get(&lang).or_else(|| institution.name.get(&fallback));
    name.map_or("", String::as_str)
}

fn is_within(path: &str, place: &str) -> bool {
    if place == "/" {
        return path == "/";
    }
    path.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Sends the reader on after a deed; the next page says `key`, a sentence whose key begins with
/// `said-`.
pub(in crate::web) fn said(to: &str, key: &str) -> Response {
    let joint = if to.contains('?') { '&' } else { '?' };
    Redirect::to(&format!("{to}{joint}said={key}")).into_response()
}

/// A page whose form is to be mended: the same page, another status.
pub(in crate::web) fn to_be_mended(page: Response) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
}

/// What the staff's pages may load.
pub(super) async fn policy(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response
        .headers_mut()
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(POLICY));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_menu_marks_the_place_that_one_is_in() {
        assert!(is_within("/contacts/1", "/contacts") && is_within("/contacts", "/contacts"));
        assert!(!is_within("/contacts-new", "/contacts") && !is_within("/contacts", "/"));
        assert!(is_within("/", "/"));
    }
}
