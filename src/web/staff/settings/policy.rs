//! Editions of the privacy policy.

use axum::{extract::State, response::Response};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

use crate::{
    app::{catalogue, policy, staff::actions},
    domain::{language::Language, policy::ChangeKind, staff::Right},
    web::{
        Problem, WebState,
        staff::{Errors, Form, Staff, page::to_be_mended, render, said},
        words::say_time,
    },
};

use super::{Section, sections};

#[derive(Serialize)]
struct List {
    sections: Vec<Section>,
    editions: Vec<Row>,
    may_publish: bool,
    given: Given,
    errors: Errors,
}

#[derive(Serialize)]
struct Row {
    number: i64,
    kind: &'static str,
    published: String,
    texts: Vec<Text>,
}

#[derive(Serialize)]
struct Text {
    language: Language,
    sha256: String,
}

/// What a form holds.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Given {
    text_kk: String,
    text_ru: String,
    text_en: String,
    kind: String,
}

pub(super) async fn list(State(state): State<WebState>, staff: Staff) -> Result<Response, Problem> {
    page(&state, &staff, Given::default(), Errors::default()).await
}

async fn page(
    state: &WebState,
    staff: &Staff,
    given: Given,
    errors: Errors,
) -> Result<Response, Problem> {
    let zone = state.app().institution.time_zone;
    let mut editions = catalogue::editions(state.app()).await?;
    editions.sort_by_key(|edition| std::cmp::Reverse(edition.version.number));
    let editions = editions.into_iter().map(|edition| Row {
        number: edition.version.number,
        kind: edition.version.kind.as_str(),
        published: say_time(staff.lang, edition.version.published_at, zone),
        texts: edition
            .texts
            .into_iter()
            .map(|(language, sha256)| Text { language, sha256: HEXLOWER.encode(&sha256) })
            .collect(),
    });
    let list = List {
        sections: sections(staff),
        editions: editions.collect(),
        may_publish: staff.may(Right::Settings),
        given,
        errors,
    };
    render(state, staff, "staff/settings/policy", "policy-title", &list)
}

pub(super) async fn publish(
    State(state): State<WebState>,
    staff: Staff,
    Form(given): Form<Given>,
) -> Result<Response, Problem> {
    let app = state.app();
    let Ok(kind) = given.kind.parse::<ChangeKind>() else {
        let mut errors = Errors::default();
        errors.add("kind", "kind");
        return page(&state, &staff, given, errors).await.map(to_be_mended);
    };
    // A browser sends line ends as CR LF; the text is kept with LF, as files have them.
    let texts = [
        (Language::KK, &given.text_kk),
        (Language::RU, &given.text_ru),
        (Language::EN, &given.text_en),
    ];
    let texts = texts
        .into_iter()
        .filter(|(_, text)| !text.trim().is_empty())
        .map(|(language, text)| (language, text.replace("\r\n", "\n")))
        .collect();
    match policy::publish(app, texts, kind).await {
        Ok(version) => {
            let mut tx = app.store.begin().await.map_err(crate::app::Error::from)?;
            let subject = Some(format!("policy:{}", version.number));
            actions::log(app, tx.conn(), &staff.user, "policy.publish", subject, None).await?;
            tx.commit().await.map_err(crate::app::Error::from)?;
            Ok(said("/settings/policy", "said-policy-published"))
        }
        Err(crate::app::Error::Conflict(_)) => {
            let mut errors = Errors::default();
            errors.add("text", "same");
            page(&state, &staff, given, errors).await.map(to_be_mended)
        }
        Err(crate::app::Error::Invalid(_)) => {
            let mut errors = Errors::default();
            errors.add("text", "invalid");
            page(&state, &staff, given, errors).await.map(to_be_mended)
        }
        Err(error) => Err(error.into()),
    }
}
