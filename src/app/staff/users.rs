//! Who works here.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use secrecy::SecretString;

use crate::{
    app::{App, Error, Problem, Result},
    domain::{
        address::Address,
        id::UserId,
        language::Language,
        staff::{Role, User},
    },
    store,
};

use super::{actions, passwords, secret, sessions};

/// How long a link to set a password works.
pub const LINK_LIFE: TimeDelta = TimeDelta::hours(24);
/// Characters of a name.
const NAME_CHARS_MAX: usize = 100;

/// Somebody to be added.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// Their address.
    pub address: Address,
    /// What colleagues call them.
    pub name: String,
    /// The language of their pages.
    pub language: Language,
    /// What they are here for.
    pub roles: BTreeSet<Role>,
}

/// Who gives others their roles.
#[derive(Debug, Clone, Copy)]
pub enum By<'a> {
    /// Somebody who may.
    User(&'a User),
    /// Whoever has the command line.
    Operator,
}

/// Adds somebody. They set their password by a link ([`link`]); nobody else ever knows it
/// (ASVS 5.0, 6.4.6).
///
/// # Errors
/// [`Error::Invalid`] for a bad name or no role; [`Error::Conflict`] when the address is known; the
/// database's.
pub async fn create(app: &App, new: NewUser, by: By<'_>) -> Result<User> {
    let name = checked(&new.name, &new.roles)?;
    let now = app.now();
    let user = User {
        id: UserId(app.entropy.uuid(now)),
        address: new.address,
        name,
        language: new.language,
        roles: new.roles,
        has_password: false,
        has_second_factor: false,
        disabled_at: None,
        created_at: now,
    };
    let mut tx = app.store.begin().await?;
    match store::staff::user::insert(tx.conn(), &user).await {
        Err(error) if error.is_unique_violation() => {
            return Err(Error::Conflict("somebody with this address is here already".into()));
        }
        other => other?,
    }
    log(app, &mut tx, &user, "user.create", by).await?;
    tx.commit().await?;
    Ok(user)
}

async fn log(app: &App, tx: &mut store::Tx, user: &User, deed: &str, by: By<'_>) -> Result<()> {
    let subject = Some(format!("user:{}", user.id));
    let roles: Vec<&str> = user.roles.iter().map(|role| role.as_str()).collect();
    let detail = serde_json::json!({"roles": roles, "disabled": user.disabled_at.is_some()});
    match by {
        By::User(by) => actions::log(app, tx.conn(), by, deed, subject, Some(detail)).await,
        By::Operator => actions::log_operator(app, tx.conn(), deed, subject).await,
    }
}

fn checked(name: &str, roles: &BTreeSet<Role>) -> Result<String> {
    let mut problems = Vec::new();
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME_CHARS_MAX || name.contains(char::is_control) {
        problems.push(Problem::at("name", "must be 1 to 100 characters on one line"));
    }
    if roles.is_empty() {
        problems.push(Problem::at("roles", "choose at least one role"));
    }
    if problems.is_empty() { Ok(name.to_owned()) } else { Err(Error::Invalid(problems)) }
}

/// Keeps a changed name, language, roles, or that somebody may not sign in (any more). Their
/// sessions end when they may do less.
///
/// # Errors
/// [`Error::Invalid`]; [`Error::Conflict`] when nobody would be left to give roles;
/// [`Error::NotFound`]; the database's.
pub async fn change(app: &App, changed: &User, by: By<'_>) -> Result<()> {
    let name = checked(&changed.name, &changed.roles)?;
    let changed = User { name, ..changed.clone() };
    let mut tx = app.store.begin().await?;
    let all = store::staff::user::all(tx.conn()).await?;
    let before =
        all.iter().find(|user| user.id == changed.id).ok_or(Error::NotFound("such user"))?;
    let is_admin = |user: &User| user.roles.contains(&Role::Admin) && user.disabled_at.is_none();
    let others = all.iter().any(|user| user.id != changed.id && is_admin(user));
    if is_admin(before) && !is_admin(&changed) && !others {
        let message = "nobody would be left who can give roles: make somebody else an admin first";
        return Err(Error::Conflict(message.into()));
    }
    store::staff::user::update(tx.conn(), &changed, app.now()).await?;
    let shrinks = changed.disabled_at.is_some() || !before.roles.is_subset(&changed.roles);
    if shrinks {
        store::staff::session::end_others(tx.conn(), changed.id, None).await?;
    }
    log(app, &mut tx, &changed, "user.change", by).await?;
    tx.commit().await?;
    Ok(())
}

/// A new link with which somebody sets a password, once, within [`LINK_LIFE`]. Earlier ones end.
/// A second factor stays as it is (ASVS 5.0, 6.4.3).
///
/// # Errors
/// The database's.
pub async fn link(app: &App, user: &User, by: By<'_>) -> Result<SecretString> {
    let now = app.now();
    let token = secret::generate(app);
    let mut tx = app.store.begin().await?;
    let hash = secret::hash(&token);
    store::staff::link::replace(tx.conn(), &hash, user.id, now, now + LINK_LIFE).await?;
    log(app, &mut tx, user, "user.link", by).await?;
    tx.commit().await?;
    Ok(token)
}

/// Whose link this is, if it may still be used.
///
/// # Errors
/// The database's.
pub async fn of_link(app: &App, token: &SecretString) -> Result<Option<User>> {
    let mut reader = app.store.read().await?;
    let Some(id) = store::staff::link::find(reader.conn(), &secret::hash(token), app.now()).await?
    else {
        return Ok(None);
    };
    let user = store::staff::user::find(reader.conn(), id).await?;
    Ok(user.filter(|user| user.disabled_at.is_none()))
}

/// Sets a password by a link. All sessions of that person end.
///
/// # Errors
/// [`Error::NotFound`] when the link is used, expired or unknown; [`Error::Invalid`] for a password
/// that is guessed first; the database's.
pub async fn set_password(app: &App, token: &SecretString, password: SecretString) -> Result<User> {
    let user = of_link(app, token).await?.ok_or(Error::NotFound("such link"))?;
    check_password(app, &user, &password)?;
    let hash = passwords::hash(password).await;
    let mut tx = app.store.begin().await?;
    if !store::staff::link::take(tx.conn(), &secret::hash(token), app.now()).await? {
        return Err(Error::NotFound("such link"));
    }
    store::staff::user::set_password_hash(tx.conn(), user.id, &hash, app.now()).await?;
    store::staff::session::end_others(tx.conn(), user.id, None).await?;
    log(app, &mut tx, &user, "user.password", By::User(&user)).await?;
    tx.commit().await?;
    Ok(user)
}

/// Changes one's own password; all other sessions end.
///
/// # Errors
/// [`Error::Invalid`] with the place `current` or `password`; the database's.
pub async fn change_password(
    app: &App,
    user: &User,
    current: SecretString,
    password: SecretString,
    session: crate::domain::id::SessionId,
) -> Result<()> {
    let known = {
        let mut reader = app.store.read().await?;
        store::staff::user::password_hash(reader.conn(), user.id).await?
    };
    if !passwords::verify(current, known).await {
        return Err(Error::invalid("current", "this is not your password"));
    }
    check_password(app, user, &password)?;
    let hash = passwords::hash(password).await;
    let mut tx = app.store.begin().await?;
    store::staff::user::set_password_hash(tx.conn(), user.id, &hash, app.now()).await?;
    log(app, &mut tx, user, "user.password", By::User(user)).await?;
    tx.commit().await?;
    sessions::end_others(app, user.id, Some(session)).await
}

fn check_password(app: &App, user: &User, password: &SecretString) -> Result<()> {
    let mut context = vec![user.name.as_str(), user.address.as_str()];
    context.extend(app.institution.name.values().map(String::as_str));
    passwords::check(password, &context).map_err(|bad| Error::invalid("password", bad.to_string()))
}

/// Everybody, by name.
///
/// # Errors
/// The database's.
pub async fn all(app: &App) -> Result<Vec<User>> {
    let mut reader = app.store.read().await?;
    Ok(store::staff::user::all(reader.conn()).await?)
}

/// The user with this id.
///
/// # Errors
/// [`Error::NotFound`]; the database's.
pub async fn find(app: &App, id: UserId) -> Result<User> {
    let mut reader = app.store.read().await?;
    store::staff::user::find(reader.conn(), id).await?.ok_or(Error::NotFound("such user"))
}
