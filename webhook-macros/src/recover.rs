//! Goes on after a mistake: what belongs to it ends at the next comma.

use proc_macro2::{TokenStream, TokenTree};
use syn::parse::ParseStream;
use syn::parse::discouraged::Speculative as _;
use syn::{Result, Token};

/// Takes everything up to the next comma.
pub(crate) fn up_to_comma(input: ParseStream<'_>) -> TokenStream {
    let mut tokens = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![,]) {
        tokens.extend(input.parse::<TokenTree>());
    }
    tokens
}

/// Reads something whole, or takes nothing. What is left inside of a bracket after a mistake is no second one.
pub(crate) fn whole<T>(input: ParseStream<'_>, parse: impl FnOnce(ParseStream<'_>) -> Result<T>) -> Result<T> {
    let ahead = input.fork();
    let value = parse(&ahead)?;
    input.advance_to(&ahead);
    Ok(value)
}
