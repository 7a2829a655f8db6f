//! Contacts and consents brought in from files, the policy they were given under, and the ledger
//! that proves them: through the deeds, on both databases.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "these tests begin with files, not with rows")]
mod support;

mod blocks;
mod consents;
mod contacts;
mod desk;
mod dry_run;
mod objections;
mod policy;
mod rebuild;
mod tampering;
