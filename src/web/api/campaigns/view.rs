//! Campaigns, as JSON.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    app::campaign::{Funnel, Status},
    domain::{
        campaign::{Campaign, State},
        delivery,
    },
};

/// One campaign.
#[derive(Serialize, ToSchema)]
pub(in crate::web::api) struct CampaignView {
    id: Uuid,
    #[schema(example = "Autumn news")]
    name: String,
    #[schema(example = "news")]
    purpose: String,
    #[schema(example = "institution")]
    party: String,
    /// `draft`, `scheduled`, `running`, `paused`, `finished` or `cancelled`.
    #[schema(example = "running")]
    state: &'static str,
    /// When a scheduled one starts.
    #[serde(skip_serializing_if = "Option::is_none")]
    start_at: Option<DateTime<Utc>>,
    /// Why a paused one is paused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pause_reason: Option<String>,
    /// When it was first started.
    #[serde(skip_serializing_if = "Option::is_none")]
    started_at: Option<DateTime<Utc>>,
    /// The time its author planned.
    #[serde(skip_serializing_if = "Option::is_none")]
    planned_at: Option<DateTime<Utc>>,
    /// Its own limit, besides those of the relays.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "100/1m")]
    pace: Option<String>,
    created_at: DateTime<Utc>,
}

impl From<Campaign> for CampaignView {
    fn from(campaign: Campaign) -> Self {
        let state = campaign.state.phase().as_str();
        let (start_at, pause_reason) = match campaign.state {
            State::Scheduled { start_at } => (Some(start_at), None),
            State::Paused { reason, .. } => (None, Some(reason)),
            _ => (None, None),
        };
        Self {
            id: campaign.id.0,
            name: campaign.name,
            purpose: campaign.purpose.to_string(),
            party: campaign.party.to_string(),
            state,
            start_at,
            pause_reason,
            started_at: campaign.started_at,
            planned_at: campaign.planned_at,
            pace: campaign.pace.map(String::from),
            created_at: campaign.created_at,
        }
    }
}

/// One page of campaigns, newest first.
#[derive(Serialize, ToSchema)]
pub(in crate::web::api) struct CampaignPage {
    pub(super) campaigns: Vec<CampaignView>,
    /// Pass it as `before` to get the next page; missing on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next: Option<Uuid>,
}

/// A campaign and how far it has come.
#[derive(Serialize, ToSchema)]
pub(in crate::web::api) struct StatusView {
    campaign: CampaignView,
    /// How many deliveries stand where: `queued`, `claimed`, `handing`, `sent`, `failed`,
    /// `skipped`, `uncertain`.
    #[schema(example = json!({"queued": 300, "sent": 1204, "skipped": 26}))]
    deliveries: BTreeMap<&'static str, i64>,
    /// All deliveries written out so far.
    #[schema(example = 1530)]
    total: i64,
    /// Those to which nothing more will happen.
    #[schema(example = 1230)]
    ended: i64,
    /// Messages sent per minute since the start, pauses included.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 99.5)]
    sent_per_minute: Option<f64>,
    /// Why deliveries were skipped, failed or became uncertain.
    reasons: Vec<ReasonView>,
    /// What was done with it, oldest first.
    history: Vec<HistoryView>,
}

/// How many deliveries stand so for one reason.
#[derive(Serialize, ToSchema)]
pub(in crate::web::api) struct ReasonView {
    #[schema(example = "skipped")]
    state: &'static str,
    #[schema(example = "no_consent")]
    reason: String,
    #[schema(example = 26)]
    count: i64,
}

/// One line of a campaign's history.
#[derive(Serialize, ToSchema)]
pub(in crate::web::api) struct HistoryView {
    at: DateTime<Utc>,
    #[schema(example = "start")]
    deed: String,
    /// A token's name, `cli`, `schedule` or `engine`.
    #[schema(example = "cli")]
    actor: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

impl StatusView {
    /// As it stands at `now`.
    pub(super) fn of(status: Status, now: DateTime<Utc>) -> Self {
        let (total, ended) = (status.total(), status.ended());
        let sent = status.count(delivery::State::Sent);
        let started_at = status.campaign.started_at;
        Self {
            sent_per_minute: started_at.and_then(|started| per_minute(sent, now - started)),
            deliveries: status.states.iter().map(|(state, n)| (state.as_str(), *n)).collect(),
            total,
            ended,
            reasons: status
                .standing
                .reasons
                .into_iter()
                .map(|(state, reason, count)| ReasonView { state: state.as_str(), reason, count })
                .collect(),
            history: status
                .history
                .into_iter()
                .map(|line| HistoryView {
                    at: line.happened_at,
                    deed: line.deed,
                    actor: line.actor,
                    detail: line.detail,
                })
                .collect(),
            campaign: status.campaign.into(),
        }
    }
}

fn per_minute(messages: i64, time: chrono::TimeDelta) -> Option<f64> {
    let minutes = time.to_std().ok()?.as_secs_f64() / 60.0;
    let messages = f64::from(u32::try_from(messages).ok()?);
    (minutes > 0.0).then(|| (messages / minutes * 10.0).round() / 10.0)
}

/// Who will get a campaign and why the others will not, as things stand now.
#[derive(Serialize, ToSchema)]
pub(in crate::web::api) struct FunnelView {
    /// People whom the audience matches.
    #[schema(example = 1530)]
    matched: i64,
    /// Those who will not get it, by reason; each is counted once.
    #[schema(example = json!({"no_consent": 300, "suppressed": 20}))]
    refused: BTreeMap<&'static str, i64>,
    /// Those who will.
    #[schema(example = 1210)]
    allowed: i64,
}

impl From<Funnel> for FunnelView {
    fn from(funnel: Funnel) -> Self {
        Self {
            matched: funnel.matched,
            refused: funnel.refused.iter().map(|(why, n)| (why.as_str(), *n)).collect(),
            allowed: funnel.allowed,
        }
    }
}
