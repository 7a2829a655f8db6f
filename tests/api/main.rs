//! What is asked from outside, as a black box: a router on a loopback port, a fresh database of
//! either kind.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

#[path = "../support/mod.rs"]
#[expect(dead_code, unused_imports, reason = "these tests need only the databases of it")]
mod support;

mod bounds;
mod campaigns;
mod contacts;
mod description;
mod explain;
mod health;
mod house;
mod imports;
mod leaving;
mod lost_links;
mod pages;
mod quiet;
mod tokens;
