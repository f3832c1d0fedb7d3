//! Heads: what is signed beside the body, and where it stands.

use super::{BODY, Case, NOW, OTHER, SECRET, UNKNOWN, by_time, check, delivery, shop};
use crate::{HmacSource, StandardWebhooks};

fn by_milliseconds(secret: &str) -> HmacSource {
    shop(secret).timestamp_header_in_milliseconds("x-shop-timestamp").signed("{timestamp}.{body}")
}

#[test]
fn a_timestamp_was_signed_in_another_unit_than_it_is_sent_in() {
    let milliseconds = (NOW * 1000).to_string();
    check(
        &delivery(by_milliseconds(SECRET), BODY)
            .received_by(by_time(SECRET))
            .header("x-shop-timestamp", &NOW.to_string()),
        &["proven: the timestamp was signed in milliseconds, and is sent in seconds"],
    );
    check(
        &delivery(by_time(SECRET), BODY).received_by(by_milliseconds(SECRET)).header("x-shop-timestamp", &milliseconds),
        &["proven: the timestamp was signed in seconds, and is sent in milliseconds"],
    );
}

#[test]
fn a_timestamp_was_changed_by_ten_minutes_at_most() {
    let dated = |source: fn(&str) -> HmacSource, later: i64, unit: i64| {
        let timestamp = (i64::try_from(NOW).unwrap() + later) * unit;
        // So far away is told as a clock that is off, unless it is tolerated.
        let source = crate::Source::from(source(SECRET)).tolerance(std::time::Duration::from_secs(900));
        delivery(source, BODY).header("x-shop-timestamp", &timestamp.to_string())
    };
    let changed = |by: &str| {
        format!("proven: the signature was made for a timestamp {by} the one of the request, which was changed")
    };
    check(&dated(by_time, 1, 1), &[&changed("1 s before")]);
    check(&dated(by_time, 600, 1), &[&changed("600 s before")]);
    check(&dated(by_time, -600, 1), &[&changed("600 s after")]);
    check(&dated(by_time, 601, 1), &[UNKNOWN]);
    check(&dated(by_milliseconds, -600, 1000), &[&changed("600 s after")]);
}

#[test]
fn a_retiring_secret_may_be_behind_another_fault() {
    let both = HmacSource::new("x-shop-signature", [OTHER, SECRET]);
    let both = both.timestamp_header("x-shop-timestamp").signed("{timestamp}.{body}");
    check(
        &delivery(by_time(SECRET), BODY).received_by(both).header("x-shop-timestamp", &(NOW + 100).to_string()),
        &["proven: the signature was made for a timestamp 100 s before the one of the request, which was changed"],
    );
}

#[test]
fn an_id_is_looked_for_where_ids_stand() {
    let source = || StandardWebhooks::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    let also = |name| delivery(source(), BODY).header("webhook-id", "msg_9").header(name, "msg_1");
    let made_for =
        |name| format!("proven: the signature was made for the id in {name}, and not for that in webhook-id");
    check(&also("x-request-id"), &[&made_for("x-request-id")]);
    check(&also("x-github-delivery"), &[&made_for("x-github-delivery")]);
    check(&also("x-note"), &[UNKNOWN]);
}

#[test]
fn a_time_is_looked_for_where_times_stand() {
    let dated = |name: &'static str| {
        let signer = shop(SECRET).timestamp_header(name).signed("{timestamp}.{body}");
        delivery(signer, BODY).received_by(shop(SECRET))
    };
    let signs = |name| {
        format!(
            "proven: the sender signs `{{timestamp}}.{{body}}`, where `{{body}}` is expected; its timestamp is that of \
             {name}"
        )
    };
    check(&dated("x-sent-time"), &[&signs("x-sent-time")]);
    check(&dated("x-timestamp-of-sending"), &[&signs("x-timestamp-of-sending")]);
    check(&dated("x-note"), &[UNKNOWN]);
}

#[test]
fn a_text_with_an_id_and_a_timestamp_is_not_tried_without_them() {
    let signed = |template: &'static str| delivery(shop(SECRET).signed(template), BODY).received_by(shop(SECRET));
    check(&signed(".{body}"), &[UNKNOWN]);
    check(&signed("..{body}"), &[UNKNOWN]);
}

/// Signs a text around the body as a sender whose time is no number.
fn of_yesterday() -> Case {
    delivery(shop(SECRET).signed("yesterday.{body}"), BODY)
        .received_by(by_time(SECRET))
        .header("x-shop-timestamp", "yesterday")
}

#[test]
fn what_the_head_lacks_is_told_beside_what_happened_to_the_body() {
    let malformed = "x-shop-timestamp has not the form that the scheme says";
    check(&of_yesterday(), &[&format!("proven: {malformed}")]);
    check(
        &of_yesterday().with_body(format!("{BODY}\n")),
        &["proven: white space was added around the body", &format!("likely: {malformed}")],
    );
}
