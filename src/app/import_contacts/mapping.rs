//! Which column holds what.

use std::sync::Arc;

use super::{
    COLUMNS_MAX,
    error::ImportError,
    field::Field,
    headers::{ADDRESS_NAMES, Headers},
    mapping_file::{MappingError, MappingFile},
    purpose_words::NamedPurpose,
    reader::ReadOptions,
    reject::Column,
};
use crate::domain::forbidden;

/// Characters of a column's name in messages.
const SHOWN_CHARS_MAX: usize = 60;
/// Columns listed in a message.
const LISTED_MAX: usize = 30;
/// Digits of a column's name; a date has eight, a phone number ten and more.
const HEADER_DIGITS_MAX: usize = 9;

/// A column and what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappedColumn {
    /// Which.
    pub column: Column,
    /// What.
    pub field: Field,
}

/// Finds out what each column holds: by the mapping file, else by its name.
///
/// # Errors
/// Forbidden columns, two columns for one field, a mapping file that does
/// not fit.
pub(super) fn columns(
    header: &csv::StringRecord,
    options: &ReadOptions,
) -> Result<Vec<MappedColumn>, ImportError> {
    if header.len() > COLUMNS_MAX {
        return Err(ImportError::TooManyColumns { columns: header.len() });
    }
    if header.iter().any(looks_like_data) {
        return Err(ImportError::NoHeader);
    }
    let columns: Vec<Column> =
        (1..).zip(header).map(|(number, name)| shown(number, name)).collect();
    refuse_forbidden(header, &columns)?;
    let mapped = Mapping { header, columns: &columns, options }.resolve()?;
    refuse_doubles(&mapped)?;
    Ok(mapped)
}

/// # Errors
/// When no column has the addresses.
pub(super) fn address_column(mapped: &[MappedColumn]) -> Result<usize, ImportError> {
    mapped.iter().position(|column| column.field == Field::Address).ok_or_else(|| {
        let columns: Vec<_> = mapped.iter().map(|mapped| mapped.column.clone()).collect();
        ImportError::NoAddressColumn { columns: listed(&columns), accepted: ADDRESS_NAMES }
    })
}

fn looks_like_data(name: &str) -> bool {
    name.contains('@') || name.bytes().filter(u8::is_ascii_digit).count() > HEADER_DIGITS_MAX
}

fn shown(number: usize, name: &str) -> Column {
    let clean: String = name
        .trim()
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(SHOWN_CHARS_MAX)
        .collect();
    let name = if clean.is_empty() { format!("column {number}") } else { clean };
    Column { number, name: Arc::from(name) }
}

fn listed(columns: &[Column]) -> Vec<String> {
    columns.iter().take(LISTED_MAX).map(|column| format!("\"{}\"", column.name)).collect()
}

fn refuse_forbidden(header: &csv::StringRecord, columns: &[Column]) -> Result<(), ImportError> {
    let forbidden = header.iter().zip(columns).find_map(|(name, column)| {
        let kind = forbidden::column_name(name)?;
        let (number, name) = (column.number, column.name.to_string());
        Some(ImportError::ForbiddenColumn { number, name, kind })
    });
    forbidden.map_or(Ok(()), Err)
}

fn refuse_doubles(mapped: &[MappedColumn]) -> Result<(), ImportError> {
    let may_repeat = |field: &Field| matches!(field, Field::Ignored | Field::Tags);
    for MappedColumn { field, .. } in mapped.iter().filter(|column| !may_repeat(&column.field)) {
        let same = mapped.iter().filter(|other| other.field == *field);
        let columns: Vec<_> = same.map(|same| same.column.clone()).collect();
        if columns.len() > 1 {
            return Err(ImportError::Ambiguous {
                field: field.to_string(),
                columns: listed(&columns),
            });
        }
    }
    Ok(())
}

struct Mapping<'a> {
    header: &'a csv::StringRecord,
    columns: &'a [Column],
    options: &'a ReadOptions,
}

impl Mapping<'_> {
    fn resolve(&self) -> Result<Vec<MappedColumn>, ImportError> {
        if let Some(fields) = &self.options.fields {
            return self.chosen(fields);
        }
        let file = self.options.mapping.clone().unwrap_or_default();
        let told = self.told(&file)?;
        let constants: Vec<Field> = file.constants.fields().collect();
        if let Some((field, _)) = told.iter().find(|(field, _)| constants.contains(field)) {
            return Err(MappingError::Twice { field: field.to_string() }.into());
        }
        let headers =
            Headers { attributes: &self.options.attributes, purposes: &self.options.purposes };
        let settled = |field: &Field| {
            constants.contains(field) || told.iter().any(|(other, _)| other == field)
        };
        let field = |index: usize, name: &str| {
            if let Some((field, _)) = told.iter().find(|(_, at)| *at == index) {
                return Ok(field.clone());
            }
            if file.ignore.iter().any(|ignored| is_same(ignored, name)) {
                return Ok(Field::Ignored);
            }
            headers.read(name).map(|field| if settled(&field) { Field::Ignored } else { field })
        };
        let columns = self.header.iter().zip(self.columns).enumerate();
        columns
            .map(|(index, (name, column))| {
                Ok(MappedColumn { column: column.clone(), field: field(index, name)? })
            })
            .collect()
    }

    /// What somebody chose column by column. A column that nobody chose for is ignored.
    fn chosen(&self, fields: &[Field]) -> Result<Vec<MappedColumn>, ImportError> {
        let chosen = fields.iter().cloned().chain(std::iter::repeat(Field::Ignored));
        let columns = self.columns.iter().cloned().zip(chosen);
        columns
            .map(|(column, field)| {
                match &field {
                    Field::Attribute(key) => drop(self.allowed_attribute(key)?),
                    Field::Consent { purpose, party } => {
                        let of = party.as_ref().map(|party| format!("{purpose}:{party}"));
                        named_purpose(of.as_deref().unwrap_or(purpose), &self.options.purposes)?;
                    }
                    _ => {}
                }
                Ok(MappedColumn { column, field })
            })
            .collect()
    }

    /// What the mapping file says: field and index of the column.
    fn told(&self, file: &MappingFile) -> Result<Vec<(Field, usize)>, MappingError> {
        let mut told: Vec<(Field, &str)> = file.columns.named().collect();
        for (key, column) in &file.attributes {
            told.push((Field::Attribute(self.allowed_attribute(key)?), column));
        }
        for (of, column) in &file.consents {
            let NamedPurpose { purpose, party } = named_purpose(of, &self.options.purposes)?;
            told.push((Field::Consent { purpose, party }, column));
        }
        let indexed = told.into_iter().map(|(field, column)| {
            let index = self.index_of(&field, column)?;
            Ok((field, index))
        });
        indexed.collect()
    }

    fn allowed_attribute(&self, key: &str) -> Result<String, MappingError> {
        let allowed = &self.options.attributes;
        allowed.iter().find(|attribute| *attribute == key).cloned().ok_or_else(|| {
            MappingError::AttributeNotAllowed {
                attribute: key.to_owned(),
                allowed: allowed.clone(),
            }
        })
    }

    fn index_of(&self, field: &Field, column: &str) -> Result<usize, MappingError> {
        self.header.iter().position(|name| is_same(name, column)).ok_or_else(|| {
            MappingError::NoSuchColumn {
                field: field.to_string(),
                column: column.to_owned(),
                columns: listed(self.columns),
            }
        })
    }
}

/// A purpose that the mapping file names.
pub(super) fn named_purpose(of: &str, catalogue: &[String]) -> Result<NamedPurpose, MappingError> {
    NamedPurpose::read(of, catalogue).ok_or_else(|| MappingError::UnknownPurpose {
        purpose: of.to_owned(),
        known: catalogue.to_vec(),
    })
}

fn is_same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}
