//! The load: connections that are kept open, each sending its next delivery when the last one was answered.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

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
pub async fn send(
    address: SocketAddr,
    deliveries: &Arc<Deliveries>,
    connections: usize,
    status: u16,
) -> io::Result<Seen> {
    let mut streams = Vec::new();
    for _ in 0..connections {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        streams.push(stream);
    }
    let next = Arc::new(AtomicUsize::new(0));
    let mut senders = JoinSet::new();
    let begin = Instant::now();
    for stream in streams {
        senders.spawn(one(stream, Arc::clone(deliveries), Arc::clone(&next), status));
    }
    let mut latencies = Vec::with_capacity(deliveries.len());
    while let Some(sent) = senders.join_next().await {
        latencies.extend(sent.map_err(io::Error::other)??);
    }
    let wall = begin.elapsed();
    latencies.sort_unstable();
    Ok(Seen { wall, latencies })
}

async fn one(
    mut stream: TcpStream,
    deliveries: Arc<Deliveries>,
    next: Arc<AtomicUsize>,
    status: u16,
) -> io::Result<Vec<Duration>> {
    let mut latencies = Vec::with_capacity(deliveries.len() / 8);
    let mut request = Vec::with_capacity(1024 + deliveries.body.len());
    let mut answer = [0; 4096];
    while let Some(head) = deliveries.heads.get(next.fetch_add(1, Ordering::Relaxed)) {
        request.clear();
        request.extend_from_slice(head);
        request.extend_from_slice(&deliveries.body);
        let begin = Instant::now();
        stream.write_all(&request).await?;
        let mut read = 0;
        loop {
            let more = stream.read(&mut answer[read..]).await?;
            read += more;
            if more == 0 {
                return Err(io::Error::other(format!("closed after {:?}", text(&answer[..read]))));
            }
            if is_whole(&answer[..read]) {
                break;
            }
        }
        latencies.push(begin.elapsed());
        if answer.get(9..12) != Some(status.to_string().as_bytes()) {
            return Err(io::Error::other(format!("answered {:?}", text(&answer[..read]))));
        }
    }
    Ok(latencies)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
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
