//! What happened before the demo begins, told by the real deeds with the clock set back: two
//! editions of the policy, three files of contacts, and what became of some consents.

use std::{fs::File, io::BufWriter};

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    app::{
        App, Clock,
        import_contacts::{ImportOptions, News, RejectsWriter, Tally, import},
        policy,
    },
    domain::{language::Language, policy::ChangeKind},
};

use super::{
    fates,
    folder::Folder,
    people::{self, ContactsFile, days},
};

/// What edition 2 of the policy added to clause 3.2, by language: a material change, for it opens a
/// border.
const ADDED: [(Language, &str); 3] = [
    (Language::KK, " (оның ішінде трансшекаралық беру)"),
    (Language::RU, " (в том числе путём трансграничной передачи)"),
    (Language::EN, " (including by cross-border transfer)"),
];

/// Tells it all. Afterwards the clock is the machine's again.
///
/// # Errors
/// A deed's.
pub(super) async fn tell(app: &mut App, folder: &Folder) -> anyhow::Result<()> {
    let now = Clock::System.now();
    let people = people::people();
    let files = people::files(&people, now, app.institution.time_zone)?;

    at(app, now, days::FIRST_EDITION);
    publish(app, folder, Edition::First).await?;
    at(app, now, days::FORUM);
    bring_in(app, folder, &files.forum).await?;
    at(app, now, days::SECOND_EDITION);
    publish(app, folder, Edition::Second).await?;
    at(app, now, days::COURSES);
    bring_in(app, folder, &files.courses).await?;
    at(app, now, 0);
    bring_in(app, folder, &files.registrations).await?;
    fates::befall(app, &people).await?.print();
    app.clock = Clock::System;
    Ok(())
}

fn at(app: &mut App, now: DateTime<Utc>, days_before: i64) {
    app.clock = Clock::standing_at(now - TimeDelta::days(days_before));
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Edition {
    First,
    Second,
}

async fn publish(app: &App, folder: &Folder, edition: Edition) -> anyhow::Result<()> {
    let mut texts = Vec::new();
    for (language, added) in ADDED {
        let text = folder.read(&format!("policy/policy.{language}.txt"))?;
        let text = if edition == Edition::First { text.replacen(added, "", 1) } else { text };
        texts.push((language, text));
    }
    let published = policy::publish(app, texts, ChangeKind::Material).await?;
    let what = match edition {
        Edition::First => "",
        Edition::Second => ", a material change: consents given before wait for reconfirmation",
    };
    let day = published.published_at.format("%Y-%m-%d");
    println!("  {day}  privacy policy, edition {}{what}", published.number);
    Ok(())
}

async fn bring_in(app: &App, folder: &Folder, file: &ContactsFile) -> anyhow::Result<()> {
    let path = folder.write(&format!("contacts/{}", file.name), &file.text)?;
    let rejects = path.with_extension("rejects.csv");
    let mut writer = RejectsWriter::new(BufWriter::new(File::create(&rejects)?))?;
    let mut written = Ok(());
    let imported = import(app, File::open(&path)?, ImportOptions::default(), |news| {
        if let News::Rejected(reject) = news
            && written.is_ok()
        {
            written = writer.write(reject);
        }
    });
    let tally = imported.await?.tally;
    written.and_then(|()| writer.finish().map(drop)).context("the rejects could not be written")?;
    println!("  {}  {}: {}", app.now().format("%Y-%m-%d"), file.name, in_words(&tally));
    if tally.rejected > 0 {
        println!("              why those were not taken stands in {}", rejects.display());
    } else {
        std::fs::remove_file(rejects)?;
    }
    Ok(())
}

fn in_words(tally: &Tally) -> String {
    let counts = [
        (tally.new, "new people"),
        (tally.updated, "known people"),
        (tally.given + tally.renewed, "consents"),
        (tally.without_evidence, "claimed without evidence"),
        (tally.rejected, "rows not taken"),
    ];
    let told = counts.iter().filter(|(count, _)| *count > 0);
    told.map(|(count, what)| format!("{count} {what}")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_editions_differ_in_every_language() {
        let folder = Folder::new(None).unwrap();
        folder.furnish(super::super::folder::tests::addresses(), "1/1s".parse().unwrap()).unwrap();
        for (language, added) in ADDED {
            let text = folder.read(&format!("policy/policy.{language}.txt")).unwrap();
            assert_eq!(text.matches(added).count(), 1, "{language}");
        }
    }
}
