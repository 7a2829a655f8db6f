//! Where words lead, and how they look.

use super::ink::{Ink, escaped};
use crate::domain::letter::{Marks, Page, Target};

/// Opens the marks of a run; gives what closes them.
pub(super) fn open_marks(ink: &mut Ink, marks: &Marks) -> String {
    let mut closing = String::new();
    if let Some(href) = marks.link.as_ref().and_then(address) {
        ink.markup(&format!("<a href=\"{href}\">"));
        closing.insert_str(0, "</a>");
    }
    if marks.bold {
        ink.markup("<strong>");
        closing.insert_str(0, "</strong>");
    }
    if marks.italic {
        ink.markup("<em>");
        closing.insert_str(0, "</em>");
    }
    closing
}

/// The value of `href`; none if it leads nowhere that mail may lead to.
pub(super) fn address(target: &Target) -> Option<String> {
    const SCHEMES: [&str; 4] = ["https", "http", "mailto", "tel"];
    match target {
        Target::Page(Page::Preferences) => Some("{{preferences_url}}".to_owned()),
        Target::Page(Page::Unsubscribe) => Some("{{unsubscribe_url}}".to_owned()),
        Target::Page(Page::Policy) => Some("{{policy_url}}".to_owned()),
        Target::Url(url) => {
            let url = url::Url::parse(url.trim()).ok()?;
            let known = SCHEMES.contains(&url.scheme());
            let plain = |c: char| match c {
                '{' | '}' | '"' | '\'' | '<' | '>' | '\\' | '`' => format!("%{:02X}", u32::from(c)),
                c => c.to_string(),
            };
            let url = url.as_str().chars().map(plain).collect::<String>();
            known.then(|| escaped(&url.replace("kelisimtag", "kelisim%74ag")))
        }
    }
}
