//! The engine against relays that misbehave, on both databases: one misfortune per file.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

#[path = "../support/mod.rs"]
#[expect(dead_code, unused_imports, unused_macros, reason = "the store's tests stand on it, too")]
mod support;

#[path = "../support/office.rs"]
mod office;
#[path = "../support/relay.rs"]
mod relay;

mod clock_jump;
mod closing_421;
mod cut_after_dot;
mod cut_in_message;
mod dead_mailbox;
mod dead_node;
mod delay_450;
mod expired_consent;
mod fairness;
mod full_disk;
mod hold;
mod lost_database;
mod no_tls;
mod pace;
mod plain;
mod policy_refusal;
mod refusal_after_data;
mod refused_connection;
mod renewed_consent;
mod silent_greeting;
mod slow_reader;
mod stop;
mod timed_start;
mod two_nodes;
mod withdrawal;
mod withdrawal_elsewhere;
mod wrong_password;
