//! The record of a handler, field by field.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::LitStr;
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;

use crate::attr::Arguments;
use crate::doc::{self, Doc};
use crate::expand::{option, state};
use crate::input::Handler;
use crate::state::State;
use crate::table::Response;

pub(super) fn record(handler: &Handler, state: &State, payload: &TokenStream) -> TokenStream {
    let Handler { arguments, function } = handler;
    let Arguments { event_type, source, status_code, timeout, .. } = arguments;
    let name = &function.signature.ident;
    let name_text = name.unraw().to_string();
    // `line!` tells the line of its own span.
    let line = quote_spanned!(name.span()=> __private::line!());
    let source = option(source.as_ref());
    let timeout = option(timeout.map(|it| quote!(__private::Duration::from_millis(#it))));
    let status_code = option(status_code.as_ref().map(|it| it.code));
    let documentation = documentation(handler);
    let method = arguments.method.as_ref().map_or("POST", |it| it.name);
    let nevers = function.arguments().map(|_| quote!(__private::never()));
    let reads_head = state::reads_head(state, function);
    let bind = state::bind(state);
    quote! {
        const __ENDPOINT: __private::Endpoint = __private::Endpoint {
            id: || __private::id_of(#name),
            handler: __private::concat!(__private::module_path!(), "::", #name_text),
            file: __private::file!(),
            line: #line,
            event_type: #event_type,
            source: #source,
            method: #method,
            timeout: #timeout,
            status_code: #status_code,
            documentation: #documentation,
            payload: |__generator| #payload.schema(__generator),
            accepts: |__body, __content| #payload.accepts(__body, __content),
            responses: |__generator| {
                use __private::Describe as _;
                (&&__private::probe(|| #name(#(#nevers),*))).describe(__generator)
            },
            reads_head: #reads_head,
            bind: #bind,
        };
    }
}

/// What the attribute says, or else what the doc comment says.
fn documentation(handler: &Handler) -> TokenStream {
    let Handler { arguments, function } = handler;
    let words = &arguments.documentation;
    let doc = Doc::of(&function.attributes);
    let title = || doc::title_case(&function.signature.ident.unraw().to_string());
    let text = |token: &Option<LitStr>| token.as_ref().map(LitStr::value);
    let summary = text(&words.summary).or(doc.summary).unwrap_or_else(title);
    let description = option(text(&words.description).or(doc.description));
    let response_description = option(words.response_description.as_ref());
    let tags = &words.tags;
    let operation_id = option(words.operation_id.as_ref());
    let deprecated = option(words.deprecated.or(function.is_deprecated().then_some(true)));
    let include_in_schema = words.include_in_schema.unwrap_or(true);
    let external_docs = option(words.external_docs.as_ref());
    let responses = words.responses.iter().map(response);
    let examples = words.examples.iter().map(|it| {
        let (name, value) = (&it.name, it.value.text());
        quote!((#name, #value))
    });
    let openapi_extra = option(words.openapi_extra.as_ref().map(|(_, it)| it.text()));
    quote! {
        __private::Documentation {
            summary: #summary,
            description: #description,
            response_description: #response_description,
            tags: &[#(#tags),*],
            operation_id: #operation_id,
            deprecated: #deprecated,
            include_in_schema: #include_in_schema,
            external_docs: #external_docs,
            responses: &[#(#responses),*],
            examples: &[#(#examples),*],
            openapi_extra: #openapi_extra,
        }
    }
}

/// A response that was written. The type of its body is asked for its schema alone.
fn response(written: &Response) -> TokenStream {
    let Response { status, description, body, .. } = written;
    let body = option(body.as_ref().map(|ty| quote_spanned!(ty.span()=> __private::body::<#ty>)));
    quote!(__private::written(#status, #description, #body))
}
