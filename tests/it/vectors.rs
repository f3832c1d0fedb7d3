//! Signed deliveries of real senders, through the path that a request takes: router, corridor, handler.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue, Request};
use http_body_util::BodyExt;
use serde::Deserialize;
use serde_json::{Value, json};
use tower::ServiceExt;
use webhook_runtime::cli::sources::{self, Configuration};
use webhook_runtime::{Fetch, FetchError, FixedClock, PinnedUrl, RawBody, Source, Webhooks, webhook};

/// Everything that a record may hold. What only people read is here too, so that an unknown field is an error.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "some fields are for people alone")]
struct Record {
    provider: String,
    case: String,
    kind: Kind,
    /// The usual one unless it says so.
    scheme: Option<String>,
    secret: Option<String>,
    secrets: Option<Vec<String>>,
    public_key: Option<String>,
    public_keys: Option<BTreeMap<String, String>>,
    certificate_pem: Option<String>,
    topic_arn: Option<String>,
    webhook_id: Option<String>,
    recipient_client_id: Option<String>,
    require_signature_version: Option<String>,
    token_header: Option<String>,
    algorithms: Option<Vec<String>>,
    token_param: Option<String>,
    require_algorithm: Option<String>,
    organization_id: Option<String>,
    label: Option<String>,
    algorithm: Option<String>,
    required_components: Option<Vec<String>>,
    verify_token: Option<String>,
    topics: Option<Vec<String>>,
    allowed_origins: Option<Vec<String>>,
    allowed_rate: Option<String>,
    method: String,
    url: String,
    headers: Option<BTreeMap<String, String>>,
    headers_list: Option<Vec<(String, String)>>,
    body: Option<String>,
    body_base64: Option<String>,
    now: u64,
    tolerance: Option<u64>,
    /// A handshake has none.
    expect: Option<Expect>,
    expect_response: Option<ExpectResponse>,
    why: String,
    policy: Option<bool>,
    sdk_divergence: Option<Value>,
    signing_key: Option<String>,
    provenance: Option<Value>,
    source: Option<Value>,
    verified_by: Option<Value>,
    reference_reason: Option<Value>,
}

/// What the answer must be, where it matters.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectResponse {
    status: Option<u16>,
    /// The media type; parameters may follow.
    content_type: Option<String>,
    headers: Option<BTreeMap<String, String>>,
    absent_headers: Option<Vec<String>>,
    body: Option<String>,
    json: Option<Value>,
    /// What is fetched after the answer.
    then_get: Option<String>,
    /// How long the sender waits for that.
    then_get_within_s: Option<u64>,
}

/// Serves the keys and the certificate of one record, notes what else is fetched, and has nothing for it.
#[derive(Clone, Default)]
struct Published {
    keys: BTreeMap<String, String>,
    certificate: Option<String>,
    others: Arc<Mutex<Vec<String>>>,
}

impl Fetch for Published {
    async fn get(&self, url: &PinnedUrl) -> Result<Bytes, FetchError> {
        let url = url.as_str();
        let document = match url.strip_prefix("https://static.adobeioevents.com") {
            Some(path) => self.keys.get(path),
            None if url.contains("?") => None,
            None => self.certificate.as_ref(),
        };
        if document.is_none() {
            self.others.lock().unwrap().push(url.to_owned());
        }
        document.map(|it| it.clone().into()).ok_or_else(|| FetchError::new("the record has no such document"))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Delivery,
    Handshake,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Expect {
    Valid,
    Invalid,
}

/// How often the catch-all handler ran.
type Runs = Arc<AtomicUsize>;

#[webhook("*", source = "subject")]
async fn catch_all(State(runs): State<Runs>, _body: RawBody) {
    runs.fetch_add(1, Ordering::SeqCst);
}

#[tokio::test]
async fn vectors() {
    let (mut passed, mut faults, mut all) = (0, Vec::new(), Vec::new());
    for (file, text) in files() {
        let records: Vec<Value> = serde_json::from_str(&text).unwrap_or_else(|error| {
            faults.push(format!("{file}: {error}"));
            Vec::new()
        });
        all.extend(records);
    }
    for record in &all {
        match check(record, &all).await {
            Ok(()) => passed += 1,
            Err(fault) => faults.push(format!("{}: {fault}", name(record))),
        }
    }
    faults.iter().for_each(|fault| println!("{fault}"));
    println!("{passed} of {} vectors", passed + faults.len());
    assert!(faults.is_empty() && passed > 0, "{faults:#?}");
}

/// What the runner does not know could be what a record is about: it fails, and is not passed over.
#[tokio::test]
async fn a_record_with_anything_unknown_fails() {
    let records: Vec<Value> = serde_json::from_str(include_str!("../vectors/stripe.json")).unwrap();
    let valid = records.iter().find(|it| it["expect"] == "valid").unwrap();
    assert_eq!(check(valid, &[]).await, Ok(()));
    for (field, value, fault) in [
        ("provider", json!("acme"), "acme"),
        ("scheme", json!("rot13"), "rot13"),
        ("kind", json!("rumour"), "rumour"),
        ("surprise", json!(1), "surprise"),
        ("topic_arn", json!("arn:aws:sns:us-east-1:1:t"), "topic_arn"),
        ("body_base64", json!("e30="), "one body"),
        ("expect", json!("invalid"), "expected Invalid"),
        ("expect_response", json!({ "status": 418 }), "418"),
        ("expect_response", json!({ "mood": "good" }), "mood"),
    ] {
        let mut record = valid.clone();
        record[field] = value;
        let told = check(&record, &[]).await.unwrap_err();
        assert!(told.contains(fault), "{field}: {told}");
    }
}

/// The texts of the folder, by file name.
fn files() -> BTreeMap<String, String> {
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("vectors");
    let folder = std::env::var_os("WEBHOOK_VECTORS").map_or(own, PathBuf::from);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|it| it.unwrap().path()).filter(|it| it.extension().is_some_and(|it| it == "json"));
    paths.map(|it| (it.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&it).unwrap())).collect()
}

fn name(record: &Value) -> String {
    let text = |field: &str| record[field].as_str().unwrap_or_default();
    format!("{}/{}", text("provider"), text("case"))
}

async fn check(record: &Value, all: &[Value]) -> Result<(), String> {
    let record = if record["kind"] == "handshake" { handshake(record, all)? } else { record.clone() };
    let record: Record = serde_json::from_value(record).map_err(|error| error.to_string())?;
    let verdict = verdict(&record).await?;
    match record.expect {
        Some(expected) if verdict != Some(expected) => {
            Err(format!("{verdict:?}, expected {expected:?}: {}", record.why))
        }
        _ => Ok(()),
    }
}

/// The record of a handshake in the form of a delivery: with the fields of its request, of the delivery that it is, and
/// of a receiver, for whom any secret does where nothing is signed.
fn handshake(record: &Value, all: &[Value]) -> Result<Value, String> {
    let mut record = record.clone();
    let fields = record.as_object_mut().ok_or("a record is an object")?;
    let mut request = fields.remove("request").ok_or("a handshake has a request")?;
    let mut whole = json!({ "body": "", "now": 1_700_000_000 });
    match request.as_object_mut().and_then(|it| it.remove("see_vector")) {
        Some(seen) => {
            whole = all
                .iter()
                .find(|it| it["kind"] == "delivery" && seen == name(it))
                .ok_or(format!("there is no {seen}"))?
                .clone();
            whole["expect"].take();
        }
        None if fields["provider"] == "adobe-io-events" => whole["recipient_client_id"] = "a client".into(),
        None => whole["secret"] = "a secret of no matter".into(),
    }
    let whole_fields = whole.as_object_mut().ok_or("a record is an object")?;
    whole_fields.extend(request.as_object().cloned().unwrap_or_default());
    whole_fields.extend(fields.clone());
    Ok(whole)
}

/// A configuration that does not start refuses as well as a signature does.
async fn verdict(record: &Record) -> Result<Option<Expect>, String> {
    let runs = Runs::default();
    let published = Published {
        keys: record.public_keys.clone().unwrap_or_default(),
        certificate: record.certificate_pem.clone(),
        ..Published::default()
    };
    let app = Webhooks::empty()
        .register(catch_all)
        .state(Arc::clone(&runs))
        .source("subject", source(record)?.fetcher(published.clone()))
        .clock(FixedClock::at(record.now));
    let Ok(router) = app.into_router() else { return Ok(Some(Expect::Invalid)) };
    let response = router.oneshot(request(record)?).await.unwrap();
    let status = response.status().as_u16();
    if let Some(expected) = &record.expect_response {
        compare(response, expected).await?;
        fetched_then(&published, expected).await?;
        if matches!(record.kind, Kind::Handshake) {
            by_hand(record, source(record)?.fetcher(published), expected).await?;
        }
    }
    match (status, runs.load(Ordering::SeqCst)) {
        (_, 0) if matches!(record.kind, Kind::Handshake) => Ok(None),
        // A batch runs the handler once for each of its events, and an empty one or a handshake never.
        (200..=299, _) => Ok(Some(Expect::Valid)),
        (401, 0) => Ok(Some(Expect::Invalid)),
        (status, runs) => Err(format!("status {status}, {runs} runs")),
    }
}

/// A hand-written route gives the same answer. What it does not take for a handshake is refused as a delivery.
async fn by_hand(record: &Record, source: Source, expected: &ExpectResponse) -> Result<(), String> {
    let (parts, body) = request(record)?.into_parts();
    let body = body.collect().await.map_err(|error| error.to_string())?.to_bytes();
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(record.now);
    let source = source.resolve_with_body(&parts, &body, now).await.unwrap_or(source);
    match source.handshake(&parts, &body, now) {
        Some(response) => compare(response, expected).await.map_err(|fault| format!("by hand {fault}")),
        None if source.verify(&parts, &body, now).is_err() && expected.status.is_none_or(|it| it >= 300) => Ok(()),
        None => Err("by hand it is no handshake".into()),
    }
}

/// What is fetched after the answer is fetched by a task that nobody waits for.
async fn fetched_then(published: &Published, expected: &ExpectResponse) -> Result<(), String> {
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    let fetched = published.others.lock().unwrap().clone();
    let is_right = match &expected.then_get {
        Some(url) => fetched == [url.clone()],
        None => fetched.len() == usize::from(expected.then_get_within_s.is_some()),
    };
    if is_right { Ok(()) } else { Err(format!("{fetched:?} was fetched, expected {:?}", expected.then_get)) }
}

async fn compare(response: Response, expected: &ExpectResponse) -> Result<(), String> {
    let (head, body) = response.into_parts();
    let body = body.collect().await.map_err(|error| error.to_string())?.to_bytes();
    let header = |name: &str| head.headers.get(name).and_then(|it| it.to_str().ok());
    let mut faults = Vec::new();
    let mut same = |what: &str, is: Option<&str>, expected: Option<&str>| {
        if expected.is_some() && is != expected {
            faults.push(format!("{what} is {is:?}, expected {expected:?}"));
        }
    };
    let status = expected.status.map(|it| it.to_string());
    same("the status", Some(&head.status.as_u16().to_string()), status.as_deref());
    let media_type = header(CONTENT_TYPE.as_str()).and_then(|it| it.split(';').next()).map(str::trim);
    same("the content type", media_type, expected.content_type.as_deref());
    for (name, value) in expected.headers.iter().flatten() {
        same(name, header(name), Some(value));
    }
    same("the body", std::str::from_utf8(&body).ok(), expected.body.as_deref());
    faults.extend(expected.absent_headers.iter().flatten().filter(|it| header(it).is_some()).cloned());
    if expected.json.is_some() && serde_json::from_slice(&body).ok() != expected.json {
        faults.push(format!("the JSON is {body:?}, expected {:?}", expected.json));
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.join("; ")) }
}

/// The source that the record configures, through the table that has them all. A field that its scheme
/// does not have is an error, not passed over.
fn source(record: &Record) -> Result<Source, String> {
    let secrets = record.secret.iter().chain(record.secrets.iter().flatten()).cloned();
    let lines = |list: &Vec<String>| list.join("\n");
    let fields = [
        ("public_key", record.public_key.clone()),
        ("token_header", record.token_header.clone()),
        ("token_param", record.token_param.clone()),
        ("algorithms", record.algorithms.as_ref().map(lines)),
        ("require_algorithm", record.require_algorithm.clone()),
        ("tolerance", record.tolerance.map(|seconds| seconds.to_string())),
        ("organization_id", record.organization_id.clone()),
        ("label", record.label.clone()),
        ("algorithm", record.algorithm.clone()),
        ("required_components", record.required_components.as_ref().map(lines)),
        // In one line, so that it is no list.
        ("public_keys", record.public_keys.as_ref().map(|it| json!(it).to_string())),
        ("certificate_pem", record.certificate_pem.clone()),
        ("topic_arn", record.topic_arn.clone()),
        ("webhook_id", record.webhook_id.clone()),
        ("recipient_client_id", record.recipient_client_id.clone()),
        ("require_signature_version", record.require_signature_version.clone()),
        ("verify_token", record.verify_token.clone()),
        ("topics", record.topics.as_ref().map(lines)),
        ("allowed_origins", record.allowed_origins.as_ref().map(lines)),
        ("allowed_rate", record.allowed_rate.clone()),
        ("url", Some(record.url.clone())),
    ];
    let fields = fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    let configuration = Configuration::new(&record.provider, secrets, fields);
    let source = sources::source(&record.provider, record.scheme.as_deref(), &configuration)?;
    match configuration.unknown().as_slice() {
        [] => Ok(source),
        unknown => Err(format!("the scheme has no {}", unknown.join(", "))),
    }
}

fn request(record: &Record) -> Result<Request<Body>, String> {
    let query = record.url.split_once('?').map_or(String::new(), |(_, query)| format!("?{query}"));
    let body = match (&record.body, &record.body_base64) {
        (Some(text), None) => text.clone().into_bytes(),
        (None, Some(encoded)) => STANDARD.decode(encoded).map_err(|error| error.to_string())?,
        _ => return Err("a record has one body".into()),
    };
    let mut request = Request::builder()
        .method(record.method.as_str())
        .uri(format!("/webhooks/subject{query}"))
        .body(Body::from(body))
        .map_err(|error| error.to_string())?;
    let listed = record.headers_list.iter().flatten().map(|(name, value)| (name, value));
    for (name, value) in record.headers.iter().flatten().chain(listed) {
        let name = HeaderName::try_from(name).map_err(|error| error.to_string())?;
        let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|error| error.to_string())?;
        request.headers_mut().append(name, value);
    }
    Ok(request)
}
