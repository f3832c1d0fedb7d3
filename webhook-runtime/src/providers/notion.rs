//! Notion.
//!
//! Sources: <https://developers.notion.com/reference/webhooks>, and the release notes of `@notionhq/client`.

use std::borrow::Cow;

use crate::signature::recipe::{OVER_BODY, Recipe, SignatureAt};
use crate::source::facts::{COMMON, Facts, IdentityAt, SignatureHeader, hours, text};
use crate::source::keyed;
use crate::source::sample::Sample;

/// Notion: HMAC-SHA256 over the body.
///
/// # Setting it up
/// In the settings of an integration, under *Webhooks*, make a subscription with the URL of your app and
/// `/webhooks/notion`. Notion sends a `verification_token` there **once, before anything can be proven**, and wants it
/// typed into that page; the same token is the secret here. This source refuses that request, and shows the token
/// nowhere: anyone could send one. Point the URL at a page that shows requests first, or read it in your proxy, and
/// send it again (*Resend token*) where it was missed.
///
/// ```
/// use webhook_runtime::{webhook, Event, Notion, Webhooks};
///
/// #[webhook("page.content_updated", source = "notion")]
/// async fn updated(event: Event<serde_json::Value>) {
///     println!("read page {} again", event.payload["entity"]["id"]);
/// }
///
/// let app = Webhooks::new().source("notion", Notion::new("secret_tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl"));
/// # let _ = app;
/// ```
///
/// # What is signed
/// The body, with the event type (`/type`) and the id of the event (`/id`). Its `timestamp` is that of the event, which
/// can be old when it is sent, so it is no reason to refuse one.
///
/// # What can be replayed
/// A captured delivery, at any time; one whose id was seen gets its first answer and runs nothing for the 25 hours in
/// which Notion retries. The number of the attempt (`/attempt_number`) differs from one to the next.
///
/// # Retries
/// Up to eight, over some 24 hours; ids are kept for 25.
///
/// # Not confirmed
/// From memory of the documentation: that Notion retries up to eight times, the last one some 24 hours after the first,
/// and that a retry has the same id.
pub struct Notion;

constructors!(Notion, "NOTION", &FACTS, |secrets| keyed(&RECIPE, secrets));

static RECIPE: Recipe = Recipe { signature: SignatureAt::header("x-notion-signature", "sha256="), ..OVER_BODY };

static FACTS: Facts = Facts {
    name: "notion",
    title: "Notion",
    scheme: "`sha256=` and the hex of an HMAC-SHA256 over the body.",
    headers: Cow::Borrowed(&[SignatureHeader::new(
        "x-notion-signature",
        "The signature.",
        "sha256=2ee8fe5f56dfa7958687a1e5b4a223a3fef76ff00f9034eedd80cca33a7fa952",
    )]),
    signature_header: text("x-notion-signature"),
    identity: IdentityAt::Body(Cow::Borrowed(&[text("/id")])),
    retry_horizon: hours(25),
    samples: &[Sample::new(
        "page.created",
        r#"{
                "id": "367cba44-b6f3-4c92-81e7-6a2e9659efd4",
                "timestamp": "2026-01-15T09:30:00.000Z",
                "workspace_id": "13950b26-c203-4f3b-b97d-93ec06319565",
                "subscription_id": "29d75c0d-5546-4414-8459-7b7a92f1fc4b",
                "type": "page.created",
                "attempt_number": 1,
                "authors": [{"id": "c7c11cca-1d73-471d-9b6e-bdef51470190", "type": "person"}],
                "entity": { "id": "153104cd-477e-809d-8dc4-ff2d96ae3090", "type": "page" },
                "data": { "parent": {"id": "13950b26-c203-4f3b-b97d-93ec06319565", "type": "space"} }
            }"#,
    )],
    ..COMMON
};
