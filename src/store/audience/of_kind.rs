//! The people behind one number of a funnel.

use chrono::TimeDelta;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::domain::{
    consent::{Standing, State},
    gate::{self, Facts, Refusal, Verdict},
    id::ContactId,
};

use super::{
    super::{Conn, Result, on},
    PEOPLE, Question, SUPPRESSED,
    condition::{Value, bind_all},
};

/// A number of the funnel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behind {
    /// Those who would get it.
    Allowed,
    /// Those who would not, for this reason.
    Refused(Refusal),
}

/// The last of the next `n` contacts after `after`, whoever they are; `None` when fewer are left.
///
/// # Errors
/// The database's.
pub async fn step(conn: Conn<'_>, after: ContactId, n: i64) -> Result<Option<ContactId>> {
    let row: Option<(Uuid,)> = on!(conn, db => {
        sqlx::query_as("SELECT id FROM contact WHERE id > $1 ORDER BY id LIMIT 1 OFFSET $2")
            .bind(after.0)
            .bind(n - 1)
            .fetch_optional(db)
            .await
    })?;
    Ok(row.map(|(id,)| ContactId(id)))
}

/// Up to `limit` people of the audience behind a number, with ids over `after` and up to `until`, in
/// the order of their ids.
///
/// # Errors
/// The database's.
pub async fn behind(
    mut conn: Conn<'_>,
    question: Question<'_>,
    number: Behind,
    after: ContactId,
    until: Option<ContactId>,
    limit: i64,
) -> Result<Vec<ContactId>> {
    let until = until.map_or(Uuid::max(), |id| id.0);
    let more = vec![Value::Id(after.0), Value::Id(until), Value::Number(limit)];
    let condition = question.condition(&mut conn, more).await?;
    let kinds = kinds(number, question);
    let text = format!(
        "SELECT c.id {PEOPLE} WHERE c.id > $4 AND c.id <= $5 AND {} AND {KIND_OF} IN ({kinds}) \
         ORDER BY c.id LIMIT $6",
        condition.text
    );
    let text = text.replace("{SUPPRESSED}", SUPPRESSED);
    let rows: Vec<(Uuid,)> = on!(conn, db => {
        bind_all!(sqlx::query_as(AssertSqlSafe(text)), condition.values).fetch_all(db).await
    })?;
    Ok(rows.into_iter().map(|(id,)| ContactId(id)).collect())
}

/// What the gate looks at, as one word: see [`word_for`].
const KIND_OF: &str = "(CASE WHEN c.address_state = 'ok' THEN 'a' ELSE '-' END \
    || CASE WHEN c.blocked_at IS NOT NULL THEN 'b' ELSE '-' END \
    || CASE WHEN {SUPPRESSED} THEN 's' ELSE '-' END \
    || CASE WHEN k.valid_until > $3 THEN 't' ELSE '-' END || coalesce(k.state, ''))";

/// The words of all kinds of people of whom the gate says this. The gate's rule is not written again
/// in SQL: it is asked for each kind there is.
fn kinds(number: Behind, question: Question<'_>) -> String {
    let flags = [false, true];
    let states = || std::iter::once(None).chain(State::ALL.iter().copied().map(Some));
    let mut words = Vec::new();
    for [address_ok, blocked, suppressed, holds] in
        (0..16_u8).map(|n| [0, 1, 2, 3].map(|bit| flags[usize::from(n >> bit & 1)]))
    {
        for state in states() {
            let term = if holds { TimeDelta::seconds(1) } else { TimeDelta::zero() };
            let consent = state.map(|state| Standing {
                state,
                since: question.now,
                valid_until: Some(question.now + term),
                event_seq: 0,
            });
            let facts = Facts { address_ok, blocked, suppressed, consent };
            let said = match gate::decide(&facts, question.now) {
                Verdict::Allowed { .. } => Behind::Allowed,
                Verdict::Refused(refusal) => Behind::Refused(refusal),
            };
            if said == number {
                words.push(format!("'{}'", word_for(&facts, holds)));
            }
        }
    }
    words.join(", ")
}

fn word_for(facts: &Facts, holds: bool) -> String {
    let flag = |is: bool, letter: char| if is { letter } else { '-' };
    let state = facts.consent.map_or("", |standing| standing.state.as_str());
    let (a, b) = (flag(facts.address_ok, 'a'), flag(facts.blocked, 'b'));
    let (s, t) = (flag(facts.suppressed, 's'), flag(holds, 't'));
    format!("{a}{b}{s}{t}{state}")
}
