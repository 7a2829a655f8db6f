//! Deeds with consents: they are added to the ledger, and where a consent stands follows from it.

mod append;
mod show;
mod terms;
mod verify;
mod withdraw;

pub(super) use append::{NewEvent, append};
pub use show::{History, show};
pub(super) use terms::Terms;
pub use verify::{Broken, Checked, rebuild, verify};
pub use withdraw::{Scope, Withdrawal, Withdrawn, withdraw};
