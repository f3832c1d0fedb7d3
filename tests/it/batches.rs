//! Several events in one delivery: each goes to its own handler, and a failure of one neither loses nor repeats another.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use http::{Request, StatusCode};
use schemars::JsonSchema;
use serde::Deserialize;
use webhook_runtime::{Event, FixedClock, HubSpot, Salesforce, Webhooks, webhook};

use crate::support::{Answer, NOW, send};

const SECRET: &str = "a-long-random-text";

/// How often each contact was told, and which of them fail.
#[derive(Clone, Default)]
struct Contacts {
    told: Arc<Mutex<BTreeMap<u64, u32>>>,
    failing: Arc<Mutex<Vec<u64>>>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Change {
    object_id: u64,
}

#[webhook("contact.creation", source = "hubspot")]
async fn created(State(contacts): State<Contacts>, event: Event<Change>) -> StatusCode {
    let id = event.payload.object_id;
    *contacts.told.lock().unwrap().entry(id).or_default() += 1;
    if contacts.failing.lock().unwrap().contains(&id) { StatusCode::BAD_GATEWAY } else { StatusCode::NO_CONTENT }
}

struct Bench {
    router: Router,
    contacts: Contacts,
}

impl Bench {
    fn new() -> Self {
        let contacts = Contacts::default();
        let app = Webhooks::empty()
            .register(created)
            .state(contacts.clone())
            .source("hubspot", HubSpot::v1(SECRET))
            .public_url("https://hooks.test")
            .clock(FixedClock::at(NOW));
        Self { router: app.into_router().unwrap(), contacts }
    }

    async fn send(&self, body: &str) -> Answer {
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(NOW);
        let mut request = Request::post("/webhooks/hubspot").header("content-type", "application/json");
        request.headers_mut().unwrap().extend(HubSpot::v1(SECRET).sign("", time, body.as_bytes()).unwrap());
        send(&self.router, request.body(Body::from(body.to_owned())).unwrap()).await
    }

    fn told(&self) -> Vec<(u64, u32)> {
        self.contacts.told.lock().unwrap().iter().map(|(id, times)| (*id, *times)).collect()
    }
}

/// An event of HubSpot, in its n-th attempt.
fn event(kind: &str, id: u64, attempt: u32) -> String {
    format!(
        r#"{{"eventId":{id},"subscriptionId":1,"occurredAt":{NOW}000,"attemptNumber":{attempt},"subscriptionType":"{kind}","objectId":{id}}}"#
    )
}

fn list(events: &[String]) -> String {
    format!("[{}]", events.join(","))
}

#[tokio::test]
async fn each_event_reaches_its_handler_once() {
    let bench = Bench::new();
    let events: Vec<String> = (1..=3).map(|id| event("contact.creation", id, 0)).collect();
    assert_eq!(bench.send(&list(&events)).await.status, 200);
    // In another list, with more of them: what was told is not told again.
    let more = [event("contact.creation", 2, 1), event("contact.creation", 4, 0), event("contact.deletion", 5, 0)];
    assert_eq!(bench.send(&list(&more)).await.status, 200);
    assert_eq!(bench.told(), [(1, 1), (2, 1), (3, 1), (4, 1)]);
}

#[tokio::test]
async fn a_failure_of_one_neither_loses_nor_repeats_the_others() {
    let bench = Bench::new();
    bench.contacts.failing.lock().unwrap().push(2);
    let attempt = |attempt| list(&(1..=3).map(|id| event("contact.creation", id, attempt)).collect::<Vec<_>>());
    assert_eq!(bench.send(&attempt(0)).await.status, 502);
    assert_eq!(bench.told(), [(1, 1), (2, 1), (3, 1)]);
    bench.contacts.failing.lock().unwrap().clear();
    assert_eq!(bench.send(&attempt(1)).await.status, 200);
    assert_eq!(bench.told(), [(1, 1), (2, 2), (3, 1)]);
}

#[tokio::test]
async fn a_broken_event_is_refused_and_its_neighbours_run() {
    let bench = Bench::new();
    let broken =
        r#"{"eventId":9,"subscriptionId":1,"occurredAt":1,"subscriptionType":"contact.creation","objectId":"x"}"#;
    let events = [event("contact.creation", 1, 0), broken.to_owned(), event("contact.creation", 2, 0)];
    let answer = bench.send(&list(&events)).await;
    assert_eq!(answer.status, 422);
    assert_eq!(bench.told(), [(1, 1), (2, 1)]);
    // What is no object has no event type that anybody wants; the one that was wanted gives the answer.
    let events = ["7".to_owned(), "null".to_owned(), event("contact.creation", 3, 0)];
    assert_eq!(bench.send(&list(&events)).await.status, 204);
    assert_eq!(bench.told(), [(1, 1), (2, 1), (3, 1)]);
}

#[tokio::test]
async fn an_empty_batch_is_acknowledged() {
    let bench = Bench::new();
    assert_eq!(bench.send("[]").await.status, 200);
    assert_eq!(bench.told(), []);
}

#[tokio::test]
async fn a_batch_of_ten_thousand_runs_each_event_once() {
    let bench = Bench::new();
    let events: Vec<String> =
        (0..10_000).map(|id| format!(r#"{{"eventId":{id},"subscriptionId":1,"occurredAt":1,"subscriptionType":"contact.creation","objectId":{id}}}"#)).collect();
    let mut body = list(&events);
    // The limit of a body is a mebibyte; ten thousand short events fit.
    body = body.replace("\"occurredAt\":1,", "");
    assert!(body.len() < 1024 * 1024, "{}", body.len());
    assert_eq!(bench.send(&body).await.status, 200);
    assert_eq!(bench.send(&body).await.status, 200);
    assert_eq!(bench.told().len(), 10_000);
    assert!(bench.told().iter().all(|(_, times)| *times == 1));
}

/// What Salesforce tells of a contact.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct Notification {
    #[serde(rename = "sObject")]
    contact: Contact,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct Contact {
    number: u64,
}

#[webhook("04k1", source = "salesforce")]
async fn notified(State(contacts): State<Contacts>, event: Event<Notification>) -> StatusCode {
    let number = event.payload.contact.number;
    assert_eq!(event.delivery_id(), format!("04l{number}"));
    *contacts.told.lock().unwrap().entry(number).or_default() += 1;
    if contacts.failing.lock().unwrap().contains(&number) { StatusCode::BAD_GATEWAY } else { StatusCode::NO_CONTENT }
}

fn salesforce() -> Bench {
    let contacts = Contacts::default();
    let app = Webhooks::empty()
        .register(notified)
        .state(contacts.clone())
        .source("salesforce", Salesforce::new("00D24000000abcd", "k7Qd0v"))
        .clock(FixedClock::at(NOW));
    Bench { router: app.into_router().unwrap(), contacts }
}

/// An outbound message with a notification of each contact: its status, and does it hold the `Ack` of Salesforce?
async fn outbound(router: &Router, contacts: &[u64]) -> (u16, bool) {
    let notification =
        |it: &u64| format!("<Notification><Id>04l{it}</Id><sObject><Number>{it}</Number></sObject></Notification>");
    outbound_of(router, &contacts.iter().map(notification).collect::<String>()).await
}

async fn outbound_of(router: &Router, notifications: &str) -> (u16, bool) {
    let body = format!(
        r#"<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><notifications xmlns="http://soap.sforce.com/2005/09/outbound"><OrganizationId>00D24000000abcd</OrganizationId><ActionId>04k1</ActionId>{notifications}</notifications></s:Body></s:Envelope>"#
    );
    let request = Request::post("/webhooks/salesforce?token=k7Qd0v").header("content-type", "text/xml");
    let answer = send(router, request.body(Body::from(body)).unwrap()).await;
    (answer.status.as_u16(), answer.text().contains("<Ack>true</Ack>"))
}

#[tokio::test]
async fn each_notification_of_an_outbound_message_is_an_event() {
    let bench = salesforce();
    bench.contacts.failing.lock().unwrap().push(2);
    assert_eq!(outbound(&bench.router, &[1]).await, (200, true));
    assert_eq!(outbound(&bench.router, &[1, 2, 3]).await, (502, false));
    assert_eq!(bench.told(), [(1, 1), (2, 1), (3, 1)]);
    bench.contacts.failing.lock().unwrap().clear();
    // Alone, in another order, and with others: what succeeded is not told again.
    assert_eq!(outbound(&bench.router, &[2]).await, (200, true));
    assert_eq!(outbound(&bench.router, &[3, 2, 4]).await, (200, true));
    assert_eq!(bench.told(), [(1, 1), (2, 2), (3, 1), (4, 1)]);
    // A hundred are the most that Salesforce sends.
    let hundred: Vec<u64> = (1..=100).collect();
    assert_eq!(outbound(&bench.router, &hundred).await, (200, true));
    assert_eq!(bench.told().len(), 100);
    // Twice in one message is once.
    assert_eq!(outbound(&bench.router, &[101, 101]).await, (200, true));
    assert_eq!(bench.told().last(), Some(&(101, 1)));
}

#[tokio::test]
async fn an_outbound_message_with_a_broken_notification_or_none_loses_no_other() {
    let bench = salesforce();
    assert_eq!(outbound(&bench.router, &[]).await, (200, true));
    let whole = "<Notification><Id>04l1</Id><sObject><Number>1</Number></sObject></Notification>";
    for broken in ["<Notification/>", "<Notification>text</Notification>", "<Notification><Id>04l2</Id></Notification>"]
    {
        assert_eq!(outbound_of(&bench.router, &format!("{broken}{whole}{broken}")).await, (422, false), "{broken}");
        assert_eq!(outbound_of(&bench.router, broken).await, (422, false), "{broken}");
    }
    assert_eq!(bench.told(), [(1, 1)]);
}
