//! The load: connections that are kept open, each sending its next delivery when the last one was answered.
//!
//! The sender never sleeps: it looks at one connection after the other. A sleeping one would have to be woken by each
//! answer, at the server's cost, and the more often the faster the server is.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use crate::sender::Deliveries;

/// What was seen of the answers.
#[derive(Debug)]
pub struct Seen {
    /// From the first byte sent to the last one received.
    pub wall: Duration,
    /// How long each delivery took, sorted.
    pub latencies: Vec<Duration>,
}

impl Seen {
    /// The latency below which this share of the answers lies.
    #[must_use]
    pub fn percentile(&self, share: f64) -> Duration {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
        let index = (self.latencies.len() as f64 * share) as usize;
        self.latencies.get(index.min(self.latencies.len().saturating_sub(1))).copied().unwrap_or_default()
    }
}

/// Sends every delivery over so many connections. Each must be answered with this status.
///
/// # Errors
/// A connection that breaks, or another status.
pub fn send(address: SocketAddr, deliveries: &Deliveries, connections: usize, status: u16) -> io::Result<Seen> {
    let connect = |_| Connection::open(address);
    let mut open = (0..connections).map(connect).collect::<io::Result<Vec<Connection>>>()?;
    let mut next = deliveries.heads.iter();
    let mut latencies = Vec::with_capacity(deliveries.len());
    let begin = Instant::now();
    while !open.is_empty() {
        let mut failed = None;
        open.retain_mut(|connection| {
            if connection.is_idle {
                let Some(head) = next.next() else { return false };
                connection.begin(head, &deliveries.body);
            }
            match connection.go_on(status) {
                Ok(Some(latency)) => latencies.push(latency),
                Ok(None) => {}
                Err(error) => failed = Some(error),
            }
            true
        });
        if let Some(error) = failed {
            return Err(error);
        }
    }
    let wall = begin.elapsed();
    latencies.sort_unstable();
    Ok(Seen { wall, latencies })
}

/// One connection, with the delivery that it carries.
struct Connection {
    stream: TcpStream,
    is_idle: bool,
    began: Instant,
    request: Vec<u8>,
    sent: usize,
    answer: Vec<u8>,
}

impl Connection {
    fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        Ok(Self { stream, is_idle: true, began: Instant::now(), request: Vec::new(), sent: 0, answer: Vec::new() })
    }

    fn begin(&mut self, head: &[u8], body: &[u8]) {
        self.request.clear();
        self.request.extend_from_slice(head);
        self.request.extend_from_slice(body);
        self.answer.clear();
        (self.sent, self.is_idle, self.began) = (0, false, Instant::now());
    }

    /// Goes on with the delivery, as far as that can be without waiting. Says how long it took when it was answered.
    fn go_on(&mut self, status: u16) -> io::Result<Option<Duration>> {
        while let Some(rest) = self.request.get(self.sent..).filter(|it| !it.is_empty()) {
            let Some(sent) = ready(self.stream.write(rest))? else { return Ok(None) };
            self.sent += sent;
        }
        let mut piece = [0; 4096];
        let Some(read) = ready(self.stream.read(&mut piece))? else { return Ok(None) };
        self.answer.extend_from_slice(&piece[..read]);
        if read == 0 {
            return Err(io::Error::other(format!("closed after {:?}", String::from_utf8_lossy(&self.answer))));
        }
        if !is_whole(&self.answer) {
            return Ok(None);
        }
        if self.answer.get(9..12) != Some(status.to_string().as_bytes()) {
            return Err(io::Error::other(format!("answered {:?}", String::from_utf8_lossy(&self.answer))));
        }
        self.is_idle = true;
        Ok(Some(self.began.elapsed()))
    }
}

fn ready(done: io::Result<usize>) -> io::Result<Option<usize>> {
    match done {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(None),
        Err(error) => Err(error),
    }
}

/// Did an answer with a `Content-Length` arrive in full?
fn is_whole(answer: &[u8]) -> bool {
    let Some(end) = answer.windows(4).position(|it| it == b"\r\n\r\n") else { return false };
    let length = answer[..end].split(|it| *it == b'\n').find_map(|line| {
        let (name, value) = line.split_at_checked(15)?;
        let value = std::str::from_utf8(value).ok()?.trim().parse::<usize>().ok()?;
        name.eq_ignore_ascii_case(b"content-length:").then_some(value)
    });
    answer.len() >= end + 4 + length.unwrap_or(0)
}
