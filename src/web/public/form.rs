//! Reads what was posted to a link: RFC 8058's one-click, or the page's own form.

use axum::{
    Form,
    extract::{FromRequest as _, Multipart, Request},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

use crate::app::leave::{Choice, Way};

use super::super::WebState;

/// A name and a value.
type Field = (String, String);

/// What a person wants; `None` when the body says nothing of it.
///
/// # Errors
/// The answer to a body that is too large or torn.
pub(super) async fn read(
    mut request: Request,
    state: &WebState,
) -> Result<Option<(Choice, Way)>, Response> {
    if is_multipart(&request) {
        return Ok(wish(&parts(request, state).await?));
    }
    // Whatever else it calls itself, it is read as a form: RFC 8058 knows no third kind.
    let form = HeaderValue::from_static("application/x-www-form-urlencoded");
    request.headers_mut().insert(header::CONTENT_TYPE, form);
    match Form::<Vec<Field>>::from_request(request, state).await {
        Ok(Form(fields)) => Ok(wish(&fields)),
        Err(refused) => Err(refused.into_response()),
    }
}

fn is_multipart(request: &Request) -> bool {
    let kind = request.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    kind.and_then(|kind| kind.get(..19))
        .is_some_and(|kind| kind.eq_ignore_ascii_case(b"multipart/form-data"))
}

async fn parts(request: Request, state: &WebState) -> Result<Vec<Field>, Response> {
    let mut multipart =
        Multipart::from_request(request, state).await.map_err(IntoResponse::into_response)?;
    let mut fields = Vec::new();
    while let Some(part) = multipart.next_field().await.map_err(IntoResponse::into_response)? {
        let name = part.name().unwrap_or_default().to_owned();
        let value = part.text().await.map_err(IntoResponse::into_response)?;
        fields.push((name, value));
    }
    Ok(fields)
}

fn wish(fields: &[Field]) -> Option<(Choice, Way)> {
    let value = |name: &str| {
        let found = fields.iter().find(|(given, _)| given.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim())
    };
    match value("scope") {
        Some("purpose") => return Some((Choice::ThisPurpose, Way::Page)),
        Some("all") => return Some((Choice::All, Way::Page)),
        _ => {}
    }
    let one_click = value("List-Unsubscribe")?.eq_ignore_ascii_case("One-Click");
    one_click.then_some((Choice::ThisPurpose, Way::OneClick))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, value: &str) -> Option<(Choice, Way)> {
        wish(&[(name.to_owned(), value.to_owned())])
    }

    #[test]
    fn only_what_the_standard_and_the_page_say_is_a_wish() {
        let one_click = Some((Choice::ThisPurpose, Way::OneClick));
        assert_eq!(read("List-Unsubscribe", "One-Click"), one_click);
        assert_eq!(read("list-unsubscribe", " one-click\r\n"), one_click);
        assert_eq!(read("scope", "purpose"), Some((Choice::ThisPurpose, Way::Page)));
        assert_eq!(read("scope", "all"), Some((Choice::All, Way::Page)));
        assert_eq!(read("scope", "everything"), None);
        assert_eq!(read("List-Unsubscribe", ""), None);
        assert_eq!(wish(&[]), None);
    }
}
