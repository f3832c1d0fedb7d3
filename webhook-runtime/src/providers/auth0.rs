//! Auth0 log streams.
//!
//! Sources: <https://auth0.com/docs/customize/log-streams>, <https://auth0.com/docs/customize/log-streams/custom-log-streams>.

use std::borrow::Cow;

use http::header::AUTHORIZATION;

use crate::signature::token::TokenAt;
use crate::source::facts::{Batch, COMMON, EventTypeAt, Facts, IdentityAt, SignatureHeader, days, text};
use crate::source::sample::Sample;
use crate::source::token;

/// Auth0 log streams: a shared token; nothing is signed.
///
/// # Setting it up
/// In the dashboard, under *Monitoring › Streams*, make a stream of the kind *Custom Webhook* with the URL of your app
/// and `/webhooks/auth0`, `application/json` as *Content Type*, **JSON Array** as *Content Format*, and a long random
/// *Authorization Token*. That is sent as it stands in `Authorization`: where it begins with `Bearer `, so does the secret
/// here. JSON Lines, the other format of several events, is no JSON and reaches the catch-all `*` alone, as bytes.
///
/// ```
/// use webhook_runtime::{webhook, Auth0, Event, Webhooks};
///
/// /// A failed login, with a wrong password.
/// #[webhook("fp", source = "auth0")]
/// async fn failed(event: Event<serde_json::Value>) {
///     println!("{} from {}", event.payload["data"]["user_name"], event.payload["data"]["ip"]);
/// }
///
/// let app = Webhooks::new().source("auth0", Auth0::new("a long random token"));
/// # let _ = app;
/// ```
///
/// A body is a list of log entries, each of which goes to its own handler by the code of its kind (`/data/type`): `s`,
/// `fp`, `ss`.
///
/// # What is signed
/// Nothing. Who sees one request can send any other.
///
/// # What can be replayed
/// Anything, at any time. An entry whose `log_id` was seen gets its first answer and runs nothing for seven days: that is
/// for the copies that Auth0 sends, and stops nobody who has the token.
///
/// # Retries
/// Three attempts, which begin again until the app is there; after seven days without an answer the stream is paused.
///
/// # Not confirmed
/// That each entry of a list is `{"log_id": …, "data": {"type": …}}` is from memory of the documentation.
pub struct Auth0;

constructors!(Auth0, "AUTH0", &FACTS, |secrets| token(TokenAt::Header(AUTHORIZATION), secrets));

static FACTS: Facts = Facts {
    name: "auth0",
    title: "Auth0",
    scheme: "A shared token; nothing is signed.",
    headers: Cow::Borrowed(&[SignatureHeader::new("authorization", "The shared token.", "4uth0-5tr34m-t0k3n")]),
    signature_header: text("authorization"),
    event_type: EventTypeAt::Body(Cow::Borrowed(&[text("/data/type")])),
    identity: IdentityAt::Body(Cow::Borrowed(&[text("/log_id")])),
    retry_horizon: days(7),
    batch: Some(Batch { at: "", only: None, typed_each: true }),
    samples: &[Sample::new(
        "ss",
        r#"[
                {
                    "log_id": "90020260115093000000001",
                    "data": {
                        "type": "ss",
                        "date": "2026-01-15T09:30:00.000Z",
                        "connection": "Username-Password-Authentication",
                        "client_name": "Example Shop",
                        "ip": "192.0.2.10",
                        "user_name": "ada@example.com",
                        "user_id": "auth0|65a4f0c1"
                    }
                }
            ]"#,
    )],
    ..COMMON
};
