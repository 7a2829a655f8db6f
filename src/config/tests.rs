//! Whole configurations, read as at start.

use std::{fs, path::PathBuf, time::Duration};

use secrecy::ExposeSecret as _;
use tempfile::TempDir;

use super::*;
use crate::{domain::language::Language, mail::dkim, telemetry::Format};

/// A folder with a new configuration in it, as `kelisim init` leaves it.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        write_new(dir.path(), &[7; 32]).unwrap();
        Self(dir)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Replaces a text of the configuration that must be there.
    fn edit(&self, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(CONFIG_FILE)).unwrap();
        assert!(text.contains(from), "{from}");
        fs::write(self.path(CONFIG_FILE), text.replace(from, to)).unwrap();
    }

    fn write_secret(&self, name: &str, text: &str) {
        fs::copy(self.path(KEY_FILE), self.path(name)).unwrap();
        fs::write(self.path(name), text).unwrap();
    }

    fn load(&self, environment: &[(&str, &str)]) -> Result<Settings, ConfigErrors> {
        let pairs = environment.iter().map(|(name, text)| ((*name).into(), (*text).into()));
        Settings::load(Some(&self.path(CONFIG_FILE)), pairs)
    }

    /// The problems, without the folder's name.
    fn problems(&self, environment: &[(&str, &str)]) -> Vec<String> {
        let folder = format!("{}/", self.0.path().display());
        let errors = self.load(environment).unwrap_err();
        errors.0.iter().map(|problem| problem.to_string().replace(&folder, "")).collect()
    }
}

#[test]
fn the_example_is_a_configuration_that_starts_and_says_what_is_left_to_do() {
    let settings = Folder::new().load(&[]).unwrap();
    assert_eq!(settings.institution.support_email.as_str(), "support@cpm.kz");
    assert_eq!(settings.institution.default_language(), Language::KK);
    assert_eq!(settings.mail.list_domain, "cpm.kz");
    assert_eq!(settings.relays.len(), 1);
    let worries: Vec<_> = settings.worries().iter().map(|worry| worry.key).collect();
    assert_eq!(worries, ["public_url", "institution.bin", "dkim"]);
}

#[test]
fn the_environment_alone_is_enough() {
    let folder = Folder::new();
    let key_file = folder.path(KEY_FILE).display().to_string();
    fs::write(folder.path("empty.toml"), "").unwrap();
    let settings = Settings::load(
        Some(&folder.path("empty.toml")),
        [
            ("KELISIM_LISTEN", "0.0.0.0:80"),
            ("KELISIM_PUBLIC_URL", "https://news.example.kz"),
            ("KELISIM_SECRETS_KEY_FILE", &key_file),
            ("KELISIM_INSTITUTION_NAME_KK", "Мекеме"),
            ("KELISIM_INSTITUTION_ADDRESS", "{ kk = 'Астана' }"),
            ("KELISIM_INSTITUTION_LANGUAGES", "kk"),
            ("KELISIM_INSTITUTION_BIN", "000140000000"),
            ("KELISIM_INSTITUTION_SUPPORT_EMAIL", "help@example.kz"),
            ("KELISIM_INSTITUTION_PHONE", "+7 7172 00 00 00"),
            ("KELISIM_INSTITUTION_POLICY_URL", "https://example.kz/privacy"),
            ("KELISIM_SMTP_URL", "smtp://u:p@mail.example.kz"),
            ("KELISIM_SMTP_RATE", "5/s"),
            ("KELISIM_RELAYS", "[{ name = 'b', url = 'smtps://b.example.kz', connections = 2 }]"),
            ("KELISIM_MAIL_SENDERS", "[{ address = 'a@example.kz', name = { kk = 'А' } }]"),
            ("KELISIM_MAIL_SENDER_ID", "example"),
            ("KELISIM_CONTACTS_ATTRIBUTES", "region, school"),
            ("KELISIM_ENGINE_SHUTDOWN_S", "5"),
            ("KELISIM_LOG_FORMAT", "json"),
        ]
        .map(|(name, text)| (name.to_owned(), text.to_owned())),
    )
    .unwrap();
    assert_eq!(settings.listen.port(), 80);
    assert_eq!(settings.relays[0].rate.to_string(), "5/1s");
    assert_eq!((settings.relays[1].name.as_str(), settings.relays[1].connections.get()), ("b", 2));
    assert_eq!(settings.attributes.len(), 2);
    assert_eq!(settings.engine.shutdown, Duration::from_secs(5));
    assert_eq!(settings.log.format, Format::Json);
}

#[test]
fn all_problems_are_told_at_once_with_their_place_and_what_to_do() {
    let folder = Folder::new();
    folder.edit("public_url = \"http://localhost:8080\"", "public_url = \"http://news.cpm.kz\"");
    folder.edit("# rate = \"100/1m\"", "rate = \"0/1s\"");
    folder.edit("# connections = 4", "conections = 4");
    folder.edit("bin = \"000000000000\"\n", "");
    let problems =
        folder.problems(&[("KELISIM_ENGINE_SHUTDOWN_S", "5000"), ("KELISIM_SMPT_URL", "x")]);
    let expected = [
        "kelisim.toml:11:1: public_url: links in mail must begin with https:// (http:// is for \
         localhost only)",
        "kelisim.toml:64:1: smtp.rate: \"0/1s\" is not a rate: write messages per time",
        "kelisim.toml:65:1: smtp.conections: there is no such key; did you mean connections?",
        "environment variable KELISIM_ENGINE_SHUTDOWN_S: engine.shutdown_s: 5000 is not within 1 to 600",
        "environment variable KELISIM_SMPT_URL: there is no such key; did you mean \
         KELISIM_SMTP_URL?",
        "institution.bin: is missing (Business identification number, 12 digits). Set bin = \
         \"000000000000\" or KELISIM_INSTITUTION_BIN",
    ];
    assert_eq!(problems.len(), expected.len(), "{problems:#?}");
    for (problem, expected) in problems.iter().zip(expected) {
        assert!(problem.starts_with(expected), "{problem}\n{expected}");
    }
}

#[test]
fn a_value_of_the_wrong_kind_is_told_by_kind() {
    let folder = Folder::new();
    folder.edit("[log]\n", "[log]\nfilter = 5\n");
    folder.edit("# shutdown_s = 30", "shutdown_s = \"long\"");
    folder.edit("attributes = [\"region\", \"school\", \"subject\"]", "attributes = 'region'");
    let problems = folder.problems(&[("KELISIM_DKIM", "[1]")]);
    assert_eq!(problems.len(), 4, "{problems:#?}");
    assert!(problems[0].contains("attributes: text cannot stand here; write attributes = ["));
    assert!(
        problems[1].contains("engine.shutdown_s: text cannot stand here; write shutdown_s = 30")
    );
    assert!(problems[2].contains("log.filter: a number cannot stand here"));
    assert!(problems[3].contains("dkim: must be a list of tables, such as [{ domain"));
}

#[test]
fn a_missing_key_of_a_row_is_told_where_the_row_stands() {
    let folder = Folder::new();
    let problems = folder.problems(&[("KELISIM_RELAYS", "[{ name = 'smtp' }]")]);
    assert!(problems[0].contains("relays[1].name: \"smtp\" is the name of another relay"));
    assert!(problems[1].contains("KELISIM_RELAYS: relays[1].url: is missing"), "{problems:#?}");
    folder.edit("address = \"support@cpm.kz\"", "");
    let problems = folder.problems(&[]);
    assert!(problems[0].starts_with("kelisim.toml:") && problems[0].contains("senders[1].address"));
}

#[test]
fn the_first_language_is_required_in_every_text_about_the_institution() {
    let folder = Folder::new();
    folder.edit("ru = \"010000, г. Астана, ул. Примерная, 1\"\n", "");
    let problems = folder.problems(&[]);
    assert!(problems[0].contains("institution.address: has no text in ru"), "{problems:#?}");
}

#[test]
fn a_process_that_does_not_send_needs_no_relay() {
    let folder = Folder::new();
    folder.edit("url = \"smtp://127.0.0.1:25?tls=none\"", "");
    assert!(folder.problems(&[])[0].starts_with("smtp.url: is missing"));
    let settings = folder.load(&[("KELISIM_ENGINE_ENABLED", "false")]).unwrap();
    assert!(settings.relays.is_empty());
}

#[test]
fn secrets_come_from_guarded_files_and_the_environment_wins() {
    let folder = Folder::new();
    folder.write_secret("smtp.url", "smtp://u:geheim@mail.example.kz\n");
    folder.edit("url = \"smtp://127.0.0.1:25?tls=none\"", "url_file = \"smtp.url\"");
    let settings = folder.load(&[]).unwrap();
    let login = settings.relays[0].relay.login.as_ref().unwrap();
    assert_eq!(login.password.expose_secret(), "geheim");
    let settings = folder.load(&[("KELISIM_SMTP_URL", "smtp://other.kz")]).unwrap();
    assert_eq!(settings.relays[0].relay.host, "other.kz");
}

#[test]
fn one_secret_in_two_places_is_a_problem() {
    let folder = Folder::new();
    folder.edit("# keys = [\"base64 of at least 32 random bytes\"]", "keys = ['x']");
    let problems = folder.problems(&[]);
    assert!(problems[0].contains("secrets.key_file: stands beside keys"), "{problems:#?}");
}

#[test]
fn weak_and_missing_master_secrets_are_refused() {
    let folder = Folder::new();
    let weak = folder.problems(&[("KELISIM_SECRETS_KEYS", "c2hvcnQ=")]);
    assert!(weak[0].contains("secrets.keys: a secret has 5 octets"), "{weak:#?}");
    folder.edit("key_file = \"secrets.key\"", "");
    assert!(folder.problems(&[])[0].starts_with("secrets.key_file: is missing"));
    folder.edit("[secrets]", "[secrets]\nkey_file = \"none.key\"");
    assert!(folder.problems(&[])[0].contains("none.key is not a file"));
}

#[test]
fn rotated_secrets_still_verify() {
    use crate::domain::token::TokenKind::Unsubscribe;
    let folder = Folder::new();
    let id = uuid::Uuid::from_u128(1);
    let token = folder.load(&[]).unwrap().keyring.link_token(Unsubscribe, id);
    let text = fs::read_to_string(folder.path(KEY_FILE)).unwrap();
    let fresh = data_encoding::BASE64.encode(&[9; 32]);
    folder.write_secret(KEY_FILE, &format!("{fresh}\n{text}"));
    let rotated = folder.load(&[]).unwrap().keyring;
    assert_eq!(rotated.read_link_token(Unsubscribe, &token), Ok(id));
    assert_ne!(rotated.link_token(Unsubscribe, id), token);
}

#[test]
fn signing_keys_are_read_at_start_and_each_only_once() {
    let folder = Folder::new();
    let [rsa, ed25519] = dkim::generate("cpm.kz", "r1", "e1").unwrap();
    folder.write_secret(&rsa.file_name, &rsa.pem);
    folder.write_secret(&ed25519.file_name, &ed25519.pem);
    folder.edit("# [[dkim]]", "[[dkim]]");
    folder.edit("# domain = \"example.kz\"", "domain = \"cpm.kz\"");
    folder.edit("# selector = \"k1\"", "selector = \"r1\"");
    folder.edit("# key_file = \"k1.example.kz.pem\"", &format!("key_file = '{}'", rsa.file_name));
    let settings = folder.load(&[]).unwrap();
    assert_eq!(settings.dkim[0].domain(), "cpm.kz");
    assert!(settings.worries().iter().all(|worry| worry.key != "dkim"));
    let twice = format!(
        "\n[[dkim]]\ndomain = 'cpm.kz'\nselector = 'r1'\nkey_file = '{}'\n\n[contacts]",
        ed25519.file_name
    );
    folder.edit("\n[contacts]", &twice);
    assert!(folder.problems(&[])[0].contains("another key has this domain and selector"));
}

#[test]
fn neither_settings_nor_problems_show_a_secret() {
    let folder = Folder::new();
    let secret = "R0VIRUlNR0VIRUlNR0VIRUlNR0VIRUlNR0VIRUlNR0VIRUlN";
    let settings = folder
        .load(&[
            ("KELISIM_SECRETS_KEYS", secret),
            ("KELISIM_SMTP_URL", "smtp://u:geheim@mail.example.kz"),
            ("KELISIM_DATABASE_URL", "postgres://u:geheim@db/kelisim"),
        ])
        .unwrap();
    let shown = format!("{settings:?}");
    assert!(!shown.contains("geheim") && !shown.contains(secret) && !shown.contains("GEHEIM"));
    let errors = folder.problems(&[
        ("KELISIM_SECRETS_KEYS", "geheim, geheim"),
        ("KELISIM_SMTP_URL", "geheim@mail"),
        ("KELISIM_DATABASE_URL", "mysql://u:geheim@db"),
        ("KELISIM_RELAYS", "[{ name = 'b', url = 'x:geheim' }]"),
        ("KELISIM_DKIM", "geheim"),
    ]);
    assert!(errors.len() >= 5 && errors.iter().all(|e| !e.contains("geheim")), "{errors:#?}");
}

#[test]
fn a_named_file_must_be_there_and_the_default_one_need_not() {
    let errors = Settings::load(Some(Path::new("none/such.toml")), []).unwrap_err();
    assert!(errors.to_string().contains("none/such.toml cannot be read"), "{errors}");
    let variable = ("KELISIM_CONFIG".to_owned(), "none/other.toml".to_owned());
    let errors = Settings::load(None, [variable]).unwrap_err();
    assert!(errors.to_string().contains("none/other.toml cannot be read"), "{errors}");
    let errors = Settings::load(None, []).unwrap_err();
    assert!(!errors.to_string().contains("cannot be read"), "{errors}");
}
