//! The `kelisim` program: parses arguments, calls `cli`.

fn main() {}
