//! How the records of one file are read: settled once, from its columns and constants.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::{
    cells::Cells,
    error::ImportError,
    field::Field,
    given_at,
    mapping::{MappedColumn, address_column, named_purpose},
    mapping_file::{Constants, MappingError},
    purpose_words::NamedPurpose,
    reader::ReadOptions,
    reject::{Column, Reason, Reject},
    row::ContactRow,
    values,
};
use crate::domain::{forbidden, language::Language};

/// Where a field comes from.
pub(super) enum Given<T> {
    Column(usize),
    Constant(T),
    Nowhere,
}

/// How a file's records are read: made once per file.
pub(super) struct RowReader {
    pub(super) columns: Vec<Column>,
    pub(super) address: usize,
    pub(super) name: Option<usize>,
    pub(super) given_name: Option<usize>,
    pub(super) family_name: Option<usize>,
    pub(super) patronymic: Option<usize>,
    pub(super) external_id: Option<usize>,
    pub(super) language: Given<Language>,
    pub(super) tags: Vec<usize>,
    pub(super) constant_tags: Vec<String>,
    pub(super) attributes: Vec<(String, usize)>,
    pub(super) answers: Vec<(NamedPurpose, usize)>,
    pub(super) purpose: Option<usize>,
    pub(super) constant_purposes: Vec<NamedPurpose>,
    pub(super) party: Given<String>,
    pub(super) source: Given<String>,
    pub(super) given_at: Given<DateTime<Utc>>,
    pub(super) policy_version: Given<u32>,
    pub(super) wording: Given<String>,
    pub(super) wording_language: Given<Language>,
    pub(super) purposes: Vec<String>,
    pub(super) zone: Tz,
    pub(super) now: DateTime<Utc>,
}

impl RowReader {
    /// # Errors
    /// Constants that cannot be used, no address.
    pub(super) fn new(mapped: &[MappedColumn], options: &ReadOptions) -> Result<Self, ImportError> {
        let at = |field: &Field| mapped.iter().position(|column| column.field == *field);
        let constants =
            options.mapping.as_ref().map(|file| file.constants.clone()).unwrap_or_default();
        let given_at = checked(&constants, options)?;
        let constant_purposes =
            constants.purposes.iter().map(|of| named_purpose(of, &options.purposes));
        let indexed = || mapped.iter().enumerate().map(|(index, column)| (index, &column.field));
        Ok(Self {
            address: address_column(mapped)?,
            name: at(&Field::Name),
            given_name: at(&Field::GivenName),
            family_name: at(&Field::FamilyName),
            patronymic: at(&Field::Patronymic),
            external_id: at(&Field::ExternalId),
            language: Given::of(at(&Field::Language), constants.language),
            tags: indexed()
                .filter(|(_, field)| **field == Field::Tags)
                .map(|(index, _)| index)
                .collect(),
            constant_tags: constants.tags,
            attributes: indexed().filter_map(attribute).collect(),
            answers: indexed().filter_map(answer_for).collect(),
            purpose: at(&Field::Purpose),
            constant_purposes: constant_purposes.collect::<Result<_, _>>()?,
            party: Given::of(at(&Field::Party), constants.party),
            source: Given::of(at(&Field::Source), constants.consent_source),
            given_at: Given::of(at(&Field::GivenAt), given_at),
            policy_version: Given::of(at(&Field::PolicyVersion), constants.policy_version),
            wording: Given::of(at(&Field::Wording), constants.wording),
            wording_language: Given::of(at(&Field::WordingLanguage), constants.wording_language),
            columns: mapped.iter().map(|column| column.column.clone()).collect(),
            purposes: options.purposes.clone(),
            zone: options.zone,
            now: options.now,
        })
    }

    /// Reads one record that begins at `line`.
    ///
    /// # Errors
    /// All that is wrong in it.
    pub(super) fn read(&self, line: u64, record: &csv::StringRecord) -> Result<ContactRow, Reject> {
        let mut cells = Cells::new(self, record);
        cells.check();
        if cells.faults.is_empty()
            && let Some(row) = cells.contact(line)
            && cells.faults.is_empty()
        {
            return Ok(row);
        }
        Err(Reject { line, faults: cells.faults })
    }

    /// The purposes that a cell names.
    pub(super) fn read_purposes(&self, text: &str) -> Result<Vec<NamedPurpose>, Reason> {
        let read = |part| NamedPurpose::read(part, &self.purposes).ok_or(Reason::UnknownPurpose);
        values::parts(text).map(read).collect()
    }
}

impl<T> Given<T> {
    fn of(column: Option<usize>, constant: Option<T>) -> Self {
        match (column, constant) {
            (_, Some(constant)) => Self::Constant(constant),
            (Some(column), None) => Self::Column(column),
            (None, None) => Self::Nowhere,
        }
    }
}

/// Checks the constants as cells are checked; gives the time of consent that they name.
fn checked(
    constants: &Constants,
    options: &ReadOptions,
) -> Result<Option<DateTime<Utc>>, MappingError> {
    let texts = [
        ("party", &constants.party),
        ("consent_source", &constants.consent_source),
        ("wording", &constants.wording),
    ];
    for (field, text) in texts {
        if let Some(kind) = text.as_deref().and_then(forbidden::find_in) {
            return Err(MappingError::Constant { field, reason: Reason::Forbidden(kind) });
        }
    }
    values::tags(&constants.tags.join(","))
        .map_err(|reason| MappingError::Constant { field: "tags", reason })?;
    let given_at = constants.consent_given_at.as_deref();
    given_at
        .map(|text| given_at::read(text, options.zone, options.now))
        .transpose()
        .map_err(|reason| MappingError::Constant { field: "consent_given_at", reason })
}

fn attribute((index, field): (usize, &Field)) -> Option<(String, usize)> {
    match field {
        Field::Attribute(key) => Some((key.clone(), index)),
        _ => None,
    }
}

fn answer_for((index, field): (usize, &Field)) -> Option<(NamedPurpose, usize)> {
    match field {
        Field::Consent { purpose, party } => {
            Some((NamedPurpose { purpose: purpose.clone(), party: party.clone() }, index))
        }
        _ => None,
    }
}
