//! What the OpenAPI document says of the app, and where it is served.

use crate::app::builder::Webhooks;
use crate::base::error::startup::Error;
use crate::docs::about::{Contact, ExternalDocs, License, Responses};
use crate::docs::openapi::{self, OpenApi};

impl Webhooks {
    /// Where the OpenAPI document is served: `/openapi.json` unless set, nowhere for `None`.
    pub fn openapi_url<'a>(mut self, url: impl Into<Option<&'a str>>) -> Self {
        self.openapi_url = url.into().map(str::to_owned);
        self
    }

    /// The `servers` of the document. A router that is nested under `/api` says so with `servers(["/api"])`.
    pub fn servers<'a>(mut self, urls: impl IntoIterator<Item = &'a str>) -> Self {
        self.about.servers.extend(urls.into_iter().map(str::to_owned));
        self
    }

    /// The title of the document. `Webhooks` unless set.
    ///
    /// ```
    /// use webhook_runtime::{Contact, License, Webhooks};
    ///
    /// let webhooks = Webhooks::new()
    ///     .title("The webhooks of Example")
    ///     .version("2.1.0")
    ///     .description("What happens to **orders**, as it happens.")
    ///     .terms_of_service("https://example.com/terms")
    ///     .contact(Contact::new("The billing team").email("billing@example.com"))
    ///     .license_info(License::spdx("Apache-2.0"))
    ///     .openapi_tags([("orders", "What happens to orders."), ("users", "What happens to users.")])
    ///     .openapi_external_docs("https://example.com/docs");
    /// # let _ = webhooks;
    /// ```
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.about.info.title = title.into();
        self
    }

    /// The version of what is described, not that of OpenAPI. `1.0.0` unless set.
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.about.info.version = version.into();
        self
    }

    /// One line about the whole document.
    pub fn summary(mut self, summary: impl Into<String>) -> Self {
        self.about.info.summary = Some(summary.into());
        self
    }

    /// More about the whole document, in Markdown.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.about.info.description = Some(description.into());
        self
    }

    /// Where the terms of service can be read: a whole URL.
    pub fn terms_of_service(mut self, url: impl Into<String>) -> Self {
        self.about.info.terms_of_service = Some(url.into());
        self
    }

    /// Whom readers of the document may ask.
    pub fn contact(mut self, contact: Contact) -> Self {
        self.about.info.contact = Some(contact);
        self
    }

    /// The licence under which what is described may be used.
    pub fn license_info(mut self, license: License) -> Self {
        self.about.info.license = Some(license);
        self
    }

    /// Groups of operations with what each is, in Markdown, in the order in which they are shown. Groups that are not
    /// named here come after them.
    pub fn openapi_tags<'a>(mut self, tags: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        self.about.tags.extend(tags.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())));
        self
    }

    /// Where more is written about all of it: a whole URL.
    pub fn openapi_external_docs(mut self, url: impl Into<String>) -> Self {
        self.about.external_docs = Some(ExternalDocs { url: url.into() });
        self
    }

    /// Groups that every endpoint belongs to, before those of its own `tags`.
    pub fn tags<'a>(mut self, tags: impl IntoIterator<Item = &'a str>) -> Self {
        for tag in tags {
            if !self.about.defaults.tags.iter().any(|it| it == tag) {
                self.about.defaults.tags.push(tag.to_owned());
            }
        }
        self
    }

    /// Responses that every endpoint may give. Of a status that an endpoint's own `responses` have, theirs is shown.
    ///
    /// ```
    /// use webhook_runtime::{Responses, Webhooks};
    ///
    /// let webhooks = Webhooks::new().responses(Responses::new().status(403, "The account is closed."));
    /// # let _ = webhooks;
    /// ```
    pub fn responses(mut self, responses: Responses) -> Self {
        let defaults = &mut self.about.defaults;
        defaults.responses = std::mem::take(&mut defaults.responses).and(responses);
        self
    }

    /// Whether the endpoints are on their way out that do not say so by themselves. An endpoint that stays among others
    /// says `deprecated = false`.
    pub fn deprecated(mut self, deprecated: bool) -> Self {
        self.about.defaults.deprecated = deprecated;
        self
    }

    /// The OpenAPI document, without a server and without secrets.
    ///
    /// # Errors
    /// Everything that is wrong with the endpoints and sources, at once.
    pub fn openapi(&self) -> Result<OpenApi, Error> {
        let (registry, mut problems) = self.registry();
        match openapi::document(&registry, &self.about) {
            Ok(document) if problems.is_empty() => return Ok(document),
            Ok(_) => {}
            Err(more) => problems.extend(more),
        }
        Err(Error::of(problems))
    }
}
