//! Follows a chunked body to its end. Stricter than the decoder behind it, so the two end at the same byte.

use super::Refusal;

/// A chunked body while it arrives.
#[derive(Debug, Default)]
pub(super) struct Chunks {
    at: At,
    size: u64,
    digits: u8,
    extras: usize,
}

/// What the next byte is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum At {
    #[default]
    Size,
    Extension,
    SizeEnd,
    Data,
    DataReturn,
    DataEnd,
    TrailerStart,
    Trailer,
    TrailerEnd,
    LastEnd,
    Done,
}

/// Sixteen hexadecimal digits are all that a 64-bit number has.
const MAX_DIGITS: u8 = 16;
/// The most bytes of extensions and trailers in one body; neither is ever of use to a webhook.
const MAX_EXTRAS: usize = 16 * 1024;

impl Chunks {
    /// Reads on, and says how many of the bytes belong to this body.
    pub(super) fn read(&mut self, bytes: &[u8]) -> Result<usize, Refusal> {
        let mut rest = bytes;
        while self.at != At::Done {
            if self.at == At::Data {
                // The size says how long the data is; nothing in it is looked at.
                let here = usize::try_from(self.size).unwrap_or(usize::MAX).min(rest.len());
                rest = rest.get(here..).unwrap_or_default();
                self.size -= here as u64;
                if self.size > 0 {
                    break;
                }
                self.at = At::DataReturn;
            }
            let Some((byte, behind)) = rest.split_first() else { break };
            self.at = self.step(*byte)?;
            rest = behind;
        }
        Ok(bytes.len() - rest.len())
    }

    pub(super) fn done(&self) -> bool {
        self.at == At::Done
    }

    fn step(&mut self, byte: u8) -> Result<At, Refusal> {
        match (self.at, byte) {
            (At::Size, _) if byte.is_ascii_hexdigit() => self.digit(byte),
            (At::Size, b'\r') if self.digits > 0 => Ok(At::SizeEnd),
            (At::Size, b';') if self.digits > 0 => Ok(At::Extension),
            (At::Size, b'\n') if self.digits > 0 => Err(Refusal::BareLineFeed),
            (At::Extension, b'\r') => Ok(At::SizeEnd),
            (At::Trailer, b'\r') => Ok(At::TrailerEnd),
            (At::Extension | At::TrailerStart | At::Trailer, b'\n') => Err(Refusal::BareLineFeed),
            (At::Extension, _) => self.extra(At::Extension),
            (At::SizeEnd, b'\n') => Ok(self.sized()),
            (At::DataReturn, b'\r') => Ok(At::DataEnd),
            (At::DataEnd, b'\n') => Ok(At::Size),
            (At::TrailerStart, b'\r') => Ok(At::LastEnd),
            (At::TrailerStart | At::Trailer, _) => self.extra(At::Trailer),
            (At::TrailerEnd, b'\n') => Ok(At::TrailerStart),
            (At::LastEnd, b'\n') => Ok(At::Done),
            (At::DataReturn | At::DataEnd | At::TrailerEnd | At::LastEnd, _) => Err(Refusal::ChunkEnd),
            (At::Size | At::SizeEnd | At::Data | At::Done, _) => Err(Refusal::ChunkSize),
        }
    }

    fn digit(&mut self, byte: u8) -> Result<At, Refusal> {
        self.digits += 1;
        if self.digits > MAX_DIGITS {
            return Err(Refusal::ChunkSize);
        }
        let value = char::from(byte).to_digit(16).ok_or(Refusal::ChunkSize)?;
        self.size = self.size << 4 | u64::from(value);
        Ok(At::Size)
    }

    fn sized(&mut self) -> At {
        self.digits = 0;
        if self.size == 0 { At::TrailerStart } else { At::Data }
    }

    fn extra(&mut self, at: At) -> Result<At, Refusal> {
        self.extras += 1;
        if self.extras > MAX_EXTRAS { Err(Refusal::ChunkExtras) } else { Ok(at) }
    }
}
