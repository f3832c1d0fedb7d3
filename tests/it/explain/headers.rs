//! Faults of headers: missing, renamed, repeated, written otherwise, of another scheme.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use expect_test::expect;
use webhook_runtime::{Fault, GitHub, HmacSource, Source, Step};

use super::times::by_time;
use super::{BODY, OTHER, SECRET, bytes_of, check, delivery, github, hex, shopify, standard, stripe, value};

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
