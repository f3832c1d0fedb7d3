//! `listen`: a receiver on this machine that shows what arrives, and why it verifies or not.
//!
//! Bytes are kept and passed on as they came. What is shown of a request are its method, its path, its content type and
//! its body; no header, and no query, where senders put tokens.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::request::Parts;
use http::{Uri, header};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::cli::answer;
use crate::cli::configured::{configured, text};
use crate::cli::failure::{ExitCode, Failure};
use crate::cli::forward::{bad_gateway, forward};
use crate::cli::http::{Client, MOST_BYTES, shown, url};
use crate::cli::output::{Tone, plain};
use crate::cli::recordings::Folder;
use crate::cli::verdict::{Verdict, judge};
use crate::cli::{Call, block_on};
use crate::{Recording, Rejection, Source, serve_until};

pub(super) fn run(call: Arc<Call>) -> Result<ExitCode, Failure> {
    let source = configured(&call, None)?;
    let forward = text(&call.arguments, "forward").map(url).transpose()?;
    let address = text(&call.arguments, "addr").unwrap_or_default().to_owned();
    let listener = Listener {
        source,
        folder: text(&call.arguments, "record").map(Folder::open).transpose()?,
        forward: forward.map(|uri| Ok((Client::to(&uri)?, uri))).transpose()?,
        left: call.arguments.get_one::<u64>("count").copied().map(AtomicU64::new),
        enough: CancellationToken::new(),
        call,
    };
    block_on(serve(&address, Arc::new(listener)))
}

/// What every request is received with.
struct Listener {
    source: Source,
    /// Where deliveries are kept.
    folder: Option<Folder>,
    forward: Option<(Client, Uri)>,
    /// How many requests are still to come, where that is known.
    left: Option<AtomicU64>,
    enough: CancellationToken,
    call: Arc<Call>,
}

async fn serve(address: &str, listener: Arc<Listener>) -> Result<ExitCode, Failure> {
    let failed = |said: std::io::Error| Failure::unreachable(format!("could not listen on {address}: {said}"));
    let socket = TcpListener::bind(address).await.map_err(failed)?;
    let url = format!("http://{}/", socket.local_addr().map_err(failed)?);
    let (output, name) = (&listener.call.output, listener.source.name());
    if listener.call.json {
        output.say(&json!({ "listening": url, "source": name }).to_string());
    } else {
        output.say(&format!("listening on {url} for deliveries of {name}; Ctrl-C ends it"));
    }
    let router = Router::new().fallback(receive).with_state(Arc::clone(&listener));
    let ended = serve_until(socket, router, listener.enough.clone().cancelled_owned()).await;
    ended.map(|()| ExitCode::Fine).map_err(|error| Failure::unreachable(error.to_string()))
}

async fn receive(State(listener): State<Arc<Listener>>, request: Request) -> Response {
    let answer = listener.receive(request).await;
    if listener.left.as_ref().is_some_and(|it| it.fetch_sub(1, Ordering::SeqCst) <= 1) {
        listener.enough.cancel();
    }
    answer
}

impl Listener {
    async fn receive(&self, request: Request) -> Response {
        let (parts, body) = request.into_parts();
        let Ok(body) = to_bytes(body, MOST_BYTES).await else {
            self.tell_of_no_body(&parts);
            return (&Rejection::BodyTooLarge { limit: MOST_BYTES }).into_response();
        };
        let now = self.call.clock.now();
        let kept = self.folder.as_ref().map(|folder| {
            let recording = Recording::new(self.source.name(), now, parts.clone(), body.clone());
            folder.add(&recording).map(|path| path.to_string_lossy().into_owned()).map_err(|failure| failure.text)
        });
        let verdict = judge(&self.source, &parts, &body, now).await;
        let (shown, json) = (verdict.shown(&self.call.output), verdict.as_json());
        let told = Told { now, parts: &parts, body: &body, shown, json, kept };
        let answered = match &self.forward {
            None => Ok(self.answer(verdict)),
            Some((client, target)) => forward(client, target, &parts, body.clone()).await,
        };
        self.tell(told, &answered);
        answered.unwrap_or_else(|_| bad_gateway())
    }

    /// What the sender expects.
    fn answer(&self, verdict: Verdict) -> Response {
        match verdict {
            Verdict::Verified => self.source.acknowledgement(),
            Verdict::Handshake(answer) => *answer,
            Verdict::Refused(rejection, _) | Verdict::Unknown(rejection) => (&rejection).into_response(),
        }
    }

    /// Shows a request whose body did not come whole.
    fn tell_of_no_body(&self, parts: &Parts) {
        let (method, path) = (parts.method.as_str(), parts.uri.path());
        let what = "the body broke off, or is over 10 MiB";
        self.call.output.say(&match self.call.json {
            true => json!({ "method": method, "path": path, "verdict": "unknown", "cause": what }).to_string(),
            false => format!("{method} {}: {what}", plain(path)),
        });
    }

    /// Shows one request, at once, so that two that come together do not mix.
    fn tell(&self, told: Told<'_>, answered: &Result<Response, Failure>) {
        let Told { now, parts, body, shown, json, kept } = told;
        let output = &self.call.output;
        let time = humantime::format_rfc3339_seconds(now).to_string();
        let content_type = parts.headers.get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
        if self.call.json {
            let mut line = json!({
                "time": time,
                "method": parts.method.as_str(),
                "path": parts.uri.path(),
                "content_type": content_type,
                "bytes": body.len(),
                "recorded": kept.as_ref().and_then(|it| it.as_ref().ok()),
                "not_recorded": kept.as_ref().and_then(|it| it.as_ref().err()),
                "answered": answered.as_ref().ok().map(|it| it.status().as_u16()),
            });
            if let (Value::Object(line), Value::Object(verdict)) = (&mut line, json) {
                line.extend(verdict);
            }
            return output.say(&line.to_string());
        }
        let head = format!("{} {}", parts.method, plain(parts.uri.path()));
        let about = output.painted(Tone::Quiet, format!("{time}  {}  {} bytes", plain(content_type), body.len()));
        let mut lines = vec![format!("\n{}  {about}", output.painted(Tone::Title, head)), shown];
        lines.extend(answer::body(output, body));
        lines.extend(kept.map(|kept| match kept {
            Ok(file) => output.painted(Tone::Quiet, format!("→ recorded as {}", plain(&file))),
            Err(failure) => output.painted(Tone::Bad, format!("→ not recorded: {}", plain(&failure))),
        }));
        lines.push(match (answered, &self.forward) {
            (Ok(answer), None) => format!("→ answered {}", answer::status(answer.status())),
            (Ok(answer), Some((_, target))) => {
                format!("→ {} answered {}", self::shown(target), answer::status(answer.status()))
            }
            (Err(failure), _) => output.painted(Tone::Bad, format!("→ not passed on: {}", plain(&failure.text))),
        });
        output.say(&lines.join("\n"));
    }
}

/// A request, as it is told of.
struct Told<'a> {
    now: SystemTime,
    parts: &'a Parts,
    body: &'a Bytes,
    shown: String,
    json: Value,
    /// Its file, or why there is none; nothing where nothing is recorded.
    kept: Option<Result<String, String>>,
}
