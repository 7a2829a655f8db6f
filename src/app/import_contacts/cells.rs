//! From the cells of one record to a contact.

use std::collections::BTreeMap;

use super::{
    CELL_CHARS_MAX, RECORD_BYTES_MAX, TAGS_MAX,
    claim::{ConsentClaim, Hints, INSTITUTION, Proof, PurposeOf},
    given_at,
    plan::{Given, RowReader},
    purpose_words::NamedPurpose,
    reject::{Fault, Reason},
    row::ContactRow,
    values::{self, Answer},
};
use crate::domain::{address::Address, forbidden};

/// The cells of one record, with what was found wrong so far.
pub(super) struct Cells<'a> {
    reader: &'a RowReader,
    record: &'a csv::StringRecord,
    pub(super) faults: Vec<Fault>,
}

impl<'a> Cells<'a> {
    pub(super) const fn new(reader: &'a RowReader, record: &'a csv::StringRecord) -> Self {
        Self { reader, record, faults: Vec::new() }
    }

    fn refuse(&mut self, column: usize, reason: Reason) {
        let column = self.reader.columns.get(column).cloned();
        self.faults.push(Fault { column, reason });
    }

    /// What holds for every cell, also of columns that are ignored. Missing cells at the end are
    /// empty (Excel leaves them out); so may be cells beyond the last column.
    pub(super) fn check(&mut self) {
        if self.record.as_slice().len() > RECORD_BYTES_MAX {
            self.faults.push(Fault { column: None, reason: Reason::RecordTooLong });
            return;
        }
        let record = self.record;
        for (column, cell) in record.iter().enumerate() {
            if column >= self.reader.columns.len() && !cell.trim().is_empty() {
                self.faults.push(Fault { column: None, reason: Reason::TooManyCells });
                return;
            }
            if values::is_longer(cell, CELL_CHARS_MAX) {
                self.refuse(column, Reason::TooLong(CELL_CHARS_MAX));
            }
            if let Some(kind) = forbidden::find_in(cell) {
                self.refuse(column, Reason::Forbidden(kind));
            }
        }
    }

    pub(super) fn contact(&mut self, line: u64) -> Option<ContactRow> {
        let reader = self.reader;
        let address = self.address();
        let (consents, declined) = self.consents();
        Some(ContactRow {
            line,
            name: self.value(reader.name, values::line),
            given_name: self.value(reader.given_name, values::line),
            family_name: self.value(reader.family_name, values::line),
            patronymic: self.value(reader.patronymic, values::line),
            language: self.given(&reader.language, values::language),
            tags: self.tags(),
            attributes: self.attributes(),
            external_id: self.value(reader.external_id, values::line),
            consents,
            declined,
            address: address?,
        })
    }

    fn text(&self, column: usize) -> &str {
        self.record.get(column).unwrap_or_default().trim()
    }

    /// The value of a cell, unless it is empty or wrong.
    fn value<T>(
        &mut self,
        column: Option<usize>,
        read: impl FnOnce(&str) -> Result<T, Reason>,
    ) -> Option<T> {
        let column = column?;
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        match read(text) {
            Ok(value) => Some(value),
            Err(reason) => {
                self.refuse(column, reason);
                None
            }
        }
    }

    fn given<T: Clone>(
        &mut self,
        given: &Given<T>,
        read: impl FnOnce(&str) -> Result<T, Reason>,
    ) -> Option<T> {
        match given {
            Given::Column(column) => self.value(Some(*column), read),
            Given::Constant(value) => Some(value.clone()),
            Given::Nowhere => None,
        }
    }

    fn address(&mut self) -> Option<Address> {
        let column = self.reader.address;
        match self.text(column).parse() {
            Ok(address) => Some(address),
            Err(bad) => {
                self.refuse(column, Reason::Address(bad));
                None
            }
        }
    }

    fn tags(&mut self) -> Vec<String> {
        let mut tags = self.reader.constant_tags.clone();
        for column in &self.reader.tags {
            for tag in self.value(Some(*column), values::tags).unwrap_or_default() {
                if !tags.contains(&tag) {
                    tags.push(tag);
                }
            }
        }
        if tags.len() > TAGS_MAX {
            self.faults.push(Fault { column: None, reason: Reason::TooManyTags });
        }
        tags
    }

    fn attributes(&mut self) -> BTreeMap<String, String> {
        let reader = self.reader;
        let values = reader.attributes.iter().filter_map(|(key, column)| {
            Some((key.clone(), self.value(Some(*column), values::line)?))
        });
        values.collect()
    }

    fn consents(&mut self) -> (Vec<ConsentClaim>, Vec<PurposeOf>) {
        let (yes, no) = self.answers();
        if yes.is_empty() && no.is_empty() {
            return (Vec::new(), Vec::new());
        }
        let party = self.given(&self.reader.party, values::line);
        let party = party.as_deref().unwrap_or(INSTITUTION);
        let declined = with_party(no, party);
        let mut wanted = with_party(yes, party);
        wanted.retain(|of| !declined.contains(of));
        if wanted.is_empty() {
            return (Vec::new(), declined);
        }
        let proof = self.proof();
        let claim = |of| ConsentClaim { of, proof: proof.clone() };
        (wanted.into_iter().map(claim).collect(), declined)
    }

    /// The purposes that the row says yes and no to.
    fn answers(&mut self) -> (Vec<NamedPurpose>, Vec<NamedPurpose>) {
        let reader = self.reader;
        let (mut yes, mut no) = (reader.constant_purposes.clone(), Vec::new());
        for (purpose, column) in &reader.answers {
            match self.value(Some(*column), values::answer) {
                Some(Answer::Yes) => yes.push(purpose.clone()),
                Some(Answer::No) => no.push(purpose.clone()),
                None => {}
            }
        }
        let named = self.value(reader.purpose, |text| reader.read_purposes(text));
        yes.extend(named.unwrap_or_default());
        (yes, no)
    }

    fn proof(&mut self) -> Proof {
        let reader = self.reader;
        let when = |text: &str| given_at::read(text, reader.zone, reader.now);
        let hints = Hints {
            source: self.given(&reader.source, values::line),
            given_at: self.given(&reader.given_at, when),
            policy_version: self.given(&reader.policy_version, values::policy_version),
            wording: self.given(&reader.wording, values::verbatim),
            language: self.given(&reader.wording_language, values::language),
        };
        hints.into_proof()
    }
}

/// Each purpose and party once.
fn with_party(named: Vec<NamedPurpose>, party: &str) -> Vec<PurposeOf> {
    let mut all: Vec<PurposeOf> = Vec::new();
    for NamedPurpose { purpose, party: own } in named {
        let of = PurposeOf { purpose, party: own.unwrap_or_else(|| party.to_owned()) };
        if !all.contains(&of) {
            all.push(of);
        }
    }
    all
}
