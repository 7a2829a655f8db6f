//! Where everything is remembered.

use secrecy::{ExposeSecret as _, SecretString};

use super::{keys, reader::Reader};

/// Which database.
#[derive(Debug)]
pub struct DatabaseSection {
    /// `sqlite://FILE` or `postgres://user:password@host/name`.
    pub url: SecretString,
    /// Connections to a server per process: 1 to 200.
    pub connections: u32,
}

/// Reads `[database]`.
pub(super) fn read(reader: &Reader<'_>) -> Option<DatabaseSection> {
    let url = reader.secret(&keys::DB_URL, &keys::DB_URL_FILE).filter(|url| {
        let is_known = ["sqlite://", "postgres://", "postgresql://"]
            .iter()
            .any(|scheme| url.expose_secret().starts_with(scheme));
        if !is_known {
            reader.wrong(&keys::DB_URL, "must begin with sqlite:// or postgres://");
        }
        is_known
    });
    let connections = reader.number(&keys::DB_CONNECTIONS);
    Some(DatabaseSection { url: url?, connections: connections? })
}
