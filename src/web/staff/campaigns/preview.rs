//! How it will look: in each language, wide and narrow, dark, plain, and as somebody in particular;
//! and test mails.

use axum::{
    extract::{Path, Query, State},
    http::{HeaderName, HeaderValue, header},
    response::{Html, IntoResponse as _, Response},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    app::{
        draft, letters,
        letters::{Reader, Wanted},
        staff::users,
        test_mail,
    },
    domain::{
        address::Address,
        draft::Draft,
        id::{CampaignId, ContactId},
        language::Language,
        staff::Right,
    },
    store::test_mail::TestMail,
    web::{
        Problem, WebState,
        staff::{Staff, render},
    },
};

use super::head::{Head, Moment, open};

/// What a shown mail may load: pictures and its own styles, nothing that runs (ASVS 5.0, 3.4).
const MAIL_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; img-src 'self' https: data:; style-src 'unsafe-inline'; sandbox; \
     frame-ancestors 'self'",
);

/// What to show.
#[derive(Deserialize)]
pub(super) struct Asked {
    language: Option<Language>,
    #[serde(default)]
    look: String,
    #[serde(default)]
    reader: String,
    contact: Option<Uuid>,
}

impl Asked {
    fn reader(&self, staff: &Staff) -> Result<Reader, Problem> {
        match (self.contact, self.reader.as_str()) {
            (Some(_), _) if !staff.may(Right::SeePeople) => Err(Problem::forbidden()),
            (Some(id), _) => Ok(Reader::Contact(ContactId(id))),
            (None, "unknown") => Ok(Reader::Unknown),
            (None, _) => Ok(Reader::Sample),
        }
    }
}

#[derive(Serialize)]
struct Page {
    head: Head,
    languages: Vec<Tab>,
    language: Option<Language>,
    looks: Vec<Tab>,
    look: &'static str,
    readers: Vec<Tab>,
    contact: Option<Uuid>,
    subject: Option<String>,
    plain: Option<String>,
    frame: Option<String>,
    kilobytes: usize,
    colleagues: Vec<Colleague>,
    tests: Vec<TestView>,
    may_test: bool,
}

#[derive(Serialize)]
struct Tab {
    word: String,
    url: String,
    current: bool,
}

#[derive(Serialize)]
struct Colleague {
    address: String,
    name: String,
    is_me: bool,
}

#[derive(Serialize)]
struct TestView {
    address: String,
    language: Language,
    key: String,
    class: &'static str,
    reason: Option<String>,
    at: Moment,
}

const LOOKS: [&str; 4] = ["wide", "phone", "dark", "plain"];
const READERS: [&str; 2] = ["sample", "unknown"];

/// `GET /campaigns/{id}/preview`.
pub(super) async fn show(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<Uuid>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (dossier, _, head) = open(&state, &staff, id, "preview").await?;
    let draft = &dossier.copy.draft;
    let written: Vec<Language> = draft.letter.editions.keys().copied().collect();
    let language = asked.language.filter(|one| written.contains(one));
    let language = language.or_else(|| written.first().copied());
    let look = LOOKS.iter().copied().find(|one| *one == asked.look).unwrap_or(LOOKS[0]);
    let shown = match language {
        Some(language) => Some(preview(&state, &staff, draft, language, &asked).await?),
        None => None,
    };
    let mail = shown.as_ref().and_then(|shown| shown.mail.as_ref());
    let link = Link { id, language, look, asked: &asked };
    let page = Page {
        languages: written.iter().map(|one| link.language(*one)).collect(),
        looks: LOOKS.iter().map(|one| link.look(one)).collect(),
        readers: READERS.iter().map(|one| link.reader(one)).collect(),
        contact: asked.contact,
        subject: mail.map(|mail| mail.subject.clone()),
        plain: mail.map(|mail| mail.text.clone()),
        frame: mail.and_then(|mail| mail.html.as_ref()).map(|_| link.frame()),
        kilobytes: shown.as_ref().map_or(0, |shown| shown.html_octets.div_ceil(1_000)),
        colleagues: colleagues(&state, &staff).await?,
        tests: tests(&state, &staff, id).await?,
        may_test: staff.may(Right::Write) || staff.may(Right::Approve),
        language,
        look,
        head,
    };
    render(&state, &staff, "staff/campaigns/preview", "campaigns-step-preview", &page)
}

/// `GET /campaigns/{id}/preview/mail`: the HTML itself, in a box that nothing gets out of.
pub(super) async fn mail(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<Uuid>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let dossier = draft::find(state.app(), CampaignId(id)).await?;
    let draft = &dossier.copy.draft;
    let language = asked.language.or_else(|| draft.letter.editions.keys().next().copied());
    let language = language.ok_or(crate::app::Error::NotFound("edition"))?;
    let shown = preview(&state, &staff, draft, language, &asked).await?;
    let html = shown.mail.and_then(|mail| mail.html).unwrap_or_default();
    let headers: [(HeaderName, HeaderValue); 1] = [(header::CONTENT_SECURITY_POLICY, MAIL_POLICY)];
    Ok((headers, Html(html)).into_response())
}

async fn preview(
    state: &WebState,
    staff: &Staff,
    draft: &Draft,
    language: Language,
    asked: &Asked,
) -> Result<letters::Preview, Problem> {
    let wanted = Wanted {
        letter: &draft.letter,
        name: &draft.name,
        purpose: draft.purpose.as_ref(),
        party: draft.party.as_ref(),
        language,
        reader: asked.reader(staff)?,
    };
    Ok(letters::preview(state.app(), &wanted).await?)
}

/// The addresses that the current page stands for.
struct Link<'a> {
    id: Uuid,
    language: Option<Language>,
    look: &'static str,
    asked: &'a Asked,
}

impl Link<'_> {
    fn query(&self, language: Option<Language>, look: &str, reader: &str) -> String {
        let language = language.map_or_else(String::new, |one| format!("language={one}&"));
        let contact = self.asked.contact.filter(|_| reader == self.asked.reader);
        let contact = contact.map_or_else(String::new, |id| format!("&contact={id}"));
        format!("{language}look={look}&reader={reader}{contact}")
    }

    fn url(&self, language: Option<Language>, look: &str, reader: &str) -> String {
        format!("/campaigns/{}/preview?{}", self.id, self.query(language, look, reader))
    }

    fn frame(&self) -> String {
        let query = self.query(self.language, self.look, &self.asked.reader);
        format!("/campaigns/{}/preview/mail?{query}", self.id)
    }

    fn language(&self, language: Language) -> Tab {
        Tab {
            word: language.to_string(),
            url: self.url(Some(language), self.look, &self.asked.reader),
            current: self.language == Some(language),
        }
    }

    fn look(&self, look: &str) -> Tab {
        Tab {
            word: format!("campaigns-look-{look}"),
            url: self.url(self.language, look, &self.asked.reader),
            current: self.look == look,
        }
    }

    fn reader(&self, reader: &str) -> Tab {
        let is_default = reader == READERS[0] && self.asked.reader.is_empty();
        let url = format!(
            "/campaigns/{}/preview?{}look={}&reader={reader}",
            self.id,
            self.language.map_or_else(String::new, |one| format!("language={one}&")),
            self.look
        );
        Tab {
            word: format!("campaigns-reader-{reader}"),
            url,
            current: self.asked.contact.is_none() && (is_default || self.asked.reader == reader),
        }
    }
}

async fn colleagues(state: &WebState, staff: &Staff) -> Result<Vec<Colleague>, Problem> {
    let users = users::all(state.app()).await?;
    let working = users.into_iter().filter(|user| user.disabled_at.is_none());
    let mut all: Vec<Colleague> = working
        .map(|user| Colleague {
            is_me: user.id == staff.user.id,
            address: user.address.as_str().to_owned(),
            name: user.name,
        })
        .collect();
    all.sort_by_key(|one| !one.is_me);
    let known: Vec<Address> = state.app().rules.test_addresses.clone();
    let more = known.into_iter().map(|address| Colleague {
        address: address.as_str().to_owned(),
        name: String::new(),
        is_me: false,
    });
    all.extend(more);
    Ok(all)
}

async fn tests(state: &WebState, staff: &Staff, id: Uuid) -> Result<Vec<TestView>, Problem> {
    let mails = test_mail::latest(state.app(), CampaignId(id)).await?;
    let view = |mail: TestMail| {
        use crate::store::test_mail::TestState::{Failed, Sent};
        TestView {
            address: mail.address.as_str().to_owned(),
            language: mail.language,
            key: format!("campaigns-test-state-{}", mail.state),
            class: match mail.state {
                Sent => "good",
                Failed => "bad",
                _ => "info",
            },
            reason: mail.reason,
            at: Moment::of(state, staff, mail.state_since),
        }
    };
    Ok(mails.into_iter().map(view).collect())
}
