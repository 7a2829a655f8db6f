//! What became of campaigns, in numbers, and the people behind each number.

mod calendar;
mod collect;
mod live;
mod people;
mod report;

pub use calendar::{Day, Entry, What, calendar};
pub use collect::{Collected, collect};
pub use live::{Board, Live, board, live};
pub use people::{PEOPLE_PER_PAGE, People, Person, left, people};
pub use report::{Compared, Counts, Report, Step, compare, page, report};
