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
    MayEither(Right, Right),
    /// The same as [`Rule::May`], after a fresh proof of who they are (step-up).
    Proved(Right),
}

use Right::{Approve, Audit, EditPeople, Erase, Export, See, SeePeople, Settings, Users, Write};
use Rule::{May, MayEither, Open, PasswordGiven, Proved, SignedIn};

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
    (Method::POST, "/account/password", SignedIn),
    (Method::GET, "/account/second-factor", Proved(See)),
    (Method::POST, "/account/second-factor", Proved(See)),
    (Method::POST, "/account/second-factor/remove", Proved(See)),
    (Method::POST, "/account/sessions/{id}/end", SignedIn),
    (Method::POST, "/account/sessions/end-others", SignedIn),
    // Settings
    (Method::GET, "/settings", May(See)),
    (Method::GET, "/settings/users", May(Users)),
    (Method::POST, "/settings/users", Proved(Users)),
    (Method::GET, "/settings/users/{id}", May(Users)),
    (Method::POST, "/settings/users/{id}", Proved(Users)),
    (Method::POST, "/settings/users/{id}/link", Proved(Users)),
    (Method::POST, "/settings/users/{id}/second-factor/remove", Proved(Users)),
    (Method::GET, "/settings/tokens", May(Settings)),
    (Method::POST, "/settings/tokens", Proved(Settings)),
    (Method::POST, "/settings/tokens/{id}/revoke", Proved(Settings)),
    (Method::GET, "/settings/partners", May(See)),
    (Method::POST, "/settings/partners", May(Settings)),
    (Method::GET, "/settings/policy", May(See)),
    (Method::POST, "/settings/policy", Proved(Settings)),
    (Method::GET, "/settings/domains", May(Settings)),
    (Method::GET, "/settings/domains/{domain}", May(Settings)),
    (Method::GET, "/settings/relays", May(Settings)),
    (Method::POST, "/settings/relays/{name}/test", May(Settings)),
    (Method::GET, "/settings/log", May(Audit)),
    // Home
    (Method::GET, "/", May(See)),
    (Method::GET, "/events", May(See)),
    // Campaigns. Whoever writes them starts them, once somebody else has approved; the start can be
    // taken back by both.
    (Method::GET, "/campaigns", May(See)),
    (Method::GET, "/campaigns/new", May(Write)),
    (Method::POST, "/campaigns/new", May(Write)),
    (Method::GET, "/campaigns/{id}", May(See)),
    (Method::POST, "/campaigns/{id}/copy", May(Write)),
    (Method::GET, "/campaigns/{id}/about", May(See)),
    (Method::POST, "/campaigns/{id}/about", May(Write)),
    (Method::GET, "/campaigns/{id}/funnel", May(SeePeople)),
    (Method::GET, "/campaigns/{id}/preview", May(See)),
    (Method::GET, "/campaigns/{id}/preview/mail", May(See)),
    (Method::POST, "/campaigns/{id}/test", MayEither(Write, Approve)),
    (Method::GET, "/campaigns/{id}/when", May(See)),
    (Method::POST, "/campaigns/{id}/when", May(Write)),
    (Method::GET, "/campaigns/{id}/check", May(See)),
    (Method::GET, "/campaigns/{id}/draft", May(See)),
    (Method::POST, "/campaigns/{id}/draft", May(Write)),
    (Method::POST, "/campaigns/{id}/fork", May(Write)),
    (Method::POST, "/campaigns/{id}/submit", May(Write)),
    (Method::POST, "/campaigns/{id}/reopen", May(Write)),
    (Method::POST, "/campaigns/{id}/send-back", May(Approve)),
    (Method::POST, "/campaigns/{id}/approve", May(Approve)),
    (Method::POST, "/campaigns/{id}/comment", MayEither(Write, Approve)),
    (Method::GET, "/campaigns/{id}/start", Proved(Write)),
    (Method::POST, "/campaigns/{id}/start", Proved(Write)),
    (Method::POST, "/campaigns/{id}/undo", MayEither(Write, Approve)),
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
    // Pictures and letters
    (Method::GET, "/media", May(See)),
    (Method::POST, "/media", May(Write)),
    (Method::GET, "/media/{id}", May(See)),
    (Method::POST, "/media/{id}", May(Write)),
    (Method::POST, "/media/{id}/delete", May(Write)),
    (Method::GET, "/letters", May(See)),
    (Method::GET, "/letters/{key}", May(See)),
    (Method::GET, "/letters/{key}/look", May(See)),
    (Method::POST, "/letters/preview", May(See)),
    // While it sends
    (Method::GET, "/campaigns/{id}/live", May(See)),
    (Method::GET, "/campaigns/{id}/events", May(See)),
    (Method::POST, "/campaigns/{id}/pause", MayEither(Write, Approve)),
    (Method::POST, "/campaigns/{id}/resume", MayEither(Write, Approve)),
    (Method::GET, "/campaigns/{id}/cancel", MayEither(Write, Approve)),
    (Method::POST, "/campaigns/{id}/cancel", MayEither(Write, Approve)),
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
