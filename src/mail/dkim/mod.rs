//! DKIM signatures (RFC 6376, RFC 8463): one body hash, RSA and Ed25519.
//!
//! Every signature is `c=relaxed/relaxed`, has `t=`, and has neither `l=` (text could be appended)
//! nor `x=` (mail waits in queues). The body is canonicalised and hashed once, the headers are
//! canonicalised once, whatever the number of signatures: only the signing itself is done for each.

mod canonical;
mod generate;
mod key;
mod record;
mod signature;

pub use generate::{GenerateError, GeneratedKey, generate};
pub use key::{BadKey, Signer};
pub use record::DnsRecord;
pub use signature::{SignatureFailed, sign};

/// Header fields that are signed when present, and whether their name is listed once more than they
/// are present (over-signed), so that a second one cannot be added on the way (RFC 6376, section
/// 8.15). Providers demand both List-Unsubscribe fields here (RFC 8058, section 4).
pub const SIGNED_FIELDS: &[(&str, OverSigned)] = &[
    ("From", OverSigned::Yes),
    ("To", OverSigned::Yes),
    ("Subject", OverSigned::Yes),
    ("Date", OverSigned::Yes),
    ("Reply-To", OverSigned::Yes),
    ("Message-ID", OverSigned::Yes),
    ("Content-Type", OverSigned::Yes),
    ("List-Unsubscribe", OverSigned::Yes),
    ("List-Unsubscribe-Post", OverSigned::Yes),
    ("MIME-Version", OverSigned::No),
    ("Content-Transfer-Encoding", OverSigned::No),
    ("List-Id", OverSigned::No),
    ("List-Help", OverSigned::No),
    ("Feedback-ID", OverSigned::No),
    ("CFBL-Address", OverSigned::No),
    ("CFBL-Feedback-ID", OverSigned::No),
    ("X-Postmaster-Msgtype", OverSigned::No),
    ("Auto-Submitted", OverSigned::No),
    ("Precedence", OverSigned::No),
];

/// Whether a field's absence is signed too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OverSigned {
    /// Listed once more than present.
    Yes,
    /// Listed as often as present.
    No,
}
