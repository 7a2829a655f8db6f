//! Ready-made letters, and a place to try the editor.

use axum::{
    extract::{Path, State},
    response::Response,
};
use serde::Serialize;

use crate::{
    app::{self, letters},
    domain::{language::Language, letter::Letter},
    web::{Problem, WebState},
};

use super::super::{Staff, render};
use super::editor::EditorView;

/// The letter that nothing is written in yet.
const BLANK: &str = "blank";

#[derive(Serialize)]
struct Gallery {
    letters: Vec<ReadyMade>,
    language: Language,
}

#[derive(Serialize)]
struct ReadyMade {
    key: &'static str,
    title: String,
    text: String,
    has_look: bool,
}

#[derive(Serialize)]
struct Opened {
    key: String,
    editor: EditorView,
}

pub(super) async fn list(State(state): State<WebState>, staff: Staff) -> Result<Response, Problem> {
    let keys = letters::gallery().iter().map(|one| one.key).chain([BLANK]);
    let ready_made = keys.map(|key| ReadyMade {
        key,
        title: format!("letters-{key}"),
        text: format!("letters-{key}-text"),
        has_look: key != BLANK,
    });
    let languages = &state.app().institution.languages;
    let language = languages.iter().find(|one| **one == staff.lang);
    let language = *language.unwrap_or(&state.app().institution.default_language());
    let gallery = Gallery { letters: ready_made.collect(), language };
    render(&state, &staff, "staff/content/gallery", "letters-title", &gallery)
}

/// A ready-made letter in the editor; nothing of it is saved.
pub(super) async fn open(
    State(state): State<WebState>,
    staff: Staff,
    Path(key): Path<String>,
) -> Result<Response, Problem> {
    let letter = if key == BLANK {
        Letter::default()
    } else {
        letters::begin(state.app(), &key).ok_or(app::Error::NotFound("ready-made letter"))?
    };
    let title = format!("letters-{key}");
    let opened =
        Opened { key: title.clone(), editor: EditorView::of(&state, &staff, &letter, &[]) };
    render(&state, &staff, "staff/content/open", &title, &opened)
}
