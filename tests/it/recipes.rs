//! What no recipe may let pass: a delivery in which one bit was changed, and one that another source signed.
//!
//! The table has a row a source; everything else is derived from it.

use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderName, HeaderValue, Request};
use webhook_runtime::{
    Asana, Auth0, Bitbucket, Calendly, Clerk, CloudEvents, Datadog, DocuSign, Dropbox, Figma, Forgejo, GitHub, GitLab,
    Gitea, GoCardless, HmacSource, HubSpot, IFTTT, Intercom, LemonSqueezy, Linear, MailchimpMarketing, Mandrill, Meta,
    MicrosoftGraph, NewRelic, Notion, Okta, OpenAI, Paddle, PagerDuty, Postmark, Razorpay, Resend, Sentry, Shopify,
    Slack, Source, Square, StandardWebhooks, Stripe, Svix, TokenSource, Trello, Twilio, Twitch, Typeform, Vercel,
    WebSub, WebSubAlgorithm, WooCommerce, X, Zapier, Zoom,
};

/// Every source, with what its proof covers. Each has a secret of its own, since some recipes are the same.
fn table() -> Vec<Row> {
    let hmac = |header: &'static str, name: &str| HmacSource::new(header, secret(name));
    vec![
        row("asana", Asana::new, Proof::Signature),
        row("auth0", Auth0::new, Proof::Token),
        row("bitbucket", Bitbucket::new, Proof::Signature),
        row("calendly", Calendly::new, Proof::Signature),
        row("clerk", |text| Clerk::new(encoded(&text)), Proof::Signature),
        row("cloudevents", CloudEvents::new, Proof::Token),
        row("cloudevents-header", |token| CloudEvents::header("x-token", token), Proof::Token),
        row("datadog", Datadog::new, Proof::Token),
        row("datadog-basic", |token| Datadog::basic_auth(format!("user:{token}")), Proof::Token),
        row("docusign", DocuSign::new, Proof::Signature),
        row("dropbox", Dropbox::new, Proof::Signature),
        row("figma", Figma::new, Proof::TokenInBody),
        row("forgejo", Forgejo::new, Proof::Signature),
        row("gitea", Gitea::new, Proof::Signature),
        row("github", GitHub::new, Proof::Signature),
        row("gitlab", GitLab::new, Proof::Token),
        row("gitlab-signing-token", |text| GitLab::signing_token(encoded(&text)), Proof::Signature),
        row("gocardless", GoCardless::new, Proof::Signature),
        row("hubspot-v1", HubSpot::v1, Proof::Signature),
        row("hubspot-v2", HubSpot::v2, Proof::Signature),
        row("hubspot-v3", HubSpot::new, Proof::Signature),
        row("ifttt", IFTTT::new, Proof::Token),
        row("intercom", Intercom::new, Proof::Signature),
        row("lemon-squeezy", LemonSqueezy::new, Proof::Signature),
        row("linear", Linear::new, Proof::Signature),
        row("mailchimp-marketing", |token| MailchimpMarketing::query("token", token), Proof::TokenInQuery),
        row("mandrill", Mandrill::new, Proof::SignatureOfForm),
        row("meta", Meta::new, Proof::Signature),
        row("microsoft-graph", MicrosoftGraph::new, Proof::TokenInBody),
        row("newrelic", NewRelic::new, Proof::Token),
        row("notion", Notion::new, Proof::Signature),
        row("okta", Okta::new, Proof::Token),
        row("openai", |text| OpenAI::new(encoded(&text)), Proof::Signature),
        row("paddle", Paddle::new, Proof::Signature),
        row("pagerduty", PagerDuty::new, Proof::Signature),
        row("postmark", |token| Postmark::new(format!("user:{token}")), Proof::Token),
        row("razorpay", Razorpay::new, Proof::Signature),
        row("resend", |text| Resend::new(encoded(&text)), Proof::Signature),
        row("sentry", Sentry::new, Proof::Signature),
        row("shopify", Shopify::new, Proof::Signature),
        row("slack", Slack::new, Proof::Signature),
        row("square", Square::new, Proof::Signature),
        row("standard-webhooks", |text| StandardWebhooks::new(encoded(&text)), Proof::Signature),
        row("stripe", Stripe::new, Proof::Signature),
        row("svix", |text| Svix::new(encoded(&text)), Proof::Signature),
        row("trello", Trello::new, Proof::Signature),
        row("twilio", Twilio::new, Proof::SignatureOfForm),
        row("twilio-shared-key", Twilio::shared_key, Proof::SignatureOfForm),
        row("twitch", Twitch::new, Proof::Signature),
        row("typeform", Typeform::new, Proof::Signature),
        row("vercel", Vercel::new, Proof::Signature),
        row("websub", WebSub::new, Proof::Signature),
        row("websub-sha1", |text| WebSub::allowing([WebSubAlgorithm::Sha1], text), Proof::Signature),
        row("websub-sha384", |text| WebSub::allowing([WebSubAlgorithm::Sha384], text), Proof::Signature),
        row("websub-sha512", |text| WebSub::allowing([WebSubAlgorithm::Sha512], text), Proof::Signature),
        row("woocommerce", WooCommerce::new, Proof::Signature),
        row("x-twitter", X::new, Proof::Signature),
        row("zapier", Zapier::new, Proof::Token),
        row("zoom", Zoom::new, Proof::Signature),
        row("hmac", |_| hmac("x-hmac", "hmac").into(), Proof::Signature),
        row("hmac-sha1", |_| hmac("x-hmac", "hmac-sha1").sha1().base64().into(), Proof::Signature),
        row("hmac-sha512", |_| hmac("x-hmac", "hmac-sha512").sha512().label("v1=").into(), Proof::Signature),
        row("hmac-url", |_| hmac("x-hmac", "hmac-url").signed("{method}{url}{body}").into(), Proof::Signature),
        row("hmac-id-time", |_| id_and_time("hmac-id-time").timestamp_header("x-time").into(), Proof::Signature),
        row(
            "hmac-id-milliseconds",
            |_| id_and_time("hmac-id-milliseconds").timestamp_header_in_milliseconds("x-time").into(),
            Proof::Signature,
        ),
        row("token-header", |token| TokenSource::header("x-token", token).into(), Proof::Token),
        row("token-basic-auth", |token| TokenSource::basic_auth(format!("user:{token}")).into(), Proof::Token),
        row("token-query", |token| TokenSource::query("token", token).into(), Proof::TokenInQuery),
    ]
}

fn id_and_time(name: &str) -> HmacSource {
    HmacSource::new("x-hmac", secret(name)).id_header("x-id").signed("{id}.{timestamp}.{body}")
}

/// One source with its secret.
struct Row {
    name: &'static str,
    source: Source,
    proof: Proof,
}

/// What of a request proves that its sender has the secret: every bit of that counts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Proof {
    /// Each header that the source signs with, and the body.
    Signature,
    /// The same, where the body is a form whose fields are signed.
    SignatureOfForm,
    /// The headers alone.
    Token,
    /// A part of the query.
    TokenInQuery,
    /// A part of the body.
    TokenInBody,
}

fn row(name: &'static str, source: impl FnOnce(String) -> Source, proof: Proof) -> Row {
    Row { name, source: source(secret(name)).url(URL), proof }
}

fn secret(name: &str) -> String {
    format!("a-long-random-text-of-{name}")
}

/// As Standard Webhooks and its like want it.
fn encoded(secret: &str) -> String {
    format!("whsec_{}", STANDARD.encode(secret))
}

impl Row {
    /// A delivery that this source takes.
    fn delivery(&self) -> (Parts, Bytes) {
        let query = format!("token={}", secret(self.name));
        let own = secret(self.name);
        let (state, passcode) = if self.name == "figma" { ("", &*own) } else { (&*own, "") };
        // The time stands here for senders that sign it as a part of the body.
        let body = format!(
            r#"{{"id":"1","webhookTimestamp":{NOW}000,"value":[{{"clientState":"{state}"}}],"passcode":"{passcode}"}}"#
        );
        // Without escapes: a hex digit of one has two cases, and both spell the same field.
        let is_form = self.proof == Proof::SignatureOfForm;
        let body = if is_form { "Body=Hello&From=15550001&Body=again".to_owned() } else { body };
        let path = if self.proof == Proof::TokenInQuery { format!("{PATH}?{query}") } else { PATH.to_owned() };
        let (mut parts, ()) = Request::post(path).body(()).unwrap().into_parts();
        if matches!(self.proof, Proof::Signature | Proof::SignatureOfForm | Proof::Token) {
            parts.headers = self.source.sign("delivery-1", now(), body.as_bytes()).unwrap();
        }
        if is_form {
            parts.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        }
        (parts, body.into())
    }

    fn takes(&self, parts: &Parts, body: &Bytes) -> bool {
        self.source.verify(parts, body, now()).is_ok()
    }

    /// Every delivery that differs from the one of this source in one bit that its proof covers.
    fn flipped(&self) -> Vec<(String, Parts, Bytes)> {
        let (parts, body) = self.delivery();
        let proven = parts.headers.iter().filter(|(name, _)| **name != CONTENT_TYPE && **name != KEY_NAME);
        let headers = proven.flat_map(|(name, value)| in_header(&parts, name, value));
        let headers = headers.map(|(what, parts)| (what, parts, body.clone()));
        let token = secret(self.name);
        let token = |text: &[u8]| {
            text.windows(token.len()).position(|it| it == token.as_bytes()).map(|at| at..at + token.len())
        };
        match self.proof {
            Proof::Signature | Proof::SignatureOfForm => headers.chain(in_body(&parts, &body, 0..body.len())).collect(),
            Proof::Token => headers.collect(),
            Proof::TokenInBody => in_body(&parts, &body, token(&body).unwrap()).collect(),
            Proof::TokenInQuery => {
                let uri = parts.uri.to_string();
                let flips = flips(uri.as_bytes(), token(uri.as_bytes()).unwrap());
                let sendable = flips.filter_map(|(what, uri)| Some((what, http::Uri::try_from(uri).ok()?)));
                let with = sendable.map(|(what, uri)| {
                    let mut parts = parts.clone();
                    parts.uri = uri;
                    (format!("{what} of the URL"), parts, body.clone())
                });
                with.collect()
            }
        }
    }
}

fn in_header(parts: &Parts, name: &HeaderName, value: &HeaderValue) -> Vec<(String, Parts)> {
    let flips = flips(value.as_bytes(), 0..value.len());
    // A byte that no header can hold does not arrive.
    let sendable = flips.filter_map(|(what, value)| Some((what, HeaderValue::from_bytes(&value).ok()?)));
    let different = sendable.filter(|(_, flipped)| !is_the_same(name, value, flipped));
    let with = different.map(|(what, value)| {
        let mut parts = parts.clone();
        parts.headers.insert(name.clone(), value);
        (format!("{what} of {name}"), parts)
    });
    with.collect()
}

/// The name of an authentication scheme has no case (RFC 9110, section 11.1).
fn is_the_same(name: &HeaderName, value: &HeaderValue, flipped: &HeaderValue) -> bool {
    let basic = |value: &HeaderValue| {
        let (scheme, credentials) = value.to_str().ok()?.split_once(' ')?;
        Some((scheme.to_ascii_lowercase(), credentials.to_owned())).filter(|(scheme, _)| scheme == "basic")
    };
    name == AUTHORIZATION && basic(value).is_some() && basic(value) == basic(flipped)
}

fn in_body<'a>(
    parts: &'a Parts,
    body: &'a [u8],
    range: std::ops::Range<usize>,
) -> impl Iterator<Item = (String, Parts, Bytes)> + 'a {
    flips(body, range).map(|(what, body)| (format!("{what} of the body"), parts.clone(), Bytes::from(body)))
}

/// The bytes with one bit of the range flipped, each in turn.
fn flips(bytes: &[u8], range: std::ops::Range<usize>) -> impl Iterator<Item = (String, Vec<u8>)> + '_ {
    range.flat_map(move |byte| {
        (0..8).map(move |bit| {
            let mut flipped = bytes.to_vec();
            flipped[byte] ^= 1 << bit;
            (format!("bit {bit} of byte {byte}"), flipped)
        })
    })
}

#[test]
fn a_flipped_bit_is_refused() {
    for row in table() {
        let (parts, body) = row.delivery();
        assert!(row.takes(&parts, &body), "{}: the delivery itself", row.name);
        let flipped = row.flipped();
        assert!(flipped.len() > 100, "{}", row.name);
        for (what, parts, body) in flipped {
            assert!(!row.takes(&parts, &body), "{}: {what}", row.name);
        }
    }
}

#[test]
fn a_signed_header_that_is_missing_or_repeated_is_refused() {
    for row in table() {
        let (parts, body) = row.delivery();
        for (name, value) in parts.headers.iter().filter(|(name, _)| **name != CONTENT_TYPE) {
            let mut without = parts.clone();
            without.headers.remove(name);
            assert!(!row.takes(&without, &body), "{}: no {name}", row.name);
            let mut twice = parts.clone();
            twice.headers.append(name, value.clone());
            assert!(!row.takes(&twice, &body), "{}: {name} twice", row.name);
        }
    }
}

#[test]
fn a_signed_url_is_the_configured_one() {
    for row in [
        row("hubspot-v2", HubSpot::v2, Proof::Signature),
        row("hubspot-v3", HubSpot::new, Proof::Signature),
        row("square", Square::new, Proof::Signature),
        row("mandrill", Mandrill::new, Proof::SignatureOfForm),
        row("twilio", Twilio::new, Proof::SignatureOfForm),
        row("trello", Trello::new, Proof::Signature),
    ] {
        let (parts, body) = row.delivery();
        let moved = Row { source: row.source.clone().url("https://example.test/others"), ..row };
        assert!(!moved.takes(&parts, &body), "{}", moved.name);
    }
}

#[test]
fn a_delivery_of_another_source_is_refused() {
    let table = table();
    for sender in &table {
        let (parts, body) = sender.delivery();
        for receiver in table.iter().filter(|it| it.name != sender.name) {
            assert!(!receiver.takes(&parts, &body), "signed for {}, sent to {}", sender.name, receiver.name);
        }
    }
}

/// Nothing stands between the pieces that Twitch signs: each must know its own end.
#[test]
fn no_byte_moves_between_id_time_and_body() {
    let source = Twitch::new("a-long-random-text");
    let body = r#"{"at":"2023-11-14T22:13:20Z","is":1}"#;
    let (mut parts, ()) = Request::post(PATH).body(()).unwrap().into_parts();
    parts.headers = source.sign("delivery-1", now(), body.as_bytes()).unwrap();
    let text = format!("delivery-1{}{body}", parts.headers["twitch-eventsub-message-timestamp"].to_str().unwrap());
    let mut accepted = Vec::new();
    for begin in 0..=text.len() {
        for end in begin..=text.len() {
            let (id, time) = (HeaderValue::from_str(&text[..begin]), HeaderValue::from_str(&text[begin..end]));
            let (Ok(id), Ok(time)) = (id, time) else { continue };
            parts.headers.insert("twitch-eventsub-message-id", id);
            parts.headers.insert("twitch-eventsub-message-timestamp", time);
            if source.verify(&parts, &Bytes::copy_from_slice(&text.as_bytes()[end..]), now()).is_ok() {
                accepted.push((begin, end));
            }
        }
    }
    assert_eq!(accepted, [("delivery-1".len(), text.len() - body.len())]);
}

fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(NOW)
}

/// The name of Twilio's shared key is for its reader alone.
const KEY_NAME: HeaderName = HeaderName::from_static("x-twilio-webhooks-signature-settings");

const NOW: u64 = 1_700_000_000;
const URL: &str = "https://example.test/hooks";
const PATH: &str = "/hooks";
