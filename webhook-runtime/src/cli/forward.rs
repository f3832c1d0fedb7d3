//! A request that goes on as it came: what is the sender's stays, what belongs to one connection is made anew.

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, Uri, header};

use crate::cli::failure::Failure;
use crate::cli::http::Client;

/// Passes a request on as it came, but for what belongs to one connection: headers, query and bytes are the sender's.
pub(super) async fn forward(client: &Client, target: &Uri, parts: &Parts, body: Bytes) -> Result<Response, Failure> {
    let mut passed = parts.clone();
    passed.uri = with_query(target, parts.uri.query())?;
    passed.headers = end_to_end(&parts.headers);
    let received = client.send(&passed, body).await?;
    let mut answer = Response::new(Body::from(received.body));
    *answer.status_mut() = received.status;
    *answer.headers_mut() = end_to_end(&received.headers);
    Ok(answer)
}

/// The target with the query that the sender called.
pub(super) fn with_query(target: &Uri, query: Option<&str>) -> Result<Uri, Failure> {
    let Some(query) = query else { return Ok(target.clone()) };
    let separator = if target.query().is_some() { '&' } else { '?' };
    let whole = format!("{target}{separator}{query}");
    whole.parse().map_err(|_| Failure::unreachable("the query of the request does not fit into a URL"))
}

/// The headers that are about the message, and not about the connection that it came on.
pub(super) fn end_to_end(headers: &HeaderMap) -> HeaderMap {
    let named = headers.get_all(header::CONNECTION).iter().filter_map(|it| it.to_str().ok());
    let named: Vec<String> = named.flat_map(|it| it.split(',')).map(|it| it.trim().to_ascii_lowercase()).collect();
    let is_kept = |name: &header::HeaderName| {
        !OF_THE_CONNECTION.contains(&name.as_str()) && !named.iter().any(|it| it == name.as_str())
    };
    headers.iter().filter(|(name, _)| is_kept(name)).map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// What a sender gets where there is no answer to give back.
pub(super) fn bad_gateway() -> Response {
    Response::builder().status(502).body(Body::empty()).unwrap_or_default()
}

const OF_THE_CONNECTION: [&str; 10] = [
    "connection",
    "content-length",
    "host",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];
