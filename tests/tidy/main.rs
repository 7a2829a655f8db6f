//! The house stays tidy: what no compiler checks. Each finding names the file, the line and the fix;
//! each check is tried on bad input beside it.

mod floors;
mod shape;
mod source;
mod words;

use std::{
    fmt, fs,
    path::{Path, PathBuf},
};

/// Something untidy.
#[derive(Debug, PartialEq, Eq)]
struct Finding {
    path: String,
    line: usize,
    what: String,
}

impl Finding {
    fn new(path: &str, line: usize, what: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, what: what.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.what)
    }
}

/// A file of the project: its path from the root, with slashes, and its text.
struct File {
    path: String,
    text: String,
}

/// Every text file of the project under `tops`.
fn files(tops: &[&str]) -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut left: Vec<PathBuf> = tops.iter().map(|top| root.join(top)).collect();
    let mut files = Vec::new();
    while let Some(path) = left.pop() {
        if path.is_dir() {
            left.extend(
                fs::read_dir(&path).expect("a folder").map(|entry| entry.expect("an entry").path()),
            );
        } else if let Ok(text) = fs::read_to_string(&path) {
            let path = path
                .strip_prefix(root)
                .expect("under the root")
                .to_string_lossy()
                .replace('\\', "/");
            files.push(File { path, text });
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// Everything that people wrote.
const EVERYTHING: [&str; 14] = [
    "src",
    "tests",
    "benches",
    "migrations",
    "templates",
    "assets",
    "docs",
    "scripts",
    ".ci",
    "Cargo.toml",
    "Dockerfile",
    "README.md",
    ".clippy.toml",
    "rustfmt.toml",
];

fn rust(tops: &[&str]) -> Vec<File> {
    let is_rust = |file: &File| Path::new(&file.path).extension().is_some_and(|end| end == "rs");
    let mut files = files(tops);
    files.retain(is_rust);
    assert!(!files.is_empty(), "no Rust file under {tops:?}");
    files
}

fn each(files: &[File], check: impl Fn(&str, &str) -> Vec<Finding>) -> Vec<Finding> {
    files.iter().flat_map(|file| check(&file.path, &file.text)).collect()
}

fn expect_none(findings: &[Finding]) {
    let list: Vec<_> = findings.iter().map(ToString::to_string).collect();
    assert!(list.is_empty(), "{} untidy:\n{}", list.len(), list.join("\n"));
}

#[test]
fn each_floor_knows_only_those_below() {
    expect_none(&each(&rust(&["src"]), floors::check));
}

#[test]
fn sql_stands_in_the_store_only() {
    expect_none(&each(&rust(&["src"]), words::sql));
}

#[test]
fn no_lint_is_allowed_away() {
    expect_none(&each(&rust(&["src", "tests", "benches"]), words::allowances));
}

#[test]
fn no_work_was_put_off() {
    expect_none(&each(&files(&EVERYTHING), words::put_off));
}

#[test]
fn no_path_of_one_machine_is_written_down() {
    expect_none(&each(&files(&EVERYTHING), words::machine_paths));
}

#[test]
fn no_test_sleeps() {
    expect_none(&each(&rust(&["src", "tests"]), words::sleeps));
}

#[test]
fn no_source_file_is_too_long() {
    expect_none(&each(&rust(&["src", "tests", "benches"]), shape::length));
}

#[test]
fn every_module_says_what_it_is() {
    expect_none(&each(&rust(&["src", "tests", "benches"]), shape::module_docs));
}

#[test]
fn every_dependency_has_a_reason() {
    expect_none(&each(&files(&["Cargo.toml"]), shape::dependencies));
}

#[test]
fn both_databases_have_the_same_migrations() {
    let files = files(&["migrations"]);
    assert!(!files.is_empty());
    expect_none(&shape::migrations(files.iter().map(|file| file.path.as_str())));
}

#[test]
fn every_text_stands_in_every_language() {
    let files = files(&["assets/locales"]);
    let texts = files.iter().map(|file| (file.path.as_str(), file.text.as_str()));
    expect_none(&shape::translations(texts));
}
