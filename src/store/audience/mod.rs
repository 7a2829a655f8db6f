//! Compiles an audience to SQL, here and nowhere else, and asks about its people.

mod condition;
mod find;
mod of_kind;
mod resolve;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{AssertSqlSafe, Postgres, Sqlite, query::QueryAs};
use uuid::Uuid;

use crate::domain::{
    audience::Audience, consent::Standing, gate::Facts, id::ContactId, language::Language,
    party::PartyKey, purpose::PurposeKey,
};

use super::{
    Conn, Result, on,
    row::{parsed, word},
};
use condition::{Condition, Value, bind_all};
pub use find::{Cursor, Listed, Search, count, find};
pub use of_kind::{Behind, behind, step};
pub use resolve::resolve;

/// For which purpose and party, and at what time, people are asked about.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// Who is meant.
    pub audience: &'a Audience,
    /// For what.
    pub purpose: &'a PurposeKey,
    /// On whose behalf.
    pub party: &'a PartyKey,
    /// When.
    pub now: DateTime<Utc>,
}

impl Question<'_> {
    async fn condition(&self, conn: &mut Conn<'_>, mut more: Vec<Value>) -> Result<Condition> {
        let audience = resolve(conn.again(), self.audience).await?;
        let mut values = vec![
            Value::Text(self.purpose.to_string()),
            Value::Text(self.party.to_string()),
            Value::Time(self.now),
        ];
        values.append(&mut more);
        let mut condition = Condition::new(matches!(conn, Conn::Sqlite(_)), self.now, values);
        condition.audience(&audience);
        Ok(condition)
    }
}

/// `contact c` with the consent and suppression that the gate asks for: `$1` purpose, `$2` party,
/// `$3` now.
const PEOPLE: &str = "FROM contact c \
    LEFT JOIN consent k ON k.contact_id = c.id AND k.purpose = $1 AND k.party = $2 ";
const SUPPRESSED: &str = "EXISTS (SELECT 1 FROM suppression s WHERE s.address_hash = c.address_hash \
    AND (s.ends_at IS NULL OR s.ends_at > $3))";

/// How many of the audience share the same facts.
///
/// The gate's rule is not written again in SQL: people are counted by what it looks at, and the
/// rule is asked once for each kind.
///
/// # Errors
/// The database's.
pub async fn count_by_facts(
    mut conn: Conn<'_>,
    question: Question<'_>,
) -> Result<Vec<(Facts, i64)>> {
    type Row = (bool, bool, bool, Option<String>, Option<bool>, i64);
    let condition = question.condition(&mut conn, Vec::new()).await?;
    let text = format!(
        "SELECT c.address_state = 'ok', c.blocked_at IS NOT NULL, {SUPPRESSED}, k.state, k.valid_until > $3, count(*) \
         {PEOPLE} WHERE {} GROUP BY 1, 2, 3, 4, 5",
        condition.text
    );
    let rows: Vec<Row> = on!(conn, db => {
        bind_all!(sqlx::query_as(AssertSqlSafe(text)), condition.values).fetch_all(db).await
    })?;
    rows.into_iter()
        .map(|(address_ok, blocked, suppressed, state, holds, n)| {
            let term = if holds == Some(true) { TimeDelta::seconds(1) } else { TimeDelta::zero() };
            let consent = state
                .map(|state| {
                    let state = word("consent", &state)?;
                    let valid_until = holds.map(|_| question.now + term);
                    Ok::<_, super::Error>(Standing {
                        state,
                        since: question.now,
                        valid_until,
                        event_seq: 0,
                    })
                })
                .transpose()?;
            Ok((Facts { address_ok, blocked, suppressed, consent }, n))
        })
        .collect()
}

/// One person of the audience, with what the gate needs.
#[derive(Debug, Clone)]
pub struct Person {
    /// Who.
    pub contact_id: ContactId,
    /// The language to write in.
    pub language: Option<Language>,
    /// For the gate.
    pub facts: Facts,
}

type PersonRow = (
    Uuid,
    Option<String>,
    bool,
    bool,
    bool,
    Option<String>,
    Option<DateTime<Utc>>,
    Option<DateTime<Utc>>,
    Option<i64>,
);

/// Up to `limit` people of the audience whose id is after `after`, in the order of their ids.
///
/// # Errors
/// The database's.
pub async fn people_after(
    mut conn: Conn<'_>,
    question: Question<'_>,
    after: Option<ContactId>,
    limit: i64,
) -> Result<Vec<Person>> {
    let after = after.map_or(Uuid::nil(), |id| id.0);
    let condition =
        question.condition(&mut conn, vec![Value::Id(after), Value::Number(limit)]).await?;
    let text = format!(
        "SELECT c.id, c.language, c.address_state = 'ok', c.blocked_at IS NOT NULL, {SUPPRESSED}, \
         k.state, k.since, k.valid_until, k.event_seq {PEOPLE} WHERE c.id > $4 AND {} ORDER BY c.id LIMIT $5",
        condition.text
    );
    let rows: Vec<PersonRow> = match conn {
        Conn::Sqlite(db) => {
            let query: QueryAs<'_, Sqlite, PersonRow, _> = sqlx::query_as(AssertSqlSafe(text));
            bind_all!(query, condition.values).fetch_all(db).await
        }
        Conn::Postgres(db) => {
            let query: QueryAs<'_, Postgres, PersonRow, _> = sqlx::query_as(AssertSqlSafe(text));
            bind_all!(query, condition.values).fetch_all(db).await
        }
    }?;
    rows.into_iter().map(read_person).collect()
}

fn read_person(row: PersonRow) -> Result<Person> {
    let (id, language, address_ok, blocked, suppressed, state, since, valid_until, event_seq) = row;
    let consent = super::consent::standing(state, since, valid_until, event_seq)?;
    Ok(Person {
        contact_id: ContactId(id),
        language: language.map(|code| parsed("contact", &code)).transpose()?,
        facts: Facts { address_ok, blocked, suppressed, consent },
    })
}
