//! When a consent was given, in the spellings that files use.

use chrono::{
    DateTime, Datelike, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone,
    Utc,
};
use chrono_tz::Tz;

use super::reject::Reason;

/// No consent to an e-mail list is older; a smaller year is a typing error or an empty spreadsheet
/// date (1899, 1900).
const YEAR_MIN: i32 = 2000;

/// Longest jump of a clock, for times that a zone leaves out.
const JUMP_MAX: TimeDelta = TimeDelta::hours(3);

/// Reads RFC 3339, `2025-03-01`, `01.03.2025`, each also with `14:30` or `14:30:00`; without an
/// offset it is local time in `zone`.
///
/// A consent must not look newer than it is: a date alone counts from its first instant, and of two
/// possible instants (clocks set back or forward) the earlier is taken.
///
/// # Errors
/// Unreadable, before the year 2000, or later than `now`.
pub(super) fn read(text: &str, zone: Tz, now: DateTime<Utc>) -> Result<DateTime<Utc>, Reason> {
    let at = match local(text) {
        Some(local) => earliest(local, zone),
        None => DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc()),
    };
    let at = at.ok_or(Reason::GivenAtUnreadable)?;
    if at.year() < YEAR_MIN {
        return Err(Reason::GivenAtTooOld);
    }
    if at > now {
        return Err(Reason::GivenAtInFuture);
    }
    Ok(at)
}

fn local(text: &str) -> Option<NaiveDateTime> {
    let (date, time) = match text.split_once([' ', 'T']) {
        Some((date, time)) => (date, clock_time(time.trim_start())?),
        None => (text, NaiveTime::MIN),
    };
    Some(calendar_date(date)?.and_time(time))
}

fn calendar_date(text: &str) -> Option<NaiveDate> {
    let (year, month, day) = if let Some((year, rest)) = text.split_once('-') {
        let (month, day) = rest.split_once('-')?;
        (year, month, day)
    } else {
        let (day, rest) = text.split_once('.')?;
        let (month, year) = rest.split_once('.')?;
        (year, month, day)
    };
    NaiveDate::from_ymd_opt(number(year)?.cast_signed(), number(month)?, number(day)?)
}

fn clock_time(text: &str) -> Option<NaiveTime> {
    let mut parts = text.split(':').map(number);
    let (hour, minute) = (parts.next()??, parts.next()??);
    let second = parts.next().unwrap_or(Some(0))?;
    parts.next().is_none().then(|| NaiveTime::from_hms_opt(hour, minute, second))?
}

/// One to four digits and nothing else.
fn number(text: &str) -> Option<u32> {
    let is_short_number = text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit());
    is_short_number.then(|| text.parse().ok())?
}

fn earliest(local: NaiveDateTime, zone: Tz) -> Option<DateTime<Utc>> {
    match zone.from_local_datetime(&local) {
        MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(at, _) => Some(at.to_utc()),
        // A time that the clocks jumped over: by the offset after the jump, which is the earlier.
        MappedLocalTime::None => {
            let after = zone.from_local_datetime(&(local + JUMP_MAX)).earliest()?;
            Some(after.to_utc() - JUMP_MAX)
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::{Asia::Almaty, Europe::Berlin};

    use super::*;

    fn in_zone(text: &str, zone: Tz) -> Result<String, Reason> {
        let now = "2026-11-01T00:00:00Z".parse().unwrap();
        read(text, zone, now).map(|at| at.to_rfc3339())
    }

    #[test]
    fn every_spelling_is_the_same_instant() {
        for text in [
            "2025-03-01T14:30:00+05:00",
            "2025-03-01T09:30:00Z",
            "2025-03-01 14:30",
            "2025-03-01T14:30:00",
            "01.03.2025 14:30",
            "01.03.2025 14:30:00",
        ] {
            assert_eq!(in_zone(text, Almaty), Ok("2025-03-01T09:30:00+00:00".into()), "{text}");
        }
    }

    #[test]
    fn a_date_alone_counts_from_its_first_instant() {
        assert_eq!(in_zone("2025-03-01", Almaty), Ok("2025-02-28T19:00:00+00:00".into()));
        assert_eq!(in_zone("01.03.2025", Almaty), Ok("2025-02-28T19:00:00+00:00".into()));
    }

    #[test]
    fn of_two_possible_instants_the_earlier_is_taken() {
        // Almaty set its clocks back from +06 to +05 on 1 March 2024 at midnight.
        assert_eq!(in_zone("2024-02-29 23:30", Almaty), Ok("2024-02-29T17:30:00+00:00".into()));
        // Berlin jumped from 02:00 (+01) to 03:00 (+02) on 30 March 2025.
        assert_eq!(in_zone("2025-03-30 02:30", Berlin), Ok("2025-03-30T00:30:00+00:00".into()));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        assert_eq!(in_zone("tomorrow", Almaty), Err(Reason::GivenAtUnreadable));
        assert_eq!(in_zone("31.02.2025", Almaty), Err(Reason::GivenAtUnreadable));
        assert_eq!(in_zone("03/01/2025", Almaty), Err(Reason::GivenAtUnreadable));
        assert_eq!(in_zone("01.03.2025 noon", Almaty), Err(Reason::GivenAtUnreadable));
        assert_eq!(in_zone("01.03.25", Almaty), Err(Reason::GivenAtTooOld));
        assert_eq!(in_zone("1900-01-01", Almaty), Err(Reason::GivenAtTooOld));
        assert_eq!(in_zone("2026-11-02", Almaty), Err(Reason::GivenAtInFuture));
    }
}
