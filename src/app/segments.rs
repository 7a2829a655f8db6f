//! Saved audiences: resolved afresh wherever they are used.

use crate::{
    app::{App, Error, Problem, Result, people},
    domain::{audience::Audience, campaign::Phase, id::SegmentId},
    store::{self, Tx, segment::Segment},
};

/// Segments there can be.
const SEGMENTS_MAX: i64 = 1_000;
/// Characters of a name.
const NAME_CHARS_MAX: usize = 100;
/// Characters of a description.
const DESCRIPTION_CHARS_MAX: usize = 500;

/// A segment as somebody filled it in.
#[derive(Debug, Clone, Default)]
pub struct SegmentForm {
    /// What staff call it.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Whom it means.
    pub audience: Audience,
}

/// All segments, by name.
///
/// # Errors
/// The database's.
pub async fn all(app: &App) -> Result<Vec<Segment>> {
    Ok(store::segment::all(app.store.read().await?.conn(), SEGMENTS_MAX).await?)
}

/// The segment with this id.
///
/// # Errors
/// [`Error::NotFound`]; the database's.
pub async fn find(app: &App, id: SegmentId) -> Result<Segment> {
    let found = store::segment::find(app.store.read().await?.conn(), id).await?;
    found.ok_or(Error::NotFound("such segment"))
}

/// Saves a new segment.
///
/// # Errors
/// [`Error::Invalid`] for a name that is empty, too long or taken, and for an audience that is too
/// large or names a segment that cannot be used; the database's.
pub async fn create(app: &App, form: &SegmentForm, actor: &str) -> Result<Segment> {
    let now = app.now();
    let segment = Segment {
        id: SegmentId(app.entropy.uuid(now)),
        name: form.name.trim().to_owned(),
        description: form.description.trim().to_owned(),
        audience: form.audience.clone(),
        revision: 1,
        created_by: actor.to_owned(),
        created_at: now,
        updated_at: now,
    };
    check(&segment)?;
    let mut tx = app.store.begin().await?;
    let there = store::segment::all(tx.conn(), SEGMENTS_MAX).await?;
    if i64::try_from(there.len()).is_ok_and(|n| n >= SEGMENTS_MAX) {
        return Err(Error::Conflict(format!("there are {SEGMENTS_MAX} segments: delete some")));
    }
    named(store::segment::insert(tx.conn(), &segment).await)?;
    usable(&mut tx, &segment).await?;
    tx.commit().await?;
    Ok(segment)
}

/// Saves a segment that was read at `revision`.
///
/// # Errors
/// As [`create`]; [`Error::Conflict`] when somebody else has saved it meanwhile.
pub async fn update(
    app: &App,
    id: SegmentId,
    revision: i64,
    form: &SegmentForm,
) -> Result<Segment> {
    let mut tx = app.store.begin().await?;
    let stored = store::segment::find(tx.conn(), id).await?;
    let stored = stored.ok_or(Error::NotFound("such segment"))?;
    let segment = Segment {
        name: form.name.trim().to_owned(),
        description: form.description.trim().to_owned(),
        audience: form.audience.clone(),
        revision: revision + 1,
        updated_at: app.now(),
        ..stored
    };
    check(&segment)?;
    if !named(store::segment::update(tx.conn(), &segment).await)? {
        let message = "somebody else has saved this segment meanwhile: load it again";
        return Err(Error::Conflict(message.to_owned()));
    }
    usable(&mut tx, &segment).await?;
    tx.commit().await?;
    Ok(segment)
}

/// Removes a segment that nothing relies on.
///
/// # Errors
/// [`Error::Conflict`] when another segment or a campaign that is not over names it;
/// [`Error::NotFound`]; the database's.
pub async fn delete(app: &App, id: SegmentId) -> Result<()> {
    let mut tx = app.store.begin().await?;
    store::segment::find(tx.conn(), id).await?.ok_or(Error::NotFound("such segment"))?;
    let uses = |audience: &Audience| audience.segments().any(|one| one == id);
    let others = store::segment::all(tx.conn(), SEGMENTS_MAX).await?;
    if let Some(other) = others.iter().find(|other| uses(&other.audience)) {
        return Err(Error::Conflict(format!("the segment \"{}\" uses it", other.name)));
    }
    for phase in [Phase::Draft, Phase::Scheduled, Phase::Running, Phase::Paused] {
        let campaigns = store::campaign::in_phase(tx.conn(), phase).await?;
        if let Some(campaign) = campaigns.iter().find(|one| uses(&one.audience)) {
            return Err(Error::Conflict(format!("the campaign \"{}\" uses it", campaign.name)));
        }
    }
    store::segment::delete(tx.conn(), id).await?;
    tx.commit().await?;
    Ok(())
}

fn check(segment: &Segment) -> Result<()> {
    let mut problems = Vec::new();
    let chars = segment.name.chars().count();
    if chars == 0 || chars > NAME_CHARS_MAX || segment.name.contains(char::is_control) {
        let message = format!("must be 1 to {NAME_CHARS_MAX} characters on one line");
        problems.push(Problem::at("name", message));
    }
    if segment.description.chars().count() > DESCRIPTION_CHARS_MAX {
        let message = format!("is longer than {DESCRIPTION_CHARS_MAX} characters");
        problems.push(Problem::at("description", message));
    }
    if let Err(error) = segment.audience.check_size() {
        problems.push(Problem::at("audience", error.to_string()));
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

fn named<T>(stored: store::Result<T>) -> Result<T> {
    match stored {
        Err(error) if error.is_unique_violation() => {
            Err(Error::invalid("name", "another segment has this name"))
        }
        other => Ok(other?),
    }
}

/// Whether it, stored now, leads to segments that are there and not back to itself.
async fn usable(tx: &mut Tx, segment: &Segment) -> Result<()> {
    let whole = Audience {
        include: vec![crate::domain::audience::Clause::Segment(segment.id)],
        exclude: vec![],
    };
    store::audience::resolve(tx.conn(), &whole).await.map(drop).map_err(people::unusable)
}
