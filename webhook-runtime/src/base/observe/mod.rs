//! The names under which an app is seen from outside: spans and log lines through [`tracing`], and, with the feature
//! `metrics`, counters, gauges and histograms through the facade of that name.
//!
//! Nothing here shows a body, a header or a secret. Labels of metrics have as many values as the app has sources, routes
//! and handlers, whatever senders send.
//!
//! # Spans
//!
//! A delivery is a span [`DELIVERY`] of the target [`TARGET`], at the level `INFO`. Where it carries several events, each
//! is a span [`EVENT`] in it. Their fields:
//!
//! | field | says |
//! | --- | --- |
//! | [`SOURCE`] | the name of the source |
//! | [`ROUTE`] | the route; with a pattern it is the pattern |
//! | [`EVENT_TYPE`] | the event type, once the delivery is verified |
//! | [`DELIVERY_ID`] | the id of the delivery, the first 64 characters; before it is verified, what the head claims |
//! | [`OUTCOME`] | one of the [words](OUTCOMES) for how it ended |
//! | [`CAUSE`] | why it was refused, in a word: `missing_header`, `timestamp_outside_tolerance`, `body_too_large` |
//! | [`STATUS`] | the status that was answered |
//! | [`DURATION`] | how long it took, in milliseconds |
//!
//! # Metrics
//!
//! | name | kind | labels |
//! | --- | --- | --- |
//! | [`REQUEST_DURATION`] | histogram, seconds | `http.request.method`, `http.response.status_code`, `http.route`, and `error.type` of a 5xx |
//! | [`ACTIVE_REQUESTS`] | gauge | `http.request.method` |
//! | [`DELIVERIES`] | counter | `webhook.source`, `webhook.outcome` |
//! | [`EVENTS`] | counter | `webhook.source`, `webhook.event_type`, `webhook.outcome` |
//! | [`REJECTIONS`] | counter | `webhook.source`, `webhook.cause` |
//! | [`CLAIMS`] | gauge | none |
//! | [`EVICTIONS`] | counter | none |
//!
//! The first two are those of OpenTelemetry's conventions for HTTP servers, for the routes of webhooks; `url.scheme` is
//! left out, since behind a proxy it is not known. `webhook.event_type` is what the handler's `#[webhook]` says, and
//! `other` where no handler takes the event. Events that nobody handles and duplicates are [`EVENTS`] of the outcomes
//! `unhandled` and `duplicate`.
//!
//! Install the recorder before the app is built: a metric is described when it is.
//!
//! ```
//! use webhook_runtime::observe;
//!
//! // Buckets for a histogram, as an exporter takes them.
//! let buckets = (observe::REQUEST_DURATION, [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0]);
//! assert!(observe::OUTCOMES.contains(&"duplicate"));
//! # let _ = buckets;
//! ```

use std::time::{Duration, Instant};

use crate::base::error::failure::Failure;
use crate::base::error::rejection::{Cause, Rejection};

pub(crate) mod delivery;
pub(crate) mod meters;

/// The `tracing` target of every span and every event of this crate.
pub const TARGET: &str = "webhook";

/// The span of a delivery.
pub const DELIVERY: &str = "delivery";
/// The span of one event among several in a delivery.
pub const EVENT: &str = "event";

/// The field for the source.
pub const SOURCE: &str = "source";
/// The field for the route.
pub const ROUTE: &str = "route";
/// The field for the event type.
pub const EVENT_TYPE: &str = "event_type";
/// The field for the id of the delivery.
pub const DELIVERY_ID: &str = "delivery_id";
/// The field for how it ended.
pub const OUTCOME: &str = "outcome";
/// The field for why it was refused.
pub const CAUSE: &str = "cause";
/// The field for the status that was answered.
pub const STATUS: &str = "status";
/// The field for how long it took, in milliseconds.
pub const DURATION: &str = "duration_ms";

/// How long a request to a webhook took, in seconds.
pub const REQUEST_DURATION: &str = "http.server.request.duration";
/// How many requests to webhooks are being answered.
pub const ACTIVE_REQUESTS: &str = "http.server.active_requests";
/// How many deliveries came, by how they ended.
pub const DELIVERIES: &str = "webhook.deliveries";
/// How many events came, by how they ended.
pub const EVENTS: &str = "webhook.events";
/// How many deliveries and events were refused, by the reason.
pub const REJECTIONS: &str = "webhook.rejections";
/// How many claims this process holds: events that are running.
pub const CLAIMS: &str = "webhook.claims";
/// How many ids the memory store forgot before their time, since it was full.
pub const EVICTIONS: &str = "webhook.store.evictions";

/// Every word for how a delivery or an event can end.
pub const OUTCOMES: [&str; 14] = [
    Ended::Succeeded.word(),
    Ended::Failed.word(),
    Ended::Panicked.word(),
    Ended::TimedOut.word(),
    Ended::Undecodable.word(),
    Ended::Duplicate.word(),
    Ended::Running.word(),
    Ended::Unhandled.word(),
    Ended::Handshake.word(),
    Ended::Unverified.word(),
    Ended::Refused.word(),
    Ended::Unavailable.word(),
    Ended::Abandoned.word(),
    Ended::Lost.word(),
];

/// How a delivery or an event ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// Its handler answered 2xx.
    Succeeded,
    /// Its handler answered something else, or its answer broke off.
    Failed,
    Panicked,
    TimedOut,
    /// The body is not the payload of its handler.
    Undecodable,
    /// It ran before, and got the first answer.
    Duplicate,
    /// A copy of it is still running.
    Running,
    /// No handler takes it; it was acknowledged.
    Unhandled,
    /// It was a question of the sender, and was answered.
    Handshake,
    Unverified,
    /// It was refused for what can be seen without its signature.
    Refused,
    /// Something that it needs did not answer: the store, its secrets, its key.
    Unavailable,
    /// The sender hung up before its delivery was accepted.
    Abandoned,
    /// The runtime was shut down while it ran.
    Lost,
}

impl Ended {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Panicked => "panicked",
            Self::TimedOut => "timed_out",
            Self::Undecodable => "undecodable",
            Self::Duplicate => "duplicate",
            Self::Running => "running",
            Self::Unhandled => "unhandled",
            Self::Handshake => "handshake",
            Self::Unverified => "unverified",
            Self::Refused => "refused",
            Self::Unavailable => "unavailable",
            Self::Abandoned => "abandoned",
            Self::Lost => "lost",
        }
    }
}

impl From<&Failure> for Ended {
    fn from(failure: &Failure) -> Self {
        match failure {
            Failure::TimedOut => Self::TimedOut,
            Failure::Panicked => Self::Panicked,
            Failure::AnswerBroken => Self::Failed,
        }
    }
}

impl From<&Rejection> for Ended {
    fn from(rejection: &Rejection) -> Self {
        match rejection {
            Rejection::Unverified(_) => Self::Unverified,
            Rejection::ContentType { .. }
            | Rejection::NotJson { .. }
            | Rejection::Malformed(_)
            | Rejection::Mismatch(_) => Self::Undecodable,
            Rejection::StillRunning => Self::Running,
            Rejection::SecretsUnavailable(_)
            | Rejection::KeyUnavailable(_)
            | Rejection::StoreFull
            | Rejection::StoreUnavailable => Self::Unavailable,
            Rejection::NotFound
            | Rejection::MethodNotAllowed { .. }
            | Rejection::Unwelcome(_)
            | Rejection::EncodedBody
            | Rejection::BodyTooLarge { .. }
            | Rejection::BodyTooSlow { .. }
            | Rejection::BodyBroken => Self::Refused,
        }
    }
}

/// Why a delivery was refused, in a word that holds nothing of it.
pub(crate) fn cause(rejection: &Rejection) -> &'static str {
    match rejection {
        Rejection::NotFound => "not_found",
        Rejection::MethodNotAllowed { .. } => "method_not_allowed",
        Rejection::Unverified(cause) => of_verification(cause),
        Rejection::Unwelcome(_) => "unwelcome_handshake",
        Rejection::EncodedBody => "encoded_body",
        Rejection::BodyTooLarge { .. } => "body_too_large",
        Rejection::BodyTooSlow { .. } => "body_too_slow",
        Rejection::BodyBroken => "body_broken",
        Rejection::ContentType { .. } => "content_type",
        Rejection::NotJson { .. } => "not_json",
        Rejection::Malformed(_) => "malformed_body",
        Rejection::Mismatch(_) => "not_the_payload",
        Rejection::SecretsUnavailable(_) => "secrets_unavailable",
        Rejection::KeyUnavailable(_) => "key_unavailable",
        Rejection::StillRunning => "still_running",
        Rejection::StoreFull => "store_full",
        Rejection::StoreUnavailable => "store_unavailable",
    }
}

fn of_verification(cause: &Cause) -> &'static str {
    match cause {
        Cause::MissingHeader(_) => "missing_header",
        Cause::RepeatedHeader(_) => "repeated_header",
        Cause::MalformedHeader { .. } => "malformed_header",
        Cause::TimestampOutsideTolerance { .. } => "timestamp_outside_tolerance",
        Cause::Expired { .. } => "expired",
        Cause::NoSignatureOfScheme { .. } => "no_signature_of_scheme",
        Cause::NotCovered(_) => "not_covered",
        Cause::SignatureMismatch => "signature_mismatch",
        Cause::Parameter { .. } => "query_parameter",
        Cause::MalformedBody(_) => "malformed_signed_body",
        Cause::NoUrl => "no_public_url",
        Cause::ForeignUrl => "foreign_key_url",
        Cause::KeyNotFetched => "key_not_fetched",
        Cause::Key(_) => "key",
        Cause::Token(_) => "token",
        Cause::OtherRecipient => "other_recipient",
        Cause::NoSecret => "no_secret",
    }
}

/// Time that has passed, whatever the clock of the app says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    pub(crate) fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}
