//! The table of providers: a line each, with the schemes that it offers and how each is configured.
//!
//! It makes a source of a name and of texts, for programs that learn of their senders at run time. An app whose senders
//! are known names their types instead.
//!
//! ```
//! use webhook_runtime::Webhooks;
//! use webhook_runtime::cli::sources::{Configuration, source};
//!
//! let configuration = Configuration::new("stripe", ["whsec_5ecr3t0fTh3Dashb0ard".to_owned()], []);
//! let app = Webhooks::new().source("stripe", source("stripe", None, &configuration)?);
//! # let _ = app;
//! # Ok::<(), String>(())
//! ```

use std::time::Duration;

use strsim::damerau_levenshtein;

use crate::{
    AdobeCommerce, AdobeIo, Adyen, Asana, Auth0, Bitbucket, Calendly, Clerk, CloudEvents, Datadog, Discord, DocuSign,
    Dropbox, Figma, Forgejo, GitHub, GitLab, Gitea, GoCardless, GooglePubSub, HubSpot, IFTTT, Intercom, LemonSqueezy,
    Linear, MailchimpMarketing, Mailgun, Mandrill, MessageSignatures, Meta, MicrosoftGraph, NewRelic, Notion, Okta,
    OpenAI, Paddle, PagerDuty, PayPal, Plaid, Postmark, Razorpay, Resend, Salesforce, SendGrid, Sentry, Shopify, Slack,
    Sns, Source, Square, StandardWebhooks, Stripe, Svix, Trello, Twilio, Twitch, Typeform, Vercel, WebSub,
    WebSubAlgorithm, WooCommerce, X, Zapier, Zoom,
};

mod configuration;

pub use configuration::Configuration;

/// One provider, by the name of its route.
#[derive(Debug)]
pub struct Provider {
    /// Its name.
    pub name: &'static str,
    /// Its schemes, the usual one first.
    pub schemes: &'static [Scheme],
}

/// One scheme of a provider: its name, and how a source of it is made.
pub type Scheme = (&'static str, fn(&Configuration) -> Result<Source, String>);

/// The source of a provider, by the usual scheme unless another one is named. Fields that the scheme does not have are
/// passed over: [`Configuration::unknown`] tells them.
///
/// # Errors
/// A provider or a scheme that is unknown, and a field that is missing or malformed.
pub fn source(provider: &str, scheme: Option<&str>, configuration: &Configuration) -> Result<Source, String> {
    let known = PROVIDERS.iter().find(|it| it.name == provider);
    let known = known.ok_or_else(|| {
        let names = PROVIDERS.iter().map(|it| it.name);
        format!("no provider is called {provider}{}", meant(provider, names))
    })?;
    let mut schemes = known.schemes.iter();
    let found = scheme.map_or_else(|| known.schemes.first(), |name| schemes.find(|(it, _)| *it == name));
    let (_, make) = found.ok_or_else(|| {
        let names: Vec<&str> = known.schemes.iter().map(|(name, _)| *name).collect();
        format!("{provider} has no scheme {}; it has {}", scheme.unwrap_or_default(), names.join(", "))
    })?;
    configured(make(configuration)?, configuration)
}

/// The name that was meant, where one is near; else all of them.
fn meant<'a>(written: &str, names: impl Iterator<Item = &'a str> + Clone) -> String {
    let distance = |name: &str| damerau_levenshtein(&written.to_ascii_lowercase(), name);
    let near = names.clone().map(|name| (distance(name), name)).min();
    match near.filter(|(distance, _)| *distance <= 1 + written.len() / 4) {
        Some((_, name)) => format!("; did you mean {name}?"),
        None => format!("; there are {}", names.collect::<Vec<_>>().join(", ")),
    }
}

/// What every source can be configured with besides its secrets.
fn configured(mut source: Source, it: &Configuration) -> Result<Source, String> {
    if let Some(url) = it.field("url") {
        source = source.url(url);
    }
    if let Some(seconds) = it.field("tolerance") {
        let seconds = seconds.parse().map_err(|_| format!("tolerance is no number of seconds: {seconds}"))?;
        source = source.tolerance(Duration::from_secs(seconds));
    }
    if let Some(token) = it.field("verify_token") {
        source = source.verify_token(token);
    }
    if let Some(rate) = it.field("allowed_rate") {
        source = source.allowed_rate(rate);
    }
    Ok(source.topics(it.list("topics")).allowed_origins(it.list("allowed_origins")))
}

/// Every provider.
pub const PROVIDERS: &[Provider] = &[
    Provider { name: "adobe-commerce", schemes: &[("adobe-commerce", |it| Ok(AdobeCommerce::new(public_key(it)?)))] },
    Provider { name: "adobe-io-events", schemes: &[("adobe-io", adobe_io)] },
    Provider { name: "aws-sns", schemes: &[("sns", sns)] },
    Provider { name: "adyen", schemes: &[("adyen", |it| Ok(Adyen::new(it.secrets())))] },
    Provider { name: "asana", schemes: &[("asana", |it| Ok(Asana::new(it.secrets())))] },
    Provider { name: "auth0", schemes: &[("token-header", |it| Ok(Auth0::new(it.secrets())))] },
    Provider { name: "bitbucket", schemes: &[("bitbucket", |it| Ok(Bitbucket::new(it.secrets())))] },
    Provider { name: "calendly", schemes: &[("calendly", |it| Ok(Calendly::new(it.secrets())))] },
    Provider { name: "clerk", schemes: &[("svix", |it| Ok(Clerk::new(it.secrets())))] },
    Provider {
        name: "cloudevents",
        schemes: &[("token-header", |it| {
            let header = it.field("token_header").unwrap_or("Authorization");
            Ok(CloudEvents::header(header, it.secrets()))
        })],
    },
    Provider {
        name: "datadog",
        schemes: &[
            ("token-header", |it| Ok(Datadog::header(it.required("token_header")?, it.secrets()))),
            ("basic-auth", |it| Ok(Datadog::basic_auth(it.secrets()))),
        ],
    },
    Provider { name: "discord", schemes: &[("discord", |it| Ok(Discord::new(public_key(it)?)))] },
    Provider { name: "docusign", schemes: &[("docusign", |it| Ok(DocuSign::new(it.secrets())))] },
    Provider { name: "dropbox", schemes: &[("dropbox", |it| Ok(Dropbox::new(it.secrets())))] },
    Provider { name: "figma", schemes: &[("figma", |it| Ok(Figma::new(it.secrets())))] },
    Provider { name: "forgejo", schemes: &[("forgejo", |it| Ok(Forgejo::new(it.secrets())))] },
    Provider { name: "gitea", schemes: &[("gitea", |it| Ok(Gitea::new(it.secrets())))] },
    Provider { name: "github", schemes: &[("github", |it| Ok(GitHub::new(it.secrets())))] },
    Provider {
        name: "gitlab",
        schemes: &[
            ("token-header", |it| match it.field("token_header") {
                Some(name) if !name.eq_ignore_ascii_case("X-Gitlab-Token") => {
                    Err(format!("GitLab has no header {name}"))
                }
                _ => Ok(GitLab::new(it.secrets())),
            }),
            ("standard-webhooks", |it| Ok(GitLab::signing_token(it.secrets()))),
        ],
    },
    Provider { name: "gocardless", schemes: &[("gocardless", |it| Ok(GoCardless::new(it.secrets())))] },
    Provider {
        name: "google-pubsub",
        schemes: &[("google-pubsub", |it| {
            let (audience, account) = (it.required("audience")?.to_owned(), it.required("service_account")?.to_owned());
            Ok(GooglePubSub::new(audience, account).into())
        })],
    },
    Provider {
        name: "hubspot",
        schemes: &[
            ("hubspot-v3", |it| Ok(HubSpot::new(it.secrets()))),
            ("hubspot-v2", |it| Ok(HubSpot::v2(it.secrets()))),
            ("hubspot-v1", |it| Ok(HubSpot::v1(it.secrets()))),
        ],
    },
    Provider {
        name: "ifttt",
        schemes: &[
            ("token-header", |it| {
                let header = it.field("token_header").unwrap_or("IFTTT-Service-Key");
                Ok(IFTTT::header(header, it.secrets()))
            }),
            ("query-token", |it| Ok(IFTTT::query(it.required("token_param")?.to_owned(), it.secrets()))),
        ],
    },
    Provider { name: "intercom", schemes: &[("intercom", |it| Ok(Intercom::new(it.secrets())))] },
    Provider { name: "lemon-squeezy", schemes: &[("lemon-squeezy", |it| Ok(LemonSqueezy::new(it.secrets())))] },
    Provider { name: "linear", schemes: &[("linear", |it| Ok(Linear::new(it.secrets())))] },
    Provider {
        name: "mailchimp-marketing",
        schemes: &[("query-token", |it| {
            let parameter = it.field("token_param").unwrap_or("secret").to_owned();
            Ok(MailchimpMarketing::query(parameter, it.secrets()))
        })],
    },
    Provider { name: "mailgun", schemes: &[("mailgun", |it| Ok(Mailgun::new(it.secrets())))] },
    Provider { name: "mandrill", schemes: &[("mandrill", |it| Ok(Mandrill::new(it.secrets())))] },
    Provider { name: "meta", schemes: &[("meta", |it| Ok(Meta::new(it.secrets())))] },
    Provider {
        name: "microsoft-graph",
        schemes: &[("graph-client-state", |it| Ok(MicrosoftGraph::new(it.secrets())))],
    },
    Provider {
        name: "newrelic",
        schemes: &[
            ("token-header", |it| Ok(NewRelic::header(it.required("token_header")?, it.secrets()))),
            ("basic-auth", |it| Ok(NewRelic::basic_auth(it.secrets()))),
        ],
    },
    Provider { name: "notion", schemes: &[("notion", |it| Ok(Notion::new(it.secrets())))] },
    Provider {
        name: "okta",
        schemes: &[("token-header", |it| {
            Ok(Okta::header(it.field("token_header").unwrap_or("Authorization"), it.secrets()))
        })],
    },
    Provider { name: "openai", schemes: &[("standard-webhooks", |it| Ok(OpenAI::new(it.secrets())))] },
    Provider { name: "paddle", schemes: &[("paddle", |it| Ok(Paddle::new(it.secrets())))] },
    Provider { name: "pagerduty", schemes: &[("pagerduty", |it| Ok(PagerDuty::new(it.secrets())))] },
    Provider { name: "paypal", schemes: &[("paypal", paypal)] },
    Provider {
        name: "plaid",
        schemes: &[("plaid", |it| Ok(Plaid::new(it.required("client_id")?, it.required("secret")?).into()))],
    },
    Provider { name: "postmark", schemes: &[("basic-auth", |it| Ok(Postmark::new(it.secrets())))] },
    Provider { name: "razorpay", schemes: &[("razorpay", |it| Ok(Razorpay::new(it.secrets())))] },
    Provider { name: "resend", schemes: &[("svix", |it| Ok(Resend::new(it.secrets())))] },
    Provider { name: "rfc9421", schemes: &[("rfc9421", message_signatures)] },
    Provider {
        name: "salesforce",
        schemes: &[("salesforce", |it| {
            let parameter = it.required("token_param")?.to_owned();
            Ok(Salesforce::query(parameter, it.required("organization_id")?, it.secrets()))
        })],
    },
    Provider { name: "sendgrid", schemes: &[("sendgrid", |it| Ok(SendGrid::new(public_key(it)?)))] },
    Provider { name: "sentry", schemes: &[("sentry", |it| Ok(Sentry::new(it.secrets())))] },
    Provider { name: "shopify", schemes: &[("shopify", |it| Ok(Shopify::new(it.secrets())))] },
    Provider { name: "slack", schemes: &[("slack", |it| Ok(Slack::new(it.secrets())))] },
    Provider { name: "square", schemes: &[("square", |it| Ok(Square::new(it.secrets())))] },
    Provider {
        name: "standard-webhooks",
        schemes: &[("standard-webhooks", |it| Ok(StandardWebhooks::new(secrets_or_public_key(it))))],
    },
    Provider { name: "stripe", schemes: &[("stripe", |it| Ok(Stripe::new(it.secrets())))] },
    Provider { name: "svix", schemes: &[("svix", |it| Ok(Svix::new(secrets_or_public_key(it))))] },
    Provider { name: "trello", schemes: &[("trello", |it| Ok(Trello::new(it.secrets())))] },
    Provider {
        name: "twilio",
        schemes: &[("twilio", |it| match it.field("require_algorithm") {
            None => Ok(Twilio::new(it.secrets())),
            Some("sha256") => Ok(Twilio::shared_key(it.secrets())),
            Some(other) => Err(format!("Twilio has no algorithm {other}")),
        })],
    },
    Provider { name: "twitch", schemes: &[("twitch", |it| Ok(Twitch::new(it.secrets())))] },
    Provider { name: "typeform", schemes: &[("typeform", |it| Ok(Typeform::new(it.secrets())))] },
    Provider { name: "vercel", schemes: &[("vercel", |it| Ok(Vercel::new(it.secrets())))] },
    Provider {
        name: "websub",
        schemes: &[("websub", |it| match it.list("algorithms").as_slice() {
            [] => Ok(WebSub::new(it.secrets())),
            names => {
                let algorithms = names.iter().map(|it| algorithm(it)).collect::<Result<Vec<_>, _>>()?;
                Ok(WebSub::allowing(algorithms, it.secrets()))
            }
        })],
    },
    Provider { name: "woocommerce", schemes: &[("woocommerce", |it| Ok(WooCommerce::new(it.secrets())))] },
    Provider { name: "x-twitter", schemes: &[("x", |it| Ok(X::new(it.secrets())))] },
    Provider {
        name: "zapier",
        schemes: &[
            ("token-header", |it| Ok(Zapier::header(it.required("token_header")?, it.secrets()))),
            ("query-token", |it| Ok(Zapier::query(it.required("token_param")?.to_owned(), it.secrets()))),
            ("basic-auth", |it| Ok(Zapier::basic_auth(it.secrets()))),
        ],
    },
    Provider { name: "zoom", schemes: &[("zoom", |it| Ok(Zoom::new(it.secrets())))] },
];

/// Standard Webhooks tells a public key from a secret by its prefix, so both may be active.
fn secrets_or_public_key(it: &Configuration) -> Vec<String> {
    it.secrets().into_iter().chain(it.field("public_key").map(str::to_owned)).collect()
}

/// One key is one item: a PEM text has several lines.
fn public_key(it: &Configuration) -> Result<[&str; 1], String> {
    Ok([it.required("public_key")?])
}

fn adobe_io(it: &Configuration) -> Result<Source, String> {
    // Whoever fetches knows the keys; the source does not take them.
    it.field("public_keys");
    Ok(AdobeIo::new(it.required("recipient_client_id")?).into())
}

fn paypal(it: &Configuration) -> Result<Source, String> {
    let source = PayPal::new(it.required("webhook_id")?);
    Ok(match it.field("certificate_pem") {
        Some(certificate) => source.trust_anchor_pem(certificate).into(),
        None => source.into(),
    })
}

fn sns(it: &Configuration) -> Result<Source, String> {
    // Whoever fetches knows the certificate; the source does not take it.
    it.field("certificate_pem");
    let mut topics = it.list("topic_arn").into_iter();
    let first = Sns::new(topics.next().map_or_else(|| it.required("topic_arn"), Ok)?);
    let source = topics.fold(first, Sns::topic);
    match it.field("require_signature_version") {
        None => Ok(source.into()),
        Some("2") => Ok(source.require_version_2().into()),
        Some(other) => Err(format!("AWS SNS has no signature version {other}")),
    }
}

fn message_signatures(it: &Configuration) -> Result<Source, String> {
    let label = it.required("label")?.to_owned();
    let keys: Vec<String> = it.secrets().into_iter().chain(it.field("public_key").map(str::to_owned)).collect();
    let source = match it.required("algorithm")? {
        "hmac-sha256" => MessageSignatures::hmac_sha256(label, keys),
        "ed25519" => MessageSignatures::ed25519(label, keys),
        "ecdsa-p256-sha256" => MessageSignatures::ecdsa_p256_sha256(label, keys),
        "rsa-pss-sha512" => MessageSignatures::rsa_pss_sha512(label, keys),
        "rsa-v1_5-sha256" => MessageSignatures::rsa_v1_5_sha256(label, keys),
        other => return Err(format!("message signatures have no algorithm {other}")),
    };
    let components: Vec<String> = it.list("required_components").into_iter().map(str::to_owned).collect();
    Ok(source.required_components(components).into())
}

fn algorithm(name: &str) -> Result<WebSubAlgorithm, String> {
    Ok(match name {
        "sha1" => WebSubAlgorithm::Sha1,
        "sha256" => WebSubAlgorithm::Sha256,
        "sha384" => WebSubAlgorithm::Sha384,
        "sha512" => WebSubAlgorithm::Sha512,
        _ => return Err(format!("WebSub has no algorithm {name}")),
    })
}
