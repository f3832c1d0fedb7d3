//! Sources whose sender proves itself by a JSON Web Token, under keys that it publishes.

use std::borrow::Cow;

use http::HeaderName;

use crate::base::secret::Secret;
use crate::signature::Text;
use crate::signature::fetched::FetchedSignature;
use crate::signature::jwt::{JwtAlgorithm, JwtAt, JwtKeys, JwtSignature, KEY_SETS};
use crate::source::facts::{COMMON, ContentType, EventTypeAt, Facts, IdentityAt, SignatureHeader};
use crate::source::secrets::SecretProblem;
use crate::source::{Keys, Source};

/// A source whose sender sends a token: as `Authorization: Bearer …`, signed by a key of the set at a URL of yours.
///
/// ```
/// use webhook_runtime::{JwtSource, Source};
///
/// let source: Source = JwtSource::rs256("https://id.example.com/.well-known/jwks.json")
///     .issuer("https://id.example.com")
///     .audience("https://hooks.example.com/webhooks/example")
///     .id_at("/id")
///     .into();
/// # let _ = source;
/// ```
///
/// It is there with the feature `jwt`. The keys are fetched, which needs the feature `fetch` too, or a
/// [`fetcher`](crate::Webhooks::fetcher).
///
/// The algorithm, the issuer and the audience are configuration: a token of another algorithm, with `none` or with a
/// shared secret is refused, whatever its header says. An audience is required, since the keys of an issuer sign for
/// all of its receivers. A token is taken until a minute after it expires. A set of keys is fetched once a day, and for
/// a key that is not in it at most once a minute.
///
/// # What is signed
/// The token, and of the body nothing, unless [`body_hash`](Self::body_hash) names the claim with its hash: whoever
/// sees a token can send any other body with it until it expires.
#[derive(Clone)]
#[must_use = "a source does nothing until it is given to the builder"]
pub struct JwtSource {
    recipe: Result<JwtSignature, (&'static str, &'static str)>,
    facts: Facts,
}

impl JwtSource {
    /// Tokens signed with RS256 (RSA, PKCS#1 v1.5, SHA-256), by the set of keys at this https URL.
    pub fn rs256(key_set: &str) -> Self {
        Self::of(JwtAlgorithm::Rs256, key_set)
    }

    /// Tokens signed with ES256 (ECDSA on P-256, SHA-256), by the set of keys at this https URL.
    pub fn es256(key_set: &str) -> Self {
        Self::of(JwtAlgorithm::Es256, key_set)
    }

    fn of(algorithm: JwtAlgorithm, key_set: &str) -> Self {
        let problem = "is none that keys are fetched from\n   \
            Write an https URL with a host name in lower case and a path, without a port and without escapes.";
        let keys = KEY_SETS.pin(key_set).map(JwtKeys::Set).ok_or(("URL of the keys", problem));
        let recipe = keys.map(|keys| JwtSignature {
            at: JwtAt::Bearer,
            algorithm,
            keys,
            issuers: Vec::new(),
            audience: None,
            email: None,
            body_hash: None,
            expires: true,
        });
        let facts = Facts {
            name: "jwt",
            title: "JSON Web Token",
            scheme: "A signed token in its compact form.",
            headers: Cow::Owned(vec![SignatureHeader::new("authorization", "The token.", "Bearer …")]),
            signature_header: Cow::Borrowed("authorization"),
            content_types: &[ContentType::Json, ContentType::Form, ContentType::Any],
            identity: IdentityAt::Nothing,
            ..COMMON
        };
        Self { recipe, facts }
    }

    /// Tokens whose keys are asked for one by one, with credentials.
    pub(crate) fn asked(recipe: Option<JwtSignature>) -> Self {
        let this = Self::of(JwtAlgorithm::Es256, "");
        match recipe {
            Some(recipe) => Self { recipe: Ok(recipe), ..this },
            None => this,
        }
    }

    fn with(mut self, change: impl FnOnce(&mut JwtSignature)) -> Self {
        if let Ok(recipe) = &mut self.recipe {
            change(recipe);
        }
        self
    }

    /// Who may have issued the token (`iss`). Called again, it adds another spelling.
    pub fn issuer(self, issuer: impl Into<Cow<'static, str>>) -> Self {
        self.with(|it| it.issuers.push(issuer.into()))
    }

    /// For whom the token is (`aud`, a text). It is required.
    pub fn audience(self, audience: impl Into<Cow<'static, str>>) -> Self {
        self.with(|it| it.audience = Some(audience.into()))
    }

    /// The account that the token was issued to (`email`, with `email_verified`).
    pub fn email(self, email: impl Into<Cow<'static, str>>) -> Self {
        self.with(|it| it.email = Some(email.into()))
    }

    /// The token is the whole value of this header, instead of a bearer token.
    pub fn header(mut self, name: &str) -> Self {
        let Ok(header) = HeaderName::from_bytes(name.as_bytes()) else {
            self.recipe =
                Err(("header of the token", "has a name that is none\n   Write letters, digits and hyphens."));
            return self;
        };
        self.facts.signature_header = Cow::Owned(header.as_str().to_owned());
        self.facts.headers = Cow::Owned(vec![SignatureHeader {
            name: self.facts.signature_header.clone(),
            description: Cow::Borrowed("The token."),
            example: Cow::Borrowed("eyJ…"),
        }]);
        self.with(|it| it.at = JwtAt::Header(header))
    }

    /// The token's claim with the SHA-256 of the body, in lower-case hex: then the body is signed too, and a copy of a
    /// delivery is known by its token.
    pub fn body_hash(mut self, claim: impl Into<Cow<'static, str>>) -> Self {
        self.facts.identity = IdentityAt::Signed;
        self.with(|it| it.body_hash = Some(claim.into()))
    }

    /// The event type stands in the body, at this JSON Pointer (RFC 6901). `/type` unless set.
    pub fn event_type_at(mut self, pointer: impl Into<Cow<'static, str>>) -> Self {
        self.facts.event_type = EventTypeAt::Body(Cow::Owned(vec![pointer.into()]));
        self
    }

    /// The id of the event stands in the body, at this JSON Pointer: copies of it run once.
    pub fn id_at(mut self, pointer: impl Into<Text>) -> Self {
        self.facts.identity = IdentityAt::Body(Cow::Owned(vec![pointer.into()]));
        self
    }

    /// The same with the facts of a provider.
    pub(crate) fn known_as(self, facts: Facts) -> Self {
        Self { facts, ..self }
    }
}

impl From<JwtSource> for Source {
    fn from(own: JwtSource) -> Self {
        let required = |recipe: &JwtSignature| match (&recipe.audience, &recipe.keys) {
            (Some(audience), _) if !audience.is_empty() => Ok(()),
            (None, JwtKeys::Asked { client_id, secret, .. }) if client_id.is_empty() || is_blank(secret) => {
                Err(("client", "has no id or no secret\n   Copy both from the sender's settings."))
            }
            (None, JwtKeys::Asked { .. }) => Ok(()),
            _ => Err(("audience", "is missing\n   Write `.audience(…)` with what the sender puts into `aud`.")),
        };
        // An audience or a client that stands in the environment may be missing where tests run.
        let missing = |it: &&JwtSignature| it.audience.is_some() || matches!(it.keys, JwtKeys::Asked { .. });
        let example = own.recipe.as_ref().ok().filter(missing).cloned();
        let recipe = own.recipe.and_then(|it| required(&it).map(|()| it));
        let recipe = match recipe {
            Ok(recipe) if recipe.email.as_deref() == Some("") => Err(("account", "is empty\n   Write its address.")),
            recipe => recipe,
        };
        let keys = match recipe {
            Ok(recipe) => Keys::Fetched(Box::new(FetchedSignature::new(recipe))),
            Err((setting, problem)) => Keys::Fixed(Err(vec![SecretProblem::Setting { setting, problem }])),
        };
        let source = Self::made(Cow::Owned(own.facts), keys);
        match example {
            Some(recipe) => source.standing_in(move |_| Keys::Fetched(Box::new(FetchedSignature::new(recipe.clone())))),
            None => source,
        }
    }
}

fn is_blank(secret: &Secret) -> bool {
    secret.expose().trim_ascii().is_empty()
}
