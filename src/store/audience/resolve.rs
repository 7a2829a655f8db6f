//! Puts saved segments into an audience, as they stand now.

use std::collections::HashMap;

use crate::{
    domain::{
        audience::{Audience, Clause, SEGMENTS_DEPTH_MAX},
        id::SegmentId,
    },
    store::{Conn, Error, Result, segment},
};

/// Segments that one audience may lead to, one through another.
const SEGMENTS_MAX: usize = 50;
/// Conditions that one audience may come to. SQLite bears a thousand levels and more values.
const CONDITIONS_MAX: usize = 2_000;

/// The audience without segments: what each means stands in its place.
///
/// # Errors
/// [`Error::Unreadable`] for a segment that is gone, one that leads back to itself, and more than
/// can be asked: then nobody can say who is meant, and nobody is. The database's.
pub async fn resolve(mut conn: Conn<'_>, audience: &Audience) -> Result<Audience> {
    let wanted: Vec<SegmentId> = audience.segments().collect();
    if wanted.is_empty() {
        return Ok(audience.clone());
    }
    let loaded = load(conn.again(), wanted).await?;
    let mut known = HashMap::new();
    for id in loaded.keys() {
        settle(*id, &loaded, &mut known, 1)?;
    }
    let put = |clauses: &[Clause]| -> Vec<Clause> {
        clauses.iter().map(|clause| clause.clone().with_segments(&known)).collect()
    };
    let resolved = Audience { include: put(&audience.include), exclude: put(&audience.exclude) };
    if resolved.conditions() > CONDITIONS_MAX {
        return Err(unusable("come to more conditions together than can be asked"));
    }
    Ok(resolved)
}

/// All segments that these lead to.
async fn load(
    mut conn: Conn<'_>,
    mut wanted: Vec<SegmentId>,
) -> Result<HashMap<SegmentId, Audience>> {
    let mut loaded = HashMap::new();
    while let Some(id) = wanted.pop() {
        if loaded.contains_key(&id) {
            continue;
        }
        if loaded.len() >= SEGMENTS_MAX {
            return Err(unusable("lead to too many others"));
        }
        let segment = segment::find(conn.again(), id).await?;
        let audience = segment.ok_or_else(|| unusable("name one that is gone"))?.audience;
        wanted.extend(audience.segments());
        loaded.insert(id, audience);
    }
    Ok(loaded)
}

fn settle(
    id: SegmentId,
    loaded: &HashMap<SegmentId, Audience>,
    known: &mut HashMap<SegmentId, Clause>,
    depth: usize,
) -> Result<()> {
    if depth > SEGMENTS_DEPTH_MAX {
        return Err(unusable("lead back to themselves, or nest too deep"));
    }
    if known.contains_key(&id) {
        return Ok(());
    }
    let Some(audience) = loaded.get(&id) else { return Ok(()) };
    for inner in audience.segments() {
        settle(inner, loaded, known, depth + 1)?;
    }
    let clause = audience.clone().into_clause().with_segments(known);
    known.insert(id, clause);
    Ok(())
}

fn unusable(why: &str) -> Error {
    Error::unreadable("segment", format!("the segments of an audience {why}"))
}
