//! Browsers in which somebody has signed in.

use chrono::TimeDelta;
use secrecy::SecretString;

use crate::{
    app::{App, Error, Result},
    domain::{
        id::{SessionId, UserId},
        staff::{SESSION_MAX, Session, SessionState, User},
    },
    store::{self, Conn},
};

use super::secret;

/// Use of a session is noted this often: not with every request.
const NOTED_EVERY: TimeDelta = TimeDelta::minutes(1);
/// Characters of what a browser calls itself that are kept.
const AGENT_CHARS_MAX: usize = 120;

/// The session that a secret opens, and whose it is. `None` when it has ended, or when its person
/// may not sign in any more.
///
/// # Errors
/// The database's.
pub async fn open(app: &App, token: &SecretString) -> Result<Option<(Session, User)>> {
    let now = app.now();
    let found = {
        let mut reader = app.store.read().await?;
        match store::staff::session::find(reader.conn(), &secret::hash(token)).await? {
            Some(session) if session.lives(now) => {
                let user = store::staff::user::find(reader.conn(), session.user_id).await?;
                user.filter(|user| user.disabled_at.is_none()).map(|user| (session, user))
            }
            _ => None,
        }
    };
    if let Some((session, _)) = &found
        && session.seen_at + NOTED_EVERY <= now
    {
        let mut tx = app.store.begin().await?;
        store::staff::session::touch(tx.conn(), session.id, now).await?;
        tx.commit().await?;
    }
    Ok(found)
}

/// Begins a session. Gives back its secret, this once.
pub(super) async fn begin(
    app: &App,
    mut conn: Conn<'_>,
    user: &User,
    agent: &str,
) -> Result<(Session, SecretString)> {
    let now = app.now();
    let state = if user.has_second_factor { SessionState::CodeDue } else { SessionState::Open };
    let session = Session {
        id: SessionId(app.entropy.uuid(now)),
        user_id: user.id,
        state,
        agent: agent.chars().filter(|c| !c.is_control()).take(AGENT_CHARS_MAX).collect(),
        created_at: now,
        seen_at: now,
        proved_at: now,
    };
    let token = secret::generate(app);
    store::staff::session::forget_before(conn.again(), now - SESSION_MAX * 2).await?;
    store::staff::session::insert(conn, &session, &secret::hash(&token)).await?;
    Ok((session, token))
}

/// Notes that the person has just proved who they are. The session gets a new secret.
pub(super) async fn prove(app: &App, conn: Conn<'_>, session: &Session) -> Result<SecretString> {
    let token = secret::generate(app);
    store::staff::session::prove(conn, session.id, &secret::hash(&token), app.now()).await?;
    Ok(token)
}

/// Somebody's sessions that are still good, newest first.
///
/// # Errors
/// The database's.
pub async fn list(app: &App, user: UserId) -> Result<Vec<Session>> {
    let mut reader = app.store.read().await?;
    let mut all = store::staff::session::of(reader.conn(), user).await?;
    let now = app.now();
    all.retain(|session| session.lives(now));
    Ok(all)
}

/// Ends one of somebody's sessions.
///
/// # Errors
/// [`Error::NotFound`]; the database's.
pub async fn end(app: &App, user: UserId, id: SessionId) -> Result<()> {
    let mut tx = app.store.begin().await?;
    if !store::staff::session::end(tx.conn(), user, id).await? {
        return Err(Error::NotFound("such session"));
    }
    tx.commit().await?;
    Ok(())
}

/// Ends all of somebody's sessions, or all but one.
///
/// # Errors
/// The database's.
pub async fn end_others(app: &App, user: UserId, kept: Option<SessionId>) -> Result<()> {
    let mut tx = app.store.begin().await?;
    store::staff::session::end_others(tx.conn(), user, kept).await?;
    tx.commit().await?;
    Ok(())
}

/// Whether a session is still good, without counting as a use of it.
///
/// # Errors
/// The database's.
pub async fn lives(app: &App, session: &Session) -> Result<bool> {
    let mut reader = app.store.read().await?;
    let user = store::staff::user::find(reader.conn(), session.user_id).await?;
    if user.is_none_or(|user| user.disabled_at.is_some()) {
        return Ok(false);
    }
    let now = app.now();
    let all = store::staff::session::of(reader.conn(), session.user_id).await?;
    Ok(all.iter().any(|one| one.id == session.id && one.lives(now)))
}
