//! What a handler's return type says about its responses, found by the type and never by the tokens.
//!
//! Generated code makes a [`Probe`] of the return type and calls `describe` on a reference to a reference of it.
//! The compiler takes the first of the two implementations that fits: the documented one, or the silent one.

use std::convert::Infallible;
use std::marker::PhantomData;

use axum::Json;
use http::StatusCode;
use schemars::{JsonSchema, Schema, SchemaGenerator};

/// One response that a return type tells of.
#[derive(Clone, Debug)]
pub struct Response {
    pub(crate) status: Status,
    pub(crate) body: Body,
}

/// The status of a documented response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// The status of success: 200, or what `status_code` says.
    Success,
    /// Some status that the handler chooses when it runs.
    Chosen,
    /// What the error side of a `Result` answers.
    Failure,
}

/// The body of a documented response.
#[derive(Clone, Debug)]
pub(crate) enum Body {
    Empty,
    Text,
    Json(Schema),
    /// The type does not tell.
    Unknown,
}

/// A return type whose responses are known.
pub trait Documented {
    /// Its responses, the successful one first.
    #[doc(hidden)]
    fn responses(generator: &mut SchemaGenerator) -> Vec<Response>;
}

/// Stands for a return type without a value of it.
pub struct Probe<T>(PhantomData<fn() -> T>);

/// Describes the return type that a `Probe` stands for.
pub trait Describe {
    /// Its responses.
    fn describe(&self, generator: &mut SchemaGenerator) -> Vec<Response>;
}

impl<T: Documented> Describe for &Probe<T> {
    fn describe(&self, generator: &mut SchemaGenerator) -> Vec<Response> {
        T::responses(generator)
    }
}

impl<T> Describe for Probe<T> {
    fn describe(&self, _: &mut SchemaGenerator) -> Vec<Response> {
        one(Status::Chosen, Body::Unknown)
    }
}

/// A probe of what the future of this closure gives. The closure is never called.
pub fn probe<C, F>(_: C) -> Probe<F::Output>
where
    C: FnOnce() -> F,
    F: Future,
{
    Probe(PhantomData)
}

/// Stands for an argument in a closure that is never called.
///
/// # Panics
/// Whenever it is called, which generated code does not.
#[allow(clippy::panic, reason = "stands only in closures that nothing calls")]
pub fn never<T>() -> T {
    panic!("an argument of a probe was asked for")
}

impl<T: JsonSchema> Documented for Json<T> {
    fn responses(generator: &mut SchemaGenerator) -> Vec<Response> {
        let schema = generator.subschema_for::<T>();
        one(Status::Success, Body::Json(schema))
    }
}

impl Documented for () {
    fn responses(_: &mut SchemaGenerator) -> Vec<Response> {
        one(Status::Success, Body::Empty)
    }
}

impl Documented for StatusCode {
    fn responses(_: &mut SchemaGenerator) -> Vec<Response> {
        one(Status::Chosen, Body::Empty)
    }
}

impl Documented for &'static str {
    fn responses(_: &mut SchemaGenerator) -> Vec<Response> {
        one(Status::Success, Body::Text)
    }
}

impl Documented for String {
    fn responses(_: &mut SchemaGenerator) -> Vec<Response> {
        one(Status::Success, Body::Text)
    }
}

impl Documented for Infallible {
    fn responses(_: &mut SchemaGenerator) -> Vec<Response> {
        Vec::new()
    }
}

impl<T: Documented> Documented for (StatusCode, T) {
    fn responses(generator: &mut SchemaGenerator) -> Vec<Response> {
        let mut responses = T::responses(generator);
        responses.iter_mut().for_each(|it| it.status = Status::Chosen);
        responses
    }
}

impl<T: Documented, E> Documented for Result<T, E> {
    fn responses(generator: &mut SchemaGenerator) -> Vec<Response> {
        let mut responses = T::responses(generator);
        responses.extend(one(Status::Failure, Body::Unknown));
        responses
    }
}

fn one(status: Status, body: Body) -> Vec<Response> {
    vec![Response { status, body }]
}
