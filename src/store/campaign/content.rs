//! The compiled content of campaigns, by language.

use std::collections::BTreeSet;

use sqlx::types::Json;

use crate::domain::{campaign::Content, id::CampaignId};

use super::super::{
    Conn, Result, on,
    row::{parsed, row},
};

/// Stores the content of a new campaign.
pub(super) async fn insert(
    mut conn: Conn<'_>,
    campaign: CampaignId,
    contents: &[Content],
) -> Result<()> {
    for content in contents {
        on!(conn.again(), db => {
            sqlx::query(
                "INSERT INTO campaign_content (campaign_id, language, subject, preheader, html, plain, \
                 fields_used, fields) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            )
            .bind(campaign.0)
            .bind(content.language.as_str())
            .bind(&content.subject)
            .bind(content.preheader.as_deref())
            .bind(content.html.as_deref())
            .bind(&content.plain)
            .bind(Json(&content.fields_used))
            .bind(Json(&content.fields))
            .execute(db)
            .await
            .map(drop)
        })?;
    }
    Ok(())
}

row! {
    struct ContentRow {
        language: String,
        subject: String,
        preheader: Option<String>,
        html: Option<String>,
        plain: String,
        fields_used: Json<BTreeSet<String>>,
        fields: Json<serde_json::Map<String, serde_json::Value>>,
    }
}

/// The content of a campaign, by language.
///
/// # Errors
/// The database's.
pub async fn contents(conn: Conn<'_>, id: CampaignId) -> Result<Vec<Content>> {
    let rows: Vec<ContentRow> = on!(conn, db => {
        sqlx::query_as("SELECT * FROM campaign_content WHERE campaign_id = $1 ORDER BY language")
            .bind(id.0)
            .fetch_all(db)
            .await
    })?;
    rows.into_iter()
        .map(|row| {
            Ok(Content {
                language: parsed("campaign_content", &row.language)?,
                subject: row.subject,
                preheader: row.preheader,
                html: row.html,
                plain: row.plain,
                fields_used: row.fields_used.0,
                fields: row.fields.0,
            })
        })
        .collect()
}
