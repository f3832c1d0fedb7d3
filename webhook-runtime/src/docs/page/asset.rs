//! One file of the page: where it is, what a browser is told of it, and when it need not be sent again.

use bytes::Bytes;
use http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, ETAG, IF_NONE_MATCH, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::base::answer::Answer;
use crate::base::ids::hex;
use crate::signature::digest::sha256;

/// A file that is ready to be sent.
#[derive(Clone)]
pub(crate) struct Asset {
    /// The path of its route.
    pub(crate) path: String,
    kind: Kind,
    kept: Kept,
    /// What tells this version from others.
    version: String,
    /// Is it compressed? Every browser takes gzip, and what ships the large files has no other form of them.
    gzip: bool,
    body: Bytes,
}

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Html,
    Css,
    JavaScript,
}

/// For how long a browser may keep a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    /// It asks each time, and is told when nothing changed.
    Checked,
    /// The page names its version behind the path.
    ForEver,
}

impl Asset {
    pub(super) fn new(path: String, kind: Kind, kept: Kept, body: impl Into<Bytes>) -> Self {
        let body = body.into();
        Self { path, kind, kept, version: String::new(), gzip: false, body }
    }

    /// A version that is known already; else it is a digest of the bytes.
    pub(super) fn of_version(mut self, version: &str) -> Self {
        version.clone_into(&mut self.version);
        self
    }

    pub(super) fn in_gzip(mut self) -> Self {
        self.gzip = true;
        self
    }

    /// Answers a GET with these headers.
    pub(crate) fn answer(&self, asked: &HeaderMap) -> Answer {
        let tag = self.tag();
        let known = asked.get_all(IF_NONE_MATCH).iter().filter_map(|it| it.to_str().ok());
        let mut known = known.flat_map(|list| list.split(',')).map(|it| it.trim().trim_start_matches("W/"));
        let headers = self.headers(&tag);
        if known.any(|it| it == tag || it == "*") {
            return Answer::not_modified().with_headers(headers);
        }
        let encoding = self.gzip.then_some((CONTENT_ENCODING, HeaderValue::from_static("gzip")));
        Answer::content(self.kind.content_type(), self.body.clone()).with_headers(headers.into_iter().chain(encoding))
    }

    fn tag(&self) -> String {
        match self.version.as_str() {
            "" => format!("\"{}\"", hex(&sha256(&self.body)).get(..16).unwrap_or_default()),
            version => format!("\"{version}\""),
        }
    }

    fn headers(&self, tag: &str) -> Vec<(HeaderName, HeaderValue)> {
        let cache = match self.kept {
            Kept::Checked => "no-cache",
            Kept::ForEver => "public, max-age=31536000, immutable",
        };
        let mut headers = vec![
            (CACHE_CONTROL, HeaderValue::from_static(cache)),
            (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        ];
        // A tag is hex in quotes.
        headers.extend(HeaderValue::from_str(tag).ok().map(|tag| (ETAG, tag)));
        if self.kind == Kind::Html {
            headers.push((CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)));
            headers.push((REFERRER_POLICY, HeaderValue::from_static("no-referrer")));
        }
        headers
    }
}

impl Kind {
    fn content_type(self) -> &'static str {
        match self {
            Self::Html => "text/html; charset=utf-8",
            Self::Css => "text/css; charset=utf-8",
            Self::JavaScript => "text/javascript; charset=utf-8",
        }
    }
}

/// What the page may do: run its own scripts and talk to its own app. Swagger UI writes styles into its elements, and
/// has its pictures inside its style sheet.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
