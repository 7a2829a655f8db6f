//! Contacts in, from a file of any length.

use std::{fs::File, time::Duration};

use axum::{
    Json,
    body::Body,
    extract::{Query, State},
    http::StatusCode,
};
use futures_util::StreamExt as _;
use serde::Deserialize;
use tokio::{
    io::{AsyncSeekExt as _, AsyncWriteExt as _},
    time::timeout,
};

use crate::app::import_contacts::{ImportOptions, import};

use super::{
    super::{Problem, WebState},
    imported::{ImportedView, Tidings},
};

/// Octets of a file: about two million rows.
const FILE_OCTETS_MAX: u64 = 512 << 20;
/// Longest silence of the client while it sends.
const SILENCE_S_MAX: u64 = 30;

/// How to read the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HowToRead {
    #[serde(default)]
    dry_run: bool,
    encoding: Option<String>,
    delimiter: Option<String>,
}

/// Bring in contacts and their consents
///
/// The body is the file itself: comma, semicolon or tab; UTF-8, UTF-16 or Windows-1251; columns are
/// known by their names in Kazakh, Russian or English. A consent is recorded only with its evidence,
/// and never after a withdrawal. Rows that are not taken are named by line and column; their cells
/// are never repeated. Doing it again changes nothing; after an interruption, doing it again
/// completes it.
#[utoipa::path(
    post,
    operation_id = "import_contacts",
    path = "/contacts/import",
    tag = "contacts",
    params(
        ("dry_run" = Option<bool>, Query, description = "Tell what would happen and store nothing"),
        ("encoding" = Option<String>, Query, description = "utf-8, utf-16le, utf-16be or windows-1251; found out unless given"),
        ("delimiter" = Option<String>, Query, description = "comma, semicolon or tab; found out unless given"),
    ),
    request_body(
        content = String,
        content_type = "text/csv",
        description = "At most 512 MiB",
        example = "email,language,consent_purpose,consent_source,consent_given_at,policy_version\naigul@example.kz,kk,news,https://example.kz/subscribe,2026-03-01,1\n",
    ),
    responses(
        (status = 200, description = "What became of the rows", body = ImportedView),
        (status = 401, description = "No valid token", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Over 512 MiB", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The file cannot be used, or a parameter is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Other imports are running", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn bring_in(
    State(state): State<WebState>,
    how: Result<Query<HowToRead>, axum::extract::rejection::QueryRejection>,
    body: Body,
) -> Result<Json<ImportedView>, Problem> {
    let options = how.ok().and_then(|Query(how)| options(&how)).ok_or_else(|| {
        let known = "known are dry_run (true, false), encoding (utf-8, utf-16le, utf-16be, \
            windows-1251) and delimiter (comma, semicolon, tab)";
        Problem::field("query", known)
    })?;
    let Ok(_turn) = state.0.imports.try_acquire() else { return Err(Problem::busy()) };
    let file = store(body).await?;
    let mut tidings = Tidings::default();
    let imported = import(state.app(), file, options, |news| tidings.hear(&news)).await?;
    Ok(Json(tidings.told(imported)))
}

fn options(how: &HowToRead) -> Option<ImportOptions> {
    Some(ImportOptions {
        encoding: how.encoding.as_deref().map(str::parse).transpose().ok()?,
        delimiter: how.delimiter.as_deref().map(str::parse).transpose().ok()?,
        mapping: None,
        fields: None,
        is_dry_run: how.dry_run,
    })
}

/// Puts the body into a file without a name, so that it is gone when the import is over, however it
/// ends, and a slow client does not hold the import up.
async fn store(body: Body) -> Result<File, Problem> {
    let file = tempfile::tempfile().map_err(|error| Problem::broken(&error))?;
    let mut file = tokio::fs::File::from_std(file);
    let (mut chunks, mut octets) = (body.into_data_stream(), 0_u64);
    let silence = Duration::from_secs(SILENCE_S_MAX);
    while let Some(chunk) = timeout(silence, chunks.next())
        .await
        .map_err(|_| Problem::of(StatusCode::REQUEST_TIMEOUT))?
    {
        let chunk = chunk.map_err(|_| Problem::unreadable("it broke off"))?;
        octets += chunk.len() as u64;
        if octets > FILE_OCTETS_MAX {
            return Err(Problem::of(StatusCode::PAYLOAD_TOO_LARGE));
        }
        file.write_all(&chunk).await.map_err(|error| Problem::broken(&error))?;
    }
    file.flush().await.map_err(|error| Problem::broken(&error))?;
    file.rewind().await.map_err(|error| Problem::broken(&error))?;
    Ok(file.into_std().await)
}
