//! A new edition of the policy.
//!
//! Consents that a material change makes wait are marked first and the edition is stored last: if
//! the program dies in between, too few people get mail, not too many, and publishing again goes on
//! where it stopped.

use crate::{
    app::{
        App, Error, Result,
        consent::{NewEvent, append},
    },
    domain::{
        consent::{Actor, Channel, Evidence, State},
        id::{ConsentId, ContactId, PolicyVersionId},
        language::Language,
        ledger::sha256,
        policy::{ChangeKind, PolicyText, PolicyVersion},
    },
    store::{self, Conn, Tx, consent::Consent},
};

/// Octets of one text.
pub const POLICY_BYTES_MAX: usize = 1024 * 1024;

/// Consents marked in one transaction.
const PAGE: i64 = 500;

/// Publishes an edition: `texts` verbatim, by language, in force from now on. A material one makes
/// every consent given under an earlier edition wait for reconfirmation (R27); an editorial one
/// changes no consent. The first edition has none before it.
///
/// # Errors
/// [`Error::Invalid`] for a missing, empty, repeated or too long text; [`Error::Conflict`] when
/// these texts are the newest edition already; the database's.
pub async fn publish(
    app: &App,
    texts: Vec<(Language, String)>,
    kind: ChangeKind,
) -> Result<PolicyVersion> {
    let texts = checked(app, texts)?;
    refuse_same(app.store.read().await?.conn(), &texts).await?;
    let marked_to = match kind {
        ChangeKind::Material => mark_all(app).await?,
        ChangeKind::Editorial => 0,
    };
    let mut tx = app.store.begin().await?;
    store::ledger::lock_head(tx.conn()).await?;
    refuse_same(tx.conn(), &texts).await?;
    let number = store::policy::newest(tx.conn()).await?.unwrap_or(0) + 1;
    let published_at = app.now();
    let id = PolicyVersionId(app.entropy.uuid(published_at));
    let version = PolicyVersion { id, number, kind, published_at };
    let mut marked = Vec::new();
    if kind == ChangeKind::Material && number > 1 {
        // Under the lock of the head nobody adds a consent: these are the last.
        let mut after = None;
        while let Some((last, page)) = mark_page(app, &mut tx, after, marked_to).await? {
            after = Some(last);
            marked.extend(page);
        }
    }
    store::policy::insert(tx.conn(), &version, &texts).await?;
    tx.commit().await?;
    app.permits.revoke(&marked).await;
    Ok(version)
}

fn checked(app: &App, texts: Vec<(Language, String)>) -> Result<Vec<PolicyText>> {
    let required = app.institution.default_language();
    if !texts.iter().any(|(language, _)| *language == required) {
        let message = format!("must have a text in {required}, the institution's first language");
        return Err(Error::invalid("language", message));
    }
    let mut checked: Vec<PolicyText> = Vec::new();
    for (language, body) in texts {
        if body.trim().is_empty() || body.len() > POLICY_BYTES_MAX {
            let message = format!("the {language} text must have 1 to {POLICY_BYTES_MAX} bytes");
            return Err(Error::invalid("text", message));
        }
        if checked.iter().any(|text| text.language == language) {
            return Err(Error::invalid("language", format!("there are two texts in {language}")));
        }
        checked.push(PolicyText { language, sha256: sha256(body.as_bytes()), body });
    }
    checked.sort_by_key(|text| text.language);
    Ok(checked)
}

async fn refuse_same(mut conn: Conn<'_>, texts: &[PolicyText]) -> Result<()> {
    let Some(newest) = store::policy::versions(conn.again()).await?.pop() else { return Ok(()) };
    if store::policy::texts(conn, newest.id).await? == texts {
        let message = format!("these texts are published already, as version {}", newest.number);
        return Err(Error::Conflict(message));
    }
    Ok(())
}

/// Marks the consents that stand now, in bounded transactions. Gives back up to which event it
/// looked: what changes later is for [`publish`] to find.
async fn mark_all(app: &App) -> Result<i64> {
    let mut reader = app.store.read().await?;
    if store::policy::newest(reader.conn()).await?.is_none() {
        return Ok(0);
    }
    let seen_to = store::ledger::head(reader.conn()).await?.map_or(0, |head| head.seq);
    drop(reader);
    let mut after = None;
    loop {
        let mut tx = app.store.begin().await?;
        store::ledger::lock_head(tx.conn()).await?;
        let Some((last, marked)) = mark_page(app, &mut tx, after, 0).await? else {
            return Ok(seen_to);
        };
        after = Some(last);
        tx.commit().await?;
        app.permits.revoke(&marked).await;
    }
}

/// Marks the next consents after `after` that an event later than `event_seq` put where they stand.
async fn mark_page(
    app: &App,
    tx: &mut Tx,
    after: Option<ConsentId>,
    event_seq: i64,
) -> Result<Option<(ConsentId, Vec<ContactId>)>> {
    let page = store::consent::permitting_after(tx.conn(), after, event_seq, PAGE).await?;
    let Some(last) = page.last().map(|consent| consent.id) else { return Ok(None) };
    let mut contacts: Vec<ContactId> = page.iter().map(|consent| consent.contact_id).collect();
    contacts.sort_unstable();
    contacts.dedup();
    let mut events = Vec::with_capacity(page.len());
    let hashes = store::contact::hashes_of(tx.conn(), &contacts).await?;
    for consent in &page {
        let address_hash =
            hashes.get(&consent.contact_id).ok_or(Error::NotFound("contact of a consent"))?;
        events.push(event(app, consent, *address_hash));
    }
    append(app, tx.conn(), &page, events).await?;
    let now = app.now();
    let notices: Vec<_> = contacts.iter().map(|id| (app.entropy.uuid(now), *id)).collect();
    store::suppression::note_change(tx.conn(), &notices, now).await?;
    Ok(Some((last, contacts)))
}

fn event(app: &App, consent: &Consent, address_hash: [u8; 32]) -> NewEvent {
    NewEvent {
        contact_id: consent.contact_id,
        address_hash,
        purpose: consent.purpose.clone(),
        party: consent.party.clone(),
        state: State::NeedsReconfirmation,
        // Not before the act that it answers, should that have come with a clock ahead of ours.
        occurred_at: app.now().max(consent.standing.since),
        actor: Actor::System,
        channel: Channel::Staff,
        policy: None,
        wording: None,
        language: None,
        valid_until: None,
        evidence: Evidence {
            source: "material change of the privacy policy".to_owned(),
            ..Evidence::default()
        },
    }
}
