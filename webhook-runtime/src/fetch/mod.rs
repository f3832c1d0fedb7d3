//! Fetches the keys of senders: the only way out of the house.
//!
//! 1. **Accepted** is a [`PinnedUrl`], which only the rule of a provider can make of a text: https, the provider's own
//!    host, its own path. A URL from a request is a text until then, and no text is ever fetched.
//! 2. **Refused** are redirects, answers other than 200, more than 64 KiB, more than five seconds, and more than
//!    twenty connections a minute for one rule, so that a flood of forged URLs that fit the rule costs a look-up each.
//! 3. **Trap**: such a flood also uses up the connections of its rule. Keys that are kept stay usable; one that is
//!    not yet known waits, and its delivery is answered 503.
//!
//! What was fetched is kept for a day, a failure for half a minute, and one key has one flight.

use std::fmt;
use std::pin::Pin;

use bytes::Bytes;

mod host;
#[cfg(feature = "fetch")]
mod https;
mod keep;
mod pinned;
mod post;

pub(crate) use host::is_this_machine;
#[cfg(feature = "cli")]
pub(crate) use https::builder;
#[cfg(feature = "fetch")]
pub(crate) use https::shared;
pub(crate) use keep::Fetcher;
#[cfg(any(feature = "jwt", feature = "rsa", feature = "x509", test))]
pub(crate) use pinned::HostRule;
pub use pinned::PinnedUrl;
pub use post::Post;

/// A client that fetches keys, for apps that have one of their own and for tests. It is given to
/// [`Webhooks::fetcher`](crate::Webhooks::fetcher) or [`Source::fetcher`](crate::Source::fetcher); with the feature
/// `fetch` there is one already.
///
/// The caller keeps what it returns, and ends it after five seconds. An implementation must follow no redirect, and
/// return nothing but the body of a 200.
///
/// ```
/// use webhook_runtime::axum::body::Bytes;
/// use webhook_runtime::{Fetch, FetchError, PinnedUrl};
///
/// /// Serves one key, whatever is asked for.
/// struct OneKey(&'static str);
///
/// impl Fetch for OneKey {
///     async fn get(&self, url: &PinnedUrl) -> Result<Bytes, FetchError> {
///         println!("asked for {}", url.as_str());
///         Ok(Bytes::from_static(self.0.as_bytes()))
///     }
/// }
/// ```
pub trait Fetch: Send + Sync + 'static {
    /// The body of this URL.
    ///
    /// # Errors
    /// Whenever there is no answer of 200.
    fn get(&self, url: &PinnedUrl) -> impl Future<Output = Result<Bytes, FetchError>> + Send;

    /// The answer of this URL to a body: for the senders whose keys or verdicts are asked for with credentials.
    /// Unless it is implemented, it fails.
    ///
    /// # Errors
    /// Whenever there is no answer of 200.
    fn post(&self, url: &PinnedUrl, post: &Post) -> impl Future<Output = Result<Bytes, FetchError>> + Send {
        let _ = (url, post);
        std::future::ready(Err(FetchError::new("the fetcher of the app cannot post")))
    }
}

/// Why nothing was fetched. The text goes to the log alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchError(Box<str>);

impl FetchError {
    /// An error with this reason.
    #[must_use]
    pub fn new(reason: impl Into<Box<str>>) -> Self {
        Self(reason.into())
    }
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for FetchError {}

/// One request of the fetcher.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Wanted {
    pub(crate) url: PinnedUrl,
    /// What is posted; nothing for a GET.
    pub(crate) post: Option<Post>,
}

impl From<PinnedUrl> for Wanted {
    fn from(url: PinnedUrl) -> Self {
        Self { url, post: None }
    }
}

/// [`Fetch`], as it can be shared by sources.
trait Client: Send + Sync {
    fn send<'a>(&'a self, wanted: &'a Wanted) -> Sending<'a>;
}

type Sending<'a> = Pin<Box<dyn Future<Output = Result<Bytes, FetchError>> + Send + 'a>>;

impl<F: Fetch> Client for F {
    fn send<'a>(&'a self, wanted: &'a Wanted) -> Sending<'a> {
        match &wanted.post {
            None => Box::pin(self.get(&wanted.url)),
            Some(post) => Box::pin(self.post(&wanted.url, post)),
        }
    }
}

#[cfg(test)]
mod tests;
