//! Browsers in which somebody has signed in.

use chrono::{DateTime, Utc};

use crate::{
    domain::{
        id::{SessionId, UserId},
        staff::{Session, SessionState},
    },
    store::{
        Conn, Result, on,
        row::{row, word},
    },
};

row! {
    struct Row {
        id: uuid::Uuid,
        user_id: uuid::Uuid,
        state: String,
        agent: String,
        created_at: DateTime<Utc>,
        seen_at: DateTime<Utc>,
        proved_at: DateTime<Utc>,
    }
}

impl TryFrom<Row> for Session {
    type Error = crate::store::Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: SessionId(row.id),
            user_id: UserId(row.user_id),
            state: word("staff_session", &row.state)?,
            agent: row.agent,
            created_at: row.created_at,
            seen_at: row.seen_at,
            proved_at: row.proved_at,
        })
    }
}

macro_rules! select {
    ($after:literal) => {
        concat!(
            "SELECT id, user_id, state, agent, created_at, seen_at, proved_at FROM staff_session ",
            $after
        )
    };
}

/// Keeps a new session by the hash of its secret.
///
/// # Errors
/// The database's.
pub async fn insert(conn: Conn<'_>, session: &Session, token_hash: &[u8; 32]) -> Result<()> {
    on!(conn, db => {
        sqlx::query(
            "INSERT INTO staff_session (id, token_hash, user_id, state, agent, created_at, seen_at, \
             proved_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(session.id.0)
        .bind(token_hash.as_slice())
        .bind(session.user_id.0)
        .bind(session.state.as_str())
        .bind(&session.agent)
        .bind(session.created_at)
        .bind(session.seen_at)
        .bind(session.proved_at)
        .execute(db)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// The session whose secret has this hash, whether or not it is still good.
///
/// # Errors
/// The database's.
pub async fn find(conn: Conn<'_>, token_hash: &[u8; 32]) -> Result<Option<Session>> {
    let row: Option<Row> = on!(conn, db => {
        sqlx::query_as(select!("WHERE token_hash = $1"))
            .bind(token_hash.as_slice())
            .fetch_optional(db)
            .await
    })?;
    row.map(Session::try_from).transpose()
}

/// Somebody's sessions that have not ended, newest first.
///
/// # Errors
/// The database's.
pub async fn of(conn: Conn<'_>, user: UserId) -> Result<Vec<Session>> {
    let rows: Vec<Row> = on!(conn, db => {
        sqlx::query_as(select!("WHERE user_id = $1 AND state <> 'ended' ORDER BY created_at DESC, id"))
            .bind(user.0)
            .fetch_all(db)
            .await
    })?;
    rows.into_iter().map(Session::try_from).collect()
}

/// Notes that a session is in use.
///
/// # Errors
/// The database's.
pub async fn touch(conn: Conn<'_>, id: SessionId, now: DateTime<Utc>) -> Result<()> {
    on!(conn, db => {
        sqlx::query("UPDATE staff_session SET seen_at = $2 WHERE id = $1")
            .bind(id.0)
            .bind(now)
            .execute(db)
            .await
            .map(drop)
    })?;
    Ok(())
}

/// Notes that the person proved who they are, with a new secret from here on.
///
/// # Errors
/// The database's.
pub async fn prove(
    conn: Conn<'_>,
    id: SessionId,
    token_hash: &[u8; 32],
    now: DateTime<Utc>,
) -> Result<()> {
    let open = SessionState::Open.as_str();
    on!(conn, db => {
        sqlx::query(
            "UPDATE staff_session SET state = $2, token_hash = $3, proved_at = $4, seen_at = $4 \
             WHERE id = $1 AND state <> 'ended'",
        )
        .bind(id.0)
        .bind(open)
        .bind(token_hash.as_slice())
        .bind(now)
        .execute(db)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// Ends one of somebody's sessions. `false` when they have no such session.
///
/// # Errors
/// The database's.
pub async fn end(conn: Conn<'_>, user: UserId, id: SessionId) -> Result<bool> {
    let rows = on!(conn, db => {
        sqlx::query(
            "UPDATE staff_session SET state = 'ended' \
             WHERE id = $2 AND user_id = $1 AND state <> 'ended'",
        )
        .bind(user.0)
        .bind(id.0)
        .execute(db)
        .await
        .map(|done| done.rows_affected())
    })?;
    Ok(rows == 1)
}

/// Ends all of somebody's sessions but one.
///
/// # Errors
/// The database's.
pub async fn end_others(conn: Conn<'_>, user: UserId, kept: Option<SessionId>) -> Result<()> {
    let kept = kept.map_or(uuid::Uuid::nil(), |id| id.0);
    on!(conn, db => {
        sqlx::query("UPDATE staff_session SET state = 'ended' WHERE user_id = $1 AND id <> $2")
            .bind(user.0)
            .bind(kept)
            .execute(db)
            .await
            .map(drop)
    })?;
    Ok(())
}

/// Removes sessions that began before a time.
///
/// # Errors
/// The database's.
pub async fn forget_before(conn: Conn<'_>, before: DateTime<Utc>) -> Result<()> {
    on!(conn, db => {
        sqlx::query("DELETE FROM staff_session WHERE created_at < $1")
            .bind(before)
            .execute(db)
            .await
            .map(drop)
    })?;
    Ok(())
}
