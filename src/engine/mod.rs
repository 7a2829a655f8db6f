//! What wakes by itself: idempotent background tasks.
