//! The testing kit: every source signs in it, each way to spoil a delivery is refused, and what fails is told.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::routing::get;
use expect_test::{Expect, expect};
use http::Request;
use serde_json::{Value, json};
use webhook_runtime::cli::sources::{Configuration, PROVIDERS};
use webhook_runtime::testing::{Answer, Delivery, TestApp};
use webhook_runtime::{
    AdobeIo, Adyen, Discord, Event, GitHub, GooglePubSub, HmacSource, JwtSource, MessageSignatures, Outgoing, PayPal,
    Plaid, Postmark, RawBody, Recording, Salesforce, SendGrid, Shopify, Sns, Source, Square, StandardWebhooks, Stripe,
    TokenSource, Webhooks, webhook,
};

use crate::subject::configuration;

/// How often a handler ran.
type Runs = Arc<AtomicUsize>;

#[webhook("*", source = "subject")]
async fn any(State(runs): State<Runs>, event: Event<RawBody>) -> String {
    runs.fetch_add(1, Ordering::SeqCst);
    format!("{} {}", event.event_type(), String::from_utf8_lossy(event.body()))
}

#[derive(serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct Order {
    amount: u32,
    place: Place,
}

#[derive(serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
struct Place {
    city: String,
}

#[webhook("order.paid")]
async fn paid(order: Order) -> axum::Json<Value> {
    axum::Json(json!({ "paid": order.amount, "in": order.place.city }))
}

fn order() -> Order {
    Order { amount: 5, place: Place { city: "Ulm".to_owned() } }
}

#[webhook("order.changed", method = "PUT")]
async fn changed(_order: Order) {}

/// An app of one source that any event of runs.
fn app_of(source: impl Into<Source>) -> (TestApp, Runs) {
    let runs = Runs::default();
    let app = Webhooks::empty().register(any).state(Arc::clone(&runs)).source("subject", source);
    (TestApp::new(app), runs)
}

/// What a panic says.
fn panic_of<T>(run: impl FnOnce() -> T) -> String {
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(_) => panic!("nothing went wrong"),
        Err(panic) => text_of(panic),
    }
}

fn text_of(panic: Box<dyn std::any::Any + Send>) -> String {
    match panic.downcast::<String>() {
        Ok(text) => *text,
        Err(panic) => (*panic.downcast::<&str>().unwrap()).to_owned(),
    }
}

/// What awaiting a delivery of this app panics with.
async fn panic_in(app: TestApp, make: impl FnOnce(&TestApp) -> Delivery<'_> + Send + 'static) -> String {
    text_of(tokio::spawn(async move { make(&app).await }).await.unwrap_err().into_panic())
}

/// The schemes that sign a time; nothing of the others grows stale.
const TIMED: [&str; 19] = [
    "calendly",
    "discord",
    "google-pubsub",
    "hubspot-v3",
    "jwt",
    "linear",
    "mailgun",
    "paddle",
    "paypal",
    "plaid",
    "rfc9421",
    "sendgrid",
    "slack",
    "sns",
    "standard-webhooks",
    "stripe",
    "svix",
    "twitch",
    "zoom",
];

/// Delivers the first sample of the source in every way.
async fn check(scheme: &str, source: impl Into<Source>) {
    let source = source.into();
    let sample = source.samples().first().map(|it| it.event_type());
    let (app, runs) = app_of(source.clone());
    let deliver = |app| one(app, sample);
    deliver(&app).unsigned().await.assert_status(401);
    deliver(&app).tampered().await.assert_status(401);
    assert_eq!(runs.load(Ordering::SeqCst), 0, "{scheme}: what is not verified does not run");
    let answer = deliver(&app).await;
    assert!(answer.status().is_success(), "{scheme}: {answer:?}");
    assert_eq!(runs.load(Ordering::SeqCst), 1, "{scheme}");

    match TIMED.contains(&scheme) {
        true => drop(deliver(&app).stale().await.assert_status(401)),
        false => {
            let said = panic_in(app, move |app| one(app, sample).stale()).await;
            assert_eq!(said, "the source `subject` signs no time: a delivery of it never grows stale", "{scheme}");
        }
    }
}

/// The sample of this event; of a source of one's own a payload.
fn one<'a>(app: &'a TestApp, sample: Option<&str>) -> Delivery<'a> {
    match sample {
        Some(sample) => app.sample_of("subject", sample),
        None => app.deliver_to("subject", "order.paid", &json!({ "order": 1 })),
    }
}

/// A configuration that no source has in earnest: the kit puts its own keys in place.
fn foreign(provider: &str) -> Configuration {
    let more = [
        ("public_key", "none of the kit's"),
        ("topic_arn", "arn:aws:sns:us-east-1:123456789012:orders"),
        ("webhook_id", "WH-1"),
        ("recipient_client_id", "a-client"),
        ("audience", "https://hooks.example.com/webhooks/google-pubsub"),
        ("service_account", "pusher@example.iam.gserviceaccount.com"),
        ("client_id", "a-client"),
        ("secret", "a secret"),
    ];
    configuration(provider, "none of the kit's", &more)
}

#[tokio::test]
async fn every_scheme_of_every_provider_signs() {
    let mut schemes = 0;
    for provider in PROVIDERS {
        for (scheme, make) in provider.schemes {
            check(scheme, make(&foreign(provider.name)).unwrap()).await;
            schemes += 1;
        }
    }
    assert!(schemes > 65, "{schemes}");
}

#[tokio::test]
async fn every_kind_of_key_has_a_stand_in() {
    check("discord", Discord::events("none")).await;
    check("sendgrid", SendGrid::inbound_parse("none")).await;
    check("google-pubsub", GooglePubSub::new("https://example.com", "push@example.com")).await;
    check("plaid", Plaid::sandbox("client", "secret")).await;
    let keys = "https://id.example.com/keys.json";
    check("jwt", JwtSource::rs256(keys).audience("us").issuer("them").id_at("/id")).await;
    check("jwt", JwtSource::es256(keys).audience("us").header("x-token").body_hash("sha256")).await;
    check("rfc9421", MessageSignatures::ed25519("sig1", "none")).await;
    check("rfc9421", MessageSignatures::ecdsa_p256_sha256("sig1", "none")).await;
    check("rfc9421", MessageSignatures::rsa_pss_sha512("sig1", "none")).await;
    check("rfc9421", MessageSignatures::rsa_v1_5_sha256("sig1", "none")).await;
    check("paypal", PayPal::new("WH-1").postback("client", "secret")).await;
    check("hmac", HmacSource::new("x-signature", "").sha512().base64()).await;
    check("token", TokenSource::query("token", "")).await;
}

#[tokio::test]
async fn a_source_whose_variables_are_missing_signs() {
    check("stripe", Stripe::from_env_named("NO_SUCH")).await;
    check("adyen", Adyen::from_env_named("NO_SUCH")).await;
    check("token", Postmark::from_env_named("NO_SUCH")).await;
    check("salesforce", Salesforce::from_env_named("NO_SUCH")).await;
    check("sns", Sns::from_env()).await;
    check("paypal", PayPal::from_env()).await;
    check("adobe-io", AdobeIo::from_env()).await;
    check("plaid", Plaid::from_env()).await;
    check("google-pubsub", GooglePubSub::from_env()).await;
    check("standard-webhooks", StandardWebhooks::from_env_named("NO_SUCH")).await;
}

#[tokio::test]
async fn a_source_that_asks_for_its_secrets_signs_without_asking() {
    let ask = async |_| Err::<String, _>(std::io::Error::other("there is no database in a test"));
    check("github", GitHub::with_secrets(ask)).await;
    check("discord", Discord::with_public_keys(ask)).await;
}

#[tokio::test]
async fn a_recipe_of_ones_own_keeps_its_keys() {
    struct Own;
    impl webhook_runtime::Signature for Own {
        fn head(&self, head: &webhook_runtime::Head<'_>) -> Result<webhook_runtime::Claimed, webhook_runtime::Cause> {
            match head.parts.headers.contains_key("x-own") {
                true => Ok(webhook_runtime::Claimed::default()),
                false => Err(webhook_runtime::Cause::SignatureMismatch),
            }
        }

        fn prove(
            &self,
            _: &webhook_runtime::Head<'_>,
            _: &[u8],
        ) -> Result<webhook_runtime::Signed, webhook_runtime::Cause> {
            Ok(webhook_runtime::Signed::default())
        }

        fn sign(&self, _: &webhook_runtime::Message<'_>) -> Result<http::HeaderMap, webhook_runtime::CannotSign> {
            Ok(http::HeaderMap::from_iter([("x-own".parse().unwrap(), "1".parse().unwrap())]))
        }
    }
    let (app, _) = app_of(Source::custom(Own));
    let order = json!({ "type": "order.paid" });
    app.deliver_to("subject", "order.paid", &order).await.assert_status(200);
    app.deliver_to("subject", "order.paid", &order).unsigned().await.assert_status(401);
    // Its headers are not known to be its proof.
    let said = panic_in(app, |app| app.deliver_to("subject", "order.paid", &json!({})).tampered()).await;
    assert_eq!(said, "the source `subject` takes whatever it is sent: nothing of a delivery is proven");
}

#[tokio::test]
async fn the_default_source_needs_no_name_and_no_secret() {
    let app = TestApp::new(Webhooks::empty().register(paid));
    let answer = app.deliver("order.paid", &order()).await;
    assert_eq!(answer.assert_status(200).json::<Value>(), json!({ "paid": 5, "in": "Ulm" }));
    assert_eq!(answer.headers()["content-type"], "application/json");
    assert_eq!(&answer.body()[..], br#"{"in":"Ulm","paid":5}"#);
    app.deliver_to("default", "order.paid", &order()).await.assert_status(200);

    let wrong = json!({ "amount": "five", "place": {}, "more": 1 });
    app.deliver("order.paid", &wrong).await.assert_status(422).assert_pointers(&["/place/city", "/amount", "/more"]);
    app.deliver_raw("order.paid", "{").await.assert_status(400);
    app.deliver_raw("order.paid", "a=b").content_type("text/csv").await.assert_status(415);
    app.deliver("order.paid", &order()).header("webhook-id", "another").await.assert_status(401);
}

#[tokio::test]
async fn a_delivery_has_the_method_of_its_handler() {
    let app = TestApp::new(Webhooks::empty().register(paid).register(changed));
    app.deliver("order.changed", &order()).await.assert_status(200);
    app.deliver("order.changed", &order()).method("POST").await.assert_status(405);
    app.deliver("order.paid", &order()).method("PUT").await.assert_status(405);
}

#[tokio::test]
async fn a_duplicate_runs_once_and_another_delivery_runs_again() {
    let (app, runs) = app_of(Stripe::new("none"));
    let first = app.deliver("invoice.paid", &json!({ "amount": 1 })).duplicate().await;
    assert_eq!(first.assert_status(200).text(), r#"invoice.paid {"amount":1,"id":"evt_1","type":"invoice.paid"}"#);
    assert_eq!(runs.load(Ordering::SeqCst), 1);
    app.deliver("invoice.paid", &json!({ "amount": 1 })).await.assert_status(200);
    assert_eq!(runs.load(Ordering::SeqCst), 2, "each delivery has an id of its own");
    app.deliver("invoice.paid", &json!({ "amount": 1 })).id("evt_1").await.assert_status(200);
    assert_eq!(runs.load(Ordering::SeqCst), 2, "this one has the first id");
}

#[tokio::test]
async fn the_clock_moves_when_it_is_told() {
    let app = TestApp::new(Webhooks::empty().register(paid));
    let now = 1_800_000_000;
    app.deliver("order.paid", &order()).at(now - 300).await.assert_status(200);
    app.deliver("order.paid", &order()).at(now - 301).await.assert_status(401);
    app.deliver("order.paid", &order()).at(now + 301).await.assert_status(401);
    app.clock().advance(Duration::from_secs(1));
    app.deliver("order.paid", &order()).at(now + 301).await.assert_status(200);
    app.clock().set(1_900_000_000);
    app.deliver("order.paid", &order()).at(1_900_000_000).await.assert_status(200);
    app.deliver("order.paid", &order()).await.assert_status(200);
}

#[tokio::test]
async fn a_pattern_of_a_route_is_filled() {
    let runs = Runs::default();
    let source = Shopify::with_secrets(async |_| Ok::<_, std::io::Error>("none"));
    let app = || {
        let app = Webhooks::empty().register(any).state(Arc::clone(&runs));
        TestApp::new(app.source_at("subject", "shops/{tenant}", source.clone()))
    };
    let this = app();
    for tenant in ["acme", "other"] {
        this.sample("orders/paid").path_value("tenant", tenant).await.assert_status(200);
    }
    assert_eq!(runs.load(Ordering::SeqCst), 2, "the same order of two tenants is two events");
    let said = panic_in(app(), |app| app.sample("orders/paid")).await;
    assert_eq!(
        said,
        "the route /webhooks/shops/{tenant} has a pattern: write what stands there, as with \
         `.path_value(\"tenant\", …)`"
    );
}

#[tokio::test]
async fn state_layers_and_merged_routes_are_those_of_the_app() {
    let runs = Runs::default();
    let counted = Arc::clone(&runs);
    let layer = axum::middleware::map_request(move |request: Request<Body>| {
        counted.fetch_add(100, Ordering::SeqCst);
        std::future::ready(request)
    });
    let app = Webhooks::empty()
        .register(any)
        .state(Arc::clone(&runs))
        .source("subject", GitHub::new("none"))
        .prefix("/hooks")
        .layer(layer)
        .merge(Router::new().route("/healthz", get(async || "ok")));
    let app = TestApp::new(app);
    app.sample("push").await.assert_status(200);
    assert_eq!(runs.load(Ordering::SeqCst), 101);
    let answer = app.send(Request::get("/healthz").body(Body::empty()).unwrap()).await;
    assert_eq!(answer.assert_status(200).text(), "ok");
    let document = app.send(Request::get("/openapi.json").body("").unwrap()).await;
    assert!(document.json::<Value>()["paths"]["/hooks/subject"].is_object());
}

#[webhook("push", source = "github")]
async fn pushed(_push: RawBody) {}

#[webhook("issues", source = "github")]
async fn issue(_issue: RawBody) {}

#[webhook("push", source = "mirror")]
async fn mirrored(_push: RawBody) {}

fn two_forges() -> TestApp {
    let app = Webhooks::empty().register(pushed).register(issue).register(mirrored);
    TestApp::new(app.source("github", GitHub::new("none")).source("mirror", GitHub::new("none")))
}

#[tokio::test]
async fn an_event_finds_its_source() {
    let app = two_forges();
    app.deliver("issues.opened", &json!({})).await.assert_status(200);
    app.deliver_to("mirror", "push", &json!({})).await.assert_status(200);
    app.deliver_to("mirror", "nobody.wants.it", &json!({})).await.assert_status(200);
    let check = |run: &dyn Fn(), expected: Expect| expected.assert_eq(&panic_of(run));
    check(
        &|| drop(app.deliver("push", &json!({}))),
        expect![
            "`push` has handlers of `github` and `mirror`: say which one sends it, as with `deliver_to(\"github\", …)`"
        ],
    );
    check(
        &|| drop(app.deliver("release", &json!({}))),
        expect![[r#"
            no handler takes `release`
            the app has handlers for: issues (source github), push (source github), push (source mirror)"#]],
    );
    check(
        &|| drop(app.deliver_to("gitlab", "push", &json!({}))),
        expect![[r#"
            no source is called `gitlab`
            the app has the sources: github, mirror"#]],
    );
    check(
        &|| drop(app.sample_of("mirror", "release")),
        expect![[r#"
            the source `mirror` has no sample of `release`: give a payload to `deliver`
            it has: push, issues.opened, pull_request.opened, ping"#]],
    );
    check(&|| drop(app.deliver_to("mirror", "push", &json!({})).header("a b", "")), expect!["`a b: ` is no header"]);
}

#[tokio::test]
async fn an_app_that_does_not_start_says_so_as_it_does_in_main() {
    let said = panic_of(|| TestApp::new(Webhooks::empty().register(any).source("subject", GitHub::new("none"))));
    assert!(said.starts_with("the app does not start\n"), "{said}");
    assert!(said.contains("tests/it/testing_kit.rs") || said.contains("it/testing_kit.rs"), "{said}");
    // What is wrong in the code is not put right by the kit.
    let app = || Webhooks::empty().register(any).state(Runs::default());
    for source in [
        Sns::new("no ARN").into(),
        HmacSource::new("x-signature", "none").signed("{nobody}").into(),
        JwtSource::rs256("https://id.example.com/keys.json").into(),
        TokenSource::header("no header", "none").into(),
        Salesforce::new("no organization", "none"),
        PayPal::new("WH-1").trust_anchor_pem("no certificate").into(),
    ] {
        let source: Source = source;
        assert!(panic_of(|| TestApp::new(app().source("subject", source))).contains("subject"));
    }
}

#[tokio::test]
async fn a_failed_assertion_shows_the_answer_and_explains_a_401() {
    let app = TestApp::new(Webhooks::empty().register(paid));
    let check = |answer: Answer, run: fn(&Answer), expected: Expect| expected.assert_eq(&panic_of(|| run(&answer)));
    check(
        app.deliver("order.paid", &json!({ "amount": 5, "place": {} })).await,
        |answer| {
            answer.assert_status(200);
        },
        expect![[r#"
            expected 200, and the answer is
            422 Unprocessable Entity
            content-type: application/problem+json

            {
              "detail": "The body is not the payload that the endpoint takes.",
              "errors": [
                {
                  "detail": "is required",
                  "pointer": "/place/city"
                }
              ],
              "status": 422,
              "title": "Unprocessable Entity",
              "type": "about:blank"
            }"#]],
    );
    check(
        app.deliver("order.paid", &order()).at(1_800_000_000 - 301).await,
        |answer| {
            answer.assert_status(200);
        },
        expect![[r#"
            expected 200, and the answer is
            401 Unauthorized
            content-type: application/problem+json

            {
              "detail": "The signature of the delivery could not be verified.",
              "status": 401,
              "title": "Unauthorized",
              "type": "about:blank"
            }

            source default, refused at the timestamp: the timestamp is 301 s old, over the tolerance of 300 s
            proven: the timestamp is 5 min 1 s behind, and 300 s are tolerated
                    Set this machine's clock by NTP. Where both are right the sender's queue is slow: see its retries, or widen `.tolerance(…)`."#]],
    );
    check(
        app.deliver("order.paid", &order()).await,
        |answer| {
            answer.assert_pointers(&["/a"]);
        },
        expect![[r#"
            expected a problem document that lists errors, and the answer is
            200 OK
            content-type: application/json

            {
              "in": "Ulm",
              "paid": 5
            }"#]],
    );
    check(
        app.deliver("order.paid", &json!({})).await,
        |answer| {
            answer.assert_pointers(&["/amount"]);
        },
        expect![[r#"
            expected errors at ["/amount"], and the answer is
            422 Unprocessable Entity
            content-type: application/problem+json

            {
              "detail": "The body is not the payload that the endpoint takes.",
              "errors": [
                {
                  "detail": "is required",
                  "pointer": "/amount"
                },
                {
                  "detail": "is required",
                  "pointer": "/place"
                }
              ],
              "status": 422,
              "title": "Unprocessable Entity",
              "type": "about:blank"
            }"#]],
    );
    check(
        app.deliver("order.paid", &order()).await,
        |answer| drop(answer.json::<Order>()),
        expect![[r#"
        the body is no JSON of a `it::testing_kit::Order`: unknown field `in`, expected `amount` or `place` at line 1 column 5
        200 OK
        content-type: application/json

        {
          "in": "Ulm",
          "paid": 5
        }"#]],
    );
}

#[tokio::test]
async fn a_recorded_delivery_is_replayed_whatever_its_secret_and_its_time() {
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_600_000_000);
    let record = |source: Source, delivery: Outgoing| {
        let (parts, body) = source.outgoing(&delivery.to("/webhooks/subject?a=b")).unwrap().into_parts();
        Recording::read(&Recording::new("subject", long_ago, parts, body).write()).unwrap()
    };
    let outgoing = |id: &str| Outgoing::new(id, long_ago).event_type("order.paid");
    let (app, runs) = app_of(Stripe::new("none"));
    let body = r#"{ "type" : "order.paid",  "id": "evt_9" }"#;
    let recording = record(Stripe::new("their secret"), outgoing("").body(body));
    let answer = app.replay(&recording).await;
    assert_eq!(answer.assert_status(200).text(), format!("order.paid {body}"), "byte for byte");
    app.replay(&recording).await.assert_status(200);
    assert_eq!(runs.load(Ordering::SeqCst), 1, "it keeps its id");
    app.replay(&recording).tampered().await.assert_status(401);
    app.replay(&recording).stale().await.assert_status(401);
    app.replay(&recording).unsigned().await.assert_status(401);

    // A form, a body of bytes, and one that is signed with the URL.
    let form = "command=%2Forder&text=a+b";
    let slack = record(webhook_runtime::Slack::new("theirs"), outgoing("").body(form).content_type(FORM));
    let (app, _) = app_of(webhook_runtime::Slack::new("none"));
    assert_eq!(app.replay(&slack).await.assert_status(200).text(), format!("/order {form}"));
    let bytes = record(webhook_runtime::IFTTT::new("theirs"), outgoing("1").body(&b"\0\xff\r\n"[..]));
    let (app, _) = app_of(webhook_runtime::IFTTT::new("none"));
    assert_eq!(app.replay(&bytes).await.assert_status(200).text(), " \0\u{fffd}\r\n");
    let square = record(Square::new("theirs").url("https://theirs.example.com/webhooks/subject"), outgoing("1"));
    let (app, _) = app_of(Square::new("none"));
    app.replay(&square).await.assert_status(200);

    // By the name of the provider alone, as the command knows it.
    let by_command = |source: &str, path: &str| {
        let signed =
            StandardWebhooks::new(crate::support::SECRET).outgoing(&outgoing("1").body("{}").to(path)).unwrap();
        let (parts, body) = signed.into_parts();
        Recording::new(source, long_ago, parts, body)
    };
    let app = TestApp::new(Webhooks::empty().register(paid).register(changed));
    app.replay(&by_command("standard-webhooks", "/webhooks/order.paid")).await.assert_status(422);
    let said = panic_of(|| drop(app.replay(&by_command("standard-webhooks", "/"))));
    let expected = "the routes of `standard-webhooks` are /webhooks/order.changed, /webhooks/order.paid";
    assert_eq!(said, format!("the recording went to /, and {expected}"));
    let (app, _) = app_of(StandardWebhooks::new("none"));
    app.replay(&by_command("standard-webhooks", "/")).await.assert_status(200);

    let said = panic_of(|| drop(two_forges().replay(&square)));
    assert_eq!(said, "the recording is of the source `subject`\nthe app has the sources: github, mirror");
}

const FORM: &str = "application/x-www-form-urlencoded";
