//! A campaign as an author sends it: the JSON equivalent of a campaign folder.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::{
    app::campaign::Source,
    mail::render::{BodyFile, CampaignFile, Finding, Severity},
};

use super::{
    super::{super::Problem, extract},
    view::CampaignView,
};

/// Texts by language code.
type Texts = BTreeMap<String, String>;

/// A campaign to be created.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "campaign": {
        "name": "Autumn news",
        "purpose": "news",
        "sender": {"address": "news@example.kz"},
        "subject": {"kk": "Күзгі жаңалықтар", "ru": "Осенние новости"},
        "audience": {"include": [{"language": ["kk", "ru"]}], "exclude": [{"tag": ["staff"]}]},
        "pace": "100/1m",
    },
    "bodies": {
        "body.kk.md.hbs": "Сәлеметсіз бе, {{name}}!",
        "body.ru.md.hbs": "Здравствуйте, {{name}}!",
    },
}))]
pub(in crate::web::api) struct NewCampaign {
    /// What `campaign.toml` holds.
    campaign: CampaignKeys,
    /// The bodies by file name: `body.<language>.<mjml|html|md|txt>.hbs`. Kazakh is required.
    bodies: Texts,
}

/// The keys of `campaign.toml`.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CampaignKeys {
    /// What staff call it; recipients see it on the page where they leave.
    name: String,
    /// The key of a purpose.
    purpose: String,
    /// `institution` (unless given) or the key of a partner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    party: Option<String>,
    sender: SenderKeys,
    /// Subject template by language.
    subject: Texts,
    /// What a mailbox shows behind the subject, by language.
    #[serde(default)]
    preheader: Texts,
    /// Who it is for: `include` and `exclude` rules; everyone unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    audience: Option<Map<String, Value>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    schedule: Option<ScheduleKeys>,
    /// The most messages in so much time, such as `100/1m`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pace: Option<String>,
    /// Values of `{{field.<key>}}`.
    #[serde(default)]
    #[schema(value_type = Object)]
    fields: Map<String, Value>,
}

/// Who sends it.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SenderKeys {
    /// One of the configured senders.
    address: String,
    /// Where answers go; the `From` address unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reply_to: Option<String>,
    /// The name shown with the address, by language.
    #[serde(default)]
    name: Texts,
}

/// When it is to start.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ScheduleKeys {
    /// `2026-12-01T10:00:00+05:00`, or without the offset: on the institution's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<String>,
}

impl NewCampaign {
    /// The same as it is read from a folder.
    pub(super) fn source(self) -> Result<Source, Problem> {
        let keys = serde_json::to_value(&self.campaign)
            .map_err(|_| Problem::field("campaign", "cannot be read"))?;
        let campaign: CampaignFile = extract::typed("campaign", keys)?;
        if let Err(findings) = campaign.judge_fields() {
            let found = findings.into_iter().map(|one| ("campaign.fields", said(&one)));
            return Err(Problem::fields(found));
        }
        let bodies = self.bodies.into_iter().map(|(name, text)| {
            let body = BodyFile::new(&name, text);
            body.map_err(|error| Problem::field("bodies", error.to_string()))
        });
        Ok(Source { campaign, bodies: bodies.collect::<Result<_, _>>()? })
    }
}

/// A draft, and what should worry about it.
#[derive(Serialize, ToSchema)]
pub(in crate::web::api) struct Created {
    pub(super) campaign: CampaignView,
    pub(super) findings: Vec<FindingView>,
}

/// What a check found.
#[derive(Serialize, ToSchema)]
pub(in crate::web::api) struct Checked {
    /// Whether it may start.
    pub(super) may_start: bool,
    /// What stops it first, then what should worry.
    pub(super) findings: Vec<FindingView>,
}

/// One thing that stops a campaign or should worry its author.
#[derive(Serialize, ToSchema)]
pub(in crate::web::api) struct FindingView {
    /// `stops` or `worries`.
    #[schema(example = "worries")]
    severity: &'static str,
    /// The kind: a stable word.
    #[schema(value_type = String, example = "alt_missing")]
    code: crate::mail::render::Code,
    /// File, line and column.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "body.kk.md.hbs:3:1")]
    place: Option<String>,
    /// What is wrong.
    message: String,
    /// What to do about it.
    fix: String,
}

impl From<Finding> for FindingView {
    fn from(finding: Finding) -> Self {
        Self {
            severity: match finding.severity {
                Severity::Stops => "stops",
                Severity::Worries => "worries",
            },
            code: finding.code,
            place: finding.place.as_ref().map(ToString::to_string),
            message: finding.message,
            fix: finding.fix,
        }
    }
}

fn said(finding: &Finding) -> String {
    format!("{}. {}", finding.message, finding.fix)
}
