//! Everything in the head that could be a signature, however it is written.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use http::{HeaderMap, HeaderName};

use super::names::{is_like, looks_like_a_signature, renamed};
use super::report::{Fault, Finding};
use super::search::ALGORITHMS;
use crate::signature::encoding::Encoding;
use crate::signature::recipe::{Recipe, SignatureAt};

/// Bytes that may be the signature.
pub(super) struct Claim {
    pub(super) bytes: Vec<u8>,
    label: String,
    spelling: Spelling,
    header: HeaderName,
    /// Does it stand in quotes?
    quoted: bool,
    /// Is it in a header that is there once?
    alone: bool,
}

/// How bytes are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spelling {
    Hex,
    UpperHex,
    Base64,
    /// Without padding, or of the alphabet for URLs.
    OtherBase64,
    /// The text in hex was written in base64.
    HexInBase64,
}

/// What a recipe expects of its signature.
struct Expected<'a> {
    name: Option<&'a HeaderName>,
    other: Option<&'a HeaderName>,
    label: &'a str,
    spelling: Spelling,
    is_list: bool,
}

impl<'a> Expected<'a> {
    fn by(recipe: &'a Recipe) -> Self {
        let spelling = match recipe.encoding {
            Encoding::Hex => Spelling::Hex,
            Encoding::Base64 => Spelling::Base64,
        };
        let (name, other, label, is_list) = match &recipe.signature {
            SignatureAt::Header { name, other, label } => (Some(name), other.as_ref(), bare(label), false),
            SignatureAt::Fields { name, field, .. } => (Some(name), None, *field, true),
            SignatureAt::Numbered { .. } => (None, None, "", true),
        };
        Self { name, other, label, spelling, is_list }
    }

    fn is_at(&self, header: &HeaderName) -> bool {
        self.name.is_none() || self.name == Some(header) || self.other == Some(header)
    }
}

/// What may be a signature: first what stands where the recipe expects it.
pub(super) fn of(recipe: &Recipe, headers: &HeaderMap) -> Vec<Claim> {
    let expected = Expected::by(recipe);
    let mut claims = Vec::new();
    let mut read = |name: &HeaderName| {
        let alone = headers.get_all(name).iter().count() == 1;
        for value in headers.get_all(name).iter().take(MOST_CLAIMS).filter_map(|it| it.to_str().ok()) {
            read_value(value, name, alone, &mut claims);
        }
    };
    expected.name.into_iter().chain(expected.other).for_each(&mut read);
    for name in headers.keys().take(MOST_HEADERS).filter(|it| expected.name != Some(it) && expected.other != Some(it)) {
        let like = expected.name.is_some_and(|of| is_like(of.as_str(), name.as_str()));
        if like || looks_like_a_signature(name.as_str()) || expected.name.is_none() {
            read(name);
        }
    }
    claims.sort_by_cached_key(|it| it.differences(&expected).len());
    claims.truncate(MOST_CLAIMS);
    claims
}

/// What the signatures look like, where nothing made any of them.
pub(super) fn looks(recipe: &Recipe, claims: &[Claim]) -> Option<Finding> {
    let length_of = |algorithm| ALGORITHMS.iter().find(|(it, ..)| *it == algorithm).map(|(_, _, length)| *length);
    let expected = length_of(recipe.algorithm)?;
    let by = Expected::by(recipe);
    let here: Vec<&Claim> = claims.iter().filter(|it| it.spelling == by.spelling && by.is_at(&it.header)).collect();
    if here.is_empty() || here.iter().any(|it| it.bytes.len() == expected) {
        return None;
    }
    let length = here.first()?.bytes.len();
    let hash = ALGORITHMS.iter().find(|(.., it)| *it == length).map(|(_, name, _)| format!(", as {name} has"));
    Some(Finding::new(
        if hash.is_some() { Fault::Algorithm } else { Fault::Truncated },
        format!("the signature has {length} bytes{}, where {expected} are expected", hash.unwrap_or_default()),
        "Switch the sender to the hash that the source expects, and look for what shortens the header.",
    ))
}

fn read_value(value: &str, header: &HeaderName, alone: bool, claims: &mut Vec<Claim>) {
    for entry in value.split([' ', ';']).flat_map(entries).take(MOST_CLAIMS) {
        let bare = entry.trim_matches(['"', '\'']);
        let (entry, quoted) = (bare, bare != entry);
        let (label, digits) = labelled(entry);
        for (bytes, spelling) in decoded(digits) {
            claims.push(Claim { bytes, label: label.to_owned(), spelling, header: header.clone(), quoted, alone });
        }
    }
}

/// `t=1,v1=…` is a list; `v1,…` is one entry with its label.
fn entries(part: &str) -> Vec<&str> {
    match part.split_once(',') {
        Some((label, _)) if is_label(label) => vec![part],
        _ => part.split(',').collect(),
    }
}

fn labelled(entry: &str) -> (&str, &str) {
    let split = entry.split_once(['=', ',', ':']);
    split.filter(|(label, _)| is_label(label)).unwrap_or(("", entry))
}

fn is_label(text: &str) -> bool {
    (1..=12).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-' || it == b'_')
}

fn bare(label: &str) -> &str {
    label.trim_end_matches(['=', ',', ':', ' '])
}

fn decoded(digits: &str) -> Vec<(Vec<u8>, Spelling)> {
    let mut all = Vec::new();
    if digits.len() < LEAST_DIGITS || digits.len() > MOST_DIGITS {
        return all;
    }
    let lower = digits.to_ascii_lowercase();
    if let Some(claim) = Encoding::Hex.decode(&lower) {
        all.push((claim.bytes().to_vec(), if lower == digits { Spelling::Hex } else { Spelling::UpperHex }));
    }
    let standard = digits.replace('-', "+").replace('_', "/");
    if let Ok(bytes) = LENIENT.decode(&standard) {
        let strict = standard == digits && digits.len().is_multiple_of(4);
        let inner = std::str::from_utf8(&bytes).ok().and_then(|it| Encoding::Hex.decode(&it.to_ascii_lowercase()));
        if let Some(claim) = inner {
            all.push((claim.bytes().to_vec(), Spelling::HexInBase64));
        }
        all.push((bytes, if strict { Spelling::Base64 } else { Spelling::OtherBase64 }));
    }
    all
}

impl Claim {
    /// What is unlike the recipe about the way it is written.
    pub(super) fn faults(&self, recipe: &Recipe) -> Vec<Finding> {
        self.differences(&Expected::by(recipe))
    }

    fn differences(&self, expected: &Expected<'_>) -> Vec<Finding> {
        let mut faults = Vec::new();
        let header = &self.header;
        if let (false, Some(name)) = (expected.is_at(header), expected.name) {
            faults.push(Finding::new(
                Fault::HeaderRenamed,
                format!("the signature stands in {header}, where {name} is expected"),
                renamed(name.as_str(), header.as_str()),
            ));
        } else if !self.alone {
            faults.push(Finding::new(
                Fault::HeaderRepeated,
                format!("{header} is there several times, and one of them is right"),
                "Find the proxy or gateway that adds the others; a request must carry it once.",
            ));
        }
        if self.spelling != expected.spelling {
            faults.push(Finding::new(
                Fault::Encoding,
                format!(
                    "the signature is written in {}, where {} is expected",
                    self.spelling.words(),
                    expected.spelling.words()
                ),
                self.spelling.remedy(),
            ));
        }
        if self.quoted {
            faults.push(Finding::new(
                Fault::Encoding,
                "the signature stands in quotes",
                "Have the sender write it without, or find what quotes the values of headers on the way.",
            ));
        }
        if self.label != expected.label {
            faults.push(self.other_label(expected));
        }
        faults
    }

    fn other_label(&self, expected: &Expected<'_>) -> Finding {
        let (label, wanted) = (&self.label, expected.label);
        match (label.is_empty(), wanted.is_empty()) {
            (true, _) => Finding::new(
                Fault::Label,
                format!("the signature has no label, where `{wanted}` is expected"),
                "Find what strips the label; a sender that writes none is an `HmacSource` without `.label(…)`.",
            ),
            (false, true) => Finding::new(
                Fault::Label,
                format!("the signature stands behind the label `{label}`, where none is expected"),
                "Where the sender writes a label, say so with `.label(…)`, its sign included.",
            ),
            (false, false) if expected.is_list => Finding::new(
                Fault::Version,
                format!("the signature is labelled `{label}`, where `{wanted}` is expected"),
                "Switch the sender to the expected version; a label is never taken for another.",
            ),
            (false, false) => Finding::new(
                Fault::Label,
                format!("the signature stands behind the label `{label}`, where `{wanted}` is expected"),
                "Configure the label that the sender writes; case counts.",
            ),
        }
    }
}

impl Spelling {
    fn words(self) -> &'static str {
        match self {
            Self::Hex => "lower-case hex",
            Self::UpperHex => "upper-case hex",
            Self::Base64 => "base64",
            Self::OtherBase64 => "base64 without padding or in the alphabet of URLs",
            Self::HexInBase64 => "base64 of the hex text",
        }
    }

    fn remedy(self) -> &'static str {
        match self {
            Self::Hex => "Where the sender writes hex, leave out `.base64()`; else find what rewrites the header.",
            Self::UpperHex => "Have the sender write lower case, or find what changes the case on the way.",
            Self::Base64 => "Where the sender writes base64, add `.base64()`; else find what rewrites the header.",
            Self::OtherBase64 => "Have the sender write padded base64 of the standard alphabet.",
            Self::HexInBase64 => "Have the sender encode the bytes of the code, not their hex text.",
        }
    }
}

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);
/// Fewer digits are no signature that could be told from chance.
const LEAST_DIGITS: usize = 16;
/// The longest is SHA-512's in base64 of hex.
const MOST_DIGITS: usize = 172;
const MOST_CLAIMS: usize = 64;
/// A request has some twenty headers; more are not read.
const MOST_HEADERS: usize = 100;

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use http::{HeaderMap, HeaderName};

    use super::{Finding, Spelling, looks, of, read_value};
    use crate::signature::recipe::{OVER_BODY, Recipe, SignatureAt};

    fn recipe(name: &'static str) -> Recipe {
        Recipe { signature: SignatureAt::header(name, ""), ..OVER_BODY }
    }

    fn headers(all: &[(&'static str, &str)]) -> HeaderMap {
        all.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    #[test]
    fn a_value_is_read_in_every_spelling_and_what_is_too_short_or_too_long_in_none() {
        let bytes = [0xfb; 32];
        let base64 = STANDARD.encode(bytes);
        let for_urls = base64.replace('+', "-").replace('/', "_");
        let sha512_of_hex = STANDARD.encode("ab".repeat(64));
        let check = |value: &str, expected: &[(&str, Spelling, usize)]| {
            let mut claims = Vec::new();
            read_value(value, &HeaderName::from_static("x"), true, &mut claims);
            let read: Vec<_> = claims.iter().map(|it| (&*it.label, it.spelling, it.bytes.len())).collect();
            assert_eq!(read, expected, "{value}");
        };
        check(&"ab".repeat(32), &[("", Spelling::Hex, 32), ("", Spelling::Base64, 48)]);
        check(&"AB".repeat(32), &[("", Spelling::UpperHex, 32), ("", Spelling::Base64, 48)]);
        check(&base64, &[("", Spelling::Base64, 32)]);
        check(base64.trim_end_matches('='), &[("", Spelling::OtherBase64, 32)]);
        check(&for_urls, &[("", Spelling::OtherBase64, 32)]);
        check(&sha512_of_hex, &[("", Spelling::HexInBase64, 64), ("", Spelling::Base64, 128)]);
        check(&"ab".repeat(8), &[("", Spelling::Hex, 8), ("", Spelling::Base64, 12)]);
        check(&"ab".repeat(7), &[]);
        check(&"ab".repeat(88), &[]);
        check(&format!("v1={base64}"), &[("v1", Spelling::Base64, 32)]);
        check(&format!("v1,{base64}"), &[("v1", Spelling::Base64, 32)]);
        check(&format!("no-label-is-as-long={base64}"), &[]);
    }

    #[test]
    fn each_header_that_is_like_it_or_like_a_signature_is_read_once() {
        let value = STANDARD.encode([0xfb; 32]);
        let check = |name, others: &[&'static str], expected: &[&str]| {
            let headers: Vec<_> = others.iter().map(|it| (*it, &*value)).collect();
            let claims = of(&recipe(name), &self::headers(&headers));
            let names: Vec<&str> = claims.iter().map(|it| it.header.as_str()).collect();
            assert_eq!(names, expected);
        };
        check("x-proof", &["etag", "digest", "x_proof", "x-proof"], &["x-proof", "digest", "x_proof"]);
        check("x-signature", &["etag", "x-hmac", "x-signature"], &["x-signature", "x-hmac"]);
    }

    #[test]
    fn only_what_stands_where_it_is_expected_is_said_to_be_cut() {
        let check = |name, expected: Option<&str>| {
            let headers = headers(&[(name, &"ab".repeat(30))]);
            let found = looks(&recipe("x-proof"), &of(&recipe("x-proof"), &headers));
            assert_eq!(found.as_ref().map(Finding::what), expected, "{name}");
        };
        check("x-proof", Some("the signature has 30 bytes, where 32 are expected"));
        check("digest", None);
    }
}
