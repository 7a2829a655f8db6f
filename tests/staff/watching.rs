//! Watching campaigns go, and stopping them.

use std::time::Duration;

use chrono::TimeDelta;
use kelisim::{
    app::{campaign, staff::sessions},
    domain::{
        campaign::{Deed, Phase, State},
        staff::Role,
    },
    store::delivery::End,
};
use reqwest::Response;
use tokio::time::timeout;

use crate::{
    desk::{Colleague, Desk},
    support::database::on_both,
};

on_both!(
    home_teaches_the_first_steps_while_there_is_nothing,
    home_shows_what_is_sent_what_is_paused_and_what_comes,
    the_calendar_turns_its_leaves,
    the_live_page_tells_numbers_and_reasons_in_words,
    a_campaign_is_paused_and_resumed_with_a_reason,
    a_campaign_is_cancelled_by_typing_its_name,
    who_only_looks_has_no_buttons,
    a_stream_tells_what_changes_and_all_of_it_after_a_reconnect,
    a_stream_ends_with_its_session,
    a_person_has_few_streams,
);

/// Far more than anything takes on a busy machine.
const LONG: Duration = Duration::from_mins(1);

async fn home_teaches_the_first_steps_while_there_is_nothing(desk: Desk) {
    let author = desk.signed_in(&[Role::Author]).await;
    let page = author.page("/").await;
    assert!(page.contains("From nothing to the first campaign"), "{page}");
    assert!(page.contains("Nothing is being sent at this moment."));
    desk.a_mailing().await;
    assert!(!author.page("/").await.contains("From nothing"));
}

async fn home_shows_what_is_sent_what_is_paused_and_what_comes(desk: Desk) {
    let (running, paused) = (desk.a_mailing().await, desk.a_mailing().await);
    running.reaches("a@example.kz", "Айгүл").await;
    let reason = Deed::Pause("a <b> in the subject".to_owned());
    campaign::change(&desk.0.app, paused.id(), &reason, "test").await.unwrap();
    let soon = desk.0.a_campaign("news", kelisim::domain::party::PartyKey::institution()).await;
    let at = desk.0.now() + TimeDelta::hours(2);
    campaign::change(&desk.0.app, soon.id, &Deed::Schedule(at), "test").await.unwrap();
    let page = desk.signed_in(&[Role::Viewer]).await.page("/").await;
    assert!(page.contains("1 of 1 message"), "{page}");
    assert!(page.contains("a &lt;b&gt; in the subject"), "{page}");
    assert!(page.contains(&format!("/campaigns/{}/live", soon.id)));
    assert!(page.contains("starts"), "the calendar");
}

async fn the_calendar_turns_its_leaves(desk: Desk) {
    let viewer = desk.signed_in(&[Role::Viewer]).await;
    let page = viewer.page("/?view=month&day=2026-12-24").await;
    assert!(page.contains("December 2026") && page.contains("day&#x3D;2027-01-01"), "{page}");
    let page = viewer.page("/?view=week&day=2026-12-24").await;
    assert!(page.contains("21 December to 27 December") && page.contains("day&#x3D;2026-12-31"));
    viewer.page("/?view=week&day=no-day").await;
    viewer.page("/?view=month&day=-262143-01-01").await;
}

async fn the_live_page_tells_numbers_and_reasons_in_words(desk: Desk) {
    let mailing = desk.a_mailing().await;
    mailing.reaches("a@example.kz", "Айгүл").await;
    mailing.fails("b@mail.ru", "hard_user", "550 no such user").await;
    mailing.passes_over("c@example.kz").await;
    mailing.waits("d@example.kz", "Дана").await;
    let page = desk.signed_in(&[Role::Viewer]).await.page(&mailing.path("live")).await;
    assert!(page.contains("3 of 4 messages"), "{page}");
    assert!(page.contains("There is no such mailbox"));
    assert!(page.contains("No consent for this purpose"));
    assert!(page.contains("mail.ru"));
    let people = mailing.path("people?state&#x3D;failed&amp;reason&#x3D;hard%5Fuser");
    assert!(page.contains(&people), "each number leads to its people: {page}");
}

async fn phase(desk: &Desk, id: kelisim::domain::id::CampaignId) -> State {
    campaign::find(&desk.0.app, id).await.unwrap().state
}

async fn a_campaign_is_paused_and_resumed_with_a_reason(desk: Desk) {
    let mailing = desk.a_mailing().await;
    let author = desk.signed_in(&[Role::Author]).await;
    let to = author.send(&mailing.path("pause"), &[("reason", "Wrong date")]).await;
    assert_eq!(to, mailing.path("live?said=said-live-paused"));
    let State::Paused { reason, .. } = phase(&desk, mailing.id()).await else { panic!("paused") };
    assert_eq!(reason, "Wrong date");
    assert!(author.page(&to).await.contains("Wrong date"));
    author.send(&mailing.path("resume"), &[]).await;
    assert_eq!(phase(&desk, mailing.id()).await.phase(), Phase::Running);
    author.send(&mailing.path("pause"), &[]).await;
    let State::Paused { reason, .. } = phase(&desk, mailing.id()).await else { panic!("paused") };
    assert!(reason.contains(&author.user.name), "who, where no reason was given: {reason}");
}

async fn a_campaign_is_cancelled_by_typing_its_name(desk: Desk) {
    let mailing = desk.a_mailing().await;
    mailing.waits("a@example.kz", "Айгүл").await;
    mailing.reaches("b@example.kz", "Болат").await;
    let approver = desk.signed_in(&[Role::Approver]).await;
    let page = approver.page(&mailing.path("cancel")).await;
    assert!(page.contains("1 person who still waits will never get it"), "{page}");
    assert!(page.contains("1 person has got it already"));
    let wrong = approver.post(&mailing.path("cancel")).form(&[("name", "x")]).send().await.unwrap();
    assert_eq!(wrong.status(), 422);
    assert_eq!(phase(&desk, mailing.id()).await.phase(), Phase::Running);
    let name = mailing.campaign.name.as_str();
    approver.send(&mailing.path("cancel"), &[("name", name)]).await;
    assert_eq!(phase(&desk, mailing.id()).await.phase(), Phase::Cancelled);
    let page = approver.page(&mailing.path("live")).await;
    assert!(page.contains("The campaign was cancelled first"), "{page}");
}

async fn who_only_looks_has_no_buttons(desk: Desk) {
    let mailing = desk.a_mailing().await;
    let page = desk.signed_in(&[Role::Viewer]).await.page(&mailing.path("live")).await;
    assert!(!page.contains("/pause") && !page.contains("/cancel"), "{page}");
    let page = desk.signed_in(&[Role::Approver]).await.page(&mailing.path("live")).await;
    assert!(page.contains("/pause") && page.contains("/cancel"), "{page}");
}

async fn stream(colleague: &Colleague<'_>, path: &str) -> Response {
    let answer = colleague.get(path).header("accept", "text/event-stream").send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    answer
}

/// What the stream says until it has said all of `words`.
async fn until(stream: &mut Response, words: &str) -> String {
    let mut said = String::new();
    let heard = timeout(LONG, async {
        while !said.contains(words) {
            let chunk = stream.chunk().await.unwrap().expect("it goes on");
            said.push_str(&String::from_utf8_lossy(&chunk));
        }
    });
    heard.await.unwrap_or_else(|_| panic!("it never said {words}"));
    said
}

async fn a_stream_tells_what_changes_and_all_of_it_after_a_reconnect(desk: Desk) {
    let mailing = desk.a_mailing().await;
    let waiting = mailing.waits("a@example.kz", "Айгүл").await;
    let viewer = desk.signed_in(&[Role::Viewer]).await;
    let mut watched = stream(&viewer, &mailing.path("events")).await;
    let mut home = stream(&viewer, "/events").await;
    assert!(until(&mut watched, "0 of 1 message").await.contains("event: now"));
    mailing.ends(waiting, End::Sent, "2.0.0 Ok").await;
    until(&mut watched, "1 of 1 message").await;
    until(&mut home, "1 of 1 message").await;
    drop(watched);
    mailing.fails("b@example.kz", "policy", "554 blocked").await;
    let mut again = stream(&viewer, &mailing.path("events")).await;
    let said = until(&mut again, "2 of 2 messages").await;
    assert!(said.contains("The receiver does not trust our mail"), "{said}");
}

async fn a_stream_ends_with_its_session(desk: Desk) {
    let mailing = desk.a_mailing().await;
    let viewer = desk.signed_in(&[Role::Viewer]).await;
    let mut watched = stream(&viewer, &mailing.path("events")).await;
    until(&mut watched, "event: now").await;
    sessions::end_others(&desk.0.app, viewer.user.id, None).await.unwrap();
    until(&mut watched, "event: over").await;
    assert!(timeout(LONG, watched.chunk()).await.unwrap().unwrap().is_none(), "then it ends");
}

async fn a_person_has_few_streams(desk: Desk) {
    let viewer = desk.signed_in(&[Role::Viewer]).await;
    let mut open = Vec::new();
    for _ in 0..5 {
        open.push(stream(&viewer, "/events").await);
    }
    assert_eq!(viewer.get("/events").send().await.unwrap().status(), 503);
    let other = desk.signed_in(&[Role::Viewer]).await;
    stream(&other, "/events").await;
}
