//! What makes a withdrawal stop mail that is already on its way to a relay.
//!
//! The gate is asked in the claim's transaction; between that and `MAIL FROM` a withdrawal may be
//! committed. It is noted here before it is acknowledged, and a sender looks here in the moment in
//! which it writes `MAIL FROM`: so on one node none begins after the acknowledgement (invariant 2).

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio::{sync::Notify, time::timeout};

use crate::domain::id::ContactId;

/// Longest time a withdrawal waits for a `MAIL FROM` that is just being written. That one began
/// before the acknowledgement however long the relay takes to read it.
const WRITE_WAIT: Duration = Duration::from_secs(1);

/// How long a change is remembered. About an older claim the gate is asked again.
const REMEMBERED: Duration = Duration::from_hours(1);

/// How old may be what is known of other processes when `MAIL FROM` is written: across nodes a
/// withdrawal takes effect within one second (invariant 2), whatever kept this process from hearing.
const HEARD_MAX: Duration = Duration::from_millis(900);

/// Contacts whose permission shrank, and those to whom `MAIL FROM` is being written.
#[derive(Debug, Default)]
pub struct Permits {
    inner: Mutex<Inner>,
    written: Notify,
}

#[derive(Debug, Default)]
struct Inner {
    changed: HashMap<ContactId, Instant>,
    passing: HashMap<ContactId, usize>,
    others_heard_at: Option<Instant>,
}

/// The answer to a sender.
#[must_use]
#[derive(Debug)]
pub enum Pass<'a> {
    /// Write `MAIL FROM` now, and drop this when it is written.
    Go(Passing<'a>),
    /// Something changed since the gate was asked: ask it again.
    AskAgain,
}

/// `MAIL FROM` is being written to this contact.
#[derive(Debug)]
pub struct Passing<'a> {
    permits: &'a Permits,
    contact: ContactId,
}

impl Drop for Passing<'_> {
    fn drop(&mut self) {
        let mut inner = self.permits.lock();
        if let Some(count) = inner.passing.get_mut(&self.contact) {
            *count -= 1;
            if *count == 0 {
                inner.passing.remove(&self.contact);
            }
        }
        self.permits.written.notify_waiters();
    }
}

impl Permits {
    /// Whether `MAIL FROM` may be written for a contact about whom the gate was asked at
    /// `asked_at` (taken before the question).
    pub fn pass(&self, contact: ContactId, asked_at: Instant) -> Pass<'_> {
        let mut inner = self.lock();
        if inner.has_changed(contact, asked_at) || !inner.is_known(asked_at) {
            return Pass::AskAgain;
        }
        *inner.passing.entry(contact).or_default() += 1;
        Pass::Go(Passing { permits: self, contact })
    }

    /// Whether a contact's permission shrank since `asked_at`, as far as this process has heard.
    pub fn has_changed(&self, contact: ContactId, asked_at: Instant) -> bool {
        self.lock().has_changed(contact, asked_at)
    }

    /// Notes that permissions shrank. When this returns, no `MAIL FROM` begins any more that was
    /// allowed by what stood before.
    pub async fn revoke(&self, contacts: &[ContactId]) {
        self.note(contacts);
        let all_written = async {
            loop {
                let written = self.written.notified();
                if !self.is_passing(contacts) {
                    return;
                }
                written.await;
            }
        };
        let _begun_before = timeout(WRITE_WAIT, all_written).await;
    }

    /// Notes what other processes did, as the database told when it was asked at `began`.
    pub fn note_others(&self, contacts: &[ContactId], began: Instant) {
        self.note(contacts);
        self.lock().others_heard_at = Some(began);
    }

    fn note(&self, contacts: &[ContactId]) {
        let now = Instant::now();
        let mut inner = self.lock();
        inner.changed.retain(|_, changed| now.duration_since(*changed) < REMEMBERED);
        inner.changed.extend(contacts.iter().map(|contact| (*contact, now)));
    }

    fn is_passing(&self, contacts: &[ContactId]) -> bool {
        let inner = self.lock();
        contacts.iter().any(|contact| inner.passing.contains_key(contact))
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn has_changed(&self, contact: ContactId, asked_at: Instant) -> bool {
        self.changed.get(&contact).is_some_and(|changed| *changed >= asked_at)
            || asked_at.elapsed() >= REMEMBERED
    }

    /// Whether it is known, from the gate or by hearing, how things stood a moment ago.
    fn is_known(&self, asked_at: Instant) -> bool {
        let known = self.others_heard_at.map_or(asked_at, |heard| heard.max(asked_at));
        known.elapsed() < HEARD_MAX
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use uuid::Uuid;

    use super::*;

    const SOMEONE: ContactId = ContactId(Uuid::nil());

    #[tokio::test]
    async fn after_a_revocation_the_gate_must_be_asked_again_and_then_it_goes() {
        let permits = Permits::default();
        let asked_at = Instant::now();
        permits.revoke(&[SOMEONE]).await;
        assert!(matches!(permits.pass(SOMEONE, asked_at), Pass::AskAgain));
        std::thread::yield_now();
        let asked_later = Instant::now() + Duration::from_nanos(1);
        assert!(matches!(permits.pass(SOMEONE, asked_later), Pass::Go(_)));
    }

    #[test]
    fn who_has_not_heard_of_the_others_for_a_while_asks_again() {
        let permits = Permits::default();
        let Some(long_ago) = Instant::now().checked_sub(HEARD_MAX) else { return };
        assert!(matches!(permits.pass(SOMEONE, long_ago), Pass::AskAgain));
        permits.note_others(&[], Instant::now());
        assert!(matches!(permits.pass(SOMEONE, long_ago), Pass::Go(_)));
        permits.note_others(&[SOMEONE], Instant::now());
        assert!(matches!(permits.pass(SOMEONE, long_ago), Pass::AskAgain));
    }

    #[tokio::test]
    async fn a_revocation_waits_for_a_mail_from_that_is_being_written() {
        let permits = Arc::new(Permits::default());
        let Pass::Go(passing) = permits.pass(SOMEONE, Instant::now()) else { panic!("refused") };
        let revoking = tokio::spawn({
            let permits = Arc::clone(&permits);
            async move { permits.revoke(&[SOMEONE]).await }
        });
        tokio::task::yield_now().await;
        assert!(!revoking.is_finished());
        drop(passing);
        revoking.await.unwrap();
    }
}
