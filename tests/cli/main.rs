//! The program as an operator runs it: in an empty folder, with a SQLite file.

mod consents;
mod contacts;
mod folder;
mod setup;
