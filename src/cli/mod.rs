//! Starts things, knows everything: one command per file.

pub mod demo;
