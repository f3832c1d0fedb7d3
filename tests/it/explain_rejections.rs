//! Refusals that say why: only on loopback, only by the app's own server, and without anything that helps to forge.

use std::net::SocketAddr;

use axum::body::Body;
use expect_test::expect;
use http::{HeaderMap, Request};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use webhook_runtime::{App, GitHub, Limits, RawBody, Webhooks, webhook};

use crate::observed;
use crate::support::{NOW, OTHER_SECRET, send, signature, signed};

/// Base64 of 24 bytes, so that it works as a secret.
const SECRET: &str = "whsec_canarysecretcanarysecretcana";
const BODY: &str = r#"{"canary":"canarybody"}"#;

#[webhook("explained")]
#[webhook("push", source = "github")]
async fn explained(_body: RawBody) {}

fn app() -> Webhooks {
    Webhooks::empty()
        .register(explained)
        .secret(SECRET)
        .clock(webhook_runtime::FixedClock::at(NOW))
        .source("github", GitHub::new("canarygithub canarygithub"))
        .limits(Limits::default().body(1000))
        .explain_rejections(true)
}

/// Serves on loopback until the set is dropped.
async fn serve(servers: &mut JoinSet<()>, app: App) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    servers.spawn(async { app.serve(listener).await.unwrap() });
    address
}

/// Posts over a socket: the status, and the problem.
async fn post(address: SocketAddr, path: &str, headers: &HeaderMap, body: &str) -> (u16, Value) {
    let host = if headers.contains_key("host") { "" } else { "Host: localhost\r\n" };
    let mut head = format!("POST {path} HTTP/1.1\r\n{host}Connection: close\r\nContent-Length: {}\r\n", body.len());
    for (name, value) in headers {
        head += &format!("{name}: {}\r\n", value.to_str().unwrap());
    }
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(format!("{head}Content-Type: application/json\r\n\r\n{body}").as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    (status, serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap_or_default())
}

fn renamed(headers: &HeaderMap, from: &str, to: &'static str) -> HeaderMap {
    let mut headers = headers.clone();
    let value = headers.remove(from).unwrap();
    headers.insert(to, value);
    headers
}

#[tokio::test]
async fn a_refusal_says_its_cause_and_nothing_that_helps_to_forge() {
    observed::keep();
    let mut servers = JoinSet::new();
    let address = serve(&mut servers, app().build().unwrap()).await;
    let right = signature(SECRET, NOW, "msg_1", BODY.as_bytes());
    let old = signature(SECRET, NOW - 999, "msg_2", BODY.as_bytes());
    let rewritten = r#"{ "canary": "canarybody" }"#;
    let github =
        GitHub::new("canarygithub canarygithub").sign("", std::time::SystemTime::now(), BODY.as_bytes()).unwrap();

    let mut shown = Vec::new();
    for (path, headers, body, status, cause, finding) in [
        ("explained", right.clone(), BODY, 200, "", ""),
        ("explained", HeaderMap::new(), BODY, 401, "the header webhook-id is missing", "no header that looks like it"),
        (
            "explained",
            renamed(&right, "webhook-signature", "svix-signature"),
            BODY,
            401,
            "the header webhook-signature is missing",
            "the signature stands in svix-signature",
        ),
        ("explained", old, BODY, 401, "the timestamp is 999 s old", "16 min 39 s behind"),
        ("explained", right.clone(), rewritten, 401, "no configured secret made this signature", "white space"),
        ("explained", github, BODY, 401, "the header webhook-id is missing", "source github"),
        (
            "explained",
            signature(OTHER_SECRET, NOW, "msg_3", BODY.as_bytes()),
            BODY,
            401,
            "no configured secret made this signature",
            "nothing makes the signature fit",
        ),
        ("github", right.clone(), BODY, 401, "the header x-hub-signature-256 is missing", "source default"),
    ] {
        let (answered, problem) = post(address, &format!("/webhooks/{path}"), &headers, body).await;
        assert_eq!(answered, status, "{problem}");
        let explanation = &problem["explanation"];
        assert!(explanation["cause"].as_str().unwrap_or_default().starts_with(cause), "{problem}");
        let found = explanation["findings"].to_string();
        assert!(found.contains(finding), "{finding:?} is not in {found}");
        if status == 401 {
            assert_eq!(problem["detail"], "The signature of the delivery could not be verified.");
            assert!(explanation["findings"][0]["remedy"].as_str().is_some_and(|it| !it.is_empty()), "{problem}");
        }
        shown.push(problem.to_string());
    }
    let (status, problem) = post(address, "/webhooks/explained", &HeaderMap::new(), &"x".repeat(1001)).await;
    assert_eq!((status, &problem["explanation"]), (413, &Value::Null), "{problem}");

    shown.push(observed::log());
    shown.extend(observed::spans());
    let secret_signature = |body: &str, id: &str| {
        let signature = signature(SECRET, NOW, id, body.as_bytes());
        signature["webhook-signature"].to_str().unwrap().trim_start_matches("v1,").to_owned()
    };
    let mut canaries = vec!["canarysecret".to_owned(), "canarybody".to_owned(), "canarygithub".to_owned()];
    canaries.extend([BODY, rewritten].map(|body| secret_signature(body, "msg_1")));
    canaries.push(secret_signature(BODY, "msg_3"));
    for text in shown {
        for canary in &canaries {
            assert!(!text.contains(canary), "{canary} in {text}");
        }
    }
}

#[tokio::test]
async fn a_router_that_is_served_in_another_way_explains_nothing() {
    let mut servers = JoinSet::new();
    let app = app().build().unwrap();
    let router = app.router();
    let address = serve(&mut servers, app).await;
    let forged = || signed(OTHER_SECRET, NOW, "/webhooks/explained", "msg_1", BODY);
    let answer = send(&router, forged()).await;
    assert_eq!((answer.status.as_u16(), answer.json().get("explanation")), (401, None));
    let (status, problem) = post(address, "/webhooks/explained", forged().headers(), BODY).await;
    assert!(status == 401 && problem["explanation"].is_object(), "{problem}");

    let quiet = self::app().explain_rejections(false).into_router().unwrap();
    let unsigned = Request::post("/webhooks/explained").body(Body::from(BODY)).unwrap();
    assert_eq!(send(&quiet, unsigned).await.json().get("explanation"), None);
}

#[tokio::test]
async fn what_a_proxy_or_a_browser_brings_from_outside_is_not_explained() {
    let mut servers = JoinSet::new();
    let address = serve(&mut servers, app().build().unwrap()).await;
    for (name, value, explained) in [
        ("host", "127.0.0.1:8000", true),
        ("host", "[::1]:8000", true),
        ("host", "app.localhost", true),
        ("host", "hooks.example.com", false),
        ("host", "127.0.0.1.example.com:8000", false),
        ("host", "", false),
        ("x-forwarded-for", "203.0.113.7", false),
        ("x-forwarded-for", "127.0.0.1", false),
        ("forwarded", "for=203.0.113.7", false),
        ("via", "1.1 tunnel", false),
        ("cf-connecting-ip", "203.0.113.7", false),
    ] {
        let headers = HeaderMap::from_iter([(name.parse().unwrap(), value.parse().unwrap())]);
        let (status, problem) = post(address, "/webhooks/explained", &headers, BODY).await;
        let is_explained = problem.get("explanation").is_some();
        // The server itself refuses a request without a host.
        let expected = if value.is_empty() { status == 400 || status == 401 } else { status == 401 };
        assert!(expected && is_explained == explained, "{name}: {value}: {status} {problem}");
    }
}

#[tokio::test]
async fn an_app_that_others_reach_does_not_start() {
    let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let refused = app().build().unwrap().serve(listener).await.unwrap_err();
    expect![[r#"
        `.explain_rejections(true)` explains refusals to whoever asks, and 0.0.0.0:PORT is no loopback address
           It is for development: serve on `127.0.0.1` or `[::1]`, or take it away."#]]
    .assert_eq(&format!("{refused:?}").replace(&port, "PORT"));

    let refused = app().serve("0.0.0.0:0").await.unwrap_err().to_string();
    assert!(refused.contains("is no loopback address"), "{refused}");
    expect![[r#"
        `.explain_rejections(true)` needs a listener that is known to be on loopback, and a router has none
           It is for development: write `.serve("127.0.0.1:8000")` in place of `.into_router()`, or take it away."#]]
    .assert_eq(&format!("{:?}", app().into_router().unwrap_err()));

    let both = Webhooks::empty().register(explained).explain_rejections(true).into_router().unwrap_err();
    assert_eq!(both.problems().len(), 3, "with what else is wrong: {both}");
}
