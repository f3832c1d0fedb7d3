//! [`TestApp`]: which route a delivery belongs to, and the way to it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use axum::Router;
use axum::body::{Body, to_bytes};
use bytes::Bytes;
use http::request::Parts;
use http::{Request, StatusCode};
use serde::Serialize;
use tower_service::Service;

use crate::app::builder::Webhooks;
use crate::app::builder::in_process::{InProcess, InProcessRoute};
use crate::base::clock::{Clock, FixedClock};
use crate::format::recording::Recording;
use crate::source::Source;
use crate::testing::answer::Answer;
use crate::testing::delivery::{Content, Delivery};
use crate::verify::Explanation;

/// An app under test: the webhooks with their state, their layers and the merged routes, without a listener.
///
/// See the [module](crate::testing) for what it does.
pub struct TestApp {
    router: Router,
    routes: Vec<InProcessRoute>,
    clock: FixedClock,
    delivered: AtomicU64,
}

impl TestApp {
    /// The app of this builder. Its secrets are replaced by those of the kit and its clock by a fixed one, which shows
    /// the 15th of January 2027, 8 o'clock UTC (1 800 000 000).
    ///
    /// # Panics
    /// Where the app does not start, with the report that `main` would print.
    #[must_use]
    #[track_caller]
    pub fn new(webhooks: Webhooks) -> Self {
        let clock = FixedClock::at(1_800_000_000);
        match webhooks.in_process(clock.clone()) {
            Ok(InProcess { router, routes }) => Self { router, routes, clock, delivered: AtomicU64::new(0) },
            Err(error) => panic!("the app does not start\n{error:?}"),
        }
    }

    /// The clock of the app: [`set`](FixedClock::set) it, or [`advance`](FixedClock::advance) it.
    #[must_use]
    pub fn clock(&self) -> &FixedClock {
        &self.clock
    }

    /// Delivers an event with this payload, as a handler takes it, to the source that has a handler for it. Its sender
    /// would write it the same: within the sender's list, as a form, with the event type in its place.
    ///
    /// # Panics
    /// Where no handler takes the event, or those of several sources do: see [`deliver_to`](Self::deliver_to).
    #[track_caller]
    pub fn deliver<T: Serialize + ?Sized>(&self, event_type: &str, payload: &T) -> Delivery<'_> {
        self.delivery(self.route_of(event_type), event_type, Content::Payload(value(payload)))
    }

    /// The same to this source, whether it has a handler for the event or not. The default source is called `default`.
    ///
    /// # Panics
    /// Where no source has this name.
    #[track_caller]
    pub fn deliver_to<T: Serialize + ?Sized>(&self, source: &str, event_type: &str, payload: &T) -> Delivery<'_> {
        self.delivery(self.route_to(source, event_type), event_type, Content::Payload(value(payload)))
    }

    /// Delivers these bytes as the body of an event, as they are. A sender that has event type and id in the body is not
    /// helped to them; a time or a proof in the body is written all the same.
    ///
    /// # Panics
    /// As with [`deliver`](Self::deliver).
    #[track_caller]
    pub fn deliver_raw(&self, event_type: &str, body: impl Into<Bytes>) -> Delivery<'_> {
        self.delivery(self.route_of(event_type), event_type, Content::Raw(body.into()))
    }

    /// The same to this source.
    ///
    /// # Panics
    /// Where no source has this name.
    #[track_caller]
    pub fn deliver_raw_to(&self, source: &str, event_type: &str, body: impl Into<Bytes>) -> Delivery<'_> {
        self.delivery(self.route_to(source, event_type), event_type, Content::Raw(body.into()))
    }

    /// Delivers the provider's own sample of this event.
    ///
    /// # Panics
    /// As with [`deliver`](Self::deliver), and where the provider has no such sample.
    #[track_caller]
    pub fn sample(&self, event_type: &str) -> Delivery<'_> {
        self.sampled(self.route_of(event_type), event_type)
    }

    /// The same of this source.
    ///
    /// # Panics
    /// Where no source has this name, and where its provider has no such sample.
    #[track_caller]
    pub fn sample_of(&self, source: &str, event_type: &str) -> Delivery<'_> {
        self.sampled(self.route_to(source, event_type), event_type)
    }

    /// Delivers what was recorded once more: the same bytes and headers, signed with the secret of the kit, at the time
    /// of its clock. A time or a proof that its sender has in the body is the only thing that changes there.
    ///
    /// The name that was recorded is that of a source of the app, or of its provider: `webhook listen` knows no more. Where
    /// several routes have it, the recorded path decides.
    ///
    /// # Panics
    /// Where no route has that name, or several do and none has the path.
    #[track_caller]
    pub fn replay<'a>(&'a self, recording: &'a Recording) -> Delivery<'a> {
        let (name, path) = (recording.source(), recording.parts().uri.path());
        let is_of = |it: &&InProcessRoute| it.source.name() == name || it.source.facts().name == name;
        let of_source: Vec<_> = self.routes.iter().filter(is_of).collect();
        let by_path = of_source.iter().find(|it| takes_path(it, path));
        match (by_path, of_source.as_slice()) {
            (Some(route), _) | (None, [route]) => self.delivery(route, "", Content::Recorded(recording)),
            (None, []) => panic!("the recording is of the source `{name}`\n{}", self.known_sources()),
            (None, several) => {
                let paths: Vec<&str> = several.iter().map(|it| &*it.path).collect();
                panic!("the recording went to {path}, and the routes of `{name}` are {}", paths.join(", "))
            }
        }
    }

    /// Sends any request: to a merged route, to the document, or a handshake.
    ///
    /// # Panics
    /// Where the body of the answer cannot be read.
    pub async fn send(&self, request: Request<impl Into<Body>>) -> Answer {
        let (head, body) = self.answer(request.map(Into::into)).await;
        Answer::new(head, body, None)
    }

    /// Sends a delivery of this source.
    pub(super) async fn send_of(&self, source: &Source, parts: &Parts, body: &Bytes) -> Answer {
        let request = Request::from_parts(parts.clone(), Body::from(body.clone()));
        let (head, content) = self.answer(request).await;
        let why = match head.status == REFUSED {
            true => Some(self.explain(source, parts, body).await),
            false => None,
        };
        Answer::new(head, content, why)
    }

    /// Sends a request, and reads its answer to the end.
    async fn answer(&self, request: Request<Body>) -> (http::response::Parts, Bytes) {
        let response = match self.router.clone().call(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        let (head, body) = response.into_parts();
        match to_bytes(body, usize::MAX).await {
            Ok(body) => (head, body),
            Err(error) => panic!("the body of the answer broke off: {error}"),
        }
    }

    /// Does this source refuse the delivery, at the time of the clock?
    pub(super) async fn is_refused_by(&self, source: &Source, parts: &Parts, body: &Bytes) -> bool {
        let now = self.clock.now();
        match source.resolve_with_body(parts, body, now).await {
            Ok(resolved) => resolved.verify(parts, body, now).is_err(),
            Err(_) => true,
        }
    }

    /// Why the delivery is refused, beside all other sources of the app.
    async fn explain(&self, source: &Source, parts: &Parts, body: &Bytes) -> Explanation {
        let mut sources: Vec<&Source> = self.routes.iter().map(|it| &it.source).collect();
        sources.dedup_by_key(|it| it.name());
        source.explain_resolved(sources, parts, body, self.clock.now()).await
    }

    pub(super) fn now(&self) -> SystemTime {
        self.clock.now()
    }

    fn delivery<'a>(&'a self, route: &'a InProcessRoute, event_type: &str, content: Content<'a>) -> Delivery<'a> {
        let number = self.delivered.fetch_add(1, Ordering::Relaxed) + 1;
        Delivery::new(self, route, event_type, content, format!("evt_{number}"))
    }

    #[track_caller]
    fn sampled<'a>(&'a self, route: &'a InProcessRoute, event_type: &str) -> Delivery<'a> {
        let known: Vec<&str> = route.source.samples().iter().map(|it| it.event_type()).collect();
        if !known.contains(&event_type) {
            let source = route.source.name();
            panic!(
                "the source `{source}` has no sample of `{event_type}`: give a payload to `deliver`\nit has: {}",
                known.join(", ")
            );
        }
        self.delivery(route, event_type, Content::Sample)
    }

    /// The route whose source has a handler for the event: by its exact type, or else by a pattern.
    #[track_caller]
    fn route_of(&self, event_type: &str) -> &InProcessRoute {
        let by = |takes: &dyn Fn(&str) -> bool| {
            let takes = |route: &&InProcessRoute| route.event_types.iter().any(|it| takes(it));
            self.routes.iter().filter(takes).collect::<Vec<_>>()
        };
        let exact = by(&|handled| handled == event_type);
        let found = if exact.is_empty() { by(&|handled| is_pattern_of(handled, event_type)) } else { exact };
        match found.as_slice() {
            [route] => route,
            [] => panic!("no handler takes `{event_type}`\n{}", self.known_events()),
            several => {
                let names: Vec<String> = several.iter().map(|it| format!("`{}`", it.source.name())).collect();
                let first = several.first().map_or("", |it| it.source.name());
                panic!(
                    "`{event_type}` has handlers of {}: say which one sends it, as with `deliver_to(\"{first}\", …)`",
                    names.join(" and ")
                )
            }
        }
    }

    /// The route of a source; of the default source the one of the event.
    #[track_caller]
    fn route_to(&self, source: &str, event_type: &str) -> &InProcessRoute {
        let mut of_source = self.routes.iter().filter(|it| it.source.name() == source).peekable();
        if of_source.peek().is_none() {
            panic!("no source is called `{source}`\n{}", self.known_sources());
        }
        match of_source.find(|it| it.own_methods.is_none() || it.event_types.contains(&event_type)) {
            Some(route) => route,
            None => panic!("the source `{source}` has no endpoint `{event_type}`\n{}", self.known_events()),
        }
    }

    fn known_events(&self) -> String {
        let events = self.routes.iter().flat_map(|route| {
            route.event_types.iter().map(|event| format!("{event} (source {})", route.source.name()))
        });
        format!("the app has handlers for: {}", events.collect::<Vec<_>>().join(", "))
    }

    fn known_sources(&self) -> String {
        let mut names: Vec<&str> = self.routes.iter().map(|it| it.source.name()).collect();
        names.sort_unstable();
        names.dedup();
        format!("the app has the sources: {}", names.join(", "))
    }
}

/// What an unverified delivery is answered. A handler may answer the same; then the delivery verifies, and that is said.
const REFUSED: StatusCode = StatusCode::UNAUTHORIZED;

/// Is this a path of the route? In a pattern stands anything.
pub(super) fn takes_path(route: &InProcessRoute, path: &str) -> bool {
    let (own, path) = (route.path.split('/'), path.split('/'));
    own.clone().count() == path.clone().count()
        && own.zip(path).all(|(own, segment)| own == segment || own.starts_with('{'))
}

/// Does a handler of this type take the event, though it does not name it?
fn is_pattern_of(handled: &str, event_type: &str) -> bool {
    match handled.strip_suffix('*') {
        Some(prefix) => event_type.starts_with(prefix),
        // A handler of `issues` takes `issues.opened` too.
        None => event_type.strip_prefix(handled).is_some_and(|it| it.starts_with('.')),
    }
}

#[track_caller]
fn value<T: Serialize + ?Sized>(payload: &T) -> serde_json::Value {
    match serde_json::to_value(payload) {
        Ok(value) => value,
        Err(error) => panic!("the payload cannot be written as JSON: {error}"),
    }
}
