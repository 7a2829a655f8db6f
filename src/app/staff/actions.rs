//! What staff did, written down for the officer.

use serde_json::Value;

use crate::{
    app::{App, Result},
    domain::{
        id::{ActionId, UserId},
        staff::User,
    },
    store::{self, Conn, staff::action::Action},
};

/// Entries of a page.
pub const PAGE: i64 = 100;

/// Writes down in the deed's own transaction that `user` did `deed` (a stable word such as
/// `contact.erase`) with `subject` (a kind and an id). `detail` holds no personal data.
///
/// # Errors
/// The database's.
pub async fn log(
    app: &App,
    conn: Conn<'_>,
    user: &User,
    deed: &str,
    subject: Option<String>,
    detail: Option<Value>,
) -> Result<()> {
    let action = Action {
        user_id: Some(user.id),
        actor: super::actor(user.id),
        ..by_operator(app, deed, subject, detail)
    };
    Ok(store::staff::action::insert(conn, &action).await?)
}

/// The same for a deed from the command line.
///
/// # Errors
/// The database's.
pub async fn log_operator(
    app: &App,
    conn: Conn<'_>,
    deed: &str,
    subject: Option<String>,
) -> Result<()> {
    let action = by_operator(app, deed, subject, None);
    Ok(store::staff::action::insert(conn, &action).await?)
}

fn by_operator(app: &App, deed: &str, subject: Option<String>, detail: Option<Value>) -> Action {
    let now = app.now();
    Action {
        id: ActionId(app.entropy.uuid(now)),
        happened_at: now,
        user_id: None,
        actor: "cli".to_owned(),
        deed: deed.to_owned(),
        subject,
        detail,
    }
}

/// A page of [`PAGE`] entries before `before`, newest first; of one person if named.
///
/// # Errors
/// The database's.
pub async fn page(
    app: &App,
    user: Option<UserId>,
    before: Option<ActionId>,
) -> Result<Vec<Action>> {
    let mut reader = app.store.read().await?;
    Ok(store::staff::action::page(reader.conn(), user, before, PAGE).await?)
}
