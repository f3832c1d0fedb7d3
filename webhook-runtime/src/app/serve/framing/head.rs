//! Reads the head of one message as far as its framing goes: where it ends, and what follows it.
//!
//! It only looks for three header names; whatever else a line is wrong in, the parser behind it refuses.

use super::Refusal;

/// What follows a head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Body {
    Sized(u64),
    Chunked,
}

/// How far a head was read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Progress {
    Partial,
    Complete { length: usize, body: Body },
}

/// A head while it arrives. All positions count from its first byte.
#[derive(Debug, Default)]
pub(super) struct Head {
    line: usize,
    searched: usize,
    version: Option<Version>,
    fields: usize,
    host: bool,
    length: Option<u64>,
    chunked: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Version {
    Ten,
    Eleven,
}

/// The longest head, in bytes.
const MAX_HEAD: usize = 16 * 1024;
/// The most header fields; the parser behind has room for as many.
const MAX_FIELDS: usize = 100;

impl Head {
    /// Reads on. `bytes` begin where the head begins, also when it arrives in pieces.
    pub(super) fn read(&mut self, bytes: &[u8]) -> Result<Progress, Refusal> {
        let from = self.searched;
        for found in memchr::memchr_iter(b'\n', bytes.get(from..).unwrap_or_default()) {
            let end = from + found;
            if end >= MAX_HEAD {
                return Err(Refusal::HeadTooLarge);
            }
            let line = bytes.get(self.line..end).unwrap_or_default();
            let line = line.strip_suffix(b"\r").ok_or(Refusal::BareLineFeed)?;
            self.line = end + 1;
            self.searched = self.line;
            match (line.is_empty(), self.version) {
                (true, Some(version)) => return self.complete(version),
                // Empty lines ahead of a request are skipped, as RFC 9112 asks for in 2.2.
                (true, None) => {}
                (false, None) => self.version = Some(request_line(line)?),
                (false, Some(version)) => self.field(line, version)?,
            }
        }
        self.searched = bytes.len();
        if bytes.len() > MAX_HEAD { Err(Refusal::HeadTooLarge) } else { Ok(Progress::Partial) }
    }

    fn field(&mut self, line: &[u8], version: Version) -> Result<(), Refusal> {
        self.fields += 1;
        if self.fields > MAX_FIELDS {
            return Err(Refusal::HeadTooLarge);
        }
        // The first letter tells most lines from the three that count.
        match line.first() {
            Some(b'h' | b'H') => value_of(b"host", line).map_or(Ok(()), |it| self.host(it)),
            Some(b'c' | b'C') => value_of(b"content-length", line).map_or(Ok(()), |it| self.content_length(it)),
            Some(b't' | b'T') => {
                value_of(b"transfer-encoding", line).map_or(Ok(()), |it| self.transfer_encoding(it, version))
            }
            _ => Ok(()),
        }
    }

    fn host(&mut self, value: &[u8]) -> Result<(), Refusal> {
        if std::mem::replace(&mut self.host, true) {
            return Err(Refusal::HostTwice);
        }
        // Commas are legal in a host and never seen in one: they are what is left of two merged headers.
        let is_mark =
            |it: &u8| matches!(it, b'!' | b'$'..=b'+' | b'-' | b'.' | b':' | b';' | b'=' | b'[' | b']' | b'_' | b'~');
        let legal = |it: &u8| it.is_ascii_alphanumeric() || is_mark(it);
        if value.iter().all(legal) { Ok(()) } else { Err(Refusal::Host) }
    }

    fn content_length(&mut self, value: &[u8]) -> Result<(), Refusal> {
        if self.length.is_some() {
            return Err(Refusal::LengthTwice);
        }
        if self.chunked {
            return Err(Refusal::LengthAndEncoding);
        }
        self.length = Some(decimal(value).ok_or(Refusal::Length)?);
        Ok(())
    }

    fn transfer_encoding(&mut self, value: &[u8], version: Version) -> Result<(), Refusal> {
        if self.length.is_some() {
            return Err(Refusal::LengthAndEncoding);
        }
        if self.chunked || version == Version::Ten || !value.eq_ignore_ascii_case(b"chunked") {
            return Err(Refusal::Encoding);
        }
        self.chunked = true;
        Ok(())
    }

    fn complete(&self, version: Version) -> Result<Progress, Refusal> {
        if version == Version::Eleven && !self.host {
            return Err(Refusal::NoHost);
        }
        let body = if self.chunked { Body::Chunked } else { Body::Sized(self.length.unwrap_or(0)) };
        Ok(Progress::Complete { length: self.line, body })
    }
}

fn request_line(line: &[u8]) -> Result<Version, Refusal> {
    let version = if line.ends_with(b" HTTP/1.1") {
        Version::Eleven
    } else if line.ends_with(b" HTTP/1.0") {
        Version::Ten
    } else {
        return Err(Refusal::Version);
    };
    // The answer to a CONNECT turns the connection into a tunnel, in which no message has an end.
    if line.starts_with(b"CONNECT ") { Err(Refusal::Connect) } else { Ok(version) }
}

/// The value of the line if its name is this one, in letters of either case. Letters differ in one bit between the cases;
/// what else that bit makes alike is no byte of a name, and refused by the parser.
fn value_of<'a, const N: usize>(name: &[u8; N], line: &'a [u8]) -> Option<&'a [u8]> {
    let (found, rest) = line.split_first_chunk::<N>()?;
    let value = rest.strip_prefix(b":")?;
    let differs = found.iter().zip(name).fold(0, |differs, (one, other)| differs | (one | 0x20) ^ other);
    (differs == 0).then(|| trim(value))
}

/// Takes the white space of HTTP off, which is spaces and tabs alone.
fn trim(mut value: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = value {
        value = rest;
    }
    value
}

/// Digits without a leading zero. `str::parse` would also take a plus sign.
fn decimal(value: &[u8]) -> Option<u64> {
    if let [] | [b'0', _, ..] = value {
        return None;
    }
    value.iter().try_fold(0_u64, |sum, digit| {
        let digit = digit.is_ascii_digit().then(|| u64::from(digit - b'0'))?;
        sum.checked_mul(10)?.checked_add(digit)
    })
}
