//! Whole files through the front door.

mod consents;
mod files;
mod refusals;
mod samples;

use super::*;

pub(super) fn options() -> ReadOptions {
    ReadOptions {
        encoding: None,
        delimiter: None,
        mapping: None,
        fields: None,
        attributes: vec!["region".to_owned()],
        purposes: ["offers", "news", "partner_offers", "events"].map(str::to_owned).to_vec(),
        zone: chrono_tz::Asia::Almaty,
        now: "2026-11-01T00:00:00Z".parse().unwrap(),
    }
}

pub(super) fn mapped(mapping: &str) -> ReadOptions {
    ReadOptions { mapping: Some(mapping.parse().unwrap()), ..options() }
}

pub(super) fn open<'a>(file: &'a [u8], options: &ReadOptions) -> ContactReader<&'a [u8]> {
    ContactReader::open(file, options).unwrap()
}

/// Why the file as a whole is refused.
pub(super) fn refusal(file: &str, options: &ReadOptions) -> ImportError {
    match ContactReader::open(file.as_bytes(), options) {
        Ok(_) => panic!("the file was taken"),
        Err(error) => error,
    }
}

/// All rows, where each must be a contact.
pub(super) fn contacts(file: &str, options: &ReadOptions) -> Vec<ContactRow> {
    let rows = open(file.as_bytes(), options).map(|line| match line.unwrap() {
        Line::Contact(row) => *row,
        Line::Rejected(reject) => panic!("{reject:?}"),
    });
    rows.collect()
}

/// All rows, where each must be rejected: line, column number and code of each fault.
pub(super) fn faults(file: &str, options: &ReadOptions) -> Vec<(u64, usize, &'static str)> {
    let rows = open(file.as_bytes(), options).flat_map(|line| match line.unwrap() {
        Line::Contact(row) => panic!("{row:?} was taken"),
        Line::Rejected(reject) => reject.faults.into_iter().map(move |fault| (reject.line, fault)),
    });
    rows.map(|(line, fault)| (line, fault.column.map_or(0, |c| c.number), fault.reason.code()))
        .collect()
}
