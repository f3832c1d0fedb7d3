//! The body as it may have been when it was signed, and what its bytes look like.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::request::Parts;

use super::report::{Fault, Finding};
use super::rewrites::{Escapes, Json, Layout, Rewrite};
use crate::format::{form, json};

/// What may have happened to a body between its signing and here. Undoing it gives the bytes that were signed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Change {
    /// White space was added at the end, or at the start.
    EdgeAdded,
    /// This was taken from the end.
    EndTaken(&'static str),
    CrlfToLf,
    LfToCrlf,
    BomAdded,
    BomTaken,
    Latin1ToUtf8,
    Utf8ToLatin1,
    HtmlEscaped,
    Base64,
    PercentEncoded,
    /// The field of a form was taken out of it. The form escapes all but letters, digits and these, and spaces so.
    FieldTaken(&'static str, &'static str, &'static str),
    /// The field of a form was signed, and the form was given.
    FieldPut(&'static str),
    /// It was written as a JSON text that holds JSON.
    Quoted,
    Emptied,
    Rewritten(Rewrite),
}

/// A body as it was received, parsed once.
pub(super) struct Received<'a> {
    pub(super) bytes: &'a [u8],
    json: Option<Json<'a>>,
}

impl<'a> Received<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, json: Json::parse(bytes) }
    }
}

impl Change {
    /// Every change, the simplest first.
    pub(super) fn all() -> Vec<Self> {
        let mut all = vec![
            Self::EdgeAdded,
            Self::EndTaken("\n"),
            Self::EndTaken("\r\n"),
            Self::CrlfToLf,
            Self::LfToCrlf,
            Self::BomAdded,
            Self::BomTaken,
            Self::Latin1ToUtf8,
            Self::Utf8ToLatin1,
            Self::HtmlEscaped,
            Self::Base64,
            Self::PercentEncoded,
            Self::FieldTaken("payload", "*-._", "+"),
            Self::FieldTaken("payload", "-._~", "+"),
            Self::FieldTaken("payload", "-._", "+"),
            Self::FieldTaken("payload", "-._~", "%20"),
            Self::FieldTaken("payload", "-._~!*'()", "%20"),
            Self::FieldPut("payload"),
            Self::Quoted,
            Self::Emptied,
        ];
        all.extend(Rewrite::all().into_iter().map(Self::Rewritten));
        all
    }

    /// The bytes before the change; nothing where it cannot have happened to these.
    pub(super) fn undone(self, received: &Received<'_>) -> Option<Vec<u8>> {
        let body = received.bytes;
        let text = || std::str::from_utf8(body).ok();
        let before = match self {
            Self::EdgeAdded => body.trim_ascii().to_vec(),
            Self::EndTaken(end) => [body, end.as_bytes()].concat(),
            Self::CrlfToLf => text()?.replace("\r\n", "\n").replace('\n', "\r\n").into_bytes(),
            Self::LfToCrlf => text()?.replace("\r\n", "\n").into_bytes(),
            Self::BomAdded => body.strip_prefix(BOM)?.to_vec(),
            Self::BomTaken => [BOM, body].concat(),
            Self::Latin1ToUtf8 => text()?.chars().map(|it| u8::try_from(u32::from(it)).ok()).collect::<Option<_>>()?,
            Self::Utf8ToLatin1 => body.iter().map(|it| char::from(*it)).collect::<String>().into_bytes(),
            Self::HtmlEscaped => html_unescaped(text()?).into_bytes(),
            Self::Base64 => STANDARD.decode(body.trim_ascii()).ok()?,
            // The text of a form with one name and no value is that name, decoded.
            Self::PercentEncoded => {
                let (text, none) = form_urlencoded::parse(body).next()?;
                (none.is_empty() && !body.contains(&b'&')).then(|| text.into_owned().into_bytes())?
            }
            Self::FieldTaken(field, plain, space) => {
                [field.as_bytes(), b"=", &percent_encoded(body, plain, space)].concat()
            }
            Self::FieldPut(field) => form::field(body, field)?.into_bytes(),
            Self::Quoted => json::parse(body)?.as_str()?.as_bytes().to_vec(),
            Self::Emptied => Vec::new(),
            Self::Rewritten(rewrite) => rewrite.apply(received.json.as_ref()?)?,
        };
        (before != body).then_some(before)
    }

    pub(super) fn finding(self) -> Finding {
        match self {
            Self::Rewritten(rewrite) => rewritten(rewrite),
            Self::EdgeAdded => edge("white space was added around the body"),
            Self::EndTaken(_) => edge("the last line end of the body was taken away"),
            Self::BomAdded => edge("a byte order mark was put before the body"),
            Self::BomTaken => edge("the byte order mark before the body was taken away"),
            Self::CrlfToLf => encoding(
                "the line ends of the body were changed from CRLF to LF",
                "Give the bytes as received: a file or an editor that converts line ends changes what is signed.",
            ),
            Self::LfToCrlf => encoding(
                "the line ends of the body were changed from LF to CRLF",
                "Give the bytes as received: a file or an editor that converts line ends changes what is signed.",
            ),
            Self::Latin1ToUtf8 => encoding(
                "the body was read as Latin-1 and written as UTF-8",
                "Give the bytes as received, and never decode them to text and back.",
            ),
            Self::Utf8ToLatin1 => encoding(
                "the body was written as Latin-1, and is signed as UTF-8",
                "Give the bytes as received, and never decode them to text and back.",
            ),
            Self::HtmlEscaped => encoding(
                "the body was escaped for HTML",
                "Give the bytes as received: what escapes or sanitises input must come behind verification.",
            ),
            Self::Base64 => encoding(
                "the body is in base64, and its content is what is signed",
                "A serverless gateway wraps bodies so (`isBase64Encoded`): decode it before verifying.",
            ),
            Self::PercentEncoded => encoding(
                "the body is percent-encoded, and its decoded text is what is signed",
                "Give the bytes as received, before anything encodes them as a form.",
            ),
            Self::FieldTaken(field, ..) => encoding(
                format!("the body is the field `{field}` of a form, and the whole form is what is signed"),
                "Verify the form as received, and take the field out of it afterwards.",
            ),
            Self::FieldPut(field) => encoding(
                format!("the body is a form, and the JSON in its field `{field}` is what is signed"),
                "The sender signs JSON: choose `application/json` as its content type, or find what makes it a form.",
            ),
            Self::Quoted => encoding(
                "the body is a JSON text that holds the JSON that is signed",
                "It was serialised twice: give the bytes as received, without `JSON.stringify` around them.",
            ),
            Self::Emptied => Finding::new(
                Fault::SignedText,
                "the signature was made over an empty body",
                "The sender had no body when it signed, or read it before: see that it signs what it sends.",
            ),
        }
    }
}

fn percent_encoded(body: &[u8], plain: &str, space: &str) -> Vec<u8> {
    let encoded = body.iter().map(|byte| match byte {
        b' ' => space.to_owned(),
        byte if byte.is_ascii_alphanumeric() || plain.as_bytes().contains(byte) => char::from(*byte).to_string(),
        byte => format!("%{byte:02X}"),
    });
    encoded.collect::<String>().into_bytes()
}

fn edge(what: &str) -> Finding {
    let remedy = "Give the bytes as received: nothing may trim or end them, no editor either.";
    Finding::new(Fault::BodyEdge, what, remedy)
}

fn encoding(what: impl Into<String>, remedy: &str) -> Finding {
    Finding::new(Fault::BodyEncoding, what, remedy)
}

fn rewritten(rewrite: Rewrite) -> Finding {
    let mut ways = Vec::new();
    match rewrite.layout {
        Layout::AsItIs => {}
        Layout::Compact => ways.push("without white space"),
        Layout::Spaced => ways.push("with a space behind commas and colons"),
        Layout::Indented(_) => ways.push("indented, on several lines"),
    }
    if rewrite.escapes != Escapes::AsTheyAre {
        ways.push("with other escapes in its texts");
    }
    if rewrite.sorted {
        ways.push("with its keys sorted");
    }
    if rewrite.ended {
        ways.push("with a line end behind it");
    }
    Finding::new(
        Fault::BodyRewritten,
        format!("the body was parsed and written again: it was signed {}", ways.join(", ")),
        "Verify the bytes as received, before a JSON parser, a framework or a proxy writes them anew.",
    )
}

fn html_unescaped(text: &str) -> String {
    let entities = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&amp;", "&"),
    ];
    entities.into_iter().fold(text.to_owned(), |text, (entity, letter)| text.replace(entity, letter))
}

/// What the bytes look like, where no change explains them.
pub(super) fn looks(parts: &Parts, body: &[u8]) -> Vec<Finding> {
    let mut looks = Vec::new();
    let header = |name: &str| parts.headers.get(name).and_then(|it| it.to_str().ok());
    let length = header("content-length").and_then(|it| it.parse::<usize>().ok());
    let zipped = body.starts_with(&[0x1f, 0x8b]);
    let says_encoded = header("content-encoding").is_some_and(|it| !it.eq_ignore_ascii_case("identity"));
    if zipped {
        looks.push(encoding(
            "the body is compressed (it begins as gzip does)",
            "Senders sign what they compress, or what comes out: decompress it before verifying, and try both.",
        ));
    } else if says_encoded {
        looks.push(encoding(
            "the head says that the body is compressed, and it is not",
            "Something decompressed it on the way: where the compressed bytes were signed, verify those.",
        ));
    }
    if let Some(length) = length.filter(|it| *it != body.len() && !says_encoded) {
        let fault = if length > body.len() { Fault::BodyCut } else { Fault::BodyRewritten };
        looks.push(Finding::new(
            fault,
            format!("Content-Length says {length} bytes, and the body has {}", body.len()),
            match body.is_empty() {
                true => "Something read the body before: verify first, or hand the bytes on.",
                false => "Something cut or rewrote the body on the way: give the bytes as received.",
            },
        ));
    } else if body.is_empty() && parts.method == http::Method::POST {
        looks.push(Finding::new(
            Fault::BodyCut,
            "the body is empty",
            "See whether a middleware or an extractor read it before: verify first, or hand the bytes on.",
        ));
    }
    if body.windows(REPLACEMENT.len()).any(|it| it == REPLACEMENT) {
        looks.push(encoding(
            "the body holds U+FFFD, as a text does whose bytes were no UTF-8 when it was decoded",
            "The signed bytes cannot be had back from it: keep the bytes as received, not a text.",
        ));
    }
    if Json::parse(body).is_some_and(|it| it.looks_sorted()) {
        looks.push(Finding::new(
            Fault::BodyRewritten,
            "the keys of the body are in alphabetical order, as after a parser that sorts them",
            "If the sender does not sort them, their order cannot be had back: verify the bytes as received.",
        ));
    }
    looks
}

const BOM: &[u8] = b"\xef\xbb\xbf";
/// U+FFFD.
const REPLACEMENT: &[u8] = b"\xef\xbf\xbd";
