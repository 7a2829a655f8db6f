//! `kelisim contacts …`.

use crate::folder::Folder;

const FILE: &str = "email;name;consent_news;consent_source;consent_given_at;policy_version;Notes\n\
    aigul@example.kz;Айгүл;иә;Form 7;2026-03-01;1;\n\
    dana@example.kz;Дана;иә;;2026-03-01;1;\n\
    =nobody;Ешкім;;;;;\n\
    erzhan@example.kz;Ержан;;;;;call 900101300007\n\
    AIGUL@example.kz;;иә;Form 7;2026-03-01;1;\n";

#[test]
fn an_import_reports_in_plain_words_and_writes_the_rejects() {
    let folder = Folder::ready();
    folder.write("people.csv", FILE);
    let import = ["contacts", "import", "people.csv", "--rejects", "rejects.csv"];
    let out = folder.run(&import).done();
    for line in [
        "  email → address",
        "  left out: Notes",
        "         5 rows",
        "         2   new contacts",
        "         1   further rows of the same people, merged",
        "         2   not taken",
        "         3 consents claimed",
        "         1   recorded",
        "         1   recorded before: nothing to add",
        "         1   not recorded: their evidence is not complete",
        "1 × news for institution: no consent recorded, for it is not said where the consent was given (consent_source) (line 3)",
        "stands in rejects.csv",
    ] {
        assert!(out.contains(line), "{line}\n{out}");
    }
    let rejects = folder.read("rejects.csv");
    assert!(rejects.contains("4,email,") && rejects.contains("5,Notes,"), "{rejects}");
    assert!(!rejects.contains("nobody") && !rejects.contains("900101300007"));
}

#[test]
fn a_second_import_and_a_dry_run_add_nothing() {
    let folder = Folder::ready();
    folder.write("people.csv", FILE);
    let dry = folder.run(&["contacts", "import", "people.csv", "--dry-run"]).done();
    assert!(dry.contains("nothing was stored") && dry.contains("2   new contacts"), "{dry}");
    assert!(dry.contains("line 4, email:"), "{dry}");
    assert!(folder.run(&["consent", "show", "aigul@example.kz"]).refused().contains("no contact"));
    folder.run(&["contacts", "import", "people.csv"]).done();
    let again = folder.run(&["contacts", "import", "people.csv"]).done();
    assert!(!again.contains("new contacts"), "{again}");
    assert!(again.contains("2   known contacts, of whom nothing was learnt"), "{again}");
}

#[test]
fn a_file_that_cannot_be_used_says_what_to_mend() {
    let folder = Folder::ready();
    folder.write("people.csv", "email,ИИН\na@example.kz,900101300007\n");
    let error = folder.run(&["contacts", "import", "people.csv"]).refused();
    assert!(error.contains("ИИН") && error.contains("delete the column"), "{error}");
    assert!(!error.contains("900101300007"));
    let error = folder.run(&["contacts", "import", "none.csv"]).refused();
    assert!(error.contains("none.csv cannot be read"), "{error}");
    let same = ["contacts", "import", "people.csv", "--rejects", "./people.csv"];
    assert!(folder.run(&same).refused().contains("name another one"));
    assert!(folder.read("people.csv").starts_with("email"));
}

#[test]
fn a_mapping_file_names_the_columns() {
    let folder = Folder::ready();
    folder.write("people.csv", "Your e-mail,News?,When\na@example.kz,yes,2026-03-01\n");
    folder.write(
        "mapping.toml",
        "[columns]\naddress = \"Your e-mail\"\nconsent_given_at = \"When\"\n\
         [consents]\nnews = \"News?\"\n\
         [constants]\nconsent_source = \"Survey\"\npolicy_version = 1\n",
    );
    let import = ["contacts", "import", "people.csv", "--mapping", "mapping.toml"];
    assert!(folder.run(&import).done().contains("1   recorded\n"));
    folder.write("mapping.toml", "[columns]\nadress = \"Your e-mail\"\n");
    assert!(folder.run(&import).refused().contains("adress"));
}

#[test]
fn a_contact_is_blocked_and_let_go_on() {
    let folder = Folder::ready();
    folder.write("people.csv", FILE);
    folder.run(&["contacts", "import", "people.csv"]).done();
    let block = ["contacts", "block", "-", "--reason", "court order"];
    assert!(folder.run_with(&block, " aigul@example.kz\n").done().starts_with("Blocked."));
    assert!(folder.run_with(&block, "aigul@example.kz").done().contains("before"));
    let shown = folder.run(&["consent", "show", "aigul@example.kz"]).done();
    assert!(shown.contains("blocked: court order"));
    let unblock = ["contacts", "unblock", "aigul@example.kz", "--reason", "lifted"];
    assert!(folder.run(&unblock).done().starts_with("Unblocked."));
    assert!(folder.run_with(&block, "nobody").refused().contains("standard input"));
}
