//! TEMP
use crate::{
    app::Result,
    domain::{
        language::Language,
        letter::{Body, Letter},
    },
    mail::render::BodyFile,
};
use std::collections::BTreeMap;
pub(super) struct Files {
    pub subject: BTreeMap<Language, String>,
    pub preheader: BTreeMap<Language, String>,
    pub bodies: Vec<BodyFile>,
}
pub(super) fn files(letter: &Letter) -> Result<Files> {
    let mut f = Files { subject: BTreeMap::new(), preheader: BTreeMap::new(), bodies: Vec::new() };
    for (l, e) in &letter.editions {
        f.subject.insert(*l, e.subject.summary());
        if let Body::Code(code) = &e.body {
            f.bodies
                .extend(BodyFile::new(&format!("body.{l}.{}.hbs", code.kind), code.text.clone()));
        }
    }
    Ok(f)
}
