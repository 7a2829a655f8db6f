//! From what an author wrote to a stored draft: everything is checked and compiled once, here.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    app::{App, Error, Problem, Result},
    domain::{
        audience::Audience,
        campaign::{Campaign, Content, Sender, State},
        id::CampaignId,
        ledger::sha256,
        party::{Party, PartyKey},
        purpose::{Behalf, Purpose, PurposeKey},
    },
    mail::render::{BodyFile, CampaignFile, Code, Compiled, Finding, Severity, check},
    store::{self, campaign::HistoryLine},
};

use super::moment;

/// What an author wrote: `campaign.toml` and the bodies.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// Everything but the bodies.
    pub campaign: CampaignFile,
    /// The bodies, one or two for each language.
    pub bodies: Vec<BodyFile>,
}

/// A [`Source`] as it is stored and sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredSource {
    /// What `campaign.toml` holds.
    pub campaign: CampaignFile,
    /// The bodies by file name, such as `body.kk.mjml.hbs`.
    pub bodies: std::collections::BTreeMap<String, String>,
}

impl From<&Source> for StoredSource {
    fn from(source: &Source) -> Self {
        let bodies = source.bodies.iter().map(|body| (body.name.clone(), body.text.clone()));
        Self { campaign: source.campaign.clone(), bodies: bodies.collect() }
    }
}

impl TryFrom<StoredSource> for Source {
    type Error = Error;

    fn try_from(stored: StoredSource) -> Result<Self> {
        let bodies = stored.bodies.into_iter().map(|(name, text)| {
            BodyFile::new(&name, text).map_err(|error| Error::invalid("bodies", error.to_string()))
        });
        Ok(Self { campaign: stored.campaign, bodies: bodies.collect::<Result<_>>()? })
    }
}

/// What a check found, and the campaign it would make.
#[derive(Debug)]
pub struct Inspected {
    /// What stops it (first) and what should worry.
    pub findings: Vec<Finding>,
    draft: Option<Draft>,
}

#[derive(Debug, Clone)]
struct Draft {
    purpose: PurposeKey,
    party: PartyKey,
    sender: Sender,
    audience: Audience,
    planned_at: Option<DateTime<Utc>>,
    contents: Vec<Content>,
}

impl Inspected {
    /// Whether it could be saved and started.
    #[must_use]
    pub fn may_start(&self) -> bool {
        self.findings.iter().all(|finding| finding.severity == Severity::Worries)
    }

    /// The campaign that it makes, not stored.
    ///
    /// # Errors
    /// [`Error::Invalid`] with everything that stops it, each with its place.
    pub(in crate::app) fn campaign(
        &self,
        source: &Source,
        id: CampaignId,
        now: DateTime<Utc>,
    ) -> Result<Made> {
        let stops = self.findings.iter().filter(|one| one.severity == Severity::Stops);
        let problems: Vec<Problem> = stops.map(problem).collect();
        let (true, Some(draft)) = (problems.is_empty(), self.draft.clone()) else {
            return Err(Error::Invalid(problems));
        };
        let stored = serde_json::to_string(&StoredSource::from(source))
            .map_err(|error| Error::invalid("campaign.toml", error.to_string()))?;
        let campaign = Campaign {
            id,
            name: source.campaign.name.clone(),
            purpose: draft.purpose,
            party: draft.party,
            sender: draft.sender,
            audience: draft.audience,
            pace: source.campaign.pace,
            planned_at: draft.planned_at,
            content_sha256: sha256(stored.as_bytes()),
            source: stored,
            state: State::Draft,
            started_at: None,
            expand_after: None,
            expanded_at: None,
            created_at: now,
        };
        Ok(Made { campaign, contents: draft.contents })
    }
}

/// A campaign with its compiled content.
#[derive(Debug, Clone)]
pub struct Made {
    /// Not started, and perhaps not stored.
    pub campaign: Campaign,
    /// Its content in each language.
    pub contents: Vec<Content>,
}

/// Checks what an author wrote without saving it.
///
/// # Errors
/// The database's. What is wrong with the source is not an error of the check.
pub async fn inspect(app: &App, source: &Source) -> Result<Inspected> {
    let mut reader = app.store.read().await?;
    let purposes = store::purpose::all(reader.conn()).await?;
    let parties = store::party::all(reader.conn()).await?;
    let checked = check(&source.campaign, &source.bodies, &app.rules.attributes);
    let mut bench = Bench { app, source, findings: checked.findings };
    let purpose = bench.purpose(&purposes);
    let party = bench.party(purpose, &parties);
    let sender = bench.sender();
    let audience = bench.audience();
    let planned_at = bench.planned_at();
    bench.languages();
    let contents = checked.compiled.into_iter().map(|one| content(source, one)).collect();
    let draft = purpose.zip(party).map(|(purpose, party)| Draft {
        purpose: purpose.key.clone(),
        party,
        sender,
        audience,
        planned_at,
        contents,
    });
    let mut findings = bench.findings;
    findings.sort_by_key(|finding| finding.severity);
    Ok(Inspected { findings, draft })
}

/// Saves what an author wrote as a draft, with its content compiled. Gives back what should worry.
///
/// # Errors
/// [`Error::Invalid`] with everything that stops it, each with its place; the database's.
pub async fn create(app: &App, source: &Source, actor: &str) -> Result<(Campaign, Vec<Finding>)> {
    let inspected = inspect(app, source).await?;
    let now = app.now();
    let made = inspected.campaign(source, CampaignId(app.entropy.uuid(now)), now)?;
    let Made { campaign, contents } = made;
    let mut tx = app.store.begin().await?;
    store::campaign::insert(tx.conn(), &campaign, &contents).await?;
    let line = HistoryLine {
        happened_at: now,
        deed: "create".to_owned(),
        actor: actor.to_owned(),
        detail: None,
    };
    store::campaign::insert_history(tx.conn(), app.entropy.uuid(now), campaign.id, &line).await?;
    tx.commit().await?;
    Ok((campaign, inspected.findings))
}

fn problem(finding: &Finding) -> Problem {
    let place = finding.place.as_ref().map_or("campaign".to_owned(), ToString::to_string);
    Problem::at(place, format!("{}. {}", finding.message, finding.fix))
}

fn content(source: &Source, compiled: Compiled) -> Content {
    Content {
        language: compiled.language,
        subject: compiled.subject,
        preheader: compiled.preheader,
        html: compiled.html,
        plain: compiled.text,
        fields_used: compiled.fields_used,
        fields: source.campaign.fields_in(compiled.language),
    }
}

/// Gathers what is wrong with the parts that the template checks do not know.
struct Bench<'a> {
    app: &'a App,
    source: &'a Source,
    findings: Vec<Finding>,
}

impl Bench<'_> {
    fn stop(&mut self, code: Code, key: &str, message: String, fix: String) {
        self.findings.push(Finding::stops(code, self.source.campaign.place(key), message, fix));
    }

    fn purpose<'p>(&mut self, purposes: &'p [Purpose]) -> Option<&'p Purpose> {
        let wanted = &self.source.campaign.purpose;
        let found = purposes.iter().find(|one| one.key.as_str() == wanted);
        if found.is_none() {
            let known: Vec<&str> = purposes.iter().map(|one| one.key.as_str()).collect();
            let message = format!("there is no purpose \"{wanted}\"");
            self.stop(
                Code::UnknownPurpose,
                "purpose",
                message,
                format!("Use one of: {}", known.join(", ")),
            );
        }
        found
    }

    /// Partner mail names its partner; the institution's own mail is its own (R03).
    fn party(&mut self, purpose: Option<&Purpose>, known: &[Party]) -> Option<PartyKey> {
        let wanted = &self.source.campaign.party;
        let Some(party) = known.iter().map(|one| &one.key).find(|key| key.as_str() == wanted)
        else {
            let message = format!("there is no party \"{wanted}\"");
            let fix = "Add the partner first: kelisim party add KEY --name kk=…".to_owned();
            self.stop(Code::UnknownParty, "party", message, fix);
            return None;
        };
        let behalf = if party.is_institution() { Behalf::Institution } else { Behalf::Partner };
        if purpose.is_some_and(|purpose| purpose.behalf != behalf) {
            let message = format!(
                "the purpose \"{}\" is not for mail on behalf of \"{wanted}\"",
                self.source.campaign.purpose
            );
            let fix = "Use partner_offers with a partner, any other purpose with the institution";
            self.stop(Code::UnknownParty, "party", message, fix.to_owned());
        }
        Some(party.clone())
    }

    fn sender(&mut self) -> Sender {
        let sender = &self.source.campaign.sender;
        let (senders, address) = (&self.app.rules.senders, &sender.address);
        let verified = senders.iter().find(|one| one.address.key() == address.key());
        if verified.is_none() {
            let known: Vec<&str> = senders.iter().map(|one| one.address.as_str()).collect();
            let message = "the sender's address is not one of the configured senders".to_owned();
            let fix = format!("Use one of mail.senders of the configuration: {}", known.join(", "));
            self.stop(Code::UnknownSender, "sender.address", message, fix);
        }
        let own_name = (!sender.name.is_empty()).then(|| sender.name.clone());
        Sender {
            address: address.clone(),
            reply_to: sender.reply_to.clone(),
            name: own_name.or_else(|| verified.map(|one| one.name.clone())).unwrap_or_default(),
        }
    }

    fn audience(&mut self) -> Audience {
        let Some(table) = &self.source.campaign.audience else { return Audience::default() };
        let read = toml::Value::Table(table.clone()).try_into::<Audience>();
        let said = match read {
            Ok(audience) => match audience.check_size() {
                Ok(()) => return audience,
                Err(error) => error.to_string(),
            },
            Err(error) => error.message().to_owned(),
        };
        let fix = "Rules are language, tag, attribute, got_campaign, any, all, not; see docs/campaigns.md";
        self.stop(Code::BadAudience, "audience", said, fix.to_owned());
        Audience::default()
    }

    fn planned_at(&mut self) -> Option<DateTime<Utc>> {
        match moment(self.app, self.source.campaign.schedule.at?) {
            Ok(at) => Some(at),
            Err(error) => {
                let fix = "Write the time with its offset, such as 2026-12-01T10:00:00+05:00";
                self.stop(Code::BadSchedule, "schedule.at", error.to_string(), fix.to_owned());
                None
            }
        }
    }

    fn languages(&mut self) {
        let known = &self.app.institution.languages;
        let unknown: Vec<_> =
            self.source.bodies.iter().filter(|body| !known.contains(&body.language)).collect();
        for body in unknown {
            let message = format!("{} is in a language that is not configured", body.name);
            let fix = "Add it to institution.languages, or remove the file".to_owned();
            self.findings.push(Finding::stops(Code::UnknownLanguage, None, message, fix));
        }
    }
}
