//! One contact as a file tells it.

use std::{collections::BTreeMap, fmt};

use super::claim::{ConsentClaim, PurposeOf};
use crate::domain::{address::Address, language::Language};

/// One contact as a file tells it. `Debug` shows only the line.
#[derive(Clone, PartialEq, Eq)]
pub struct ContactRow {
    /// The line on which the row begins, from 1.
    pub line: u64,
    /// Valid, its domain as A-labels.
    pub address: Address,
    /// The whole name, when the file has it in one column.
    pub name: Option<String>,
    /// The person's own name.
    pub given_name: Option<String>,
    /// The surname.
    pub family_name: Option<String>,
    /// The father's name.
    pub patronymic: Option<String>,
    /// The language for mail.
    pub language: Option<Language>,
    /// Each once, in order.
    pub tags: Vec<String>,
    /// Allow-listed attributes that are not empty, by key.
    pub attributes: BTreeMap<String, String>,
    /// The contact's id in the system that the file is from.
    pub external_id: Option<String>,
    /// What the row claims was consented to; each purpose and party once.
    pub consents: Vec<ConsentClaim>,
    /// What the row says *no* to: neither a consent nor a withdrawal, for nobody knows whether the
    /// person was asked.
    pub declined: Vec<PurposeOf>,
}

impl fmt::Debug for ContactRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContactRow").field("line", &self.line).finish_non_exhaustive()
    }
}
