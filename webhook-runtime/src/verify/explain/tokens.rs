//! Tokens that are not the configured one, and look as if they could be.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::AUTHORIZATION;
use http::request::Parts;

use super::keys::stray;
use super::report::{Fault, Finding};
use crate::base::ids::hex;
use crate::signature::Head;
use crate::signature::digest::sha256;
use crate::signature::token::{SharedToken, TokenAt};
use crate::source::Source;

/// What would make the token of this request the right one.
pub(super) fn findings(at: &TokenAt, tokens: &[SharedToken], others: &[&Source], head: &Head<'_>) -> Option<Finding> {
    let here = at.claimed(head).ok().and_then(|it| String::from_utf8(it.into_owned()).ok());
    let here = here.as_deref();
    here.and_then(|claimed| otherwise(claimed, tokens))
        .or_else(|| here.and_then(|claimed| of_another(claimed, others)))
        .or_else(|| elsewhere(at, tokens, head.parts))
        .map(Finding::proven)
}

fn knows(tokens: &[SharedToken], claimed: &[u8]) -> bool {
    tokens.iter().any(|it| it.equals(claimed))
}

/// The right token, written otherwise by one of both.
fn otherwise(claimed: &str, tokens: &[SharedToken]) -> Option<Finding> {
    for (cleaned, what) in stray(claimed) {
        if knows(tokens, cleaned.as_bytes()) {
            return Some(Finding::new(
                Fault::SecretStray,
                format!("the token of the request is the right one, and {what}"),
                "Enter it at the sender with nothing around it; what always stands before it belongs to the secret here.",
            ));
        }
    }
    for token in tokens {
        let text = token.text();
        for (cleaned, what) in stray(text) {
            if SharedToken::new(cleaned).is_ok_and(|it| it.equals(claimed.as_bytes())) {
                return Some(Finding::new(
                    Fault::SecretStray,
                    format!("the secret is the token of the request, and {what}"),
                    "Write it where it is configured as the sender sends it, with nothing around it.",
                ));
            }
        }
        let same = |it: String| SharedToken::new(&it).is_ok_and(|it| it.equals(claimed.as_bytes()));
        if same(text.to_ascii_lowercase()) || same(text.to_ascii_uppercase()) {
            return Some(Finding::new(
                Fault::SecretOther,
                "the token of the request is the right one but for upper and lower case",
                "Enter it as it is configured: case counts.",
            ));
        }
        if same(STANDARD.encode(text)) {
            return Some(Finding::new(
                Fault::SecretReading,
                "the token of the request is the right one in base64",
                "Where the sender uses basic authentication take `TokenSource::basic_auth`; else have it send the token bare.",
            ));
        }
        if same(hex(&sha256(text.as_bytes()))) {
            return Some(Finding::new(
                Fault::SecretReading,
                "the token of the request is the SHA-256 of the right one",
                "Configure that digest as the secret, where the sender sends it always.",
            ));
        }
    }
    None
}

fn of_another(claimed: &str, others: &[&Source]) -> Option<Finding> {
    let is_its = |other: &&&Source| {
        other.secrets().iter().any(|it| SharedToken::new(it).is_ok_and(|it| it.equals(claimed.as_bytes())))
    };
    let name = others.iter().find(is_its)?.name();
    Some(Finding::new(
        Fault::OtherSource,
        format!("the token is the secret of source {name}"),
        format!("Two secrets were swapped, or the sender of {name} calls this route: give each source its own."),
    ))
}

/// The right token, in a place where it is not looked for.
fn elsewhere(at: &TokenAt, tokens: &[SharedToken], parts: &Parts) -> Option<Finding> {
    let remedy = "Configure the place where the sender puts it: `TokenSource::header`, `basic_auth` or `query`.";
    let found =
        |place: String| Finding::new(Fault::HeaderRenamed, format!("the right token stands in {place}"), remedy);
    let bearer = |value: &str| value.split_once(' ').is_some_and(|(_, it)| knows(tokens, it.as_bytes()));
    for (name, value) in parts.headers.iter().take(MOST_HEADERS) {
        let expected = matches!(at, TokenAt::Header(of) if of == name);
        let Ok(value) = value.to_str() else { continue };
        if !expected && knows(tokens, value.as_bytes()) {
            return Some(found(format!("the header {name}")));
        }
        if *name == AUTHORIZATION && bearer(value) {
            return Some(found("the header authorization, behind the word of a scheme".to_owned()));
        }
        if let Some(credentials) = value.strip_prefix("Basic ").and_then(|it| STANDARD.decode(it.trim()).ok()) {
            let half = credentials.split(|it| *it == b':').any(|it| knows(tokens, it));
            let whole = !matches!(at, TokenAt::BasicAuth) && knows(tokens, &credentials);
            if half || whole {
                let part = if half { "one half of basic authentication" } else { "basic authentication" };
                return Some(found(part.to_owned()));
            }
        }
    }
    let query = parts.uri.query().unwrap_or_default();
    let mut values = form_urlencoded::parse(query.as_bytes()).take(MOST_HEADERS);
    let parameter = values.find(|(name, value)| {
        let expected = matches!(at, TokenAt::Query(of) if of == name);
        !expected && knows(tokens, value.as_bytes())
    });
    parameter.map(|_| found("another parameter of the query".to_owned()))
}

/// A request has some twenty headers; more are not compared.
const MOST_HEADERS: usize = 100;
