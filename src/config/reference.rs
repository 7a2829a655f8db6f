//! What people read about the keys is what the list says.

use std::{fmt::Write as _, fs};

use super::{
    key::{Need, Shape, leaves, variable_of},
    keys,
};

const EXAMPLE: &str = "assets/config/kelisim.example.toml";
const DOCUMENT: &str = "docs/configuration.md";

#[test]
fn the_example_names_every_key_and_shows_its_default() {
    let text = fs::read_to_string(EXAMPLE).unwrap();
    let lines: Vec<_> = text.lines().map(|line| line.trim_start_matches("# ")).collect();
    for (path, key) in leaves(keys::ALL) {
        let sets_it = format!("{} = ", key.name);
        let opens_it = [format!("[{path}]"), format!("[[{path}]]")];
        let values: Vec<_> = lines.iter().filter_map(|line| line.strip_prefix(&sets_it)).collect();
        let is_there =
            !values.is_empty() || lines.iter().any(|line| opens_it.contains(&(*line).into()));
        assert!(is_there, "{EXAMPLE}: add {path}");
        match key.need {
            Need::Required | Need::Optional | Need::Default("") => {}
            Need::Default(default) => assert!(
                values
                    .iter()
                    .any(|value| *value == key.example || value.trim_matches('"') == default),
                "{EXAMPLE}: {path} must show its default {default}"
            ),
        }
    }
}

/// The table of `docs/configuration.md`, from the list of keys.
fn reference() -> String {
    let mut table =
        String::from("| key | environment | default | what it is for |\n|---|---|---|---|\n");
    for (path, key) in leaves(keys::ALL) {
        let default = match key.need {
            Need::Required => "**required**".to_owned(),
            Need::Default("") | Need::Optional => "none".to_owned(),
            Need::Default(text) => format!("`{text}`"),
        };
        let variable = variable_of(&path);
        let bounds = match &key.shape {
            Shape::Number(range) => format!(" ({} to {})", range.start(), range.end()),
            _ => String::new(),
        };
        let about = key.about;
        writeln!(table, "| `{path}` | `{variable}` | {default}{bounds} | {about} |").unwrap();
    }
    table
}

#[test]
fn the_reference_lists_every_key() {
    let document = fs::read_to_string(DOCUMENT).unwrap();
    let table = reference();
    assert!(document.contains(&table), "{DOCUMENT}: the table of all keys must read\n\n{table}");
}
