//! Deeds with the privacy policy: editions are published, and consents pin the one they were given
//! under (R26, R27).

mod editions;
mod publish;

pub(in crate::app) use editions::Editions;
pub use publish::{POLICY_BYTES_MAX, publish};
