//! Accepts connections and serves a router on them, until a signal says to stop.
//!
//! What `axum::serve` leaves open is closed here:
//!
//! 1. at most `limits.connections` at once; further ones wait in the backlog of the listener, and those that are open are
//!    not kept alive: idle ones are closed, and others after the answer that they wait for
//! 2. a head may take `limits.header_time` from its first byte, and a fresh connection as long to send that byte
//! 3. between requests a connection may be silent for `limits.idle_time`
//! 4. a body may be waited for `limits.body_time` and five seconds, a thousand bytes earn one second more; after that
//!    it breaks off and the request is answered 408. (Rooms that give up earlier answer by themselves.)
//! 5. an answer that the peer does not read is given up when nothing of it moved for `limits.body_time`
//! 6. ambiguous framing is refused before the router sees it (`framing` says which)
//! 7. a panic of the router is a 500, and the connection goes on
//!
//! HTTP/1.1 and 1.0 only; an `Upgrade` is not offered. The head of a request may have 16 KiB.
//!
//! Stopping: no connection is accepted any more, idle ones and those with an unfinished head are closed at once, requests
//! that are being answered and detached tasks get `limits.time` and five seconds to finish. What is left then is
//! dropped; a second signal drops it at once. A server whose future is dropped drops its connections with it.

mod connection;
mod framing;
#[cfg(test)]
mod tests;

use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{debug, info, warn};

use crate::app::front::Front;
use crate::app::serve::connection::Connection;
use crate::app::shutdown::signalled;
use crate::base::error::startup::{Error, Problem};
use crate::base::limits::Limits;
use crate::base::observe::TARGET;

/// Serves `router` on `listener` until SIGTERM or Ctrl-C: the hardened counterpart of `axum::serve`.
///
/// Connections, heads, bodies and answers have deadlines and limits, those of [`Limits::default`]; framing that a proxy
/// could read in another way is refused with 400; a handler's panic is answered 500. HTTP/1 only, without upgrades.
///
/// At the signal it accepts no more, closes idle connections, lets requests finish for as long as a handler may run and
/// five seconds more, and returns; a second signal ends it at once. Dropping the future drops every connection.
///
/// # Errors
///
/// The listener has no address, or the process cannot listen to signals.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use webhook_runtime::axum::{Router, routing::get};
///
/// let listener = tokio::net::TcpListener::bind("127.0.0.1:8000").await?;
/// let router = Router::new().route("/healthz", get(|| async { "ok" }));
/// webhook_runtime::serve(listener, router).await?;
/// # Ok(())
/// # }
/// ```
pub async fn serve(listener: TcpListener, router: Router) -> Result<(), Error> {
    Server::new(Front::of(router), Limits::default(), TaskTracker::new()).run(listener).await
}

/// The same, until `stop` is ready or the signal comes, whichever is first.
///
/// # Errors
///
/// The listener has no address, or the process cannot listen to signals.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use webhook_runtime::axum::Router;
///
/// let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
/// let listener = tokio::net::TcpListener::bind("127.0.0.1:8000").await?;
/// tokio::spawn(webhook_runtime::serve_until(listener, Router::new(), async { drop(stopped.await) }));
/// drop(stop);
/// # Ok(())
/// # }
/// ```
pub async fn serve_until(listener: TcpListener, router: Router, stop: impl Future<Output = ()>) -> Result<(), Error> {
    let asked = CancellationToken::new();
    let server = Server::new(Front::of(router), Limits::default(), TaskTracker::new());
    let (mut serving, mut stop) = (server.run_or(listener, asked.clone()), pin!(stop));
    std::future::poll_fn(|cx| {
        // What has given its value must not be polled again.
        if !asked.is_cancelled() && stop.as_mut().poll(cx).is_ready() {
            asked.cancel();
        }
        serving.as_mut().poll(cx)
    })
    .await
}

/// A server at work.
pub(crate) type Serving = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

/// What is served, and the limits of it.
#[derive(Debug)]
pub(crate) struct Server {
    front: Front,
    limits: Limits,
    tasks: TaskTracker,
}

impl Server {
    /// `tasks` are awaited at the end, beside the connections.
    pub(crate) fn new(front: Front, limits: Limits, tasks: TaskTracker) -> Self {
        Self { front, limits, tasks }
    }

    /// Serves until the first signal, and ends at once at the second.
    pub(crate) fn run(self, listener: TcpListener) -> Serving {
        self.run_or(listener, CancellationToken::new())
    }

    /// The same, and stops when it is `asked` to, too.
    ///
    /// Boxed, so that everything that serving leads to is compiled here: the future of a public async function is
    /// compiled where it is awaited, which is in every app.
    fn run_or(self, listener: TcpListener, asked: CancellationToken) -> Serving {
        Box::pin(self.run_by_signals(listener, asked))
    }

    async fn run_by_signals(self, listener: TcpListener, asked: CancellationToken) -> Result<(), Error> {
        let address = address_of(&listener)?;
        let signals = |times| signalled(times).map_err(|error| failed("listen to signals", &error));
        let (stop, halt) = (signals(1)?, signals(2)?);
        info!(target: TARGET, %address, "listening");
        let (mut asked, mut stop) = (pin!(asked.cancelled()), pin!(stop));
        let either = std::future::poll_fn(|cx| match asked.as_mut().poll(cx) {
            Poll::Pending => stop.as_mut().poll(cx),
            Poll::Ready(()) => Poll::Ready(()),
        });
        self.run_until(listener, either, halt).await;
        Ok(())
    }

    /// Serves until `stop`, and ends at once at `halt`.
    pub(crate) async fn run_until<L: Accept>(
        self,
        listener: L,
        stop: impl Future<Output = ()>,
        halt: impl Future<Output = ()>,
    ) {
        let stopping = CancellationToken::new();
        let mut connections = JoinSet::new();
        self.accept(listener, stop, &stopping, &mut connections).await;
        stopping.cancel();
        self.finish(halt, connections).await;
    }

    /// Accepts until `stop`. The listener is closed when it returns.
    async fn accept<L: Accept>(
        &self,
        mut listener: L,
        stop: impl Future<Output = ()>,
        stopping: &CancellationToken,
        connections: &mut JoinSet<()>,
    ) {
        let mut stop = pin!(stop);
        let mut crowded = stopping.child_token();
        loop {
            let next = std::future::poll_fn(|cx| {
                if stop.as_mut().poll(cx).is_ready() {
                    return Poll::Ready(None);
                }
                while let Poll::Ready(Some(_)) = connections.poll_join_next(cx) {}
                if connections.len() < self.limits.connections {
                    return listener.poll_accept(cx).map(Some);
                }
                Poll::Pending
            });
            match next.await {
                None => return,
                Some(Ok((stream, peer))) => {
                    let connection = Connection { peer, front: self.front.clone(), limits: self.limits };
                    connections.spawn(connection.run(stream, stopping.clone(), crowded.clone()));
                    if connections.len() >= self.limits.connections {
                        // Somebody may be waiting: a connection that is kept for later is worth less than its place.
                        std::mem::replace(&mut crowded, stopping.child_token()).cancel();
                    }
                }
                // The peer was gone before it was accepted; the next one may be there.
                Some(Err(error)) if is_of_the_peer(&error) => {}
                Some(Err(error)) => {
                    warn!(target: TARGET, %error, "could not accept a connection");
                    // Out of file descriptors, most likely: they come back when connections end.
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    /// Waits for what runs, up to the deadline.
    async fn finish(&self, halt: impl Future<Output = ()>, mut connections: JoinSet<()>) {
        let deadline = self.limits.time + MARGIN;
        info!(target: TARGET, connections = connections.len(), tasks = self.tasks.len(), ?deadline, "stopping");
        self.tasks.close();
        let (mut halt, mut late) = (pin!(halt), pin!(tokio::time::sleep(deadline)));
        let mut tasks = pin!(self.tasks.wait());
        let end = std::future::poll_fn(|cx| {
            while let Poll::Ready(Some(_)) = connections.poll_join_next(cx) {}
            if connections.is_empty() && tasks.as_mut().poll(cx).is_ready() {
                return Poll::Ready(None);
            }
            if halt.as_mut().poll(cx).is_ready() {
                return Poll::Ready(Some("a second signal"));
            }
            late.as_mut().poll(cx).map(|()| Some("the deadline"))
        });
        match end.await {
            None => info!(target: TARGET, "stopped"),
            Some(reason) => {
                warn!(target: TARGET, connections = connections.len(), tasks = self.tasks.len(), reason, "cut short");
            }
        }
        connections.abort_all();
    }
}

/// Where connections come from: a socket, or a test.
pub(crate) trait Accept {
    type Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static;

    fn poll_accept(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<(Self::Stream, SocketAddr)>>;
}

impl Accept for TcpListener {
    type Stream = TcpStream;

    fn poll_accept(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<(TcpStream, SocketAddr)>> {
        let accepted = TcpListener::poll_accept(self, cx);
        if let Poll::Ready(Ok((stream, _))) = &accepted
            && let Err(error) = stream.set_nodelay(true)
        {
            // Answers are slower without it, and still right.
            debug!(target: TARGET, %error, "could not switch Nagle's algorithm off");
        }
        accepted
    }
}

fn is_of_the_peer(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// Where a listener listens.
pub(crate) fn address_of(listener: &TcpListener) -> Result<SocketAddr, Error> {
    listener.local_addr().map_err(|error| failed("find the listener's address", &error))
}

fn failed(tried: &str, error: &io::Error) -> Error {
    Problem::Io { tried: tried.to_owned(), said: error.to_string() }.into()
}

/// How long accepting rests after an error that is not a peer's.
const PAUSE: Duration = Duration::from_millis(100);
/// How much longer than a handler's time limit a stop may take.
const MARGIN: Duration = Duration::from_secs(5);
