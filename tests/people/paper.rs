//! Consents on paper.

use chrono::{DateTime, TimeDelta, Utc};
use kelisim::{
    app::{
        Error,
        consent::Scope,
        people::{OnPaper, PaperDetails, record_paper},
    },
    domain::{consent::State, party::PartyKey, policy::ChangeKind},
};

use crate::{
    desk::{Desk, person},
    support::{database::on_both, scene::purpose},
};

on_both!(
    a_paper_with_its_proof_is_a_consent,
    a_paper_signed_before_the_person_left_revives_nothing,
    a_paper_signed_after_the_person_left_does,
    a_paper_without_proof_or_with_forbidden_data_is_refused,
    a_paper_from_before_a_material_change_waits,
);

const EMAIL: &str = "aigul@example.kz";

async fn paper(desk: &Desk, given_at: DateTime<Utc>) -> OnPaper {
    desk.import(&[person(EMAIL)]).await;
    OnPaper {
        contact_id: desk.history(EMAIL).await.contact.id,
        purpose: purpose("news"),
        party: PartyKey::institution(),
        details: PaperDetails {
            source: "Form 12, folder 3".to_owned(),
            given_at,
            policy_version: Some(1),
            wording: Some("Жаңалықтарды алуға келісемін.".to_owned()),
            language: None,
        },
    }
}

async fn a_paper_with_its_proof_is_a_consent(desk: Desk) {
    let signed = desk.now() - TimeDelta::days(3);
    let paper = paper(&desk, signed).await;
    let consent = record_paper(&desk.app, &paper).await.unwrap();
    assert_eq!((consent.standing.state, consent.standing.since), (State::Given, signed));
    let history = desk.history(EMAIL).await;
    assert!(
        history.entries[0].event.wording.is_some() && history.entries[0].event.policy.is_some()
    );
    assert!(matches!(record_paper(&desk.app, &paper).await, Err(Error::Conflict(_))));
}

async fn a_paper_signed_before_the_person_left_revives_nothing(desk: Desk) {
    let paper = paper(&desk, desk.now() - TimeDelta::days(3)).await;
    let scope = Scope::Purpose(paper.purpose.clone(), paper.party.clone());
    desk.withdraw(EMAIL, scope, desk.now() - TimeDelta::days(1)).await;
    assert!(matches!(record_paper(&desk.app, &paper).await, Err(Error::Conflict(_))));
    assert_eq!(desk.state(EMAIL, "news").await, Some(State::Withdrawn));
}

async fn a_paper_signed_after_the_person_left_does(desk: Desk) {
    let paper = paper(&desk, desk.now() - TimeDelta::days(1)).await;
    let scope = Scope::Purpose(paper.purpose.clone(), paper.party.clone());
    desk.withdraw(EMAIL, scope, desk.now() - TimeDelta::days(2)).await;
    let consent = record_paper(&desk.app, &paper).await.unwrap();
    assert_eq!(consent.standing.state, State::Renewed);
}

async fn a_paper_without_proof_or_with_forbidden_data_is_refused(desk: Desk) {
    let paper = paper(&desk, desk.now() + TimeDelta::days(1)).await;
    let details = PaperDetails {
        source: "ИИН 900101300007".to_owned(),
        policy_version: None,
        wording: None,
        ..paper.details.clone()
    };
    let refused = record_paper(&desk.app, &OnPaper { details, ..paper.clone() }).await;
    let Err(Error::Invalid(problems)) = refused else { panic!("{refused:?}") };
    let places: Vec<_> = problems.iter().map(|one| one.place.as_str()).collect();
    assert_eq!(places, ["given_at", "policy_version", "source"]);
    let given_at = desk.now();
    let details = PaperDetails { given_at, policy_version: Some(9), ..paper.details.clone() };
    let refused = record_paper(&desk.app, &OnPaper { details, ..paper.clone() }).await;
    assert!(matches!(refused, Err(Error::Invalid(_))));
    let details = PaperDetails { given_at, ..paper.details.clone() };
    let partners = purpose("partner_offers");
    let refused = record_paper(&desk.app, &OnPaper { details, purpose: partners, ..paper }).await;
    assert!(matches!(refused, Err(Error::Invalid(_))));
    assert_eq!(desk.events().await, 0);
}

async fn a_paper_from_before_a_material_change_waits(desk: Desk) {
    let paper = paper(&desk, desk.now() - TimeDelta::days(1)).await;
    desk.publish("Саясат, екінші басылым", ChangeKind::Material).await;
    let consent = record_paper(&desk.app, &paper).await.unwrap();
    assert_eq!(consent.standing.state, State::NeedsReconfirmation);
}
