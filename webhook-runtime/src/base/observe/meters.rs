//! What is counted, through the facade `metrics`. Without the feature of that name nothing is, at no cost.
//!
//! A label never comes from a sender: it is the name of a source, what a handler was registered for, or a word of a
//! closed list.

use std::sync::Arc;

use http::{Method, StatusCode};

use crate::base::observe::Ended;
#[cfg(feature = "metrics")]
use crate::base::observe::Stopwatch;
#[cfg(feature = "metrics")]
use crate::base::observe::{ACTIVE_REQUESTS, CLAIMS, DELIVERIES, EVENTS, EVICTIONS, REJECTIONS, REQUEST_DURATION};

/// Is anything counted at all?
pub(crate) const ARE_COUNTED: bool = cfg!(feature = "metrics");

/// Says what the metrics are, to a recorder that is there.
pub(crate) fn describe() {
    #[cfg(feature = "metrics")]
    {
        use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};
        describe_histogram!(REQUEST_DURATION, Unit::Seconds, "Duration of requests to webhooks.");
        describe_gauge!(ACTIVE_REQUESTS, "Requests to webhooks that are being answered.");
        describe_counter!(DELIVERIES, "Deliveries, by how they ended.");
        describe_counter!(EVENTS, "Events, by how they ended.");
        describe_counter!(REJECTIONS, "Deliveries and events that were refused, by the reason.");
        describe_gauge!(CLAIMS, "Claims that are held: events that are running.");
        describe_counter!(EVICTIONS, "Ids that the memory store forgot before their time.");
    }
}

pub(crate) fn delivery(source: &Arc<str>, ended: Ended) {
    #[cfg(feature = "metrics")]
    metrics::counter!(DELIVERIES, "webhook.source" => source.clone(), "webhook.outcome" => ended.word()).increment(1);
    #[cfg(not(feature = "metrics"))]
    let _ = (source, ended);
}

/// `handled_as` is the event type of the handler, as it was registered.
pub(crate) fn event(source: &Arc<str>, handled_as: Option<&'static str>, ended: Ended) {
    #[cfg(feature = "metrics")]
    metrics::counter!(
        EVENTS,
        "webhook.source" => source.clone(),
        "webhook.event_type" => handled_as.unwrap_or("other"),
        "webhook.outcome" => ended.word()
    )
    .increment(1);
    #[cfg(not(feature = "metrics"))]
    let _ = (source, handled_as, ended);
}

pub(crate) fn rejection(source: &Arc<str>, cause: &'static str) {
    #[cfg(feature = "metrics")]
    metrics::counter!(REJECTIONS, "webhook.source" => source.clone(), "webhook.cause" => cause).increment(1);
    #[cfg(not(feature = "metrics"))]
    let _ = (source, cause);
}

pub(crate) fn eviction() {
    #[cfg(feature = "metrics")]
    metrics::counter!(EVICTIONS).increment(1);
}

/// A claim that is held until this is dropped.
pub(crate) struct HeldClaim(());

impl HeldClaim {
    pub(crate) fn new() -> Self {
        #[cfg(feature = "metrics")]
        metrics::gauge!(CLAIMS).increment(1);
        Self(())
    }
}

impl Drop for HeldClaim {
    fn drop(&mut self) {
        #[cfg(feature = "metrics")]
        metrics::gauge!(CLAIMS).decrement(1);
    }
}

/// A request that is being answered, until this is dropped.
pub(crate) struct ActiveRequest {
    #[cfg(feature = "metrics")]
    method: &'static str,
    #[cfg(feature = "metrics")]
    since: Stopwatch,
}

#[cfg(feature = "metrics")]
impl ActiveRequest {
    pub(crate) fn new(method: &Method) -> Self {
        let method = known(method);
        metrics::gauge!(ACTIVE_REQUESTS, "http.request.method" => method).increment(1);
        Self { method, since: Stopwatch::start() }
    }

    pub(crate) fn answered(self, route: &Arc<str>, status: StatusCode) {
        let mut labels = vec![
            metrics::Label::from_static_parts("http.request.method", self.method),
            metrics::Label::new("http.response.status_code", status.as_str().to_owned()),
            metrics::Label::new("http.route", route.clone()),
        ];
        if status.is_server_error() {
            labels.push(metrics::Label::new("error.type", status.as_str().to_owned()));
        }
        metrics::histogram!(REQUEST_DURATION, labels).record(self.since.elapsed().as_secs_f64());
    }
}

#[cfg(feature = "metrics")]
impl Drop for ActiveRequest {
    fn drop(&mut self) {
        metrics::gauge!(ACTIVE_REQUESTS, "http.request.method" => self.method).decrement(1);
    }
}

#[cfg(not(feature = "metrics"))]
impl ActiveRequest {
    pub(crate) fn new(_: &Method) -> Self {
        Self {}
    }

    pub(crate) fn answered(self, _: &Arc<str>, _: StatusCode) {}
}

/// The methods that the conventions know; a sender can invent others.
#[cfg(feature = "metrics")]
fn known(method: &Method) -> &'static str {
    let known = ["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE"];
    known.into_iter().find(|it| *it == method.as_str()).unwrap_or("_OTHER")
}
