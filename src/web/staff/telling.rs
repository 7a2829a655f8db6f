//! Stable words, times and amounts as the reader says them.

use std::{borrow::Cow, collections::HashMap};

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone as _, Utc};
use chrono_tz::Tz;
use fluent_templates::fluent_bundle::FluentValue;

use crate::{
    app,
    domain::language::Language,
    web::{
        Problem, WebState,
        words::{say, say_time},
    },
};

use super::{Errors, Staff};

/// Says things to one reader.
#[derive(Debug, Clone, Copy)]
pub(in crate::web) struct Teller {
    pub(in crate::web) lang: Language,
    pub(in crate::web) zone: Tz,
}

impl Teller {
    pub(in crate::web) fn to(staff: &Staff, state: &WebState) -> Self {
        Self { lang: staff.lang, zone: state.app().institution.time_zone }
    }

    /// The sentence `family-word`; the bare word where there is none.
    pub(in crate::web) fn word(&self, family: &str, word: &str) -> String {
        let key = format!("{family}-{}", word.replace('_', "-"));
        say(self.lang, &key, &HashMap::new()).unwrap_or_else(|| word.to_owned())
    }

    pub(in crate::web) fn sentence(&self, key: &str) -> String {
        say(self.lang, key, &HashMap::new()).unwrap_or_else(|| key.to_owned())
    }

    /// A sentence about an amount, named `n` in it.
    pub(in crate::web) fn amount(&self, key: &str, n: u64) -> String {
        #[expect(clippy::cast_precision_loss, reason = "no count comes near 2^52")]
        let n = FluentValue::from(n as f64);
        let arguments = HashMap::from([(Cow::Borrowed("n"), n)]);
        say(self.lang, key, &arguments).unwrap_or_else(|| key.to_owned())
    }

    pub(in crate::web) fn time(&self, time: DateTime<Utc>) -> String {
        say_time(self.lang, time, self.zone)
    }

    /// `2026-03-01`, as an input of dates has it.
    pub(in crate::web) fn day(&self, time: DateTime<Utc>) -> String {
        time.with_timezone(&self.zone).format("%Y-%m-%d").to_string()
    }

    /// The first instant of a day in the institution's zone.
    pub(in crate::web) fn read_day(&self, text: &str) -> Option<DateTime<Utc>> {
        let day: NaiveDate = text.parse().ok()?;
        let at = self.zone.from_local_datetime(&day.and_time(NaiveTime::MIN)).earliest()?;
        Some(at.to_utc())
    }

    /// A title in the reader's language, else in the first that there is.
    pub(in crate::web) fn titled(
        &self,
        titles: &std::collections::BTreeMap<Language, String>,
        key: &str,
    ) -> String {
        let title = titles.get(&self.lang).or_else(|| titles.values().next());
        title.cloned().unwrap_or_else(|| key.to_owned())
    }

    /// What a deed found wrong, in the reader's words where there are some for the field:
    /// `family-field`.
    pub(in crate::web) fn errors(
        &self,
        family: &str,
        error: app::Error,
    ) -> Result<Errors, Problem> {
        let app::Error::Invalid(problems) = error else { return Err(error.into()) };
        let mut errors = Errors::default();
        for problem in problems {
            let place = problem.place.split('-').next().unwrap_or_default();
            let key = format!("{family}-{}", place.replace('_', "-"));
            let said = say(self.lang, &key, &HashMap::new()).unwrap_or(problem.message);
            errors.add(&problem.place.replace('-', "_"), said);
        }
        Ok(errors)
    }
}

/// One of several to choose from.
#[derive(Debug, Clone, serde::Serialize)]
pub(in crate::web) struct Choice {
    pub(in crate::web) value: String,
    pub(in crate::web) title: String,
    pub(in crate::web) chosen: bool,
}

impl Choice {
    pub(in crate::web) fn new(value: impl Into<String>, title: String, chosen: &str) -> Self {
        let value = value.into();
        Self { chosen: value == chosen, value, title }
    }
}
