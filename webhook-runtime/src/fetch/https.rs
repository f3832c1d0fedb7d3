//! The client of the feature `fetch`: https by reqwest and rustls, with the roots of Mozilla inside.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::{Client, ClientBuilder, RequestBuilder, redirect};
use rustls::{ClientConfig, RootCertStore};

use crate::fetch::keep::MOST_BYTES;
use crate::fetch::{Fetch, FetchError, Fetcher, PinnedUrl, Post};

/// The fetcher of this process, for the sources that were given none.
pub(crate) fn shared() -> Fetcher {
    static SHARED: LazyLock<Fetcher> = LazyLock::new(|| Fetcher::new(Https(client(true))));
    SHARED.clone()
}

/// The client, or why there is none.
struct Https(Result<Client, FetchError>);

impl Fetch for Https {
    async fn get(&self, url: &PinnedUrl) -> Result<Bytes, FetchError> {
        read(self.0.clone()?.get(url.as_str())).await
    }

    async fn post(&self, url: &PinnedUrl, post: &Post) -> Result<Bytes, FetchError> {
        let request = self.0.clone()?.post(url.as_str()).header("content-type", post.content_type());
        let request = request.body(post.body().clone());
        read(post.authorization().into_iter().fold(request, |it, value| it.header("authorization", value))).await
    }
}

fn client(https_only: bool) -> Result<Client, FetchError> {
    builder(https_only)?.build().map_err(|error| failed(&error))
}

/// A client in the making, that follows no redirect and waits three seconds for a connection.
pub(crate) fn builder(https_only: bool) -> Result<ClientBuilder, FetchError> {
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    // Named here, so that no default of the process decides, and none has to be installed.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| FetchError::new(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let builder = Client::builder()
        .tls_backend_preconfigured(tls)
        .https_only(https_only)
        .redirect(redirect::Policy::none())
        .connect_timeout(Duration::from_secs(3))
        // Keys are fetched once a day: a connection that is kept would outlive its use, and its runtime in tests.
        .pool_max_idle_per_host(0)
        .user_agent(concat!("webhook-runtime/", env!("CARGO_PKG_VERSION")));
    Ok(builder)
}

/// The body of an answer of 200, read no further than to the limit.
async fn read(request: RequestBuilder) -> Result<Bytes, FetchError> {
    let mut response = request.send().await.map_err(|error| failed(&error))?;
    if response.status() != 200 {
        return Err(FetchError::new(format!("the answer was {}", response.status())));
    }
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| failed(&error))? {
        if body.len() + chunk.len() > MOST_BYTES {
            return Err(FetchError::new("the document is over 64 KiB"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// What went wrong, down to its root: the outermost error says only that something did.
fn failed(error: &reqwest::Error) -> FetchError {
    let mut text = error.to_string();
    let mut inner = std::error::Error::source(error);
    while let Some(error) = inner {
        text = format!("{text}: {error}");
        inner = error.source();
    }
    FetchError::new(text)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::{client, read};

    /// Answers one request on the loopback with this text, and says what the client made of it.
    async fn check(answer: String, expected: Result<&str, &str>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = async {
            let (mut socket, _) = listener.accept().await.unwrap();
            let _ = socket.read(&mut [0; 1024]).await.unwrap();
            // A client that has read enough hangs up.
            let _ = socket.write_all(answer.as_bytes()).await;
        };
        let client = client(false).unwrap();
        let fetch = read(client.get(format!("http://{address}/key")));
        let (got, ()) = tokio::join!(fetch, server);
        match (got, expected) {
            (Ok(got), Ok(expected)) => assert_eq!(got, expected.as_bytes()),
            (Err(got), Err(expected)) => assert!(got.to_string().contains(expected), "{got}"),
            (got, expected) => panic!("{got:?}, expected {expected:?}"),
        }
    }

    #[tokio::test]
    async fn only_a_200_of_no_more_than_64_kib_is_read() {
        check("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nkey".into(), Ok("key")).await;
        check("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n".into(), Err("404")).await;
        check(
            "HTTP/1.1 302 Found\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n".into(),
            Err("302"),
        )
        .await;
        let mut endless = "HTTP/1.1 200 OK\r\n\r\n".to_owned();
        write!(endless, "{}", "x".repeat(70_000)).unwrap();
        check(endless, Err("64 KiB")).await;
    }

    #[tokio::test]
    async fn what_is_not_https_is_not_connected_to() {
        let error = read(client(true).unwrap().get("http://127.0.0.1:9/")).await.unwrap_err();
        assert!(error.to_string().contains("URL scheme is not allowed"), "{error}");
    }
}
