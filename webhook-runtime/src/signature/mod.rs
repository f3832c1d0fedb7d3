//! Recipes that sign and verify: pure functions of keys, head and body. No clock, no network, no store.
//!
//! 1. **Accepted** is a request whose signature was made with one of the configured keys, over exactly these bytes.
//! 2. **Refused** is everything else: a header that is missing, repeated or not what the scheme says; a signature
//!    of a scheme that has no key; more than the sixteen computations that a request may cost.
//! 3. **Trap**: the scheme comes from configuration. Nothing in a request chooses an algorithm, and no recipe falls
//!    back to another one because a header is missing.
//!
//! A key that has to be fetched is named by its recipe and given to it: see [`fetched`].
//!
//! Whether a timestamp is close enough to now is not decided here: a recipe reads it, [`verify`](crate::verify)
//! compares it.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use http::request::Parts;
use http::{HeaderMap, Method};

use crate::base::error::rejection::Cause;
use crate::signature::anatomy::Anatomy;
use crate::signature::draft::Draft;
use crate::signature::outline::Outline;

#[cfg(feature = "rsa")]
pub(crate) mod adobe_io;
pub(crate) mod adyen;
pub(crate) mod anatomy;
#[cfg(any(feature = "ecdsa", feature = "rsa", feature = "rfc9421"))]
pub(crate) mod armor;
#[cfg(feature = "x509")]
pub(crate) mod certificate;
pub(crate) mod digest;
pub(crate) mod draft;
#[cfg(feature = "ecdsa")]
pub(crate) mod ecdsa;
pub(crate) mod ed25519;
pub(crate) mod encoding;
pub(crate) mod fetched;
pub(crate) mod hash;
pub(crate) mod header;
#[cfg(feature = "jwt")]
pub(crate) mod jwt;
pub(crate) mod mailgun;
#[cfg(feature = "rfc9421")]
pub(crate) mod message;
pub(crate) mod outline;
#[cfg(feature = "x509")]
pub(crate) mod paypal;
pub(crate) mod public_key;
pub(crate) mod query;
pub(crate) mod recipe;
#[cfg(feature = "rsa")]
pub(crate) mod rsa_key;
#[cfg(feature = "xml")]
pub(crate) mod salesforce;
pub(crate) mod signed_by_key;
#[cfg(feature = "x509")]
pub(crate) mod sns;
#[cfg(feature = "testing")]
pub(crate) mod stand_in;
pub(crate) mod standard;
pub(crate) mod token;
pub(crate) mod token_in_body;
pub(crate) mod twilio;
pub(crate) mod url;
pub(crate) mod websub;

/// How deliveries of one source are signed, with its keys inside.
///
/// The providers of this crate are such recipes. For a sender of one's own [`HmacSource`](crate::HmacSource) or
/// [`TokenSource`](crate::TokenSource) is enough most often; what they cannot say is an implementation of this trait,
/// given to [`Source::custom`](crate::Source::custom).
///
/// ```
/// use webhook_runtime::axum::http::HeaderMap;
/// use webhook_runtime::{Cause, CannotSign, Claimed, Head, Message, Signature, Signed, Source};
///
/// /// Deliveries whose body ends in a sum over its other bytes. (No signature: anyone can add up.)
/// struct Sum;
///
/// impl Signature for Sum {
///     fn head(&self, _: &Head<'_>) -> Result<Claimed, Cause> {
///         Ok(Claimed::default())
///     }
///
///     fn prove(&self, _: &Head<'_>, body: &[u8]) -> Result<Signed, Cause> {
///         let (sum, rest) = body.split_last().ok_or(Cause::SignatureMismatch)?;
///         let right = rest.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
///         if right == *sum { Ok(Signed::default()) } else { Err(Cause::SignatureMismatch) }
///     }
///
///     fn sign(&self, _: &Message<'_>) -> Result<HeaderMap, CannotSign> {
///         Ok(HeaderMap::new())
///     }
/// }
///
/// let source = Source::custom(Sum);
/// # let _ = source;
/// ```
pub trait Signature: Send + Sync + 'static {
    /// Reads what the head claims, before a byte of the body is read.
    ///
    /// # Errors
    /// What the head alone shows to be wrong.
    fn head(&self, head: &Head<'_>) -> Result<Claimed, Cause>;

    /// Proves the claim of the head over the body. Comparisons must take the same time wherever they differ.
    ///
    /// # Errors
    /// Whenever the proof fails.
    fn prove(&self, head: &Head<'_>, body: &[u8]) -> Result<Signed, Cause>;

    /// The headers with which the sender would send this message.
    ///
    /// # Errors
    /// Where there is no key that signs, or the message does not fit the scheme.
    fn sign(&self, message: &Message<'_>) -> Result<HeaderMap, CannotSign>;

    /// Puts the proof into a request, for the recipes of this crate whose proof travels in the query or in the body. A
    /// recipe of one's own leaves it out, and is asked for its headers.
    ///
    /// # Errors
    /// As with [`sign`](Self::sign).
    #[doc(hidden)]
    fn complete(&self, draft: &mut Draft) -> Result<(), CannotSign> {
        let headers = self.sign(&draft.message())?;
        draft.headers.extend(headers);
        Ok(())
    }

    /// Reads a head, which these are the parts of, as `head` does, and keeps its texts where the recipe can prove them without reading them again.
    ///
    /// # Errors
    /// As with `head`.
    #[doc(hidden)]
    fn read<'a>(&self, parts: &'a Parts, head: &Head<'_>) -> Result<(Claimed, Option<Texts<'a>>), Cause> {
        let _ = parts;
        Ok((self.head(head)?, None))
    }

    /// Proves as `prove` does. The texts are those that this recipe read of this head.
    ///
    /// # Errors
    /// As with `prove`.
    #[doc(hidden)]
    fn prove_read(&self, head: &Head<'_>, _: Option<&Texts<'_>>, body: &[u8]) -> Result<Signed, Cause> {
        self.prove(head, body)
    }

    /// What the recipe is made of, for the recipes of this crate: the explaining verifier tries their parts one by
    /// one. A recipe of one's own leaves it out, and is tried as a whole.
    #[doc(hidden)]
    fn anatomy<'a>(&'a self, _: &Head<'a>) -> Anatomy<'a> {
        Anatomy::opaque()
    }

    /// How it signs, for the recipes of this crate whose secret a developer can type in: the document carries it. A
    /// recipe of one's own leaves it out, and no page signs for it.
    #[doc(hidden)]
    fn outline(&self) -> Option<Outline> {
        None
    }
}

/// What of a request a recipe reads besides its body.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Head<'a> {
    /// Method, path, query and headers.
    pub parts: &'a Parts,
    /// The public URL that the sender called, from configuration: never from `Host` or a forwarded header.
    pub url: Option<&'a str>,
    /// When it was received: for the days on which a certificate counts, and tokens that expire. How old a signed
    /// timestamp may be is the source's decision, not the recipe's.
    pub now: SystemTime,
}

impl<'a> Head<'a> {
    pub(crate) fn new(parts: &'a Parts, url: Option<&'a str>, now: SystemTime) -> Self {
        Self { parts, url, now }
    }
}

/// The texts of a head, each there once and well formed.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Texts<'a> {
    pub(crate) id: &'a str,
    pub(crate) timestamp: &'a str,
    pub(crate) seconds: i64,
    pub(crate) signatures: &'a str,
}

/// A delivery to sign.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Message<'a> {
    /// Its id, for schemes that have one.
    pub id: &'a str,
    /// When it is signed, for schemes that say so.
    pub time: SystemTime,
    /// Its method.
    pub method: &'a Method,
    /// The public URL that it is sent to, for schemes that sign it.
    pub url: Option<&'a str>,
    /// Its body.
    pub body: &'a [u8],
    /// Is the body a form? Some schemes sign its fields instead of its bytes.
    pub is_form: bool,
}

/// What a head claims, not proven yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Claimed {
    /// When the delivery was signed, in seconds since the Unix epoch.
    pub timestamp: Option<i64>,
    /// Until when the delivery is good, in seconds since the Unix epoch, for schemes that say so.
    pub expires: Option<i64>,
}

/// What a signature proved besides the body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signed {
    /// The id that the signature covers.
    pub id: Option<Arc<str>>,
    /// When the delivery was signed, in seconds since the Unix epoch.
    pub timestamp: Option<i64>,
}

/// Why a source cannot sign a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CannotSign {
    /// The source has no usable secret.
    NoSecret,
    /// The source has public keys alone, which verify and do not sign.
    PublicKeyOnly,
    /// The id holds characters that its scheme refuses.
    Id,
    /// The time lies before 1970.
    Time,
    /// The scheme signs the public URL, and none is configured.
    NoUrl,
    /// The proof does not travel in a header.
    NotInAHeader,
    /// The scheme demands the signature of a header that the message does not have.
    NoHeader,
    /// The body is not one that the scheme can sign: what it lacks.
    Body(&'static str),
    /// The event type cannot be written where this sender has it.
    EventType,
    /// The source has no sample, and no body was given.
    NoSample,
    /// The URL or path that the request is sent to is malformed.
    Target,
}

impl fmt::Display for CannotSign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoSecret => "the source has no usable secret: give its constructor one",
            Self::PublicKeyOnly => {
                "the source has public keys alone, which verify and do not sign: the private key stays with the sender"
            }
            Self::Id => {
                "the id is empty, too long, or holds a dot, a quote, white space or other than visible ASCII: \
                 write one like `msg_1`"
            }
            Self::Time => "the time lies before 1970: give a later one",
            Self::NoUrl => "the scheme signs the public URL, and none is configured: call `.url(…)` on the source",
            Self::NoHeader => {
                "the scheme demands the signature of a header that the message does not have: make the whole request \
                 with `Source::outgoing`, or demand fewer components"
            }
            Self::NotInAHeader => {
                "the proof travels in the URL or in the body, not in a header: make the whole request with \
                 `Source::outgoing`"
            }
            Self::Body(problem) => return write!(f, "the body {problem}"),
            Self::EventType => "the event type cannot stand in a header: write visible ASCII",
            Self::NoSample => "this source has no sample payload: give the payload or the body",
            Self::Target => {
                "the request is sent to no URL and no path: write `https://…`, or a path that begins with `/`"
            }
        })
    }
}

impl std::error::Error for CannotSign {}

/// A text that is known at compile time or made at run time.
pub(crate) type Text = Cow<'static, str>;

/// The most keys that are tried against one signature, and the most signatures of one header against one key:
/// a request costs no more than this many computations.
pub(crate) const MOST_COMPUTATIONS: usize = 16;
