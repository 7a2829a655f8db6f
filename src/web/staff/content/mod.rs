//! The media library, ready-made letters, the editor and its preview.

pub(in crate::web::staff) mod editor;
mod letters;
mod library;
mod look;
mod picture;
mod upload;

pub(super) use editor::EditorView;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};

use crate::{
    domain::{letter::LETTER_BYTES_MAX, media::OCTETS_MAX},
    web::WebState,
};

/// Octets of what surrounds a file in a form.
const FORM_OCTETS: usize = 64 * 1024;

pub(super) fn routes() -> Router<WebState> {
    let library = get(library::show)
        .post(upload::take)
        .layer(DefaultBodyLimit::max(OCTETS_MAX + FORM_OCTETS));
    let look = post(look::look).layer(DefaultBodyLimit::max(LETTER_BYTES_MAX + FORM_OCTETS));
    Router::new()
        .route("/media", library)
        .route("/media/{id}", get(picture::show).post(picture::describe))
        .route("/media/{id}/delete", post(picture::delete))
        .route("/letters", get(letters::list))
        .route("/letters/preview", look)
        .route("/letters/{key}", get(letters::open))
        .route("/letters/{key}/look", get(look::ready_made))
}
