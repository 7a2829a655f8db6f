//! Forms: what was typed stays, what is wrong is told at its field.

use std::collections::BTreeMap;

use axum::extract::{FromRequest, Request};
use serde::{Serialize, de::DeserializeOwned};

use crate::{app, web::Problem};

/// What a form sent, as pairs in their order; nothing is refused for being missing.
pub(in crate::web) struct Form<T>(pub(in crate::web) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Form<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let read = axum::Form::<T>::from_request(request, state).await;
        // What was sent is never repeated: it may be personal.
        read.map(|axum::Form(form)| Self(form)).map_err(|refused| Problem::of(refused.status()))
    }
}

/// What is wrong with which field: sentences by field name, ready for a template, where
/// `{{#with errors.address}}` finds them.
#[derive(Debug, Default, Serialize)]
#[serde(transparent)]
pub(in crate::web) struct Errors(BTreeMap<String, String>);

impl Errors {
    /// Notes a sentence for a field, unless it has one.
    pub(in crate::web) fn add(&mut self, field: &str, sentence: impl Into<String>) {
        self.0.entry(field.to_owned()).or_insert_with(|| sentence.into());
    }

    /// What is wrong with a field.
    pub(in crate::web) fn get(&self, field: &str) -> Option<&str> {
        self.0.get(field).map(String::as_str)
    }

    /// The fields that a deed found wrong; any other failure stays one.
    pub(in crate::web) fn of(error: app::Error) -> Result<Self, Problem> {
        match error {
            app::Error::Invalid(problems) => {
                let mut errors = Self::default();
                for problem in problems {
                    errors.add(&problem.place, problem.message);
                }
                Ok(errors)
            }
            other => Err(other.into()),
        }
    }
}
