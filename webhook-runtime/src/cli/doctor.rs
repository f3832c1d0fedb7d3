//! `doctor`: a route as its sender meets it, a line a check.

use std::time::SystemTime;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Uri, header};
use serde_json::{Value, json};

use crate::Source;
use crate::cli::configured::{configured, text};
use crate::cli::failure::{ExitCode, Failure};
use crate::cli::http::{Client, Received, shown, url};
use crate::cli::output::{Output, Tone, plain};
use crate::cli::{Call, answer, block_on, send};

pub(super) fn run(call: &Call) -> Result<ExitCode, Failure> {
    let target = text(&call.arguments, "url-to-call").unwrap_or_default();
    let uri = url(target)?;
    let source = configured(call, Some(target))?;
    // Made before anything is sent, so that a source that cannot sign is told first.
    let probe = send::delivery(call, &source, target)?;
    let checks = block_on(examine(call, &source, &uri, probe))?;
    if call.json {
        let checks: Vec<Value> = checks.iter().map(Check::as_json).collect();
        call.output.say(&json!({ "url": shown(&uri), "checks": checks }).to_string());
    } else {
        let lines: Vec<String> = checks.iter().map(|it| it.shown(&call.output)).collect();
        call.output.say(&lines.join("\n"));
    }
    let unreached = checks.iter().any(|it| it.name == REACHABLE && it.found == Found::Bad);
    let failed = checks.iter().any(|it| it.found == Found::Bad);
    Ok(match (unreached, failed) {
        (true, _) => ExitCode::Unreachable,
        (_, true) => ExitCode::Failed,
        _ => ExitCode::Fine,
    })
}

/// One thing that was looked at.
struct Check {
    name: &'static str,
    found: Found,
    what: String,
    /// What to do about it.
    remedy: &'static str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    Good,
    /// Not as it should be, or not to be seen, and no failure.
    Doubtful,
    Bad,
}

/// The checks in their order. What needs the one before it is left out where that failed.
async fn examine(call: &Call, source: &Source, uri: &Uri, probe: Request<Bytes>) -> Result<Vec<Check>, Failure> {
    let client = Client::to(uri)?;
    let (signed, signed_body) = probe.into_parts();
    let mut unsigned = signed.clone();
    unsigned.uri = uri.clone();
    unsigned.headers = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))].into_iter().collect();
    let before = call.clock.now();
    let refused = match client.send(&unsigned, Bytes::from_static(b"{}")).await {
        Ok(answer) => answer,
        Err(failure) => {
            return Ok(vec![Check::bad(
                REACHABLE,
                failure.text,
                "Start the app, and look at host and port of the URL.",
            )]);
        }
    };
    let after = call.clock.now();
    let mut checks = vec![Check::good(REACHABLE, format!("{} answers", shown(uri)))];
    checks.push(clock(&refused.headers, before, after));
    let mounted = route(&signed.method, &refused);
    let is_mounted = mounted.found == Found::Good;
    checks.push(mounted);
    if !is_mounted {
        return Ok(checks);
    }
    checks.push(unsigned_is_refused(&refused));
    checks.push(match client.send(&signed, signed_body).await {
        Ok(answer) => signed_is_taken(source, &answer),
        Err(failure) => Check::bad(SIGNED, failure.text, "Look into the log of the app."),
    });
    Ok(checks)
}

fn route(method: &Method, answer: &Received) -> Check {
    let status = answer::status(answer.status);
    match answer.status.as_u16() {
        404 | 410 => Check::bad(
            ROUTE,
            format!("nothing is mounted at this path: {status}"),
            "The default source has a route for each event type, /webhooks/<event type>; another one /webhooks/<name>.",
        ),
        405 => Check::bad(
            ROUTE,
            format!("the path takes no {method}: {status}"),
            "Look at the path, or name the method by --method.",
        ),
        300..=399 => Check::bad(
            ROUTE,
            format!("the route redirects: {status}"),
            "Senders follow no redirect. Give them the URL behind it, with its scheme and its slash.",
        ),
        502..=504 => Check::bad(
            ROUTE,
            format!("a proxy answers in the place of the app: {status}"),
            "Look whether the app runs, and where the proxy sends the path to.",
        ),
        _ => Check::good(ROUTE, format!("the path takes a {method}")),
    }
}

fn unsigned_is_refused(answer: &Received) -> Check {
    let status = answer::status(answer.status);
    match answer.status.as_u16() {
        401 => Check::good(UNSIGNED, format!("an unsigned delivery is refused: {status}")),
        200..=299 => Check::bad(
            UNSIGNED,
            format!("an unsigned delivery is taken: {status}"),
            "Nothing is verified here. Serve the route by webhook-runtime, or wrap it in a VerifyLayer.",
        ),
        _ => Check::bad(
            UNSIGNED,
            format!("an unsigned delivery gets {status} where 401 is due"),
            "Something else than verification answered: a proxy, a limit, or a handler that parses first.",
        ),
    }
}

fn signed_is_taken(source: &Source, answer: &Received) -> Check {
    let status = answer::status(answer.status);
    let told = |what: String, remedy| Check::bad(SIGNED, what, remedy);
    match answer.status.as_u16() {
        200..=299 => Check::good(SIGNED, format!("a delivery of {} is taken: {status}", source.name())),
        401 => told(
            format!("a signed delivery is refused: {status}"),
            "The app has another secret, source or public URL than this command. Compare them; `webhook listen \
             --forward` says which.",
        ),
        400 | 415 | 422 => told(
            format!("the signature fits and the payload does not: {status}"),
            "Name the event by --event, or give a body that the handler takes by --body.",
        ),
        404 => told(format!("no handler takes the event: {status}"), "Name an event that has one by --event."),
        500..=599 => told(format!("the app failed: {status}"), "Look into the log of the app."),
        _ => told(format!("the answer is {status}"), "Look into the log of the app, and at what stands before it."),
    }
}

/// The clock of the server, by the header `Date`, which has no fractions.
fn clock(headers: &HeaderMap, before: SystemTime, after: SystemTime) -> Check {
    let date = headers.get(header::DATE).and_then(|it| httpdate::parse_http_date(it.to_str().ok()?).ok());
    let Some(date) = date else {
        return Check { name: CLOCK, found: Found::Doubtful, what: "the answer has no Date".into(), remedy: NO_DATE };
    };
    let late = date.duration_since(after).unwrap_or_default();
    let early = before.duration_since(date).unwrap_or_default();
    let (off, direction) = if late > early { (late, "ahead of") } else { (early, "behind") };
    let seconds = off.as_secs();
    let (found, what) = match seconds {
        0..=2 => return Check::good(CLOCK, "the clocks agree".to_owned()),
        3..60 => (Found::Doubtful, format!("the server is {seconds} s {direction} this machine")),
        _ => (Found::Bad, format!("the server is {seconds} s {direction} this machine")),
    };
    Check { name: CLOCK, found, what, remedy: "Synchronise both by NTP: a signed time may be five minutes off in all." }
}

impl Check {
    fn good(name: &'static str, what: String) -> Self {
        Self { name, found: Found::Good, what, remedy: "" }
    }

    fn bad(name: &'static str, what: String, remedy: &'static str) -> Self {
        Self { name, found: Found::Bad, what, remedy }
    }

    fn shown(&self, output: &Output) -> String {
        let (tone, mark) = match self.found {
            Found::Good => (Tone::Good, "ok  "),
            Found::Doubtful => (Tone::Doubtful, "look"),
            Found::Bad => (Tone::Bad, "fail"),
        };
        let line = format!("{} {:<9} {}", output.painted(tone, mark), self.name, plain(&self.what));
        if self.remedy.is_empty() { line } else { format!("{line}\n               {}", self.remedy) }
    }

    fn as_json(&self) -> Value {
        let found = match self.found {
            Found::Good => "ok",
            Found::Doubtful => "look",
            Found::Bad => "fail",
        };
        json!({ "check": self.name, "found": found, "what": self.what, "remedy": self.remedy })
    }
}

const REACHABLE: &str = "reachable";
const CLOCK: &str = "clock";
const ROUTE: &str = "route";
const UNSIGNED: &str = "unsigned";
const SIGNED: &str = "signed";
const NO_DATE: &str = "The clock of the server could not be compared.";
