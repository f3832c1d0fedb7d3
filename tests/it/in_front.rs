//! An app that serves itself looks its webhooks up without the router, where nobody can tell the difference.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{MatchedPath, OriginalUri, Path, Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use http::StatusCode;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use webhook_runtime::{App, MemoryStore, RawBody, webhook};

use crate::support::{NOW, SECRET, signature, webhooks};

#[webhook("front/plain")]
async fn plain(body: RawBody) -> String {
    format!("plain, {} bytes", body.len())
}

#[webhook("front/asking")]
async fn asking(matched: MatchedPath, OriginalUri(uri): OriginalUri, path: Path<()>, _body: RawBody) -> String {
    let Path(()) = path;
    format!("asking, {} of {}", matched.as_str(), uri.path())
}

/// A handler that waits until it may go on.
#[webhook("front/waiting")]
async fn waiting(State(gate): State<Arc<Semaphore>>, _body: RawBody) -> StatusCode {
    gate.acquire().await.unwrap().forget();
    StatusCode::ACCEPTED
}

#[webhook("front/panicking")]
async fn panicking(_body: RawBody) {
    panic!("a handler that panics before it waits")
}

async fn marked(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert("x-layer", "seen".parse().unwrap());
    response
}

async fn served(app: App) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(app.serve(listener));
    address
}

/// Sends one delivery on a connection of its own, and reads the answer to its end.
async fn send(address: SocketAddr, path: &str, id: &str) -> String {
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket.write_all(&request(path, id)).await.unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();
    answer
}

fn request(path: &str, id: &str) -> Vec<u8> {
    let mut text = format!("POST {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 2\r\n");
    for (name, value) in &signature(SECRET, NOW, id, b"{}") {
        text += &format!("{name}: {}\r\n", value.to_str().unwrap());
    }
    format!("{text}\r\n{{}}").into_bytes()
}

#[tokio::test]
async fn every_route_answers_with_and_without_the_router() {
    let app = webhooks().register(plain).register(asking).build().unwrap();
    let address = served(app).await;
    let check = async |path: &str, status: &str, expected: &str| {
        let answer = send(address, path, &format!("msg_{}", path.len())).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")) && answer.ends_with(expected), "{path}: {answer}");
        assert!(answer.contains("content-length: "), "{answer}");
    };
    check("/webhooks/front/plain", "200", "plain, 2 bytes").await;
    check("/webhooks/front/plain?a=b", "200", "plain, 2 bytes").await;
    check("/webhooks/front/asking", "200", "asking, /webhooks/front/asking of /webhooks/front/asking").await;
    check("/webhooks/front/plain/", "404", "}").await;
    check("/webhooks/front/unknown", "404", "}").await;
    check("/elsewhere", "404", "}").await;
}

#[tokio::test]
async fn a_layer_sees_every_request_of_the_webhooks() {
    let app = webhooks().register(plain).layer(middleware::from_fn(marked)).build().unwrap();
    let address = served(app).await;
    assert!(send(address, "/webhooks/front/plain", "msg_1").await.contains("x-layer: seen"));
    let app = webhooks().register(plain).build().unwrap();
    let address = served(app).await;
    assert!(!send(address, "/webhooks/front/plain", "msg_1").await.contains("x-layer"));
}

#[tokio::test]
async fn a_panic_before_the_first_wait_is_an_answer_and_leaves_no_claim() {
    let store = Arc::new(MemoryStore::default());
    let app = webhooks().register(panicking).store(Arc::clone(&store)).build().unwrap();
    let address = served(app).await;
    for _ in 0..2 {
        assert!(send(address, "/webhooks/front/panicking", "msg_1").await.starts_with("HTTP/1.1 500"));
    }
    assert!(store.is_empty());
}

#[tokio::test]
async fn what_waits_goes_on_when_its_sender_hangs_up() {
    let (gate, store) = (Arc::new(Semaphore::new(0)), Arc::new(MemoryStore::default()));
    let app = webhooks().register(waiting).state(Arc::clone(&gate)).store(Arc::clone(&store)).build().unwrap();
    let address = served(app).await;
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket.write_all(&request("/webhooks/front/waiting", "msg_1")).await.unwrap();
    while store.running() == 0 {
        tokio::task::yield_now().await;
    }
    drop(socket);
    gate.add_permits(1);
    while store.running() > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(store.len(), 1, "its answer is kept");
    assert!(send(address, "/webhooks/front/waiting", "msg_1").await.starts_with("HTTP/1.1 202"));
}
