//! The `#[webhook]` attribute of `webhook-runtime`, which documents it.
//!
//! One handler goes through these stages, each in a file of its name:
//!
//! 1. `attr` and `input` read the attribute and the function into a model that keeps the user's tokens;
//! 2. `check` applies the rules about meaning;
//! 3. `expand` writes the record of the handler, or `fallback` the mistakes.
//!
//! The function itself is always emitted as it was.

mod expand;
mod fallback;

mod check;
mod input;
mod state;

mod attr;
mod doc;
mod errors;
mod json;
mod key;
mod krate;
mod method;
mod recover;
mod table;
mod timeout;
mod written;

#[cfg(test)]
mod snapshots;

use proc_macro2::TokenStream;

/// Records an async fn as the handler of a webhook. See `webhook_runtime::webhook`.
#[proc_macro_attribute]
pub fn webhook(arguments: proc_macro::TokenStream, item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    webhook_tokens(arguments.into(), item.into()).into()
}

fn webhook_tokens(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = errors::Errors::default();
    let handler = input::Handler::parse(arguments, item.clone(), &mut errors);
    if let Some(handler) = &handler {
        check::check(handler, &mut errors);
    }
    match handler {
        Some(handler) if errors.is_empty() => expand::expand(&handler),
        _ => fallback::fallback(&item, &errors),
    }
}
