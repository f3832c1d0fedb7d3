//! What a source makes of a request: verified, a handshake, or refused and why.

use std::time::SystemTime;

use axum::response::Response;
use bytes::Bytes;
use http::request::Parts;
use serde_json::{Value, json};

use crate::cli::output::{Output, Tone, plain};
use crate::{Explanation, Rejection, Source};

/// What a source makes of a request.
pub(super) enum Verdict {
    Verified,
    /// With what it is answered.
    Handshake(Box<Response>),
    Refused(Rejection, Explanation),
    /// Nothing can be said: a key could not be fetched.
    Unknown(Rejection),
}

/// Judges a request that is there as a whole. Keys that the sender publishes are fetched.
pub(super) async fn judge(source: &Source, parts: &Parts, body: &Bytes, now: SystemTime) -> Verdict {
    let resolved = match source.resolve_with_body(parts, body, now).await {
        Ok(resolved) => resolved,
        // A handshake of an unsigned kind has no signature in its head either.
        Err(Rejection::Unverified(_)) => source.clone(),
        Err(unavailable) => return Verdict::Unknown(unavailable),
    };
    if let Some(answer) = resolved.handshake(parts, body, now) {
        return Verdict::Handshake(Box::new(answer));
    }
    match resolved.verify(parts, body, now) {
        Ok(_) => Verdict::Verified,
        Err(rejection) => Verdict::Refused(rejection, resolved.explain(parts, body, now)),
    }
}

impl Verdict {
    /// For people: a word, and below it what is wrong and what to do.
    pub(super) fn shown(&self, output: &Output) -> String {
        match self {
            Self::Verified => output.painted(Tone::Good, "verified"),
            Self::Handshake(_) => output.painted(Tone::Good, "handshake"),
            Self::Unknown(rejection) => output.painted(Tone::Doubtful, format!("not verified: {rejection}")),
            Self::Refused(rejection, explanation) => {
                let mut lines = vec![output.painted(Tone::Bad, format!("refused: {}", plain(&rejection.to_string())))];
                for finding in explanation.findings() {
                    let how = if finding.is_proven() { "proven" } else { "likely" };
                    lines.push(format!("  {}: {}", output.painted(Tone::Title, how), plain(finding.what())));
                    lines.push(format!("          {}", plain(finding.remedy())));
                }
                lines.join("\n")
            }
        }
    }

    /// The same for programs.
    pub(super) fn as_json(&self) -> Value {
        match self {
            Self::Verified => json!({ "verdict": "verified" }),
            Self::Handshake(_) => json!({ "verdict": "handshake" }),
            Self::Unknown(rejection) => json!({ "verdict": "unknown", "cause": rejection.to_string() }),
            Self::Refused(rejection, explanation) => {
                let findings = explanation.findings().iter().map(|it| {
                    json!({
                        "fault": format!("{:?}", it.fault()),
                        "proven": it.is_proven(),
                        "what": it.what(),
                        "remedy": it.remedy(),
                    })
                });
                json!({
                    "verdict": "refused",
                    "step": explanation.step().map(|it| it.to_string()),
                    "cause": rejection.to_string(),
                    "findings": findings.collect::<Vec<_>>(),
                })
            }
        }
    }
}
