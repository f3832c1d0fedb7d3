//! Responses that a developer wrote, for statuses that no return type tells of.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};

/// One status, what it means, and the schema of its body where it has one that is told.
#[derive(Clone, Debug)]
pub struct WrittenResponse {
    pub(crate) status: u16,
    pub(crate) description: Cow<'static, str>,
    pub(crate) body: Option<fn(&mut SchemaGenerator) -> Schema>,
}

/// What generated code makes of one entry of `responses(…)`.
#[must_use]
pub const fn written(
    status: u16,
    description: &'static str,
    body: Option<fn(&mut SchemaGenerator) -> Schema>,
) -> WrittenResponse {
    WrittenResponse { status, description: Cow::Borrowed(description), body }
}

/// What the body of a written response may be.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be documented as the body of a response",
    label = "no schema",
    note = "write `#[derive(schemars::JsonSchema)]` on `{Self}`"
)]
pub trait BodySchema {
    /// Its schema.
    #[doc(hidden)]
    fn schema(generator: &mut SchemaGenerator) -> Schema;
}

#[diagnostic::do_not_recommend]
impl<T: JsonSchema> BodySchema for T {
    fn schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<T>()
    }
}

/// The schema of such a body.
pub fn body<T: BodySchema>(generator: &mut SchemaGenerator) -> Schema {
    T::schema(generator)
}
