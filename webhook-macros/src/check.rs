//! The rules about the meaning of a handler. Each is one function, whose comment says the rule.
//!
//! What needs the compiler's knowledge of types (a payload without its derives, a state that is not `Clone`) is not
//! checked here: the bounds of the runtime's functions say it, in words of their own.

use quote::{ToTokens as _, quote};
use syn::{FnArg, GenericParam, Safety, Type};

use crate::errors::Errors;
use crate::input::{Function, Handler};
use crate::written::{borrows, is_named, last_segment, mentions, state_argument, type_argument, ungrouped};

mod document;

/// Reports everything that keeps the handler from being expanded.
pub(crate) fn check(handler: &Handler, errors: &mut Errors) {
    let function = &handler.function;
    is_async(function, errors);
    is_safe(function, errors);
    is_free(function, errors);
    is_not_generic(function, errors);
    has_no_other_caller(function, errors);
    arguments_are_unconditional(function, errors);
    arguments_have_a_type(function, errors);
    states_can_be_shared(function, errors);
    payload_is_last(function, errors);
    payload_is_not_bytes(function, errors);
    payload_owns_its_data(function, errors);
    event_type_fits_its_source(handler, errors);
    source_is_a_segment(handler, errors);
    method_is_of_the_default_source(handler, errors);
    status_code_is_not_the_handlers(handler, errors);
    status_code_allows_the_body(handler, errors);
    document::check(handler, errors);
}

/// A handler is awaited.
fn is_async(function: &Function, errors: &mut Errors) {
    let signature = &function.signature;
    if signature.asyncness.is_none() {
        let (keyword, name) = (signature.fn_token, &signature.ident);
        errors.at(quote!(#keyword #name), format!("a webhook handler is async: write `async fn {name}`"));
    }
}

/// A handler is called with what came from outside, by Rust.
fn is_safe(function: &Function, errors: &mut Errors) {
    if let Safety::Unsafe(keyword) = &function.signature.safety {
        errors.at(keyword, "a webhook handler is called with what came from outside: take `unsafe` away");
    }
    if let Some(abi) = &function.signature.abi {
        errors.at(abi, format!("a webhook handler is called by Rust alone: take `{}` away", abi.to_token_stream()));
    }
}

/// Nothing says which value a method would be called on. An associated function without `self` looks like a free one,
/// unless its types tell.
fn is_free(function: &Function, errors: &mut Errors) {
    if let Some(FnArg::Receiver(receiver)) = function.signature.inputs.first() {
        let what = "a webhook handler is a free function: move it out of the `impl`, and take a value as `State<T>`";
        errors.at(receiver, what);
        return;
    }
    let types = function.arguments().map(|argument| &*argument.ty).chain(function.returned());
    for ty in types.filter(|ty| mentions(ty, "Self")) {
        errors.at(ty, "a webhook handler is a free function: move it out of the `impl`, and name the type");
    }
}

/// Nothing says which type or number a sender's event has.
fn is_not_generic(function: &Function, errors: &mut Errors) {
    let generics = &function.signature.generics;
    if generics.params.is_empty() {
        return;
    }
    if !generics.params.iter().all(|it| matches!(it, GenericParam::Lifetime(_))) {
        errors.at(generics, "a webhook handler has no generic parameters: write the types that the sender's event has");
    } else if !function.payload().is_some_and(borrows) {
        errors.at(generics, "a webhook handler has no generic parameters: take the lifetime away");
    }
}

/// `#[tokio::main]` and `#[test]` make something else of the function.
fn has_no_other_caller(function: &Function, errors: &mut Errors) {
    for attribute in &function.attributes {
        let last = attribute.path().segments.last();
        if last.is_some_and(|segment| segment.ident == "main" || segment.ident == "test") {
            let written = attribute.path().to_token_stream().to_string().replace(' ', "");
            errors.at(attribute, format!("a webhook handler is called by its deliveries: take `#[{written}]` away"));
        }
    }
}

/// A call cannot leave an argument out.
fn arguments_are_unconditional(function: &Function, errors: &mut Errors) {
    for attribute in function.arguments().flat_map(|argument| &argument.attrs) {
        if attribute.path().is_ident("cfg") || attribute.path().is_ident("cfg_attr") {
            errors.at(
                attribute,
                "an argument of a webhook handler has no condition: write two functions, each with its `#[cfg]`",
            );
        }
    }
}

/// The code beside the function names the types of its arguments.
fn arguments_have_a_type(function: &Function, errors: &mut Errors) {
    for argument in function.arguments().filter(|argument| mentions(&argument.ty, "impl")) {
        errors.at(&argument.ty, "an argument of a webhook handler has one type: name it instead of `impl …`");
    }
}

/// Deliveries run in several threads. What a type of the user hides is said by the compiler.
fn states_can_be_shared(function: &Function, errors: &mut Errors) {
    for ty in function.extractors().iter().filter_map(state_argument) {
        let instead = match last_segment(ty).map(|segment| segment.ident.to_string()).as_deref() {
            Some("Rc") => "Arc",
            Some("RefCell" | "Cell") => "Arc<Mutex<…>>",
            _ => continue,
        };
        errors.at(ty, format!("a state is shared between threads: take `{instead}` instead"));
    }
}

/// The last argument is the payload. Those before it are taken from the head of the request.
fn payload_is_last(function: &Function, errors: &mut Errors) {
    match function.payload() {
        Some(payload) if is_extractor(payload) => {
            let what = payload.to_token_stream().to_string().replace(' ', "");
            errors.at(
                payload,
                format!("`{what}` is no payload: the payload is the last argument, extractors come before it"),
            );
        }
        None if function.signature.inputs.is_empty() => {
            let message = "a webhook handler takes its payload as the last argument: write `payload: T`, or `RawBody` for the bytes";
            errors.push(syn::Error::new(function.signature.paren_token.span.join(), message));
        }
        _ => {}
    }
}

/// axum's extractors that are certain by their name; the types of a user are not called so.
fn is_extractor(ty: &Type) -> bool {
    const GENERIC: [&str; 6] = ["ConnectInfo", "Extension", "Path", "Query", "State", "TypedHeader"];
    const PLAIN: [&str; 5] = ["HeaderMap", "MatchedPath", "OriginalUri", "RawPathParams", "RawQuery"];
    let names: &[&str] = match last_segment(ty) {
        Some(segment) if segment.arguments.is_none() => &PLAIN,
        Some(_) => &GENERIC,
        None => &[],
    };
    names.iter().any(|name| is_named(ty, name))
}

/// Whether `bytes::Bytes` can be decoded depends on features of other crates, so it never is: `RawBody` always gives
/// the bytes. A path that is not of `bytes` or `axum` is a type of the user.
fn payload_is_not_bytes(function: &Function, errors: &mut Errors) {
    let Some(payload) = function.payload() else { return };
    let inner = last_segment(payload).filter(|_| is_named(payload, "Event") || is_named(payload, "Json"));
    let ty = inner.and_then(type_argument).unwrap_or(payload);
    let Type::Path(path) = ungrouped(ty) else { return };
    let first = path.path.segments.first().filter(|_| path.path.segments.len() > 1);
    let foreign = first.is_none_or(|first| first.ident == "bytes" || first.ident == "axum");
    if is_named(ty, "Bytes") && foreign {
        errors.at(ty, "`Bytes` is no payload: take `RawBody`, which gives the bytes as they came");
    }
}

/// The body is gone before the handler is, or may be: a payload borrows nothing of it.
fn payload_owns_its_data(function: &Function, errors: &mut Errors) {
    if let Some(payload) = function.payload().filter(|ty| borrows(ty) && !mentions(ty, "impl")) {
        errors.at(
            payload,
            "a payload owns its data: write a type without a lifetime, such as `String` instead of `&str`",
        );
    }
}

/// An event type of the default source is a path of the URL; a source with one route for all its events takes any
/// text, and patterns.
fn event_type_fits_its_source(handler: &Handler, errors: &mut Errors) {
    let token = &handler.arguments.event_type;
    let event_type = token.value();
    let example = "write it like `order.paid` or `orders/paid`";
    if event_type.trim().is_empty() {
        return errors.at(token, format!("the event type is empty: {example}"));
    }
    if handler.arguments.source.is_some() {
        return;
    }
    if event_type == "*" || event_type.ends_with(".*") {
        errors.at(token, "a pattern needs a source: write `source = \"…\"` with the name of the sender");
    } else if let Some(other) = event_type.chars().find(|it| *it != '/' && !is_unreserved(*it)) {
        errors.at(
            token,
            format!("{other:?} cannot stand in an event type, which is a part of the URL: take letters, digits, `.`, `_`, `~`, `-` and `/`"),
        );
    } else if event_type.split('/').any(str::is_empty) {
        errors.at(token, format!("an event type neither begins nor ends with `/`, nor has `//`: {example}"));
    } else if event_type.split('/').any(is_relative) {
        errors
            .at(token, format!("`.` and `..` are no part of an event type, clients take them out of a URL: {example}"));
    }
}

/// The name of a source is one segment of the URL.
fn source_is_a_segment(handler: &Handler, errors: &mut Errors) {
    let Some(token) = &handler.arguments.source else { return };
    let source = token.value();
    if source == "default" {
        errors.at(token, "`default` is the source of every handler without one: take `source` away");
    } else if !source.is_empty() && (!source.chars().all(is_unreserved) || is_relative(&source)) {
        errors.at(
            token,
            "the name of a source is a part of the URL: take letters, digits, `.`, `_`, `~` and `-`, as in `stripe`",
        );
    }
}

/// By which methods a sender sends is a fact of its provider: one route takes all of its events.
fn method_is_of_the_default_source(handler: &Handler, errors: &mut Errors) {
    if let (Some(method), Some(source)) = (&handler.arguments.method, &handler.arguments.source) {
        errors.at(
            &method.token,
            format!("how the source {:?} sends is known of its provider: take `method` away", source.value()),
        );
    }
}

/// `status_code` is what a 200 becomes. A handler that returns a status chooses it by itself.
fn status_code_is_not_the_handlers(handler: &Handler, errors: &mut Errors) {
    let (Some(status_code), Some(returned)) = (&handler.arguments.status_code, handler.function.success()) else {
        return;
    };
    let status = match ungrouped(returned) {
        Type::Tuple(tuple) => tuple.elems.first().filter(|first| is_named(first, "StatusCode")),
        ty => Some(ty).filter(|ty| is_named(ty, "StatusCode") || is_named(ty, "Response")),
    };
    if let Some(status) = status {
        let name = last_segment(status).map(|segment| segment.ident.to_string()).unwrap_or_default();
        errors.at(
            &status_code.token,
            format!("the function returns a `{name}`, which has a status of its own: take `status_code` away, or return the body alone"),
        );
    }
}

/// HTTP knows two statuses of success that have no body (RFC 9110, sections 15.3.5 and 15.3.6).
fn status_code_allows_the_body(handler: &Handler, errors: &mut Errors) {
    const BODIES: [&str; 5] = ["Json", "Html", "String", "Bytes", "Vec"];
    let (Some(status_code), Some(returned)) = (&handler.arguments.status_code, handler.function.success()) else {
        return;
    };
    let body = matches!(ungrouped(returned), Type::Reference(_)) || BODIES.iter().any(|name| is_named(returned, name));
    if body && matches!(status_code.code, 204 | 205) {
        errors.at(
            &status_code.token,
            format!("a {} has no body: return nothing, or take another status", status_code.code),
        );
    }
}

/// The characters that mean the same in a URL whether they are escaped or not (RFC 3986, section 2.3).
fn is_unreserved(character: char) -> bool {
    character.is_ascii_alphanumeric() || "-._~".contains(character)
}

fn is_relative(segment: &str) -> bool {
    matches!(segment, "." | "..")
}
