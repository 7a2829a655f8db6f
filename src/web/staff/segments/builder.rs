//! What the audience builder needs to offer: `{{> staff/segments/builder}}` in a form, where
//! `builder` is a [`Builder`]; the form then has a field `audience` with the audience as JSON.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    app::{App, import_jobs, segments},
    domain::{
        audience::{Audience, ConsentIs},
        id::SegmentId,
    },
    store::import_job::JobState,
    web::{
        Problem,
        staff::{people::purposes, telling::Teller},
        words::SPOKEN,
    },
};

/// Imports and campaigns that can be chosen from.
const CHOICES_MAX: usize = 100;

/// The sentences that the script says, by their keys without the family.
const SENTENCES: &[&str] = &[
    "add",
    "remove",
    "all",
    "none",
    "any-value",
    "group",
    "include",
    "include-hint",
    "exclude",
    "exclude-hint",
    "nobody-excluded",
    "everybody",
    "or",
    "not",
    "value",
    "values-hint",
    "tags-hint",
    "since",
    "before",
    "counting",
    "failed",
    "kind-language",
    "kind-tag",
    "kind-attribute",
    "kind-consent",
    "kind-got-campaign",
    "kind-created",
    "kind-imported",
    "kind-segment",
    "kind-any",
    "kind-address-state",
    "kind-blocked",
    "kind-suppressed",
    "is",
    "is-not",
    "choose",
];

/// What the builder offers and says.
#[derive(Debug, Serialize)]
pub(in crate::web) struct Builder {
    /// The audience as it stands, JSON.
    audience: String,
    /// Everything else, JSON for the script.
    offer: String,
}

#[derive(Serialize)]
struct Offer {
    languages: Vec<(String, String)>,
    attributes: Vec<(String, String)>,
    /// `purpose:party` and title.
    purposes: Vec<(String, String)>,
    consent_is: Vec<(String, String)>,
    campaigns: Vec<(String, String)>,
    imports: Vec<(String, String)>,
    segments: Vec<(String, String)>,
    /// The institution's offset from UTC, such as `+05:00`.
    offset: String,
    say: BTreeMap<&'static str, String>,
}

impl Builder {
    /// For an audience. A segment does not offer itself.
    ///
    /// # Errors
    /// The database's.
    pub(in crate::web) async fn load(
        app: &App,
        teller: Teller,
        audience: &Audience,
        own: Option<SegmentId>,
    ) -> Result<Self, Problem> {
        let say = SENTENCES.iter().map(|key| (*key, teller.word("builder", key)));
        let words = |family: &str, all: &[ConsentIs]| {
            all.iter().map(|one| (one.to_string(), teller.word(family, one.as_str()))).collect()
        };
        let offered = purposes(app, &teller, "").await?.into_iter();
        let saved = segments::all(app).await?.into_iter().filter(|one| Some(one.id) != own);
        let offer = Offer {
            languages: SPOKEN
                .map(|one| (one.to_string(), teller.word("people-language", one.as_str())))
                .into(),
            attributes: app.rules.attributes.iter().map(|key| (key.clone(), key.clone())).collect(),
            purposes: offered.map(|one| (one.value, one.title)).collect(),
            consent_is: words("people-is", ConsentIs::ALL),
            campaigns: campaigns(app).await?,
            imports: imports(app, &teller).await?,
            segments: saved.map(|one| (one.id.to_string(), one.name)).collect(),
            offset: app.now().with_timezone(&teller.zone).format("%:z").to_string(),
            say: say.collect(),
        };
        Ok(Self {
            audience: serde_json::to_string(audience).unwrap_or_default(),
            offer: serde_json::to_string(&offer).unwrap_or_default(),
        })
    }
}

async fn campaigns(app: &App) -> Result<Vec<(String, String)>, Problem> {
    let mut reader = app.store.read().await.map_err(crate::app::Error::from)?;
    let limit = i64::try_from(CHOICES_MAX).unwrap_or_default();
    let campaigns = crate::store::campaign::page(reader.conn(), None, limit).await;
    let campaigns = campaigns.map_err(crate::app::Error::from)?.into_iter();
    Ok(campaigns.map(|one| (one.id.to_string(), one.name)).collect())
}

async fn imports(app: &App, teller: &Teller) -> Result<Vec<(String, String)>, Problem> {
    let (jobs, _) = import_jobs::list(app, None, CHOICES_MAX).await?;
    let over = |state| matches!(state, JobState::Finished | JobState::Cancelled | JobState::Failed);
    Ok(jobs
        .into_iter()
        .filter(|told| over(told.job.state))
        .filter_map(|told| {
            let title = format!("{} · {}", told.job.file_name, teller.day(told.job.created_at));
            Some((told.job.run_id?.to_string(), title))
        })
        .collect())
}
