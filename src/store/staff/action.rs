//! What staff did.

use chrono::{DateTime, Utc};
use sqlx::types::Json;

use crate::{
    domain::id::{ActionId, UserId},
    store::{Conn, Result, on, row::row},
};

/// One deed of somebody.
#[derive(Debug, Clone, PartialEq)]
pub struct Action {
    /// Its id.
    pub id: ActionId,
    /// When.
    pub happened_at: DateTime<Utc>,
    /// Who; `None` for whoever acts from the command line.
    pub user_id: Option<UserId>,
    /// Who, as histories name them.
    pub actor: String,
    /// What: a stable word such as `contact.erase`.
    pub deed: String,
    /// With what: a kind and an id, such as `contact:0190…`.
    pub subject: Option<String>,
    /// What else is to be known, without personal data.
    pub detail: Option<serde_json::Value>,
}

row! {
    struct Row {
        id: uuid::Uuid,
        happened_at: DateTime<Utc>,
        user_id: Option<uuid::Uuid>,
        actor: String,
        deed: String,
        subject: Option<String>,
        detail: Option<Json<serde_json::Value>>,
    }
}

impl From<Row> for Action {
    fn from(row: Row) -> Self {
        Self {
            id: ActionId(row.id),
            happened_at: row.happened_at,
            user_id: row.user_id.map(UserId),
            actor: row.actor,
            deed: row.deed,
            subject: row.subject,
            detail: row.detail.map(|detail| detail.0),
        }
    }
}

/// Writes one down.
///
/// # Errors
/// The database's.
pub async fn insert(conn: Conn<'_>, action: &Action) -> Result<()> {
    on!(conn, db => {
        sqlx::query(
            "INSERT INTO staff_action (id, happened_at, user_id, actor, deed, subject, detail) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(action.id.0)
        .bind(action.happened_at)
        .bind(action.user_id.map(|id| id.0))
        .bind(&action.actor)
        .bind(&action.deed)
        .bind(&action.subject)
        .bind(action.detail.as_ref().map(Json))
        .execute(db)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// Up to `limit` of them before `before`, newest first; of one person if named.
///
/// # Errors
/// The database's.
pub async fn page(
    conn: Conn<'_>,
    user: Option<UserId>,
    before: Option<ActionId>,
    limit: i64,
) -> Result<Vec<Action>> {
    let before = before.map_or(uuid::Uuid::max(), |id| id.0);
    let rows: Vec<Row> = match user {
        Some(user) => on!(conn, db => {
            sqlx::query_as(
                "SELECT id, happened_at, user_id, actor, deed, subject, detail FROM staff_action \
                 WHERE user_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
            )
            .bind(user.0)
            .bind(before)
            .bind(limit)
            .fetch_all(db)
            .await
        })?,
        None => on!(conn, db => {
            sqlx::query_as(
                "SELECT id, happened_at, user_id, actor, deed, subject, detail FROM staff_action \
                 WHERE id < $1 ORDER BY id DESC LIMIT $2",
            )
            .bind(before)
            .bind(limit)
            .fetch_all(db)
            .await
        })?,
    };
    Ok(rows.into_iter().map(Action::from).collect())
}
