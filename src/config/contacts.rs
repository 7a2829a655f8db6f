//! What may be kept of a person.

use std::collections::BTreeSet;

use super::{keys, reader::Reader};
use crate::domain::forbidden;

/// Characters of an attribute's name.
const NAME_CHARS_MAX: usize = 40;

/// Reads `contacts.attributes`: the attributes that may be kept besides names, address and language.
pub(super) fn read(reader: &Reader<'_>) -> Option<BTreeSet<String>> {
    Some(reader.texts(&keys::ATTRIBUTES, attribute)?.into_iter().collect())
}

/// Reads `contacts.import_megabytes_max`, as octets.
pub(super) fn import_octets_max(reader: &Reader<'_>) -> Option<u64> {
    reader.number(&keys::IMPORT_MEGABYTES_MAX).map(|megabytes| u64::from(megabytes) << 20)
}

/// Templates and audience rules name it, so it is one word in ASCII.
fn attribute(text: &str) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let is_name = text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.len() <= NAME_CHARS_MAX
        && text.chars().all(fits);
    if !is_name {
        return Err(format!(
            "\"{text}\" must be 1 to {NAME_CHARS_MAX} of a-z, 0-9 and _, a letter first"
        ));
    }
    match forbidden::column_name(text) {
        Some(kind) => Err(format!("\"{text}\" would hold {kind}, which is refused at every door")),
        None => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attribute_is_one_word_that_templates_can_name() {
        assert!(attribute("school_2").is_ok());
        for text in ["", "2nd", "Region", "a.b", "аймақ", &"a".repeat(41)] {
            assert!(attribute(text).is_err(), "{text}");
        }
    }
    #[test]
    fn an_attribute_for_forbidden_data_is_refused() {
        for text in ["iin", "card", "iban", "national_id"] {
            assert!(attribute(text).is_err_and(|error| error.contains("would hold")), "{text}");
        }
    }
}
