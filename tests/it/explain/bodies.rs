//! Faults of bodies: written again, cut, encoded otherwise; and long or hostile ones.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use expect_test::{Expect, expect};
use http::{HeaderName, HeaderValue};
use webhook_runtime::{Fault, GitHub, Step, Stripe};

use super::times::LATER;
use super::{BODY, Case, OTHER, SECRET, check, delivery, github, shopify, standard, stripe};
use crate::support::NOW;

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
