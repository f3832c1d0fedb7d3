//! One small file a sender: facts and a constructor, nothing else.

/// The constructors of a provider: from secrets in code, from the environment, or from a function of each request.
macro_rules! constructors {
    ($provider:ident, $variable:literal, $facts:expr, $make:expr) => {
        constructors! {
            $provider, $variable, $facts, $make,
            of secrets, "secret", in "_WEBHOOK_SECRET", "one a line", asked by with_secrets
        }
    };
    (
        $provider:ident, $variable:literal, $facts:expr, $make:expr,
        of $keys:ident, $key:literal, in $suffix:literal, $each:literal, asked by $with:ident
    ) => {
        impl $provider {
            #[doc = concat!("A source with one or several active ", $key, "s, the current one first.")]
            #[allow(clippy::new_ret_no_self, reason = "a provider is a name for the sources that it makes")]
            pub fn new($keys: impl Into<$crate::source::secrets::Secrets>) -> $crate::source::Source {
                $crate::source::Source::new(std::borrow::Cow::Borrowed($facts), $make, $keys)
            }

            #[doc = concat!("The same with the ", $key, "s of the environment variable `", $variable, $suffix, "`,")]
            #[doc = concat!($each, ".")]
            pub fn from_env() -> $crate::source::Source {
                Self::from_env_named($variable)
            }

            #[doc = concat!("The same for a further account: with the ", $key, "s of `{name}", $suffix, "`.")]
            pub fn from_env_named(name: &str) -> $crate::source::Source {
                Self::new($crate::source::secrets::Secrets::from_variable(format!("{name}{}", $suffix)))
            }

            #[doc = concat!("A source that asks for its ", $key, "s at each delivery, by the head of the request:")]
            #[doc = concat!("for a tenant in the path, or ", $key, "s in a database. An error is answered 503;")]
            #[doc = concat!("no ", $key, " at all is answered 401.")]
            ///
            /// The function is asked before anything is verified: keep it cheap, and cache what it looks up.
            pub fn $with<F, A, S, E>(ask: F) -> $crate::source::Source
            where
                F: Fn(http::request::Parts) -> A + Send + Sync + 'static,
                A: Future<Output = Result<S, E>> + Send + 'static,
                S: Into<$crate::source::secrets::Secrets>,
                E: Into<Box<dyn std::error::Error + Send + Sync>>,
            {
                $crate::source::Source::asking(std::borrow::Cow::Borrowed($facts), $make, ask)
            }
        }
    };
}

/// The constructors of a provider whose public keys are configured.
macro_rules! constructors_with_public_keys {
    ($provider:ident, $variable:literal, $facts:expr, $make:expr) => {
        constructors! {
            $provider, $variable, $facts, $make,
            of public_keys, "public key", in "_PUBLIC_KEY", "each in PEM or on a line of its own",
            asked by with_public_keys
        }
    };
}

#[cfg(feature = "rsa")]
mod adobe_commerce;
#[cfg(feature = "rsa")]
mod adobe_io_events;
mod adyen;
mod asana;
mod auth0;
#[cfg(feature = "x509")]
mod aws_sns;
mod bitbucket;
mod calendly;
mod clerk;
mod cloudevents;
mod datadog;
mod discord;
mod docusign;
mod dropbox;
mod figma;
mod forgejo;
mod gitea;
mod github;
mod gitlab;
mod gocardless;
#[cfg(feature = "jwt")]
mod google_pubsub;
mod hubspot;
mod ifttt;
mod intercom;
mod lemon_squeezy;
mod linear;
mod mailchimp_marketing;
mod mailgun;
mod mandrill;
mod meta;
mod microsoft_graph;
mod newrelic;
mod notion;
mod okta;
mod openai;
mod paddle;
mod pagerduty;
#[cfg(feature = "x509")]
mod paypal;
#[cfg(feature = "jwt")]
mod plaid;
mod postmark;
mod razorpay;
mod resend;
#[cfg(feature = "rfc9421")]
mod rfc9421;
#[cfg(feature = "xml")]
mod salesforce;
#[cfg(feature = "ecdsa")]
mod sendgrid;
mod sentry;
mod shopify;
mod slack;
mod square;
mod standard_webhooks;
mod stripe;
mod svix;
mod trello;
mod twilio;
mod twitch;
mod typeform;
mod vercel;
mod websub;
mod woocommerce;
mod x_twitter;
mod zapier;
mod zoom;

#[cfg(feature = "rsa")]
pub use adobe_commerce::AdobeCommerce;
#[cfg(feature = "rsa")]
pub use adobe_io_events::AdobeIo;
pub use adyen::Adyen;
pub use asana::Asana;
pub use auth0::Auth0;
#[cfg(feature = "x509")]
pub use aws_sns::Sns;
pub use bitbucket::Bitbucket;
pub use calendly::Calendly;
pub use clerk::Clerk;
pub use cloudevents::CloudEvents;
pub use datadog::Datadog;
pub use discord::Discord;
pub use docusign::DocuSign;
pub use dropbox::Dropbox;
pub use figma::Figma;
pub use forgejo::Forgejo;
pub use gitea::Gitea;
pub use github::GitHub;
pub use gitlab::GitLab;
pub use gocardless::GoCardless;
#[cfg(feature = "jwt")]
pub use google_pubsub::GooglePubSub;
pub use hubspot::HubSpot;
pub use ifttt::IFTTT;
pub use intercom::Intercom;
pub use lemon_squeezy::LemonSqueezy;
pub use linear::Linear;
pub use mailchimp_marketing::MailchimpMarketing;
pub use mailgun::Mailgun;
pub use mandrill::Mandrill;
pub use meta::Meta;
pub use microsoft_graph::MicrosoftGraph;
pub use newrelic::NewRelic;
pub use notion::Notion;
pub use okta::Okta;
pub use openai::OpenAI;
pub use paddle::Paddle;
pub use pagerduty::PagerDuty;
#[cfg(feature = "x509")]
pub use paypal::PayPal;
#[cfg(feature = "jwt")]
pub use plaid::Plaid;
pub use postmark::Postmark;
pub use razorpay::Razorpay;
pub use resend::Resend;
#[cfg(feature = "rfc9421")]
pub use rfc9421::MessageSignatures;
#[cfg(feature = "xml")]
pub use salesforce::Salesforce;
#[cfg(feature = "ecdsa")]
pub use sendgrid::SendGrid;
pub use sentry::Sentry;
pub use shopify::Shopify;
pub use slack::Slack;
pub use square::Square;
pub use standard_webhooks::StandardWebhooks;
pub use stripe::Stripe;
pub use svix::Svix;
pub use trello::Trello;
pub use twilio::Twilio;
pub use twitch::Twitch;
pub use typeform::Typeform;
pub use vercel::Vercel;
pub use websub::WebSub;
pub use woocommerce::WooCommerce;
pub use x_twitter::X;
pub use zapier::Zapier;
pub use zoom::Zoom;
