//! What may not stand in the project's texts.

use super::{Finding, source};

/// First words of an SQL statement, each with one that follows it somewhere.
const STATEMENTS: [(&str, &str); 9] = [
    ("SELECT", "FROM"),
    ("INSERT", "INTO"),
    ("UPDATE", "SET"),
    ("DELETE", "FROM"),
    ("CREATE", "TABLE"),
    ("ALTER", "TABLE"),
    ("DROP", "TABLE"),
    ("WITH", "SELECT"),
    ("PRAGMA", "PRAGMA"),
];
/// Words of work that was put off; in pieces, so that this file does not hold them.
const PUT_OFF: [&str; 5] = [
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X"),
    concat!("to", "do!"),
    concat!("unimpl", "emented!"),
];
/// Beginnings of paths that exist on one machine only, in pieces likewise.
const MACHINE_PATHS: [&str; 4] =
    [concat!("/ho", "me/"), concat!("/ro", "ot/"), concat!("/Us", "ers/"), concat!("/wo", "rk/")];
/// Waiting for time to pass, which makes tests slow and flaky.
const SLEEPS: [&str; 2] = [concat!("sle", "ep("), concat!("sleep", "_until(")];

/// SQL in a string outside `src/store`.
pub(super) fn sql(path: &str, text: &str) -> Vec<Finding> {
    if path.starts_with("src/store/") || !path.starts_with("src/") {
        return Vec::new();
    }
    let literals = source::read(text).literals;
    let statements = literals.iter().filter(|(_, literal)| is_sql(literal));
    statements
        .map(|(line, _)| Finding::new(path, *line, "SQL stands in src/store only: move it there"))
        .collect()
}

fn is_sql(literal: &str) -> bool {
    let words: Vec<_> = literal.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
    let Some(first) = words.iter().find(|word| !word.is_empty()) else { return false };
    // In capitals only: "delete the column from the file" is English.
    STATEMENTS.iter().any(|(begin, then)| first == begin && words.contains(then))
}

/// An exception from a lint without a reason that the compiler checks.
pub(super) fn allowances(path: &str, text: &str) -> Vec<Finding> {
    let what =
        "write #[expect(…, reason = \"…\")]: it says why and complains when it is not needed";
    lines_with(
        path,
        &source::read(text).code,
        |line| line.contains(concat!("#[al", "low")) || line.contains(concat!("#![al", "low")),
        what,
    )
}

/// Work that was put off.
pub(super) fn put_off(path: &str, text: &str) -> Vec<Finding> {
    let what = "do it now, or open an issue and leave no mark";
    lines_with(path, text, |line| PUT_OFF.iter().any(|word| has_word(line, word)), what)
}

/// Paths of one machine.
pub(super) fn machine_paths(path: &str, text: &str) -> Vec<Finding> {
    let what = "this path exists on one machine only: make it relative, or ask for it";
    lines_with(path, text, |line| MACHINE_PATHS.iter().any(|start| line.contains(start)), what)
}

/// Tests that wait for time to pass.
pub(super) fn sleeps(path: &str, text: &str) -> Vec<Finding> {
    let what = "wait for a signal or move a fake clock; a test that sleeps is slow or wrong";
    let code = source::read(text).code;
    let tests_start = if path.starts_with("tests/") { Some(0) } else { code.find("#[cfg(test)]") };
    let Some(start) = tests_start else { return Vec::new() };
    let skipped = code[..start].matches('\n').count();
    lines_with(path, &code[start..], |line| SLEEPS.iter().any(|call| has_word(line, call)), what)
        .into_iter()
        .map(|finding| Finding { line: finding.line + skipped, ..finding })
        .collect()
}

fn lines_with(path: &str, text: &str, is_bad: impl Fn(&str) -> bool, what: &str) -> Vec<Finding> {
    let lines = text.lines().zip(1..).filter(|(line, _)| is_bad(line));
    lines.map(|(_, number)| Finding::new(path, number, what)).collect()
}

fn has_word(line: &str, word: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let ends = word.ends_with(|c| !is_word(c)) || !line[at + word.len()..].starts_with(is_word);
        ends && !line[..at].ends_with(is_word)
    })
}

#[test]
fn sql_is_found_outside_the_store_and_english_is_not() {
    let query = "let q = \"SELECT id FROM contact\";";
    assert_eq!(sql("src/app/x.rs", &format!("\n{query}"))[0].line, 2);
    assert_eq!(sql("src/app/x.rs", "q(\"DELETE FROM contact\")").len(), 1);
    assert_eq!(sql("src/app/x.rs", "q(r#\"\n  UPDATE contact SET x = 1\"#)").len(), 1);
    assert_eq!(sql("src/store/x.rs", query), []);
    assert_eq!(sql("src/mail/x.rs", "send(\"MAIL FROM:<a@b.kz>\")"), []);
    assert_eq!(sql("src/cli/x.rs", "say(\"select one from the list\") // SELECT 1 FROM x"), []);
}

#[test]
fn what_was_put_off_is_found() {
    for word in PUT_OFF {
        assert_eq!(put_off("src/x.rs", &format!("a\n// {word} b"))[0].line, 2, "{word}");
    }
    assert_eq!(put_off("scripts/x", &format!("mktemp /tmp/a.{}", "X".repeat(6))), []);
}

#[test]
fn allowances_are_found_in_code_only() {
    let attribute = concat!("#[al", "low(dead_code)]");
    assert_eq!(allowances("src/x.rs", attribute).len(), 1);
    assert_eq!(allowances("src/x.rs", &format!("// {attribute}\nlet a = \"{attribute}\";")), []);
}

#[test]
fn machine_paths_are_found() {
    for start in MACHINE_PATHS {
        assert_eq!(machine_paths("docs/x.md", &format!("see {start}me")).len(), 1, "{start}");
    }
    assert_eq!(machine_paths("docs/x.md", "see /etc/kelisim and /var/lib/kelisim"), []);
}

#[test]
fn sleeping_is_found_in_tests_only() {
    let nap = format!("tokio::time::{}x)", SLEEPS[0]);
    assert_eq!(sleeps("tests/engine/x.rs", &nap).len(), 1);
    assert_eq!(sleeps("src/engine/x.rs", &nap), []);
    assert_eq!(
        sleeps("src/engine/x.rs", &format!("a\n#[cfg(test)]\nmod t {{ {nap} }}"))[0].line,
        3
    );
}
