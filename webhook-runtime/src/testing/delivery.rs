//! One delivery: what is sent, and how it is spoilt.

use std::future::IntoFuture;
use std::pin::Pin;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request};
use serde_json::Value;

use crate::app::builder::in_process::InProcessRoute;
use crate::format::recording::Recording;
use crate::signature::CannotSign;
use crate::source::outgoing::Outgoing;
use crate::testing::answer::Answer;
use crate::testing::app::{TestApp, takes_path};
use crate::testing::tamper;

/// A delivery to a [`TestApp`], which is sent when it is awaited.
#[must_use = "nothing is sent before it is awaited"]
pub struct Delivery<'a> {
    app: &'a TestApp,
    route: &'a InProcessRoute,
    event_type: String,
    content: Content<'a>,
    id: String,
    time: SystemTime,
    headers: Vec<(HeaderName, HeaderValue)>,
    content_type: Option<String>,
    method: Option<Method>,
    path_values: Vec<(String, String)>,
    is_unsigned: bool,
    is_tampered: bool,
    is_stale: bool,
    is_sent_twice: bool,
}

/// What a delivery is made of.
pub(super) enum Content<'a> {
    Sample,
    Payload(Value),
    Raw(Bytes),
    Recorded(&'a Recording),
}

impl<'a> Delivery<'a> {
    pub(super) fn new(
        app: &'a TestApp,
        route: &'a InProcessRoute,
        event_type: &str,
        content: Content<'a>,
        id: String,
    ) -> Self {
        Self {
            app,
            route,
            event_type: event_type.to_owned(),
            content,
            id,
            time: app.now(),
            headers: Vec::new(),
            content_type: None,
            method: None,
            path_values: Vec::new(),
            is_unsigned: false,
            is_tampered: false,
            is_stale: false,
            is_sent_twice: false,
        }
    }

    /// Its id, in place of one that no other delivery of this app has. A recorded delivery keeps its own.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = id.into();
        self
    }

    /// Signs it at this time, in seconds since the Unix epoch. The clock of the app stays where it is.
    pub fn at(mut self, unix_seconds: u64) -> Self {
        self.time = SystemTime::UNIX_EPOCH + Duration::from_secs(unix_seconds);
        self
    }

    /// Changes it after it was signed: a byte of the body, or of the proof where that is all that its sender proves.
    pub fn tampered(mut self) -> Self {
        self.is_tampered = true;
        self
    }

    /// Signs it too long ago, as a captured delivery is that somebody sends again.
    ///
    /// Awaiting it panics where its sender signs no time: such a delivery never grows stale.
    pub fn stale(mut self) -> Self {
        let tolerance = Duration::from_secs(self.route.source.tolerance_seconds());
        // A token may be good for an hour beyond that.
        let age = tolerance + Duration::from_secs(2 * 60 * 60);
        self.time = self.app.now().checked_sub(age).unwrap_or(SystemTime::UNIX_EPOCH);
        self.is_stale = true;
        self
    }

    /// Leaves the proof out.
    pub fn unsigned(mut self) -> Self {
        self.is_unsigned = true;
        self
    }

    /// Sends it twice, one after the other. The answer is that to the second.
    pub fn duplicate(mut self) -> Self {
        self.is_sent_twice = true;
        self
    }

    /// Sets a header, after it was signed.
    ///
    /// # Panics
    /// Where it is no header.
    #[track_caller]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        match (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
            (Ok(name), Ok(value)) => self.headers.push((name, value)),
            _ => panic!("`{name}: {value}` is no header"),
        }
        self
    }

    /// Its content type, in place of the usual one of its sender.
    pub fn content_type(mut self, content_type: &str) -> Self {
        self.content_type = Some(content_type.to_owned());
        self
    }

    /// Its method. Unless set it is POST, or that of the handler, or the usual one of the sender.
    ///
    /// # Panics
    /// Where it is no method.
    #[track_caller]
    pub fn method(mut self, method: &str) -> Self {
        match Method::from_bytes(method.as_bytes()) {
            Ok(method) => self.method = Some(method),
            Err(_) => panic!("`{method}` is no method"),
        }
        self
    }

    /// What stands in the path for this name of the route's pattern: `path_value("tenant", "acme")` for
    /// `shopify/{tenant}`.
    pub fn path_value(mut self, name: &str, value: &str) -> Self {
        self.path_values.push((name.to_owned(), value.to_owned()));
        self
    }

    async fn send(self) -> Answer {
        let source = &self.route.source;
        let mut request = match self.request() {
            Ok(request) => request,
            Err(problem) => panic!("a delivery of the source `{}` cannot be made: {problem}", source.name()),
        };
        request.headers_mut().extend(self.headers.iter().cloned());
        if self.is_tampered {
            request = tamper::change(self.app, source, request).await;
        }
        let (parts, body) = request.into_parts();
        if self.is_stale && !self.app.is_refused_by(source, &parts, &body).await {
            panic!("the source `{}` signs no time: a delivery of it never grows stale", source.name());
        }
        if self.is_sent_twice {
            drop(self.app.send_of(source, &parts, &body).await);
        }
        self.app.send_of(source, &parts, &body).await
    }

    fn request(&self) -> Result<Request<Bytes>, CannotSign> {
        let delivery = match &self.content {
            Content::Recorded(recording) => return self.again(recording),
            // A route of its own says the event type; the sample of it has to be told.
            Content::Sample => self.outgoing().event_type(&self.event_type),
            Content::Payload(payload) => self.outgoing().payload(payload.clone()),
            Content::Raw(body) => self.outgoing().body(body.clone()),
        };
        let source = &self.route.source;
        if self.is_unsigned { source.unsigned(&delivery) } else { source.outgoing(&delivery) }
    }

    /// What was recorded, as its sender would send it again.
    fn again(&self, recording: &Recording) -> Result<Request<Bytes>, CannotSign> {
        let mut parts = recording.parts().clone();
        let query = parts.uri.query().map_or(String::new(), |it| format!("?{it}"));
        // What was recorded says what stands in a pattern, where it went to this route.
        let recorded = takes_path(self.route, parts.uri.path());
        let path = if recorded { parts.uri.path().to_owned() } else { self.path() };
        parts.uri = format!("{path}{query}").parse().map_err(|_| CannotSign::Target)?;
        let source = &self.route.source;
        match self.is_unsigned {
            true => source.unsigned_again(&parts, recording.body(), self.time),
            false => source.outgoing_again(&parts, recording.body(), self.time),
        }
    }

    /// The delivery without its content.
    fn outgoing(&self) -> Outgoing {
        let mut delivery = Outgoing::new(&self.id, self.time).to(self.path());
        match (&self.method, &self.route.own_methods) {
            (Some(method), _) => delivery = delivery.method(method.clone()),
            (None, Some(methods)) if !methods.contains(&"POST") => {
                let only = methods.first().and_then(|it| it.parse().ok());
                delivery = delivery.method(only.unwrap_or(Method::POST));
            }
            (None, _) => {}
        }
        if self.route.own_methods.is_none() && !self.event_type.is_empty() {
            delivery = delivery.event_type(&self.event_type);
        }
        match &self.content_type {
            Some(content_type) => delivery.content_type(content_type),
            None => delivery,
        }
    }

    /// The path of the route, with the values of its pattern.
    fn path(&self) -> String {
        let mut path = self.route.path.clone();
        for (name, value) in &self.path_values {
            path = path.replace(&format!("{{{name}}}"), value);
        }
        if let Some((_, name)) = path.split_once('{') {
            let name = name.split('}').next().unwrap_or_default();
            let route = &self.route.path;
            panic!("the route {route} has a pattern: write what stands there, as with `.path_value(\"{name}\", …)`");
        }
        path
    }
}

impl<'a> IntoFuture for Delivery<'a> {
    type Output = Answer;
    type IntoFuture = Pin<Box<dyn Future<Output = Answer> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
