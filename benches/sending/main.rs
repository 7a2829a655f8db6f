//! How fast a campaign is handed over, beside Debian's `smtp-source` with messages of the same
//! size to the same `smtp-sink`, in turns: compare the ratio, not the figures of different days.
//!
//! `cargo bench --bench sending`; messages by `BENCH_MESSAGES` (50,000 unless given), rounds
//! by `BENCH_ROUNDS` (3). Needs `smtp-sink` and `smtp-source` (Debian's postfix).
//!
//! Then two waits, to a sink of its own: from the start to the first message, and of people who
//! unsubscribe while all connections are busy.

mod sink;
#[path = "../support/mod.rs"]
mod support;
mod web;

use std::{
    fs,
    net::TcpStream,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use sink::Sink;
use support::{Cost, Workplace, databases, free_port, measured, number};

/// Octets of one message as it goes over the wire, about.
const MESSAGE_OCTETS: usize = 25_000;
/// Connections on either side.
const CONNECTIONS: &str = "16";

fn main() {
    let messages = number("BENCH_MESSAGES", 50_000);
    let rounds = number("BENCH_ROUNDS", 3);
    println!("| database | DKIM | messages/s | ÷ smtp-source | CPU per message, µs | memory, MB |");
    println!("|---|---|---|---|---|---|");
    for (name, database) in databases() {
        for is_signed in [false, true] {
            for _ in 0..rounds {
                let raw = smtp_source(messages);
                let (cost, sending) = campaign(&database(), is_signed, messages);
                report(name, is_signed, messages, &cost, sending, raw);
            }
        }
    }
    println!(
        "\n| database | audience | first message, s | withdrawal p50, ms | p99, ms | most, ms |"
    );
    println!("|---|---|---|---|---|---|");
    for (name, database) in databases() {
        waits(name, &database(), messages);
    }
}

/// Withdrawals that are timed.
const WITHDRAWALS: usize = 500;

fn waits(name: &str, database: &str, messages: u32) {
    let sink = Sink::start();
    let place = prepared(database, sink.port, false, messages);
    let server = Running(place.command(&["serve"]).spawn().expect("the server starts"));
    web::wait_until_ready(place.http_port);
    let began = Instant::now();
    place.run(&["campaign", "start", "Наурыз"]);
    let first = sink.first_link();
    let first_s = began.elapsed().as_secs_f64();
    let links = std::iter::once(first).chain(sink.links());
    let mut waits: Vec<Duration> =
        links.take(WITHDRAWALS).map(|link| web::leave(place.http_port, &link)).collect();
    waits.sort_unstable();
    let ms = |part: usize| waits[(waits.len() - 1) * part / 100].as_secs_f64() * 1e3;
    let (p50, p99, most) = (ms(50), ms(99), ms(100));
    println!("| {name} | {messages} | {first_s:.2} | {p50:.1} | {p99:.1} | {most:.1} |");
    drop(server);
}

fn report(name: &str, is_signed: bool, messages: u32, cost: &Cost, sending: Duration, raw: f64) {
    let per_second = f64::from(messages) / sending.as_secs_f64();
    let dkim = if is_signed { "RSA and Ed25519" } else { "none" };
    let cpu_us = cost.cpu_s * 1e6 / f64::from(messages);
    println!(
        "| {name} | {dkim} | {per_second:.0} | {:.2} | {cpu_us:.0} | {:.0} |",
        per_second / raw,
        cost.memory_mb
    );
}

/// Messages per second of the raw sender.
fn smtp_source(messages: u32) -> f64 {
    let (_sink, port) = sink();
    let began = Instant::now();
    let done = Command::new("smtp-source")
        .args(["-s", CONNECTIONS, "-m", &messages.to_string(), "-l", &MESSAGE_OCTETS.to_string()])
        .args(["-f", "a@example.kz", "-t", "b@example.kz", &format!("127.0.0.1:{port}")])
        .status();
    assert!(done.is_ok_and(|status| status.success()), "smtp-source (Debian's postfix) failed");
    f64::from(messages) / began.elapsed().as_secs_f64()
}

fn campaign(database: &str, is_signed: bool, messages: u32) -> (Cost, Duration) {
    let (_sink, port) = sink();
    let place = prepared(database, port, is_signed, messages);
    let cost = measured(&mut place.command(&["campaign", "start", "Наурыз", "--wait"]));
    let status = place.run(&["campaign", "status", "Наурыз"]);
    assert!(status.contains(&format!("{messages} sent")), "not all were sent:\n{status}");
    (cost, cost.wall)
}

/// A folder with that many people and a campaign to all of them, not started.
fn prepared(database: &str, relay_port: u16, is_signed: bool, people: u32) -> Workplace {
    let place = Workplace::new(database, relay_port, is_signed);
    place.write_people(people);
    place.run(&["contacts", "import", "people.csv"]);
    write_campaign(&place);
    place.run(&["campaign", "create", "march"]);
    place
}

/// 25 values are merged into the HTML, as many into the text made of it, and one into the subject.
fn write_campaign(place: &Workplace) {
    const VALUES: usize = 25;
    fs::create_dir(place.path("march")).expect("writable");
    let campaign = "name = \"Наурыз\"\npurpose = \"news\"\n\
        [sender]\naddress = \"support@cpm.kz\"\n[subject]\nkk = \"{{fallback given_name \\\"Әріптес\\\"}}, жаңалықтар\"\n";
    fs::write(place.path("march/campaign.toml"), campaign).expect("writable");
    let paragraph = "<p>{{fallback given_name \"Colleague\"}}, spring courses for teachers begin in March; \
        <a href=\"https://cpm.kz/courses\">the whole programme with dates and places</a> is on our site.</p>\n";
    let plain = "<p>Places are given in the order in which people sign up. Who cannot come tells us a week \
        before, so that somebody else can have the place; all materials stay on the site afterwards.</p>\n";
    let rest = MESSAGE_OCTETS * 2 / 5 - VALUES * paragraph.len();
    let html = format!(
        "<!doctype html><html lang=\"kk\"><head><title>Наурыз</title></head><body>{}{}{{{{footer}}}}</body></html>",
        paragraph.repeat(VALUES),
        plain.repeat(rest / plain.len())
    );
    fs::write(place.path("march/body.kk.html.hbs"), html).expect("writable");
}

/// A program that is killed when it is no longer needed.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Debian's sink on a free port, ready to take mail.
fn sink() -> (Running, u16) {
    let port = free_port();
    let child = Command::new("smtp-sink")
        .args(["-u", "nobody", &format!("127.0.0.1:{port}"), "1000"])
        .stdout(Stdio::null())
        .spawn()
        .expect("smtp-sink (Debian's postfix) starts");
    let running = Running(child);
    let until = Instant::now() + Duration::from_secs(5);
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < until, "smtp-sink does not listen");
        thread::sleep(Duration::from_millis(20));
    }
    (running, port)
}
