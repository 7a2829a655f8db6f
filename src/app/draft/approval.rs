//! Two people see a campaign before it leaves: one asks, another says yes or sends it back.

use crate::{
    app::{App, Error, Result},
    domain::{
        draft::{Act, Refused, Seal, Stage, WorkingCopy},
        id::CampaignId,
    },
    store::{self, Tx, draft::EventWord},
};

use super::{lock, note, seal, unknown};

/// Most characters of a comment.
pub(super) const COMMENT_CHARS_MAX: usize = 2_000;

/// Asks for approval of the draft as its author saw it, at `revision`.
///
/// # Errors
/// [`Error::Conflict`] when it was changed since or its stage does not allow it; [`Error::NotFound`];
/// the database's.
pub async fn submit(
    app: &App,
    id: CampaignId,
    revision: i64,
    said: &str,
    by: &str,
) -> Result<Stage> {
    let said = comment_text(said)?;
    let mut tx = app.store.begin().await?;
    let copy = lock(&mut tx, id).await?;
    if copy.revision != revision {
        return Err(Refused::ChangedSince.into());
    }
    let act = Act::Submit { by, seal: seal(tx.conn(), &copy.draft).await? };
    act_on(app, tx, &copy, &act, EventWord::Submit, said, by).await
}

/// Takes a submitted or approved draft back to write on. An approval is void by it.
///
/// # Errors
/// As [`submit`].
pub async fn reopen(app: &App, id: CampaignId, by: &str) -> Result<Stage> {
    let mut tx = app.store.begin().await?;
    let copy = lock(&mut tx, id).await?;
    act_on(app, tx, &copy, &Act::Reopen, EventWord::Reopen, None, by).await
}

/// Asks the authors for changes, and says which.
///
/// # Errors
/// [`Error::Invalid`] without words; else as [`submit`].
pub async fn send_back(app: &App, id: CampaignId, said: &str, by: &str) -> Result<Stage> {
    let said = comment_text(said)?;
    if said.is_none() {
        return Err(Error::invalid("said", "say what is to be changed"));
    }
    let mut tx = app.store.begin().await?;
    let copy = lock(&mut tx, id).await?;
    act_on(app, tx, &copy, &Act::SendBack { by }, EventWord::SendBack, said, by).await
}

/// Approves what `by` looked at: `seen` is its seal.
///
/// # Errors
/// [`Error::Conflict`] for one who wrote on it, when it was changed since, or when it is not
/// submitted; [`Error::NotFound`]; the database's.
pub async fn approve(app: &App, id: CampaignId, seen: Seal, said: &str, by: &str) -> Result<Stage> {
    let said = comment_text(said)?;
    let mut tx = app.store.begin().await?;
    let copy = lock(&mut tx, id).await?;
    let authors = store::draft::authors(tx.conn(), id).await?;
    let act = Act::Approve { by, seal: seen, authors: &authors };
    act_on(app, tx, &copy, &act, EventWord::Approve, said, by).await
}

/// Says something about a draft. Allowed at every stage, and after the start.
///
/// # Errors
/// [`Error::Invalid`] when it is empty or too long; [`Error::NotFound`]; the database's.
pub async fn comment(app: &App, id: CampaignId, said: &str, by: &str) -> Result<()> {
    let said = comment_text(said)?;
    if said.is_none() {
        return Err(Error::invalid("said", "say something"));
    }
    let mut tx = app.store.begin().await?;
    let copy = store::draft::lock(tx.conn(), id).await?.ok_or_else(unknown)?;
    note(app, &mut tx, &copy, EventWord::Comment, by, said).await?;
    tx.commit().await?;
    Ok(())
}

async fn act_on(
    app: &App,
    mut tx: Tx,
    copy: &WorkingCopy,
    act: &Act<'_>,
    deed: EventWord,
    said: Option<String>,
    by: &str,
) -> Result<Stage> {
    let stage = copy.stage.after(act, app.now())?;
    store::draft::set_stage(tx.conn(), copy.id, &stage).await?;
    note(app, &mut tx, copy, deed, by, said).await?;
    tx.commit().await?;
    tracing::info!(campaign = %copy.id, deed = deed.as_str(), actor = by, "draft moved");
    Ok(stage)
}

fn comment_text(said: &str) -> Result<Option<String>> {
    let said = said.trim();
    if said.chars().count() > COMMENT_CHARS_MAX {
        let message = format!("at most {COMMENT_CHARS_MAX} characters");
        return Err(Error::invalid("said", message));
    }
    Ok((!said.is_empty()).then(|| said.to_owned()))
}
