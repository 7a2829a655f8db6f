//! Kelisim: mail only to people whose consent can be proved.

pub mod app;
pub mod cli;
pub mod config;
pub mod domain;
pub mod engine;
pub mod mail;
pub mod store;
pub mod telemetry;
pub mod web;
