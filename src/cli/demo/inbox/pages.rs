//! The inbox's templates.

use axum::{
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use handlebars::Handlebars;
use serde::Serialize;

const TEMPLATES: [(&str, &str); 5] = [
    ("head", include_str!("../../../../templates/demo/head.hbs")),
    ("list", include_str!("../../../../templates/demo/list.hbs")),
    ("message", include_str!("../../../../templates/demo/message.hbs")),
    ("pressed", include_str!("../../../../templates/demo/pressed.hbs")),
    ("nothing", include_str!("../../../../templates/demo/nothing.hbs")),
];

/// An embedded page does not compile; a test renders each.
#[derive(Debug, thiserror::Error)]
#[error("a page of the inbox does not compile")]
pub(in super::super) struct BadTemplate(#[from] Box<handlebars::TemplateError>);

/// The compiled pages.
pub(super) struct Pages(Handlebars<'static>);

impl Pages {
    pub(super) fn compile() -> Result<Self, BadTemplate> {
        let mut registry = Handlebars::new();
        registry.set_strict_mode(true);
        for (name, text) in TEMPLATES {
            registry.register_template_string(name, text).map_err(Box::new)?;
        }
        Ok(Self(registry))
    }

    /// The page with this name.
    pub(super) fn render(&self, status: StatusCode, name: &str, data: &impl Serialize) -> Response {
        match self.0.render(name, data) {
            Ok(page) => (status, Html(page)).into_response(),
            Err(error) => {
                tracing::error!(page = name, line = error.line_no, "a page could not be rendered");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }
}
