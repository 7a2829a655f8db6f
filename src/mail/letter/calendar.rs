//! "Add to calendar": an event as an .ics file (RFC 5545; METHOD:PUBLISH, which asks for no answer).

use chrono::{DateTime, Offset as _, TimeZone as _, Utc};
use icalendar::{
    Calendar, CalendarDateTime, Component as _, DatePerhapsTime, Event as Entry, EventLike as _,
};

use crate::domain::{
    ledger::sha256,
    letter::{Event, EventTime},
};

/// What stands for the moment of writing while the file is only named: a file's name must not
/// change while what it says does not.
const UNWRITTEN: DateTime<Utc> = DateTime::UNIX_EPOCH;

/// An event's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarFile {
    /// SHA-256 of what it says, the time of writing apart: names the file.
    pub sha256: [u8; 32],
    event: Event,
    time: EventTime,
    host: String,
}

impl CalendarFile {
    /// The file of an event that has a time. `host` makes its id unique in the world.
    pub(super) fn of(event: &Event, host: &str) -> Option<Self> {
        let time = event.time.clone().filter(|time| time.starts_at().is_some())?;
        let (event, host) = (event.clone(), host.to_owned());
        let mut file = Self { sha256: [0; 32], event, time, host };
        file.sha256 = sha256(file.text(UNWRITTEN).as_bytes());
        Some(file)
    }

    /// What people call the event.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.event.title
    }

    /// The file, written at a moment.
    #[must_use]
    pub fn text(&self, now: DateTime<Utc>) -> String {
        let mut entry = Entry::with_uid(&format!("{}@{}", self.event.id, self.host));
        entry.timestamp(now).summary(&one_line(&self.event.title));
        entry.starts(self.local(self.time.start)).ends(self.local(self.time.end()));
        let online = self.event.online.trim();
        let place = if self.event.place.trim().is_empty() { online } else { &self.event.place };
        if !place.is_empty() {
            entry.location(&one_line(place));
        }
        let about: Vec<_> =
            [self.event.description.trim(), online].into_iter().filter(|t| !t.is_empty()).collect();
        if !about.is_empty() {
            entry.description(&lines(&about.join("\n\n")));
        }
        if !online.is_empty() {
            entry.url(&one_line(online));
        }
        let mut calendar = Calendar::empty();
        calendar.append_property(("VERSION", "2.0"));
        calendar.append_property(("PRODID", "-//Kelisim//Kelisim//EN"));
        calendar.append_property(("METHOD", "PUBLISH"));
        calendar.push(entry.done());
        // The library writes no zones (each would get a UID), and a TZID must name one (3.2.19).
        calendar.to_string().replacen("BEGIN:VEVENT", &format!("{}BEGIN:VEVENT", self.zone()), 1)
    }

    fn local(&self, at: chrono::NaiveDateTime) -> DatePerhapsTime {
        let tzid = self.time.zone.name().to_owned();
        DatePerhapsTime::DateTime(CalendarDateTime::WithTimezone { date_time: at, tzid })
    }

    /// The zone as it is on the day of the event.
    fn zone(&self) -> String {
        let zone = self.time.zone;
        let moment = self.time.starts_at().unwrap_or(UNWRITTEN).naive_utc();
        let seconds = zone.offset_from_utc_datetime(&moment).fix().local_minus_utc();
        let (sign, minutes) = (if seconds < 0 { '-' } else { '+' }, seconds.abs() / 60);
        let offset = format!("{sign}{:02}{:02}", minutes / 60, minutes % 60);
        format!(
            "BEGIN:VTIMEZONE\r\nTZID:{}\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n\
             TZOFFSETFROM:{offset}\r\nTZOFFSETTO:{offset}\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n",
            zone.name()
        )
    }
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn lines(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn file(change: &serde_json::Value) -> CalendarFile {
        let mut event = json!({
            "id": "01890a5d-ac96-774b-bcce-b302099a8057",
            "title": "Заманауи сабақ, 2027",
            "time": { "start": "2027-02-05T10:00:00", "end": "2027-02-05T18:00:00", "zone": "Asia/Almaty" },
            "place": "Астана; Мәңгілік Ел, 1",
            "description": "Бірінші жол\nЕкінші жол: ашық сабақтар, шеберлік сыныптары және тәжірибе алмасу",
        });
        for (key, value) in change.as_object().unwrap() {
            event[key] = value.clone();
        }
        CalendarFile::of(&serde_json::from_value(event).unwrap(), "mail.example.kz").unwrap()
    }

    fn unfolded(text: &str) -> String {
        text.replace("\r\n ", "")
    }

    #[test]
    fn the_file_says_what_calendars_need() {
        let text = unfolded(&file(&json!({})).text(DateTime::UNIX_EPOCH));
        for line in [
            "METHOD:PUBLISH",
            "UID:01890a5d-ac96-774b-bcce-b302099a8057@mail.example.kz",
            "DTSTAMP:19700101T000000Z",
            "DTSTART;TZID=Asia/Almaty:20270205T100000",
            "DTEND;TZID=Asia/Almaty:20270205T180000",
            "SUMMARY:Заманауи сабақ\\, 2027",
            "LOCATION:Астана\\; Мәңгілік Ел\\, 1",
            "TZOFFSETTO:+0500",
        ] {
            assert!(text.contains(&format!("{line}\r\n")), "{line}\n{text}");
        }
        assert!(text.contains("DESCRIPTION:Бірінші жол\\nЕкінші жол"), "{text}");
    }

    #[test]
    fn no_line_is_longer_than_75_octets_and_none_ends_within_a_letter() {
        let text = file(&json!({ "title": "Ұлттық ".repeat(40) })).text(DateTime::UNIX_EPOCH);
        assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
        assert!(!text.replace("\r\n", "").contains('\n'));
    }

    #[test]
    fn its_name_changes_with_what_it_says_and_not_with_time() {
        let first = file(&json!({}));
        assert_eq!(first, file(&json!({})));
        assert_ne!(first.sha256, file(&json!({ "place": "Алматы" })).sha256);
        assert_ne!(
            first.text(DateTime::UNIX_EPOCH),
            first.text(DateTime::UNIX_EPOCH + chrono::TimeDelta::days(1))
        );
    }

    #[test]
    fn nothing_typed_begins_a_property_of_its_own() {
        let text =
            file(&json!({ "title": "a\r\nATTENDEE:mailto:x@example.kz", "description": "b\nX:y" }))
                .text(DateTime::UNIX_EPOCH);
        assert!(!unfolded(&text).contains("\r\nATTENDEE") && !unfolded(&text).contains("\r\nX:"));
    }
}
