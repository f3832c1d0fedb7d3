//! What the document says of signing: one source of each family, as it is written.

use expect_test::{Expect, expect};
use serde_json::Value;

use crate::docs::connect::{WebhookSignature, WebhookSource};
use crate::docs::described::DescribedRoute;
use crate::providers::{
    Adyen, Discord, Figma, GitHub, HubSpot, Mailgun, Mandrill, Postmark, StandardWebhooks, Stripe, Twilio, WebSub,
    Zapier,
};
use crate::source::Source;
use crate::source::own::{HmacSource, TokenSource};

const SECRET: &str = "canary-of-a-secret";

/// A signature without its sentence, one line a member.
#[track_caller]
fn check(source: impl Into<Source>, expected: &Expect) {
    let said = serde_json::to_value(WebhookSignature::of(&source.into())).unwrap();
    assert!(!said.to_string().contains(SECRET) && said["scheme"].is_string(), "{said}");
    let Value::Object(members) = said else { panic!("{said}") };
    let lines = members.iter().filter(|(name, _)| *name != "scheme").map(|(name, value)| match value {
        Value::Array(items) if name == "sent" => items.iter().map(|it| format!("sent: {it}\n")).collect(),
        _ => format!("{name}: {value}\n"),
    });
    expected.assert_eq(&lines.collect::<String>());
}

#[test]
fn codes_over_id_time_and_body() {
    check(
        StandardWebhooks::new("whsec_Y2FuYXJ5IHNlY3JldA=="),
        &expect![[r#"
        algorithm: "hmac-sha256"
        encoding: "base64"
        key: "base64"
        sent: {"in":"header","name":"webhook-id","value":[{"value":"id"}]}
        sent: {"in":"header","name":"webhook-timestamp","value":[{"value":"timestamp"}]}
        sent: {"in":"header","name":"webhook-signature","value":[{"text":"v1,"},{"value":"signature"}]}
        signed: [{"value":"id"},{"text":"."},{"value":"timestamp"},{"text":"."},{"value":"body"}]
        timestamp: "seconds"
    "#]],
    );
    check(
        Stripe::new(SECRET),
        &expect![[r#"
        algorithm: "hmac-sha256"
        encoding: "hex"
        key: "text"
        sent: {"in":"header","name":"stripe-signature","value":[{"text":"t="},{"value":"timestamp"},{"text":",v1="},{"value":"signature"}]}
        signed: [{"value":"timestamp"},{"text":"."},{"value":"body"}]
        timestamp: "seconds"
    "#]],
    );
    check(
        GitHub::new(SECRET),
        &expect![[r#"
        algorithm: "hmac-sha256"
        encoding: "hex"
        key: "text"
        sent: {"in":"header","name":"x-hub-signature-256","value":[{"text":"sha256="},{"value":"signature"}]}
        signed: [{"value":"body"}]
    "#]],
    );
    check(
        WebSub::new(SECRET),
        &expect![[r#"
        algorithm: "hmac-sha256"
        encoding: "hex"
        key: "text"
        sent: {"in":"header","name":"x-hub-signature","value":[{"text":"sha256="},{"value":"signature"}]}
        signed: [{"value":"body"}]
    "#]],
    );
    let own = HmacSource::new("X-Sig", SECRET).sha512().base64().label("v2=").id_header("X-Id");
    let own = own.timestamp_header_in_milliseconds("X-Time").signed("{method} {id}{timestamp}:{body}");
    check(
        own,
        &expect![[r#"
        algorithm: "hmac-sha512"
        encoding: "base64"
        key: "text"
        sent: {"in":"header","name":"x-id","value":[{"value":"id"}]}
        sent: {"in":"header","name":"x-time","value":[{"value":"timestamp"}]}
        sent: {"in":"header","name":"x-sig","value":[{"text":"v2="},{"value":"signature"}]}
        signed: [{"value":"method"},{"text":" "},{"value":"id"},{"value":"timestamp"},{"text":":"},{"value":"body"}]
        timestamp: "milliseconds"
    "#]],
    );
}

#[test]
fn codes_over_the_url_or_a_form() {
    check(
        HubSpot::new(SECRET),
        &expect![[r#"
        algorithm: "hmac-sha256"
        encoding: "base64"
        key: "text"
        sent: {"in":"header","name":"x-hubspot-request-timestamp","value":[{"value":"timestamp"}]}
        sent: {"in":"header","name":"x-hubspot-signature-v3","value":[{"value":"signature"}]}
        signed: [{"value":"method"},{"value":"decodedUrl"},{"value":"body"},{"value":"timestamp"}]
        timestamp: "milliseconds"
    "#]],
    );
    check(
        HubSpot::v2(SECRET),
        &expect![[r#"
        algorithm: "secret-then-sha256"
        encoding: "hex"
        key: "text"
        sent: {"in":"header","name":"x-hubspot-signature-version","value":[{"text":"v2"}]}
        sent: {"in":"header","name":"x-hubspot-signature","value":[{"value":"signature"}]}
        signed: [{"value":"method"},{"value":"url"},{"value":"body"}]
    "#]],
    );
    check(
        Mandrill::new(SECRET),
        &expect![[r#"
        algorithm: "hmac-sha1"
        encoding: "base64"
        key: "text"
        sent: {"in":"header","name":"x-mandrill-signature","value":[{"value":"signature"}]}
        signed: [{"value":"url"},{"value":"sortedForm"}]
    "#]],
    );
    check(
        Twilio::shared_key(SECRET),
        &expect![[r#"
        algorithm: "hmac-sha256"
        encoding: "base64"
        key: "text"
        sent: {"in":"header","name":"x-twilio-signature","value":[{"value":"signature"}]}
        sent: {"in":"header","name":"x-twilio-webhooks-signature-settings","value":[{"text":"key=shared,algorithm=HMAC_SHA256"}]}
        signed: [{"value":"url"},{"value":"distinctForm"}]
    "#]],
    );
}

#[test]
fn proofs_in_the_body() {
    check(
        Adyen::new("00AA"),
        &expect![[r#"
        algorithm: "hmac-sha256"
        encoding: "base64"
        key: "hex"
        sent: {"each":"/notificationItems","in":"body","pointer":"/NotificationRequestItem/additionalData/hmacSignature","value":[{"value":"signature"}]}
        signed: [{"field":"/NotificationRequestItem/pspReference"},{"text":":"},{"field":"/NotificationRequestItem/originalReference"},{"text":":"},{"field":"/NotificationRequestItem/merchantAccountCode"},{"text":":"},{"field":"/NotificationRequestItem/merchantReference"},{"text":":"},{"field":"/NotificationRequestItem/amount/value"},{"text":":"},{"field":"/NotificationRequestItem/amount/currency"},{"text":":"},{"field":"/NotificationRequestItem/eventCode"},{"text":":"},{"field":"/NotificationRequestItem/success"}]
    "#]],
    );
    check(
        Mailgun::new(SECRET),
        &expect![[r#"
        algorithm: "hmac-sha256"
        encoding: "hex"
        key: "text"
        sent: {"in":"body","pointer":"/signature/timestamp","value":[{"value":"timestamp"}]}
        sent: {"in":"body","pointer":"/signature/token","value":[{"value":"id"}]}
        sent: {"in":"body","pointer":"/signature/signature","value":[{"value":"signature"}]}
        signed: [{"value":"timestamp"},{"value":"id"}]
        timestamp: "seconds"
    "#]],
    );
    check(
        Figma::new(SECRET),
        &expect![[r#"
        sent: {"in":"body","pointer":"/passcode","value":[{"value":"secret"}]}
    "#]],
    );
}

#[test]
fn tokens() {
    check(
        TokenSource::header("X-Token", SECRET),
        &expect![[r#"
        sent: {"in":"header","name":"x-token","value":[{"value":"secret"}]}
    "#]],
    );
    check(
        Zapier::query("key", SECRET),
        &expect![[r#"
        sent: {"in":"query","name":"key","value":[{"value":"secret"}]}
    "#]],
    );
    check(
        Postmark::new(SECRET),
        &expect![[r#"
        sent: {"in":"header","name":"authorization","value":[{"text":"Basic "},{"value":"secretInBase64"}]}
    "#]],
    );
}

#[test]
fn what_only_the_sender_signs() {
    let key = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    check(
        Discord::new(key),
        &expect![[r#"
        senderOnly: "Only the sender can sign: with a private key, or by a recipe of the app's own."
    "#]],
    );
}

/// The document of an app is the same before its secrets are there: but for where they are.
#[test]
fn a_source_without_its_secret_says_the_same_and_that_it_is_missing() {
    let said = |source: Source| {
        let route = DescribedRoute { path: "/x", source: &source, shared: true, endpoints: Vec::new() };
        let of_source = serde_json::to_value(WebhookSource::of(&route, &[])).unwrap();
        (serde_json::to_value(WebhookSignature::of(&source)).unwrap(), of_source["secret"].as_str().unwrap().to_owned())
    };
    let (with, configured) = said(StandardWebhooks::new("whsec_Y2FuYXJ5IHNlY3JldA=="));
    let (without, missing) = said(StandardWebhooks::new(""));
    assert_eq!((&with, configured.as_str(), missing.as_str()), (&without, "configured", "missing"));
    let asked = GitHub::with_secrets(async |_| Ok::<_, std::io::Error>(SECRET));
    let (with, looked_up) = said(asked);
    assert_eq!((&with, looked_up.as_str()), (&said(GitHub::new(SECRET)).0, "looked up"));
    let (with, missing) = said(HmacSource::new("X-Sig", "").into());
    assert_eq!((&with, missing.as_str()), (&said(HmacSource::new("X-Sig", SECRET).into()).0, "missing"));
}
