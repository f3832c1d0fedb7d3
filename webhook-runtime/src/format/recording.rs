//! A received delivery as a file: what `webhook listen --record` writes, and what a test replays.
//!
//! The file is the request as it would stand on the wire, behind a few lines about it:
//!
//! ```text
//! webhook-recording 1
//! source: stripe
//! received: 2026-01-15T09:30:00Z
//! body-bytes: 22
//!
//! POST /webhooks/stripe HTTP/1.1
//! content-type: application/json
//! stripe-signature: t=1768469400,v1=5257a869…
//!
//! {"type":"invoice.paid"}
//! ```
//!
//! Headers and body are kept byte for byte. A file that was cut, or whose body was edited without its number of bytes,
//! is refused. It holds what the sender sent, tokens included: keep it as you keep a secret.

use std::fmt;
use std::time::SystemTime;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderName, HeaderValue, Request};

/// One delivery as it was received.
///
/// ```
/// use std::time::SystemTime;
/// use webhook_runtime::{axum::http::Request, Recording};
///
/// let (parts, ()) = Request::post("/webhooks/stripe").header("stripe-signature", "t=1,v1=5257").body(())?.into_parts();
/// let file = Recording::new("stripe", SystemTime::UNIX_EPOCH, parts, "{}").write();
///
/// let read = Recording::read(&file)?;
/// assert_eq!((read.source(), &read.body()[..]), ("stripe", &b"{}"[..]));
/// assert!(Recording::read(&file[..file.len() - 1]).unwrap_err().to_string().contains("was cut"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Recording {
    source: String,
    received: SystemTime,
    parts: Parts,
    body: Bytes,
}

/// Its head and its body may hold tokens: neither is shown.
impl fmt::Debug for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recording")
            .field("source", &self.source)
            .field("received", &self.received)
            .field("method", &self.parts.method)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl Recording {
    /// A delivery that was received for this source (its name, without a line break) at this time.
    pub fn new(source: impl Into<String>, received: SystemTime, parts: Parts, body: impl Into<Bytes>) -> Self {
        Self { source: source.into().replace(['\r', '\n'], " "), received, parts, body: body.into() }
    }

    /// The name of its source.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// When it was received, in whole seconds where it was read from a file.
    #[must_use]
    pub fn received(&self) -> SystemTime {
        self.received
    }

    /// Its method, its path and its headers.
    #[must_use]
    pub fn parts(&self) -> &Parts {
        &self.parts
    }

    /// Its body.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The file.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let target = self.parts.uri.path_and_query().map_or("/", |it| it.as_str());
        let mut file = format!(
            "{FORMAT}\nsource: {}\nreceived: {}\nbody-bytes: {}\n\n{} {target} HTTP/1.1\n",
            self.source,
            humantime::format_rfc3339_seconds(self.received),
            self.body.len(),
            self.parts.method,
        )
        .into_bytes();
        for (name, value) in &self.parts.headers {
            file.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\n"].concat());
        }
        file.push(b'\n');
        file.extend(&self.body);
        file
    }

    /// Reads a file.
    ///
    /// # Errors
    /// Whatever in it is not as it was written.
    pub fn read(file: &[u8]) -> Result<Self, RecordingError> {
        let mut rest = file;
        if line(&mut rest) != Some(FORMAT.as_bytes()) {
            return Err(RecordingError::NoRecording);
        }
        let source = about(&mut rest, "source")?;
        let received = about(&mut rest, "received")?;
        let received = humantime::parse_rfc3339(&received).map_err(|_| RecordingError::About("received"))?;
        let length = about(&mut rest, "body-bytes")?;
        let length: usize = length.parse().map_err(|_| RecordingError::About("body-bytes"))?;
        match line(&mut rest) {
            Some(b"") => {}
            _ => return Err(RecordingError::Cut),
        }
        let request = line(&mut rest).ok_or(RecordingError::Cut)?;
        let mut request = request_of(request).ok_or(RecordingError::RequestLine)?;
        loop {
            match line(&mut rest).ok_or(RecordingError::Cut)? {
                b"" => break,
                header => {
                    let (name, value) = header_of(header).ok_or(RecordingError::Header)?;
                    request.headers_mut().append(name, value);
                }
            }
        }
        if rest.len() != length {
            return Err(RecordingError::Length { says: length, has: rest.len() });
        }
        Ok(Self { source, received, parts: request.into_parts().0, body: Bytes::copy_from_slice(rest) })
    }
}

/// Takes a line that is ended; nothing where the file ends within it.
fn line<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let end = memchr::memchr(b'\n', rest)?;
    let (line, behind) = (rest.get(..end)?, rest.get(end + 1..)?);
    *rest = behind;
    // An editor or a checkout may have changed the line ends.
    Some(line.strip_suffix(b"\r").unwrap_or(line))
}

/// The value of a line about the delivery.
fn about(rest: &mut &[u8], name: &'static str) -> Result<String, RecordingError> {
    let line = line(rest).ok_or(RecordingError::Cut)?;
    let text = std::str::from_utf8(line).map_err(|_| RecordingError::About(name))?;
    let value = text.strip_prefix(name).and_then(|it| it.strip_prefix(": "));
    value.map(str::to_owned).ok_or(RecordingError::About(name))
}

fn request_of(line: &[u8]) -> Option<Request<()>> {
    let mut words = std::str::from_utf8(line).ok()?.split(' ');
    let (method, target) = (words.next()?, words.next()?);
    let is_whole = words.next() == Some("HTTP/1.1") && words.next().is_none();
    is_whole.then(|| Request::builder().method(method).uri(target).body(()).ok()).flatten()
}

fn header_of(line: &[u8]) -> Option<(HeaderName, HeaderValue)> {
    let end = memchr::memchr(b':', line)?;
    let (name, value) = (line.get(..end)?, line.get(end + 1..)?);
    let value = value.strip_prefix(b" ").unwrap_or(value);
    Some((HeaderName::from_bytes(name).ok()?, HeaderValue::from_bytes(value).ok()?))
}

/// Why a file is no recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecordingError {
    /// It does not begin as one.
    NoRecording,
    /// It ends before the body begins.
    Cut,
    /// This line about the delivery is not there, or is malformed.
    About(&'static str),
    /// The line with method and path is none.
    RequestLine,
    /// A header is none.
    Header,
    /// The body has another length than the file says.
    Length {
        /// The bytes that the file says.
        says: usize,
        /// The bytes that are there.
        has: usize,
    },
}

impl fmt::Display for RecordingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRecording => write!(f, "the file is no recording: its first line is not `{FORMAT}`"),
            Self::Cut => {
                f.write_str("the recording was cut: it ends before its body begins. Record the delivery again")
            }
            Self::About(name) => write!(f, "the recording has no line `{name}: …` where it belongs"),
            Self::RequestLine => f.write_str("the recording has no line like `POST /webhooks/name HTTP/1.1`"),
            Self::Header => f.write_str("the recording has a line among its headers that is none: write `name: value`"),
            Self::Length { says, has } if has < says => write!(
                f,
                "the recording was cut: {has} bytes of its body are left of {says}. Record the delivery again, or, \
                 where the body was edited, write the new number behind `body-bytes:`"
            ),
            Self::Length { says, has } => write!(
                f,
                "the recording has {has} bytes of body and says {says}: where the body was edited, write the new number \
                 behind `body-bytes:`"
            ),
        }
    }
}

impl std::error::Error for RecordingError {}

/// The first line, with the version of the format.
const FORMAT: &str = "webhook-recording 1";

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use http::{HeaderValue, Request};

    use super::{Recording, RecordingError};

    fn recording(body: &[u8]) -> Recording {
        let mut request = Request::put("/webhooks/a?b=%20c").header("x-one", "1").body(()).unwrap();
        request.headers_mut().append("x-one", HeaderValue::from_static(" 2: b "));
        request.headers_mut().append("x-latin", HeaderValue::from_bytes(b"caf\xe9").unwrap());
        request.headers_mut().append("x-empty", HeaderValue::from_static(""));
        let received = SystemTime::UNIX_EPOCH + Duration::from_secs(1_768_469_400);
        Recording::new("stripe", received, request.into_parts().0, body.to_vec())
    }

    #[test]
    fn a_delivery_is_kept_byte_for_byte() {
        for body in [&b""[..], b"{\"a\":1}\n", b"a=b&c=%20\r\n", b"\0\xff\n\n", b"webhook-recording 1\n"] {
            let own = recording(body);
            let read = Recording::read(&own.write()).unwrap();
            assert_eq!(read.body(), body);
            assert_eq!(read.parts().headers, own.parts().headers);
            let line = |it: &Recording| (it.parts().method.clone(), it.parts().uri.clone());
            assert_eq!(line(&read), line(&own));
            assert_eq!((read.source(), read.received()), ("stripe", own.received()));
        }
    }

    #[test]
    fn a_file_cut_anywhere_is_refused_and_says_so() {
        let file = recording(b"{\"a\":1}").write();
        for end in 0..file.len() {
            let error = Recording::read(&file[..end]).unwrap_err();
            let said = error.to_string();
            assert!(said.contains("was cut") || error == RecordingError::NoRecording, "{end}: {said}");
        }
        assert_eq!(Recording::read(b"{\"a\":1}").unwrap_err(), RecordingError::NoRecording);
    }

    #[test]
    fn what_was_edited_is_told() {
        let file = String::from_utf8(recording(b"{}").write().into_iter().filter(u8::is_ascii).collect()).unwrap();
        let check = |from: &str, to: &str, expected: RecordingError| {
            assert!(file.contains(from), "{from}");
            assert_eq!(Recording::read(file.replacen(from, to, 1).as_bytes()).unwrap_err(), expected, "{to}");
        };
        check("recording 1", "recording 2", RecordingError::NoRecording);
        check("source: ", "sauce: ", RecordingError::About("source"));
        check("2026-", "26-", RecordingError::About("received"));
        check("body-bytes: 2", "body-bytes: many", RecordingError::About("body-bytes"));
        check("{}", "{ }", RecordingError::Length { says: 2, has: 3 });
        check("HTTP/1.1", "HTTP/2", RecordingError::RequestLine);
        check("x-empty:", "x-empty", RecordingError::Header);
        assert!(Recording::read(file.replace('\n', "\r\n").as_bytes()).is_ok());
    }

    #[test]
    fn nothing_of_the_delivery_is_shown() {
        let shown = format!("{:?}", recording(b"canary"));
        assert!(!shown.contains("canary") && !shown.contains("caf") && !shown.contains("%20c"), "{shown}");
    }
}
