//! Signing in with a password, and out again.

use chrono::TimeDelta;
use kelisim::{
    app::staff::users::{self, By},
    domain::staff::{Role, User},
};
use secrecy::ExposeSecret as _;

use crate::{
    desk::{Colleague, Desk, cookie, location},
    house::logged,
    support::database::on_both,
};

on_both!(
    the_first_admin_sets_a_password_by_a_link_and_signs_in,
    a_link_works_once_and_for_a_day,
    a_guessable_password_is_refused_at_its_field,
    an_unknown_address_and_a_wrong_password_get_the_same_answer,
    after_five_wrong_passwords_the_right_one_has_to_wait,
    a_session_ends_when_idle_and_after_a_working_day,
    signing_out_ends_the_session_on_the_server,
    whoever_is_disabled_is_out_at_once,
    a_session_gets_a_new_secret_when_proved,
    nothing_of_it_is_logged,
);

const PASSWORD: &str = "жылқы терезе мұхит 7";

impl Desk {
    /// Somebody who has set [`PASSWORD`].
    pub(crate) async fn with_password(&self, roles: &[Role]) -> User {
        let user = self.a_user(roles).await;
        let key = users::link(&self.0.app, &user, By::Operator).await.unwrap();
        users::set_password(&self.0.app, &key, PASSWORD.into()).await.unwrap();
        users::find(&self.0.app, user.id).await.unwrap()
    }

    pub(crate) async fn tries(&self, address: &str, password: &str) -> reqwest::Response {
        let form = [("address", address), ("password", password), ("next", "/account")];
        self.post("/sign-in").form(&form).send().await.unwrap()
    }
}

async fn the_first_admin_sets_a_password_by_a_link_and_signs_in(desk: Desk) {
    let user = desk.a_user(&[Role::Admin]).await;
    let key = users::link(&desk.0.app, &user, By::Operator).await.unwrap();
    let page = desk.get(&format!("/welcome?key={}", key.expose_secret())).send().await.unwrap();
    assert!(page.text().await.unwrap().contains(user.address.as_str()));
    let form = [("key", key.expose_secret()), ("password", PASSWORD)];
    let set = desk.post("/welcome").form(&form).send().await.unwrap();
    assert_eq!(
        (set.status().as_u16(), location(&set).as_str()),
        (303, "/sign-in?said=said-password-set")
    );
    let signed_in = desk.tries(user.address.as_str(), PASSWORD).await;
    assert_eq!((signed_in.status().as_u16(), location(&signed_in).as_str()), (303, "/account"));
    let token = cookie(&signed_in).unwrap();
    let page = Colleague { desk: &desk, user, token }.page("/").await;
    assert!(page.contains("/sign-out"), "{page}");
}

async fn a_link_works_once_and_for_a_day(desk: Desk) {
    let user = desk.a_user(&[Role::Author]).await;
    let app = &desk.0.app;
    let first = users::link(app, &user, By::Operator).await.unwrap();
    let second = users::link(app, &user, By::Operator).await.unwrap();
    assert!(users::set_password(app, &first, PASSWORD.into()).await.is_err(), "it was replaced");
    users::set_password(app, &second, PASSWORD.into()).await.unwrap();
    assert!(users::set_password(app, &second, PASSWORD.into()).await.is_err(), "it was used");
    let third = users::link(app, &user, By::Operator).await.unwrap();
    desk.0.app.clock.shift(users::LINK_LIFE);
    let page = desk.get(&format!("/welcome?key={}", third.expose_secret())).send().await.unwrap();
    assert_eq!(page.status(), 404);
}

async fn a_guessable_password_is_refused_at_its_field(desk: Desk) {
    let user = desk.a_user(&[Role::Author]).await;
    let key = users::link(&desk.0.app, &user, By::Operator).await.unwrap();
    for guess in ["short", "password1234", user.address.as_str()] {
        let form = [("key", key.expose_secret()), ("password", guess)];
        let answer = desk.post("/welcome").form(&form).send().await.unwrap();
        assert_eq!(answer.status(), 422);
        assert!(answer.text().await.unwrap().contains("id=\"password-error\""), "{guess}");
    }
}

async fn an_unknown_address_and_a_wrong_password_get_the_same_answer(desk: Desk) {
    let user = desk.with_password(&[Role::Author]).await;
    let wrong = desk.tries(user.address.as_str(), "not the password").await;
    let unknown = desk.tries("nobody@example.kz", "not the password").await;
    assert_eq!(
        (wrong.status(), unknown.status()),
        (422.try_into().unwrap(), 422.try_into().unwrap())
    );
    assert!(cookie(&wrong).is_none() && cookie(&unknown).is_none());
    let (wrong, unknown) = (wrong.text().await.unwrap(), unknown.text().await.unwrap());
    assert_eq!(wrong.replace(user.address.as_str(), ""), unknown.replace("nobody@example.kz", ""));
}

async fn after_five_wrong_passwords_the_right_one_has_to_wait(desk: Desk) {
    let user = desk.with_password(&[Role::Author]).await;
    let address = user.address.as_str();
    for _ in 0..5 {
        assert_eq!(desk.tries(address, "not the password").await.status(), 422);
    }
    assert_eq!(desk.tries(address, PASSWORD).await.status(), 429);
    desk.0.app.clock.shift(TimeDelta::seconds(1));
    let signed_in = desk.tries(address, PASSWORD).await;
    assert_eq!(signed_in.status(), 303, "nobody is locked out for good");
    assert_eq!(desk.tries(address, "not the password").await.status(), 422, "counting begins anew");
    assert_eq!(desk.tries(address, PASSWORD).await.status(), 303);
}

async fn a_session_ends_when_idle_and_after_a_working_day(desk: Desk) {
    let idle = desk.signed_in(&[Role::Viewer]).await;
    desk.0.app.clock.shift(TimeDelta::minutes(29));
    idle.page("/").await;
    desk.0.app.clock.shift(TimeDelta::minutes(29));
    idle.page("/").await;
    desk.0.app.clock.shift(TimeDelta::minutes(30));
    let answer = idle.get("/account").send().await.unwrap();
    assert_eq!(location(&answer), "/sign-in?next=%2Faccount");
    let busy = desk.signed_in(&[Role::Viewer]).await;
    for _ in 0..24 {
        busy.page("/").await;
        desk.0.app.clock.shift(TimeDelta::minutes(20));
    }
    assert_eq!(location(&busy.get("/").send().await.unwrap()), "/sign-in");
}

async fn signing_out_ends_the_session_on_the_server(desk: Desk) {
    let colleague = desk.signed_in(&[Role::Viewer]).await;
    let out = colleague.post("/sign-out").send().await.unwrap();
    assert_eq!(location(&out), "/sign-in?said=said-signed-out");
    assert_eq!(location(&colleague.get("/").send().await.unwrap()), "/sign-in");
}

async fn whoever_is_disabled_is_out_at_once(desk: Desk) {
    let colleague = desk.signed_in(&[Role::Author]).await;
    let disabled = User { disabled_at: Some(desk.0.now()), ..colleague.user.clone() };
    users::change(&desk.0.app, &disabled, By::Operator).await.unwrap();
    assert_eq!(location(&colleague.get("/").send().await.unwrap()), "/sign-in");
}

async fn a_session_gets_a_new_secret_when_proved(desk: Desk) {
    let user = desk.with_password(&[Role::Admin]).await;
    let token = cookie(&desk.tries(user.address.as_str(), PASSWORD).await).unwrap();
    let colleague = Colleague { desk: &desk, user, token };
    let wrong = [("proof", "not the password"), ("next", "/account")];
    assert_eq!(colleague.post("/prove").form(&wrong).send().await.unwrap().status(), 422);
    let right = [("proof", PASSWORD), ("next", "/account")];
    let proved = colleague.post("/prove").form(&right).send().await.unwrap();
    assert_eq!(location(&proved), "/account");
    let token = cookie(&proved).unwrap();
    assert_ne!(token, colleague.token);
    assert_eq!(
        location(&colleague.get("/").send().await.unwrap()),
        "/sign-in",
        "the old one is void"
    );
    Colleague { token, ..colleague }.page("/").await;
}

async fn nothing_of_it_is_logged(desk: Desk) {
    let user = desk.with_password(&[Role::Author]).await;
    let signed_in = desk.tries(user.address.as_str(), PASSWORD).await;
    let token = cookie(&signed_in).unwrap();
    let log = logged();
    for word in [PASSWORD, user.address.as_str(), &token] {
        assert!(!log.contains(word), "the log holds what it must not");
    }
}
