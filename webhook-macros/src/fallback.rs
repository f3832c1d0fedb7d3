//! What is emitted for a handler with mistakes: the function, so that nothing else breaks, and the mistakes.

use proc_macro2::TokenStream;
use quote::quote;

use crate::errors::Errors;

pub(crate) fn fallback(item: &TokenStream, errors: &Errors) -> TokenStream {
    quote!(#item #errors)
}
