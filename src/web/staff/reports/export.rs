//! Reports and lists of people as files. No cell of them is one that a spreadsheet would run.

use axum::{
    body::{Body, Bytes},
    extract::{Path, Query, State},
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use futures_util::stream;
use rust_xlsxwriter::{Format, Workbook, XlsxError};

use crate::{
    app::{
        figures::{self, Person, Report},
        import_contacts::formula_safe,
    },
    domain::{delivery::State as Delivered, id::CampaignId},
    store::figure::{Filter, Place},
    web::{Problem, WebState},
};

use super::{
    super::{Staff, tell::Tell},
    campaign_id,
    people::Wanted,
};

/// People that are fetched at a time.
const PEOPLE_PER_STEP: i64 = 500;

type Line = Vec<String>;

/// `GET /campaigns/{id}/report.csv`
pub(super) async fn report_csv(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = campaign_id(&id)?;
    let report = figures::report(state.app(), id).await?;
    let lines = lines(Tell::to(&staff, &state), &report);
    let mut bytes = BOM.to_vec();
    bytes.extend(csv(lines
        .into_iter()
        .map(|line| line.into_iter().map(|(text, _)| text).collect())));
    Ok(file(&format!("report-{id}.csv"), CSV, Body::from(bytes)))
}

/// `GET /campaigns/{id}/report.xlsx`
pub(super) async fn report_xlsx(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = campaign_id(&id)?;
    let report = figures::report(state.app(), id).await?;
    let lines = lines(Tell::to(&staff, &state), &report);
    let bytes = sheet(&lines).map_err(|error| Problem::broken(&error))?;
    Ok(file(&format!("report-{id}.xlsx"), XLSX, Body::from(bytes)))
}

const CSV: &str = "text/csv; charset=utf-8";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// Without this mark Excel garbles Kazakh.
const BOM: &[u8] = "\u{feff}".as_bytes();

fn file(name: &str, kind: &'static str, body: Body) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    let name = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    if let Ok(name) = name {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    response
}

/// A cell: its text, and its number if it is one.
type Cell = (String, Option<i64>);

/// The whole report, one number to a line: what it is counted by, what that is, how it ended.
fn lines(tell: Tell, report: &Report) -> Vec<Vec<Cell>> {
    let text = |text: String| (text, None);
    let title = |key: &str| text(tell.sentence(key));
    let mut lines = vec![
        vec![text(report.campaign.name.clone())],
        ["reports-file-by", "reports-file-what", "reports-file-state", "reports-file-n"]
            .map(title)
            .into(),
    ];
    let mut line = |by: &str, what: String, state: Option<Delivered>, n: i64| {
        let state = state.map(|state| tell.state(state)).unwrap_or_default();
        lines.push(vec![title(by), text(what), text(state), (n.to_string(), Some(n))]);
    };
    for (state, n) in &report.standing.states {
        line("reports-by-state", String::new(), Some(*state), *n);
    }
    line("reports-by-left", String::new(), None, report.left);
    for (state, word, n) in &report.standing.reasons {
        line("reports-by-reason", tell.reason(word), Some(*state), *n);
    }
    for (by, all) in
        [("reports-by-domain", &report.domains), ("reports-by-language", &report.languages)]
    {
        for (what, counts) in all {
            for (state, n) in counts {
                line(by, what.clone(), Some(*state), *n);
            }
        }
    }
    for step in &report.steps {
        let from = step.from.with_timezone(&tell.zone).to_rfc3339();
        for (state, n) in &step.ended {
            line("reports-by-moment", from.clone(), Some(*state), *n);
        }
        if step.left > 0 {
            line("reports-by-left", from, None, step.left);
        }
    }
    lines
}

fn csv(lines: impl Iterator<Item = Line>) -> Vec<u8> {
    // Semicolons: what Excel expects in Kazakhstan.
    let mut csv = csv::WriterBuilder::new().delimiter(b';').flexible(true).from_writer(Vec::new());
    for line in lines {
        // Into memory: it cannot fail.
        let _never = csv.write_record(line.iter().map(|cell| formula_safe(cell).into_owned()));
    }
    csv.into_inner().unwrap_or_default()
}

/// A workbook of one sheet. Texts are written as texts, which Excel does not run.
fn sheet(lines: &[Vec<Cell>]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let (sheet, bold) = (workbook.add_worksheet(), Format::new().set_bold());
    sheet.set_column_width(1, 32)?;
    for (row, line) in (0_u32..).zip(lines) {
        for (column, (text, number)) in (0_u16..).zip(line) {
            match number {
                // Far below the 2^53 up to which a cell holds whole numbers.
                Some(n) => _ = sheet.write_number(row, column, f64_of(*n))?,
                None if row < 2 => _ = sheet.write_string_with_format(row, column, text, &bold)?,
                None => _ = sheet.write_string(row, column, text)?,
            }
        }
    }
    workbook.save_to_buffer()
}

fn f64_of(n: i64) -> f64 {
    u32::try_from(n).map_or(f64::MAX, f64::from)
}

/// `GET /campaigns/{id}/people.csv`: such as the exact list of who already got a cancelled campaign.
pub(super) async fn people_csv(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let id = campaign_id(&id)?;
    let filter = wanted.filter()?;
    figures::note_export(state.app(), id, &filter, &staff.user).await?;
    let tell = Tell::to(&staff, &state);
    let step = Step { state, tell, id, filter, place: None, begins: true, is_over: false };
    let body = Body::from_stream(stream::unfold(step, |mut step| async {
        let bytes = step.next().await?;
        Some((bytes, step))
    }));
    Ok(file(&format!("people-{id}.csv"), CSV, body))
}

struct Step {
    state: WebState,
    tell: Tell,
    id: CampaignId,
    filter: Filter,
    place: Option<Place>,
    begins: bool,
    is_over: bool,
}

/// The database failed in the middle: the file breaks off, and the browser says so.
type Broken = crate::app::Error;

impl Step {
    async fn next(&mut self) -> Option<Result<Bytes, Broken>> {
        if self.is_over {
            return None;
        }
        let (app, place) = (self.state.app(), self.place.as_ref());
        let found = figures::people(app, self.id, &self.filter, place, PEOPLE_PER_STEP).await;
        let found = match found {
            Ok(found) => found,
            Err(error) => {
                self.is_over = true;
                return Some(Err(error));
            }
        };
        (self.is_over, self.place) = (found.next.is_none(), found.next);
        let mut bytes = Vec::new();
        if std::mem::take(&mut self.begins) {
            bytes.extend(BOM);
            bytes.extend(csv(std::iter::once(self.titles())));
        }
        bytes.extend(csv(found.people.iter().map(|person| self.line(person))));
        Some(Ok(bytes.into()))
    }

    fn titles(&self) -> Line {
        ["address", "name", "state", "reason", "since", "attempts", "reply", "delivery"]
            .map(|key| self.tell.sentence(&format!("reports-file-{key}")))
            .into()
    }

    fn line(&self, person: &Person) -> Line {
        let one = &person.listed;
        let reply = person.reply.clone().map(|(code, text)| {
            format!("{} {}", code.unwrap_or_default(), text.unwrap_or_default())
        });
        vec![
            one.address.as_ref().map(|address| address.as_str().to_owned()).unwrap_or_default(),
            one.name.clone().unwrap_or_default(),
            self.tell.state(one.state),
            one.reason.as_deref().map(|word| self.tell.reason(word)).unwrap_or_default(),
            one.since.with_timezone(&self.tell.zone).to_rfc3339(),
            one.attempts.to_string(),
            reply.unwrap_or_default(),
            one.id.to_string(),
        ]
    }
}
