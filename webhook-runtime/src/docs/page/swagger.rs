//! Swagger UI, out of the crate that ships it as an archive: two of its files, as they are compressed there.
//!
//! A file of a ZIP archive is a stream of DEFLATE (RFC 1951), and so is one of gzip (RFC 1952): another frame around the
//! same bytes makes one of the other, and nothing is ever inflated or compressed. They are taken at compile time, so
//! that the program holds these two and not the whole archive.

use utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED as ARCHIVE;

use crate::docs::page::asset::Kind;

/// A file of Swagger UI.
pub(super) struct File {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// What tells it from other versions.
    pub(super) version: String,
    pub(super) gzip: Vec<u8>,
}

/// What the files are called below the page.
pub(super) const NAMES: [&str; 2] = ["swagger-ui.css", "swagger-ui-bundle.js"];

pub(super) fn files() -> [File; 2] {
    let [style, script] = NAMES;
    [
        File { name: style, kind: Kind::Css, version: STYLE.version(), gzip: STYLE.gzip(&STYLE_BYTES) },
        File { name: script, kind: Kind::JavaScript, version: SCRIPT.version(), gzip: SCRIPT.gzip(&SCRIPT_BYTES) },
    ]
}

/// What tells both files from those of another version.
pub(super) fn version() -> String {
    format!("{}{}", STYLE.version(), SCRIPT.version())
}

const STYLE: Entry = Entry::find(b"/dist/swagger-ui.css");
const SCRIPT: Entry = Entry::find(b"/dist/swagger-ui-bundle.js");
static STYLE_BYTES: [u8; STYLE.compressed] = STYLE.bytes();
static SCRIPT_BYTES: [u8; SCRIPT.compressed] = SCRIPT.bytes();

// Another version of the crate may have another archive. Then nothing compiles, rather than a page that stays blank.
const _: () = assert!(STYLE.is_deflated && SCRIPT.is_deflated);

/// Where a file stands in the archive.
struct Entry {
    start: usize,
    compressed: usize,
    crc: u32,
    size: u32,
    is_deflated: bool,
}

impl Entry {
    /// The file whose path ends so, by the directory at the end of the archive:
    /// <https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>, sections 4.3.12 and 4.3.16.
    const fn find(end_of_path: &[u8]) -> Self {
        let end = end_of_archive();
        let mut at = u32_at(end + 16) as usize;
        let mut left = u16_at(end + 10);
        while left > 0 {
            let path_length = u16_at(at + 28);
            let path_end = at + 46 + path_length;
            if path_length >= end_of_path.len() && is_at(path_end - end_of_path.len(), end_of_path) {
                let header = u32_at(at + 42) as usize;
                return Self {
                    start: header + 30 + u16_at(header + 26) + u16_at(header + 28),
                    compressed: u32_at(at + 20) as usize,
                    crc: u32_at(at + 16),
                    size: u32_at(at + 24),
                    is_deflated: u16_at(at + 10) == 8,
                };
            }
            at = path_end + u16_at(at + 30) + u16_at(at + 32);
            left -= 1;
        }
        Self { start: 0, compressed: 0, crc: 0, size: 0, is_deflated: false }
    }

    const fn bytes<const LENGTH: usize>(&self) -> [u8; LENGTH] {
        match ARCHIVE.split_at(self.start).1.first_chunk() {
            Some(bytes) => *bytes,
            None => [0; LENGTH],
        }
    }

    fn version(&self) -> String {
        format!("{:08x}", self.crc)
    }

    /// The same stream in the frame of gzip.
    fn gzip(&self, deflated: &[u8]) -> Vec<u8> {
        // DEFLATE, no flags, no time, no further level, an unknown operating system.
        const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
        [&HEAD, deflated, &self.crc.to_le_bytes(), &self.size.to_le_bytes()].concat()
    }
}

/// The record that ends the archive, before its comment.
const fn end_of_archive() -> usize {
    let mut at = ARCHIVE.len() - 22;
    while !is_at(at, b"PK\x05\x06") {
        at -= 1;
    }
    at
}

const fn is_at(mut at: usize, mut expected: &[u8]) -> bool {
    while let Some((first, rest)) = expected.split_first() {
        match ARCHIVE.split_at(at).1.first() {
            Some(byte) if *byte == *first => {}
            _ => return false,
        }
        (at, expected) = (at + 1, rest);
    }
    true
}

const fn u16_at(at: usize) -> usize {
    match ARCHIVE.split_at(at).1.first_chunk() {
        Some(bytes) => u16::from_le_bytes(*bytes) as usize,
        None => 0,
    }
}

const fn u32_at(at: usize) -> u32 {
    match ARCHIVE.split_at(at).1.first_chunk() {
        Some(bytes) => u32::from_le_bytes(*bytes),
        None => 0,
    }
}
