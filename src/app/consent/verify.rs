//! Checks the ledger: every link of the chain, its signed end, and the projection made from it.

use std::collections::BTreeMap;

use crate::{
    app::{App, Result},
    domain::{
        consent,
        id::{ConsentId, ContactId},
        ledger::{GENESIS, Head, HeadSigner, detail_hash, event_hash},
    },
    store::{self, Conn, consent::Consent, ledger::ConsentAct, ledger::Entry},
};

/// Entries or contacts that are looked at together: what bounds the memory.
pub(super) const PAGE: i64 = 2_000;

/// What was checked, when all was well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checked {
    /// Links of the chain.
    pub events: i64,
    /// Consents whose standing was derived again.
    pub consents: i64,
}

/// The first thing that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// A number is missing.
    #[error("event {0} is missing from the ledger")]
    Missing(i64),
    /// The event is not what its hash says.
    #[error("event {0} was changed after it was recorded")]
    Changed(i64),
    /// The evidence is not what its hash says.
    #[error("the evidence of event {0} was changed after it was recorded")]
    Evidence(i64),
    /// An entry cannot be read.
    #[error("event {0} cannot be read: it was changed after it was recorded")]
    Unreadable(i64),
    /// What people read or were told is not what its hash says.
    #[error("a text in the table {0} was changed after it was stored")]
    Text(&'static str),
    /// What people read or were told is gone.
    #[error("the policy, wording or terms that event {0} points to are gone")]
    NoText(i64),
    /// Events before the signed end are gone, or some were added after it.
    #[error(
        "the ledger ends with event {found}, its signed head says {signed}: its end was cut or added to"
    )]
    End {
        /// The last number found.
        found: i64,
        /// The number that was signed.
        signed: i64,
    },
    /// The head is not signed by our key.
    #[error("the signature of the ledger's head (event {0}) is not valid")]
    Signature(i64),
    /// The head that was kept elsewhere is not signed by our key.
    #[error(
        "the signature of the head that was kept (event {0}) is not valid for this ledger's key"
    )]
    KeptSignature(i64),
    /// The history is another than the one whose head was kept elsewhere.
    #[error(
        "event {0} is not the one that the head kept elsewhere covers: the history was rewritten"
    )]
    Kept(i64),
    /// There is no head.
    #[error("the ledger has no signed head")]
    NoHead,
    /// Consents that no event made.
    #[error("{0} consents stand without any event; `kelisim consent rebuild` removes them")]
    Invented(i64),
    /// The projection differs from what the events say.
    #[error(
        "consent {0} does not stand where its events put it; `kelisim consent rebuild` derives it again"
    )]
    Projection(ConsentId),
}

/// Walks the chain, checks the signed head, derives every consent again and compares. With a head
/// that was `kept` elsewhere, the ledger must still hold all that it covers: who has the keys can
/// sign a shorter history anew, and only that shows it.
///
/// # Errors
/// The database's. What is wrong with the ledger is not an error of the check: it is the inner
/// result.
pub async fn verify(app: &App, kept: Option<&Head>) -> Result<Result<Checked, Broken>> {
    let trusted = trusted(app);
    if let Some(kept) = kept.filter(|kept| !kept.is_signed_by(&trusted)) {
        return Ok(Err(Broken::KeptSignature(kept.seq)));
    }
    let mut snapshot = app.store.snapshot().await?;
    let events = match walk(&trusted, kept, snapshot.conn()).await? {
        Ok(events) => events,
        Err(broken) => return Ok(Err(broken)),
    };
    if let Some(table) = store::pinned_text::changed(snapshot.conn()).await? {
        return Ok(Err(Broken::Text(table)));
    }
    if let Some(seq) = store::pinned_text::missing_for(snapshot.conn()).await? {
        return Ok(Err(Broken::NoText(seq)));
    }
    let consents = compare(snapshot.conn()).await?;
    Ok(consents.map(|consents| Checked { events, consents }))
}

async fn walk(
    trusted: &[Vec<u8>],
    kept: Option<&Head>,
    mut conn: Conn<'_>,
) -> Result<Result<i64, Broken>> {
    let Some(head) = store::ledger::head(conn.again()).await? else {
        return Ok(Err(Broken::NoHead));
    };
    let (mut seq, mut last, mut limit) = (0, GENESIS, PAGE);
    loop {
        let page = match store::ledger::entries_after(conn.again(), seq, limit).await {
            Ok(page) => page,
            // Something in the page cannot be read: one by one, to name it and what is before it.
            Err(error) if error.is_unreadable() && limit > 1 => {
                limit = 1;
                continue;
            }
            Err(error) if error.is_unreadable() => return Ok(Err(Broken::Unreadable(seq + 1))),
            Err(error) => return Err(error.into()),
        };
        if page.is_empty() {
            return Ok(check_end(trusted, kept, &head, seq, &last));
        }
        for entry in &page {
            if let Err(broken) = check_link(entry, seq, &last) {
                return Ok(Err(broken));
            }
            (seq, last) = (entry.seq, entry.hash);
            if kept.is_some_and(|kept| kept.seq == seq && kept.hash != last) {
                return Ok(Err(Broken::Kept(seq)));
            }
        }
    }
}

/// Whether an entry is what its hashes say and follows the one numbered `before`, whose hash is `last`.
pub(in crate::app) fn check_link(
    entry: &Entry,
    before: i64,
    last: &[u8; 32],
) -> Result<(), Broken> {
    let seq = entry.seq;
    if seq != before + 1 {
        return Err(Broken::Missing(before + 1));
    }
    if entry.prev_hash != *last || event_hash(last, seq, &entry.event) != entry.hash {
        return Err(Broken::Changed(seq));
    }
    match &entry.detail {
        Some((salt, detail)) if detail_hash(salt, detail) != entry.event.detail_hash => {
            Err(Broken::Evidence(seq))
        }
        _ => Ok(()),
    }
}

fn check_end(
    trusted: &[Vec<u8>],
    kept: Option<&Head>,
    head: &Head,
    seq: i64,
    last: &[u8; 32],
) -> Result<i64, Broken> {
    if seq != head.seq || *last != head.hash {
        return Err(Broken::End { found: seq, signed: head.seq });
    }
    if !head.is_signed_by(trusted) {
        return Err(Broken::Signature(head.seq));
    }
    match kept {
        Some(kept) if kept.seq > seq => Err(Broken::End { found: seq, signed: kept.seq }),
        _ => Ok(seq),
    }
}

fn trusted(app: &App) -> Vec<Vec<u8>> {
    let seeds = app.keys.ledger_keys();
    let signers = seeds.iter().filter_map(|seed| HeadSigner::from_seed(seed));
    signers.map(|signer| signer.public_key().to_vec()).collect()
}

async fn compare(mut conn: Conn<'_>) -> Result<Result<i64, Broken>> {
    let (mut after, mut n) = (None, 0);
    loop {
        let contacts = store::ledger::contacts_after(conn.again(), after, PAGE).await?;
        let Some(last) = contacts.last() else { break };
        after = Some(*last);
        let derived = derive(conn.again(), &contacts).await?;
        let stored = store::consent::of_contacts(conn.again(), &contacts).await?;
        let stored: BTreeMap<ConsentId, Consent> =
            stored.into_iter().map(|one| (one.id, one)).collect();
        for (id, consent) in &derived {
            if stored.get(id) != Some(consent) {
                return Ok(Err(Broken::Projection(*id)));
            }
        }
        if let Some(extra) = stored.keys().find(|id| !derived.contains_key(id)) {
            return Ok(Err(Broken::Projection(*extra)));
        }
        n += i64::try_from(derived.len()).unwrap_or_default();
    }
    let stored = store::consent::count(conn).await?;
    Ok(if stored == n { Ok(n) } else { Err(Broken::Invented(stored - n)) })
}

pub(super) async fn derive(
    conn: Conn<'_>,
    contacts: &[ContactId],
) -> Result<BTreeMap<ConsentId, Consent>> {
    let mut histories: BTreeMap<ConsentId, Vec<ConsentAct>> = BTreeMap::new();
    for one in store::ledger::acts(conn, contacts).await? {
        histories.entry(one.consent_id).or_default().push(one);
    }
    let derived = histories.into_iter().filter_map(|(id, history)| {
        let first = history.first()?.clone();
        let standing = consent::fold(history.into_iter().map(|one| one.act).collect())?;
        let consent = Consent {
            id,
            contact_id: first.contact_id,
            purpose: first.purpose,
            party: first.party,
            standing,
        };
        Some((id, consent))
    });
    Ok(derived.collect())
}
