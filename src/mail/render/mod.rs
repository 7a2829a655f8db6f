//! The content of campaigns: from the files that staff write to the mail that one contact gets.
//!
//! [`CampaignFile::read`] and [`BodyFile::new`] take texts, [`check`] judges them and compiles each
//! language into [`Compiled`], which is stored; [`Renderer`] parses that once and renders it for
//! each contact. Nothing here reads files, clocks or networks, and a template can neither.
//!
//! # Examples
//! ```
//! use kelisim::mail::render::{BodyFile, CampaignFile, Fields, Renderer, SharedFields, check};
//!
//! let campaign = CampaignFile::read(
//!     "name = \"Наурыз\"\npurpose = \"news\"\nsender.address = \"news@example.kz\"\n\
//!      subject.kk = \"Жаңалықтар\"",
//! )
//! .unwrap();
//! let body = "# Сәлем, {{fallback given_name \"әріптес\"}}!\n\n{{footer}}";
//! let body = BodyFile::new("body.kk.md.hbs", body.to_owned()).unwrap();
//! let checked = check(&campaign, &[body], &Default::default());
//! assert!(checked.may_start());
//!
//! let renderer = Renderer::new(&checked.compiled[0], &SharedFields::default()).unwrap();
//! let mail = renderer
//!     .render(&Fields {
//!         name: "Айгүл Ахметова",
//!         given_name: "Айгүл",
//!         family_name: "Ахметова",
//!         language: "kk".parse().unwrap(),
//!         attributes: &serde_json::Map::new(),
//!         unsubscribe_url: "https://example.kz/u/1",
//!         preferences_url: "https://example.kz/p/1",
//!     })
//!     .unwrap();
//! assert!(mail.text.starts_with("Сәлем, Айгүл!"));
//! assert!(mail.text.contains("https://example.kz/u/1"));
//! ```

mod body_file;
mod campaign_file;
mod check;
mod compile;
mod document;
mod fields;
mod finding;
mod footer;
mod lint;
mod markup;
mod mjml;
mod mustache;
mod pieces;
mod plain_text;
mod renderer;
mod shield;
mod uses;
pub(super) mod wording;

pub use body_file::{BodyFile, NotABody, SourceKind};
pub use campaign_file::{CAMPAIGN_FILE, CampaignFile, Schedule, Sender, StartAt};
pub use check::{Checked, check};
pub use compile::{Built, Compiled, LanguageSource, Line, SOURCE_BYTES_MAX, compile};
pub(super) use fields::Standing;
pub use fields::{
    CampaignFields, FIELDS, Fields, InstitutionFields, Known, PartyFields, PurposeFields,
    SharedFields,
};
pub use finding::{Code, Finding, Place, Severity};
pub use renderer::{
    HTML_BYTES_MAX, Part, RenderError, Rendered, Renderer, SUBJECT_BYTES_MAX, TEXT_BYTES_MAX,
};
