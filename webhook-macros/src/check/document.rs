//! The rules about what a handler says to the readers of the document.

use syn::LitStr;

use crate::errors::Errors;
use crate::input::Handler;
use crate::json::Json;

/// Reports every word that says nothing, and every one that says too much.
pub(super) fn check(handler: &Handler, errors: &mut Errors) {
    texts_say_something(handler, errors);
    tags_differ(handler, errors);
    responses_differ(handler, errors);
    responses_allow_the_body(handler, errors);
    examples_differ(handler, errors);
    external_docs_are_a_url(handler, errors);
    openapi_extra_is_an_object(handler, errors);
}

/// A text that is empty says what its absence says.
fn texts_say_something(handler: &Handler, errors: &mut Errors) {
    let words = &handler.arguments.documentation;
    let texts: [(&str, Option<&LitStr>); 6] = [
        ("source", handler.arguments.source.as_ref()),
        ("summary", words.summary.as_ref()),
        ("description", words.description.as_ref()),
        ("response_description", words.response_description.as_ref()),
        ("operation_id", words.operation_id.as_ref()),
        ("external_docs", words.external_docs.as_ref()),
    ];
    let texts = texts.into_iter().filter_map(|(name, text)| Some((name, text?)));
    for (name, text) in texts.filter(|(_, text)| text.value().trim().is_empty()) {
        errors.at(text, format!("`{name}` is empty: take it away, or write a text"));
    }
    for tag in words.tags.iter().filter(|tag| tag.value().trim().is_empty()) {
        errors.at(tag, "a tag is empty: take it away, or write a text");
    }
    for it in words.responses.iter().filter(|it| it.description.value().trim().is_empty()) {
        errors.at(&it.description, format!("a text says what the status {} means, and this one is empty", it.status));
    }
    for it in words.examples.iter().filter(|it| it.name.value().trim().is_empty()) {
        errors.at(&it.name, "the name of an example is empty: write a few words that tell it from others");
    }
}

/// A handler stands once in each group.
fn tags_differ(handler: &Handler, errors: &mut Errors) {
    let tags = &handler.arguments.documentation.tags;
    for (index, tag) in tags.iter().enumerate() {
        if tags.iter().take(index).any(|other| other.value() == tag.value()) {
            errors.at(tag, format!("the tag `{}` was given already: keep one of the two", tag.value()));
        }
    }
}

/// A status means one thing. What it means beside what the return type says of it is merged when the app starts.
fn responses_differ(handler: &Handler, errors: &mut Errors) {
    let responses = &handler.arguments.documentation.responses;
    for (index, it) in responses.iter().enumerate() {
        if responses.iter().take(index).any(|other| other.status == it.status) {
            errors.at(&it.token, format!("the status {} was given already: keep one of the two", it.status));
        }
    }
}

/// HTTP knows statuses whose responses have no body (RFC 9110, sections 15.2, 15.3.5, 15.3.6 and 15.4.5).
fn responses_allow_the_body(handler: &Handler, errors: &mut Errors) {
    for it in &handler.arguments.documentation.responses {
        if let (Some(body), 100..=199 | 204 | 205 | 304) = (&it.body, it.status) {
            errors.at(body, format!("a {} has no body: take the type away, or take another status", it.status));
        }
    }
}

/// The document shows one example under each name.
fn examples_differ(handler: &Handler, errors: &mut Errors) {
    let examples = &handler.arguments.documentation.examples;
    for (index, it) in examples.iter().enumerate() {
        if examples.iter().take(index).any(|other| other.name.value() == it.name.value()) {
            errors.at(&it.name, format!("the example {:?} was given already: choose another name", it.name.value()));
        }
    }
}

/// Readers of the document are sent there from wherever it is shown.
fn external_docs_are_a_url(handler: &Handler, errors: &mut Errors) {
    let Some(token) = &handler.arguments.documentation.external_docs else { return };
    let url = token.value();
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let whole = rest.is_some_and(|it| !it.is_empty() && !it.starts_with('/') && !it.contains(char::is_whitespace));
    if !whole && !url.trim().is_empty() {
        errors.at(token, "`external_docs` is a whole URL: write it like `https://example.com/orders`");
    }
}

/// It is merged into the operation, which is an object, and stands there twice: an id would no longer be one.
fn openapi_extra_is_an_object(handler: &Handler, errors: &mut Errors) {
    match &handler.arguments.documentation.openapi_extra {
        Some((_, Json::Object(members))) => {
            for (key, _) in members.iter().filter(|(key, _)| key.value() == "operationId") {
                errors.at(key, "the id of the operation has a key of its own: write `operation_id = \"…\"`");
            }
        }
        Some((written, _)) => {
            errors.at(written, "`openapi_extra` is an object: write `openapi_extra = {\"x-team\": \"billing\"}`");
        }
        None => {}
    }
}
