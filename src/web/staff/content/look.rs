//! How a letter looks: as a page in a frame of its own policy, and as JSON with what is wrong.

use std::collections::{BTreeMap, HashMap};

use axum::{
    Json,
    extract::{Multipart, Path, Query, State, multipart::MultipartError},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse as _, Response},
};
use serde::{Deserialize, Serialize};

use crate::{
    app::{
        self,
        letters::{self, Preview, Reader, Wanted},
    },
    domain::{
        language::Language,
        letter::{LETTER_BYTES_MAX, Letter},
        party::PartyKey,
        purpose::PurposeKey,
        staff::Right,
    },
    mail::{letter::Remark, render::Severity},
    web::{Problem, WebState, words::say},
};

use super::super::{Staff, guard::wants_page};

/// Mail shows pictures and has styles of its own; it may do nothing.
const POLICY: HeaderValue = HeaderValue::from_static(
    "sandbox; default-src 'none'; img-src 'self' https: data:; style-src 'unsafe-inline'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
);

/// A letter as the editor sends it.
#[derive(Debug)]
struct Sent {
    letter: Letter,
    language: Language,
    reader: Reader,
    is_dark: bool,
    name: String,
    purpose: Option<PurposeKey>,
    party: Option<PartyKey>,
}

#[derive(Serialize)]
struct Look {
    /// Whether there is a mail to be seen.
    is_whole: bool,
    subject: Option<String>,
    text: Option<String>,
    octets: usize,
    /// The MJML or code that it was built of.
    source: Option<String>,
    remarks: Vec<RemarkView>,
}

#[derive(Serialize)]
struct RemarkView {
    severity: Severity,
    code: String,
    path: String,
    line: Option<usize>,
    column: Option<usize>,
    message: String,
}

impl RemarkView {
    fn of(remark: Remark, lang: Language) -> Self {
        let known = say(lang, &format!("remark-{}", remark.code), &HashMap::new());
        Self {
            severity: remark.severity,
            line: remark.place.map(|(line, _)| line),
            column: remark.place.map(|(_, column)| column),
            message: known.unwrap_or_else(|| format!("{}. {}", remark.message, remark.fix)),
            code: remark.code,
            path: remark.path,
        }
    }
}

/// `POST /letters/preview`: a form with `letter` (JSON), `language` and, if wanted, `reader` (`sample`,
/// `unknown` or a contact's id), `scheme` (`light` or `dark`), `name`, `purpose`, `party`.
pub(super) async fn look(
    State(state): State<WebState>,
    staff: Staff,
    headers: HeaderMap,
    form: Multipart,
) -> Result<Response, Problem> {
    let sent = sent(form).await?;
    if matches!(sent.reader, Reader::Contact(_)) && !staff.may(Right::SeePeople) {
        return Err(Problem::of(StatusCode::FORBIDDEN));
    }
    let wanted = Wanted {
        letter: &sent.letter,
        name: &sent.name,
        purpose: sent.purpose.as_ref(),
        party: sent.party.as_ref(),
        language: sent.language,
        reader: sent.reader,
    };
    let preview = letters::preview(state.app(), &wanted).await?;
    if wants_page(&headers) {
        return Ok(page(preview, sent.is_dark));
    }
    let mail = preview.mail;
    let remarks = preview.remarks.into_iter().map(|remark| RemarkView::of(remark, staff.lang));
    let look = Look {
        is_whole: mail.is_some(),
        octets: preview.html_octets,
        remarks: remarks.collect(),
        source: preview.source,
        subject: mail.as_ref().map(|mail| mail.subject.clone()),
        text: mail.map(|mail| mail.text),
    };
    Ok(Json(look).into_response())
}

#[derive(Deserialize)]
pub(super) struct InLanguage {
    language: Option<Language>,
}

/// `GET /letters/{key}/look?language=kk`: how a ready-made letter looks.
pub(super) async fn ready_made(
    State(state): State<WebState>,
    Path(key): Path<String>,
    Query(asked): Query<InLanguage>,
) -> Result<Response, Problem> {
    let letter = letters::begin(state.app(), &key);
    let letter = letter.ok_or(app::Error::NotFound("ready-made letter"))?;
    let language = asked.language.unwrap_or(state.app().institution.default_language());
    let wanted = Wanted {
        letter: &letter,
        name: "",
        purpose: None,
        party: None,
        language,
        reader: Reader::Sample,
    };
    let preview = letters::preview(state.app(), &wanted).await?;
    Ok(page(preview, false))
}

/// The mail itself. A frame has no mailbox's night of its own: the chosen one is written into it.
fn page(preview: Preview, is_dark: bool) -> Response {
    let mail = preview.mail;
    let html = mail.and_then(|mail| mail.html.or(Some(plain(&mail.text)))).unwrap_or_default();
    let night = if is_dark { "@media all" } else { "@media not all" };
    let html = html.replace("@media (prefers-color-scheme: dark)", night);
    let mut response = Html(html).into_response();
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, POLICY);
    response
}

fn plain(text: &str) -> String {
    format!("<!doctype html><pre>{}</pre>", handlebars::html_escape(text))
}

async fn sent(mut form: Multipart) -> Result<Sent, Problem> {
    let unreadable = |error: MultipartError| Problem::of(error.status());
    let mut fields: BTreeMap<String, String> = BTreeMap::new();
    while let Some(part) = form.next_field().await.map_err(unreadable)? {
        let name = part.name().unwrap_or_default().to_owned();
        fields.insert(name, part.text().await.map_err(unreadable)?);
    }
    let given = |name: &str| fields.get(name).map_or("", String::as_str);
    let letter = given("letter");
    if letter.len() > LETTER_BYTES_MAX {
        return Err(Problem::of(StatusCode::PAYLOAD_TOO_LARGE));
    }
    let wrong = |name: &'static str| Problem::field(name, "cannot be read");
    // What was sent is never repeated: it may be personal.
    let letter = serde_json::from_str(letter).map_err(|_| wrong("letter"))?;
    let optional = |name: &str| Some(given(name)).filter(|text| !text.is_empty());
    Ok(Sent {
        letter,
        language: given("language").parse().map_err(|_| wrong("language"))?,
        reader: match given("reader") {
            "" | "sample" => Reader::Sample,
            "unknown" => Reader::Unknown,
            id => Reader::Contact(id.parse().map_err(|_| wrong("reader"))?),
        },
        is_dark: given("scheme") == "dark",
        name: given("name").to_owned(),
        purpose: optional("purpose")
            .map(|key| key.parse().map_err(|_| wrong("purpose")))
            .transpose()?,
        party: optional("party").map(|key| key.parse().map_err(|_| wrong("party"))).transpose()?,
    })
}
