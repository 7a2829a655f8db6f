//! What file and environment say before it means anything: values that know where they stand.

use std::{collections::BTreeMap, sync::Arc};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::problem::{Origin, Problem};

/// Values by key.
pub(super) type Table = BTreeMap<String, Node>;

/// A value and where it stands. Has no `Debug`: it may be a secret.
pub(super) struct Node {
    pub(super) origin: Origin,
    pub(super) value: Value,
}

/// A value as written.
pub(super) enum Value {
    Text(String),
    Number(i64),
    Flag(bool),
    List(Vec<Node>),
    Table(Table),
    /// A date, a fraction, a number beyond 64 bits: no key takes one.
    Other(&'static str),
}

impl Value {
    /// How a person calls such a value.
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Number(_) => "a number",
            Self::Flag(_) => "true or false",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
            Self::Other(kind) => kind,
        }
    }
}

/// Reads a TOML text; every error of syntax becomes a problem. The offending line is not shown: it
/// may hold a password.
pub(super) fn parse(text: &str, file: &str, problems: &mut Vec<Problem>) -> Table {
    let place = Place::File { name: file.into(), text };
    let (table, errors) = DeTable::parse_recoverable(text);
    problems.extend(errors.iter().map(|error| Problem {
        origin: place.at(error.span().map_or(0, |span| span.start)),
        key: String::new(),
        what: format!("this is not TOML: {}", error.message().replace('\n', ", ")),
    }));
    place.table(table.into_inner())
}

/// Reads one value, in TOML's notation, from an environment variable.
pub(super) fn parse_value(text: &str, variable: &str) -> Result<Value, String> {
    let value = DeValue::parse(text).map_err(|error| error.message().replace('\n', ", "))?;
    Ok(Place::Environment(variable).value(value.into_inner()))
}

/// Turns an offset into an origin.
enum Place<'a> {
    File { name: Arc<str>, text: &'a str },
    Environment(&'a str),
}

impl Place<'_> {
    fn at(&self, offset: usize) -> Origin {
        match self {
            Self::Environment(name) => Origin::Environment((*name).to_owned()),
            Self::File { name, text } => {
                let before = &text[..text.floor_char_boundary(offset)];
                let line_start = before.rfind('\n').map_or(0, |at| at + 1);
                Origin::File {
                    file: Arc::clone(name),
                    line: before.matches('\n').count() + 1,
                    column: before[line_start..].chars().count() + 1,
                }
            }
        }
    }

    fn table(&self, table: DeTable<'_>) -> Table {
        table
            .into_iter()
            .map(|(key, value)| {
                let origin = self.at(key.span().start);
                let value = self.value(value.into_inner());
                (key.into_inner().into_owned(), Node { origin, value })
            })
            .collect()
    }

    fn item(&self, item: Spanned<DeValue<'_>>) -> Node {
        Node { origin: self.at(item.span().start), value: self.value(item.into_inner()) }
    }

    fn value(&self, value: DeValue<'_>) -> Value {
        match value {
            DeValue::String(text) => Value::Text(text.into_owned()),
            DeValue::Boolean(flag) => Value::Flag(flag),
            DeValue::Integer(digits) => i64::from_str_radix(digits.as_str(), digits.radix())
                .map_or(Value::Other("a number beyond 64 bits"), Value::Number),
            DeValue::Float(_) => Value::Other("a fraction"),
            DeValue::Datetime(_) => Value::Other("a date"),
            DeValue::Array(items) => {
                Value::List(items.into_iter().map(|item| self.item(item)).collect())
            }
            DeValue::Table(table) => Value::Table(self.table(table)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(line: usize, column: usize) -> Origin {
        Origin::File { file: "k.toml".into(), line, column }
    }

    #[test]
    fn a_value_knows_its_line_and_column_in_characters() {
        let mut problems = Vec::new();
        let table = parse("a = 1\n['б']\nc = [ 'қ', true ]\n", "k.toml", &mut problems);
        assert!(problems.is_empty());
        assert_eq!(table["a"].origin, origin(1, 1));
        let Value::Table(inner) = &table["б"].value else { panic!("not a table") };
        let Value::List(items) = &inner["c"].value else { panic!("not a list") };
        assert_eq!(items[1].origin, origin(3, 12));
    }

    #[test]
    fn every_error_of_syntax_is_told_and_none_shows_the_line() {
        let mut problems = Vec::new();
        parse("password = geheim\nb = = 2\n", "k.toml", &mut problems);
        let mut lines: Vec<_> = problems.iter().map(|problem| problem.origin.clone()).collect();
        lines.sort();
        assert_eq!(lines[..2], [origin(1, 12), origin(2, 5)]);
        assert!(problems.iter().all(|p| !p.to_string().contains("geheim")));
    }
}
