//! What an app says of a source beside its secrets: clocks, handshakes, encodings, and what fetches.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use super::Source;
use crate::fetch::{Fetch, Fetcher};
use crate::signature::token::SharedToken;
#[cfg(feature = "compression")]
use crate::source::encoding::SignedBytes;

impl Source {
    /// How far the signed timestamp may lie from now, to either side. Five minutes unless set or the provider says
    /// otherwise, as in the Standard Webhooks libraries. A shorter one refuses the deliveries of a sender with a slow
    /// queue; zero is a start-up error, since it would refuse everything.
    #[must_use]
    pub fn tolerance(self, tolerance: Duration) -> Self {
        self.with(|it| it.tolerance = tolerance)
    }

    /// Takes bodies with a `Content-Encoding` of gzip or deflate, of a sender that signs these bytes. Without it such a
    /// body is answered 415.
    ///
    /// What it inflates to has the limit of a body (413), and is what a handler gets. Two encodings of one body are 415.
    ///
    /// ```
    /// use webhook_runtime::{HmacSource, SignedBytes, Source};
    ///
    /// let source = Source::from(HmacSource::new("X-Signature", "a long random secret"));
    /// let source = source.accept_encoding(SignedBytes::Decoded);
    /// # let _ = source;
    /// ```
    #[cfg(feature = "compression")]
    #[must_use]
    pub fn accept_encoding(self, signed: SignedBytes) -> Self {
        self.with(|it| it.signed_bytes = Some(signed))
    }

    /// The token that the provider repeats when it asks whether the URL is ours: Meta's *verify token*. Without one its
    /// handshake is refused.
    #[must_use]
    pub fn verify_token(self, token: &str) -> Self {
        self.with(|it| it.allowed.verify_token = SharedToken::new(token).ok().map(Arc::new))
    }

    /// The topics that were subscribed to, for WebSub: a hub that asks about another one is answered 404.
    #[must_use]
    pub fn topics<'a>(self, topics: impl IntoIterator<Item = &'a str>) -> Self {
        self.with(|it| it.allowed.topics.extend(topics.into_iter().map(|topic| Cow::Owned(topic.to_owned()))))
    }

    /// The origins that may send, for CloudEvents: another one that asks is answered 405.
    #[must_use]
    pub fn allowed_origins<'a>(self, origins: impl IntoIterator<Item = &'a str>) -> Self {
        self.with(|it| it.allowed.origins.extend(origins.into_iter().map(|origin| Cow::Owned(origin.to_owned()))))
    }

    /// How many deliveries a minute an origin may send, for CloudEvents: a number, or `*`.
    #[must_use]
    pub fn allowed_rate(self, rate: &str) -> Self {
        self.with(|it| it.allowed.rate = Some(Cow::Owned(rate.to_owned())))
    }

    /// What fetches the keys of this sender, where it publishes some. The app's own fetcher unless set, or that of the
    /// feature `fetch`.
    #[must_use]
    pub fn fetcher(self, fetcher: impl Fetch) -> Self {
        let fetcher = Fetcher::new(fetcher);
        self.with(|it| it.fetcher = Some(fetcher))
    }
}
