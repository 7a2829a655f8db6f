//! From an empty folder to something that can be used.

use std::{fs, os::unix::fs::PermissionsExt as _};

use crate::folder::Folder;

#[test]
fn init_writes_a_configuration_that_check_accepts_and_overwrites_nothing() {
    let folder = Folder::empty();
    assert!(folder.run(&["init"]).done().contains("kelisim.toml"));
    assert!(folder.run(&["config", "check"]).done().contains("can be used"));
    folder.write("kelisim.toml", "mine");
    assert!(folder.run(&["init"]).refused().contains("is there already"));
    assert_eq!(folder.read("kelisim.toml"), "mine");
}

#[test]
fn a_command_that_is_not_understood_ends_with_2() {
    let folder = Folder::empty();
    for arguments in [&["no-such-command"][..], &["contacts", "import"], &["consent", "show", "x"]]
    {
        assert_eq!(folder.run(arguments).code, 2, "{arguments:?}");
    }
}

#[test]
fn without_a_configuration_the_error_says_how_to_get_one() {
    assert!(Folder::empty().run(&["migrate"]).refused().contains("kelisim init"));
}

#[test]
fn a_policy_is_published_once_and_listed_with_its_hash() {
    let folder = Folder::ready();
    let publish = ["policy", "publish", "policy.txt", "--language", "kk", "--kind", "material"];
    assert!(folder.run(&publish).refused().contains("published already, as version 1"));
    folder.write("policy.txt", "Құпиялылық саясаты, 2\n");
    folder.write("policy-ru.txt", "Политика\n");
    let publish = [
        "policy",
        "publish",
        "policy.txt",
        "policy-ru.txt",
        "--language",
        "kk",
        "--language",
        "ru",
        "--kind",
        "material",
    ];
    assert!(folder.run(&publish).done().starts_with("Published version 2 (material).\n"));
    let list = folder.run(&["policy", "list"]).done();
    // printf 'Политика\n' | sha256sum
    assert!(list.contains("ru  SHA-256 59e1ac85352a8218"), "{list}");
    let publish = ["policy", "publish", "a", "b", "--language", "kk", "--kind", "editorial"];
    assert!(folder.run(&publish).refused().contains("--language once for each file"));
}

#[test]
fn purposes_and_parties_are_listed() {
    let folder = Folder::ready();
    let purposes = folder.run(&["purpose", "list"]).done();
    assert_eq!(purposes.lines().count(), 6);
    assert!(purposes.contains("3.1.7") && purposes.contains("partner_offers"));
    let add = ["party", "add", "acme", "--name", "kk=Акме", "--name", "ru=Акме"];
    assert_eq!(folder.run(&add).done(), "Added acme.\n");
    assert_eq!(folder.run(&add).done(), "acme has these names now.\n");
    assert!(
        folder.run(&["party", "add", "other", "--name", "ru=Иное"]).refused().contains("in kk")
    );
    let parties = folder.run(&["party", "list"]).done();
    assert!(parties.contains("institution") && parties.contains("ru: Акме"));
}

#[test]
fn a_token_shows_its_secret_once_and_is_revoked() {
    let folder = Folder::ready();
    let ran = folder.run(&["token", "create", "registry", "--days", "30"]);
    let secret = ran.done();
    assert!(secret.starts_with("kls_") && secret.lines().count() == 1);
    let list = folder.run(&["token", "list"]).done();
    assert!(list.contains("registry") && list.contains("until") && !list.contains(secret.trim()));
    let id = list.split_whitespace().next().unwrap();
    assert_eq!(folder.run(&["token", "revoke", id]).done(), "Revoked.\n");
    assert!(folder.run(&["token", "revoke", id]).refused().contains("no token"));
    assert!(folder.run(&["token", "list"]).done().contains("revoked"));
}

#[test]
fn dkim_keys_are_for_the_owner_only_and_never_overwritten() {
    let folder = Folder::empty();
    let generate = ["dkim", "generate", "--domain", "мектеп.қаз"];
    let out = folder.run(&generate).done();
    let domain = "xn--e1aaogsq.xn--80ao21a";
    assert!(out.contains(&format!("k1._domainkey.{domain}. IN TXT ( \"v=DKIM1")));
    for selector in ["k1", "k2"] {
        let name = format!("{selector}.{domain}.pem");
        assert!(out.contains(&format!("selector = \"{selector}\"")) && out.contains(&name));
        let mode = fs::metadata(folder.path(&name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let before = folder.read(&format!("k1.{domain}.pem"));
    assert!(folder.run(&generate).refused().contains("is there already"));
    assert_eq!(folder.read(&format!("k1.{domain}.pem")), before);
}
