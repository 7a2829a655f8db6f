//! The only place where the program asks for the time.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};

/// Tells the time, or in tests the time it was set to.
#[derive(Debug, Clone, Default)]
pub enum Clock {
    /// The machine's.
    #[default]
    System,
    /// Stands still until moved.
    Manual(Arc<Mutex<DateTime<Utc>>>),
}

impl Clock {
    /// A clock that stands at `time`.
    #[must_use]
    pub fn standing_at(time: DateTime<Utc>) -> Self {
        Self::Manual(Arc::new(Mutex::new(time)))
    }

    /// The time in whole microseconds: PostgreSQL keeps no more.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        let time = match self {
            #[expect(clippy::disallowed_methods, reason = "this is the Clock")]
            Self::System => Utc::now(),
            Self::Manual(time) => *time.lock().unwrap_or_else(PoisonError::into_inner),
        };
        time.trunc_subsecs(6)
    }

    /// Moves a manual clock, forwards or back. The machine's clock is left alone.
    pub fn shift(&self, by: TimeDelta) {
        if let Self::Manual(time) = self {
            *time.lock().unwrap_or_else(PoisonError::into_inner) += by;
        }
    }
}
