//! Files are uploaded, looked at, confirmed.

use std::time::Duration;

use kelisim::domain::staff::Role;
use reqwest::{
    StatusCode, header,
    multipart::{Form, Part},
};

use crate::{
    desk::{Colleague, Desk, location},
    support::database::on_both,
};

on_both!(
    a_file_comes_in_step_by_step,
    columns_are_chosen_where_they_cannot_be_told,
    what_stands_in_a_file_is_never_run,
    nothing_is_no_file,
);

async fn upload(colleague: &Colleague<'_>, content: &str) -> String {
    let part = Part::bytes(content.as_bytes().to_vec()).file_name("<img src=x>.csv");
    let form = Form::new().part("file", part);
    let answer = colleague.post("/imports/new").multipart(form).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{}", location(&answer));
    location(&answer)
}

/// The page when nothing is being read any more.
async fn settled(colleague: &Colleague<'_>, path: &str) -> String {
    let mut looks = tokio::time::interval(Duration::from_millis(50));
    loop {
        looks.tick().await;
        let page = colleague.page(path).await;
        if !page.contains("data-live") {
            return page;
        }
    }
}

async fn a_file_comes_in_step_by_step(desk: Desk) {
    let author = desk.signed_in(&[Role::Author]).await;
    let rows = "email;name\naigul@example.kz;Айгүл\nnobody;x\n";
    let path = upload(&author, rows).await;
    let page = settled(&author, &path).await;
    assert!(page.contains("Waits for your yes") && page.contains("aigul@example.kz"), "{page}");
    assert!(page.contains("not an e-mail address"), "the second row says why");
    assert!(!author.page("/contacts").await.contains("aigul@"), "nothing is stored yet");
    assert_eq!(author.send(&format!("{path}/confirm"), &[]).await, path);
    let page = settled(&author, &path).await;
    assert!(page.contains("The file was brought in and is gone."), "{page}");
    assert!(author.page("/contacts").await.contains("aigul@example.kz"));
    let answer = author.get(&format!("{path}/rejects")).send().await.unwrap();
    let disposition = answer.headers()[header::CONTENT_DISPOSITION].to_str().unwrap().to_owned();
    assert!(disposition.starts_with("attachment"));
    let text = answer.text().await.unwrap();
    assert!(text.contains("3;email;not an e-mail address;address_invalid"), "{text}");
    let live = author.get(&format!("{path}/live")).send().await.unwrap().text().await.unwrap();
    assert!(live.contains("\"state\":\"finished\"") && live.contains("\"share\":1000"), "{live}");
    assert!(author.page("/imports").await.contains("Brought in"));
}

async fn columns_are_chosen_where_they_cannot_be_told(desk: Desk) {
    let author = desk.signed_in(&[Role::Author]).await;
    let path = upload(&author, "Кімге;Кім\naigul@example.kz;Айгүл\n").await;
    let page = settled(&author, &path).await;
    assert!(page.contains("No column holds the addresses") && page.contains("name=\"column-1\""));
    let how = [
        ("encoding", ""),
        ("delimiter", ""),
        ("column-0", "address"),
        ("column-1", "given_name"),
        ("purpose", "news:institution"),
        ("consent_source", "Fair"),
        ("consent_given_at", "2026-05-01"),
        ("wording", "Келісемін."),
    ];
    author.send(&format!("{path}/check"), &how).await;
    let page = settled(&author, &path).await;
    assert!(page.contains("Waits for your yes") && page.contains("Fair"), "{page}");
    author.send(&format!("{path}/cancel"), &[]).await;
    assert!(author.page(&path).await.contains("Stopped."));
    let late = author.post(&format!("{path}/confirm")).send().await.unwrap();
    assert_eq!(late.status(), StatusCode::CONFLICT);
}

async fn what_stands_in_a_file_is_never_run(desk: Desk) {
    let author = desk.signed_in(&[Role::Author]).await;
    let hostile = "<script>alert(1)</script>";
    let content = format!("email;name;{hostile}\na@example.kz;{hostile};{hostile}\nx;y;z\n");
    let path = upload(&author, &content).await;
    let page = settled(&author, &path).await;
    assert!(!page.contains("<script>alert") && !page.contains("<img src=x>"), "{page}");
    assert!(!author.page("/imports").await.contains("<img src=x>"));
}

async fn nothing_is_no_file(desk: Desk) {
    let author = desk.signed_in(&[Role::Author]).await;
    let answers = [
        author.post("/imports/new").multipart(Form::new().text("other", "x")).send().await.unwrap(),
        author.post("/imports/new").send().await.unwrap(),
    ];
    for answer in answers {
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text().await.unwrap().contains("No file was chosen"));
    }
}
