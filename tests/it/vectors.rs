//! Signed deliveries of real senders, through the path that a request takes: router, corridor, handler.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request};
use serde::Deserialize;
use tower::ServiceExt;
use webhook_runtime::{
    AdobeIo, Fetch, FetchError, FixedClock, PayPal, PinnedUrl, RawBody, Sns, Source, StandardWebhooks, Webhooks,
    webhook,
};

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
    public_keys: Option<BTreeMap<String, String>>,
    certificate_pem: Option<String>,
    topic_arn: Option<String>,
    webhook_id: Option<String>,
    recipient_client_id: Option<String>,
    require_signature_version: Option<String>,
    method: String,
    url: String,
    headers: Option<BTreeMap<String, String>>,
    headers_list: Option<Vec<(String, String)>>,
    body: Option<String>,
    body_base64: Option<String>,
    now: u64,
    tolerance: Option<u64>,
    expect: Expect,
    expect_response: Option<ExpectedResponse>,
    why: String,
    policy: Option<bool>,
    sdk_divergence: Option<serde_json::Value>,
    signing_key: Option<String>,
    provenance: Option<serde_json::Value>,
    source: Option<serde_json::Value>,
    verified_by: Option<serde_json::Value>,
    reference_reason: Option<serde_json::Value>,
}

/// What the answer must be. Answers of handshakes are not looked at here.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "what is fetched afterwards belongs to the handshakes")]
struct ExpectedResponse {
    status: Option<u16>,
    then_get: Option<String>,
}

/// Serves the keys and the certificate of one record, and fails a test that asks for anything else.
struct Published {
    keys: BTreeMap<String, String>,
    certificate: Option<String>,
}

impl Fetch for Published {
    async fn get(&self, url: &PinnedUrl) -> Result<Bytes, FetchError> {
        let path = url.as_str().strip_prefix("https://static.adobeioevents.com");
        let document = match path {
            Some(path) => self.keys.get(path),
            None => self.certificate.as_ref(),
        };
        document.map(|it| it.clone().into()).ok_or_else(|| FetchError::new("the record has no such key"))
    }
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
    let expected = record.expect_response.as_ref().and_then(|it| it.status);
    if expected.is_some_and(|it| it != response.status()) {
        return Err(format!("status {}, expected {expected:?}", response.status()));
    }
    match (response.status().as_u16(), runs.load(Ordering::SeqCst)) {
        (200..=299, 1) => Ok(Expect::Valid),
        (401, 0) => Ok(Expect::Invalid),
        (status, runs) => Err(format!("status {status}, {runs} runs")),
    }
}

fn source(record: &Record) -> Result<Source, String> {
    let secrets = record.secret.iter().chain(record.secrets.iter().flatten()).chain(&record.public_key);
    let secrets = secrets.cloned().collect::<Vec<_>>().join("\n");
    let source = match (record.provider.as_str(), record.scheme.as_str()) {
        ("standard-webhooks", "standard-webhooks") => StandardWebhooks::new(secrets),
        ("aws-sns", "sns") => sns(record)?,
        ("paypal", "paypal") => {
            let certificate = record.certificate_pem.clone().unwrap_or_default();
            PayPal::new(needed(&record.webhook_id)?).trust_anchor_pem(certificate).into()
        }
        ("adobe-io-events", "adobe-io") => AdobeIo::new(needed(&record.recipient_client_id)?).into(),
        (provider, scheme) => return Err(format!("no verifier is known for provider {provider}, scheme {scheme}")),
    };
    let keys = record.public_keys.clone().unwrap_or_default();
    let source = source.fetcher(Published { keys, certificate: record.certificate_pem.clone() });
    Ok(match record.tolerance {
        Some(seconds) => source.tolerance(Duration::from_secs(seconds)),
        None => source,
    })
}

fn sns(record: &Record) -> Result<Source, String> {
    let sns = Sns::new(needed(&record.topic_arn)?);
    match record.require_signature_version.as_deref() {
        None => Ok(sns.into()),
        Some("2") => Ok(sns.require_version_2().into()),
        Some(other) => Err(format!("no verifier is known for SignatureVersion {other}")),
    }
}

fn needed(field: &Option<String>) -> Result<String, String> {
    field.clone().ok_or_else(|| "the record lacks its configuration".to_owned())
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
