//! What became of campaigns, in numbers, and the people behind each number.

mod collect;

pub use collect::{Collected, collect};
