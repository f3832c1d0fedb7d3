//! One sender: the facts of its provider, its keys, its public URL, and how far its clock may be off.
//!
//! A source is made by a provider's constructor and given to the builder under a name. Making one never fails:
//! a secret that is empty or malformed is a start-up error, together with every other problem.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::request::Parts;
use http::{HeaderMap, Method};

use crate::base::error::rejection::Rejection;
use crate::fetch::Fetcher;
use crate::signature::fetched::FetchedSignature;
use crate::signature::outline::Outline;
use crate::signature::recipe::{Keyed, Recipe};
use crate::signature::standard::{Names, StandardKey, StandardSignature};
use crate::signature::token::{SharedToken, Token, TokenAt};
use crate::signature::{CannotSign, Message, Signature};

#[cfg(feature = "compression")]
pub(crate) mod encoding;
pub(crate) mod facts;
pub(crate) mod handshake;
#[cfg(feature = "jwt")]
pub(crate) mod jwt;
pub(crate) mod outgoing;
pub(crate) mod own;
pub(crate) mod sample;
pub(crate) mod secrets;
mod settings;
#[cfg(feature = "testing")]
mod stand_in;
mod start;
mod url;

#[cfg(feature = "compression")]
use encoding::SignedBytes;
use facts::{COMMON, ContentType, Facts, IdentityAt};
use handshake::Allowed;
use secrets::{SecretProblem, Secrets, keys};
use url::PublicUrl;

/// A configured sender.
///
/// ```
/// use webhook_runtime::{Source, StandardWebhooks};
///
/// let source: Source = StandardWebhooks::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
/// let headers = source.sign("msg_1", std::time::SystemTime::now(), b"{}")?;
/// assert!(headers.contains_key("webhook-signature"));
/// # Ok::<(), webhook_runtime::CannotSign>(())
/// ```
#[derive(Clone)]
pub struct Source(Arc<Configured>);

/// What a source is made of. Shared, since every delivery remembers its source.
#[derive(Clone)]
struct Configured {
    facts: Cow<'static, Facts>,
    keys: Keys,
    tolerance: Duration,
    name: Arc<str>,
    /// The values of the route's pattern, which tell its tenants apart.
    scope: Option<Arc<str>>,
    url: PublicUrl,
    allowed: Allowed,
    /// What its keys were made of, for explaining why they do not fit.
    secrets: Secrets,
    /// How it signs, where a developer can type its secret in.
    outline: Option<Arc<Outline>>,
    /// Which bytes are signed of an encoded body, where such bodies are taken.
    #[cfg(feature = "compression")]
    signed_bytes: Option<SignedBytes>,
    /// What fetches its keys, where the app says so.
    fetcher: Option<Fetcher>,
    /// Makes its keys of the secrets of the testing kit.
    #[cfg(feature = "testing")]
    stand_in: Option<stand_in::Maker>,
}

/// Where the keys of a source come from.
#[derive(Clone)]
pub(crate) enum Keys {
    /// From the secrets that it was made with.
    Fixed(Made),
    /// From a function of each request.
    Asked(Arc<(Ask, Make)>),
    /// From documents that its sender publishes.
    #[cfg_attr(not(any(feature = "rsa", feature = "jwt")), allow(dead_code, reason = "only such sources are made so"))]
    Fetched(Box<FetchedSignature>),
}

/// Where the keys of a source are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyState {
    Configured,
    /// There is none, or it is malformed: the app does not start.
    Missing,
    /// They are looked up for each delivery.
    Asked,
    /// The sender publishes them.
    Published,
}

/// A recipe with its keys, or what is wrong with the secrets.
pub(crate) type Made = Result<Arc<dyn Signature>, Vec<SecretProblem>>;
/// Makes a recipe of secrets.
type Make = Box<dyn Fn(&Secrets) -> Made + Send + Sync>;
type Ask = Box<dyn Fn(Parts) -> Asking + Send + Sync>;
type Asking = Pin<Box<dyn Future<Output = Result<Secrets, Box<dyn Error + Send + Sync>>> + Send>>;

/// Makes a recipe that is data, with a key a secret.
pub(crate) fn keyed(recipe: &'static Recipe, secrets: &Secrets) -> Made {
    let keys = keys(secrets, |secret| recipe.key(secret))?;
    Ok(Arc::new(Keyed { recipe: Cow::Borrowed(recipe), keys }))
}

/// Makes a shared token of each secret.
pub(crate) fn token(at: TokenAt, secrets: &Secrets) -> Made {
    let tokens = keys(secrets, SharedToken::new)?;
    Ok(Arc::new(Token { at, tokens }))
}

/// Makes the recipe of Standard Webhooks, in headers of these names. A text may hold several secrets.
pub(crate) fn standard(names: &'static [Names], secrets: &Secrets) -> Made {
    let keys = keys(&secrets.words(), StandardKey::parse)?;
    Ok(Arc::new(StandardSignature::new(names, keys)))
}

/// How a recipe signs whose secrets are missing or not asked for yet: it is made of a text that is a key of every form,
/// drawn, and dropped. Nothing is ever verified by it.
fn outline_without_secrets(make: impl Fn(&Secrets) -> Made) -> Option<Arc<Outline>> {
    make(&Secrets::from("00000000")).ok()?.outline().map(Arc::new)
}

impl Source {
    /// A source with these secrets, whose recipe is made of them.
    pub(crate) fn new(
        facts: Cow<'static, Facts>,
        make: impl Fn(&Secrets) -> Made + Send + Sync + 'static,
        secrets: impl Into<Secrets>,
    ) -> Self {
        let secrets = secrets.into();
        let made = make(&secrets);
        let outline = if made.is_ok() { None } else { outline_without_secrets(&make) };
        let source = Self::made(facts, Keys::Fixed(made)).with(|it| it.outline = it.outline.take().or(outline));
        source.remembering(secrets).standing_in(move |secrets| Keys::Fixed(make(secrets)))
    }

    /// A source that asks for its secrets at each delivery.
    pub(crate) fn asking<F, A, S, E>(
        facts: Cow<'static, Facts>,
        make: impl Fn(&Secrets) -> Made + Send + Sync + 'static,
        ask: F,
    ) -> Self
    where
        F: Fn(Parts) -> A + Send + Sync + 'static,
        A: Future<Output = Result<S, E>> + Send + 'static,
        S: Into<Secrets>,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        let ask: Ask = Box::new(move |parts| {
            let answer = ask(parts);
            Box::pin(async move { answer.await.map(Into::into).map_err(Into::into) })
        });
        let outline = outline_without_secrets(&make);
        Self::made(facts, Keys::Asked(Arc::new((ask, Box::new(make))))).with(|it| it.outline = outline)
    }

    pub(crate) fn made(facts: Cow<'static, Facts>, keys: Keys) -> Self {
        let (name, tolerance) = (Arc::from(facts.name), facts.tolerance);
        let (url, allowed, secrets) = (PublicUrl::default(), Allowed::default(), Secrets::default());
        let outline = match &keys {
            Keys::Fixed(Ok(recipe)) => recipe.outline().map(Arc::new),
            Keys::Fixed(Err(_)) | Keys::Asked(_) | Keys::Fetched(_) => None,
        };
        Self(Arc::new(Configured {
            facts,
            keys,
            tolerance,
            name,
            scope: None,
            url,
            allowed,
            secrets,
            outline,
            #[cfg(feature = "compression")]
            signed_bytes: None,
            fetcher: None,
            #[cfg(feature = "testing")]
            stand_in: None,
        }))
    }

    /// The same, with what makes its keys of other secrets: of those of the testing kit, which has some for each source.
    pub(crate) fn standing_in(self, make: impl Fn(&Secrets) -> Keys + Send + Sync + 'static) -> Self {
        #[cfg(feature = "testing")]
        return self.with(|it| it.stand_in = Some(Arc::new(make)));
        #[cfg(not(feature = "testing"))]
        {
            let _ = make;
            self
        }
    }

    /// The same, with the secrets that its keys were made of.
    pub(crate) fn remembering(self, secrets: Secrets) -> Self {
        self.with(|it| it.secrets = secrets)
    }

    /// A source whose deliveries are proven by a recipe of one's own. It is documented by no header, dispatches by the
    /// body's `type`, and tells events apart by the id that the recipe proves, or else by their bytes.
    #[must_use]
    pub fn custom(signature: impl Signature) -> Self {
        let facts = Facts {
            name: "custom",
            title: "Custom signature",
            scheme: "A signature of the app's own.",
            content_types: &[ContentType::Json, ContentType::Form, ContentType::Any],
            identity: IdentityAt::Signed,
            ..COMMON
        };
        Self::made(Cow::Owned(facts), Keys::Fixed(Ok(Arc::new(signature))))
    }

    fn with(mut self, change: impl FnOnce(&mut Configured)) -> Self {
        change(Arc::make_mut(&mut self.0));
        self
    }

    /// The headers with which the sender would sign this delivery: a POST to the configured URL.
    ///
    /// # Errors
    /// Where the source has no secret that signs, or the id or the time does not fit its scheme.
    pub fn sign(&self, id: &str, time: SystemTime, body: &[u8]) -> Result<HeaderMap, CannotSign> {
        let is_form =
            matches!(self.0.facts.content_types.first(), Some(ContentType::Form | ContentType::JsonInForm(_)));
        let message = Message { id, time, method: &Method::POST, url: self.own_url(), body, is_form };
        self.recipe().ok_or(CannotSign::NoSecret)?.sign(&message)
    }

    /// The name that the source was registered under, or its provider's.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    pub(crate) fn shared_name(&self) -> Arc<str> {
        Arc::clone(&self.0.name)
    }

    pub(crate) fn named(self, name: &str) -> Self {
        self.with(|it| it.name = Arc::from(name))
    }

    /// The source as it is for one tenant of a route with a pattern.
    pub(crate) fn scoped(self, scope: &str) -> Self {
        self.with(|it| it.scope = Some(Arc::from(scope)))
    }

    pub(crate) fn scope(&self) -> Option<Arc<str>> {
        self.0.scope.clone()
    }

    /// Which bytes are signed of an encoded body, where such bodies are taken.
    #[cfg(feature = "compression")]
    pub(crate) fn signed_bytes(&self) -> Option<SignedBytes> {
        self.0.signed_bytes
    }

    /// What it allows handshakes.
    pub(crate) fn allowed(&self) -> &Allowed {
        &self.0.allowed
    }

    pub(crate) fn facts(&self) -> &Facts {
        &self.0.facts
    }

    /// The recipe with its keys; nothing where a secret is missing or malformed, or was not asked for yet.
    pub(crate) fn recipe(&self) -> Option<&dyn Signature> {
        match &self.0.keys {
            Keys::Fixed(made) => made.as_deref().ok(),
            Keys::Fetched(recipe) => Some(&**recipe),
            Keys::Asked(_) => None,
        }
    }

    /// How it signs, without its keys; nothing where only the sender can.
    pub(crate) fn outline(&self) -> Option<&Outline> {
        self.0.outline.as_deref()
    }

    /// The recipe whose documents are yet to be fetched.
    pub(crate) fn fetched(&self) -> Option<&FetchedSignature> {
        match &self.0.keys {
            Keys::Fetched(recipe) => Some(recipe),
            Keys::Fixed(_) | Keys::Asked(_) => None,
        }
    }

    /// The source with the documents of one delivery.
    pub(crate) fn with_recipe(self, recipe: FetchedSignature) -> Self {
        self.with(|it| it.keys = Keys::Fetched(Box::new(recipe)))
    }

    /// What fetches its keys: its own, or the process's.
    pub(crate) fn own_fetcher(&self) -> Option<Fetcher> {
        let own = self.0.fetcher.clone();
        #[cfg(feature = "fetch")]
        let own = own.or_else(|| Some(crate::fetch::shared()));
        own
    }

    /// The fetcher of the app, for a source without one of its own.
    pub(crate) fn fetching_by(self, fetcher: Option<&Fetcher>) -> Self {
        match (&self.0.fetcher, fetcher) {
            (None, Some(fetcher)) => self.with(|it| it.fetcher = Some(fetcher.clone())),
            _ => self,
        }
    }

    /// The source with the secrets of this request, where it asks for them; else the source itself.
    ///
    /// # Errors
    /// [`Rejection::SecretsUnavailable`] where they could not be had. Where there are none for this request, verifying
    /// fails.
    pub async fn resolve(&self, parts: &Parts) -> Result<Self, Rejection> {
        let Keys::Asked(asked) = &self.0.keys else { return Ok(self.clone()) };
        let (ask, make) = &**asked;
        let secrets = ask(parts.clone()).await.map_err(|error| Rejection::SecretsUnavailable(error.to_string()))?;
        let made = make(&secrets);
        Ok(self.clone().with(|it| it.keys = Keys::Fixed(made)).remembering(secrets))
    }

    /// Does it ask for its secrets, and was not asked yet?
    pub(crate) fn is_unresolved(&self) -> bool {
        matches!(self.0.keys, Keys::Asked(_))
    }

    /// What its keys were made of; none for a recipe of one's own.
    pub(crate) fn secrets(&self) -> &Secrets {
        &self.0.secrets
    }

    /// The tolerance in seconds.
    pub(crate) fn tolerance_seconds(&self) -> u64 {
        self.0.tolerance.as_secs()
    }

    /// Where its keys are, for a reader who is not told them.
    pub(crate) fn key_state(&self) -> KeyState {
        match &self.0.keys {
            Keys::Fixed(Ok(_)) => KeyState::Configured,
            Keys::Fixed(Err(_)) => KeyState::Missing,
            Keys::Asked(_) => KeyState::Asked,
            Keys::Fetched(_) => KeyState::Published,
        }
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source")
            .field("name", &self.0.name)
            .field("provider", &self.0.facts.name)
            .field("secrets", &"[REDACTED]")
            .field("tolerance", &self.0.tolerance)
            .field("url", &self.0.url)
            .finish()
    }
}

#[cfg(test)]
mod tests;
