//! Signed deliveries of real senders, through the path that a request takes: router, corridor, handler.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue, Request};
use http_body_util::BodyExt;
use serde::Deserialize;
use tower::ServiceExt;
use webhook_runtime::{
    AdobeCommerce, Discord, FixedClock, MessageSignatures, RawBody, Salesforce, SendGrid, Source, StandardWebhooks,
    Webhooks, webhook,
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
    token_param: Option<String>,
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
        (200..=299, 1) => Ok(Expect::Valid),
        // What only asks whether the URL is ours is answered, and reaches no handler.
        (200..=299, 0) if record.expect_response.is_some() => Ok(Expect::Valid),
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

fn source(record: &Record) -> Result<Source, String> {
    let secrets = record.secret.iter().chain(record.secrets.iter().flatten()).chain(&record.public_key);
    let secrets = secrets.cloned().collect::<Vec<_>>().join("\n");
    let source = match (record.provider.as_str(), record.scheme.as_str()) {
        ("adobe-commerce", "adobe-commerce") => AdobeCommerce::new(secrets),
        ("discord", "discord") => Discord::new(secrets),
        ("rfc9421", "rfc9421") => message_signatures(record, secrets)?.into(),
        ("salesforce", "salesforce") => {
            let organization = record.organization_id.as_deref().ok_or("an organization needs `organization_id`")?;
            let parameter = record.token_param.clone().ok_or("a token in the query needs `token_param`")?;
            Salesforce::query(parameter, organization, secrets)
        }
        ("sendgrid", "sendgrid") => SendGrid::new(secrets),
        ("standard-webhooks", "standard-webhooks") => StandardWebhooks::new(secrets),
        (provider, scheme) => return Err(format!("no verifier is known for provider {provider}, scheme {scheme}")),
    };
    let configured = [
        ("token_param", record.token_param.is_some(), record.scheme == "salesforce"),
        ("organization_id", record.organization_id.is_some(), record.scheme == "salesforce"),
        ("label", record.label.is_some(), record.scheme == "rfc9421"),
        ("algorithm", record.algorithm.is_some(), record.scheme == "rfc9421"),
        ("required_components", record.required_components.is_some(), record.scheme == "rfc9421"),
    ];
    if let Some((field, ..)) = configured.iter().find(|(_, given, known)| *given && !known) {
        return Err(format!("the scheme {} has no {field}", record.scheme));
    }
    let source = source.url(&record.url);
    Ok(match record.tolerance {
        Some(seconds) => source.tolerance(Duration::from_secs(seconds)),
        None => source,
    })
}

fn message_signatures(record: &Record, keys: String) -> Result<MessageSignatures, String> {
    let label = record.label.clone().ok_or("a message signature needs `label`")?;
    let source = match record.algorithm.as_deref() {
        Some("hmac-sha256") => MessageSignatures::hmac_sha256(label, keys),
        Some("ed25519") => MessageSignatures::ed25519(label, keys),
        Some("ecdsa-p256-sha256") => MessageSignatures::ecdsa_p256_sha256(label, keys),
        Some("rsa-pss-sha512") => MessageSignatures::rsa_pss_sha512(label, keys),
        Some("rsa-v1_5-sha256") => MessageSignatures::rsa_v1_5_sha256(label, keys),
        other => return Err(format!("no algorithm of message signatures is called {other:?}")),
    };
    Ok(source.required_components(record.required_components.clone().unwrap_or_default()))
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
