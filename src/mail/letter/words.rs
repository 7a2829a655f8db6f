//! Dates, prices and the few words of our own, in the language of the letter.

use std::{borrow::Cow, collections::HashMap};

use chrono::{Datelike as _, NaiveDate, Offset as _, TimeZone as _};
use fluent_templates::fluent_bundle::FluentValue;

use crate::domain::{
    language::Language,
    letter::{Amount, Currency, EventTime, Network},
};
use crate::mail::render::wording::tell;

/// One of `letter-…` without arguments.
pub(super) fn say(language: Language, id: &str) -> String {
    tell(language, id, &HashMap::new())
}

fn say_with(language: Language, id: &str, name: &'static str, value: String) -> String {
    tell(language, id, &HashMap::from([(Cow::Borrowed(name), FluentValue::from(value))]))
}

/// A day.
pub(super) fn date(language: Language, day: NaiveDate) -> String {
    let arguments = HashMap::from([
        (Cow::Borrowed("day"), FluentValue::from(day.day())),
        (Cow::Borrowed("month"), FluentValue::from(day.month())),
        (Cow::Borrowed("year"), FluentValue::from(day.year().to_string())),
    ]);
    tell(language, "letter-date", &arguments)
}

/// From when to when, with the zone's distance from UTC.
pub(super) fn period(language: Language, time: &EventTime) -> String {
    let (start, end) = (time.start, time.end);
    let clock = |at: chrono::NaiveDateTime| at.format("%H:%M").to_string();
    let day = |at: chrono::NaiveDateTime| date(language, at.date());
    let zone = utc_offset(time);
    match end {
        None => format!("{}, {} ({zone})", day(start), clock(start)),
        Some(end) if end.date() == start.date() => {
            format!("{}, {}–{} ({zone})", day(start), clock(start), clock(end))
        }
        Some(end) => {
            format!("{}, {} – {}, {} ({zone})", day(start), clock(start), day(end), clock(end))
        }
    }
}

fn utc_offset(time: &EventTime) -> String {
    let moment = time.starts_at().map_or(time.start, |at| at.naive_utc());
    let seconds = time.zone.offset_from_utc_datetime(&moment).fix().local_minus_utc();
    let (sign, minutes) = (if seconds < 0 { '−' } else { '+' }, seconds.abs() / 60);
    match minutes % 60 {
        0 => format!("UTC{sign}{}", minutes / 60),
        rest => format!("UTC{sign}{}:{rest:02}", minutes / 60),
    }
}

/// Until when an offer holds.
pub(super) fn until(language: Language, day: NaiveDate) -> String {
    say_with(language, "letter-until", "date", date(language, day))
}

/// What it cost before.
pub(super) fn instead(language: Language, price: String) -> String {
    say_with(language, "letter-instead", "price", price)
}

/// `12 500 ₸`; in English `12,500 ₸`. Blanks in it do not break.
pub(super) fn price(language: Language, amount: Amount, currency: Currency) -> String {
    let (group, point) = if language == Language::EN { (',', '.') } else { ('\u{a0}', ',') };
    let (whole, hundredths) = amount.parts();
    let digits = whole.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(group);
        }
        grouped.push(digit);
    }
    let rest = if hundredths == 0 { String::new() } else { format!("{point}{hundredths:02}") };
    format!("{grouped}{rest}\u{a0}{}", currency.sign())
}

/// What a network is called.
pub(super) fn network(language: Language, network: Network) -> String {
    let name = match network {
        Network::Website => return say(language, "letter-network-website"),
        Network::Instagram => "Instagram",
        Network::Facebook => "Facebook",
        Network::YouTube => "YouTube",
        Network::Telegram => "Telegram",
        Network::TikTok => "TikTok",
        Network::LinkedIn => "LinkedIn",
        Network::WhatsApp => "WhatsApp",
        Network::Vk => "VK",
        Network::X => "X",
        Network::Threads => "Threads",
    };
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_reads_as_people_write_it() {
        let amount = |text: &str| text.parse::<Amount>().unwrap();
        assert_eq!(
            price(Language::KK, amount("1250000"), Currency::Kzt),
            "1\u{a0}250\u{a0}000\u{a0}₸"
        );
        assert_eq!(price(Language::RU, amount("99.9"), Currency::Rub), "99,90\u{a0}₽");
        assert_eq!(price(Language::EN, amount("12500.5"), Currency::Usd), "12,500.50\u{a0}$");
    }

    #[test]
    fn a_time_is_told_with_its_zone() {
        let time: EventTime = serde_json::from_str(
            r#"{"start":"2027-02-05T10:00:00","end":"2027-02-05T18:30:00","zone":"Asia/Almaty"}"#,
        )
        .unwrap();
        assert_eq!(period(Language::KK, &time), "2027 жылғы 5 ақпан, 10:00–18:30 (UTC+5)");
        assert_eq!(period(Language::RU, &time), "5 февраля 2027 г., 10:00–18:30 (UTC+5)");
        assert_eq!(period(Language::EN, &time), "5 February 2027, 10:00–18:30 (UTC+5)");
    }

    #[test]
    fn every_sentence_is_there_in_every_language() {
        let keys = |text: &'static str| -> Vec<&str> {
            text.lines().filter_map(|line| line.split_once(" = ")).map(|(id, _)| id).collect()
        };
        let kazakh = keys(include_str!("../../../assets/locales/kk/letter.ftl"));
        assert_eq!(kazakh, keys(include_str!("../../../assets/locales/ru/letter.ftl")));
        assert_eq!(kazakh, keys(include_str!("../../../assets/locales/en/letter.ftl")));
    }
}
