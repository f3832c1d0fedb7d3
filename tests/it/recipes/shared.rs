//! The sources whose proof is a shared secret in a header, the query or one place of the body.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::Request;
use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue};
use webhook_runtime::{
    Asana, Auth0, Bitbucket, Calendly, Clerk, CloudEvents, Datadog, DocuSign, Dropbox, Figma, Forgejo, GitHub, GitLab,
    Gitea, GoCardless, HmacSource, HubSpot, IFTTT, Intercom, LemonSqueezy, Linear, MailchimpMarketing, Mandrill, Meta,
    MicrosoftGraph, NewRelic, Notion, Okta, OpenAI, Paddle, PagerDuty, Postmark, Razorpay, Resend, Sentry, Shopify,
    Slack, Source, Square, StandardWebhooks, Stripe, Svix, TokenSource, Trello, Twilio, Twitch, Typeform, Vercel,
    WebSub, WebSubAlgorithm, WooCommerce, X, Zapier, Zoom,
};

use super::{Delivery, NOW, Part, now};

/// A delivery of each. Each source has a secret of its own, since some recipes are the same.
pub(super) fn deliveries() -> Vec<Delivery> {
    table().iter().map(Row::delivery).collect()
}

/// A delivery of each source that signs the URL.
pub(super) fn with_signed_url() -> Vec<Delivery> {
    let signing = ["hubspot-v2", "hubspot-v3", "square", "mandrill", "twilio", "twilio-shared-key", "trello"];
    deliveries().into_iter().filter(|it| signing.contains(&it.name)).collect()
}

/// Every source, with what its proof covers.
fn table() -> Vec<Row> {
    let hmac = |header: &'static str, name: &str| HmacSource::new(header, secret(name));
    vec![
        row("asana", Asana::new, Proof::Signature),
        row("auth0", Auth0::new, Proof::Token),
        row("bitbucket", Bitbucket::new, Proof::Signature),
        row("calendly", Calendly::new, Proof::Signature),
        row("clerk", |text| Clerk::new(encoded(&text)), Proof::Signature),
        row("cloudevents", CloudEvents::new, Proof::Token),
        row("cloudevents-header", |token| CloudEvents::header("x-token", token), Proof::Token),
        row("datadog", Datadog::new, Proof::Token),
        row("datadog-basic", |token| Datadog::basic_auth(format!("user:{token}")), Proof::Token),
        row("docusign", DocuSign::new, Proof::Signature),
        row("dropbox", Dropbox::new, Proof::Signature),
        row("figma", Figma::new, Proof::TokenInBody),
        row("forgejo", Forgejo::new, Proof::Signature),
        row("gitea", Gitea::new, Proof::Signature),
        row("github", GitHub::new, Proof::Signature),
        row("gitlab", GitLab::new, Proof::Token),
        row("gitlab-signing-token", |text| GitLab::signing_token(encoded(&text)), Proof::Signature),
        row("gocardless", GoCardless::new, Proof::Signature),
        row("hubspot-v1", HubSpot::v1, Proof::Signature),
        row("hubspot-v2", HubSpot::v2, Proof::Signature),
        row("hubspot-v3", HubSpot::new, Proof::Signature),
        row("ifttt", IFTTT::new, Proof::Token),
        row("intercom", Intercom::new, Proof::Signature),
        row("lemon-squeezy", LemonSqueezy::new, Proof::Signature),
        row("linear", Linear::new, Proof::Signature),
        row("mailchimp-marketing", |token| MailchimpMarketing::query("token", token), Proof::TokenInQuery),
        row("mandrill", Mandrill::new, Proof::SignatureOfForm),
        row("meta", Meta::new, Proof::Signature),
        row("microsoft-graph", MicrosoftGraph::new, Proof::TokenInBody),
        row("newrelic", NewRelic::new, Proof::Token),
        row("notion", Notion::new, Proof::Signature),
        row("okta", Okta::new, Proof::Token),
        row("openai", |text| OpenAI::new(encoded(&text)), Proof::Signature),
        row("paddle", Paddle::new, Proof::Signature),
        row("pagerduty", PagerDuty::new, Proof::Signature),
        row("postmark", |token| Postmark::new(format!("user:{token}")), Proof::Token),
        row("razorpay", Razorpay::new, Proof::Signature),
        row("resend", |text| Resend::new(encoded(&text)), Proof::Signature),
        row("sentry", Sentry::new, Proof::Signature),
        row("shopify", Shopify::new, Proof::Signature),
        row("slack", Slack::new, Proof::Signature),
        row("square", Square::new, Proof::Signature),
        row("standard-webhooks", |text| StandardWebhooks::new(encoded(&text)), Proof::Signature),
        row("stripe", Stripe::new, Proof::Signature),
        row("svix", |text| Svix::new(encoded(&text)), Proof::Signature),
        row("trello", Trello::new, Proof::Signature),
        row("twilio", Twilio::new, Proof::SignatureOfForm),
        row("twilio-shared-key", Twilio::shared_key, Proof::SignatureOfForm),
        row("twitch", Twitch::new, Proof::Signature),
        row("typeform", Typeform::new, Proof::Signature),
        row("vercel", Vercel::new, Proof::Signature),
        row("websub", WebSub::new, Proof::Signature),
        row("websub-sha1", |text| WebSub::allowing([WebSubAlgorithm::Sha1], text), Proof::Signature),
        row("websub-sha384", |text| WebSub::allowing([WebSubAlgorithm::Sha384], text), Proof::Signature),
        row("websub-sha512", |text| WebSub::allowing([WebSubAlgorithm::Sha512], text), Proof::Signature),
        row("woocommerce", WooCommerce::new, Proof::Signature),
        row("x-twitter", X::new, Proof::Signature),
        row("zapier", Zapier::new, Proof::Token),
        row("zoom", Zoom::new, Proof::Signature),
        row("hmac", |_| hmac("x-hmac", "hmac").into(), Proof::Signature),
        row("hmac-sha1", |_| hmac("x-hmac", "hmac-sha1").sha1().base64().into(), Proof::Signature),
        row("hmac-sha512", |_| hmac("x-hmac", "hmac-sha512").sha512().label("v1=").into(), Proof::Signature),
        row("hmac-url", |_| hmac("x-hmac", "hmac-url").signed("{method}{url}{body}").into(), Proof::Signature),
        row("hmac-id-time", |_| id_and_time("hmac-id-time").timestamp_header("x-time").into(), Proof::Signature),
        row(
            "hmac-id-milliseconds",
            |_| id_and_time("hmac-id-milliseconds").timestamp_header_in_milliseconds("x-time").into(),
            Proof::Signature,
        ),
        row("token-header", |token| TokenSource::header("x-token", token).into(), Proof::Token),
        row("token-basic-auth", |token| TokenSource::basic_auth(format!("user:{token}")).into(), Proof::Token),
        row("token-query", |token| TokenSource::query("token", token).into(), Proof::TokenInQuery),
    ]
}

fn id_and_time(name: &str) -> HmacSource {
    HmacSource::new("x-hmac", secret(name)).id_header("x-id").signed("{id}.{timestamp}.{body}")
}

/// One source with its secret.
struct Row {
    name: &'static str,
    source: Source,
    proof: Proof,
}

/// What of a request proves that its sender has the secret.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Proof {
    /// Each header that the source signs with, and the body.
    Signature,
    /// The same, where the body is a form whose fields are signed.
    SignatureOfForm,
    /// The headers alone.
    Token,
    /// A part of the query.
    TokenInQuery,
    /// A part of the body.
    TokenInBody,
}

fn row(name: &'static str, source: impl FnOnce(String) -> Source, proof: Proof) -> Row {
    Row { name, source: source(secret(name)).url(URL), proof }
}

fn secret(name: &str) -> String {
    format!("a-long-random-text-of-{name}")
}

/// As Standard Webhooks and its like want it.
fn encoded(secret: &str) -> String {
    format!("whsec_{}", STANDARD.encode(secret))
}

impl Row {
    fn delivery(&self) -> Delivery {
        let own = secret(self.name);
        let (state, passcode) = if self.name == "figma" { ("", &*own) } else { (&*own, "") };
        // The time stands here for senders that sign it as a part of the body.
        let body = format!(
            r#"{{"id":"1","webhookTimestamp":{NOW}000,"value":[{{"clientState":"{state}"}}],"passcode":"{passcode}"}}"#
        );
        // Without escapes: a hex digit of one has two cases, and both spell the same field.
        let is_form = self.proof == Proof::SignatureOfForm;
        let body = if is_form { "Body=Hello&From=15550001&Body=again".to_owned() } else { body };
        let path = if self.proof == Proof::TokenInQuery { format!("/hooks?token={own}") } else { "/hooks".to_owned() };
        let (mut parts, ()) = Request::post(path).body(()).unwrap().into_parts();
        if matches!(self.proof, Proof::Signature | Proof::SignatureOfForm | Proof::Token) {
            parts.headers = self.source.sign("delivery-1", now(), body.as_bytes()).unwrap();
        }
        let mut proof: Vec<Part> =
            parts.headers.keys().filter(|it| **it != KEY_NAME).cloned().map(Part::Header).collect();
        match self.proof {
            Proof::Signature | Proof::SignatureOfForm => proof.push(Part::whole_body(&body)),
            Proof::Token => {}
            Proof::TokenInBody => proof.push(Part::in_body(&body, &own)),
            Proof::TokenInQuery => proof.push(Part::Query(own)),
        }
        let required = parts.headers.keys().cloned().collect();
        if is_form {
            parts.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        }
        Delivery::new(self.name, self.source.clone(), parts, body, proof).requiring(required)
    }
}

/// The name of Twilio's shared key is for its reader alone.
const KEY_NAME: HeaderName = HeaderName::from_static("x-twilio-webhooks-signature-settings");

const URL: &str = "https://example.test/hooks";
