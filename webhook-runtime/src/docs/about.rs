//! What an app says of its document as a whole, and of every operation in it.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::error::startup::Problem;
use crate::handler::written::{WrittenResponse, body};

/// Everything that the builder was told for the document.
#[derive(Clone, Debug, Default)]
pub(crate) struct About {
    pub(crate) info: Info,
    pub(crate) servers: Vec<String>,
    /// The groups of operations in the order in which they are shown, with what each is.
    pub(crate) tags: Vec<(String, String)>,
    pub(crate) external_docs: Option<ExternalDocs>,
    pub(crate) defaults: Defaults,
}

/// What every endpoint has, unless it says otherwise.
#[derive(Clone, Debug, Default)]
pub(crate) struct Defaults {
    pub(crate) tags: Vec<String>,
    pub(crate) responses: Responses,
    pub(crate) deprecated: bool,
}

/// The app that the document is of.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Info {
    pub(crate) title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) summary: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) terms_of_service: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) contact: Option<Contact>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) license: Option<License>,
    pub(crate) version: String,
}

impl Default for Info {
    fn default() -> Self {
        Self {
            title: "Webhooks".to_owned(),
            summary: None,
            description: None,
            terms_of_service: None,
            contact: None,
            license: None,
            version: "1.0.0".to_owned(),
        }
    }
}

/// More about something, elsewhere.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ExternalDocs {
    pub(crate) url: String,
}

/// Whom the readers of the document may ask.
///
/// ```
/// use webhook_runtime::Contact;
///
/// let contact = Contact::new("The billing team").url("https://example.com/help").email("billing@example.com");
/// # let _ = contact;
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Contact {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
}

impl Contact {
    /// A person or a team.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), url: None, email: None }
    }

    /// A page of theirs: a whole URL.
    #[must_use]
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// Their address.
    #[must_use]
    pub fn email(mut self, email: impl Into<String>) -> Self {
        self.email = Some(email.into());
        self
    }
}

/// Under which licence the described API may be used.
///
/// ```
/// use webhook_runtime::License;
///
/// let known = License::spdx("Apache-2.0");
/// let own = License::new("Terms of Example").url("https://example.com/terms");
/// # let _ = (known, own);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct License {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    identifier: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

impl License {
    /// A licence by its name.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), identifier: None, url: None }
    }

    /// A licence by its [SPDX expression](https://spdx.org/licenses/), which is its name too.
    #[must_use]
    pub fn spdx(expression: impl Into<String>) -> Self {
        let expression = expression.into();
        Self { name: expression.clone(), identifier: Some(expression), url: None }
    }

    /// Where it can be read: a whole URL. OpenAPI knows one of the two, so it stands in place of an SPDX expression.
    #[must_use]
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.identifier = None;
        self.url = Some(url.into());
        self
    }
}

/// Responses that every endpoint may give, for [`Webhooks::responses`](crate::Webhooks::responses): what
/// `responses(…)` is in the attribute.
///
/// ```
/// use webhook_runtime::Responses;
///
/// #[derive(schemars::JsonSchema)]
/// struct Conflict { with: String }
///
/// let responses = Responses::new().status(403, "The account is closed.").json::<Conflict>(409, "It was done before.");
/// # let _ = responses;
/// ```
#[derive(Clone, Debug, Default)]
pub struct Responses(Vec<WrittenResponse>);

impl Responses {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A status from 100 to 599, and what it means.
    #[must_use]
    pub fn status(mut self, status: u16, description: impl Into<String>) -> Self {
        self.0.push(WrittenResponse { status, description: Cow::Owned(description.into()), body: None });
        self
    }

    /// A status whose body is this type as JSON.
    #[must_use]
    pub fn json<T: JsonSchema>(mut self, status: u16, description: impl Into<String>) -> Self {
        self.0.push(WrittenResponse { status, description: Cow::Owned(description.into()), body: Some(body::<T>) });
        self
    }

    /// Those of both.
    pub(crate) fn and(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }

    /// Those of these statuses that no endpoint says by itself, after the endpoint's own.
    pub(super) fn beside<'a>(&'a self, own: &'a [WrittenResponse]) -> impl Iterator<Item = &'a WrittenResponse> {
        let others = self.0.iter().filter(|it| own.iter().all(|own| own.status != it.status));
        own.iter().chain(others)
    }
}

impl About {
    /// What is wrong with it. The macro holds the attribute to the same rules.
    pub(crate) fn problems(&self) -> Vec<Problem> {
        let info = &self.info;
        let links = [
            ("terms_of_service", info.terms_of_service.as_ref()),
            ("contact", info.contact.as_ref().and_then(|it| it.url.as_ref())),
            ("license_info", info.license.as_ref().and_then(|it| it.url.as_ref())),
            ("openapi_external_docs", self.external_docs.as_ref().map(|it| &it.url)),
        ];
        let links = links.into_iter().filter_map(|(method, url)| Some((method, url?)));
        let mut problems: Vec<Problem> = links
            .filter(|(_, url)| !is_link(url))
            .map(|(method, url)| Problem::MalformedLink { method, value: url.clone() })
            .collect();
        let responses = &self.defaults.responses.0;
        for (index, WrittenResponse { status, body, .. }) in responses.iter().enumerate() {
            let problem = match status {
                0..100 | 600.. => "is no status of HTTP: take a number from 100 to 599",
                _ if responses.iter().take(index).any(|it| it.status == *status) => {
                    "was given twice: keep one of the two"
                }
                100..200 | 204 | 205 | 304 if body.is_some() => "has no body: write it with `.status(…)`",
                _ => continue,
            };
            problems.push(Problem::Response { status: *status, problem });
        }
        problems
    }
}

/// Readers are sent there from wherever the document is shown.
fn is_link(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|it| !it.is_empty() && !it.starts_with('/') && !it.contains(char::is_whitespace))
}
