//! Renders a compiled mail for one contact. Parsing a template costs more than a hundred times what
//! rendering it does, so a [`Renderer`] is made once per campaign and language and then shared.

use std::{
    cell::LazyCell,
    io::{self, Write},
};

use handlebars::{
    Context, Handlebars, Helper, HelperDef, JsonTruthy, RenderContext, RenderErrorReason,
    ScopedJson,
};
use serde_json::{Map, Value};

use super::compile::Compiled;
use super::fields::{Fields, SharedFields, breaks_line, scalar, single_line};
use super::pieces::{Parts, Pieces};

/// Bytes of HTML that one mail may have.
pub const HTML_BYTES_MAX: usize = 1024 * 1024;
/// Bytes of text that one mail may have.
pub const TEXT_BYTES_MAX: usize = 256 * 1024;
/// Bytes of a subject: what one unfolded header line may hold (RFC 5322, 2.1.1).
pub const SUBJECT_BYTES_MAX: usize = 998;

/// A part of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The subject.
    Subject,
    /// The HTML part.
    Html,
    /// The plain-text part.
    Text,
}

impl Part {
    fn name(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Html => "html",
            Self::Text => "text",
        }
    }

    fn bytes_max(self) -> usize {
        match self {
            Self::Subject => SUBJECT_BYTES_MAX,
            Self::Html => HTML_BYTES_MAX,
            Self::Text => TEXT_BYTES_MAX,
        }
    }
}

/// Why a mail could not be rendered. Holds names of fields, never values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// A stored template is not one.
    #[error("the {} template cannot be read: {detail}", .part.name())]
    Template {
        /// Which part.
        part: Part,
        /// What the template engine says.
        detail: String,
    },
    /// The template names a field that this mail does not have.
    #[error("the {} names the field \"{field}\", which does not exist", .part.name())]
    MissingField {
        /// Which part.
        part: Part,
        /// The path as written.
        field: String,
    },
    /// The result is longer than a mail may be.
    #[error("the {} is longer than {} bytes", .part.name(), .part.bytes_max())]
    TooLong {
        /// Which part.
        part: Part,
    },
    /// The subject has no visible character for this contact.
    #[error("the subject is empty")]
    EmptySubject,
    /// A helper was called with what it cannot take.
    #[error("the {} cannot be rendered at line {line}", .part.name())]
    Failed {
        /// Which part.
        part: Part,
        /// Line of the compiled template, 0 if not known.
        line: usize,
    },
}

/// What one contact gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line, no control characters.
    pub subject: String,
    /// None if the campaign has plain text only.
    pub html: Option<String>,
    /// Always there; holds the unsubscribe link.
    pub text: String,
}

/// The templates of one campaign and language, ready to render. Share it between threads.
pub struct Renderer {
    escaping: Handlebars<'static>,
    plain: Handlebars<'static>,
    shared: Map<String, Value>,
    attributes: Vec<String>,
    html_bytes_expected: usize,
    pub(super) parts: Parts,
}

impl std::fmt::Debug for Renderer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Renderer").finish_non_exhaustive()
    }
}

impl Renderer {
    /// Parses the stored templates.
    ///
    /// # Errors
    /// [`RenderError::Template`] if one is not a template.
    pub fn new(compiled: &Compiled, shared: &SharedFields) -> Result<Self, RenderError> {
        let (mut escaping, mut plain) = (engine(), engine());
        plain.register_escape_fn(handlebars::no_escape);
        if let Some(html) = &compiled.html {
            register(&mut escaping, Part::Html, html)?;
        }
        register(&mut plain, Part::Text, &compiled.text)?;
        register(&mut plain, Part::Subject, &compiled.subject)?;
        let shared = match serde_json::to_value(shared) {
            Ok(Value::Object(shared)) => shared,
            _ => Map::new(),
        };
        let attributes = compiled.fields_used.iter().filter_map(|path| path.strip_prefix("attr."));
        let attributes: Vec<String> = attributes.map(str::to_owned).collect();
        Ok(Self {
            parts: Parts::of(compiled, &shared, &attributes),
            escaping,
            plain,
            shared,
            attributes,
            html_bytes_expected: compiled.html.as_ref().map_or(0, |html| html.len() * 9 / 8),
        })
    }

    /// Renders the mail of one contact.
    ///
    /// # Errors
    /// A field is missing, a part is too long, or the subject is empty.
    pub fn render(&self, fields: &Fields<'_>) -> Result<Rendered, RenderError> {
        let context = LazyCell::new(|| Context::from(self.data(fields)));
        let one =
            |part: Part, pieces: Option<&Pieces>, engine: &Handlebars<'_>, expected| match pieces
                .and_then(|pieces| pieces.render(fields, part.bytes_max()))
            {
                Some(text) => Ok(text),
                None => one_part(engine, part, &context, expected),
            };
        let subject = cleaned(&one(Part::Subject, self.parts.subject.as_ref(), &self.plain, 128)?);
        if subject.is_empty() {
            return Err(RenderError::EmptySubject);
        }
        let expected = self.html_bytes_expected;
        let html = self
            .escaping
            .has_template(Part::Html.name())
            .then(|| one(Part::Html, self.parts.html.as_ref(), &self.escaping, expected))
            .transpose()?;
        let text = one(Part::Text, self.parts.text.as_ref(), &self.plain, 4_096)?;
        Ok(Rendered { subject, html, text })
    }

    fn data(&self, fields: &Fields<'_>) -> Value {
        let mut data = self.shared.clone();
        let mut set = |key: &str, value: &str| {
            data.insert(key.to_owned(), Value::String(single_line(value)));
        };
        set("name", fields.name);
        set("given_name", fields.given_name);
        set("family_name", fields.family_name);
        set("language", fields.language.as_str());
        set("unsubscribe_url", fields.unsubscribe_url);
        set("preferences_url", fields.preferences_url);
        let value = |key: &String| (key.clone(), scalar(fields.attributes.get(key)));
        let attributes: Map<_, _> = self.attributes.iter().map(value).collect();
        data.insert("attr".to_owned(), Value::Object(attributes));
        Value::Object(data)
    }
}

fn engine() -> Handlebars<'static> {
    let mut engine = Handlebars::new();
    engine.set_strict_mode(true);
    for helper in ["raw", "log", "lookup"] {
        engine.unregister_helper(helper);
    }
    engine.register_helper("fallback", Box::new(Fallback));
    engine
}

fn register(engine: &mut Handlebars<'_>, part: Part, template: &str) -> Result<(), RenderError> {
    engine.register_template_string(part.name(), template).map_err(|error| RenderError::Template {
        part,
        detail: error.reason().to_string().lines().last().unwrap_or_default().to_owned(),
    })
}

fn one_part(
    engine: &Handlebars<'_>,
    part: Part,
    context: &Context,
    bytes_expected: usize,
) -> Result<String, RenderError> {
    let bytes_max = part.bytes_max();
    let mut out = Bounded { bytes: Vec::with_capacity(bytes_expected), bytes_max, full: false };
    let rendered = engine.render_with_context_to_write(part.name(), context, &mut out);
    if out.full {
        return Err(RenderError::TooLong { part });
    }
    rendered.map_err(|error| match error.reason() {
        RenderErrorReason::MissingVariable(path) => RenderError::MissingField {
            part,
            field: path.clone().unwrap_or_else(|| "(in a helper)".to_owned()),
        },
        _ => RenderError::Failed { part, line: error.line_no.unwrap_or(0) },
    })?;
    String::from_utf8(out.bytes).map_err(|_| RenderError::Failed { part, line: 0 })
}

/// A subject is one header line: control characters are blanks, blanks do not pile up.
fn cleaned(subject: &str) -> String {
    let words = subject.split(|c: char| c.is_whitespace() || breaks_line(c));
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Takes so many bytes and then fails, which ends the rendering.
struct Bounded {
    bytes: Vec<u8>,
    bytes_max: usize,
    full: bool,
}

impl Write for &mut Bounded {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + part.len() > self.bytes_max {
            self.full = true;
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(part);
        Ok(part.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// `{{fallback given_name "әріптес"}}`: the first argument, or the second if the first is empty.
struct Fallback;

impl HelperDef for Fallback {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, handlebars::RenderError> {
        let given = |at: usize| {
            helper.param(at).ok_or(RenderErrorReason::ParamNotFoundForIndex("fallback", at))
        };
        let (first, second) = (given(0)?, given(1)?);
        if first.is_value_missing() {
            let path = first.relative_path().cloned();
            return Err(RenderErrorReason::MissingVariable(path).into());
        }
        let filled = match first.value() {
            Value::String(text) => !text.trim().is_empty(),
            other => other.is_truthy(true),
        };
        Ok(ScopedJson::Derived(if filled { first } else { second }.value().clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::language::Language;

    fn renderer(subject: &str, html: &str, text: &str) -> Renderer {
        let compiled = Compiled {
            language: Language::KK,
            subject: subject.into(),
            preheader: None,
            html: Some(html.into()),
            text: text.into(),
            fields_used: ["attr.region".to_owned()].into(),
        };
        Renderer::new(&compiled, &SharedFields::default()).unwrap()
    }

    fn render(renderer: &Renderer, name: &str) -> Result<Rendered, RenderError> {
        let attributes = serde_json::json!({"region": "Ақмола", "secret": "x"});
        renderer.render(&Fields {
            name,
            given_name: "",
            family_name: "",
            language: Language::KK,
            attributes: attributes.as_object().unwrap(),
            unsubscribe_url: "https://news.kz/u/1?a=b",
            preferences_url: "https://news.kz/p/1",
        })
    }

    #[test]
    fn a_value_is_escaped_in_html_and_left_as_it_is_in_text() {
        let mail =
            render(&renderer("{{name}}", "<b>{{name}}</b>", "{{name}}"), "<script>&").unwrap();
        assert_eq!(mail.html.unwrap(), "<b>&lt;script&gt;&amp;</b>");
        assert_eq!((mail.text.as_str(), mail.subject.as_str()), ("<script>&", "<script>&"));
    }

    #[test]
    fn a_line_end_in_a_name_cannot_begin_a_new_header() {
        let mail = render(&renderer("Сәлем, {{name}}!", "", "{{name}}"), "А\r\nBcc: b@x.kz\u{85}")
            .unwrap();
        assert_eq!(mail.subject, "Сәлем, А Bcc: b@x.kz !");
        assert!(!mail.text.contains('\n'));
    }

    #[test]
    fn a_missing_field_is_named_and_its_part_too() {
        let error = render(&renderer("x", "{{region}}", "x"), "А").unwrap_err();
        let expected = RenderError::MissingField { part: Part::Html, field: "region".into() };
        assert_eq!(error, expected);
        assert_eq!(error.to_string(), "the html names the field \"region\", which does not exist");
        let error = render(&renderer("{{fallback nme \"а\"}}", "x", "x"), "А").unwrap_err();
        assert_eq!(error, RenderError::MissingField { part: Part::Subject, field: "nme".into() });
    }

    #[test]
    fn an_empty_field_falls_back_and_an_empty_subject_is_refused() {
        let made = renderer(
            "{{fallback name \"әріптес\"}}",
            "{{#if (eq attr.region \"Ақмола\")}}а{{/if}}",
            "x",
        );
        assert_eq!(render(&made, "  ").unwrap().subject, "әріптес");
        assert_eq!(render(&made, "Айгүл").unwrap().subject, "Айгүл");
        assert_eq!(render(&made, "Айгүл").unwrap().html.unwrap(), "а");
        assert_eq!(render(&renderer("{{name}}", "", "x"), " \n"), Err(RenderError::EmptySubject));
    }

    #[test]
    fn output_is_bounded() {
        let long = "а".repeat(TEXT_BYTES_MAX / 8);
        let made = renderer("x", "x", &"{{name}}".repeat(5));
        assert_eq!(render(&made, &long), Err(RenderError::TooLong { part: Part::Text }));
        let made = renderer("{{name}}", "x", "x");
        assert_eq!(render(&made, &long), Err(RenderError::TooLong { part: Part::Subject }));
        let made = renderer("x", &"{{name}}".repeat(33), "x");
        assert_eq!(render(&made, &long), Err(RenderError::TooLong { part: Part::Html }));
    }

    #[test]
    fn only_attributes_that_the_template_names_are_there() {
        let error = render(&renderer("x", "{{attr.secret}}", "x"), "А").unwrap_err();
        assert!(matches!(error, RenderError::MissingField { .. }), "{error}");
        assert_eq!(
            render(&renderer("x", "{{attr.region}}", "x"), "А").unwrap().html.unwrap(),
            "Ақмола"
        );
    }

    #[test]
    fn what_the_engine_offers_beyond_the_list_is_gone() {
        for template in ["{{log name}}", "{{lookup attr \"secret\"}}"] {
            assert!(render(&renderer("x", template, "x"), "А").is_err(), "{template}");
        }
    }
}
