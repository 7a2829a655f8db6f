//! What staff do with people: through the deeds, on both databases.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

#[path = "../import/desk.rs"]
#[expect(dead_code, reason = "the desk serves the tests of imports too")]
mod desk;
#[path = "../support/mod.rs"]
#[expect(
    dead_code,
    unused_imports,
    unused_macros,
    reason = "these tests begin with files, not with rows"
)]
mod support;

mod erasure;
mod exports;
mod files;
mod paper;
mod profiles;
mod segments;
