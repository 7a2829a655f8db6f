//! A campaign that has not begun is made anew.

use sqlx::types::Json;

use crate::domain::{
    campaign::{Campaign, Content},
    id::CampaignId,
};

use super::super::{Conn, Result, on};

/// Puts all that an author can write anew into a campaign that is still a draft, with its content.
/// `false` when it has begun, and then nothing changed.
///
/// # Errors
/// The database's.
pub async fn replace(
    mut conn: Conn<'_>,
    campaign: &Campaign,
    contents: &[Content],
) -> Result<bool> {
    let rows = on!(conn.again(), db => {
        sqlx::query(
            "UPDATE campaign SET name = $2, purpose = $3, party = $4, sender = $5, audience = $6, \
             source = $7, pace = $8, planned_at = $9, content_sha256 = $10 \
             WHERE id = $1 AND state = 'draft'",
        )
        .bind(campaign.id.0)
        .bind(&campaign.name)
        .bind(campaign.purpose.as_str())
        .bind(campaign.party.as_str())
        .bind(Json(&campaign.sender))
        .bind(Json(&campaign.audience))
        .bind(&campaign.source)
        .bind(campaign.pace.map(String::from))
        .bind(campaign.planned_at)
        .bind(campaign.content_sha256.as_slice())
        .execute(db)
        .await
        .map(|done| done.rows_affected())
    })?;
    if rows == 0 {
        return Ok(false);
    }
    clear(conn.again(), campaign.id).await?;
    super::content::insert(conn, campaign.id, contents).await?;
    Ok(true)
}

async fn clear(conn: Conn<'_>, id: CampaignId) -> Result<()> {
    on!(conn, db => {
        sqlx::query("DELETE FROM campaign_content WHERE campaign_id = $1")
            .bind(id.0)
            .execute(db)
            .await
            .map(drop)
    })?;
    Ok(())
}
