//! Reads typed values out of a table by the list of keys, noting every problem on the way.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    fmt::Display,
    path::{Path, PathBuf},
    str::FromStr,
};

use secrecy::{ExposeSecret as _, SecretString};

use super::{
    environment::convert,
    guarded,
    key::{Key, Need, Shape, variable_of},
    problem::{Origin, Problem},
    tree::{Node, Table, Value},
};
use crate::domain::language::Language;

/// Characters of one text.
const TEXT_CHARS_MAX: usize = 4_000;
/// Items of one list.
const ITEMS_MAX: usize = 100;

/// A table that is being read. A method that gives `None` has noted the problem, unless the key may
/// be left out.
pub(super) struct Reader<'t> {
    pub(super) table: Option<&'t Table>,
    /// The dotted path with a dot at its end, or empty.
    pub(super) path: String,
    /// Where it begins, if it is one of a list: then no environment variable names its keys.
    row: Option<&'t Origin>,
    /// What paths in the file are relative to.
    base: &'t Path,
    problems: &'t RefCell<Vec<Problem>>,
}

impl<'t> Reader<'t> {
    /// Reads the whole tree.
    pub(super) fn new(
        tree: &'t Table,
        base: &'t Path,
        problems: &'t RefCell<Vec<Problem>>,
    ) -> Self {
        Self { table: Some(tree), path: String::new(), row: None, base, problems }
    }

    /// Notes that something is wrong with a key.
    pub(super) fn wrong(&self, key: &Key, what: impl Display) {
        let origin = self.node(key).map_or(Origin::Nowhere, |node| node.origin.clone());
        self.note(origin, &self.path_of(key), what);
    }

    /// Notes that a key is missing.
    pub(super) fn missing(&self, key: &Key) {
        let path = self.path_of(key);
        let variable = match self.row {
            Some(_) => String::new(),
            None => format!(" or {}", variable_of(&path)),
        };
        let origin = self.row.cloned().unwrap_or(Origin::Nowhere);
        let what = format!(
            "is missing ({}). Set {} = {}{variable}",
            key.about.split(['.', ';']).next().unwrap_or_default(),
            key.name,
            key.example
        );
        self.note(origin, &path, what);
    }

    /// Whether the key stands in the environment rather than in the file.
    pub(super) fn is_from_environment(&self, key: &Key) -> bool {
        self.node(key).is_some_and(|node| matches!(node.origin, Origin::Environment(_)))
    }

    /// Whether the key is set at all.
    pub(super) fn is_set(&self, key: &Key) -> bool {
        self.node(key).is_some()
    }

    /// A text that `parse` understands.
    pub(super) fn read<T, E: Display>(
        &self,
        key: &Key,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let text = self.value(key, |value| match value {
            Value::Text(text) if text.chars().count() <= TEXT_CHARS_MAX => Some(text.clone()),
            _ => None,
        })?;
        parse(text.trim()).map_err(|error| self.wrong(key, error)).ok()
    }

    /// A text that is a `T`.
    pub(super) fn parsed<T: FromStr<Err: Display>>(&self, key: &Key) -> Option<T> {
        self.read(key, str::parse)
    }

    /// A number within the bounds that the list of keys names.
    pub(super) fn number(&self, key: &Key) -> Option<u32> {
        let number = self.value(key, |value| match value {
            Value::Number(number) => Some(*number),
            _ => None,
        })?;
        let Shape::Number(range) = &key.shape else { return None };
        let within = u32::try_from(number).ok().filter(|number| range.contains(number));
        if within.is_none() {
            self.wrong(
                key,
                format_args!("{number} is not within {} to {}", range.start(), range.end()),
            );
        }
        within
    }

    /// True or false.
    pub(super) fn flag(&self, key: &Key) -> Option<bool> {
        self.value(key, |value| match value {
            Value::Flag(flag) => Some(*flag),
            _ => None,
        })
    }

    /// A list of texts, each understood by `parse`.
    pub(super) fn texts<T, E: Display>(
        &self,
        key: &Key,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Option<Vec<T>> {
        let items = self.value(key, texts_of)?;
        let parsed = items
            .iter()
            .map(|(text, origin)| {
                parse(text)
                    .map_err(|error| self.note(origin.clone(), &self.path_of(key), error))
                    .ok()
            })
            .collect::<Vec<_>>();
        parsed.into_iter().collect()
    }

    /// A text for each language of `required`, and perhaps for others.
    pub(super) fn by_language(
        &self,
        key: &Key,
        required: &[Language],
    ) -> Option<BTreeMap<Language, String>> {
        let items = self.value(key, languages_of)?;
        let mut texts = BTreeMap::new();
        for (name, text, origin) in items {
            match name.parse::<Language>() {
                Ok(language) => drop(texts.insert(language, text)),
                Err(error) => self.note(origin, &self.path_of(key), error),
            }
        }
        let lacking = required.iter().filter(|&language| !texts.contains_key(language));
        for language in lacking.clone() {
            let what = format_args!("has no text in {language}: add {language} = \"…\"");
            self.wrong(key, what);
        }
        (lacking.count() == 0).then_some(texts)
    }

    /// A path to an existing file: relative to the configuration file if it stands there, to the
    /// working directory if it comes from the environment.
    pub(super) fn file(&self, key: &Key) -> Option<PathBuf> {
        let path = self.read(key, |text| {
            let path = PathBuf::from(text);
            let path = if self.is_from_environment(key) { path } else { self.base.join(path) };
            Ok::<_, String>(path)
        })?;
        if path.is_file() {
            Some(path)
        } else {
            self.wrong(key, format_args!("{} is not a file", path.display()));
            None
        }
    }

    /// The contents of a file that only its owner and group can read.
    pub(super) fn guarded_file(&self, key: &Key) -> Option<SecretString> {
        let path = self.file(key)?;
        guarded::read(&path).map_err(|error| self.wrong(key, error)).ok()
    }

    /// A secret text, given itself or in a file. The environment wins over the file; both from one
    /// place are a problem.
    pub(super) fn secret(&self, key: &Key, file_key: &Key) -> Option<SecretString> {
        if self.prefers_second(key, file_key) {
            let text = self.guarded_file(file_key)?;
            return Some(SecretString::from(text.expose_secret().trim().to_owned()));
        }
        self.read(key, |text| Ok::<_, String>(SecretString::from(text)))
    }

    /// Which of two keys for one thing counts: `true` for the second.
    pub(super) fn prefers_second(&self, first: &Key, second: &Key) -> bool {
        let is_tie = self.is_set(first)
            && self.is_set(second)
            && self.is_from_environment(first) == self.is_from_environment(second);
        if is_tie {
            self.wrong(second, format_args!("stands beside {}: keep one of them", first.name));
        }
        self.is_set(second) && !self.is_from_environment(first) || self.is_from_environment(second)
    }

    /// The section of that name; an absent one reads as empty.
    pub(super) fn section(&self, key: &Key) -> Self {
        let table = self.node(key).and_then(|node| match &node.value {
            Value::Table(table) => Some(table),
            _ => None,
        });
        Self { table, path: format!("{}.", self.path_of(key)), ..*self }
    }

    /// The tables of a list.
    pub(super) fn rows(&self, key: &Key) -> Vec<Self> {
        let path = self.path_of(key);
        self.tables(key)
            .into_iter()
            .enumerate()
            .map(|(index, (table, origin))| Self {
                table: Some(table),
                path: format!("{path}[{}].", index + 1),
                row: Some(origin),
                ..*self
            })
            .collect()
    }

    fn tables(&self, key: &Key) -> Vec<(&'t Table, &'t Origin)> {
        let Some(node) = self.node(key) else {
            if matches!(key.need, Need::Required) {
                self.missing(key);
            }
            return Vec::new();
        };
        let tables = match &node.value {
            Value::List(items) if items.len() <= ITEMS_MAX => items
                .iter()
                .map(|item| match &item.value {
                    Value::Table(table) => Some((table, &item.origin)),
                    _ => None,
                })
                .collect(),
            _ => None,
        };
        tables.unwrap_or_else(|| {
            self.wrong(key, format_args!("must be a list of tables, such as {}", key.example));
            Vec::new()
        })
    }

    /// The value, or the default, in the shape that `take` wants.
    fn value<T>(&self, key: &Key, take: impl FnOnce(&Value) -> Option<T>) -> Option<T> {
        let Some(node) = self.node(key) else {
            return match key.need {
                Need::Required => {
                    self.missing(key);
                    None
                }
                Need::Optional => None,
                Need::Default(text) => convert(&key.shape, text, "").ok().as_ref().and_then(take),
            };
        };
        let taken = take(&node.value);
        if taken.is_none() {
            let found = node.value.kind();
            self.wrong(key, format_args!("{found} cannot stand here; write {}", sample(key)));
        }
        taken
    }

    fn node(&self, key: &Key) -> Option<&'t Node> {
        self.table?.get(key.name)
    }

    fn path_of(&self, key: &Key) -> String {
        format!("{}{}", self.path, key.name)
    }

    /// Notes that something is wrong at a place.
    pub(super) fn note(&self, origin: Origin, path: &str, what: impl Display) {
        let problem = Problem { origin, key: path.to_owned(), what: what.to_string() };
        self.problems.borrow_mut().push(problem);
    }
}

/// How to write the key.
fn sample(key: &Key) -> String {
    let limits = match key.shape {
        Shape::Texts => format!(" (at most {ITEMS_MAX} texts)"),
        Shape::Text => format!(" (at most {TEXT_CHARS_MAX} characters)"),
        _ => String::new(),
    };
    format!("{} = {}{limits}", key.name, key.example)
}

fn texts_of(value: &Value) -> Option<Vec<(String, Origin)>> {
    let Value::List(items) = value else { return None };
    let texts = items.iter().map(|item| match &item.value {
        Value::Text(text) => Some((text.trim().to_owned(), item.origin.clone())),
        _ => None,
    });
    if items.len() <= ITEMS_MAX { texts.collect() } else { None }
}

fn languages_of(value: &Value) -> Option<Vec<(String, String, Origin)>> {
    let Value::Table(table) = value else { return None };
    table
        .iter()
        .map(|(name, node)| match &node.value {
            Value::Text(text)
                if !text.trim().is_empty() && text.chars().count() <= TEXT_CHARS_MAX =>
            {
                Some((name.clone(), text.trim().to_owned(), node.origin.clone()))
            }
            _ => None,
        })
        .collect()
}
