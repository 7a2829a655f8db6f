//! `campaign.toml`: everything of a campaign but its bodies.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chrono::{DateTime, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use toml::de::{DeTable, DeValue};

use super::finding::{Code, Finding, Place, line_and_column, nearest};
use crate::domain::{address::Address, language::Language, pace::SendRate};

/// The name of the file.
pub const CAMPAIGN_FILE: &str = "campaign.toml";
/// Entries of one list in `[fields]`: loops multiply.
const LIST_MAX: usize = 100;

/// A campaign as it is written down.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CampaignFile {
    /// What staff call it; recipients see it on the page where they leave.
    pub name: String,
    /// The key of a purpose of the catalogue, such as `news`.
    pub purpose: String,
    /// On whose behalf: `institution`, or the key of a partner.
    #[serde(default = "institution")]
    pub party: String,
    /// Who sends.
    pub sender: Sender,
    /// Subject template by language.
    pub subject: BTreeMap<Language, String>,
    /// What a mailbox shows behind the subject, by language.
    #[serde(default)]
    pub preheader: BTreeMap<Language, String>,
    /// Who gets it: rules that are read elsewhere.
    #[serde(default)]
    pub audience: Option<toml::Table>,
    /// When it starts.
    #[serde(default)]
    pub schedule: Schedule,
    /// The most messages in so much time, such as `100/1m`.
    #[serde(default)]
    pub pace: Option<SendRate>,
    /// Values of `{{field.<key>}}`. A table with the key `kk` holds one value per language.
    #[serde(default)]
    pub fields: toml::Table,
    /// Where keys stand in the file, so that findings can say so.
    #[serde(skip)]
    places: BTreeMap<String, (usize, usize)>,
}

/// Who sends a campaign.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sender {
    /// The `From` address.
    pub address: Address,
    /// Where answers go; the `From` address if not given.
    #[serde(default)]
    pub reply_to: Option<Address>,
    /// The name shown with the address, by language.
    #[serde(default)]
    pub name: BTreeMap<Language, String>,
}

/// When a campaign starts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// The moment; none if a person starts it.
    #[serde(default)]
    pub at: Option<StartAt>,
}

/// A moment as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "toml::Value", into = "String")]
pub enum StartAt {
    /// With its offset from UTC: `2026-12-01T10:00:00+05:00`.
    Instant(DateTime<Utc>),
    /// Without: on the clock of the institution's time zone.
    Local(NaiveDateTime),
}

impl fmt::Display for StartAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Instant(at) => f.write_str(&at.to_rfc3339()),
            Self::Local(at) => write!(f, "{}", at.format("%Y-%m-%dT%H:%M:%S")),
        }
    }
}

impl From<StartAt> for String {
    fn from(at: StartAt) -> Self {
        at.to_string()
    }
}

impl TryFrom<toml::Value> for StartAt {
    type Error = String;

    fn try_from(value: toml::Value) -> Result<Self, String> {
        let text = match &value {
            toml::Value::String(text) => text.clone(),
            toml::Value::Datetime(at) => at.to_string(),
            _ => String::new(),
        };
        if let Ok(at) = DateTime::parse_from_rfc3339(&text) {
            return Ok(Self::Instant(at.to_utc()));
        }
        ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"]
            .iter()
            .find_map(|form| NaiveDateTime::parse_from_str(&text, form).ok())
            .map(Self::Local)
            .ok_or_else(|| {
                format!("\"{text}\" is not a date with a time such as 2026-12-01T10:00:00+05:00")
            })
    }
}

fn institution() -> String {
    "institution".to_owned()
}

impl CampaignFile {
    /// Reads the text of `campaign.toml`.
    ///
    /// # Errors
    /// Everything that is wrong with it, with line and column: syntax, unknown keys, missing keys,
    /// values that are not what they should be.
    pub fn read(text: &str) -> Result<Self, Vec<Finding>> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let (table, errors) = DeTable::parse_recoverable(text);
        if !errors.is_empty() {
            return Err(errors
                .iter()
                .map(|error| toml_finding(text, Code::BadToml, error))
                .collect());
        }
        let mut keys = Keys { text, findings: Vec::new(), places: BTreeMap::new() };
        keys.walk("", table.get_ref());
        match toml::from_str::<Self>(text) {
            Ok(mut file) if keys.findings.is_empty() => {
                file.places = keys.places;
                file.judge_fields()?;
                Ok(file)
            }
            Ok(_) => Err(keys.findings),
            Err(error) => {
                let mut finding = toml_finding(text, Code::BadValue, &error);
                // A missing key has no place of its own; the first line is no help.
                if error.message().starts_with("missing field") {
                    "Add the key; docs/campaigns.md shows a whole file"
                        .clone_into(&mut finding.fix);
                }
                keys.findings.push(finding);
                Err(keys.findings)
            }
        }
    }

    /// The place of a key such as `subject.kk`, if it was read from a file.
    #[must_use]
    pub fn place(&self, key: &str) -> Option<Place> {
        let (line, column) = *self.places.get(key)?;
        Some(Place { file: CAMPAIGN_FILE.to_owned(), language: None, line, column })
    }

    pub(super) fn starts_at(&self, key: &str) -> (usize, usize) {
        self.places.get(key).map_or((1, 1), |(line, column)| (*line, *column))
    }

    /// The keys of `[fields]`.
    #[must_use]
    pub fn declared(&self) -> BTreeSet<String> {
        self.fields.keys().cloned().collect()
    }

    /// The values of `[fields]` for a language, Kazakh where it has none of its own.
    #[must_use]
    pub fn fields_in(&self, language: Language) -> Map<String, Value> {
        self.fields.iter().map(|(key, value)| (key.clone(), localised(value, language))).collect()
    }

    /// Checks the keys of `[fields]` and the length of its lists.
    pub(crate) fn judge_fields(&self) -> Result<(), Vec<Finding>> {
        let findings: Vec<_> = self
            .fields
            .iter()
            .filter_map(|(key, value)| {
                let plain = key.starts_with(|c: char| c.is_ascii_lowercase())
                    && key
                        .chars()
                        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
                let (message, fix) = if !plain {
                    (
                        "a field's key is lower-case letters, digits and _",
                        "Write a key such as event_date",
                    )
                } else if longest_list(value) > LIST_MAX {
                    ("a list has more than 100 entries", "Link to a page with the whole list")
                } else {
                    return None;
                };
                let place = self.place(&format!("fields.{key}"));
                Some(Finding::stops(Code::BadValue, place, message.to_owned(), fix.to_owned()))
            })
            .collect();
        if findings.is_empty() { Ok(()) } else { Err(findings) }
    }
}

fn longest_list(value: &toml::Value) -> usize {
    match value {
        toml::Value::Array(list) => {
            list.iter().map(longest_list).max().unwrap_or(0).max(list.len())
        }
        toml::Value::Table(table) => {
            table.values().map(longest_list).max().unwrap_or(0).max(table.len())
        }
        _ => 0,
    }
}

fn localised(value: &toml::Value, language: Language) -> Value {
    match value {
        toml::Value::Table(table) => match table.get("kk") {
            Some(kazakh) => localised(table.get(language.as_str()).unwrap_or(kazakh), language),
            None => {
                table.iter().map(|(key, value)| (key.clone(), localised(value, language))).collect()
            }
        },
        toml::Value::Array(list) => list.iter().map(|value| localised(value, language)).collect(),
        toml::Value::String(text) => Value::from(text.as_str()),
        toml::Value::Integer(number) => Value::from(*number),
        toml::Value::Float(number) => Value::from(*number),
        toml::Value::Boolean(yes) => Value::from(*yes),
        toml::Value::Datetime(at) => Value::from(at.to_string()),
    }
}

fn toml_finding(text: &str, code: Code, error: &toml::de::Error) -> Finding {
    let (line, column) = line_and_column(text, error.span().map_or(0, |span| span.start));
    let place = Place { file: CAMPAIGN_FILE.to_owned(), language: None, line, column };
    let message = error.message().trim().replace('\n', ", ");
    Finding::stops(code, Some(place), message, "docs/campaigns.md shows a whole file".to_owned())
}

struct Keys<'a> {
    text: &'a str,
    findings: Vec<Finding>,
    places: BTreeMap<String, (usize, usize)>,
}

impl Keys<'_> {
    fn walk(&mut self, parent: &str, table: &DeTable<'_>) {
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            let path = if parent.is_empty() { name.to_owned() } else { format!("{parent}.{name}") };
            if let Some((known, what)) = unknown(parent, name) {
                self.unknown(key.span().start, name, &known, what);
                continue;
            }
            // A text begins behind its quote.
            let quote = usize::from(matches!(value.get_ref(), DeValue::String(_)));
            let place = line_and_column(self.text, value.span().start + quote);
            if let DeValue::Table(inner) = value.get_ref() {
                self.walk(&path, inner);
            }
            self.places.insert(path, place);
        }
    }

    fn unknown(&mut self, at: usize, name: &str, known: &[&str], what: &str) {
        let (line, column) = line_and_column(self.text, at);
        let place = Place { file: CAMPAIGN_FILE.to_owned(), language: None, line, column };
        let fix = match nearest(name, known.iter().copied()) {
            Some(near) => format!("Did you mean \"{near}\"?"),
            None => format!("Use {}", known.join(", ")),
        };
        let message = format!("\"{name}\" is not {what}");
        self.findings.push(Finding::stops(Code::UnknownKey, Some(place), message, fix));
    }
}

/// The keys that were possible, if this one was not.
fn unknown(parent: &str, name: &str) -> Option<(Vec<&'static str>, &'static str)> {
    const TOP: [&str; 10] = [
        "name",
        "purpose",
        "party",
        "sender",
        "subject",
        "preheader",
        "audience",
        "schedule",
        "pace",
        "fields",
    ];
    match parent {
        "" if !TOP.contains(&name) => Some((TOP.to_vec(), "a key of campaign.toml")),
        "sender" if !["address", "reply_to", "name"].contains(&name) => {
            Some((vec!["address", "reply_to", "name"], "a key of [sender]"))
        }
        "schedule" if name != "at" => Some((vec!["at"], "a key of [schedule]")),
        "subject" | "preheader" | "sender.name" if name.parse::<Language>().is_err() => {
            Some((vec!["kk", "ru", "en"], "a language"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = r#"
name = "Наурыз жаңалықтары"
purpose = "news"
pace = "100/1m"

[sender]
address = "news@example.kz"
name.kk = "Педагогикалық шеберлік орталығы"

[subject]
kk = "Сәлем, {{given_name}}"
ru = "Здравствуйте"

[schedule]
at = 2026-12-01T10:00:00+05:00

[fields]
hours = 36
place = { kk = "Астана қаласы", ru = "город Астана" }
topics = [{ title = { kk = "Бір", ru = "Один" } }]
"#;

    fn said(text: &str) -> Vec<String> {
        CampaignFile::read(text).unwrap_err().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_whole_file_is_read() {
        let file = CampaignFile::read(WHOLE).unwrap();
        assert_eq!((file.party.as_str(), file.subject.len()), ("institution", 2));
        assert_eq!(file.place("subject.kk").unwrap().to_string(), "campaign.toml:11:7");
        let at: DateTime<Utc> = "2026-12-01T05:00:00Z".parse().unwrap();
        assert_eq!(file.schedule.at, Some(StartAt::Instant(at)));
        let english = file.fields_in(Language::EN);
        assert_eq!(english["place"], "Астана қаласы");
        assert_eq!(file.fields_in(Language::RU)["topics"][0]["title"], "Один");
        assert_eq!(english["hours"], 36);
    }

    #[test]
    fn a_moment_without_an_offset_is_on_the_local_clock() {
        let text = WHOLE.replace("+05:00", "");
        let local = CampaignFile::read(&text).unwrap().schedule.at.unwrap();
        assert_eq!(local.to_string(), "2026-12-01T10:00:00");
        assert!(matches!(local, StartAt::Local(_)));
    }

    #[test]
    fn every_unknown_key_is_told_with_its_place_and_what_was_meant() {
        let text = WHOLE.replace("pace", "pase").replace("address", "adress");
        let said = said(&text);
        assert!(said[0].contains("campaign.toml:4:1: \"pase\" is not a key"), "{said:?}");
        assert!(said[0].contains("Did you mean \"pace\"?"));
        assert!(said[1].contains("campaign.toml:7:1: \"adress\" is not a key of [sender]"));
    }

    #[test]
    fn wrong_values_and_broken_syntax_are_told_with_their_place() {
        let rate = said(&WHOLE.replace("100/1m", "0/1m"));
        assert!(rate[0].contains("campaign.toml:4:8: \"0/1m\" is not a rate"), "{rate:?}");
        let syntax = said("name = \"a\npurpose = 1");
        assert!(syntax[0].starts_with("stops campaign.toml:1:"), "{syntax:?}");
        let missing = said("name = \"a\"");
        assert!(missing[0].contains("missing field `purpose`"), "{missing:?}");
        let address = said(&WHOLE.replace("news@example.kz", "news"));
        assert!(address[0].contains("campaign.toml:7:11"), "{address:?}");
        let key = said(&WHOLE.replace("hours", "\"Hours 1\""));
        assert!(key[0].contains("lower-case letters"), "{key:?}");
    }
}
