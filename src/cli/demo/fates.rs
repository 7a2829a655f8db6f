//! What became of some of the sample people's consents, so that each way to fall out is there.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    app::{
        App,
        consent::{self, Answer, Asked, Notice, Scope, Withdrawal},
        contacts,
    },
    domain::{
        address::Address,
        consent::{Actor, Channel, Evidence},
        contact::Contact,
        party::PartyKey,
        purpose::PurposeKey,
        suppression::{Reason, Suppression},
    },
    store::{self, consent::Consent},
};

use super::people::Person;

/// Days after the consent on which somebody left.
const LEFT_AFTER: i64 = 20;

/// What befalls somebody who consented to news.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Fate {
    LeftNews,
    LeftByPhone,
    LeftEverything,
    Bounced,
    Complained,
    AddressDied,
    Blocked,
}

impl Fate {
    /// The same for the same person.
    fn of(person: &Person) -> Option<Self> {
        match person.index % 200 {
            3 | 28 | 53 | 78 | 103 | 128 | 153 => Some(Self::LeftNews),
            178 => Some(Self::LeftByPhone),
            7 | 57 | 107 | 157 => Some(Self::LeftEverything),
            11 | 111 => Some(Self::Bounced),
            13 => Some(Self::Complained),
            17 | 117 => Some(Self::AddressDied),
            19 => Some(Self::Blocked),
            _ => None,
        }
    }
}

/// How many met which fate.
#[derive(Debug, Default)]
pub(super) struct Fates(Vec<(&'static str, usize)>);

impl Fates {
    /// One line.
    pub(super) fn print(&self) {
        let told: Vec<_> = self.0.iter().map(|(what, n)| format!("{n} {what}")).collect();
        println!("  since then  {}", told.join(", "));
    }
}

/// Lets it happen.
///
/// # Errors
/// A deed's.
pub(super) async fn befall(app: &App, people: &[Person]) -> anyhow::Result<Fates> {
    let standing = standing(app, people).await?;
    let mut counts: HashMap<Fate, usize> = HashMap::new();
    let mut undecided = Vec::new();
    for (person, contact, news) in &standing {
        match news {
            Some(news) if news.standing.state.permits_sending() => {
                let Some(fate) = Fate::of(person) else { continue };
                meet(app, contact, news, fate).await?;
                *counts.entry(fate).or_default() += 1;
            }
            None => undecided.push(contact),
            Some(_) => {}
        }
    }
    let [asked, refused] = ask(app, &undecided).await?;
    let count = |fate: Fate| counts.get(&fate).copied().unwrap_or_default();
    Ok(Fates(vec![
        ("left news", count(Fate::LeftNews) + count(Fate::LeftByPhone)),
        ("left everything", count(Fate::LeftEverything)),
        ("bounced", count(Fate::Bounced)),
        ("complained", count(Fate::Complained)),
        ("have a dead address", count(Fate::AddressDied)),
        ("had their data blocked", count(Fate::Blocked)),
        ("were asked and have not answered", asked),
        ("said no", refused),
    ]))
}

type Stands<'a> = (&'a Person, Contact, Option<Consent>);

/// Where everybody stands with news.
async fn standing<'a>(app: &App, people: &'a [Person]) -> anyhow::Result<Vec<Stands<'a>>> {
    let mut by_hash = HashMap::new();
    for person in people {
        by_hash.insert(app.address_hash(&person.address.parse::<Address>()?), person);
    }
    let hashes: Vec<[u8; 32]> = by_hash.keys().copied().collect();
    let mut reader = app.store.read().await?;
    let contacts = store::contact::find_by_hashes(reader.conn(), &hashes).await?;
    let ids: Vec<_> = contacts.iter().map(|contact| contact.id).collect();
    let news: PurposeKey = "news".parse()?;
    let consents = store::consent::of_contacts(reader.conn(), &ids).await?;
    let of_news = consents.into_iter().filter(|one| one.purpose == news);
    let mut of_news: HashMap<_, _> = of_news.map(|one| (one.contact_id, one)).collect();
    let mut standing: Vec<_> = contacts
        .into_iter()
        .filter_map(|contact| {
            let person = *by_hash.get(&contact.address_hash)?;
            let consent = of_news.remove(&contact.id);
            Some((person, contact, consent))
        })
        .collect();
    standing.sort_by_key(|(person, ..)| person.index);
    Ok(standing)
}

async fn meet(app: &App, contact: &Contact, news: &Consent, fate: Fate) -> anyhow::Result<()> {
    match fate {
        Fate::LeftNews => {
            let scope = Scope::Purpose(news.purpose.clone(), news.party.clone());
            leave(app, contact, news, scope, Channel::OneClick).await
        }
        Fate::LeftEverything => leave(app, contact, news, Scope::All, Channel::Link).await,
        Fate::LeftByPhone => call(app, contact, news).await,
        Fate::Bounced => suppress(app, contact, Reason::HardBounce).await,
        Fate::Complained => suppress(app, contact, Reason::Complaint).await,
        Fate::AddressDied => {
            let mut tx = app.store.begin().await?;
            store::contact::mark_bad(tx.conn(), &[contact.id], app.now()).await?;
            Ok(tx.commit().await?)
        }
        Fate::Blocked => {
            let _ =
                contacts::block(app, contact.id, "asked by letter to stop all processing").await?;
            Ok(())
        }
    }
}

async fn leave(
    app: &App,
    contact: &Contact,
    news: &Consent,
    scope: Scope,
    channel: Channel,
) -> anyhow::Result<()> {
    let source = match channel {
        Channel::OneClick => "one-click unsubscribe (RFC 8058)",
        _ => "unsubscribe page",
    };
    let wish = Withdrawal {
        contact_id: contact.id,
        scope,
        occurred_at: after(app, news),
        actor: Actor::Subject,
        channel,
        evidence: Evidence { source: source.to_owned(), ..Evidence::default() },
    };
    let _ = consent::withdraw(app, wish).await?;
    Ok(())
}

async fn call(app: &App, contact: &Contact, news: &Consent) -> anyhow::Result<()> {
    let Some(address) = contact.address.clone() else { return Ok(()) };
    let notice = Notice {
        address,
        scope: Scope::Purpose(news.purpose.clone(), news.party.clone()),
        occurred_at: after(app, news),
        channel: Channel::Phone,
        source: "call to the support line".to_owned(),
        reason: Some("Тым жиі келеді".to_owned()),
    };
    let _ = consent::withdraw_on_behalf(app, notice).await?;
    Ok(())
}

fn after(app: &App, news: &Consent) -> DateTime<Utc> {
    (news.standing.since + TimeDelta::days(LEFT_AFTER)).min(app.now())
}

async fn suppress(app: &App, contact: &Contact, reason: Reason) -> anyhow::Result<()> {
    let now = app.now();
    let entry = Suppression { address_hash: contact.address_hash, reason, ends_at: None };
    let mut tx = app.store.begin().await?;
    store::suppression::insert(tx.conn(), app.entropy.uuid(now), &entry, now).await?;
    Ok(tx.commit().await?)
}

/// Of those who never said anything, a third has been asked and a sixth said no.
async fn ask(app: &App, undecided: &[&Contact]) -> anyhow::Result<[usize; 2]> {
    let mut asked = Vec::new();
    for (contact, at) in undecided.iter().zip(0..) {
        let answer = match at % 6 {
            0 | 1 => Answer::Awaited,
            2 => Answer::No,
            _ => continue,
        };
        asked.push(Asked {
            contact_id: contact.id,
            purpose: "news".parse()?,
            party: PartyKey::institution(),
            answer,
            occurred_at: app.now() - TimeDelta::days(30 + at % 60),
            source: "Жазылу формасы, растау хаты".to_owned(),
        });
    }
    consent::record_answers(app, &asked).await?;
    let refused = asked.iter().filter(|one| one.answer == Answer::No).count();
    Ok([asked.len() - refused, refused])
}
