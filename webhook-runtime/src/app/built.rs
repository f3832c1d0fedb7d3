//! A built app: checked, wired, and ready for a listener.

use axum::Router;
use tokio::net::TcpListener;
use tokio_util::task::TaskTracker;

use crate::app::serve::Server;
use crate::base::error::startup::Error;
use crate::base::limits::Limits;

/// An app that passed every check.
#[non_exhaustive]
pub struct App {
    /// Its routes: the webhooks, the document, and what was merged.
    pub router: Router,
    pub(crate) limits: Limits,
    pub(crate) tasks: TaskTracker,
}

impl App {
    /// Serves until SIGTERM or Ctrl-C; then what runs is finished.
    ///
    /// # Errors
    /// The listener has no address, or the process cannot listen to signals.
    pub async fn serve(self, listener: TcpListener) -> Result<(), Error> {
        Server::new(self.router, self.limits, self.tasks).run(listener).await
    }
}
