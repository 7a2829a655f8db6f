//! A file arrives.

use std::time::Duration;

use axum::{
    extract::{Multipart, State, multipart::Field, multipart::MultipartRejection},
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Serialize;
use tokio::{io::AsyncWriteExt as _, time::timeout};

use crate::{
    app::{
        Error,
        import_jobs::{self, Upload},
    },
    web::{
        Problem, WebState,
        staff::{Staff, page::to_be_mended, render, telling::Teller},
    },
};

/// Longest silence of the browser while it sends.
const SILENCE_S_MAX: u64 = 20;
/// Octets of a megabyte, as staff read them.
const MEGABYTE: u64 = 1 << 20;

#[derive(Serialize)]
struct Ask {
    megabytes_max: u64,
    problem: Option<String>,
    attributes: Vec<String>,
}

pub(super) async fn ask(State(state): State<WebState>, staff: Staff) -> Result<Response, Problem> {
    page(&state, &staff, None)
}

fn page(state: &WebState, staff: &Staff, problem: Option<String>) -> Result<Response, Problem> {
    let rules = &state.app().rules;
    let ask = Ask {
        megabytes_max: rules.import_octets_max / MEGABYTE,
        problem,
        attributes: rules.attributes.iter().cloned().collect(),
    };
    render(state, staff, "staff/imports/new", "imports-new-title", &ask)
}

/// Why a file did not arrive.
enum Lost {
    /// There was none.
    Nothing,
    /// It is larger than may be.
    TooLarge,
    /// The browser fell silent or sent nonsense.
    BrokenOff,
    /// Our own disk.
    Disk(std::io::Error),
}

pub(super) async fn take(
    State(state): State<WebState>,
    staff: Staff,
    body: Result<Multipart, MultipartRejection>,
) -> Result<Response, Problem> {
    let teller = Teller::to(&staff, &state);
    let mend = |key: &str| page(&state, &staff, Some(teller.sentence(key))).map(to_be_mended);
    let Ok(body) = body else { return mend("imports-lost-nothing") };
    let (file, name) = match store(body, state.app().rules.import_octets_max).await {
        Ok(stored) => stored,
        Err(Lost::Nothing) => return mend("imports-lost-nothing"),
        Err(Lost::TooLarge) => return mend("imports-lost-too-large"),
        Err(Lost::BrokenOff) => return mend("imports-lost-broken-off"),
        Err(Lost::Disk(error)) => return Err(Problem::broken(&error)),
    };
    let upload = Upload { file, name, actor: staff.actor() };
    match import_jobs::take_in(state.app_arc(), upload).await {
        Ok(id) => Ok(Redirect::to(&format!("/imports/{id}")).into_response()),
        Err(Error::Invalid(_)) => mend("imports-failure-workbook"),
        Err(error) => Err(error.into()),
    }
}

/// Puts the file into one without a name, so that it is gone when it is needed no more, however
/// that comes.
async fn store(mut body: Multipart, octets_max: u64) -> Result<(std::fs::File, String), Lost> {
    let silence = Duration::from_secs(SILENCE_S_MAX);
    loop {
        let field = timeout(silence, body.next_field()).await.map_err(|_| Lost::BrokenOff)?;
        let field = field.map_err(|_| Lost::BrokenOff)?.ok_or(Lost::Nothing)?;
        if field.name() != Some("file") {
            continue;
        }
        let name = field.file_name().unwrap_or_default().to_owned();
        let (file, octets) = write(field, octets_max).await?;
        return if octets == 0 { Err(Lost::Nothing) } else { Ok((file, name)) };
    }
}

async fn write(mut field: Field<'_>, octets_max: u64) -> Result<(std::fs::File, u64), Lost> {
    let silence = Duration::from_secs(SILENCE_S_MAX);
    let file = tempfile::tempfile().map_err(Lost::Disk)?;
    let mut file = tokio::fs::File::from_std(file);
    let mut octets = 0;
    while let Some(chunk) = timeout(silence, field.chunk())
        .await
        .map_err(|_| Lost::BrokenOff)?
        .map_err(|_| Lost::BrokenOff)?
    {
        octets += chunk.len() as u64;
        if octets > octets_max {
            return Err(Lost::TooLarge);
        }
        file.write_all(&chunk).await.map_err(Lost::Disk)?;
    }
    file.flush().await.map_err(Lost::Disk)?;
    Ok((file.into_std().await, octets))
}
