//! Cards: an event and an offer.

use std::fmt::Write as _;

use super::calendar::CalendarFile;
use super::ink::escaped;
use super::link::address;
use super::looks::{EDGE_PX, HEADINGS, LINES, QUIET, WIDTH_PX};
use super::sheet::Sheet;
use super::words;
use crate::domain::{
    letter::{Align, ButtonStyle, Event, Offer, Target},
    media::{MediaKind, public_name},
};

impl Sheet<'_> {
    pub(super) fn event(&mut self, event: &Event) {
        let accent = self.theme.accent.light();
        self.open_card(
            "card",
            &format!(
                "background-color=\"{}\" border-left=\"4px solid {accent}\"",
                Self::page_colour()
            ),
        );
        self.out.push_str("<mj-spacer height=\"20px\" />");
        self.event_words(event);
        self.out.push_str("<mj-spacer height=\"4px\" />");
        self.close_card();
    }

    pub(super) fn event_words(&mut self, event: &Event) {
        self.title(&event.title);
        self.facts(event);
        self.paragraphs(&event.description);
        if let Some(button) = &event.button {
            self.button(button, 12);
        }
        let Some(file) = CalendarFile::of(event, self.around.host).filter(|_| event.calendar)
        else {
            return;
        };
        let name = public_name(&file.sha256, MediaKind::Calendar);
        let href = escaped(&format!("{}/{name}", self.around.media_url));
        let add = escaped(&words::say(self.language, "letter-calendar"));
        self.button_element(&add, &href, ButtonStyle::Outline, Align::Left, 16);
        self.calendars.push(file);
    }

    fn title(&mut self, title: &str) {
        if !title.trim().is_empty() {
            self.text_element("words", Align::Left, 10);
            let _ = write!(
                self.out,
                "<h2 style=\"font-size:20px;line-height:27px;color:{HEADINGS}\">{}</h2></mj-text>",
                escaped(title)
            );
        }
    }

    /// When, where, and the address of the online meeting.
    fn facts(&mut self, event: &Event) {
        let language = self.language;
        let mut facts = Vec::new();
        if let Some(time) = &event.time {
            facts.push((words::say(language, "letter-when"), words::period(language, time)));
        }
        if !event.place.trim().is_empty() {
            facts.push((words::say(language, "letter-where"), event.place.clone()));
        }
        let online = address(&Target::Url(event.online.clone()));
        if facts.is_empty() && online.is_none() {
            return;
        }
        self.text_element("words", Align::Left, 14);
        for (name, value) in facts {
            let _ = write!(
                self.out,
                "<p style=\"margin:0 0 4px\"><strong>{}:</strong> {}</p>",
                escaped(&name),
                escaped(&value)
            );
        }
        if let Some(href) = online {
            let say = escaped(&words::say(language, "letter-online"));
            let _ =
                write!(self.out, "<p style=\"margin:0 0 4px\"><a href=\"{href}\">{say}</a></p>");
        }
        self.out.push_str("</mj-text>");
    }

    /// Typed lines; an empty line parts paragraphs.
    fn paragraphs(&mut self, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        self.text_element("words", Align::Left, 16);
        for paragraph in text.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty()) {
            let lines: Vec<_> = paragraph.trim().lines().map(escaped).collect();
            let _ = write!(self.out, "<p style=\"margin:0 0 8px\">{}</p>", lines.join("<br />"));
        }
        self.out.push_str("</mj-text>");
    }

    pub(super) fn offer(&mut self, offer: &Offer) {
        self.open_card(
            "card frame",
            &format!("border=\"1px solid {LINES}\" border-radius=\"6px\""),
        );
        let picture = offer.picture.as_ref().and_then(|picture| picture.media);
        if picture.is_none_or(|id| !self.around.pictures.contains_key(&id)) {
            self.out.push_str("<mj-spacer height=\"22px\" />");
        }
        self.offer_words(offer);
        self.out.push_str("<mj-spacer height=\"4px\" />");
        self.close_card();
    }

    pub(super) fn offer_words(&mut self, offer: &Offer) {
        if let Some(picture) = &offer.picture {
            let full = self.width_px == WIDTH_PX - 2 * EDGE_PX;
            let edge = if full { 0 } else { self.edge_px };
            self.picture(picture, None, self.width_px.saturating_sub(2 * edge), edge);
        }
        self.title(&offer.title);
        self.price(offer);
        self.rich(&offer.text, Align::Left, "words");
        if let Some(button) = &offer.button {
            self.button(button, 20);
        }
    }

    fn price(&mut self, offer: &Offer) {
        let (language, accent) = (self.language, self.theme.accent.light());
        if let Some(now) = offer.price {
            let now = words::price(language, now, offer.currency);
            self.text_element("words", Align::Left, 8);
            let _ = write!(
                self.out,
                "<p style=\"margin:0\"><span class=\"price\" style=\"font-size:26px;line-height:34px;\
                 font-weight:700;color:{accent}\">{now}</span>"
            );
            if let Some(before) = offer.price_before {
                let before = words::price(language, before, offer.currency);
                let _ = write!(
                    self.out,
                    " &nbsp;<span class=\"before\" style=\"font-size:15px;color:{QUIET}\">{}</span>",
                    escaped(&words::instead(language, before))
                );
            }
            self.out.push_str("</p></mj-text>");
        }
        if let Some(until) = offer.until {
            self.text_element("quiet", Align::Left, 14);
            let until = escaped(&words::until(language, until));
            let _ = write!(self.out, "<p style=\"margin:0;color:{QUIET}\">{until}</p></mj-text>");
        }
    }
}
