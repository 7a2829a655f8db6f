//! What tests stand on. A test crate takes it in by
//! `#[path = "../support/mod.rs"] mod support;`, with
//! `#[expect(dead_code, reason = "…")]` where it needs only a part of it.

pub(crate) mod database;
pub(crate) mod scene;
