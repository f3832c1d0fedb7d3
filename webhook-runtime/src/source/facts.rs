//! What is known of a provider, as data: behaviour and documentation are derived from it.

use std::time::Duration;

/// The facts of one provider.
pub(crate) struct Facts {
    /// Its name in routes and configuration.
    pub(crate) name: &'static str,
    /// Its name in sentences.
    pub(crate) title: &'static str,
    /// How it signs, in one sentence of Markdown.
    pub(crate) scheme: &'static str,
    /// The headers that carry the proof.
    pub(crate) headers: &'static [SignatureHeader],
    /// Which of them is the signature itself.
    pub(crate) signature_header: &'static str,
    /// The header with the id of the delivery, if there is one.
    pub(crate) delivery_id: Option<&'static str>,
    /// The content type of its bodies. A request without one counts as this.
    pub(crate) content_type: &'static str,
    /// Where the event type stands, on a route that takes several.
    pub(crate) event_type: EventTypeAt,
    /// For how long it sends a failed delivery again.
    pub(crate) retry_horizon: Duration,
}

/// A header that takes part in verification.
pub(crate) struct SignatureHeader {
    /// Its name, in lower case.
    pub(crate) name: &'static str,
    /// What it carries.
    pub(crate) description: &'static str,
    /// A value of the right form.
    pub(crate) example: &'static str,
}

/// Where an event type stands.
#[derive(Clone, Copy, Debug)]
pub(crate) enum EventTypeAt {
    /// In the signed body, at this JSON Pointer.
    Body(&'static str),
}
