//! What runs to its end whether or not somebody waits for it.
//!
//! A task of its own costs more than most handlers do. So what is accepted is polled where it is, by the connection
//! that brought it, and moves to a task at the moment in which it waits. Nothing is lost between the two: a connection
//! can only be dropped while it waits, and then what it brought is a task already.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::Poll;

use crate::run::Runner;

impl Runner {
    /// Runs a future to its end: one that is boxed, since it may move after it began. Nothing where it panicked, or the
    /// runtime is shut down.
    pub(crate) async fn finish<T: Send + 'static>(
        &self,
        mut future: impl Future<Output = T> + Unpin + Send + 'static,
    ) -> Option<T> {
        let first = poll_fn(|context| {
            Poll::Ready(catch_unwind(AssertUnwindSafe(|| Pin::new(&mut future).poll(context))).map_err(drop))
        });
        match first.await {
            Ok(Poll::Ready(value)) => Some(value),
            Ok(Poll::Pending) => self.tasks.spawn(future).await.ok(),
            Err(()) => None,
        }
    }

    /// Runs a future beside what goes on.
    pub(crate) fn detach(&self, future: impl Future<Output = ()> + Send + 'static) {
        drop(self.tasks.spawn(future));
    }
}
