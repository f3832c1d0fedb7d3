//! The way out of the command: one request, one answer. The one place of the roof that reaches into a room, since
//! the client of `fetch` is the only HTTP client of the house.
//!
//! No redirect is followed, an answer may take thirty seconds and ten mebibytes, and errors name no query.

use std::error::Error;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::request::Parts;
use http::{HeaderMap, Method, Request, StatusCode, Uri};

use crate::cli::failure::Failure;
use crate::fetch::{builder, is_this_machine};

/// A client for the URL that a person names.
pub(super) struct Client(reqwest::Client);

/// What came back.
pub(super) struct Received {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Client {
    /// A client for URLs of this host. What runs on this machine is reached without the proxy of the environment.
    pub(super) fn to(uri: &Uri) -> Result<Self, Failure> {
        let none = |said: String| Failure::unreachable(format!("there is no HTTP client: {said}"));
        let builder = builder(false).map_err(|said| none(said.to_string()))?;
        let builder = if is_this_machine(uri.host().unwrap_or_default()) { builder.no_proxy() } else { builder };
        builder.build().map(Self).map_err(|said| none(root(&said)))
    }

    /// Sends a request whose URI is whole.
    pub(super) async fn send(&self, parts: &Parts, body: Bytes) -> Result<Received, Failure> {
        let (uri, method) = (&parts.uri, &parts.method);
        let failed = |said: reqwest::Error| {
            Failure::unreachable(format!("{method} {}: {}", shown(uri), root(&said.without_url())))
        };
        let mut request = Request::new(body);
        *request.method_mut() = method.clone();
        *request.uri_mut() = uri.clone();
        *request.headers_mut() = parts.headers.clone();
        let mut request = reqwest::Request::try_from(request).map_err(failed)?;
        *request.timeout_mut() = Some(MOST_TIME);
        let mut answer = self.0.execute(request).await.map_err(failed)?;
        let (status, headers) = (answer.status(), std::mem::take(answer.headers_mut()));
        let mut body = BytesMut::new();
        while let Some(chunk) = answer.chunk().await.map_err(failed)? {
            if body.len() + chunk.len() > MOST_BYTES {
                return Err(Failure::unreachable(format!("{method} {}: the answer is over 10 MiB", shown(uri))));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Received { status, headers, body: body.freeze() })
    }

    pub(super) async fn get(&self, uri: &Uri) -> Result<Received, Failure> {
        let (mut parts, ()) = Request::new(()).into_parts();
        (parts.method, parts.uri) = (Method::GET, uri.clone());
        self.send(&parts, Bytes::new()).await
    }
}

/// The URL that a person wrote.
pub(super) fn url(text: &str) -> Result<Uri, Failure> {
    let malformed =
        || Failure::usage(format!("{text:?} is no URL: write it whole, as http://127.0.0.1:8000/webhooks/paid"));
    let uri: Uri = text.parse().map_err(|_| malformed())?;
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return Err(malformed());
    }
    match uri.authority() {
        Some(it) if it.as_str().contains('@') => {
            Err(Failure::usage("a URL with a user and a password is not taken: give them as the secret, user:password"))
        }
        Some(it) if !it.host().is_empty() => Ok(uri),
        _ => Err(malformed()),
    }
}

/// A URL without its query, where senders put tokens.
pub(super) fn shown(uri: &Uri) -> String {
    let authority = uri.authority().map_or("", |it| it.as_str());
    format!("{}://{authority}{}", uri.scheme_str().unwrap_or("http"), uri.path())
}

/// The innermost error: those around it say only that something went wrong.
fn root(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "no answer in time".to_owned();
    }
    let mut root: &dyn Error = error;
    while let Some(inner) = root.source() {
        root = inner;
    }
    root.to_string()
}

const MOST_TIME: Duration = Duration::from_secs(30);
/// More than any sender has in a body, and any app in an answer: 10 MiB.
pub(super) const MOST_BYTES: usize = 10 * 1024 * 1024;
