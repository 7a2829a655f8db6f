//! The SMTP session against a relay that misbehaves: one misfortune per test.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod carriage;
mod cuts;
mod limits;
mod login;
mod refusals;
mod silence;
mod support;
mod tls;
