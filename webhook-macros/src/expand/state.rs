//! What is generated about the state: the struct that holds several, how it is supplied, and how an argument gets it.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens as _, format_ident, quote, quote_spanned};
use syn::Type;
use syn::spanned::Spanned as _;

use crate::input::Function;
use crate::state::{State, is_written_like};
use crate::written::state_argument;

/// Several states are the fields of one struct. Other extractors take their part of it as they do of an app's own.
pub(super) fn hidden(state: &State, function: &Function) -> TokenStream {
    let State::Several(types) = state else { return TokenStream::new() };
    let fields = fields(types);
    let others = function.extractors().iter().any(|ty| state_argument(ty).is_none());
    let parts = types.iter().zip(&fields).filter(|_| others).map(|(ty, field)| {
        let supply = supply(ty);
        quote_spanned! {ty.span()=>
            impl __private::FromRef<__State> for #ty {
                fn from_ref(__state: &__State) -> Self {
                    #supply.copy(&__state.#field)
                }
            }
        }
    });
    quote! {
        struct __State {
            #(#fields: #types,)*
        }
        #(#parts)*
    }
}

/// The type of the state.
pub(super) fn type_of(state: &State) -> TokenStream {
    match state {
        State::Nothing => quote!(()),
        State::Given(ty) | State::Asked(ty) => ty.to_token_stream(),
        State::Several(_) => quote!(__State),
    }
}

/// The type by which all calls share the state.
pub(super) fn shared(state: &State) -> TokenStream {
    let state = type_of(state);
    quote_spanned!(state.span()=> __private::Shared<#state>)
}

/// The argument `State<T>` where its `T` is the state or a field of it, so that no extractor is needed.
pub(super) fn copied(state: &State, extractor: &Type) -> Option<TokenStream> {
    let ty = state_argument(extractor)?;
    let (ty, place) = match state {
        State::Asked(asked) => (asked, quote!(&__state)),
        State::Several(types) => {
            let (ty, field) = types.iter().zip(fields(types)).find(|(other, _)| is_written_like(other, ty))?;
            (ty, quote!(&__state.#field))
        }
        State::Nothing | State::Given(_) => return None,
    };
    let supply = supply(ty);
    Some(quote!(__private::State(#supply.copy(#place))))
}

/// Is there an argument that is read from the head of the request?
pub(super) fn reads_head(state: &State, function: &Function) -> bool {
    function.extractors().iter().any(|ty| copied(state, ty).is_none())
}

/// How the record supplies the state. Every part is looked up before a missing one ends it, so that each is reported.
pub(super) fn bind(state: &State) -> TokenStream {
    match state {
        State::Nothing => quote!(|__finder| __private::supply::<()>().bind(__finder, __call)),
        State::Given(ty) | State::Asked(ty) => {
            let supply = supply(ty);
            quote!(|__finder| #supply.bind(__finder, __call))
        }
        State::Several(types) => {
            let fields = fields(types);
            let supplies = types.iter().map(supply);
            quote! {
                |__finder| {
                    #(let #fields = #supplies.find(__finder);)*
                    __private::Some(__private::bound(__State { #(#fields: #fields?,)* }, __call))
                }
            }
        }
    }
}

/// Asks of a type what a state must be.
fn supply(ty: &Type) -> TokenStream {
    quote_spanned!(ty.span()=> __private::supply::<#ty>())
}

fn fields(types: &[Type]) -> Vec<Ident> {
    (0..types.len()).map(|index| format_ident!("__state{index}")).collect()
}
