//! The public `serve` over real sockets, and in a process that is told to end.

use std::net::SocketAddr;

use axum::Router;
use axum::routing::{get, post};
use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

fn router() -> Router {
    Router::new()
        .route("/length", post(|body: Bytes| async move { format!("{} bytes", body.len()) }))
        .route("/panic", get(panics))
}

async fn panics() {
    panic!("a handler that panics")
}

/// Serves until the set is dropped.
async fn serve(servers: &mut JoinSet<()>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    servers.spawn(async { webhook_runtime::serve(listener, router()).await.unwrap() });
    address
}

/// Sends this, and reads until the server closes.
async fn exchange(address: SocketAddr, sent: &[u8]) -> String {
    let (mut read, mut write) = TcpStream::connect(address).await.unwrap().into_split();
    let mut answer = Vec::new();
    let (read, _) = tokio::join!(read.read_to_end(&mut answer), write.write_all(sent));
    // A reset would have cost the peer the answer.
    read.unwrap();
    String::from_utf8(answer).unwrap()
}

async fn check(sent: &str, expected: &[&str]) {
    let mut servers = JoinSet::new();
    let address = serve(&mut servers).await;
    let answer = exchange(address, sent.as_bytes()).await;
    let mut rest = answer.as_str();
    for part in expected {
        let (_, behind) = rest.split_once(part).unwrap_or_else(|| panic!("{part:?} is missing in {rest:?}"));
        rest = behind;
    }
    assert!(!rest.contains("HTTP/1.1 "), "one answer too many: {rest:?}");
}

#[tokio::test]
async fn requests_on_one_connection_are_served_in_order() {
    check(
        "POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello\
         POST /length HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
        &["HTTP/1.1 200 OK", "5 bytes", "HTTP/1.1 200 OK", "2 bytes"],
    )
    .await;
}

#[tokio::test]
async fn ambiguous_framing_is_refused_with_a_problem_document() {
    check(
        "POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n\
         POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
        &["HTTP/1.1 400 Bad Request", "application/problem+json", "exclude each other"],
    )
    .await;
}

#[tokio::test]
async fn the_reason_reaches_a_peer_that_is_still_sending() {
    let body = "x".repeat(4_000_000);
    let sent = format!("POST /length HTTP/1.1\r\nHost: a\r\nHost: b\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    check(&sent, &["HTTP/1.1 400 Bad Request", "more than once"]).await;
    let sent = format!("GET /length HTTP/1.1\r\nHost: a\r\nX-A : b\r\n\r\n{body}");
    check(&sent, &["HTTP/1.1 400 Bad Request"]).await;
}

#[tokio::test]
async fn a_panic_takes_nothing_else_with_it() {
    check(
        "GET /panic HTTP/1.1\r\nHost: a\r\n\r\n\
         POST /length HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi",
        &["HTTP/1.1 500 Internal Server Error", "HTTP/1.1 200 OK", "2 bytes"],
    )
    .await;
}

#[tokio::test]
async fn a_server_that_is_dropped_closes_its_connections() {
    let mut servers = JoinSet::new();
    let address = serve(&mut servers).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n").await.unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
    servers.shutdown().await;
    // Whether it is closed or reset, the read ends.
    let _ = stream.read_to_end(&mut Vec::new()).await;
}

#[cfg(unix)]
mod signals {
    //! The server runs in a process of its own: this one must not be told to end.

    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::TcpStream;
    use std::process::{Child, Command, Stdio};

    use axum::Router;
    use axum::routing::get;
    use tokio::net::TcpListener;

    const CHILD: &str = "WEBHOOK_TEST_SERVES_UNTIL_A_SIGNAL";

    /// Does nothing, unless one of the tests below starts it in a process of its own.
    #[test]
    fn serves_until_a_signal() {
        if std::env::var_os(CHILD).is_none() {
            return;
        }
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            println!("\nport {}", listener.local_addr().unwrap().port());
            let wait = || async {
                println!("\nwaiting");
                tokio::task::spawn_blocking(|| std::io::stdin().lines().next()).await.unwrap();
            };
            let router = Router::new().route("/wait", get(wait)).route("/", get(|| async {}));
            webhook_runtime::serve(listener, router).await.unwrap();
        });
    }

    struct Server {
        child: Child,
        lines: std::io::Lines<BufReader<std::process::ChildStdout>>,
        port: u16,
    }

    impl Server {
        fn start() -> Self {
            let mut child = Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "serve::signals::serves_until_a_signal", "--nocapture"])
                .env(CHILD, "1")
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
            let port = next(&mut lines, "port ").parse().unwrap();
            Self { child, lines, port }
        }

        fn get(&self, path: &str) -> TcpStream {
            let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
            write!(stream, "GET {path} HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
            stream
        }

        /// A connection that is idle behind its first answer, which has no body.
        fn answered(&self, path: &str) -> TcpStream {
            let mut stream = self.get(path);
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                stream.read_exact(&mut byte).unwrap();
                head.extend(byte);
            }
            assert!(head.starts_with(b"HTTP/1.1 200 OK"));
            stream
        }

        fn signal(&self, name: &str) {
            let status = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status();
            assert!(status.unwrap().success());
        }
    }

    fn next(lines: &mut impl Iterator<Item = std::io::Result<String>>, prefix: &str) -> String {
        lines.find_map(|line| line.unwrap().strip_prefix(prefix).map(str::to_owned)).unwrap()
    }

    fn finishes_what_runs(signal: &str) {
        let mut server = Server::start();
        let mut idle = server.answered("/");
        let mut waiting = server.get("/wait");
        next(&mut server.lines, "waiting");
        server.signal(signal);
        // The idle connection is closed by the stop; only then the handler may go on.
        idle.read_to_string(&mut String::new()).unwrap();
        server.child.stdin.take().unwrap().write_all(b"\n").unwrap();
        let mut answer = String::new();
        waiting.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer:?}");
        assert!(server.child.wait().unwrap().success());
    }

    #[test]
    fn sigterm_lets_requests_finish() {
        finishes_what_runs("TERM");
    }

    #[test]
    fn ctrl_c_lets_requests_finish() {
        finishes_what_runs("INT");
    }

    #[test]
    fn a_second_signal_does_not_wait_for_requests() {
        let mut server = Server::start();
        let mut idle = server.answered("/");
        let mut waiting = server.get("/wait");
        next(&mut server.lines, "waiting");
        server.signal("TERM");
        idle.read_to_string(&mut String::new()).unwrap();
        server.signal("INT");
        let mut answer = String::new();
        waiting.read_to_string(&mut answer).unwrap();
        assert_eq!(answer, "");
        // What blocks a thread of the handler ends with it.
        drop(server.child.stdin.take());
        assert!(server.child.wait().unwrap().success());
    }
}
