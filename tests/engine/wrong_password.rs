//! The relay does not accept our password.

use kelisim::{
    domain::delivery::State,
    mail::listener::{Action, Settings, Step},
};

use crate::{
    office::Office,
    relay::{LONG, TestRelay, all, over},
    support::database::on_both,
};

on_both!(a_wrong_password_is_not_tried_over_and_over);

async fn a_wrong_password_is_not_tried_over_and_over(office: Office) {
    let mut settings = Settings::default();
    settings.keywords.push("AUTH PLAIN".to_owned());
    let strict = TestRelay::start("127.0.0.1:0", settings, |_, step| match step {
        Step::Auth { .. } => Action::Reply(535, "5.7.8 wrong password"),
        _ => Action::Accept,
    })
    .await;
    let good = TestRelay::good().await;
    let url = format!("smtp://news:wrong@{}?tls=none", strict.address);
    let (campaign, _) = office.campaign_to(50).await;
    let engine = office.engine([over(&url, 2, all(LONG)), good.over(2)]);
    let status = office.finished(&campaign).await;
    engine.stop().await;
    assert_eq!(status.count(State::Sent), 50);
    assert_eq!(good.arrived(), office.in_state(&campaign, State::Sent).await);
    let logins = strict.see(|seen| seen.logins);
    assert!((1..=2).contains(&logins), "once for each connection, not {logins} times");
}
