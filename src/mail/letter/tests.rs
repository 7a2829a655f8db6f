use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::mail::render::{CampaignFile, Checked, Fields, Renderer, SharedFields, check};

const PICTURE: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

fn letter(blocks: &Value) -> Letter {
    serde_json::from_value(json!({ "editions": { "kk": {
        "subject": ["Тақырып"], "body": { "blocks": blocks }
    } } }))
    .unwrap()
}

fn written(letter: &Letter) -> Written {
    let known = Known { attributes: ["region".to_owned()].into(), declared: BTreeSet::new() };
    let picture = Shown { url: "https://example.kz/i/a.png".to_owned(), width: 800 };
    let pictures = BTreeMap::from([(MediaId(PICTURE.parse().unwrap()), picture)]);
    let around = Surroundings {
        known: &known,
        pictures: &pictures,
        host: "example.kz",
        media_url: "https://example.kz/i",
    };
    write(letter, &around)
}

fn checked(written: &Written) -> Checked {
    let mut campaign = CampaignFile::read(
        "name = \"a\"\npurpose = \"news\"\nsubject = {}\nsender.address = \"a@example.kz\"\n",
    )
    .unwrap();
    campaign.subject.clone_from(&written.subject);
    campaign.preheader.clone_from(&written.preheader);
    check(&campaign, &written.bodies, &["region".to_owned()].into())
}

/// HTML and text for somebody of whom nothing is known.
fn rendered(blocks: &Value) -> (String, String) {
    let written = written(&letter(blocks));
    let checked = checked(&written);
    assert!(checked.may_start(), "{:?}\n{}", checked.findings, written.bodies[0].text);
    let renderer = Renderer::new(&checked.compiled[0], &SharedFields::default()).unwrap();
    let mail = renderer
        .render(&Fields {
            name: "",
            given_name: "",
            family_name: "",
            language: Language::KK,
            attributes: &serde_json::Map::new(),
            unsubscribe_url: "https://example.kz/u/1",
            preferences_url: "https://example.kz/p/1",
        })
        .unwrap();
    (mail.html.unwrap(), mail.text)
}

fn words(text: &str) -> Value {
    json!({ "type": "text", "text": [{ "words": [{ "type": "text", "text": text }] }] })
}

/// Every kind of block with the same text wherever a text can stand.
fn every_block(text: &str) -> Value {
    let run = json!({ "type": "text", "text": text, "marks": { "bold": true, "link": { "url": "https://example.kz/?a=1&b={{x}}" } } });
    let field = json!({ "type": "field", "value": { "field": "given_name", "fallback": text } });
    let line = json!([text, { "field": "attr.region", "fallback": text }, text]);
    let rich = json!([{ "words": [run, field, { "type": "break" }, run] }, { "bullets": [[run], [field, run]] }, { "numbers": [[run]] }]);
    let button = json!({ "text": line, "link": { "page": "preferences" }, "style": "outline" });
    let event = json!({ "type": "event", "id": PICTURE, "title": text, "place": text, "description": text,
        "online": "https://example.kz/{{x}}", "time": { "start": "2027-02-05T10:00:00", "zone": "Asia/Almaty" }, "button": button });
    let offer = json!({ "type": "offer", "title": text, "price": "12500", "price_before": "15000", "until": "2027-03-01",
        "text": rich, "button": button, "picture": { "media": PICTURE, "alt": { "text": text } } });
    let image = json!({ "type": "image", "picture": { "media": PICTURE, "alt": { "text": text } }, "link": { "url": "https://example.kz/" } });
    let social = json!({ "type": "social", "links": [{ "network": "telegram", "url": "https://t.me/example" }] });
    let button_block =
        json!({ "type": "button", "text": line, "link": { "url": "mailto:a@example.kz" } });
    json!([
        { "type": "heading", "level": 1, "text": line },
        { "type": "heading", "level": 3, "text": line },
        { "type": "text", "text": rich },
        image, button_block, event, offer, social,
        { "type": "divider" }, { "type": "spacer", "size": "large" },
        { "type": "columns", "columns": [[words(text), image, offer], [button_block, event]] },
        { "type": "footer" },
        words("Ұ"),
    ])
}

#[test]
fn every_kind_of_block_compiles_and_says_what_was_typed() {
    let (html, text) = rendered(&every_block("Ұлттық <b>«сабақ»</b> & co"));
    assert!(html.contains("Ұлттық &lt;b&gt;«сабақ»&lt;/b&gt; &amp; co"), "{html}");
    assert!(!outside_quotes(&html).contains("<b>«"));
    assert!(html.contains("https://example.kz/?a=1&amp;b=%7B%7Bx%7D%7D"), "{html}");
    assert!(text.contains("Ұлттық <b>«сабақ»</b> & co"), "{text}");
    assert!(text.contains("12\u{a0}500\u{a0}₸") || text.contains("12 500 ₸"), "{text}");
    assert!(html.contains("https://example.kz/p/1"));
}

#[test]
fn the_footer_stands_where_it_was_put_or_at_the_end() {
    let (html, _) = rendered(&json!([{ "type": "footer" }, words("Соңғы сөз ұ")]));
    assert!(html.find("k-footer").unwrap() < html.find("Соңғы сөз").unwrap());
    let (html, _) = rendered(&json!([words("Соңғы сөз ұ")]));
    assert!(html.rfind("k-footer").unwrap() > html.find("Соңғы сөз").unwrap());
}

#[test]
fn what_a_check_says_is_told_of_its_block() {
    let blocks = json!([
        { "type": "heading", "level": 1, "text": ["Ұ"] },
        { "type": "columns", "columns": [[words("Ұ")], [{ "type": "button", "text": ["Осында"], "link": { "url": "https://example.kz/" } }]] },
        { "type": "text", "text": [{ "words": [{ "type": "text", "text": "Жол", "marks": { "link": { "url": "http://example.kz/" } } }] }] },
    ]);
    let written = written(&letter(&blocks));
    let findings = checked(&written).findings;
    let told: Vec<_> = findings.iter().map(|finding| written.remark(finding)).collect();
    let told: Vec<_> = told.iter().map(|r| (r.code.as_str(), r.path.as_str())).collect();
    assert_eq!(
        told,
        [("link_text_vague", "kk.blocks.1.columns.1.0"), ("link_not_https", "kk.blocks.2")]
    );
}

#[test]
fn a_field_that_does_not_exist_stops_and_is_shown_as_its_fallback() {
    let blocks = json!([{ "type": "heading", "text": [{ "field": "attr.iin", "fallback": "Ұ" }] }]);
    let written = written(&letter(&blocks));
    assert_eq!(written.remarks.len(), 1);
    assert_eq!(written.remarks[0].path, "kk.blocks.0");
    assert!(written.bodies[0].text.contains("Ұ") && !written.bodies[0].text.contains("iin"));
}

#[test]
fn code_travels_as_it_is() {
    let letter: Letter = serde_json::from_value(json!({ "editions": { "kk": {
        "subject": ["Ұ"], "body": { "code": { "kind": "md", "text": "# Сәлем\n\n{{giv_name}}" } }
    } } }))
    .unwrap();
    let written = written(&letter);
    assert_eq!(written.bodies[0].name, "body.kk.md.hbs");
    let told = written.remark(&checked(&written).findings[0]);
    assert_eq!((told.path.as_str(), told.place), ("kk.code", Some((3, 1))));
}

/// Pieces that have bitten template engines and parsers before.
fn nasty() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("{"),
        Just("{{"),
        Just("}}"),
        Just("}"),
        Just("\\"),
        Just("{{{"),
        Just("{{name}}"),
        Just("{{#if x}}"),
        Just("{{/if}}"),
        Just("<"),
        Just(">"),
        Just("<script>"),
        Just("-->"),
        Just("<!--"),
        Just("]]>"),
        Just("&"),
        Just("&#123;"),
        Just("\""),
        Just("'"),
        Just("kelisim"),
        Just("tag0z"),
        Just("break"),
        Just("ұ"),
        Just(" "),
        Just("\u{2060}"),
        Just("\r\n"),
        Just("</mj-text>"),
        Just("{{footer}}"),
        Just("~"),
        Just("->"),
        Just("🎓"),
        Just("\u{0}"),
        Just("=\"")
    ];
    prop::collection::vec(piece, 1..12).prop_map(|pieces| pieces.concat())
}

/// What a reader sees of a text: joiners are invisible, control characters are blanks, blanks do
/// not pile up.
fn seen(text: &str) -> String {
    let text: String = text.chars().filter(|c| *c != '\u{2060}').collect();
    let blank = |c: char| c.is_whitespace() || c.is_control();
    text.split(blank).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Without the values of attributes, where `<` is a letter like any other.
fn outside_quotes(html: &str) -> String {
    let mut parts = html.split("alt=\"");
    let mut outside = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        outside.push_str(part.split_once('"').map_or("", |(_, after)| after));
    }
    outside
}

fn unescaped(html: &str) -> String {
    html.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#x27;", "'")
        .replace("&#39;", "'")
        .replace("&#123;", "{")
        .replace("&#125;", "}")
        .replace("&#92;", "\\")
        .replace("&amp;", "&")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn nothing_typed_becomes_markup_or_template_logic(text in nasty()) {
        let (html, plain) = rendered(&every_block(&format!("Ұ{text}Ұ")));
        prop_assert!(!outside_quotes(&html).contains("<script"), "{}", text);
        prop_assert_eq!(html.matches("k-footer\"").count(), 1);
        prop_assert!(seen(&unescaped(&html)).contains(&seen(&format!("Ұ{text}Ұ"))), "{}", text);
        prop_assert!(seen(&plain).contains(&seen(&format!("Ұ{text}Ұ"))), "{}", text);
    }

    #[test]
    fn a_subject_is_what_was_typed(text in nasty()) {
        let line: Line = serde_json::from_value(json!([text, { "field": "given_name", "fallback": text }, text])).unwrap();
        let mut letter = letter(&json!([words("Ұ")]));
        letter.editions.get_mut(&Language::KK).unwrap().subject = line;
        let written = written(&letter);
        let checked = checked(&written);
        if seen(&text).is_empty() { return Ok(()); }
        prop_assert!(checked.may_start(), "{:?}", checked.findings);
        let shared = SharedFields::default();
        let renderer = Renderer::new(&checked.compiled[0], &shared).unwrap();
        let mail = renderer.render(&Fields {
            name: "", given_name: "", family_name: "", language: Language::KK, attributes: &serde_json::Map::new(),
            unsubscribe_url: "https://example.kz/u/1", preferences_url: "https://example.kz/p/1",
        }).unwrap();
        prop_assert_eq!(seen(&mail.subject), seen(&format!("{text}{text}{text}")));
    }
}
