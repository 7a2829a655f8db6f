//! Other sites can neither send forms in somebody's name nor put our pages into their frames.

use kelisim::{domain::staff::Role, web::staff_rules};

use crate::{desk::Desk, support::database::on_both};

on_both!(
    what_other_sites_send_is_refused_everywhere,
    no_page_fits_into_a_frame_or_runs_inline_code
);

async fn what_other_sites_send_is_refused_everywhere(desk: Desk) {
    let colleague = desk.signed_in(Role::ALL).await;
    let forged = [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")];
    for (method, route, _) in staff_rules().iter().filter(|(method, ..)| method != "GET") {
        for (name, value) in forged {
            let path = route.replace(['{', '}', '*'], "");
            let request = desk.0.client.request(method.clone(), desk.0.url(&path));
            let cookie = format!("__Host-sid={}", colleague.token);
            let answer = request.header("cookie", cookie).header(name, value).send().await.unwrap();
            assert_eq!(answer.status(), 403, "{method} {route} with {name}");
        }
    }
}

async fn no_page_fits_into_a_frame_or_runs_inline_code(desk: Desk) {
    let colleague = desk.signed_in(Role::ALL).await;
    let answer = colleague.get("/").send().await.unwrap();
    let policy = answer.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("frame-ancestors 'none'") && policy.contains("script-src 'self'"));
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(answer.headers()["cache-control"], "no-store");
}
