//! A catch-all handler a source, which logs what arrives.

use webhook_runtime::{Event, RawBody, Webhooks, webhook};

/// Writes a handler for each source, and a function that registers the one of a source.
macro_rules! catch_all {
    ($($function:ident: $source:literal,)*) => {
        $(
            #[webhook("*", source = $source)]
            async fn $function(event: Event<RawBody>) {
                log(&event);
            }
        )*

        /// Registers the handler of this source.
        pub fn register(app: Webhooks, source: &str) -> Webhooks {
            match source {
                $($source => app.register($function),)*
                _ => app,
            }
        }
    };
}

catch_all! {
    adobe_commerce: "adobe-commerce",
    adobe_io_events: "adobe-io-events",
    aws_sns: "aws-sns",
    adyen: "adyen",
    asana: "asana",
    auth0: "auth0",
    bitbucket: "bitbucket",
    calendly: "calendly",
    clerk: "clerk",
    cloudevents: "cloudevents",
    datadog: "datadog",
    discord: "discord",
    docusign: "docusign",
    dropbox: "dropbox",
    figma: "figma",
    forgejo: "forgejo",
    gitea: "gitea",
    github: "github",
    gitlab: "gitlab",
    gocardless: "gocardless",
    google_pubsub: "google-pubsub",
    hubspot: "hubspot",
    ifttt: "ifttt",
    intercom: "intercom",
    lemon_squeezy: "lemon-squeezy",
    linear: "linear",
    mailchimp_marketing: "mailchimp-marketing",
    mailgun: "mailgun",
    mandrill: "mandrill",
    meta: "meta",
    microsoft_graph: "microsoft-graph",
    newrelic: "newrelic",
    notion: "notion",
    okta: "okta",
    openai: "openai",
    paddle: "paddle",
    pagerduty: "pagerduty",
    paypal: "paypal",
    plaid: "plaid",
    postmark: "postmark",
    razorpay: "razorpay",
    resend: "resend",
    rfc9421: "rfc9421",
    salesforce: "salesforce",
    sendgrid: "sendgrid",
    sentry: "sentry",
    shopify: "shopify",
    slack: "slack",
    square: "square",
    standard_webhooks: "standard-webhooks",
    stripe: "stripe",
    svix: "svix",
    trello: "trello",
    twilio: "twilio",
    twitch: "twitch",
    typeform: "typeform",
    vercel: "vercel",
    websub: "websub",
    woocommerce: "woocommerce",
    x_twitter: "x-twitter",
    zapier: "zapier",
    zoom: "zoom",
}

fn log(event: &Event<RawBody>) {
    tracing::info!(
        source = event.source(),
        event_type = event.event_type(),
        delivery = event.delivery_id(),
        "received"
    );
}
