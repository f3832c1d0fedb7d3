//! What no recipe may let pass: a delivery in which one bit was changed, and one that another source signed.
//!
//! The tables have a delivery a source; everything else is derived from it.

use std::ops::Range;
use std::time::{Duration, SystemTime};

use axum::body::Body;
use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::request::Parts;
use http::{HeaderName, HeaderValue, Request, Uri};
use webhook_runtime::{Fetch, FetchError, PinnedUrl, Post, Rejection, Source, Twitch};

mod fetched;
mod in_body;
pub(crate) mod public_keys;
mod shared;

/// When every delivery was signed, and arrives.
pub(crate) const NOW: u64 = 1_800_000_000;

pub(crate) fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(NOW)
}

/// One of every source that there is.
async fn deliveries() -> Vec<Delivery> {
    let mut all = shared::deliveries();
    all.extend(in_body::deliveries());
    all.extend(public_keys::deliveries());
    all.extend(fetched::deliveries().await);
    all
}

/// A delivery that its source takes.
pub(crate) struct Delivery {
    pub(crate) name: &'static str,
    pub(crate) source: Source,
    pub(crate) parts: Parts,
    pub(crate) body: Bytes,
    /// What proves that its sender has the secret or the key: every bit of that counts.
    proof: Vec<Part>,
    /// The headers that have to be there once.
    required: Vec<HeaderName>,
    /// Where the keys are that are fetched.
    published: Published,
    /// Of the bits one in so many is tried, where verifying takes long without optimisation.
    one_in: usize,
}

/// A part of a request.
#[derive(Clone)]
pub(crate) enum Part {
    Header(HeaderName),
    Body(Range<usize>),
    /// A text in the URL.
    Query(String),
}

impl Part {
    fn whole_body(body: &str) -> Self {
        Self::Body(0..body.len())
    }

    /// Where a text stands in the body, which is there once.
    fn in_body(body: &str, text: &str) -> Self {
        assert_eq!(body.matches(text).count(), 1, "{text} in {body}");
        let at = body.find(text).unwrap();
        Self::Body(at..at + text.len())
    }
}

impl Delivery {
    fn new(name: &'static str, source: Source, parts: Parts, body: impl Into<Bytes>, proof: Vec<Part>) -> Self {
        let published = Published::default();
        Self { name, source, parts, body: body.into(), proof, required: Vec::new(), published, one_in: 1 }
    }

    fn requiring(self, required: Vec<HeaderName>) -> Self {
        Self { required, ..self }
    }

    /// Tries one bit in so many. An odd number reaches each place of a byte.
    fn trying_one_in(self, one_in: usize) -> Self {
        Self { one_in, ..self }
    }

    /// With documents behind URLs.
    fn published(self, documents: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        Self { published: Published(documents.into_iter().collect()), ..self }
    }

    pub(crate) async fn verify(&self, parts: &Parts, body: &Bytes) -> Result<(), Rejection> {
        let mut source = self.source.clone();
        if !self.published.0.is_empty() {
            // Nothing that was fetched or missed before counts.
            source = source.fetcher(self.published.clone()).resolve_with_body(parts, body, now()).await?;
        }
        source.verify(parts, body, now()).map(|_| ())
    }

    pub(crate) async fn assert_refused(&self, parts: &Parts, body: &Bytes, what: &str) {
        match self.verify(parts, body).await {
            // There is no key at another URL of the sender's own.
            Err(Rejection::Unverified(_) | Rejection::KeyUnavailable(_)) => {}
            other => panic!("{}: {what}: {other:?}", self.name),
        }
    }

    /// Every delivery that differs from this one in one bit that its proof covers.
    fn flipped(&self) -> impl Iterator<Item = (String, Parts, Bytes)> {
        self.proof.iter().flat_map(|part| match part {
            Part::Header(name) => self.in_header(name),
            Part::Body(range) => {
                let flips = flips(&self.body, range.clone(), self.one_in);
                flips.map(|(what, body)| (format!("{what} of the body"), self.parts.clone(), body.into())).collect()
            }
            Part::Query(text) => self.in_query(text),
        })
    }

    fn in_header(&self, name: &HeaderName) -> Vec<(String, Parts, Bytes)> {
        let value = &self.parts.headers[name];
        let flips = flips(value.as_bytes(), 0..value.len(), self.one_in);
        // A byte that no header can hold does not arrive.
        let sendable = flips.filter_map(|(what, value)| Some((what, HeaderValue::from_bytes(&value).ok()?)));
        let different = sendable.filter(|(_, flipped)| !is_the_same(name, value, flipped));
        let with = different.map(|(what, value)| {
            let mut parts = self.parts.clone();
            parts.headers.insert(name.clone(), value);
            (format!("{what} of {name}"), parts, self.body.clone())
        });
        with.collect()
    }

    fn in_query(&self, text: &str) -> Vec<(String, Parts, Bytes)> {
        let uri = self.parts.uri.to_string();
        let at = uri.find(text).unwrap();
        let flips = flips(uri.as_bytes(), at..at + text.len(), self.one_in);
        let sendable = flips.filter_map(|(what, uri)| Some((what, Uri::try_from(uri).ok()?)));
        let with = sendable.map(|(what, uri)| {
            let mut parts = self.parts.clone();
            parts.uri = uri;
            (format!("{what} of the URL"), parts, self.body.clone())
        });
        with.collect()
    }
}

/// What a sender has published, by its URL. There is nothing else.
#[derive(Clone, Default)]
struct Published(Vec<(&'static str, String)>);

impl Published {
    fn at(&self, url: &PinnedUrl) -> Result<Bytes, FetchError> {
        let found = self.0.iter().find(|(at, _)| *at == url.as_str());
        found
            .map(|(_, document)| Bytes::from(document.clone()))
            .ok_or_else(|| FetchError::new("there is no such document"))
    }
}

impl Fetch for Published {
    async fn get(&self, url: &PinnedUrl) -> Result<Bytes, FetchError> {
        self.at(url)
    }

    async fn post(&self, url: &PinnedUrl, _: &Post) -> Result<Bytes, FetchError> {
        self.at(url)
    }
}

/// The name of an authentication scheme has no case (RFC 9110, section 11.1).
fn is_the_same(name: &HeaderName, value: &HeaderValue, flipped: &HeaderValue) -> bool {
    let known = |value: &HeaderValue| {
        let (scheme, credentials) = value.to_str().ok()?.split_once(' ')?;
        let scheme = Some(scheme.to_ascii_lowercase()).filter(|it| it == "basic" || it == "bearer");
        Some((scheme?, credentials.to_owned()))
    };
    name == AUTHORIZATION && known(value).is_some() && known(value) == known(flipped)
}

/// The bytes with one bit of the range flipped, in turn.
fn flips(bytes: &[u8], range: Range<usize>, one_in: usize) -> impl Iterator<Item = (String, Vec<u8>)> + '_ {
    (range.start * 8..range.end * 8).step_by(one_in).map(|bit| {
        let mut flipped = bytes.to_vec();
        flipped[bit / 8] ^= 1 << (bit % 8);
        (format!("bit {} of byte {}", bit % 8, bit / 8), flipped)
    })
}

async fn whole(request: Request<Body>) -> (Parts, Bytes) {
    let (parts, body) = request.into_parts();
    (parts, axum::body::to_bytes(body, usize::MAX).await.unwrap())
}

#[tokio::test]
async fn a_flipped_bit_is_refused() {
    for delivery in deliveries().await {
        assert_eq!(delivery.verify(&delivery.parts, &delivery.body).await, Ok(()), "{}", delivery.name);
        let mut tried = 0;
        for (what, parts, body) in delivery.flipped() {
            delivery.assert_refused(&parts, &body, &what).await;
            tried += 1;
        }
        assert!(tried > 100, "{}: {tried}", delivery.name);
    }
}

#[tokio::test]
async fn a_header_of_the_proof_that_is_missing_or_repeated_is_refused() {
    for delivery in deliveries().await {
        let Delivery { parts, body, .. } = &delivery;
        for name in &delivery.required {
            let mut without = parts.clone();
            without.headers.remove(name);
            delivery.assert_refused(&without, body, &format!("no {name}")).await;
            let mut twice = parts.clone();
            twice.headers.append(name, parts.headers[name].clone());
            delivery.assert_refused(&twice, body, &format!("{name} twice")).await;
        }
    }
}

#[tokio::test]
async fn a_signed_url_is_the_configured_one() {
    for delivery in shared::with_signed_url() {
        let moved = Delivery { source: delivery.source.clone().url("https://example.test/others"), ..delivery };
        moved.assert_refused(&moved.parts, &moved.body, "another URL").await;
    }
}

#[tokio::test]
async fn a_delivery_of_another_source_is_refused() {
    let all = deliveries().await;
    for sender in &all {
        for receiver in all.iter().filter(|it| it.name != sender.name) {
            receiver.assert_refused(&sender.parts, &sender.body, &format!("signed for {}", sender.name)).await;
        }
    }
}

/// Nothing stands between the pieces that Twitch signs: each must know its own end.
#[test]
fn no_byte_moves_between_id_time_and_body() {
    let source = Twitch::new("a-long-random-text");
    let body = r#"{"at":"2023-11-14T22:13:20Z","is":1}"#;
    let (mut parts, ()) = Request::post("/hooks").body(()).unwrap().into_parts();
    parts.headers = source.sign("delivery-1", now(), body.as_bytes()).unwrap();
    let text = format!("delivery-1{}{body}", parts.headers["twitch-eventsub-message-timestamp"].to_str().unwrap());
    let mut accepted = Vec::new();
    for begin in 0..=text.len() {
        for end in begin..=text.len() {
            let (id, time) = (HeaderValue::from_str(&text[..begin]), HeaderValue::from_str(&text[begin..end]));
            let (Ok(id), Ok(time)) = (id, time) else { continue };
            parts.headers.insert("twitch-eventsub-message-id", id);
            parts.headers.insert("twitch-eventsub-message-timestamp", time);
            if source.verify(&parts, &Bytes::copy_from_slice(&text.as_bytes()[end..]), now()).is_ok() {
                accepted.push((begin, end));
            }
        }
    }
    assert_eq!(accepted, [("delivery-1".len(), text.len() - body.len())]);
}
