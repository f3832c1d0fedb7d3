//! One small file a sender: facts and a constructor, nothing else.

mod standard_webhooks;

pub use standard_webhooks::StandardWebhooks;
