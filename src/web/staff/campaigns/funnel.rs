//! The funnel, each number a link to the people behind it, and those people.

use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    app::{
        Error,
        campaign::{self, Funnel, funnel_people},
        draft,
    },
    domain::{
        audience::Audience,
        contact::Contact,
        gate::Refusal,
        id::{CampaignId, ContactId},
        party::PartyKey,
        purpose::PurposeKey,
    },
    store::audience::Behind,
    web::{
        Problem, WebState,
        staff::{Staff, render},
    },
};

/// People of a page.
const PEOPLE: usize = 50;

/// A funnel as a page shows it.
#[derive(Serialize)]
pub(super) struct FunnelView {
    matched: i64,
    pub(super) allowed: i64,
    held_back: i64,
    numbers: Vec<NumberView>,
    allowed_url: Option<String>,
}

#[derive(Serialize)]
struct NumberView {
    key: String,
    people: i64,
    url: Option<String>,
}

impl FunnelView {
    /// With links for whoever may see people.
    pub(super) fn of(id: Uuid, funnel: &Funnel, with_links: bool) -> Self {
        let url = |who: &str| with_links.then(|| format!("/campaigns/{id}/funnel?who={who}"));
        let number = |(refusal, people): (&Refusal, &i64)| NumberView {
            key: format!("campaigns-refused-{}", refusal.as_str().replace('_', "-")),
            people: *people,
            url: url(refusal.as_str()),
        };
        Self {
            matched: funnel.matched,
            allowed: funnel.allowed,
            held_back: funnel.matched - funnel.allowed,
            numbers: funnel.refused.iter().map(number).collect(),
            allowed_url: url("allowed"),
        }
    }
}

/// Whose page.
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    who: String,
    after: Option<Uuid>,
}

#[derive(Serialize)]
struct Page {
    id: Uuid,
    name: String,
    who: String,
    heading: String,
    people: Vec<PersonView>,
    next: Option<Uuid>,
    is_first: bool,
}

#[derive(Serialize)]
struct PersonView {
    id: Uuid,
    address: Option<String>,
    name: Option<String>,
    language: Option<String>,
}

/// `GET /campaigns/{id}/funnel?who=withdrawn`.
pub(super) async fn show(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<Uuid>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let number = match asked.who.as_str() {
        "allowed" => Behind::Allowed,
        word => Behind::Refused(
            word.parse().map_err(|_| Problem::field("who", "this is no number of a funnel"))?,
        ),
    };
    let (name, (audience, purpose, party)) = question(&state, CampaignId(id)).await?;
    let after = asked.after.map(ContactId);
    let about = (&audience, &purpose, &party);
    let found = funnel_people(state.app(), about, number, after, PEOPLE).await?;
    let page = Page {
        id,
        name,
        heading: match number {
            Behind::Allowed => "campaigns-people-allowed".to_owned(),
            Behind::Refused(refusal) => {
                format!("campaigns-refused-{}", refusal.as_str().replace('_', "-"))
            }
        },
        who: asked.who,
        people: found.people.into_iter().map(view).collect(),
        next: found.next.map(|id| id.0),
        is_first: after.is_none(),
    };
    render(&state, &staff, "staff/campaigns/funnel", "campaigns-funnel-title", &page)
}

type Question = (Audience, PurposeKey, PartyKey);

/// What a draft, or else a campaign, asks of whom.
async fn question(state: &WebState, id: CampaignId) -> Result<(String, Question), Problem> {
    match draft::find(state.app(), id).await {
        Ok(dossier) => {
            let draft = dossier.copy.draft;
            let about = draft.purpose.zip(draft.party);
            let (purpose, party) = about.ok_or(Error::NotFound("funnel before a purpose"))?;
            Ok((draft.name, (draft.audience, purpose, party)))
        }
        Err(Error::NotFound(_)) => {
            let found = campaign::find(state.app(), id).await?;
            Ok((found.name, (found.audience, found.purpose, found.party)))
        }
        Err(error) => Err(error.into()),
    }
}

fn view(contact: Contact) -> PersonView {
    PersonView {
        id: contact.id.0,
        address: contact.address.map(|address| address.as_str().to_owned()),
        name: contact.profile.name,
        language: contact.profile.language.map(|language| language.to_string()),
    }
}
