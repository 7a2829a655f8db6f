//! The sample campaigns, from their folders to the mail of one contact.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::collections::BTreeSet;
use std::path::Path;

use kelisim::app::campaign_folder;
use kelisim::domain::language::Language;
use kelisim::mail::render::{
    BodyFile, CampaignFields, CampaignFile, Checked, Code, Compiled, Fields, InstitutionFields,
    PartyFields, PurposeFields, RenderError, Rendered, Renderer, SharedFields, check,
};
use proptest::prelude::{ProptestConfig, prop_assert, proptest};

const SAMPLES: [&str; 3] = ["news", "offer", "event"];

fn sample(name: &str) -> (CampaignFile, Checked) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo/campaigns");
    let folder = campaign_folder::read(&root.join(name)).unwrap();
    assert_eq!(folder.findings, vec![]);
    let campaign = CampaignFile::read(&folder.campaign).unwrap();
    let checked = check(&campaign, &folder.bodies, &BTreeSet::new());
    (campaign, checked)
}

fn shared(campaign: &CampaignFile, language: Language) -> SharedFields {
    let name = match language.as_str() {
        "ru" => "Частное учреждение «Центр педагогического мастерства»",
        "en" => "Center of Pedagogical Excellence",
        _ => "«Педагогикалық шеберлік орталығы» жекеменшік мекемесі",
    };
    SharedFields {
        institution: InstitutionFields {
            name: name.to_owned(),
            address: "010000, Астана қ., Қабанбай батыр даңғылы, 1".to_owned(),
            support: "support@example.kz".to_owned(),
            phone: "+7 7172 23 57 50".to_owned(),
        },
        purpose: PurposeFields {
            title: "Жаңалықтар".to_owned(), clause: "3.1.7".to_owned()
        },
        party: PartyFields::default(),
        campaign: CampaignFields { name: campaign.name.clone() },
        policy_url: "https://example.kz/policy".to_owned(),
        field: campaign.fields_in(language),
    }
}

fn mail(name: &str, language: Language, given_name: &str) -> Rendered {
    let (campaign, checked) = sample(name);
    let compiled = checked.compiled.iter().find(|one| one.language == language).unwrap();
    render(compiled, &shared(&campaign, language), given_name).unwrap()
}

fn render(
    compiled: &Compiled,
    shared: &SharedFields,
    given_name: &str,
) -> Result<Rendered, RenderError> {
    let fields = Fields {
        name: given_name,
        given_name,
        family_name: "",
        language: compiled.language,
        attributes: &serde_json::Map::new(),
        unsubscribe_url: "https://example.kz/u/token",
        preferences_url: "https://example.kz/p/token",
    };
    Renderer::new(compiled, shared)?.render(&fields)
}

#[test]
fn the_sample_campaigns_have_no_findings() {
    for name in SAMPLES {
        let (_, checked) = sample(name);
        let said: Vec<_> = checked.findings.iter().map(ToString::to_string).collect();
        assert!(said.is_empty(), "{name}: {said:#?}");
        assert_eq!(checked.compiled.len(), 3, "{name}");
    }
}

#[test]
fn every_part_of_every_sample_has_the_way_out_and_the_reason() {
    for name in SAMPLES {
        for language in [Language::KK, Language::RU, Language::EN] {
            let mail = mail(name, language, "Айгүл");
            let html = mail.html.unwrap();
            for part in [&html, &mail.text] {
                for needed in
                    ["https://example.kz/u/token", "3.1.7", "support@example.kz", "+7 7172"]
                {
                    assert!(part.contains(needed), "{name} {language} lacks {needed}");
                }
                assert!(!part.contains("{{") && !part.contains("kelisimtag"), "{name} {language}");
            }
            assert!(html.contains(&format!("<html lang=\"{language}\"")), "{name} {language}");
            assert!(html.len() < 60_000, "{name} {language}: {}", html.len());
        }
    }
}

#[test]
fn lists_come_into_both_parts() {
    let mail = mail("offer", Language::KK, "");
    for part in [&mail.html.unwrap(), &mail.text] {
        assert_eq!(part.matches("10 сағат").count(), 2, "{part}");
        assert!(part.contains("Құрметті әріптес!"));
    }
    assert!(mail.text.contains("Цифрлық сабақты жоспарлау | 8 сағат"), "{}", mail.text);
}

/// Whatever is written into a body is either refused with a place or becomes a mail that has the
/// way out in both parts; nothing panics or overflows a stack.
#[test]
fn any_body_is_refused_or_becomes_a_mail_with_the_way_out() {
    const SHREDS: [&str; 38] = [
        "<table>",
        "</table>",
        "<tr>",
        "</tr>",
        "<td>",
        "</td>",
        "<p>",
        "</p>",
        "<b>",
        "<div>",
        "</div>",
        "<ul>",
        "<li>",
        "</ul>",
        "<!--",
        "-->",
        "<a href=\"",
        "\">",
        "</a>",
        "<style>",
        "</style>",
        "{{#each field.list}}",
        "{{#if name}}",
        "{{else}}",
        "{{/each}}",
        "{{/if}}",
        "{{name}}",
        "{{this}}",
        "{{footer}}",
        "<!--{{#each field.list}}-->",
        "<!--{{/each}}-->",
        "{{",
        "}}",
        "\\",
        "&#123;&#123;",
        "ә",
        "\n\n",
        "<body>",
    ];
    let campaign = CampaignFile::read(
        "name = 'а'\npurpose = 'news'\nsender.address = 'a@example.kz'\nsubject.kk = 'т'\n\
         fields.list = [1, 2]",
    )
    .unwrap();
    let shreds = proptest::collection::vec(proptest::sample::select(&SHREDS[..]), 0..24);
    let kind = proptest::sample::select(vec!["html", "md", "mjml", "txt"]);
    proptest!(ProptestConfig::with_cases(1_500), |(shreds in shreds, kind in kind)| {
        let text = match kind {
            "mjml" => format!(
                "<mjml><mj-body><mj-section><mj-column><mj-text>{}</mj-text></mj-column>\
                 </mj-section></mj-body></mjml>",
                shreds.concat()
            ),
            _ => shreds.concat(),
        };
        let body = BodyFile::new(&format!("body.kk.{kind}.hbs"), text).unwrap();
        let checked = check(&campaign, &[body], &BTreeSet::new());
        for compiled in &checked.compiled {
            let mail = render(compiled, &shared(&campaign, Language::KK), "А");
            let mail = mail.unwrap();
            prop_assert!(mail.text.contains("https://example.kz/u/token"));
            let html = mail.html.unwrap_or_else(|| mail.text.clone());
            prop_assert!(html.contains("https://example.kz/u/token"));
            prop_assert!(!html.contains("kelisimtag") && !mail.text.contains("kelisimtag"));
        }
        prop_assert!(!checked.compiled.is_empty() || !checked.may_start());
    });
}

#[test]
fn a_footer_that_would_not_be_seen_is_refused() {
    for hiding in [
        "<div style=\"display:none\">{{footer}}</div>",
        "<!-- {{footer}} -->",
        "<title>{{footer}}</title>",
        "{{#if name}}{{footer}}{{/if}}",
        "{{footer}}<body>",
        "<a href=\"{{footer}}\">",
    ] {
        let campaign = CampaignFile::read(
            "name = 'а'\npurpose = 'news'\nsender.address = 'a@example.kz'\nsubject.kk = 'т'",
        );
        let body = BodyFile::new("body.kk.html.hbs", format!("{hiding}<p>Сәлем</p>")).unwrap();
        let checked = check(&campaign.unwrap(), &[body], &BTreeSet::new());
        assert!(!checked.may_start(), "{hiding}");
    }
}

#[test]
fn a_partner_is_named_in_both_parts() {
    let (campaign, checked) = sample("offer");
    for compiled in &checked.compiled {
        let mut shared = shared(&campaign, compiled.language);
        shared.party.name = Some("«Білім» & Co".to_owned());
        let mail = render(compiled, &shared, "Айгүл").unwrap();
        assert!(mail.html.unwrap().contains("«Білім» &amp; Co"), "{}", compiled.language);
        assert!(mail.text.contains("«Білім» & Co"), "{}", compiled.language);
    }
}

#[test]
fn nesting_that_would_overflow_a_parser_is_refused_in_every_kind() {
    let campaign = CampaignFile::read(
        "name = 'а'\npurpose = 'news'\nsender.address = 'a@example.kz'\nsubject.kk = 'т'",
    )
    .unwrap();
    let deep = "<div>".repeat(40_000);
    let mjml = format!("<mjml><mj-body>{}", "<mj-wrapper>".repeat(15_000));
    let blocks = "{{#if name}}".repeat(1_900);
    for (kind, text) in [
        ("html", deep.clone()),
        ("md", deep),
        ("md", ">".repeat(20_000)),
        ("md", "+ ".repeat(20_000)),
        ("mjml", mjml),
        ("html", blocks.clone()),
        ("txt", blocks),
    ] {
        let body = BodyFile::new(&format!("body.kk.{kind}.hbs"), text).unwrap();
        let checked = check(&campaign, &[body], &BTreeSet::new());
        assert!(checked.findings.iter().any(|f| f.code == Code::TooDeep), "{kind}");
    }
}

#[test]
fn a_name_that_is_markup_stays_a_name() {
    let mail = mail("news", Language::RU, "<script>alert(1)</script>\r\nBcc: x");
    let html = mail.html.unwrap();
    assert!(html.contains("&lt;script&gt;") && !html.contains("<script>"));
    assert!(mail.text.contains("<script>alert(1)</script>  Bcc: x!"));
}

#[test]
fn the_example_in_the_guide_has_no_findings() {
    let guide = include_str!("../../docs/campaigns.md");
    let block = |start: &str| {
        let at = guide.find(start).unwrap() + start.len();
        guide[at..].split("\n```").next().unwrap().to_owned()
    };
    let campaign = CampaignFile::read(&block("```toml\n")).unwrap();
    let body = BodyFile::new("body.kk.md.hbs", block("```markdown\n")).unwrap();
    let russian = BodyFile::new("body.ru.html.hbs", block("```html\n")).unwrap();
    let checked = check(&campaign, &[body, russian], &["region".to_owned()].into());
    let said: Vec<_> = checked.findings.iter().map(ToString::to_string).collect();
    assert!(said.is_empty(), "{said:#?}");
}
