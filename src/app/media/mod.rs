//! Deeds with the media library.

mod picture;

use std::collections::BTreeMap;

use tokio::sync::Semaphore;

pub use picture::Refusal;

use crate::{
    app::{App, Error, Result},
    domain::{
        id::MediaId,
        language::Language,
        ledger::sha256,
        media::{ALT_CHARS_MAX, Media, MediaKind, NAME_CHARS_MAX},
    },
    mail::letter::CalendarFile,
    store::{self, media::Wanted},
};

/// Pictures that are unpacked at once: each may take hundreds of megabytes.
static UNPACKING: Semaphore = Semaphore::const_new(2);
/// Pictures of one page of the library.
pub const PAGE_ROWS: u32 = 48;

/// Why a file was not taken.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// For what it is.
    #[error("the file is refused: {0}")]
    Refused(Refusal),
    /// For something else.
    #[error(transparent)]
    Other(#[from] Error),
}

impl From<store::Error> for UploadError {
    fn from(error: store::Error) -> Self {
        Self::Other(error.into())
    }
}

/// Takes a picture into the library. One that is there already is given back as it is.
///
/// # Errors
/// [`UploadError::Refused`] for what it is; the database's.
pub async fn upload(
    app: &App,
    file_name: &str,
    octets: Vec<u8>,
    actor: &str,
) -> Result<Media, UploadError> {
    let seat = UNPACKING.acquire().await;
    let ready = tokio::task::spawn_blocking(move || picture::prepare(&octets)).await;
    drop(seat);
    let ready = ready.unwrap_or(Err(Refusal::Broken)).map_err(UploadError::Refused)?;
    let now = app.now();
    let media = Media {
        id: MediaId(app.entropy.uuid(now)),
        sha256: sha256(&ready.content),
        kind: ready.kind,
        file_name: tidy(file_name),
        size: u32::try_from(ready.content.len()).unwrap_or(u32::MAX),
        pixels: Some(ready.pixels),
        alts: BTreeMap::new(),
        created_at: now,
        created_by: actor.to_owned(),
    };
    Ok(keep(app, media, &ready.content).await?)
}

/// Keeps a calendar file, once.
///
/// # Errors
/// The database's.
pub async fn keep_calendar(app: &App, file: &CalendarFile, actor: &str) -> Result<Media> {
    let now = app.now();
    let content = file.text(now).into_bytes();
    let media = Media {
        id: MediaId(app.entropy.uuid(now)),
        sha256: file.sha256,
        kind: MediaKind::Calendar,
        file_name: format!("{}.ics", tidy(file.title())),
        size: u32::try_from(content.len()).unwrap_or(u32::MAX),
        pixels: None,
        alts: BTreeMap::new(),
        created_at: now,
        created_by: actor.to_owned(),
    };
    keep(app, media, &content).await
}

async fn keep(app: &App, media: Media, content: &[u8]) -> Result<Media> {
    let mut tx = app.store.begin().await?;
    if let Some(there) = store::media::find_by_hash(tx.conn(), &media.sha256).await? {
        return Ok(there);
    }
    match store::media::insert(tx.conn(), &media, content).await {
        Ok(()) => tx.commit().await?,
        // Somebody else was quicker with the same content.
        Err(error) if error.is_unique_violation() => {
            drop(tx);
            let mut reader = app.store.read().await?;
            let there = store::media::find_by_hash(reader.conn(), &media.sha256).await?;
            return there.ok_or(Error::Store(error));
        }
        Err(error) => return Err(error.into()),
    }
    Ok(media)
}

/// The file's own name, without folders and control characters.
fn tidy(name: &str) -> String {
    let own = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String =
        own.chars().filter(|c| !c.is_control()).take(NAME_CHARS_MAX).collect::<String>();
    let plain = plain.trim();
    if plain.is_empty() { "picture".to_owned() } else { plain.to_owned() }
}

/// Pictures, the newest first; one more than a page if there are older ones.
///
/// # Errors
/// The database's.
pub async fn list(app: &App, search: &str, before: Option<MediaId>) -> Result<Vec<Media>> {
    let search = search.trim().to_lowercase();
    let wanted = Wanted { search: &search, before, rows_max: PAGE_ROWS + 1 };
    let mut reader = app.store.read().await?;
    Ok(store::media::pictures(reader.conn(), &wanted).await?)
}

/// Those of these that there are, in no order.
///
/// # Errors
/// The database's.
pub async fn these(app: &App, ids: &[MediaId]) -> Result<Vec<Media>> {
    Ok(store::media::find_all(app.store.read().await?.conn(), ids).await?)
}

/// A file of the library, and which campaigns show it (three at the most).
///
/// # Errors
/// [`Error::NotFound`]; the database's.
pub async fn show(app: &App, id: MediaId) -> Result<(Media, Vec<String>)> {
    let mut reader = app.store.read().await?;
    let media = store::media::find(reader.conn(), id).await?.ok_or(Error::NotFound("picture"))?;
    let uses = store::media::uses(reader.conn(), &media).await?;
    Ok((media, uses))
}

/// Says what a picture shows. Empty texts are taken away.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] when a text is too long; the database's.
pub async fn describe(app: &App, id: MediaId, alts: BTreeMap<Language, String>) -> Result<Media> {
    let alts: BTreeMap<_, _> = alts
        .into_iter()
        .map(|(language, alt)| (language, alt.split_whitespace().collect::<Vec<_>>().join(" ")))
        .filter(|(_, alt)| !alt.is_empty())
        .collect();
    if let Some((language, _)) = alts.iter().find(|(_, alt)| alt.chars().count() > ALT_CHARS_MAX) {
        let message = format!("has more than {ALT_CHARS_MAX} characters");
        return Err(Error::invalid(format!("alt_{language}"), message));
    }
    let mut tx = app.store.begin().await?;
    let media = store::media::find(tx.conn(), id).await?.ok_or(Error::NotFound("picture"))?;
    store::media::describe(tx.conn(), &media, &alts).await?;
    tx.commit().await?;
    Ok(Media { alts, ..media })
}

/// Forgets a picture that nothing shows.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Conflict`] with the campaigns that show it; the database's.
pub async fn delete(app: &App, id: MediaId) -> Result<()> {
    let mut tx = app.store.begin().await?;
    let media = store::media::find(tx.conn(), id).await?.ok_or(Error::NotFound("picture"))?;
    let uses = store::media::uses(tx.conn(), &media).await?;
    if !uses.is_empty() {
        return Err(Error::Conflict(format!("it is shown in {}", uses.join(", "))));
    }
    store::media::delete(tx.conn(), id).await?;
    tx.commit().await?;
    Ok(())
}

/// What is behind a public name.
///
/// # Errors
/// [`Error::NotFound`]; the database's.
pub async fn content(app: &App, public_name: &str) -> Result<(MediaKind, Vec<u8>)> {
    let mut reader = app.store.read().await?;
    let found = store::media::content(reader.conn(), public_name).await?;
    found.ok_or(Error::NotFound("file"))
}

/// Where a file is public.
#[must_use]
pub fn url(app: &App, media: &Media) -> String {
    format!("{}/i/{}", app.public_url, media.public_name())
}
