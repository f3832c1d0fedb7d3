//! How much a sender may send, how long it may take, and how long a handler may run.

use std::time::Duration;

/// The limits of the receiver. Each has a default that fits what webhook senders do.
///
/// ```
/// use std::time::Duration;
/// use webhook_runtime::Limits;
///
/// let limits = Limits::default().body(64 * 1024).time(Duration::from_secs(5));
/// assert_eq!(format!("{limits:?}").contains("65536"), true);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub(crate) body: usize,
    pub(crate) time: Duration,
    pub(crate) header_time: Duration,
    pub(crate) body_time: Duration,
    pub(crate) idle_time: Duration,
    pub(crate) connections: usize,
}

/// A limit beyond a year is none, and would only overflow what it is added to.
pub(crate) const LONGEST_TIME: Duration = Duration::from_secs(365 * 24 * 60 * 60);

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 1024 * 1024,
            time: Duration::from_secs(30),
            header_time: Duration::from_secs(5),
            body_time: Duration::from_secs(15),
            idle_time: Duration::from_secs(60),
            connections: 1000,
        }
    }
}

impl Limits {
    /// The largest body, in bytes. 1 MiB unless set; a longer one is answered 413.
    #[must_use]
    pub fn body(mut self, bytes: usize) -> Self {
        self.body = bytes;
        self
    }

    /// How long a handler may run. 30 seconds unless set; then its sender gets 503 and may try again.
    ///
    /// `timeout = "5s"` on a `#[webhook]` sets it for one handler.
    #[must_use]
    pub fn time(mut self, limit: Duration) -> Self {
        self.time = limit.min(LONGEST_TIME);
        self
    }

    /// How long the head of a request may take from its first byte, and a fresh connection to send that byte.
    /// 5 seconds unless set; then the connection is closed. Only the servers of this crate can keep it, since it needs the socket.
    #[must_use]
    pub fn header_time(mut self, limit: Duration) -> Self {
        self.header_time = limit.min(LONGEST_TIME);
        self
    }

    /// How long a body may take from the end of its head. 15 seconds unless set; a slower one is answered 408.
    ///
    /// A server of this crate also gives up an answer of which its peer read nothing for as long.
    #[must_use]
    pub fn body_time(mut self, limit: Duration) -> Self {
        self.body_time = limit.min(LONGEST_TIME);
        self
    }

    /// How many connections are served at once. 1,000 unless set; further ones wait to be accepted.
    /// Only the servers of this crate can keep it, since it needs the socket.
    #[must_use]
    pub fn connections(mut self, most: usize) -> Self {
        self.connections = most;
        self
    }

    /// The same for a body before which nothing was proven: a question fits.
    pub(crate) fn of_unproven(self) -> Self {
        Self { body: self.body.min(4096), ..self }
    }
}
