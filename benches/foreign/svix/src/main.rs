//! The reference, verified by the crate of Svix.

use svix::webhooks::Webhook;
use webhook_benches::peers::{by_hand, serve};
use webhook_benches::sender::SECRET;

fn main() {
    let key = Webhook::new(SECRET).unwrap();
    let router = by_hand::deduping(key, |key, headers, body| {
        key.verify(body, headers).ok()?;
        headers.get("webhook-id")?.to_str().ok()
    });
    serve(|| 0, |listener| by_hand::serve(listener, router));
}
