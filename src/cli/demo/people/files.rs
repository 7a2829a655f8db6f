//! The files in which sample people come: three, from three systems, at three times.
//!
//! | file | who | consents |
//! |---|---|---|
//! | `forum.csv` | the first 420 | under edition 1 of the policy, which then changed: need reconfirmation |
//! | `courses.csv` | the next 300 | under edition 2, more than two years ago: expired |
//! | `registrations.csv` | the rest, and some of the others again | under edition 2, the last 20 months |

use chrono::{DateTime, Datelike as _, TimeDelta, Utc};
use chrono_tz::Tz;
use csv::{Terminator, WriterBuilder};

use super::{COURSES, Chance, FORUM, Person, REGISTERED};

/// How many days before now things happened.
pub(in super::super) mod days {
    /// The first edition of the policy was published.
    pub(in super::super::super) const FIRST_EDITION: i64 = 1_100;
    /// `forum.csv` came.
    pub(in super::super::super) const FORUM: i64 = 945;
    /// The second edition was published.
    pub(in super::super::super) const SECOND_EDITION: i64 = 910;
    /// `courses.csv` came.
    pub(in super::super::super) const COURSES: i64 = 755;
}

/// 20 months: the earliest registration.
const REGISTERED_DAYS: i64 = 608;

/// Of the people in `forum.csv` and `courses.csv`, one of so many registers again.
const AGAIN: usize = 6;
/// Rows that are not taken, each with one fault, the address first.
const FAULTY: [[&str; 4]; 9] = [
    ["saule.example.kz", "", "yes", "2"],
    ["dana@example", "", "yes", "2"],
    ["two@example.kz three@example.kz", "", "yes", "2"],
    ["", "", "yes", "2"],
    ["note@example.kz", "ЖСН 900101300007", "yes", "2"],
    ["card@example.kz", "4111 1111 1111 1111", "yes", "2"],
    ["iban@example.kz", "KZ86125KZT5004100100", "yes", "2"],
    ["maybe@example.kz", "", "maybe", "2"],
    ["edition@example.kz", "", "yes", "the new one"],
];

/// A file to bring in.
#[derive(Debug)]
pub(in super::super) struct ContactsFile {
    /// What it is called.
    pub name: &'static str,
    /// Its octets.
    pub text: Vec<u8>,
}

/// All three, in the order in which they came.
#[derive(Debug)]
pub(in super::super) struct Files {
    pub forum: ContactsFile,
    pub courses: ContactsFile,
    pub registrations: ContactsFile,
}

/// Writes the files as of `now`, with times on the clocks of `zone`.
pub(in super::super) fn files(
    people: &[Person],
    now: DateTime<Utc>,
    zone: Tz,
) -> Result<Files, csv::Error> {
    let sheet = Sheet { people, now, zone };
    Ok(Files {
        forum: sheet.forum()?,
        courses: sheet.courses()?,
        registrations: sheet.registrations()?,
    })
}

/// Whether somebody of the earlier files registered again in the last months.
pub(in super::super) fn came_again(person: &Person) -> bool {
    !REGISTERED.contains(&person.index) && person.index.is_multiple_of(AGAIN)
}

struct Sheet<'a> {
    people: &'a [Person],
    now: DateTime<Utc>,
    zone: Tz,
}

impl Sheet<'_> {
    /// In Kazakh, between semicolons, as a spreadsheet saves it.
    fn forum(&self) -> Result<ContactsFile, csv::Error> {
        let mut rows = Rows::new(b';', "\u{feff}");
        rows.write(&[
            "Эл. пошта",
            "Тегі",
            "Аты",
            "Әкесінің аты",
            "Тіл",
            "Өңір",
            "Топ",
            "Келісім мақсаты",
            "Келісім көзі",
            "Келісім күні",
            "Саясат нұсқасы",
        ])?;
        for one in &self.people[FORUM] {
            let (given_at, year) =
                self.day_and_year(one, days::FORUM + 1, days::FIRST_EDITION - 30, "%d.%m.%Y");
            let source = format!("Тіркелу формасы, Республика мұғалімдерінің форумы {year}");
            let tags = one.tags.join(", ");
            rows.write(&[
                &one.address,
                &one.family_name,
                one.given_name,
                one.patronymic.as_deref().unwrap_or_default(),
                one.language,
                one.region,
                &tags,
                "жаңалықтар, іс-шаралар, ұсыныстар",
                &source,
                &given_at,
                "1",
            ])?;
        }
        rows.finish("forum.csv")
    }

    /// In Russian, between tabs, with a column for each purpose.
    fn courses(&self) -> Result<ContactsFile, csv::Error> {
        let mut rows = Rows::new(b'\t', "");
        rows.write(&[
            "ФИО",
            "Электронная почта",
            "Язык",
            "Область",
            "Предмет",
            "Согласие: новости",
            "Согласие: мероприятия",
            "Источник согласия",
            "Дата согласия",
            "Версия политики",
        ])?;
        for one in &self.people[COURSES] {
            let (given_at, year) = self.day_and_year(
                one,
                days::COURSES + 1,
                days::SECOND_EDITION - 10,
                "%d.%m.%Y %H:%M",
            );
            let source = format!("Заявка на курс повышения квалификации {year}");
            let whole =
                [&one.family_name, one.given_name, one.patronymic.as_deref().unwrap_or_default()]
                    .join(" ");
            rows.write(&[
                whole.trim(),
                &one.address,
                one.language,
                one.region,
                one.subject,
                "да",
                "да",
                &source,
                &given_at,
                "2",
            ])?;
        }
        rows.finish("courses.csv")
    }

    /// In English, between commas, with a few rows that cannot be taken.
    fn registrations(&self) -> Result<ContactsFile, csv::Error> {
        let mut rows = Rows::new(b',', "");
        rows.write(&[
            "id",
            "email",
            "first_name",
            "last_name",
            "patronymic",
            "language",
            "region",
            "subject",
            "school",
            "tags",
            "note",
            "consent_news",
            "consent_offers",
            "consent_events",
            "consent_source",
            "consent_given_at",
            "policy_version",
        ])?;
        let again = self.people.iter().filter(|one| came_again(one));
        for (one, at) in self.people[REGISTERED].iter().chain(again).zip(0..) {
            let answer = self.answer(one);
            let tags = one.tags.join("|");
            let id = format!("T-{:05}", one.index + 1);
            let [news, offers, events] = answer.yes;
            rows.write(&[
                &id,
                &one.address,
                one.given_name,
                &one.family_name,
                one.patronymic.as_deref().unwrap_or_default(),
                one.language,
                one.region,
                one.subject,
                &one.school,
                &tags,
                "",
                news,
                offers,
                events,
                &answer.source,
                &answer.given_at,
                answer.edition,
            ])?;
            if let Some(fault) = (at % 250 == 120).then(|| FAULTY.get(at / 250)).flatten() {
                let [address, note, news, edition] = *fault;
                rows.write(&[
                    "",
                    address,
                    "",
                    "",
                    "",
                    "",
                    "",
                    "",
                    "",
                    "",
                    note,
                    news,
                    "",
                    "",
                    "Registration form",
                    "2026-01-15",
                    edition,
                ])?;
            }
        }
        rows.finish("registrations.csv")
    }

    /// What somebody answered on the registration form.
    fn answer(&self, one: &Person) -> Answer {
        let mut chance = Chance::of(one.index + 1_000_000);
        let (given_at, year) = self.day_and_year(one, 1, REGISTERED_DAYS, "%Y-%m-%d %H:%M");
        let source = match (one.language, chance.below(3)) {
            ("ru", 0) => format!("Регистрационная форма, Республиканский форум учителей {year}"),
            ("ru", _) => "Личный кабинет, настройки рассылки".to_owned(),
            ("en", 0) => format!("Registration form, Republic teachers' forum {year}"),
            ("en", _) => "Account page, mailing choices".to_owned(),
            (_, 0) => format!("Тіркелу формасы, Республика мұғалімдерінің форумы {year}"),
            _ => "Жеке кабинет, хат алу баптаулары".to_owned(),
        };
        let yes = |share: u64, chance: &mut Chance| {
            if chance.below(100) < share { "yes" } else { "no" }
        };
        match chance.below(100) {
            // Was never asked.
            0..=5 if !came_again(one) => Answer::default(),
            // Somebody ticked the box, and nobody kept when and where.
            6..=9 if !came_again(one) => Answer { yes: ["yes"; 3], ..Answer::default() },
            _ => Answer {
                yes: ["yes", yes(55, &mut chance), yes(75, &mut chance)],
                source,
                given_at,
                edition: "2",
            },
        }
    }

    /// A moment between two numbers of days ago, written down, and its year.
    fn day_and_year(&self, one: &Person, latest: i64, earliest: i64, form: &str) -> (String, i32) {
        let mut chance = Chance::of(one.index + 2_000_000);
        let mut below = |bound: i64| {
            i64::try_from(chance.below(bound.max(1).cast_unsigned())).unwrap_or_default()
        };
        let days = latest + below(earliest - latest);
        let minutes = below(24 * 60);
        let at = self.now - TimeDelta::days(days) - TimeDelta::minutes(minutes);
        let local = at.with_timezone(&self.zone);
        (local.format(form).to_string(), local.year())
    }
}

/// What somebody answered, and what proves it.
#[derive(Default)]
struct Answer {
    /// To news, offers and events.
    yes: [&'static str; 3],
    source: String,
    given_at: String,
    edition: &'static str,
}

struct Rows(csv::Writer<Vec<u8>>);

impl Rows {
    fn new(delimiter: u8, start: &str) -> Self {
        let mut builder = WriterBuilder::new();
        builder.delimiter(delimiter).terminator(Terminator::CRLF);
        Self(builder.from_writer(start.as_bytes().to_vec()))
    }

    fn write(&mut self, cells: &[&str]) -> Result<(), csv::Error> {
        self.0.write_record(cells)
    }

    fn finish(self, name: &'static str) -> Result<ContactsFile, csv::Error> {
        let text = self.0.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
        Ok(ContactsFile { name, text })
    }
}

#[cfg(test)]
mod tests {
    use super::{super::people, *};
    use crate::app::import_contacts::{ContactReader, Line, Proof, ReadOptions};

    fn read(file: &ContactsFile, now: DateTime<Utc>) -> (usize, usize, usize, usize) {
        let options = ReadOptions {
            encoding: None,
            delimiter: None,
            mapping: None,
            fields: None,
            attributes: ["region", "subject", "school"].map(str::to_owned).into(),
            purposes: ["offers", "news", "events"].map(str::to_owned).into(),
            zone: Tz::Asia__Almaty,
            now,
        };
        let (mut taken, mut proved, mut unproved, mut rejected) = (0, 0, 0, 0);
        for line in ContactReader::open(file.text.as_slice(), &options).unwrap() {
            let Line::Contact(row) = line.unwrap() else {
                rejected += 1;
                continue;
            };
            taken += 1;
            let of_row = row.consents.iter().filter(|one| matches!(one.proof, Proof::Evidenced(_)));
            let of_row = of_row.count();
            proved += of_row;
            unproved += row.consents.len() - of_row;
        }
        (taken, proved, unproved, rejected)
    }

    #[test]
    fn the_files_are_read_as_they_are_meant_at_the_times_when_they_came() {
        let now = DateTime::from_timestamp(1_795_312_800, 0).unwrap();
        let files = files(&people(), now, Tz::Asia__Almaty).unwrap();
        let days_ago = |days| now - TimeDelta::days(days);
        assert_eq!(read(&files.forum, days_ago(days::FORUM)), (420, 1_260, 0, 0));
        assert_eq!(read(&files.courses, days_ago(days::COURSES)), (300, 600, 0, 0));
        let (taken, proved, unproved, rejected) = read(&files.registrations, now);
        assert_eq!((taken, rejected), (2_280 + 120, FAULTY.len()));
        assert!(proved > 4_500 && unproved > 150, "{proved} {unproved}");
    }
}
