//! Ready-made letters to begin with.

use std::{collections::BTreeMap, sync::LazyLock};

use chrono::{NaiveDate, TimeDelta};
use uuid::Uuid;

use crate::{
    app::App,
    domain::letter::{Block, Body, Event, Letter},
};

/// Days from today to the event of a fresh letter.
const EVENT_DAYS: i64 = 28;
/// Days from today to the end of the offer of a fresh letter.
const OFFER_DAYS: i64 = 14;

/// A letter to begin with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadyMade {
    /// A stable word; pages say its title by it.
    pub key: &'static str,
    /// The letter, in Kazakh, Russian and English.
    pub letter: Letter,
}

macro_rules! ready_made {
    ($($key:literal),+) => { [$(($key, include_str!(concat!("../../../assets/letters/", $key, ".json")))),+] };
}

static LETTERS: LazyLock<Vec<ReadyMade>> = LazyLock::new(|| {
    ready_made!("news", "offer", "event", "survey", "reconfirmation")
        .into_iter()
        .filter_map(|(key, text)| Some(ReadyMade { key, letter: serde_json::from_str(text).ok()? }))
        .collect()
});

/// All ready-made letters, in the order in which they are offered.
#[must_use]
pub fn gallery() -> &'static [ReadyMade] {
    &LETTERS
}

/// A fresh letter made of a ready-made one: its event is weeks ahead and an event of its own.
#[must_use]
pub fn begin(app: &App, key: &str) -> Option<Letter> {
    let now = app.now();
    let today = now.with_timezone(&app.institution.time_zone).date_naive();
    let mut letter = gallery().iter().find(|one| one.key == key)?.letter.clone();
    let mut ids = BTreeMap::new();
    letter.editions.retain(|language, _| app.institution.languages.contains(language));
    for edition in letter.editions.values_mut() {
        let Body::Blocks(blocks) = &mut edition.body else { continue };
        for block in blocks {
            freshen(block, today, &mut |old| {
                *ids.entry(old).or_insert_with(|| app.entropy.uuid(now))
            });
        }
    }
    Some(letter)
}

fn freshen(block: &mut Block, today: NaiveDate, id: &mut dyn FnMut(Uuid) -> Uuid) {
    match block {
        Block::Event(event) => {
            event.id = id(event.id);
            move_to(event, today + TimeDelta::days(EVENT_DAYS));
        }
        Block::Offer(offer) if offer.until.is_some() => {
            offer.until = Some(today + TimeDelta::days(OFFER_DAYS));
        }
        Block::Columns(columns) => {
            columns.columns.iter_mut().flatten().for_each(|inner| freshen(inner, today, id));
        }
        _ => {}
    }
}

fn move_to(event: &mut Event, day: NaiveDate) {
    if let Some(time) = &mut event.time {
        let ahead = day - time.start.date();
        time.start += ahead;
        time.end = time.end.map(|end| end + ahead);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::language::Language,
        mail::{
            letter::{Surroundings, write},
            render::{CampaignFile, Known, Severity, check},
        },
    };

    #[test]
    fn every_ready_made_letter_speaks_three_languages_and_nothing_stops_it() {
        assert_eq!(gallery().len(), 5);
        for one in gallery() {
            let spoken: Vec<_> = one.letter.editions.keys().copied().collect();
            assert_eq!(spoken, [Language::EN, Language::KK, Language::RU], "{}", one.key);
            let problems = one.letter.check();
            assert!(
                problems.iter().all(|problem| !problem.kind.stops()),
                "{} {problems:?}",
                one.key
            );
            let around = Surroundings {
                known: &Known::default(),
                pictures: &BTreeMap::new(),
                host: "example.kz",
                media_url: "https://example.kz/i",
            };
            let written = write(&one.letter, &around);
            assert!(written.remarks.is_empty(), "{:?}", written.remarks);
            let mut file = CampaignFile::read(
                "name = \"a\"\npurpose = \"news\"\nsubject = {}\nsender.address = \"a@example.kz\"\n",
            )
            .unwrap();
            file.subject.clone_from(&written.subject);
            file.preheader.clone_from(&written.preheader);
            let checked = check(&file, &written.bodies, &std::collections::BTreeSet::default());
            let found: Vec<_> = checked.findings.iter().map(ToString::to_string).collect();
            assert!(checked.findings.iter().all(|f| f.severity == Severity::Worries), "{found:?}");
            assert!(found.is_empty(), "{} {found:?}", one.key);
        }
    }

    #[test]
    fn languages_have_the_same_blocks() {
        for one in gallery() {
            let kinds = |language: Language| -> Vec<_> {
                one.letter.editions[&language]
                    .body
                    .blocks()
                    .iter()
                    .map(std::mem::discriminant)
                    .collect()
            };
            assert_eq!(kinds(Language::KK), kinds(Language::RU), "{}", one.key);
            assert_eq!(kinds(Language::KK), kinds(Language::EN), "{}", one.key);
        }
    }
}
