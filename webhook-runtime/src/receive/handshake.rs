//! Answers the requests by which a provider asks whether a URL is ours.
//!
//! 1. **Unsigned kinds** are answered before verification, from the head alone. What they reflect is in the alphabet
//!    of the provider's challenges; anything else is a 400 that reflects nothing.
//! 2. **Signed kinds** are answered after verification, and reach no handler.
//! 3. **Confirmed** is what asks for it, after its answer: by fetching a URL of the provider's own, which its rule pins.
//!    Where nothing is signed such fetches are counted, and one URL is fetched once.
//! 4. **Trap**: a reflected text is `text/plain`, with `nosniff` and a sandbox, so that no browser takes it for a page
//!    of ours.

use std::time::SystemTime;

use bytes::Bytes;
use http::header::{HeaderName, HeaderValue};
use http::request::Parts;
use serde_json::{Value, json};
use tracing::warn;

use crate::base::answer::Answer;
use crate::base::error::rejection::{Rejection, Unwelcome};
use crate::base::observe::TARGET;
use crate::base::raw::Raw;
use crate::base::secret::Secret;
use crate::fetch::PinnedUrl;
use crate::format::{form, json as parser};
use crate::run::Runner;
use crate::signature::encoding::Encoding;
use crate::signature::hash::{Algorithm, HashKey};
use crate::signature::header::once;
use crate::signature::query;
use crate::source::Source;
use crate::source::handshake::{Alphabet, Asked, Handshake, Reply, Shown};
use crate::verify::{self, Verified};

/// The answer to a handshake that proves nothing by a signature; nothing for any other request.
pub(super) fn unsigned(source: &Source, parts: &Parts, now: SystemTime) -> Option<Result<Answer, Rejection>> {
    let is_unsigned = |it: &&Handshake| !matches!(it.shown, Shown::Signature | Shown::KnownKey(..));
    let handshake = of_method(source, parts).filter(is_unsigned).find(|it| asked_by_head(it, parts))?;
    Some(shown(source, handshake, parts, now).and_then(|()| reply(source, handshake, parts, None)))
}

/// Can only the body tell whether this is a handshake? A delivery has one of the headers of its signature.
pub(super) fn may_ask_in_body(source: &Source, parts: &Parts) -> bool {
    of_method(source, parts).any(|it| matches!(it.asked, Asked::UnsignedBody(_)))
        && !source.facts().headers.iter().any(|it| parts.headers.contains_key(&*it.name))
}

/// The answer to such a request. What it asks to be fetched is fetched afterwards, when it is one of the provider's own
/// URLs; what asks for nothing is a delivery without its signature.
pub(super) fn in_body(
    runner: &Runner,
    source: &Source,
    parts: &Parts,
    body: &[u8],
    now: SystemTime,
) -> Result<Answer, Rejection> {
    let Some((answer, url)) = asked_in_body(source, parts, body)? else {
        return verify::head(source, parts, now).and(Err(Rejection::Unwelcome(Unwelcome::Challenge)));
    };
    let confirming = source.clone();
    afterwards(runner, source, async move { confirming.confirm_unproven(&url).await });
    Ok(answer)
}

/// The same without fetching: the answer, and what it asks to be fetched; nothing where the body asks for nothing.
fn asked_in_body(source: &Source, parts: &Parts, body: &[u8]) -> Result<Option<(Answer, PinnedUrl)>, Rejection> {
    let content = parser::parse(body);
    let mut of_unsigned = of_method(source, parts).filter(|it| matches!(it.asked, Asked::UnsignedBody(_)));
    let Some(handshake) = of_unsigned.find(|it| asked_by_body(it, content.as_ref())) else { return Ok(None) };
    let url = source.facts().confirmation.and_then(|it| it(body));
    let url = url.ok_or(Rejection::Unwelcome(Unwelcome::Challenge))?;
    Ok(Some((reply(source, handshake, parts, content.as_ref())?, url)))
}

/// The answer to a handshake of any kind, for a request that is there as a whole; nothing for a delivery. It fetches
/// nothing.
pub(super) fn of_whole(
    source: &Source,
    parts: &Parts,
    body: &Bytes,
    now: SystemTime,
) -> Option<Result<Answer, Rejection>> {
    if let Some(answer) = unsigned(source, parts, now) {
        return Some(answer);
    }
    if may_ask_in_body(source, parts) {
        return asked_in_body(source, parts, body).transpose().map(|it| it.map(|(answer, _)| answer));
    }
    let raw = Raw { parts, body: body.clone() };
    if let Some(answer) = signed_by_a_known_key(source, &raw, now) {
        return Some(answer);
    }
    signed(source, parts, &source.verify(parts, body, now).ok()?)
}

/// Confirms what a signed handshake asks for, after its answer.
pub(super) fn confirm(runner: &Runner, source: Source, delivery: Verified) {
    if delivery.confirmation().is_some() {
        let confirming = source.clone();
        afterwards(runner, &source, async move { confirming.confirm(&delivery).await });
    }
}

/// The sender gets its answer first: some expect it before they can be asked.
fn afterwards(
    runner: &Runner,
    source: &Source,
    confirming: impl Future<Output = Result<(), Rejection>> + Send + 'static,
) {
    let name = source.shared_name();
    runner.detach(async move {
        if let Err(rejection) = confirming.await {
            warn!(target: TARGET, source = &*name, "not confirmed: {rejection}");
        }
    });
}

/// The answer to a handshake that is signed with a key that everyone knows; nothing for any other request.
pub(super) fn signed_by_a_known_key(
    source: &Source,
    raw: &Raw<'_>,
    now: SystemTime,
) -> Option<Result<Answer, Rejection>> {
    let handshake = of_method(source, raw.parts).find(|it| match it.shown {
        Shown::KnownKey(recipe, key) => {
            asked_by_form(it, &raw.body) && verify::is_signed_with(source, recipe, key, raw, now)
        }
        _ => false,
    })?;
    Some(reply(source, handshake, raw.parts, None))
}

/// The answer to a handshake that is signed like a delivery; nothing for a delivery.
pub(super) fn signed(source: &Source, parts: &Parts, delivery: &Verified) -> Option<Result<Answer, Rejection>> {
    let mut of_signed = of_method(source, parts).filter(|it| matches!(it.shown, Shown::Signature)).peekable();
    of_signed.peek()?;
    let body = parser::parse(delivery.body());
    let handshake = of_signed.find(|it| asked_by_head(it, parts) || asked_by_body(it, body.as_ref()))?;
    Some(reply(source, handshake, parts, body.as_ref()))
}

fn of_method<'a>(source: &'a Source, parts: &'a Parts) -> impl Iterator<Item = &'a Handshake> {
    source.facts().handshakes.iter().filter(|it| it.method == parts.method.as_str())
}

fn asked_by_head(handshake: &Handshake, parts: &Parts) -> bool {
    match handshake.asked {
        Asked::Method => true,
        Asked::Query(name) => query::has(parts, name),
        Asked::QueryValue(name, value) => query::once(parts, name).is_ok_and(|it| it == value),
        Asked::Header(name) => parts.headers.contains_key(name),
        Asked::HeaderValue(name, value) => parts.headers.get(name).is_some_and(|it| it.as_bytes() == value.as_bytes()),
        Asked::Body(..) | Asked::Number(..) | Asked::Form(..) | Asked::UnsignedBody(_) => false,
    }
}

fn asked_by_form(handshake: &Handshake, body: &[u8]) -> bool {
    matches!(handshake.asked, Asked::Form(name, value) if form::field(body, name).as_deref() == Some(value))
}

fn asked_by_body(handshake: &Handshake, body: Option<&Value>) -> bool {
    let at = |pointer: &str| body.and_then(|it| it.pointer(pointer));
    match handshake.asked {
        Asked::Body(pointer, value) => at(pointer).and_then(Value::as_str) == Some(value),
        Asked::UnsignedBody(pointer) => at(pointer).is_some(),
        Asked::Number(pointer, value) => at(pointer).and_then(Value::as_i64) == Some(value),
        Asked::Method | Asked::Query(_) | Asked::QueryValue(..) | Asked::Header(_) => false,
        Asked::HeaderValue(..) | Asked::Form(..) => false,
    }
}

/// What a handshake must show.
fn shown(source: &Source, handshake: &Handshake, parts: &Parts, now: SystemTime) -> Result<(), Rejection> {
    let allowed = source.allowed();
    let text = |name: &str| query::once(parts, name).unwrap_or_default();
    let (welcome, refusal) = match handshake.shown {
        Shown::Nothing | Shown::Signature | Shown::KnownKey(..) => return Ok(()),
        Shown::HeadProof => return verify::head(source, parts, now).map(drop),
        Shown::VerifyToken(name) => {
            let token = allowed.verify_token.as_deref();
            (token.is_some_and(|it| it.equals(text(name).as_bytes())), Unwelcome::Token)
        }
        Shown::Topic(name) => (allowed.topics.iter().any(|it| *it == text(name)), Unwelcome::Topic),
        Shown::Origin(name) => {
            let origin = parts.headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or_default();
            (allowed.origins.iter().any(|it| it == origin), Unwelcome::Origin)
        }
    };
    if welcome { Ok(()) } else { Err(Rejection::Unwelcome(refusal)) }
}

/// What a handshake is answered. `body` is that of a signed one.
fn reply(source: &Source, handshake: &Handshake, parts: &Parts, body: Option<&Value>) -> Result<Answer, Rejection> {
    let challenge = Rejection::Unwelcome(Unwelcome::Challenge);
    let text = |pointer: &str| body.and_then(|it| it.pointer(pointer)?.as_str()).ok_or(challenge.clone());
    Ok(match handshake.reply {
        Reply::Empty => Answer::empty(),
        Reply::NoContent => Answer::no_content(),
        Reply::Json(json) => Answer::content("application/json", json),
        Reply::QueryChallenge(name, alphabet) => {
            let given = query::once(parts, name).unwrap_or_default();
            if !alphabet.admits(&given) {
                return Err(challenge);
            }
            Answer::reflected(given.into_owned())
        }
        Reply::SameHeader(name, alphabet) => {
            let (name, value) = header_challenge(parts, name, alphabet).ok_or(challenge)?;
            Answer::empty().with_headers([(name, value)])
        }
        Reply::HeaderAsJson(name, field, alphabet) => {
            let (_, value) = header_challenge(parts, name, alphabet).ok_or(challenge)?;
            Answer::json(&json!({ field: value.to_str().unwrap_or_default() }))
        }
        Reply::BodyChallenge(pointer) => Answer::reflected(text(pointer)?.to_owned()),
        Reply::ResponseToken(name) => {
            let given = query::once(parts, name).unwrap_or_default();
            // The code of a delivery is made with the same key: a challenge that could be a body is not signed.
            if !Alphabet::Unreserved.admits(&given) {
                return Err(challenge);
            }
            let code = code(source, &given, Encoding::Base64)?;
            Answer::json(&json!({ "response_token": format!("sha256={code}") }))
        }
        Reply::EncryptedToken => {
            let plain = text("/payload/plainToken")?;
            let encrypted = code(source, plain, Encoding::Hex)?;
            Answer::json(&json!({ "plainToken": plain, "encryptedToken": encrypted }))
        }
        Reply::AllowedOrigin => {
            let Shown::Origin(name) = handshake.shown else { return Err(challenge) };
            let rate = source.allowed().rate.as_deref().and_then(|it| HeaderValue::from_str(it).ok());
            let origin = parts.headers.get(name).cloned().map(|it| (ALLOWED_ORIGIN, it));
            // The origin is one of the configured ones, so nothing of a stranger is echoed.
            Answer::empty().with_headers(origin.into_iter().chain(rate.map(|it| (ALLOWED_RATE, it))))
        }
    })
}

/// The challenge of a header that is there once and in the alphabet of the provider's challenges.
fn header_challenge(parts: &Parts, name: &'static str, alphabet: Alphabet) -> Option<(HeaderName, HeaderValue)> {
    let name = HeaderName::from_static(name);
    let given = once(&parts.headers, &name).ok().filter(|it| alphabet.admits(it))?;
    let given = HeaderValue::from_str(given).ok()?;
    Some((name, given))
}

/// HMAC-SHA256 of a text under the current secret.
fn code(source: &Source, text: &str, encoding: Encoding) -> Result<String, Rejection> {
    let secret = source.secrets().iter().next().unwrap_or_default();
    let key = HashKey::new(Algorithm::HmacSha256, &Secret::new(secret));
    let key = key.ok_or(Rejection::Unwelcome(Unwelcome::Challenge))?;
    Ok(encoding.encode(key.code(&[text.as_bytes()]).bytes()))
}

const ALLOWED_ORIGIN: HeaderName = HeaderName::from_static("webhook-allowed-origin");
const ALLOWED_RATE: HeaderName = HeaderName::from_static("webhook-allowed-rate");
