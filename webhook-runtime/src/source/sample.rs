//! Payloads as a sender documents them, with made-up data: what is sent where nobody wrote a payload.

/// One payload of a provider, with its event type. The data is made up.
///
/// ```
/// use webhook_runtime::Stripe;
///
/// let source = Stripe::new("whsec_5ecr3t0fTh3Acc0unt");
/// let types: Vec<&str> = source.samples().iter().map(|it| it.event_type()).collect();
/// assert!(types.contains(&"invoice.paid"));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    event_type: &'static str,
    content_type: Option<&'static str>,
    headers: &'static [(&'static str, &'static str)],
    body: &'static str,
}

impl Sample {
    /// In the first content type of its provider. Of a provider that wraps its JSON in a form, the body is the JSON.
    pub(crate) const fn new(event_type: &'static str, body: &'static str) -> Self {
        Self { event_type, content_type: None, headers: &[], body }
    }

    /// In another content type.
    pub(crate) const fn of(self, content_type: &'static str) -> Self {
        Self { content_type: Some(content_type), ..self }
    }

    /// With headers that belong to it.
    pub(crate) const fn with(self, headers: &'static [(&'static str, &'static str)]) -> Self {
        Self { headers, ..self }
    }

    /// What happened, as handlers name it; empty where the sender has no event types.
    #[must_use]
    pub fn event_type(&self) -> &'static str {
        self.event_type
    }

    /// The content type, where it is not the usual one of its provider.
    #[must_use]
    pub fn content_type(&self) -> Option<&'static str> {
        self.content_type
    }

    /// The payload. What a delivery does not share with others (its id, its time, its proof) is written over when it is
    /// sent: see [`Source::outgoing`](crate::Source::outgoing).
    #[must_use]
    pub fn body(&self) -> &'static str {
        self.body
    }

    pub(crate) fn headers(&self) -> &'static [(&'static str, &'static str)] {
        self.headers
    }
}
