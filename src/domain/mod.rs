//! What is true: no async, no I/O, no clock and no chance of its own.

pub mod address;
pub mod audience;
pub mod campaign;
pub mod consent;
pub mod contact;
pub mod delivery;
pub mod draft;
pub mod finding;
pub mod forbidden;
pub mod forecast;
pub mod gate;
pub mod id;
pub mod institution;
pub mod language;
pub mod ledger;
pub mod letter;
pub mod media;
pub mod pace;
pub mod party;
pub mod policy;
pub mod purpose;
pub mod reply;
pub mod staff;
pub mod suppression;
pub mod token;
pub mod words;
