//! Mailchimp Marketing.
//!
//! Source: <https://mailchimp.com/developer/marketing/guides/sync-audience-data-webhooks/>.

use std::borrow::Cow;

use crate::signature::token::TokenAt;
use crate::source::facts::{COMMON, ContentType, EventTypeAt, Facts, IdentityAt, ProofAt, minutes, seconds, text};
use crate::source::handshake::{Asked, Handshake, Reply, Shown};
use crate::source::own::TokenSource;
use crate::source::sample::Sample;
use crate::source::secrets::Secrets;
use crate::source::{Source, token};

/// Mailchimp Marketing: a secret in the query of the URL; nothing is signed.
///
/// # Setting it up
/// In an audience, under *Settings › Webhooks*, add the URL of your app and `/webhooks/mailchimp?secret=`, followed by a
/// long random secret in characters that need no escape. [`MailchimpMarketing::query`] takes another parameter.
///
/// ```
/// use webhook_runtime::{webhook, Event, MailchimpMarketing, Webhooks};
///
/// #[derive(serde::Deserialize, schemars::JsonSchema)]
/// struct Change { data: Member }
///
/// #[derive(serde::Deserialize, schemars::JsonSchema)]
/// struct Member { email: String }
///
/// #[webhook("unsubscribe", source = "mailchimp")]
/// async fn left(event: Event<Change>) {
///     println!("{} left", event.payload.data.email);
/// }
///
/// let app = Webhooks::new().source("mailchimp", MailchimpMarketing::new("k7Qd0vJx4mTz9RbW2sLh"));
/// # let _ = app;
/// ```
///
/// Bodies are forms. The event type is the field `type`: `subscribe`, `unsubscribe`, `profile`, `upemail`, `cleaned`,
/// `campaign`.
///
/// # What is signed
/// Nothing. Who sees one URL can send anything, and URLs end up in logs. Take an event for a hint, and read the member
/// again through the API.
///
/// # What can be replayed
/// Anything, at any time. There is no id of an event (`data[id]` is the contact), and a member can do the same twice in
/// one second: copies are not recognised, so a handler must bear them.
///
/// # Retries
/// At growing intervals, for about 75 minutes.
///
/// # Not confirmed
/// That Mailchimp wants a 200 within 10 s, and retries at growing intervals for about 75 minutes. (Nothing is kept for
/// them, as there is no id.)
pub struct MailchimpMarketing;

constructors!(MailchimpMarketing, "MAILCHIMP_MARKETING", &FACTS, |secrets| {
    token(TokenAt::Query(text("secret")), secrets)
});

impl MailchimpMarketing {
    /// The secret is the value of this query parameter.
    pub fn query(parameter: impl Into<Cow<'static, str>>, secrets: impl Into<Secrets>) -> Source {
        TokenSource::query(parameter, secrets).into_source(&FACTS)
    }
}

static FACTS: Facts = Facts {
    name: "mailchimp-marketing",
    title: "Mailchimp Marketing",
    scheme: "A shared secret in the query; nothing is signed.",
    signature_header: text("secret"),
    proof: ProofAt::Query,
    content_types: &[ContentType::Form],
    event_type: EventTypeAt::TYPE,
    identity: IdentityAt::Nothing,
    ack_deadline: Some(seconds(10)),
    retry_horizon: minutes(75),
    handshakes: &[Handshake { method: "GET", asked: Asked::Method, shown: Shown::HeadProof, reply: Reply::Empty }],
    samples: &[Sample::new(
        "subscribe",
        "type=subscribe&fired_at=2026-01-15+09%3A30%3A00&data%5Bid%5D=8a25ff1d98&data%5Blist_id%5D=a6b5da1054&data%5Bemail%5D=ada%40example.com&data%5Bemail_type%5D=html&data%5Bmerges%5D%5BFNAME%5D=Ada",
    )],
    ..COMMON
};
