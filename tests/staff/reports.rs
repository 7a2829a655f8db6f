//! Reports, the people behind each number, and the files.

use chrono::TimeDelta;
use kelisim::{
    app::{
        leave::{self, Choice, Way},
        staff::actions,
    },
    domain::staff::Role,
};

use crate::{desk::Desk, support::database::on_both};

on_both!(
    reports_teach_while_there_are_none,
    a_report_tells_what_became_of_a_campaign,
    each_number_leads_to_its_people_and_who_may_not_see_them_sees_no_names,
    who_left_is_listed_with_the_way,
    reports_are_set_beside_each_other,
    files_hold_nothing_that_a_spreadsheet_runs,
    the_list_of_people_is_taken_by_few_after_a_proof_and_written_down,
);

async fn reports_teach_while_there_are_none(desk: Desk) {
    let page = desk.signed_in(&[Role::Viewer]).await.page("/reports").await;
    assert!(page.contains("No reports yet"), "{page}");
}

async fn a_report_tells_what_became_of_a_campaign(desk: Desk) {
    let mailing = desk.a_mailing().await;
    mailing.reaches("a@example.kz", "Айгүл").await;
    desk.0.app.clock.shift(TimeDelta::minutes(20));
    mailing.reaches("b@mail.ru", "Болат").await;
    mailing.fails("c@mail.ru", "soft_full", "552 mailbox full").await;
    let page = desk.signed_in(&[Role::Viewer]).await.page(&mailing.path("report")).await;
    assert!(page.contains("<svg class=\"chart\""), "{page}");
    assert_eq!(page.matches("class=\"column\"").count(), 2);
    assert!(page.contains("The mailbox is full"));
    assert!(page.contains(">mail.ru</a>"), "by domain");
    assert!(page.contains("50.0%"), "half of what was tried at mail.ru failed");
    assert!(page.contains("No language given"));
}

async fn each_number_leads_to_its_people_and_who_may_not_see_them_sees_no_names(desk: Desk) {
    let mailing = desk.a_mailing().await;
    mailing
        .fails("secret.person@mail.ru", "hard_user", "550 <secret.person@mail.ru> unknown")
        .await;
    mailing.reaches("other@example.kz", "Айгүл").await;
    let failed = mailing.path("people?state=failed&reason=hard_user&domain=mail.ru");
    let page = desk.signed_in(&[Role::Author]).await.page(&failed).await;
    assert!(page.contains("secret.person@mail.ru") && page.contains("Бекзат"), "{page}");
    assert!(page.contains("550") && !page.contains("other@example.kz"));
    let page = desk.signed_in(&[Role::Viewer]).await.page(&failed).await;
    assert!(page.contains("s•••@mail.ru"), "{page}");
    assert!(!page.contains("secret.person") && !page.contains("Бекзат"));
    let none = desk.signed_in(&[Role::Viewer]).await;
    assert!(none.page(&mailing.path("people?state=uncertain")).await.contains("Nobody is counted"));
    let wrong = none.get(&mailing.path("people?state=nonsense")).send().await.unwrap();
    assert_eq!(wrong.status(), 404);
}

async fn who_left_is_listed_with_the_way(desk: Desk) {
    let mailing = desk.a_mailing().await;
    let id = mailing.reaches("gone@example.kz", "Айгүл").await;
    let _ = leave::leave(&desk.0.app, id, Choice::ThisPurpose, Way::OneClick, None).await.unwrap();
    let _ = kelisim::app::figures::collect(&desk.0.app).await.unwrap();
    let author = desk.signed_in(&[Role::Author]).await;
    let page = author.page(&mailing.path("left")).await;
    assert!(page.contains("gone@example.kz") && page.contains("Button of the mail program"));
    assert!(author.page(&mailing.path("report")).await.contains("100%"), "of one sent, one left");
    let page = desk.signed_in(&[Role::Viewer]).await.page(&mailing.path("left")).await;
    assert!(!page.contains("gone@example.kz"), "{page}");
}

async fn reports_are_set_beside_each_other(desk: Desk) {
    let first = desk.a_mailing().await;
    desk.0.app.clock.shift(TimeDelta::minutes(1));
    let second = desk.a_mailing().await;
    first.reaches("a@example.kz", "Айгүл").await;
    let viewer = desk.signed_in(&[Role::Viewer]).await;
    let list = viewer.page("/reports").await;
    assert!(list.contains(&first.path("report")) && list.contains(&second.path("report")));
    let page = viewer.page(&second.path("report")).await;
    assert!(page.contains("Beside earlier campaigns") && page.contains(&first.path("report")));
}

async fn files_hold_nothing_that_a_spreadsheet_runs(desk: Desk) {
    let mailing = desk.a_mailing().await;
    let id = mailing.waits("a@example.kz", "=HYPERLINK(\"http://x\")").await;
    mailing.ends(id, kelisim::store::delivery::End::Sent, "2.0.0 Ok").await;
    let officer = desk.signed_in(&[Role::Officer]).await;
    let report = officer.get(&mailing.path("report.csv")).send().await.unwrap();
    assert_eq!(report.headers()["content-type"], "text/csv; charset=utf-8");
    let text = report.text().await.unwrap();
    assert!(text.starts_with('\u{feff}') && text.contains("State;;Sent;1"), "{text}");
    let book = officer.get(&mailing.path("report.xlsx")).send().await.unwrap();
    assert!(book.bytes().await.unwrap().starts_with(b"PK"));
    let people = officer.get(&mailing.path("people.csv?state=sent")).send().await.unwrap();
    let text = people.text().await.unwrap();
    assert!(text.contains("\"'=HYPERLINK(\"\"http://x\"\")\""), "{text}");
    assert_eq!(text.lines().count(), 2);
}

async fn the_list_of_people_is_taken_by_few_after_a_proof_and_written_down(desk: Desk) {
    let mailing = desk.a_mailing().await;
    mailing.reaches("a@example.kz", "Айгүл").await;
    let list = mailing.path("people.csv?state=sent");
    let author = desk.signed_in(&[Role::Author]).await;
    assert_eq!(author.get(&list).send().await.unwrap().status(), 403);
    let officer = desk.signed_in(&[Role::Officer]).await;
    let text = officer.page(&list).await;
    assert!(text.contains("a@example.kz"));
    let log = actions::page(&desk.0.app, Some(officer.user.id), None).await.unwrap();
    assert_eq!(log[0].deed, "campaign.people.export");
    assert_eq!(log[0].subject, Some(format!("campaign:{}", mailing.id())));
    desk.0.app.clock.shift(TimeDelta::minutes(11));
    let answer = officer.get(&list).send().await.unwrap();
    assert!(crate::desk::location(&answer).starts_with("/prove"), "a fresh proof is asked for");
}
