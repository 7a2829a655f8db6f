//! The connection breaks while the message is on its way.

use kelisim::{
    domain::{
        campaign::{Content, Deed},
        delivery::State,
    },
    mail::listener::{Action, Step},
};

use crate::{
    office::{Office, content},
    relay::TestRelay,
    support::database::on_both,
};

on_both!(a_message_that_was_cut_off_is_sent_again);

async fn a_message_that_was_cut_off_is_sent_again(office: Office) {
    let relay = TestRelay::that(|connection, step| match step {
        Step::Data if connection == 0 => Action::CutAfter(1_000),
        _ => Action::Accept,
    })
    .await;
    office.people(3).await;
    let campaign = office.draft_saying(large(), None).await;
    office.change(&campaign, Deed::Start).await;
    let engine = office.engine([relay.over(1)]);
    let status = office.finished_in_time(&campaign).await;
    engine.stop().await;
    assert_eq!(status.count(State::Sent), 3);
    assert_eq!(relay.arrived(), office.in_state(&campaign, State::Sent).await);
    assert_eq!(relay.see(|seen| seen.begun.len()), 4);
    let attempts = office.deliveries(&campaign).await.iter().map(|one| one.attempts).sum::<i64>();
    assert_eq!(attempts, 4);
}

/// So much that it does not fit into the sockets: the sender knows that its end never left.
fn large() -> Content {
    let filler = |bytes: usize| {
        let sentence = "мұғалімдерге арналған көктемгі курстар ";
        sentence.repeat(bytes / sentence.len())
    };
    let said = content();
    let html = said.html.map(|html| format!("{html}<p>{}</p>", filler(1_040_000)));
    let plain = format!("{}{}", said.plain, filler(250_000));
    Content { html, plain, ..said }
}
