//! Settings: staff, tokens, partners, policy, the log of actions.

use kelisim::{
    app::staff::users,
    domain::staff::{Role, User},
};

use crate::{
    desk::{Colleague, Desk, cookie, location},
    support::database::on_both,
};

on_both!(
    an_admin_invites_somebody_who_then_signs_in,
    the_last_admin_stays,
    whoever_may_do_less_has_to_sign_in_again,
    what_has_weight_wants_a_fresh_proof,
    a_token_is_shown_once_and_can_be_revoked,
    a_partner_is_named,
    a_policy_is_published_from_the_browser,
    the_log_says_who_did_what,
    what_people_type_stays_text,
    one_sees_and_ends_ones_own_sessions,
);

const PASSWORD: &str = "жылқы терезе мұхит 7";

/// The link in a page.
fn key(page: &str) -> &str {
    page.split("/welcome?key&#x3D;").nth(1).unwrap().split('<').next().unwrap()
}

async fn an_admin_invites_somebody_who_then_signs_in(desk: Desk) {
    let admin = desk.signed_in(&[Role::Admin]).await;
    let form = [
        ("address", "new@example.kz"),
        ("name", "Жаңа"),
        ("language", "kk"),
        ("role", "author"),
        ("role", "viewer"),
    ];
    let invited = admin.post("/settings/users").form(&form).send().await.unwrap();
    assert_eq!(invited.status(), 200);
    let page = invited.text().await.unwrap();
    let set = desk
        .post("/welcome")
        .form(&[("key", key(&page)), ("password", PASSWORD)])
        .send()
        .await
        .unwrap();
    assert_eq!(set.status(), 303);
    let signed_in = desk.tries("new@example.kz", PASSWORD).await;
    let all = users::all(&desk.0.app).await.unwrap();
    let user = all.into_iter().find(|user| user.address.as_str() == "new@example.kz").unwrap();
    assert_eq!(user.roles, [Role::Author, Role::Viewer].into());
    let new = Colleague { desk: &desk, user, token: cookie(&signed_in).unwrap() };
    assert!(new.page("/").await.contains("Басты бет"));
    let again = admin.post("/settings/users").form(&form).send().await.unwrap();
    assert_eq!(again.status(), 422);
    assert!(again.text().await.unwrap().contains("is here already"));
}

async fn the_last_admin_stays(desk: Desk) {
    let admin = desk.signed_in(&[Role::Admin]).await;
    let path = format!("/settings/users/{}", admin.user.id);
    for form in [
        vec![("name", "A"), ("role", "viewer")],
        vec![("name", "A"), ("role", "admin"), ("disabled", "1")],
    ] {
        let answer = admin.post(&path).form(&form).send().await.unwrap();
        assert_eq!(answer.status(), 422);
        assert!(answer.text().await.unwrap().contains("Nobody would be left"));
    }
    let second = desk.a_user(&[Role::Admin]).await;
    assert_eq!(
        admin.send(&path, &[("name", "A"), ("role", "viewer")]).await,
        "/settings/users?said=said-user-saved"
    );
    assert!(users::find(&desk.0.app, second.id).await.unwrap().roles.contains(&Role::Admin));
}

async fn whoever_may_do_less_has_to_sign_in_again(desk: Desk) {
    let admin = desk.signed_in(&[Role::Admin]).await;
    let author = desk.signed_in(&[Role::Author]).await;
    let path = format!("/settings/users/{}", author.user.id);
    admin.send(&path, &[("name", "B"), ("role", "author"), ("role", "viewer")]).await;
    author.page("/").await;
    admin.send(&path, &[("name", "B"), ("role", "viewer")]).await;
    assert_eq!(location(&author.get("/").send().await.unwrap()), "/sign-in");
}

async fn what_has_weight_wants_a_fresh_proof(desk: Desk) {
    let admin = desk.signed_in(&[Role::Admin]).await;
    desk.0.app.clock.shift(chrono::TimeDelta::minutes(11));
    let answer = admin.post("/settings/tokens").form(&[("name", "x")]).send().await.unwrap();
    assert_eq!(answer.status(), 403);
    assert!(answer.text().await.unwrap().contains("/prove"));
    let answer = admin.get("/account/second-factor").send().await.unwrap();
    assert_eq!(location(&answer), "/prove?next=%2Faccount%2Fsecond%2Dfactor");
}

async fn a_token_is_shown_once_and_can_be_revoked(desk: Desk) {
    let admin = desk.signed_in(&[Role::Admin]).await;
    let made = admin
        .post("/settings/tokens")
        .form(&[("name", "registry"), ("days", "30")])
        .send()
        .await
        .unwrap();
    let page = made.text().await.unwrap();
    let secret = page.split("kls_").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let asks = async || {
        let request = desk.0.get("/api/v1/purposes").bearer_auth(format!("kls_{secret}"));
        request.send().await.unwrap().status()
    };
    assert_eq!(asks().await, 200);
    let list = admin.page("/settings/tokens").await;
    assert!(!list.contains(&secret));
    let path = list.split("action=\"").find(|part| part.contains("/revoke\"")).unwrap();
    admin.send(path.split('"').next().unwrap(), &[]).await;
    assert_eq!(asks().await, 401);
    for days in ["0", "-1", "many", "70000"] {
        let bad = admin
            .post("/settings/tokens")
            .form(&[("name", "x"), ("days", days)])
            .send()
            .await
            .unwrap();
        assert_eq!(bad.status(), 422);
    }
}

async fn a_partner_is_named(desk: Desk) {
    let admin = desk.signed_in(&[Role::Admin]).await;
    admin.send("/settings/partners", &[("key", "museum"), ("name_kk", "Музей")]).await;
    assert!(admin.page("/settings/partners").await.contains("Музей"));
    for form in [[("key", "Not A Key"), ("name_kk", "x")], [("key", "museum"), ("name_en", "x")]] {
        let bad = admin.post("/settings/partners").form(&form).send().await.unwrap();
        assert_eq!(bad.status(), 422);
    }
}

async fn a_policy_is_published_from_the_browser(desk: Desk) {
    let admin = desk.signed_in(&[Role::Admin]).await;
    let form = [("text_kk", "Бірінші\r\nсаясат"), ("kind", "editorial")];
    admin.send("/settings/policy", &form).await;
    let again = admin.post("/settings/policy").form(&form).send().await.unwrap();
    assert_eq!(again.status(), 422);
    assert!(again.text().await.unwrap().contains("same as the latest"));
    let page = admin.page("/settings/policy").await;
    let hash = kelisim::domain::ledger::sha256("Бірінші\nсаясат".as_bytes());
    assert!(page.contains(&data_encoding::HEXLOWER.encode(&hash)), "kept as files have it");
}

async fn the_log_says_who_did_what(desk: Desk) {
    let admin = desk.signed_in(&[Role::Admin]).await;
    admin.post("/settings/tokens").form(&[("name", "registry")]).send().await.unwrap();
    let page = admin.page(&format!("/settings/log?user={}", admin.user.id)).await;
    assert!(page.contains("token.create") && page.contains(&admin.user.name));
    let other = desk.a_user(&[Role::Viewer]).await;
    let page = admin.page(&format!("/settings/log?user={}", other.id)).await;
    assert!(!page.contains("token.create"));
}

async fn what_people_type_stays_text(desk: Desk) {
    let script = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    let admin = desk.signed_in(&[Role::Admin]).await;
    let changed = User { name: script.to_owned(), ..admin.user.clone() };
    users::change(&desk.0.app, &changed, users::By::Operator).await.unwrap();
    admin.send("/settings/partners", &[("key", "p"), ("name_kk", script)]).await;
    admin.post("/settings/tokens").form(&[("name", script)]).send().await.unwrap();
    for path in [
        "/",
        "/account",
        "/settings/users",
        "/settings/partners",
        "/settings/tokens",
        "/settings/log",
    ] {
        let page = admin.page(path).await;
        assert!(!page.contains("<script>alert") && !page.contains("<img src=x"), "{path}");
    }
    let bad = admin.post("/settings/partners").form(&[("key", script)]).send().await.unwrap();
    assert!(!bad.text().await.unwrap().contains("<script>alert"));
    let next =
        desk.get(&format!("/sign-in?next={}", "%22%3E%3Cscript%3Ealert")).send().await.unwrap();
    assert!(!next.text().await.unwrap().contains("<script>alert"));
}

async fn one_sees_and_ends_ones_own_sessions(desk: Desk) {
    let here = desk.signed_in(&[Role::Viewer]).await;
    let there =
        desk.session_of(here.user.clone(), kelisim::domain::staff::SessionState::Open).await;
    let stranger = desk.signed_in(&[Role::Admin]).await;
    let page = here.page("/account").await;
    let path = page.split("action=\"").find(|part| part.contains("/end\"")).unwrap();
    let path = path.split('"').next().unwrap();
    assert_eq!(stranger.post(path).send().await.unwrap().status(), 404, "only one's own");
    here.send(path, &[]).await;
    assert_eq!(location(&there.get("/").send().await.unwrap()), "/sign-in");
    here.page("/account").await;
}
