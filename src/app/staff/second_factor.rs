//! The second factor: time-based codes (RFC 6238), and recovery codes for a lost telephone.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use data_encoding::BASE32_NOPAD;
use secrecy::{ExposeSecret as _, SecretString};
use totp_rs::{Builder, Totp};

use crate::{
    app::{App, Error, Result},
    domain::{id::UserId, ledger::sha256, staff::User},
    store::{
        self,
        staff::{recovery, user::SecondFactor},
    },
};

use super::actions;

/// Octets of a secret: 160 bits (RFC 4226, section 4).
const SECRET_OCTETS: usize = 20;
/// Seconds that a code is shown; one step before and after is taken too (RFC 6238, section 5.2).
const STEP_S: u64 = 30;
/// Recovery codes of a person.
const RECOVERY_CODES: usize = 10;
/// Characters of a recovery code: 80 bits.
const RECOVERY_OCTETS: usize = 10;

/// A secret that is offered to a person, not yet kept.
#[derive(Debug, Clone)]
pub struct Offer {
    /// In base32, to be typed or scanned.
    pub secret: SecretString,
    /// `otpauth://…`, for a QR code.
    pub url: SecretString,
}

/// A new secret for `user`. It is kept only once a code made with it was given.
///
/// # Errors
/// [`Error::Conflict`] when names cannot stand in such a URL.
pub fn offer(app: &App, user: &User) -> Result<Offer> {
    let secret = BASE32_NOPAD.encode(&app.entropy.bytes::<SECRET_OCTETS>());
    described(app, user, secret.into())
}

/// The same with a secret that was offered before.
///
/// # Errors
/// As [`offer`].
pub fn described(app: &App, user: &User, secret: SecretString) -> Result<Offer> {
    let octets = octets(&secret).ok_or_else(|| wrong_code("secret"))?;
    let language = app.institution.default_language();
    let issuer = app.institution.name.get(&language).cloned().unwrap_or_default();
    let issuer: String = issuer.replace(':', " ");
    let totp = Builder::new()
        .with_secret(octets)
        .with_account_name(user.address.as_str())
        .with_issuer(Some(issuer))
        .build()
        .map_err(|error| Error::Conflict(error.to_string()))?;
    let url = totp.to_url().map_err(|error| Error::Conflict(error.to_string()))?;
    Ok(Offer { secret, url: url.into() })
}

fn totp(octets: Vec<u8>) -> Result<Totp> {
    Builder::new()
        .with_secret(octets)
        .with_account_name("kelisim")
        .build()
        .map_err(|error| Error::Conflict(error.to_string()))
}

fn octets(secret: &SecretString) -> Option<Vec<u8>> {
    let octets = BASE32_NOPAD.decode(secret.expose_secret().as_bytes()).ok()?;
    (octets.len() == SECRET_OCTETS).then_some(octets)
}

fn wrong_code(place: &str) -> Error {
    Error::invalid(place, "this is not the code that is shown now; check the telephone's clock")
}

/// Sets a second factor that was offered, if `code` was made with it. Gives back recovery codes,
/// this once.
///
/// # Errors
/// [`Error::Invalid`] for a wrong code; the database's.
pub async fn set(
    app: &App,
    user: &User,
    secret: &SecretString,
    code: &str,
) -> Result<Vec<SecretString>> {
    let octets = octets(secret).ok_or_else(|| wrong_code("code"))?;
    let now = app.now();
    let step = matching_step(&totp(octets.clone())?, code, seconds(app))
        .ok_or_else(|| wrong_code("code"))?;
    let factor = SecondFactor { sealed: seal(app, user.id, octets), step };
    let codes: Vec<SecretString> = (0..RECOVERY_CODES).map(|_| recovery_code(app)).collect();
    let hashes: Vec<[u8; 32]> =
        codes.iter().map(|code| recovery_hash(user.id, code.expose_secret())).collect();
    let mut tx = app.store.begin().await?;
    store::staff::user::set_second_factor(tx.conn(), user.id, Some(&factor), now).await?;
    recovery::replace(tx.conn(), user.id, &hashes).await?;
    let subject = Some(format!("user:{}", user.id));
    actions::log(app, tx.conn(), user, "user.second_factor_set", subject, None).await?;
    tx.commit().await?;
    Ok(codes)
}

/// Removes somebody's second factor. `by` is whoever does it.
///
/// # Errors
/// The database's.
pub async fn remove(app: &App, user: UserId, by: &User) -> Result<()> {
    let mut tx = app.store.begin().await?;
    store::staff::user::set_second_factor(tx.conn(), user, None, app.now()).await?;
    recovery::replace(tx.conn(), user, &[]).await?;
    let subject = Some(format!("user:{user}"));
    actions::log(app, tx.conn(), by, "user.second_factor_removed", subject, None).await?;
    tx.commit().await?;
    Ok(())
}

/// How many recovery codes somebody has left.
///
/// # Errors
/// The database's.
pub async fn recovery_codes_left(app: &App, user: UserId) -> Result<i64> {
    let mut reader = app.store.read().await?;
    Ok(recovery::left(reader.conn(), user).await?)
}

/// Takes a code of the second factor or a recovery code; each works once.
pub(super) async fn take(app: &App, user: &User, code: &str) -> Result<bool> {
    let code: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    let mut tx = app.store.begin().await?;
    let Some(factor) = store::staff::user::second_factor(tx.conn(), user.id).await? else {
        return Ok(false);
    };
    let is_taken = if code.len() == 6 {
        let step = unseal(app, user.id, &factor.sealed)
            .and_then(|octets| totp(octets).ok())
            .and_then(|totp| matching_step(&totp, &code, seconds(app)));
        match step {
            Some(step) => store::staff::user::take_step(tx.conn(), user.id, step).await?,
            None => false,
        }
    } else {
        let hash = recovery_hash(user.id, &code.to_ascii_lowercase());
        recovery::take(tx.conn(), user.id, &hash, app.now()).await?
    };
    tx.commit().await?;
    Ok(is_taken)
}

fn seconds(app: &App) -> u64 {
    u64::try_from(app.now().timestamp()).unwrap_or_default()
}

/// The step whose code this is: this one, the one before or the one after.
fn matching_step(totp: &Totp, code: &str, now_s: u64) -> Option<i64> {
    let code: String = code.chars().filter(char::is_ascii_digit).collect();
    let around = [now_s.saturating_sub(STEP_S), now_s, now_s + STEP_S];
    let shown = around.into_iter().find(|time| {
        let expected = totp.generate(*time).to_string();
        aws_lc_rs::constant_time::verify_slices_are_equal(expected.as_bytes(), code.as_bytes())
            .is_ok()
    })?;
    i64::try_from(shown / STEP_S).ok()
}

fn recovery_code(app: &App) -> SecretString {
    let mut code = BASE32_NOPAD.encode(&app.entropy.bytes::<RECOVERY_OCTETS>());
    code.make_ascii_lowercase();
    code.into()
}

fn recovery_hash(user: UserId, code: &str) -> [u8; 32] {
    sha256(&[user.0.as_bytes(), code.as_bytes()].concat())
}

/// Seals a secret for the database: nonce, then ciphertext and tag. It opens for its person only.
fn seal(app: &App, user: UserId, mut octets: Vec<u8>) -> Vec<u8> {
    let nonce = app.entropy.bytes::<NONCE_LEN>();
    let key = UnboundKey::new(&AES_256_GCM, &app.keys.staff_key()).expect("a key of 32 octets");
    let user = Aad::from(user.0.into_bytes());
    LessSafeKey::new(key)
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), user, &mut octets)
        .expect("a short text can be sealed");
    [&nonce[..], &octets].concat()
}

fn unseal(app: &App, user: UserId, sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE_LEN>()?;
    app.keys.staff_keys().iter().find_map(|key| {
        let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).ok()?);
        let mut octets = sealed.to_vec();
        let user = Aad::from(user.0.into_bytes());
        let nonce = Nonce::assume_unique_for_key(*nonce);
        key.open_in_place(nonce, user, &mut octets).ok().map(|opened| opened.to_vec())
    })
}
