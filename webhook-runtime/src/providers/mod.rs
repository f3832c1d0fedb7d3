//! One small file a sender: facts and a constructor, nothing else.

/// The constructors of a provider: from secrets in code, from the environment, or from a function of each request.
macro_rules! constructors {
    ($provider:ident, $variable:literal, $facts:expr, $make:expr) => {
        impl $provider {
            /// A source with one or several active secrets, the current one first.
            #[allow(clippy::new_ret_no_self, reason = "a provider is a name for the sources that it makes")]
            pub fn new(secrets: impl Into<$crate::source::secrets::Secrets>) -> $crate::source::Source {
                $crate::source::Source::new(std::borrow::Cow::Borrowed($facts), $make, secrets)
            }

            #[doc = concat!("The same with the secrets of the environment variable `", $variable, "_WEBHOOK_SECRET`,")]
            /// one a line.
            pub fn from_env() -> $crate::source::Source {
                Self::from_env_named($variable)
            }

            /// The same for a further account: with the secrets of `{name}_WEBHOOK_SECRET`.
            pub fn from_env_named(name: &str) -> $crate::source::Source {
                Self::new($crate::source::secrets::Secrets::from_env(name))
            }

            /// A source that asks for its secrets at each delivery, by the head of the request: for a tenant in the
            /// path, or keys in a database. An error is answered 503; no secret at all is answered 401.
            ///
            /// The function is asked before anything is verified: keep it cheap, and cache what it looks up.
            pub fn with_secrets<F, A, S, E>(ask: F) -> $crate::source::Source
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

#[cfg(feature = "rsa")]
mod adobe_io_events;
#[cfg(feature = "x509")]
mod aws_sns;
mod github;
#[cfg(feature = "jwt")]
mod google_pubsub;
#[cfg(feature = "x509")]
mod paypal;
#[cfg(feature = "jwt")]
mod plaid;
mod shopify;
mod standard_webhooks;
mod stripe;

#[cfg(feature = "rsa")]
pub use adobe_io_events::AdobeIo;
#[cfg(feature = "x509")]
pub use aws_sns::Sns;
pub use github::GitHub;
#[cfg(feature = "jwt")]
pub use google_pubsub::GooglePubSub;
#[cfg(feature = "x509")]
pub use paypal::PayPal;
#[cfg(feature = "jwt")]
pub use plaid::Plaid;
pub use shopify::Shopify;
pub use standard_webhooks::StandardWebhooks;
pub use stripe::Stripe;
