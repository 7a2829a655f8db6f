//! Tokens with which the institution's own systems use the API. Only their hash is kept.

use chrono::{DateTime, Utc};
use data_encoding::BASE32_NOPAD;
use secrecy::SecretString;

use crate::{
    app::{App, Error, Result},
    domain::{id::ApiTokenId, ledger::sha256},
    store,
};

pub use store::api_token::ApiToken;

/// What every secret begins with, so that scanners for leaked secrets find it.
const PREFIX: &str = "kls_";
/// Octets of chance in a secret: 256 bits.
const SECRET_OCTETS: usize = 32;
/// Longest name, in characters.
const NAME_CHARS_MAX: usize = 100;

/// Whether a secret opens the API.
#[must_use]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// By this token.
    Granted(ApiToken),
    /// Unknown, expired or revoked: which of these is nobody's business.
    Denied,
}

/// Makes a token. The secret is given back this once.
///
/// # Errors
/// [`Error::Invalid`] for a name that is empty, longer than 100 characters or has control
/// characters, and for an end that is not in the future; the database's.
pub async fn create(
    app: &App,
    name: &str,
    expires_at: Option<DateTime<Utc>>,
) -> Result<(ApiToken, SecretString)> {
    let now = app.now();
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME_CHARS_MAX || name.contains(char::is_control) {
        let message = "must be 1 to 100 characters on one line: say which system will use it";
        return Err(Error::invalid("name", message));
    }
    if expires_at.is_some_and(|end| end <= now) {
        return Err(Error::invalid("expires_at", "must be later than now"));
    }
    let mut secret = BASE32_NOPAD.encode(&app.entropy.bytes::<SECRET_OCTETS>());
    secret.make_ascii_lowercase();
    let secret = [PREFIX, &secret].concat();
    let token = ApiToken {
        id: ApiTokenId(app.entropy.uuid(now)),
        name: name.to_owned(),
        created_at: now,
        expires_at,
        revoked_at: None,
    };
    let mut tx = app.store.begin().await?;
    store::api_token::insert(tx.conn(), &token, &sha256(secret.as_bytes())).await?;
    tx.commit().await?;
    Ok((token, SecretString::from(secret)))
}

/// Whether `secret` opens the API. Does the same work whatever it is: the look-up is by hash, so
/// that its time says nothing of how much of a secret was right.
///
/// # Errors
/// The database's.
pub async fn check(app: &App, secret: &str) -> Result<Access> {
    let hash = sha256(secret.as_bytes());
    let now = app.now();
    let found = store::api_token::find(app.store.read().await?.conn(), &hash).await?;
    let holds = |token: &ApiToken| {
        token.revoked_at.is_none() && token.expires_at.is_none_or(|end| now < end)
    };
    Ok(found.filter(holds).map_or(Access::Denied, Access::Granted))
}

/// All tokens, newest first, without their secrets.
///
/// # Errors
/// The database's.
pub async fn list(app: &App) -> Result<Vec<ApiToken>> {
    Ok(store::api_token::all(app.store.read().await?.conn()).await?)
}

/// Ends a token at once.
///
/// # Errors
/// [`Error::NotFound`] when there is none with this id that still holds; the database's.
pub async fn revoke(app: &App, id: ApiTokenId) -> Result<()> {
    let mut tx = app.store.begin().await?;
    if !store::api_token::revoke(tx.conn(), id, app.now()).await? {
        return Err(Error::NotFound("token with this id that still holds"));
    }
    tx.commit().await?;
    Ok(())
}
