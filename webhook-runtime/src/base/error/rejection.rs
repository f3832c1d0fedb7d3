//! Refused deliveries. The sender reads the public text of [`Rejection`]; the owner reads [`Cause`] in the log.

use std::fmt;
use std::time::Duration;

use http::HeaderName;
use serde::Serialize;

/// Why a delivery was refused. It never reached a handler.
///
/// `Display` is the private text, for the owner's log. What the sender is told is the same for every cause of
/// one status, so that an answer never says which check failed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rejection {
    /// No endpoint has this path.
    NotFound,
    /// The endpoint does not take this method.
    MethodNotAllowed {
        /// The methods that it takes, as in an `Allow` header.
        allow: Vec<&'static str>,
    },
    /// The signature does not prove the sender.
    Unverified(Cause),
    /// A handshake that is not answered.
    Unwelcome(Unwelcome),
    /// The body has a `Content-Encoding`, which the signature says nothing about.
    EncodedBody,
    /// The body is longer than the limit.
    BodyTooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The body did not arrive in time.
    BodyTooSlow {
        /// The time that it had.
        limit: Duration,
    },
    /// The body broke off, or its framing is wrong.
    BodyBroken,
    /// The body is of a content type that the endpoint does not take.
    ContentType {
        /// What it takes.
        expected: &'static str,
    },
    /// The body is not JSON.
    NotJson {
        /// Where it ceases to be JSON, counted from one.
        line: usize,
        /// The column in that line, counted from one.
        column: usize,
    },
    /// The body is not what its content type says.
    Malformed(&'static str),
    /// The body is well formed, and not the payload that the handler takes.
    Mismatch(Vec<Violation>),
    /// The secrets of the source could not be had. What was said goes to the log alone.
    SecretsUnavailable(String),
    /// The key that proves the delivery could not be fetched. What was said goes to the log alone.
    KeyUnavailable(String),
    /// A copy of a delivery that is still running.
    StillRunning,
    /// The store has no room: every claim that it holds is running.
    StoreFull,
    /// The store could not answer.
    StoreUnavailable,
}

/// Why a handshake is not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unwelcome {
    /// Its token is not the configured one.
    Token,
    /// Its topic is none that was subscribed to.
    Topic,
    /// Its origin is not allowed.
    Origin,
    /// Its challenge is missing, or is none of the provider's.
    Challenge,
}

/// One place where a body is not the payload that the handler takes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Violation {
    /// Where, as an RFC 6901 JSON Pointer. A missing field points at itself.
    pub pointer: String,
    /// What was expected there. Never quotes the body.
    pub detail: String,
}

/// Which check of a signature failed. For the owner alone: no answer to a sender carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// A header that carries the signature, the timestamp or the id is not there.
    MissingHeader(HeaderName),
    /// Such a header arrived more than once.
    RepeatedHeader(HeaderName),
    /// Such a header is not what the scheme says.
    MalformedHeader {
        /// The header.
        name: HeaderName,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The signed timestamp is too far from now.
    TimestampOutsideTolerance {
        /// Seconds between the timestamp and now; negative where the timestamp lies in the future.
        age: i64,
        /// The tolerance in seconds.
        tolerance: u64,
    },
    /// The sender said until when the delivery is good, and that is over.
    Expired {
        /// Since how many seconds.
        since: u64,
    },
    /// The query parameter that carries the token is not there, arrived more than once, or cannot be decoded.
    Parameter {
        /// The parameter.
        name: Box<str>,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The body, whose fields take part in the proof, is not what the scheme says.
    MalformedBody(&'static str),
    /// The scheme signs the public URL, and none is configured.
    NoUrl,
    /// No signature in the request is of the configured scheme.
    NoSignatureOfScheme {
        /// The scheme, as it stands in the header.
        scheme: &'static str,
    },
    /// The signature does not cover a component of the request that has to be covered.
    NotCovered(Box<str>),
    /// No configured secret made any of the signatures.
    SignatureMismatch,
    /// The URL of a key that the request names is not one of the sender's own.
    ForeignUrl,
    /// The key of the sender was not fetched: on a hand-written route
    /// [`Source::resolve_with_body`](crate::Source::resolve_with_body) comes before
    /// [`Source::verify`](crate::Source::verify).
    KeyNotFetched,
    /// What was fetched is no key of the scheme, or none that counts.
    Key(&'static str),
    /// The token of the request is not what the scheme says.
    Token(&'static str),
    /// The delivery is for somebody else: another topic, webhook or client of the same sender.
    OtherRecipient,
    /// The source has no usable secret. Such a source does not start; a hand-written route can hold one.
    NoSecret,
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str("no endpoint has this path"),
            Self::MethodNotAllowed { allow } => write!(f, "the endpoint takes {}", allow.join(", ")),
            Self::Unverified(cause) => cause.fmt(f),
            Self::Unwelcome(Unwelcome::Token) => f.write_str("the token of the handshake is not the configured one"),
            Self::Unwelcome(Unwelcome::Topic) => f.write_str("the topic of the handshake was not subscribed to"),
            Self::Unwelcome(Unwelcome::Origin) => f.write_str("the origin of the handshake is not allowed"),
            Self::Unwelcome(Unwelcome::Challenge) => {
                f.write_str("the challenge of the handshake is missing, or none of the provider's")
            }
            Self::EncodedBody => f.write_str("the body has a Content-Encoding"),
            Self::BodyTooLarge { limit } => write!(f, "the body is longer than {limit} bytes"),
            Self::BodyTooSlow { limit } => write!(f, "the body did not arrive within {limit:?}"),
            Self::BodyBroken => f.write_str("the body broke off before its end"),
            Self::ContentType { expected } => write!(f, "the body is not {expected}"),
            Self::NotJson { line, column } => write!(f, "the body is not JSON (line {line}, column {column})"),
            Self::Malformed(problem) => write!(f, "the body {problem}"),
            Self::Mismatch(violations) => {
                f.write_str("the body is not the expected payload:")?;
                // Names of fields come from the body: a log line holds a few of them, and none whole that is long.
                for Violation { pointer, detail } in violations.iter().take(SHOWN_VIOLATIONS) {
                    let pointer: String = pointer.chars().take(SHOWN_POINTER_CHARS).collect();
                    write!(f, " {pointer:?} {detail};")?;
                }
                match violations.len().saturating_sub(SHOWN_VIOLATIONS) {
                    0 => Ok(()),
                    more => write!(f, " and {more} more"),
                }
            }
            Self::SecretsUnavailable(said) => write!(f, "the secrets of the source could not be had: {said}"),
            Self::KeyUnavailable(said) => write!(f, "the key of the delivery could not be fetched: {said}"),
            Self::StillRunning => f.write_str("a copy of this delivery is still running"),
            Self::StoreFull => f.write_str("the store is full of running deliveries"),
            Self::StoreUnavailable => f.write_str("the store did not answer"),
        }
    }
}

impl std::error::Error for Rejection {}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingHeader(name) => write!(f, "the header {name} is missing"),
            Self::RepeatedHeader(name) => write!(f, "the header {name} arrived more than once"),
            Self::MalformedHeader { name, problem } => write!(f, "the header {name} {problem}"),
            Self::TimestampOutsideTolerance { age, tolerance } if *age < 0 => write!(
                f,
                "the timestamp lies {} s in the future, over the tolerance of {tolerance} s",
                age.unsigned_abs()
            ),
            Self::TimestampOutsideTolerance { age, tolerance } => {
                write!(f, "the timestamp is {age} s old, over the tolerance of {tolerance} s")
            }
            Self::Expired { since } => write!(f, "the signature expired {since} s ago"),
            Self::NoSignatureOfScheme { scheme } => write!(f, "no signature of scheme {scheme} is in the request"),
            Self::NotCovered(component) => write!(f, "the signature does not cover {component}"),
            Self::SignatureMismatch => f.write_str("no configured secret made this signature"),
            Self::Parameter { name, problem } => write!(f, "the query parameter {name} {problem}"),
            Self::MalformedBody(problem) => write!(f, "the body {problem}"),
            Self::NoUrl => f.write_str("the scheme signs the public URL, and none is configured"),
            Self::ForeignUrl => f.write_str("the URL of the key is not one of the sender's own"),
            Self::KeyNotFetched => f.write_str(
                "the key of the sender was not fetched: call `source.resolve_with_body(…)` before `source.verify(…)`",
            ),
            Self::Key(problem) => write!(f, "the fetched key {problem}"),
            Self::Token(problem) => write!(f, "the token {problem}"),
            Self::OtherRecipient => f.write_str("the delivery is for another topic, webhook or client"),
            Self::NoSecret => f.write_str("the source has no usable secret"),
        }
    }
}

/// How many violations a log line names.
const SHOWN_VIOLATIONS: usize = 5;
/// How much of a pointer it shows.
const SHOWN_POINTER_CHARS: usize = 100;
