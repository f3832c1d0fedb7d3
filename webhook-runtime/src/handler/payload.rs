//! The last argument of a handler: what its type is decoded from, and what the document says of it.

use std::marker::PhantomData;

use axum::Json;
use bytes::Bytes;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;

#[cfg(feature = "xml")]
use crate::format::loose;
#[cfg(feature = "multipart")]
use crate::format::multipart;
#[cfg(feature = "xml")]
use crate::format::xml;
use crate::format::{self, Undecodable, form, json};
use crate::handler::call::Call;
use crate::handler::event::Event;

/// The body of a delivery as it came, of any content type: for what is not JSON, or must not be decoded.
///
/// ```
/// use webhook_runtime::{webhook, RawBody};
///
/// #[webhook("report")]
/// async fn report(body: RawBody) -> String {
///     format!("{} bytes, text: {}", body.len(), body.text().is_ok())
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawBody(Bytes);

impl RawBody {
    /// A body of these bytes, for calling a handler in a test.
    #[must_use]
    pub fn new(bytes: impl Into<Bytes>) -> Self {
        Self(bytes.into())
    }

    /// The body as text.
    ///
    /// # Errors
    /// Where the body is not UTF-8.
    pub fn text(&self) -> Result<&str, std::str::Utf8Error> {
        std::str::from_utf8(&self.0)
    }

    /// The bytes.
    #[must_use]
    pub fn into_bytes(self) -> Bytes {
        self.0
    }
}

impl std::ops::Deref for RawBody {
    type Target = Bytes;

    fn deref(&self) -> &Bytes {
        &self.0
    }
}

/// What the last argument of a handler may be: a payload, an [`Event`] of one, or [`Json`] of one.
///
/// `M` tells the three apart for the compiler, and `D` what describes the payload: its type, or `schema = …`. The
/// bound on what is decoded is said by the function that needs it, so that one error names the right type.
pub trait Payload<M, D>: Sized {
    /// What is decoded.
    type Inner;
    /// Adds what is known of the delivery.
    fn wrap(inner: Self::Inner, call: Call) -> Self;
}

/// Marks a payload that stands for itself.
pub enum Plain {}
/// Marks an [`Event`].
pub enum Enveloped {}
/// Marks a [`Json`].
pub enum InJson {}

/// Marks a payload that tells its own schema.
pub enum ByItself {}
/// Marks a payload whose schema is written beside it.
pub enum Beside {}

#[diagnostic::do_not_recommend]
impl<T: Content> Payload<Plain, ByItself> for T {
    type Inner = T;

    fn wrap(inner: T, _: Call) -> T {
        inner
    }
}

#[diagnostic::do_not_recommend]
impl<T: Decode> Payload<Plain, Beside> for T {
    type Inner = T;

    fn wrap(inner: T, _: Call) -> T {
        inner
    }
}

#[diagnostic::do_not_recommend]
impl<T, D> Payload<Enveloped, D> for Event<T> {
    type Inner = T;

    fn wrap(inner: T, call: Call) -> Self {
        Self::new(inner, call)
    }
}

#[diagnostic::do_not_recommend]
impl<T, D> Payload<InJson, D> for Json<T> {
    type Inner = T;

    fn wrap(inner: T, _: Call) -> Self {
        Self(inner)
    }
}

/// What a body is decoded to, and documented as.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the payload of a webhook",
    label = "not a payload",
    note = "write `#[derive(serde::Deserialize, schemars::JsonSchema)]` on `{Self}`",
    note = "for a type of another crate without `JsonSchema`, write `schema = path::to::fn` or `schema = any` in `#[webhook(…)]`",
    note = "for a `chrono` or `uuid` type, turn on the feature `chrono` or `uuid` of webhook-runtime",
    note = "for the bytes as they came, take `RawBody`"
)]
pub trait Content: Decode {
    /// The schema, or nothing for bytes.
    fn schema(generator: &mut SchemaGenerator) -> Option<Schema>;
}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned + JsonSchema> Content for T {
    fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(generator.subschema_for::<T>())
    }
}

#[diagnostic::do_not_recommend]
impl Content for RawBody {
    fn schema(_: &mut SchemaGenerator) -> Option<Schema> {
        None
    }
}

/// What a body is decoded to, where the document has a schema of its own.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be decoded from the body of a webhook",
    label = "not decodable",
    note = "write `#[derive(serde::Deserialize)]` on `{Self}`; it must own its data, without a lifetime"
)]
pub trait Decode: Sized {
    /// Decodes a body that was verified.
    #[doc(hidden)]
    fn decode(body: &Bytes, content: &format::Content) -> Result<Self, Undecodable>;
}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned> Decode for T {
    fn decode(body: &Bytes, content: &format::Content) -> Result<Self, Undecodable> {
        match content {
            format::Content::Json => json::decode(body),
            format::Content::Parsed(value) => json::decode_parsed(value),
            format::Content::Form => form::decode(body),
            #[cfg(feature = "xml")]
            format::Content::Xml => {
                let root = xml::parse(body).map_err(Undecodable::Broken)?;
                loose::decode(root.into_value().into())
            }
            #[cfg(feature = "xml")]
            format::Content::ParsedXml(value) => loose::decode(value.clone().into()),
            #[cfg(feature = "multipart")]
            format::Content::Multipart { content_type, charsets } => multipart::decode(body, content_type, *charsets),
            format::Content::Broken(problem) => Err(Undecodable::Broken(problem)),
            format::Content::Other => Err(Undecodable::ContentType),
        }
    }
}

#[diagnostic::do_not_recommend]
impl Decode for RawBody {
    fn decode(body: &Bytes, _: &format::Content) -> Result<Self, Undecodable> {
        Ok(Self(body.clone()))
    }
}

/// How the payload of one handler is decoded and documented: everything that needs a bound on its type, so that
/// generated code mentions the type with a bound once.
pub struct Codec<P> {
    decode: fn(Call) -> Result<P, Undecodable>,
    accepts: fn(&Bytes, &format::Content) -> Result<(), Undecodable>,
    schema: Described,
    payload: PhantomData<fn() -> P>,
}

/// What tells the schema.
enum Described {
    /// The type, which has none where it is bytes.
    Itself(fn(&mut SchemaGenerator) -> Option<Schema>),
    /// What was written beside it.
    Beside(fn(&mut SchemaGenerator) -> Schema),
}

impl<P> Codec<P> {
    /// Turns the delivery into the last argument.
    ///
    /// # Errors
    /// Where the body is not what the argument's type says.
    pub fn decode(&self, call: Call) -> Result<P, Undecodable> {
        (self.decode)(call)
    }

    /// Could this body be the payload?
    ///
    /// # Errors
    /// Where it is not of its content type, or not what the argument's type says.
    pub fn accepts(&self, body: &Bytes, content: &format::Content) -> Result<(), Undecodable> {
        (self.accepts)(body, content)
    }

    /// The schema of the payload, or nothing for bytes.
    pub fn schema(&self, generator: &mut SchemaGenerator) -> Option<Schema> {
        match self.schema {
            Described::Itself(schema) => schema(generator),
            Described::Beside(schema) => Some(schema(generator)),
        }
    }
}

/// The codec of a payload that documents itself.
#[must_use]
pub fn payload<P, M>() -> Codec<P>
where
    P: Payload<M, ByItself>,
    P::Inner: Content,
{
    Codec {
        decode: decode::<P, M, ByItself>,
        accepts: accepts::<P::Inner>,
        schema: Described::Itself(<P::Inner as Content>::schema),
        payload: PhantomData,
    }
}

/// The codec of a payload whose schema was written beside it: `schema = …`.
#[must_use]
pub fn payload_with_schema<P, M>(schema: fn(&mut SchemaGenerator) -> Schema) -> Codec<P>
where
    P: Payload<M, Beside>,
    P::Inner: Decode,
{
    Codec {
        decode: decode::<P, M, Beside>,
        accepts: accepts::<P::Inner>,
        schema: Described::Beside(schema),
        payload: PhantomData,
    }
}

/// The schema of `schema = any`: every JSON value.
#[must_use]
pub fn any_schema(_: &mut SchemaGenerator) -> Schema {
    Schema::default()
}

fn decode<P, M, D>(call: Call) -> Result<P, Undecodable>
where
    P: Payload<M, D>,
    P::Inner: Decode,
{
    match P::Inner::decode(&call.body, &call.content) {
        Ok(inner) => {
            call.check()?;
            Ok(P::wrap(inner, call))
        }
        Err(why) => Err(why.of(call.content)),
    }
}

fn accepts<T: Decode>(body: &Bytes, content: &format::Content) -> Result<(), Undecodable> {
    T::decode(body, content).map(drop)
}
