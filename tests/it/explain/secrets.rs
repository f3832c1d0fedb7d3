//! Faults of secrets: another one, read otherwise, with something around it, or none.

use axum::http::request::Parts;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use expect_test::{Expect, expect};
use http::HeaderMap;
use webhook_runtime::{Fault, GitHub, HmacSource, Shopify, Source, StandardWebhooks, Step, Stripe, TokenSource};

use super::urls::URL;
use super::{BODY, Case, OTHER, SECRET, at, check, delivery, github, standard, stripe};
use crate::support::NOW;

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
