//! What was caught: the newest messages, in memory.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::watch;

use super::letter::Letter;
use crate::{
    app::Clock,
    mail::listener::{Behaviour, Received},
};

/// Messages that are kept.
pub(super) const LETTERS_MAX: usize = 5_000;
/// What they may take up together, in octets.
const OCTETS_MAX: usize = 200_000_000;

/// The newest messages; the oldest make room.
#[derive(Debug)]
pub(in super::super) struct Mailbox {
    kept: Mutex<Kept>,
    clock: Clock,
    arrivals: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Kept {
    letters: VecDeque<Arc<Letter>>,
    octets: usize,
    arrived: u64,
}

/// Some messages, the newest first.
#[derive(Debug)]
pub(super) struct Slice {
    /// At most as many as were asked for.
    pub letters: Vec<Arc<Letter>>,
    /// Whether older ones match too.
    pub has_older: bool,
}

impl Mailbox {
    /// An empty one.
    pub(in super::super) fn new(clock: Clock) -> Self {
        Self { kept: Mutex::default(), clock, arrivals: watch::Sender::new(0) }
    }

    /// Tells how many have come, whenever that changes.
    pub(super) fn arrivals(&self) -> watch::Receiver<u64> {
        self.arrivals.subscribe()
    }

    /// How many have come, and how many of them are kept.
    pub(super) fn counts(&self) -> (u64, usize) {
        let kept = self.lock();
        (kept.arrived, kept.letters.len())
    }

    /// The message with this number, if it is kept.
    pub(super) fn letter(&self, number: u64) -> Option<Arc<Letter>> {
        let kept = self.lock();
        let at = kept.letters.binary_search_by_key(&number, |letter| letter.number).ok()?;
        kept.letters.get(at).cloned()
    }

    /// Messages that hold `wanted` in recipient or subject and came before number `before`.
    pub(super) fn page(&self, wanted: &str, before: Option<u64>, most: usize) -> Slice {
        let wanted = wanted.trim().to_lowercase();
        let kept = self.lock();
        let mut found = kept
            .letters
            .iter()
            .rev()
            .filter(|letter| before.is_none_or(|before| letter.number < before))
            .filter(|letter| letter.matches(&wanted));
        let letters = found.by_ref().take(most).cloned().collect();
        Slice { letters, has_older: found.next().is_some() }
    }

    fn keep(&self, received: Received) {
        let now = self.clock.now();
        let mut kept = self.lock();
        kept.arrived += 1;
        let letter = Letter::new(received, kept.arrived, now);
        kept.octets += letter.octets();
        kept.letters.push_back(Arc::new(letter));
        while kept.letters.len() > LETTERS_MAX || kept.octets > OCTETS_MAX {
            let Some(oldest) = kept.letters.pop_front() else { break };
            kept.octets -= oldest.octets();
        }
        self.arrivals.send_replace(kept.arrived);
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes everything that the catcher is given.
pub(in super::super) struct Catcher(pub Arc<Mailbox>);

impl Behaviour for Catcher {
    fn received(&self, mail: Received) {
        self.0.keep(mail);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(to: &str, octets: usize) -> Received {
        Received {
            mail_from: String::new(),
            parameters: String::new(),
            rcpt_to: vec![to.to_owned()],
            message: format!("Subject: S\r\n\r\n{}", "x".repeat(octets)).into_bytes(),
            connection: 0,
            is_encrypted: false,
            user: None,
        }
    }

    fn numbers(slice: &Slice) -> Vec<u64> {
        slice.letters.iter().map(|letter| letter.number).collect()
    }

    #[test]
    fn pages_go_from_the_newest_to_the_oldest_without_gap_or_repeat() {
        let mailbox = Mailbox::new(Clock::System);
        for to in ["a@x.kz", "b@x.kz", "a@x.kz", "a@x.kz"] {
            mailbox.keep(mail(to, 1));
        }
        let first = mailbox.page("A@X", None, 2);
        assert_eq!((numbers(&first), first.has_older), (vec![4, 3], true));
        mailbox.keep(mail("a@x.kz", 1));
        let second = mailbox.page("A@X", Some(3), 2);
        assert_eq!((numbers(&second), second.has_older), (vec![1], false));
    }

    #[test]
    fn the_oldest_make_room_and_are_still_counted() {
        let mailbox = Mailbox::new(Clock::System);
        for _ in 0..=LETTERS_MAX {
            mailbox.keep(mail("a@x.kz", 1));
        }
        assert_eq!(mailbox.counts(), (LETTERS_MAX as u64 + 1, LETTERS_MAX));
        assert!(mailbox.letter(1).is_none() && mailbox.letter(2).is_some());
    }

    #[test]
    fn what_is_kept_takes_up_no_more_than_the_limit() {
        let mailbox = Mailbox::new(Clock::System);
        for _ in 0..12 {
            mailbox.keep(mail("a@x.kz", 20_000_000));
        }
        assert!(mailbox.lock().octets <= OCTETS_MAX);
        assert_eq!(mailbox.counts(), (12, 9));
    }
}
