//! What may be done: one deed, one function, one transaction.

pub mod import_contacts;
