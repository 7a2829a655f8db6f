//! `kelisim health`: asks the server of this configuration whether it is ready. For containers.

use std::{
    io::{Read as _, Write as _},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream},
    path::Path,
    time::Duration,
};

use anyhow::{Context as _, bail};

use super::context::settings;

/// Longest wait for the answer; the server itself allows the database 2 s.
const WAIT: Duration = Duration::from_secs(5);
/// Octets of the answer that are looked at.
const ANSWER_MAX: u64 = 4_096;

/// Fails unless `/health/ready` answers 200.
///
/// # Errors
/// That nothing answers, or what it answers.
pub fn run(config: Option<&Path>) -> anyhow::Result<()> {
    let settings = settings(config)?;
    let address = reachable(settings.listen);
    let mut stream = TcpStream::connect_timeout(&address, WAIT)
        .with_context(|| format!("nothing listens on {address}"))?;
    stream.set_read_timeout(Some(WAIT))?;
    let request =
        format!("GET /health/ready HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.take(ANSWER_MAX).read_to_string(&mut answer)?;
    let status = answer.lines().next().unwrap_or_default();
    if !status.starts_with("HTTP/1.1 200") {
        bail!("not ready: {status}");
    }
    println!("ready");
    Ok(())
}

/// A server that listens everywhere is asked on loopback.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}
