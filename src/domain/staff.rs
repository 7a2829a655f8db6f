//! Who works here and what they may do.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{
    address::Address,
    id::{SessionId, UserId},
    language::Language,
    words::words,
};

/// A session ends after so long without a request (ASVS 5.0, 7.3.1).
pub const IDLE_MAX: TimeDelta = TimeDelta::minutes(30);
/// A session ends so long after signing in (ASVS 5.0, 7.3.2).
pub const SESSION_MAX: TimeDelta = TimeDelta::hours(8);
/// Deeds with weight ask for the password or a code if the last one is older (ASVS 5.0, 7.5.3).
pub const PROOF_MAX: TimeDelta = TimeDelta::minutes(10);
/// Wrong attempts in a row before the next one has to wait.
pub const FREE_FAILURES: u32 = 5;
/// Longest wait after wrong attempts; nobody is locked out for good.
const WAIT_MAX: TimeDelta = TimeDelta::minutes(15);

words! {
    /// What somebody is here for.
    Role("role") {
        /// Sees campaigns and reports, without the people in them.
        Viewer = "viewer",
        /// Writes campaigns and keeps contacts.
        Author = "author",
        /// Lets the campaigns of others go out.
        Approver = "approver",
        /// The data-protection officer: proves, exports, erases.
        Officer = "officer",
        /// Sets the service up and gives others their roles; sends nothing.
        Admin = "admin",
    }
}

words! {
    /// What a role allows.
    Right("right") {
        /// Look at campaigns and reports.
        See = "see",
        /// See who the people are.
        SeePeople = "see_people",
        /// Bring people in, mend and block them.
        EditPeople = "edit_people",
        /// Write campaigns.
        Write = "write",
        /// Let campaigns go out.
        Approve = "approve",
        /// Take data of people out.
        Export = "export",
        /// Erase people.
        Erase = "erase",
        /// Read who did what.
        Audit = "audit",
        /// Change how the service is set up.
        Settings = "settings",
        /// Give others their roles.
        Users = "users",
    }
}

impl Role {
    /// What it allows.
    #[must_use]
    pub const fn rights(self) -> &'static [Right] {
        use Right::{
            Approve, Audit, EditPeople, Erase, Export, See, SeePeople, Settings, Users, Write,
        };
        match self {
            Self::Viewer => &[See],
            Self::Author => &[See, SeePeople, EditPeople, Write],
            Self::Approver => &[See, SeePeople, Approve],
            Self::Officer => &[See, SeePeople, EditPeople, Export, Erase, Audit],
            Self::Admin => &[See, SeePeople, Export, Audit, Settings, Users],
        }
    }
}

/// Somebody who works here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Their id.
    pub id: UserId,
    /// Their address, with which they sign in.
    pub address: Address,
    /// What colleagues call them.
    pub name: String,
    /// The language of their pages.
    pub language: Language,
    /// What they are here for.
    pub roles: BTreeSet<Role>,
    /// Whether they have set a password.
    pub has_password: bool,
    /// Whether a code is asked besides the password.
    pub has_second_factor: bool,
    /// Since when they may not sign in.
    pub disabled_at: Option<DateTime<Utc>>,
    /// When they were added.
    pub created_at: DateTime<Utc>,
}

impl User {
    /// Whether one of their roles allows it.
    #[must_use]
    pub fn may(&self, right: Right) -> bool {
        self.roles.iter().any(|role| role.rights().contains(&right))
    }
}

words! {
    /// What a session is good for.
    SessionState("session state") {
        /// The password was right; the code is still due.
        CodeDue = "code_due",
        /// Signed in.
        Open = "open",
        /// Signed out or revoked.
        Ended = "ended",
    }
}

/// A browser in which somebody has signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Its id. What the cookie holds is another secret.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// What it is good for.
    pub state: SessionState,
    /// What the browser calls itself, cut short.
    pub agent: String,
    /// When the password was given.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub seen_at: DateTime<Utc>,
    /// When the person last proved who they are.
    pub proved_at: DateTime<Utc>,
}

impl Session {
    /// Whether it is still good at `now`.
    #[must_use]
    pub fn lives(&self, now: DateTime<Utc>) -> bool {
        self.state != SessionState::Ended
            && now < self.seen_at + IDLE_MAX
            && now < self.created_at + SESSION_MAX
    }

    /// Whether the person proved who they are shortly before `now`.
    #[must_use]
    pub fn is_proved(&self, now: DateTime<Utc>) -> bool {
        now < self.proved_at + PROOF_MAX
    }
}

/// How long to wait after this many wrong attempts in a row: nothing up to five, then 1 s, doubling,
/// up to 15 minutes (ASVS 5.0, 6.3.1).
#[must_use]
pub fn wait_after(failures: u32) -> TimeDelta {
    let Some(over) = failures.checked_sub(FREE_FAILURES) else { return TimeDelta::zero() };
    let seconds = 1_i64.checked_shl(over.min(20)).unwrap_or(i64::MAX);
    TimeDelta::seconds(seconds).min(WAIT_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_and_end() {
        let waits: Vec<i64> =
            [0, 4, 5, 6, 7, 14, 15, 4_000].map(wait_after).map(|wait| wait.num_seconds()).into();
        assert_eq!(waits, [0, 0, 1, 2, 4, 512, 900, 900]);
    }

    #[test]
    fn a_session_ends_when_idle_and_in_any_case_after_a_working_day() {
        let now = DateTime::UNIX_EPOCH;
        let session = Session {
            id: SessionId(uuid::Uuid::nil()),
            user_id: UserId(uuid::Uuid::nil()),
            state: SessionState::Open,
            agent: String::new(),
            created_at: now,
            seen_at: now,
            proved_at: now,
        };
        assert!(session.lives(now + IDLE_MAX - TimeDelta::seconds(1)));
        assert!(!session.lives(now + IDLE_MAX));
        let busy = Session { seen_at: now + SESSION_MAX, ..session.clone() };
        assert!(!busy.lives(now + SESSION_MAX));
        assert!(session.is_proved(now) && !session.is_proved(now + PROOF_MAX));
        assert!(!Session { state: SessionState::Ended, ..session }.lives(now));
    }

    #[test]
    fn nobody_writes_and_approves_by_one_role() {
        for role in Role::ALL {
            let rights = role.rights();
            assert!(rights.contains(&Right::See));
            assert!(
                !(rights.contains(&Right::Write) && rights.contains(&Right::Approve)),
                "{role}"
            );
        }
    }
}
