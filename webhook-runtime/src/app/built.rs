//! A built app: checked, wired, and ready for a listener.

use axum::{Extension, Router};
use tokio::net::TcpListener;
use tokio_util::task::TaskTracker;
use tracing::warn;

use crate::app::front::Front;
use crate::app::serve::{Server, address_of};
use crate::base::error::startup::{Error, Problem};
use crate::base::limits::Limits;
use crate::base::observe::TARGET;
use crate::receive::explained::Explaining;

/// An app that passed every check.
#[non_exhaustive]
pub struct App {
    pub(crate) front: Front,
    pub(crate) limits: Limits,
    pub(crate) tasks: TaskTracker,
    /// What marks the requests whose refusals are explained.
    pub(crate) explaining: Option<Explaining>,
}

impl App {
    /// Its routes: the webhooks, the document, and what was merged.
    pub fn router(&self) -> Router {
        self.front.router.clone()
    }

    /// Serves until SIGTERM or Ctrl-C; then what runs is finished.
    ///
    /// # Errors
    /// The listener has no address, or the process cannot listen to signals. An app with
    /// [`explain_rejections`](crate::Webhooks::explain_rejections) is on an address that others reach.
    pub async fn serve(self, listener: TcpListener) -> Result<(), Error> {
        self.server(&listener)?.run(listener).await
    }

    fn server(self, listener: &TcpListener) -> Result<Server, Error> {
        let front = match self.explaining {
            None => self.front,
            Some(explaining) => {
                on_loopback(listener)?;
                warn!(target: TARGET, "answers explain why deliveries are refused: this is for development alone");
                // The layer marks what passes through the router, so that all of it has to.
                Front::of(self.front.router.layer(Extension(explaining)))
            }
        };
        Ok(Server::new(front, self.limits, self.tasks))
    }
}

/// Can this machine alone reach the listener?
fn on_loopback(listener: &TcpListener) -> Result<(), Error> {
    let address = address_of(listener)?;
    if address.ip().to_canonical().is_loopback() { Ok(()) } else { Err(Problem::ExplainsInPublic { address }.into()) }
}
