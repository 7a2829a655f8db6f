//! Test mails, to colleagues and configured addresses.

use crate::{desk::Desk, support::database::on_both};

on_both!(a_test_goes_to_colleagues_only, the_link_of_a_test_changes_nothing);

async fn a_test_goes_to_colleagues_only(desk: Desk) {
    let author = desk.author().await;
    let campaign = author.writes("Күз").await;
    let mine = author.user.address.as_str().to_owned();
    let test = format!("{campaign}/test");
    let ask = async |to: &str, language: &str| {
        author.is_refused(&test, &[("to", to), ("language", language)]).await
    };
    assert_eq!(ask("stranger@example.kz", "kk").await, 422);
    assert_eq!(ask(&mine, "uz").await, 422);
    assert_eq!(ask(&mine, "kk").await, 303);
    assert_eq!(ask("proofs@example.kz", "ru").await, 303);
    let page = author.page(&format!("{campaign}/preview")).await;
    assert!(page.contains("proofs@example.kz") && page.contains("Queued"), "{page}");
    let mut taken = Vec::new();
    while let Some(claimed) = kelisim::app::test_mail::claim(&desk.0.app).await.unwrap() {
        assert_eq!(claimed.made.campaign.name, "Күз");
        taken.push(claimed.mail.address.as_str().to_owned());
    }
    taken.sort();
    assert_eq!(taken, [mine.clone(), "proofs@example.kz".to_owned()]);
    let mut asked = 2;
    while ask(&mine, "kk").await == 303 {
        asked += 1;
    }
    assert_eq!(asked, 60, "so many in an hour");
}

async fn the_link_of_a_test_changes_nothing(desk: Desk) {
    let token = kelisim::app::test_mail::token(&desk.0.app, desk.0.id());
    for path in [format!("/u/{token}"), format!("/p/{token}")] {
        let shown = desk.0.get(&path).send().await.unwrap();
        assert_eq!(shown.status(), 200);
        assert!(shown.text().await.unwrap().contains("test"));
        let one_click = [("List-Unsubscribe", "One-Click")];
        let answer = desk.0.post(&path).form(&one_click).send().await.unwrap();
        assert_eq!(answer.status(), 200);
    }
}
