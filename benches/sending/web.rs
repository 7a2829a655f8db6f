//! What people and monitors ask of the server while it sends.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

/// Waits until the server answers.
pub fn wait_until_ready(port: u16) {
    let until = Instant::now() + Duration::from_mins(1);
    while !ask(port, "GET /health/ready", "").starts_with("HTTP/1.1 200") {
        assert!(Instant::now() < until, "the server does not become ready");
        thread::sleep(Duration::from_millis(20));
    }
}

/// Unsubscribes as a mail provider does (RFC 8058). Gives back how long the answer took.
pub fn leave(port: u16, link: &str) -> Duration {
    let path = link.splitn(4, '/').nth(3).expect("a link has a path");
    let began = Instant::now();
    let answer = ask(port, &format!("POST /{path}"), "List-Unsubscribe=One-Click");
    let wait = began.elapsed();
    assert!(answer.starts_with("HTTP/1.1 200"), "not unsubscribed:\n{answer}");
    wait
}

/// One request over a connection of its own; nothing when nobody answers.
fn ask(port: u16, what: &str, form: &str) -> String {
    let mut answer = String::new();
    let asked = TcpStream::connect(("127.0.0.1", port)).and_then(|mut stream| {
        let length = form.len();
        let request = format!(
            "{what} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{form}"
        );
        stream.write_all(request.as_bytes())?;
        stream.read_to_string(&mut answer)
    });
    drop(asked);
    answer
}
