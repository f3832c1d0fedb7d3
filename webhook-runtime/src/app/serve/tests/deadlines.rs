//! Peers that are slow or silent, and how long they are borne.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::Instant;

use super::{Bed, Limits, exchange, seconds_until_closed, settle, summary};

/// The bytes that are sent at once, the answer, and the second in which the connection is closed.
async fn check(sent: &str, answer: &str, seconds: u64) {
    let bed = Bed::new(Limits::default());
    let closed = seconds_until_closed(bed.connect(), sent.as_bytes()).await;
    assert_eq!(closed, (answer.to_owned(), seconds), "{sent:?}");
}

#[tokio::test(start_paused = true)]
async fn a_silent_connection_is_closed_after_the_header_time() {
    check("", "", 5).await;
}

#[tokio::test(start_paused = true)]
async fn half_a_head_is_closed_after_the_header_time() {
    check("POST /x HTT", "", 5).await;
    check("POST /x HTTP/1.1\r\nHost: a\r\nX-A: ", "", 5).await;
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_is_closed_after_the_idle_time() {
    check("GET /x HTTP/1.1\r\nHost: a\r\n\r\n", "200", 60).await;
}

#[tokio::test(start_paused = true)]
async fn half_a_second_head_is_closed_after_the_header_time() {
    check("GET /x HTTP/1.1\r\nHost: a\r\n\r\nGET /x HT", "200", 5).await;
}

#[tokio::test(start_paused = true)]
async fn a_body_that_never_comes_is_answered_408() {
    check("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel", "408 The body did not arrive in time.", 20)
        .await;
    check(
        "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
        "408 The body did not arrive in time.",
        20,
    )
    .await;
}

/// Sends pieces, each after so many seconds of silence; the answers, and the second in which the connection is closed.
async fn check_pieces(pieces: &[(u64, &[u8])], answer: &str, seconds: u64) {
    let bed = Bed::new(Limits::default());
    let start = Instant::now();
    let (mut read, mut write) = tokio::io::split(bed.connect());
    let pieces: Vec<_> = pieces.iter().map(|(seconds, piece)| (*seconds, piece.to_vec())).collect();
    tokio::spawn(async move {
        for (seconds, piece) in pieces {
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            write.write_all(&piece).await.unwrap();
        }
        std::future::pending::<()>().await;
    });
    let mut answered = Vec::new();
    read.read_to_end(&mut answered).await.unwrap();
    assert_eq!((summary(&answered).as_str(), start.elapsed().as_secs()), (answer, seconds));
}

#[tokio::test(start_paused = true)]
async fn the_header_time_begins_with_the_first_byte() {
    let get = b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n";
    check_pieces(&[(0, get), (30, b"GET /x HT")], "200", 35).await;
    check_pieces(&[(4, b"GET /x HT"), (4, b"TP/1.1\r\n")], "", 9).await;
}

#[tokio::test(start_paused = true)]
async fn every_body_has_its_own_time() {
    let head = b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n";
    check_pieces(&[(0, head), (15, b"x"), (0, head), (15, b"x")], "200, 200", 90).await;
}

#[tokio::test(start_paused = true)]
async fn what_arrived_fast_earns_no_more_than_the_whole_time() {
    let head = b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 999999\r\n\r\n";
    check_pieces(&[(0, head), (1, &[b'x'; 500_000])], "408 The body did not arrive in time.", 21).await;
}

#[tokio::test(start_paused = true)]
async fn a_head_that_drips_is_closed_after_the_header_time() {
    let bed = Bed::new(Limits::default());
    let (mut read, mut write) = tokio::io::split(bed.connect());
    let start = Instant::now();
    tokio::spawn(async move {
        write.write_all(b"GET /x HTTP/1.1\r\n").await.unwrap();
        while write.write_all(b"X-A: 1\r\n").await.is_ok() {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    });
    assert_eq!(read.read_to_end(&mut Vec::new()).await.unwrap(), 0);
    assert_eq!(start.elapsed().as_secs(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_drips_is_answered_408() {
    let bed = Bed::new(Limits::default());
    let start = Instant::now();
    let (mut read, mut write) = tokio::io::split(bed.connect());
    tokio::spawn(async move {
        write.write_all(b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 999\r\n\r\n").await.unwrap();
        while write.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    });
    let mut answer = Vec::new();
    read.read_to_end(&mut answer).await.unwrap();
    assert_eq!(summary(&answer), "408 The body did not arrive in time.");
    assert_eq!(start.elapsed().as_secs(), 20);
}

#[tokio::test(start_paused = true)]
async fn a_slow_body_that_keeps_coming_is_served() {
    let bed = Bed::new(Limits::default());
    let (mut read, mut write) = tokio::io::split(bed.connect());
    tokio::spawn(async move {
        write.write_all(b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n").await.unwrap();
        for _ in 0..100 {
            write.write_all(&[b'x'; 2000]).await.unwrap();
            tokio::time::sleep(Duration::from_secs(2)).await;
        }
        std::future::pending::<()>().await;
    });
    let mut answer = Vec::new();
    read.read_to_end(&mut answer).await.unwrap();
    assert_eq!(summary(&answer), "200");
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_does_not_read_is_given_up() {
    let bed = Bed::new(Limits::default().connections(1));
    let mut stream = bed.connect_with(1024);
    let start = Instant::now();
    stream.write_all(b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    // The next connection is accepted when the first one is gone.
    let answer = exchange(bed.connect(), vec![b"GET /x HTTP/1.0\r\n\r\n".to_vec()]).await;
    assert_eq!(summary(&answer), "200");
    assert_eq!(start.elapsed().as_secs(), 15);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_read_slowly_arrives() {
    let bed = Bed::new(Limits::default());
    let mut stream = bed.connect_with(64 * 1024);
    stream.write_all(b"GET /large HTTP/1.0\r\n\r\n").await.unwrap();
    let mut length = 0;
    let mut piece = vec![0; 64 * 1024];
    loop {
        tokio::time::sleep(Duration::from_secs(10)).await;
        match stream.read(&mut piece).await.unwrap() {
            0 => break,
            more => length += more,
        }
    }
    assert!(length > 1024 * 1024);
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_takes_long_is_waited_for() {
    let bed = Bed::new(Limits::default());
    let release = bed.release.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(600)).await;
        release.notify_one();
    });
    let sent = b"GET /wait HTTP/1.1\r\nHost: a\r\n\r\nGET /x HT";
    let closed = seconds_until_closed(bed.connect(), sent).await;
    // Half a head that was sent ahead gets its time after the answer.
    assert_eq!(closed, ("200".to_owned(), 605));
}

#[tokio::test(start_paused = true)]
async fn a_connection_over_the_limit_waits_for_its_turn() {
    let bed = Bed::new(Limits::default().connections(2));
    let (first, second) = (bed.connect(), bed.connect());
    let mut third = bed.connect();
    third.write_all(b"GET /third HTTP/1.0\r\n\r\n").await.unwrap();
    settle().await;
    assert!(bed.seen().is_empty());
    drop(first);
    let mut answer = Vec::new();
    third.read_to_end(&mut answer).await.unwrap();
    assert_eq!(summary(&answer), "200");
    drop(second);
}

#[tokio::test(start_paused = true)]
async fn at_the_limit_idle_connections_give_way_and_fresh_ones_do_not() {
    let bed = Bed::new(Limits::default().connections(2));
    let mut idle = bed.connect();
    idle.write_all(b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    settle().await;
    assert_eq!(bed.seen().len(), 1);
    let start = Instant::now();
    let mut fresh = bed.connect();
    settle().await;
    let answer = exchange(bed.connect(), vec![b"GET /third HTTP/1.0\r\n\r\n".to_vec()]).await;
    assert_eq!(summary(&answer), "200");
    assert_eq!(start.elapsed().as_secs(), 0, "the idle one did not wait for its time");
    fresh.write_all(b"GET /fresh HTTP/1.0\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    fresh.read_to_end(&mut answer).await.unwrap();
    assert_eq!(summary(&answer), "200");
}

#[tokio::test(start_paused = true)]
async fn errors_of_accepting_are_survived() {
    let bed = Bed::new(Limits::default());
    let start = Instant::now();
    // Out of file descriptors, twice, and a peer that is gone already.
    bed.dial.send(Err(io::Error::from_raw_os_error(24))).unwrap();
    bed.dial.send(Err(io::Error::from_raw_os_error(24))).unwrap();
    bed.dial.send(Err(io::ErrorKind::ConnectionAborted.into())).unwrap();
    let answer = exchange(bed.connect(), vec![b"GET /x HTTP/1.0\r\n\r\n".to_vec()]).await;
    assert_eq!(summary(&answer), "200");
    assert_eq!(start.elapsed().as_millis() / 100, 2);
}
