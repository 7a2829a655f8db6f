//! People as a file: asked for with a fresh proof, written down, streamed.

use axum::{
    body::{Body, Bytes},
    extract::{Query, State},
    http::header,
    response::{IntoResponse as _, Response},
};
use futures_util::stream::{self, Stream, StreamExt as _};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    app::{
        self, Error,
        people::{self, Columns, Pages, Sheet, Wanted, XLSX_ROWS_MAX},
    },
    web::{
        Problem, WebState,
        staff::{Form, Staff, render, telling::Teller},
    },
};

use super::filter::Filter;

/// Octets that are read of a written workbook at a time.
const PIECE_OCTETS: usize = 64 * 1024;

#[derive(Serialize)]
struct Ask {
    fields: Vec<(String, String)>,
    /// None: a text narrows it, and nobody counts before.
    n: Option<i64>,
    counted: bool,
    fits_excel: bool,
}

pub(super) async fn ask(
    State(state): State<WebState>,
    staff: Staff,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let filter = Filter { after: String::new(), ..filter };
    let n = if filter.q.is_empty() {
        Some(people::count(state.app(), &filter.audience()?).await?)
    } else {
        None
    };
    let fits_excel = n.is_none_or(|n| n <= XLSX_ROWS_MAX);
    let ask = Ask { fields: filter.fields(), n, counted: n.is_some(), fits_excel };
    render(&state, &staff, "staff/people/export", "people-export-title", &ask)
}

/// The filter and the kind of file.
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    format: String,
    #[serde(flatten)]
    filter: Filter,
}

pub(super) async fn give(
    State(state): State<WebState>,
    staff: Staff,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    let app = state.app();
    let wanted = asked.filter.wanted()?;
    let is_xlsx = asked.format == "xlsx";
    let mut tx = app.store.begin().await.map_err(Error::from)?;
    // What was typed may be an address: that there was a text is enough.
    let detail = json!({
        "format": if is_xlsx { "xlsx" } else { "csv" },
        "audience": wanted.audience,
        "by_text": !wanted.text.is_empty(),
    });
    let log = app::staff::actions::log;
    log(app, tx.conn(), &staff.user, "contacts.export", None, Some(detail)).await?;
    tx.commit().await.map_err(Error::from)?;
    let teller = Teller::to(&staff, &state);
    let columns = Columns::titled(app, |key| teller.word("people-field", key));
    let (body, kind, name) = if is_xlsx {
        let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        (Body::from_stream(xlsx(state, columns, wanted)), kind, "contacts.xlsx")
    } else {
        (Body::from_stream(csv(state, columns, wanted)), "text/csv; charset=utf-8", "contacts.csv")
    };
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers =
        [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    Ok((headers, body).into_response())
}

type Piece = Result<Bytes, Error>;

/// Page by page, as fast as the reader takes it.
fn csv(
    state: WebState,
    columns: Columns,
    wanted: Wanted,
) -> impl Stream<Item = Piece> + Send + 'static {
    let head = stream::once(std::future::ready(Ok(Bytes::from(columns.csv_head()))));
    let pages = Pages::of(wanted);
    head.chain(stream::try_unfold((state, columns, pages), async |(state, columns, mut pages)| {
        let rows = pages.next(state.app()).await?;
        Ok(rows.map(|rows| {
            let lines = Bytes::from(columns.csv(state.app(), &rows));
            (lines, (state, columns, pages))
        }))
    }))
}

/// Written to a nameless file first: a workbook's beginning is known at its end.
fn xlsx(
    state: WebState,
    columns: Columns,
    wanted: Wanted,
) -> impl Stream<Item = Piece> + Send + 'static {
    let written = async move {
        let mut pages = Pages::of(wanted);
        let mut sheet = Sheet::begin(&columns)?;
        while let Some(rows) = pages.next(state.app()).await? {
            sheet.add(state.app(), &columns, &rows)?;
        }
        let broken = |_| Error::Conflict("the workbook could not be written".to_owned());
        tokio::task::spawn_blocking(move || sheet.end()).await.map_err(broken)?
    };
    stream::once(written).flat_map(|file| match file {
        Ok(file) => pieces(tokio::fs::File::from_std(file)).boxed(),
        Err(error) => stream::once(std::future::ready(Err(error))).boxed(),
    })
}

fn pieces(file: tokio::fs::File) -> impl Stream<Item = Piece> + Send {
    stream::try_unfold(file, async |mut file| {
        use tokio::io::AsyncReadExt as _;
        let mut piece = vec![0; PIECE_OCTETS];
        let broken = |_| Error::Conflict("the workbook could not be read".to_owned());
        let n = file.read(&mut piece).await.map_err(broken)?;
        piece.truncate(n);
        Ok((n > 0).then(|| (Bytes::from(piece), file)))
    })
}
