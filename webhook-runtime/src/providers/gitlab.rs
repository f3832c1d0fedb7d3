//! GitLab.
//!
//! Source: <https://docs.gitlab.com/user/project/integrations/webhooks/>, and the change that brought signing tokens:
//! <https://gitlab.com/gitlab-org/gitlab/-/merge_requests/230944>.

use std::borrow::Cow;

use http::HeaderName;

use crate::signature::standard::WEBHOOK;
use crate::signature::token::TokenAt;
use crate::source::facts::{COMMON, EventTypeAt, Facts, IdentityAt, Retries, SignatureHeader, days, seconds, text};
use crate::source::sample::Sample;
use crate::source::secrets::Secrets;
use crate::source::{Source, standard, token};

/// GitLab: a shared token, or, since GitLab 19.0, a signature over id, time and body.
///
/// # Setting it up
/// In a project or group, under *Settings › Webhooks*, add the URL of your app and `/webhooks/gitlab`. Let GitLab make
/// a signing token where it offers one, and give it to [`GitLab::signing_token`]. An older GitLab has the secret token
/// alone: [`GitLab::new`].
///
/// ```
/// use webhook_runtime::{webhook, Event, GitLab, Webhooks};
///
/// #[webhook("merge_request", source = "gitlab")]
/// async fn merge_request(event: Event<serde_json::Value>) {
///     println!("{}", event.payload["object_attributes"]["title"]);
/// }
///
/// let source = GitLab::signing_token("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
/// let app = Webhooks::new().source("gitlab", source);
/// # let _ = app;
/// ```
///
/// The event type is the body's `object_kind` (`push`, `merge_request`), or `event_name` where a system hook has no
/// `object_kind`. A body of a custom template that has neither goes to `*`.
///
/// # What is signed
/// With a signing token: the id of the delivery, the time and the body. A source of signing tokens never looks at
/// `X-Gitlab-Token`. With a secret token nothing is signed: who sees one request can send any other.
///
/// # What can be replayed
/// With a signing token a captured delivery, for five minutes; it gets its first answer and runs nothing.
/// With a secret token anything, at any time. Copies that GitLab itself sends are recognised by `Idempotency-Key`,
/// which nothing proves.
///
/// # Retries
/// No answer makes GitLab send a delivery again at once, so a failure loses the event until a person resends it, under
/// the same id; ids are kept for three days. A hook that keeps failing is disabled.
///
/// # Not confirmed
/// From memory of the documentation: the deadline of 10 s on GitLab.com, and that four failures in a row disable a hook
/// for a time, forty for good. How long a delivery can be resent is not known; three days is this crate's choice.
pub struct GitLab;

constructors!(GitLab, "GITLAB", &TOKEN, |secrets| token(TokenAt::Header(HEADER), secrets));

impl GitLab {
    /// A source with one or several active signing tokens (`whsec_…`), the current one first. From the environment:
    /// `GitLab::signing_token(Secrets::from_env("GITLAB"))`.
    pub fn signing_token(tokens: impl Into<Secrets>) -> Source {
        Source::new(Cow::Borrowed(&SIGNING_TOKEN), |secrets| standard(&WEBHOOK, secrets), tokens)
    }
}

const HEADER: HeaderName = HeaderName::from_static("x-gitlab-token");

static TOKEN: Facts = Facts {
    scheme: "A shared token; nothing is signed.",
    headers: Cow::Borrowed(&[SignatureHeader::new("x-gitlab-token", "The secret token.", "glwhs-9f2c1e7b")]),
    signature_header: text("x-gitlab-token"),
    delivery_id: Some(text("idempotency-key")),
    identity: IdentityAt::Hint(text("idempotency-key")),
    ..BOTH
};

static SIGNING_TOKEN: Facts = Facts {
    scheme: "`v1,` and the base64 of an HMAC-SHA256 over `id.timestamp.body`.",
    headers: Cow::Borrowed(&[
        SignatureHeader::new(
            "webhook-id",
            "The id of the delivery; it is `Idempotency-Key` too.",
            "f5e5f430-f57b-4e6e-9fac-d9128cd7232f",
        ),
        SignatureHeader::new(
            "webhook-timestamp",
            "When this attempt was signed, in seconds since the Unix epoch.",
            "1700000000",
        ),
        SignatureHeader::new("webhook-signature", "The signature.", "v1,9jGXC2VT0rWYcU4r9cbK+cegfH41n5nP9d81WhB2sK8="),
    ]),
    signature_header: text("webhook-signature"),
    delivery_id: Some(text("webhook-id")),
    identity: IdentityAt::Signed,
    ..BOTH
};

/// What does not depend on the kind of token.
const BOTH: Facts = Facts {
    name: "gitlab",
    title: "GitLab",
    event_type: EventTypeAt::FirstOf(&KINDS),
    retries: Retries::Never,
    ack_deadline: Some(seconds(10)),
    retry_horizon: days(3),
    samples: &[
        Sample::new(
            "push",
            r#"{
                "object_kind": "push",
                "event_name": "push",
                "ref": "refs/heads/main",
                "before": "95790bf891e76fee5e1747ab589903a6a1f80f22",
                "after": "da1560886d4f094c3e6c9ef40349f7d38b5d27d7",
                "user_username": "ada",
                "project_id": 15,
                "project": { "id": 15, "name": "Shop", "path_with_namespace": "example/shop" },
                "commits": [],
                "total_commits_count": 0
            }"#,
        )
        .with(&[("x-gitlab-event", "Push Hook")]),
        Sample::new(
            "merge_request",
            r#"{
                "object_kind": "merge_request",
                "event_type": "merge_request",
                "user": { "id": 1, "username": "ada" },
                "project": { "id": 15, "path_with_namespace": "example/shop" },
                "object_attributes": {
                    "id": 93,
                    "iid": 16,
                    "title": "Sell mugs",
                    "state": "opened",
                    "action": "open",
                    "source_branch": "mugs",
                    "target_branch": "main"
                }
            }"#,
        )
        .with(&[("x-gitlab-event", "Merge Request Hook")]),
    ],
    ..COMMON
};

static KINDS: [EventTypeAt; 2] = [
    EventTypeAt::Body(Cow::Borrowed(&[text("/object_kind")])),
    EventTypeAt::Body(Cow::Borrowed(&[text("/event_name")])),
];
