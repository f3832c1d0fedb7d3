//! The graceful stop: who may finish, who is closed, and how long it takes at most.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::time::Instant;

use super::{Bed, Limits, settle, summary};

const WAIT: &[u8] = b"GET /wait HTTP/1.1\r\nHost: a\r\n\r\n";

async fn answer(mut stream: DuplexStream) -> String {
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    summary(&answer)
}

/// Connections that sent these bytes before the stop; how many seconds the stop takes.
async fn check(sent: &[&[u8]], seconds: u64) {
    let mut bed = Bed::new(Limits::default());
    let mut streams = Vec::new();
    for sent in sent {
        let mut stream = bed.connect();
        stream.write_all(sent).await.unwrap();
        streams.push(stream);
    }
    settle().await;
    bed.stop();
    let start = Instant::now();
    bed.server.await.unwrap();
    // The stop itself comes a moment after the bytes.
    assert_eq!((start.elapsed() + Duration::from_millis(100)).as_secs(), seconds);
}

#[tokio::test(start_paused = true)]
async fn an_unused_server_stops_at_once() {
    check(&[], 0).await;
}

#[tokio::test(start_paused = true)]
async fn silent_idle_and_half_heads_do_not_hold_the_process() {
    check(&[b"", b"GET /x HTTP/1.1\r\nHost", b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n"], 0).await;
    check(&[b"GET /x HTTP/1.1\r\nHost: a\r\n\r\nGET /x HT"], 0).await;
}

#[tokio::test(start_paused = true)]
async fn a_stalled_body_holds_the_process_no_longer_than_its_deadline() {
    // Twenty seconds for the body, two more in which the peer may read why.
    check(&[b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel"], 22).await;
}

#[tokio::test(start_paused = true)]
async fn a_handler_holds_the_process_no_longer_than_the_deadline() {
    check(&[WAIT], 35).await;
}

#[tokio::test(start_paused = true)]
async fn a_request_that_is_being_answered_is_finished() {
    let mut bed = Bed::new(Limits::default());
    let mut stream = bed.connect();
    // The second one is not: its sender sees a connection that closed, and sends it again.
    stream.write_all(&[WAIT, b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n"].concat()).await.unwrap();
    settle().await;
    bed.stop();
    settle().await;
    assert!(!bed.server.is_finished());
    bed.release.notify_one();
    assert_eq!(answer(stream).await, "200");
    bed.server.await.unwrap();
    assert_eq!(*bed.seen.lock().unwrap(), ["GET /wait 0"]);
}

#[tokio::test(start_paused = true)]
async fn no_connection_is_accepted_after_the_stop() {
    let mut bed = Bed::new(Limits::default());
    let mut stream = bed.connect();
    stream.write_all(WAIT).await.unwrap();
    settle().await;
    bed.stop();
    settle().await;
    let (_ours, theirs) = tokio::io::duplex(64);
    assert!(bed.dial.send(Ok(theirs)).is_err());
}

#[tokio::test(start_paused = true)]
async fn detached_tasks_are_awaited() {
    let mut bed = Bed::new(Limits::default());
    bed.tasks.spawn(tokio::time::sleep(Duration::from_secs(7)));
    bed.stop();
    let start = Instant::now();
    bed.server.await.unwrap();
    assert_eq!(start.elapsed().as_secs(), 7);
}

#[tokio::test(start_paused = true)]
async fn detached_tasks_are_awaited_no_longer_than_the_deadline() {
    let mut bed = Bed::new(Limits::default().time(Duration::from_secs(3)));
    bed.tasks.spawn(std::future::pending::<()>());
    bed.stop();
    let start = Instant::now();
    bed.server.await.unwrap();
    assert_eq!(start.elapsed().as_secs(), 8);
}

#[tokio::test(start_paused = true)]
async fn a_second_signal_ends_it_at_once() {
    let mut bed = Bed::new(Limits::default());
    let mut stream = bed.connect();
    stream.write_all(WAIT).await.unwrap();
    settle().await;
    bed.stop();
    settle().await;
    bed.halt.take().unwrap().send(()).unwrap();
    let start = Instant::now();
    bed.server.await.unwrap();
    assert_eq!(start.elapsed().as_secs(), 0);
    assert_eq!(answer(stream).await, "");
}
