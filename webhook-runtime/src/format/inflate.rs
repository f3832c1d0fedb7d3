//! Bodies with a `Content-Encoding`, inflated by `flate2` up to a limit.
//!
//! 1. **Accepted** is one stream of gzip (RFC 1952), or of zlib as `deflate` (RFC 1950), that is the whole body.
//! 2. **Refused** is what inflates to more than the limit, before it does; what ends early, or goes on behind its end.
//! 3. **Trap**: the header alone says what a body is. Its first bytes are never asked.

use std::io::{self, Read};

use bytes::Bytes;
use flate2::bufread::{GzDecoder, ZlibDecoder};

/// An encoding that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coding {
    Gzip,
    Deflate,
}

/// Why a body was not inflated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotInflated {
    /// It inflates to more than the limit.
    TooLarge,
    /// It is not of its encoding.
    Broken,
}

impl Coding {
    /// The coding of this name. A list of codings has none.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name.trim().to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => Some(Self::Gzip),
            "deflate" => Some(Self::Deflate),
            _ => None,
        }
    }

    /// Inflates a body to at most so many bytes.
    pub(crate) fn inflate(self, body: &[u8], limit: usize) -> Result<Bytes, NotInflated> {
        let mut rest = body;
        let inflated = match self {
            Self::Gzip => read(GzDecoder::new(&mut rest), limit)?,
            Self::Deflate => read(ZlibDecoder::new(&mut rest), limit)?,
        };
        if rest.is_empty() { Ok(inflated) } else { Err(NotInflated::Broken) }
    }
}

fn read(mut decoder: impl Read, limit: usize) -> Result<Bytes, NotInflated> {
    let mut inflated = Vec::new();
    let mut chunk = [0; CHUNK];
    loop {
        let read = match decoder.read(&mut chunk) {
            Ok(0) => return Ok(inflated.into()),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => return Err(NotInflated::Broken),
        };
        if read > limit.saturating_sub(inflated.len()) {
            return Err(NotInflated::TooLarge);
        }
        inflated.extend_from_slice(chunk.get(..read).unwrap_or_default());
    }
}

/// How much is inflated before the limit is looked at.
const CHUNK: usize = 16 * 1024;

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::{Coding, NotInflated};

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zlib(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn check(coding: Coding, body: &[u8], limit: usize, expected: Result<&[u8], NotInflated>) {
        assert_eq!(coding.inflate(body, limit).as_deref().map_err(|it| *it), expected);
    }

    #[test]
    fn a_body_inflates_to_its_limit_and_no_further() {
        let text = vec![b'x'; 100_000];
        for (coding, body) in [(Coding::Gzip, gzip(&text)), (Coding::Deflate, zlib(&text))] {
            check(coding, &body, 100_000, Ok(&text));
            check(coding, &body, 99_999, Err(NotInflated::TooLarge));
            check(coding, &body, 0, Err(NotInflated::TooLarge));
        }
        check(Coding::Gzip, &gzip(b""), 0, Ok(b""));
    }

    #[test]
    fn a_bomb_is_given_up_at_the_limit() {
        let bomb = gzip(&vec![0; 32 << 20]);
        assert!(bomb.len() < 1 << 20);
        check(Coding::Gzip, &bomb, 1 << 20, Err(NotInflated::TooLarge));
    }

    #[test]
    fn what_is_not_one_whole_stream_is_broken() {
        let body = gzip(b"text");
        let mut raw = DeflateEncoder::new(Vec::new(), Compression::best());
        raw.write_all(b"text").unwrap();
        let mut wrong_sum = body.clone();
        wrong_sum[body.len() - 6] ^= 1;
        for broken in [
            b"".to_vec(),
            b"text".to_vec(),
            body[..body.len() - 1].to_vec(),
            [&*body, b"x"].concat(),
            [&*body, &body].concat(),
            zlib(b"text"),
            wrong_sum,
        ] {
            check(Coding::Gzip, &broken, 1000, Err(NotInflated::Broken));
        }
        for broken in [b"".to_vec(), body, raw.finish().unwrap(), [&*zlib(b"text"), b"x"].concat()] {
            check(Coding::Deflate, &broken, 1000, Err(NotInflated::Broken));
        }
    }

    #[test]
    fn a_coding_is_one_known_name() {
        assert_eq!(Coding::named("GZIP"), Some(Coding::Gzip));
        assert_eq!(Coding::named(" deflate "), Some(Coding::Deflate));
        for name in ["", "br", "zstd", "identity", "gzip, gzip", "gzip, identity", "gzip;q=1"] {
            assert_eq!(Coding::named(name), None, "{name}");
        }
    }
}
