//! Receivers on axum as a person would write them at best: the key schedule done once, one pass over the bytes, one
//! parse, nothing copied that need not be.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::serve::ListenerExt as _;
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, StatusCode};
use sha2::Sha256;
use tokio::net::TcpListener;

use super::{Receipt, Subscription, receipt};
use crate::sender::SECRET;

/// Serves a router as the guide of axum shows it.
///
/// # Panics
/// Where a connection cannot be served at all.
pub async fn serve(listener: TcpListener, router: Router) {
    let listener = listener.tap_io(|stream| stream.set_nodelay(true).unwrap());
    axum::serve(listener, router).await.unwrap();
}

/// Verifies, decodes, handles.
pub(super) fn plain() -> Router {
    async fn receive(State(key): State<Arc<Key>>, headers: HeaderMap, body: Bytes) -> Response {
        if key.proves(&headers, &body).is_none() {
            return StatusCode::UNAUTHORIZED.into_response();
        }
        match serde_json::from_slice(&body) {
            Ok(subscription) => Json(handle(subscription).await).into_response(),
            Err(_) => StatusCode::UNPROCESSABLE_ENTITY.into_response(),
        }
    }
    Router::new().route("/webhooks/new-subscription", post(receive)).with_state(Arc::new(Key::new()))
}

/// The same, once for each id, and in a task of its own: a sender that hangs up changes nothing.
pub(super) fn reference() -> Router {
    deduping(Key::new(), |key, headers, body| key.proves(headers, body))
}

/// The id that a delivery proves by this key, or nothing.
pub type Proof<K> = for<'a> fn(&K, &'a HeaderMap, &[u8]) -> Option<&'a str>;

/// A reference whose deliveries are verified by this key.
pub fn deduping<K: Send + Sync + 'static>(key: K, proof: Proof<K>) -> Router {
    struct App<K> {
        key: K,
        proof: Proof<K>,
        seen: Mutex<Seen>,
    }

    async fn receive<const WAITS: bool, K: Send + Sync + 'static>(
        State(app): State<Arc<App<K>>>,
        headers: HeaderMap,
        body: Bytes,
    ) -> Response {
        let Some(id) = (app.proof)(&app.key, &headers, &body) else {
            return StatusCode::UNAUTHORIZED.into_response();
        };
        let Ok(subscription) = serde_json::from_slice(&body) else {
            return StatusCode::UNPROCESSABLE_ENTITY.into_response();
        };
        let id: Arc<str> = Arc::from(id);
        let seen = |app: &App<K>, change: &dyn Fn(&mut Seen) -> Claim| {
            change(&mut app.seen.lock().unwrap_or_else(PoisonError::into_inner))
        };
        match seen(&app, &|it| it.claim(&id)) {
            Claim::New => {}
            Claim::Running => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
            Claim::Done => return StatusCode::OK.into_response(),
        }
        let app = Arc::clone(&app);
        let handled = tokio::spawn(async move {
            if WAITS {
                tokio::task::yield_now().await;
            }
            let receipt = handle(subscription).await;
            app.seen.lock().unwrap_or_else(PoisonError::into_inner).settle(&id);
            receipt
        });
        match handled.await {
            Ok(receipt) => Json(receipt).into_response(),
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    }

    let app = App { key, proof, seen: Mutex::default() };
    Router::new()
        .route("/webhooks/new-subscription", post(receive::<false, K>))
        .route("/webhooks/waits", post(receive::<true, K>))
        .with_state(Arc::new(app))
}

async fn handle(subscription: Subscription) -> Receipt {
    receipt(&subscription)
}

struct Key(Hmac<Sha256>);

impl Key {
    fn new() -> Self {
        let secret = STANDARD.decode(SECRET.trim_start_matches("whsec_")).unwrap();
        Self(Hmac::new_from_slice(&secret).unwrap())
    }

    /// The id of a delivery that is proven, in the tolerance of five minutes.
    fn proves<'a>(&self, headers: &'a HeaderMap, body: &[u8]) -> Option<&'a str> {
        let text = |name| headers.get(name)?.to_str().ok();
        let (id, timestamp) = (text("webhook-id")?, text("webhook-timestamp")?);
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok()?.as_secs();
        if now.abs_diff(timestamp.parse().ok()?) > 300 {
            return None;
        }
        let mut mac = self.0.clone();
        for piece in [id.as_bytes(), b".", timestamp.as_bytes(), b".", body] {
            mac.update(piece);
        }
        let mut claimed = [0; 32];
        let mut signatures = text("webhook-signature")?.split(' ').filter_map(|it| it.strip_prefix("v1,"));
        signatures.find(|it| STANDARD.decode_slice(it, &mut claimed).is_ok_and(|length| length == 32))?;
        mac.verify_slice(&claimed).ok().map(|()| id)
    }
}

/// The ids of the last million deliveries.
#[derive(Default)]
struct Seen {
    is_done: HashMap<Arc<str>, bool>,
    order: VecDeque<Arc<str>>,
}

enum Claim {
    New,
    Running,
    Done,
}

impl Seen {
    fn claim(&mut self, id: &Arc<str>) -> Claim {
        match self.is_done.get(id) {
            Some(true) => Claim::Done,
            Some(false) => Claim::Running,
            None => {
                if self.order.len() == 1_000_000
                    && let Some(oldest) = self.order.pop_front()
                {
                    self.is_done.remove(&oldest);
                }
                self.is_done.insert(Arc::clone(id), false);
                self.order.push_back(Arc::clone(id));
                Claim::New
            }
        }
    }

    fn settle(&mut self, id: &str) {
        if let Some(it) = self.is_done.get_mut(id) {
            *it = true;
        }
    }
}
