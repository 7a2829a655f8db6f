//! Figures of campaigns that stay quick however many messages there were.
//!
//! What has ended for good stands in one of two indexes in the order in which it ended. Of each
//! state and reason the deliveries up to a place in that order are *folded*: counted in
//! `campaign_fold`, and by domain, language and moment in `campaign_figure`. What came after that
//! place is counted afresh at each look, what waits follows from the number that was written out.
//! So a look costs what happened lately, and no delivery pays for it when it is sent.

mod fold;
mod look;
mod people;
mod settle;

pub use fold::{Ended, Folding, batch, fold};
pub use look::{Group, groups, held, newer_than, sent_since, written};
pub use people::{Filter, Listed, Place, Walk, people};
pub use settle::{Unsettled, count_again, forget, settle, unsettled};

use std::collections::BTreeMap;

use sqlx::QueryBuilder;

use crate::domain::{delivery::State, figures::Dimension, id::CampaignId};

use super::{Conn, Result, on, row::word};

/// Numbers of a campaign by what they are counted by, what that is, and how it ended.
pub type Figures = BTreeMap<(Dimension, String, State), i64>;

/// Rows per INSERT.
const ROWS_PER_INSERT: usize = 500;

/// The folded figures of a campaign in one dimension.
///
/// # Errors
/// The database's.
pub async fn folded(
    conn: Conn<'_>,
    campaign: CampaignId,
    dimension: Dimension,
) -> Result<Vec<(String, State, i64)>> {
    let rows: Vec<(String, String, i64)> = on!(conn, db => {
        sqlx::query_as(
            "SELECT key, state, n FROM campaign_figure WHERE campaign_id = $1 AND dimension = $2 ORDER BY key, state",
        )
        .bind(campaign.0)
        .bind(dimension.as_str())
        .fetch_all(db)
        .await
    })?;
    rows.into_iter().map(|(key, state, n)| Ok((key, word("campaign_figure", &state)?, n))).collect()
}

async fn add(mut conn: Conn<'_>, campaign: CampaignId, figures: &Figures) -> Result<()> {
    // In their order, so that two nodes that add to the same campaign cannot wait for each other.
    let figures: Vec<_> = figures.iter().collect();
    for chunk in figures.chunks(ROWS_PER_INSERT) {
        on!(conn.again(), db => {
            let mut insert = QueryBuilder::new(
                "INSERT INTO campaign_figure (campaign_id, dimension, key, state, n) ",
            );
            insert.push_values(chunk, |mut row, ((dimension, key, state), n)| {
                row.push_bind(campaign.0)
                    .push_bind(dimension.as_str())
                    .push_bind(key.as_str())
                    .push_bind(state.as_str())
                    .push_bind(**n);
            });
            insert.push(
                " ON CONFLICT (campaign_id, dimension, key, state) DO UPDATE SET n = campaign_figure.n + excluded.n",
            );
            insert.build().execute(db).await.map(drop)
        })?;
    }
    Ok(())
}
