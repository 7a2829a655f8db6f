//! Deeds with consents: they are added to the ledger, and where a consent stands follows from it.

mod append;
mod asked;
mod kept_head;
mod on_behalf;
mod rebuild;
mod show;
mod terms;
mod verify;
mod withdraw;

pub(super) use append::{Links, NewEvent, append, record};
pub use asked::{Answer, Asked, record_answers};
pub use kept_head::{head, read_head};
pub use on_behalf::{Notice, withdraw_on_behalf};
pub use rebuild::rebuild;
pub use show::{History, show};
pub(super) use terms::Terms;
pub(super) use verify::check_link;
pub use verify::{Broken, Checked, verify};
pub use withdraw::{Scope, Withdrawal, Withdrawn, withdraw};
