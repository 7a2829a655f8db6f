//! What was done with drafts and said about them.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::{id::CampaignId, words::words};

use super::super::{Conn, Result, on, row::word};

words! {
    /// What was done with a draft.
    EventWord("deed with a draft") {
        /// Begun.
        Create = "create",
        /// Begun as a copy of another.
        Copy = "copy",
        /// Made from a campaign that came by folder or API.
        Open = "open",
        /// Approval was asked for.
        Submit = "submit",
        /// Taken back to be written on.
        Reopen = "reopen",
        /// A change made the approval, or the wish for one, void.
        Void = "void",
        /// An approver wants changes.
        SendBack = "send_back",
        /// Approved.
        Approve = "approve",
        /// Somebody said something.
        Comment = "comment",
        /// Started.
        Start = "start",
        /// The start was taken back.
        Undo = "undo",
        /// Test mails were sent.
        Test = "test",
    }
}

/// One line of a draft's history, comments among them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftEvent {
    /// When.
    pub happened_at: DateTime<Utc>,
    /// What.
    pub deed: EventWord,
    /// Who.
    pub actor: String,
    /// The revision that it was about.
    pub revision: i64,
    /// What was said with it.
    pub said: Option<String>,
}

/// Adds to the history.
///
/// # Errors
/// The database's.
pub async fn insert_event(
    conn: Conn<'_>,
    line_id: Uuid,
    id: CampaignId,
    event: &DraftEvent,
) -> Result<()> {
    on!(conn, db => {
        sqlx::query(
            "INSERT INTO draft_event (id, draft_id, happened_at, deed, actor, revision, said) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(line_id)
        .bind(id.0)
        .bind(event.happened_at)
        .bind(event.deed.as_str())
        .bind(&event.actor)
        .bind(event.revision)
        .bind(event.said.as_deref())
        .execute(db)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// The last `limit` lines of the history, newest first.
///
/// # Errors
/// The database's.
pub async fn events(conn: Conn<'_>, id: CampaignId, limit: i64) -> Result<Vec<DraftEvent>> {
    type Row = (DateTime<Utc>, String, String, i64, Option<String>);
    let rows: Vec<Row> = on!(conn, db => {
        sqlx::query_as(
            "SELECT happened_at, deed, actor, revision, said FROM draft_event WHERE draft_id = $1 \
             ORDER BY happened_at DESC, id DESC LIMIT $2",
        )
        .bind(id.0)
        .bind(limit)
        .fetch_all(db)
        .await
    })?;
    rows.into_iter()
        .map(|(happened_at, deed, actor, revision, said)| {
            Ok(DraftEvent { happened_at, deed: word("draft_event", &deed)?, actor, revision, said })
        })
        .collect()
}
