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

use axum::extract::OriginalUri;
use http::request::Parts;
use http::{HeaderMap, Method};

use crate::base::error::rejection::Rejection;
use crate::base::error::startup::{Error as StartupError, Problem};
use crate::fetch::{Fetch, Fetcher};
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
pub(crate) mod own;
pub(crate) mod secrets;

#[cfg(feature = "compression")]
use encoding::SignedBytes;
use facts::{COMMON, ContentType, Facts, IdentityAt};
use handshake::Allowed;
use secrets::{SecretProblem, Secrets, keys};

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

/// The URL that the sender calls, as far as configuration knows it.
#[derive(Clone, Debug, Default)]
struct PublicUrl {
    /// The whole URL without its query, for this source alone.
    whole: Option<Arc<str>>,
    /// What stands before the path, for every source of the app.
    base: Option<Arc<str>>,
}

impl Source {
    /// A source with these secrets, whose recipe is made of them.
    pub(crate) fn new(
        facts: Cow<'static, Facts>,
        make: impl Fn(&Secrets) -> Made,
        secrets: impl Into<Secrets>,
    ) -> Self {
        let secrets = secrets.into();
        let made = make(&secrets);
        let outline = if made.is_ok() { None } else { outline_without_secrets(make) };
        Self::made(facts, Keys::Fixed(made)).with(|it| it.outline = it.outline.take().or(outline)).remembering(secrets)
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
        }))
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

    /// How far the signed timestamp may lie from now, to either side. Five minutes unless set or the provider says
    /// otherwise, as in the Standard Webhooks libraries. A shorter one refuses the deliveries of a sender with a slow
    /// queue; zero is a start-up error, since it would refuse everything.
    #[must_use]
    pub fn tolerance(self, tolerance: Duration) -> Self {
        self.with(|it| it.tolerance = tolerance)
    }

    /// The public URL that the sender calls, for schemes that sign it: what stands before the query of each request.
    /// It is configuration, since behind a proxy neither `Host` nor a forwarded header can be believed.
    ///
    /// A query in it is passed over: the one of the request counts.
    #[must_use]
    pub fn url(self, url: &str) -> Self {
        let without_query = url.split(['?', '#']).next().unwrap_or_default();
        self.with(|it| it.url.whole = Some(Arc::from(without_query)))
    }

    /// Takes bodies with a `Content-Encoding` of gzip or deflate, of a sender that signs these bytes. Without it such a
    /// body is answered 415.
    ///
    /// What it inflates to has the limit of a body (413), and is what a handler gets. Two encodings of one body are 415.
    ///
    /// ```
    /// use webhook_runtime::{HmacSource, SignedBytes, Source};
    ///
    /// let source = Source::from(HmacSource::new("X-Signature", "a long random secret"));
    /// let source = source.accept_encoding(SignedBytes::Decoded);
    /// # let _ = source;
    /// ```
    #[cfg(feature = "compression")]
    #[must_use]
    pub fn accept_encoding(self, signed: SignedBytes) -> Self {
        self.with(|it| it.signed_bytes = Some(signed))
    }

    /// The token that the provider repeats when it asks whether the URL is ours: Meta's *verify token*. Without one its
    /// handshake is refused.
    #[must_use]
    pub fn verify_token(self, token: &str) -> Self {
        self.with(|it| it.allowed.verify_token = SharedToken::new(token).ok().map(Arc::new))
    }

    /// The topics that were subscribed to, for WebSub: a hub that asks about another one is answered 404.
    #[must_use]
    pub fn topics<'a>(self, topics: impl IntoIterator<Item = &'a str>) -> Self {
        self.with(|it| it.allowed.topics.extend(topics.into_iter().map(|topic| Cow::Owned(topic.to_owned()))))
    }

    /// The origins that may send, for CloudEvents: another one that asks is answered 405.
    #[must_use]
    pub fn allowed_origins<'a>(self, origins: impl IntoIterator<Item = &'a str>) -> Self {
        self.with(|it| it.allowed.origins.extend(origins.into_iter().map(|origin| Cow::Owned(origin.to_owned()))))
    }

    /// How many deliveries a minute an origin may send, for CloudEvents: a number, or `*`.
    #[must_use]
    pub fn allowed_rate(self, rate: &str) -> Self {
        self.with(|it| it.allowed.rate = Some(Cow::Owned(rate.to_owned())))
    }

    /// What fetches the keys of this sender, where it publishes some. The app's own fetcher unless set, or that of the
    /// feature `fetch`.
    #[must_use]
    pub fn fetcher(self, fetcher: impl Fetch) -> Self {
        let fetcher = Fetcher::new(fetcher);
        self.with(|it| it.fetcher = Some(fetcher))
    }

    /// The headers with which the sender would sign this delivery: a POST to the configured URL.
    ///
    /// # Errors
    /// Where the source has no secret that signs, or the id or the time does not fit its scheme.
    pub fn sign(&self, id: &str, time: SystemTime, body: &[u8]) -> Result<HeaderMap, CannotSign> {
        let is_form =
            matches!(self.0.facts.content_types.first(), Some(ContentType::Form | ContentType::JsonInForm(_)));
        let message = Message { id, time, method: &Method::POST, url: self.0.url.whole.as_deref(), body, is_form };
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

    /// The public URL of the app, for a source without one of its own.
    pub(crate) fn below(self, base: Option<&Arc<str>>) -> Self {
        self.with(|it| it.url.base = base.cloned())
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

    /// The source itself, where it has usable secrets: for hand-written routes, which are not checked at the start.
    /// A source that asks for its secrets has none to check.
    ///
    /// # Errors
    /// Every secret that is missing or malformed, without showing it.
    pub fn ready(self) -> Result<Self, StartupError> {
        let problems = self.secret_problems(None);
        if problems.is_empty() { Ok(self) } else { Err(StartupError::of(problems)) }
    }

    /// What is wrong with its secrets, and what to do: `fix` where nothing is known of their place.
    pub(crate) fn secret_problems(&self, fix: Option<&str>) -> Vec<Problem> {
        let source = || self.name().to_owned();
        if self.fetched().is_some() && self.own_fetcher().is_none() {
            return vec![Problem::NoFetcher { source: source() }];
        }
        let Keys::Fixed(Err(problems)) = &self.0.keys else { return Vec::new() };
        let told = |problem: &SecretProblem| match problem {
            SecretProblem::Missing { variable: Some(variable) } => Problem::NoSecret {
                source: source(),
                fix: format!("Set the environment variable {variable} to the secret from the sender's settings."),
            },
            SecretProblem::Missing { variable: None } => Problem::NoSecret {
                source: source(),
                fix: fix.unwrap_or("Give its constructor the secret from the sender's settings.").to_owned(),
            },
            SecretProblem::Malformed { position, problem } => {
                Problem::MalformedSecret { source: source(), position: *position, problem }
            }
            SecretProblem::Setting { setting, problem } => Problem::Setting { source: source(), setting, problem },
        };
        problems.iter().map(told).collect()
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

    /// What stands before the path of every route, where it is configured.
    pub(crate) fn base_url(&self) -> Option<&str> {
        self.0.url.base.as_deref()
    }

    /// The URL of this source alone, without a query.
    pub(crate) fn own_url(&self) -> Option<&str> {
        self.0.url.whole.as_deref()
    }

    pub(crate) fn knows_its_url(&self) -> bool {
        self.0.url.whole.is_some() || self.0.url.base.is_some()
    }

    /// The URL that the sender of this request called: what is configured, and the query as it was received.
    pub(crate) fn public_url(&self, parts: &Parts) -> Option<String> {
        // A router that is nested sees a shortened path; the original one is kept beside it.
        let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |original| &original.0);
        let query = uri.query().map_or(String::new(), |query| format!("?{query}"));
        match (&self.0.url.whole, &self.0.url.base) {
            (Some(whole), _) => Some(format!("{whole}{query}")),
            (None, Some(base)) => Some(format!("{base}{}{query}", uri.path())),
            (None, None) => None,
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

#[cfg(all(test, feature = "rsa", not(feature = "fetch")))]
mod tests;
