//! Browsers in which one is signed in.

use axum::{
    extract::{Path, State},
    response::Response,
};
use uuid::Uuid;

use crate::{
    app::staff::sessions,
    domain::id::SessionId,
    web::{
        Problem, WebState,
        staff::{Staff, said},
    },
};

pub(super) async fn end(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    sessions::end(state.app(), staff.user.id, SessionId(id)).await?;
    Ok(said("/account", "said-session-ended"))
}

pub(super) async fn end_others(
    State(state): State<WebState>,
    staff: Staff,
) -> Result<Response, Problem> {
    sessions::end_others(state.app(), staff.user.id, Some(staff.session.id)).await?;
    Ok(said("/account", "said-sessions-ended"))
}
