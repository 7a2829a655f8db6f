//! From a letter's blocks to the bodies that [`render`](super::render) compiles.
//!
//! [`write()`] makes MJML of each edition and remembers which lines came of which block, so that what
//! a check says of a line can be told of the block that its author sees. Nothing that was typed can
//! become markup or template logic on the way.

mod calendar;
mod cards;
mod ink;
mod link;
mod looks;
mod sheet;
mod words;

use std::collections::BTreeMap;

use super::render::{BodyFile, Finding, Known, Severity, SourceKind};
use crate::domain::{
    id::MediaId,
    language::Language,
    letter::{Body, Code, CodeKind, Edition, Letter, Line},
};

pub use calendar::CalendarFile;

use ink::{Ink, NoSuchField, Sink};
use sheet::Sheet;

/// What stands around a letter.
#[derive(Debug, Clone, Copy)]
pub struct Surroundings<'a> {
    /// The fields that there are.
    pub known: &'a Known,
    /// The pictures of the media library; one that is not here is not shown.
    pub pictures: &'a BTreeMap<MediaId, Shown>,
    /// The host of the service: part of the ids of events.
    pub host: &'a str,
    /// Where files of the media library are public, without a slash at the end.
    pub media_url: &'a str,
}

/// A picture as mail shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Where it is loaded from.
    pub url: String,
    /// Its width in pixels.
    pub width: u32,
}

/// A letter as templates.
#[derive(Debug, Clone, Default)]
pub struct Written {
    /// Subject templates.
    pub subject: BTreeMap<Language, String>,
    /// Preheader templates.
    pub preheader: BTreeMap<Language, String>,
    /// One body per language that has one.
    pub bodies: Vec<BodyFile>,
    /// Files that the letter links to.
    pub calendars: Vec<CalendarFile>,
    /// Fields that do not exist.
    pub remarks: Vec<Remark>,
    places: BTreeMap<Language, Vec<(usize, String)>>,
}

/// What is wrong with a letter, told of the part that its author sees.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Remark {
    /// Whether it can be sent like this.
    pub severity: Severity,
    /// A stable word: of [`Code`](super::render::Code) or of
    /// [`ProblemKind`](crate::domain::letter::ProblemKind).
    pub code: String,
    /// Where, such as `kk.blocks.3.text`; empty if the whole letter is meant.
    pub path: String,
    /// Line and column of a body written by hand, from 1.
    pub place: Option<(usize, usize)>,
    /// What is wrong, in English.
    pub message: String,
    /// What to do about it, in English; may be empty.
    pub fix: String,
}

/// Makes templates of a letter. Takes what is unfinished too, for previews: a button that leads
/// nowhere or a picture that is not chosen is left out.
#[must_use]
pub fn write(letter: &Letter, around: &Surroundings<'_>) -> Written {
    let mut written = Written::default();
    for (language, edition) in &letter.editions {
        written.edition(letter, *language, edition, around);
    }
    written
}

impl Written {
    fn edition(
        &mut self,
        letter: &Letter,
        language: Language,
        edition: &Edition,
        around: &Surroundings<'_>,
    ) {
        let lines = [("subject", &edition.subject), ("preheader", &edition.preheader)];
        for (name, line) in lines.into_iter().filter(|(_, line)| !line.is_blank()) {
            let template = self.line(line, &format!("{language}.{name}"), around.known);
            let into = if name == "subject" { &mut self.subject } else { &mut self.preheader };
            into.insert(language, template);
        }
        if edition.body.is_empty() {
            return;
        }
        let (kind, text) = match &edition.body {
            Body::Code(code) => (source_kind(code), code.text.clone()),
            Body::Blocks(blocks) => {
                let mut sheet = Sheet::new(language, letter.theme, around);
                sheet.letter(blocks);
                self.calendars.append(&mut sheet.calendars);
                let missing = std::mem::take(&mut sheet.missing);
                self.remarks
                    .extend(missing.into_iter().map(|(path, field)| no_field(path, &field)));
                self.places.insert(language, std::mem::take(&mut sheet.places));
                (SourceKind::Mjml, sheet.done())
            }
        };
        let name = format!("body.{language}.{}.hbs", kind.extension());
        self.bodies.push(BodyFile { name, language, kind, text });
    }

    fn line(&mut self, line: &Line, path: &str, known: &Known) -> String {
        let mut ink = Ink::new(Sink::Plain);
        let missing = ink.line(line, known);
        self.remarks.extend(missing.iter().map(|field| no_field(path.to_owned(), field)));
        ink.done()
    }

    /// What a check said of the templates, told of the letter.
    #[must_use]
    pub fn remark(&self, finding: &Finding) -> Remark {
        let place = finding.place.as_ref();
        let language = place.and_then(|place| place.language);
        let blocks = language.and_then(|language| self.places.get(&language));
        let (path, spot) = match (place, language, blocks) {
            (Some(place), Some(language), _) if place.file == super::render::CAMPAIGN_FILE => {
                (format!("{language}.subject"), None)
            }
            (Some(place), Some(language), Some(blocks)) => {
                let after = blocks.partition_point(|(line, _)| *line <= place.line);
                let block = after.checked_sub(1).map(|at| blocks[at].1.as_str());
                (block.map_or_else(|| format!("{language}.blocks"), str::to_owned), None)
            }
            (Some(place), Some(language), None) => {
                (format!("{language}.code"), Some((place.line, place.column)))
            }
            _ => (String::new(), None),
        };
        Remark {
            severity: finding.severity,
            code: word(finding.code),
            path,
            place: spot,
            message: finding.message.clone(),
            fix: finding.fix.clone(),
        }
    }
}

impl From<&crate::domain::letter::Problem> for Remark {
    fn from(problem: &crate::domain::letter::Problem) -> Self {
        let stops = problem.kind.stops();
        Self {
            severity: if stops { Severity::Stops } else { Severity::Worries },
            code: problem.kind.to_string(),
            path: problem.path.clone(),
            place: None,
            message: problem.kind.message().to_owned(),
            fix: String::new(),
        }
    }
}

fn no_field(path: String, field: &NoSuchField) -> Remark {
    Remark {
        severity: Severity::Stops,
        code: word(super::render::Code::UnknownField),
        path,
        place: None,
        message: format!("there is no field \"{}\"", field.0),
        fix: "Choose another field".to_owned(),
    }
}

fn word(code: super::render::Code) -> String {
    let word = serde_json::to_value(code).ok();
    word.as_ref().and_then(|word| word.as_str()).unwrap_or_default().to_owned()
}

fn source_kind(code: &Code) -> SourceKind {
    match code.kind {
        CodeKind::Mjml => SourceKind::Mjml,
        CodeKind::Html => SourceKind::Html,
        CodeKind::Markdown => SourceKind::Markdown,
    }
}

#[cfg(test)]
mod tests;
