//! Which event a delivery of a provider is: its type, and what its copies are known by.

use std::time::{Duration, SystemTime};

use axum::body::Body;
use http::Request;
use webhook_runtime::{
    Datadog, GitLab, HubSpot, MailchimpMarketing, Mandrill, Meta, NewRelic, Slack, Source, Square, Twilio, X, Zoom,
};

use crate::subject::Subject;
use crate::support::{NOW, send};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

impl Subject {
    /// Sends a body under the signature of another spelling of it.
    async fn send_as(&self, content_type: &str, signed: &str, sent: &str, headers: &[(&'static str, &str)]) {
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(NOW);
        let mut request = Request::post("/webhooks/subject").header("content-type", content_type);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(Body::from(sent.to_owned())).unwrap();
        request.headers_mut().extend(self.source.sign("msg_1", time, signed.as_bytes()).unwrap());
        let answer = send(&self.router, request).await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.shown());
    }

    async fn send(&self, content_type: &str, body: &str, headers: &[(&'static str, &str)]) {
        self.send_as(content_type, body, body, headers).await;
    }

    fn event_types(&self) -> Vec<String> {
        self.seen.lock().unwrap().iter().map(|(event_type, _, _)| event_type.clone()).collect()
    }
}

async fn check(source: Source, content_type: &str, body: &str, expected: &str) {
    let subject = Subject::of(source);
    subject.send(content_type, body, &[]).await;
    assert_eq!(subject.event_types(), [expected], "{body}");
}

#[tokio::test]
async fn the_event_type_is_read_where_its_provider_has_it() {
    check(GitLab::new("t0ken"), JSON, r#"{"object_kind":"push","event_name":"pushed"}"#, "push").await;
    check(GitLab::new("t0ken"), JSON, r#"{"event_name":"project_create"}"#, "project_create").await;
    check(Datadog::new("t0ken"), JSON, r#"{"event_type":"metric_alert_monitor"}"#, "metric_alert_monitor").await;
    check(NewRelic::new("t0ken"), JSON, r#"{"state":"CLOSED"}"#, "CLOSED").await;
    check(Meta::new("s3cret"), JSON, r#"{"object":"page","entry":[{"id":"1"}]}"#, "page").await;
    check(X::new("s3cret"), JSON, r#"{"for_user_id":"1","tweet_create_events":[]}"#, "tweet_create_events").await;
    check(HubSpot::new("s3cret"), JSON, r#"[{"subscriptionType":"contact.creation"}]"#, "contact.creation").await;
    check(Mandrill::new("s3cret"), FORM, "mandrill_events=%5B%7B%22event%22%3A%22send%22%7D%5D", "send").await;
    check(Square::new("s3cret"), JSON, r#"{"type":"payment.updated"}"#, "payment.updated").await;
    check(Zoom::new("s3cret"), JSON, r#"{"event":"meeting.started"}"#, "meeting.started").await;
    check(Twilio::new("s3cret"), FORM, "Body=Hello&type=x", "").await;
}

#[tokio::test]
async fn a_slack_delivery_is_an_event_an_interaction_or_a_command() {
    let slack = || Slack::new("s3cret");
    check(slack(), JSON, r#"{"type":"event_callback","event":{"type":"app_mention"}}"#, "event_callback.app_mention")
        .await;
    check(slack(), FORM, "payload=%7B%22type%22%3A%22block_actions%22%7D", "block_actions").await;
    check(slack(), FORM, "command=%2Fweather&text=94070", "/weather").await;
    check(slack(), FORM, "payload=%7B&command=%2Fweather", "").await;
}

#[tokio::test]
async fn copies_are_known_by_the_id_that_is_signed() {
    let square = Subject::of(Square::new("s3cret"));
    square.send(JSON, r#"{"type":"a","event_id":"1"}"#, &[]).await;
    square.send(JSON, r#"{"type":"b","event_id":"1"}"#, &[]).await;
    square.send(JSON, r#"{"type":"c","event_id":"2"}"#, &[]).await;
    assert_eq!(square.event_types(), ["a", "c"]);
}

#[tokio::test]
async fn a_signed_form_that_is_spelled_otherwise_is_a_copy() {
    let mandrill = Subject::of(Mandrill::new("s3cret"));
    let body = "mandrill_events=%5B%7B%22_id%22%3A%22a%22%7D%5D&z=1";
    mandrill.send(FORM, body, &[]).await;
    mandrill.send_as(FORM, body, "z=1&mandrill_events=%5b{%22_id%22:%22%61%22}%5d", &[]).await;
    assert_eq!(mandrill.event_types().len(), 1);
    mandrill.send(FORM, "mandrill_events=%5B%7B%22_id%22%3A%22b%22%7D%5D&z=1", &[]).await;
    assert_eq!(mandrill.event_types().len(), 2);
}

#[tokio::test]
async fn equal_bodies_without_an_id_are_two_events() {
    for source in [Datadog::new("t0ken"), NewRelic::new("t0ken"), GitLab::new("t0ken"), Twilio::new("s3cret")] {
        let subject = Subject::of(source);
        let body = if subject.source.name() == "twilio" { "CallSid=CA1" } else { "{}" };
        let content_type = if body == "{}" { JSON } else { FORM };
        subject.send(content_type, body, &[]).await;
        subject.send(content_type, body, &[]).await;
        assert_eq!(subject.event_types().len(), 2, "{}", subject.source.name());
    }
}

#[tokio::test]
async fn copies_of_a_repeated_hint_run_once() {
    let gitlab = Subject::of(GitLab::new("t0ken"));
    gitlab.send(JSON, "{}", &[("idempotency-key", "1")]).await;
    gitlab.send(JSON, "{}", &[("idempotency-key", "1")]).await;
    gitlab.send(JSON, "{}", &[("idempotency-key", "2")]).await;
    assert_eq!(gitlab.event_types().len(), 2);
}

#[tokio::test]
async fn requests_without_a_body_are_no_copies_of_each_other() {
    let hubspot = Subject::of(HubSpot::new("s3cret"));
    hubspot.send(JSON, "", &[]).await;
    hubspot.send(JSON, "", &[]).await;
    // A list without an event runs nothing.
    hubspot.send(JSON, "[]", &[]).await;
    assert_eq!(hubspot.event_types().len(), 2);
}

#[tokio::test]
async fn a_form_has_the_event_type_that_stands_there_once() {
    let sent = |body| async move {
        let subject = Subject::of(MailchimpMarketing::new("k7Qd0v"));
        let request = Request::post("/webhooks/subject?secret=k7Qd0v").header("content-type", FORM);
        let answer = send(&subject.router, request.body(Body::from(body)).unwrap()).await;
        assert_eq!(answer.status.as_u16(), 200);
        subject.event_types()
    };
    assert_eq!(sent("type=subscribe&data%5Bid%5D=1").await, ["subscribe"]);
    assert_eq!(sent("type=subscribe&type=profile").await, [""]);
    assert_eq!(sent("data%5Btype%5D=subscribe").await, [""]);
}
