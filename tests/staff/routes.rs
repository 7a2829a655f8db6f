//! Every route × every role gives what the table of rules says, signed out too.

use kelisim::{
    app::staff::users::{self, By},
    domain::language::Language,
    domain::staff::{Role, SessionState},
    web::{Rule, staff_rules},
};
use reqwest::StatusCode;

use crate::{
    desk::{Colleague, Desk, location},
    support::database::on_both,
};

on_both!(
    every_route_keeps_to_the_table,
    the_code_opens_nothing_before_it_is_given,
    every_page_is_there_in_every_language,
);

/// A path that fits a route; nothing stands behind the ids.
fn path(route: &str) -> String {
    let parts = route.split('/').map(|part| match part {
        _ if part.starts_with("{*") => "x",
        _ if part.starts_with('{') => "01900000-0000-7000-8000-0000000000ff",
        part => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

async fn asks(
    desk: &Desk,
    colleague: Option<&Colleague<'_>>,
    method: &str,
    path: &str,
) -> (StatusCode, String) {
    let request = match (colleague, method) {
        (Some(colleague), "GET") => colleague.get(path),
        (Some(colleague), _) => colleague.post(path),
        (None, "GET") => desk.get(path),
        (None, _) => desk.post(path),
    };
    let request = if method == "PUT" {
        desk.0.client.put(desk.0.url(path)).headers(request.build().unwrap().headers().clone())
    } else {
        request
    };
    let answer = request.send().await.unwrap();
    (answer.status(), location(&answer))
}

async fn every_route_keeps_to_the_table(desk: Desk) {
    for role in Role::ALL {
        let colleague = desk.signed_in(&[*role]).await;
        for (method, route, rule) in staff_rules() {
            // It ends the session.
            if *route == "/sign-out" {
                continue;
            }
            let (status, to) = asks(&desk, Some(&colleague), method.as_str(), &path(route)).await;
            let refused = status == StatusCode::FORBIDDEN;
            let may = match rule {
                Rule::Open | Rule::PasswordGiven | Rule::SignedIn => true,
                Rule::May(right) | Rule::Proved(right) => role.rights().contains(right),
                Rule::MayEither(one, other) => {
                    role.rights().contains(one) || role.rights().contains(other)
                }
            };
            assert_eq!(refused, !may, "{method} {route} as {role}: {status} {to}");
            assert!(!to.starts_with("/sign-in"), "{method} {route} as {role}: {to}");
        }
    }
    for (method, route, rule) in staff_rules() {
        let (status, to) = asks(&desk, None, method.as_str(), &path(route)).await;
        let refused = status == StatusCode::UNAUTHORIZED || to.starts_with("/sign-in");
        let is_open = *rule == Rule::Open;
        assert!(
            refused != is_open || to.starts_with("/sign-in?said"),
            "{method} {route} signed out: {status} {to}"
        );
    }
}

async fn the_code_opens_nothing_before_it_is_given(desk: Desk) {
    let user = desk.a_user(Role::ALL).await;
    let half = desk.session_of(user, SessionState::CodeDue).await;
    for (method, route, rule) in staff_rules() {
        if matches!(rule, Rule::Open | Rule::PasswordGiven) {
            continue;
        }
        let (_, to) = asks(&desk, Some(&half), method.as_str(), &path(route)).await;
        assert!(to.starts_with("/sign-in/code"), "{method} {route}: {to}");
    }
}

async fn every_page_is_there_in_every_language(desk: Desk) {
    for language in [Language::KK, Language::RU, Language::EN] {
        let mut colleague = desk.signed_in(Role::ALL).await;
        colleague.user.language = language;
        users::change(&desk.0.app, &colleague.user, By::Operator).await.unwrap();
        let pages = staff_rules().iter().filter(|(method, route, rule)| {
            method == "GET"
                && !route.contains('{')
                // A stream: it has no end.
                && *route != "/events"
                && !matches!(rule, Rule::Open | Rule::PasswordGiven)
        });
        for (_, route, _) in pages {
            let page = colleague.page(route).await;
            assert!(page.contains(&format!("<html lang=\"{language}\">")), "{route}");
            assert!(page.len() < 150_000, "{route} weighs {} octets", page.len());
        }
    }
}
