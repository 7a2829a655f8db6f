//! The media library and previews: what comes in, what is public, and what a letter may do.

use kelisim::{
    app::letters,
    domain::{media::OCTETS_MAX, staff::Role},
};
use reqwest::{
    StatusCode, header,
    multipart::{Form, Part},
};
use serde_json::{Value, json};

use crate::{
    desk::{Colleague, Desk},
    support::database::on_both,
};

on_both!(
    a_picture_is_uploaded_described_served_and_deleted,
    what_is_no_picture_is_refused_with_its_reason,
    a_picture_says_nothing_to_scripts_and_is_kept_by_browsers,
    a_preview_is_a_sandbox_and_says_what_is_wrong,
    a_viewer_sees_no_letter_as_a_contact,
    a_calendar_file_is_public_once_it_is_published,
);

/// The smallest GIF there is: one red point.
const GIF: &[u8] = &[
    0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 1, 0, 1, 0, 0x80, 0, 0, 0xff, 0, 0, 0, 0, 0, 0x2c, 0, 0, 0,
    0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3b,
];

async fn upload(author: &Colleague<'_>, name: &str, octets: Vec<u8>) -> (StatusCode, Value) {
    let form = Form::new().part("file", Part::bytes(octets).file_name(name.to_owned()));
    let request = author.post("/media").multipart(form).build().unwrap();
    let (client, mut request) = (&author.desk.0.client, request);
    request.headers_mut().insert(header::ACCEPT, "application/json".parse().unwrap());
    let answer = client.execute(request).await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

async fn a_picture_is_uploaded_described_served_and_deleted(desk: Desk) {
    let author = desk.signed_in(&[Role::Author]).await;
    let (status, picture) = upload(&author, "C:\\суреттер\\Қызыл.gif", GIF.to_vec()).await;
    assert_eq!((status, &picture["file_name"]), (StatusCode::CREATED, &json!("Қызыл.gif")));
    let (_, again) = upload(&author, "b.gif", GIF.to_vec()).await;
    assert_eq!(again["id"], picture["id"], "the same content is kept once");
    let path = format!("/media/{}", picture["id"].as_str().unwrap());
    author.send(&path, &[("alt_kk", "Қызыл  нүкте"), ("alt_ru", " "), ("alt_xx", "no")]).await;
    assert!(author.page(&path).await.contains("Қызыл нүкте"));
    assert!(author.page("/media?search=нүкте").await.contains("Қызыл.gif"));
    assert!(!author.page("/media?search=100%25").await.contains("Қызыл.gif"));
    let public = picture["path"].as_str().unwrap();
    assert_eq!(desk.0.get(public).send().await.unwrap().status(), StatusCode::OK);
    author.send(&format!("{path}/delete"), &[]).await;
    assert_eq!(desk.0.get(public).send().await.unwrap().status(), StatusCode::NOT_FOUND);
}

async fn what_is_no_picture_is_refused_with_its_reason(desk: Desk) {
    let author = desk.signed_in(&[Role::Author]).await;
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>".to_vec();
    for (name, octets, words) in [
        ("a.svg", svg.clone(), "SVG is not taken"),
        ("a.png", svg, "SVG is not taken"),
        ("a.png", b"<html><script>".to_vec(), "not a JPEG, PNG, GIF or WebP"),
        ("a.gif", GIF[..20].to_vec(), "broken"),
        ("a.gif", Vec::new(), "empty"),
        ("a.gif", vec![0; OCTETS_MAX + 1], "larger than 5 MB"),
    ] {
        let (status, problem) = upload(&author, name, octets).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{words}: {problem}");
        assert!(problem["problems"][0]["problem"].as_str().unwrap().contains(words), "{problem}");
    }
    let form = Form::new().part("file", Part::bytes(Vec::new()).file_name("a.gif"));
    let answer = author.post("/media").multipart(form).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().await.unwrap().contains("file-error"));
}

async fn a_picture_says_nothing_to_scripts_and_is_kept_by_browsers(desk: Desk) {
    let author = desk.signed_in(&[Role::Author]).await;
    let (_, picture) = upload(&author, "a.gif", GIF.to_vec()).await;
    let path = picture["path"].as_str().unwrap();
    let answer = desk.0.get(path).send().await.unwrap();
    let said = |name: &str| answer.headers().get(name).map_or("", |value| value.to_str().unwrap());
    assert_eq!(said("content-type"), "image/gif");
    assert_eq!(said("x-content-type-options"), "nosniff");
    assert_eq!(said("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(said("content-security-policy"), "sandbox; default-src 'none'");
    assert_eq!(said("set-cookie"), "");
    let tag = said("etag").to_owned();
    let again = desk.0.get(path).header(header::IF_NONE_MATCH, tag).send().await.unwrap();
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
}

fn letter(text: &str) -> String {
    let words = json!([{ "words": [{ "type": "text", "text": text }] }]);
    json!({ "editions": { "kk": { "subject": ["Тақырып"],
        "body": { "blocks": [{ "type": "text", "text": words }, { "type": "button", "text": ["Ұ"] }] } } } })
    .to_string()
}

async fn a_preview_is_a_sandbox_and_says_what_is_wrong(desk: Desk) {
    let author = desk.signed_in(&[Role::Author]).await;
    let sent = || {
        Form::new()
            .text("letter", letter("Ұ <script>alert(1)</script> {{name}}"))
            .text("language", "kk")
    };
    let answer = author.post("/letters/preview").multipart(sent()).send().await.unwrap();
    let policy = answer.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
    assert!(policy.starts_with("sandbox; default-src 'none'"), "{policy}");
    let html = answer.text().await.unwrap();
    assert!(html.contains("&lt;script&gt;alert(1)") && !html.contains("<script"), "{html}");
    assert!(html.contains("k-footer"), "the mandatory footer is shown");
    let request = author.post("/letters/preview").multipart(sent()).build().unwrap();
    let mut request = request;
    request.headers_mut().insert(header::ACCEPT, "application/json".parse().unwrap());
    let told: Value = desk.0.client.execute(request).await.unwrap().json().await.unwrap();
    assert_eq!(told["remarks"][0]["code"], "link_missing", "{told}");
    assert_eq!(told["remarks"][0]["path"], "kk.blocks.1.link");
    assert_eq!(told["remarks"][0]["message"], "A link leads nowhere");
    let bad =
        Form::new().text("letter", "{\"editions\":{\"kk\":{\"html\":1}}}").text("language", "kk");
    let answer = author.post("/letters/preview").multipart(bad).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

async fn a_viewer_sees_no_letter_as_a_contact(desk: Desk) {
    let viewer = desk.signed_in(&[Role::Viewer]).await;
    let sent = Form::new()
        .text("letter", letter("Ұ"))
        .text("language", "kk")
        .text("reader", desk.0.id().to_string());
    let answer = viewer.post("/letters/preview").multipart(sent).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
}

async fn a_calendar_file_is_public_once_it_is_published(desk: Desk) {
    let app = &desk.0.app;
    let letter = letters::begin(app, "event").unwrap();
    let written = letters::write(app, &letter).await.unwrap();
    assert_eq!(written.calendars.len(), 3, "one in each language");
    let body = &written.bodies[1].text;
    let from = body.find("https://news.example.kz/i/").unwrap() + "https://news.example.kz".len();
    let path = body[from..].split('"').next().unwrap().to_owned();
    assert_eq!(desk.0.get(&path).send().await.unwrap().status(), StatusCode::NOT_FOUND);
    letters::publish(app, &written, "user:1").await.unwrap();
    letters::publish(app, &written, "user:1").await.unwrap();
    let answer = desk.0.get(&path).send().await.unwrap();
    assert!(answer.headers()[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/calendar"));
    assert!(answer.text().await.unwrap().starts_with("BEGIN:VCALENDAR\r\n"));
}
