//! Drafts and campaigns in one list, newest first: a draft and the campaign that it became are one
//! line.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::{campaign::Phase, draft::StageWord, id::CampaignId, purpose::PurposeKey};

use super::super::{
    Conn, Result, on,
    row::{parsed, row, word},
};

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The campaign that it is or will be.
    pub id: CampaignId,
    /// What staff call it.
    pub name: String,
    /// The draft's stage; none for one that came by folder or API.
    pub stage: Option<StageWord>,
    /// Where the campaign stands; none as long as it was never started.
    pub phase: Option<Phase>,
    /// For what, once there is a campaign.
    pub purpose: Option<PurposeKey>,
    /// When a scheduled one starts.
    pub start_at: Option<DateTime<Utc>>,
    /// When a draft was saved, or the campaign changed its state.
    pub changed_at: DateTime<Utc>,
    /// Who saved the draft last.
    pub changed_by: Option<String>,
    /// Whether who asks wrote on it.
    pub is_mine: bool,
}

row! {
    struct Row {
        id: Uuid,
        name: String,
        stage: Option<String>,
        state: Option<String>,
        purpose: Option<String>,
        start_at: Option<DateTime<Utc>>,
        state_since: Option<DateTime<Utc>>,
        updated_at: Option<DateTime<Utc>>,
        updated_by: Option<String>,
        is_mine: bool,
    }
}

/// Up to `limit` lines before `before` (`None`: the newest), newest first, for `asking`.
///
/// # Errors
/// The database's.
pub async fn lines(
    conn: Conn<'_>,
    asking: &str,
    before: Option<CampaignId>,
    limit: i64,
) -> Result<Vec<Line>> {
    let before = before.map_or(Uuid::max(), |id| id.0);
    // Each half is cut before they are put together, so that both walk their primary key only.
    let rows: Vec<Row> = on!(conn, db => {
        sqlx::query_as(
            "SELECT * FROM (SELECT * FROM (\
               SELECT d.id, d.name, d.stage, c.state, c.purpose, c.start_at, c.state_since, \
               d.updated_at, d.updated_by, EXISTS (SELECT 1 FROM draft_author a \
               WHERE a.draft_id = d.id AND a.author = $3) AS is_mine \
               FROM draft d LEFT JOIN campaign c ON c.id = d.id \
               WHERE d.id < $1 ORDER BY d.id DESC LIMIT $2) AS written \
             UNION ALL SELECT * FROM (\
               SELECT c.id, c.name, d.stage, c.state, c.purpose, c.start_at, c.state_since, \
               d.updated_at, d.updated_by, 1 = 0 FROM campaign c LEFT JOIN draft d ON d.id = c.id \
               WHERE c.id < $1 AND d.id IS NULL ORDER BY c.id DESC LIMIT $2) AS given) AS either ORDER BY id DESC LIMIT $2",
        )
        .bind(before)
        .bind(limit)
        .bind(asking)
        .fetch_all(db)
        .await
    })?;
    rows.into_iter().map(read).collect()
}

fn read(row: Row) -> Result<Line> {
    let phase: Option<Phase> = row.state.map(|text| word("campaign", &text)).transpose()?;
    let is_begun = phase.is_some_and(|phase| phase != Phase::Draft);
    let since = row.state_since.filter(|_| is_begun);
    let changed_at = since.into_iter().chain(row.updated_at).max().or(row.state_since);
    Ok(Line {
        id: CampaignId(row.id),
        name: row.name,
        stage: row.stage.map(|text| word("draft", &text)).transpose()?,
        phase,
        purpose: row.purpose.map(|key| parsed("campaign", &key)).transpose()?,
        start_at: row.start_at.filter(|_| phase == Some(Phase::Scheduled)),
        changed_at: changed_at.unwrap_or_default(),
        changed_by: row.updated_by,
        is_mine: row.is_mine,
    })
}
