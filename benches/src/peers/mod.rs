//! The peers: each receives the same deliveries and gives the same answer.

use std::net::SocketAddr;

use axum::Router;
use http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use webhook_runtime::{MemoryStore, Store};

use crate::control;
use crate::in_process;
use crate::sender::{Deliveries, Kind};

mod bare;
pub mod by_hand;
mod ours;

/// Who receives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peer {
    /// hyper, which reads the body and verifies nothing.
    Bare,
    /// A receiver on axum as a person would write it at best.
    Plain,
    /// The same with bounded dedupe and a handler in a task of its own: the reference.
    Reference,
    /// This crate with its own server.
    Ours,
    /// This crate as a router inside an axum app.
    Router,
    /// This crate with its own server, whose webhooks are reached through the router.
    RouterServed,
    /// This crate with its own server and a store that tells no copies apart.
    OneClaim,
}

impl Peer {
    /// Every peer, in the order of the report.
    pub const ALL: [Self; 7] =
        [Self::Bare, Self::Plain, Self::Reference, Self::Ours, Self::Router, Self::RouterServed, Self::OneClaim];

    /// Its name on the command line and in the report.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Bare => "hyper",
            Self::Plain => "plain",
            Self::Reference => "reference",
            Self::Ours => "ours",
            Self::Router => "ours-in-axum",
            Self::RouterServed => "ours-by-router",
            Self::OneClaim => "ours-without-dedupe",
        }
    }

    /// The peer of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// What a handler takes of a delivery. The rest of its body is passed over.
#[derive(Deserialize, JsonSchema)]
pub struct Subscription {
    username: String,
    monthly_fee: f64,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Receipt {
    message: &'static str,
}

/// What every handler does.
fn receipt(subscription: &Subscription) -> Receipt {
    let Subscription { username, monthly_fee } = subscription;
    // Nothing that was decoded may be thought useless by the compiler.
    std::hint::black_box((username, monthly_fee));
    Receipt { message: "welcome" }
}

/// Serves a peer until the standard input ends. `count` is what the peer answers to those who ask it.
///
/// # Panics
/// Where nothing can be served, which ends the measurement.
pub fn run(peer: Peer, count: fn() -> usize) {
    serve(count, async move |listener| match peer {
        Peer::Bare => bare::serve(listener).await,
        Peer::Plain => by_hand::serve(listener, by_hand::plain()).await,
        Peer::Reference => by_hand::serve(listener, by_hand::reference()).await,
        Peer::Ours => ours::app(MemoryStore::default()).serve(listener).await.unwrap(),
        Peer::Router => by_hand::serve(listener, ours::app(MemoryStore::default()).router()).await,
        Peer::OneClaim => ours::app(ours::Forgetful).serve(listener).await.unwrap(),
        Peer::RouterServed => {
            webhook_runtime::serve(listener, ours::app(MemoryStore::default()).router()).await.unwrap()
        }
    });
}

/// Gives deliveries of this kind to a peer in process.
///
/// # Panics
/// For a peer that is no router, and where an answer is not the expected one.
pub fn call(peer: Peer, bytes: usize, kind: Kind, count: usize) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let status = if kind == Kind::Signed { 200 } else { 401 };
    runtime.block_on(async {
        let deliveries = Deliveries::new("/webhooks/new-subscription", bytes, count, "", kind);
        in_process::call(&router(peer), &deliveries, status).await;
    });
}

/// The router of a peer that has one.
///
/// # Panics
/// For another peer.
pub fn router(peer: Peer) -> Router {
    match peer {
        Peer::Bare => Router::new().fallback(async || StatusCode::OK),
        Peer::Plain => by_hand::plain(),
        Peer::Reference => by_hand::reference(),
        Peer::Ours | Peer::Router => ours::app(MemoryStore::default()).router(),
        other => panic!("{} is no router", other.name()),
    }
}

/// This crate as a router, with this store.
pub fn with_store(store: impl Store) -> Router {
    ours::app(store).router()
}

/// Serves a receiver of any kind, on the runtime of `#[tokio::main]`: with as many threads as there are cores, which is
/// the one that it is pinned to.
///
/// # Panics
/// Where nothing can be served, which ends the measurement.
pub fn serve<F: Future<Output = ()>>(count: fn() -> usize, receiver: impl FnOnce(TcpListener) -> F) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        control::tell(listener.local_addr().unwrap(), count);
        receiver(listener).await;
    });
}
