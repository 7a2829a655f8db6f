//! What a reader looks for, as it stands in the page's address.

use serde::{Deserialize, Serialize};

use crate::{
    app::people::Wanted,
    domain::audience::{Audience, Clause},
    web::Problem,
};

/// The fields of the form above the list. All of them are texts, so that an empty one is none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Filter {
    pub(super) q: String,
    pub(super) language: String,
    pub(super) tag: String,
    pub(super) attribute: String,
    pub(super) value: String,
    /// `news` or `partner_offers:acme`.
    pub(super) purpose: String,
    pub(super) consent: String,
    pub(super) state: String,
    pub(super) blocked: String,
    pub(super) suppressed: String,
    pub(super) segment: String,
    pub(super) import: String,
    pub(super) after: String,
}

impl Filter {
    /// Whether anything but the text narrows the list.
    pub(super) fn is_set(&self) -> bool {
        let bare = Self { q: self.q.clone(), after: self.after.clone(), ..Self::default() };
        *self != bare
    }

    /// # Errors
    /// For a field that no form of ours sends: a filter that is not understood must not widen what
    /// is shown or exported.
    pub(super) fn wanted(&self) -> Result<Wanted, Problem> {
        Ok(Wanted {
            text: self.q.clone(),
            audience: self.audience()?,
            after: read("after", &self.after)?,
        })
    }

    pub(super) fn audience(&self) -> Result<Audience, Problem> {
        let mut include = Vec::new();
        if let Some(language) = read("language", &self.language)? {
            include.push(Clause::Language(vec![language]));
        }
        if !self.tag.is_empty() {
            include.push(Clause::Tag(vec![self.tag.trim().to_owned()]));
        }
        if !self.attribute.is_empty() {
            let is = if self.value.is_empty() { vec![] } else { vec![self.value.clone()] };
            include.push(Clause::Attribute { key: self.attribute.clone(), is });
        }
        if let Some(is) = read("consent", &self.consent)? {
            let (purpose, party) = self.purpose.split_once(':').unwrap_or((&self.purpose, ""));
            if let Some(purpose) = read("purpose", purpose)? {
                let party = read("purpose", party)?.unwrap_or_default();
                let (since, before) = (None, None);
                include.push(Clause::Consent { purpose, party, is, since, before });
            }
        }
        if let Some(state) = read("state", &self.state)? {
            include.push(Clause::AddressState(vec![state]));
        }
        if !self.blocked.is_empty() {
            include.push(Clause::Blocked(true));
        }
        if !self.suppressed.is_empty() {
            include.push(Clause::Suppressed(Vec::new()));
        }
        if let Some(id) = read("segment", &self.segment)? {
            include.push(Clause::Segment(id));
        }
        if let Some(id) = read("import", &self.import)? {
            include.push(Clause::Imported(vec![id]));
        }
        Ok(Audience { include, exclude: Vec::new() })
    }

    /// The same as a query, after somebody else.
    pub(super) fn query(&self, after: Option<String>) -> String {
        let filter = Self { after: after.unwrap_or_default(), ..self.clone() };
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in filter.fields() {
            query.append_pair(&name, &value);
        }
        query.finish()
    }

    /// The fields that are set.
    pub(super) fn fields(&self) -> Vec<(String, String)> {
        let fields = serde_json::to_value(self).unwrap_or_default();
        let fields = fields.as_object().cloned().unwrap_or_default().into_iter();
        fields
            .filter_map(|(name, value)| Some((name, value.as_str()?.to_owned())))
            .filter(|(_, value)| !value.is_empty())
            .collect()
    }
}

fn read<T: std::str::FromStr<Err: std::fmt::Display>>(
    field: &str,
    text: &str,
) -> Result<Option<T>, Problem> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|error: T::Err| Problem::field(field, error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_survives_the_address() {
        let filter = Filter {
            q: "Айгүл & co".to_owned(),
            purpose: "partner_offers:acme".to_owned(),
            consent: "holds".to_owned(),
            ..Filter::default()
        };
        let query = filter.query(None);
        assert!(!query.contains("language"), "{query}");
        let back: Filter = url::form_urlencoded::parse(query.as_bytes()).fold(
            Filter::default(),
            |mut all, pair| {
                match pair.0.as_ref() {
                    "q" => all.q = pair.1.into_owned(),
                    "purpose" => all.purpose = pair.1.into_owned(),
                    "consent" => all.consent = pair.1.into_owned(),
                    other => panic!("{other}"),
                }
                all
            },
        );
        assert_eq!(back, filter);
        assert_eq!(filter.audience().unwrap().include.len(), 1);
    }

    #[test]
    fn what_is_not_understood_does_not_widen_the_list() {
        for filter in [
            Filter { language: "қазақша".to_owned(), ..Filter::default() },
            Filter { consent: "maybe".to_owned(), ..Filter::default() },
            Filter { segment: "1".to_owned(), ..Filter::default() },
        ] {
            assert!(filter.wanted().is_err(), "{filter:?}");
        }
    }
}
