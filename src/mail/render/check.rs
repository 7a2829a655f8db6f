//! Checks the whole content of a campaign: compiles every language, renders it for a contact of
//! whom everything is known and for one of whom nothing is, and gathers what stops and what
//! worries.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::body_file::{BodyFile, SourceKind};
use super::campaign_file::{CAMPAIGN_FILE, CampaignFile};
use super::compile::{Compiled, LanguageSource, Line, compile};
use super::fields::{
    CampaignFields, Fields, InstitutionFields, Known, PartyFields, PurposeFields, SharedFields,
};
use super::finding::{Code, Finding, Place, Severity};
use super::renderer::{Rendered, Renderer};
use super::wording;
use crate::domain::language::Language;

/// Gmail clips mail over about 102 KB; the rest, footer and all, hides behind a link.
const HTML_BYTES_WISE: usize = 100_000;
/// RFC 5322, 2.1.1: the length a line should keep to; mailboxes show less.
const SUBJECT_CHARS_WISE: usize = 78;

/// What a check found and made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// What could be compiled, one for each language.
    pub compiled: Vec<Compiled>,
    /// What stops comes first.
    pub findings: Vec<Finding>,
}

impl Checked {
    /// Whether the campaign may start.
    #[must_use]
    pub fn may_start(&self) -> bool {
        self.findings.iter().all(|finding| finding.severity == Severity::Worries)
    }
}

/// Checks and compiles a campaign. `attributes` are the contact attributes that may be merged in.
#[must_use]
pub fn check(
    campaign: &CampaignFile,
    bodies: &[BodyFile],
    attributes: &BTreeSet<String>,
) -> Checked {
    let known = Known { attributes: attributes.clone(), declared: campaign.declared() };
    let mut checked = Checked { compiled: Vec::new(), findings: Vec::new() };
    let mut languages: BTreeMap<Language, Vec<&BodyFile>> = BTreeMap::new();
    for body in bodies {
        languages.entry(body.language).or_default().push(body);
    }
    checked.findings.extend(languages_missing(campaign, &languages));
    for (language, bodies) in &languages {
        match one_language(campaign, *language, bodies, &known) {
            Ok((compiled, findings)) => {
                checked.compiled.push(compiled);
                checked.findings.extend(findings);
            }
            Err(findings) => checked.findings.extend(findings),
        }
    }
    if checked.compiled.len() == languages.len() {
        checked.findings.extend(unused(campaign, &checked.compiled));
    }
    checked.findings.sort_by(|a, b| (a.severity, &a.place).cmp(&(b.severity, &b.place)));
    checked
}

fn languages_missing(
    campaign: &CampaignFile,
    languages: &BTreeMap<Language, Vec<&BodyFile>>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !languages.contains_key(&Language::KK) {
        findings.push(Finding::stops(
            Code::KazakhMissing,
            None,
            "there is no body in Kazakh, which every campaign needs".to_owned(),
            "Write body.kk.mjml.hbs (or .html, .md, .txt)".to_owned(),
        ));
    }
    for language in campaign.subject.keys().filter(|language| !languages.contains_key(language)) {
        findings.push(Finding::worries(
            Code::LanguageWithoutBody,
            campaign.place(&format!("subject.{language}")),
            format!("there is a subject in {language} but no body, so nobody gets it"),
            format!("Write body.{language}.mjml.hbs, or take the subject out"),
        ));
    }
    findings
}

fn one_language(
    campaign: &CampaignFile,
    language: Language,
    bodies: &[&BodyFile],
    known: &Known,
) -> Result<(Compiled, Vec<Finding>), Vec<Finding>> {
    let (texts, markups): (Vec<&BodyFile>, Vec<&BodyFile>) =
        bodies.iter().copied().partition(|body| body.kind == SourceKind::Text);
    if let Some(second) = markups.get(1).or(texts.get(1)) {
        let place =
            Place { file: second.name.clone(), language: Some(language), line: 1, column: 1 };
        return Err(vec![Finding::stops(
            Code::BodyTwice,
            Some(place),
            format!("there is another body in {language} already"),
            "Keep one of mjml, html and md, and one txt".to_owned(),
        )]);
    }
    let source = LanguageSource {
        language,
        subject: subject(campaign, language)?,
        preheader: line(campaign, "preheader", language, &campaign.preheader),
        markup: markups.first().copied(),
        text: texts.first().copied(),
    };
    let built = compile(&source, known)?;
    let mut findings = built.worries;
    findings.extend(trial(campaign, &built.compiled, bodies[0], known)?);
    Ok((built.compiled, findings))
}

fn subject(campaign: &CampaignFile, language: Language) -> Result<Line<'_>, Vec<Finding>> {
    line(campaign, "subject", language, &campaign.subject)
        .filter(|subject| !subject.text.trim().is_empty())
        .ok_or_else(|| {
            let place =
                Place { file: CAMPAIGN_FILE.to_owned(), language: None, line: 1, column: 1 };
            vec![Finding::stops(
                Code::SubjectMissing,
                Some(campaign.place("subject").unwrap_or(place)),
                format!("there is no subject in {language}"),
                format!("Write {language} = \"…\" under [subject]"),
            )]
        })
}

fn line<'a>(
    campaign: &CampaignFile,
    table: &str,
    language: Language,
    lines: &'a BTreeMap<Language, String>,
) -> Option<Line<'a>> {
    let starts_at = campaign.starts_at(&format!("{table}.{language}"));
    lines.get(&language).map(|text| Line { text, starts_at })
}

/// Renders for two invented contacts: what fails here would fail for people.
fn trial(
    campaign: &CampaignFile,
    compiled: &Compiled,
    body: &BodyFile,
    known: &Known,
) -> Result<Vec<Finding>, Vec<Finding>> {
    let language = compiled.language;
    let place = Place { file: body.name.clone(), language: Some(language), line: 1, column: 1 };
    let everything =
        known.attributes.iter().map(|key| (key.clone(), Value::from("Үлгі"))).collect();
    let renderer = Renderer::new(compiled, &sample(campaign, language));
    let render = |name: [&str; 3], attributes: &Map<String, Value>| {
        renderer.as_ref().map_err(Clone::clone)?.render(&contact(language, name, attributes))
    };
    let full = render(["Айгүл Серікқызы Ахметова", "Айгүл", "Ахметова"], &everything);
    let bare = render(["", "", ""], &Map::new());
    let mail = full.and_then(|full| bare.map(|_| full)).map_err(|error| {
        let message = format!("rendering for a trial contact failed: {error}");
        let fix = "Check the fields inside {{#each}} and {{#with}} against [fields]";
        vec![Finding::stops(Code::Rendering, Some(place.clone()), message, fix.to_owned())]
    })?;
    Ok(worries_about(campaign, &mail, language, &place))
}

fn sample(campaign: &CampaignFile, language: Language) -> SharedFields {
    SharedFields {
        institution: InstitutionFields {
            name: "«Педагогикалық шеберлік орталығы» жекеменшік мекемесі".to_owned(),
            address: "010000, Астана қаласы".to_owned(),
            support: "support@example.kz".to_owned(),
            phone: "+7 7172 00 00 00".to_owned(),
        },
        purpose: PurposeFields {
            title: "Жаңалықтар".to_owned(), clause: "3.1.7".to_owned()
        },
        party: PartyFields {
            name: (campaign.party != "institution").then(|| "Серіктес".to_owned()),
        },
        campaign: CampaignFields { name: campaign.name.clone() },
        policy_url: "https://example.kz/policy".to_owned(),
        field: campaign.fields_in(language),
    }
}

fn contact<'a>(
    language: Language,
    [name, given_name, family_name]: [&'a str; 3],
    attributes: &'a Map<String, Value>,
) -> Fields<'a> {
    Fields {
        name,
        given_name,
        family_name,
        language,
        attributes,
        unsubscribe_url: "https://example.kz/u/1a2b3c4d5e6f7g8h9i0j1k2l3m4n5o6p7q8r9s0t",
        preferences_url: "https://example.kz/p/1a2b3c4d5e6f7g8h9i0j1k2l3m4n5o6p7q8r9s0t",
    }
}

fn worries_about(
    campaign: &CampaignFile,
    rendered: &Rendered,
    language: Language,
    place: &Place,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut worry = |code, place: Option<Place>, message: String, fix: &str| {
        findings.push(Finding::worries(code, place, message, fix.to_owned()));
    };
    let subject_place = campaign.place(&format!("subject.{language}"));
    let chars = rendered.subject.chars().count();
    if chars > SUBJECT_CHARS_WISE {
        let message = format!("the subject has {chars} characters, more than {SUBJECT_CHARS_WISE}");
        worry(Code::SubjectTooLong, subject_place, message, "Say the first thing first, and less");
    }
    let bytes = rendered.html.as_ref().map_or(0, String::len);
    if bytes > HTML_BYTES_WISE {
        let message = format!("the HTML has {bytes} bytes; Gmail clips mail over 102 KB");
        worry(Code::HtmlClipped, Some(place.clone()), message, "Shorten it or link to a page");
    }
    if !wording::speaks(language) {
        let message = format!("the footer has no wording in {language} and comes in Kazakh");
        worry(Code::NoFooterWording, Some(place.clone()), message, "Use kk, ru or en");
    }
    if language == Language::KK && !looks_kazakh(&rendered.text) {
        let message = "the Kazakh body holds no letter that only Kazakh has".to_owned();
        worry(Code::NotKazakh, Some(place.clone()), message, "Put the Kazakh text here");
    }
    findings
}

/// Whether the part above the footer has one of the letters that Kazakh adds to Cyrillic.
fn looks_kazakh(text: &str) -> bool {
    let body = text.split("-----").next().unwrap_or_default();
    body.contains(|c| "әғқңөұүһіӘҒҚҢӨҰҮҺІ".contains(c))
}

fn unused(campaign: &CampaignFile, compiled: &[Compiled]) -> Vec<Finding> {
    let is_used = |key: &str| {
        let path = format!("field.{key}");
        let inside = format!("{path}.");
        compiled
            .iter()
            .flat_map(|one| &one.fields_used)
            .any(|used| *used == path || used.starts_with(&inside) || used == "field")
    };
    let keys = campaign.fields.keys().filter(|key| !is_used(key));
    keys.map(|key| {
        Finding::worries(
            Code::FieldUnused,
            campaign.place(&format!("fields.{key}")),
            format!("the field \"{key}\" is declared and not used"),
            format!("Write {{{{field.{key}}}}} in a body, or take it out"),
        )
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CAMPAIGN: &str = "name = \"a\"\npurpose = \"news\"\nsender.address = \"a@example.kz\"\n\
                            [subject]\nkk = \"Тақырып\"\n[fields]\ndate = \"1 наурыз\"\n";
    const BODY: &str =
        "<p>Сәлем, {{fallback given_name \"әріптес\"}}! {{field.date}}</p>{{footer}}";

    fn look(campaign: &str, bodies: &[(&str, &str)]) -> Checked {
        let campaign = CampaignFile::read(campaign).unwrap();
        let bodies: Vec<_> = bodies
            .iter()
            .map(|(name, text)| BodyFile::new(name, (*text).into()).unwrap())
            .collect();
        check(&campaign, &bodies, &["region".to_owned()].into())
    }

    fn codes(checked: &Checked) -> Vec<Code> {
        checked.findings.iter().map(|finding| finding.code).collect()
    }

    #[test]
    fn a_good_campaign_has_no_findings() {
        for name in ["body.kk.html.hbs", "body.kk.md.hbs"] {
            let checked = look(CAMPAIGN, &[(name, BODY)]);
            assert_eq!(checked.findings, vec![], "{name}");
            assert!(checked.may_start() && checked.compiled.len() == 1);
        }
    }

    #[test]
    fn kazakh_is_required_and_must_be_kazakh() {
        let checked = look(CAMPAIGN, &[("body.ru.html.hbs", BODY)]);
        assert!(codes(&checked).contains(&Code::KazakhMissing) && !checked.may_start());
        let russian = "<p>Здравствуйте! {{field.date}}</p>{{footer}}";
        assert_eq!(codes(&look(CAMPAIGN, &[("body.kk.md.hbs", russian)])), vec![Code::NotKazakh]);
    }

    #[test]
    fn a_body_needs_its_subject_and_a_subject_its_body() {
        let bodies = [("body.kk.md.hbs", BODY), ("body.ru.md.hbs", BODY)];
        assert_eq!(codes(&look(CAMPAIGN, &bodies)), vec![Code::SubjectMissing]);
        let more = CAMPAIGN.replace("[fields]", "en = \"Subject\"\n[fields]");
        assert_eq!(codes(&look(&more, &bodies[..1])), vec![Code::LanguageWithoutBody]);
    }

    #[test]
    fn two_bodies_of_one_language_are_one_too_many_and_a_text_part_is_not() {
        let bodies = [("body.kk.md.hbs", BODY), ("body.kk.html.hbs", BODY)];
        assert_eq!(codes(&look(CAMPAIGN, &bodies)), vec![Code::BodyTwice]);
        let own = [("body.kk.md.hbs", BODY), ("body.kk.txt.hbs", "Өз мәтінім\n{{footer}}")];
        let checked = look(CAMPAIGN, &own);
        assert!(checked.findings.is_empty(), "{:?}", checked.findings);
        assert!(checked.compiled[0].text.starts_with("Өз мәтінім\n\n---"));
    }

    #[test]
    fn worries_do_not_stop() {
        let long = CAMPAIGN.replace("Тақырып", &"Тақырып ".repeat(11)).replace("date", "place");
        let checked = look(&long, &[("body.kk.md.hbs", "Сәлем, {{given_name}}!")]);
        let expected =
            [Code::FieldMayBeEmpty, Code::FieldUnused, Code::FooterMissing, Code::SubjectTooLong];
        let found: BTreeSet<_> = codes(&checked).into_iter().collect();
        assert_eq!(found, expected.into());
        assert!(checked.may_start());
    }

    #[test]
    fn a_large_mail_is_clipped() {
        let large = format!("{BODY}{}", "<p>Сәлем, әлем</p>".repeat(3_000));
        let checked = look(CAMPAIGN, &[("body.kk.html.hbs", &large)]);
        assert_eq!(codes(&checked), vec![Code::HtmlClipped]);
    }

    #[test]
    fn a_field_missing_inside_a_loop_is_found_by_the_trial() {
        let campaign = CAMPAIGN.replace("date = \"1 наурыз\"", "topics = [{ title = \"Бір\" }]");
        let body = "<p>Сәлем</p>{{#each field.topics}}<p>{{titel}}</p>{{/each}}{{footer}}";
        let checked = look(&campaign, &[("body.kk.html.hbs", body)]);
        assert_eq!(codes(&checked), vec![Code::Rendering]);
        assert!(checked.findings[0].message.contains("titel"), "{:?}", checked.findings);
    }

    #[test]
    fn errors_of_all_languages_are_told_together() {
        let campaign = CAMPAIGN.replace("[fields]", "ru = \"Тема {{nme}}\"\n[fields]");
        let bodies = [("body.kk.md.hbs", "{{> x}}"), ("body.ru.md.hbs", "{{dat}}")];
        let checked = look(&campaign, &bodies);
        let said: Vec<_> = checked.findings.iter().map(ToString::to_string).collect();
        assert_eq!(said.len(), 3, "{said:?}");
        assert!(said.iter().any(|line| line.starts_with("stops campaign.toml:6:12: ")), "{said:?}");
    }
}
