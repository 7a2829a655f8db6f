//! How a file is to be read, chosen on its page.

use std::collections::BTreeMap;

use axum::{
    extract::{Path, State},
    response::{IntoResponse as _, Redirect, Response},
};

use crate::{
    app::{
        import_contacts::Constants,
        import_jobs::{self, How},
    },
    domain::id::ImportJobId,
    web::{
        Problem, WebState,
        staff::{Form, Staff},
    },
};

type Fields = BTreeMap<String, String>;

/// Reads the form: `column-0` and so on, and what is the same for every row.
fn read(fields: &Fields) -> How {
    let text = |name: &str| {
        fields.get(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    };
    let columns = (0..).map_while(|n| fields.get(&format!("column-{n}")).cloned());
    let list = |text: Option<String>| -> Vec<String> {
        let text = text.unwrap_or_default();
        text.split([',', ';'])
            .map(str::trim)
            .filter(|one| !one.is_empty())
            .map(str::to_owned)
            .collect()
    };
    How {
        sheet: text("sheet"),
        encoding: text("encoding"),
        delimiter: text("delimiter"),
        columns: columns.collect(),
        constants: Constants {
            language: text("language").and_then(|code| code.parse().ok()),
            tags: list(text("tags")),
            purposes: text("purpose").into_iter().map(|of| own(&of)).collect(),
            party: None,
            consent_source: text("consent_source"),
            consent_given_at: text("consent_given_at"),
            policy_version: text("policy_version").and_then(|number| number.parse().ok()),
            wording: text("wording"),
            wording_language: None,
        },
    }
}

/// `news:institution` as mapping files write it: the institution is not named.
fn own(of: &str) -> String {
    of.strip_suffix(":institution").unwrap_or(of).to_owned()
}

pub(super) async fn check(
    State(state): State<WebState>,
    _: Staff,
    Path(id): Path<ImportJobId>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let before = import_jobs::find(state.app(), id).await?;
    let mut how = read(&fields);
    // Another sheet or another spelling has other columns: they are found out anew.
    let is_other = how.sheet != before.how.sheet
        || how.encoding != before.how.encoding
        || how.delimiter != before.how.delimiter;
    if is_other {
        how.columns.clear();
    }
    import_jobs::check_again(state.app_arc(), id, how).await?;
    Ok(Redirect::to(&format!("/imports/{id}")).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_read_column_by_column() {
        let fields = [
            ("column-0", "address"),
            ("column-1", "ignored"),
            ("column-3", "name"),
            ("tags", "a, b"),
            ("purpose", "news:institution"),
            ("policy_version", "2"),
            ("wording", " "),
        ];
        let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let how = read(&fields);
        assert_eq!(how.columns, ["address", "ignored"]);
        assert_eq!((how.constants.tags.len(), how.constants.policy_version), (2, Some(2)));
        assert_eq!(
            (how.constants.purposes, how.constants.wording),
            (vec!["news".to_owned()], None)
        );
    }
}
