//! Writes what is generated for a handler without mistakes: the function unchanged, and beside it one constant without
//! a name that holds everything else.
//!
//! Decides nothing. Generated names begin with `__`, and every other name is reached through `__private`, so that
//! nothing in the user's scope is in the way.
//!
//! What the compiler says of a user's type must be one error at that type. So a bound on it stands in one function of
//! the runtime alone; the tokens of the call have the type's span; and where the call is written more than once, its
//! errors are equal at equal places, of which the compiler shows the first.

mod record;
mod state;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Type;
use syn::spanned::Spanned;

use crate::attr::{Arguments, Schema};
use crate::input::{Function, Handler};
use crate::krate;
use crate::state::State;
use crate::written::mentions;

pub(crate) fn expand(handler: &Handler) -> TokenStream {
    let Handler { arguments, function } = handler;
    let tokens = &function.tokens;
    let conditions = function.conditions();
    // To record a function is no use of it in the sense of the lint.
    let deprecated = function.is_deprecated().then(|| quote!(#[allow(deprecated)]));
    let import = krate::import(arguments.krate.as_ref());
    let state = State::of(arguments.state.as_ref(), &function.extractors());
    let hidden_state = state::hidden(&state, function);
    let payload = payload(function, arguments);
    let call = call(function, &state, &payload);
    let record = record::record(handler, &state, &payload);
    quote! {
        #tokens

        #(#conditions)*
        #deprecated
        const _: () = {
            #import
            #hidden_state
            #call
            #record
            __private::submit! { __ENDPOINT }
        };
    }
}

/// How the payload is decoded and described. What a named source sends is known when the app is built.
fn payload(function: &Function, arguments: &Arguments) -> TokenStream {
    let payload = function.payload();
    let span = payload.span();
    let formats = match arguments.source {
        None => quote!(__private::JsonAlone),
        Some(_) => quote!(__private::EveryFormat),
    };
    match &arguments.schema {
        None => quote_spanned!(span=> __private::payload::<#payload, #formats, _>()),
        Some(Schema::Any) => {
            quote_spanned!(span=> __private::payload_with_schema::<#payload, #formats, _>(__private::any_schema))
        }
        Some(Schema::Function(path)) => {
            quote_spanned!(span=> __private::payload_with_schema::<#payload, #formats, _>(#path))
        }
    }
}

/// The function that makes the handler's arguments of one event, and an answer of what it returns.
fn call(function: &Function, state: &State, payload: &TokenStream) -> TokenStream {
    let name = &function.signature.ident;
    let extractors = function.extractors();
    let extracted: Vec<_> = (0..extractors.len()).map(|index| local(&format!("__extracted{index}"))).collect();
    let decoded = local("__payload");
    let returned = Ident::new("__returned", function.returned().map_or_else(Span::call_site, Spanned::span));
    let values = extractors.iter().map(|ty| state::copied(state, ty).unwrap_or_else(|| extraction(state, ty)));
    // Only an extraction takes something from the call.
    let mutable = state::reads_head(state, function).then(|| quote!(mut));
    let state = state::shared(state);
    let future = quote_spanned!(name.span()=> __private::sendable(#name(#(#extracted,)* #decoded)).await);
    let answer = answer(function, &returned);
    quote! {
        fn __call(#mutable __call: __private::Call, __state: #state) -> __private::Running {
            __private::boxed(async move {
                #(let #extracted = #values;)*
                let #decoded = match #payload.decode(__call) {
                    __private::Ok(__payload) => __payload,
                    __private::Err(__undecodable) => return __private::Err(__undecodable),
                };
                let #returned = #future;
                __private::Ok(#answer)
            })
        }
    }
}

/// An argument that is read from the head of the request. An extractor that refuses has answered.
fn extraction(state: &State, ty: &Type) -> TokenStream {
    let state = state::type_of(state);
    let (call, shared) = (local("__call"), local("__state"));
    let extract = quote_spanned!(ty.span()=> __private::extract::<#state, #ty>(&mut #call.parts, &#shared));
    quote! {
        match #extract.await {
            __private::Ok(__argument) => __argument,
            __private::Err(__response) => return __private::Ok(__response),
        }
    }
}

/// What the handler returned, as an answer. A type with `impl` in it cannot be named.
fn answer(function: &Function, returned: &Ident) -> TokenStream {
    match function.returned() {
        Some(ty) if mentions(ty, "impl") => quote_spanned!(ty.span()=> __private::answer(#returned)),
        Some(ty) => quote_spanned!(ty.span()=> __private::answer::<#ty>(#returned)),
        None => quote!(__private::answer(#returned)),
    }
}

/// A variable that is mentioned among the user's tokens. It keeps the span that it is made with, since variables of one
/// name and different spans may be different ones: where a macro of the user wrote the handler, they are.
fn local(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

fn option(value: Option<impl ToTokens>) -> TokenStream {
    match value {
        Some(value) => quote!(__private::Some(#value)),
        None => quote!(__private::None),
    }
}
