//! The people behind a number.

use chrono::{DateTime, Utc};
use sqlx::{Database, Encode, QueryBuilder, Type};
use uuid::Uuid;

use crate::domain::{
    address::Address,
    delivery::State,
    id::{CampaignId, ContactId, DeliveryId},
};

use super::super::{
    Conn, Result, on,
    row::{parsed, row, word},
};

/// Whom a number counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Those whose delivery stands so.
    pub state: Option<State>,
    /// Those with this reason.
    pub reason: Option<String>,
    /// Those with an address in this domain.
    pub domain: Option<String>,
    /// Those who asked for this language; empty for those who asked for none.
    pub language: Option<String>,
}

/// The order in which people are listed: that which reads the fewest rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Walk {
    /// As their messages ended. The filter names a state that is final.
    AsEnded,
    /// As their messages will be due. The filter names no state but `queued`.
    AsDue,
    /// By contact, over all messages of the campaign.
    ByContact,
    /// By contact, over all contacts of the domain that the filter names.
    ByDomain,
    /// By contact, over what a node holds, or held when it was lost.
    Held,
}

/// After whom a page begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// As they ended or will be due: the reason (empty where none counts), when, and which.
    Time(String, DateTime<Utc>, DeliveryId),
    /// By contact.
    Contact(ContactId),
}

/// A delivery with its person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The delivery.
    pub id: DeliveryId,
    /// To whom.
    pub contact_id: ContactId,
    /// Their address, unless erased.
    pub address: Option<Address>,
    /// Their name.
    pub name: Option<String>,
    /// Where it stands.
    pub state: State,
    /// Why, where there is a reason.
    pub reason: Option<String>,
    /// Since when it stands so.
    pub since: DateTime<Utc>,
    /// When it is to be tried.
    pub due_at: DateTime<Utc>,
    /// How often it was tried.
    pub attempts: i64,
}

row! {
    struct Row {
        id: Uuid,
        contact_id: Uuid,
        address: Option<String>,
        name: Option<String>,
        state: String,
        reason: Option<String>,
        state_since: DateTime<Utc>,
        due_at: DateTime<Utc>,
        attempts: i64,
    }
}

impl Listed {
    /// The place after it.
    #[must_use]
    pub fn place(&self, walk: Walk) -> Place {
        match walk {
            Walk::AsEnded => {
                let reason = self.reason.clone().filter(|_| self.state != State::Sent);
                Place::Time(reason.unwrap_or_default(), self.since, self.id)
            }
            Walk::AsDue => Place::Time(String::new(), self.due_at, self.id),
            Walk::ByContact | Walk::ByDomain | Walk::Held => Place::Contact(self.contact_id),
        }
    }
}

/// Up to `limit` deliveries of a campaign after a place, in the order of the walk.
///
/// # Errors
/// The database's.
pub async fn people(
    conn: Conn<'_>,
    campaign: CampaignId,
    filter: &Filter,
    walk: Walk,
    after: Option<&Place>,
    limit: i64,
) -> Result<Vec<Listed>> {
    if walk == Walk::ByDomain {
        return by_domain(conn, campaign, filter, after, limit).await;
    }
    step(conn, campaign, filter, walk, after, &[], limit).await
}

/// In steps: no database finds this way by itself at all times.
async fn by_domain(
    mut conn: Conn<'_>,
    campaign: CampaignId,
    filter: &Filter,
    after: Option<&Place>,
    limit: i64,
) -> Result<Vec<Listed>> {
    let (domain, most) = (filter.domain.as_deref().unwrap_or_default(), usize::try_from(limit));
    let mut last = match after {
        Some(Place::Contact(id)) => id.0,
        _ => Uuid::nil(),
    };
    let mut found = Vec::new();
    while most.is_ok_and(|most| found.len() < most) {
        let ids = contacts_in(conn.again(), domain, last).await?;
        let Some(&next) = ids.last() else { break };
        let walk = Walk::ByContact;
        found.extend(step(conn.again(), campaign, filter, walk, None, &ids, limit).await?);
        last = next;
    }
    found.truncate(most.unwrap_or_default());
    Ok(found)
}

/// The next contacts of a domain, by id.
async fn contacts_in(conn: Conn<'_>, domain: &str, after: Uuid) -> Result<Vec<Uuid>> {
    const SQLITE: &str = "SELECT id FROM contact WHERE substr(address, instr(address, '@') + 1) = $1 \
        AND address IS NOT NULL AND id > $2 ORDER BY id LIMIT 500";
    const POSTGRES: &str = "SELECT id FROM contact WHERE split_part(address, '@', 2) = $1 \
        AND address IS NOT NULL AND id > $2 ORDER BY id LIMIT 500";
    let rows: Vec<(Uuid,)> = match conn {
        Conn::Sqlite(db) => sqlx::query_as(SQLITE).bind(domain).bind(after).fetch_all(db).await,
        Conn::Postgres(db) => sqlx::query_as(POSTGRES).bind(domain).bind(after).fetch_all(db).await,
    }?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

async fn step(
    conn: Conn<'_>,
    campaign: CampaignId,
    filter: &Filter,
    walk: Walk,
    after: Option<&Place>,
    contacts: &[Uuid],
    limit: i64,
) -> Result<Vec<Listed>> {
    let domain = match &conn {
        Conn::Sqlite(_) => "substr(c.address, instr(c.address, '@') + 1)",
        Conn::Postgres(_) => "split_part(c.address, '@', 2)",
    };
    let rows: Vec<Row> = on!(conn, db => {
        let mut query = text(campaign, filter, domain, walk, after, contacts, limit);
        query.build_query_as().fetch_all(db).await
    })?;
    rows.into_iter().map(read).collect()
}

fn read(row: Row) -> Result<Listed> {
    Ok(Listed {
        id: DeliveryId(row.id),
        contact_id: ContactId(row.contact_id),
        address: row.address.map(|text| parsed("contact", &text)).transpose()?,
        name: row.name,
        state: word("delivery", &row.state)?,
        reason: row.reason,
        since: row.state_since,
        due_at: row.due_at,
        attempts: row.attempts,
    })
}

fn text<'a, DB>(
    campaign: CampaignId,
    filter: &'a Filter,
    domain: &'static str,
    walk: Walk,
    after: Option<&'a Place>,
    contacts: &[Uuid],
    limit: i64,
) -> QueryBuilder<DB>
where
    DB: Database,
    Uuid: Encode<'a, DB> + Type<DB>,
    &'a str: Encode<'a, DB> + Type<DB>,
    DateTime<Utc>: Encode<'a, DB> + Type<DB>,
{
    let mut query = QueryBuilder::new(
        "SELECT d.id, d.contact_id, c.address, c.name, d.state, d.reason, d.state_since, d.due_at, d.attempts \
         FROM delivery d CROSS JOIN contact c WHERE c.id = d.contact_id AND d.campaign_id = ",
    );
    query.push_bind(campaign.0);
    if let Some(state) = filter.state {
        query.push(" AND d.state = ").push(quoted(state));
    }
    if let Some(reason) = &filter.reason {
        query.push(" AND d.reason = ").push_bind(reason.as_str());
    }
    if let Some(name) = &filter.domain {
        query.push(" AND c.address IS NOT NULL AND ").push(domain);
        query.push(" = ").push_bind(name.as_str());
    }
    match filter.language.as_deref() {
        Some("") => _ = query.push(" AND c.language IS NULL"),
        Some(language) => _ = query.push(" AND c.language = ").push_bind(language),
        None => {}
    }
    if !contacts.is_empty() {
        query.push(" AND d.contact_id IN (");
        let mut list = query.separated(", ");
        for id in contacts {
            list.push_bind(*id);
        }
        query.push(")");
    }
    order(&mut query, filter, walk, after);
    // Written out: PostgreSQL plans for a tenth of all rows where it does not see a number.
    query.push(" LIMIT ").push(limit);
    query
}

/// A word of ours as the text of a query, so that an index on just these rows is seen to fit.
fn quoted(state: State) -> String {
    format!("'{state}'")
}

fn order<'a, DB>(
    query: &mut QueryBuilder<DB>,
    filter: &Filter,
    walk: Walk,
    after: Option<&'a Place>,
) where
    DB: Database,
    Uuid: Encode<'a, DB> + Type<DB>,
    &'a str: Encode<'a, DB> + Type<DB>,
    DateTime<Utc>: Encode<'a, DB> + Type<DB>,
{
    let columns = match walk {
        Walk::AsEnded if filter.state == Some(State::Sent) => "d.state_since, d.id",
        Walk::AsEnded => {
            query.push(" AND d.state IN ('failed', 'skipped', 'uncertain') AND d.node_id IS NULL");
            "d.reason, d.state_since, d.id"
        }
        Walk::AsDue => "d.due_at, d.id",
        Walk::Held => {
            query.push(" AND d.node_id IS NOT NULL");
            "d.contact_id"
        }
        Walk::ByContact | Walk::ByDomain => "d.contact_id",
    };
    if let Some(place) = after {
        query.push(" AND (").push(columns).push(") > (");
        match place {
            Place::Contact(id) => _ = query.push_bind(id.0),
            Place::Time(reason, at, id) => {
                if columns.starts_with("d.reason") {
                    query.push_bind(reason.as_str()).push(", ");
                }
                query.push_bind(*at).push(", ").push_bind(id.0);
            }
        }
        query.push(")");
    }
    query.push(" ORDER BY ").push(columns);
}
