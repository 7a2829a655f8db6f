//! One picture: what it shows, where it is shown, and its end.

use std::collections::BTreeMap;

use axum::{
    extract::{Path, State},
    response::Response,
};
use serde::Serialize;

use crate::{
    app::{self, media},
    domain::{id::MediaId, language::Language, media::Media, staff::Right},
    web::{Problem, WebState},
};

use super::super::{Errors, Form, Staff, page::to_be_mended, render, said};
use super::library::PictureView;

#[derive(Serialize)]
struct Shown {
    picture: PictureView,
    kb: u32,
    texts: Vec<AltText>,
    uses: Vec<String>,
    may_write: bool,
    errors: Errors,
}

#[derive(Serialize)]
struct AltText {
    code: Language,
    text: String,
}

impl Shown {
    fn of(state: &WebState, staff: &Staff, (media, uses): (&Media, Vec<String>)) -> Self {
        let texts = state.app().institution.languages.iter().map(|code| AltText {
            code: *code,
            text: media.alts.get(code).cloned().unwrap_or_default(),
        });
        Self {
            picture: PictureView::of(media, staff.lang),
            kb: media.size.div_ceil(1_024),
            texts: texts.collect(),
            uses,
            may_write: staff.may(Right::Write),
            errors: Errors::default(),
        }
    }
}

pub(super) async fn show(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<MediaId>,
) -> Result<Response, Problem> {
    let (media, uses) = media::show(state.app(), id).await?;
    let shown = Shown::of(&state, &staff, (&media, uses));
    render(&state, &staff, "staff/content/picture", "media-about", &shown)
}

/// `POST /media/{id}` with `alt_kk` and so on.
pub(super) async fn describe(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<MediaId>,
    Form(given): Form<BTreeMap<String, String>>,
) -> Result<Response, Problem> {
    let alts: BTreeMap<Language, String> = given
        .into_iter()
        .filter_map(|(key, text)| Some((key.strip_prefix("alt_")?.parse().ok()?, text)))
        .filter(|(language, _)| state.app().institution.languages.contains(language))
        .collect();
    match media::describe(state.app(), id, alts.clone()).await {
        Ok(_) => Ok(said(&format!("/media/{id}"), "said-media-saved")),
        Err(error) => {
            let errors = Errors::of(error)?;
            let (media, uses) = media::show(state.app(), id).await?;
            let media = Media { alts, ..media };
            let shown = Shown { errors, ..Shown::of(&state, &staff, (&media, uses)) };
            render(&state, &staff, "staff/content/picture", "media-about", &shown).map(to_be_mended)
        }
    }
}

pub(super) async fn delete(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<MediaId>,
) -> Result<Response, Problem> {
    match media::delete(state.app(), id).await {
        Ok(()) => Ok(said("/media", "said-media-deleted")),
        // The page says where it is shown.
        Err(app::Error::Conflict(_)) => show(State(state), staff, Path(id)).await.map(to_be_mended),
        Err(error) => Err(error.into()),
    }
}
