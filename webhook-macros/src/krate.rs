//! The one path from generated code to the runtime.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Path;

/// Imports the runtime's door as `__private`.
///
/// All that is generated reaches the runtime through this one `use`: a wrong path is one error, and every other
/// mention is a single token, whose span can be the user's.
pub(crate) fn import(krate: Option<&Path>) -> TokenStream {
    match krate {
        Some(path) => quote!(use #path::__private;),
        None => quote!(
            use ::webhook_runtime::__private;
        ),
    }
}
