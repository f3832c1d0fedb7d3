//! `send`: as its sender would, to a receiver that verifies.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use webhook_runtime::cli::ExitCode;
use webhook_runtime::cli::sources::PROVIDERS;
use webhook_runtime::{Event, GitHub, RawBody, webhook};

use crate::command::{Folder, Listening, Served, webhook, webhook_in};
use crate::support::{SECRET, webhooks};

#[derive(serde::Deserialize, serde::Serialize, schemars::JsonSchema)]
struct Order {
    amount: u32,
}

/// How often a handler ran.
type Ran = Arc<AtomicU32>;

/// Says how often it ran.
#[webhook("command-paid")]
async fn paid(State(ran): State<Ran>, order: Order) -> Json<Value> {
    Json(json!({ "amount": order.amount, "run": ran.fetch_add(1, Ordering::SeqCst) + 1 }))
}

#[webhook("*", source = "command-github")]
async fn any(event: Event<RawBody>) -> String {
    format!("{} {}", event.event_type(), event.payload.text().unwrap_or_default())
}

fn app() -> Served {
    let app = webhooks().register(paid).register(any).state(Ran::default());
    Served::start(app.source("command-github", GitHub::new(SECRET)).into_router().unwrap())
}

#[test]
fn a_delivery_is_sent_and_its_answer_shown() {
    let (app, folder) = (app(), Folder::new());
    let (order, url) = (folder.file("order.json", r#"{"amount":5}"#), app.at("/webhooks/command-paid"));
    let shown = webhook(&["send", &url, "--body", &order]).fine();
    assert_eq!(shown, "200 OK\ncontent-type: application/json\n{\n  \"amount\": 5,\n  \"run\": 1\n}\n");
    let changed = webhook(&["send", &url, "--body", &order, "--set", "/amount=7", "--json"]);
    assert_eq!((changed.json()["status"].clone(), changed.json()["body"]["amount"].clone()), (json!(200), json!(7)));
    let again =
        webhook_in(&[("WEBHOOK_SECRET", SECRET)], r#"{"amount":9}"#, &["send", &url, "--body", "-", "--repeat", "3"])
            .fine();
    assert!(again.ends_with("\"run\": 3\n}\n200 OK, the same answer\n200 OK, the same answer\n"), "{again}");
}

#[test]
fn a_refusal_is_shown_and_is_an_exit_code() {
    let (app, folder) = (app(), Folder::new());
    let (order, url) = (folder.file("order.json", r#"{"amount":5}"#), app.at("/webhooks/command-paid"));
    let wrong = webhook(&["send", &url, "--body", &order, "--set", "/amount=many"]);
    assert_eq!(wrong.exit, ExitCode::Failed);
    assert!(
        wrong.stdout.starts_with("422 Unprocessable Entity\ncontent-type: application/problem+json\n"),
        "{wrong:?}"
    );
    assert!(wrong.stdout.contains("\"pointer\": \"/amount\""), "{wrong:?}");
    let tampered = webhook(&["send", &url, "--body", &order, "--tamper"]);
    assert_eq!(tampered.exit, ExitCode::Failed);
    assert!(tampered.stdout.starts_with("401 Unauthorized"), "{tampered:?}");
}

#[test]
fn without_a_body_it_is_a_sample_of_the_event() {
    let app = app();
    let url = app.at("/webhooks/command-github");
    let github = ["send", &url, "--source", "github", "--event"];
    let push = webhook(&[&github[..], &["push"]].concat()).fine();
    assert!(push.contains("push {"), "{push}");
    let opened = webhook(&[&github[..], &["issues.opened", "--set", "/issue/number=77"]].concat()).fine();
    assert!(opened.contains("issues.opened {") && opened.contains(r#""number":77"#), "{opened}");
}

#[test]
fn curl_sends_the_same() {
    let app = app();
    let url = app.at("/webhooks/command-paid");
    let printed =
        webhook_in(&[("WEBHOOK_SECRET", SECRET)], r#"{"amount":5}"#, &["send", &url, "--body", "-", "--print-curl"])
            .fine();
    assert!(printed.contains("webhook-signature: v1,") && !printed.contains(SECRET), "{printed}");
    // Not every machine has curl; where there is one, a shell runs what was printed.
    let Ok(curl) = std::process::Command::new("sh").args(["-c", printed.trim_end()]).output() else { return };
    if curl.status.success() {
        assert!(String::from_utf8_lossy(&curl.stdout).contains(r#"{"amount":5,"run":1}"#), "{curl:?}");
    }
}

#[test]
fn a_server_that_repeats_the_token_does_not_show_it() {
    let echo = axum::Router::new().fallback(async |request: axum::extract::Request| {
        format!("{:?} {}", request.headers().get("x-service-key"), request.uri())
    });
    let served = Served::start(echo);
    let variables = [("WEBHOOK_SECRET", "canarysecret"), ("NEWRELIC_TOKEN_HEADER", "x-service-key")];
    let url = served.at("/");
    for json in [&[][..], &["--json"]] {
        let arguments = [&["send", &url, "--source", "newrelic"], json].concat();
        let shown = webhook_in(&variables, "", &arguments).fine();
        assert!(shown.contains("[REDACTED]") && !shown.contains("canarysecret"), "{shown}");
    }
    // Its source needs the token in the request: here nothing else would do.
    let printed = webhook_in(&variables, "", &["send", &url, "--source", "newrelic", "--print-curl"]).fine();
    assert!(printed.contains("x-service-key: canarysecret"), "{printed}");
}

/// What each provider needs beside a secret, and what the private half of its keys is kept from us.
fn variables(provider: &str) -> Vec<(String, &'static str)> {
    let secret = match provider {
        "adyen" => "DFB1EB5485895CFA84146406857104ABB4CBCABDC8AAF103A624C8F6A3EAAB00",
        "postmark" => "user:a long random password",
        "rfc9421" => SECRET.trim_start_matches("whsec_"),
        _ => SECRET,
    };
    let fields = [
        ("WEBHOOK_SECRET", secret),
        ("TOKEN_HEADER", if provider == "gitlab" { "X-Gitlab-Token" } else { "x-token" }),
        ("TOKEN_PARAM", "key"),
        ("ORGANIZATION_ID", "00D24000000wxyzEAA"),
        ("LABEL", "sig1"),
        ("ALGORITHM", "hmac-sha256"),
        ("REQUIRED_COMPONENTS", "@method\n@target-uri\ncontent-type\ncontent-digest"),
        ("WEBHOOK_ID", "id"),
        ("TOPIC_ARN", "arn:aws:sns:eu-west-1:123456789012:topic"),
        ("RECIPIENT_CLIENT_ID", "client"),
        ("AUDIENCE", "https://hooks.test"),
        ("SERVICE_ACCOUNT", "push@project.iam.gserviceaccount.com"),
        ("CLIENT_ID", "client"),
        ("SECRET", "a secret of the dashboard"),
        ("URL", "https://hooks.test/hook"),
    ];
    let prefix = provider.to_ascii_uppercase().replace('-', "_");
    fields.map(|(name, value)| (format!("{prefix}_{name}"), value)).into()
}

const SIGNED_BY_PRIVATE_KEYS: [&str; 8] =
    ["adobe-commerce", "adobe-io-events", "aws-sns", "discord", "google-pubsub", "paypal", "plaid", "sendgrid"];

#[test]
fn listen_verifies_what_send_sends_of_every_provider() {
    for provider in PROVIDERS.iter().filter(|it| !SIGNED_BY_PRIVATE_KEYS.contains(&it.name)) {
        let variables = variables(provider.name);
        let variables: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        let listening = Listening::start(&variables, 1, &["--source", provider.name]);
        let url = format!("{}hook", listening.url);
        let sent = webhook_in(&variables, "", &["send", &url, "--source", provider.name]);
        assert_eq!(sent.exit, ExitCode::Fine, "{}: {sent:?}", provider.name);
        let told = listening.end();
        assert_eq!(told[0]["verdict"], "verified", "{}: {told:?}", provider.name);
    }
}
