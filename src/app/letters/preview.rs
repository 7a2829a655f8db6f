//! How a letter will look, for an invented reader or a real one, finished or not.

use serde_json::{Map, Value};

use crate::{
    app::{App, Error, Result, catalogue},
    domain::{
        contact::Profile,
        id::ContactId,
        language::Language,
        letter::Letter,
        party::{Party, PartyKey},
        purpose::{Purpose, PurposeKey},
    },
    mail::{
        letter::{Remark, Written},
        render::{CampaignFile, Code, Fields, Finding, Rendered, Renderer, Severity, check},
    },
    store,
};

use super::{shared_fields, write};

/// What to show.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The letter.
    pub letter: &'a Letter,
    /// What the campaign is called; may be empty.
    pub name: &'a str,
    /// For what; the catalogue's first if it is not chosen yet.
    pub purpose: Option<&'a PurposeKey>,
    /// On whose behalf; the institution if it is not chosen yet.
    pub party: Option<&'a PartyKey>,
    /// In which of its languages.
    pub language: Language,
    /// For whom.
    pub reader: Reader,
}

/// For whom a letter is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// Somebody invented of whom everything is known.
    Sample,
    /// Somebody of whom nothing is known but the address: shows the fallbacks.
    Unknown,
    /// A contact. Who may ask for this must be asked elsewhere.
    Contact(ContactId),
}

/// How it looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The mail; none if something in it stops it from being built.
    pub mail: Option<Rendered>,
    /// Octets of its HTML; Gmail clips mail over about 102 KB.
    pub html_octets: usize,
    /// The MJML or code that it was built of, so that an author can go on in code.
    pub source: Option<String>,
    /// What is wrong with this edition, what stops first.
    pub remarks: Vec<Remark>,
}

/// Shows a letter in one language. Its links for leaving lead to pages that say the link is not
/// known, so that nobody leaves by looking.
///
/// # Errors
/// [`Error::NotFound`] without such an edition, purpose, party or contact; the database's.
pub async fn preview(app: &App, wanted: &Wanted<'_>) -> Result<Preview> {
    let language = wanted.language;
    let edition =
        wanted.letter.editions.get(&language).ok_or(Error::NotFound("edition in this language"))?;
    let one = Letter {
        theme: wanted.letter.theme,
        editions: [(language, edition.clone())].into_iter().collect(),
    };
    let (purpose, party) = for_what(app, wanted).await?;
    let profile = profile(app, wanted.reader, language).await?;
    let written = write(app, &one).await?;
    let mut remarks: Vec<Remark> = one.check().iter().map(Remark::from).collect();
    remarks.extend(written.remarks.iter().cloned());
    let checked = check(&file(wanted, &written)?, &written.bodies, &app.rules.attributes);
    let told = checked.findings.iter().filter(|finding| concerns_this(finding, &remarks));
    let told: Vec<_> = told.map(|finding| written.remark(finding)).collect();
    remarks.extend(told);
    let shared =
        shared_fields(&app.institution, wanted.name, (&purpose, &party), language, Map::new());
    let mail = checked.compiled.first().and_then(|compiled| {
        let renderer = Renderer::new(compiled, &shared).ok()?;
        rendered(app, &renderer, &profile, language)
    });
    remarks.sort_by_key(|remark| remark.severity);
    let html_octets = mail.as_ref().and_then(|mail| mail.html.as_ref()).map_or(0, String::len);
    let source = written.bodies.first().map(|body| body.text.clone());
    Ok(Preview { mail, html_octets, source, remarks })
}

/// Findings on other languages, and those that the letter's own check says better, are left out.
fn concerns_this(finding: &Finding, remarks: &[Remark]) -> bool {
    let stopped = remarks.iter().any(|remark| remark.severity == Severity::Stops);
    match finding.code {
        Code::KazakhMissing | Code::LanguageWithoutBody | Code::SubjectMissing => false,
        Code::NoText | Code::NotKazakh => !stopped,
        _ => true,
    }
}

async fn for_what(app: &App, wanted: &Wanted<'_>) -> Result<(Purpose, Party)> {
    let mut reader = app.store.read().await?;
    let purpose = match wanted.purpose {
        Some(key) => key.clone(),
        None => store::purpose::all(reader.conn())
            .await?
            .into_iter()
            .next()
            .map(|purpose| purpose.key)
            .ok_or(Error::NotFound("purpose"))?,
    };
    let party = wanted.party.cloned().unwrap_or_else(PartyKey::institution);
    catalogue::purpose_and_party(reader.conn(), &purpose, &party).await
}

async fn profile(app: &App, reader: Reader, language: Language) -> Result<Profile> {
    match reader {
        Reader::Unknown => Ok(Profile::default()),
        Reader::Sample => Ok(sample(app, language)),
        Reader::Contact(id) => {
            let mut conn = app.store.read().await?;
            let contact = store::contact::find(conn.conn(), id).await?;
            Ok(contact.ok_or(Error::NotFound("contact"))?.profile)
        }
    }
}

/// Attributes show their own names, so that an author sees what will stand there.
fn sample(app: &App, language: Language) -> Profile {
    let (given_name, family_name) = if language == Language::EN {
        ("Aigul", "Akhmetova")
    } else {
        ("Айгүл", "Ахметова")
    };
    let attributes = app.rules.attributes.iter();
    Profile {
        name: Some(format!("{given_name} {family_name}")),
        given_name: Some(given_name.to_owned()),
        family_name: Some(family_name.to_owned()),
        attributes: attributes.map(|key| (key.clone(), format!("[{key}]"))).collect(),
        ..Profile::default()
    }
}

/// The file that the letter's campaign would have. A subject that is not written yet is a dash: the
/// rest can be seen all the same.
fn file(wanted: &Wanted<'_>, written: &Written) -> Result<CampaignFile> {
    let mut file = CampaignFile::read(
        "name = \"-\"\npurpose = \"-\"\nsubject = {}\nsender.address = \"preview@example.com\"\n",
    )
    .map_err(|_| Error::invalid("letter", "cannot be shown"))?;
    wanted.name.clone_into(&mut file.name);
    file.subject.clone_from(&written.subject);
    file.subject.entry(wanted.language).or_insert_with(|| "–".to_owned());
    file.preheader.clone_from(&written.preheader);
    Ok(file)
}

fn rendered(
    app: &App,
    renderer: &Renderer,
    profile: &Profile,
    language: Language,
) -> Option<Rendered> {
    let pairs = profile.attributes.iter();
    let attributes = pairs.map(|(key, value)| (key.clone(), Value::from(value.as_str()))).collect();
    let known = |name: &Option<String>| name.clone().unwrap_or_default();
    renderer
        .render(&Fields {
            name: &known(&profile.name),
            given_name: &known(&profile.given_name),
            family_name: &known(&profile.family_name),
            language,
            attributes: &attributes,
            unsubscribe_url: &format!("{}/u/preview", app.public_url),
            preferences_url: &format!("{}/p/preview", app.public_url),
        })
        .ok()
}
