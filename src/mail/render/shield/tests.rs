use super::*;
use crate::domain::language::Language;
use crate::mail::render::{markup, mustache};

fn source(text: &str) -> Source<'_> {
    Source::file("body.kk.html.hbs", Language::KK, text)
}

fn shielded(text: &str) -> Result<Shielded, Vec<Finding>> {
    let tags = mustache::read(&source(text))?;
    shield(&source(text), &tags, &markup::scan(&mustache::mask(text, &tags)))
}

#[test]
fn tags_go_and_come_back() {
    let text =
        "<p>{{! a }}{{#if x}}<a href=\"{{y}}\">{{z}}</a>{{/if}}</p><!-- note {{q}} -->{{footer}}";
    let held = shielded(text).unwrap();
    assert_eq!(
        held.text,
        "<p><!--kelisimtag0z--><a href=\"kelisimtag1z\">kelisimtag2z</a><!--kelisimtag3z--></p>\
         <!--kelisimtag5z-->"
    );
    assert_eq!(
        held.restore(&source(text), &held.text, "F", Sink::Html).unwrap(),
        "<p>{{#if x}}<a href=\"{{y}}\">{{z}}</a>{{/if}}</p>F"
    );
    let z = held.text.find("kelisimtag2z").unwrap();
    assert_eq!(held.author_offset(z), text.find("{{z}}").unwrap());
}

#[test]
fn a_block_in_a_comment_of_its_own_and_one_in_plain_text_are_the_same() {
    let held = shielded("<table><!-- {{#each x}} --><tr></tr>{{/each}}</table>").unwrap();
    assert_eq!(held.text, "<table><!--kelisimtag0z--><tr></tr><!--kelisimtag1z--></table>");
}

#[test]
fn a_moved_or_lost_tag_is_an_error_with_its_place() {
    let text = "<p>{{#each x}}<b>{{y}}</b>{{/each}}</p>";
    let held = shielded(text).unwrap();
    let swapped = "kelisimtag1z<p><!--kelisimtag0z--><b></b><!--kelisimtag2z--></p>";
    let findings = held.restore(&source(text), swapped, "", Sink::Html).unwrap_err();
    assert_eq!(findings[0].code, Code::TagMoved);
    assert_eq!(findings[0].place.as_ref().unwrap().column, 18);
    let lost = "<p><!--kelisimtag0z--><b></b><!--kelisimtag2z--></p>";
    assert!(held.restore(&source(text), lost, "", Sink::Html).is_err());
    let reordered = "<!--kelisimtag2z-->kelisimtag1z<!--kelisimtag0z-->";
    assert!(held.restore(&source(text), reordered, "", Sink::Html).is_err());
}

#[test]
fn fields_in_styles_events_and_bare_markup_are_refused() {
    for text in [
        "<p style=\"color:{{x}}\">",
        "<p onclick='{{x}}'>",
        "<p {{x}}>",
        "<style>{{x}}</style>",
        "<style>{{x}}",
        "<title>{{footer}}</title>",
    ] {
        assert_eq!(shielded(text).err().unwrap()[0].code, Code::FieldMisplaced, "{text}");
    }
}

#[test]
fn literal_braces_do_not_become_tags() {
    let held = shielded("x").unwrap();
    let restored = held.restore(&source("x"), "a {{b}} \\", "", Sink::Html).unwrap();
    assert_eq!(restored, "a &#123;&#123;b}} &#92;");
    let restored = held.restore(&source("x"), "a {{b}}", "", Sink::Text).unwrap();
    assert_eq!(restored, "a \\{{b}}");
}
