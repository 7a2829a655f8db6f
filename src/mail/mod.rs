//! Composes messages and speaks SMTP. Knows `domain` only.

pub mod compose;
pub mod dkim;
pub mod letter;
pub mod listener;
pub mod published;
pub mod render;
pub mod transport;
