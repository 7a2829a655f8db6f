//! The calendar as the home page shows it: a week or a month, beginning on Mondays.

use chrono::{Datelike as _, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::{
    app::figures::{self, Day, What},
    domain::id::CampaignId,
    web::{Problem, WebState},
};

use super::super::{live::view::badge, tell::Tell};

/// Entries of a day that are shown; how many more there are is told.
const ENTRIES_SHOWN: usize = 6;

/// Years of the calendar: within them both databases can count.
const YEARS: std::ops::Range<i32> = 2000..2200;

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    view: Option<String>,
    day: Option<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct CalendarView {
    title: String,
    is_month: bool,
    week_url: String,
    month_url: String,
    before_url: String,
    after_url: String,
    weekdays: Vec<String>,
    days: Vec<DayView>,
    is_empty: bool,
}

#[derive(Debug, Serialize)]
struct DayView {
    iso: String,
    number: u32,
    label: String,
    is_today: bool,
    is_other_month: bool,
    is_free: bool,
    entries: Vec<EntryView>,
    more: Option<String>,
}

#[derive(Debug, Serialize)]
struct EntryView {
    id: CampaignId,
    name: String,
    at: String,
    what: String,
    badge: &'static str,
    page: &'static str,
}

/// The sheet that is asked for; this week's without a wish.
pub(super) async fn view(
    state: &WebState,
    tell: Tell,
    wanted: &Wanted,
) -> Result<CalendarView, Problem> {
    let today = state.app().now().with_timezone(&tell.zone).date_naive();
    let is_month = wanted.view.as_deref() == Some("month");
    let day = wanted.day.as_deref().and_then(|text| text.parse::<NaiveDate>().ok());
    let day = day.filter(|day| YEARS.contains(&day.year())).unwrap_or(today);
    let (first, days) = sheet(day, is_month);
    let found = figures::calendar(state.app(), first, days).await?;
    let url = |view: &str, day: Option<NaiveDate>| {
        let day = day.map(|day| format!("&day={day}")).unwrap_or_default();
        format!("/?view={view}{day}#calendar")
    };
    let (before, after) = neighbours(day, is_month);
    let name = if is_month { "month" } else { "week" };
    Ok(CalendarView {
        title: title(tell, day, first, is_month),
        is_month,
        week_url: url("week", Some(day)),
        month_url: url("month", Some(day)),
        before_url: url(name, before),
        after_url: url(name, after),
        weekdays: (1..=7).map(|n| tell.sentence(&format!("home-weekday-{n}"))).collect(),
        is_empty: found.iter().all(|day| day.entries.is_empty()),
        days: found.into_iter().map(|one| day_view(tell, one, day, today, is_month)).collect(),
    })
}

/// The first day of the sheet on which `day` stands, and how many it has.
fn sheet(day: NaiveDate, is_month: bool) -> (NaiveDate, u64) {
    let monday = |day: NaiveDate| {
        day.checked_sub_days(Days::new(day.weekday().num_days_from_monday().into())).unwrap_or(day)
    };
    if !is_month {
        return (monday(day), 7);
    }
    let first = day.with_day(1).unwrap_or(day);
    let next = first.checked_add_months(Months::new(1)).unwrap_or(first);
    let begin = monday(first);
    let days = u64::try_from((next - begin).num_days()).unwrap_or(42);
    (begin, days.div_ceil(7) * 7)
}

fn neighbours(day: NaiveDate, is_month: bool) -> (Option<NaiveDate>, Option<NaiveDate>) {
    if is_month {
        let first = day.with_day(1).unwrap_or(day);
        (first.checked_sub_months(Months::new(1)), first.checked_add_months(Months::new(1)))
    } else {
        (day.checked_sub_days(Days::new(7)), day.checked_add_days(Days::new(7)))
    }
}

fn title(tell: Tell, day: NaiveDate, first: NaiveDate, is_month: bool) -> String {
    if is_month {
        let figures = [("month", day.month().into()), ("year", day.year().to_string().into())];
        return tell.with("home-month", &figures);
    }
    let last = first.checked_add_days(Days::new(6)).unwrap_or(first);
    let (from, to) = (date(tell, first), date(tell, last));
    tell.with("home-week-of", &[("from", from.into()), ("to", to.into())])
}

fn date(tell: Tell, day: NaiveDate) -> String {
    tell.with("home-date", &[("day", day.day().into()), ("month", day.month().into())])
}

fn day_view(tell: Tell, one: Day, day: NaiveDate, today: NaiveDate, is_month: bool) -> DayView {
    let weekday = one.date.weekday().number_from_monday();
    let weekday = tell.sentence(&format!("home-weekday-{weekday}"));
    let more = one.entries.len().saturating_sub(ENTRIES_SHOWN);
    DayView {
        iso: one.date.to_string(),
        number: one.date.day(),
        label: format!("{weekday}, {}", date(tell, one.date)),
        is_today: one.date == today,
        is_other_month: is_month && one.date.month() != day.month(),
        is_free: one.entries.is_empty(),
        more: (more > 0)
            .then(|| tell.counted("home-more", i64::try_from(more).unwrap_or(i64::MAX))),
        entries: one.entries.into_iter().take(ENTRIES_SHOWN).map(|one| entry(tell, one)).collect(),
    }
}

fn entry(tell: Tell, one: figures::Entry) -> EntryView {
    let (key, page) = match one.what {
        What::Starts => ("home-starts", "live"),
        What::Started => ("home-started", "report"),
        What::Finished => ("home-finished", "report"),
        What::Cancelled => ("home-cancelled", "report"),
    };
    EntryView {
        at: one.at.with_timezone(&tell.zone).format("%H:%M").to_string(),
        what: tell.sentence(key),
        badge: match one.what {
            What::Starts => "info",
            What::Started => "",
            What::Finished | What::Cancelled => badge(one.campaign.state.phase()),
        },
        id: one.campaign.id,
        name: one.campaign.name,
        page,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    #[test]
    fn a_week_begins_on_monday_and_a_month_has_whole_weeks() {
        assert_eq!(sheet(day("2026-11-22"), false), (day("2026-11-16"), 7));
        assert_eq!(sheet(day("2026-11-22"), true), (day("2026-10-26"), 42));
        assert_eq!(sheet(day("2027-02-03"), true), (day("2027-02-01"), 28));
    }

    #[test]
    fn months_of_different_length_follow_each_other() {
        let (before, after) = neighbours(day("2026-03-31"), true);
        assert_eq!((before, after), (Some(day("2026-02-01")), Some(day("2026-04-01"))));
    }
}
