//! The pictures that there are: a page, or JSON for the editor.

use std::collections::BTreeMap;

use axum::{
    Json,
    extract::{Query, State},
    http::HeaderMap,
    response::{IntoResponse as _, Response},
};
use serde::{Deserialize, Serialize};

use crate::{
    app::media::{self, PAGE_ROWS},
    domain::{id::MediaId, language::Language, media::Media, staff::Right},
    web::{Problem, WebState},
};

use super::super::{Errors, Staff, guard::wants_page, render};

/// Pictures that are asked for by their ids.
const IDS_MAX: usize = 200;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    search: String,
    before: Option<MediaId>,
    /// Ids with commas between them: exactly these.
    ids: Option<String>,
}

/// A picture as pages and the editor show it.
#[derive(Debug, Serialize)]
pub(super) struct PictureView {
    id: MediaId,
    path: String,
    file_name: String,
    width: u32,
    height: u32,
    alts: BTreeMap<Language, String>,
    /// In the reader's language, or any.
    alt: String,
}

impl PictureView {
    pub(super) fn of(media: &Media, lang: Language) -> Self {
        let (width, height) = media.pixels.unwrap_or_default();
        let alt = media.alts.get(&lang).or_else(|| media.alts.values().next());
        Self {
            id: media.id,
            path: format!("/i/{}", media.public_name()),
            file_name: media.file_name.clone(),
            width,
            height,
            alt: alt.cloned().unwrap_or_default(),
            alts: media.alts.clone(),
        }
    }
}

#[derive(Debug, Serialize)]
struct Library {
    pictures: Vec<PictureView>,
    search: String,
    /// Where the page with the older ones begins.
    older: Option<MediaId>,
    /// Whether this is the beginning and nothing was searched for.
    all: bool,
    may_write: bool,
    errors: Errors,
}

pub(super) async fn show(
    State(state): State<WebState>,
    staff: Staff,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let library = library(&state, &staff, asked, Errors::default()).await?;
    if wants_page(&headers) {
        return render(&state, &staff, "staff/content/library", "media-title", &library);
    }
    Ok(Json(library).into_response())
}

/// The page again, with what is wrong with a file.
pub(super) async fn with_errors(
    state: &WebState,
    staff: &Staff,
    errors: Errors,
) -> Result<Response, Problem> {
    let library = library(state, staff, Asked::default(), errors).await?;
    render(state, staff, "staff/content/library", "media-title", &library)
}

async fn library(
    state: &WebState,
    staff: &Staff,
    asked: Asked,
    errors: Errors,
) -> Result<Library, Problem> {
    let view = |one: &Media| PictureView::of(one, staff.lang);
    let mut found = match &asked.ids {
        Some(ids) => {
            let ids: Vec<_> =
                ids.split(',').filter_map(|id| id.parse().ok()).take(IDS_MAX).collect();
            media::these(state.app(), &ids).await?
        }
        None => media::list(state.app(), &asked.search, asked.before).await?,
    };
    let page = usize::try_from(PAGE_ROWS).unwrap_or(usize::MAX);
    let is_more = asked.ids.is_none() && found.len() > page;
    if is_more {
        found.truncate(page);
    }
    Ok(Library {
        older: if is_more { found.last().map(|one| one.id) } else { None },
        pictures: found.iter().map(view).collect(),
        all: asked.search.trim().is_empty() && asked.before.is_none(),
        search: asked.search,
        may_write: staff.may(Right::Write),
        errors,
    })
}
