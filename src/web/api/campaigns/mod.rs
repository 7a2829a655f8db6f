//! Campaigns by API, from draft to report.

mod draft;
mod view;

pub(super) mod create;
pub(super) mod deeds;
pub(super) mod look;
