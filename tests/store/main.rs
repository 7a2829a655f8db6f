//! The contract of the store: every function of it, on both databases.

#[path = "../support/mod.rs"]
mod support;

mod campaign;
mod catalogue;
mod consent;
mod contact;
mod delivery;
mod ledger;
mod node;
mod rules;
mod schema;
mod suppression;
mod times;
