//! What may be done: one deed, one function, one transaction.

pub mod campaign_folder;
