//! What the editor in the browser is given: the letter, its words, languages and fields.

use std::{
    collections::{BTreeMap, HashMap},
    sync::LazyLock,
};

use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    app::letters,
    domain::{
        language::Language,
        letter::{Letter, Network},
    },
    web::{WebState, words::say},
};

use super::super::Staff;

const PREFIX: &str = "editor-";

/// The keys of the editor's sentences, without their beginning.
static KEYS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    include_str!("../../../../assets/locales/kk/staff-editor.ftl")
        .lines()
        .filter_map(|line| line.split_once(" =")?.0.strip_prefix(PREFIX))
        .collect()
});

/// What `{{> staff/editor/editor}}` needs, as the page's `editor`. The form around it gets the letter
/// as JSON in its field `letter`.
#[derive(Debug, Serialize)]
pub(in crate::web) struct EditorView {
    letter: String,
    words: String,
    languages: String,
    networks: String,
    about: String,
    zone: String,
}

impl EditorView {
    /// `about` goes with each preview: `name`, `purpose` and `party` of the campaign, if there is one.
    pub(in crate::web) fn of(
        state: &WebState,
        staff: &Staff,
        letter: &Letter,
        about: &[(&str, &str)],
    ) -> Self {
        let languages: Vec<_> =
            state.app().institution.languages.iter().map(|code| (code, name_of(*code))).collect();
        let networks: Vec<_> = Network::ALL.iter().map(|one| one.as_str()).collect();
        Self {
            letter: text(&json!(letter)),
            words: text(&words(state, staff.lang)),
            languages: text(&json!(languages)),
            networks: text(&json!(networks)),
            about: text(&json!(about.iter().copied().collect::<BTreeMap<_, _>>())),
            zone: state.app().institution.time_zone.name().to_owned(),
        }
    }
}

fn text(value: &Value) -> String {
    value.to_string()
}

fn name_of(code: Language) -> String {
    say(code, "web-language", &HashMap::new()).unwrap_or_else(|| code.to_string())
}

fn words(state: &WebState, lang: Language) -> Value {
    let sentence = |key: &str| say(lang, &format!("{PREFIX}{key}"), &HashMap::new());
    let mut words: serde_json::Map<String, Value> = KEYS
        .iter()
        .filter_map(|key| Some(((*key).to_owned(), Value::String(sentence(key)?))))
        .collect();
    let fields: Vec<(String, String)> = letters::fields(state.app())
        .into_iter()
        .map(|field| {
            let label = sentence(&format!("field_{}", field.replace('.', "_")));
            let plain = field.strip_prefix("attr.").unwrap_or(&field).to_owned();
            (field, label.unwrap_or(plain))
        })
        .collect();
    words.insert("fields".to_owned(), json!(fields));
    Value::Object(words)
}
