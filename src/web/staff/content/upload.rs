//! A picture comes in.

use std::collections::HashMap;

use axum::{
    Json,
    extract::{Multipart, State, multipart::MultipartError},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
};

use crate::{
    app::media::{self, Refusal, UploadError},
    web::{Problem, WebState, words::say},
};

use super::super::{Errors, Staff, guard::wants_page, page::to_be_mended, said};
use super::library::{self, PictureView};

/// `POST /media` with the file in the field `file`.
pub(super) async fn take(
    State(state): State<WebState>,
    staff: Staff,
    headers: HeaderMap,
    form: Multipart,
) -> Result<Response, Problem> {
    let is_page = wants_page(&headers);
    let taken = match file(form).await? {
        Ok((name, octets)) => media::upload(state.app(), &name, octets, &staff.actor()).await,
        Err(refusal) => Err(UploadError::Refused(refusal)),
    };
    match taken {
        Ok(media) if is_page => Ok(said(&format!("/media/{}", media.id), "said-media-added")),
        Ok(media) => {
            let view = PictureView::of(&media, staff.lang);
            Ok((StatusCode::CREATED, Json(view)).into_response())
        }
        Err(UploadError::Other(error)) => Err(error.into()),
        Err(UploadError::Refused(refusal)) => {
            let key = format!("media-refused-{refusal}");
            let sentence = say(staff.lang, &key, &HashMap::new()).unwrap_or(key);
            if !is_page {
                return Err(Problem::field("file", sentence));
            }
            let mut errors = Errors::default();
            errors.add("file", sentence);
            library::with_errors(&state, &staff, errors).await.map(to_be_mended)
        }
    }
}

/// The file's name and octets.
async fn file(mut form: Multipart) -> Result<Result<(String, Vec<u8>), Refusal>, Problem> {
    let unreadable = |error: MultipartError| Problem::of(error.status());
    while let Some(part) = form.next_field().await.map_err(unreadable)? {
        if part.name() != Some("file") {
            continue;
        }
        let name = part.file_name().unwrap_or_default().to_owned();
        return match part.bytes().await {
            Ok(octets) => Ok(Ok((name, octets.into()))),
            Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Ok(Err(Refusal::TooLarge))
            }
            Err(error) => Err(unreadable(error)),
        };
    }
    Ok(Err(Refusal::Empty))
}
