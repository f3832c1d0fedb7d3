//! A server without sockets and without real time: streams in memory, the clock of a paused runtime.

mod deadlines;
mod framing;
mod stopping;

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use bytes::Bytes;
use http::{Method, StatusCode, Uri};
use hyper::upgrade::OnUpgrade;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::task::TaskTracker;

use super::{Accept, Server};
use crate::app::front::Front;
use crate::base::limits::Limits;

/// A running server and the ways to reach it.
struct Bed {
    dial: mpsc::UnboundedSender<io::Result<DuplexStream>>,
    seen: Seen,
    release: Arc<Notify>,
    tasks: TaskTracker,
    stop: Option<oneshot::Sender<()>>,
    halt: Option<oneshot::Sender<()>>,
    server: JoinHandle<()>,
}

/// What the router was asked for: method, path and the length of the body.
type Seen = Arc<Mutex<Vec<String>>>;

struct Dialled(mpsc::UnboundedReceiver<io::Result<DuplexStream>>);

impl Accept for Dialled {
    type Stream = DuplexStream;

    fn poll_accept(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<(DuplexStream, SocketAddr)>> {
        match ready!(self.0.poll_recv(cx)) {
            Some(dialled) => Poll::Ready(dialled.map(|stream| (stream, SocketAddr::from(([127, 0, 0, 1], 1))))),
            None => Poll::Pending,
        }
    }
}

impl Bed {
    fn new(limits: Limits) -> Self {
        let (dial, dialled) = mpsc::unbounded_channel();
        let (seen, release, tasks) = (Seen::default(), Arc::<Notify>::default(), TaskTracker::new());
        let (stop, stopped) = oneshot::channel();
        let (halt, halted) = oneshot::channel();
        let server = Server::new(Front::of(router(&seen, &release)), limits, tasks.clone());
        let server = tokio::spawn(async move {
            // A sender that is dropped is no signal.
            let signal = |channel: oneshot::Receiver<()>| async {
                if channel.await.is_err() {
                    std::future::pending::<()>().await;
                }
            };
            server.run_until(Dialled(dialled), signal(stopped), signal(halted)).await;
        });
        Self { dial, seen, release, tasks, stop: Some(stop), halt: Some(halt), server }
    }

    fn connect(&self) -> DuplexStream {
        self.connect_with(64 * 1024)
    }

    /// Connects by a stream that holds so many bytes either way.
    fn connect_with(&self, room: usize) -> DuplexStream {
        let (ours, theirs) = duplex(room);
        self.dial.send(Ok(theirs)).unwrap();
        ours
    }

    fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }

    fn stop(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
    }
}

/// Answers everything; `/wait` when it is released, `/upgrade` with whether it could take the connection over.
fn router(seen: &Seen, release: &Arc<Notify>) -> Router {
    let (seen, release) = (Arc::clone(seen), Arc::clone(release));
    let note = move |method: Method, uri: Uri, body: Bytes| async move {
        seen.lock().unwrap().push(format!("{method} {} {}", uri.path(), body.len()));
        match uri.path() {
            "/wait" => release.notified().await,
            "/panic" => panic!("the secret of the test"),
            _ => {}
        }
        format!("{} bytes", body.len())
    };
    let early = || async { StatusCode::FORBIDDEN };
    let upgrade = |request: Request| async move { request.extensions().get::<OnUpgrade>().is_some().to_string() };
    let large = || async { vec![b'x'; 1024 * 1024] };
    Router::new()
        .route("/early", axum::routing::post(early))
        .route("/upgrade", axum::routing::get(upgrade))
        .route("/large", axum::routing::get(large))
        .fallback(note)
}

/// Sends pieces, each when the server has dealt with the one before, then reads until the server closes.
async fn exchange(stream: DuplexStream, pieces: Vec<Vec<u8>>) -> Vec<u8> {
    let (mut read, mut write) = tokio::io::split(stream);
    tokio::spawn(async move {
        for piece in pieces {
            // A server that has seen enough takes no more, which is no failure of the test.
            let _ = write.write_all(&piece).await;
            settle().await;
        }
        // The connection stays open until the server closes it.
        std::future::pending::<()>().await;
    });
    let mut answer = Vec::new();
    read.read_to_end(&mut answer).await.unwrap();
    answer
}

/// Lets every other task run until it waits: the paused clock moves on only then.
async fn settle() {
    tokio::time::sleep(Duration::from_millis(1)).await;
}

/// The statuses in an answer, each with the detail of its problem document where there is one.
fn summary(answer: &[u8]) -> String {
    let text = String::from_utf8_lossy(answer);
    let answers = text.split("HTTP/1.").skip(1).map(|it| {
        let status = it.get(2..5).unwrap_or("?").to_owned();
        match it.split_once("\"detail\":\"").and_then(|(_, rest)| rest.split_once('"')) {
            Some((detail, _)) => format!("{status} {detail}"),
            None => status,
        }
    });
    answers.collect::<Vec<_>>().join(", ")
}

/// How long it takes until the server closes, in whole seconds of the paused clock.
async fn seconds_until_closed(stream: DuplexStream, sent: &[u8]) -> (String, u64) {
    let start = Instant::now();
    let answer = exchange(stream, vec![sent.to_vec()]).await;
    (summary(&answer), start.elapsed().as_secs())
}
