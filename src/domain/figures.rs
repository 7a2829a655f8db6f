//! What a campaign's ended deliveries are counted by, and what its numbers say of its end.

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};

use super::words::words;

/// The finest step in which a campaign's course is kept.
pub const MOMENT: TimeDelta = TimeDelta::minutes(10);

words! {
    /// What ended deliveries are counted by, besides state and reason.
    Dimension("dimension") {
        /// The domain of the recipient's address; empty for one that was erased meanwhile, and for
        /// all domains beyond those that are kept apart.
        Domain = "domain",
        /// The language that the person asked for; empty for none.
        Language = "language",
        /// The ten minutes in which it ended, by their beginning in UTC (RFC 3339).
        Moment = "moment",
    }
}

/// The beginning of the ten minutes in which `at` lies.
#[must_use]
pub fn moment(at: DateTime<Utc>) -> DateTime<Utc> {
    at.duration_trunc(MOMENT).unwrap_or(at)
}

/// When `waiting` messages will have ended, at `per_minute` of them each minute; `None` when nothing
/// moves, or it would take longer than a year.
#[must_use]
pub fn end(waiting: i64, per_minute: i64, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    const YEAR: i64 = 366 * 86_400;
    let seconds = waiting.max(0).checked_mul(60)?.checked_div(per_minute)?;
    (per_minute > 0 && seconds <= YEAR).then(|| now + TimeDelta::seconds(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_minutes_begin_at_the_full_ten() {
        let at = DateTime::from_timestamp(1_795_312_800 + 1_234, 5_000).expect("a time");
        assert_eq!(moment(at).timestamp(), 1_795_312_800 + 1_200);
        assert_eq!(moment(moment(at)), moment(at));
    }

    #[test]
    fn the_end_follows_from_what_waits_and_how_fast_it_goes() {
        let now = DateTime::UNIX_EPOCH;
        assert_eq!(end(600, 60, now), Some(now + TimeDelta::minutes(10)));
        assert_eq!(end(0, 60, now), Some(now));
        assert_eq!(end(600, 0, now), None);
        assert_eq!(end(i64::MAX, 1, now), None);
    }
}
