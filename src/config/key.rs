//! What a key is: its name, what it takes, what it is for.

use std::ops::RangeInclusive;

/// A key of the configuration. The list of all is in [`super::keys`]; reading, environment names,
/// error texts and the table in `docs/configuration.md` come from it.
pub(super) struct Key {
    /// Its last part, as in the file.
    pub(super) name: &'static str,
    pub(super) shape: Shape,
    pub(super) need: Need,
    /// A value in TOML's notation, shown wherever the key is wrong or missing.
    pub(super) example: &'static str,
    /// What it is for, in one sentence.
    pub(super) about: &'static str,
}

/// What a key takes.
pub(super) enum Shape {
    Text,
    Number(RangeInclusive<u32>),
    Flag,
    Texts,
    /// A text per language.
    ByLanguage,
    Section(&'static [&'static Key]),
    /// A list of tables with these keys.
    Rows(&'static [&'static Key]),
}

/// What holds when a key is not there.
pub(super) enum Need {
    Required,
    /// Then this, as it would stand in an environment variable.
    Default(&'static str),
    Optional,
}

impl Key {
    pub(super) const fn new(
        name: &'static str,
        shape: Shape,
        need: Need,
        example: &'static str,
        about: &'static str,
    ) -> Self {
        Self { name, shape, need, example, about }
    }

    pub(super) const fn section(name: &'static str, keys: &'static [&'static Self]) -> Self {
        Self::new(name, Shape::Section(keys), Need::Optional, "", "")
    }
}

/// Every key that can be set on its own, with its dotted path, in the order of the list.
pub(super) fn leaves(keys: &'static [&'static Key]) -> Vec<(String, &'static Key)> {
    keys.iter()
        .flat_map(|&key| match key.shape {
            Shape::Section(inner) => leaves(inner)
                .into_iter()
                .map(|(path, leaf)| (format!("{}.{path}", key.name), leaf))
                .collect(),
            _ => vec![(key.name.to_owned(), key)],
        })
        .collect()
}

/// `smtp.url` → `KELISIM_SMTP_URL`.
pub(super) fn variable_of(path: &str) -> String {
    format!("{}{}", super::PREFIX, path.replace('.', "_").to_ascii_uppercase())
}

/// ` — did you mean …?`, if one of `known` is near enough.
pub(super) fn suggestion(unknown: &str, known: impl IntoIterator<Item = String>) -> String {
    /// Jaro-Winkler similarity, 0 to 1, below which a guess would confuse more than help.
    const SIMILARITY_MIN: f64 = 0.8;
    known
        .into_iter()
        .map(|name| (strsim::jaro_winkler(unknown, &name), name))
        .filter(|(similarity, _)| *similarity >= SIMILARITY_MIN)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map_or_else(String::new, |(_, name)| format!("; did you mean {name}?"))
}
