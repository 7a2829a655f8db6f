//! What starts, started and ended on which day of the institution's calendar.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;

use crate::{
    app::{App, Result},
    domain::campaign::State,
    store::{self, campaign::Brief},
};

/// Campaigns of one sheet of the calendar.
const CAMPAIGNS_MAX: i64 = 1_000;

/// A day of the calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// The date in the institution's zone.
    pub date: NaiveDate,
    /// What happens on it, in order.
    pub entries: Vec<Entry>,
}

/// Something that happens on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub what: What,
    /// To which campaign.
    pub campaign: Brief,
}

/// What the calendar knows of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// It was started.
    Started,
    /// It will start by itself.
    Starts,
    /// Its last message ended.
    Finished,
    /// It was stopped for good.
    Cancelled,
}

/// The days from `first` on, `days` of them.
///
/// # Errors
/// The database's.
pub async fn calendar(app: &App, first: NaiveDate, days: u64) -> Result<Vec<Day>> {
    let zone = app.institution.time_zone;
    let dates: Vec<NaiveDate> =
        (0..days).filter_map(|n| first.checked_add_days(Days::new(n))).collect();
    let Some(&last) = dates.last() else { return Ok(Vec::new()) };
    let (from, to) = (midnight(zone, first), midnight(zone, last + Days::new(1)));
    let mut reader = app.store.read().await?;
    let briefs = store::campaign::between(reader.conn(), from, to, CAMPAIGNS_MAX).await?;
    let mut entries: Vec<Entry> = briefs.iter().flat_map(entries).collect();
    entries.sort_by_key(|entry| (entry.at, entry.what));
    let on = |date: NaiveDate| Day {
        date,
        entries: entries
            .iter()
            .filter(|entry| entry.at.with_timezone(&zone).date_naive() == date)
            .cloned()
            .collect(),
    };
    Ok(dates.into_iter().map(on).collect())
}

fn entries(campaign: &Brief) -> Vec<Entry> {
    let entry = |(at, what)| Entry { at, what, campaign: campaign.clone() };
    let stands = match campaign.state {
        State::Scheduled { start_at } => Some((start_at, What::Starts)),
        State::Finished { at } => Some((at, What::Finished)),
        State::Cancelled { at } => Some((at, What::Cancelled)),
        _ => None,
    };
    campaign.started_at.map(|at| (at, What::Started)).into_iter().chain(stands).map(entry).collect()
}

/// When a day begins: on the day on which the clock skips midnight, an hour later.
fn midnight(zone: Tz, date: NaiveDate) -> DateTime<Utc> {
    let local = date.and_time(NaiveTime::MIN);
    let begins = zone.from_local_datetime(&local).earliest();
    let later = || zone.from_local_datetime(&(local + TimeDelta::hours(1))).earliest();
    begins.or_else(later).map_or_else(|| local.and_utc(), |at| at.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_of_the_zone() {
        let date = NaiveDate::from_ymd_opt(2026, 11, 22).expect("a date");
        let at = midnight(Tz::Asia__Almaty, date);
        assert_eq!(at.to_rfc3339(), "2026-11-21T19:00:00+00:00");
    }

    #[test]
    fn a_midnight_that_the_clock_skips_is_an_hour_later() {
        let date = NaiveDate::from_ymd_opt(2018, 11, 4).expect("a date");
        let at = midnight(Tz::America__Sao_Paulo, date);
        assert_eq!(at.to_rfc3339(), "2018-11-04T03:00:00+00:00");
    }
}
