//! A relay that takes everything, offers PIPELINING as Debian's sink does, and tells the way out that
//! each message names.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    sync::mpsc::{Receiver, Sender, channel},
    thread,
    time::Duration,
};

/// Longest wait for a message.
const WAIT: Duration = Duration::from_mins(10);

/// The relay.
pub struct Sink {
    /// Where it listens on loopback.
    pub port: u16,
    links: Receiver<String>,
}

impl Sink {
    /// Takes mail from now on, until the program ends.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("a port").port();
        let (to, links) = channel();
        thread::spawn(move || {
            for stream in listener.incoming().filter_map(Result::ok) {
                let to = to.clone();
                thread::spawn(move || drop(converse(&stream, &to)));
            }
        });
        Self { port, links }
    }

    /// The link of the first message.
    pub fn first_link(&self) -> String {
        self.links.recv_timeout(WAIT).expect("a message comes")
    }

    /// The links of the messages that come.
    pub fn links(&self) -> impl Iterator<Item = String> {
        std::iter::from_fn(|| self.links.recv_timeout(WAIT).ok())
    }
}

fn converse(stream: &TcpStream, to: &Sender<String>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut lines = BufReader::new(stream);
    let mut line = String::new();
    let say = |words: &str| (&mut &*stream).write_all(words.as_bytes());
    say("220 sink\r\n")?;
    loop {
        line.clear();
        if lines.read_line(&mut line)? == 0 {
            return Ok(());
        }
        match line.get(..4).unwrap_or_default() {
            "EHLO" => say("250-sink\r\n250 PIPELINING\r\n")?,
            "DATA" => {
                say("354 go on\r\n")?;
                let way_out = way_out(&mut lines)?;
                say("250 ok\r\n")?;
                let _nobody_listens = to.send(way_out);
            }
            "QUIT" => return say("221 bye\r\n"),
            _ => say("250 ok\r\n")?,
        }
    }
}

/// Reads a message to its end.
fn way_out(lines: &mut BufReader<&TcpStream>) -> std::io::Result<String> {
    let (mut line, mut way_out) = (String::new(), String::new());
    loop {
        line.clear();
        lines.read_line(&mut line)?;
        if line == ".\r\n" || line.is_empty() {
            return Ok(way_out);
        }
        if let Some(rest) = line.strip_prefix("List-Unsubscribe: <") {
            rest.split('>').next().unwrap_or_default().clone_into(&mut way_out);
        }
    }
}
