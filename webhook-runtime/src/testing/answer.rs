//! What the app answered, and what a test says about it.

use std::fmt;

use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::response::Parts;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::verify::Explanation;

/// The whole answer to a delivery.
///
/// Its `Debug`, which a failed assertion shows, is the answer as a person reads it, with the explanation of a 401.
#[must_use = "an answer that nobody looks at proves nothing"]
pub struct Answer {
    head: Parts,
    body: Bytes,
    why: Option<Explanation>,
}

impl Answer {
    pub(super) fn new(head: Parts, body: Bytes, why: Option<Explanation>) -> Self {
        Self { head, body, why }
    }

    /// Its status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.head.status
    }

    /// Its headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.head.headers
    }

    /// Its body.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Its body as text.
    ///
    /// # Panics
    /// Where it is not UTF-8.
    #[must_use]
    #[track_caller]
    pub fn text(&self) -> &str {
        match std::str::from_utf8(&self.body) {
            Ok(text) => text,
            Err(error) => panic!("the body is no text: {error}\n{self:?}"),
        }
    }

    /// Its body, decoded from JSON.
    ///
    /// # Panics
    /// Where it is not the JSON of a `T`.
    #[must_use]
    #[track_caller]
    pub fn json<T: DeserializeOwned>(&self) -> T {
        match serde_json::from_slice(&self.body) {
            Ok(value) => value,
            Err(error) => panic!("the body is no JSON of a `{}`: {error}\n{self:?}", std::any::type_name::<T>()),
        }
    }

    /// Why the delivery was refused as unverified, where it was.
    #[must_use]
    pub fn explanation(&self) -> Option<&Explanation> {
        self.why.as_ref()
    }

    /// The answer must have this status.
    ///
    /// # Panics
    /// Where it has another one, with the whole answer.
    #[track_caller]
    pub fn assert_status(&self, expected: u16) -> &Self {
        assert!(self.head.status.as_u16() == expected, "expected {expected}, and the answer is\n{self:?}");
        self
    }

    /// The answer must be a problem document that complains about these places of the body, as JSON Pointers, and about
    /// no other; in whatever order.
    ///
    /// # Panics
    /// Where it is none, or names other places, with the whole answer.
    #[track_caller]
    pub fn assert_pointers(&self, expected: &[&str]) -> &Self {
        let Some(mut pointers) = self.pointers() else {
            panic!("expected a problem document that lists errors, and the answer is\n{self:?}")
        };
        let mut expected: Vec<String> = expected.iter().map(|it| (*it).to_owned()).collect();
        pointers.sort_unstable();
        expected.sort_unstable();
        assert!(pointers == expected, "expected errors at {expected:?}, and the answer is\n{self:?}");
        self
    }

    fn pointers(&self) -> Option<Vec<String>> {
        let problem: Value = serde_json::from_slice(&self.body).ok()?;
        let errors = problem.get("errors")?.as_array()?;
        errors.iter().map(|it| Some(it.get("pointer")?.as_str()?.to_owned())).collect()
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.head.status)?;
        // The body that follows shows its own length.
        for (name, value) in self.head.headers.iter().filter(|(name, _)| **name != CONTENT_LENGTH) {
            write!(f, "\n{name}: {}", value.to_str().unwrap_or("(no text)"))?;
        }
        let pretty = serde_json::from_slice::<Value>(&self.body).ok().map(|it| format!("{it:#}"));
        match (pretty, std::str::from_utf8(&self.body)) {
            (Some(json), _) => write!(f, "\n\n{json}")?,
            (None, Ok("")) => {}
            (None, Ok(text)) => write!(f, "\n\n{text}")?,
            (None, Err(_)) => write!(f, "\n\n({} bytes that are no text)", self.body.len())?,
        }
        self.why.iter().try_for_each(|why| write!(f, "\n\n{why}"))
    }
}
