//! TLS is required, and the relay does not offer it.

use std::io::Write as _;

use kelisim::domain::delivery::State;
use tempfile::NamedTempFile;

use crate::{
    office::Office,
    relay::{LONG, TestRelay, all, over},
    support::database::on_both,
};

on_both!(nothing_goes_in_the_clear_and_the_next_relay_takes_over);

async fn nothing_goes_in_the_clear_and_the_next_relay_takes_over(office: Office) {
    let (plain, good) = (TestRelay::good().await, TestRelay::good().await);
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let mut trusted = NamedTempFile::new().unwrap();
    trusted.write_all(made.cert.pem().as_bytes()).unwrap();
    let ca_file = trusted.path().display();
    let url = format!("smtp://{}?tls=required&ca_file={ca_file}", plain.address);
    let (campaign, _) = office.campaign_to(20).await;
    let engine = office.engine([over(&url, 2, all(LONG)), good.over(2)]);
    let status = office.finished(&campaign).await;
    engine.stop().await;
    assert_eq!(status.count(State::Sent), 20);
    assert_eq!(good.arrived(), office.in_state(&campaign, State::Sent).await);
    assert!(plain.see(|seen| seen.begun.is_empty()));
    assert!(plain.see(|seen| seen.connections) <= 2, "it rests");
}
