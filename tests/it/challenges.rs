//! Challenges of handshakes that no provider sends: of an unsigned kind nothing is reflected, and what a signature proves
//! goes out as a text that no browser takes for a page.

use std::time::{Duration, SystemTime};

use axum::Router;
use axum::body::Body;
use http::Request;
use webhook_runtime::{
    AdobeIo, Dropbox, FixedClock, Mandrill, Meta, MicrosoftGraph, RawBody, Slack, Source, Twitch, WebSub, Webhooks, X,
    webhook,
};

use crate::support::{Answer, NOW, assert_problem, send};

const SECRET: &str = "a-long-random-text";

#[webhook("*", source = "subject")]
async fn never(_body: RawBody) {
    unreachable!("a handshake reaches no handler");
}

fn app(source: Source) -> Router {
    Webhooks::empty().register(never).source("subject", source).clock(FixedClock::at(NOW)).into_router().unwrap()
}

/// Every kind that is answered before anything is proven, asked with this challenge as it stands in a URL.
async fn answers(challenge: &str) -> Vec<(&'static str, Answer)> {
    let asking: [(&str, Source, &str, &str); 6] = [
        ("meta", Meta::new(SECRET).verify_token("v"), "GET", "hub.mode=subscribe&hub.verify_token=v&hub.challenge="),
        ("websub", WebSub::new(SECRET).topics(["t"]), "GET", "hub.mode=subscribe&hub.topic=t&hub.challenge="),
        ("dropbox", Dropbox::new(SECRET), "GET", "challenge="),
        ("adobe-io", AdobeIo::new("me").into(), "GET", "challenge="),
        ("microsoft-graph", MicrosoftGraph::new(SECRET), "POST", "validationToken="),
        ("x", X::new(SECRET), "GET", "crc_token="),
    ];
    let mut answers = Vec::new();
    for (name, source, method, query) in asking {
        let request = Request::builder().method(method).uri(format!("/webhooks/subject?{query}{challenge}"));
        answers.push((name, send(&app(source), request.body(Body::empty()).unwrap()).await));
    }
    answers
}

#[tokio::test]
async fn a_challenge_of_a_provider_is_answered() {
    for (name, answer) in answers("8ec8d794-e0ab").await {
        assert_eq!(answer.status, 200, "{name}: {answer:?}");
        if name != "x" {
            assert_eq!(answer.text(), "8ec8d794-e0ab", "{name}");
            assert_is_no_page(&answer);
        }
    }
}

#[tokio::test]
async fn no_hostile_challenge_is_reflected() {
    // A mebibyte is more than a URL can have; this is what is left of it.
    let long = "c4n4ry".repeat(10_000);
    for challenge in [
        "%3Cscript%3Ec4n4ry%3C%2Fscript%3E",
        "c4n4ry%0D%0ASet-Cookie%3A%20a%3Db",
        "c4n4ry%0D%0A%0D%0A%3Cb%3E",
        "c4n4ry%00",
        "c4n4ry%22%7D",
        "c4n4ry%C3%A9",
        "c4n4ry%FF",
        "c4n4ry%",
        "c4n4ry&challenge=2&hub.challenge=2&validationToken=2&crc_token=2",
        &long,
    ] {
        for (name, answer) in answers(challenge).await {
            assert_problem(&answer, 400);
            assert!(!format!("{answer:?}{}", answer.text()).contains("c4n4ry"), "{name}: {challenge:.60}");
        }
    }
}

fn assert_is_no_page(answer: &Answer) {
    assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(answer.header("content-security-policy"), Some("sandbox"));
}

#[tokio::test]
async fn a_signed_challenge_goes_out_as_a_text() {
    let signed = |source: &Source, body: &str| {
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(NOW);
        let mut request = Request::post("/webhooks/subject").body(Body::from(body.to_owned())).unwrap();
        *request.headers_mut() = source.sign("1", time, body.as_bytes()).unwrap();
        let kind = "webhook_callback_verification".parse().unwrap();
        request.headers_mut().insert("twitch-eventsub-message-type", kind);
        request
    };
    let long = "a".repeat(900_000);
    for source in [Slack::new(SECRET), Twitch::new(SECRET)] {
        for challenge in ["<script>alert(1)</script>", "a\r\nb", "é", &long] {
            let body = serde_json::json!({"type": "url_verification", "challenge": challenge}).to_string();
            let answer = send(&app(source.clone()), signed(&source, &body)).await;
            assert_eq!((answer.status.as_u16(), answer.text()), (200, challenge));
            assert_is_no_page(&answer);
            let mut forged = signed(&source, "{}");
            *forged.body_mut() = Body::from(body);
            assert_problem(&send(&app(source.clone()), forged).await, 401);
        }
    }
}

#[tokio::test]
async fn a_test_of_a_url_is_proven_by_the_key_that_everyone_knows_and_says_nothing_else() {
    let mandrill = |key: &str| Mandrill::new(key).url("https://hooks.test/webhooks/subject");
    let check = async |key: &str, body: &'static str, status: u16| {
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(NOW);
        let mut request = Request::post("/webhooks/subject").body(Body::from(body)).unwrap();
        *request.headers_mut() = mandrill(key).sign("", time, body.as_bytes()).unwrap();
        request.headers_mut().insert("content-type", "application/x-www-form-urlencoded".parse().unwrap());
        assert_eq!(send(&app(mandrill(SECRET)), request).await.status, status, "{key}: {body}");
    };
    check("test-webhook", "mandrill_events=%5B%5D", 200).await;
    check("another-long-random-text", "mandrill_events=%5B%5D", 401).await;
    check("test-webhook", "mandrill_events=%5B%7B%22event%22%3A%22send%22%7D%5D", 401).await;
    check("test-webhook", "mandrill_events=%5B%5D&mandrill_events=%5B%5D", 401).await;
}
