//! The parts of a delivery, each beside what it cannot do without: `cargo bench -p webhook-benches`.

mod many;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use divan::{Bencher, black_box};
use hmac::{Hmac, KeyInit, Mac};
use http::Request;
use http::request::Parts;
use sha2::Sha256;
use tokio::runtime::Runtime;
use tower::ServiceExt;
use webhook_benches::in_process;
use webhook_benches::peers::{self, Peer};
use webhook_benches::sender::{Deliveries, Kind, SECRET};
use webhook_runtime::{
    Claim, FirstAnswer, HmacSource, IdempotencyKey, Kept, Lease, MemoryStore, Source, StandardWebhooks, Store,
    StoreError, Token, TokenSource, Webhooks,
};

fn main() {
    divan::main();
}

/// Each signature family beside the bare primitive.
mod signature {
    use super::*;

    const SIZES: [usize; 3] = [256, 4096, 65536];

    #[divan::bench(args = SIZES)]
    fn bare_hmac_sha256(bencher: Bencher<'_, '_>, bytes: usize) {
        let secret = STANDARD.decode(SECRET.trim_start_matches("whsec_")).unwrap();
        let key = Hmac::<Sha256>::new_from_slice(&secret).unwrap();
        let body = vec![b'x'; bytes];
        bencher.bench(|| key.clone().chain_update(black_box(&body)).finalize());
    }

    #[divan::bench(args = SIZES)]
    fn standard_webhooks(bencher: Bencher<'_, '_>, bytes: usize) {
        verify(bencher, StandardWebhooks::new(SECRET), bytes);
    }

    #[divan::bench(args = SIZES)]
    fn standard_webhooks_ed25519(bencher: Bencher<'_, '_>, bytes: usize) {
        let private = "whsk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=";
        verify(bencher, StandardWebhooks::new(private), bytes);
    }

    #[divan::bench(args = SIZES)]
    fn hmac_over_the_body(bencher: Bencher<'_, '_>, bytes: usize) {
        verify(bencher, HmacSource::new("x-signature", "a long random secret").into(), bytes);
    }

    #[divan::bench(args = SIZES)]
    fn shared_token(bencher: Bencher<'_, '_>, bytes: usize) {
        verify(bencher, TokenSource::header("x-token", "a long random token").into(), bytes);
    }

    fn verify(bencher: Bencher<'_, '_>, source: Source, bytes: usize) {
        let (body, now) = (Bytes::from(vec![b'x'; bytes]), SystemTime::now());
        let parts = signed(&source, &body, now);
        bencher.bench(|| source.verify(black_box(&parts), &body, now).unwrap());
    }

    fn signed(source: &Source, body: &[u8], now: SystemTime) -> Parts {
        let (mut parts, ()) = Request::post("/webhooks/hook").body(()).unwrap().into_parts();
        parts.headers = source.sign("msg_1", now, body).unwrap();
        parts
    }
}

/// A request to one of so many routes, which is refused at once: what is left is finding it.
#[divan::bench(args = [1, 100, 1000, 10_000])]
fn route_lookup(bencher: Bencher<'_, '_>, routes: usize) {
    let runtime = runtime();
    let app = (0..routes)
        .fold(Webhooks::empty(), |app, index| app.source(&format!("source{index:05}"), StandardWebhooks::new(SECRET)));
    let router = app.into_router().unwrap();
    let path = format!("/webhooks/source{:05}", routes / 2);
    let request = || Request::post(&path).body(Body::empty()).unwrap();
    bencher.with_inputs(request).bench_values(|request| runtime.block_on(router.clone().oneshot(request)));
}

/// A whole delivery in process: verify, decode, dispatch.
#[divan::bench(args = [Peer::Plain, Peer::Reference, Peer::Router])]
fn delivery(bencher: Bencher<'_, '_>, peer: Peer) {
    let runtime = runtime();
    let router = peers::router(peer);
    let next = AtomicUsize::new(0);
    let one = || {
        let series = format!("{}_", next.fetch_add(1, Ordering::Relaxed));
        Deliveries::new(PATH, 256, 1, &series, Kind::Signed)
    };
    bencher.with_inputs(one).bench_values(|one| runtime.block_on(in_process::call(&router, &one, 200)));
}

/// A claim and its settling, in a store that holds so many ids and no more.
#[divan::bench(args = [1, 1000, 100_000, 1_000_000])]
fn claim_and_settle(bencher: Bencher<'_, '_>, held: usize) {
    let runtime = runtime();
    let store = MemoryStore::with_capacity(held);
    let keys = keys(&runtime, held + 10_000);
    let now = SystemTime::now();
    let until = now + Duration::from_secs(1_000_000);
    let answer =
        FirstAnswer { status: 200, content_type: None, body: Bytes::from_static(b"{\"message\":\"welcome\"}") };
    let kept = Kept { answer, now, until };
    let claim = |key: &IdempotencyKey| {
        if let Ok(Claim::New(token)) = runtime.block_on(store.claim(key, Lease { now, until })) {
            runtime.block_on(store.settle(key, token, kept.clone())).unwrap();
        }
    };
    keys.iter().take(held).for_each(claim);
    let next = AtomicUsize::new(held);
    bencher.with_inputs(|| &keys[next.fetch_add(1, Ordering::Relaxed) % keys.len()]).bench_values(claim);
}

/// The document of a thousand webhooks.
#[divan::bench]
fn document_of_a_thousand(bencher: Bencher<'_, '_>) {
    bencher.bench(|| Webhooks::empty().secret(SECRET).register(many::handler).openapi().unwrap());
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// The keys of so many deliveries, as a store is given them.
fn keys(runtime: &Runtime, count: usize) -> Vec<IdempotencyKey> {
    const AT_ONCE: usize = 10_000;
    let spy = Arc::new(Spy::default());
    let router = peers::with_store(Arc::clone(&spy));
    for series in 0..count.div_ceil(AT_ONCE) {
        let deliveries = Deliveries::new(PATH, 256, AT_ONCE, &format!("{series}_"), Kind::Signed);
        runtime.block_on(in_process::call(&router, &deliveries, 200));
    }
    std::mem::take(&mut *spy.0.lock().unwrap())
}

const PATH: &str = "/webhooks/new-subscription";

/// A store that remembers its keys, and nothing else.
#[derive(Default)]
struct Spy(Mutex<Vec<IdempotencyKey>>);

impl Store for Spy {
    async fn claim(&self, key: &IdempotencyKey, _: Lease) -> Result<Claim, StoreError> {
        self.0.lock().unwrap().push(key.clone());
        Ok(Claim::New(Token(0)))
    }

    async fn settle(&self, _: &IdempotencyKey, _: Token, _: Kept) -> Result<bool, StoreError> {
        Ok(true)
    }

    async fn release(&self, _: &IdempotencyKey, _: Token) -> Result<bool, StoreError> {
        Ok(true)
    }
}
