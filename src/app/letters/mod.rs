//! Deeds with letters: what they become, how they look, where they begin.

mod gallery;
mod preview;

use std::collections::BTreeMap;

pub use gallery::{ReadyMade, begin, gallery};
pub use preview::{Preview, Reader, Wanted, preview};

use crate::{
    app::{App, Result, media},
    domain::{
        institution::Institution, language::Language, letter::Letter, party::Party,
        purpose::Purpose,
    },
    mail::{
        letter::{Shown, Surroundings, Written},
        render::{
            CampaignFields, FIELDS, InstitutionFields, Known, PartyFields, PurposeFields,
            SharedFields,
        },
    },
    store,
};

/// A letter as templates. What it links to is public once [`publish`] was called.
///
/// # Errors
/// The database's. What is wrong with the letter is not an error of writing it.
pub async fn write(app: &App, letter: &Letter) -> Result<Written> {
    let ids: Vec<_> = letter.media().into_iter().collect();
    let mut reader = app.store.read().await?;
    let pictures: BTreeMap<_, _> = store::media::find_all(reader.conn(), &ids)
        .await?
        .into_iter()
        .filter_map(|one| {
            let (width, _) = one.pixels?;
            Some((one.id, Shown { url: media::url(app, &one), width }))
        })
        .collect();
    drop(reader);
    let known = known(app);
    let public = url::Url::parse(&app.public_url).ok();
    let around = Surroundings {
        known: &known,
        pictures: &pictures,
        host: public.as_ref().and_then(url::Url::host_str).unwrap_or("localhost"),
        media_url: &format!("{}/i", app.public_url),
    };
    Ok(crate::mail::letter::write(letter, &around))
}

/// Makes the files public that a letter links to. Call it before anybody gets the letter.
///
/// # Errors
/// The database's.
pub async fn publish(app: &App, written: &Written, actor: &str) -> Result<()> {
    for file in &written.calendars {
        media::keep_calendar(app, file, actor).await?;
    }
    Ok(())
}

/// The fields that authors may choose from: those of every campaign, and the allowed attributes.
#[must_use]
pub fn fields(app: &App) -> Vec<String> {
    const OFFERED: [&str; 10] = [
        "given_name",
        "family_name",
        "name",
        "institution.name",
        "institution.phone",
        "institution.support",
        "institution.address",
        "purpose.title",
        "party.name",
        "campaign.name",
    ];
    debug_assert!(OFFERED.iter().all(|field| FIELDS.contains(field)));
    let attributes = app.rules.attributes.iter().map(|key| format!("attr.{key}"));
    OFFERED.iter().map(|field| (*field).to_owned()).chain(attributes).collect()
}

fn known(app: &App) -> Known {
    Known { attributes: app.rules.attributes.clone(), ..Known::default() }
}

/// What all mails of one campaign and language have in common.
#[must_use]
pub fn shared_fields(
    institution: &Institution,
    campaign_name: &str,
    (purpose, party): (&Purpose, &Party),
    language: Language,
    field: serde_json::Map<String, serde_json::Value>,
) -> SharedFields {
    let fallback = institution.default_language();
    let partner = || party.names.get(&language).or_else(|| party.names.get(&fallback)).cloned();
    SharedFields {
        institution: InstitutionFields {
            name: institution.name_in(language).to_owned(),
            address: institution.address_in(language).to_owned(),
            support: institution.support_email.as_str().to_owned(),
            phone: institution.phone.clone(),
        },
        purpose: PurposeFields {
            title: purpose.title(language, fallback).to_owned(),
            clause: purpose.clause.clone(),
        },
        party: PartyFields { name: if party.key.is_institution() { None } else { partner() } },
        campaign: CampaignFields { name: campaign_name.to_owned() },
        policy_url: institution.policy_url.clone(),
        field,
    }
}
