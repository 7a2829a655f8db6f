//! `LANGUAGE=TEXT` as an argument.

use std::str::FromStr;

use crate::domain::language::Language;

/// A text in a language: `kk=Мектеп`.
#[derive(Debug, Clone)]
pub(super) struct Named {
    pub(super) language: Language,
    pub(super) text: String,
}

impl FromStr for Named {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (language, text) = text
            .split_once('=')
            .ok_or("write it as LANGUAGE=TEXT, such as kk=Мектеп".to_owned())?;
        let language = language.parse().map_err(|error| format!("{error}"))?;
        Ok(Self { language, text: text.trim().to_owned() })
    }
}
