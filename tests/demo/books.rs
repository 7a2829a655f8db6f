//! What the demo's database says.

use std::path::Path;

use kelisim::{
    app::{
        App, Clock, Entropy,
        campaign::{self, Funnel, Status},
    },
    config::Settings,
    store::Store,
};
use secrecy::ExposeSecret as _;

/// A second look at the database, beside the demo's.
pub(crate) struct Books(App);

impl Books {
    pub(crate) async fn open(config: &Path) -> Self {
        let settings = Settings::load(Some(config), []).unwrap();
        let database = settings.database.url.expose_secret();
        let store = Store::connect(database, settings.database.connections).await.unwrap();
        let url = settings.public_url.as_str();
        let (keys, institution) = (settings.keyring, settings.institution);
        Self(App::new(store, Clock::System, Entropy, keys, institution, url).unwrap())
    }

    /// The first campaign with this name: its funnel now, and what became of its deliveries.
    pub(crate) async fn campaign(&self, name: &str) -> (Funnel, Status) {
        let all = campaign::page(&self.0, None, 100).await.unwrap();
        let first = all.iter().rev().find(|one| one.name == name).unwrap();
        self.campaign_with(&first.id.to_string()).await
    }

    /// The same for the campaign with this id.
    pub(crate) async fn campaign_with(&self, id: &str) -> (Funnel, Status) {
        let one = campaign::find_by_word(&self.0, id).await.unwrap();
        let funnel = campaign::funnel(&self.0, &one.audience, &one.purpose, &one.party);
        (funnel.await.unwrap(), campaign::status(&self.0, one.id).await.unwrap())
    }
}
