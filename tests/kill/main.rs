//! Processes that send are killed at random instants (SIGKILL), over and over: nobody is mailed
//! twice, nobody is lost, and no more is uncertain than connections were open.
//!
//! `KELISIM_KILL_ROUNDS` kills on each database (12 unless given); `KELISIM_KILL_SEED` for other
//! instants.

#[path = "../support/mod.rs"]
#[expect(dead_code, unused_imports, unused_macros, reason = "the store's tests stand on it, too")]
mod support;

#[path = "../support/office.rs"]
#[expect(dead_code, reason = "more misfortunes than this one stand on it")]
mod office;
#[path = "../support/relay.rs"]
#[expect(dead_code, reason = "more misfortunes than this one stand on it")]
mod relay;

mod process;

use std::{collections::BTreeSet, fmt::Debug, future::pending, time::Duration};

use kelisim::{
    app::{Clock, campaign::Status},
    domain::{campaign::Campaign, delivery::State, id::DeliveryId},
};
use tokio::time::timeout;

use crate::{
    office::Office,
    process::{CONNECTIONS, Process},
    relay::TestRelay,
    support::{
        database::{Database, Given, Place, on_both},
        scene::Scene,
    },
};

/// People for each kill, so that there is something left to send in the last round.
const PEOPLE_PER_ROUND: usize = 60;

on_both!(nobody_twice_and_nobody_lost);

/// Several processes take part: their clock is the machine's.
struct Site(Office);

impl Given for Site {
    async fn given(database: &Database) -> Self {
        let mut scene = Scene::given(database).await;
        scene.clock = Clock::System;
        Self(Office::of(scene, Place::given(database).await).await)
    }
}

async fn nobody_twice_and_nobody_lost(site: Site) {
    let office = site.0;
    let rounds = number("KELISIM_KILL_ROUNDS", 12);
    let mut dice = Dice(number("KELISIM_KILL_SEED", 1));
    let relay = TestRelay::good().await;
    let people = PEOPLE_PER_ROUND * size(rounds);
    let (first, _) = office.campaign_to(people).await;
    let second = office.running_campaign(None).await;
    for _ in 0..rounds {
        let process = Process::start(&office.place.0, relay.address);
        live_for_a_while(&relay, &mut dice).await;
        process.kill();
    }
    let killed_at = relay.see(|seen| seen.mails.len());
    assert!(killed_at > 0, "every process was killed before it could send anything");
    let last = Process::start(&office.place.0, relay.address);
    let mut uncertain = 0;
    let mut sent = BTreeSet::new();
    for campaign in [&first, &second] {
        let status = office.finished(campaign).await;
        assert_all_settled(&status, people);
        uncertain += status.count(State::Uncertain);
        sent.extend(office.in_state(campaign, State::Sent).await);
    }
    last.kill();
    println!("{rounds} kills, {killed_at} messages before the last, {uncertain} uncertain");
    assert!(size(uncertain) <= size(rounds) * CONNECTIONS, "{uncertain}");
    assert_eq!(sent.len(), people * 2 - size(uncertain));
    assert_arrived_once(&relay, &office, [&first, &second], &sent).await;
}

/// Until some messages have come, or for some milliseconds, and then a little longer.
async fn live_for_a_while(relay: &TestRelay, dice: &mut Dice) {
    let before = relay.see(|seen| seen.mails.len());
    let wanted = size(dice.roll(80));
    let patience = Duration::from_millis(200 + dice.roll(2_000));
    let come = relay.until(|seen| seen.mails.len() >= before + wanted);
    let _or_not = timeout(patience, come).await;
    let _longer = timeout(Duration::from_micros(dice.roll(20_000)), pending::<()>()).await;
}

fn assert_all_settled(status: &Status, people: usize) {
    assert_eq!(size(status.total()), people);
    assert_eq!(
        status.count(State::Sent) + status.count(State::Uncertain),
        status.total(),
        "{:?}",
        status.states
    );
}

async fn assert_arrived_once(
    relay: &TestRelay,
    office: &Office,
    campaigns: [&Campaign; 2],
    sent: &BTreeSet<DeliveryId>,
) {
    let arrived: BTreeSet<DeliveryId> = relay.arrived().into_iter().collect();
    assert_eq!(arrived.len(), relay.see(|seen| seen.mails.len()), "somebody was mailed twice");
    assert!(sent.is_subset(&arrived), "what is called sent did not arrive");
    let mut may_have_arrived = sent.clone();
    for campaign in campaigns {
        may_have_arrived.extend(office.in_state(campaign, State::Uncertain).await);
    }
    assert!(arrived.is_subset(&may_have_arrived), "what arrived is not known");
}

fn size<N: TryInto<usize, Error: Debug>>(n: N) -> usize {
    n.try_into().expect("it is small")
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().map_or(default, |text| text.parse().expect("a number"))
}

/// Repeatable chance (splitmix64).
struct Dice(u64);

impl Dice {
    /// Less than `sides`.
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % sides
    }
}
