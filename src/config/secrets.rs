//! The master secrets that all keys are derived from.

use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL_NOPAD};
use secrecy::{ExposeSecret as _, zeroize::Zeroizing};

use super::{keys, reader::Reader};
use crate::domain::token::Keyring;

/// Octets of a secret, the least that the keyring takes.
const OCTETS_MIN: usize = 32;
/// Secrets kept: one that signs and those whose links still live (three years).
const SECRETS_MAX: usize = 20;

/// Not a secret. Says nothing of what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum BadSecret {
    #[error("a secret is not base64: make one with head -c 32 /dev/urandom | base64")]
    NotBase64,
    #[error(
        "a secret has {0} octets, but must have at least {OCTETS_MIN}: make one with \
         head -c 32 /dev/urandom | base64"
    )]
    Short(usize),
}

/// Reads `secrets.keys` or `secrets.key_file`.
pub(super) fn read(reader: &Reader<'_>) -> Option<Keyring> {
    let from_file = reader.prefers_second(&keys::SECRET_KEYS, &keys::SECRET_KEY_FILE);
    let key = if from_file { &keys::SECRET_KEY_FILE } else { &keys::SECRET_KEYS };
    if !reader.is_set(key) {
        reader.missing(&keys::SECRET_KEY_FILE);
        return None;
    }
    let secrets = if from_file {
        let text = reader.guarded_file(key)?;
        let decoded: Result<Vec<_>, _> = lines(text.expose_secret()).map(decode).collect();
        decoded.map_err(|error| reader.wrong(key, error)).ok()?
    } else {
        reader.texts(key, decode)?
    };
    if secrets.len() > SECRETS_MAX {
        reader.wrong(key, format_args!("holds more than {SECRETS_MAX} secrets"));
        return None;
    }
    let mut secrets = secrets.into_iter();
    let Some(signing) = secrets.next() else {
        reader.wrong(key, "holds no secret: make one with head -c 32 /dev/urandom | base64");
        return None;
    };
    Keyring::new(signing, secrets).map_err(|error| reader.wrong(key, error)).ok()
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn decode(text: &str) -> Result<Zeroizing<Vec<u8>>, BadSecret> {
    let octets = [BASE64, BASE64_NOPAD, BASE64URL_NOPAD]
        .iter()
        .find_map(|alphabet| alphabet.decode(text.as_bytes()).ok())
        .map(Zeroizing::new)
        .ok_or(BadSecret::NotBase64)?;
    if octets.len() < OCTETS_MIN {
        return Err(BadSecret::Short(octets.len()));
    }
    Ok(octets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_base64_of_at_least_32_octets() {
        assert_eq!(decode(&BASE64.encode(&[1; 32])).map(|octets| octets.len()), Ok(32));
        assert_eq!(decode(&BASE64.encode(&[1; 31])), Err(BadSecret::Short(31)));
        assert_eq!(decode("қ"), Err(BadSecret::NotBase64));
    }

    #[test]
    fn blank_lines_and_comments_of_a_key_file_are_skipped() {
        assert_eq!(lines("# 2026\n\n aa \nbb").collect::<Vec<_>>(), ["aa", "bb"]);
    }
}
