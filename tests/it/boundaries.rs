//! Where two things that look alike must stay apart, or one that looks like two must stay one.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use axum::body::Body;
use axum::extract::State;
use http::request::Builder;
use http::{HeaderMap, Request};
use serde_json::Value;
use tokio_stream::StreamExt;
use webhook_runtime::{
    CloudEvents, Event, FixedClock, RawBody, Shopify, Source, Stripe, TokenSource, Webhooks, X, webhook,
};

use crate::support::{Answer, NOW, SECRET, assert_problem, delivery, send, webhooks};

const KEY: &str = "a-long-random-text";

/// What the handler was given.
type Seen = Arc<Mutex<Vec<String>>>;

#[webhook("*", source = "boundary")]
async fn anything(State(seen): State<Seen>, event: Event<RawBody>) {
    seen.lock().unwrap().push(format!("{} {}", event.event_type(), event.payload.text().unwrap()));
}

#[webhook("invoice.paid", source = "boundary")]
async fn paid(State(seen): State<Seen>, _event: Event<Value>) {
    seen.lock().unwrap().push("paid".to_owned());
}

struct Bench {
    router: axum::Router,
    source: Source,
    seen: Seen,
}

impl Bench {
    fn of(source: impl Into<Source>) -> Self {
        let (source, seen) = (source.into(), Seen::default());
        let app = Webhooks::empty().register(anything).state(Arc::clone(&seen)).source("boundary", source.clone());
        Self { router: app.clock(FixedClock::at(NOW)).into_router().unwrap(), source, seen }
    }

    async fn send(&self, body: &str, headers: &[(&str, &str)]) -> Answer {
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(NOW);
        let signed = self.source.sign("", time, body.as_bytes()).unwrap();
        self.post(Request::post("/webhooks/boundary"), &signed, body, headers).await
    }

    async fn post(&self, request: Builder, signed: &HeaderMap, body: &str, headers: &[(&str, &str)]) -> Answer {
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let mut request = request.body(Body::from(body.to_owned())).unwrap();
        request.headers_mut().extend(signed.clone());
        send(&self.router, request).await
    }

    fn seen(&self) -> Vec<String> {
        std::mem::take(&mut *self.seen.lock().unwrap())
    }
}

#[tokio::test]
async fn a_challenge_that_x_has_signed_is_no_delivery() {
    let bench = Bench::of(X::new(KEY));
    for challenge in ["1234567", "true", "null", "any-text"] {
        let uri = format!("/webhooks/boundary?crc_token={challenge}");
        let asked = send(&bench.router, Request::get(uri).body(Body::empty()).unwrap()).await;
        let code = asked.json()["response_token"].as_str().unwrap().to_owned();
        let signed = HeaderMap::from_iter([(
            http::HeaderName::from_static("x-twitter-webhooks-signature"),
            code.parse().unwrap(),
        )]);
        let answer = bench.post(Request::post("/webhooks/boundary"), &signed, challenge, &[]).await;
        assert_problem(&answer, 401);
    }
    assert!(bench.seen().is_empty());
    assert_eq!(bench.send(r#"{"tweet_create_events":[]}"#, &[]).await.status, 200);
    assert_eq!(bench.seen().len(), 1);
}

#[tokio::test]
async fn one_body_under_two_topics_of_shopify_is_two_events() {
    let bench = Bench::of(Shopify::new(KEY));
    for topic in ["orders/create", "orders/paid", "orders/create"] {
        assert_eq!(bench.send(r#"{"id":1}"#, &[("x-shopify-topic", topic)]).await.status, 200);
    }
    assert_eq!(bench.seen(), [r#"orders/create {"id":1}"#, r#"orders/paid {"id":1}"#]);
}

#[tokio::test]
async fn a_list_is_a_batch_of_cloud_events_only_where_it_says_so() {
    let event = [("ce-type", "made"), ("ce-id", "1"), ("ce-source", "/a"), ("content-type", "application/json")];
    let bench = Bench::of(CloudEvents::new(KEY));
    assert_eq!(bench.send(r#"[{"a":1},{"b":2}]"#, &event).await.status, 200);
    assert_eq!(bench.seen(), [r#"made [{"a":1},{"b":2}]"#]);
    let batch = [("content-type", "application/cloudevents-batch+json")];
    let list = r#"[{"type":"a","id":"1","source":"/"},{"type":"b","id":"2","source":"/"}]"#;
    assert_eq!(bench.send(list, &batch).await.status, 200);
    assert_eq!(bench.seen().len(), 2);
}

#[tokio::test]
async fn a_body_of_another_content_type_is_refused_and_not_acknowledged() {
    let seen = Seen::default();
    let app = Webhooks::empty().register(paid).state(Arc::clone(&seen)).source("boundary", Stripe::new(KEY));
    let router = app.clock(FixedClock::at(NOW)).into_router().unwrap();
    let post = async |content_type: &str| {
        let body = r#"{"id":"evt_1","type":"invoice.paid"}"#;
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(NOW);
        let mut request = Request::post("/webhooks/boundary").header("content-type", content_type);
        request.headers_mut().unwrap().extend(Stripe::new(KEY).sign("", time, body.as_bytes()).unwrap());
        send(&router, request.body(Body::from(body)).unwrap()).await
    };
    for content_type in ["text/plain", "application/json; charset=utf-16", "application/x-www-form-urlencoded"] {
        assert_problem(&post(content_type).await, 415);
    }
    assert!(seen.lock().unwrap().is_empty());
    assert_eq!(post("application/json; charset=utf8").await.status, 200);
    assert_eq!(seen.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn an_event_type_that_is_longer_than_any_selects_nothing() {
    let bench = Bench::of(TokenSource::header("x-token", KEY));
    let long = format!(r#"{{"type":"{}"}}"#, "a.".repeat(300_000));
    assert_eq!(bench.send(&long, &[]).await.status, 200);
    assert!(bench.seen()[0].starts_with(" {"));
}

#[webhook("boundary-panics-late")]
async fn panics_late(_body: RawBody) -> Body {
    Body::from_stream(tokio_stream::iter([1]).map(|_: i32| -> Result<bytes::Bytes, std::io::Error> { panic!("late") }))
}

#[tokio::test]
async fn an_answer_that_panics_while_it_is_read_leaves_no_claim() {
    let store = Arc::new(webhook_runtime::MemoryStore::default());
    let router = webhooks().register(panics_late).store(Arc::clone(&store)).into_router().unwrap();
    for _ in 0..2 {
        assert_problem(&send(&router, delivery("/webhooks/boundary-panics-late", "msg_1", "x")).await, 500);
    }
    assert!(store.is_empty());
}

#[tokio::test(start_paused = true)]
async fn secrets_that_do_not_come_are_given_up() {
    let source = Stripe::with_secrets(async |_| {
        std::future::pending::<()>().await;
        Ok::<_, std::io::Error>("never")
    });
    let app = Webhooks::empty().register(paid).state(Seen::default()).source("boundary", source);
    let router = app.into_router().unwrap();
    let answer = send(&router, Request::post("/webhooks/boundary").body(Body::empty()).unwrap()).await;
    assert_problem(&answer, 503);
}

#[test]
fn a_token_in_a_header_is_not_shown_by_debug() {
    let mut parts = Request::post("/?token=canary").header("x-token", "canary").body(()).unwrap().into_parts().0;
    parts.headers.insert("authorization", "canary".parse().unwrap());
    let source: Source = TokenSource::header("x-token", "canary").into();
    let verified = source.verify(&parts, &"canary".into(), SystemTime::now()).unwrap();
    assert!(!format!("{verified:?} {source:?}").contains("canary"));
}

#[test]
fn patterns_that_take_the_same_requests_are_start_up_errors() {
    let app = |first: &str, second: &str| {
        let app = webhooks().source_at("a", first, Stripe::new(SECRET)).source_at("b", second, Stripe::new(SECRET));
        app.register(panics_late).build().err().map(|it| it.to_string()).unwrap_or_default()
    };
    assert!(app("s/{tenant}", "s/{shop}").contains("have the same path"));
    assert!(app("{tenant}", "b").contains("is no path"));
    assert!(app("s/{a}{b}", "b").contains("is no path"));
    assert_eq!(app("s/{tenant}", "t/{tenant}"), "");
}

#[test]
fn blank_secrets_and_urls_that_are_none_are_start_up_errors() {
    let refused = |source: Source| {
        webhooks().register(panics_late).source("a", source).build().err().map(|it| it.to_string()).unwrap_or_default()
    };
    assert!(refused(Stripe::new([" "])).contains("is empty"));
    assert!(refused(Stripe::new(KEY).url("not a url")).contains("is no public URL"));
}
