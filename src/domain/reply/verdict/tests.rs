use super::*;
use crate::domain::reply::MARKETING_TTL;

const FIRST: Tries =
    Tries { made: 1, age: Duration::ZERO, time_to_live: MARKETING_TTL, jitter: 0.0 };
const LAST: Tries =
    Tries { made: 16, age: MARKETING_TTL, time_to_live: MARKETING_TTL, jitter: 0.0 };

fn judged(stage: Stage, line: &str, tries: &Tries) -> Verdict {
    let (code, text) = line.split_once(' ').unwrap_or((line, ""));
    verdict(stage, Outcome::Replied(&Reply::new(code.parse().unwrap(), text)), tries)
}

/// The verdict in a few words: `retry rate provider 10`.
fn word(verdict: Verdict) -> String {
    let what = match verdict {
        Verdict::Sent => "sent",
        Verdict::Retry { .. } => "retry",
        Verdict::Failed { .. } => "failed",
        Verdict::Uncertain => "uncertain",
    };
    let brake = match verdict.brake() {
        Brake::None => String::new(),
        Brake::Provider(rest) => format!(" provider {}", rest.as_secs() / 60),
        Brake::Relay(rest) => format!(" relay {}", rest.as_secs() / 60),
        Brake::Campaign => " campaign".to_owned(),
    };
    verdict.class().map_or_else(|| what.to_owned(), |class| format!("{what} {class}{brake}"))
}

fn expect(stage: Stage, cases: &[(&str, &str)]) {
    for (line, expected) in cases {
        assert_eq!(word(judged(stage, line, &FIRST)), *expected, "{line} at {stage}");
    }
}

#[test]
fn the_five_traps_are_not_fallen_into() {
    expect(
        Stage::RcptTo,
        &[
            (
                "550 5.2.1 The user you are trying to contact is receiving mail at a rate that \
                 prevents additional messages from being delivered.",
                "failed rate provider 10",
            ),
            (
                "421 5.7.32 The From: header (RFC5322) isn't aligned with the organization domain",
                "retry policy provider 10",
            ),
            ("550 5.7.1 No such user!", "failed hard_user"),
            ("552 5.2.2 Mailbox full", "failed soft_full"),
            (
                "554 5.7.1 Service unavailable; Client host blocked using zen.spamhaus.org",
                "failed policy",
            ),
        ],
    );
}

#[test]
fn a_dead_mailbox_is_known_by_code_or_by_words() {
    expect(
        Stage::RcptTo,
        &[
            (
                "550 5.1.1 The email account that you tried to reach does not exist.",
                "failed hard_user",
            ),
            ("550 Requested action not taken: mailbox unavailable", "failed hard_user"),
            ("550 5.5.0 Requested action not taken: mailbox unavailable", "failed hard_user"),
            ("550 5.1.0 <a@b.kz> User unknown", "failed hard_user"),
            ("551 5.1.6 moved", "failed hard_user"),
            ("550 5.1.1 <a@spam.example.kz>: Recipient address rejected", "failed hard_user"),
            ("554 delivery error: This user doesn't have a yahoo.com account", "failed hard_user"),
            (
                "550 Message was not accepted -- invalid mailbox. Local mailbox a@mail.ru is \
                 unavailable: user not found",
                "failed hard_user",
            ),
            (
                "550 Message was not accepted -- invalid mailbox. Local mailbox a@mail.ru is \
                 unavailable: account is disabled",
                "failed hard_disabled",
            ),
            ("550 5.1.2 bad domain", "failed hard_domain"),
            ("556 5.1.10 Recipient address has null MX", "failed hard_domain"),
            (
                "550 5.2.1 The email account that you tried to reach is disabled.",
                "failed hard_disabled",
            ),
            ("550 5.7.17 mailbox owner has changed", "failed hard_disabled"),
        ],
    );
}

#[test]
fn a_refusal_without_a_readable_reason_proves_nothing_against_the_address() {
    expect(
        Stage::RcptTo,
        &[
            ("550 no", "failed refused"),
            ("550 5.2.1 nope", "failed refused"),
            ("553 5.1.4 x", "failed refused"),
        ],
    );
}

#[test]
fn distrust_is_never_the_persons_fault() {
    expect(
        Stage::Body,
        &[
            ("550 5.7.26 Unauthenticated email is not accepted", "failed policy campaign"),
            (
                "550 5.7.515 Access denied, sending domain does not meet the level",
                "failed policy campaign",
            ),
            ("550 5.7.606 Access denied, banned sending IP", "failed policy"),
            (
                "550 spam message rejected. Please visit http://help.mail.ru/notspam-support",
                "failed policy",
            ),
            (
                "554 5.7.1 [BL21] Connections not accepted from IP addresses on Spamhaus PBL",
                "failed policy",
            ),
            (
                "550 5.7.1 messages weren't sent; on our block list (S3150)",
                "failed policy provider 120",
            ),
            ("554 Transaction failed", "failed policy"),
            ("550 5.1.1 user unknown, or our anti-spam policy refused you", "failed policy"),
        ],
    );
}

#[test]
fn our_own_sender_stops_the_campaign_not_the_person() {
    expect(Stage::MailFrom, &[("550 no such user", "failed policy campaign")]);
    expect(
        Stage::RcptTo,
        &[
            ("550 5.1.8 Sender address rejected: domain does not exist", "failed policy campaign"),
            ("550 Sender verify failed: no such user", "failed policy campaign"),
            ("450 4.1.8 Sender address rejected: Domain not found", "retry policy"),
        ],
    );
}

#[test]
fn being_too_fast_slows_the_provider() {
    expect(
        Stage::MailFrom,
        &[
            (
                "421 4.7.28 Our system has detected an unusual amount of mail",
                "retry rate provider 10",
            ),
            (
                "421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred",
                "retry rate provider 120",
            ),
            (
                "421 4.7.1 [TS03] All messages will be permanently deferred",
                "retry rate provider 30",
            ),
            (
                "451 4.7.650 The mail server has been temporarily rate limited",
                "retry rate provider 30",
            ),
            ("421 4.7.0 Try again later", "retry rate provider 10"),
        ],
    );
    expect(
        Stage::RcptTo,
        &[("450 4.2.1 The user is receiving mail too quickly", "retry rate provider 10")],
    );
}

#[test]
fn a_passing_trouble_is_tried_again() {
    expect(
        Stage::RcptTo,
        &[
            ("450 4.7.1 Greylisted by anti-spam policy, come back", "retry soft_temp"),
            ("451 4.7.1 try later", "retry soft_temp"),
            ("452 4.2.2 over quota", "retry soft_full"),
            ("452 4.3.1 Insufficient system storage", "retry soft_temp"),
            ("452 4.5.3 too many recipients", "retry soft_temp"),
            ("450 4.1.1 User unknown in local recipient table", "retry soft_temp"),
            ("450 4.1.2 Recipient address rejected: Domain not found", "retry soft_temp"),
        ],
    );
}

#[test]
fn a_421_is_tried_again_at_every_stage_and_rests_the_relay() {
    for stage in Stage::ALL {
        let judged = judged(stage, "421 4.3.2 shutting down", &FIRST);
        assert!(
            matches!(judged, Verdict::Retry { brake: Brake::Relay(_), .. }),
            "{stage}: {judged:?}"
        );
    }
}

#[test]
fn the_relay_is_at_fault_for_what_happens_before_mail_from() {
    expect(Stage::Greeting, &[("554 no SMTP service here", "retry relay relay 1")]);
    expect(Stage::Auth, &[("535 5.7.8 bad credentials", "retry relay relay 10")]);
    expect(Stage::Auth, &[("454 4.7.0 temporary failure", "retry relay relay 1")]);
    expect(Stage::MailFrom, &[("530 5.7.0 Authentication required", "retry relay relay 10")]);
    expect(
        Stage::RcptTo,
        &[
            ("554 5.7.1 <a@b.kz>: Relay access denied", "retry relay relay 10"),
            ("550 5.4.5 Daily sending quota exceeded", "retry relay relay 60"),
        ],
    );
}

#[test]
fn size_format_and_protocol_are_faults_of_the_message_or_of_us() {
    expect(Stage::MailFrom, &[("552 5.3.4 Message size exceeds fixed limit", "failed content")]);
    expect(
        Stage::Body,
        &[
            (
                "552 5.7.0 This message was blocked because its content presents a security issue",
                "failed policy",
            ),
            ("552 5.7.0 potential security issue", "failed content"),
            ("550 5.6.1 media not supported", "failed content"),
            ("552 exceeded storage allocation", "failed soft_full"),
            ("552 too big", "failed content"),
        ],
    );
    expect(
        Stage::RcptTo,
        &[("503 5.5.1 bad sequence", "failed protocol"), ("555 x", "failed protocol")],
    );
    expect(Stage::Data, &[("250 2.0.0 go on", "retry protocol")]);
}

#[test]
fn what_came_of_the_final_dot_is_sent_or_unknown() {
    expect(Stage::Body, &[("250 2.0.0 queued", "sent"), ("354 again", "uncertain")]);
    assert_eq!(verdict(Stage::Body, Outcome::Unanswered, &FIRST), Verdict::Uncertain);
    assert_eq!(verdict(Stage::Body, Outcome::Unanswered, &LAST), Verdict::Uncertain);
}

#[test]
fn a_broken_connection_is_the_relays_until_mail_from_and_nobodys_after() {
    for outcome in [Outcome::Lost, Outcome::TimedOut, Outcome::Garbled] {
        assert_eq!(word(verdict(Stage::Connect, outcome, &FIRST)), "retry relay relay 1");
        assert_eq!(word(verdict(Stage::Body, outcome, &FIRST)), "retry soft_temp");
    }
    assert_eq!(word(verdict(Stage::Tls, Outcome::NoTls, &FIRST)), "retry relay relay 10");
    assert_eq!(word(verdict(Stage::Auth, Outcome::NoAuth, &FIRST)), "retry relay relay 10");
    assert_eq!(word(verdict(Stage::MailFrom, Outcome::Unsupported, &FIRST)), "failed content");
}

#[test]
fn retries_end_with_the_time_to_live_and_a_retry_class_never_suppresses() {
    assert_eq!(word(judged(Stage::RcptTo, "450 4.2.2 full", &LAST)), "failed soft_full");
    assert_eq!(word(judged(Stage::RcptTo, "450 4.1.1 user unknown", &LAST)), "failed soft_temp");
}

#[test]
fn a_domain_missing_for_a_day_is_gone() {
    let line = "450 4.1.2 Recipient address rejected: Domain not found";
    let gone = judged(Stage::RcptTo, line, &LAST);
    assert!(gone.suppresses() && word(gone) == "failed hard_domain");
    let short_lived =
        Tries { age: Duration::from_hours(4), time_to_live: Duration::from_hours(4), ..LAST };
    assert!(!judged(Stage::RcptTo, line, &short_lived).suppresses());
}

#[test]
fn nothing_said_before_the_recipient_was_named_and_no_4xx_suppresses() {
    let texts = ["no such user", "5.1.1 x", "5.2.1 account is disabled", "5.1.2 no such domain"];
    for text in texts {
        for stage in [Stage::Greeting, Stage::Hello, Stage::Auth, Stage::MailFrom] {
            for code in 400..600 {
                assert!(
                    !judged(stage, &format!("{code} {text}"), &LAST).suppresses(),
                    "{code} {text}"
                );
            }
        }
        for code in 400..500 {
            let first = judged(Stage::RcptTo, &format!("{code} {text}"), &FIRST);
            assert!(!first.suppresses(), "{code} {text}");
        }
    }
}
