//! The `#[webhook]` attribute of `webhook-runtime`.

use proc_macro::TokenStream;

/// Records an async fn as the handler of a webhook.
#[proc_macro_attribute]
pub fn webhook(_arguments: TokenStream, function: TokenStream) -> TokenStream {
    function
}
