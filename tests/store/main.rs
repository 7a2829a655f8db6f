//! The contract of the store: every function of it, on both databases.

#[path = "../support/mod.rs"]
mod support;

mod catalogue;
mod consent;
mod contact;
mod ledger;
mod node;
mod schema;
mod suppression;
mod times;
