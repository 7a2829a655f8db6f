//! Pages: handlebars templates that travel in the binary, escaped for HTML.

use std::borrow::Cow;

use axum::response::Html;
use fluent_templates::fluent_bundle::FluentValue;
use handlebars::{
    Context, Handlebars, Helper, HelperDef, PathAndJson, RenderContext, RenderError,
    RenderErrorReason, ScopedJson, handlebars_helper,
};
use rust_embed::RustEmbed;
use serde::Serialize;
use serde_json::Value;

use crate::domain::language::Language;

use super::{
    assets,
    words::{self, Arguments},
};

#[derive(RustEmbed)]
#[folder = "templates/web"]
#[include = "*.hbs"]
struct Templates;

/// An embedded page does not compile. A test renders each of them, so this cannot happen in a
/// released binary.
#[derive(Debug, thiserror::Error)]
#[error("a page's template does not compile")]
pub struct BadTemplate(#[from] Box<handlebars::TemplateError>);

/// The compiled pages.
pub(super) struct Pages(Handlebars<'static>);

impl Pages {
    /// Compiles all of them.
    pub(super) fn compile() -> Result<Self, BadTemplate> {
        let mut registry = Handlebars::new();
        registry.set_strict_mode(true);
        registry.register_helper("t", Box::new(Say));
        registry.register_helper("asset", Box::new(Asset));
        registry.register_helper("role", Box::new(role));
        registry.register_helper("role-means", Box::new(role_means));
        registry.register_embed_templates_with_extension::<Templates>(".hbs").map_err(Box::new)?;
        Ok(Self(registry))
    }

    /// Renders one of them.
    pub(super) fn render(
        &self,
        name: &str,
        data: &impl Serialize,
    ) -> Result<Html<String>, RenderError> {
        self.0.render(name, data).map(Html)
    }
}

/// `{{t "web-key" name=value}}`: a sentence in the language of `lang=…`, else of the page.
struct Say;

impl HelperDef for Say {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        context: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let wrong = |what: &str| RenderErrorReason::Other(format!("t: {what}"));
        let key =
            helper.param(0).and_then(|key| key.value().as_str()).ok_or_else(|| wrong("no key"))?;
        let language = helper
            .hash_get("lang")
            .map(PathAndJson::value)
            .or_else(|| context.data().get("lang"))
            .and_then(Value::as_str)
            .and_then(|code| code.parse::<Language>().ok())
            .ok_or_else(|| wrong("no language"))?;
        let arguments: Arguments = helper
            .hash()
            .iter()
            .map(|(name, given)| (Cow::Owned((*name).to_owned()), argument(given.value())))
            .collect();
        let said = words::say(language, key, &arguments)
            .ok_or_else(|| wrong(&format!("no sentence {key} in {language}")))?;
        Ok(ScopedJson::Derived(Value::String(said)))
    }
}

handlebars_helper!(role: |code: str| format!("role-{code}"));
handlebars_helper!(role_means: |code: str| format!("role-{code}-means"));

fn argument(value: &Value) -> FluentValue<'static> {
    match value {
        Value::Number(number) => number.as_f64().map_or(FluentValue::None, FluentValue::from),
        Value::String(text) => FluentValue::from(text.clone()),
        other => FluentValue::from(other.to_string()),
    }
}

/// `{{asset "css/public.css"}}`: the file's URL, which changes with its content.
struct Asset;

impl HelperDef for Asset {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let url = helper.param(0).and_then(|path| path.value().as_str()).and_then(assets::url);
        let url = url.ok_or_else(|| RenderErrorReason::Other("asset: no such file".to_owned()))?;
        Ok(ScopedJson::Derived(Value::String(url)))
    }
}
