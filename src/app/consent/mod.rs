//! Deeds with consents: they are added to the ledger, and where a consent stands follows from it.

mod append;
mod on_behalf;
mod show;
mod terms;
mod verify;
mod withdraw;

pub(super) use append::{NewEvent, append};
pub use on_behalf::{Notice, withdraw_on_behalf};
pub use show::{History, show};
pub(super) use terms::Terms;
pub(super) use verify::check_link;
pub use verify::{Broken, Checked, rebuild, verify};
pub use withdraw::{Scope, Withdrawal, Withdrawn, withdraw};
