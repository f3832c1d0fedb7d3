//! HTTP message signatures, the standard of the IETF.
//!
//! Source of every fact: <https://www.rfc-editor.org/rfc/rfc9421>.

use std::borrow::Cow;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sfv::KeyRef;

use crate::base::secret::Secret;
use crate::signature::Text;
#[cfg(feature = "ecdsa")]
use crate::signature::ecdsa::EcdsaForm;
use crate::signature::hash::{Algorithm, HashKey};
use crate::signature::message::{MessageKeys, MessageSignature};
use crate::signature::public_key::PublicKey;
#[cfg(feature = "rsa")]
use crate::signature::rsa_key::RsaPadding;
use crate::source::Source;
use crate::source::facts::{COMMON, ContentType, EventTypeAt, Facts, IdentityAt, SignatureHeader, text};
use crate::source::sample::Sample;
use crate::source::secrets::{SecretProblem, Secrets, keys};

/// HTTP message signatures (RFC 9421): a signature over components of a request, the body by its `Content-Digest`.
///
/// # Setting it up
/// Agree with the sender on a label, an algorithm, a key, and the components that it covers. The public URL of the app
/// has to be configured, since it is what the sender signs: by `Webhooks::public_url`, or by
/// [`Source::url`](crate::Source::url).
///
/// ```
/// use webhook_runtime::{webhook, Event, MessageSignatures, Source, Webhooks};
///
/// #[webhook("order.paid", source = "shop")]
/// async fn paid(event: Event<serde_json::Value>) {
///     println!("{}", event.payload);
/// }
///
/// let key = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=\n-----END PUBLIC KEY-----";
/// let shop: Source = MessageSignatures::ed25519("sig1", key).into();
/// let app = Webhooks::new().source("shop", shop.url("https://example.com/webhooks/shop"));
/// # let _ = app;
/// ```
///
/// # What is signed
/// What the request says is covered; what has to be covered is configuration: `@method`, `@target-uri` and
/// `content-digest` unless [`required_components`](Self::required_components) says otherwise. A digest that is covered
/// must be that of the body. `created` must be there and near, `expires` not over, and `alg` that of the configuration,
/// if it is there. What a request covers is computed from the configured URL, never from `Host`.
///
/// # What can be replayed
/// A captured request, within the tolerance of five minutes. One with a `nonce` that was seen gets its first answer and
/// runs nothing; without one the body's bytes tell copies apart, unless [`bodies_repeat`](Self::bodies_repeat).
///
/// # Retries
/// When and for how long is the matter of each sender; ids are kept for three days.
///
/// # Not supported
/// `ecdsa-p384-sha384`; parts of fields (`sf`, `key`, `bs`, `tr`) and components of another message (`req`), which are
/// refused; keys that are looked up by `keyid`.
#[must_use = "a source does nothing until it is given to the builder"]
pub struct MessageSignatures {
    label: Text,
    algorithm: &'static str,
    parse: Parse,
    secrets: Secrets,
    required: Vec<Text>,
    event_type: EventTypeAt,
    bodies_repeat: bool,
}

impl MessageSignatures {
    /// `hmac-sha256`. A secret is the base64 of the key.
    pub fn hmac_sha256(label: impl Into<Cow<'static, str>>, secrets: impl Into<Secrets>) -> Self {
        let parse = |secrets: &Secrets| keys(&secrets.words(), hmac).map(MessageKeys::Hmac);
        Self::new(label, "hmac-sha256", Arc::new(parse), secrets)
    }

    /// `ed25519`. A key is in PEM, or the base64 of its DER.
    pub fn ed25519(label: impl Into<Cow<'static, str>>, public_keys: impl Into<Secrets>) -> Self {
        Self::public(label, "ed25519", public_keys, PublicKey::ed25519)
    }

    /// `ecdsa-p256-sha256`. A key is in PEM, or the base64 of its DER.
    #[cfg(feature = "ecdsa")]
    pub fn ecdsa_p256_sha256(label: impl Into<Cow<'static, str>>, public_keys: impl Into<Secrets>) -> Self {
        Self::public(label, "ecdsa-p256-sha256", public_keys, |text| PublicKey::ecdsa(text, EcdsaForm::Fixed))
    }

    /// `rsa-pss-sha512`. A key is in PEM, or the base64 of its DER.
    #[cfg(feature = "rsa")]
    pub fn rsa_pss_sha512(label: impl Into<Cow<'static, str>>, public_keys: impl Into<Secrets>) -> Self {
        Self::public(label, "rsa-pss-sha512", public_keys, |text| PublicKey::rsa(text, RsaPadding::PssSha512))
    }

    /// `rsa-v1_5-sha256`. A key is in PEM, or the base64 of its DER.
    #[cfg(feature = "rsa")]
    pub fn rsa_v1_5_sha256(label: impl Into<Cow<'static, str>>, public_keys: impl Into<Secrets>) -> Self {
        Self::public(label, "rsa-v1_5-sha256", public_keys, |text| PublicKey::rsa(text, RsaPadding::Pkcs1Sha256))
    }

    /// The components that have to be covered, in place of `@method`, `@target-uri` and `content-digest`.
    ///
    /// Without `content-digest` a signature may leave the body out, and then anyone can change it.
    pub fn required_components<T: Into<Cow<'static, str>>>(mut self, components: impl IntoIterator<Item = T>) -> Self {
        self.required = components.into_iter().map(Into::into).collect();
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

    /// Two events of this sender can have the same bytes, so that equal bodies must both run. Copies are then not
    /// recognised.
    pub fn bodies_repeat(mut self) -> Self {
        self.bodies_repeat = true;
        self
    }

    fn public(
        label: impl Into<Cow<'static, str>>,
        algorithm: &'static str,
        public_keys: impl Into<Secrets>,
        parse: fn(&str) -> Result<PublicKey, &'static str>,
    ) -> Self {
        let parse = move |secrets: &Secrets| keys(&secrets.blocks(), parse).map(MessageKeys::Public);
        Self::new(label, algorithm, Arc::new(parse), public_keys)
    }

    fn new(
        label: impl Into<Cow<'static, str>>,
        algorithm: &'static str,
        parse: Parse,
        secrets: impl Into<Secrets>,
    ) -> Self {
        Self {
            label: label.into(),
            algorithm,
            parse,
            secrets: secrets.into(),
            required: DEMANDED.to_vec(),
            event_type: EventTypeAt::TYPE,
            bodies_repeat: false,
        }
    }
}

/// Makes the keys of one algorithm.
type Parse = Arc<dyn Fn(&Secrets) -> Result<MessageKeys, Vec<SecretProblem>> + Send + Sync>;

fn hmac(text: &str) -> Result<HashKey, &'static str> {
    let key = Secret::new(STANDARD.decode(text).map_err(|_| "is not base64")?);
    HashKey::new(Algorithm::HmacSha256, &key).ok_or("is empty")
}

impl From<MessageSignatures> for Source {
    fn from(own: MessageSignatures) -> Self {
        let MessageSignatures { label, algorithm, parse, secrets, required, event_type, bodies_repeat } = own;
        let label = KeyRef::from_str(&label).map(ToOwned::to_owned).map_err(|_| {
            vec![SecretProblem::Malformed { position: 1, problem: "belongs to a label that no request can have" }]
        });
        let make = move |secrets: &Secrets| {
            let (keys, required) = (parse(secrets)?, required.clone());
            Ok(Arc::new(MessageSignature { label: label.clone()?, algorithm, keys, required }) as _)
        };
        let identity = if bodies_repeat { IdentityAt::Nothing } else { IdentityAt::Signed };
        Self::new(Cow::Owned(Facts { event_type, identity, ..FACTS }), make, secrets)
    }
}

const DEMANDED: [Text; 3] = [text("@method"), text("@target-uri"), text("content-digest")];

const FACTS: Facts = Facts {
    name: "rfc9421",
    title: "HTTP message signatures",
    scheme: "A signature over components of the request (RFC 9421), the body by its `Content-Digest`.",
    headers: Cow::Borrowed(&[
        SignatureHeader::new(
            "signature-input",
            "What is covered, and when it was signed.",
            r#"sig1=("@method" "@target-uri" "content-digest");created=1618884473"#,
        ),
        SignatureHeader::new("signature", "The signature.", "sig1=:AZt/FoUgNQuqFxyeQV3zL5OMHF5Jkxe+Px9jNng9cJA=:"),
        SignatureHeader::new(
            "content-digest",
            "The digest of the body, by which it is covered.",
            "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:",
        ),
    ]),
    signature_header: text("signature"),
    signs_url: true,
    content_types: &[ContentType::Json, ContentType::Form, ContentType::Any],
    methods: &["POST", "PUT", "PATCH"],
    samples: &[Sample::new(
        "order.paid",
        r#"{
                "id": "evt_1",
                "type": "order.paid",
                "data": { "order": 1042, "total": 59.9, "currency": "EUR" }
            }"#,
    )],
    ..COMMON
};
