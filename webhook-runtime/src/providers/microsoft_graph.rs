//! Microsoft Graph.
//!
//! Source: <https://learn.microsoft.com/graph/change-notifications-delivery-webhooks>.

use std::borrow::Cow;
use std::sync::Arc;

use crate::signature::token::SharedToken;
use crate::signature::token_in_body::TokenInBody;
use crate::source::facts::{Batch, COMMON, EventTypeAt, Facts, IdentityAt, ProofAt, hours, seconds, text};
use crate::source::handshake::{Alphabet, Asked, Handshake, Reply, Shown};
use crate::source::sample::Sample;
use crate::source::secrets::keys;

/// Microsoft Graph change notifications: a shared token in the body, and no signature.
///
/// # Setting it up
/// Make a subscription with the URL of your app and `/webhooks/microsoft-graph` as its `notificationUrl`, and a long
/// random text of up to 128 characters as its `clientState`: that is the secret here. A subscription without one is
/// refused. To change it, make another subscription and keep both secrets until the old one is gone.
///
/// ```
/// use webhook_runtime::{webhook, Event, MicrosoftGraph, Webhooks};
///
/// #[webhook("updated", source = "microsoft-graph")]
/// async fn updated(event: Event<serde_json::Value>) {
///     println!("{} was updated", event.payload["resource"]);
/// }
///
/// let app = Webhooks::new().source("microsoft-graph", MicrosoftGraph::new("a long random text of up to 128 characters"));
/// # let _ = app;
/// ```
///
/// A delivery is a batch of notifications under `value`; each goes to the handler of its `changeType`, or of its
/// `lifecycleEvent`. It says little on purpose: what a resource is now is asked of the API. The `validationToken` by
/// which Graph asks whether the URL is yours is answered.
///
/// # What is signed
/// **Nothing.** Graph repeats `clientState` in each item, and whoever reads one delivery can send any other. Every item
/// must have it; one that has not makes the whole delivery a forgery. Resource data that is encrypted into a
/// notification has a signature of its own (`dataSignature`, and the tokens under `validationTokens`), which is not
/// read here.
///
/// # What can be replayed
/// A captured delivery, at any time and with other contents. Two changes of one resource can look the same, so copies
/// cannot be told from events and **each one runs**: read the resource anew, and a repetition changes nothing. Graph
/// retries for up to four hours.
///
/// # Retries
/// For up to four hours. An endpoint that is slow is throttled.
///
/// # Not confirmed
/// What is said of encrypted resource data is from memory.
pub struct MicrosoftGraph;

constructors!(MicrosoftGraph, "MICROSOFT_GRAPH", &FACTS, |secrets| {
    let tokens = keys(secrets, SharedToken::new)?;
    Ok(Arc::new(TokenInBody { list: Some("/value"), at: "/clientState", tokens }))
});

static FACTS: Facts = Facts {
    name: "microsoft-graph",
    title: "Microsoft Graph",
    scheme: "The shared `clientState` in every item of `value`; nothing is signed.",
    proof: ProofAt::Body,
    event_type: EventTypeAt::FirstOf(&[
        EventTypeAt::Body(Cow::Borrowed(&[text("/lifecycleEvent")])),
        EventTypeAt::Body(Cow::Borrowed(&[text("/changeType")])),
    ]),
    identity: IdentityAt::Nothing,
    ack_deadline: Some(seconds(3)),
    retry_horizon: hours(4),
    batch: Some(Batch { at: "/value", only: None, typed_each: true }),
    handshakes: &[Handshake {
        method: "POST",
        asked: Asked::Query("validationToken"),
        shown: Shown::Nothing,
        reply: Reply::QueryChallenge("validationToken", Alphabet::Sentence),
    }],
    samples: &[Sample::new(
        "created",
        r##"{
                "value": [
                    {
                        "subscriptionId": "7f105c7d-2dc5-4530-97cd-4e7ae6534c07",
                        "subscriptionExpirationDateTime": "2026-01-18T09:30:00Z",
                        "changeType": "created",
                        "clientState": "",
                        "resource": "users/ada/messages/1",
                        "tenantId": "84bd8158-6d4d-4958-8b9f-9d6445542f95",
                        "resourceData": { "@odata.type": "#Microsoft.Graph.Message", "id": "1" }
                    }
                ]
            }"##,
    )],
    ..COMMON
};
