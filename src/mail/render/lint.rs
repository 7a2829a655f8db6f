//! Looks through a body for what harms readers or providers' trust: active content, pictures
//! without words, links that lead nowhere or say nothing.

use super::finding::{Code, FINDINGS_MAX, Finding, Source};
use super::markup::{Node, Piece, scan};
use super::shield::Shielded;

/// Elements that run, load or submit something; mail programs remove them and filters distrust them.
const ACTIVE: [&str; 15] = [
    "script", "iframe", "frame", "form", "object", "embed", "applet", "base", "svg", "input",
    "button", "select", "textarea", "link", "math",
];
const SCHEMES_ACTIVE: [&str; 4] = ["javascript:", "vbscript:", "data:", "file:"];
const LINKS: [&str; 3] = ["a", "mj-button", "mj-navbar-link"];
const IMAGES: [&str; 3] = ["img", "mj-image", "mj-carousel-image"];
/// Link texts that say nothing of where they lead (WCAG 2.4.4), in lower case.
const VAGUE: [&str; 14] = [
    "осында",
    "осында басыңыз",
    "мұнда",
    "мұнда басыңыз",
    "сілтеме",
    "здесь",
    "тут",
    "сюда",
    "нажмите здесь",
    "ссылка",
    "here",
    "click here",
    "link",
    "this link",
];

/// Everything found, in the order of the text.
pub(super) fn lint(
    source: &Source<'_>,
    text: &str,
    held: &Shielded,
    generated: bool,
) -> Vec<Finding> {
    let lint = Lint { source, text, held, generated };
    let nodes = scan(text);
    let mut findings = Vec::new();
    for (at, node) in nodes.iter().enumerate() {
        match &node.piece {
            Piece::Open { name, .. } => {
                let name = name.to_ascii_lowercase();
                findings.extend(lint.active(node, &name));
                findings.extend(lint.image(node, &name));
                findings.extend(lint.link(&nodes, at, &name));
                findings.extend(
                    node.attribute("style")
                        .and_then(|style| lint.style(style.value, style.range.start)),
                );
            }
            Piece::Raw => findings.extend(lint.style(&text[node.range.clone()], node.range.start)),
            _ => {}
        }
        if findings.len() >= FINDINGS_MAX {
            break;
        }
    }
    findings
}

struct Lint<'a> {
    source: &'a Source<'a>,
    text: &'a str,
    held: &'a Shielded,
    /// The text was made from Markdown: its offsets are not those of the author's file.
    generated: bool,
}

impl Lint<'_> {
    fn at(&self, offset: usize, words: &str) -> usize {
        if self.generated {
            self.source.text.find(words).unwrap_or(0)
        } else {
            self.held.author_offset(offset)
        }
    }

    fn active(&self, node: &Node<'_>, name: &str) -> Option<Finding> {
        let Piece::Open { attributes, .. } = &node.piece else { return None };
        let refresh = name == "meta"
            && node
                .attribute("http-equiv")
                .is_some_and(|a| a.value.eq_ignore_ascii_case("refresh"));
        let what = if ACTIVE.contains(&name) || refresh {
            format!("<{name}> does not work in mail and makes filters distrust it")
        } else {
            let event = attributes.iter().find(|a| {
                a.name.len() > 2 && a.name.get(..2).is_some_and(|on| on.eq_ignore_ascii_case("on"))
            })?;
            format!("the event {} does not work in mail and makes filters distrust it", event.name)
        };
        let at = self.at(node.range.start, &format!("<{name}"));
        Some(self.source.stops(
            at,
            Code::ActiveContent,
            what,
            "Take it out; link to a page instead",
        ))
    }

    fn style(&self, css: &str, offset: usize) -> Option<Finding> {
        let lower = css.to_ascii_lowercase();
        let wrong = ["@import", "expression(", "javascript:", "behavior:", "-moz-binding"];
        let found = wrong.iter().find_map(|word| lower.find(word).map(|at| (at, *word)));
        let (at, word) = found?;
        Some(self.source.stops(
            self.at(offset + at, word),
            Code::ActiveContent,
            format!("{word} in a style loads or runs something"),
            "Write the style itself into <style>",
        ))
    }

    fn image(&self, node: &Node<'_>, name: &str) -> Vec<Finding> {
        let mut findings = Vec::new();
        if IMAGES.contains(&name) {
            let at = self.at(node.range.start, &format!("<{name}"));
            if node.attribute("alt").is_none() {
                findings.push(self.source.worries(
                    at,
                    Code::AltMissing,
                    "a picture has no alternative text",
                    "Write alt=\"what it shows\", or alt=\"\" if it only decorates",
                ));
            }
            if node.attribute("src").is_none_or(|src| src.value.trim().is_empty()) {
                let message = "a picture has no address";
                findings.push(self.source.stops(
                    at,
                    Code::LinkBroken,
                    message,
                    "Write src=\"https://…\"",
                ));
            }
        }
        if name == "mj-social-element" && node.attribute("src").is_none() {
            findings.push(self.source.worries(
                self.at(node.range.start, "<mj-social-element"),
                Code::ThirdPartyImage,
                "the icon is loaded from a third party, which learns who reads the mail",
                "Give it an icon of your own: src=\"https://…\"",
            ));
        }
        for name in ["src", "background", "background-url", "srcset"] {
            if let Some(address) = node.attribute(name).filter(|a| !a.value.trim().is_empty()) {
                findings.extend(self.address(address.value, address.range.start, true));
            }
        }
        findings
    }

    fn link(&self, nodes: &[Node<'_>], at: usize, name: &str) -> Vec<Finding> {
        let mut findings = Vec::new();
        let Some(href) = nodes[at].attribute("href") else { return findings };
        let position = self.at(nodes[at].range.start, href.value);
        if matches!(href.value.trim(), "" | "#") {
            findings.push(self.source.stops(
                position,
                Code::LinkBroken,
                "a link leads nowhere",
                "Write its address into href",
            ));
        } else {
            findings.extend(self.address(href.value, href.range.start, false));
        }
        if LINKS.contains(&name) {
            let words = self.words(nodes, at, name);
            let bare = words.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
            if words.is_empty() {
                findings.push(self.source.worries(
                    position,
                    Code::LinkTextEmpty,
                    "a link has no text",
                    "Write text into it, or an alt text into its picture",
                ));
            } else if VAGUE.contains(&bare.as_str()) {
                findings.push(self.source.worries(
                    position,
                    Code::LinkTextVague,
                    format!("the link text \"{words}\" does not say where it leads"),
                    "Say what the reader will find there",
                ));
            }
        }
        findings
    }

    fn words(&self, nodes: &[Node<'_>], at: usize, name: &str) -> String {
        let mut words = String::new();
        for node in nodes[at + 1..].iter().take_while(|node| !node.closes(name)) {
            match &node.piece {
                Piece::Text => words.push_str(&self.text[node.range.clone()]),
                _ => words.push_str(node.attribute("alt").map_or("", |alt| alt.value)),
            }
        }
        words.replace("&nbsp;", " ").trim().to_owned()
    }

    fn address(&self, raw: &str, offset: usize, image: bool) -> Option<Finding> {
        let address = self.held.unfold(raw.trim());
        let lower = address.to_ascii_lowercase();
        let at = self.at(offset, &address);
        let starts = |schemes: &[&str]| schemes.iter().any(|scheme| lower.starts_with(scheme));
        if starts(&["https://", "cid:"]) || (!image && starts(&["mailto:", "tel:", "#"])) {
            return None;
        }
        if address.starts_with("{{") {
            return from_contact(&address).then(|| {
                let message = "the address of a link comes from the data of a contact";
                let fix = "Use a field of the campaign: {{field.…}}";
                self.source.worries(at, Code::LinkNotHttps, message, fix)
            });
        }
        if starts(&SCHEMES_ACTIVE) {
            let message = "this address runs or carries something itself";
            return Some(self.source.stops(at, Code::ActiveContent, message, "Write https://…"));
        }
        if lower.starts_with("http://") {
            let (code, what) = if image {
                (Code::ImageNotHttps, "a picture is not loaded over https")
            } else {
                (Code::LinkNotHttps, "a link does not lead to https")
            };
            return Some(self.source.worries(at, code, what, "Write https://…"));
        }
        let message = format!("\"{address}\" is not a whole address");
        Some(self.source.stops(at, Code::LinkBroken, message, "Write it from https:// on"))
    }
}

fn from_contact(address: &str) -> bool {
    let inner = address.trim_start_matches(['{', '~', ' ']);
    ["attr.", "name", "given_name", "family_name"].iter().any(|start| inner.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::language::Language;
    use crate::mail::render::{markup, mustache, shield};

    fn found(text: &str) -> Vec<(Code, usize)> {
        let source = Source::file("body.kk.html.hbs", Language::KK, text);
        let tags = mustache::read(&source).unwrap();
        let masked = mustache::mask(text, &tags);
        let held = shield::shield(&source, &tags, &markup::scan(&masked)).unwrap();
        let findings = lint(&source, &held.text, &held, false);
        findings.iter().map(|f| (f.code, f.place.as_ref().unwrap().column)).collect()
    }

    #[test]
    fn active_content_is_found_wherever_it_hides() {
        for text in [
            "<script>x</script>",
            "<IFRAME src='https://a.kz'></IFRAME>",
            "<form></form>",
            "<p onClick='x'>а</p>",
            "<a href='javascript:x'>құжат</a>",
            "<meta http-equiv='Refresh' content='0'>",
            "<style>@import url(x)</style>",
            "<p style='width:expression(x)'>а</p>",
        ] {
            assert_eq!(found(text).first().map(|f| f.0), Some(Code::ActiveContent), "{text}");
        }
    }

    #[test]
    fn pictures_need_words_and_https() {
        assert_eq!(found("ә <img src='https://a.kz/1.png'>"), vec![(Code::AltMissing, 3)]);
        assert_eq!(found("<img src='http://a.kz/1.png' alt=''>"), vec![(Code::ImageNotHttps, 11)]);
        assert_eq!(found("<img src='1.png' alt=''>"), vec![(Code::LinkBroken, 11)]);
        assert_eq!(found("<img src='https://a.kz/1.png' alt=''>"), vec![]);
    }

    #[test]
    fn icons_of_a_third_party_worry() {
        let icon = "<mj-social-element name='facebook' href='https://a.kz'>А</mj-social-element>";
        assert_eq!(found(icon), vec![(Code::ThirdPartyImage, 1)]);
        let own = icon.replace("name=", "src='https://a.kz/f.png' name=");
        assert_eq!(found(&own), vec![]);
    }

    #[test]
    fn links_must_lead_somewhere_and_say_where() {
        assert_eq!(found("<a href='https://a.kz'>Бағдарлама</a>"), vec![]);
        assert_eq!(found("<a href='{{field.url}}'>Бағдарлама</a>"), vec![]);
        assert_eq!(found("<a href='mailto:a@b.kz'>Хат</a> <a href='tel:+7'>Тел</a>"), vec![]);
        assert_eq!(found("<a href='https://a.kz'> </a>"), vec![(Code::LinkTextEmpty, 1)]);
        assert_eq!(found("<a href='https://a.kz'>Осында!</a>"), vec![(Code::LinkTextVague, 1)]);
        assert_eq!(found("<a href=''>Бағдарлама</a>"), vec![(Code::LinkBroken, 1)]);
        assert_eq!(found("<a href='page.html'>Бағдарлама</a>"), vec![(Code::LinkBroken, 10)]);
        assert_eq!(found("<a href='http://a.kz'>Бағдарлама</a>"), vec![(Code::LinkNotHttps, 10)]);
        assert_eq!(found("<a href='{{attr.site}}'>Сайт</a>"), vec![(Code::LinkNotHttps, 10)]);
    }

    #[test]
    fn a_picture_in_a_link_speaks_for_it() {
        let link = "<a href='https://a.kz'><img src='https://a.kz/1.png' alt='{{name}}'></a>";
        assert_eq!(found(link), vec![]);
    }
}
