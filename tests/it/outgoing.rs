//! The sending side of every source: what it makes is accepted, and is the event that was asked for.

use std::time::{Duration, SystemTime};

use axum::body::Body;
use serde_json::{Value, json};
use webhook_runtime::cli::sources::{Configuration, PROVIDERS};
use webhook_runtime::{
    Adyen, Auth0, CannotSign, CloudEvents, Discord, GitHub, HmacSource, HubSpot, Linear, MailchimpMarketing, Mailgun,
    Mandrill, Meta, MicrosoftGraph, Outgoing, Shopify, Slack, Sns, Source, Square, StandardWebhooks, Stripe,
    TokenSource, Twilio, Twitch, X,
};

use crate::subject::{Subject, configuration};
use crate::support::{NOW, SECRET, send};

impl Subject {
    /// Delivers, and returns the one event that the handler saw.
    async fn deliver(&self, delivery: Outgoing) -> (String, String, String) {
        let request = self.source.outgoing(&delivery.to("/webhooks/subject")).unwrap();
        let shown = format!("{request:?}");
        let answer = send(&self.router, request.map(Body::from)).await;
        assert_eq!(answer.status.as_u16() / 100, 2, "{}: {} {shown}", self.source.name(), answer.shown());
        let mut seen = std::mem::take(&mut *self.seen.lock().unwrap());
        assert_eq!(seen.len(), 1, "{}: {seen:?} {shown}", self.source.name());
        seen.remove(0)
    }
}

fn outgoing(id: &str) -> Outgoing {
    Outgoing::new(id, SystemTime::UNIX_EPOCH + Duration::from_secs(NOW))
}

/// The schemes whose private half stays with the sender: the testing kit has keys of its own for them.
const SIGNED_BY_PRIVATE_KEYS: [&str; 8] =
    ["adobe-commerce", "adobe-io", "sns", "discord", "google-pubsub", "paypal", "plaid", "sendgrid"];

/// Those that give a delivery no id at all.
const WITHOUT_ID: [&str; 17] = [
    "asana",
    "calendly",
    "datadog",
    "dropbox",
    "figma",
    "lemon-squeezy",
    "mailchimp-marketing",
    "mandrill",
    "meta",
    "microsoft-graph",
    "newrelic",
    "postmark",
    "rfc9421",
    "websub",
    "x-twitter",
    "zapier",
    "zoom",
];

fn source(name: &str, scheme: &str, make: fn(&Configuration) -> Result<Source, String>) -> Source {
    let secret = match name {
        "adyen" => "DFB1EB5485895CFA84146406857104ABB4CBCABDC8AAF103A624C8F6A3EAAB00",
        "rfc9421" => SECRET.trim_start_matches("whsec_"),
        _ if scheme == "basic-auth" => "user:a long random password",
        _ => SECRET,
    };
    let components = ("required_components", "@method\n@target-uri\ncontent-type\ncontent-digest");
    make(&configuration(name, secret, &[components])).unwrap()
}

#[tokio::test]
async fn every_sample_of_every_provider_is_accepted_as_the_event_that_was_asked_for() {
    let mut delivered = 0;
    for provider in PROVIDERS {
        let schemes = provider.schemes.iter().filter(|(name, _)| !SIGNED_BY_PRIVATE_KEYS.contains(name));
        for (scheme, make) in schemes {
            let subject = Subject::of(source(provider.name, scheme, *make));
            let samples = subject.source.samples();
            assert!(!samples.is_empty(), "{} has no sample", provider.name);
            for sample in samples {
                let what = format!("{} by {scheme}: {}", provider.name, sample.event_type());
                let asked = (4021 + delivered).to_string();
                let (event_type, id, _) = subject.deliver(outgoing(&asked).event_type(sample.event_type())).await;
                assert_eq!(event_type, sample.event_type(), "{what}");
                let has_id = id.split('\n').next() == Some(&asked);
                let without = WITHOUT_ID.contains(&provider.name) || sample.event_type() == "/order";
                assert_eq!(has_id, !without, "{what}: its id is {id}");
                delivered += 1;
            }
            // Without a word it is the first sample. Where bodies have no id, that is a copy: hence another app.
            let (event_type, ..) = Subject::of(subject.source.clone()).deliver(outgoing("4022")).await;
            assert_eq!(event_type, samples[0].event_type(), "{}", provider.name);
        }
    }
    assert!(delivered > 80, "{delivered}");
}

#[test]
fn a_sample_brings_the_headers_that_belong_to_it() {
    let request = Twitch::new(SECRET).outgoing(&outgoing("4021").to("/webhooks/subject")).unwrap();
    assert_eq!(request.headers()["twitch-eventsub-message-type"], "notification");
    assert_eq!(request.headers()["twitch-eventsub-subscription-version"], "2");
}

#[tokio::test]
async fn an_event_type_without_a_sample_is_written_into_the_first() {
    for (source, asked) in [
        (Stripe::new(SECRET), "charge.refunded"),
        (GitHub::new(SECRET), "release.published"),
        (Shopify::new(SECRET), "orders/cancelled"),
        (Slack::new(SECRET), "event_callback.reaction_added"),
        (Linear::new(SECRET), "Comment.update"),
        (Mailgun::new(SECRET), "failed.temporary"),
        (Mandrill::new(SECRET), "soft_bounce"),
        (Meta::new(SECRET), "instagram"),
        (MailchimpMarketing::new(SECRET), "unsubscribe"),
        (HubSpot::new(SECRET), "deal.creation"),
        (X::new(SECRET), "favorite_events"),
        (CloudEvents::new(SECRET), "com.example.order.sent"),
        (MicrosoftGraph::new(SECRET), "deleted"),
    ] {
        let (event_type, ..) = Subject::of(source).deliver(outgoing("4021").event_type(asked)).await;
        assert_eq!(event_type, asked);
    }
}

#[tokio::test]
async fn a_payload_is_written_as_its_sender_writes_it() {
    let check = async |source: Source, event_type: &str, payload: Value, expected: &str| {
        let (seen, _, body) =
            Subject::of(source).deliver(outgoing("4021").event_type(event_type).payload(payload)).await;
        assert_eq!((&*seen, &*body), (event_type, expected));
    };
    let order = json!({ "order": 1042 });
    check(StandardWebhooks::new(SECRET), "order.paid", order.clone(), r#"{"order":1042,"type":"order.paid"}"#).await;
    check(Stripe::new(SECRET), "order.paid", order.clone(), r#"{"id":"4021","order":1042,"type":"order.paid"}"#).await;
    check(GitHub::new(SECRET), "issues.opened", order.clone(), r#"{"action":"opened","order":1042}"#).await;
    check(GitHub::new(SECRET), "push", order.clone(), r#"{"order":1042}"#).await;
    check(Shopify::new(SECRET), "orders/paid", order.clone(), r#"{"order":1042}"#).await;
    check(Auth0::new(SECRET), "ss", order.clone(), r#"[{"data":{"type":"ss"},"log_id":"4021","order":1042}]"#).await;
    check(Twilio::new(SECRET), "", json!({ "Body": "a b", "From": "+15550100" }), "Body=a+b&From=%2B15550100").await;
    check(
        MailchimpMarketing::new(SECRET),
        "subscribe",
        json!({ "data": { "email": "ada@example.com" } }),
        "data%5Bemail%5D=ada%40example.com&type=subscribe",
    )
    .await;
    let hook = || Source::from(HmacSource::new("x-signature", SECRET).event_type_header("x-event"));
    check(hook(), "order.paid", order.clone(), r#"{"order":1042}"#).await;
    let token = || Source::from(TokenSource::query("token", SECRET).event_type_at("/of/what"));
    check(token(), "order.paid", order, r#"{"of":{"what":"order.paid"},"order":1042}"#).await;
}

#[tokio::test]
async fn what_a_payload_says_of_itself_stays() {
    let check = async |source: Source, asked: &str, payload: Value, expected: (&str, &str)| {
        let (event_type, id, _) =
            Subject::of(source).deliver(outgoing("4021").event_type(asked).payload(payload)).await;
        assert_eq!((&*event_type, &*id), expected);
    };
    let own = json!({ "id": "evt_1", "type": "order.sent" });
    check(Stripe::new(SECRET), "order.paid", own, ("order.sent", "evt_1")).await;
    let closed = json!({ "action": "closed" });
    check(GitHub::new(SECRET), "issues.closed", closed.clone(), ("issues.closed", "4021")).await;
    check(GitHub::new(SECRET), "issues", closed, ("issues.closed", "4021")).await;
    let event = json!({ "specversion": "1.0", "id": "1", "source": "https://example.com", "type": "own" });
    check(CloudEvents::new(SECRET), "asked", event, ("own", "1\nhttps://example.com")).await;
    check(CloudEvents::new(SECRET), "asked", json!({ "order": 1 }), ("asked", "4021\ncloudevents")).await;
}

#[tokio::test]
async fn a_body_is_sent_byte_for_byte_but_for_time_and_proof() {
    let check = async |source: Source, body: &str, expected: &str| {
        let (_, _, seen) = Subject::of(source).deliver(outgoing("4021").event_type("a").body(body.to_owned())).await;
        assert_eq!(seen, expected);
    };
    check(Stripe::new(SECRET), r#"{ "order" : 1042 }"#, r#"{ "order" : 1042 }"#).await;
    check(Square::new(SECRET), "no JSON", "no JSON").await;
    let fresh = format!(r#"{{"order":1042,"webhookTimestamp":{NOW}000}}"#);
    check(Linear::new(SECRET), r#"{ "webhookTimestamp": 1, "order": 1042 }"#, &fresh).await;
    let same = format!(r#"{{ "webhookTimestamp": {NOW}000 }}"#);
    check(Linear::new(SECRET), &same, &same).await;
    let state = format!(r#"{{"value":[{{"clientState":"{SECRET}"}}]}}"#);
    check(MicrosoftGraph::new(SECRET), r#"{"value":[{"clientState":"old"}]}"#, &state).await;
}

#[test]
fn what_cannot_be_made_says_what_to_do() {
    let check = |source: Source, delivery: Outgoing, expected: CannotSign| {
        assert_eq!(source.outgoing(&delivery).unwrap_err(), expected);
        let said = expected.to_string();
        assert!([":", "write"].iter().any(|it| said.contains(it)), "{said}");
    };
    check(Stripe::new(""), outgoing("1"), CannotSign::NoSecret);
    check(Twilio::new(SECRET), outgoing("1"), CannotSign::NoUrl);
    check(HmacSource::new("x-signature", SECRET).into(), outgoing("1"), CannotSign::NoSample);
    check(StandardWebhooks::new(SECRET), outgoing("a b"), CannotSign::Id);
    check(GitHub::new(SECRET), outgoing("1").event_type("a\nb"), CannotSign::EventType);
    check(GitHub::new(SECRET), outgoing("1").to("no path"), CannotSign::Target);
    let public_key = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    check(Discord::new(public_key), outgoing("1"), CannotSign::PublicKeyOnly);
    // The keys of the testing kit are for its own sources alone.
    check(Sns::new("arn:aws:sns:us-east-1:123456789012:a").into(), outgoing("1"), CannotSign::PublicKeyOnly);
    let problem = Mailgun::new(SECRET).outgoing(&outgoing("1").body("no JSON")).unwrap_err();
    assert!(matches!(problem, CannotSign::Body(_)), "{problem}");
    let problem = Adyen::new("AB").outgoing(&outgoing("1").body("{}")).unwrap_err();
    assert!(problem.to_string().contains("`notificationItems`"), "{problem}");
}

#[test]
fn a_request_goes_where_it_is_sent() {
    let source = MailchimpMarketing::query("key", "a&b");
    let uri = |target: &str| source.outgoing(&outgoing("1").to(target)).unwrap().uri().to_string();
    assert_eq!(uri("/hooks"), "/hooks?key=a%26b");
    assert_eq!(uri("http://127.0.0.1:8000/hooks?a=b"), "http://127.0.0.1:8000/hooks?a=b&key=a%26b");
    // A scheme that signs the URL signs this one, where no other is configured.
    let (source, url) = (Square::new(SECRET), "http://127.0.0.1:8000/hooks");
    let request = source.outgoing(&outgoing("1").to(url)).unwrap();
    let (mut parts, body) = request.into_parts();
    parts.uri = "/hooks".parse().unwrap();
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(NOW);
    assert!(source.clone().url(url).verify(&parts, &body, now).is_ok());
    assert!(source.url("https://hooks.test/hooks").verify(&parts, &body, now).is_err());
}

#[tokio::test]
async fn a_received_delivery_is_signed_again_at_another_time_and_for_another_url() {
    let later = SystemTime::UNIX_EPOCH + Duration::from_secs(NOW);
    let earlier = later - Duration::from_secs(100_000);
    for provider in PROVIDERS {
        let schemes = provider.schemes.iter().filter(|(name, _)| !SIGNED_BY_PRIVATE_KEYS.contains(name));
        for (scheme, make) in schemes {
            let what = format!("{} by {scheme}", provider.name);
            let subject = Subject::of(source(provider.name, scheme, *make));
            let theirs = subject.source.clone().url("https://elsewhere.test/webhooks/subject");
            let first = theirs.outgoing(&Outgoing::new("4021", earlier).to("/webhooks/subject?theirs=1")).unwrap();
            let (parts, body) = first.into_parts();
            let again = subject.source.outgoing_again(&parts, &body, later).unwrap();
            let event_type = parts.headers.get("x-github-event").cloned();
            assert_eq!(again.headers().get("x-github-event").cloned(), event_type, "{what}");
            if !["linear", "mailgun"].contains(&provider.name) {
                assert_eq!(again.body(), &body, "{what}");
            }
            let answer = send(&subject.router, again.map(Body::from)).await;
            assert_eq!(answer.status.as_u16() / 100, 2, "{what}: {}", answer.shown());
            let (_, id, _) = subject.seen.lock().unwrap().remove(0);
            let has_id = !WITHOUT_ID.contains(&provider.name);
            assert_eq!(id.split('\n').next() == Some("4021"), has_id, "{what}: {id}");
        }
    }
}
