//! Kelisim (Kazakh *келісім*, consent): mail only to people whose consent can be proved.
//!
//! # Bird's-eye view
//!
//! ```text
//! cli                 starts things, knows everything
//! web   |  engine     asked from outside | wakes by itself
//! app                 what may be done: one deed, one function, one transaction
//! store |  mail       remembers | composes and speaks SMTP
//! domain              what is true: no async, no I/O, no clock and no chance of its own
//! ```
//!
//! Each floor knows only those below it; `tests/tidy.rs` checks that, and that SQL stands in
//! [`store`] alone. [`config`] is read by [`cli`] only, [`telemetry`] by nobody else.
//!
//! # What always holds
//!
//! 1. **No proof, no mail.** A delivery names the ledger event that allows it; the schema refuses
//!    one without. [`domain::gate::decide`] is the one rule, and it has no switch.
//! 2. **The gate is asked twice**, in the claim's transaction ([`app::sending`]) and right before
//!    `MAIL FROM` ([`app::Permits`]).
//! 3. **History is never overwritten.** Consent events are hash-chained ([`domain::ledger`]); where a
//!    consent stands is a projection of them ([`domain::consent::fold`]).
//! 4. **Nothing but a fresh act of the person revives a withdrawal.**
//! 5. **Nobody is mailed twice for one campaign, and nobody is silently lost.** What cannot be known
//!    is *uncertain* and is not resent by itself.
//! 6. **A timed send starts once**, and a missed one is paused or made up for by a stated policy.
//! 7. **GET never changes anything**; leaving is a POST without cookie, login or redirect.
//! 8. **No mail without a working way out**: composed bytes are checked before the first leaves.
//! 9. **Nothing personal leaks** into logs, errors, URLs or labels.
//! 10. **Limits on everything**, and they have names.
//!
//! # One campaign, from folder to mailbox
//!
//! `kelisim campaign create DIR` reads the folder ([`app::campaign_folder`]); [`app::campaign::create`]
//! checks it and compiles each language once ([`mail::render`]). [`app::campaign::start`] moves the
//! state ([`domain::campaign`]). The engine's expander writes the audience out as deliveries, chunk by
//! chunk ([`app::sending::expand`]), each with what the gate says of it now. Meanwhile the driver claims
//! what the pace allows ([`app::sending::claim`]); a worker renders, composes and signs
//! ([`mail::compose`], [`mail::dkim`]), asks the gate for the last time, writes the envelope, waits for
//! the mark that the body is about to leave to be durable, and writes the body
//! ([`mail::transport`]). The recorder brings marks and outcomes to the database, many in one
//! transaction. [`domain::reply::verdict`] says what a reply means.
//!
//! # One campaign, in the browser
//!
//! Whoever works here is a [`domain::staff::User`]; [`app::staff::sign_in`] opens a session, and one
//! table ([`web::staff_rules`]) says who may come where. An author's working copy is
//! [`app::draft`]: saved by revision, so that two people never overwrite each other. What it says is a
//! [`domain::letter`], typed blocks that know no HTML; [`app::letters`] turns them into the same bodies
//! that a folder holds. Submitting seals it; somebody else approves the seal; a start waits for as
//! long as it can be taken back, and from there on nothing differs from the command line.
//! [`app::figures`] keeps the counts that the live page and the report show.
//!
//! # One withdrawal
//!
//! The mail client posts to `/u/TOKEN` ([`web`]); [`app::leave`] reads the token, [`app::consent::withdraw`]
//! adds the event to the ledger, updates the projection, leaves a notice for other nodes, commits, and
//! only then, still before the answer, tells [`app::Permits`]: a sender that is about to write
//! `MAIL FROM` to that person asks the gate again and hears no.
//!
//! # One crash
//!
//! The process dies. Deliveries it had claimed are *claimed* or, where the body may have begun,
//! *handing*. The next engine (at once on SQLite, whose lock died with the process; after the node
//! timeout on PostgreSQL) queues the first again and declares the second uncertain
//! ([`store::delivery::reap`]). Nothing else was in memory only.

pub mod app;
pub mod cli;
pub mod config;
pub mod domain;
pub mod engine;
pub mod mail;
pub mod store;
pub mod telemetry;
pub mod web;
