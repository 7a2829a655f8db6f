//! What files, manifests and translations must look like.

use std::collections::{BTreeMap, BTreeSet};

use super::Finding;

/// Lines of a source file; the models that we follow stay near 100 to 200.
const LINES_MAX: usize = 400;
const LANGUAGES: [&str; 3] = ["kk", "ru", "en"];

/// A file that has grown too long.
pub(super) fn length(path: &str, text: &str) -> Vec<Finding> {
    let lines = text.lines().count();
    let what = format!("{lines} lines, at most {LINES_MAX}: give a part of it a file of its own");
    if lines > LINES_MAX { vec![Finding::new(path, LINES_MAX + 1, what)] } else { Vec::new() }
}

/// A module that does not say what it is.
pub(super) fn module_docs(path: &str, text: &str) -> Vec<Finding> {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let is_beside_its_module = path.starts_with("src/") && path.ends_with("/tests.rs");
    if first.starts_with("//! ") || is_beside_its_module {
        return Vec::new();
    }
    vec![Finding::new(path, 1, "begin with //! and say in a sentence what this module is")]
}

/// Dependencies without a reason.
pub(super) fn dependencies(path: &str, text: &str) -> Vec<Finding> {
    let mut is_inside = false;
    let mut findings = Vec::new();
    for (line, number) in text.lines().zip(1..) {
        if line.starts_with('[') {
            is_inside = line.ends_with("dependencies]");
        } else if is_inside && line.contains(" = ") && !line.starts_with('#') {
            let reason = line.rsplit_once(" # ").map_or("", |(_, reason)| reason.trim());
            if reason.is_empty() || reason.contains('"') && reason.ends_with(']') {
                let what = "say why it is needed: end the line with # and one reason";
                findings.push(Finding::new(path, number, what));
            }
        }
    }
    findings
}

/// Migrations that one database has and the other lacks.
pub(super) fn migrations<'a>(paths: impl Iterator<Item = &'a str>) -> Vec<Finding> {
    let mut databases: BTreeMap<&str, BTreeSet<&str>> =
        BTreeMap::from([("sqlite", BTreeSet::new()), ("postgres", BTreeSet::new())]);
    for path in paths {
        if let Some((database, name)) =
            path.strip_prefix("migrations/").and_then(|inside| inside.split_once('/'))
        {
            databases.entry(database).or_default().insert(name);
        }
    }
    differences(&databases, |database, name| {
        let what = "the other database has this migration: write it here too";
        Finding::new(&format!("migrations/{database}/{name}"), 1, what)
    })
}

/// Texts that one language has and another lacks.
pub(super) fn translations<'a>(files: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<Finding> {
    let mut languages: BTreeMap<&str, BTreeSet<String>> =
        LANGUAGES.map(|language| (language, BTreeSet::new())).into();
    for (path, text) in files {
        if let Some((language, file)) =
            path.strip_prefix("assets/locales/").and_then(|inside| inside.split_once('/'))
        {
            let keys = message_keys(text).into_iter().map(|key| format!("{file}: {key}"));
            languages.entry(language).or_default().extend(keys);
        }
    }
    differences(&languages, |language, key| {
        let (file, key) = key.split_once(": ").unwrap_or(("", key));
        let what = format!("{key} stands in another language: translate it here too");
        Finding::new(&format!("assets/locales/{language}/{file}"), 1, what)
    })
}

/// Message and attribute names of a Fluent file.
fn message_keys(text: &str) -> Vec<String> {
    let mut message = "";
    let mut keys = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let Some((name, _)) = line.split_once('=') else { continue };
        let name = name.trim_end();
        let is_name = |text: &str| {
            !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
        };
        if is_name(name) {
            message = name;
            keys.push(name.to_owned());
        } else if let Some(attribute) = name.trim_start().strip_prefix('.').filter(|n| is_name(n)) {
            keys.push(format!("{message}.{attribute}"));
        }
    }
    keys
}

/// One finding for each item that some set has and another lacks.
fn differences<'a, T: Ord + std::borrow::Borrow<str> + 'a>(
    sets: &'a BTreeMap<&'a str, BTreeSet<T>>,
    finding: impl Fn(&str, &str) -> Finding,
) -> Vec<Finding> {
    let all: BTreeSet<_> = sets.values().flatten().collect();
    let mut findings = Vec::new();
    for (name, set) in sets {
        let lacking = all.iter().filter(|item| !set.contains::<T>(item));
        findings.extend(lacking.map(|item| finding(name, (**item).borrow())));
    }
    findings
}

#[test]
fn long_files_are_found() {
    assert_eq!(length("src/x.rs", &"a\n".repeat(400)), []);
    assert_eq!(length("src/x.rs", &"a\n".repeat(401)).len(), 1);
}

#[test]
fn modules_without_a_sentence_are_found() {
    assert_eq!(module_docs("src/x.rs", "//! What it is.\n"), []);
    assert_eq!(module_docs("src/x.rs", "// a note\nuse x;\n").len(), 1);
    assert_eq!(module_docs("src/x.rs", "").len(), 1);
    assert_eq!(module_docs("src/x/tests.rs", "use super::*;\n"), []);
}

#[test]
fn dependencies_without_a_reason_are_found() {
    let text = "[package]\nname = \"x\"\n[dependencies]\na = \"1\" # why\nb = \"1\"\n# --- part\n\
                [dev-dependencies]\nc = { version = \"1\" }\n[lints.rust]\nd = \"deny\"\n";
    let lines: Vec<_> = dependencies("Cargo.toml", text).iter().map(|found| found.line).collect();
    assert_eq!(lines, [5, 8]);
}

#[test]
fn a_migration_for_one_database_only_is_found() {
    let paths =
        ["migrations/sqlite/1_a.sql", "migrations/postgres/1_a.sql", "migrations/sqlite/2_b.sql"];
    let found = migrations(paths.into_iter());
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].path, "migrations/postgres/2_b.sql");
    assert_eq!(migrations(paths.into_iter().take(2)), []);
}

#[test]
fn a_text_that_lacks_in_one_language_is_found() {
    let kk = "# note\na = A\nb = B\n    .title = T\n    continued = x\n";
    let files = [
        ("assets/locales/kk/mail.ftl", kk),
        ("assets/locales/ru/mail.ftl", kk),
        ("assets/locales/en/mail.ftl", "a = A\nb = B\n"),
    ];
    let found = translations(files.into_iter());
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].path == "assets/locales/en/mail.ftl" && found[0].what.contains("b.title"));
}
