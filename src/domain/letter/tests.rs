use serde_json::json;

use super::*;

fn letter(blocks: &serde_json::Value) -> Letter {
    serde_json::from_value(json!({
        "editions": { "kk": { "subject": ["Тақырып"], "body": { "blocks": blocks } } }
    }))
    .unwrap()
}

fn problems(blocks: &serde_json::Value) -> Vec<String> {
    letter(blocks).check().iter().map(|p| format!("{} {}", p.path, p.kind)).collect()
}

#[test]
fn a_letter_comes_back_from_json_as_it_went() {
    let blocks = json!([
        { "type": "heading", "level": 1, "text": ["Сәлем, ", { "field": "given_name", "fallback": "әріптес" }] },
        { "type": "text", "text": [
            { "words": [{ "type": "text", "text": "Бір", "marks": { "bold": true, "link": { "url": "https://example.kz/" } } }, { "type": "break" }] },
            { "bullets": [[{ "type": "field", "value": { "field": "attr.region" } }]] },
        ] },
        { "type": "columns", "columns": [[{ "type": "divider" }], [{ "type": "spacer", "size": "small" }]] },
        { "type": "event", "id": "01890a5d-ac96-774b-bcce-b302099a8057", "title": "Форум",
          "time": { "start": "2027-02-05T10:00:00", "zone": "Asia/Almaty" } },
        { "type": "offer", "title": "Курс", "price": "12500", "price_before": "15000.50" },
        { "type": "footer" },
    ]);
    let letter = letter(&blocks);
    let again = serde_json::to_value(&letter).unwrap();
    assert_eq!(serde_json::from_value::<Letter>(again).unwrap(), letter);
    assert_eq!(letter.check(), vec![]);
    assert_eq!(letter.blocks().count(), 8);
}

#[test]
fn what_the_model_does_not_know_is_refused() {
    for block in [
        json!({ "type": "heading", "text": ["a"], "html": "<b>" }),
        json!({ "type": "html", "text": "<b>" }),
        json!({ "type": "heading", "level": 4, "text": ["a"] }),
        json!({ "type": "heading", "text": [{ "field": "#if x" }] }),
        json!({ "type": "text", "text": [{ "words": [{ "type": "text", "text": "a", "style": "x" }] }] }),
        json!({ "type": "button", "text": ["a"], "link": { "page": "admin" } }),
        json!({ "type": "divider", "color": "red" }),
    ] {
        let whole = json!({ "editions": { "kk": { "body": { "blocks": [block] } } } });
        assert!(serde_json::from_value::<Letter>(whole.clone()).is_err(), "{whole}");
    }
}

#[test]
fn what_is_missing_is_told_with_its_path() {
    let found = problems(&json!([
        { "type": "heading", "text": [" "] },
        { "type": "button", "text": ["Тіркелу"] },
        { "type": "columns", "columns": [[{ "type": "image", "picture": { "media": "01890a5d-ac96-774b-bcce-b302099a8057" } }], [{ "type": "footer" }]] },
        { "type": "event", "id": "01890a5d-ac96-774b-bcce-b302099a8057" },
        { "type": "footer" }, { "type": "footer" },
    ]));
    assert_eq!(
        found,
        [
            "kk.blocks.0.text missing",
            "kk.blocks.1.link link_missing",
            "kk.blocks.2.columns.0.0.picture alt_missing",
            "kk.blocks.2.columns.1.0 nested_too_deep",
            "kk.blocks.3.title missing",
            "kk.blocks.3.time time_missing",
            "kk.blocks.5 footer_twice",
        ]
    );
}

#[test]
fn a_link_leads_to_the_web_a_mailbox_or_a_telephone() {
    for bad in [
        "javascript:alert(1)",
        "data:text/html,x",
        "//example.kz",
        "https://a b",
        "/x",
        "file:///etc",
    ] {
        let block = json!([{ "type": "button", "text": ["a"], "link": { "url": bad } }]);
        assert_eq!(problems(&block), ["kk.blocks.0.link link_wrong"], "{bad}");
    }
    for good in ["https://мысал.қаз/жол", "mailto:a@example.kz", "tel:+77172000000"] {
        let block = json!([{ "type": "button", "text": ["a"], "link": { "url": good } }]);
        assert_eq!(problems(&block), [""; 0], "{good}");
    }
}

#[test]
fn too_much_is_told() {
    let many = vec![json!({ "type": "divider" }); BLOCKS_MAX + 1];
    assert_eq!(problems(&json!(many)), ["kk.blocks blocks_too_many"]);
    let long = "ұ".repeat(LINE_CHARS_MAX + 1);
    let block = json!([{ "type": "heading", "text": [long] }]);
    assert_eq!(problems(&block), ["kk.blocks.0.text too_long"]);
    let lines = json!([{ "type": "heading", "text": ["a\r\nBcc: b"] }]);
    assert_eq!(problems(&lines), ["kk.blocks.0.text control_character"]);
}

#[test]
fn an_amount_is_read_to_the_hundredth() {
    for (text, shown) in [("12500", "12500"), ("99,9", "99.90"), ("0.05", "0.05")] {
        assert_eq!(text.parse::<Amount>().unwrap().to_string(), shown);
    }
    for bad in ["", "1e3", "-1", "1.234", "1.", ".5", "99999999999", "12 500"] {
        assert!(bad.parse::<Amount>().is_err(), "{bad}");
    }
    let rising = json!([{ "type": "offer", "title": "a", "price": "100", "price_before": "100" }]);
    assert_eq!(problems(&rising), ["kk.blocks.0.price_before price_wrong"]);
}
