//! Cards: an event and an offer.

use std::{fmt, str::FromStr};

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    block::{Button, Picture},
    rich::Rich,
};
use crate::domain::words::words;

/// An event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Stays the same in all languages and however often the event is changed: calendars know it
    /// again by this (RFC 5545, 3.8.4.7).
    pub id: Uuid,
    /// What it is called.
    #[serde(default)]
    pub title: String,
    /// When; none while it is not known yet.
    #[serde(default)]
    pub time: Option<EventTime>,
    /// Where people meet; may be empty if they meet online.
    #[serde(default)]
    pub place: String,
    /// The address of the online meeting.
    #[serde(default)]
    pub online: String,
    /// What it is about.
    #[serde(default)]
    pub description: String,
    /// Whether "add to calendar" is offered.
    #[serde(default = "yes")]
    pub calendar: bool,
    /// Such as "Register".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub button: Option<Button>,
}

/// From when to when, on the clock of a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventTime {
    /// Local time.
    pub start: NaiveDateTime,
    /// Local time, later than the start; without it an hour is assumed in calendars.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<NaiveDateTime>,
    /// IANA zone such as `Asia/Almaty`.
    pub zone: Tz,
}

impl EventTime {
    /// How long an event lasts whose end is not said, in minutes.
    pub const MINUTES_ASSUMED: i64 = 60;

    /// The end, said or assumed.
    #[must_use]
    pub fn end(&self) -> NaiveDateTime {
        self.end.unwrap_or(self.start + TimeDelta::minutes(Self::MINUTES_ASSUMED))
    }

    /// The start as a moment; none if the local time does not exist there (a clock put forward).
    #[must_use]
    pub fn starts_at(&self) -> Option<DateTime<Utc>> {
        self.start.and_local_timezone(self.zone).earliest().map(|at| at.to_utc())
    }
}

/// An offer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// What is offered.
    #[serde(default)]
    pub title: String,
    /// What it costs now; none if the price is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Amount>,
    /// What it cost before; more than now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_before: Option<Amount>,
    /// Of both prices.
    #[serde(default)]
    pub currency: Currency,
    /// The last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    /// More about it.
    #[serde(default)]
    pub text: Rich,
    /// Such as "Order".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub button: Option<Button>,
    /// Above it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
}

words! {
    /// A currency (ISO 4217).
    #[derive(Default)]
    Currency ("currency") {
        /// Tenge.
        #[default]
        Kzt = "KZT",
        /// Rouble.
        Rub = "RUB",
        /// US dollar.
        Usd = "USD",
        /// Euro.
        Eur = "EUR",
    }
}

impl Currency {
    /// The sign that readers know.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Kzt => "₸",
            Self::Rub => "₽",
            Self::Usd => "$",
            Self::Eur => "€",
        }
    }
}

/// An amount of money in hundredths, from 0 to a thousand million; as JSON `"12500"` or `"99.90"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Amount {
    hundredths: u64,
}

/// Not an amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an amount is written like 12500 or 99.90")]
pub struct NotAnAmount;

impl Amount {
    const WHOLE_MAX: u64 = 1_000_000_000;

    /// Units and hundredths of a unit.
    #[must_use]
    pub fn parts(self) -> (u64, u64) {
        (self.hundredths / 100, self.hundredths % 100)
    }
}

impl FromStr for Amount {
    type Err = NotAnAmount;

    fn from_str(text: &str) -> Result<Self, NotAnAmount> {
        let (whole, rest) = text.split_once(['.', ',']).unwrap_or((text, "00"));
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(rest) || !(1..=2).contains(&rest.len()) {
            return Err(NotAnAmount);
        }
        let whole: u64 = whole.parse().map_err(|_| NotAnAmount)?;
        let hundredths: u64 = format!("{rest:0<2}").parse().map_err(|_| NotAnAmount)?;
        if whole > Self::WHOLE_MAX {
            return Err(NotAnAmount);
        }
        Ok(Self { hundredths: whole * 100 + hundredths })
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.parts() {
            (whole, 0) => write!(f, "{whole}"),
            (whole, hundredths) => write!(f, "{whole}.{hundredths:02}"),
        }
    }
}

impl TryFrom<String> for Amount {
    type Error = NotAnAmount;

    fn try_from(text: String) -> Result<Self, NotAnAmount> {
        text.parse()
    }
}

impl From<Amount> for String {
    fn from(amount: Amount) -> Self {
        amount.to_string()
    }
}

fn yes() -> bool {
    true
}
