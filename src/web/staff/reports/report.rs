//! The report on one campaign.

use axum::{
    extract::{Path, State},
    response::Response,
};
use chrono::TimeDelta;
use serde::Serialize;

use crate::{
    app::figures::{self, Compared, Report, Step},
    domain::{campaign::Phase, delivery::State as Delivered, id::CampaignId, staff::Right},
    web::{Problem, WebState},
};

use super::{
    super::{
        Staff,
        chart::{self, Column},
        live::view::{LiveView, badge},
        render,
        tell::Tell,
    },
    DomainView, campaign_id, domains, languages,
};

/// Domains that the report names.
const DOMAINS_SHOWN: usize = 25;
/// A campaign that was over in so short a time is drawn in steps of ten minutes, else of an hour.
const FINE: TimeDelta = TimeDelta::hours(8);

#[derive(Serialize)]
struct Page {
    id: CampaignId,
    name: String,
    live: LiveView,
    started: Option<String>,
    curve: Option<Curve>,
    domains: Vec<DomainView>,
    languages: Vec<DomainView>,
    compared: Vec<ComparedView>,
    may_export: bool,
    is_over: bool,
}

#[derive(Serialize)]
struct Curve {
    sent: String,
    left: Option<String>,
    is_fine: bool,
    steps: Vec<StepView>,
}

#[derive(Serialize)]
struct StepView {
    from: String,
    sent: String,
    failed: String,
    uncertain: String,
    left: String,
}

/// A campaign beside others.
#[derive(Serialize)]
pub(super) struct ComparedView {
    id: CampaignId,
    name: String,
    is_this: bool,
    phase: String,
    badge: &'static str,
    started: String,
    total: String,
    sent: String,
    sent_share: String,
    failed: String,
    failed_share: String,
    left: String,
    left_share: String,
    url: String,
}

pub(super) async fn show(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = campaign_id(&id)?;
    let (tell, now) = (Tell::to(&staff, &state), state.app().now());
    let live = figures::live(state.app(), id).await?;
    let report = figures::report(state.app(), id).await?;
    let earlier = figures::compare(state.app(), id).await?;
    let this = Compared {
        campaign: report.campaign.clone(),
        standing: report.standing.clone(),
        left: report.left,
    };
    let compared = if earlier.is_empty() {
        Vec::new()
    } else {
        std::iter::once(&this).chain(&earlier).map(|one| compared(tell, one, Some(id))).collect()
    };
    let page = Page {
        id,
        name: report.campaign.name.clone(),
        live: LiveView::of(tell, now, &live),
        started: report.campaign.started_at.map(|at| tell.time(at)),
        curve: curve(tell, &report),
        domains: domains(tell, id, &report.domains, DOMAINS_SHOWN),
        languages: languages(tell, id, &report.languages),
        compared,
        may_export: staff.may(Right::Export),
        is_over: matches!(live.campaign.state.phase(), Phase::Finished | Phase::Cancelled),
    };
    render(&state, &staff, "staff/reports/report", "reports-report-title", &page)
}

pub(super) fn compared(tell: Tell, one: &Compared, this: Option<CampaignId>) -> ComparedView {
    let (campaign, standing) = (&one.campaign, &one.standing);
    let (sent, failed) = (standing.count(Delivered::Sent), standing.count(Delivered::Failed));
    let tried = sent + failed + standing.count(Delivered::Uncertain);
    let phase = campaign.state.phase();
    ComparedView {
        id: campaign.id,
        name: campaign.name.clone(),
        is_this: this == Some(campaign.id),
        phase: tell.sentence(&format!("live-phase-{phase}")),
        badge: badge(phase),
        started: campaign.started_at.map(|at| tell.time(at)).unwrap_or_default(),
        total: tell.number(standing.total()),
        sent: tell.number(sent),
        sent_share: tell.share(sent, tried),
        failed: tell.number(failed),
        failed_share: tell.share(failed, tried),
        left: tell.number(one.left),
        left_share: tell.share(one.left, sent),
        url: format!("/campaigns/{}/report", campaign.id),
    }
}

fn curve(tell: Tell, report: &Report) -> Option<Curve> {
    let begin = report.steps.first()?.from;
    let is_fine = report.steps.last()?.from - begin < FINE;
    let width = if is_fine { TimeDelta::minutes(10) } else { TimeDelta::hours(1) };
    let steps = merged(&report.steps, width);
    let n = |step: &Step, state| step.ended.get(&state).copied().unwrap_or_default();
    let columns = |of: &dyn Fn(&Step) -> i64| -> Vec<Column> {
        let column = |step: &Step| Column {
            place: (step.from - begin).num_seconds() / width.num_seconds().max(1),
            n: of(step),
            label: tell.time(step.from),
        };
        steps.iter().map(column).collect()
    };
    let sent = columns(&|step| n(step, Delivered::Sent));
    let left = columns(&|step| step.left);
    let drawn = |key: &str, columns: &[Column]| chart::columns(tell, &tell.sentence(key), columns);
    Some(Curve {
        sent: drawn("reports-curve-sent", &sent),
        left: left.iter().any(|one| one.n > 0).then(|| drawn("reports-curve-left", &left)),
        is_fine,
        steps: steps
            .iter()
            .map(|step| StepView {
                from: tell.short(step.from),
                sent: tell.number(n(step, Delivered::Sent)),
                failed: tell.number(n(step, Delivered::Failed)),
                uncertain: tell.number(n(step, Delivered::Uncertain)),
                left: tell.number(step.left),
            })
            .collect(),
    })
}

/// Steps of ten minutes put together to longer ones, counted from the first.
fn merged(steps: &[Step], width: TimeDelta) -> Vec<Step> {
    let Some(begin) = steps.first().map(|step| step.from) else { return Vec::new() };
    let mut merged: Vec<Step> = Vec::new();
    for step in steps {
        let from = begin
            + width
                * i32::try_from((step.from - begin).num_seconds() / width.num_seconds().max(1))
                    .unwrap_or_default();
        match merged.last_mut().filter(|last: &&mut Step| last.from == from) {
            Some(last) => join(last, step),
            None => merged.push(Step { from, ..step.clone() }),
        }
    }
    merged
}

fn join(into: &mut Step, step: &Step) {
    for (state, n) in &step.ended {
        *into.ended.entry(*state).or_default() += n;
    }
    into.left += step.left;
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::*;

    #[test]
    fn six_steps_of_ten_minutes_make_one_of_an_hour() {
        let begin: DateTime<Utc> = DateTime::UNIX_EPOCH;
        let step = |n: i32| Step {
            from: begin + TimeDelta::minutes(10) * n,
            ended: [(Delivered::Sent, 2)].into(),
            left: 1,
        };
        let steps: Vec<Step> = (0..8).map(step).collect();
        let merged = merged(&steps, TimeDelta::hours(1));
        let sums: Vec<_> =
            merged.iter().map(|one| (one.from, one.ended[&Delivered::Sent], one.left)).collect();
        assert_eq!(sums, [(begin, 12, 6), (begin + TimeDelta::hours(1), 4, 2)]);
    }
}
