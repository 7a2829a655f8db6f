//! Signing in: a password, then a code where a second factor is set.

use chrono::TimeDelta;
use secrecy::SecretString;

use crate::{
    app::{App, Result},
    domain::{
        address::Address,
        staff::{Session, User, wait_after},
    },
    store::{self, staff::failure},
};

use super::{passwords, second_factor, sessions};

/// Attempts at an account are remembered for so long.
const REMEMBERED: TimeDelta = TimeDelta::days(1);

/// What came of an attempt to sign in.
#[must_use]
#[derive(Debug)]
pub enum SignedIn {
    /// The password was right: a session begins, whose state says whether a code is still due.
    Yes(Session, SecretString),
    /// Wrong, or nobody has this address: which of these is nobody's business.
    No,
    /// Too many wrong attempts: not before this time has passed.
    Later(TimeDelta),
}

/// What came of an attempt to prove who somebody is.
#[must_use]
#[derive(Debug)]
pub enum Proved {
    /// They are; the session's new secret.
    Yes(SecretString),
    /// Wrong.
    No,
    /// Too many wrong attempts: not before this time has passed.
    Later(TimeDelta),
}

/// Signs in with a password. `agent` is what the browser calls itself.
///
/// # Errors
/// The database's.
pub async fn sign_in(
    app: &App,
    address: &str,
    password: SecretString,
    agent: &str,
) -> Result<SignedIn> {
    let Ok(address) = address.trim().parse::<Address>() else {
        let _ = passwords::verify(password, None).await;
        return Ok(SignedIn::No);
    };
    let account = app.address_hash(&address);
    if let Some(wait) = wait(app, &account).await? {
        return Ok(SignedIn::Later(wait));
    }
    let (user, hash) = known(app, &address).await?;
    let is_right = passwords::verify(password.clone(), hash.clone()).await;
    let Some(user) = user.filter(|_| is_right) else {
        count_failure(app, &account).await?;
        return Ok(SignedIn::No);
    };
    if hash.is_some_and(|hash| passwords::is_outdated(&hash)) {
        let hash = passwords::hash(password).await;
        let mut tx = app.store.begin().await?;
        store::staff::user::set_password_hash(tx.conn(), user.id, &hash, app.now()).await?;
        tx.commit().await?;
    }
    let mut tx = app.store.begin().await?;
    if !user.has_second_factor {
        failure::forget(tx.conn(), &account).await?;
    }
    let (session, token) = sessions::begin(app, tx.conn(), &user, agent).await?;
    tx.commit().await?;
    tracing::info!(user = %user.id, "signed in with a password");
    Ok(SignedIn::Yes(session, token))
}

async fn known(app: &App, address: &Address) -> Result<(Option<User>, Option<String>)> {
    let mut reader = app.store.read().await?;
    let user = store::staff::user::find_by_address(reader.conn(), &address.key()).await?;
    let user = user.filter(|user| user.disabled_at.is_none());
    let hash = match &user {
        Some(user) => store::staff::user::password_hash(reader.conn(), user.id).await?,
        None => None,
    };
    Ok((user, hash))
}

/// Takes the code of the second factor, or a recovery code, and opens the session.
///
/// # Errors
/// The database's.
pub async fn give_code(app: &App, session: &Session, user: &User, code: &str) -> Result<Proved> {
    let account = app.address_hash(&user.address);
    if let Some(wait) = wait(app, &account).await? {
        return Ok(Proved::Later(wait));
    }
    if !second_factor::take(app, user, code).await? {
        count_failure(app, &account).await?;
        return Ok(Proved::No);
    }
    proved(app, session, &account).await
}

/// Proves once more who somebody is, before a deed with weight: by a code where a second factor is
/// set, else by the password.
///
/// # Errors
/// The database's.
pub async fn prove(
    app: &App,
    session: &Session,
    user: &User,
    given: SecretString,
) -> Result<Proved> {
    use secrecy::ExposeSecret as _;
    if user.has_second_factor {
        return give_code(app, session, user, given.expose_secret()).await;
    }
    let account = app.address_hash(&user.address);
    if let Some(wait) = wait(app, &account).await? {
        return Ok(Proved::Later(wait));
    }
    let hash = {
        let mut reader = app.store.read().await?;
        store::staff::user::password_hash(reader.conn(), user.id).await?
    };
    if !passwords::verify(given, hash).await {
        count_failure(app, &account).await?;
        return Ok(Proved::No);
    }
    proved(app, session, &account).await
}

async fn proved(app: &App, session: &Session, account: &[u8; 32]) -> Result<Proved> {
    let mut tx = app.store.begin().await?;
    failure::forget(tx.conn(), account).await?;
    let token = sessions::prove(app, tx.conn(), session).await?;
    tx.commit().await?;
    Ok(Proved::Yes(token))
}

/// How long the account must still wait after wrong attempts.
async fn wait(app: &App, account: &[u8; 32]) -> Result<Option<TimeDelta>> {
    let mut reader = app.store.read().await?;
    let failures = failure::find(reader.conn(), account).await?;
    let until = failures.map(|failures| failures.last_at + wait_after(failures.count));
    Ok(until.map(|until| until - app.now()).filter(|wait| *wait > TimeDelta::zero()))
}

async fn count_failure(app: &App, account: &[u8; 32]) -> Result<()> {
    let now = app.now();
    let mut tx = app.store.begin().await?;
    failure::forget_before(tx.conn(), now - REMEMBERED).await?;
    failure::count(tx.conn(), account, now).await?;
    tx.commit().await?;
    tracing::warn!("a wrong password or code");
    Ok(())
}
