//! In which language a page speaks.

use axum::{
    extract::{FromRequestParts, Query},
    http::{header, request::Parts},
};
use serde::Deserialize;

use crate::domain::{institution::Institution, language::Language};

use super::words::SPOKEN;

/// What a request says of the reader's language.
#[derive(Debug, Clone, Default)]
pub(super) struct Wanted {
    /// Chosen on the page: `?lang=`.
    chosen: Option<Language>,
    /// What the browser accepts, best first.
    accepted: Vec<Language>,
}

#[derive(Deserialize)]
struct Choice {
    lang: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Wanted {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let chosen = Query::<Choice>::from_request_parts(parts, state)
            .await
            .ok()
            .and_then(|Query(choice)| choice.lang?.parse().ok());
        let accepted = parts
            .headers
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok())
            .map(accepted)
            .unwrap_or_default();
        Ok(Self { chosen, accepted })
    }
}

impl Wanted {
    /// The page's language: the one chosen, else the one the person gets mail in, else what the
    /// browser accepts, else the institution's first.
    pub(super) fn pick(&self, institution: &Institution, of_person: Option<Language>) -> Language {
        let offered = offered(institution);
        self.chosen
            .into_iter()
            .chain(of_person)
            .chain(self.accepted.iter().copied())
            .find(|one| offered.contains(one))
            .or_else(|| offered.first().copied())
            .unwrap_or(Language::KK)
    }

    /// The languages of a page that speaks all of them, the reader's first.
    pub(super) fn order(&self, institution: &Institution) -> Vec<Language> {
        let first = self.pick(institution, None);
        let mut languages = offered(institution);
        languages.sort_by_key(|one| *one != first);
        languages
    }
}

/// The institution's languages that pages speak, in its order.
pub(super) fn offered(institution: &Institution) -> Vec<Language> {
    institution.languages.iter().copied().filter(|one| SPOKEN.contains(one)).collect()
}

/// Reads `Accept-Language` (RFC 9110, section 12.5.4): best first, refused ones left out.
fn accepted(header: &str) -> Vec<Language> {
    let mut ranked: Vec<(f32, Language)> = header
        .split(',')
        .filter_map(|part| {
            let (tag, weight) = part.split_once(";q=").unwrap_or((part, "1"));
            let weight: f32 = weight.trim().parse().ok()?;
            Some((weight, tag.trim().parse().ok()?)).filter(|(weight, _)| *weight > 0.0)
        })
        .collect();
    ranked.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    ranked.into_iter().map(|(_, language)| language).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accept_language_is_read_by_weight() {
        assert_eq!(accepted("ru-RU;q=0.8, en;q=0.9,kk;q=0, *;q=0.1"), [Language::EN, Language::RU]);
        assert_eq!(accepted(""), []);
        assert_eq!(accepted(";;;,,q=,en;q=x"), []);
    }
}
