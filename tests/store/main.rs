//! The contract of the store: every function of it, on both databases.

#[path = "../support/mod.rs"]
mod support;

mod schema;
