//! `listen`, `replay` and `verify`: what arrived once arrives again.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Mutex};

use axum::extract::{Request, State};
use bytes::Bytes;
use webhook_runtime::cli::ExitCode;
use webhook_runtime::{Event, GitHub, RawBody, Twilio, WebSub, Webhooks, webhook};

use crate::command::{Folder, Listening, Served, webhook, webhook_in};
use crate::support::{OTHER_SECRET, SECRET};

/// What a handler saw of each delivery.
type Seen = Arc<Mutex<Vec<Delivery>>>;

#[derive(Clone, Debug, PartialEq, Eq)]
struct Delivery {
    event_type: String,
    content_type: Option<String>,
    body: Bytes,
}

fn see(seen: &Seen, event: &Event<RawBody>) -> String {
    let content_type = event.headers().get("content-type").map(str::to_owned);
    let event_type = event.event_type().to_owned();
    seen.lock().unwrap().push(Delivery { event_type, content_type, body: event.body().clone() });
    format!("{} bytes of {}", event.body().len(), event.event_type())
}

#[webhook("recorded")]
async fn of_default(State(seen): State<Seen>, event: Event<RawBody>) -> String {
    see(&seen, &event)
}

#[webhook("*", source = "github")]
async fn of_github(State(seen): State<Seen>, event: Event<RawBody>) -> String {
    see(&seen, &event)
}

#[webhook("*", source = "twilio")]
async fn of_twilio(State(seen): State<Seen>, event: Event<RawBody>) -> String {
    see(&seen, &event)
}

#[webhook("*", source = "websub")]
async fn of_websub(State(seen): State<Seen>, event: Event<RawBody>) -> String {
    see(&seen, &event)
}

/// An app with a source of each kind, and what its handlers saw.
fn app(secret: &str) -> (Served, Seen) {
    let seen = Seen::default();
    // The port is not known before it is served, so that the public URL is one that tells of no port.
    let twilio = Twilio::new(secret).url(TWILIO);
    let clock = webhook_runtime::FixedClock::at(crate::support::NOW);
    let app = Webhooks::empty().secret(secret).clock(clock).register(of_default).register(of_github);
    let app = app.register(of_twilio).register(of_websub).state(Arc::clone(&seen));
    let app = app.source("github", GitHub::new(secret)).source("twilio", twilio).source("websub", WebSub::new(secret));
    (Served::start(app.into_router().unwrap()), seen)
}

const TWILIO: &str = "https://hooks.test/webhooks/twilio";

/// A delivery through `listen` to an app, and its recording signed anew to another app with another secret.
fn check(source: &str, route: &str, more: &[&str], body: &[u8]) {
    let (folder, kept) = (Folder::new(), Folder::new());
    let body_file = folder.file("body", body);
    let ((first, seen_first), (second, seen_second)) = (app(SECRET), app(OTHER_SECRET));
    let variables = [("WEBHOOK_SECRET", SECRET), ("TWILIO_URL", TWILIO)];

    let forward = first.at(route);
    let listening =
        Listening::start(&variables, 1, &["--source", source, "--forward", &forward, "--record", kept.path()]);
    let url = format!("{}any/path", listening.url);
    let sent = webhook_in(&variables, "", &[&["send", &url, "--source", source, "--body", &body_file], more].concat());
    let told = listening.end();
    assert_eq!(told[0]["verdict"], "verified", "{source}: {told:?}");

    let recording = kept.files().pop().unwrap();
    assert_eq!(told[0]["recorded"], *recording);
    let to = second.at(route);
    let other = [("WEBHOOK_SECRET", OTHER_SECRET), ("TWILIO_URL", TWILIO)];
    let replayed = webhook_in(&other, "", &["replay", &recording, "--to", &to, "--resign", "--source", source]);

    assert_eq!(replayed.fine(), sent.fine(), "{source}");
    let (seen_first, seen_second) = (seen_first.lock().unwrap(), seen_second.lock().unwrap());
    assert_eq!(*seen_first, *seen_second, "{source}");
    assert_eq!((seen_first.len(), &seen_first[0].body[..]), (1, body), "{source}");

    // As it was recorded it is of the first secret, and nobody else takes it.
    let refused = webhook_in(&other, "", &["replay", &recording, "--to", &to, "--source", source]);
    assert_eq!(refused.exit, ExitCode::Failed, "{source}: {refused:?}");
    assert!(refused.stdout.starts_with("401 Unauthorized"), "{source}: {refused:?}");
}

#[test]
fn a_recorded_delivery_runs_the_same_handler_with_the_same_bytes() {
    let binary: Vec<u8> = (0..=255).chain([b'\n', b'\r', b'\n', 0]).collect();
    check("standard-webhooks", "/webhooks/recorded", &[], b"{\"a\": 1.0,\n \"b\":\"\\u00e9\"}");
    check("standard-webhooks", "/webhooks/recorded", &["--content-type", "application/octet-stream"], &binary);
    check("github", "/webhooks/github", &["--event", "push"], b"{ }");
    let form = ["--event", "issues", "--content-type", "application/x-www-form-urlencoded"];
    check("github", "/webhooks/github", &form, b"payload=%7B%22action%22%3A%22opened%22%7D");
    check("twilio", "/webhooks/twilio", &[], b"Body=a+b%20c&From=%2B49&Empty=");
    check("websub", "/webhooks/websub", &["--content-type", "application/atom+xml"], b"<feed>\r\n</feed>");
    check("websub", "/webhooks/websub", &["--content-type", "application/octet-stream"], &binary);
}

#[test]
fn a_recording_is_explained() {
    let kept = Folder::new();
    let variables = [("WEBHOOK_SECRET", SECRET)];
    let listening = Listening::start(&variables, 2, &["--source", "github", "--record", kept.path()]);
    let send = |more: &[&str]| {
        let arguments = [&["send", &listening.url, "--source", "github", "--event", "push", "--json"], more].concat();
        webhook(&arguments).json()["status"].clone()
    };
    assert_eq!((send(&[]), send(&["--tamper"])), (200.into(), 401.into()));
    let told = listening.end();
    assert_eq!((told[0]["verdict"].clone(), told[1]["verdict"].clone()), ("verified".into(), "refused".into()));

    let files = kept.files();
    assert_eq!(files.len(), 2, "{files:?}");
    let verify = |file: &str, secret: &str| {
        webhook_in(&[("GITHUB_WEBHOOK_SECRET", secret)], "", &["verify", file, "--source", "github"])
    };
    assert_eq!(verify(&files[0], SECRET).fine(), "verified\n");
    let quoted = verify(&files[0], &format!("\"{SECRET}\""));
    assert_eq!(quoted.exit, ExitCode::Failed);
    assert!(quoted.stdout.contains("refused: no configured secret made this signature\n  proven: "), "{quoted:?}");
    // A recording knows its source.
    let tampered = webhook(&["verify", &files[1], "--json"]);
    assert_eq!((tampered.exit, tampered.json()["step"].clone()), (ExitCode::Failed, "proof".into()));
}

#[test]
fn a_recorded_time_is_compared_with_that_of_the_recording() {
    let kept = Folder::new();
    let variables = [("WEBHOOK_SECRET", SECRET)];
    let listening = Listening::start(&variables, 1, &["--record", kept.path()]);
    webhook(&["send", &listening.url]).fine();
    listening.end();
    let file = kept.files().pop().unwrap();
    let later = |arguments: &[&str]| {
        let clock = Arc::new(webhook_runtime::FixedClock::at(crate::support::NOW + 301));
        let surroundings = webhook_runtime::cli::Surroundings { clock, ..crate::command::quiet(&variables) };
        webhook_runtime::cli::run(arguments.iter().copied(), surroundings)
    };
    assert_eq!(later(&["webhook", "verify", &file]), ExitCode::Fine);
    assert_eq!(later(&["webhook", "verify", &file, "--now"]), ExitCode::Failed);
}

#[test]
fn a_recording_that_was_cut_is_refused_in_one_line() {
    let kept = Folder::new();
    let listening = Listening::start(&[("WEBHOOK_SECRET", SECRET)], 1, &["--record", kept.path()]);
    webhook(&["send", &listening.url]).fine();
    listening.end();
    let whole = std::fs::read(kept.files().pop().unwrap()).unwrap();
    let half = kept.file("half", &whole[..whole.len() / 2]);
    for arguments in [&["verify", &half][..], &["replay", &half, "--to", "http://127.0.0.1:9/"]] {
        let ended = webhook(arguments);
        assert_eq!(ended.exit, ExitCode::Unreachable, "{ended:?}");
        assert!(ended.stderr.contains("was cut") && ended.stderr.lines().count() == 1, "{ended:?}");
    }
}

/// Sends these bytes, and reads what comes back to its end.
fn exchange(url: &str, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(url.trim_start_matches("http://").trim_end_matches('/')).unwrap();
    stream.write_all(request).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_handshake_of_the_source_is_answered() {
    let listening = Listening::start(&[("WEBHOOK_SECRET", SECRET)], 1, &["--source", "dropbox"]);
    let asked = b"GET /hook?challenge=a1b2c3 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    let answer = exchange(&listening.url, asked);
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("\r\n\r\na1b2c3"), "{answer}");
    assert_eq!(listening.end()[0]["verdict"], "handshake");
}

#[test]
fn a_body_that_breaks_off_is_told_like_any_other_request() {
    let break_off = |url: &str| {
        let mut stream = TcpStream::connect(url.trim_start_matches("http://").trim_end_matches('/')).unwrap();
        stream.write_all("POST /a\u{9b}2Jb HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{".as_bytes()).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        stream.read_to_end(&mut Vec::new()).unwrap();
    };
    let shown = Listening::shown(&[("WEBHOOK_SECRET", SECRET)], 1, &[]);
    break_off(&shown.url);
    assert_eq!(shown.text(), "POST /a\\u{9b}2Jb: the body broke off, or is over 10 MiB\n");
    let told = Listening::start(&[("WEBHOOK_SECRET", SECRET)], 1, &[]);
    break_off(&told.url);
    assert_eq!(told.end()[0]["verdict"], "unknown");
}

#[test]
fn forward_passes_on_what_came_and_gives_back_what_was_answered() {
    type Heads = Arc<Mutex<Vec<(String, Vec<u8>)>>>;
    let heads = Heads::default();
    let behind = axum::Router::new().fallback(async |State(heads): State<Heads>, request: Request| {
        let list = request.headers().iter().map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()));
        heads.lock().unwrap().extend(list);
        let answer = format!("{} {}", request.method(), request.uri());
        (axum::http::StatusCode::IM_A_TEAPOT, [("x-back", "1"), ("retry-after", "7")], answer)
    });
    let served = Served::start(behind.with_state(Arc::clone(&heads)));
    let forward = served.at("/here?own=1");
    let listening = Listening::start(&[("WEBHOOK_SECRET", SECRET)], 1, &["--forward", &forward]);
    let answer = exchange(
        &listening.url,
        b"PUT /there?b=%20c HTTP/1.1\r\nhost: x\r\nconnection: close, x-hop\r\nx-hop: 1\r\nx-two: a\r\nx-two: b\r\n\
          x-latin: caf\xe9\r\ncontent-length: 2\r\n\r\n{}",
    );
    assert!(answer.starts_with("HTTP/1.1 418 I'm a teapot"), "{answer}");
    assert!(answer.contains("x-back: 1\r\n") && answer.contains("retry-after: 7\r\n"), "{answer}");
    assert!(answer.ends_with("PUT /here?own=1&b=%20c"), "{answer}");
    let told = listening.end();
    assert_eq!((told[0]["verdict"].clone(), told[0]["answered"].clone()), ("refused".into(), 418.into()));
    let heads = heads.lock().unwrap();
    let of = |name: &str| heads.iter().filter(|it| it.0 == name).map(|it| it.1.as_slice()).collect::<Vec<_>>();
    assert_eq!((of("x-two"), of("x-latin")), (vec![&b"a"[..], b"b"], vec![&b"caf\xe9"[..]]));
    assert!(of("x-hop").is_empty() && of("host") != [b"x"], "{heads:?}");
}

#[test]
fn an_app_that_is_down_is_a_bad_gateway() {
    let listening = Listening::start(&[("WEBHOOK_SECRET", SECRET)], 1, &["--forward", "http://127.0.0.1:9/"]);
    let sent = webhook(&["send", &listening.url]);
    assert!(sent.stdout.starts_with("502 Bad Gateway"), "{sent:?}");
    assert_eq!(listening.end()[0]["answered"], serde_json::Value::Null);
}

#[test]
fn people_read_what_came_and_why() {
    let listening = Listening::shown(&[("WEBHOOK_SECRET", SECRET)], 2, &["--source", "github"]);
    let send = |more: &[&str]| {
        let arguments =
            [&["send", &listening.url, "--source", "github", "--event", "push", "--body", "-"], more].concat();
        webhook_in(&[("WEBHOOK_SECRET", SECRET)], "{\"a\":\"\u{1b}[2J\",\"b\":2}", &arguments).exit
    };
    assert_eq!((send(&[]), send(&["--secret", OTHER_SECRET])), (ExitCode::Fine, ExitCode::Failed));
    expect_test::expect![[r#"

        ESC[1mPOST /ESC[0m  ESC[2m2021-02-25T15:02:10Z  application/json  18 bytesESC[0m
        ESC[32mverifiedESC[0m
        {"a":"\u{1b}[2J","b":2}
        → answered 200 OK

        ESC[1mPOST /ESC[0m  ESC[2m2021-02-25T15:02:10Z  application/json  18 bytesESC[0m
        ESC[31mrefused: no configured secret made this signatureESC[0m
          ESC[1mlikelyESC[0m: nothing makes the signature fit: the secret is another one, or the body is not what was signed
                  Copy the secret from this very endpoint at the sender again, and record the body where it enters the machine.
        {"a":"\u{1b}[2J","b":2}
        → answered 401 Unauthorized
    "#]].assert_eq(&listening.text().replace('\u{1b}', "ESC"));
}

#[test]
fn listen_shows_no_token() {
    let variables = [("WEBHOOK_SECRET", "canarysecret"), ("IFTTT_TOKEN_PARAM", "key")];
    for scheme in ["token-header", "query-token"] {
        let source = ["--source", "ifttt", "--scheme", scheme];
        let listening = Listening::start(&variables, 1, &source);
        let arguments = [&["send", &listening.url, "--body", "-"], &source[..]].concat();
        webhook_in(&variables, r#"{"text":"canarysecret"}"#, &arguments).fine();
        let told = listening.end();
        assert_eq!(told[0]["verdict"], "verified");
        assert!(!format!("{told:?}").contains("canarysecret"), "{told:?}");
    }
}
