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

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::Type;
use syn::spanned::Spanned as _;

use crate::attr::Schema;
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
    let payload = payload(function, arguments.schema.as_ref());
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

/// How the payload is decoded and described.
fn payload(function: &Function, schema: Option<&Schema>) -> TokenStream {
    let payload = function.payload();
    let span = payload.span();
    match schema {
        None => quote_spanned!(span=> __private::payload::<#payload, _>()),
        Some(Schema::Any) => {
            quote_spanned!(span=> __private::payload_with_schema::<#payload, _>(__private::any_schema))
        }
        Some(Schema::Function(path)) => quote_spanned!(span=> __private::payload_with_schema::<#payload, _>(#path)),
    }
}

/// The function that makes the handler's arguments of one event, and an answer of what it returns.
fn call(function: &Function, state: &State, payload: &TokenStream) -> TokenStream {
    let name = &function.signature.ident;
    let extractors = function.extractors();
    let extracted: Vec<_> = (0..extractors.len()).map(|index| format_ident!("__extracted{index}")).collect();
    let values = extractors.iter().map(|ty| state::copied(state, ty).unwrap_or_else(|| extraction(state, ty)));
    // Only an extraction takes something from the call.
    let mutable = extractors.iter().any(|ty| state::copied(state, ty).is_none()).then(|| quote!(mut));
    let state = state::shared(state);
    let returned = quote_spanned!(name.span()=> __private::sendable(#name(#(#extracted,)* __payload)).await);
    let answer = answer(function);
    quote! {
        fn __call(#mutable __call: __private::Call, __state: #state) -> __private::Running {
            __private::boxed(async move {
                #(let #extracted = #values;)*
                let __payload = match #payload.decode(__call) {
                    __private::Ok(payload) => payload,
                    __private::Err(undecodable) => return __private::Err(undecodable),
                };
                let __returned = #returned;
                __private::Ok(#answer)
            })
        }
    }
}

/// An argument that is read from the head of the request. An extractor that refuses has answered.
fn extraction(state: &State, ty: &Type) -> TokenStream {
    // The compiler asks for the bound at the call and again at its `await`: they must stand at one place, and a type
    // of several tokens is several places.
    let span = ty.span();
    let (state, ty) = (at(span, state::type_of(state)), at(span, ty.to_token_stream()));
    let extract = quote_spanned!(span=> __private::extract::<#state, #ty>(&mut __call.parts, &__state).await);
    quote! {
        match #extract {
            __private::Ok(argument) => argument,
            __private::Err(response) => return __private::Ok(response),
        }
    }
}

/// What the handler returned, as an answer. A type with `impl` in it cannot be named.
fn answer(function: &Function) -> TokenStream {
    match function.returned() {
        Some(ty) if mentions(ty, "impl") => quote_spanned!(ty.span()=> __private::answer(__returned)),
        Some(ty) => quote_spanned!(ty.span()=> __private::answer::<#ty>(__returned)),
        None => quote!(__private::answer(__returned)),
    }
}

/// These tokens, all of them at one place. What they resolve to stays.
fn at(span: Span, tokens: TokenStream) -> TokenStream {
    let moved = tokens.into_iter().map(|mut token| {
        if let TokenTree::Group(group) = &token {
            token = Group::new(group.delimiter(), at(span, group.stream())).into();
        }
        token.set_span(token.span().located_at(span));
        token
    });
    moved.collect()
}

fn option(value: Option<impl ToTokens>) -> TokenStream {
    match value {
        Some(value) => quote!(__private::Some(#value)),
        None => quote!(__private::None),
    }
}
