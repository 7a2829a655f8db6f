//! What one campaign's messages have in common, prepared once, and the message for one person.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::{
    app::{App, Error, Result, campaign::Made, letters::shared_fields},
    domain::{
        address::Address,
        campaign::{Campaign, Content},
        contact::Profile,
        delivery::message_id,
        id::DeliveryId,
        language::Language,
        party::Party,
        purpose::Purpose,
        token::TokenKind,
    },
    mail::{
        compose::{Complaints, Composed, Expected, Letter, List, check, compose},
        dkim::Signer,
        render::{Compiled, Fields, Renderer},
    },
    store,
};

use super::{EngineSettings, MailSettings};

/// A campaign ready to be written to anyone.
#[derive(Debug)]
pub(super) struct Letters {
    settings: Arc<EngineSettings>,
    pub campaign: Campaign,
    by_language: BTreeMap<Language, InLanguage>,
    default_language: Language,
    reply_to: Address,
    list_id: String,
    message_type: String,
    zone: chrono_tz::Tz,
    policy_url: String,
    is_set_aside: AtomicBool,
    use_of: Use,
}

/// What letters are written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    /// Deliveries, to contacts.
    Campaign,
    /// Test mails, to colleagues: the subject says so, and the links change nothing.
    Test,
}

#[derive(Debug)]
struct InLanguage {
    renderer: Renderer,
    from_name: String,
    feedback_id: String,
}

/// To whom, and as which delivery.
#[derive(Debug, Clone, Copy)]
pub(super) struct Recipient<'a> {
    pub id: DeliveryId,
    pub address: &'a Address,
    pub profile: &'a Profile,
}

impl Letters {
    /// Reads a campaign's content and parses its templates, then writes a message for nobody in
    /// each language and checks that it holds a working way out (invariant 8).
    ///
    /// # Errors
    /// [`Error::Invalid`] with what is wrong with the content; the database's.
    pub async fn prepare(
        app: &App,
        settings: &Arc<EngineSettings>,
        campaign: &Campaign,
    ) -> Result<Self> {
        let mut reader = app.store.read().await?;
        let contents = store::campaign::contents(reader.conn(), campaign.id).await?;
        drop(reader);
        Self::of(app, settings, campaign, &contents, Use::Campaign).await
    }

    /// The same for test mails of a campaign that need not be stored.
    ///
    /// # Errors
    /// As [`Letters::prepare`].
    pub async fn for_tests(app: &App, settings: &Arc<EngineSettings>, made: &Made) -> Result<Self> {
        Self::of(app, settings, &made.campaign, &made.contents, Use::Test).await
    }

    async fn of(
        app: &App,
        settings: &Arc<EngineSettings>,
        campaign: &Campaign,
        contents: &[Content],
        use_of: Use,
    ) -> Result<Self> {
        let mut reader = app.store.read().await?;
        let purposes = store::purpose::all(reader.conn()).await?;
        let purpose = purposes.into_iter().find(|one| one.key == campaign.purpose);
        let purpose = purpose.ok_or(Error::NotFound("such purpose"))?;
        let parties = store::party::all(reader.conn()).await?;
        let party = parties.into_iter().find(|one| one.key == campaign.party);
        let party = party.ok_or(Error::NotFound("such party"))?;
        let mut by_language = BTreeMap::new();
        for content in contents {
            let made = in_language(app, &settings.mail, campaign, &purpose, &party, content)?;
            by_language.insert(content.language, made);
        }
        let institution = &app.institution;
        let letters = Self {
            settings: Arc::clone(settings),
            reply_to: campaign.sender.reply_to.clone().unwrap_or(institution.support_email.clone()),
            list_id: format!("{}.{}", campaign.purpose, settings.mail.list_domain),
            message_type: match use_of {
                Use::Campaign => campaign.purpose.to_string(),
                Use::Test => "test".to_owned(),
            },
            campaign: campaign.clone(),
            by_language,
            default_language: institution.default_language(),
            zone: institution.time_zone,
            policy_url: institution.policy_url.clone(),
            is_set_aside: AtomicBool::new(false),
            use_of,
        };
        letters.check(app)?;
        Ok(letters)
    }

    /// Notes that these may not be sent any more, until the campaign is read afresh.
    pub fn set_aside(&self) {
        self.is_set_aside.store(true, Ordering::Relaxed);
    }

    /// Whether they may not be sent any more.
    pub fn is_set_aside(&self) -> bool {
        self.is_set_aside.load(Ordering::Relaxed)
    }

    /// Whether they are what the campaign says now.
    pub fn are_of(&self, campaign: &Campaign) -> bool {
        let ours = &self.campaign;
        !self.is_set_aside()
            && ours.content_sha256 == campaign.content_sha256
            && ours.sender == campaign.sender
            && ours.name == campaign.name
    }

    fn check(&self, app: &App) -> Result<()> {
        if !self.by_language.contains_key(&self.default_language) {
            let language = self.default_language;
            return Err(Error::invalid("content", format!("the language {language} is required")));
        }
        for language in self.by_language.keys() {
            let profile = Profile { language: Some(*language), ..Profile::default() };
            let id = DeliveryId(uuid::Uuid::nil());
            let recipient =
                Recipient { id, address: &app.institution.support_email, profile: &profile };
            let composed = self
                .compose(app, recipient, app.now())
                .map_err(|error| Error::invalid(format!("content.{language}"), error))?;
            let defects = check(
                &composed,
                &Expected {
                    unsubscribe_url: &self.unsubscribe_url(app, id),
                    footer: &[&self.policy_url, app.institution.support_email.as_str()],
                    signatures: self.signers().len(),
                },
            );
            if let Some(defect) = defects.first() {
                let place = format!("content.{language}");
                return Err(Error::invalid(place, format!("it may not leave: {defect}")));
            }
        }
        Ok(())
    }

    /// The signed message for one person, in their language or the default one.
    ///
    /// # Errors
    /// What is wrong with the content for this person, without any of the person's data.
    pub fn compose(
        &self,
        app: &App,
        to: Recipient<'_>,
        now: DateTime<Utc>,
    ) -> Result<Composed, String> {
        let language = to.profile.language.unwrap_or(self.default_language);
        let (language, made) = self
            .by_language
            .get_key_value(&language)
            .or_else(|| self.by_language.get_key_value(&self.default_language))
            .ok_or_else(|| "there is no content in the default language".to_owned())?;
        let unsubscribe = self.unsubscribe_url(app, to.id);
        let preferences = format!("{}/p/{}", app.public_url, self.token(app, to.id));
        let attributes = attributes(to.profile);
        let rendered = made
            .renderer
            .render(&Fields {
                name: to.profile.name.as_deref().unwrap_or_default(),
                given_name: to.profile.given_name.as_deref().unwrap_or_default(),
                family_name: to.profile.family_name.as_deref().unwrap_or_default(),
                language: *language,
                attributes: &attributes,
                unsubscribe_url: &unsubscribe,
                preferences_url: &preferences,
            })
            .map_err(|error| error.to_string())?;
        let subject = match self.use_of {
            Use::Campaign => rendered.subject,
            Use::Test => format!("{} {}", test_mark(*language), rendered.subject),
        };
        let mail = &self.settings.mail;
        let bounces = format!("{}@{}", app.keys.bounce_local_part(to.id.0), mail.bounce_domain);
        let mailto = format!("mailto:{bounces}?subject=unsubscribe");
        let complaint = app.keys.link_token(TokenKind::Feedback, to.id.0);
        let sender = &self.campaign.sender.address;
        compose(
            &Letter {
                from_name: &made.from_name,
                from: sender,
                reply_to: Some(&self.reply_to),
                to: to.address,
                subject: &subject,
                html: rendered.html.as_deref().unwrap_or_default(),
                text: &rendered.text,
                language: *language,
                message_id: &message_id(to.id, sender.domain()),
                date: now.with_timezone(&self.zone).fixed_offset(),
                return_path: &bounces,
                list: List {
                    phrase: &mail.list_name,
                    id: &self.list_id,
                    unsubscribe_url: &unsubscribe,
                    unsubscribe_mailto: &mailto,
                    help_url: &self.policy_url,
                    owner: &app.institution.support_email,
                },
                feedback_id: &made.feedback_id,
                message_type: &self.message_type,
                complaints: mail
                    .complaints
                    .as_ref()
                    .map(|address| Complaints { address, feedback_id: &complaint }),
            },
            self.signers(),
        )
        .map_err(|error| error.to_string())
    }

    fn token(&self, app: &App, id: DeliveryId) -> String {
        let kind = match self.use_of {
            Use::Campaign => TokenKind::Unsubscribe,
            Use::Test => TokenKind::Test,
        };
        app.keys.link_token(kind, id.0)
    }

    fn unsubscribe_url(&self, app: &App, id: DeliveryId) -> String {
        format!("{}/u/{}", app.public_url, self.token(app, id))
    }

    fn signers(&self) -> &[Signer] {
        self.settings.mail.signers_for(self.campaign.sender.address.domain())
    }
}

fn in_language(
    app: &App,
    mail: &MailSettings,
    campaign: &Campaign,
    purpose: &Purpose,
    party: &Party,
    content: &Content,
) -> Result<InLanguage> {
    let (language, institution) = (content.language, &app.institution);
    let fallback = institution.default_language();
    let shared = shared_fields(
        institution,
        &campaign.name,
        (purpose, party),
        language,
        content.fields.clone(),
    );
    let compiled = Compiled {
        language,
        subject: content.subject.clone(),
        preheader: content.preheader.clone(),
        html: content.html.clone(),
        text: content.plain.clone(),
        fields_used: content.fields_used.clone(),
    };
    let renderer = Renderer::new(&compiled, &shared)
        .map_err(|error| Error::invalid(format!("content.{language}"), error.to_string()))?;
    let names = &campaign.sender.name;
    let from_name = names.get(&language).or_else(|| names.get(&fallback)).cloned();
    // Gmail: the fields must not repeat each other, and the first must not be unique per message.
    let run = &campaign.id.0.simple().to_string()[24..];
    Ok(InLanguage {
        renderer,
        from_name: from_name.unwrap_or_else(|| institution.name_in(language).to_owned()),
        feedback_id: format!("c{run}:{}:{language}:{}", campaign.purpose, mail.sender_id),
    })
}

fn attributes(profile: &Profile) -> Map<String, Value> {
    let pairs = profile.attributes.iter();
    pairs.map(|(key, value)| (key.clone(), Value::String(value.clone()))).collect()
}

/// What begins the subject of a test mail, so that nobody takes it for the real one.
fn test_mark(language: Language) -> &'static str {
    match language.as_str() {
        "ru" => "[Проверка]",
        "en" => "[Test]",
        _ => "[Сынақ]",
    }
}
