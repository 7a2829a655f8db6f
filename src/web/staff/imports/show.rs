//! One file, as it stands: being checked, waiting for a yes, being brought in, over.

use axum::{
    extract::{Path, State},
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Serialize;
use serde_json::json;

use crate::{
    app::{
        self, Error, catalogue,
        import_contacts::{ContactRow, Field, Line, Proof, Tally},
        import_jobs::{self, Gathered, REJECTS_KEPT_MAX, Told},
    },
    domain::id::ImportJobId,
    store::import_job::JobState,
    web::{
        Problem, WebState,
        staff::{
            Staff,
            people::{purpose_title, purposes},
            render,
            telling::{Choice, Teller},
        },
        words::SPOKEN,
    },
};

use super::{list::class, live::Progress};

#[derive(Serialize)]
struct View {
    id: String,
    file_name: String,
    state: String,
    class: &'static str,
    when: String,
    is_busy: bool,
    is_check: bool,
    is_ready: bool,
    is_finished: bool,
    is_failed: bool,
    is_cancelled: bool,
    is_here: bool,
    progress: Progress,
    failure: Option<String>,
    failure_detail: Option<String>,
    counts: Vec<Count>,
    consents: Vec<Count>,
    kinds: Vec<KindView>,
    lacks: Vec<(String, u64)>,
    faults: Vec<(String, u64)>,
    rejected: u64,
    rejects_max: i64,
    rejects_cut: bool,
    takes: u64,
    run_id: Option<String>,
    form: Option<HowView>,
    rows: Vec<RowView>,
}

#[derive(Serialize)]
struct Count {
    text: String,
    n: u64,
    people: bool,
}

#[derive(Serialize)]
struct KindView {
    title: String,
    policy: Option<u32>,
    wording: bool,
    sources: String,
    n: u64,
}

#[derive(Serialize)]
struct HowView {
    sheets: Vec<Choice>,
    encodings: Vec<Choice>,
    delimiters: Vec<Choice>,
    is_text: bool,
    columns: Vec<ColumnView>,
    languages: Vec<Choice>,
    purposes: Vec<Choice>,
    editions: Vec<Choice>,
    tags: String,
    source: String,
    given_at: String,
    wording: String,
    today: String,
}

#[derive(Serialize)]
struct ColumnView {
    n: usize,
    name: String,
    fields: Vec<Choice>,
    is_ignored: bool,
}

#[derive(Serialize)]
struct RowView {
    line: u64,
    address: String,
    name: String,
    language: String,
    more: String,
    consents: Vec<String>,
    refused: Option<String>,
}

pub(super) async fn show(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<ImportJobId>,
) -> Result<Response, Problem> {
    let app = state.app();
    let told = import_jobs::find(app, id).await?;
    let teller = Teller::to(&staff, &state);
    let is = |state| told.job.state == state;
    let asks = is(JobState::Ready) || is(JobState::Failed) && told.is_here;
    let look = if is(JobState::Ready) { import_jobs::look(app, &told).await? } else { None };
    let form = if asks { Some(how(app, &teller, &told).await?) } else { None };
    let result = if is(JobState::Ready) { told.checked.as_ref() } else { None };
    let result = result.unwrap_or(&told.now);
    let catalogue = catalogue::purposes(app).await?;
    let kind = |kind: &import_jobs::Kind| KindView {
        title: purpose_title(&teller, &catalogue, &kind.purpose, &kind.party),
        policy: kind.policy_version,
        wording: kind.has_wording,
        sources: kind.sources.join(", "),
        n: kind.n,
    };
    let (failure, failure_detail) = failure(&teller, &told);
    let view = View {
        id: id.to_string(),
        file_name: told.job.file_name.clone(),
        state: teller.word("imports-state", told.job.state.as_str()),
        class: class(told.job.state),
        when: teller.time(told.job.created_at),
        is_busy: is(JobState::Checking) || is(JobState::Running),
        is_check: is(JobState::Checking),
        is_ready: is(JobState::Ready),
        is_finished: is(JobState::Finished),
        is_failed: is(JobState::Failed),
        is_cancelled: is(JobState::Cancelled),
        is_here: told.is_here,
        progress: Progress::of(&state, &teller, &told),
        failure,
        failure_detail,
        counts: counts(&teller, &result.tally),
        consents: consent_counts(&teller, &result.tally),
        kinds: result.kinds.iter().map(kind).collect(),
        lacks: words(&teller, "imports-lack", &result.lacks),
        faults: words(&teller, "imports-fault", &result.faults),
        rejected: result.tally.rejected,
        rejects_max: REJECTS_KEPT_MAX,
        rejects_cut: faults(result) > REJECTS_KEPT_MAX.unsigned_abs(),
        takes: result.tally.rows() - result.tally.rejected,
        run_id: told.job.run_id.map(|run| run.to_string()),
        form,
        rows: look
            .map(|look| look.lines.iter().map(|line| row(&teller, line)).collect())
            .unwrap_or_default(),
    };
    render(&state, &staff, "staff/imports/show", "imports-show-title", &view)
}

fn faults(result: &Gathered) -> u64 {
    result.faults.values().sum()
}

fn failure(teller: &Teller, told: &Told) -> (Option<String>, Option<String>) {
    let Some(failure) = told.job.failure.as_deref() else { return (None, None) };
    let (code, detail) = failure.split_once(": ").unwrap_or((failure, ""));
    let detail = Some(detail.to_owned()).filter(|detail| !detail.is_empty());
    (Some(teller.word("imports-failure", code)), detail)
}

fn words(
    teller: &Teller,
    family: &str,
    counts: &std::collections::BTreeMap<String, u64>,
) -> Vec<(String, u64)> {
    let mut words: Vec<_> =
        counts.iter().map(|(code, n)| (teller.word(family, code), *n)).collect();
    words.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    words
}

/// Only what there is.
fn counted(teller: &Teller, counts: &[(&str, u64, bool)]) -> Vec<Count> {
    let some = counts.iter().filter(|(_, n, _)| *n > 0);
    some.map(|(word, n, people)| Count {
        text: teller.word("imports-count", word),
        n: *n,
        people: *people,
    })
    .collect()
}

fn counts(teller: &Teller, tally: &Tally) -> Vec<Count> {
    let counts = [
        ("new", tally.new, true),
        ("updated", tally.updated, true),
        ("unchanged", tally.unchanged, true),
        ("repeated", tally.repeated, false),
        ("blocked", tally.blocked, false),
        ("erased", tally.erased, false),
        ("rejected", tally.rejected, false),
    ];
    counted(teller, &counts)
}

fn consent_counts(teller: &Teller, tally: &Tally) -> Vec<Count> {
    let counts = [
        ("given", tally.given, false),
        ("renewed", tally.renewed, false),
        ("recorded_before", tally.recorded_before, false),
        ("without_evidence", tally.without_evidence, false),
        ("objected", tally.objected, false),
        ("suppressed", tally.suppressed, false),
        ("left_out", tally.left_out, false),
        ("expired", tally.expired, false),
        ("needs_reconfirmation", tally.needs_reconfirmation, false),
        ("declined", tally.declined, false),
    ];
    counted(teller, &counts)
}

async fn how(app: &app::App, teller: &Teller, told: &Told) -> Result<HowView, Problem> {
    let found = told.found.clone().unwrap_or_default();
    let (how, constants) = (&told.how, &told.how.constants);
    let offered = purposes(app, teller, "").await?;
    let sheet = how.sheet.clone().or_else(|| found.sheets.first().cloned()).unwrap_or_default();
    let choices = |family: &str, all: &[&str], chosen: &Option<String>| -> Vec<Choice> {
        let chosen = chosen.as_deref().unwrap_or_default();
        all.iter().map(|one| Choice::new(*one, teller.word(family, one), chosen)).collect()
    };
    let columns = found.columns.iter().enumerate().map(|(n, (name, field))| ColumnView {
        n,
        name: name.clone(),
        fields: fields(app, teller, &offered, field),
        is_ignored: field == "ignored",
    });
    let chosen = constants.purposes.first().map(|of| match of.split_once(':') {
        Some(_) => of.clone(),
        None => format!("{of}:institution"),
    });
    let edition = constants.policy_version.map(|number| number.to_string()).unwrap_or_default();
    let editions = catalogue::editions(app).await?;
    let language = constants.language.map(String::from).unwrap_or_default();
    Ok(HowView {
        is_text: found.sheets.is_empty(),
        sheets: found
            .sheets
            .iter()
            .map(|one| Choice::new(one.clone(), one.clone(), &sheet))
            .collect(),
        encodings: choices(
            "imports-encoding",
            &["utf-8", "windows-1251", "utf-16le", "utf-16be"],
            &how.encoding.clone().or(Some(found.encoding.clone())),
        ),
        delimiters: choices(
            "imports-delimiter",
            &["comma", "semicolon", "tab"],
            &how.delimiter.clone().or(Some(found.delimiter.clone())),
        ),
        columns: columns.collect(),
        languages: SPOKEN
            .map(|one| Choice::new(one, teller.word("people-language", one.as_str()), &language))
            .into(),
        purposes: offered
            .into_iter()
            .map(|one| Choice::new(one.value, one.title, chosen.as_deref().unwrap_or_default()))
            .collect(),
        editions: editions
            .iter()
            .rev()
            .map(|one| {
                let number = one.version.number.to_string();
                let title = format!("{number} · {}", teller.day(one.version.published_at));
                Choice::new(number, title, &edition)
            })
            .collect(),
        tags: constants.tags.join(", "),
        source: constants.consent_source.clone().unwrap_or_default(),
        given_at: constants.consent_given_at.clone().unwrap_or_default(),
        wording: constants.wording.clone().unwrap_or_default(),
        today: teller.day(app.now()),
    })
}

/// What a column can hold.
fn fields(app: &app::App, teller: &Teller, purposes: &[Choice], chosen: &str) -> Vec<Choice> {
    let plain = Field::PLAIN.iter().map(|field| {
        let word = field.to_string();
        Choice::new(word.clone(), teller.word("imports-field", &word), chosen)
    });
    let attributes = app.rules.attributes.iter().map(|key| {
        let title = format!("{}: {key}", teller.sentence("imports-field-attribute"));
        Choice::new(format!("attribute {key}"), title, chosen)
    });
    let consents = purposes.iter().map(|one| {
        let of = one.value.strip_suffix(":institution").unwrap_or(&one.value);
        let title = format!("{}: {}", teller.sentence("imports-field-consent"), one.title);
        Choice::new(format!("consent:{of}"), title, chosen)
    });
    plain.chain(attributes).chain(consents).collect()
}

fn row(teller: &Teller, line: &Line) -> RowView {
    match line {
        Line::Contact(row) => taken(teller, row),
        Line::Rejected(reject) => {
            let fault = |fault: &crate::app::import_contacts::Fault| {
                let why = teller.word("imports-fault", fault.reason.code());
                fault
                    .column
                    .as_ref()
                    .map_or(why.clone(), |column| format!("{}: {why}", column.name))
            };
            let why: Vec<String> = reject.faults.iter().map(fault).collect();
            RowView {
                line: reject.line,
                address: String::new(),
                name: String::new(),
                language: String::new(),
                more: String::new(),
                consents: Vec::new(),
                refused: Some(why.join("; ")),
            }
        }
    }
}

fn taken(teller: &Teller, row: &ContactRow) -> RowView {
    let names = [&row.name, &row.family_name, &row.given_name, &row.patronymic];
    let names: Vec<&str> = names.into_iter().flatten().map(String::as_str).collect();
    let attributes = row.attributes.iter().map(|(key, value)| format!("{key}: {value}"));
    let more = row.tags.iter().map(|tag| format!("#{tag}")).chain(attributes);
    let consents = row.consents.iter().map(|claim| match &claim.proof {
        Proof::Evidenced(evidence) => {
            format!(
                "{} · {} · {}",
                claim.of.purpose,
                evidence.source,
                teller.day(evidence.given_at)
            )
        }
        Proof::Lacking(lacks) => {
            let lacks = lacks.iter().map(|lack| teller.word("imports-lack", lack.code()));
            format!("{}: {}", claim.of.purpose, lacks.collect::<Vec<_>>().join(", "))
        }
    });
    RowView {
        line: row.line,
        address: row.address.as_str().to_owned(),
        name: names.join(" "),
        language: row.language.map(String::from).unwrap_or_default(),
        more: more.collect::<Vec<_>>().join(", "),
        consents: consents.collect(),
        refused: None,
    }
}

pub(super) async fn confirm(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<ImportJobId>,
) -> Result<Response, Problem> {
    import_jobs::confirm(state.app_arc(), id).await?;
    let app = state.app();
    let mut tx = app.store.begin().await.map_err(Error::from)?;
    let subject = Some(format!("import {id}"));
    let detail = Some(json!({}));
    let log = app::staff::actions::log;
    log(app, tx.conn(), &staff.user, "contacts.import", subject, detail).await?;
    tx.commit().await.map_err(Error::from)?;
    Ok(Redirect::to(&format!("/imports/{id}")).into_response())
}

pub(super) async fn cancel(
    State(state): State<WebState>,
    _: Staff,
    Path(id): Path<ImportJobId>,
) -> Result<Response, Problem> {
    import_jobs::cancel(state.app(), id).await?;
    Ok(Redirect::to(&format!("/imports/{id}")).into_response())
}
