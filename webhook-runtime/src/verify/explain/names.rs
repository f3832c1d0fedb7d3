//! What the head alone shows, without a computation: headers that are missing, repeated or under another name, and
//! times that are off.

use http::request::Parts;
use http::{HeaderMap, HeaderName};

use super::report::{Fault, Finding};
use crate::base::error::rejection::Cause;
use crate::source::Source;

/// What the refusal of a head looks like. Cheap enough for every refused delivery.
pub(super) fn of_cause(cause: &Cause, source: &Source, parts: &Parts) -> Option<Finding> {
    match cause {
        Cause::MissingHeader(name) => Some(missing(name, source, &parts.headers)),
        Cause::RepeatedHeader(name) => {
            let what = match parts.headers.get_all(name).iter().count() {
                ..2 => format!("{name} stands beside the other spelling of its name"),
                times => format!("{name} is there {times} times"),
            };
            let remedy = "Find the proxy or gateway that adds it to the sender's; a request must carry it once.";
            Some(Finding::new(Fault::HeaderRepeated, what, remedy))
        }
        Cause::MalformedHeader { name, .. } => Some(Finding::new(
            Fault::HeaderMalformed,
            format!("{name} has not the form that the scheme says"),
            "Compare it with the documentation of the source: label, encoding and version must be those.",
        )),
        Cause::NoSignatureOfScheme { scheme } => Some(Finding::new(
            Fault::Version,
            format!("no {scheme} signature that can be read is in the header"),
            "See in the sender's settings which version it signs, and give the secret or key of that version.",
        )),
        Cause::Parameter { name, problem } => Some(Finding::new(
            Fault::HeaderMissing,
            format!("the query parameter {name} {problem}"),
            "Write the URL at the sender with the parameter, once; look for a proxy that drops the query.",
        )),
        Cause::NoUrl => Some(Finding::new(
            Fault::NoUrl,
            "the source does not know the URL that the sender calls",
            "Write `.public_url(…)` for the app, or `.url(…)` on the source; it is never taken from the request.",
        )),
        Cause::NotCovered(component) => Some(Finding::new(
            Fault::SignedText,
            format!("the signature does not cover {component}"),
            "Have the sender sign it, or take it off the components that the source demands.",
        )),
        Cause::Expired { since } => Some(Finding::new(
            Fault::Clock,
            format!("the sender said that the delivery is good until {since} s ago"),
            "Look for a queue that holds deliveries back, and compare both clocks with a time server.",
        )),
        Cause::KeyNotFetched => Some(Finding::new(
            Fault::NoSecret,
            "the sender publishes its key, and the source has not fetched it",
            "Explain the source that `source.resolve_with_body(…)` returns for this request.",
        )),
        Cause::OtherRecipient => Some(Finding::new(
            Fault::OtherSource,
            "the sender made the delivery for another topic, webhook or client",
            "Compare the configured one with the sender's settings.",
        )),
        Cause::TimestampOutsideTolerance { .. }
        | Cause::MalformedBody(_)
        | Cause::ForeignUrl
        | Cause::Key(_)
        | Cause::Token(_)
        | Cause::SignatureMismatch
        | Cause::NoSecret => None,
    }
}

fn missing(name: &HeaderName, source: &Source, headers: &HeaderMap) -> Finding {
    if let Some(other) = headers.keys().take(MOST_HEADERS).find(|it| is_like(name.as_str(), it.as_str())) {
        return Finding::new(
            Fault::HeaderRenamed,
            format!("{other} is there in the place of {name}"),
            renamed(name.as_str(), other.as_str()),
        );
    }
    let own = &source.facts().headers;
    if own.iter().any(|it| it.name != name.as_str() && headers.contains_key(&*it.name)) {
        return Finding::new(
            Fault::HeaderMissing,
            "the other headers of the signature are there",
            "Look for a proxy or gateway that drops this one, and let it through.",
        );
    }
    let signed = headers.keys().take(MOST_HEADERS).any(|it| looks_like_a_signature(it.as_str()));
    let (what, remedy) = match signed {
        true => (
            "a signature of another scheme is there",
            "See whether the delivery is one of this sender: its provider, its scheme and its route.",
        ),
        false => (
            "no header that looks like it is there either",
            "Enter the secret at the sender (several sign only with one), and look for a proxy that drops headers.",
        ),
    };
    Finding::new(Fault::HeaderMissing, what, remedy)
}

/// What to do about a header under another name.
pub(super) fn renamed(name: &str, other: &str) -> String {
    let family = |it: &str| FAMILIES.iter().any(|family| it.starts_with(family));
    if family(name) && family(other) {
        "The sender spells the headers of Standard Webhooks its own way: take the source that reads that spelling."
            .to_owned()
    } else if other.replace('_', "-").starts_with("http-") {
        "A gateway wrote the names of headers as CGI variables: give back the original names.".to_owned()
    } else if name.starts_with(other) {
        format!("The sender sent its older signature alone: switch it to {name}, or look for what drops that header.")
    } else {
        format!("Find what renames it on the way, or configure {other} where the sender calls it so.")
    }
}

/// Could the one be the other, misspelled, rewritten, or of a sister scheme?
pub(super) fn is_like(name: &str, other: &str) -> bool {
    if name == other || other.len() > MOST_LETTERS {
        return false;
    }
    let (plain, other_plain) = (plain(name), plain(other));
    let tail = |it: &str| it.rsplit('-').next().unwrap_or_default().to_owned();
    let in_family = |it: &str| FAMILIES.iter().find_map(|family| it.strip_prefix(family).map(str::to_owned));
    plain == other_plain
        || (plain.len() > 6 && distance_at_most(2, plain.as_bytes(), other_plain.as_bytes()))
        || in_family(name).is_some_and(|role| in_family(other) == Some(role))
        || (looks_like_a_signature(other) && (plain.starts_with(&other_plain) || other_plain.starts_with(&plain)))
        || (["signature", "timestamp"].contains(&&*tail(&plain)) && tail(&plain) == tail(&other_plain))
}

/// Without what gateways and conventions put before a name.
fn plain(name: &str) -> String {
    let name = name.replace('_', "-");
    let name = name.strip_prefix("http-").unwrap_or(&name);
    name.strip_prefix("x-").unwrap_or(name).to_owned()
}

pub(super) fn looks_like_a_signature(name: &str) -> bool {
    ["signature", "hmac", "digest", "sha256", "sha1"].iter().any(|it| name.contains(it))
}

/// Can the one be made of the other with so many letters changed, added or left out?
fn distance_at_most(most: usize, a: &[u8], b: &[u8]) -> bool {
    match (a.split_first(), b.split_first()) {
        (None, _) => b.len() <= most,
        (_, None) => a.len() <= most,
        (Some((x, a)), Some((y, b))) if x == y => distance_at_most(most, a, b),
        (Some((_, shorter)), Some((_, other))) => most.checked_sub(1).is_some_and(|most| {
            distance_at_most(most, shorter, other)
                || distance_at_most(most, shorter, b)
                || distance_at_most(most, a, other)
        }),
    }
}

/// A timestamp that is too far away, of a delivery whose signature is right otherwise.
pub(super) fn off(age: i64, tolerance: u64, now: i64) -> Finding {
    let timestamp = now.saturating_sub(age);
    let near = |seconds: i64| now.abs_diff(seconds) <= DAY;
    for (unit, per_second) in [("milliseconds", 1_000), ("microseconds", 1_000_000), ("nanoseconds", 1_000_000_000)] {
        if near(timestamp / per_second) {
            return Finding::new(
                Fault::TimestampUnit,
                format!("the timestamp is in {unit}, where the scheme has seconds"),
                "Configure the unit that the sender writes, or have the sender write seconds.",
            );
        }
    }
    if timestamp.checked_mul(1000).is_some_and(near) {
        return Finding::new(
            Fault::TimestampUnit,
            "the timestamp is in seconds, where the source is configured for milliseconds",
            "Configure the unit that the sender writes.",
        );
    }
    let (distance, span) = (age.unsigned_abs(), in_words(age.unsigned_abs()));
    let quarters = (distance + QUARTER / 2) / QUARTER;
    if (1..=14 * 4).contains(&quarters) && distance.abs_diff(quarters * QUARTER) <= 5 && quarters.is_multiple_of(2) {
        let side = if age.is_negative() { "ahead" } else { "behind" };
        return Finding::new(
            Fault::Clock,
            format!("the timestamp is {span} {side}, as a time zone is: it looks as if a local time was taken for UTC"),
            "Set the clock that is wrong, or sign the Unix time, which knows no time zone.",
        );
    }
    if age.is_negative() {
        return Finding::new(
            Fault::Clock,
            format!("the timestamp is {span} ahead: this machine's clock is behind, or the sender's is ahead"),
            "Set both clocks by NTP.",
        );
    }
    let remedy = match distance {
        ..=HOUR => {
            "Set this machine's clock by NTP. Where both are right the sender's queue is slow: see its retries, or \
             widen `.tolerance(…)`."
        }
        _ => {
            "A recorded request is explained with the time of its receipt as `now`. A delivery that is as old on \
             arrival was replayed, or a clock is wrong."
        }
    };
    Finding::new(Fault::Clock, format!("the timestamp is {span} behind, and {tolerance} s are tolerated"), remedy)
}

fn in_words(seconds: u64) -> String {
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min {} s", seconds / 60, seconds % 60),
        7_200..172_800 => format!("{} h {} min", seconds / HOUR, seconds % HOUR / 60),
        _ => format!("{} days", seconds / DAY),
    }
}

/// Prefixes of one scheme's headers.
const FAMILIES: [&str; 2] = ["webhook-", "svix-"];
const QUARTER: u64 = 15 * 60;
const HOUR: u64 = 60 * 60;
const DAY: u64 = 24 * HOUR;
/// A longer name means nothing, and a log line is not a place to fill.
const MOST_LETTERS: usize = 64;
/// A request has some twenty headers; more are not compared.
const MOST_HEADERS: usize = 100;

#[cfg(test)]
mod tests {
    use super::{in_words, is_like, off, renamed};

    const NOW: i64 = 1_614_265_330;

    #[test]
    fn names_of_one_meaning_are_alike_and_others_are_not() {
        let longest = format!("{}-signature", "x".repeat(54));
        for (name, other) in [
            ("webhook-signature", "svix-signature"),
            ("webhook-id", "svix-id"),
            ("x-hub-signature-256", "x-hub-signature"),
            ("x-hub-signature-256", "http_x_hub_signature_256"),
            ("x-shopify-hmac-sha256", "x-shopfy-hmac-sha256"),
            ("x-shop-timestamp", "x-store-timestamp"),
            ("x-tokenid", "x-tokenids"),
            ("x-signature", &longest),
        ] {
            assert!(is_like(name, other), "{name} {other}");
        }
        for (name, other) in [
            ("webhook-id", "x-request-id"),
            ("webhook-id", "webhook-id"),
            ("stripe-signature", "date"),
            ("x-tokens", "x-token"),
            ("x-signature", &format!("x{longest}")),
        ] {
            assert!(!is_like(name, other), "{name} {other}");
        }
    }

    #[test]
    fn what_to_do_about_another_name_follows_from_it() {
        for (name, other, expected) in [
            ("webhook-id", "svix-id", "The sender spells the headers of Standard Webhooks its own way"),
            ("webhook-id", "x-webhook-id", "Find what renames it on the way"),
            ("x-webhook-id", "webhook-id", "Find what renames it on the way"),
            ("webhook-id", "http_webhook_id", "A gateway wrote the names of headers as CGI variables"),
            ("x-hub-signature-256", "x-hub-signature", "The sender sent its older signature alone"),
        ] {
            assert!(renamed(name, other).starts_with(expected), "{name} {other}");
        }
    }

    fn check(age: i64, tolerance: u64, expected: &str) {
        let found = off(age, tolerance, NOW);
        assert!(found.what().starts_with(expected), "{age}: {}", found.what());
    }

    #[test]
    fn a_time_zone_is_half_hours_to_fourteen_and_a_few_seconds() {
        check(1_800, 300, "the timestamp is 30 min 0 s behind, as a time zone is");
        check(7_200, 300, "the timestamp is 2 h 0 min behind, as a time zone is");
        check(7_195, 300, "the timestamp is 119 min 55 s behind, as a time zone is");
        check(7_205, 300, "the timestamp is 2 h 0 min behind, as a time zone is");
        check(-7_197, 300, "the timestamp is 119 min 57 s ahead, as a time zone is");
        check(14 * 3_600, 300, "the timestamp is 14 h 0 min behind, as a time zone is");
        check(15 * 3_600, 300, "the timestamp is 15 h 0 min behind, and 300 s are tolerated");
        check(7_206, 300, "the timestamp is 2 h 0 min behind, and 300 s are tolerated");
        check(7_194, 300, "the timestamp is 119 min 54 s behind, and 300 s are tolerated");
        check(900, 300, "the timestamp is 15 min 0 s behind, and 300 s are tolerated");
        check(600, 300, "the timestamp is 10 min 0 s behind, and 300 s are tolerated");
        check(2, 1, "the timestamp is 2 s behind, and 1 s are tolerated");
        check(-90, 60, "the timestamp is 90 s ahead: this machine's clock is behind");
    }

    #[test]
    fn a_time_that_is_near_in_another_unit_is_of_that_unit() {
        let check = |timestamp: i64, expected: &str| check(NOW - timestamp, 300, expected);
        check(NOW * 1_000, "the timestamp is in milliseconds, where the scheme has seconds");
        check(NOW * 1_000_000, "the timestamp is in microseconds, where the scheme has seconds");
        check(NOW * 1_000_000_000, "the timestamp is in nanoseconds, where the scheme has seconds");
        check(NOW / 1_000, "the timestamp is in seconds, where the source is configured for milliseconds");
        check((NOW + 86_400) * 1_000, "the timestamp is in milliseconds, where the scheme has seconds");
        check((NOW + 86_401) * 1_000, "the timestamp is 18665942 days ahead");
    }

    #[test]
    fn a_span_is_told_in_two_units_at_most() {
        for (seconds, expected) in [
            (119, "119 s"),
            (121, "2 min 1 s"),
            (7_199, "119 min 59 s"),
            (7_260, "2 h 1 min"),
            (172_799, "47 h 59 min"),
            (172_800, "2 days"),
        ] {
            assert_eq!(in_words(seconds), expected);
        }
    }
}
