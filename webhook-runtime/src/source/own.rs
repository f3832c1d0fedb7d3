//! Sources for senders that this crate has no preset for: an HMAC by configuration, or a shared token.

use std::borrow::Cow;
use std::sync::Arc;

use http::HeaderName;
use http::header::AUTHORIZATION;

use crate::signature::Text;
use crate::signature::encoding::Encoding;
use crate::signature::hash::Algorithm;
use crate::signature::recipe::{Keyed, Piece, Recipe, SignatureAt, TimestampAt, Unit};
use crate::signature::token::TokenAt;
use crate::source::facts::{COMMON, ContentType, EventTypeAt, Facts, IdentityAt, ProofAt, SignatureHeader};
use crate::source::secrets::{SecretProblem, Secrets, keys};
use crate::source::{Source, token};

/// A source whose sender signs with an HMAC: HMAC-SHA256 over the body in lower-case hex, unless said otherwise.
///
/// ```
/// use webhook_runtime::{HmacSource, Source};
///
/// // `X-Signature: t=…`-less: the timestamp is a header of its own, and signed before the body.
/// let source: Source = HmacSource::new("X-Shop-Signature", "a long random secret")
///     .label("sha256=")
///     .timestamp_header("X-Shop-Timestamp")
///     .signed("{timestamp}.{body}")
///     .event_type_header("X-Shop-Event")
///     .into();
/// # let _ = source;
/// ```
#[derive(Clone, Debug)]
#[must_use = "a source does nothing until it is given to the builder"]
pub struct HmacSource {
    secrets: Secrets,
    header: Text,
    label: Text,
    algorithm: Algorithm,
    encoding: Encoding,
    signed: Text,
    timestamp: Option<(Text, Unit)>,
    id: Option<Text>,
    event_type: EventTypeAt,
    bodies_never_repeat: bool,
}

impl HmacSource {
    /// The signature stands in this header.
    pub fn new(header: impl Into<Cow<'static, str>>, secrets: impl Into<Secrets>) -> Self {
        Self {
            secrets: secrets.into(),
            header: header.into(),
            label: Cow::Borrowed(""),
            algorithm: Algorithm::HmacSha256,
            encoding: Encoding::Hex,
            signed: Cow::Borrowed("{body}"),
            timestamp: None,
            id: None,
            event_type: EventTypeAt::TYPE,
            bodies_never_repeat: false,
        }
    }

    /// What stands before the signature in its header: `sha256=`, `v1=`. It is required, and case-sensitive.
    pub fn label(mut self, label: impl Into<Cow<'static, str>>) -> Self {
        self.label = label.into();
        self
    }

    /// The signature is in padded base64 of the standard alphabet, instead of hex.
    pub fn base64(mut self) -> Self {
        self.encoding = Encoding::Base64;
        self
    }

    /// HMAC-SHA1, for senders that offer nothing better.
    pub fn sha1(mut self) -> Self {
        self.algorithm = Algorithm::HmacSha1;
        self
    }

    /// HMAC-SHA512.
    pub fn sha512(mut self) -> Self {
        self.algorithm = Algorithm::HmacSha512;
        self
    }

    /// What is signed, as a template: `{body}`, `{timestamp}`, `{id}`, `{method}`, `{url}`, and any text between them.
    ///
    /// Without `{body}`, or with an unknown or unused name, the source does not start.
    pub fn signed(mut self, template: impl Into<Cow<'static, str>>) -> Self {
        self.signed = template.into();
        self
    }

    /// The signed timestamp stands in this header, in seconds since the Unix epoch.
    pub fn timestamp_header(mut self, header: impl Into<Cow<'static, str>>) -> Self {
        self.timestamp = Some((header.into(), Unit::Seconds));
        self
    }

    /// The signed timestamp stands in this header, in milliseconds since the Unix epoch.
    pub fn timestamp_header_in_milliseconds(mut self, header: impl Into<Cow<'static, str>>) -> Self {
        self.timestamp = Some((header.into(), Unit::Milliseconds));
        self
    }

    /// The signed id of the delivery stands in this header. It holds no dot, no quote and no white space, so that no
    /// byte can move between it and its neighbours.
    pub fn id_header(mut self, header: impl Into<Cow<'static, str>>) -> Self {
        self.id = Some(header.into());
        self
    }

    /// The event type stands in this header. In the body's `/type` unless set.
    pub fn event_type_header(mut self, header: impl Into<Cow<'static, str>>) -> Self {
        self.event_type = EventTypeAt::Header(header.into(), None);
        self
    }

    /// The event type stands in the body, at this JSON Pointer (RFC 6901). `/type` unless set.
    pub fn event_type_at(mut self, pointer: impl Into<Cow<'static, str>>) -> Self {
        self.event_type = EventTypeAt::Body(Cow::Owned(vec![pointer.into()]));
        self
    }

    /// No two events of this sender have the same bytes, as where each body holds an id or a time: then equal bodies are
    /// copies, of which one runs. Unless this is said, or an id is signed, copies are not recognised, and a captured
    /// delivery can run again within the tolerance.
    pub fn bodies_never_repeat(mut self) -> Self {
        self.bodies_never_repeat = true;
        self
    }

    fn recipe(&self) -> Result<Recipe, &'static str> {
        let header =
            |name: &Text| HeaderName::from_bytes(name.as_bytes()).map_err(|_| "belongs to a header whose name is none");
        let signed = pieces(&self.signed)?;
        let uses = |piece: &Piece| signed.contains(piece);
        if !uses(&Piece::Body) {
            return Err("would sign no body: write `{body}` into the template");
        }
        if uses(&Piece::Timestamp) != self.timestamp.is_some() || uses(&Piece::Id) != self.id.is_some() {
            return Err("signs `{timestamp}` or `{id}` without its header, or has the header and does not sign it");
        }
        Ok(Recipe {
            algorithm: self.algorithm,
            signature: SignatureAt::Header { name: header(&self.header)?, other: None, label: self.label.clone() },
            encoding: self.encoding,
            timestamp: match &self.timestamp {
                Some((name, unit)) => TimestampAt::Header(header(name)?, *unit),
                None => TimestampAt::Nowhere,
            },
            id: self.id.as_ref().map(header).transpose()?,
            version: None,
            signed: Cow::Owned(signed),
        })
    }
}

impl From<HmacSource> for Source {
    fn from(own: HmacSource) -> Self {
        let recipe = own.recipe().map_err(|problem| vec![SecretProblem::Malformed { position: 1, problem }]);
        let make = move |secrets: &Secrets| {
            let recipe = recipe.clone()?;
            let keys = keys(secrets, |secret| recipe.key(secret))?;
            Ok(Arc::new(Keyed { recipe: Cow::Owned(recipe), keys }) as _)
        };
        let mut headers = vec![described(&own.header, "The signature.", &format!("{}…", own.label))];
        headers.extend(
            own.timestamp.iter().map(|(name, _)| described(name, "When the delivery was signed.", "1614265330")),
        );
        headers.extend(own.id.iter().map(|name| described(name, "The id of the delivery.", "1")));
        let facts = Facts {
            name: "hmac",
            title: "HMAC",
            scheme: "An HMAC over the delivery.",
            headers: Cow::Owned(headers),
            signature_header: own.header.clone(),
            delivery_id: own.id.clone(),
            signs_url: own.signed.contains("{url}"),
            content_types: &[ContentType::Json, ContentType::Form, ContentType::Any],
            event_type: own.event_type,
            identity: match (&own.id, own.bodies_never_repeat) {
                (Some(_), _) => IdentityAt::Signed,
                (None, true) => IdentityAt::Bytes,
                (None, false) => IdentityAt::Nothing,
            },
            ..COMMON
        };
        Self::new(Cow::Owned(facts), make, own.secrets)
    }
}

/// A source whose sender repeats a shared token and signs nothing: whoever sees one request can send any other.
///
/// ```
/// use webhook_runtime::{Source, TokenSource};
///
/// let source: Source = TokenSource::header("X-Webhook-Token", "a long random token").into();
/// let other: Source = TokenSource::basic_auth("user:a long random password").into();
/// # let _ = (source, other);
/// ```
#[derive(Clone, Debug)]
#[must_use = "a source does nothing until it is given to the builder"]
pub struct TokenSource {
    secrets: Secrets,
    at: TokenAt,
    malformed: bool,
    id: Option<Text>,
    event_type: EventTypeAt,
}

impl TokenSource {
    /// The token is the whole value of this header. (`Bearer ` is a part of the token.)
    pub fn header(name: impl AsRef<str>, tokens: impl Into<Secrets>) -> Self {
        let name = HeaderName::from_bytes(name.as_ref().as_bytes());
        let malformed = name.is_err();
        Self { malformed, ..Self::at(TokenAt::Header(name.unwrap_or(AUTHORIZATION)), tokens) }
    }

    /// The token is `user:password` of HTTP basic authentication.
    pub fn basic_auth(credentials: impl Into<Secrets>) -> Self {
        Self::at(TokenAt::BasicAuth, credentials)
    }

    /// The token is the value of this query parameter. URLs end up in logs: prefer a header where the sender offers
    /// one.
    pub fn query(parameter: impl Into<Cow<'static, str>>, tokens: impl Into<Secrets>) -> Self {
        Self::at(TokenAt::Query(parameter.into()), tokens)
    }

    fn at(at: TokenAt, tokens: impl Into<Secrets>) -> Self {
        Self { secrets: tokens.into(), at, malformed: false, id: None, event_type: EventTypeAt::TYPE }
    }

    /// The id of the delivery stands in this header: copies of it run once.
    pub fn id_header(mut self, header: impl Into<Cow<'static, str>>) -> Self {
        self.id = Some(header.into());
        self
    }

    /// The event type stands in this header. In the body's `/type` unless set.
    pub fn event_type_header(mut self, header: impl Into<Cow<'static, str>>) -> Self {
        self.event_type = EventTypeAt::Header(header.into(), None);
        self
    }

    /// The event type stands in the body, at this JSON Pointer (RFC 6901). `/type` unless set.
    pub fn event_type_at(mut self, pointer: impl Into<Cow<'static, str>>) -> Self {
        self.event_type = EventTypeAt::Body(Cow::Owned(vec![pointer.into()]));
        self
    }

    /// The source, with the facts of a provider instead of those of tokens in general.
    pub(crate) fn into_source(self, facts: &Facts) -> Source {
        let mut facts = facts.clone();
        facts.headers = Cow::Owned(match &self.at {
            TokenAt::Header(name) => vec![described(name.as_str(), "The shared token.", "…")],
            TokenAt::BasicAuth => {
                vec![described("authorization", "User and password of basic authentication.", "Basic …")]
            }
            TokenAt::Query(_) => Vec::new(),
        });
        facts.proof = match &self.at {
            TokenAt::Header(_) => ProofAt::Header,
            TokenAt::BasicAuth => ProofAt::BasicAuth,
            TokenAt::Query(_) => ProofAt::Query,
        };
        facts.signature_header = match &self.at {
            TokenAt::Header(name) => Cow::Owned(name.as_str().to_owned()),
            TokenAt::BasicAuth => Cow::Borrowed("authorization"),
            TokenAt::Query(name) => name.clone(),
        };
        let Self { at, malformed, secrets, .. } = self;
        let make = move |secrets: &Secrets| match malformed {
            true => {
                Err(vec![SecretProblem::Malformed { position: 1, problem: "belongs to a header whose name is none" }])
            }
            false => token(at.clone(), secrets),
        };
        Source::new(Cow::Owned(facts), make, secrets)
    }
}

impl From<TokenSource> for Source {
    fn from(own: TokenSource) -> Self {
        let facts = Facts {
            name: "token",
            title: "Shared token",
            scheme: "A shared token; nothing is signed.",
            delivery_id: own.id.clone(),
            content_types: &[ContentType::Json, ContentType::Form, ContentType::Any],
            event_type: own.event_type.clone(),
            identity: own.id.clone().map_or(IdentityAt::Nothing, IdentityAt::Hint),
            ..COMMON
        };
        own.into_source(&facts)
    }
}

fn described(name: &str, description: &'static str, example: &str) -> SignatureHeader {
    SignatureHeader {
        name: Cow::Owned(name.to_ascii_lowercase()),
        description: Cow::Borrowed(description),
        example: Cow::Owned(example.to_owned()),
    }
}

/// The pieces of a template.
fn pieces(template: &str) -> Result<Vec<Piece>, &'static str> {
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, behind) = after.split_once('}').ok_or("has a template with an open brace")?;
        if !before.is_empty() {
            pieces.push(Piece::Text(Cow::Owned(before.to_owned())));
        }
        pieces.push(match name {
            "body" => Piece::Body,
            "timestamp" => Piece::Timestamp,
            "id" => Piece::Id,
            "method" => Piece::Method,
            "url" => Piece::Url,
            _ => return Err("has a template with an unknown name: take body, timestamp, id, method or url"),
        });
        rest = behind;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(Cow::Owned(rest.to_owned())));
    }
    Ok(pieces)
}
