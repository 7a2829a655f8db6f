//! The sheet that blocks are put on, from top to bottom.

use std::fmt::Write as _;

use super::calendar::CalendarFile;
use super::ink::{Ink, NoSuchField, Sink, escaped};
use super::link::{address, open_marks};
use super::looks::{EDGE_PX, HEADINGS, PAGE, QUIET, WIDTH_PX, head};
use super::{Surroundings, words};
use crate::domain::{
    language::Language,
    letter::{
        Align, Alt, Block, Button, ButtonStyle, Columns, Heading, Image, Inline, Line, Paragraph,
        Picture, Rich, Size, Social, Target, Theme,
    },
};

pub(super) struct Sheet<'a> {
    pub(super) language: Language,
    pub(super) theme: Theme,
    pub(super) around: &'a Surroundings<'a>,
    pub(super) calendars: Vec<CalendarFile>,
    /// Fields that do not exist, with the path of their block.
    pub(super) missing: Vec<(String, NoSuchField)>,
    /// The first line of each block, and its path.
    pub(super) places: Vec<(usize, String)>,
    pub(super) out: String,
    /// Pixels that the column at hand is wide.
    pub(super) width_px: u32,
    /// Pixels between the column's edge and its words.
    pub(super) edge_px: u32,
    path: String,
    in_section: bool,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(language: Language, theme: Theme, around: &'a Surroundings<'a>) -> Self {
        Self {
            language,
            theme,
            around,
            calendars: Vec::new(),
            missing: Vec::new(),
            places: Vec::new(),
            out: head(language, theme),
            width_px: WIDTH_PX,
            edge_px: EDGE_PX,
            path: String::new(),
            in_section: false,
        }
    }

    pub(super) fn done(self) -> String {
        self.out
    }

    /// The whole body. A letter that begins with its title wears it as a band.
    pub(super) fn letter(&mut self, blocks: &[Block]) {
        let title = match blocks.first() {
            Some(Block::Heading(heading)) if heading.level.get() == 1 => Some(heading),
            _ => None,
        };
        self.mark(0);
        self.band(title);
        for (at, block) in blocks.iter().enumerate().skip(usize::from(title.is_some())) {
            self.mark(at);
            self.block(block);
        }
        self.close();
        if !blocks.contains(&Block::Footer {}) {
            self.out.push_str("\n{{footer}}");
        }
        self.out.push_str("</mj-body></mjml>");
    }

    /// From here on the lines belong to the block with this path.
    pub(super) fn mark(&mut self, place: impl std::fmt::Display) {
        self.path = format!("{}.blocks.{place}", self.language);
        self.out.push('\n');
        self.places.push((self.out.matches('\n').count() + 1, self.path.clone()));
    }

    fn band(&mut self, title: Option<&Heading>) {
        let accent = self.theme.accent.light();
        let name = "{{institution.name}}";
        let Some(title) = title else {
            let _ = write!(
                self.out,
                "<mj-section css-class=\"sheet\" border-top=\"4px solid {accent}\" padding=\"20px 0 4px\">\
                 <mj-column><mj-text css-class=\"quiet\" color=\"{QUIET}\" font-size=\"14px\" \
                 line-height=\"20px\" padding=\"0 28px 12px\">{name}</mj-text></mj-column></mj-section>"
            );
            return;
        };
        let words = self.line(&title.text);
        let align = title.align;
        let _ = write!(
            self.out,
            "<mj-section css-class=\"band\" background-color=\"{accent}\" padding=\"28px 0 26px\">\
             <mj-column><mj-text align=\"{align}\" color=\"#ffffff\" font-size=\"14px\" \
             line-height=\"20px\" padding=\"0 28px 8px\">{name}</mj-text>\
             <mj-text align=\"{align}\" color=\"#ffffff\" padding=\"0 28px\">\
             <h1 style=\"font-size:29px;line-height:37px;color:#ffffff\">{words}</h1></mj-text>\
             </mj-column></mj-section>"
        );
        let _ = write!(
            self.out,
            "<mj-section css-class=\"sheet\"><mj-column><mj-spacer height=\"24px\" /></mj-column></mj-section>"
        );
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Columns(columns) => self.columns(columns),
            Block::Event(event) => self.event(event),
            Block::Offer(offer) => self.offer(offer),
            Block::Footer {} => {
                self.close();
                self.out.push_str("{{footer}}");
            }
            simple => {
                self.open();
                self.simple(simple);
            }
        }
    }

    fn open(&mut self) {
        if !self.in_section {
            self.out.push_str("<mj-section css-class=\"sheet\"><mj-column>");
            self.in_section = true;
        }
    }

    pub(super) fn close(&mut self) {
        if self.in_section {
            self.out.push_str("</mj-column></mj-section>");
            self.in_section = false;
        }
    }

    fn columns(&mut self, columns: &Columns) {
        self.close();
        let count = u32::try_from(columns.columns.len()).unwrap_or(1).max(1);
        let (width_px, edge_px) = (self.width_px, self.edge_px);
        self.out.push_str("<mj-section css-class=\"sheet\" padding=\"4px 14px 8px\">");
        (self.width_px, self.edge_px) = ((width_px - 28) / count, 14);
        let place = self.path.rsplit('.').next().unwrap_or_default().to_owned();
        for (at, column) in columns.columns.iter().enumerate() {
            self.out.push_str("<mj-column>");
            for (inner, block) in column.iter().enumerate() {
                self.mark(format!("{place}.columns.{at}.{inner}"));
                match block {
                    Block::Event(_) | Block::Offer(_) => self.card_in_column(block),
                    simple => self.simple(simple),
                }
            }
            self.out.push_str("</mj-column>");
        }
        (self.width_px, self.edge_px) = (width_px, edge_px);
        self.out.push_str("</mj-section>");
    }

    /// A block that fits into any column.
    fn simple(&mut self, block: &Block) {
        match block {
            Block::Heading(heading) => self.heading(heading),
            Block::Text(text) => self.rich(&text.text, text.align, "words"),
            Block::Image(image) => self.image(image),
            Block::Button(button) => self.button(button, 24),
            Block::Divider {} => {
                let edge = self.edge_px;
                let _ = write!(
                    self.out,
                    "<mj-divider css-class=\"line\" padding=\"8px {edge}px 24px\" />"
                );
            }
            Block::Spacer(spacer) => {
                let height = match spacer.size {
                    Size::Small => 16,
                    Size::Medium => 32,
                    Size::Large => 56,
                };
                let _ = write!(self.out, "<mj-spacer height=\"{height}px\" />");
            }
            Block::Social(social) => self.social(social),
            Block::Columns(_) | Block::Event(_) | Block::Offer(_) | Block::Footer {} => {}
        }
    }

    fn heading(&mut self, heading: &Heading) {
        let level = heading.level.get();
        let (size, height) = match level {
            1 => (28, 35),
            2 => (21, 28),
            _ => (17, 25),
        };
        let words = self.line(&heading.text);
        self.text_element("words", heading.align, 12);
        let _ = write!(
            self.out,
            "<h{level} style=\"font-size:{size}px;line-height:{height}px;color:{HEADINGS}\">{words}</h{level}></mj-text>"
        );
    }

    /// Opens an element of text.
    pub(super) fn text_element(&mut self, class: &str, align: Align, below_px: u32) {
        let edge = self.edge_px;
        let _ = write!(
            self.out,
            "<mj-text css-class=\"{class}\" align=\"{align}\" padding=\"0 {edge}px {below_px}px\">"
        );
    }

    pub(super) fn rich(&mut self, rich: &Rich, align: Align, class: &str) {
        if rich.is_blank() {
            return;
        }
        self.text_element(class, align, 20);
        let last = rich.0.len().saturating_sub(1);
        for (at, paragraph) in rich.0.iter().enumerate() {
            let below = if at == last { "0" } else { "14px" };
            let (tag, entries) = match paragraph {
                Paragraph::Words(words) => {
                    let words = self.runs(words);
                    let _ = write!(self.out, "<p style=\"margin:0 0 {below}\">{words}</p>");
                    continue;
                }
                Paragraph::Bullets(entries) => ("ul", entries),
                Paragraph::Numbers(entries) => ("ol", entries),
            };
            let _ = write!(self.out, "<{tag} style=\"margin:0 0 {below}\">");
            for entry in entries {
                let words = self.runs(entry);
                let _ = write!(self.out, "<li style=\"margin:0 0 6px\">{words}</li>");
            }
            let _ = write!(self.out, "</{tag}>");
        }
        self.out.push_str("</mj-text>");
    }

    fn runs(&mut self, runs: &[Inline]) -> String {
        let mut ink = Ink::new(Sink::Markup);
        for run in runs {
            let closing = run.marks().map(|marks| open_marks(&mut ink, marks)).unwrap_or_default();
            match run {
                Inline::Text { text, .. } => ink.text(text),
                Inline::Field { value, .. } => {
                    if let Err(missing) = ink.field(value, self.around.known) {
                        self.missing.push((self.path.clone(), missing));
                    }
                }
                Inline::Break => ink.line_end(),
            }
            ink.markup(&closing);
        }
        ink.done()
    }

    pub(super) fn line(&mut self, line: &Line) -> String {
        let mut ink = Ink::new(Sink::Markup);
        for missing in ink.line(line, self.around.known) {
            self.missing.push((self.path.clone(), missing));
        }
        ink.done()
    }

    fn image(&mut self, image: &Image) {
        let room = self.width_px.saturating_sub(2 * self.edge_px);
        let width = room * u32::from(image.width.get()) / 100;
        self.picture(&image.picture, image.link.as_ref(), width, self.edge_px);
    }

    pub(super) fn picture(
        &mut self,
        picture: &Picture,
        link: Option<&Target>,
        width: u32,
        edge: u32,
    ) {
        let Some(shown) = picture.media.and_then(|id| self.around.pictures.get(&id)) else {
            return;
        };
        let width = width.min(shown.width).max(1);
        let alt = match &picture.alt {
            Alt::Text(alt) => escaped(alt),
            Alt::Decorative => String::new(),
        };
        let href = link.and_then(address).map(|to| format!(" href=\"{to}\"")).unwrap_or_default();
        let _ = write!(
            self.out,
            "<mj-image src=\"{}\" alt=\"{alt}\"{href} width=\"{width}px\" border-radius=\"4px\" \
             padding=\"0 {edge}px 20px\" />",
            escaped(&shown.url)
        );
    }

    pub(super) fn button(&mut self, button: &Button, below_px: u32) {
        let Some(href) = button.link.as_ref().and_then(address) else { return };
        if button.text.is_blank() {
            return;
        }
        let words = self.line(&button.text);
        self.button_element(&words, &href, button.style, button.align, below_px);
    }

    pub(super) fn button_element(
        &mut self,
        words: &str,
        href: &str,
        style: ButtonStyle,
        align: Align,
        below_px: u32,
    ) {
        let (edge, accent) = (self.edge_px, self.theme.accent.light());
        let looks = match style {
            ButtonStyle::Filled => "css-class=\"button\"".to_owned(),
            ButtonStyle::Outline => format!(
                "css-class=\"button outline\" background-color=\"#ffffff\" color=\"{accent}\" \
                 border=\"2px solid {accent}\" inner-padding=\"11px 24px\""
            ),
        };
        let _ = write!(
            self.out,
            "<mj-button href=\"{href}\" align=\"{align}\" padding=\"4px {edge}px {below_px}px\" \
             {looks}>{words}</mj-button>"
        );
    }

    fn social(&mut self, social: &Social) {
        let links: Vec<_> = social
            .links
            .iter()
            .filter_map(|link| {
                let href = address(&Target::Url(link.url.clone()))?;
                let name = words::network(self.language, link.network);
                Some(format!("<a href=\"{href}\">{}</a>", escaped(&name)))
            })
            .collect();
        if !links.is_empty() {
            self.text_element("words", Align::Center, 20);
            self.out.push_str(&links.join(" &nbsp;·&nbsp; "));
            self.out.push_str("</mj-text>");
        }
    }

    /// Begins a card: a section of its own.
    pub(super) fn open_card(&mut self, class: &str, looks: &str) {
        self.close();
        let _ = write!(
            self.out,
            "<mj-section css-class=\"sheet\" padding=\"8px 28px 28px\"><mj-column css-class=\"{class}\" {looks}>"
        );
        (self.width_px, self.edge_px) = (WIDTH_PX - 2 * EDGE_PX, 24);
    }

    pub(super) fn close_card(&mut self) {
        self.out.push_str("</mj-column></mj-section>");
        (self.width_px, self.edge_px) = (WIDTH_PX, EDGE_PX);
    }

    fn card_in_column(&mut self, card: &Block) {
        match card {
            Block::Event(event) => self.event_words(event),
            Block::Offer(offer) => self.offer_words(offer),
            _ => {}
        }
    }

    pub(super) fn page_colour() -> &'static str {
        PAGE
    }
}
