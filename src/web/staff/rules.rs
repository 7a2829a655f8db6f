//! Who may come where: one table. What is not in it is refused.

use std::{collections::HashMap, sync::LazyLock};

use axum::http::Method;

use crate::domain::staff::Right;

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Anybody.
    Open,
    /// Whoever has given the password, even if the code is still due.
    PasswordGiven,
    /// Whoever is signed in.
    SignedIn,
    /// Whoever is signed in and may do this.
    May(Right),
    /// The same, after a fresh proof of who they are (step-up).
    Proved(Right),
}

use Right::{EditPeople, Erase, Export, See, SeePeople, Write};
use Rule::{May, Open, PasswordGiven, Proved, SignedIn};

/// Method, path as it stands in the router, rule.
pub(super) const TABLE: &[(Method, &str, Rule)] = &[
    // Signing in
    (Method::GET, "/sign-in", Open),
    (Method::POST, "/sign-in", Open),
    (Method::GET, "/sign-in/code", PasswordGiven),
    (Method::POST, "/sign-in/code", PasswordGiven),
    (Method::GET, "/welcome", Open),
    (Method::POST, "/welcome", Open),
    (Method::POST, "/sign-out", PasswordGiven),
    (Method::GET, "/prove", SignedIn),
    (Method::POST, "/prove", SignedIn),
    // One's own account
    (Method::GET, "/account", SignedIn),
    (Method::POST, "/account", SignedIn),
    // Home
    (Method::GET, "/", May(See)),
    // Contacts
    (Method::GET, "/contacts", May(SeePeople)),
    (Method::GET, "/contacts/new", May(EditPeople)),
    (Method::POST, "/contacts/new", May(EditPeople)),
    (Method::GET, "/contacts/export", Proved(Export)),
    (Method::POST, "/contacts/export", Proved(Export)),
    (Method::GET, "/contacts/{id}", May(SeePeople)),
    (Method::GET, "/contacts/{id}/edit", May(EditPeople)),
    (Method::POST, "/contacts/{id}/edit", May(EditPeople)),
    (Method::POST, "/contacts/{id}/block", May(EditPeople)),
    (Method::POST, "/contacts/{id}/unblock", May(EditPeople)),
    (Method::POST, "/contacts/{id}/withdraw", May(EditPeople)),
    (Method::POST, "/contacts/{id}/notes", May(EditPeople)),
    (Method::POST, "/contacts/{id}/notes/{note}/delete", May(EditPeople)),
    (Method::GET, "/contacts/{id}/consent", May(EditPeople)),
    (Method::POST, "/contacts/{id}/consent", May(EditPeople)),
    (Method::GET, "/contacts/{id}/erase", Proved(Erase)),
    (Method::POST, "/contacts/{id}/erase", Proved(Erase)),
    // Imports
    (Method::GET, "/imports", May(EditPeople)),
    (Method::GET, "/imports/new", May(EditPeople)),
    (Method::POST, "/imports/new", May(EditPeople)),
    (Method::GET, "/imports/{id}", May(EditPeople)),
    (Method::POST, "/imports/{id}/check", May(EditPeople)),
    (Method::POST, "/imports/{id}/confirm", May(EditPeople)),
    (Method::POST, "/imports/{id}/cancel", May(EditPeople)),
    (Method::GET, "/imports/{id}/live", May(EditPeople)),
    (Method::GET, "/imports/{id}/rejects", May(EditPeople)),
    // Segments
    (Method::GET, "/segments", May(SeePeople)),
    (Method::POST, "/segments/count", May(SeePeople)),
    (Method::GET, "/segments/new", May(Write)),
    (Method::POST, "/segments/new", May(Write)),
    (Method::GET, "/segments/{id}", May(SeePeople)),
    (Method::POST, "/segments/{id}", May(Write)),
    (Method::POST, "/segments/{id}/delete", May(Write)),
];

/// The rule of a route; `HEAD` is asked like `GET`. `None`: nobody may.
pub(super) fn find(method: &Method, path: &str) -> Option<Rule> {
    static BY_ROUTE: LazyLock<HashMap<(&Method, &str), Rule>> = LazyLock::new(|| {
        TABLE.iter().map(|(method, path, rule)| ((method, *path), *rule)).collect()
    });
    let method = if method == Method::HEAD { &Method::GET } else { method };
    BY_ROUTE.get(&(method, path)).copied()
}
