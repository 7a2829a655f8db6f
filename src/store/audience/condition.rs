//! From a typed audience to SQL: the only place that compiles one.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::{
    audience::{Audience, Clause, ConsentIs, Span},
    party::PartyKey,
    purpose::PurposeKey,
    suppression::Reason,
};

/// A condition on `contact c`, with its values.
pub(super) struct Condition {
    pub(super) text: String,
    pub(super) values: Vec<Value>,
    pub(super) embedded: bool,
    now: DateTime<Utc>,
}

/// What a condition compares with.
#[derive(Clone)]
pub(super) enum Value {
    Text(String),
    Id(Uuid),
    Time(DateTime<Utc>),
    Number(i64),
}

impl Condition {
    /// A condition whose values begin with `values`, which its text may already name.
    pub(super) const fn new(embedded: bool, now: DateTime<Utc>, values: Vec<Value>) -> Self {
        Self { text: String::new(), values, embedded, now }
    }

    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    pub(super) fn bind(&mut self, value: Value) {
        self.values.push(value);
        let place = format!("${}", self.values.len());
        self.push(&place);
    }

    pub(super) fn list(&mut self, values: impl Iterator<Item = Value>) {
        self.push(" IN (");
        for (n, value) in values.enumerate() {
            self.push(if n == 0 { "" } else { ", " });
            self.bind(value);
        }
        self.push(")");
    }

    pub(super) fn audience(&mut self, audience: &Audience) {
        // The same as an address that is not NULL, but SQLite would walk that by hash, at random.
        self.push("c.address_state <> 'erased'");
        for clause in &audience.include {
            self.push(" AND ");
            self.clause(clause);
        }
        for clause in &audience.exclude {
            self.push(" AND NOT ");
            self.clause(clause);
        }
    }

    fn clause(&mut self, clause: &Clause) {
        match clause {
            // None of nothing: PostgreSQL cannot read an empty IN ().
            clause if lists_nothing(clause) => self.push("1 = 0"),
            Clause::Language(languages) => {
                self.push("coalesce(c.language, '')");
                self.list(languages.iter().map(|language| Value::Text(language.to_string())));
            }
            Clause::Tag(tags) => {
                self.push(
                    "EXISTS (SELECT 1 FROM contact_tag t WHERE t.contact_id = c.id AND t.tag",
                );
                self.list(tags.iter().cloned().map(Value::Text));
                self.push(")");
            }
            Clause::Attribute { key, is } => self.attribute(key, is),
            Clause::GotCampaign(campaigns) => {
                self.push(
                    "EXISTS (SELECT 1 FROM delivery d WHERE d.contact_id = c.id \
                     AND d.state IN ('sent', 'uncertain') AND d.campaign_id",
                );
                self.list(campaigns.iter().map(|id| Value::Id(id.0)));
                self.push(")");
            }
            Clause::Consent { purpose, party, is, since, before } => {
                let span = Span { since: *since, before: *before };
                self.consent((purpose, party), *is, span);
            }
            Clause::Created(span) => {
                self.push("(1 = 1");
                self.span("c.created_at", *span);
                self.push(")");
            }
            Clause::Imported(runs) => {
                self.push(
                    "EXISTS (SELECT 1 FROM contact_import i WHERE i.contact_id = c.id AND i.import_id",
                );
                self.list(runs.iter().map(|id| Value::Id(id.0)));
                self.push(")");
            }
            Clause::AddressState(states) => {
                self.push("c.address_state");
                self.list(states.iter().map(|state| Value::Text(state.to_string())));
            }
            Clause::Blocked(is) => {
                self.push(if *is { "c.blocked_at IS NOT NULL" } else { "c.blocked_at IS NULL" });
            }
            Clause::Suppressed(reasons) => self.suppressed(reasons),
            // Put in before by resolve(); one that is left cannot be known to hold or not.
            Clause::Segment(_) => self.push("1 = 0"),
            Clause::Any(clauses) => self.join(clauses, " OR ", "1 = 0"),
            Clause::All(clauses) => self.join(clauses, " AND ", "1 = 1"),
            Clause::Not(clause) => {
                self.push("NOT ");
                self.clause(clause);
            }
        }
    }

    fn attribute(&mut self, key: &str, is: &[String]) {
        self.push(if self.embedded {
            "coalesce((SELECT a.value FROM json_each(c.attributes) a WHERE a.key = "
        } else {
            "coalesce((c.attributes ->> "
        });
        self.bind(Value::Text(key.to_owned()));
        self.push("), '')");
        if is.is_empty() {
            self.push(" <> ''");
        } else {
            self.list(is.iter().cloned().map(Value::Text));
        }
    }

    fn consent(&mut self, of: (&PurposeKey, &PartyKey), is: ConsentIs, span: Span) {
        let (table, when) = match is {
            ConsentIs::EverGiven => ("consent_event", "occurred_at"),
            _ => ("consent", "since"),
        };
        self.push(if is == ConsentIs::None { "NOT EXISTS " } else { "EXISTS " });
        self.push(&format!("(SELECT 1 FROM {table} x WHERE x.contact_id = c.id AND x.purpose = "));
        self.bind(Value::Text(of.0.to_string()));
        self.push(" AND x.party = ");
        self.bind(Value::Text(of.1.to_string()));
        self.standing(is);
        if is != ConsentIs::None {
            self.span(&format!("x.{when}"), span);
        }
        self.push(")");
    }

    fn standing(&mut self, is: ConsentIs) {
        match is {
            ConsentIs::None => {}
            ConsentIs::EverGiven => self.push(" AND x.state IN ('given', 'renewed')"),
            ConsentIs::Holds => {
                self.push(" AND x.state IN ('given', 'renewed') AND x.valid_until > ");
                self.bind(Value::Time(self.now));
            }
            ConsentIs::Expired => {
                self.push(" AND (x.state = 'expired' OR x.state IN ('given', 'renewed') AND x.valid_until <= ");
                self.bind(Value::Time(self.now));
                self.push(")");
            }
            other => {
                self.push(" AND x.state = ");
                self.bind(Value::Text(other.to_string()));
            }
        }
    }

    fn span(&mut self, column: &str, span: Span) {
        for (time, than) in [(span.since, ">="), (span.before, "<")] {
            if let Some(time) = time {
                self.push(&format!(" AND {column} {than} "));
                self.bind(Value::Time(time));
            }
        }
    }

    fn suppressed(&mut self, reasons: &[Reason]) {
        self.push(
            "EXISTS (SELECT 1 FROM suppression s WHERE s.address_hash = c.address_hash \
             AND (s.ends_at IS NULL OR s.ends_at > ",
        );
        self.bind(Value::Time(self.now));
        self.push(")");
        if !reasons.is_empty() {
            self.push(" AND s.reason");
            self.list(reasons.iter().map(|reason| Value::Text(reason.to_string())));
        }
        self.push(")");
    }

    fn join(&mut self, clauses: &[Clause], between: &str, none: &str) {
        self.push("(");
        if clauses.is_empty() {
            self.push(none);
        }
        for (n, clause) in clauses.iter().enumerate() {
            self.push(if n == 0 { "" } else { between });
            self.clause(clause);
        }
        self.push(")");
    }
}

/// Any of nothing holds for nobody: PostgreSQL cannot read an empty IN ().
const fn lists_nothing(clause: &Clause) -> bool {
    match clause {
        Clause::Language(values) => values.is_empty(),
        Clause::Tag(values) => values.is_empty(),
        Clause::GotCampaign(values) => values.is_empty(),
        Clause::Imported(values) => values.is_empty(),
        Clause::AddressState(values) => values.is_empty(),
        _ => false,
    }
}

/// What a database's query can take as an argument.
macro_rules! bind_all {
    ($query:expr, $values:expr) => {{
        let mut query = $query;
        for value in $values {
            query = match value {
                Value::Text(text) => query.bind(text),
                Value::Id(id) => query.bind(id),
                Value::Time(time) => query.bind(time),
                Value::Number(number) => query.bind(number),
            };
        }
        query
    }};
}
pub(super) use bind_all;
