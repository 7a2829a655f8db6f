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
    /// Whoever is signed in and may do one of these.
    Either(Right, Right),
    /// Whoever is signed in and may do this, after a fresh proof of who they are (step-up).
    Proved(Right),
}

use Right::{Approve, Export, See, Write};
use Rule::{Either, May, Open, PasswordGiven, Proved, SignedIn};

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
    (Method::GET, "/events", May(See)),
    // While it sends
    (Method::GET, "/campaigns/{id}/live", May(See)),
    (Method::GET, "/campaigns/{id}/events", May(See)),
    (Method::POST, "/campaigns/{id}/pause", Either(Write, Approve)),
    (Method::POST, "/campaigns/{id}/resume", Either(Write, Approve)),
    (Method::GET, "/campaigns/{id}/cancel", Either(Write, Approve)),
    (Method::POST, "/campaigns/{id}/cancel", Either(Write, Approve)),
    // Reports
    (Method::GET, "/reports", May(See)),
    (Method::GET, "/campaigns/{id}/report", May(See)),
    (Method::GET, "/campaigns/{id}/report.csv", May(See)),
    (Method::GET, "/campaigns/{id}/report.xlsx", May(See)),
    (Method::GET, "/campaigns/{id}/people", May(See)),
    (Method::GET, "/campaigns/{id}/people.csv", Proved(Export)),
    (Method::GET, "/campaigns/{id}/left", May(See)),
];

/// The rule of a route; `HEAD` is asked like `GET`. `None`: nobody may.
pub(super) fn find(method: &Method, path: &str) -> Option<Rule> {
    static BY_ROUTE: LazyLock<HashMap<(&Method, &str), Rule>> = LazyLock::new(|| {
        TABLE.iter().map(|(method, path, rule)| ((method, *path), *rule)).collect()
    });
    let method = if method == Method::HEAD { &Method::GET } else { method };
    BY_ROUTE.get(&(method, path)).copied()
}
