//! Each event once at a time, whatever its senders do: a thousand copies at once, a thousand that hang up.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::extract::State;
use http::StatusCode;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use webhook_runtime::{MemoryStore, RawBody, webhook};

use crate::support::{NOW, SECRET, assert_problem, delivery, send, signature, webhooks};

/// A handler that says when it runs, and waits until it may go on.
#[derive(Clone)]
struct Gate {
    runs: Arc<AtomicUsize>,
    started: Arc<Semaphore>,
    may_end: Arc<Semaphore>,
}

impl Gate {
    fn closed() -> Self {
        Self { runs: Arc::default(), started: Arc::new(Semaphore::new(0)), may_end: Arc::new(Semaphore::new(0)) }
    }

    fn runs(&self) -> usize {
        self.runs.load(Ordering::SeqCst)
    }

    async fn wait_for_starts(&self, starts: u32) {
        self.started.acquire_many(starts).await.unwrap().forget();
    }
}

#[webhook("gated")]
async fn gated(State(gate): State<Gate>, body: RawBody) -> (StatusCode, String) {
    gate.runs.fetch_add(1, Ordering::SeqCst);
    gate.started.add_permits(1);
    gate.may_end.acquire().await.unwrap().forget();
    (StatusCode::ACCEPTED, format!("ran with {}", body.text().unwrap()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_copies_at_once_run_the_handler_once() {
    let gate = Gate::closed();
    let router = webhooks().register(gated).state(gate.clone()).into_router().unwrap();
    let mut senders = JoinSet::new();
    for _ in 0..1000 {
        let router = router.clone();
        senders.spawn(async move { send(&router, delivery("/webhooks/gated", "msg_1", "x")).await });
    }
    // While the first runs, every copy is told to come back.
    for _ in 0..999 {
        let copy = senders.join_next().await.unwrap().unwrap();
        assert_problem(&copy, 503);
        assert_eq!(copy.header("retry-after"), Some("5"));
    }
    gate.may_end.add_permits(1);
    let first = senders.join_next().await.unwrap().unwrap();
    assert_eq!(first.shown(), "202 ran with x");
    // After it every copy gets its answer.
    for _ in 0..1000 {
        assert_eq!(send(&router, delivery("/webhooks/gated", "msg_1", "x")).await.shown(), "202 ran with x");
    }
    assert_eq!(gate.runs(), 1);
}

#[tokio::test]
async fn a_sender_that_hangs_up_changes_nothing() {
    let gate = Gate::closed();
    let router = webhooks().register(gated).state(gate.clone()).into_router().unwrap();
    let sender = tokio::spawn({
        let router = router.clone();
        async move { send(&router, delivery("/webhooks/gated", "msg_1", "x")).await }
    });
    gate.wait_for_starts(1).await;
    sender.abort();
    assert!(sender.await.unwrap_err().is_cancelled());
    assert_eq!(send(&router, delivery("/webhooks/gated", "msg_1", "x")).await.status, 503);
    gate.may_end.add_permits(1);
    // The claim is settled as if the sender had waited.
    let answer = loop {
        let answer = send(&router, delivery("/webhooks/gated", "msg_1", "x")).await;
        if answer.status != 503 {
            break answer;
        }
        tokio::task::yield_now().await;
    };
    assert_eq!((answer.shown().as_str(), gate.runs()), ("202 ran with x", 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_clients_that_hang_up_leave_a_thousand_effects_and_no_claim() {
    let gate = Gate::closed();
    let store = Arc::new(MemoryStore::default());
    let app = webhooks().register(gated).state(gate.clone()).store(Arc::clone(&store)).build().unwrap();
    let (listener, address) = listen().await;
    let router = app.router();
    let server = tokio::spawn(app.serve(listener));
    let mut clients = JoinSet::new();
    for index in 0..1000 {
        clients.spawn(async move {
            let mut socket = TcpStream::connect(address).await.unwrap();
            socket.write_all(&http_request(&format!("msg_{index}"), "x")).await.unwrap();
            socket
        });
    }
    let sockets = clients.join_all().await;
    gate.wait_for_starts(1000).await;
    drop(sockets);
    gate.may_end.add_permits(1000);
    for index in 0..1000 {
        let id = format!("msg_{index}");
        while send(&router, delivery("/webhooks/gated", &id, "x")).await.status == 503 {
            tokio::task::yield_now().await;
        }
    }
    assert_eq!((gate.runs(), store.len(), store.running()), (1000, 1000, 0));
    server.abort();
}

#[tokio::test]
async fn half_a_body_runs_nothing_and_claims_nothing() {
    let gate = Gate::closed();
    let store = Arc::new(MemoryStore::default());
    let app = webhooks().register(gated).state(gate.clone()).store(Arc::clone(&store)).build().unwrap();
    let (listener, address) = listen().await;
    let server = tokio::spawn(app.serve(listener));
    let whole = http_request("msg_1", "0123456789");
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket.write_all(&whole[..whole.len() - 5]).await.unwrap();
    socket.shutdown().await.unwrap();
    let mut answer = Vec::new();
    // A closed connection and a refusal are both right; what counts is what did not happen.
    let _ = socket.read_to_end(&mut answer).await;
    assert!(!String::from_utf8_lossy(&answer).contains(" 200 "));
    assert_eq!((gate.runs(), store.len()), (0, 0));
    server.abort();
}

#[tokio::test]
async fn forged_deliveries_leave_nothing_in_the_store() {
    let store = Arc::new(MemoryStore::default());
    let gate = Gate::closed();
    let router = webhooks().register(gated).state(gate).store(Arc::clone(&store)).into_router().unwrap();
    for index in 0..1000 {
        let mut forged = delivery("/webhooks/gated", &format!("msg_{index}"), "x");
        forged.headers_mut().insert("webhook-id", "msg_forged".parse().unwrap());
        assert_eq!(send(&router, forged).await.status, 401);
    }
    assert!(store.is_empty());
}

#[tokio::test]
async fn a_store_full_of_running_events_answers_503() {
    let gate = Gate::closed();
    let app = webhooks().register(gated).state(gate.clone()).store(MemoryStore::with_capacity(1));
    let router = app.into_router().unwrap();
    let first = tokio::spawn({
        let router = router.clone();
        async move { send(&router, delivery("/webhooks/gated", "msg_1", "x")).await }
    });
    gate.wait_for_starts(1).await;
    let refused = send(&router, delivery("/webhooks/gated", "msg_2", "x")).await;
    assert_problem(&refused, 503);
    assert_eq!(refused.header("retry-after"), Some("30"));
    gate.may_end.add_permits(2);
    assert_eq!(first.await.unwrap().status, 202);
    assert_eq!(send(&router, delivery("/webhooks/gated", "msg_2", "x")).await.status, 202);
}

async fn listen() -> (TcpListener, std::net::SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

fn http_request(id: &str, body: &str) -> Vec<u8> {
    let mut text = format!("POST /webhooks/gated HTTP/1.1\r\nhost: localhost\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in &signature(SECRET, NOW, id, body.as_bytes()) {
        text.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap()));
    }
    format!("{text}\r\n{body}").into_bytes()
}
