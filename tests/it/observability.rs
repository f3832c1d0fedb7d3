//! What an operator sees of deliveries: a span each, with how it ended, and numbers whose labels no sender moves.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use bytes::Bytes;
use http::{Request, StatusCode};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusRecorder};
use tokio::sync::Notify;
use tower::ServiceExt;
use webhook_runtime::{
    Claim, FixedClock, HubSpot, IdempotencyKey, Kept, Lease, Limits, RawBody, Slack, Store, StoreError, Token,
    Webhooks, observe, webhook,
};

use crate::observed;
use crate::support::{NOW, OTHER_SECRET, SECRET, delivery, send, signed, webhooks};

#[webhook("seen")]
#[webhook("seen", source = "hubspot")]
async fn seen(_body: u64) {}

#[webhook("seen-failing")]
async fn failing(_body: u64) -> StatusCode {
    StatusCode::INTERNAL_SERVER_ERROR
}

#[webhook("seen-panicking")]
async fn panicking(_body: u64) {
    std::panic::resume_unwind(Box::new("on purpose"));
}

#[webhook("seen-slow", timeout = "1s")]
async fn slow(_body: u64) {
    std::future::pending().await
}

#[webhook("seen-waiting")]
async fn waiting(State(go): State<Arc<Notify>>, _body: u64) {
    go.notified().await;
}

#[webhook("contact.creation", source = "hubspot")]
async fn created(_body: RawBody) {}

#[webhook("contact.failing", source = "hubspot")]
async fn breaking(_body: RawBody) {
    panic!("on purpose")
}

#[webhook("contact.deletion", source = "hubspot")]
async fn deleted(_body: RawBody) -> StatusCode {
    StatusCode::CONFLICT
}

#[webhook("message", source = "slack")]
async fn message(_body: RawBody) {}

/// A store that is down.
struct Down;

impl Store for Down {
    async fn claim(&self, _: &IdempotencyKey, _: Lease) -> Result<Claim, StoreError> {
        Err(StoreError::new("down"))
    }

    async fn settle(&self, _: &IdempotencyKey, _: Token, _: Kept) -> Result<bool, StoreError> {
        Err(StoreError::new("down"))
    }

    async fn release(&self, _: &IdempotencyKey, _: Token) -> Result<bool, StoreError> {
        Err(StoreError::new("down"))
    }
}

struct Bench {
    router: Router,
    go: Arc<Notify>,
    recorder: PrometheusRecorder,
}

impl Bench {
    fn new(change: impl FnOnce(Webhooks) -> Webhooks) -> Self {
        observed::keep();
        let go = Arc::new(Notify::new());
        let app = webhooks()
            .register(seen)
            .register(failing)
            .register(panicking)
            .register(slow)
            .register(waiting)
            .register(created)
            .register(deleted)
            .register(breaking)
            .register(message)
            .source("hubspot", HubSpot::v1(SECRET))
            .source("slack", Slack::new(SECRET))
            .public_url("https://hooks.test")
            .limits(Limits::default().body(1000))
            .state(Arc::clone(&go));
        let router = change(app).clock(FixedClock::at(NOW)).into_router().unwrap();
        observed::spans();
        Self { router, go, recorder: PrometheusBuilder::new().build_recorder() }
    }

    /// The spans of one request, without their durations.
    async fn check(&self, request: Request<Body>, expected: &[&str]) {
        let counting = metrics::set_default_local_recorder(&self.recorder);
        send(&self.router, request).await;
        drop(counting);
        assert_eq!(closed(), expected);
    }

    /// The samples of a metric.
    fn samples(&self, name: &str) -> Vec<String> {
        let rendered = self.recorder.handle().render();
        let mut samples: Vec<_> = rendered.lines().filter(|it| it.starts_with(name)).map(str::to_owned).collect();
        samples.sort();
        samples
    }
}

/// The spans that closed, each of which says how long it took.
fn closed() -> Vec<String> {
    let spans = observed::spans();
    let without_duration = |span: &String| {
        let (before, duration) = span.split_once(" duration_ms=").unwrap_or_else(|| panic!("no duration: {span}"));
        assert!(duration.parse::<f64>().unwrap() >= 0.0, "{span}");
        before.to_owned()
    };
    spans.iter().map(without_duration).collect()
}

fn by_hubspot(body: &str) -> Request<Body> {
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(NOW);
    let mut request = Request::post("/webhooks/hubspot").header("content-type", "application/json");
    request.headers_mut().unwrap().extend(HubSpot::v1(SECRET).sign("", time, body.as_bytes()).unwrap());
    request.body(Body::from(body.to_owned())).unwrap()
}

fn by_slack(body: &str) -> Request<Body> {
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(NOW);
    let mut request = Request::post("/webhooks/slack").header("content-type", "application/json");
    request.headers_mut().unwrap().extend(Slack::new(SECRET).sign("", time, body.as_bytes()).unwrap());
    request.body(Body::from(body.to_owned())).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_delivery_is_a_span_that_says_how_it_ended() {
    let bench = Bench::new(|it| it);
    let own = |event: &str, id: &str| delivery(&format!("/webhooks/{event}"), id, "7");
    for (request, expected) in [
        (own("seen", "msg_1"), "route=/webhooks/seen delivery_id=msg_1 event_type=seen outcome=succeeded status=200"),
        (own("seen", "msg_1"), "route=/webhooks/seen delivery_id=msg_1 event_type=seen outcome=duplicate status=200"),
        (
            own("seen-failing", "msg_2"),
            "route=/webhooks/seen-failing delivery_id=msg_2 event_type=seen-failing outcome=failed status=500",
        ),
        (
            own("seen-panicking", "msg_3"),
            "route=/webhooks/seen-panicking delivery_id=msg_3 event_type=seen-panicking outcome=panicked status=500",
        ),
        (
            own("seen-slow", "msg_4"),
            "route=/webhooks/seen-slow delivery_id=msg_4 event_type=seen-slow outcome=timed_out status=503",
        ),
        (
            signed(OTHER_SECRET, NOW, "/webhooks/seen", "msg_5", "7"),
            "route=/webhooks/seen delivery_id=msg_5 cause=signature_mismatch outcome=unverified status=401",
        ),
        (
            signed(SECRET, NOW - 999, "/webhooks/seen", "msg_5", "7"),
            "route=/webhooks/seen delivery_id=msg_5 cause=timestamp_outside_tolerance outcome=unverified status=401",
        ),
        (
            Request::post("/webhooks/seen").body(Body::from("7")).unwrap(),
            "route=/webhooks/seen cause=missing_header outcome=unverified status=401",
        ),
        (
            delivery("/webhooks/seen", "msg_6", vec![b'1'; 1001]),
            "route=/webhooks/seen delivery_id=msg_6 cause=body_too_large outcome=refused status=413",
        ),
        (
            delivery("/webhooks/seen", "msg_7", "\"x\""),
            "route=/webhooks/seen delivery_id=msg_7 event_type=seen cause=not_the_payload outcome=undecodable status=422",
        ),
        (
            Request::get("/webhooks/seen").body(Body::empty()).unwrap(),
            "route=/webhooks/seen cause=method_not_allowed outcome=refused status=405",
        ),
    ] {
        bench.check(request, &[&format!("delivery source=default {expected}")]).await;
    }
    bench
        .check(
            by_slack(r#"{"type":"url_verification","challenge":"abc"}"#),
            &["delivery source=slack route=/webhooks/slack outcome=handshake status=200"],
        )
        .await;
    bench
        .check(
            by_slack(r#"{"type":"event_callback","event_id":"Ev1","event":{"type":"unwanted"}}"#),
            &[
                "delivery source=slack route=/webhooks/slack event_type=event_callback.unwanted delivery_id=Ev1 outcome=unhandled status=200",
            ],
        )
        .await;
}

#[tokio::test]
async fn an_event_of_a_batch_is_a_span_in_that_of_its_delivery() {
    let bench = Bench::new(|it| it);
    let event = |id: u32, event_type: &str| {
        format!(r#"{{"eventId":{id},"subscriptionId":5,"occurredAt":6,"subscriptionType":"contact.{event_type}"}}"#)
    };
    let batch = |events: &[String]| by_hubspot(&format!("[{}]", events.join(",")));
    let whole = "delivery source=hubspot route=/webhooks/hubspot";
    bench
        .check(
            batch(&[event(1, "creation"), event(2, "deletion"), event(3, "x")]),
            &[
                "delivery/event event_type=contact.creation delivery_id=1\n5\n6 outcome=succeeded status=200",
                "delivery/event event_type=contact.deletion delivery_id=2\n5\n6 outcome=failed status=409",
                "delivery/event event_type=contact.x delivery_id=3\n5\n6 outcome=unhandled status=200",
                &format!("{whole} outcome=failed status=409"),
            ],
        )
        .await;
    bench
        .check(
            batch(&[event(1, "creation"), event(4, "creation")]),
            &[
                "delivery/event event_type=contact.creation delivery_id=1\n5\n6 outcome=duplicate status=200",
                "delivery/event event_type=contact.creation delivery_id=4\n5\n6 outcome=succeeded status=200",
                &format!("{whole} outcome=succeeded status=200"),
            ],
        )
        .await;
}

#[tokio::test]
async fn an_id_cannot_write_a_log_line_of_its_own() {
    let bench = Bench::new(|it| it);
    let forged = "2027-01-15T08:00:00Z ERROR forged";
    let event = format!(
        r#"[{{"eventId":"EVENT","subscriptionId":"\n{forged}\n{}","occurredAt":6,"subscriptionType":"contact.EVENT"}}]"#,
        "x".repeat(500)
    );
    for event_type in ["creation", "deletion", "failing"] {
        send(&bench.router, by_hubspot(&event.replace("EVENT", event_type))).await;
    }
    let log = observed::log();
    assert!(log.contains(forged) && log.contains("failed: the handler panicked") && log.contains(": ran "), "{log}");
    assert!(!log.lines().any(|it| it.starts_with(forged)), "{log}");
    assert!(!log.contains(&"x".repeat(100)), "{log}");
}

#[tokio::test]
async fn a_copy_beside_the_first_and_a_sender_that_hangs_up_are_told_apart() {
    let bench = Bench::new(|it| it);
    let counting = metrics::set_default_local_recorder(&bench.recorder);
    let first = tokio::spawn(bench.router.clone().oneshot(delivery("/webhooks/seen-waiting", "msg_1", "7")));
    while bench.samples("webhook_claims ").is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(bench.samples("webhook_claims "), ["webhook_claims 1"]);
    assert_eq!(
        bench.samples("http_server_active_requests{"),
        [r#"http_server_active_requests{http_request_method="POST"} 1"#]
    );
    let at = "delivery source=default route=/webhooks/seen-waiting";
    drop(counting);
    bench
        .check(
            delivery("/webhooks/seen-waiting", "msg_1", "7"),
            &[&format!(
                "{at} delivery_id=msg_1 event_type=seen-waiting cause=still_running outcome=running status=503"
            )],
        )
        .await;

    // The sender of the first hangs up; its event goes on.
    let counting = metrics::set_default_local_recorder(&bench.recorder);
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    bench.go.notify_one();
    let mut spans = Vec::new();
    while spans.is_empty() {
        tokio::task::yield_now().await;
        spans = closed();
    }
    assert_eq!(spans, [format!("{at} delivery_id=msg_1 event_type=seen-waiting outcome=succeeded status=200")]);
    assert_eq!(bench.samples("webhook_claims "), ["webhook_claims 0"]);

    // One that hangs up before its body is there was never accepted.
    let mut request = delivery("/webhooks/seen", "msg_2", "7");
    let never = tokio_stream::pending::<Result<Bytes, std::io::Error>>();
    *request.body_mut() = Body::from_stream(never);
    let second = tokio::spawn(bench.router.clone().oneshot(request));
    tokio::task::yield_now().await;
    second.abort();
    assert!(second.await.unwrap_err().is_cancelled());
    assert_eq!(closed(), ["delivery source=default route=/webhooks/seen delivery_id=msg_2 outcome=abandoned"]);
    drop(counting);
    assert_eq!(
        bench.samples("http_server_active_requests{"),
        [r#"http_server_active_requests{http_request_method="POST"} 0"#]
    );
}

#[tokio::test]
async fn a_store_that_is_down_is_told() {
    let bench = Bench::new(|it| it.store(Down));
    let expected = "delivery source=default route=/webhooks/seen delivery_id=msg_1 event_type=seen \
                    cause=store_unavailable outcome=unavailable status=503";
    bench.check(delivery("/webhooks/seen", "msg_1", "7"), &[expected]).await;
}

#[tokio::test]
async fn a_full_store_is_told_at_the_first_id_and_more_and_more_rarely() {
    let bench = Bench::new(|it| it.store(webhook_runtime::MemoryStore::with_capacity(1)));
    for id in 1..=9 {
        send(&bench.router, delivery("/webhooks/seen", &format!("msg_{id}"), "7")).await;
    }
    let log = observed::log();
    let evicted = log.lines().filter(|it| it.contains("the memory store is full"));
    let evicted: Vec<&str> = evicted.filter_map(|it| it.split("evicted=").nth(1)).collect();
    assert_eq!(evicted, ["1", "2", "4", "8"]);
}

#[tokio::test]
async fn metrics_count_by_labels_that_no_sender_moves() {
    let bench = Bench::new(|it| it.store(webhook_runtime::MemoryStore::with_capacity(2)));
    let counting = metrics::set_default_local_recorder(&bench.recorder);
    for id in 0..20 {
        send(&bench.router, delivery("/webhooks/seen", &format!("msg_{id}"), "7")).await;
        send(&bench.router, delivery("/webhooks/seen", &format!("msg_{id}"), "7")).await;
        send(&bench.router, by_hubspot(&format!(r#"[{{"eventId":{id},"subscriptionType":"invented.{id}"}}]"#))).await;
        let forged = signed(OTHER_SECRET, NOW, "/webhooks/seen", &format!("msg_{id}"), "7");
        send(&bench.router, forged).await;
        let method = format!("INVENTED{id}");
        send(&bench.router, Request::builder().method(&*method).uri("/webhooks/seen").body(Body::empty()).unwrap())
            .await;
    }
    send(&bench.router, delivery("/webhooks/seen-failing", "msg_a", "7")).await;
    drop(counting);
    observed::spans();

    let check = |name: &str, expected: &[&str]| assert_eq!(bench.samples(name), expected);
    check(
        "webhook_deliveries{",
        &[
            r#"webhook_deliveries{webhook_source="default",webhook_outcome="duplicate"} 20"#,
            r#"webhook_deliveries{webhook_source="default",webhook_outcome="failed"} 1"#,
            r#"webhook_deliveries{webhook_source="default",webhook_outcome="refused"} 20"#,
            r#"webhook_deliveries{webhook_source="default",webhook_outcome="succeeded"} 20"#,
            r#"webhook_deliveries{webhook_source="default",webhook_outcome="unverified"} 20"#,
            r#"webhook_deliveries{webhook_source="hubspot",webhook_outcome="unhandled"} 20"#,
        ],
    );
    check(
        "webhook_events{",
        &[
            r#"webhook_events{webhook_source="default",webhook_event_type="seen",webhook_outcome="duplicate"} 20"#,
            r#"webhook_events{webhook_source="default",webhook_event_type="seen",webhook_outcome="succeeded"} 20"#,
            r#"webhook_events{webhook_source="default",webhook_event_type="seen-failing",webhook_outcome="failed"} 1"#,
            r#"webhook_events{webhook_source="hubspot",webhook_event_type="other",webhook_outcome="unhandled"} 20"#,
        ],
    );
    check(
        "webhook_rejections{",
        &[
            r#"webhook_rejections{webhook_source="default",webhook_cause="method_not_allowed"} 20"#,
            r#"webhook_rejections{webhook_source="default",webhook_cause="signature_mismatch"} 20"#,
        ],
    );
    check("webhook_store_evictions ", &["webhook_store_evictions 19"]);
    check(
        "http_server_request_duration_count{",
        &[
            r#"http_server_request_duration_count{http_request_method="POST",http_response_status_code="200",http_route="/webhooks/hubspot"} 20"#,
            r#"http_server_request_duration_count{http_request_method="POST",http_response_status_code="200",http_route="/webhooks/seen"} 40"#,
            r#"http_server_request_duration_count{http_request_method="POST",http_response_status_code="401",http_route="/webhooks/seen"} 20"#,
            r#"http_server_request_duration_count{http_request_method="POST",http_response_status_code="500",http_route="/webhooks/seen-failing",error_type="500"} 1"#,
            r#"http_server_request_duration_count{http_request_method="_OTHER",http_response_status_code="405",http_route="/webhooks/seen"} 20"#,
        ],
    );
}

#[test]
fn the_words_for_an_end_are_a_list_without_repeats() {
    let words: std::collections::BTreeSet<_> = observe::OUTCOMES.into_iter().collect();
    assert_eq!(words.len(), observe::OUTCOMES.len());
}
