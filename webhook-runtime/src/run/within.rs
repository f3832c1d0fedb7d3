//! Time limits that cost nothing where they are not needed.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

/// What a future gives within this time; nothing where it is late. A timer is made only for one that waits, which most
/// do not: their body came with its head, and their handler answers at once.
pub(crate) async fn within<T>(limit: Duration, future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    match poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await {
        Poll::Ready(value) => Some(value),
        // Boxed, so that those that do not wait do not carry the room for a timer.
        Poll::Pending => Box::pin(tokio::time::timeout(limit, future)).await.ok(),
    }
}
