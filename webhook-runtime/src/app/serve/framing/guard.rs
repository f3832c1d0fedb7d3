//! The stream between the socket and the HTTP parser: only whole, accepted heads and the bodies behind them pass.
//!
//! In place of a refused head the parser gets an empty request that closes the connection, and its number is noted:
//! the service answers that request by itself, behind the answers to whatever was sent before it.
//! Nothing that follows a refused message is ever passed on.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

use super::Refusal;
use super::messages::Messages;
use super::watch::{Reading, Watch};

/// A stream whose messages are followed.
#[derive(Debug)]
pub(crate) struct Guard<S> {
    stream: S,
    watch: Arc<Watch>,
    messages: Messages,
    /// Bytes that were read and have not passed: a head in pieces, or what stands for a refused one.
    held: Vec<u8>,
    /// How many of them may pass.
    cleared: usize,
    reading: Reading,
    end: Option<End>,
    body: Wait,
    write_stalled: bool,
    shut: bool,
}

/// Why nothing more is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Head,
    Body,
    Late,
}

/// How long the body of one message was waited for.
#[derive(Debug, Default)]
struct Wait {
    message: Option<u64>,
    since: Option<Instant>,
    left: Duration,
}

/// Stand for a refused head. An answer to HEAD must not have a body, or its client takes it for the next answer.
const STAND_IN: &[u8] = b"GET / HTTP/1.1\r\nhost: refused\r\nconnection: close\r\n\r\n";
const STAND_IN_FOR_HEAD: &[u8] = b"HEAD / HTTP/1.1\r\nhost: refused\r\nconnection: close\r\n\r\n";

impl<S: AsyncRead + AsyncWrite + Unpin> Guard<S> {
    pub(crate) fn new(stream: S, watch: Arc<Watch>) -> Self {
        Self {
            stream,
            watch,
            messages: Messages::default(),
            held: Vec::new(),
            cleared: 0,
            reading: Reading::Nothing,
            end: None,
            body: Wait::default(),
            write_stalled: false,
            shut: false,
        }
    }

    /// Follows bytes that were read into `buf` behind `before`, and takes back those that do not pass.
    fn follow(&mut self, buf: &mut ReadBuf<'_>, before: usize) {
        let fresh = buf.filled().get(before..).unwrap_or_default();
        let passed = if self.held.is_empty() {
            let followed = self.messages.follow(fresh);
            let rest = fresh.get(followed.passed..).unwrap_or_default();
            match followed.refusal {
                Some(refusal) => self.refuse(refusal, rest.starts_with(b"HEAD ")),
                None => self.held.extend_from_slice(rest),
            }
            followed.passed
        } else {
            self.held.extend_from_slice(fresh);
            let followed = self.messages.follow(&self.held);
            self.cleared = followed.passed;
            if let Some(refusal) = followed.refusal {
                let head = self.held.get(self.cleared..).is_some_and(|rest| rest.starts_with(b"HEAD "));
                self.refuse(refusal, head);
            }
            0
        };
        buf.set_filled(before + passed);
        let head = self.held.len() > self.cleared;
        self.reads(if head { Reading::Head } else { Reading::Nothing });
    }

    fn refuse(&mut self, refusal: Refusal, head: bool) {
        self.watch.refuse(self.messages.current(), refusal);
        self.held.truncate(self.cleared);
        if self.messages.in_body() {
            self.end = Some(End::Body);
        } else {
            self.end = Some(End::Head);
            self.held.extend_from_slice(if head { STAND_IN_FOR_HEAD } else { STAND_IN });
            self.cleared = self.held.len();
        }
    }

    /// Passes on what was held back.
    fn release(&mut self, buf: &mut ReadBuf<'_>) {
        let here = self.cleared.min(buf.remaining());
        buf.put_slice(self.held.get(..here).unwrap_or_default());
        self.held.drain(..here);
        self.cleared -= here;
        if self.held.is_empty() {
            self.held = Vec::new();
        }
    }

    /// The peer has sent nothing more.
    fn waits(&mut self) {
        if !self.messages.in_body() || self.body.since.is_some() {
            return;
        }
        let message = self.messages.current();
        if self.body.message != Some(message) {
            self.body = Wait { message: Some(message), since: None, left: self.watch.patience() };
        }
        let now = Instant::now();
        self.body.since = Some(now);
        self.reads(Reading::Body { message, until: now + self.body.left });
    }

    /// The peer has sent something. A thousand bytes earn a second, so that a body that drips ends too.
    fn arrived(&mut self, bytes: usize) {
        if let Some(since) = self.body.since.take() {
            let earned = Duration::from_millis(bytes as u64);
            self.body.left = (self.body.left.saturating_sub(since.elapsed()) + earned).min(self.watch.patience());
        }
    }

    fn reads(&mut self, reading: Reading) {
        if self.reading != reading {
            self.reading = reading;
            self.watch.reads(reading);
        }
    }

    fn writes<T>(&mut self, written: Poll<T>) -> Poll<T> {
        if self.write_stalled != written.is_pending() {
            self.write_stalled = written.is_pending();
            self.watch.writes(self.write_stalled);
        }
        written
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Guard<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.body.since.is_some() && this.watch.is_late() {
            this.end = Some(End::Late);
        }
        let before = buf.filled().len();
        loop {
            if this.cleared > 0 {
                this.release(buf);
                return Poll::Ready(Ok(()));
            }
            match this.end {
                // An end of the stream would make the parser drop the connection before the refusal is written.
                Some(End::Head) => return Poll::Pending,
                Some(End::Body) => return Poll::Ready(Err(io::ErrorKind::InvalidData.into())),
                Some(End::Late) => return Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
                None => {}
            }
            if Pin::new(&mut this.stream).poll_read(cx, buf)?.is_pending() {
                this.waits();
                return Poll::Pending;
            }
            let bytes = buf.filled().len() - before;
            if bytes == 0 {
                return Poll::Ready(Ok(()));
            }
            this.arrived(bytes);
            this.follow(buf, before);
            if buf.filled().len() > before {
                return Poll::Ready(Ok(()));
            }
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Guard<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.stream).poll_write(cx, buf);
        this.writes(written)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.stream).poll_write_vectored(cx, bufs);
        this.writes(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    /// Says that nothing more is written; then, where the peer was cut off in the middle of a message or the parser
    /// refused one, reads on for a moment and throws away what comes.
    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if !this.shut {
            ready!(Pin::new(&mut this.stream).poll_shutdown(cx))?;
            this.shut = true;
            let all_heard = this.end.is_none() && !this.messages.in_body();
            if all_heard && this.watch.has_begun(this.messages.current()) {
                return Poll::Ready(Ok(()));
            }
            this.watch.lingers();
        }
        let mut scratch = [0; 4096];
        loop {
            let mut buf = ReadBuf::new(&mut scratch);
            let read = ready!(Pin::new(&mut this.stream).poll_read(cx, &mut buf));
            if read.is_err() || buf.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
        }
    }
}
