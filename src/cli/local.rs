//! Times on the institution's clock.

use chrono::{DateTime, Utc};

use crate::app::App;

/// A time as staff read it, with its offset.
pub(super) fn local(app: &App, time: DateTime<Utc>) -> String {
    time.with_timezone(&app.institution.time_zone).format("%Y-%m-%d %H:%M:%S %z").to_string()
}
