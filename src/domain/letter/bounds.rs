//! How much a letter may hold.

/// Languages of one letter.
pub const EDITIONS_MAX: usize = 8;
/// Blocks of one edition, those in columns counted.
pub const BLOCKS_MAX: usize = 100;
/// How deep blocks stand in each other: columns hold simple blocks.
pub const NESTING_MAX: usize = 2;
/// Columns beside each other; fewer than two are none.
pub(super) const COLUMNS_MIN: usize = 2;
/// More do not fit 600 px.
pub(super) const COLUMNS_MAX: usize = 3;
/// Characters of a line: a subject, a heading, a button.
pub const LINE_CHARS_MAX: usize = 300;
/// Characters of one text block.
pub const TEXT_CHARS_MAX: usize = 20_000;
/// Characters of all texts of an edition: Gmail clips mail over 102 KB.
pub const EDITION_CHARS_MAX: usize = 60_000;
/// Characters of a link's address.
pub const LINK_CHARS_MAX: usize = 2_000;
/// Bytes of a body written by hand; as for a body file.
pub const CODE_BYTES_MAX: usize = 256 * 1024;
/// Bytes of a whole letter as JSON: what a request or a column may hold.
pub const LETTER_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Links to social networks in one block.
pub(super) const SOCIAL_MAX: usize = 8;
/// Paragraphs and lists of one text block, entries of one list, runs of one paragraph.
pub(super) const PARTS_MAX: usize = 500;
