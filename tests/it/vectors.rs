//! Signed deliveries of real senders, through the path that a request takes: router, corridor, handler.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue, Request};
use http_body_util::BodyExt;
use providers::Configuration;
use serde::Deserialize;
use tower::ServiceExt;
use webhook_runtime::{FixedClock, RawBody, Source, Webhooks, webhook};

/// Everything that a record may hold. What only people read is here too, so that an unknown field is an error.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "some fields are for people alone")]
struct Record {
    provider: String,
    case: String,
    kind: Kind,
    scheme: String,
    secret: Option<String>,
    secrets: Option<Vec<String>>,
    public_key: Option<String>,
    token_header: Option<String>,
    algorithms: Option<Vec<String>>,
    token_param: Option<String>,
    require_algorithm: Option<String>,
    organization_id: Option<String>,
    label: Option<String>,
    algorithm: Option<String>,
    required_components: Option<Vec<String>>,
    method: String,
    url: String,
    headers: Option<BTreeMap<String, String>>,
    headers_list: Option<Vec<(String, String)>>,
    body: Option<String>,
    body_base64: Option<String>,
    now: u64,
    tolerance: Option<u64>,
    expect: Expect,
    expect_response: Option<ExpectResponse>,
    why: String,
    policy: Option<bool>,
    sdk_divergence: Option<serde_json::Value>,
    signing_key: Option<String>,
    provenance: Option<serde_json::Value>,
    source: Option<serde_json::Value>,
    verified_by: Option<serde_json::Value>,
    reference_reason: Option<serde_json::Value>,
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
    json: Option<serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Delivery,
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
    let (mut passed, mut faults) = (0, Vec::new());
    for (file, text) in files() {
        let records: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap_or_else(|error| {
            faults.push(format!("{file}: {error}"));
            Vec::new()
        });
        for record in records {
            let name = format!("{}/{}", record["provider"].as_str().unwrap_or(&file), record["case"]);
            match check(record).await {
                Ok(()) => passed += 1,
                Err(fault) => faults.push(format!("{name}: {fault}")),
            }
        }
    }
    faults.iter().for_each(|fault| println!("{fault}"));
    println!("{passed} of {} vectors", passed + faults.len());
    assert!(faults.is_empty() && passed > 0, "{faults:#?}");
}

/// The texts of the folder, by file name.
fn files() -> BTreeMap<String, String> {
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("vectors");
    let folder = std::env::var_os("WEBHOOK_VECTORS").map_or(own, PathBuf::from);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|it| it.unwrap().path()).filter(|it| it.extension().is_some_and(|it| it == "json"));
    paths.map(|it| (it.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&it).unwrap())).collect()
}

async fn check(record: serde_json::Value) -> Result<(), String> {
    let record: Record = serde_json::from_value(record).map_err(|error| error.to_string())?;
    let verdict = verdict(&record).await?;
    if verdict == record.expect {
        return Ok(());
    }
    Err(format!("{verdict:?}, expected {:?}: {}", record.expect, record.why))
}

/// A configuration that does not start refuses as well as a signature does.
async fn verdict(record: &Record) -> Result<Expect, String> {
    let runs = Runs::default();
    let app = Webhooks::empty()
        .register(catch_all)
        .state(Arc::clone(&runs))
        .source("subject", source(record)?)
        .clock(FixedClock::at(record.now));
    let Ok(router) = app.into_router() else { return Ok(Expect::Invalid) };
    let response = router.oneshot(request(record)?).await.unwrap();
    let status = response.status().as_u16();
    if let Some(expected) = &record.expect_response {
        compare(response, expected).await?;
    }
    match (status, runs.load(Ordering::SeqCst)) {
        // A batch runs the handler once for each of its events, and an empty one or a handshake never.
        (200..=299, _) => Ok(Expect::Valid),
        (401, 0) => Ok(Expect::Invalid),
        (status, runs) => Err(format!("status {status}, {runs} runs")),
    }
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

/// The source that the record configures, through the table of the example that has them all. A field that its scheme
/// does not have is an error, not passed over.
fn source(record: &Record) -> Result<Source, String> {
    let secrets = record.secret.iter().chain(record.secrets.iter().flatten()).cloned().collect();
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
        ("url", Some(record.url.clone())),
    ];
    let fields = fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
    providers::source(&record.provider, Some(&record.scheme), &Configuration::new(secrets, fields))
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
