//! Tokens in links and return paths that carry their own proof: no table, no expiry, no person in
//! them.
//!
//! A link token reads `1.<kid>.<body>`. `kid` names the key that made it, `body` is the base32 of a
//! random id (16 octets) and of the first 16 octets of `HMAC-SHA-256(K[kind, kid], version ‖ kind ‖
//! id)`. Each kind has a key of its own, so a token for one deed never opens another.

mod keyring;

pub use keyring::{Keyring, WeakSecret};

use data_encoding::BASE32_NOPAD;
use uuid::Uuid;

/// Version of the text form and of what the MAC covers.
const VERSION: &str = "1";
/// Octets of HMAC-SHA-256 that travel: 128 bits (RFC 2104, section 5: at least half of the output).
const MAC_OCTETS: usize = 16;
const ID_OCTETS: usize = 16;
/// Characters of a key's fingerprint in a token.
const KID_CHARS: usize = 6;
/// Characters of the base32 of an id and a MAC.
const BODY_CHARS: usize = 52;
/// What the local part of a return path begins with.
const BOUNCE_PREFIX: &str = "b+";

/// What a token lets its holder do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Leave: the link in the footer and in `List-Unsubscribe`.
    Unsubscribe,
    /// Come back as a bounce: the local part of the return path (VERP).
    Bounce,
    /// Come back with a complaint: `CFBL-Feedback-ID` (RFC 9477).
    Feedback,
    /// Nothing at all: the link of a test mail, which leads to a page that says so.
    Test,
}

impl TokenKind {
    const ALL: [Self; 4] = [Self::Unsubscribe, Self::Bounce, Self::Feedback, Self::Test];

    /// Part of the HKDF label and of what the MAC covers; never to be changed.
    const fn label(self) -> &'static str {
        match self {
            Self::Unsubscribe => "token/unsubscribe",
            Self::Bounce => "token/bounce",
            Self::Feedback => "token/feedback",
            Self::Test => "token/test",
        }
    }
}

/// Why a token opens nothing. Says nothing of the token itself, so that it may be logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadToken {
    /// Cut, mangled, or something else altogether.
    #[error("this does not have the form of a token")]
    Shape,
    /// Made with a key that is not known here (any more).
    #[error("the key that made this token is not known")]
    UnknownKey,
    /// The id and its proof do not belong together, or the token is of another kind.
    #[error("the token's proof does not fit")]
    Forged,
}

impl Keyring {
    /// A token for a link: `1.<kid>.<body>`, 61 characters that need no escaping in a URL.
    #[must_use]
    pub fn link_token(&self, kind: TokenKind, id: Uuid) -> String {
        let (fingerprint, body) = self.seal(kind, id);
        [VERSION, fingerprint, &body].join(".")
    }

    /// The id in a link token, whichever known key made it. Blanks around it and upper case, as
    /// mail software leaves them, are forgiven.
    ///
    /// # Errors
    /// [`BadToken`] when nothing may be done with it.
    pub fn read_link_token(&self, kind: TokenKind, text: &str) -> Result<Uuid, BadToken> {
        let mut parts = text.trim().split('.');
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(VERSION), Some(fingerprint), Some(body), None) => {
                self.open(kind, fingerprint, body)
            }
            _ => Err(BadToken::Shape),
        }
    }

    /// The local part of a return path, `b+<kid><body>`: 60 octets of the 64 that RFC 5321
    /// (4.5.3.1.1) allows, in an alphabet that survives a change of case.
    #[must_use]
    pub fn bounce_local_part(&self, id: Uuid) -> String {
        let (fingerprint, body) = self.seal(TokenKind::Bounce, id);
        [BOUNCE_PREFIX, fingerprint, &body].concat()
    }

    /// The id in the local part of an address that a bounce came back to.
    ///
    /// # Errors
    /// [`BadToken`] when it is not one of ours.
    pub fn read_bounce_local_part(&self, local_part: &str) -> Result<Uuid, BadToken> {
        let text = local_part.trim();
        let (prefix, rest) = text.split_at_checked(BOUNCE_PREFIX.len()).ok_or(BadToken::Shape)?;
        if !prefix.eq_ignore_ascii_case(BOUNCE_PREFIX) {
            return Err(BadToken::Shape);
        }
        let (fingerprint, body) = rest.split_at_checked(KID_CHARS).ok_or(BadToken::Shape)?;
        self.open(TokenKind::Bounce, fingerprint, body)
    }

    fn seal(&self, kind: TokenKind, id: Uuid) -> (&str, String) {
        let key = self.signing();
        let mut raw = [0; ID_OCTETS + MAC_OCTETS];
        raw[..ID_OCTETS].copy_from_slice(id.as_bytes());
        raw[ID_OCTETS..].copy_from_slice(&key.proof(kind, id.as_bytes()));
        let mut body = BASE32_NOPAD.encode(&raw);
        body.make_ascii_lowercase();
        (key.fingerprint(), body)
    }

    fn open(&self, kind: TokenKind, fingerprint: &str, body: &str) -> Result<Uuid, BadToken> {
        if fingerprint.len() != KID_CHARS || body.len() != BODY_CHARS {
            return Err(BadToken::Shape);
        }
        let raw = BASE32_NOPAD
            .decode(body.to_ascii_uppercase().as_bytes())
            .map_err(|_| BadToken::Shape)?;
        let (id, mac) = raw.split_first_chunk::<ID_OCTETS>().ok_or(BadToken::Shape)?;
        let mut named =
            self.all().filter(|key| key.fingerprint().eq_ignore_ascii_case(fingerprint)).peekable();
        if named.peek().is_none() {
            return Err(BadToken::UnknownKey);
        }
        if named.any(|key| key.proves(kind, id, mac)) {
            Ok(Uuid::from_bytes(*id))
        } else {
            Err(BadToken::Forged)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn keyring() -> Keyring {
        Keyring::new([7; 32], []).unwrap()
    }

    fn id() -> Uuid {
        Uuid::from_u128(0x0192_f0a1_7c3e_7d00_8000_0123_4567_89ab)
    }

    #[test]
    fn the_text_form_never_changes_because_links_live_for_three_years() {
        assert_eq!(
            keyring().link_token(TokenKind::Unsubscribe, id()),
            "1.724nv4.agjpbil4hz6qbaaaaerukz4jvmgcfehlxf7g6j2jin3l6uz3gegq"
        );
        assert_eq!(
            keyring().bounce_local_part(id()),
            "b+724nv4agjpbil4hz6qbaaaaerukz4jvn7ph25rbljcjuhpf2e3e7rmy4eq"
        );
    }

    #[test]
    fn blanks_and_upper_case_as_mail_software_leaves_them_are_forgiven() {
        let text = keyring().link_token(TokenKind::Unsubscribe, id());
        let mangled = format!(" {}\r\n", text.to_uppercase());
        assert_eq!(keyring().read_link_token(TokenKind::Unsubscribe, &mangled), Ok(id()));
        let local_part = keyring().bounce_local_part(id());
        assert_eq!(keyring().read_bounce_local_part(&local_part.to_uppercase()), Ok(id()));
    }

    #[test]
    fn a_link_outlives_the_key_that_signed_it() {
        let old = Keyring::new([1; 32], []).unwrap();
        let rotated = Keyring::new([2; 32], [[1; 32]]).unwrap();
        let without_old = Keyring::new([2; 32], []).unwrap();
        let text = old.link_token(TokenKind::Unsubscribe, id());
        assert_eq!(rotated.read_link_token(TokenKind::Unsubscribe, &text), Ok(id()));
        assert_eq!(
            without_old.read_link_token(TokenKind::Unsubscribe, &text),
            Err(BadToken::UnknownKey)
        );
        assert_ne!(rotated.link_token(TokenKind::Unsubscribe, id()), text);
    }

    #[test]
    fn a_link_token_is_not_a_return_path_even_with_the_same_id() {
        let link = keyring().link_token(TokenKind::Unsubscribe, id());
        let local_part = format!("b+{}", link.replace("1.", "").replace('.', ""));
        assert_eq!(keyring().read_bounce_local_part(&local_part), Err(BadToken::Forged));
    }

    #[test]
    fn what_is_not_a_token_is_refused_without_a_panic() {
        for text in ["", "1", "1..", "2.aaaaaa.aaaa", "1.ққққққ.ә", "1.aaaaaa.b.c"] {
            let read = keyring().read_link_token(TokenKind::Unsubscribe, text);
            assert_eq!(read, Err(BadToken::Shape), "{text}");
        }
        for text in ["", "b", "b+", "bқ", "b+ққққққ", "support", "b+aaaaaa"] {
            assert_eq!(keyring().read_bounce_local_part(text), Err(BadToken::Shape), "{text}");
        }
    }

    fn any_kind() -> impl Strategy<Value = TokenKind> {
        proptest::sample::select(TokenKind::ALL.to_vec())
    }

    proptest! {
        #[test]
        fn a_token_opens_its_own_kind_only(raw: u128, made in any_kind(), asked in any_kind()) {
            let id = Uuid::from_u128(raw);
            let text = keyring().link_token(made, id);
            let read = keyring().read_link_token(asked, &text);
            prop_assert_eq!(read, if made == asked { Ok(id) } else { Err(BadToken::Forged) });
        }

        #[test]
        fn any_single_changed_character_is_refused(
            raw: u128,
            at in 0_usize..61,
            other in "[a-z2-9.!]",
        ) {
            let mut text = keyring().link_token(TokenKind::Unsubscribe, Uuid::from_u128(raw));
            prop_assume!(text[at..=at] != other);
            text.replace_range(at..=at, &other);
            prop_assert!(keyring().read_link_token(TokenKind::Unsubscribe, &text).is_err());
        }

        #[test]
        fn a_return_path_fits_into_a_local_part(raw: u128) {
            let id = Uuid::from_u128(raw);
            let local_part = keyring().bounce_local_part(id);
            prop_assert!(local_part.len() <= 64);
            prop_assert_eq!(keyring().read_bounce_local_part(&local_part), Ok(id));
        }
    }
}
