//! What each provider calls an event, and which of its deliveries are copies of one.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use axum::body::Body;
use axum::extract::State;
use http::{HeaderName, HeaderValue, Request};
use tower::ServiceExt;
use webhook_runtime::{
    Adyen, Asana, Auth0, Bitbucket, CloudEvents, DocuSign, Dropbox, Event, FixedClock, Forgejo, GitHub, Gitea,
    GoCardless, Intercom, Linear, Mailgun, MicrosoftGraph, Okta, Paddle, PagerDuty, RawBody, Sentry, Source, Twitch,
    Typeform, WebSub, Webhooks, webhook,
};

/// The event types for which a handler ran, with the handler.
type Ran = Arc<Mutex<Vec<String>>>;

#[webhook("*", source = "subject")]
async fn catch_all(State(ran): State<Ran>, event: Event<RawBody>) {
    ran.lock().unwrap().push(event.event_type().to_owned());
}

#[webhook("issues", source = "subject")]
async fn issues(State(ran): State<Ran>, event: Event<RawBody>) {
    ran.lock().unwrap().push(format!("issues takes {}", event.event_type()));
}

/// The headers of a delivery beside those of its signature, and its body.
type Delivery<'a> = (&'a [(&'static str, &'static str)], &'a str);

/// Sends the deliveries in turn. What is expected are the runs of handlers: a copy adds none.
async fn check(source: Source, deliveries: &[Delivery<'_>], expected: &[&str]) {
    let ran = Ran::default();
    let app = Webhooks::empty()
        .register(catch_all)
        .register(issues)
        .state(Arc::clone(&ran))
        .source("subject", source.clone())
        .clock(FixedClock::at(NOW));
    let router = app.into_router().unwrap();
    for (headers, body) in deliveries {
        let mut request = Request::post("/webhooks/subject").body(Body::from((*body).to_owned())).unwrap();
        // A token in the body signs nothing.
        *request.headers_mut() = source.sign("delivery-1", now(), body.as_bytes()).unwrap_or_default();
        for (name, value) in *headers {
            request.headers_mut().append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        let status = router.clone().oneshot(request).await.unwrap().status();
        assert!(status.is_success(), "{source:?}: {status} for {headers:?} {body}");
    }
    assert_eq!(*ran.lock().unwrap(), expected, "{source:?}: {deliveries:?}");
}

#[tokio::test]
async fn signed_ids_tell_copies() {
    let paddle = r#"{"event_id":"evt_1","event_type":"transaction.paid"}"#;
    check(Paddle::new(SECRET), &[(&[], paddle), (&[], paddle)], &["transaction.paid"]).await;

    let intercom = |attempt| format!(r#"{{"topic":"user.created","id":"notif_1","delivery_attempts":{attempt}}}"#);
    check(Intercom::new(SECRET), &[(&[], &intercom(1)), (&[], &intercom(2))], &["user.created"]).await;

    let pagerduty = r#"{"event":{"id":"01","event_type":"incident.triggered"}}"#;
    check(PagerDuty::new(SECRET), &[(&[], pagerduty), (&[], pagerduty)], &["incident.triggered"]).await;

    let typeform = r#"{"event_id":"1","event_type":"form_response"}"#;
    check(Typeform::new(SECRET), &[(&[], typeform), (&[], typeform)], &["form_response"]).await;

    // The id is that of the header, which is signed.
    let twitch = |status| format!(r#"{{"subscription":{{"type":"channel.follow","status":"{status}"}}}}"#);
    let unsigned = &[("twitch-eventsub-subscription-type", "stream.online")];
    check(Twitch::new(SECRET), &[(unsigned, &twitch("a")), (&[], &twitch("b"))], &["channel.follow"]).await;
}

#[tokio::test]
async fn what_changes_in_a_retry_tells_no_event_from_another() {
    let docusign = |id, time, retry| {
        format!(
            r#"{{"event":"envelope-sent","retryCount":{retry},"generatedDateTime":"{time}","data":{{"envelopeId":"{id}"}}}}"#
        )
    };
    let (first, retry) = (docusign("1", "a", 0), docusign("1", "a", 1));
    check(DocuSign::new(SECRET), &[(&[], &first), (&[], &retry)], &["envelope-sent"]).await;
    let (later, other) = (docusign("1", "b", 0), docusign("2", "b", 0));
    let deliveries = [(&[][..], &*first), (&[], &later), (&[], &other)];
    check(DocuSign::new(SECRET), &deliveries, &["envelope-sent"; 3]).await;

    let linear = |id, created, sent| {
        format!(
            r#"{{"type":"Issue","action":"update","createdAt":"{created}","webhookTimestamp":{},"data":{{"id":"{id}"}}}}"#,
            NOW * 1000 + sent
        )
    };
    let (first, retry) = (linear("1", "a", 0), linear("1", "a", 1));
    check(Linear::new(SECRET), &[(&[], &first), (&[], &retry)], &["Issue.update"]).await;
    let (later, other) = (linear("1", "b", 0), linear("2", "a", 0));
    check(Linear::new(SECRET), &[(&[], &first), (&[], &later), (&[], &other)], &["Issue.update"; 3]).await;
}

/// Half an id could be that of two events.
#[tokio::test]
async fn an_id_that_lacks_a_part_is_none() {
    let linear = |sent| {
        let sent = NOW * 1000 + sent;
        format!(r#"{{"type":"Issue","action":"update","webhookTimestamp":{sent},"data":{{"id":"1"}}}}"#)
    };
    let (first, second) = (linear(0), linear(1));
    check(Linear::new(SECRET), &[(&[], &first), (&[], &first), (&[], &second)], &["Issue.update"; 2]).await;

    let cloudevents = r#"{"type":"made","id":"1"}"#;
    check(CloudEvents::new(SECRET), &[(&[], cloudevents), (&[], cloudevents)], &["made"; 2]).await;
}

#[tokio::test]
async fn bodies_that_repeat_are_events_of_their_own() {
    let dropbox = r#"{"list_folder":{"accounts":["dbid:1"]}}"#;
    check(Dropbox::new(SECRET), &[(&[], dropbox), (&[], dropbox)], &["", ""]).await;

    let graph = format!(r#"{{"value":[{{"clientState":"{SECRET}","changeType":"updated"}}]}}"#);
    check(MicrosoftGraph::new(SECRET), &[(&[], &graph), (&[], &graph)], &["updated"; 2]).await;

    let atom = &[("content-type", "application/atom+xml")];
    check(WebSub::new(SECRET), &[(atom, "<feed/>"), (atom, "<feed/>")], &["", ""]).await;

    let bitbucket = |uuid| [("x-event-key", "repo:push"), ("x-request-uuid", uuid)];
    let deliveries = [(&bitbucket("1")[..], "{}"), (&bitbucket("1"), "{}"), (&bitbucket("2"), "{}")];
    check(Bitbucket::new(SECRET), &deliveries, &["repo:push"; 2]).await;
    // Of two ids none counts, not even the one that was seen.
    let twice = [("x-event-key", "repo:push"), ("x-request-uuid", "1"), ("x-request-uuid", "2")];
    check(Bitbucket::new(SECRET), &[(&bitbucket("1"), "{}"), (&twice, "{}")], &["repo:push"; 2]).await;

    let sentry = |id| [("sentry-hook-resource", "event_alert"), ("request-id", id)];
    let body = r#"{"action":"triggered"}"#;
    let deliveries = [(&sentry("1")[..], body), (&sentry("1"), body), (&sentry("2"), body)];
    check(Sentry::new(SECRET), &deliveries, &["event_alert.triggered"; 2]).await;
}

#[tokio::test]
async fn each_event_of_a_batch_has_a_type_and_an_identity_of_its_own() {
    let asana = |action, time| {
        format!(r#"{{"action":"{action}","created_at":"{time}","resource":{{"gid":"1","resource_type":"task"}}}}"#)
    };
    let list = |events: &[String]| format!(r#"{{"events":[{}]}}"#, events.join(","));
    let (added, changed) = (asana("added", "a"), asana("changed", "b"));
    let (first, regrouped) = (list(&[added.clone(), changed.clone()]), list(&[changed, asana("changed", "c"), added]));
    let deliveries = [(&[][..], &*first), (&[], &regrouped), (&[], r#"{"events":[]}"#)];
    check(Asana::new(SECRET), &deliveries, &["task.added", "task.changed", "task.changed"]).await;

    let gocardless = |id, action| format!(r#"{{"id":"{id}","resource_type":"payments","action":"{action}"}}"#);
    let body = list(&[gocardless("EV1", "failed"), gocardless("EV2", "failed"), gocardless("EV1", "failed")]);
    check(GoCardless::new(SECRET), &[(&[], &body), (&[], &body)], &["payments.failed"; 2]).await;

    let okta = r#"{"data":{"events":[{"uuid":"1","eventType":"user.session.start"},{"uuid":"2","eventType":"a"}]}}"#;
    check(Okta::new(SECRET), &[(&[], okta), (&[], okta)], &["user.session.start", "a"]).await;

    let auth0 = r#"[{"log_id":"1","data":{"type":"s"}},{"log_id":"2","data":{"type":"fp"}}]"#;
    check(Auth0::new(SECRET), &[(&[], auth0), (&[], auth0)], &["s", "fp"]).await;
}

/// An event that is not signed must not choose its identity, and what is not signed must not make another one of it.
#[tokio::test]
async fn what_is_not_signed_makes_no_event_anew() {
    let mailgun = |event| {
        let signature = "f3e038fb8398604989db1717e62ff3868f4608b135068924c03f0def5c27cf74";
        format!(
            r#"{{"signature":{{"timestamp":"{NOW}","token":"1a2b","signature":"{signature}"}},"event-data":{{"id":"{event}","event":"{event}"}}}}"#
        )
    };
    let (first, altered) = (mailgun("opened"), mailgun("clicked"));
    check(Mailgun::new(SECRET), &[(&[], &first), (&[], &altered)], &["opened"]).await;

    let adyen = |reason| {
        format!(
            r#"{{"notificationItems":[{{"NotificationRequestItem":{{"pspReference":"7914073381342284","merchantAccountCode":"TestMerchant","merchantReference":"TestPayment-1407325143704","amount":{{"value":1130,"currency":"EUR"}},"eventCode":"AUTHORISATION","success":"true","reason":"{reason}","additionalData":{{"hmacSignature":"Ny9gS2veKo5E4w8/OL6xz1/wvT/hYkAXy1xNc/QvO4I="}}}}}}]}}"#
        )
    };
    let (first, altered) = (adyen("a"), adyen("b"));
    let key = "DFB1EB5485895CFA84146406857104ABB4CBCABDC8AAF103A624C8F6A3EAAB00";
    check(Adyen::new(key), &[(&[], &first), (&[], &altered)], &["AUTHORISATION"]).await;
}

#[tokio::test]
async fn a_challenge_in_a_header_is_reflected_in_its_alphabet_alone() {
    let sources =
        [(Asana::new(SECRET), "POST", "x-hook-secret"), (Okta::new(SECRET), "GET", "x-okta-verification-challenge")];
    for (source, method, header) in sources {
        let app = Webhooks::empty().register(catch_all).state(Ran::default()).source("subject", source);
        let router = app.into_router().unwrap();
        let too_long = "a".repeat(257);
        for (challenges, status) in [
            (&["a-challenge_1"][..], 200),
            (&["<script>"], 400),
            (&["a b"], 400),
            (&["\"},\""], 400),
            (&[""], 400),
            (&[&*too_long], 400),
            (&["one", "two"], 400),
        ] {
            let mut request = Request::builder().method(method).uri("/webhooks/subject").body(Body::empty()).unwrap();
            for challenge in challenges {
                request.headers_mut().append(header, HeaderValue::from_str(challenge).unwrap());
            }
            let answer = router.clone().oneshot(request).await.unwrap();
            assert_eq!(answer.status(), status, "{header}: {challenges:?}");
            assert!(status == 200 || !answer.headers().contains_key(header), "{header}: {challenges:?}");
        }
    }
}

#[tokio::test]
async fn an_action_is_joined_on_and_its_event_takes_it() {
    let form = "payload=%7B%22action%22%3A%22opened%22%7D";
    let bodies: [(&str, &str); 2] = [("application/json", r#"{"action":"opened"}"#), (FORM, form)];
    for (content_type, body) in bodies {
        let gitea = [("x-gitea-event", "issues"), (CONTENT_TYPE, content_type)];
        check(Gitea::new(SECRET), &[(&gitea, body), (&gitea, body)], &["issues takes issues.opened"]).await;
        let forgejo = [("x-forgejo-event", "issues"), ("x-gitea-event", "push"), (CONTENT_TYPE, content_type)];
        check(Forgejo::new(SECRET), &[(&forgejo, body)], &["issues takes issues.opened"]).await;
        let github = [("x-github-event", "issue"), (CONTENT_TYPE, content_type)];
        check(GitHub::new(SECRET), &[(&github, body)], &["issue.opened"]).await;
    }
    // Where no action is joined on, a dot is a part of the event type.
    let paddle = r#"{"event_id":"evt_1","event_type":"issues.opened"}"#;
    check(Paddle::new(SECRET), &[(&[], paddle)], &["issues.opened"]).await;
}

#[tokio::test]
async fn a_cloud_event_is_told_by_headers_or_else_by_its_body() {
    let binary = [("ce-type", "made"), ("ce-id", "1"), ("ce-source", "/a"), (CONTENT_TYPE, "text/plain")];
    let structured = [(CONTENT_TYPE, "application/cloudevents+json")];
    let event = r#"{"specversion":"1.0","type":"made","id":"1","source":"/a"}"#;
    let other = r#"{"specversion":"1.0","type":"made","id":"1","source":"/b"}"#;
    let source = || CloudEvents::header("x-token", SECRET);
    check(source(), &[(&binary, "data"), (&binary, "data"), (&structured, event)], &["made"]).await;
    check(source(), &[(&structured, event), (&structured, other)], &["made"; 2]).await;
    // Of two types neither counts, nor that of the body.
    let twice = [("ce-type", "made"), ("ce-type", "lost"), ("ce-id", "1"), ("ce-id", "2"), ("ce-source", "/a")];
    check(source(), &[(&twice, event), (&twice, event)], &["", ""]).await;
    let batch = [(CONTENT_TYPE, "application/cloudevents-batch+json")];
    let events = format!("[{event},{other}]");
    check(source(), &[(&batch, &events), (&batch, &events)], &["made"; 2]).await;
}

fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(NOW)
}

const NOW: u64 = 1_700_000_000;
const SECRET: &str = "a-long-random-text";
const FORM: &str = "application/x-www-form-urlencoded";
const CONTENT_TYPE: &str = "content-type";
