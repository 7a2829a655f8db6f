//! Test mails: a campaign as it would arrive, to colleagues. They are no deliveries: nobody's consent
//! allows them, so they go only to addresses of staff or of the configuration, and say what they are.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use uuid::Uuid;

use crate::{
    domain::{
        address::Address,
        id::{CampaignId, TestMailId, TestSendId},
        language::Language,
        token::TokenKind,
    },
    store::{
        self,
        draft::{DraftEvent, EventWord},
        test_mail::{TestMail, TestSend, TestState},
    },
};

use super::{
    App, Error, Result,
    campaign::{Made, Source, StoredSource, inspect},
    draft,
};

/// Most addresses of one wish.
pub const ADDRESSES_MAX: usize = 10;
/// Most test mails that one person may ask for in an hour.
const MAILS_PER_HOUR_MAX: i64 = 60;
/// Most test mails that a page shows.
const SHOWN_MAX: i64 = 40;
/// A test mail that has not left after this is given up: nobody waits for it any more.
const PATIENCE: TimeDelta = TimeDelta::minutes(10);
/// Why a mail was given up.
const GIVEN_UP: &str = "no engine has sent it within ten minutes";

/// Asks for test mails of a draft as it stands, to `to`, in these of its languages. `allowed` are the
/// addresses of staff.
///
/// # Errors
/// [`Error::Invalid`] for no or too many addresses, one that is neither of staff nor configured, a
/// language that the letter lacks, or content that cannot be sent; [`Error::Conflict`] after too many
/// in an hour; [`Error::NotFound`]; the database's.
pub async fn request(
    app: &App,
    id: CampaignId,
    to: &[Address],
    languages: &[Language],
    staff: &[Address],
    by: &str,
) -> Result<usize> {
    let to = judged(app, to, staff)?;
    let dossier = draft::find(app, id).await?;
    let (source, known) = draft::test_source(app, &dossier.copy, by).await?;
    let lacking = languages.iter().find(|language| !known.contains(language));
    if languages.is_empty() || lacking.is_some() {
        return Err(Error::invalid("language", "choose languages that are written"));
    }
    let now = app.now();
    let send = TestSend {
        id: TestSendId(app.entropy.uuid(now)),
        campaign_id: id,
        source,
        requested_at: now,
        requested_by: by.to_owned(),
    };
    let pairs = to.iter().flat_map(|address| languages.iter().map(move |one| (address, *one)));
    let mails: Vec<TestMail> = pairs
        .map(|(address, language)| TestMail {
            id: TestMailId(app.entropy.uuid(now)),
            send_id: send.id,
            address: address.clone(),
            language,
            state: TestState::Queued,
            state_since: now,
            reason: None,
        })
        .collect();
    let mut tx = app.store.begin().await?;
    let lately = store::test_mail::count_since(tx.conn(), by, now - TimeDelta::hours(1)).await?;
    if lately + i64::try_from(mails.len()).unwrap_or(i64::MAX) > MAILS_PER_HOUR_MAX {
        let message = format!("at most {MAILS_PER_HOUR_MAX} test mails an hour: try again later");
        return Err(Error::Conflict(message));
    }
    store::test_mail::insert(tx.conn(), &send, &mails).await?;
    let event = DraftEvent {
        happened_at: now,
        deed: EventWord::Test,
        actor: by.to_owned(),
        revision: dossier.copy.revision,
        said: None,
    };
    store::draft::insert_event(tx.conn(), app.entropy.uuid(now), id, &event).await?;
    tx.commit().await?;
    tracing::info!(campaign = %id, actor = by, mails = mails.len(), "test mails asked for");
    app.tests.notify_one();
    Ok(mails.len())
}

fn judged(app: &App, to: &[Address], staff: &[Address]) -> Result<Vec<Address>> {
    let known: BTreeSet<_> =
        staff.iter().chain(&app.rules.test_addresses).map(Address::key).collect();
    let mut seen = BTreeSet::new();
    let to: Vec<Address> = to.iter().filter(|one| seen.insert(one.key())).cloned().collect();
    if to.is_empty() || to.len() > ADDRESSES_MAX {
        return Err(Error::invalid("to", format!("name 1 to {ADDRESSES_MAX} addresses")));
    }
    if to.iter().any(|one| !known.contains(&one.key())) {
        let message = "test mails go only to colleagues and to campaigns.test_addresses";
        return Err(Error::invalid("to", message));
    }
    Ok(to)
}

/// The last test mails of a campaign, newest first.
///
/// # Errors
/// The database's.
pub async fn latest(app: &App, id: CampaignId) -> Result<Vec<TestMail>> {
    let mut reader = app.store.read().await?;
    Ok(store::test_mail::latest(reader.conn(), id, SHOWN_MAX).await?)
}

/// One test mail to be sent, with what it says.
#[derive(Debug)]
pub struct Claimed {
    /// The mail.
    pub mail: TestMail,
    /// The campaign that it is a test of, as it was when it was asked for.
    pub made: Made,
}

/// Takes the next test mail. What has waited too long, or was lost with an engine, is given up; what
/// cannot be read any more fails.
///
/// # Errors
/// The database's.
pub async fn claim(app: &App) -> Result<Option<Claimed>> {
    let now = app.now();
    let mut tx = app.store.begin().await?;
    store::test_mail::give_up(tx.conn(), now - PATIENCE, GIVEN_UP, now).await?;
    let claimed = store::test_mail::claim(tx.conn(), now).await?;
    tx.commit().await?;
    let Some((send, mail)) = claimed else { return Ok(None) };
    match made(app, &send).await {
        Ok(made) => Ok(Some(Claimed { mail, made })),
        Err(error) => {
            settle(app, mail.id, Some(&error.to_string())).await?;
            Ok(None)
        }
    }
}

async fn made(app: &App, send: &TestSend) -> Result<Made> {
    let stored: StoredSource = serde_json::from_str(&send.source)
        .map_err(|error| Error::invalid("source", error.to_string()))?;
    let source = Source::try_from(stored)?;
    inspect(app, &source).await?.campaign(&source, send.campaign_id, send.requested_at)
}

/// Notes what became of a test mail.
///
/// # Errors
/// The database's.
pub async fn settle(app: &App, id: TestMailId, failure: Option<&str>) -> Result<()> {
    let mut tx = app.store.begin().await?;
    store::test_mail::settle(tx.conn(), id, failure, app.now()).await?;
    tx.commit().await?;
    Ok(())
}

/// The token in the link of a test mail.
#[must_use]
pub fn token(app: &App, id: Uuid) -> String {
    app.keys.link_token(TokenKind::Test, id)
}

/// Whether a link is that of a test mail: then it changes nothing, whatever is done with it.
#[must_use]
pub fn is_test_link(app: &App, token: &str) -> bool {
    app.keys.read_link_token(TokenKind::Test, token).is_ok()
}
