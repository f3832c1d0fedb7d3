//! `send`: a signed delivery to a route, and its answer.

use bytes::Bytes;
use http::{Method, Request, header};

use crate::cli::configured::{cannot_sign, configured, text};
use crate::cli::failure::{ExitCode, Failure};
use crate::cli::http::{Client, Received, url};
use crate::cli::output::Tone;
use crate::cli::sign::id;
use crate::cli::{Call, answer, block_on};
use crate::{Outgoing, Source};

mod curl;
mod set;

pub(super) fn run(call: &Call) -> Result<ExitCode, Failure> {
    let target = text(&call.arguments, "url-to-call").unwrap_or_default();
    url(target)?;
    let source = configured(call, Some(target))?;
    let mut request = changed(call, &source, delivery(call, &source, target)?)?;
    if call.arguments.get_flag("tamper") {
        let body = tampered(request.body());
        *request.body_mut() = body;
    }
    if call.arguments.get_flag("print-curl") {
        call.output.say_all(&curl::command(&request));
        return Ok(ExitCode::Fine);
    }
    let times = call.arguments.get_one::<u32>("repeat").copied().unwrap_or(1);
    block_on(deliver(call, &request, times))
}

/// The delivery that the arguments ask for: the body as it is, or a sample of the source.
pub(super) fn delivery(call: &Call, source: &Source, target: &str) -> Result<Request<Bytes>, Failure> {
    let mut outgoing = Outgoing::new(id(call)?, call.clock.now()).to(target);
    if let Some(event) = text(&call.arguments, "event") {
        outgoing = outgoing.event_type(event);
    }
    if let Some(method) = call.arguments.get_one::<Method>("method") {
        outgoing = outgoing.method(method.clone());
    }
    if let Some(content_type) = text(&call.arguments, "content-type") {
        outgoing = outgoing.content_type(content_type);
    }
    if let Some(file) = text(&call.arguments, "body") {
        outgoing = outgoing.body(call.read(file)?);
    }
    source.outgoing(&outgoing).map_err(|why| cannot_sign(source, why))
}

/// The same with the changes of `--set`, signed again.
fn changed(call: &Call, source: &Source, made: Request<Bytes>) -> Result<Request<Bytes>, Failure> {
    let Some(changes) = call.arguments.get_many::<String>("set") else { return Ok(made) };
    let (parts, body) = made.into_parts();
    let content_type = parts.headers.get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let body = changes.into_iter().try_fold(body, |body, change| set::applied(&body, content_type, change))?;
    source.outgoing_again(&parts, &body, call.clock.now()).map_err(|why| cannot_sign(source, why))
}

/// The body with one bit changed; of an empty one, a byte that was not there.
fn tampered(body: &Bytes) -> Bytes {
    let mut body = body.to_vec();
    match body.len() / 2 {
        _ if body.is_empty() => body.push(b' '),
        middle => body.iter_mut().skip(middle).take(1).for_each(|byte| *byte ^= 1),
    }
    body.into()
}

/// Sends the same request so often. Of answers that are equal the first is shown as a whole.
pub(super) async fn deliver(call: &Call, request: &Request<Bytes>, times: u32) -> Result<ExitCode, Failure> {
    let client = Client::to(request.uri())?;
    let (parts, body) = request.clone().into_parts();
    let mut exit = ExitCode::Fine;
    let mut shown: Option<Received> = None;
    for _ in 0..times {
        let received = client.send(&parts, body.clone()).await?;
        if !received.status.is_success() {
            exit = ExitCode::Failed;
        }
        let is_known = shown.as_ref().is_some_and(|it| it.status == received.status && it.body == received.body);
        if call.json {
            call.output.say(&answer::as_json(&received).to_string());
        } else if is_known {
            let same = format!("{}, the same answer", answer::status(received.status));
            call.output.say(&call.output.painted(Tone::Quiet, same));
        } else {
            call.output.say(&answer::shown(&call.output, &received));
        }
        shown = Some(received);
    }
    Ok(exit)
}
