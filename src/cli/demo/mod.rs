//! `kelisim demo`: everything at once, on sample people, without anything leaving the machine.

mod inbox;
mod people;
