//! Keys that nobody knows: mostly misspelt ones, which would otherwise silently do nothing.

use super::{
    key::{Key, Shape, suggestion},
    reader::Reader,
    tree::Value,
};

impl Reader<'_> {
    /// Every key of the table that is not in `keys`, and so for the tables in it.
    pub(super) fn refuse_unknown(&self, keys: &'static [&'static Key]) {
        for (name, node) in self.table.into_iter().flatten() {
            let Some(key) = keys.iter().find(|key| key.name == name) else {
                let guess = suggestion(name, keys.iter().map(|key| key.name.to_owned()));
                let path = format!("{}{name}", self.path);
                self.note(node.origin.clone(), &path, format_args!("there is no such key{guess}"));
                continue;
            };
            match (&key.shape, &node.value) {
                (Shape::Section(inner), Value::Table(_)) => self.section(key).refuse_unknown(inner),
                (Shape::Section(_), other) => {
                    let found = other.kind();
                    self.wrong(key, format_args!("is a section, not {found}: write [{name}]"));
                }
                (Shape::Rows(inner), Value::List(items))
                    if items.iter().all(|item| matches!(item.value, Value::Table(_))) =>
                {
                    self.rows(key).iter().for_each(|row| row.refuse_unknown(inner));
                }
                _ => {}
            }
        }
    }
}
