//! This crate, as its guide shows it, with every default.

use axum::Json;
use webhook_runtime::{App, Claim, IdempotencyKey, Kept, Lease, Store, StoreError, Token, Webhooks, webhook};

use super::{Receipt, Subscription, receipt};
use crate::sender::SECRET;

/// A new user subscribed.
#[webhook("new-subscription")]
async fn new_subscription(body: Subscription) -> Json<Receipt> {
    Json(receipt(&body))
}

/// The same by a handler that waits once.
#[webhook("waits")]
async fn waits(body: Subscription) -> Json<Receipt> {
    tokio::task::yield_now().await;
    Json(receipt(&body))
}

pub(super) fn app(store: impl Store) -> App {
    Webhooks::empty().register(new_subscription).register(waits).secret(SECRET).store(store).build().unwrap()
}

/// A store for which each delivery is the first of its event: what dedupe costs is what it saves.
pub(super) struct Forgetful;

impl Store for Forgetful {
    async fn claim(&self, _: &IdempotencyKey, _: Lease) -> Result<Claim, StoreError> {
        Ok(Claim::New(Token(0)))
    }

    async fn settle(&self, _: &IdempotencyKey, _: Token, _: Kept) -> Result<bool, StoreError> {
        Ok(true)
    }

    async fn release(&self, _: &IdempotencyKey, _: Token) -> Result<bool, StoreError> {
        Ok(true)
    }
}
