//! Codes besides the password.

use chrono::TimeDelta;
use kelisim::{
    app::staff::{second_factor, sign_in, users},
    domain::staff::{Role, SessionState, User},
};
use secrecy::{ExposeSecret as _, SecretString};
use totp_rs::{Builder, Secret};

use crate::{
    desk::{Colleague, Desk, cookie, location},
    support::database::on_both,
};

on_both!(
    after_the_password_the_code_is_asked,
    a_code_works_once,
    a_recovery_code_works_once,
    guessing_codes_has_to_wait,
    what_is_stored_does_not_show_the_secret,
);

/// What an authenticator app shows now.
fn shown(desk: &Desk, secret: &SecretString) -> String {
    let secret = Secret::try_from_base32(secret.expose_secret()).unwrap();
    let totp = Builder::new().with_secret(secret).with_account_name("x").build().unwrap();
    totp.generate(u64::try_from(desk.0.now().timestamp()).unwrap()).to_string()
}

/// Somebody with a second factor, its secret and the recovery codes.
async fn guarded(desk: &Desk) -> (User, SecretString, Vec<SecretString>) {
    let user = desk.with_password(&[Role::Admin]).await;
    let offer = second_factor::offer(&desk.0.app, &user).unwrap();
    let code = shown(desk, &offer.secret);
    let codes = second_factor::set(&desk.0.app, &user, &offer.secret, &code).await.unwrap();
    desk.0.app.clock.shift(TimeDelta::seconds(60));
    (users::find(&desk.0.app, user.id).await.unwrap(), offer.secret, codes)
}

async fn after_the_password_the_code_is_asked(desk: Desk) {
    let (user, secret, _) = guarded(&desk).await;
    let password = desk.tries(user.address.as_str(), "жылқы терезе мұхит 7").await;
    assert_eq!(location(&password), "/sign-in/code?next=%2Faccount");
    let half = Colleague { desk: &desk, user, token: cookie(&password).unwrap() };
    let home = half.get("/").send().await.unwrap();
    assert_eq!(location(&home), "/sign-in/code", "the password alone opens nothing");
    let wrong = half.post("/sign-in/code").form(&[("code", "000000")]).send().await.unwrap();
    assert_eq!(wrong.status(), 422);
    let code = shown(&desk, &secret);
    let form = [("code", code.as_str()), ("next", "/account")];
    let right = half.post("/sign-in/code").form(&form).send().await.unwrap();
    assert_eq!(location(&right), "/account");
    let token = cookie(&right).unwrap();
    assert_ne!(token, half.token, "a new secret with more rights");
    Colleague { token, ..half }.page("/").await;
}

async fn a_code_works_once(desk: Desk) {
    let (user, secret, _) = guarded(&desk).await;
    let code = shown(&desk, &secret);
    assert!(matches!(gives(&desk, &user, &code).await, sign_in::Proved::Yes(_)));
    assert!(matches!(gives(&desk, &user, &code).await, sign_in::Proved::No));
}

async fn gives(desk: &Desk, user: &User, code: &str) -> sign_in::Proved {
    let half = desk.session_of(user.clone(), SessionState::CodeDue).await;
    let token = half.token.clone().into();
    let found = kelisim::app::staff::sessions::open(&desk.0.app, &token).await.unwrap();
    let (session, user) = found.unwrap();
    sign_in::give_code(&desk.0.app, &session, &user, code).await.unwrap()
}

async fn a_recovery_code_works_once(desk: Desk) {
    let (user, _, codes) = guarded(&desk).await;
    assert_eq!(codes.len(), 10);
    let code = codes[3].expose_secret();
    assert!(matches!(gives(&desk, &user, code).await, sign_in::Proved::Yes(_)));
    assert!(matches!(gives(&desk, &user, code).await, sign_in::Proved::No));
    let left = second_factor::recovery_codes_left(&desk.0.app, user.id).await.unwrap();
    assert_eq!(left, 9);
}

async fn guessing_codes_has_to_wait(desk: Desk) {
    let (user, secret, _) = guarded(&desk).await;
    for _ in 0..5 {
        assert!(matches!(gives(&desk, &user, "000000").await, sign_in::Proved::No));
    }
    let code = shown(&desk, &secret);
    assert!(matches!(gives(&desk, &user, &code).await, sign_in::Proved::Later(_)));
}

async fn what_is_stored_does_not_show_the_secret(desk: Desk) {
    let (user, secret, _) = guarded(&desk).await;
    let mut reader = desk.0.app.store.read().await.unwrap();
    let stored = kelisim::store::staff::user::second_factor(reader.conn(), user.id).await.unwrap();
    let sealed = stored.unwrap().sealed;
    let secret = data_encoding::BASE32_NOPAD.decode(secret.expose_secret().as_bytes()).unwrap();
    assert!(!sealed.windows(secret.len()).any(|part| part == secret));
}
