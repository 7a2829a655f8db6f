//! Environment variables over the file: `KELISIM_` and the dotted key in capitals.

use super::{
    PREFIX,
    key::{Key, Shape, leaves, suggestion, variable_of},
    problem::{Origin, Problem},
    tree::{Node, Table, Value, parse_value},
};

/// Variables with our prefix that are not keys: the file itself, and what the tests take.
const OTHERS: [&str; 2] = ["CONFIG", "TEST_"];
/// What Kubernetes and Docker put into every container beside a service called `kelisim`.
const LINKS: [&str; 3] = ["SERVICE_", "PORT", "NAME"];

/// Lays `environment` over `tree`. A variable that is set to nothing counts as not set.
pub(super) fn overlay(
    tree: &mut Table,
    keys: &'static [&'static Key],
    environment: impl IntoIterator<Item = (String, String)>,
    problems: &mut Vec<Problem>,
) {
    let mut variables: Vec<_> = environment
        .into_iter()
        .filter(|(name, text)| name.starts_with(PREFIX) && !text.is_empty() && !is_foreign(name))
        .collect();
    variables.sort();
    let known = leaves(keys);
    for (name, text) in variables {
        let origin = Origin::Environment(name.clone());
        match find(&known, &name) {
            None => {
                let guess = suggestion(&name, known.iter().map(|(path, _)| variable_of(path)));
                let what = format!("there is no such key{guess}");
                problems.push(Problem { origin, key: String::new(), what });
            }
            Some((path, shape)) => match convert(shape, &text, &name) {
                Ok(value) => put(tree, &path, Node { origin, value }),
                Err(what) => problems.push(Problem { origin, key: path.join("."), what }),
            },
        }
    }
}

/// The value that a text outside the file stands for.
pub(super) fn convert(shape: &Shape, text: &str, variable: &str) -> Result<Value, String> {
    let text = text.trim();
    Ok(match shape {
        Shape::Text => Value::Text(text.to_owned()),
        Shape::Number(_) => text.parse().map_or_else(|_| Value::Text(text.into()), Value::Number),
        Shape::Flag => text.parse().map_or_else(|_| Value::Text(text.into()), Value::Flag),
        Shape::Texts if !text.starts_with('[') => Value::List(
            text.split(',')
                .map(str::trim)
                .filter(|item| !item.is_empty())
                .map(|item| Node {
                    origin: Origin::Environment(variable.to_owned()),
                    value: Value::Text(item.to_owned()),
                })
                .collect(),
        ),
        Shape::Texts | Shape::ByLanguage | Shape::Section(_) | Shape::Rows(_) => {
            parse_value(text, variable).map_err(|error| format!("this is not TOML: {error}"))?
        }
    })
}

fn is_foreign(name: &str) -> bool {
    let rest = &name[PREFIX.len()..];
    rest == OTHERS[0]
        || rest.starts_with(OTHERS[1])
        || rest.starts_with(LINKS[0])
        || LINKS[1..].iter().any(|link| rest == *link || rest.starts_with(&format!("{link}_")))
}

/// The path and the shape of the key that a variable names.
fn find(known: &[(String, &'static Key)], name: &str) -> Option<(Vec<String>, &'static Shape)> {
    let parts = |path: &str| path.split('.').map(str::to_owned).collect::<Vec<_>>();
    if let Some((path, key)) = known.iter().find(|(path, _)| variable_of(path) == name) {
        return Some((parts(path), &key.shape));
    }
    let (stem, language) = name.rsplit_once('_')?;
    let (path, _) = known.iter().find(|(path, key)| {
        matches!(key.shape, Shape::ByLanguage) && variable_of(path) == stem && language.len() == 2
    })?;
    let mut path = parts(path);
    path.push(language.to_ascii_lowercase());
    Some((path, &Shape::Text))
}

fn put(tree: &mut Table, path: &[String], node: Node) {
    match path {
        [] => {}
        [last] => drop(tree.insert(last.clone(), node)),
        [first, rest @ ..] => {
            let section = tree.entry(first.clone()).or_insert_with(|| Node {
                origin: node.origin.clone(),
                value: Value::Table(Table::new()),
            });
            // A section that is not a table is reported by whoever reads it.
            if let Value::Table(inner) = &mut section.value {
                put(inner, rest, node);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{super::keys, *};

    fn overlaid(pairs: &[(&str, &str)]) -> (Table, Vec<String>) {
        let (mut tree, mut problems) = (Table::new(), Vec::new());
        let pairs = pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        overlay(&mut tree, keys::ALL, pairs, &mut problems);
        (tree, problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn no_two_keys_share_a_variable() {
        let variables: Vec<_> =
            leaves(keys::ALL).iter().map(|(path, _)| variable_of(path)).collect();
        assert_eq!(variables.iter().collect::<BTreeSet<_>>().len(), variables.len());
        assert!(variables.iter().all(|name| !is_foreign(name)), "{variables:?}");
    }

    #[test]
    fn underscores_are_resolved_by_the_list_of_keys() {
        let (tree, problems) =
            overlaid(&[("KELISIM_PUBLIC_URL", "x"), ("KELISIM_INSTITUTION_NAME_KK", "қ")]);
        assert!(problems.is_empty());
        assert!(tree.contains_key("public_url"));
        let Value::Table(institution) = &tree["institution"].value else { panic!("not a table") };
        let Value::Table(name) = &institution["name"].value else { panic!("not a table") };
        assert!(name.contains_key("kk"));
    }

    #[test]
    fn an_unknown_variable_is_an_error_with_a_suggestion() {
        let (_, problems) = overlaid(&[("KELISIM_DATABSE_URL", "x")]);
        assert_eq!(
            problems,
            ["environment variable KELISIM_DATABSE_URL: there is no such key; \
                 did you mean KELISIM_DATABASE_URL?"]
        );
    }

    #[test]
    fn what_is_not_ours_or_set_to_nothing_is_left_alone() {
        let (tree, problems) = overlaid(&[
            ("KELISIM_CONFIG", "k.toml"),
            ("KELISIM_TEST_POSTGRES_URL", "x"),
            ("KELISIM_SERVICE_HOST", "10.0.0.1"),
            ("KELISIM_PORT_8080_TCP", "tcp://10.0.0.1:8080"),
            ("KELISIM_LISTEN", ""),
            ("PATH", "/bin"),
        ]);
        assert!(tree.is_empty() && problems.is_empty(), "{problems:?}");
    }
}
