//! Recipients' and staff's pages in a real browser: Debian's chromium, driven by the `WebDriver` protocol. axe-core
//! judges their accessibility; pictures of all of them are left under `target/tmp/pages`.
//!
//! Needs `chromium`, `chromedriver` and `KELISIM_TEST_AXE`, the path of an `axe.min.js`;
//! `scripts/test` provides them.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "../api/house.rs"]
#[expect(dead_code, reason = "these tests need only a part of it")]
mod house;
#[path = "../support/mod.rs"]
#[expect(dead_code, unused_imports, unused_macros, reason = "these tests need only a part of it")]
mod support;

#[path = "../staff/desk.rs"]
#[expect(dead_code, reason = "these tests need only a part of it")]
mod desk;
#[path = "../support/office.rs"]
#[expect(dead_code, reason = "these tests need only a part of it")]
mod office;
#[path = "../support/relay.rs"]
#[expect(dead_code, reason = "these tests need only a part of it")]
mod relay;

mod campaigns;
mod driver;
mod editing;
mod leaving;
mod people;
mod watching;
