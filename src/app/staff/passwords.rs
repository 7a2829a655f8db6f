//! Passwords: argon2id, and no rule but that they are hard to guess.

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version,
    password_hash::phc::PasswordHash,
};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Semaphore;
use zxcvbn::{Score, zxcvbn};

/// Fewest characters (ASVS 5.0, 6.2.1 asks for 8 and recommends 15).
pub const CHARS_MIN: usize = 10;
/// Most characters; nothing is cut off (ASVS 5.0, 6.2.8 and 6.2.9).
pub const CHARS_MAX: usize = 256;
/// Fewest characters besides the person's and the institution's names.
const OWN_CHARS_MIN: usize = 8;
/// Memory of one hash in KiB (ASVS 5.0, appendix C; OWASP's second row).
const MEMORY_KIB: u32 = 19_456;
/// Passes over it.
const PASSES: u32 = 2;
/// Hashes at once: each takes 19 MiB and a core.
static SEATS: Semaphore = Semaphore::const_new(2);

/// Why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadPassword {
    /// Under [`CHARS_MIN`].
    #[error("must have at least {CHARS_MIN} characters")]
    Short,
    /// Over [`CHARS_MAX`].
    #[error("may have at most {CHARS_MAX} characters")]
    Long,
    /// Among what is guessed first: common words and patterns, the person's or the institution's
    /// name (ASVS 5.0, 6.2.4 and 6.2.11).
    #[error("is among what is guessed first: use three or four unrelated words")]
    Guessable,
}

/// Whether a password is hard to guess for those who know `context`: the person's name and address
/// and the institution's names.
///
/// # Errors
/// [`BadPassword`].
pub fn check(password: &SecretString, context: &[&str]) -> Result<(), BadPassword> {
    let text = password.expose_secret();
    match text.chars().count() {
        0..CHARS_MIN => return Err(BadPassword::Short),
        CHARS_MIN..=CHARS_MAX => {}
        _ => return Err(BadPassword::Long),
    }
    let words: Vec<String> = context
        .iter()
        .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()))
        .map(str::to_lowercase)
        .filter(|word| word.chars().count() > 2)
        .collect();
    let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
    // The longest first: a short one cut out of a long one would hide it.
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let own = words.iter().fold(text.to_lowercase(), |rest, word| rest.replace(word, ""));
    if own.chars().count() < OWN_CHARS_MIN {
        return Err(BadPassword::Guessable);
    }
    if zxcvbn(text, &words).score() < Score::Three {
        return Err(BadPassword::Guessable);
    }
    Ok(())
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// What is kept of a password, as a PHC string with a salt of its own.
///
/// # Panics
/// When the operating system has no randomness or memory to give.
pub async fn hash(password: SecretString) -> String {
    let _seat = SEATS.acquire().await;
    let hashed = tokio::task::spawn_blocking(move || {
        let hash = argon2().hash_password(password.expose_secret().as_bytes());
        hash.expect("argon2 with fixed parameters").to_string()
    });
    hashed.await.expect("hashing does not panic")
}

/// Whether a password is the one that was hashed. Without a hash the same work is done and the
/// answer is no, so that time does not tell which accounts exist (ASVS 5.0, 6.3.8).
pub async fn verify(password: SecretString, hash: Option<String>) -> bool {
    let _seat = SEATS.acquire().await;
    let verified = tokio::task::spawn_blocking(move || {
        let password = password.expose_secret().as_bytes();
        let Some(hash) = hash else {
            let _ = std::hint::black_box(argon2().hash_password(password));
            return false;
        };
        PasswordHash::new(&hash).is_ok_and(|hash| argon2().verify_password(password, &hash).is_ok())
    });
    verified.await.unwrap_or(false)
}

/// Whether a hash was made with other parameters than today's.
#[must_use]
pub fn is_outdated(hash: &str) -> bool {
    let today = format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p=1$");
    !hash.starts_with(&today)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(text: &str) -> Result<(), BadPassword> {
        check(
            &SecretString::from(text),
            &["Айгүл Ахметова", "aigul@cpm.kz", "Педагогикалық орталық"],
        )
    }

    #[test]
    fn what_is_guessed_first_is_refused() {
        assert_eq!(judged("qwerty"), Err(BadPassword::Short));
        for guess in ["1234567890", "password123", "qwertyuiop", "ахметова2026", "aigul@cpm.kz"]
        {
            assert_eq!(judged(guess), Err(BadPassword::Guessable), "{guess}");
        }
        assert_eq!(judged(&"ұзақ сөз ".repeat(40)), Err(BadPassword::Long));
        let numbered =
            check(&"colleague150@cpm.kz".into(), &["Әріптес 150", "colleague150@cpm.kz"]);
        assert_eq!(numbered, Err(BadPassword::Guessable));
    }

    #[test]
    fn unrelated_words_are_taken_in_any_script() {
        assert_eq!(judged("жылқы терезе мұхит 7"), Ok(()));
        assert_eq!(judged("correct horse battery staple"), Ok(()));
    }

    #[tokio::test]
    async fn a_hash_knows_its_password_and_no_other() {
        let hashed = hash("жылқы терезе мұхит".into()).await;
        assert!(!is_outdated(&hashed), "{hashed}");
        assert!(verify("жылқы терезе мұхит".into(), Some(hashed.clone())).await);
        assert!(!verify("жылқы терезе мұхиТ".into(), Some(hashed)).await);
        assert!(!verify("жылқы терезе мұхит".into(), None).await);
        assert!(is_outdated("$argon2id$v=19$m=4096,t=3,p=1$c2FsdA$aGFzaA"));
    }
}
