//! Who works here: how they sign in, what they are for, what they did.

pub mod actions;
pub mod passwords;
pub mod second_factor;
pub mod sessions;
pub mod sign_in;
pub mod users;

mod secret;

/// How histories name somebody who works here.
#[must_use]
pub fn actor(user: crate::domain::id::UserId) -> String {
    format!("staff:{user}")
}
