//! What is served and what is refused, over raw bytes.

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{Bed, Instant, Limits, exchange, summary};

struct Row {
    name: &'static str,
    sent: Vec<u8>,
    answer: &'static str,
    /// What reached the router.
    seen: &'static [&'static str],
}

fn accepted(name: &'static str, sent: &str, seen: &'static [&'static str]) -> Row {
    let answer = ["", "200", "200, 200", "200, 200, 200"][seen.len()];
    Row { name, sent: sent.into(), answer, seen }
}

fn refused(name: &'static str, sent: &str, answer: &'static str) -> Row {
    Row { name, sent: sent.into(), answer, seen: &[] }
}

/// A request with these lines after the first, and what follows them.
fn post(fields: &str, body: &str) -> String {
    format!("POST /x HTTP/1.1\r\nHost: a\r\n{fields}\r\n{body}")
}

const CHUNKED: &str = "Transfer-Encoding: chunked\r\n";
/// A request that must not be served when it stands behind a refused one.
const SMUGGLED: &str = "POST /smuggled HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";

const BARE: &str = "400 A line ends without a carriage return.";
const BOTH: &str = "400 Content-Length and Transfer-Encoding exclude each other.";
const TWICE: &str = "400 Content-Length stands in the request more than once.";
const LENGTH: &str = "400 Content-Length is not a plain decimal number.";
const ENCODING: &str = "400 Transfer-Encoding is not exactly chunked.";
const HOST: &str = "400 The Host header is no host.";
const VERSION: &str = "400 Only the versions 1.0 and 1.1 of HTTP are served.";
const SIZE: &str = "400 The size of a chunk is not a plain hexadecimal number.";
const END: &str = "400 A chunk does not end where it says.";
const HEAD: &str = "431 The head of the request is too large.";
const EXTRAS: &str = "400 The extensions of the chunks or the trailers are too long.";
/// The parser's own refusal has no body.
const PARSER: &str = "400";

fn matrix() -> Vec<Row> {
    let fields = |count: usize| "X-A: 1\r\n".repeat(count);
    let long = |bytes: usize| format!("X-A: {}\r\n", "a".repeat(bytes));
    let head_of = |bytes: usize| long(bytes - post("", "").len() - long(0).len());
    let chunked = |body: &str| post(CHUNKED, body);
    let extension = format!("5;{}\r\nhello\r\n0\r\n\r\n", "a".repeat(32 * 1024));
    vec![
        accepted("a body with a length", &post("Content-Length: 5\r\n", "hello"), &["POST /x 5"]),
        accepted("no body", &post("", ""), &["POST /x 0"]),
        accepted("a length of zero", &post("Content-Length: 0\r\n", ""), &["POST /x 0"]),
        accepted("white space around a length", &post("content-length:\t 5 \r\n", "hello"), &["POST /x 5"]),
        accepted("a chunked body", &chunked("5\r\nhello\r\n0\r\n\r\n"), &["POST /x 5"]),
        accepted("chunked in capitals", &post("transfer-encoding:CHUNKED\r\n", "0\r\n\r\n"), &["POST /x 0"]),
        accepted("several chunks", &chunked("5\r\nhello\r\n00A\r\n0123456789\r\n0\r\n\r\n"), &["POST /x 15"]),
        accepted("an extension", &chunked("5;a=b\r\nhello\r\n0;c\r\n\r\n"), &["POST /x 5"]),
        accepted("trailers", &chunked("5\r\nhello\r\n0\r\nX-A: 1\r\nX-B: 2\r\n\r\n"), &["POST /x 5"]),
        accepted("a chunk of line ends", &chunked("4\r\n\r\n\r\n\r\n0\r\n\r\n"), &["POST /x 4"]),
        accepted("an empty line ahead", &format!("\r\n{}", post("", "")), &["POST /x 0"]),
        accepted("HTTP/1.0 without a host", "GET /x HTTP/1.0\r\n\r\n", &["GET /x 0"]),
        accepted("a hundred fields", &post(&fields(99), ""), &["POST /x 0"]),
        accepted("a head of 15 KiB", &post(&long(15 * 1024), ""), &["POST /x 0"]),
        accepted("a head of 16 KiB", &post(&head_of(16 * 1024), ""), &["POST /x 0"]),
        refused("a head of a byte more", &post(&head_of(16 * 1024 + 1), ""), HEAD),
        accepted("a host with a port", "GET /x HTTP/1.1\r\nHost: [::1]:8000\r\n\r\n", &["GET /x 0"]),
        accepted("an upgrade, which is ignored", &post("Upgrade: h2c\r\n", ""), &["POST /x 0"]),
        accepted("an offer to continue", &post("Expect: 100-continue\r\n", ""), &["POST /x 0"]),
        refused("lengths that differ", &post("Content-Length: 5\r\nContent-Length: 6\r\n", "hello"), TWICE),
        refused("equal lengths", &post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello"), TWICE),
        refused("a list of lengths", &post("Content-Length: 2, 2\r\n", "hi"), LENGTH),
        refused("a plus sign", &post("Content-Length: +2\r\n", "hi"), LENGTH),
        refused("a negative length", &post("Content-Length: -1\r\n", ""), LENGTH),
        refused("a hexadecimal length", &post("Content-Length: 0x2\r\n", "hi"), LENGTH),
        refused("an empty length", &post("Content-Length:\r\n", ""), LENGTH),
        refused("leading zeros", &post("Content-Length: 0002\r\n", "hi"), LENGTH),
        refused("a length past 64 bits", &post("Content-Length: 18446744073709551616\r\n", ""), LENGTH),
        refused(
            "length, then encoding",
            &post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
            BOTH,
        ),
        refused(
            "encoding, then length",
            &post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"),
            BOTH,
        ),
        refused("an unknown encoding", &post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), ENCODING),
        refused("chunked, identity", &post("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n"), ENCODING),
        refused("gzip, chunked", &post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), ENCODING),
        refused("two encodings", &post(&CHUNKED.repeat(2), "0\r\n\r\n"), ENCODING),
        refused("an encoding in HTTP/1.0", "POST /x HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", ENCODING),
        refused("no host", "GET /x HTTP/1.1\r\n\r\n", "400 The Host header is missing."),
        refused("two hosts", &post("Host: b\r\n", ""), "400 The Host header stands in the request more than once."),
        refused("a list of hosts", "GET /x HTTP/1.1\r\nHost: a, b\r\n\r\n", HOST),
        refused("a path for a host", "GET /x HTTP/1.1\r\nHost: a/b\r\n\r\n", HOST),
        refused("a bare line feed after a field", "GET /x HTTP/1.1\r\nHost: a\nX-A: 1\r\n\r\n", BARE),
        refused("a bare line feed after the first line", "GET /x HTTP/1.1\nHost: a\r\n\r\n", BARE),
        refused("a bare line feed at the end of a head", "GET /x HTTP/1.1\r\nHost: a\r\n\n", BARE),
        refused("a bare line feed ahead", "\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n", BARE),
        refused("a bare carriage return", &post("X-A: 1\rX-B: 2\r\n", ""), PARSER),
        refused("a zero byte", &post("X-A: \0\r\n", ""), PARSER),
        refused("a vertical tab", &post("Content-Length: \x0b5\r\n", "hello"), LENGTH),
        refused("a space before the colon", &post("Content-Length : 5\r\n", "hello"), PARSER),
        refused("a folded line", &post("X-A: 1\r\n Content-Length: 5\r\n", "hello"), PARSER),
        refused("a line without a colon", &post("Content-Length\r\n", "hello"), PARSER),
        refused("a chunk without a size", &chunked("\r\nhello\r\n0\r\n\r\n"), SIZE),
        refused("a size that is no number", &chunked("x\r\nhello\r\n0\r\n\r\n"), SIZE),
        refused("a size with a prefix", &chunked("0x5\r\nhello\r\n0\r\n\r\n"), SIZE),
        refused("white space after a size", &chunked("5 \r\nhello\r\n0\r\n\r\n"), SIZE),
        refused("a size past 64 bits", &chunked("10000000000000005\r\nhello\r\n0\r\n\r\n"), SIZE),
        refused("a bare line feed after a size", &chunked("5\nhello\r\n0\r\n\r\n"), BARE),
        refused("a bare line feed after an extension", &chunked("5;a\nhello\r\n0\r\n\r\n"), BARE),
        refused("a carriage return in an extension", &chunked("5;a\rb\r\nhello\r\n0\r\n\r\n"), SIZE),
        refused("a bare line feed in a trailer", &chunked("0\r\nX-A: 1\nX-B: 2\r\n\r\n"), BARE),
        refused("a chunk that is longer than its size", &chunked("4\r\nhello\r\n0\r\n\r\n"), END),
        refused("a chunk that is shorter than its size", &chunked("7\r\nhello\r\n0\r\n\r\n"), END),
        refused("an extension of 32 KiB", &chunked(&extension), EXTRAS),
        refused("a hundred and one fields", &post(&fields(100), ""), HEAD),
        refused("a head of 17 KiB", &post(&long(17 * 1024), ""), HEAD),
        refused("a head of 500 KB", &post(&long(500_000), ""), HEAD),
        refused("CONNECT", "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", "400 This server is no proxy."),
        refused("HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", VERSION),
        refused("HTTP/0.9", "GET /x\r\n\r\n", VERSION),
        refused("an answer", "HTTP/1.1 200 OK\r\nHost: a\r\n\r\n", VERSION),
    ]
}

/// Sends the row's bytes in these pieces to a fresh server.
async fn check(row: &Row, pieces: Vec<Vec<u8>>) {
    let bed = Bed::new(Limits::default());
    let start = Instant::now();
    let answer = exchange(bed.connect(), pieces).await;
    assert_eq!(summary(&answer), row.answer, "{}", row.name);
    assert_eq!(bed.seen(), row.seen, "{}", row.name);
    let at_once = start.elapsed().as_secs() < Limits::default().header_time.as_secs();
    let kept_alive = row.answer == "200" && !row.name.starts_with("HTTP/1.0");
    assert_eq!(at_once, !kept_alive, "{}: a refused connection is closed at once, others are kept", row.name);
}

#[tokio::test(start_paused = true)]
async fn the_matrix_in_one_piece() {
    for row in matrix() {
        check(&row, vec![row.sent.clone()]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_smuggled_behind_a_refused_one_is_not_served() {
    for mut row in matrix() {
        if !row.seen.is_empty() {
            continue;
        }
        row.sent.extend(SMUGGLED.bytes());
        check(&row, vec![row.sent.clone()]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn the_matrix_byte_by_byte() {
    for row in matrix().into_iter().filter(|row| row.sent.len() < 1000) {
        check(&row, row.sent.chunks(1).map(<[u8]>::to_vec).collect()).await;
    }
}

#[tokio::test(start_paused = true)]
async fn the_matrix_split_at_every_byte() {
    for row in matrix().into_iter().filter(|row| row.sent.len() < 1000) {
        for at in 1..row.sent.len() {
            let (first, second) = row.sent.split_at(at);
            check(&row, vec![first.to_vec(), second.to_vec()]).await;
        }
    }
}

/// A long conversation on one connection, with every kind of body.
fn conversation() -> (Vec<u8>, Vec<String>) {
    let kinds = [
        (post("Content-Length: 3\r\n", "abc"), 3),
        (post(CHUNKED, "3\r\nabc\r\n0\r\n\r\n"), 3),
        (post("", ""), 0),
        (post(CHUNKED, "1;x=\"y\"\r\na\r\n0\r\n\r\n"), 1),
        (post(CHUNKED, "A\r\nHTTP/1.1\r\n\r\n5\r\nhello\r\n0\r\nContent-Length: 9\r\n\r\n"), 15),
        (post("Content-Length: 49\r\n", &SMUGGLED[..49]), 49),
    ];
    let many = kinds.iter().cycle().take(60);
    let seen = many.clone().map(|(_, length)| format!("POST /x {length}")).collect();
    (many.flat_map(|(sent, _)| sent.bytes()).collect(), seen)
}

#[tokio::test(start_paused = true)]
async fn many_requests_on_one_connection_stay_in_step() {
    let (sent, seen) = conversation();
    for size in [1, 2, 3, 7, 64, 1000, 1_000_000] {
        let bed = Bed::new(Limits::default());
        let answer = exchange(bed.connect(), sent.chunks(size).map(<[u8]>::to_vec).collect()).await;
        assert_eq!(summary(&answer).matches("200").count(), seen.len(), "in pieces of {size}");
        assert_eq!(bed.seen(), seen, "in pieces of {size}");
    }
}

#[tokio::test(start_paused = true)]
async fn any_damage_gives_one_verdict_however_it_arrives() {
    let first = post(CHUNKED, "5;a\r\nhello\r\n0\r\nX-A: 1\r\n\r\n");
    let sent = format!("{first}{}", post("Content-Length: 49\r\n", &SMUGGLED[..49]));
    for at in 0..sent.len() {
        for byte in *b"\r\n ;0" {
            let mut damaged = sent.clone().into_bytes();
            damaged[at] = byte;
            let whole = verdict(vec![damaged.clone()]).await;
            let bytes = verdict(damaged.chunks(1).map(<[u8]>::to_vec).collect()).await;
            assert_eq!(whole, bytes, "{:?}", String::from_utf8_lossy(&damaged));
        }
    }
}

/// What is answered and what reaches the router.
async fn verdict(pieces: Vec<Vec<u8>>) -> (String, Vec<String>) {
    let bed = Bed::new(Limits::default());
    let answer = exchange(bed.connect(), pieces).await;
    (summary(&answer), bed.seen())
}

#[tokio::test(start_paused = true)]
async fn requests_ahead_of_a_refused_one_are_answered_first() {
    let bed = Bed::new(Limits::default());
    let first = post("Content-Length: 5\r\n", "hello");
    let second = post("Content-Length: 2, 2\r\n", "hi");
    let sent = format!("{first}{first}{second}{SMUGGLED}");
    let answer = exchange(bed.connect(), vec![sent.into()]).await;
    assert_eq!(summary(&answer), format!("200, 200, {LENGTH}"));
    assert_eq!(bed.seen(), ["POST /x 5", "POST /x 5"]);
}

#[tokio::test(start_paused = true)]
async fn a_refused_head_request_is_answered_without_a_body() {
    let bed = Bed::new(Limits::default());
    let answer = exchange(bed.connect(), vec![b"HEAD /x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n".to_vec()]).await;
    assert!(answer.starts_with(b"HTTP/1.1 400 ") && answer.ends_with(b"\r\n\r\n"));
}

#[tokio::test(start_paused = true)]
async fn a_head_request_is_answered_without_a_body() {
    let bed = Bed::new(Limits::default());
    let answer = exchange(bed.connect(), vec![b"HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n".to_vec()]).await;
    assert!(answer.starts_with(b"HTTP/1.1 200 ") && answer.ends_with(b"\r\n\r\n"));
}

#[tokio::test(start_paused = true)]
async fn a_body_is_asked_for_where_the_peer_offers_to_wait() {
    let bed = Bed::new(Limits::default());
    let head = post("Content-Length: 5\r\nExpect: 100-continue\r\n", "");
    let answer = exchange(bed.connect(), vec![head.into(), b"hello".to_vec()]).await;
    assert_eq!(summary(&answer), "100, 200");
    assert_eq!(bed.seen(), ["POST /x 5"]);
}

#[tokio::test(start_paused = true)]
async fn a_handler_cannot_take_the_connection_over() {
    let bed = Bed::new(Limits::default());
    let sent = "GET /upgrade HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n";
    let answer = exchange(bed.connect(), vec![sent.into()]).await;
    assert!(answer.ends_with(b"\r\n\r\nfalse"));
}

#[tokio::test(start_paused = true)]
async fn an_answer_before_the_body_reaches_a_peer_that_still_sends() {
    let bed = Bed::new(Limits::default());
    let head = "POST /early HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n";
    let answer = exchange(bed.connect(), vec![head.into(), vec![b'x'; 1_000_000]]).await;
    assert_eq!(summary(&answer), "403");
}

#[tokio::test(start_paused = true)]
async fn a_refused_peer_is_heard_out() {
    // Refused by the guard, by the parser, and by the router before the body.
    let fields = ["Content-Length: 01\r\n", "X-A : 1\r\n", "Content-Length: 1000000\r\n"];
    for (path, fields) in ["/x", "/x", "/early"].into_iter().zip(fields) {
        let bed = Bed::new(Limits::default());
        let (mut read, mut write) = tokio::io::split(bed.connect());
        let mut answer = Vec::new();
        let sent = [post(fields, "").replace("/x", path).as_bytes(), &[b'x'; 1_000_000]].concat();
        let (read, written) = tokio::join!(read.read_to_end(&mut answer), write.write_all(&sent));
        assert!(read.is_ok() && written.is_ok(), "{fields}");
        assert!(bed.seen().is_empty() && summary(&answer).starts_with('4'), "{fields}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_answered_and_the_connection_goes_on() {
    let bed = Bed::new(Limits::default());
    let sent = "GET /panic HTTP/1.1\r\nHost: a\r\n\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n";
    let answer = exchange(bed.connect(), vec![sent.into()]).await;
    assert_eq!(summary(&answer), "500 The delivery could not be processed., 200");
    assert!(!String::from_utf8_lossy(&answer).contains("secret"));
}
