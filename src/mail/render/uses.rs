//! Which fields and helpers a template uses: walks what the template engine itself has parsed.

use std::collections::{BTreeMap, BTreeSet};

use handlebars::Template;
use handlebars::template::{BlockParam, HelperTemplate, Parameter, TemplateElement};

use super::fields::{Known, Standing};
use super::finding::{Code, Finding, Source, nearest};

/// The helpers a campaign may call.
pub(super) const HELPERS: [&str; 15] = [
    "if", "unless", "each", "with", "eq", "ne", "gt", "gte", "lt", "lte", "and", "or", "not",
    "len", "fallback",
];
/// Two loops within each other at the most: a third one multiplies a hundred entries to a million.
const LOOPS_MAX: usize = 2;

/// Parses a template and judges every name in it.
pub(super) fn judge(
    source: &Source<'_>,
    known: &Known,
) -> Result<(BTreeSet<String>, Vec<Finding>), Vec<Finding>> {
    let template = Template::compile(source.text).map_err(|error| vec![syntax(source, &error)])?;
    let mut walk = Walk {
        source,
        known,
        fields: BTreeSet::new(),
        findings: Vec::new(),
        scopes: Vec::new(),
        names: BTreeMap::new(),
        guards: Vec::new(),
        place: (1, 1),
    };
    walk.template(&template);
    let (stops, worries): (Vec<_>, Vec<_>) =
        walk.findings.into_iter().partition(|f| f.severity == super::finding::Severity::Stops);
    if stops.is_empty() { Ok((walk.fields, worries)) } else { Err(stops) }
}

fn syntax(source: &Source<'_>, error: &handlebars::TemplateError) -> Finding {
    let (line, column) = error.pos().unwrap_or((1, 1));
    let reason = error.reason().to_string();
    let detail =
        reason.lines().last().unwrap_or_default().trim_start_matches(['=', ' ']).to_owned();
    Finding::stops(
        Code::TemplateSyntax,
        Some(source.place_at(line.max(1), column.max(1))),
        format!("the template cannot be read: {detail}"),
        "Check that every {{#…}} has its {{/…}} and that quotes and brackets are closed".to_owned(),
    )
}

struct Walk<'a> {
    source: &'a Source<'a>,
    known: &'a Known,
    fields: BTreeSet<String>,
    findings: Vec<Finding>,
    /// The helper of each enclosing block that changes what a bare name means.
    scopes: Vec<&'static str>,
    /// Names given by `as |name|`, and how often.
    names: BTreeMap<String, usize>,
    /// Paths that an enclosing block has asked about.
    guards: Vec<String>,
    place: (usize, usize),
}

impl Walk<'_> {
    fn template(&mut self, template: &Template) {
        let outer = self.place;
        for (at, element) in template.elements.iter().enumerate() {
            if let Some(mapping) = template.mapping.get(at) {
                self.place = (mapping.0, mapping.1);
            }
            match element {
                TemplateElement::Expression(call) | TemplateElement::HtmlExpression(call) => {
                    self.expression(call);
                }
                TemplateElement::HelperBlock(call) => self.block(call),
                _ => {}
            }
        }
        self.place = outer;
    }

    fn expression(&mut self, call: &HelperTemplate) {
        if call.params.is_empty() && call.hash.is_empty() {
            if call.name.as_name() != Some("footer") {
                self.parameter(&call.name, false);
            }
            return;
        }
        self.helper(call);
        self.arguments(call, true);
    }

    fn block(&mut self, call: &HelperTemplate) {
        let Some(name) = self.helper(call) else { return };
        self.arguments(call, true);
        let guards_before = self.guards.len();
        self.guards.extend(paths(call));
        let scope = (name == "each" || name == "with").then_some(name);
        self.scopes.extend(scope);
        if self.scopes.iter().filter(|scope| **scope == "each").count() > LOOPS_MAX {
            self.stop(
                Code::TooDeep,
                format!("more than {LOOPS_MAX} loops stand within each other"),
                "Give the campaign a flat list in [fields]".to_owned(),
            );
        }
        let own_names = block_names(call);
        for name in &own_names {
            *self.names.entry(name.clone()).or_default() += 1;
        }
        if let Some(inner) = &call.template {
            self.template(inner);
        }
        for name in &own_names {
            self.names.entry(name.clone()).and_modify(|uses| *uses -= 1);
        }
        self.scopes.truncate(self.scopes.len() - usize::from(scope.is_some()));
        if let Some(inverse) = &call.inverse {
            self.template(inverse);
        }
        self.guards.truncate(guards_before);
    }

    fn helper(&mut self, call: &HelperTemplate) -> Option<&'static str> {
        let name = call.name.as_name().unwrap_or_default();
        let found = HELPERS.iter().find(|helper| **helper == name).copied();
        if found.is_none() {
            let meant = nearest(name, HELPERS)
                .map_or_else(|| HELPERS.join(", "), |near| format!("\"{near}\", perhaps"));
            self.stop(
                Code::UnknownHelper,
                format!("there is no helper \"{name}\""),
                format!("Use one of: {meant}"),
            );
        }
        found
    }

    fn arguments(&mut self, call: &HelperTemplate, guarded: bool) {
        for parameter in call.params.iter().chain(call.hash.values()) {
            self.parameter(parameter, guarded);
        }
    }

    fn parameter(&mut self, parameter: &Parameter, guarded: bool) {
        match parameter {
            Parameter::Subexpression(sub) => {
                if let TemplateElement::Expression(call) = sub.as_element() {
                    self.expression(call);
                }
            }
            Parameter::Name(_) | Parameter::Path(_) => {
                let raw = parameter.as_name().unwrap_or_default().to_owned();
                self.path(&raw, guarded);
            }
            _ => {}
        }
    }

    fn path(&mut self, raw: &str, guarded: bool) {
        let Some(path) = self.absolute(raw) else { return };
        match self.known.standing(&path) {
            Standing::Always => {}
            Standing::MayBeEmpty if guarded || self.guards.contains(&path) => {}
            Standing::MayBeEmpty => {
                let place = self.source.place_at(self.place.0, self.place.1);
                self.findings.push(Finding::worries(
                    Code::FieldMayBeEmpty,
                    Some(place),
                    format!("\"{path}\" is empty for some contacts"),
                    format!(
                        "Write {{{{fallback {path} \"…\"}}}} or {{{{#if {path}}}}}…{{{{/if}}}}"
                    ),
                ));
            }
            Standing::Unknown { meant } => self.unknown(&path, meant),
        }
        self.fields.insert(path);
    }

    fn unknown(&mut self, path: &str, meant: Option<String>) {
        let fix = match meant {
            Some(meant) => format!("Write {{{{{meant}}}}}, if that is meant"),
            None if path.starts_with("attr.") => {
                "Ask for the attribute to be allowed in mail, or take it out".to_owned()
            }
            None => "Declare it under [fields] in campaign.toml and write {{field.…}}".to_owned(),
        };
        self.stop(Code::UnknownField, format!("there is no field \"{path}\""), fix);
    }

    /// The path from the root, or none if it is one of a loop's or a block's own.
    fn absolute(&mut self, raw: &str) -> Option<String> {
        let mut rest = raw;
        let mut level = self.scopes.len();
        if let Some(path) = rest.strip_prefix("@root") {
            rest = path.trim_start_matches(['.', '/']);
            level = 0;
        } else if rest.starts_with('@') {
            return self.local(raw);
        }
        while let Some(path) = rest.strip_prefix("..") {
            rest = path.trim_start_matches('/');
            level = level.saturating_sub(1);
        }
        for prefix in ["this.", "this/", "./"] {
            rest = rest.strip_prefix(prefix).unwrap_or(rest);
        }
        let path = rest.replace('/', ".");
        let head = path.split('.').next().unwrap_or_default();
        let named = self.names.get(head).is_some_and(|uses| *uses > 0);
        (level == 0 && !named).then_some(path)
    }

    fn local(&mut self, raw: &str) -> Option<String> {
        if !self.scopes.contains(&"each") {
            self.stop(
                Code::UnknownField,
                format!("\"{raw}\" has a meaning only in {{{{#each}}}}"),
                "Move it into the loop".to_owned(),
            );
        }
        None
    }

    fn stop(&mut self, code: Code, message: String, fix: String) {
        let place = self.source.place_at(self.place.0, self.place.1);
        self.findings.push(Finding::stops(code, Some(place), message, fix));
    }
}

fn paths(call: &HelperTemplate) -> Vec<String> {
    let mut found = Vec::new();
    for parameter in &call.params {
        match parameter {
            Parameter::Path(_) | Parameter::Name(_) => {
                found.extend(parameter.as_name().map(str::to_owned));
            }
            Parameter::Subexpression(sub) => {
                if let TemplateElement::Expression(inner) = sub.as_element() {
                    found.extend(paths(inner));
                }
            }
            _ => {}
        }
    }
    found
}

fn block_names(call: &HelperTemplate) -> Vec<String> {
    let name = |parameter: &Parameter| parameter.as_name().map(str::to_owned);
    match &call.block_param {
        Some(BlockParam::Single(one)) => name(one).into_iter().collect(),
        Some(BlockParam::Pair((one, two))) => name(one).into_iter().chain(name(two)).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::language::Language;

    fn look(text: &str) -> Result<(Vec<String>, Vec<Code>), Vec<String>> {
        let known = Known {
            attributes: ["region".to_owned()].into(),
            declared: ["topics".to_owned(), "date".to_owned()].into(),
        };
        judge(&Source::file("body.kk.html.hbs", Language::KK, text), &known)
            .map(|(fields, worries)| {
                (fields.into_iter().collect(), worries.iter().map(|w| w.code).collect())
            })
            .map_err(|findings| findings.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn every_field_is_found_and_loops_have_names_of_their_own() {
        let text = "{{#each field.topics}}{{title}} {{@index}} {{@root.language}} {{../policy_url}}\
                    {{else}}{{field.date}}{{/each}}{{#if attr.region}}{{attr.region}}{{/if}}\
                    {{#each field.topics as |topic|}}{{topic.title}}{{/each}}{{footer}}";
        let fields = ["attr.region", "field.date", "field.topics", "language", "policy_url"];
        assert_eq!(look(text), Ok((fields.map(str::to_owned).to_vec(), vec![])));
    }

    #[test]
    fn an_empty_name_worries_unless_something_stands_in_for_it() {
        assert_eq!(look("Сәлем, {{given_name}}").unwrap().1, vec![Code::FieldMayBeEmpty]);
        assert_eq!(look("{{fallback given_name \"әріптес\"}}").unwrap().1, vec![]);
    }

    #[test]
    fn unknown_names_are_told_with_line_column_and_what_was_meant() {
        let said = look("сәлем\n {{givn_name}} {{uper name}}").unwrap_err();
        assert!(said[0].starts_with("stops body.kk.html.hbs:2:2: "), "{said:?}");
        assert!(said[0].contains("{{given_name}}"));
        assert!(said[1].contains("no helper \"uper\""));
    }

    #[test]
    fn a_template_that_cannot_be_read_says_where() {
        let said = look("бір\n{{#if name}}екі{{/each}}").unwrap_err();
        assert!(said[0].starts_with("stops body.kk.html.hbs:2:"), "{said:?}");
    }

    #[test]
    fn three_loops_within_each_other_are_one_too_many() {
        let text = "{{#each field.topics}}{{#each a}}{{#each b}}{{/each}}{{/each}}{{/each}}";
        assert!(look(text).unwrap_err()[0].contains("more than 2 loops"));
    }
}
