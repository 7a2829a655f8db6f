//! Styles, scripts and icons, embedded in the binary.

use axum::{
    extract::{Path, RawQuery},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use data_encoding::HEXLOWER;
use rust_embed::{EmbeddedFile, RustEmbed};

use super::Problem;

#[derive(RustEmbed)]
#[folder = "assets"]
#[include = "css/*.css"]
#[include = "icons/*.svg"]
#[include = "js/*.mjs"]
struct Files;

/// Octets of a file's SHA-256 that tell one edition from another.
const TAG_OCTETS: usize = 8;

fn tag(file: &EmbeddedFile) -> String {
    HEXLOWER.encode(&file.metadata.sha256_hash()[..TAG_OCTETS])
}

/// The URL of a file, which changes with its content. `None` when there is no such file.
pub(super) fn url(path: &str) -> Option<String> {
    let file = Files::get(path)?;
    Some(format!("/assets/{path}?v={}", tag(&file)))
}

/// Gives a file. Asked for by its [`url`], it may be kept for a year.
pub(super) async fn serve(
    Path(path): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let Some(file) = Files::get(&path) else {
        return Problem::of(StatusCode::NOT_FOUND).into_response();
    };
    let tag = tag(&file);
    let lasting = query.is_some_and(|query| query.strip_prefix("v=") == Some(tag.as_str()));
    let keep = if lasting { "public, max-age=31536000, immutable" } else { "public, no-cache" };
    let tag = format!("\"{tag}\"");
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|given| given == tag.as_str());
    let common = [(header::ETAG, tag), (header::CACHE_CONTROL, keep.to_owned())];
    if known {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    (common, [(header::CONTENT_TYPE, media_type(&path))], file.data).into_response()
}

fn media_type(path: &str) -> &'static str {
    match path.split_once('/') {
        Some(("css", _)) => "text/css; charset=utf-8",
        Some(("js", _)) => "text/javascript; charset=utf-8",
        _ => "image/svg+xml",
    }
}
