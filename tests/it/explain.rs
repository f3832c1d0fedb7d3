//! The explaining verifier, on deliveries that were each spoilt in one way: which step refuses them, and which cause is
//! named. Every text is read as the owner of the source reads it; none holds a secret, a signature or a body.

use std::time::{Duration, SystemTime};

use axum::http::request::Parts;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bytes::Bytes;
use expect_test::{Expect, expect};
use http::{HeaderMap, HeaderName, HeaderValue, Request};
use webhook_runtime::{
    Fault, GitHub, HmacSource, Shopify, Source, StandardWebhooks, Step, Stripe, TokenSource, Webhooks,
};

use crate::support::NOW;

/// Base64, so that every scheme takes it; the first bytes of its text are the canary.
const SECRET: &str = "whsec_canarycanarycanarycanarycanaryca";
const OTHER: &str = "whsec_sparrowsparrowsparrowsparrowspar";
const BODY: &str = r#"{"id":"evt_1","type":"invoice.paid","amount":1.0,"url":"https://a/b","note":"<café>"}"#;
const LATER: &str = "{\n  \"type\": \"a\"\n}";
const URL: &str = "https://shop.example/hooks/in";

/// One recorded request and the source that refuses it.
struct Case {
    source: Source,
    others: Vec<Source>,
    parts: Parts,
    body: Bytes,
    now: u64,
}

/// A delivery of this source as it should arrive.
fn delivery(signer: &Source, body: &str) -> Case {
    let (mut parts, ()) = Request::post("/hooks/in").body(()).unwrap().into_parts();
    parts.headers = signer.sign("msg_1", at(NOW), body.as_bytes()).unwrap();
    Case { source: signer.clone(), others: Vec::new(), parts, body: Bytes::copy_from_slice(body.as_bytes()), now: NOW }
}

impl Case {
    fn received_by(self, source: impl Into<Source>) -> Self {
        Self { source: source.into(), ..self }
    }

    fn beside(mut self, name: &str, other: Source) -> Self {
        // Outside of an app a source is called as its provider is.
        assert_eq!(other.name(), name);
        self.others.push(other);
        self
    }

    fn with_body(self, body: impl AsRef<[u8]>) -> Self {
        Self { body: Bytes::copy_from_slice(body.as_ref()), ..self }
    }

    fn at(self, now: u64) -> Self {
        Self { now, ..self }
    }

    fn header(mut self, name: &str, value: &str) -> Self {
        self.parts.headers.insert(HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap());
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.parts.headers.remove(name).unwrap();
        self
    }

    fn twice(mut self, name: &'static str, value: &str) -> Self {
        self.parts.headers.append(name, value.parse().unwrap());
        self
    }

    fn renamed(mut self, name: &str, other: &'static str) -> Self {
        let value = self.parts.headers.remove(name).unwrap();
        self.parts.headers.insert(other, value);
        self
    }

    fn rewritten(self, name: &str, write: impl FnOnce(&str) -> String) -> Self {
        let value = write(value(&self.parts.headers, name));
        self.header(name, &value)
    }

    fn to(mut self, uri: &str) -> Self {
        self.parts.uri = uri.parse().unwrap();
        self
    }
}

fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

fn value<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers[name].to_str().unwrap()
}

fn bytes_of(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn standard() -> Source {
    StandardWebhooks::new(SECRET)
}

fn stripe() -> Source {
    Stripe::new(SECRET)
}

fn github() -> Source {
    GitHub::new(SECRET)
}

fn shopify() -> Source {
    Shopify::new(SECRET)
}

/// Signs the URL and the body.
fn by_url(url: &str) -> Source {
    Source::from(HmacSource::new("x-shop-signature", SECRET).signed("{url}{body}")).url(url)
}

/// Signs a time of its own header and the body.
fn by_time() -> HmacSource {
    HmacSource::new("x-shop-signature", SECRET).timestamp_header("x-shop-timestamp").signed("{timestamp}.{body}")
}

/// The explanation names this step, and this fault first; it reads as expected and gives nothing away.
fn check(case: Case, step: Step, fault: Fault, expected: Expect) {
    let Case { source, others, parts, body, now } = &case;
    let others: Vec<&Source> = others.iter().collect();
    let why = source.explain_among(&others, parts, body, at(*now));
    let text = why.to_string();
    expected.assert_eq(&text);
    assert_eq!(why.step(), Some(step), "{text}");
    assert_eq!(why.findings().first().map(webhook_runtime::Finding::fault), Some(fault), "{text}");
    assert!(!why.is_verified() && why.cause().is_some());

    let texts = [text, format!("{why:?}"), format!("{why:#?}"), why.summary()];
    for text in &texts {
        for canary in canaries(&case) {
            assert!(!text.contains(&canary), "{canary} in {text}");
        }
    }
}

/// Secrets and signatures, in every spelling; values of headers and parts of the body.
fn canaries(case: &Case) -> Vec<String> {
    let mut canaries: Vec<String> = ["canary", "CANARY", "sparrow", "evt_1", "café", "msg_1"].map(str::to_owned).into();
    for secret in [SECRET, OTHER] {
        let bare = secret.trim_start_matches("whsec_");
        let key = STANDARD.decode(bare).unwrap();
        canaries.extend([bare.to_owned(), hex(&key), hex(secret.as_bytes()), STANDARD.encode(secret)]);
    }
    let expected = case.source.sign("msg_1", at(NOW), &case.body).unwrap_or_default();
    for value in case.parts.headers.values().chain(expected.values()) {
        let Ok(value) = value.to_str() else { continue };
        let parts = value.split([',', ' ', '=']).filter(|it| it.len() >= 8 && *it != "example");
        for part in parts {
            canaries.push(part.to_owned());
            if part.len() % 2 == 0 && part.bytes().all(|it| it.is_ascii_hexdigit()) {
                canaries.push(STANDARD.encode(bytes_of(part)));
            }
        }
    }
    let hosts = ["shop.example", "other.example", "internal"];
    canaries.sort();
    canaries.dedup();
    canaries.retain(|it| !it.is_empty() && !hosts.iter().any(|host| it.contains(host)));
    canaries
}

#[test]
fn what_verifies_is_not_explained() {
    for source in [standard(), stripe(), github(), shopify(), by_url(URL)] {
        let Case { source, parts, body, .. } = delivery(&source, BODY);
        let why = source.explain(&parts, &body, at(NOW));
        assert!(why.is_verified() && why.findings().is_empty() && why.step().is_none(), "{why}");
        assert_eq!(why.to_string(), format!("source {}: the delivery verifies", source.name()));
    }
}

#[test]
fn a_header_is_missing() {
    check(
        delivery(&github(), BODY).without("x-hub-signature-256"),
        Step::Head,
        Fault::HeaderMissing,
        expect![[r#"
        source github, refused at the head: the header x-hub-signature-256 is missing
        likely: no header that looks like it is there either
                Enter the secret at the sender (several sign only with one), and look for a proxy that drops headers."#]],
    );
    check(
        delivery(&GitHub::new(OTHER), BODY).received_by(stripe()),
        Step::Head,
        Fault::HeaderMissing,
        expect![[r#"
            source stripe, refused at the head: the header stripe-signature is missing
            likely: a signature of another scheme is there
                    See whether the delivery is one of this sender: its provider, its scheme and its route."#]],
    );
    check(
        delivery(&standard(), BODY).without("webhook-timestamp"),
        Step::Head,
        Fault::HeaderMissing,
        expect![[r#"
            source standard-webhooks, refused at the head: the header webhook-timestamp is missing
            likely: the other headers of the signature are there
                    Look for a proxy or gateway that drops this one, and let it through."#]],
    );
}

#[test]
fn a_header_has_another_name() {
    let svix = delivery(&standard(), BODY)
        .renamed("webhook-id", "svix-id")
        .renamed("webhook-timestamp", "svix-timestamp")
        .renamed("webhook-signature", "svix-signature");
    check(
        svix,
        Step::Head,
        Fault::HeaderRenamed,
        expect![[r#"
        source standard-webhooks, refused at the head: the header webhook-id is missing
        proven: what webhook-id should say stands in svix-id
                The sender spells the headers of Standard Webhooks its own way: take the source that reads that spelling.
        proven: the signature stands in svix-signature, where webhook-signature is expected
                The sender spells the headers of Standard Webhooks its own way: take the source that reads that spelling."#]],
    );
    check(
        delivery(&github(), BODY).renamed("x-hub-signature-256", "http_x_hub_signature_256"),
        Step::Head,
        Fault::HeaderRenamed,
        expect![[r#"
            source github, refused at the head: the header x-hub-signature-256 is missing
            proven: the signature stands in http_x_hub_signature_256, where x-hub-signature-256 is expected
                    A gateway wrote the names of headers as CGI variables: give back the original names."#]],
    );
    check(
        delivery(&by_time().into(), BODY).renamed("x-shop-timestamp", "x-store-timestamp"),
        Step::Head,
        Fault::HeaderRenamed,
        expect![[r#"
            source hmac, refused at the head: the header x-shop-timestamp is missing
            proven: what x-shop-timestamp should say stands in x-store-timestamp
                    Find what renames it on the way, or configure x-store-timestamp where the sender calls it so."#]],
    );
}

#[test]
fn a_header_is_repeated() {
    check(
        delivery(&standard(), BODY).twice("webhook-id", "msg_2"),
        Step::Head,
        Fault::HeaderRepeated,
        expect![[r#"
        source standard-webhooks, refused at the head: the header webhook-id arrived more than once
        proven: webhook-id is there several times, and one of them is right
                Find the proxy or gateway that adds the others; a request must carry it once."#]],
    );
    let wrong = delivery(&stripe(), "other");
    let wrong = value(&wrong.parts.headers, "stripe-signature");
    check(
        delivery(&stripe(), BODY).twice("stripe-signature", wrong),
        Step::Head,
        Fault::HeaderRepeated,
        expect![[r#"
        source stripe, refused at the head: the header stripe-signature arrived more than once
        proven: stripe-signature is there several times, and one of them is right
                Find the proxy or gateway that adds the others; a request must carry it once."#]],
    );
    let both = delivery(&shopify(), BODY);
    let signature = value(&both.parts.headers, "x-shopify-hmac-sha256").to_owned();
    check(
        both.header("shopify-hmac-sha256", &signature),
        Step::Head,
        Fault::HeaderRepeated,
        expect![[r#"
        source shopify, refused at the head: the header shopify-hmac-sha256 arrived more than once
        proven: shopify-hmac-sha256 stands beside the other spelling of its name
                Find the proxy or gateway that adds it to the sender's; a request must carry it once."#]],
    );
}

#[test]
fn a_signature_is_written_otherwise() {
    let signature = "x-hub-signature-256";
    let upper = |it: &str| format!("sha256={}", it["sha256=".len()..].to_uppercase());
    check(
        delivery(&github(), BODY).rewritten(signature, upper),
        Step::Head,
        Fault::Encoding,
        expect![[r#"
        source github, refused at the head: the header x-hub-signature-256 is no encoded signature
        proven: the signature is written in upper-case hex, where lower-case hex is expected
                Have the sender write lower case, or find what changes the case on the way."#]],
    );
    let bare = |it: &str| it["sha256=".len()..].to_owned();
    check(
        delivery(&github(), BODY).rewritten(signature, bare),
        Step::Head,
        Fault::Label,
        expect![[r#"
        source github, refused at the head: the header x-hub-signature-256 lacks its label
        proven: the signature has no label, where `sha256` is expected
                Find what strips the label; a sender that writes none is an `HmacSource` without `.label(…)`."#]],
    );
    let base64 = |it: &str| format!("sha256={}", STANDARD.encode(bytes_of(&it["sha256=".len()..])));
    check(
        delivery(&github(), BODY).rewritten(signature, base64),
        Step::Head,
        Fault::Encoding,
        expect![[r#"
        source github, refused at the head: the header x-hub-signature-256 is no encoded signature
        proven: the signature is written in base64, where lower-case hex is expected
                Where the sender writes base64, add `.base64()`; else find what rewrites the header."#]],
    );
    let quoted = |it: &str| format!("\"{it}\"");
    check(
        delivery(&github(), BODY).rewritten(signature, quoted),
        Step::Head,
        Fault::Encoding,
        expect![[r#"
            source github, refused at the head: the header x-hub-signature-256 lacks its label
            proven: the signature stands in quotes
                    Have the sender write it without, or find what quotes the values of headers on the way."#]],
    );

    let signature = "x-shopify-hmac-sha256";
    let as_hex = |it: &str| hex(&STANDARD.decode(it).unwrap());
    check(
        delivery(&shopify(), BODY).rewritten(signature, as_hex),
        Step::Proof,
        Fault::Encoding,
        expect![[r#"
        source shopify, refused at the proof: no configured secret made this signature
        proven: the signature is written in lower-case hex, where base64 is expected
                Where the sender writes hex, leave out `.base64()`; else find what rewrites the header."#]],
    );
    let for_urls = |it: &str| URL_SAFE_NO_PAD.encode(STANDARD.decode(it).unwrap());
    check(
        delivery(&shopify(), BODY).rewritten(signature, for_urls),
        Step::Head,
        Fault::Encoding,
        expect![[r#"
        source shopify, refused at the head: the header x-shopify-hmac-sha256 is no encoded signature
        proven: the signature is written in base64 without padding or in the alphabet of URLs, where base64 is expected
                Have the sender write padded base64 of the standard alphabet."#]],
    );
    let of_hex = |it: &str| STANDARD.encode(hex(&STANDARD.decode(it).unwrap()));
    check(
        delivery(&shopify(), BODY).rewritten(signature, of_hex),
        Step::Proof,
        Fault::Encoding,
        expect![[r#"
        source shopify, refused at the proof: no configured secret made this signature
        proven: the signature is written in base64 of the hex text, where base64 is expected
                Have the sender encode the bytes of the code, not their hex text."#]],
    );
}

#[test]
fn a_signature_is_of_another_version_hash_or_length() {
    let v0 = |it: &str| it.replace("v1=", "v0=");
    check(
        delivery(&stripe(), BODY).rewritten("stripe-signature", v0),
        Step::Head,
        Fault::Version,
        expect![[r#"
        source stripe, refused at the head: no signature of scheme v1 is in the request
        proven: the signature is labelled `v0`, where `v1` is expected
                Switch the sender to the expected version; a label is never taken for another."#]],
    );
    let v2 = |it: &str| it.replace("v1,", "v2,");
    check(
        delivery(&standard(), BODY).rewritten("webhook-signature", v2),
        Step::Head,
        Fault::Version,
        expect![[r#"
        source standard-webhooks, refused at the head: no signature of scheme v1 is in the request
        proven: the signature is labelled `v2`, where `v1` is expected
                Switch the sender to the expected version; a label is never taken for another."#]],
    );
    let sha1 = Source::from(HmacSource::new("x-hub-signature", SECRET).label("sha1=").sha1());
    check(
        delivery(&sha1, BODY).received_by(github()),
        Step::Head,
        Fault::Algorithm,
        expect![[r#"
        source github, refused at the head: the header x-hub-signature-256 is missing
        proven: the signature was made with HMAC-SHA1, where HMAC-SHA256 is expected
                Switch the sender to the expected hash, or configure the one that it offers.
        proven: the signature stands in x-hub-signature, where x-hub-signature-256 is expected
                The sender sent its older signature alone: switch it to x-hub-signature-256, or look for what drops that header."#]],
    );
    let sha512 = Source::from(HmacSource::new("x-shop-signature", SECRET).sha512());
    let sha256 = HmacSource::new("x-shop-signature", SECRET);
    check(
        delivery(&sha512, BODY).received_by(sha256),
        Step::Proof,
        Fault::Algorithm,
        expect![[r#"
        source hmac, refused at the proof: no configured secret made this signature
        proven: the signature was made with HMAC-SHA512, where HMAC-SHA256 is expected
                Switch the sender to the expected hash, or configure the one that it offers."#]],
    );
    let unknown = Source::from(HmacSource::new("x-shop-signature", OTHER).sha1());
    let sha256 = HmacSource::new("x-shop-signature", SECRET);
    check(
        delivery(&unknown, BODY).received_by(sha256),
        Step::Proof,
        Fault::Algorithm,
        expect![[r#"
        source hmac, refused at the proof: no configured secret made this signature
        likely: the signature has 20 bytes, as HMAC-SHA1 has, where 32 are expected
                Switch the sender to the hash that the source expects, and look for what shortens the header.
        likely: nothing makes the signature fit: the secret is another one, or the body is not what was signed
                Copy the secret from this very endpoint at the sender again, and record the body where it enters the machine."#]],
    );
    let cut = |it: &str| it[..it.len() - 8].to_owned();
    check(
        delivery(&github(), BODY).rewritten("x-hub-signature-256", cut),
        Step::Proof,
        Fault::Truncated,
        expect![[r#"
            source github, refused at the proof: no configured secret made this signature
            proven: the signature is cut to its first 28 of 32 bytes
                    Find what shortens the header; a cut signature is never taken, for it is easier to guess."#]],
    );
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

#[test]
fn a_secret_is_of_another_source() {
    check(
        delivery(&Stripe::new(OTHER), BODY).received_by(stripe()).beside("stripe", Stripe::new(OTHER)),
        Step::Proof,
        Fault::OtherSource,
        expect![[r#"
            source stripe, refused at the proof: no configured secret made this signature
            proven: the delivery is one of source stripe, and verifies there
                    Enter the URL of that source's route at the sender, or swap the secrets of the two sources back."#]],
    );
    check(
        delivery(&github(), BODY).received_by(stripe()).beside("github", github()),
        Step::Head,
        Fault::OtherSource,
        expect![[r#"
            source stripe, refused at the head: the header stripe-signature is missing
            proven: the delivery is one of source github, and verifies there
                    Enter the URL of that source's route at the sender, or swap the secrets of the two sources back."#]],
    );
    check(
        delivery(&GitHub::new(OTHER), BODY).received_by(github()).beside("shopify", Shopify::new(OTHER)),
        Step::Proof,
        Fault::OtherSource,
        expect![[r#"
            source github, refused at the proof: no configured secret made this signature
            proven: the secret of source shopify made this signature
                    Two secrets were swapped, or the sender of shopify calls this route: give each source its own."#]],
    );
    check(
        delivery(&Stripe::new(OTHER), BODY).received_by(stripe()),
        Step::Proof,
        Fault::Unknown,
        expect![[r#"
        source stripe, refused at the proof: no configured secret made this signature
        likely: nothing makes the signature fit: the secret is another one, or the body is not what was signed
                Copy the secret from this very endpoint at the sender again, and record the body where it enters the machine."#]],
    );
}

#[test]
fn an_app_explains_among_its_sources_and_with_its_url() {
    let url = Source::from(HmacSource::new("x-shop-signature", SECRET).signed("{url}{body}"));
    let app = Webhooks::empty()
        .public_url("https://shop.example")
        .source("live", stripe())
        .source("test", Stripe::new(OTHER))
        .source("in", url);
    let Case { parts, body, .. } = delivery(&Stripe::new(OTHER), BODY);
    let why = app.explain("live", &parts, &body, at(NOW)).unwrap();
    expect![[r#"
        source live, refused at the proof: no configured secret made this signature
        proven: the delivery is one of source test, and verifies there
                Enter the URL of that source's route at the sender, or swap the secrets of the two sources back."#]]
    .assert_eq(&why.to_string());
    let Case { parts, body, .. } = delivery(&by_url("http://shop.example/hooks/in"), BODY);
    let why = app.explain("in", &parts, &body, at(NOW)).unwrap();
    expect![[r#"
        source in, refused at the proof: no configured secret made this signature
        proven: the sender signed the URL http://shop.example/hooks/in, and https://shop.example/hooks/in is configured: they differ in the scheme
                Write the URL as the sender has it into `.url(…)` of the source, or `.public_url(…)` of the app."#]].assert_eq(&why.to_string());
    assert!(app.explain("elsewhere", &parts, &body, at(NOW)).is_none());
}

#[test]
fn a_secret_is_read_otherwise() {
    let bare = SECRET.trim_start_matches("whsec_");
    // The key of Standard Webhooks is what the text decodes to: a text that decodes to the text of the other.
    let raw = StandardWebhooks::new(STANDARD.encode(SECRET));
    check(
        delivery(&raw, BODY).received_by(standard()),
        Step::Proof,
        Fault::SecretReading,
        expect![[r#"
        source standard-webhooks, refused at the proof: no configured secret made this signature
        proven: the secret is the right one: its sender took the whole text for the key, and here it is decoded from base64
                The sender does as Stripe does: take that provider's source, or an `HmacSource`."#]],
    );
    let decoded = STANDARD.encode(bare);
    let decoded = HmacSource::new("x-shop-signature", bare).base64().received_as_text(&decoded);
    check(
        decoded,
        Step::Proof,
        Fault::SecretReading,
        expect![[r#"
        source hmac, refused at the proof: no configured secret made this signature
        proven: the secret is the right one: its sender decoded it from base64, and here its text is the key
                The sender follows Standard Webhooks: take `StandardWebhooks`, or the provider's own source."#]],
    );
    check(
        delivery(&GitHub::new(bare), BODY).received_by(github()),
        Step::Proof,
        Fault::SecretReading,
        expect![[r#"
        source github, refused at the proof: no configured secret made this signature
        proven: the secret is the right one: its sender leaves out `whsec_`, and here it is a part of the key
                Configure the secret without its prefix."#]],
    );
}

/// A sender that decodes what is configured here as a text.
trait ReceivedAsText {
    fn received_as_text(self, text: &str) -> Case;
}

impl ReceivedAsText for HmacSource {
    fn received_as_text(self, text: &str) -> Case {
        delivery(&self.into(), BODY).received_by(HmacSource::new("x-shop-signature", text).base64())
    }
}

#[test]
fn a_secret_has_something_around_it() {
    let configured = |secret: String| GitHub::new([secret]);
    for (secret, expected) in [
        (
            format!("\"{SECRET}\""),
            expect![[r#"
            source github, refused at the proof: no configured secret made this signature
            proven: the secret stands in quotes
                    Write the secret where it is configured as the sender shows it, with nothing around it."#]],
        ),
        (
            format!(" {SECRET}"),
            expect![[r#"
            source github, refused at the proof: no configured secret made this signature
            proven: the secret has white space around it
                    Write the secret where it is configured as the sender shows it, with nothing around it."#]],
        ),
        (
            format!("{SECRET}\\n"),
            expect![[r#"
            source github, refused at the proof: no configured secret made this signature
            proven: the secret ends in a line end that was written out
                    Write the secret where it is configured as the sender shows it, with nothing around it."#]],
        ),
        (
            format!("GITHUB_WEBHOOK_SECRET={SECRET}"),
            expect![[r#"
            source github, refused at the proof: no configured secret made this signature
            proven: the secret has the name of its variable before it
                    Write the secret where it is configured as the sender shows it, with nothing around it."#]],
        ),
    ] {
        check(delivery(&github(), BODY).received_by(configured(secret)), Step::Proof, Fault::SecretStray, expected);
    }
    let ended = configured(format!("{SECRET}\n"));
    check(
        delivery(&ended, BODY).received_by(github()),
        Step::Proof,
        Fault::SecretStray,
        expect![[r#"
        source github, refused at the proof: no configured secret made this signature
        proven: the secret was stored at the sender with a line end
                Enter the secret at the sender again, without what was copied behind it."#]],
    );
    let rotated = GitHub::new([OTHER.to_owned(), format!("'{SECRET}'")]);
    check(
        delivery(&github(), BODY).received_by(rotated),
        Step::Proof,
        Fault::SecretStray,
        expect![[r#"
        source github, refused at the proof: no configured secret made this signature
        proven: secret 2 of the source stands in quotes
                Write the secret where it is configured as the sender shows it, with nothing around it."#]],
    );
}

#[test]
fn a_body_was_written_again() {
    let pretty = "{\n  \"id\": \"evt_1\",\n  \"note\": \"<café>\"\n}";
    let compact = r#"{"id":"evt_1","note":"<café>"}"#;
    check(
        delivery(&stripe(), compact).with_body(pretty),
        Step::Proof,
        Fault::BodyRewritten,
        expect![[r#"
            source stripe, refused at the proof: no configured secret made this signature
            proven: the body was parsed and written again: it was signed without white space
                    Verify the bytes as received, before a JSON parser, a framework or a proxy writes them anew."#]],
    );
    check(
        delivery(&github(), pretty).with_body(compact),
        Step::Proof,
        Fault::BodyRewritten,
        expect![[r#"
        source github, refused at the proof: no configured secret made this signature
        proven: the body was parsed and written again: it was signed indented, on several lines
                Verify the bytes as received, before a JSON parser, a framework or a proxy writes them anew."#]],
    );
    let spaced = r#"{"id": "evt_1", "note": "<caf\u00e9>"}"#;
    check(
        delivery(&standard(), spaced).with_body(compact),
        Step::Proof,
        Fault::BodyRewritten,
        expect![[r#"
        source standard-webhooks, refused at the proof: no configured secret made this signature
        proven: the body was parsed and written again: it was signed with a space behind commas and colons, with other escapes in its texts
                Verify the bytes as received, before a JSON parser, a framework or a proxy writes them anew."#]],
    );
    let html = r#"{"id":"evt_1","note":"\u003ccafé\u003e"}"#;
    check(
        delivery(&shopify(), html).with_body(compact),
        Step::Proof,
        Fault::BodyRewritten,
        expect![[r#"
        source shopify, refused at the proof: no configured secret made this signature
        proven: the body was parsed and written again: it was signed with other escapes in its texts
                Verify the bytes as received, before a JSON parser, a framework or a proxy writes them anew."#]],
    );
    let unsorted = r#"{"note":"<café>","id":"evt_1"}"#;
    check(
        delivery(&stripe(), compact).with_body(unsorted),
        Step::Proof,
        Fault::BodyRewritten,
        expect![[r#"
            source stripe, refused at the proof: no configured secret made this signature
            proven: the body was parsed and written again: it was signed without white space, with its keys sorted
                    Verify the bytes as received, before a JSON parser, a framework or a proxy writes them anew."#]],
    );
    // The other way round the order of the keys is lost.
    check(
        delivery(&stripe(), unsorted).with_body(compact),
        Step::Proof,
        Fault::BodyRewritten,
        expect![[r#"
            source stripe, refused at the proof: no configured secret made this signature
            likely: the keys of the body are in alphabetical order, as after a parser that sorts them
                    If the sender does not sort them, their order cannot be had back: verify the bytes as received.
            likely: nothing makes the signature fit: the secret is another one, or the body is not what was signed
                    Copy the secret from this very endpoint at the sender again, and record the body where it enters the machine."#]],
    );
}

#[test]
fn a_body_lost_or_won_something_at_its_edge() {
    let ended = format!("{BODY}\n");
    check(
        delivery(&stripe(), &ended).with_body(BODY),
        Step::Proof,
        Fault::BodyEdge,
        expect![[r#"
        source stripe, refused at the proof: no configured secret made this signature
        proven: the last line end of the body was taken away
                Give the bytes as received: nothing may trim or end them, no editor either."#]],
    );
    check(
        delivery(&stripe(), BODY).with_body(&ended),
        Step::Proof,
        Fault::BodyEdge,
        expect![[r#"
        source stripe, refused at the proof: no configured secret made this signature
        proven: white space was added around the body
                Give the bytes as received: nothing may trim or end them, no editor either."#]],
    );
    let marked = format!("\u{feff}{BODY}");
    check(
        delivery(&stripe(), &marked).with_body(BODY),
        Step::Proof,
        Fault::BodyEdge,
        expect![[r#"
        source stripe, refused at the proof: no configured secret made this signature
        proven: the byte order mark before the body was taken away
                Give the bytes as received: nothing may trim or end them, no editor either."#]],
    );
    check(
        delivery(&stripe(), BODY).with_body(&marked),
        Step::Proof,
        Fault::BodyEdge,
        expect![[r#"
        source stripe, refused at the proof: no configured secret made this signature
        proven: a byte order mark was put before the body
                Give the bytes as received: nothing may trim or end them, no editor either."#]],
    );
    let length = BODY.len().to_string();
    check(
        delivery(&github(), BODY).header("content-length", &length).with_body(&BODY[..40]),
        Step::Proof,
        Fault::BodyCut,
        expect![[r#"
            source github, refused at the proof: no configured secret made this signature
            likely: Content-Length says 86 bytes, and the body has 40
                    Something cut or rewrote the body on the way: give the bytes as received.
            likely: nothing makes the signature fit: the secret is another one, or the body is not what was signed
                    Copy the secret from this very endpoint at the sender again, and record the body where it enters the machine."#]],
    );
    check(
        delivery(&github(), BODY).with_body(""),
        Step::Proof,
        Fault::BodyCut,
        expect![[r#"
        source github, refused at the proof: no configured secret made this signature
        likely: the body is empty
                See whether a middleware or an extractor read it before: verify first, or hand the bytes on.
        likely: nothing makes the signature fit: the secret is another one, or the body is not what was signed
                Copy the secret from this very endpoint at the sender again, and record the body where it enters the machine."#]],
    );
}

#[test]
fn a_body_is_in_another_encoding() {
    let check = |case: Case, expected: Expect| check(case, Step::Proof, Fault::BodyEncoding, expected);
    let crlf = LATER.replace('\n', "\r\n");
    check(
        delivery(&stripe(), LATER).with_body(&crlf),
        expect![[r#"
        source stripe, refused at the proof: no configured secret made this signature
        proven: the line ends of the body were changed from LF to CRLF
                Give the bytes as received: a file or an editor that converts line ends changes what is signed."#]],
    );
    check(
        delivery(&stripe(), &crlf).with_body(LATER),
        expect![[r#"
        source stripe, refused at the proof: no configured secret made this signature
        proven: the line ends of the body were changed from CRLF to LF
                Give the bytes as received: a file or an editor that converts line ends changes what is signed."#]],
    );
    let latin1: Vec<u8> = BODY.chars().map(|it| u8::try_from(u32::from(it)).unwrap()).collect();
    let doubled: String = BODY.bytes().map(char::from).collect();
    check(
        delivery(&github(), BODY).with_body(&doubled),
        expect![[r#"
        source github, refused at the proof: no configured secret made this signature
        proven: the body was read as Latin-1 and written as UTF-8
                Give the bytes as received, and never decode them to text and back."#]],
    );
    check(
        delivery(&github(), BODY).with_body(&latin1),
        expect![[r#"
        source github, refused at the proof: no configured secret made this signature
        proven: the body was written as Latin-1, and is signed as UTF-8
                Give the bytes as received, and never decode them to text and back."#]],
    );
    let escaped = BODY.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    check(
        delivery(&github(), BODY).with_body(&escaped),
        expect![[r#"
        source github, refused at the proof: no configured secret made this signature
        proven: the body was escaped for HTML
                Give the bytes as received: what escapes or sanitises input must come behind verification."#]],
    );
    check(
        delivery(&shopify(), BODY).with_body(STANDARD.encode(BODY)),
        expect![[r#"
        source shopify, refused at the proof: no configured secret made this signature
        proven: the body is in base64, and its content is what is signed
                A serverless gateway wraps bodies so (`isBase64Encoded`): decode it before verifying."#]],
    );
    let percent: String = form_of(BODY);
    check(
        delivery(&github(), BODY).with_body(&percent),
        expect![[r#"
        source github, refused at the proof: no configured secret made this signature
        proven: the body is percent-encoded, and its decoded text is what is signed
                Give the bytes as received, before anything encodes them as a form."#]],
    );
    let form = format!("payload={percent}");
    check(
        delivery(&github(), &form).with_body(BODY),
        expect![[r#"
            source github, refused at the proof: no configured secret made this signature
            proven: the body is the field `payload` of a form, and the whole form is what is signed
                    Verify the form as received, and take the field out of it afterwards."#]],
    );
    check(
        delivery(&github(), BODY).with_body(&form),
        expect![[r#"
        source github, refused at the proof: no configured secret made this signature
        proven: the body is a form, and the JSON in its field `payload` is what is signed
                The sender signs JSON: choose `application/json` as its content type, or find what makes it a form."#]],
    );
    check(
        delivery(&stripe(), BODY).with_body(serde_json::to_string(BODY).unwrap()),
        expect![[r#"
        source stripe, refused at the proof: no configured secret made this signature
        proven: the body is a JSON text that holds the JSON that is signed
                It was serialised twice: give the bytes as received, without `JSON.stringify` around them."#]],
    );
    check(
        delivery(&stripe(), BODY).with_body([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]),
        expect![[r#"
        source stripe, refused at the proof: no configured secret made this signature
        likely: the body is compressed (it begins as gzip does)
                Senders sign what they compress, or what comes out: decompress it before verifying, and try both.
        likely: nothing makes the signature fit: the secret is another one, or the body is not what was signed
                Copy the secret from this very endpoint at the sender again, and record the body where it enters the machine."#]],
    );
    check(
        delivery(&stripe(), BODY).header("content-encoding", "gzip").with_body("{}"),
        expect![[r#"
            source stripe, refused at the proof: the body has a Content-Encoding that the source does not take
            likely: the head says that the body is compressed, and it is not
                    Something decompressed it on the way: where the compressed bytes were signed, verify those.
            likely: nothing makes the signature fit: the secret is another one, or the body is not what was signed
                    Copy the secret from this very endpoint at the sender again, and record the body where it enters the machine."#]],
    );
    check(
        delivery(&stripe(), BODY).with_body(BODY.replace('é', "\u{fffd}")),
        expect![[r#"
        source stripe, refused at the proof: no configured secret made this signature
        likely: the body holds U+FFFD, as a text does whose bytes were no UTF-8 when it was decoded
                The signed bytes cannot be had back from it: keep the bytes as received, not a text.
        likely: nothing makes the signature fit: the secret is another one, or the body is not what was signed
                Copy the secret from this very endpoint at the sender again, and record the body where it enters the machine."#]],
    );
}

fn form_of(text: &str) -> String {
    let encoded = text.bytes().map(|byte| match byte {
        b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    });
    encoded.collect()
}

#[test]
fn the_sender_signs_another_url() {
    let check = |signed: &str, configured: &str, expected: Expect| {
        let case = delivery(&by_url(signed), BODY).received_by(by_url(configured));
        self::check(case, Step::Proof, Fault::Url, expected);
    };
    check(
        URL,
        "http://shop.example/hooks/in",
        expect![[r#"
        source hmac, refused at the proof: no configured secret made this signature
        proven: the sender signed the URL https://shop.example/hooks/in, and http://shop.example/hooks/in is configured: they differ in the scheme
                Write the URL as the sender has it into `.url(…)` of the source, or `.public_url(…)` of the app."#]],
    );
    check(
        URL,
        "https://shop.example/hooks/in/",
        expect![[r#"
        source hmac, refused at the proof: no configured secret made this signature
        proven: the sender signed the URL https://shop.example/hooks/in, and https://shop.example/hooks/in/ is configured: they differ in the slash at the end of the path
                Write the URL as the sender has it into `.url(…)` of the source, or `.public_url(…)` of the app."#]],
    );
    check(
        "https://shop.example:443/hooks/in",
        URL,
        expect![[r#"
        source hmac, refused at the proof: no configured secret made this signature
        proven: the sender signed the URL https://shop.example:443/hooks/in, and https://shop.example/hooks/in is configured: they differ in the port
                Write the URL as the sender has it into `.url(…)` of the source, or `.public_url(…)` of the app."#]],
    );
    check(
        "https://www.shop.example/hooks/in",
        URL,
        expect![[r#"
        source hmac, refused at the proof: no configured secret made this signature
        proven: the sender signed the URL https://www.shop.example/hooks/in, and https://shop.example/hooks/in is configured: they differ in the host
                Write the URL as the sender has it into `.url(…)` of the source, or `.public_url(…)` of the app."#]],
    );
    check(
        URL,
        "https://shop.example/api/hooks/in",
        expect![[r#"
        source hmac, refused at the proof: no configured secret made this signature
        proven: the sender signed the URL https://shop.example/hooks/in, and https://shop.example/api/hooks/in is configured: they differ in the path
                Write the URL as the sender has it into `.url(…)` of the source, or `.public_url(…)` of the app."#]],
    );
    check(
        URL,
        "https://user:canarypassword@shop.example/hooks/in",
        expect![[r#"
        source hmac, refused at the proof: no configured secret made this signature
        proven: the sender signed the URL https://shop.example/hooks/in, and https://[REDACTED]@shop.example/hooks/in is configured: they differ in the user
                Write the URL as the sender has it into `.url(…)` of the source, or `.public_url(…)` of the app."#]],
    );

    let other = delivery(&by_url("https://other.example/hooks/in"), BODY).header("x-forwarded-host", "other.example");
    self::check(
        other.received_by(by_url(URL)),
        Step::Proof,
        Fault::Url,
        expect![[r#"
        source hmac, refused at the proof: no configured secret made this signature
        proven: the sender signed the URL https://other.example/hooks/in, and https://shop.example/hooks/in is configured: they differ in the host
                Write the URL as the sender has it into `.url(…)` of the source, or `.public_url(…)` of the app."#]],
    );
    let with_query = delivery(&by_url(URL), BODY).to("/hooks/in?token=canary");
    self::check(
        with_query,
        Step::Proof,
        Fault::Url,
        expect![[r#"
        source hmac, refused at the proof: no configured secret made this signature
        proven: the sender signed the URL https://shop.example/hooks/in, and https://shop.example/hooks/in?… is configured: they differ in the query
                Find what adds or drops the query between the sender and here: it is taken as received."#]],
    );
    let unconfigured = Source::from(HmacSource::new("x-shop-signature", SECRET).signed("{url}{body}"));
    let case = delivery(&by_url(URL), BODY).received_by(unconfigured.clone());
    self::check(
        case,
        Step::Configuration,
        Fault::NoUrl,
        expect![[r#"
            source hmac, refused at the configuration: the scheme signs the public URL, and none is configured
            likely: the source does not know the URL that the sender calls
                    Write `.public_url(…)` for the app, or `.url(…)` on the source; it is never taken from the request."#]],
    );
    let case = delivery(&by_url(URL), BODY).received_by(unconfigured).header("host", "shop.example");
    self::check(
        case,
        Step::Configuration,
        Fault::Url,
        expect![[r#"
        source hmac, refused at the configuration: the scheme signs the public URL, and none is configured
        proven: the sender signed the URL https://shop.example/hooks/in, and none is configured
                Write that URL, without its query, into `.url(…)` of the source."#]],
    );
}

#[test]
fn a_token_is_not_the_right_one() {
    let bare = SECRET.trim_start_matches("whsec_");
    let token = || Source::from(TokenSource::header("x-token", bare));
    let check = |case: Case, step: Step, fault: Fault, expected: Expect| {
        check(case.received_by(token()), step, fault, expected)
    };
    check(
        delivery(&token(), BODY).header("x-token", OTHER),
        Step::Proof,
        Fault::SecretOther,
        expect![[r#"
        source token, refused at the proof: no configured secret made this signature
        likely: the token is another one than any that is configured
                Copy it from the sender again; after a change keep the retiring one configured beside it for a while."#]],
    );
    let bearer = format!("Bearer {bare}");
    check(
        delivery(&token(), BODY).header("x-token", &bearer),
        Step::Proof,
        Fault::SecretStray,
        expect![[r#"
        source token, refused at the proof: no configured secret made this signature
        proven: the token of the request is the right one, and has the word of an authorization header before it
                Enter it at the sender with nothing around it; what always stands before it belongs to the secret here."#]],
    );
    check(
        delivery(&token(), BODY).header("x-token", &bare.to_uppercase()),
        Step::Proof,
        Fault::SecretOther,
        expect![[r#"
            source token, refused at the proof: no configured secret made this signature
            proven: the token of the request is the right one but for upper and lower case
                    Enter it as it is configured: case counts."#]],
    );
    check(
        delivery(&token(), BODY).without("x-token").header("authorization", &bearer),
        Step::Head,
        Fault::HeaderRenamed,
        expect![[r#"
            source token, refused at the head: the header x-token is missing
            proven: the right token stands in the header authorization, behind the word of a scheme
                    Configure the place where the sender puts it: `TokenSource::header`, `basic_auth` or `query`."#]],
    );
    check(
        delivery(&token(), BODY).without("x-token").to(&format!("/hooks/in?token={bare}")),
        Step::Head,
        Fault::HeaderRenamed,
        expect![[r#"
            source token, refused at the head: the header x-token is missing
            proven: the right token stands in another parameter of the query
                    Configure the place where the sender puts it: `TokenSource::header`, `basic_auth` or `query`."#]],
    );
    check(
        delivery(&token(), BODY).without("x-token"),
        Step::Head,
        Fault::HeaderMissing,
        expect![[r#"
        source token, refused at the head: the header x-token is missing
        likely: no header that looks like it is there either
                Enter the secret at the sender (several sign only with one), and look for a proxy that drops headers."#]],
    );
    let quoted = Source::from(TokenSource::header("x-token", [format!("'{bare}'")]));
    self::check(
        delivery(&token(), BODY).received_by(quoted),
        Step::Proof,
        Fault::SecretStray,
        expect![[r#"
        source token, refused at the proof: no configured secret made this signature
        proven: the secret is the token of the request, and stands in quotes
                Write it where it is configured as the sender sends it, with nothing around it."#]],
    );
    let other = delivery(&token(), BODY).header("x-token", OTHER).beside("stripe", Stripe::new(OTHER));
    self::check(
        other,
        Step::Proof,
        Fault::OtherSource,
        expect![[r#"
        source token, refused at the proof: no configured secret made this signature
        proven: the token is the secret of source stripe
                Two secrets were swapped, or the sender of stripe calls this route: give each source its own."#]],
    );
}

#[test]
fn a_source_without_a_secret_says_so() {
    check(
        delivery(&stripe(), BODY).received_by(Stripe::new("")),
        Step::Configuration,
        Fault::NoSecret,
        expect![[r#"
        source stripe, refused at the configuration: the source has no usable secret
        likely: the source has no secret, or one that is malformed
                Give it one; in an app the start-up error names the variable and the problem."#]],
    );
    let asking = Stripe::with_secrets(async |_: Parts| Ok::<_, std::io::Error>(SECRET));
    check(
        delivery(&stripe(), BODY).received_by(asking),
        Step::Configuration,
        Fault::NoSecret,
        expect![[r#"
        source stripe, refused at the configuration: the source has no usable secret
        likely: the source asks for its secrets at each delivery, and was not asked yet
                Call `source.resolve(&parts).await?`, and explain with the source that it gives."#]],
    );
}

#[test]
fn two_faults_are_found_together() {
    let quoted = GitHub::new([format!("\"{SECRET}\"")]);
    check(
        delivery(&github(), BODY).received_by(quoted).with_body(format!("{BODY}\n")),
        Step::Proof,
        Fault::SecretStray,
        expect![[r#"
            source github, refused at the proof: no configured secret made this signature
            proven: the secret stands in quotes
                    Write the secret where it is configured as the sender shows it, with nothing around it.
            proven: white space was added around the body
                    Give the bytes as received: nothing may trim or end them, no editor either."#]],
    );
    let upper = |it: &str| format!("sha256={}", it["sha256=".len()..].to_uppercase());
    let twice = delivery(&github(), BODY).rewritten("x-hub-signature-256", upper).with_body(STANDARD.encode(BODY));
    check(
        twice,
        Step::Head,
        Fault::BodyEncoding,
        expect![[r#"
        source github, refused at the head: the header x-hub-signature-256 is no encoded signature
        proven: the body is in base64, and its content is what is signed
                A serverless gateway wraps bodies so (`isBase64Encoded`): decode it before verifying.
        proven: the signature is written in upper-case hex, where lower-case hex is expected
                Have the sender write lower case, or find what changes the case on the way."#]],
    );
}

#[test]
fn a_recipe_of_ones_own_is_tried_as_a_whole() {
    let own = |url: &str| Source::custom(Own(standard())).url(url);
    let case = delivery(&standard(), BODY).received_by(own(URL)).with_body(format!("{BODY}\n"));
    check(
        case,
        Step::Proof,
        Fault::BodyEdge,
        expect![[r#"
        source custom, refused at the proof: no configured secret made this signature
        proven: white space was added around the body
                Give the bytes as received: nothing may trim or end them, no editor either."#]],
    );
}

/// A recipe of the app's own, around another source.
struct Own(Source);

impl webhook_runtime::Signature for Own {
    fn head(&self, _: &webhook_runtime::Head<'_>) -> Result<webhook_runtime::Claimed, webhook_runtime::Cause> {
        Ok(webhook_runtime::Claimed::default())
    }

    fn prove(
        &self,
        head: &webhook_runtime::Head<'_>,
        body: &[u8],
    ) -> Result<webhook_runtime::Signed, webhook_runtime::Cause> {
        let proven = self.0.verify(head.parts, &Bytes::copy_from_slice(body), at(NOW));
        proven.map(|_| webhook_runtime::Signed::default()).map_err(|_| webhook_runtime::Cause::SignatureMismatch)
    }

    fn sign(&self, message: &webhook_runtime::Message<'_>) -> Result<HeaderMap, webhook_runtime::CannotSign> {
        self.0.sign(message.id, message.time, message.body)
    }
}

#[test]
fn a_long_body_and_a_hostile_head_are_explained_too() {
    let long = format!("[{}0]", "1,".repeat(200_000));
    let case = delivery(&Stripe::new(OTHER), &long).received_by(stripe());
    check(
        case,
        Step::Proof,
        Fault::Unknown,
        expect![[r#"
        source stripe, refused at the proof: no configured secret made this signature
        likely: nothing makes the signature fit (of such a long body not everything was tried): the secret is another one, or the body is not what was signed
                Copy the secret from this very endpoint at the sender again, and record the body where it enters the machine."#]],
    );

    let mut case = delivery(&stripe(), BODY).received_by(Stripe::new(OTHER));
    let many = format!("t={NOW},{}", format!("v1={},", "ab".repeat(32)).repeat(1000));
    case.parts.headers.insert("stripe-signature", HeaderValue::from_str(&many).unwrap());
    for number in 0..1000 {
        let name = HeaderName::from_bytes(format!("x-signature-{number}").as_bytes()).unwrap();
        let value =
            if number % 2 == 0 { Vec::from(b"\xff\xfe=,;:") } else { format!("v1={}", "ab".repeat(32)).into_bytes() };
        case.parts.headers.insert(name, HeaderValue::from_bytes(&value).unwrap());
    }
    check(
        case,
        Step::Proof,
        Fault::Unknown,
        expect![[r#"
        source stripe, refused at the proof: no configured secret made this signature
        likely: nothing makes the signature fit: the secret is another one, or the body is not what was signed
                Copy the secret from this very endpoint at the sender again, and record the body where it enters the machine."#]],
    );
}
