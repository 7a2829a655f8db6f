//! Each floor knows only those below it.

use super::{Finding, source};

/// A floor and what it may name of the crate. `cli` and the root may name everything.
const FLOORS: [(&str, &[&str]); 9] = [
    ("domain", &[]),
    ("store", &["domain"]),
    ("mail", &["domain"]),
    ("app", &["store", "mail", "domain"]),
    ("engine", &["app", "store", "mail", "domain"]),
    ("web", &["app", "store", "mail", "domain"]),
    ("telemetry", &[]),
    ("config", &["mail", "domain", "telemetry"]),
    ("cli", &["config", "telemetry", "web", "engine", "app", "store", "mail", "domain"]),
];

/// Names that belong to some floors only, and why.
const FOREIGN: [(&str, &[&str], &str); 7] = [
    ("sqlx", &["store"], "the database is store's"),
    ("axum", &["web", "cli"], "HTTP is web's"),
    ("lettre", &["mail"], "the SMTP dialogue is mail's"),
    ("clap", &["cli"], "arguments are cli's"),
    ("std::env", &["cli"], "the environment is handed in by cli"),
    ("tokio", &["store", "mail", "app", "engine", "web", "cli"], "domain is not async"),
    ("std::fs", &["config", "mail", "app", "engine", "web", "cli"], "domain does no I/O"),
];

/// What a file of `src` may not name.
pub(super) fn check(path: &str, text: &str) -> Vec<Finding> {
    let Some(floor) = floor_of(path) else { return Vec::new() };
    let Some((_, allowed)) = FLOORS.iter().find(|(name, _)| *name == floor) else {
        let what = format!("{floor} is no floor of the house: put it into one of them");
        return vec![Finding::new(path, 1, what)];
    };
    let code = source::read(text).code;
    let named = mentions(path, &code).into_iter().filter_map(|(line, name)| {
        let is_floor = FLOORS.iter().any(|(other, _)| *other == name);
        let is_wrong = is_floor && name != floor && !allowed.contains(&name.as_str());
        is_wrong.then(|| {
            let below = if allowed.is_empty() { "nothing".into() } else { allowed.join(", ") };
            let what = format!("{floor} may not know {name} (it may know {below}): turn it round");
            Finding::new(path, line, what)
        })
    });
    let foreign = code.lines().zip(1..).flat_map(|(content, line)| {
        FOREIGN.iter().filter_map(move |(name, floors, why)| {
            let is_wrong = !floors.contains(&floor) && has_path(content, name);
            is_wrong.then(|| Finding::new(path, line, format!("{floor} names {name}, but {why}")))
        })
    });
    named.chain(foreign).collect()
}

fn floor_of(path: &str) -> Option<&str> {
    let inside = path.strip_prefix("src/")?;
    let floor = inside.split('/').next()?.trim_end_matches(".rs");
    (!matches!(floor, "lib" | "main")).then_some(floor)
}

/// Names directly under the crate's root, with their lines: `crate::x`, `crate::{x, y::z}`,
/// `kelisim::x`, and `super::x` where it climbs that high.
fn mentions(path: &str, code: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut nesting = Nesting::default();
    for (at, octet) in code.bytes().enumerate() {
        nesting.step(code, at);
        if !matches!(octet, b'c' | b'k' | b's') || is_in_word(code, at) {
            continue;
        }
        if let Some(tail) = root_tail(&code[at..], depth_of(path) + nesting.modules()) {
            let line = code[..at].matches('\n').count() + 1;
            found.extend(first_names(tail).into_iter().map(|name| (line, name)));
        }
    }
    found
}

/// What follows `crate::`, `kelisim::`, or as many `super::` as lead from `depth` to the root.
fn root_tail(rest: &str, depth: usize) -> Option<&str> {
    if let Some(tail) = rest.strip_prefix("crate::").or_else(|| rest.strip_prefix("kelisim::")) {
        return Some(tail);
    }
    let mut tail = rest.strip_prefix("super::")?;
    for _ in 1..depth {
        tail = tail.strip_prefix("super::")?;
    }
    Some(tail)
}

/// How many modules a file is below the root.
fn depth_of(path: &str) -> usize {
    let inside = path.trim_start_matches("src/").trim_end_matches(".rs");
    inside.split('/').filter(|part| *part != "mod").count()
}

/// Open braces, each the body of an inline module or not.
#[derive(Default)]
struct Nesting(Vec<bool>);

impl Nesting {
    fn step(&mut self, code: &str, at: usize) {
        match code.as_bytes()[at] {
            b'{' => {
                let before = code[..at].trim_end();
                let name_len = before.len() - before.trim_end_matches(is_word).len();
                let before_name = before[..before.len() - name_len].trim_end();
                self.0.push(name_len > 0 && before_name.ends_with("mod"));
            }
            b'}' => drop(self.0.pop()),
            _ => {}
        }
    }

    fn modules(&self) -> usize {
        self.0.iter().filter(|is_module| **is_module).count()
    }
}

/// The first names of a path or of a group of paths.
fn first_names(tail: &str) -> Vec<String> {
    let word = |text: &str| text.chars().take_while(|c| is_word(*c)).collect::<String>();
    let Some(group) = tail.strip_prefix('{') else { return vec![word(tail)] };
    let (mut depth, mut names, mut is_start) = (0_usize, Vec::new(), true);
    for (at, c) in group.char_indices() {
        match c {
            '}' if depth == 0 => break,
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => is_start = true,
            _ if is_start && is_word(c) => {
                names.push(word(&group[at..]));
                is_start = false;
            }
            _ => {}
        }
    }
    names
}

/// Whether the path occurs, as whole names, in a line of code.
fn has_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let after = &line[at + path.len()..];
        let follows = after.starts_with("::") || after.starts_with(';') && line.contains("use ");
        follows && !is_in_word(line, at) && !line[..at].ends_with("::")
    })
}

fn is_in_word(text: &str, at: usize) -> bool {
    text[..at].ends_with(is_word)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[test]
fn a_floor_that_names_one_above_is_found_however_it_is_written() {
    let bad = [
        ("src/domain/gate.rs", "use crate::store::Conn;"),
        ("src/store/mod.rs", "use crate::{domain::id, mail};"),
        ("src/store/mod.rs", "use crate::{domain::{id, web}, app::x};"),
        ("src/mail/dkim/key.rs", "fn f() { super::super::super::store::x() }"),
        ("src/mail/mod.rs", "mod tests { use super::super::app; }"),
        ("src/app/start.rs", "use crate::engine::wake;"),
        ("src/web/api.rs", "use crate::engine::wake;"),
        ("src/engine/sender.rs", "use crate::config::Settings;"),
        ("src/telemetry.rs", "use super::domain::id;"),
        ("src/domain/pace.rs", "use tokio::time;"),
        ("src/domain/pace.rs", "fn f() { std::fs::read(x) }"),
        ("src/app/start.rs", "fn f() -> sqlx::Result<()> {}"),
        ("src/helpers.rs", "fn f() {}"),
    ];
    for (path, text) in bad {
        assert_eq!(check(path, text).len(), 1, "{path}: {text}");
    }
}

#[test]
fn a_floor_may_name_those_below_and_itself() {
    let good = [
        ("src/domain/gate.rs", "// crate::store\nuse crate::domain::id; let t = \"crate::web\";"),
        ("src/store/contact.rs", "use crate::domain::{id, web}; use super::{Conn, web};"),
        ("src/store/mod.rs", "mod tests { use super::*; }"),
        ("src/app/start.rs", "use crate::{domain, mail::compose, store};"),
        ("src/cli/serve.rs", "use crate::{config, engine, web}; use std::env::vars;"),
        ("src/lib.rs", "pub mod web;"),
        ("src/main.rs", "fn main() { kelisim::cli::run() }"),
    ];
    for (path, text) in good {
        assert_eq!(check(path, text), [], "{path}: {text}");
    }
}
