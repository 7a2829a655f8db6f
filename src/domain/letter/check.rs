//! Looks through a letter for what is wrong or missing.

use std::fmt;

use url::Url;

use super::bounds::{
    BLOCKS_MAX, CODE_BYTES_MAX, COLUMNS_MAX, COLUMNS_MIN, EDITION_CHARS_MAX, EDITIONS_MAX,
    LINE_CHARS_MAX, LINK_CHARS_MAX, PARTS_MAX, SOCIAL_MAX, TEXT_CHARS_MAX,
};
use super::{
    Alt, Block, Body, Button, Columns, Edition, Event, Letter, Line, Offer, Picture, Piece,
    Problem, ProblemKind, Rich, Social, Target,
};

pub(super) fn letter(letter: &Letter) -> Vec<Problem> {
    let mut all = Vec::new();
    if letter.editions.len() > EDITIONS_MAX {
        all.push(Problem { path: String::new(), kind: ProblemKind::EditionsTooMany });
    }
    for (language, edition) in &letter.editions {
        let mut look = Look { path: vec![language.to_string()], found: Vec::new(), chars: 0 };
        look.edition(edition);
        all.append(&mut look.found);
    }
    all
}

struct Look {
    path: Vec<String>,
    found: Vec<Problem>,
    /// Characters of all texts so far.
    chars: usize,
}

impl Look {
    fn say(&mut self, kind: ProblemKind) {
        self.found.push(Problem { path: self.path.join("."), kind });
    }

    fn at(&mut self, step: impl fmt::Display, look: impl FnOnce(&mut Self)) {
        self.path.push(step.to_string());
        look(self);
        self.path.pop();
    }

    fn edition(&mut self, edition: &Edition) {
        self.at("subject", |look| look.needed_line(&edition.subject));
        self.at("preheader", |look| look.line(&edition.preheader));
        match &edition.body {
            Body::Code(code) => self.at("code", |look| {
                if code.text.len() > CODE_BYTES_MAX {
                    look.say(ProblemKind::TooLong);
                }
                if code.text.trim().is_empty() {
                    look.say(ProblemKind::Missing);
                }
            }),
            Body::Blocks(blocks) => self.at("blocks", |look| look.blocks(blocks)),
        }
    }

    fn blocks(&mut self, blocks: &[Block]) {
        if blocks.is_empty() {
            self.say(ProblemKind::Missing);
        }
        if blocks.iter().flat_map(Block::flat).count() > BLOCKS_MAX {
            return self.say(ProblemKind::BlocksTooMany);
        }
        let mut footers = 0;
        for (at, block) in blocks.iter().enumerate() {
            self.at(at, |look| look.block(block));
            footers += usize::from(matches!(block, Block::Footer {}));
            if footers > 1 {
                self.at(at, |look| look.say(ProblemKind::FooterTwice));
            }
        }
        if self.chars > EDITION_CHARS_MAX {
            self.say(ProblemKind::TooLong);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(heading) => self.at("text", |look| look.needed_line(&heading.text)),
            Block::Text(text) => self.at("text", |look| look.needed_rich(&text.text)),
            Block::Image(image) => {
                self.picture(&image.picture);
                self.link(image.link.as_ref());
            }
            Block::Button(button) => self.button(button),
            Block::Columns(columns) => self.columns(columns),
            Block::Event(event) => self.event(event),
            Block::Offer(offer) => self.offer(offer),
            Block::Social(social) => self.social(social),
            Block::Divider {} | Block::Spacer(_) | Block::Footer {} => {}
        }
    }

    fn columns(&mut self, columns: &Columns) {
        if !(COLUMNS_MIN..=COLUMNS_MAX).contains(&columns.columns.len()) {
            self.say(ProblemKind::ColumnsCount);
        }
        if columns.columns.iter().all(Vec::is_empty) {
            self.say(ProblemKind::Empty);
        }
        for (at, column) in columns.columns.iter().enumerate() {
            for (inner, block) in column.iter().enumerate() {
                let path = format!("columns.{at}.{inner}");
                self.at(path, |look| match block {
                    Block::Columns(_) | Block::Footer {} => look.say(ProblemKind::NestedTooDeep),
                    simple => look.block(simple),
                });
            }
        }
    }

    fn event(&mut self, event: &Event) {
        self.at("title", |look| look.needed_word(&event.title));
        self.at("place", |look| look.word(&event.place));
        self.at("description", |look| look.text(&event.description));
        if !event.online.is_empty() {
            self.at("online", |look| look.web(&event.online));
        }
        self.at("time", |look| match &event.time {
            None => look.say(ProblemKind::TimeMissing),
            Some(time) if time.end() <= time.start || time.starts_at().is_none() => {
                look.say(ProblemKind::TimeWrong);
            }
            Some(_) => {}
        });
        if let Some(button) = &event.button {
            self.at("button", |look| look.button(button));
        }
    }

    fn offer(&mut self, offer: &Offer) {
        self.at("title", |look| look.needed_word(&offer.title));
        self.at("text", |look| look.rich(&offer.text));
        let rises = match (offer.price_before, offer.price) {
            (Some(before), Some(now)) => before <= now,
            (before, None) => before.is_some(),
            (None, _) => false,
        };
        if rises {
            self.at("price_before", |look| look.say(ProblemKind::PriceWrong));
        }
        if let Some(picture) = &offer.picture {
            self.picture(picture);
        }
        if let Some(button) = &offer.button {
            self.at("button", |look| look.button(button));
        }
    }

    fn social(&mut self, social: &Social) {
        if social.links.is_empty() {
            self.say(ProblemKind::Empty);
        }
        if social.links.len() > SOCIAL_MAX {
            self.say(ProblemKind::TooLong);
        }
        for (at, link) in social.links.iter().enumerate() {
            self.at(format!("links.{at}"), |look| look.web(&link.url));
        }
    }

    fn button(&mut self, button: &Button) {
        self.at("text", |look| look.needed_line(&button.text));
        if button.link.is_none() {
            self.at("link", |look| look.say(ProblemKind::LinkMissing));
        }
        self.link(button.link.as_ref());
    }

    fn picture(&mut self, picture: &Picture) {
        self.at("picture", |look| match (&picture.media, &picture.alt) {
            (None, _) => look.say(ProblemKind::PictureMissing),
            (Some(_), Alt::Text(alt)) if alt.trim().is_empty() => look.say(ProblemKind::AltMissing),
            (Some(_), Alt::Text(alt)) => look.word(alt),
            (Some(_), Alt::Decorative) => {}
        });
    }

    fn link(&mut self, link: Option<&Target>) {
        if let Some(Target::Url(url)) = link {
            self.at("link", |look| look.url(url, &["https", "http", "mailto", "tel"]));
        }
    }

    fn web(&mut self, url: &str) {
        self.url(url, &["https", "http"]);
    }

    fn url(&mut self, url: &str, schemes: &[&str]) {
        if url.trim().is_empty() {
            return self.say(ProblemKind::LinkMissing);
        }
        let good = url.chars().count() <= LINK_CHARS_MAX
            && !url.chars().any(|c| c.is_control() || c.is_whitespace())
            && Url::parse(url).is_ok_and(|url| schemes.contains(&url.scheme()));
        if !good {
            self.say(ProblemKind::LinkWrong);
        }
    }

    fn needed_line(&mut self, line: &Line) {
        if line.is_blank() {
            return self.say(ProblemKind::Missing);
        }
        self.line(line);
    }

    fn line(&mut self, line: &Line) {
        for piece in &line.0 {
            match piece {
                Piece::Text(text) => self.one_line(text),
                Piece::Field(field) => self.one_line(&field.fallback),
            }
        }
        self.count(line.chars(), LINE_CHARS_MAX);
    }

    fn needed_word(&mut self, text: &str) {
        if text.trim().is_empty() {
            return self.say(ProblemKind::Missing);
        }
        self.word(text);
    }

    fn word(&mut self, text: &str) {
        self.one_line(text);
        self.count(text.chars().count(), LINE_CHARS_MAX);
    }

    fn text(&mut self, text: &str) {
        if text.chars().any(|c| c.is_control() && c != '\n') {
            self.say(ProblemKind::ControlCharacter);
        }
        self.count(text.chars().count(), TEXT_CHARS_MAX);
    }

    fn one_line(&mut self, text: &str) {
        if text.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')) {
            self.say(ProblemKind::ControlCharacter);
        }
    }

    fn needed_rich(&mut self, rich: &Rich) {
        if rich.is_blank() {
            return self.say(ProblemKind::Empty);
        }
        self.rich(rich);
    }

    fn rich(&mut self, rich: &Rich) {
        let entries = |at: &super::Paragraph| {
            at.entries().len().max(at.entries().iter().map(Vec::len).max().unwrap_or(0))
        };
        if rich.0.len().max(rich.0.iter().map(entries).max().unwrap_or(0)) > PARTS_MAX {
            return self.say(ProblemKind::TooLong);
        }
        for run in rich.runs() {
            match run {
                super::Inline::Text { text, .. } => self.one_line(text),
                super::Inline::Field { value, .. } => self.one_line(&value.fallback),
                super::Inline::Break => {}
            }
            self.link(run.marks().and_then(|marks| marks.link.as_ref()));
        }
        self.count(rich.chars(), TEXT_CHARS_MAX);
    }

    fn count(&mut self, chars: usize, chars_max: usize) {
        self.chars += chars;
        if chars > chars_max {
            self.say(ProblemKind::TooLong);
        }
    }
}
