//! Everything that is wrong or doubtful about a draft, with where to mend it.

use crate::{
    app::{
        App, Error, Problem, Result,
        campaign::{self, Funnel, Made, inspect, moment},
        letters,
    },
    domain::{
        address::Address,
        audience::Audience,
        draft::{Draft, Start, WorkingCopy},
        language::Language,
        pace::SendRate,
        words::words,
    },
    mail::{
        letter::{Remark, Written},
        render::{Code, Severity},
    },
};

use super::source::{planned, source};

/// The page on which something is mended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Purpose, party, audience.
    About,
    /// The letter and its sender.
    Content,
    /// Time and pace.
    When,
}

words! {
    /// What a draft can lack that a finished campaign cannot.
    Lack("lack of a draft") {
        /// It has no name.
        Name = "no_name",
        /// For what is not chosen.
        Purpose = "no_purpose",
        /// On whose behalf is not chosen.
        Party = "no_party",
        /// Who it comes from is not chosen.
        Sender = "no_sender",
        /// The address for answers is none.
        ReplyTo = "bad_reply_to",
        /// The pace is none.
        Pace = "bad_pace",
        /// The time is none, or does not exist on the institution's clock.
        Time = "bad_time",
        /// The time is past.
        TimePast = "time_past",
        /// A language of the institution is missing.
        Language = "no_language",
        /// Nobody of the audience may get it.
        Nobody = "nobody",
        /// The audience cannot be asked: a saved segment is gone or too large.
        Audience = "audience_unusable",
    }
}

/// One thing that stops a draft or should worry its author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Whether it can start in spite of it.
    pub severity: Severity,
    /// What it is, in a word: of [`Lack`], of the compiler's codes or of the letter's problems.
    pub code: String,
    /// Where it is mended.
    pub step: Step,
    /// In which language's edition.
    pub language: Option<Language>,
    /// Where in the step: a field's name, or a path in the letter such as `kk.blocks.3.text`.
    pub path: String,
    /// Line and column of a body written by hand, from 1.
    pub line: Option<(usize, usize)>,
    /// What is wrong, in English.
    pub message: String,
    /// What to do about it, in English.
    pub fix: String,
}

/// What a check found.
#[derive(Debug)]
pub struct Checked {
    /// What stops it comes first.
    pub found: Vec<Found>,
    /// Who would get it now, if purpose and party are chosen and the audience can be asked.
    pub funnel: Option<Funnel>,
    made: Option<Made>,
    written: Written,
}

impl Checked {
    /// Whether it may be submitted and started.
    #[must_use]
    pub fn may_start(&self) -> bool {
        self.made.is_some() && self.found.iter().all(|one| one.severity == Severity::Worries)
    }

    /// The campaign that the draft makes, if nothing stops it.
    pub(super) fn into_made(self) -> Result<(Made, Written)> {
        let stops = self.found.iter().filter(|one| one.severity == Severity::Stops);
        let problems: Vec<_> = stops
            .map(|one| Problem::at(one.path.clone(), format!("{}. {}", one.message, one.fix)))
            .collect();
        match self.made {
            Some(made) if problems.is_empty() => Ok((made, self.written)),
            _ => Err(Error::Invalid(problems)),
        }
    }
}

/// Looks through a draft: what it lacks, what its letter and its compiled content show, and who would
/// get it.
///
/// # Errors
/// The database's. What is wrong with the draft is not an error of the check.
pub async fn check(app: &App, copy: &WorkingCopy) -> Result<Checked> {
    let draft = &copy.draft;
    let written = letters::write(app, &draft.letter).await?;
    let source = source(app, draft, &written)?;
    let inspected = inspect(app, &source).await?;
    let made = inspected.campaign(&source, copy.id, copy.created_at).ok();
    let mut found = lacks(app, draft);
    let mut remarks: Vec<Remark> = draft.letter.check().iter().map(Remark::from).collect();
    remarks.extend(written.remarks.iter().cloned());
    let is_incomplete = remarks.iter().any(|one| one.severity == Severity::Stops);
    let compiled = inspected.findings.iter();
    let compiled = compiled.filter(|one| !is_told_already(one.code, draft, is_incomplete));
    found.extend(remarks.into_iter().map(|remark| from_remark(remark, Step::Content)));
    found.extend(compiled.map(|one| from_remark(written.remark(one), step_of(one.code))));
    let funnel = funnel(app, draft, &mut found).await?;
    found.sort_by_key(|one| (one.severity, one.step));
    Ok(Checked { found, funnel, made, written })
}

/// What a test mail of a draft is made of, as JSON, and the languages in which it can be sent: who it
/// is for and when it starts may still be open.
///
/// # Errors
/// [`Error::Invalid`] with what is wrong with its content; the database's.
pub async fn test_source(
    app: &App,
    copy: &WorkingCopy,
    by: &str,
) -> Result<(String, Vec<Language>)> {
    let everyone = Draft {
        audience: Audience::default(),
        start: Start::Now,
        pace: String::new(),
        ..copy.draft.clone()
    };
    let written = letters::write(app, &everyone.letter).await?;
    let source = source(app, &everyone, &written)?;
    let inspected = inspect(app, &source).await?;
    let made = inspected.campaign(&source, copy.id, copy.created_at)?;
    letters::publish(app, &written, by).await?;
    let languages = made.contents.iter().map(|content| content.language);
    Ok((made.campaign.source.clone(), languages.collect()))
}

async fn funnel(app: &App, draft: &Draft, found: &mut Vec<Found>) -> Result<Option<Funnel>> {
    let Some((purpose, party)) = draft.purpose.as_ref().zip(draft.party.as_ref()) else {
        return Ok(None);
    };
    match campaign::funnel(app, &draft.audience, purpose, party).await {
        Ok(funnel) => {
            if funnel.allowed == 0 {
                found.push(lack(Lack::Nobody, Step::About, "audience"));
            }
            Ok(Some(funnel))
        }
        Err(Error::Store(error)) if error.is_unreadable() => {
            found.push(lack(Lack::Audience, Step::About, "audience"));
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn lacks(app: &App, draft: &Draft) -> Vec<Found> {
    let mut found = Vec::new();
    let mut say = |is_lacking: bool, what, step, place| {
        if is_lacking {
            found.push(lack(what, step, place));
        }
    };
    let reply_to = draft.reply_to.trim();
    let is_address = reply_to.is_empty() || reply_to.parse::<Address>().is_ok();
    let pace = draft.pace.trim();
    let is_pace = pace.is_empty() || pace.parse::<SendRate>().is_ok();
    say(draft.name.trim().is_empty(), Lack::Name, Step::About, "name");
    say(draft.purpose.is_none(), Lack::Purpose, Step::About, "purpose");
    say(draft.party.is_none(), Lack::Party, Step::About, "party");
    say(draft.sender.is_none(), Lack::Sender, Step::Content, "sender");
    say(!is_address, Lack::ReplyTo, Step::Content, "reply_to");
    say(!is_pace, Lack::Pace, Step::When, "pace");
    let planned = planned(draft)
        .map(|read| read.map_err(drop).and_then(|written| moment(app, written).map_err(drop)));
    say(planned == Some(Err(())), Lack::Time, Step::When, "start");
    let is_past = matches!(planned, Some(Ok(at)) if at <= app.now());
    say(is_past, Lack::TimePast, Step::When, "start");
    let missing = |language: &&Language| !draft.letter.editions.contains_key(language);
    let languages = app.institution.languages.iter().skip(1).filter(missing);
    found.extend(languages.map(|language| Found {
        severity: Severity::Worries,
        language: Some(*language),
        ..lack(Lack::Language, Step::Content, "letter")
    }));
    found
}

fn lack(what: Lack, step: Step, place: &str) -> Found {
    let (message, fix) = what.words();
    Found {
        severity: Severity::Stops,
        code: what.to_string(),
        step,
        language: None,
        path: place.to_owned(),
        line: None,
        message: message.to_owned(),
        fix: fix.to_owned(),
    }
}

impl Lack {
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Name => ("it has no name", "Give it one"),
            Self::Purpose => ("no purpose is chosen", "Choose what it is for"),
            Self::Party => ("no party is chosen", "Choose on whose behalf it is sent"),
            Self::Sender => ("no sender is chosen", "Choose one of the verified senders"),
            Self::ReplyTo => {
                ("the address for answers is no address", "Mend it, or leave it empty")
            }
            Self::Pace => ("the pace cannot be read", "Write messages per time, such as 100/1m"),
            Self::Time => (
                "the time cannot be read, or does not exist on the institution's clock",
                "Choose another one",
            ),
            Self::TimePast => ("the time is past", "Choose a later one, or start at once"),
            Self::Language => (
                "a language is missing; who reads it gets the first language",
                "Write it, or leave it so",
            ),
            Self::Nobody => {
                ("nobody of the audience may get it", "Look at the funnel for the reasons")
            }
            Self::Audience => (
                "the audience names a saved segment that is gone or too large",
                "Choose the audience anew",
            ),
        }
    }
}

fn from_remark(remark: Remark, step: Step) -> Found {
    let language = remark.path.split('.').next().and_then(|code| code.parse().ok());
    Found {
        severity: remark.severity,
        code: remark.code,
        step,
        language,
        path: remark.path,
        line: remark.place,
        message: remark.message,
        fix: remark.fix,
    }
}

const fn step_of(code: Code) -> Step {
    match code {
        Code::UnknownPurpose | Code::UnknownParty | Code::BadAudience => Step::About,
        Code::BadSchedule => Step::When,
        _ => Step::Content,
    }
}

/// What the draft's own check says better.
fn is_told_already(code: Code, draft: &Draft, is_incomplete: bool) -> bool {
    match code {
        Code::UnknownPurpose => draft.purpose.is_none(),
        Code::UnknownParty => draft.party.is_none() || draft.purpose.is_none(),
        Code::UnknownSender => draft.sender.is_none(),
        Code::SubjectMissing | Code::AltMissing | Code::NoText | Code::LanguageWithoutBody => {
            is_incomplete
        }
        _ => false,
    }
}
