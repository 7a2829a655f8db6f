//! A campaign in the staff's pages: written, saved by two, approved by another, started, taken back.

mod lists;
mod test_mails;

use kelisim::{
    app::{campaign, draft},
    domain::{campaign::Phase, draft::StageWord, id::CampaignId, language::Language, staff::Role},
    store,
};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::{
    desk::{Colleague, Desk},
    support::database::on_both,
};

on_both!(
    a_campaign_begins_with_a_name_and_a_letter,
    what_two_change_apart_is_put_together,
    what_two_change_alike_is_told_and_nothing_is_lost,
    a_save_may_be_repeated,
    mine_can_be_kept_as_another_campaign,
    a_form_without_scripts_saves_too,
    a_letter_half_written_is_told_what_it_lacks,
    nobody_approves_what_they_wrote,
    an_approval_is_void_after_an_edit,
    an_approval_of_what_one_has_not_seen_is_refused,
    nothing_starts_without_approval,
    approved_by_another_it_starts_and_is_taken_back,
    what_has_begun_cannot_be_changed,
    a_copy_has_no_time,
);

/// A letter that nothing stops.
fn letter() -> Value {
    let edition = |subject: &str, text: &str| json!({"subject": [subject], "body": {"code": {"kind": "md", "text": text}}});
    json!({"editions": {
        "kk": edition("Күзгі жаңалықтар", "Сәлеметсіз бе! Бүгінгі жаңалықтарды оқыңыз, құрметті әріптестер."),
        "ru": edition("Осенние новости", "Здравствуйте! Прочитайте сегодняшние новости, уважаемые коллеги."),
        "en": edition("Autumn news", "Good day! Here is the news of today."),
    }})
}

impl Colleague<'_> {
    async fn begins(&self, name: &str) -> String {
        let to = self.send("/campaigns/new", &[("name", name), ("letter", "")]).await;
        to.strip_suffix("/about").unwrap().to_owned()
    }

    async fn json(&self, path: &str, body: Option<&Value>) -> (StatusCode, Value) {
        let request = match body {
            None => self.get(path),
            Some(body) => self.post(path).json(body),
        };
        let request = request.header("accept", "application/json");
        let answer = request.send().await.unwrap();
        (answer.status(), answer.json().await.unwrap_or_default())
    }

    /// Changes parts as the page's script does: each with what stands there now.
    async fn changes(&self, campaign: &str, parts: &[(&str, Value)]) -> Value {
        let (_, stands) = self.json(&format!("{campaign}/draft"), None).await;
        let changes: Vec<Value> = parts
            .iter()
            .map(|(at, now)| json!({"at": at, "was": stands["draft"].pointer(at), "now": now}))
            .collect();
        let (status, stored) = self.saves(campaign, &changes).await;
        assert_eq!(status, 200, "{stored}");
        stored
    }

    async fn saves(&self, campaign: &str, changes: &[Value]) -> (StatusCode, Value) {
        self.json(&format!("{campaign}/draft"), Some(&json!({"changes": changes}))).await
    }

    async fn draft(&self, campaign: &str) -> Value {
        self.json(&format!("{campaign}/draft"), None).await.1["draft"].take()
    }

    /// A campaign that lacks nothing.
    async fn writes(&self, name: &str) -> String {
        let campaign = self.begins(name).await;
        let parts = [
            ("/purpose", json!("news")),
            ("/sender", json!("news@example.kz")),
            ("/letter", letter()),
        ];
        self.changes(&campaign, &parts).await;
        campaign
    }

    async fn submits(&self, campaign: &str) {
        let page = self.page(&format!("{campaign}/check")).await;
        let revision = between(&page, "name=\"revision\" value=\"", "\"");
        self.send(&format!("{campaign}/submit"), &[("revision", revision)]).await;
    }

    async fn approves(&self, campaign: &str) {
        let page = self.page(&format!("{campaign}/check")).await;
        let seal = between(&page, "name=\"seal\" value=\"", "\"");
        self.send(&format!("{campaign}/approve"), &[("seal", seal)]).await;
    }

    async fn starts(&self, campaign: &str) -> String {
        let page = self.page(&format!("{campaign}/start")).await;
        let seal = between(&page, "name=\"seal\" value=\"", "\"");
        self.send(&format!("{campaign}/start"), &[("seal", seal)]).await
    }

    async fn is_refused(&self, path: &str, fields: &[(&str, &str)]) -> StatusCode {
        self.post(path).form(fields).send().await.unwrap().status()
    }
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let start = text.find(before).unwrap_or_else(|| panic!("{before} in {text}")) + before.len();
    let length = text[start..].find(after).unwrap();
    &text[start..start + length]
}

fn id(campaign: &str) -> CampaignId {
    campaign.strip_prefix("/campaigns/").unwrap().parse().unwrap()
}

impl Desk {
    async fn author(&self) -> Colleague<'_> {
        self.signed_in(&[Role::Author]).await
    }

    async fn approver(&self) -> Colleague<'_> {
        self.signed_in(&[Role::Approver]).await
    }

    async fn stage(&self, campaign: &str) -> StageWord {
        draft::find(&self.0.app, id(campaign)).await.unwrap().copy.stage.word()
    }

    async fn phase(&self, campaign: &str) -> Option<Phase> {
        draft::find(&self.0.app, id(campaign)).await.unwrap().phase
    }
}

async fn a_campaign_begins_with_a_name_and_a_letter(desk: Desk) {
    let author = desk.author().await;
    let nameless = author.is_refused("/campaigns/new", &[("name", "  ")]).await;
    assert_eq!(nameless, 422);
    let to = author.send("/campaigns/new", &[("name", "Күз"), ("letter", "news")]).await;
    let campaign = to.strip_suffix("/about").unwrap();
    let draft = author.draft(campaign).await;
    assert_eq!((&draft["name"], &draft["party"]), (&json!("Күз"), &json!("institution")));
    assert!(draft["letter"]["editions"]["ru"]["subject"].is_array(), "{draft}");
    for step in ["about", "preview", "when", "check"] {
        let page = author.page(&format!("{campaign}/{step}")).await;
        assert!(page.contains("Күз"), "{step}");
    }
    let list = author.page("/campaigns").await;
    assert!(list.contains("Being written") && list.contains(campaign));
}

async fn what_two_change_apart_is_put_together(desk: Desk) {
    let (aigul, dana) = (desk.author().await, desk.author().await);
    let campaign = aigul.begins("Күз").await;
    let was = aigul.draft(&campaign).await;
    let name = [json!({"at": "/name", "was": was["name"], "now": "Көктем"})];
    let pace = [json!({"at": "/pace", "was": was["pace"], "now": "10/1m"})];
    assert_eq!(aigul.saves(&campaign, &name).await.0, 200);
    assert_eq!(dana.saves(&campaign, &pace).await.0, 200);
    let now = aigul.draft(&campaign).await;
    assert_eq!((&now["name"], &now["pace"]), (&json!("Көктем"), &json!("10/1m")));
}

async fn what_two_change_alike_is_told_and_nothing_is_lost(desk: Desk) {
    let (aigul, dana) = (desk.author().await, desk.author().await);
    let campaign = aigul.begins("Күз").await;
    let change = |name: &str| [json!({"at": "/name", "was": "Күз", "now": name})];
    assert_eq!(aigul.saves(&campaign, &change("Айгүл")).await.0, 200);
    let (status, met) = dana.saves(&campaign, &change("Дана")).await;
    assert_eq!((status, &met["at"]), (StatusCode::CONFLICT, &json!(["/name"])));
    assert_eq!(
        (&met["draft"]["name"], &met["saved_by"]),
        (&json!("Айгүл"), &json!(aigul.user.name))
    );
    assert_eq!(dana.draft(&campaign).await["name"], "Айгүл");
    // Having seen hers, she puts her own in its place.
    let chosen = [json!({"at": "/name", "was": "Айгүл", "now": "Дана"})];
    assert_eq!(dana.saves(&campaign, &chosen).await.0, 200);
    assert_eq!(dana.draft(&campaign).await["name"], "Дана");
}

async fn a_save_may_be_repeated(desk: Desk) {
    let author = desk.author().await;
    let campaign = author.begins("Күз").await;
    let change = [json!({"at": "/name", "was": "Күз", "now": "Көктем"})];
    let (_, first) = author.saves(&campaign, &change).await;
    let (status, again) = author.saves(&campaign, &change).await;
    assert_eq!((status, &again["revision"]), (StatusCode::OK, &first["revision"]));
    for wrong in ["/stage", "name", "/letter/editions/xx/yy/zz"] {
        let (status, _) = author.saves(&campaign, &[json!({"at": wrong, "now": "x"})]).await;
        assert_eq!(status, 422, "{wrong}");
    }
}

async fn mine_can_be_kept_as_another_campaign(desk: Desk) {
    let (aigul, dana) = (desk.author().await, desk.author().await);
    let campaign = aigul.begins("Күз").await;
    aigul.changes(&campaign, &[("/pace", json!("5/1m"))]).await;
    let mine = json!({"changes": [{"at": "/pace", "was": "", "now": "9/1m"}]});
    let (status, forked) = dana.json(&format!("{campaign}/fork"), Some(&mine)).await;
    assert_eq!(status, 201);
    let copy = forked["url"].as_str().unwrap().strip_suffix("/about").unwrap();
    assert_eq!(dana.draft(copy).await["pace"], "9/1m");
    assert_eq!(dana.draft(&campaign).await["pace"], "5/1m");
}

async fn a_form_without_scripts_saves_too(desk: Desk) {
    let author = desk.author().await;
    let campaign = author.begins("Күз").await;
    let page = author.page(&format!("{campaign}/when")).await;
    let was = between(&page, "name=\"was\" value=\"", "\"").replace("&quot;", "\"");
    let fields = [("start", "at"), ("at", "2026-12-01T10:00"), ("pace", "7/1m"), ("was", &was)];
    author.send(&format!("{campaign}/when"), &fields).await;
    let draft = author.draft(&campaign).await;
    assert_eq!(draft["start"], json!({"at": "2026-12-01T10:00"}));
    // From the page as it was before: somebody has saved meanwhile.
    let fields = [("start", "now"), ("pace", "8/1m"), ("was", &was)];
    let met = author.post(&format!("{campaign}/when")).form(&fields).send().await.unwrap();
    assert_eq!(met.status(), 422);
    let shown = met.text().await.unwrap();
    assert!(shown.contains("8/1m") && shown.contains("colleague saved"), "{shown}");
    assert_eq!(author.draft(&campaign).await["pace"], "7/1m");
}

async fn a_letter_half_written_is_told_what_it_lacks(desk: Desk) {
    let author = desk.author().await;
    let campaign = author.begins("Күз").await;
    let parts = [("/pace", json!("soon")), ("/start", json!({"at": "2020-01-01T10:00"}))];
    author.changes(&campaign, &parts).await;
    let page = author.page(&format!("{campaign}/check")).await;
    for said in [
        "No purpose is chosen",
        "No sender",
        "pace cannot be read",
        "time is past",
        "no Kazakh text",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(page.contains(&format!("{campaign}/when#pace")));
    assert!(!page.contains(&format!("action=\"{campaign}/submit\"")));
}

async fn nobody_approves_what_they_wrote(desk: Desk) {
    desk.0.a_letter("somebody@example.kz").await;
    let both = desk.signed_in(&[Role::Author, Role::Approver]).await;
    let campaign = both.writes("Күз").await;
    both.submits(&campaign).await;
    let page = both.page(&format!("{campaign}/check")).await;
    assert!(page.contains("another colleague has to approve"), "{page}");
    let dossier = draft::find(&desk.0.app, id(&campaign)).await.unwrap();
    let seal = data_encoding::HEXLOWER.encode(&dossier.seal.0);
    let refused = both.is_refused(&format!("{campaign}/approve"), &[("seal", &seal)]).await;
    assert_eq!(refused, 409);
    // Somebody who merely mended a comma is an author too.
    let helper = desk.signed_in(&[Role::Author, Role::Approver]).await;
    both.send(&format!("{campaign}/reopen"), &[]).await;
    helper.changes(&campaign, &[("/name", json!("Күз,"))]).await;
    both.submits(&campaign).await;
    let dossier = draft::find(&desk.0.app, id(&campaign)).await.unwrap();
    let seal = data_encoding::HEXLOWER.encode(&dossier.seal.0);
    let refused = helper.is_refused(&format!("{campaign}/approve"), &[("seal", &seal)]).await;
    assert_eq!(refused, 409);
    assert_eq!(desk.stage(&campaign).await, StageWord::Submitted);
}

async fn an_approval_is_void_after_an_edit(desk: Desk) {
    desk.0.a_letter("somebody@example.kz").await;
    let (author, approver) = (desk.author().await, desk.approver().await);
    let campaign = author.writes("Күз").await;
    author.submits(&campaign).await;
    approver.approves(&campaign).await;
    assert_eq!(desk.stage(&campaign).await, StageWord::Approved);
    let stored = author.changes(&campaign, &[("/name", json!("Күз!"))]).await;
    assert_eq!(stored["voided"], true);
    assert_eq!(desk.stage(&campaign).await, StageWord::Editing);
    let page = author.page(&format!("{campaign}/check")).await;
    assert!(page.contains("made the approval void"), "{page}");
}

async fn an_approval_of_what_one_has_not_seen_is_refused(desk: Desk) {
    desk.0.a_letter("somebody@example.kz").await;
    let (author, approver) = (desk.author().await, desk.approver().await);
    let campaign = author.writes("Күз").await;
    author.submits(&campaign).await;
    let page = approver.page(&format!("{campaign}/check")).await;
    let seal = between(&page, "name=\"seal\" value=\"", "\"").to_owned();
    author.changes(&campaign, &[("/pace", json!("1/1m"))]).await;
    author.submits(&campaign).await;
    let refused = approver.is_refused(&format!("{campaign}/approve"), &[("seal", &seal)]).await;
    assert_eq!(refused, 409);
    let words = [("said", "")];
    assert_eq!(approver.is_refused(&format!("{campaign}/send-back"), &words).await, 422);
    approver.send(&format!("{campaign}/send-back"), &[("said", "Күні қате")]).await;
    assert_eq!(desk.stage(&campaign).await, StageWord::Returned);
    assert!(author.page(&format!("{campaign}/check")).await.contains("Күні қате"));
}

async fn nothing_starts_without_approval(desk: Desk) {
    desk.0.a_letter("somebody@example.kz").await;
    let author = desk.author().await;
    let campaign = author.writes("Күз").await;
    let asked = author.page(&format!("{campaign}/start")).await;
    assert!(asked.contains("cannot be sent now"), "{asked}");
    let dossier = draft::find(&desk.0.app, id(&campaign)).await.unwrap();
    let seal = data_encoding::HEXLOWER.encode(&dossier.seal.0);
    let refused = author.is_refused(&format!("{campaign}/start"), &[("seal", &seal)]).await;
    assert_eq!(refused, 409);
    assert_eq!(desk.phase(&campaign).await, None);
}

async fn approved_by_another_it_starts_and_is_taken_back(desk: Desk) {
    desk.0.a_letter("somebody@example.kz").await;
    let (author, approver) = (desk.author().await, desk.approver().await);
    let campaign = author.writes("Күз").await;
    author.submits(&campaign).await;
    approver.approves(&campaign).await;
    let asked = author.page(&format!("{campaign}/start")).await;
    assert!(asked.contains("Осенние новости") && asked.contains("1 person"), "{asked}");
    author.starts(&campaign).await;
    let started = campaign::find(&desk.0.app, id(&campaign)).await.unwrap();
    let soon = desk.0.now() + chrono::TimeDelta::seconds(30);
    assert_eq!(started.state, kelisim::domain::campaign::State::Scheduled { start_at: soon });
    let overview = author.page(&campaign).await;
    assert!(overview.contains("data-countdown=\"30\""), "{overview}");
    approver.send(&format!("{campaign}/undo"), &[]).await;
    assert_eq!(desk.phase(&campaign).await, Some(Phase::Draft));
    assert_eq!(desk.stage(&campaign).await, StageWord::Approved);
    // Nothing was changed, so the approval stands.
    author.starts(&campaign).await;
    assert_eq!(desk.phase(&campaign).await, Some(Phase::Scheduled));
    let mut reader = desk.0.app.store.read().await.unwrap();
    let contents = store::campaign::contents(reader.conn(), id(&campaign)).await.unwrap();
    let languages: Vec<Language> = contents.iter().map(|content| content.language).collect();
    assert_eq!(languages, [Language::EN, Language::KK, Language::RU]);
}

async fn what_has_begun_cannot_be_changed(desk: Desk) {
    desk.0.a_letter("somebody@example.kz").await;
    let (author, approver) = (desk.author().await, desk.approver().await);
    let campaign = author.writes("Күз").await;
    author.submits(&campaign).await;
    approver.approves(&campaign).await;
    author.starts(&campaign).await;
    let change = [json!({"at": "/name", "was": "Күз", "now": "Көктем"})];
    assert_eq!(author.saves(&campaign, &change).await.0, 409);
    assert_eq!(author.is_refused(&format!("{campaign}/reopen"), &[]).await, 409);
}

async fn a_copy_has_no_time(desk: Desk) {
    let author = desk.author().await;
    let campaign = author.writes("Күз").await;
    author.changes(&campaign, &[("/start", json!({"at": "2026-12-01T10:00"}))]).await;
    let to = author.send(&format!("{campaign}/copy"), &[]).await;
    let copy = author.draft(to.strip_suffix("/about").unwrap()).await;
    let original = author.draft(&campaign).await;
    assert_eq!((&copy["start"], &copy["name"]), (&json!("now"), &json!("Күз – copy")));
    assert_eq!((&copy["letter"], &copy["purpose"]), (&original["letter"], &original["purpose"]));
}
