//! Who works here, their sessions, and what they did.

pub mod action;
pub mod failure;
pub mod link;
pub mod recovery;
pub mod session;
pub mod user;
