//! Consents and their evidence.

use super::*;
use crate::domain::language::Language;

const LONG: &str = "email,consent_purpose,party,consent_source,consent_given_at,policy_version,wording,wording_language\n";

fn of(purpose: &str, party: &str) -> PurposeOf {
    PurposeOf { purpose: purpose.to_owned(), party: party.to_owned() }
}

fn claims(file: &str, options: &ReadOptions) -> Vec<ConsentClaim> {
    contacts(file, options).remove(0).consents
}

#[test]
fn a_consent_comes_with_its_evidence() {
    let file = format!("{LONG}a@x.kz,partner_offers,acme,Form 7,2025-03-01 14:30,2,I agree,en\n");
    let evidence = Evidence {
        source: "Form 7".to_owned(),
        given_at: "2025-03-01T09:30:00Z".parse().unwrap(),
        policy_version: Some(2),
        wording: Some("I agree".to_owned()),
        language: Some(Language::EN),
    };
    let claim =
        ConsentClaim { of: of("partner_offers", "acme"), proof: Proof::Evidenced(evidence) };
    assert_eq!(claims(&file, &options()), [claim]);
}

#[test]
fn the_words_shown_are_kept_as_they_stand() {
    let file = format!("{LONG}a@x.kz,news,,F,2025-03-01,,\"Келісемін:\r\n  жаңалықтар\",kk\n");
    let Proof::Evidenced(evidence) = &claims(&file, &options())[0].proof else { panic!() };
    assert_eq!(evidence.wording.as_deref(), Some("Келісемін:\n  жаңалықтар"));
}

#[test]
fn a_claim_says_what_its_evidence_lacks() {
    for (cells, lacks) in [
        (",,,", vec![Lack::Source, Lack::GivenAt, Lack::PolicyVersionOrWording]),
        ("Form,,1,", vec![Lack::GivenAt]),
        (",2025-03-01,,Text", vec![Lack::Source]),
        ("Form,2025-03-01,,", vec![Lack::PolicyVersionOrWording]),
    ] {
        let file = format!("{LONG}a@x.kz,news,,{cells},\n");
        let claim = ConsentClaim { of: of("news", INSTITUTION), proof: Proof::Lacking(lacks) };
        assert_eq!(claims(&file, &options()), [claim], "{cells}");
    }
}

#[test]
fn several_purposes_in_one_cell_share_the_evidence() {
    let file = format!("{LONG}a@x.kz,news; events;Жаңалықтар,,Form,2025-03-01,1,,\n");
    let file = file.replace("news; events;Жаңалықтар", "\"news; events;Жаңалықтар\"");
    let claims = claims(&file, &options());
    assert_eq!(claims.iter().map(|c| &c.of.purpose).collect::<Vec<_>>(), ["news", "events"]);
    assert_eq!(claims[0].proof, claims[1].proof);
}

#[test]
fn a_column_per_purpose_holds_yes_or_no() {
    let file = "email;consent_news;consent:events;consent:partner_offers:acme;consent_offers;consent_source;consent_given_at;policy_version\n\
        a@x.kz;иә;жоқ;Да;;Form;01.03.2025;1\n";
    let row = contacts(file, &options()).remove(0);
    let wanted: Vec<_> = row.consents.iter().map(|claim| claim.of.clone()).collect();
    assert_eq!(wanted, [of("news", INSTITUTION), of("partner_offers", "acme")]);
    assert!(row.consents.iter().all(|claim| matches!(claim.proof, Proof::Evidenced(_))));
    assert_eq!(row.declined, [of("events", INSTITUTION)]);
}

#[test]
fn constants_are_the_evidence_of_every_row() {
    let options = mapped(
        "[consents]\nevents = \"События\"\n[constants]\npurposes = [\"news\"]\n\
         consent_source = \"Registration form 2025\"\nconsent_given_at = \"2025-03-01\"\npolicy_version = 1",
    );
    let rows = contacts("email,События\na@x.kz,да\nb@x.kz,\n", &options);
    assert_eq!(rows[0].consents.len(), 2);
    assert_eq!(rows[1].consents.len(), 1);
    assert!(
        matches!(&rows[1].consents[0].proof, Proof::Evidenced(e) if e.policy_version == Some(1))
    );
}

#[test]
fn a_no_in_the_row_is_stronger_than_a_constant_yes() {
    let options = mapped("[constants]\npurposes = [\"news\"]");
    let row = contacts("email,consent_news\na@x.kz,no\n", &options).remove(0);
    assert!(row.consents.is_empty());
    assert_eq!(row.declined, [of("news", INSTITUTION)]);
}

#[test]
fn a_contact_without_a_claim_needs_no_evidence() {
    let row = contacts("email,consent_source,consent_given_at\na@x.kz,,\n", &options()).remove(0);
    assert!(row.consents.is_empty() && row.declined.is_empty());
}

#[test]
fn wrong_consent_cells_reject_the_row_so_that_they_get_mended() {
    let file = format!(
        "{LONG}a@x.kz,news,,F,soon,1,,\nb@x.kz,news,,F,2026-11-02,1,,\nc@x.kz,nwes,,F,2025-03-01,1,,\n\
         d@x.kz,news,,F,2025-03-01,first,,\ne@x.kz,news,,F,2025-03-01,1,,martian\n"
    );
    assert_eq!(
        faults(&file, &options()),
        [
            (2, 5, "date_unreadable"),
            (3, 5, "date_in_future"),
            (4, 2, "purpose_unknown"),
            (5, 6, "policy_version_unreadable"),
            (6, 8, "language_unknown"),
        ]
    );
    assert_eq!(faults("email,consent_news\na@x.kz,maybe\n", &options()), [(2, 2, "not_yes_or_no")]);
}
