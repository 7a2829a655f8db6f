//! Structured log lines to standard error: an event, its subject by id, never by address.
//!
//! Nothing is filtered out here. What is personal or secret has a `Debug` that does not tell it
//! ([`Address`](crate::domain::address::Address), `SecretString`), so that no field can leak.

use std::{fmt, io::IsTerminal as _, str::FromStr};

use tracing::Subscriber;
use tracing_subscriber::{EnvFilter, fmt::MakeWriter, util::SubscriberInitExt as _};

/// How and what to log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// The form of a line.
    pub format: Format,
    /// Which events.
    pub filter: Filter,
}

/// The form of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Text,
    /// One JSON object per line, for collectors.
    Json,
}

/// Which events, in the notation of [`EnvFilter`]: `info,kelisim::engine=debug`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter(String);

/// Not a form of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be text or json")]
pub struct NotAFormat;

/// Not a filter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a filter such as info or info,kelisim=debug")]
pub struct NotAFilter(String);

/// A second subscriber in one process.
#[derive(Debug, thiserror::Error)]
#[error("logging was started twice")]
pub struct AlreadyStarted;

/// Starts logging to standard error, coloured on a terminal.
///
/// # Errors
/// [`AlreadyStarted`].
pub fn init(log: &Log) -> Result<(), AlreadyStarted> {
    let is_terminal = std::io::stderr().is_terminal();
    subscriber(log, is_terminal, std::io::stderr).try_init().map_err(|_| AlreadyStarted)
}

fn subscriber<W>(log: &Log, is_coloured: bool, writer: W) -> Box<dyn Subscriber + Send + Sync>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let builder = tracing_subscriber::fmt()
        .with_env_filter(log.filter.parsed())
        .with_writer(writer)
        .with_ansi(is_coloured && log.format == Format::Text);
    match log.format {
        Format::Text => Box::new(builder.finish()),
        Format::Json => Box::new(builder.json().flatten_event(true).finish()),
    }
}

impl Log {
    /// For a command that somebody waits for: it says what it does itself, so only warnings are
    /// logged beside it.
    #[must_use]
    pub fn for_commands(&self) -> Self {
        Self { filter: Filter("warn".to_owned()), ..self.clone() }
    }
}

impl Filter {
    fn parsed(&self) -> EnvFilter {
        EnvFilter::new(&self.0)
    }
}

impl FromStr for Filter {
    type Err = NotAFilter;

    fn from_str(text: &str) -> Result<Self, NotAFilter> {
        let checked = EnvFilter::builder().parse(text);
        checked.map(|_| Self(text.to_owned())).map_err(|_| NotAFilter(text.to_owned()))
    }
}

impl FromStr for Format {
    type Err = NotAFormat;

    fn from_str(text: &str) -> Result<Self, NotAFormat> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err(NotAFormat),
        }
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{self, Write},
        sync::{Arc, Mutex},
    };

    use secrecy::SecretString;

    use super::*;

    #[derive(Clone, Default)]
    struct Page(Arc<Mutex<Vec<u8>>>);

    impl Write for Page {
        fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(octets)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(format: Format, filter: &str, events: impl FnOnce()) -> String {
        let page = Page::default();
        let log = Log { format, filter: filter.parse().unwrap() };
        let copy = page.clone();
        let subscriber = subscriber(&log, false, move || copy.clone());
        tracing::subscriber::with_default(subscriber, events);
        String::from_utf8(page.0.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn a_json_line_is_one_object_with_its_fields() {
        let line = logged(Format::Json, "info", || tracing::info!(delivery = 7, "handed over"));
        let object: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(object["delivery"], 7);
        assert_eq!(object["message"], "handed over");
    }

    #[test]
    fn the_filter_decides_what_is_written() {
        let lines = logged(Format::Text, "warn", || {
            tracing::info!("quiet");
            tracing::warn!("loud");
        });
        assert!(lines.contains("loud") && !lines.contains("quiet"), "{lines}");
        assert!("info,=".parse::<Filter>().is_err());
    }

    #[test]
    fn a_secret_in_a_field_is_not_told() {
        for format in [Format::Text, Format::Json] {
            let secret = SecretString::from("geheim");
            let line = logged(format, "info", || tracing::info!(?secret, "said"));
            assert!(line.contains("said") && !line.contains("geheim"), "{line}");
        }
    }
}
