//! The people behind a number of a campaign.

use chrono::{DateTime, Utc};

use crate::{
    app::{App, Error, Result, campaign, campaign::Standing, staff::actions},
    domain::{
        address::Address,
        consent::Channel,
        delivery::State,
        id::{CampaignId, ContactId, DeliveryId},
        staff::User,
    },
    store::{
        self,
        figure::{Filter, Listed, Place, Walk},
    },
};

/// People on one page.
pub const PEOPLE_PER_PAGE: i64 = 50;
/// So many rows are read through for a page rather than looking for a better way.
const READ_THROUGH: i64 = 20_000;

/// A page of people.
#[derive(Debug, Clone)]
pub struct People {
    /// In order.
    pub people: Vec<Person>,
    /// Where the next page begins; `None` on the last one.
    pub next: Option<Place>,
}

/// Somebody with their message.
#[derive(Debug, Clone)]
pub struct Person {
    /// The message.
    pub listed: Listed,
    /// What was answered last: code and text.
    pub reply: Option<(Option<i64>, Option<String>)>,
}

/// Up to `limit` of the people whom a number counts, after a place.
///
/// # Errors
/// [`Error::NotFound`]; the database's.
pub async fn people(
    app: &App,
    id: CampaignId,
    filter: &Filter,
    after: Option<&Place>,
    limit: i64,
) -> Result<People> {
    let mut view = app.store.snapshot().await?;
    let brief = store::campaign::brief(view.conn(), id).await?;
    brief.ok_or(Error::NotFound("such campaign"))?;
    let standing = campaign::standing(view.conn(), id).await?;
    let walk = walk(filter, &standing);
    let mut people = Vec::new();
    if walk == Walk::AsEnded && filter.state == Some(State::Uncertain) && after.is_none() {
        // What a lost node may still mend is in no order yet.
        people = store::figure::people(view.conn(), id, filter, Walk::Held, None, limit).await?;
    }
    let found = store::figure::people(view.conn(), id, filter, walk, after, limit + 1).await?;
    let page = usize::try_from(limit).unwrap_or(usize::MAX);
    let next = (found.len() > page).then(|| found.get(page - 1).map(|last| last.place(walk)));
    people.extend(found.into_iter().take(page));
    let ids: Vec<DeliveryId> = people.iter().map(|one| one.id).collect();
    let replies = store::delivery::latest_replies(view.conn(), &ids).await?;
    let with_reply = |listed: Listed| {
        let reply = replies.iter().find(|reply| reply.delivery_id == listed.id);
        Person { reply: reply.map(|reply| (reply.code, reply.text.clone())), listed }
    };
    Ok(People { people: people.into_iter().map(with_reply).collect(), next: next.flatten() })
}

/// The way that reads the fewest rows.
fn walk(filter: &Filter, standing: &Standing) -> Walk {
    let is_narrow = filter.domain.is_some() || filter.language.is_some();
    match filter.state {
        Some(State::Queued) if !is_narrow && filter.reason.is_none() => Walk::AsDue,
        Some(State::Claimed | State::Handing) => Walk::Held,
        Some(state)
            if state.is_final() && (!is_narrow || standing.count(state) <= READ_THROUGH) =>
        {
            Walk::AsEnded
        }
        _ if filter.domain.is_some() && standing.total() > READ_THROUGH => Walk::ByDomain,
        _ => Walk::ByContact,
    }
}

/// Writes down that somebody takes the people behind a number out as a file.
///
/// # Errors
/// [`Error::NotFound`]; the database's.
pub async fn note_export(app: &App, id: CampaignId, filter: &Filter, user: &User) -> Result<()> {
    let mut tx = app.store.begin().await?;
    let brief = store::campaign::brief(tx.conn(), id).await?;
    brief.ok_or(Error::NotFound("such campaign"))?;
    let detail = serde_json::json!({
        "state": filter.state,
        "reason": filter.reason,
        "domain": filter.domain,
        "language": filter.language,
    });
    let subject = Some(format!("campaign:{id}"));
    actions::log(app, tx.conn(), user, "campaign.people.export", subject, Some(detail)).await?;
    tx.commit().await?;
    Ok(())
}

/// Somebody who left because of a campaign.
#[derive(Debug, Clone)]
pub struct Left {
    /// By the link of which message.
    pub delivery_id: DeliveryId,
    /// Who.
    pub contact_id: ContactId,
    /// When.
    pub left_at: DateTime<Utc>,
    /// How it came.
    pub channel: Channel,
    /// Their address, unless erased.
    pub address: Option<Address>,
    /// Their name.
    pub name: Option<String>,
}

/// Up to `limit` people who left because of a campaign, the latest first, before a place.
///
/// # Errors
/// The database's.
pub async fn left(
    app: &App,
    id: CampaignId,
    before: Option<(DateTime<Utc>, DeliveryId)>,
    limit: i64,
) -> Result<Vec<Left>> {
    let mut reader = app.store.read().await?;
    let mut people = Vec::new();
    for (one, contact) in store::departure::page(reader.conn(), id, before, limit).await? {
        let known = store::contact::find(reader.conn(), contact).await?;
        let (address, name) = known.map_or((None, None), |one| (one.address, one.profile.name));
        let store::departure::Departure { delivery_id, left_at, channel } = one;
        people.push(Left { delivery_id, contact_id: contact, left_at, channel, address, name });
    }
    Ok(people)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_is_the_shortest_for_the_number() {
        let standing = Standing {
            states: [(State::Sent, 900_000), (State::Failed, 100)].into(),
            reasons: Vec::new(),
        };
        let of = |state, domain: Option<&str>| {
            let domain = domain.map(str::to_owned);
            walk(&Filter { state, domain, ..Filter::default() }, &standing)
        };
        assert_eq!(of(Some(State::Sent), None), Walk::AsEnded);
        assert_eq!(of(Some(State::Sent), Some("mail.ru")), Walk::ByDomain);
        assert_eq!(of(Some(State::Failed), Some("mail.ru")), Walk::AsEnded);
        assert_eq!(of(Some(State::Queued), None), Walk::AsDue);
        assert_eq!(of(Some(State::Handing), None), Walk::Held);
        assert_eq!(of(None, Some("mail.ru")), Walk::ByDomain);
        assert_eq!(of(None, None), Walk::ByContact);
    }
}
