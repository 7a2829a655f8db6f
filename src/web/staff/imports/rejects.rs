//! Which rows were refused and why: a file to mend the source by.

use axum::{
    body::{Body, Bytes},
    extract::{Path, State},
    http::header,
    response::{IntoResponse as _, Response},
};
use futures_util::stream;

use crate::{
    app::{Error, import_contacts::formula_safe, import_jobs},
    domain::id::ImportJobId,
    web::{
        Problem, WebState,
        staff::{Staff, telling::Teller},
    },
};

/// Lines that are fetched at a time.
const LINES: i64 = 1_000;

pub(super) async fn give(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<ImportJobId>,
) -> Result<Response, Problem> {
    import_jobs::find(state.app(), id).await?;
    let teller = Teller::to(&staff, &state);
    let body = stream::try_unfold((state, None), move |(state, after)| async move {
        let Some(after) = after else {
            let head = ["line", "column", "reason", "code"];
            let head = head.map(|word| teller.word("imports-rejects", word));
            let head = [b"\xEF\xBB\xBF".to_vec(), line(&head)].concat();
            return Ok::<_, Error>(Some((Bytes::from(head), (state, Some(0)))));
        };
        let rejects = import_jobs::rejects(state.app(), id, after, LINES).await?;
        let Some(last) = rejects.last().map(|last| last.number) else { return Ok(None) };
        let lines = rejects.iter().flat_map(|one| {
            line(&[
                one.line.to_string(),
                one.place.clone().unwrap_or_default(),
                teller.word("imports-fault", &one.code),
                one.code.clone(),
            ])
        });
        Ok(Some((Bytes::from(lines.collect::<Vec<u8>>()), (state, Some(last)))))
    });
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"refused.csv\""),
    ];
    Ok((headers, Body::from_stream(body)).into_response())
}

fn line(cells: &[String]) -> Vec<u8> {
    let mut csv = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
    // Into memory: it cannot fail.
    let _never = csv.write_record(cells.iter().map(|cell| formula_safe(cell).into_owned()));
    csv.into_inner().unwrap_or_default()
}
