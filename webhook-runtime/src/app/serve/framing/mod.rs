//! Follows the messages of one HTTP/1 connection before the HTTP parser sees them, and refuses framing that two
//! parsers could read in two ways: what a proxy and this server cut differently is a smuggled request.
//!
//! Refused, each with a problem document, and the connection is closed behind it:
//!
//! 1. `Content-Length` beside `Transfer-Encoding`, in either order
//! 2. `Content-Length` twice, even if equal; anything but digits; leading zeros
//! 3. `Transfer-Encoding` twice, other than exactly `chunked`, or in HTTP/1.0
//! 4. no `Host` in HTTP/1.1, two of them, or one that is no host
//! 5. a line that ends without a carriage return, in a head, between chunks or in trailers
//! 6. chunk sizes with white space or more than sixteen digits, chunks that do not end where they say
//! 7. a head over 16 KiB or 100 fields; chunk extensions and trailers over 16 KiB
//! 8. `CONNECT`, and versions other than 1.0 and 1.1
//!
//! Everything else that is wrong in a head is left to the parser, which refuses it and closes the connection; so the
//! two agree on where each message ends. A head reaches the parser only when it is complete and was accepted:
//! a stalled head keeps nothing but its own bytes in memory, and the parser is idle while it waits.
//!
//! Deployment: behind a proxy the limits on time are measured against the proxy, whose own limits are what its
//! clients feel.
//!
//! Never looks at a path or a body, never answers by itself, never changes a byte that passes.

mod chunks;
mod guard;
mod head;
mod messages;
mod watch;

pub(crate) use guard::Guard;
pub(crate) use watch::{Due, Watch};

/// Why a message is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    BareLineFeed,
    Version,
    Connect,
    LengthAndEncoding,
    LengthTwice,
    Length,
    Encoding,
    NoHost,
    HostTwice,
    Host,
    ChunkSize,
    ChunkEnd,
    ChunkExtras,
    HeadTooLarge,
    BodyTooSlow,
}

impl Refusal {
    /// What the sender is told. It quotes nothing that was sent.
    pub(crate) fn detail(self) -> &'static str {
        match self {
            Self::BareLineFeed => "A line ends without a carriage return.",
            Self::Version => "Only the versions 1.0 and 1.1 of HTTP are served.",
            Self::Connect => "This server is no proxy.",
            Self::LengthAndEncoding => "Content-Length and Transfer-Encoding exclude each other.",
            Self::LengthTwice => "Content-Length stands in the request more than once.",
            Self::Length => "Content-Length is not a plain decimal number.",
            Self::Encoding => "Transfer-Encoding is not exactly chunked.",
            Self::NoHost => "The Host header is missing.",
            Self::HostTwice => "The Host header stands in the request more than once.",
            Self::Host => "The Host header is no host.",
            Self::ChunkSize => "The size of a chunk is not a plain hexadecimal number.",
            Self::ChunkEnd => "A chunk does not end where it says.",
            Self::ChunkExtras => "The extensions of the chunks or the trailers are too long.",
            Self::HeadTooLarge => "The head of the request is too large.",
            Self::BodyTooSlow => "The body did not arrive in time.",
        }
    }
}
