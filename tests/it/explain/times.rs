//! Faults of clocks, and of what is signed beside the body.

use expect_test::expect;
use webhook_runtime::{Fault, HmacSource, Source, Step};

use super::{BODY, SECRET, check, delivery, standard, stripe};
use crate::support::NOW;

pub(crate) const LATER: &str = "{\n  \"type\": \"a\"\n}";

/// Signs a time of its own header and the body.
pub(crate) fn by_time() -> HmacSource {
    HmacSource::new("x-shop-signature", SECRET).timestamp_header("x-shop-timestamp").signed("{timestamp}.{body}")
}

#[test]
fn a_clock_is_off() {
    check(
        delivery(&stripe(), BODY).at(NOW + 600),
        Step::Timestamp,
        Fault::Clock,
        expect![[r#"
        source stripe, refused at the timestamp: the timestamp is 600 s old, over the tolerance of 300 s
        proven: the timestamp is 10 min 0 s behind, and 300 s are tolerated
                Set this machine's clock by NTP. Where both are right the sender's queue is slow: see its retries, or widen `.tolerance(…)`."#]],
    );
    check(
        delivery(&stripe(), BODY).at(NOW - 420),
        Step::Timestamp,
        Fault::Clock,
        expect![[r#"
        source stripe, refused at the timestamp: the timestamp lies 420 s in the future, over the tolerance of 300 s
        proven: the timestamp is 7 min 0 s ahead: this machine's clock is behind, or the sender's is ahead
                Set both clocks by NTP."#]],
    );
    check(
        delivery(&standard(), BODY).at(NOW + 7_200),
        Step::Timestamp,
        Fault::Clock,
        expect![[r#"
            source standard-webhooks, refused at the timestamp: the timestamp is 7200 s old, over the tolerance of 300 s
            proven: the timestamp is 2 h 0 min behind, as a time zone is: it looks as if a local time was taken for UTC
                    Set the clock that is wrong, or sign the Unix time, which knows no time zone."#]],
    );
    check(
        delivery(&standard(), BODY).at(NOW + 3 * 86_400 + 1_000),
        Step::Timestamp,
        Fault::Clock,
        expect![[r#"
        source standard-webhooks, refused at the timestamp: the timestamp is 260200 s old, over the tolerance of 300 s
        proven: the timestamp is 3 days behind, and 300 s are tolerated
                A recorded request is explained with the time of its receipt as `now`. A delivery that is as old on arrival was replayed, or a clock is wrong."#]],
    );
    let milliseconds = HmacSource::new("x-shop-signature", SECRET)
        .timestamp_header_in_milliseconds("x-shop-timestamp")
        .signed("{timestamp}.{body}");
    check(
        delivery(&milliseconds.clone().into(), BODY).received_by(by_time()),
        Step::Timestamp,
        Fault::TimestampUnit,
        expect![[r#"
            source hmac, refused at the timestamp: the timestamp lies 1612651064670 s in the future, over the tolerance of 300 s
            proven: the timestamp is in milliseconds, where the scheme has seconds
                    Configure the unit that the sender writes, or have the sender write seconds."#]],
    );
    check(
        delivery(&by_time().into(), BODY).received_by(milliseconds),
        Step::Timestamp,
        Fault::TimestampUnit,
        expect![[r#"
            source hmac, refused at the timestamp: the timestamp is 1612651065 s old, over the tolerance of 300 s
            proven: the timestamp is in seconds, where the source is configured for milliseconds
                    Configure the unit that the sender writes."#]],
    );
    let old_and_changed = delivery(&stripe(), BODY).with_body(format!("{BODY}\n")).at(NOW + 600);
    check(
        old_and_changed,
        Step::Timestamp,
        Fault::BodyEdge,
        expect![[r#"
        source stripe, refused at the timestamp: the timestamp is 600 s old, over the tolerance of 300 s
        proven: white space was added around the body
                Give the bytes as received: nothing may trim or end them, no editor either.
        likely: the timestamp is 10 min 0 s behind, and 300 s are tolerated
                Set this machine's clock by NTP. Where both are right the sender's queue is slow: see its retries, or widen `.tolerance(…)`."#]],
    );
}

#[test]
fn a_timestamp_or_an_id_was_changed() {
    let later = (NOW + 12).to_string();
    check(
        delivery(&standard(), BODY).header("webhook-timestamp", &later),
        Step::Proof,
        Fault::HeaderAltered,
        expect![[r#"
            source standard-webhooks, refused at the proof: no configured secret made this signature
            proven: the signature was made for a timestamp 12 s before the one of the request, which was changed
                    Find what rewrites the timestamp; a retry must be signed anew, not only dated anew."#]],
    );
    check(
        delivery(&standard(), BODY).header("webhook-id", "msg_9").header("x-request-id", "msg_1"),
        Step::Proof,
        Fault::HeaderAltered,
        expect![[r#"
            source standard-webhooks, refused at the proof: no configured secret made this signature
            proven: the signature was made for the id in x-request-id, and not for that in webhook-id
                    Find what writes the id anew on the way: it is signed, and must arrive as it was sent."#]],
    );
    let bare = Source::from(HmacSource::new("x-shop-signature", SECRET));
    check(
        delivery(&by_time().into(), BODY).received_by(bare),
        Step::Proof,
        Fault::SignedText,
        expect![[r#"
        source hmac, refused at the proof: no configured secret made this signature
        proven: the sender signs `{timestamp}.{body}`, where `{body}` is expected; its timestamp is that of x-shop-timestamp
                Say so with `.signed(…)` of an `HmacSource`, or take the source of the provider that signs so."#]],
    );
}
