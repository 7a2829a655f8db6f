//! Numbers, shares, times and sentences as the reader's language has them.

use std::{borrow::Cow, collections::HashMap};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use fluent_templates::fluent_bundle::FluentValue;

use crate::{
    domain::{delivery::State, language::Language},
    web::{
        WebState,
        words::{say, say_time},
    },
};

use super::Staff;

/// Who speaks: a language, and the institution's clock.
#[derive(Debug, Clone, Copy)]
pub(in crate::web) struct Tell {
    pub(in crate::web) lang: Language,
    pub(in crate::web) zone: Tz,
}

impl Tell {
    pub(in crate::web) fn to(staff: &Staff, state: &WebState) -> Self {
        Self { lang: staff.lang, zone: state.app().institution.time_zone }
    }

    /// A whole number with its thousands apart.
    pub(in crate::web) fn number(self, n: i64) -> String {
        let apart = if self.lang == Language::EN { ',' } else { '\u{a0}' };
        let digits = n.unsigned_abs().to_string();
        let mut text = String::with_capacity(digits.len() * 2);
        if n < 0 {
            text.push('\u{2212}');
        }
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                text.push(apart);
            }
            text.push(digit);
        }
        text
    }

    /// What part `n` is of `whole`, in per cent; a dash of nothing.
    pub(in crate::web) fn share(self, n: i64, whole: i64) -> String {
        if whole <= 0 {
            return "–".to_owned();
        }
        let per_mille = (i128::from(n) * 1_000 + i128::from(whole) / 2) / i128::from(whole);
        let point = if self.lang == Language::EN { '.' } else { ',' };
        match (n, per_mille) {
            (0, _) => "0%".to_owned(),
            (_, 0) => format!("<0{point}1%"),
            (_, 1_000) if n == whole => "100%".to_owned(),
            _ => format!("{}{point}{}%", per_mille / 10, per_mille % 10),
        }
    }

    /// A date and time.
    pub(in crate::web) fn time(self, at: DateTime<Utc>) -> String {
        say_time(self.lang, at, self.zone)
    }

    /// The time of day alone, if `at` is today; else date and time.
    pub(in crate::web) fn clock(self, at: DateTime<Utc>, now: DateTime<Utc>) -> String {
        let (at_home, now) = (at.with_timezone(&self.zone), now.with_timezone(&self.zone));
        if at_home.date_naive() == now.date_naive() {
            at_home.format("%H:%M").to_string()
        } else {
            self.time(at)
        }
    }

    /// Day, month and time in figures, where a column must be narrow.
    pub(in crate::web) fn short(self, at: DateTime<Utc>) -> String {
        at.with_timezone(&self.zone).format("%d.%m %H:%M").to_string()
    }

    /// A sentence without figures.
    pub(in crate::web) fn sentence(self, key: &str) -> String {
        say(self.lang, key, &HashMap::new()).unwrap_or_else(|| key.to_owned())
    }

    /// A sentence about `n` of something: the number chooses the form, its text is shown.
    pub(in crate::web) fn counted(self, key: &str, n: i64) -> String {
        self.with(key, &[("n", FluentValue::from(n)), ("shown", self.number(n).into())])
    }

    /// A sentence with figures.
    pub(in crate::web) fn with(
        self,
        key: &str,
        figures: &[(&'static str, FluentValue<'static>)],
    ) -> String {
        let figures =
            figures.iter().map(|(name, value)| (Cow::Borrowed(*name), value.clone())).collect();
        say(self.lang, key, &figures).unwrap_or_else(|| key.to_owned())
    }

    /// Why a delivery was skipped, failed or is uncertain; a word that has no sentence yet as it is.
    pub(in crate::web) fn reason(self, word: &str) -> String {
        say(self.lang, &format!("reason-{word}"), &HashMap::new())
            .unwrap_or_else(|| word.to_owned())
    }

    /// Where a delivery stands.
    pub(in crate::web) fn state(self, state: State) -> String {
        self.sentence(&format!("live-state-{state}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{gate::Refusal, reply::Class};

    fn tell(lang: Language) -> Tell {
        Tell { lang, zone: Tz::Asia__Almaty }
    }

    #[test]
    fn thousands_stand_apart_as_the_language_has_it() {
        assert_eq!(tell(Language::EN).number(1_234_567), "1,234,567");
        assert_eq!(tell(Language::KK).number(12_345), "12\u{a0}345");
        assert_eq!(tell(Language::RU).number(999), "999");
    }

    #[test]
    fn a_share_is_never_rounded_to_nothing_or_to_all() {
        let ru = tell(Language::RU);
        assert_eq!(ru.share(1, 3), "33,3%");
        assert_eq!(ru.share(0, 3), "0%");
        assert_eq!(ru.share(1, 1_000_000), "<0,1%");
        assert_eq!(tell(Language::EN).share(5, 5), "100%");
        assert_eq!(ru.share(5, 0), "–");
    }

    #[test]
    fn every_reason_and_state_has_a_sentence_in_every_language() {
        let refusals = Refusal::ALL.iter().map(|one| one.as_str());
        let classes = Class::ALL.into_iter().map(Class::as_str);
        let reasons: Vec<&str> =
            refusals.chain(classes).chain(["cancelled", "answer_lost", "node_lost"]).collect();
        for lang in [Language::KK, Language::RU, Language::EN] {
            for reason in &reasons {
                assert_ne!(tell(lang).reason(reason), *reason, "{lang}");
            }
            for &state in State::ALL {
                assert!(!tell(lang).state(state).starts_with("live-"), "{lang} {state}");
            }
        }
    }
}
