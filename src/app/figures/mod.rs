//! What became of campaigns, in numbers, and the people behind each number.

mod calendar;
mod collect;
mod live;
mod people;
mod report;

pub use calendar::{Day, Entry, What, calendar};
pub use collect::{Collected, collect};
pub use live::{Board, Live, board, coming, live};
pub use people::{Left, PEOPLE_PER_PAGE, People, Person, left, note_export, people};
pub use report::{Compared, Counts, Report, Step, compare, page, report};
