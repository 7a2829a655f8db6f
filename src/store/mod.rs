//! Remembers: all SQL of the program.
