//! Refusals that say why, while an app is developed.

use crate::app::builder::Webhooks;

impl Webhooks {
    /// Puts the explanation of a refusal into the answer: a 401 says which step refused the delivery, the likely cause,
    /// and what to do. **For development alone**, since it helps whoever forges deliveries too.
    ///
    /// ```json
    /// {
    ///   "type": "about:blank", "title": "Unauthorized", "status": 401,
    ///   "detail": "The signature of the delivery could not be verified.",
    ///   "explanation": {
    ///     "step": "proof", "cause": "no configured secret made this signature",
    ///     "findings": [{"what": "…", "proven": true, "remedy": "…"}]
    ///   }
    /// }
    /// ```
    ///
    /// The app starts only on a loopback address, by [`serve`](Self::serve) or [`App::serve`](crate::App::serve):
    /// another one is a start-up error, and so is [`into_router`](Self::into_router). The router of a built
    /// [`App`](crate::App) that is served in another way explains nothing.
    ///
    /// A request whose `Host` is not this machine, or with a header of a proxy such as `X-Forwarded-For`, gets no
    /// explanation. A proxy or a tunnel that says nothing of itself is not seen from here: do not put one there.
    ///
    /// The body of each request is read before its signature is verified, within the limits, and a refused one takes up
    /// to ten thousand computations. The answer holds no secret, no signature and no part of a body.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), webhook_runtime::Error> {
    /// use webhook_runtime::Webhooks;
    ///
    /// Webhooks::from_env().explain_rejections(cfg!(debug_assertions)).serve("127.0.0.1:8000").await
    /// # }
    /// ```
    pub fn explain_rejections(mut self, explain: bool) -> Self {
        self.explains = explain;
        self
    }
}
