//! Vercel.
//!
//! Sources: <https://vercel.com/docs/webhooks>, <https://vercel.com/docs/webhooks/webhooks-api>.

use std::borrow::Cow;

use crate::signature::hash::Algorithm;
use crate::signature::recipe::{OVER_BODY, Recipe, SignatureAt};
use crate::source::facts::{COMMON, Facts, IdentityAt, SignatureHeader, hours, text};
use crate::source::keyed;
use crate::source::sample::Sample;

/// Vercel: HMAC-SHA1 over the body.
///
/// # Setting it up
/// In the settings of a team, under *Webhooks*, add the URL of your app and `/webhooks/vercel`. The secret is shown once.
/// The webhooks of an integration are signed with its client secret (*Integration Secret*) instead.
///
/// ```
/// use webhook_runtime::{webhook, Event, Vercel, Webhooks};
///
/// #[webhook("deployment.succeeded", source = "vercel")]
/// async fn deployed(event: Event<serde_json::Value>) {
///     println!("{} is up", event.payload["payload"]["deployment"]["url"]);
/// }
///
/// let app = Webhooks::new().source("vercel", Vercel::new("v3rc3l-5ecr3t"));
/// # let _ = app;
/// ```
///
/// # What is signed
/// The body, with the event type (`/type`) and the id of the delivery (`/id`). There is no time. Vercel offers no other
/// algorithm than SHA-1: as an HMAC it is not broken, and no other sender should be set up so.
///
/// # What can be replayed
/// A captured delivery, at any time; one whose id was seen gets its first answer and runs nothing for the 24 hours in
/// which Vercel retries.
///
/// # Retries
/// For up to 24 hours, after every answer but a success.
///
/// # Not confirmed
/// From memory of the documentation: the 24 hours. That a retry carries the same id is not written anywhere.
pub struct Vercel;

constructors!(Vercel, "VERCEL", &FACTS, |secrets| keyed(&RECIPE, secrets));

static RECIPE: Recipe =
    Recipe { algorithm: Algorithm::HmacSha1, signature: SignatureAt::header("x-vercel-signature", ""), ..OVER_BODY };

static FACTS: Facts = Facts {
    name: "vercel",
    title: "Vercel",
    scheme: "The hex of an HMAC-SHA1 over the body.",
    headers: Cow::Borrowed(&[SignatureHeader::new(
        "x-vercel-signature",
        "The signature.",
        "d1a572e21cf076f1bd5ad816209d3059305ff981",
    )]),
    signature_header: text("x-vercel-signature"),
    identity: IdentityAt::Body(Cow::Borrowed(&[text("/id")])),
    retry_horizon: hours(24),
    samples: &[Sample::new(
        "deployment.created",
        r#"{
                "id": "uev_m2T4nq3B0oLq8x",
                "type": "deployment.created",
                "createdAt": 1768469400000,
                "region": "fra1",
                "payload": {
                    "team": { "id": "team_1" },
                    "project": { "id": "prj_1" },
                    "deployment": { "id": "dpl_1", "name": "shop", "url": "shop-example.vercel.app" }
                }
            }"#,
    )],
    ..COMMON
};
