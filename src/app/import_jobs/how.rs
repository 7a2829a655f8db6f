//! How a file is to be read, as staff chose it.

use serde::{Deserialize, Serialize};

use crate::app::{
    Error, Result,
    import_contacts::{Constants, Field, ImportOptions},
};

/// How a file is to be read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct How {
    /// The sheet of a workbook; None: the first.
    pub sheet: Option<String>,
    /// None: found out.
    pub encoding: Option<String>,
    /// None: found out.
    pub delimiter: Option<String>,
    /// What each column holds, as `Field` displays it; none: found out by their names.
    pub columns: Vec<String>,
    /// What is the same for every row.
    pub constants: Constants,
}

impl How {
    /// For the import. What a column tells is not told again by a constant.
    ///
    /// # Errors
    /// [`Error::Invalid`] for an encoding, delimiter or field that is none.
    pub fn options(&self, is_dry_run: bool) -> Result<ImportOptions> {
        let read = |text: &String| {
            Field::read(text).ok_or_else(|| Error::invalid("columns", "names an unknown field"))
        };
        let fields = self.columns.iter().map(read).collect::<Result<Vec<Field>>>()?;
        let mut constants = self.constants.clone();
        constants.yield_to(&fields);
        Ok(ImportOptions {
            encoding: chosen("encoding", self.encoding.as_ref())?,
            delimiter: chosen("delimiter", self.delimiter.as_ref())?,
            mapping: (constants != Constants::default()).then(|| constants.into()),
            fields: (!fields.is_empty()).then_some(fields),
            is_dry_run,
        })
    }
}

fn chosen<T: std::str::FromStr<Err: std::fmt::Display>>(
    place: &str,
    text: Option<&String>,
) -> Result<Option<T>> {
    let read = |text: &String| {
        text.parse().map_err(|error: T::Err| Error::invalid(place, error.to_string()))
    };
    text.filter(|text| !text.is_empty()).map(read).transpose()
}
