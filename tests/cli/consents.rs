//! `kelisim consent …`.

use crate::folder::Folder;

fn people() -> Folder {
    let folder = Folder::ready();
    folder.write(
        "people.csv",
        "email,name,consent_news,consent_events,consent_source,consent_given_at,policy_version\n\
         aigul@example.kz,Айгүл,yes,yes,Form 7,2026-03-01,1\n\
         asel@example.kz,Әсел,yes,,Form 7,2026-03-01,1\n",
    );
    folder.run(&["contacts", "import", "people.csv"]).done();
    folder
}

#[test]
fn a_persons_history_is_shown_with_what_proves_it() {
    let folder = people();
    let shown = folder.run_with(&["consent", "show", "-"], "Aigul@EXAMPLE.kz").done();
    for text in [
        "news for institution: given since 2026-03-01 00:00:00 +0500 until 2028-02-29",
        "event 2  events for institution: given",
        "(subject by import)",
        "source     Form 7",
        "subject name Айгүл",
        "import line 2",
    ] {
        assert!(shown.contains(text), "{text}\n{shown}");
    }
    assert!(folder.run(&["consent", "show", "no@example.kz"]).refused().contains("no contact"));
}

#[test]
fn a_person_leaves_by_phone_and_an_import_does_not_bring_the_consent_back() {
    let folder = people();
    let withdraw = [
        "consent",
        "withdraw",
        "aigul@example.kz",
        "--purpose",
        "news",
        "--reason",
        "call 4711",
        "--channel",
        "phone",
    ];
    assert!(folder.run(&withdraw).done().starts_with("Withdrawn."));
    assert!(folder.run(&withdraw).done().contains("before"));
    let again = folder.run(&["contacts", "import", "people.csv"]).done();
    assert!(again.contains("1   not recorded: the person withdrew or refused"), "{again}");
    let all =
        ["consent", "withdraw", "aigul@example.kz", "--all", "--reason", "x", "--channel", "mail"];
    assert!(folder.run(&all).done().starts_with("Withdrawn."));
    let shown = folder.run(&["consent", "show", "aigul@example.kz"]).done();
    assert!(shown.contains("suppressed: all_withdrawn"), "{shown}");
    assert!(shown.contains("events for institution: withdrawn"), "{shown}");
    let neither = ["consent", "withdraw", "aigul@example.kz", "--reason", "x", "--channel", "mail"];
    assert_eq!(folder.run(&neither).code, 2);
}

#[test]
fn the_ledger_is_verified_also_against_a_head_kept_elsewhere() {
    let folder = people();
    let whole = "The ledger is whole: 3 events; 3 consents stand where it puts them.\n";
    assert_eq!(folder.run(&["consent", "verify"]).done(), whole);
    let head = folder.run(&["consent", "head"]).done();
    folder.write("head.json", &head);
    assert_eq!(folder.run(&["consent", "verify", "--head", "head.json"]).done(), whole);
    folder.write("head.json", &head.replace("\"seq\": 3", "\"seq\": 2"));
    let error = folder.run(&["consent", "verify", "--head", "head.json"]).refused();
    assert!(error.contains("signature"), "{error}");
    assert!(folder.run(&["consent", "rebuild"]).done().starts_with("3 consents"));
}
