//! The sending side of a source: a delivery as its sender would send it.
//!
//! What the receiving side reads is written here by the same facts and the same recipe: event type, id, time and proof,
//! each where the provider has it. Nothing is sent: the request is given to whoever asked for it.

use std::time::SystemTime;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, Request, Uri};
use serde_json::Value;

use crate::signature::CannotSign;
use crate::signature::draft::Draft;
use crate::source::Source;
use crate::source::facts::ContentType;
use crate::source::sample::Sample;

mod document;
mod places;

use document::Document;
use places::Hand;

/// A delivery to make: its id, its time, and what is known of it. Given to [`Source::outgoing`].
///
/// Without a [`payload`](Self::payload) or a [`body`](Self::body) it is the provider's own sample of the event type.
#[derive(Clone, Debug)]
#[must_use = "nothing is made before `Source::outgoing` is given it"]
pub struct Outgoing {
    id: String,
    time: SystemTime,
    event_type: Option<String>,
    content: Content,
    content_type: Option<String>,
    method: Option<Method>,
    target: String,
}

#[derive(Clone, Debug)]
enum Content {
    Sample,
    Payload(Value),
    Body(Bytes),
}

impl Outgoing {
    /// A delivery with this id, signed at this time. Where a sender has no ids, it gets none.
    pub fn new(id: impl Into<String>, time: SystemTime) -> Self {
        Self {
            id: id.into(),
            time,
            event_type: None,
            content: Content::Sample,
            content_type: None,
            method: None,
            target: "/".to_owned(),
        }
    }

    /// The event type, as handlers name it: `issues.opened` of GitHub is its header and its action. Unless set it is that
    /// of the sample, or what the payload says.
    pub fn event_type(mut self, event_type: impl Into<String>) -> Self {
        self.event_type = Some(event_type.into());
        self
    }

    /// One event, as a handler takes it. It is written as its sender writes it (as JSON or as a form, within its list
    /// where it sends several at once), and completed by the event type and the id where it lacks them: what it says
    /// of itself stays.
    pub fn payload(mut self, payload: Value) -> Self {
        self.content = Content::Payload(payload);
        self
    }

    /// The body, byte for byte. A time and a proof that stand in the body are written all the same, for they make the
    /// delivery; neither the event type nor an id is.
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.content = Content::Body(body.into());
        self
    }

    /// The value of `Content-Type`. Unless set it is the usual one of the sender.
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// The method. Unless set it is the usual one of the sender, which is POST.
    pub fn method(mut self, method: Method) -> Self {
        self.method = Some(method);
        self
    }

    /// Where it is sent: a URL, or a path with or without a query. `/` unless set.
    ///
    /// A scheme that signs the URL signs the one that is configured on the source, with this query; without one, this
    /// URL as it is.
    pub fn to(mut self, target: impl Into<String>) -> Self {
        self.target = target.into();
        self
    }
}

impl Source {
    /// The whole request with which the sender would deliver this: method, query, headers and body, with event type, id,
    /// time and proof where they belong. [`verify`](Self::verify) takes what it makes.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use webhook_runtime::{GitHub, Outgoing};
    ///
    /// let source = GitHub::new("a long random secret");
    /// let delivery = Outgoing::new("72d3162e", SystemTime::now()).event_type("issues.opened").to("/webhooks/github");
    /// let (parts, body) = source.outgoing(&delivery)?.into_parts();
    ///
    /// assert_eq!(parts.headers["x-github-event"], "issues");
    /// assert!(body.starts_with(br#"{"action":"opened""#));
    /// assert!(source.verify(&parts, &body, SystemTime::now()).is_ok());
    /// # Ok::<(), webhook_runtime::CannotSign>(())
    /// ```
    ///
    /// # Errors
    /// Where the source has no secret that signs, or what was given does not fit its scheme.
    pub fn outgoing(&self, delivery: &Outgoing) -> Result<Request<Bytes>, CannotSign> {
        self.signed(self.written(delivery)?)
    }

    /// A delivery that was received, as its sender would send it again at this time: with the same id, the same bytes but
    /// for a time or a proof in the body, and another signature. It goes where the URI of its head says.
    ///
    /// # Errors
    /// Where the source has no secret that signs, or the delivery does not fit its scheme.
    pub fn outgoing_again(&self, parts: &Parts, body: &Bytes, time: SystemTime) -> Result<Request<Bytes>, CannotSign> {
        self.signed(self.written_again(parts, body, time)?)
    }

    /// The payloads that its sender documents, the most common one first. A source of one's own has none.
    #[must_use]
    pub fn samples(&self) -> &'static [Sample] {
        self.facts().samples
    }

    /// The same request as of [`outgoing`](Self::outgoing), without its proof.
    #[cfg(feature = "testing")]
    pub(crate) fn unsigned(&self, delivery: &Outgoing) -> Result<Request<Bytes>, CannotSign> {
        self.written(delivery).map(request)
    }

    /// The same request as of [`outgoing_again`](Self::outgoing_again), without its proof.
    #[cfg(feature = "testing")]
    pub(crate) fn unsigned_again(
        &self,
        parts: &Parts,
        body: &Bytes,
        time: SystemTime,
    ) -> Result<Request<Bytes>, CannotSign> {
        self.written_again(parts, body, time).map(request)
    }

    fn signed(&self, mut draft: Draft) -> Result<Request<Bytes>, CannotSign> {
        self.recipe().ok_or(CannotSign::NoSecret)?.complete(&mut draft)?;
        Ok(request(draft))
    }

    /// A delivery before it is signed.
    fn written(&self, delivery: &Outgoing) -> Result<Draft, CannotSign> {
        let mut draft = self.draft(delivery)?;
        draft.body = self.write(delivery, &mut draft.headers)?;
        Ok(draft)
    }

    /// A delivery that was received, before it is signed again.
    fn written_again(&self, parts: &Parts, body: &Bytes, time: SystemTime) -> Result<Draft, CannotSign> {
        let facts = self.facts();
        let mut headers = parts.headers.clone();
        let id = facts.delivery_id.as_deref().and_then(|name| headers.get(name)?.to_str().ok());
        let id = id.unwrap_or("again").to_owned();
        // What belongs to the connection is made anew, as the proof is.
        let replaced = facts.headers.iter().map(|it| &*it.name);
        for name in replaced.chain(["connection", "content-length", "host", "transfer-encoding"]) {
            headers.remove(name);
        }
        let delivery = Outgoing::new(id, time).method(parts.method.clone()).to(parts.uri.to_string());
        let mut draft = Draft { headers, ..self.draft(&delivery)? };
        draft.body = self.timed(time, body)?;
        Ok(draft)
    }

    /// The request without headers and body.
    fn draft(&self, delivery: &Outgoing) -> Result<Draft, CannotSign> {
        let target: Uri = delivery.target.parse().map_err(|_| CannotSign::Target)?;
        let usual = self.facts().methods.first().and_then(|it| it.parse().ok()).unwrap_or(Method::POST);
        Ok(Draft {
            id: delivery.id.clone(),
            time: delivery.time,
            method: delivery.method.clone().unwrap_or(usual),
            url: self.signed_target(&target),
            target,
            headers: HeaderMap::new(),
            body: Vec::new(),
        })
    }

    /// The body, and the headers that are known before it is signed.
    fn write(&self, delivery: &Outgoing, headers: &mut HeaderMap) -> Result<Vec<u8>, CannotSign> {
        let facts = self.facts();
        let usual = facts.content_types.first().copied().unwrap_or(ContentType::Json);
        let asked = delivery.event_type.as_deref();
        let (mut document, hand, event_type, content_type) = match &delivery.content {
            Content::Sample => {
                let sample = self.sample_of(asked).ok_or(CannotSign::NoSample)?;
                for (name, value) in sample.headers() {
                    places::set(headers, name, value, CannotSign::NoHeader)?;
                }
                let written = sample.content_type().map_or(usual, |it| of_name(it, facts.content_types));
                let document = Document::read(sample.body(), written);
                (document, Hand::Overwrites, Some(asked.unwrap_or(sample.event_type())), sample.content_type())
            }
            Content::Payload(payload) => {
                let mut document = Document::of(payload, usual)?;
                places::batch(facts, &mut document);
                (document, Hand::Completes, asked, None)
            }
            Content::Body(body) => {
                let text = std::str::from_utf8(body).ok();
                let read = text.map(|it| Document::read(it, usual));
                (read.unwrap_or(Document::Bytes(Vec::new())), Hand::Keeps, asked, None)
            }
        };
        let content_type = delivery.content_type.as_deref().or(content_type).unwrap_or(sent_name(usual));
        headers.insert(CONTENT_TYPE, HeaderValue::from_str(content_type).map_err(|_| CannotSign::NoHeader)?);
        if let Some(event_type) = event_type.filter(|it| !it.is_empty()) {
            places::event_type(facts, event_type, &mut document, headers, hand)?;
        }
        places::id(facts, &delivery.id, &mut document, headers, hand)?;
        match (&delivery.content, facts.body_timestamp) {
            (Content::Body(body), _) => self.timed(delivery.time, body),
            (_, Some(at)) => places::time(at, delivery.time, &mut document).map(|_| document.into_bytes()),
            (_, None) => Ok(document.into_bytes()),
        }
    }

    /// The bytes, but for the time where the sender has it in the body.
    fn timed(&self, time: SystemTime, body: &Bytes) -> Result<Vec<u8>, CannotSign> {
        let text = std::str::from_utf8(body).ok().zip(self.facts().body_timestamp);
        let Some((text, at)) = text else { return Ok(body.to_vec()) };
        let mut document = Document::read(text, ContentType::Json);
        let changed = places::time(at, time, &mut document)?;
        Ok(if changed { document.into_bytes() } else { body.to_vec() })
    }

    /// The sample of this event type, or the first.
    fn sample_of(&self, event_type: Option<&str>) -> Option<&'static Sample> {
        let samples = self.samples();
        samples.iter().find(|it| Some(it.event_type()) == event_type).or(samples.first())
    }

    /// The URL that a scheme signs for a request to this target.
    fn signed_target(&self, target: &Uri) -> Option<String> {
        let whole = match (self.own_url(), target.scheme()) {
            (Some(url), _) => url.to_owned(),
            (None, Some(_)) => return Some(target.to_string()),
            (None, None) => format!("{}{}", self.url_of_the_app()?, target.path()),
        };
        Some(target.query().map_or(whole.clone(), |query| format!("{whole}?{query}")))
    }
}

fn request(draft: Draft) -> Request<Bytes> {
    let mut request = Request::new(Bytes::from(draft.body));
    *request.method_mut() = draft.method;
    *request.uri_mut() = draft.target;
    *request.headers_mut() = draft.headers;
    request
}

/// How a sender names this content type in what it sends.
fn sent_name(content_type: ContentType) -> &'static str {
    match content_type {
        ContentType::JsonAsText => "text/plain; charset=UTF-8",
        ContentType::Any => "application/json",
        other => other.name(),
    }
}

/// How a body of this content type is written. One that is not among those of the sender is bytes.
fn of_name(name: &str, sent: &[ContentType]) -> ContentType {
    let essence = crate::format::essence(name);
    let is = |it: &&ContentType| match it {
        ContentType::JsonInForm(_) => false,
        ContentType::Json => essence.ends_with("json"),
        other => other.name() == essence,
    };
    sent.iter().find(is).copied().unwrap_or(ContentType::Any)
}

#[cfg(test)]
mod tests {
    use super::of_name;
    use crate::source::facts::ContentType::{self, Any, Form, Json, JsonInForm};

    #[test]
    fn a_body_is_written_as_its_content_type_says_where_the_sender_has_it() {
        let check = |name, sent: &[ContentType], expected| assert_eq!(of_name(name, sent), expected, "{name}");
        check("application/json; charset=utf-8", &[Form, Json], Json);
        check("application/cloudevents+json", &[Json], Json);
        check("application/x-www-form-urlencoded", &[Json, Form], Form);
        check("application/x-www-form-urlencoded", &[JsonInForm("payload")], Any);
        check("image/png", &[Form], Any);
    }
}
