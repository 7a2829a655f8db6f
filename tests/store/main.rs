//! The contract of the store: every function of it, on both databases.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

#[path = "../support/mod.rs"]
mod support;

mod audience;
mod campaign;
mod catalogue;
mod consent;
mod contact;
mod delivery;
mod draft;
mod figure;
mod finding;
mod ledger;
mod media;
mod node;
mod people;
mod plans;
mod rules;
mod schema;
mod suppression;
mod test_mail;
mod times;
