//! One connection from its first byte to its last. The only file that uses hyper.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use axum::body::Body;
use bytes::Bytes;
use http::{Request, Response};
use http_body::{Frame, SizeHint};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use tracing::{debug, error, warn};

use crate::app::front::Front;
use crate::app::serve::framing::{Due, Guard, Refusal, Watch};
use crate::base::answer::{self, Answer};
use crate::base::error::failure::Failure;
use crate::base::error::rejection::Rejection;
use crate::base::limits::Limits;
use crate::base::observe::TARGET;

/// What a connection is served with.
#[derive(Clone, Debug)]
pub(super) struct Connection {
    pub(super) peer: SocketAddr,
    pub(super) front: Front,
    pub(super) limits: Limits,
}

impl Connection {
    /// Serves the requests of `stream`. From `stopping` on, only the one that is being answered is; from `crowded` on the
    /// same, but for a connection that had no request yet.
    pub(super) async fn run<S>(self, stream: S, stopping: CancellationToken, crowded: CancellationToken)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let peer = self.peer;
        let watch = Arc::new(Watch::new(self.limits));
        let mut timer = pin!(sleep_until(Instant::now() + self.limits.header_time));
        // Every crowd ends at the latest when the server stops, so that one future tells of both.
        let mut crowding = pin!(crowded.cancelled());
        // Who polls a connection stays the same, so that it asks to be woken by the crowd once and not at every request.
        let (mut told, mut wakes) = (false, None::<Waker>);

        let guard = TokioIo::new(Guard::new(stream, Arc::clone(&watch)));
        let connection = Arc::new(self);
        let service = service_fn({
            let watch = Arc::clone(&watch);
            move |request| answer(Arc::clone(&connection), request, Flight::begin(&watch))
        });
        // The guard has deadlines of its own for heads, which also know what was answered before.
        let mut http = http1::Builder::new();
        // A peer that has said all it will say still reads.
        http.max_buf_size(MAX_BUFFER).header_read_timeout(None).half_close(true);
        // Answers are short: in one piece with their heads they cost less than a list of pieces.
        http.writev(false);
        let mut http = pin!(http.serve_connection(guard, service));

        std::future::poll_fn(|cx| {
            if !wakes.as_ref().is_some_and(|it| it.will_wake(cx.waker())) && crowding.as_mut().poll(cx).is_pending() {
                wakes = Some(cx.waker().clone());
            }
            loop {
                if !told && crowded.is_cancelled() && (watch.has_begun(1) || stopping.is_cancelled()) {
                    told = true;
                    http.as_mut().graceful_shutdown();
                }
                if let Poll::Ready(result) = http.as_mut().poll(cx) {
                    if let Err(error) = result {
                        debug!(target: TARGET, %peer, %error, "a connection broke off");
                    }
                    return Poll::Ready(());
                }
                let Some(due) = watch.due() else { return Poll::Pending };
                // A timer that is set too early costs one wake-up; setting it anew at every request costs more.
                if timer.deadline() > due.at() || timer.is_elapsed() {
                    timer.as_mut().reset(due.at());
                }
                if timer.as_mut().poll(cx).is_pending() {
                    return Poll::Pending;
                }
                match due {
                    due if due.at() > Instant::now() => {}
                    Due::Body(_) => watch.give_body_up(),
                    Due::Drop(_) => {
                        debug!(target: TARGET, %peer, "a connection was closed: its peer fell silent");
                        return Poll::Ready(());
                    }
                }
            }
        })
        .await;
    }

    fn panicked(&self) -> Response<Content> {
        error!(target: TARGET, peer = %self.peer, "the router panicked");
        Answer::from(&Failure::Panicked).into_response()
    }

    fn refuse(&self, refusal: Refusal, flight: Flight) -> Response<Tracked> {
        warn!(target: TARGET, peer = %self.peer, reason = refusal.detail(), "refused a request");
        let answer = match refusal {
            Refusal::HeadTooLarge => answer::head_too_large(refusal.detail()),
            Refusal::BodyTooSlow => Answer::from(&Rejection::BodyTooSlow { limit: self.limits.body_time }),
            _ => answer::misframed(refusal.detail()),
        };
        answer.into_response::<Content>().map(|body| Tracked { body, _flight: flight })
    }
}

async fn answer(
    connection: Arc<Connection>,
    mut request: Request<Incoming>,
    flight: Flight,
) -> Result<Response<Tracked>, Infallible> {
    if let Some(refusal) = flight.refusal() {
        return Ok(connection.refuse(refusal, flight));
    }
    let response = match connection.front.webhook(request.uri().path()) {
        Some(webhook) => caught(pin!(webhook.receive(request))).await.map(Answer::into_response),
        None => {
            // Nobody is there to take a connection over; with this gone, extractors say so.
            request.extensions_mut().remove::<OnUpgrade>();
            caught(pin!(connection.front.route(request))).await.map(|it| it.map(Content::Streamed))
        }
    };
    // A body can turn out to be refused while its request is answered.
    match flight.refusal() {
        Some(refusal) => Ok(connection.refuse(refusal, flight)),
        None => Ok(response.unwrap_or_else(|| connection.panicked()).map(|body| Tracked { body, _flight: flight })),
    }
}

/// Awaits a future; nothing where it panics. What it holds is dropped with the request, so nothing half done stays.
async fn caught<F: Future>(mut future: Pin<&mut F>) -> Option<F::Output> {
    std::future::poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))) {
        Ok(poll) => poll.map(Some),
        Err(_) => Poll::Ready(None),
    })
    .await
}

/// A request that is being answered, until its answer was handed over or given up.
struct Flight {
    watch: Arc<Watch>,
    request: u64,
}

impl Flight {
    fn begin(watch: &Arc<Watch>) -> Self {
        Self { request: watch.begin(), watch: Arc::clone(watch) }
    }

    fn refusal(&self) -> Option<Refusal> {
        self.watch.refusal(self.request)
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.watch.end();
    }
}

/// The body of an answer, which hyper drops when it took the last of it.
struct Tracked {
    body: Content,
    _flight: Flight,
}

/// What is in it.
enum Content {
    /// All of it at once: the answers of this crate.
    Whole(Bytes),
    /// What the router answers with.
    Streamed(Body),
}

impl From<Bytes> for Content {
    fn from(bytes: Bytes) -> Self {
        Self::Whole(bytes)
    }
}

impl http_body::Body for Tracked {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        match &mut self.get_mut().body {
            Content::Whole(bytes) if bytes.is_empty() => Poll::Ready(None),
            Content::Whole(bytes) => Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
            Content::Streamed(body) => Pin::new(body).poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.body {
            Content::Whole(bytes) => bytes.is_empty(),
            Content::Streamed(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.body {
            Content::Whole(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Content::Streamed(body) => body.size_hint(),
        }
    }
}

/// What the parser reads at once of a body; heads have a limit of their own. Less makes a large body many small reads.
const MAX_BUFFER: usize = 64 * 1024;
