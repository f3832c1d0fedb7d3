//! Where the documentation page is served.

use crate::app::builder::Webhooks;

impl Webhooks {
    /// Where the documentation page is served: `/docs` unless set, nowhere for `None`. Without a document
    /// ([`openapi_url`](Self::openapi_url)) there is no page either.
    ///
    /// The page is Swagger UI with what it needs inside the program: it loads nothing from elsewhere, and works without
    /// a network. A developer types the signing secret of a source into it, which stays in the memory of the page, and
    /// *Try it out* sends deliveries that are signed by the recipe of the source; beside each source stands what its
    /// sender has to be told. It shows the document, and nothing that is not in it: whoever may not read the one should
    /// have neither. Like the document it is one route more, so an app with a `/docs` of its own moves it or takes it
    /// away.
    ///
    /// ```
    /// use webhook_runtime::Webhooks;
    ///
    /// let moved = Webhooks::new().docs_url("/internal/docs");
    /// let none = Webhooks::new().docs_url(None);
    /// # let _ = (moved, none);
    /// ```
    pub fn docs_url<'a>(mut self, url: impl Into<Option<&'a str>>) -> Self {
        self.docs_url = url.into().map(str::to_owned);
        self
    }

    /// The paths of the page and of its document, where there are both.
    pub(super) fn page(&self) -> Option<(&str, &str)> {
        self.docs_url.as_deref().zip(self.openapi_url.as_deref())
    }
}
