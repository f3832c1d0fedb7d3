//! Salesforce outbound messages.
//!
//! Source: <https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_om_outboundmessaging.htm>.

use std::borrow::Cow;
use std::sync::Arc;

use crate::base::env;
use crate::signature::salesforce::{OrganizationId, OutboundMessage};
use crate::signature::token::{SharedToken, Token, TokenAt};
use crate::source::facts::{
    Acknowledgement, Batch, COMMON, ContentType, EventTypeAt, Facts, IdentityAt, ProofAt, hours, text,
};
use crate::source::sample::Sample;
use crate::source::secrets::{SecretProblem, Secrets, keys};
use crate::source::{Keys, Source};

/// Salesforce outbound messages: a token in the URL, and the organization in the body. Nothing is signed.
///
/// # Setting it up
/// Create an outbound message with the endpoint URL of your app and `/webhooks/salesforce?token=…`, where the token is
/// long and random. The organization id stands under *Setup › Company Information*; the form with 15 characters and
/// that with 18 are both taken.
///
/// ```
/// use webhook_runtime::{webhook, Salesforce, Webhooks};
///
/// /// The id that every notification has, and fields of the object that the outbound message names.
/// #[derive(serde::Deserialize, schemars::JsonSchema)]
/// #[serde(rename_all = "PascalCase")]
/// struct Notification {
///     id: String,
///     #[serde(rename = "sObject")]
///     opportunity: Opportunity,
/// }
///
/// #[derive(serde::Deserialize, schemars::JsonSchema)]
/// #[serde(rename_all = "PascalCase")]
/// struct Opportunity { name: String, amount: Option<f64> }
///
/// #[webhook("*", source = "salesforce")]
/// async fn changed(notification: Notification) {
///     println!("{}: {}", notification.id, notification.opportunity.name);
/// }
///
/// let app = Webhooks::new().source("salesforce", Salesforce::new("00D24000000abcdEAA", "a long random token"));
/// # let _ = app;
/// ```
///
/// A message holds up to a hundred notifications; each goes to its handler by itself, and the `Ack` says *true* only when
/// all of them succeeded. A payload is one `Notification`, read by the names of its elements, without their prefixes: a
/// list may be one element, `xsi:nil` is `None`, attributes are called `@name`, and the text beside them `$text`. What
/// stands beside the notifications, such as `EnterpriseUrl`, is in [`Event::body`](crate::Event::body). The event type is
/// the `ActionId` of the outbound message. A success is answered with the `Ack` that Salesforce waits for, unless the
/// handler of a single notification answers with a body of its own.
///
/// # What is signed
/// Nothing. Whoever sees the URL can send anything in the organization's name, so keep it out of logs, and have your
/// proxy demand the client certificate of Salesforce, or its IP ranges.
///
/// # What can be replayed
/// Everything. A notification whose id was seen gets its first answer and runs nothing, whatever message it is in. A body
/// can carry a live `SessionId`: never log it.
///
/// # Retries
/// Salesforce sends a message again for 24 hours, until it reads the `Ack`. It may send one twice, and in any order.
///
/// # Not confirmed
/// Whether newer ways to send out of Salesforce sign.
pub struct Salesforce;

impl Salesforce {
    /// A source of this organization, with one or several active tokens in the query parameter `token`, the current one
    /// first.
    #[allow(clippy::new_ret_no_self, reason = "a provider is a name for the sources that it makes")]
    pub fn new(organization_id: &str, tokens: impl Into<Secrets>) -> Source {
        Self::query("token", organization_id, tokens)
    }

    /// The same with the token in another query parameter.
    pub fn query(parameter: impl Into<Cow<'static, str>>, organization_id: &str, tokens: impl Into<Secrets>) -> Source {
        let parameter = parameter.into();
        let organization = OrganizationId::parse(organization_id);
        let organization = organization.map_err(|problem| SecretProblem::Malformed { position: 1, problem });
        source(parameter, organization, tokens.into())
    }

    /// The same with the tokens of the environment variable `SALESFORCE_WEBHOOK_SECRET`, one a line, and the organization
    /// id of `SALESFORCE_ORGANIZATION_ID`.
    pub fn from_env() -> Source {
        Self::from_env_named("SALESFORCE")
    }

    /// The same for a further organization: with `{name}_WEBHOOK_SECRET` and `{name}_ORGANIZATION_ID`.
    pub fn from_env_named(name: &str) -> Source {
        let variable = format!("{name}_ORGANIZATION_ID");
        let organization = match env::read(&variable) {
            Some(id) => OrganizationId::parse(&id).map_err(|problem| SecretProblem::Malformed { position: 1, problem }),
            None => Err(SecretProblem::Missing { variable: Some(variable) }),
        };
        source(text("token"), organization, Secrets::from_env(name))
    }
}

fn source(
    parameter: Cow<'static, str>,
    organization: Result<OrganizationId, SecretProblem>,
    tokens: Secrets,
) -> Source {
    let facts = Facts { signature_header: parameter.clone(), ..FACTS };
    let make = move |organization: Result<OrganizationId, SecretProblem>, tokens: &Secrets| match (
        keys(tokens, SharedToken::new),
        organization,
    ) {
        (Ok(tokens), Ok(organization)) => {
            let token = Token { at: TokenAt::Query(parameter.clone()), tokens };
            Ok(Arc::new(OutboundMessage { token, organization }) as _)
        }
        (tokens, organization) => Err(tokens.err().into_iter().flatten().chain(organization.err()).collect::<Vec<_>>()),
    };
    let made = make(organization.clone(), &tokens);
    Source::made(Cow::Owned(facts), Keys::Fixed(made)).remembering(tokens).standing_in(move |tokens| {
        let organization = organization.clone().or_else(|problem| match problem {
            SecretProblem::Missing { .. } => OrganizationId::parse("00D24000000abcdEAA").map_err(|_| problem),
            SecretProblem::Malformed { .. } | SecretProblem::Setting { .. } => Err(problem),
        });
        Keys::Fixed(make(organization, tokens))
    })
}

const FACTS: Facts = Facts {
    name: "salesforce",
    title: "Salesforce",
    scheme: "A shared token in the query; nothing is signed.",
    proof: ProofAt::Query,
    content_types: &[ContentType::Xml],
    event_type: EventTypeAt::Body(Cow::Borrowed(&[text("/Body/notifications/ActionId")])),
    identity: IdentityAt::Body(Cow::Borrowed(&[text("/Id")])),
    batch: Some(Batch { at: "/Body/notifications/Notification", only: None, typed_each: false }),
    acknowledgement: Some(Acknowledgement {
        content_type: "text/xml; charset=utf-8",
        body: concat!(
            r#"<?xml version="1.0" encoding="UTF-8"?>"#,
            r#"<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>"#,
            r#"<notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack>"#,
            "</notificationsResponse></soapenv:Body></soapenv:Envelope>",
        ),
    }),
    retry_horizon: hours(24),
    samples: &[Sample::new(
        "04kWU000000CXXXYA4",
        r#"<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <soapenv:Body>
  <notifications xmlns="http://soap.sforce.com/2005/09/outbound">
   <OrganizationId>00D24000000abcdEAA</OrganizationId>
   <ActionId>04kWU000000CXXXYA4</ActionId>
   <SessionId xsi:nil="true"/>
   <EnterpriseUrl>https://example.my.salesforce.com/services/Soap/c/61.0/00D24000000abcd</EnterpriseUrl>
   <Notification>
    <Id>04l24000000abcdAAA</Id>
    <sObject xsi:type="sf:Account" xmlns:sf="urn:sobject.enterprise.soap.sforce.com">
     <sf:Id>0012400000abcdeAAB</sf:Id>
     <sf:Name>Example Ltd</sf:Name>
    </sObject>
   </Notification>
  </notifications>
 </soapenv:Body>
</soapenv:Envelope>"#,
    )],
    ..COMMON
};
