//! The engine against relays that misbehave, on both databases: one misfortune per file.

#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "scenes for the store's tests, too")]
mod support;

#[path = "../support/office.rs"]
mod office;
#[path = "../support/relay.rs"]
mod relay;

mod plain;
