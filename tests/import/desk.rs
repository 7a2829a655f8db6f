//! The desk of somebody who imports: an App on an empty database, with a clock that stands still.

use std::{io::Cursor, sync::Arc};

use chrono::{DateTime, Utc};
use kelisim::{
    app::{
        App, Clock, Entropy, Error, Rules,
        consent::{self, History, Scope, Withdrawal, Withdrawn},
        import_contacts::{ImportOptions, Imported, News, Note, Reason, Remark, Tally, import},
        policy,
    },
    domain::{
        consent::{Actor, Channel, Evidence, State},
        language::Language,
        policy::{ChangeKind, PolicyVersion},
        token::Keyring,
    },
    store::{Store, consent::Consent},
};

use crate::support::{
    database::{Database, Given},
    scene::{MORNING, address, institution, purpose},
};

/// The first line of the files of these tests.
pub(crate) const HEAD: &str = "email,name,language,tags,external_id,region,purpose,party,consent_source,consent_given_at,policy_version,wording";

/// An App with one published edition of the policy.
pub(crate) struct Desk {
    pub(crate) app: Arc<App>,
    /// Where the database is.
    pub(crate) url: String,
}

/// What an import told.
pub(crate) struct Heard {
    pub(crate) imported: Imported,
    pub(crate) tally: Tally,
    pub(crate) rejects: Vec<(u64, Vec<Reason>)>,
    pub(crate) notes: Vec<Note>,
}

impl Heard {
    pub(crate) fn remarks(&self) -> Vec<(u64, Remark)> {
        self.notes.iter().map(|note| (note.line, note.remark.clone())).collect()
    }
}

impl Given for Desk {
    async fn given(database: &Database) -> Self {
        let app = Arc::new(app(Store::given(database).await));
        let desk = Self { app, url: database.url() };
        desk.app.prepare().await.unwrap();
        desk.publish("Саясат, бірінші басылым", ChangeKind::Editorial).await;
        desk
    }
}

fn app(store: Store) -> App {
    let keys = Keyring::new([9; 32], []).unwrap();
    let clock = Clock::standing_at(MORNING);
    let rules = Rules { attributes: ["region".to_owned()].into(), ..Rules::default() };
    App::new(store, clock, Entropy, keys, institution(), "https://news.example.kz")
        .unwrap()
        .with_rules(rules)
}

/// A file with these rows.
pub(crate) fn file(rows: &[String]) -> String {
    let mut lines = vec![HEAD.to_owned()];
    lines.extend_from_slice(rows);
    lines.push(String::new());
    lines.join("\n")
}

/// A row of somebody of whom nothing is claimed.
pub(crate) fn person(email: &str) -> String {
    format!("{email},,,,,,,,,,,")
}

/// A row that claims a consent to news, given on a day under the first edition.
pub(crate) fn consented(email: &str, day: &str) -> String {
    format!("{email},,,,,,news,,Form 7,{day},1,")
}

impl Desk {
    pub(crate) async fn import(&self, rows: &[String]) -> Heard {
        self.try_import(&file(rows), ImportOptions::default()).await.unwrap()
    }

    pub(crate) async fn try_import(
        &self,
        text: &str,
        options: ImportOptions,
    ) -> Result<Heard, Error> {
        let (mut rejects, mut notes) = (Vec::new(), Vec::new());
        let source = Cursor::new(text.to_owned());
        let imported = import(&self.app, source, options, |news| match news {
            News::Rejected(reject) => {
                let reasons = reject.faults.iter().map(|fault| fault.reason).collect();
                rejects.push((reject.line, reasons));
            }
            News::Noted(note) => notes.push(note.clone()),
            News::Opened(_) | News::Recorded { .. } | News::Progress { .. } => {}
        })
        .await?;
        Ok(Heard { tally: imported.tally, imported, rejects, notes })
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.app.now()
    }

    pub(crate) async fn publish(&self, text: &str, kind: ChangeKind) -> PolicyVersion {
        let texts = vec![(Language::KK, text.to_owned())];
        policy::publish(&self.app, texts, kind).await.unwrap()
    }

    pub(crate) async fn history(&self, email: &str) -> History {
        consent::show(&self.app, &address(email)).await.unwrap()
    }

    /// Where the consent to a purpose of the institution stands.
    pub(crate) async fn consent(&self, email: &str, key: &str) -> Option<Consent> {
        let consents = self.history(email).await.consents;
        consents.into_iter().find(|one| one.purpose == purpose(key) && one.party.is_institution())
    }

    pub(crate) async fn state(&self, email: &str, key: &str) -> Option<State> {
        self.consent(email, key).await.map(|consent| consent.standing.state)
    }

    /// How many events the ledger has.
    pub(crate) async fn events(&self) -> i64 {
        consent::verify(&self.app, None).await.unwrap().unwrap().events
    }

    pub(crate) async fn withdraw(&self, email: &str, scope: Scope, occurred_at: DateTime<Utc>) {
        let wish = Withdrawal {
            contact_id: self.history(email).await.contact.id,
            scope,
            occurred_at,
            actor: Actor::Subject,
            channel: Channel::OneClick,
            evidence: Evidence { source: "link".to_owned(), ..Evidence::default() },
        };
        assert_eq!(consent::withdraw(&self.app, wish).await.unwrap(), Withdrawn::Now);
    }
}
