//! Test mails: what waits for an engine, what became of it. No contact gets one.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::{
    address::Address,
    id::{CampaignId, TestMailId, TestSendId},
    language::Language,
    words::words,
};

use super::{
    Conn, Result, on,
    row::{parsed, word},
};

words! {
    /// Where a test mail stands.
    TestState("state of a test mail") {
        /// Waits for an engine.
        Queued = "queued",
        /// An engine has it.
        Claimed = "claimed",
        /// A relay took it.
        Sent = "sent",
        /// It was not sent; the reason says why.
        Failed = "failed",
    }
}

/// One wish for test mails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestSend {
    /// Its id.
    pub id: TestSendId,
    /// Of which campaign or draft.
    pub campaign_id: CampaignId,
    /// What it said then, as JSON.
    pub source: String,
    /// When.
    pub requested_at: DateTime<Utc>,
    /// By whom.
    pub requested_by: String,
}

/// One test mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestMail {
    /// Its id.
    pub id: TestMailId,
    /// The wish that it belongs to.
    pub send_id: TestSendId,
    /// To whom.
    pub address: Address,
    /// In which language.
    pub language: Language,
    /// Where it stands.
    pub state: TestState,
    /// Since when.
    pub state_since: DateTime<Utc>,
    /// Why it was not sent.
    pub reason: Option<String>,
}

type Row = (Uuid, Uuid, String, String, String, DateTime<Utc>, Option<String>);
const COLUMNS: &str = "m.id, m.send_id, m.address, m.language, m.state, m.state_since, m.reason";

fn read(row: Row) -> Result<TestMail> {
    let (id, send_id, address, language, state, state_since, reason) = row;
    Ok(TestMail {
        id: TestMailId(id),
        send_id: TestSendId(send_id),
        address: parsed("test_mail", &address)?,
        language: parsed("test_mail", &language)?,
        state: word("test_mail", &state)?,
        state_since,
        reason,
    })
}

/// Stores a wish with its mails, all queued.
///
/// # Errors
/// The database's.
pub async fn insert(mut conn: Conn<'_>, send: &TestSend, mails: &[TestMail]) -> Result<()> {
    on!(conn.again(), db => {
        sqlx::query(
            "INSERT INTO test_send (id, campaign_id, source, requested_at, requested_by) \
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(send.id.0)
        .bind(send.campaign_id.0)
        .bind(&send.source)
        .bind(send.requested_at)
        .bind(&send.requested_by)
        .execute(db)
        .await
        .map(drop)
    })?;
    for mail in mails {
        on!(conn.again(), db => {
            sqlx::query(
                "INSERT INTO test_mail (id, send_id, address, language, state, state_since) \
                 VALUES ($1, $2, $3, $4, 'queued', $5)",
            )
            .bind(mail.id.0)
            .bind(send.id.0)
            .bind(mail.address.as_str())
            .bind(mail.language.as_str())
            .bind(mail.state_since)
            .execute(db)
            .await
            .map(drop)
        })?;
    }
    Ok(())
}

/// How many test mails somebody has asked for since.
///
/// # Errors
/// The database's.
pub async fn count_since(conn: Conn<'_>, by: &str, since: DateTime<Utc>) -> Result<i64> {
    let (n,): (i64,) = on!(conn, db => {
        sqlx::query_as(
            "SELECT count(*) FROM test_send s JOIN test_mail m ON m.send_id = s.id \
             WHERE s.requested_by = $1 AND s.requested_at > $2",
        )
        .bind(by)
        .bind(since)
        .fetch_one(db)
        .await
    })?;
    Ok(n)
}

/// The last test mails of a campaign, newest first.
///
/// # Errors
/// The database's.
pub async fn latest(conn: Conn<'_>, campaign: CampaignId, limit: i64) -> Result<Vec<TestMail>> {
    let text = format!(
        "SELECT {COLUMNS} FROM test_send s JOIN test_mail m ON m.send_id = s.id \
         WHERE s.campaign_id = $1 ORDER BY s.requested_at DESC, m.id DESC LIMIT $2"
    );
    let rows: Vec<Row> = on!(conn, db => {
        sqlx::query_as(sqlx::AssertSqlSafe(text))
            .bind(campaign.0)
            .bind(limit)
            .fetch_all(db)
            .await
    })?;
    rows.into_iter().map(read).collect()
}

/// Takes the mail that has waited longest, with what it is made of.
///
/// # Errors
/// The database's.
pub async fn claim(mut conn: Conn<'_>, now: DateTime<Utc>) -> Result<Option<(TestSend, TestMail)>> {
    const OLDEST: &str = "UPDATE test_mail SET state = 'claimed', state_since = $1 WHERE id = (\
        SELECT id FROM test_mail WHERE state = 'queued' ORDER BY state_since, id LIMIT 1";
    const MADE: &str = ") RETURNING id, send_id, address, language, state, state_since, reason";
    let row: Option<Row> = match conn.again() {
        Conn::Sqlite(db) => {
            let text = sqlx::AssertSqlSafe(format!("{OLDEST}{MADE}"));
            sqlx::query_as(text).bind(now).fetch_optional(db).await
        }
        Conn::Postgres(db) => {
            let text = sqlx::AssertSqlSafe(format!("{OLDEST} FOR UPDATE SKIP LOCKED{MADE}"));
            sqlx::query_as(text).bind(now).fetch_optional(db).await
        }
    }?;
    let Some(mail) = row.map(read).transpose()? else { return Ok(None) };
    let (id, campaign_id, source, requested_at, requested_by): (
        Uuid,
        Uuid,
        String,
        DateTime<Utc>,
        String,
    ) = on!(conn, db => {
        sqlx::query_as(
            "SELECT id, campaign_id, source, requested_at, requested_by FROM test_send WHERE id = $1",
        )
        .bind(mail.send_id.0)
        .fetch_one(db)
        .await
    })?;
    let campaign_id = CampaignId(campaign_id);
    let send = TestSend { id: TestSendId(id), campaign_id, source, requested_at, requested_by };
    Ok(Some((send, mail)))
}

/// Notes what became of a claimed mail: sent without a reason, failed with one.
///
/// # Errors
/// The database's.
pub async fn settle(
    conn: Conn<'_>,
    id: TestMailId,
    failure: Option<&str>,
    now: DateTime<Utc>,
) -> Result<()> {
    let state = if failure.is_none() { TestState::Sent } else { TestState::Failed };
    on!(conn, db => {
        sqlx::query(
            "UPDATE test_mail SET state = $2, state_since = $3, reason = $4 \
             WHERE id = $1 AND state = 'claimed'",
        )
        .bind(id.0)
        .bind(state.as_str())
        .bind(now)
        .bind(failure)
        .execute(db)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// Gives up on mails that an engine took before `before` and never settled, and on those that no
/// engine has taken since then. Gives back how many.
///
/// # Errors
/// The database's.
pub async fn give_up(
    conn: Conn<'_>,
    before: DateTime<Utc>,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<u64> {
    let rows = on!(conn, db => {
        sqlx::query(
            "UPDATE test_mail SET state = 'failed', state_since = $3, reason = $2 \
             WHERE state IN ('queued', 'claimed') AND state_since < $1",
        )
        .bind(before)
        .bind(reason)
        .bind(now)
        .execute(db)
        .await
        .map(|done| done.rows_affected())
    })?;
    Ok(rows)
}
