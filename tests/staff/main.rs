//! The staff's pages, as a black box: a router on a loopback port, a fresh database of either kind.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

#[path = "../api/house.rs"]
#[expect(dead_code, reason = "these tests need only a part of it")]
mod house;
#[path = "../support/mod.rs"]
#[expect(dead_code, unused_imports, unused_macros, reason = "these tests need only a part of it")]
mod support;

mod campaigns;
mod desk;

mod content;
mod forgery;
mod imports;
mod mailing;
mod people;
mod reports;
mod routes;
mod second_factor;
mod segments;
mod settings;
mod signing_in;
mod watching;
