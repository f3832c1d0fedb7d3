//! Why a delivery was refused, for the owner of its source: what verification said, and what is behind it, found by
//! trying what usually goes wrong.
//!
//! 1. **Accepted** is any request, recorded or constructed, with the source that refused it.
//! 2. **Shown** are our own words, names of headers, URLs without query and password, and times.
//! 3. **Never** does an explanation decide anything, reach a sender, or hold a secret, a signature or a part of a body.
//!    A hypothesis that fits is not taken for a proof: the delivery stays refused.
//!
//! No delivery is explained as it arrives, but for what its head shows without a computation: the search costs far
//! more than verification.

use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::request::Parts;

use crate::base::error::rejection::{Cause, Rejection};
use crate::signature::anatomy::Parts as Anatomy;
use crate::signature::{Head, Signature};
use crate::source::Source;

mod bodies;
mod claims;
mod frames;
mod keys;
mod names;
mod report;
mod rewrites;
mod search;
mod tokens;
mod urls;

use bodies::{Change, Received};
pub use report::{Explanation, Fault, Finding, Step};
use search::{MOST_BYTES, Outcome, search};

impl Source {
    /// Explains why a delivery does not verify, to the owner of the source alone: which step refuses it, and the
    /// likely cause.
    ///
    /// The cause is found by trying: the secret read otherwise or without what was copied with it, the body before it
    /// was rewritten or re-encoded, another URL, another hash, another spelling of the signature, headers under another
    /// name. What fits is called proven, and up to two faults are found together.
    ///
    /// `body` must be the bytes as they were received, and `now` the time of the receipt. A source that asks for its
    /// secrets or fetches keys is [resolved](Self::resolve_with_body) first. The search takes up to ten thousand computations over up to 64 MiB:
    /// give it a recorded request, in a tool or a test, and not each delivery as it arrives.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use webhook_runtime::{axum::http::Request, Fault, StandardWebhooks};
    ///
    /// let source = StandardWebhooks::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    /// let (mut parts, ()) = Request::post("/hook").body(())?.into_parts();
    /// parts.headers = source.sign("msg_1", SystemTime::now(), br#"{"paid":true}"#)?;
    ///
    /// let rewritten = "{ \"paid\": true }".into();
    /// let why = source.explain(&parts, &rewritten, SystemTime::now());
    /// assert_eq!(why.findings()[0].fault(), Fault::BodyRewritten);
    /// println!("{why}");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn explain(&self, parts: &Parts, body: &Bytes, now: SystemTime) -> Explanation {
        self.explain_among(&[], parts, body, now)
    }

    /// The same, with other sources of the app that the delivery could belong to, or whose secrets could have been
    /// swapped with this one's.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use webhook_runtime::{axum::http::Request, Fault, Stripe};
    ///
    /// let live = Stripe::new("whsec_5ecr3t0fTh3L1v3Acc0unt");
    /// let test = Stripe::new("whsec_5ecr3t0fTh3T3stAcc0unt");
    /// let (mut parts, ()) = Request::post("/webhooks/stripe").body(())?.into_parts();
    /// parts.headers = test.sign("", SystemTime::now(), b"{}")?;
    ///
    /// let why = live.explain_among(&[&test], &parts, &"{}".into(), SystemTime::now());
    /// assert_eq!(why.findings()[0].fault(), Fault::OtherSource);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn explain_among(&self, others: &[&Self], parts: &Parts, body: &Bytes, now: SystemTime) -> Explanation {
        let refused = match self.verify(parts, body, now) {
            Err(Rejection::Unverified(cause)) => Some(cause),
            Err(Rejection::EncodedBody) => {
                Some(Cause::MalformedBody("has a Content-Encoding that the source does not take"))
            }
            // Nothing else than inflating is left to fail.
            Err(_) => Some(Cause::MalformedBody("cannot be inflated as its Content-Encoding says")),
            Ok(_) => None,
        };
        let delivery = Delivery { source: self, others, parts, body, now };
        let findings = refused.as_ref().map(|cause| delivery.findings(cause)).unwrap_or_default();
        Explanation { source: self.name().into(), refused, findings }
    }

    /// The same with the secrets and keys that this delivery calls for, beside all of `sources` that have another name.
    /// Without its secrets or keys the source says so itself.
    pub(crate) async fn explain_resolved<'a>(
        &'a self,
        sources: impl IntoIterator<Item = &'a Self>,
        parts: &Parts,
        body: &Bytes,
        now: SystemTime,
    ) -> Explanation {
        let resolved = self.resolve_with_body(parts, body, now).await.unwrap_or_else(|_| self.clone());
        resolved.explain_among(&self.without_own(sources), parts, body, now)
    }

    /// Those of `sources` that have another name.
    pub(crate) fn without_own<'a>(&self, sources: impl IntoIterator<Item = &'a Self>) -> Vec<&'a Self> {
        sources.into_iter().filter(|it| it.name() != self.name()).collect()
    }
}

/// What a refusal looks like from the head alone, for a log line: no computation, and no part of a value.
pub(crate) fn hint(source: &Source, cause: &Cause, parts: &Parts, now: SystemTime) -> Option<String> {
    let finding = match cause {
        Cause::TimestampOutsideTolerance { age, tolerance } => Some(names::off(*age, *tolerance, seconds(now))),
        other => names::of_cause(other, source, parts),
    };
    // The others say no more than the cause does.
    let says_more =
        |it: &Finding| matches!(it.fault(), Fault::HeaderRenamed | Fault::HeaderMissing | Fault::TimestampUnit);
    finding.filter(says_more).map(|it| it.what().to_owned())
}

/// A delivery that was refused.
struct Delivery<'a> {
    source: &'a Source,
    others: &'a [&'a Source],
    parts: &'a Parts,
    body: &'a Bytes,
    now: SystemTime,
}

impl Delivery<'_> {
    fn findings(&self, cause: &Cause) -> Vec<Finding> {
        let Some(recipe) = self.source.recipe() else { return vec![no_secret(self.source)] };
        let url = super::signed_url(self.source, self.parts);
        let head = Head::new(self.parts, url.as_deref(), self.now);
        if let Cause::TimestampOutsideTolerance { age, tolerance } = cause {
            let off = names::off(*age, *tolerance, seconds(self.now));
            if recipe.prove(&head, self.body).is_ok() {
                return vec![off.proven()];
            }
            return [self.behind(recipe, &head, cause), vec![off]].concat();
        }
        self.behind(recipe, &head, cause)
    }

    /// What is behind a refusal whose timestamp is not all of it.
    fn behind(&self, recipe: &dyn Signature, head: &Head<'_>, cause: &Cause) -> Vec<Finding> {
        if let Some(other) = self.others.iter().find(|it| it.verify(self.parts, self.body, self.now).is_ok()) {
            return vec![for_another(other).proven()];
        }
        let of_head = names::of_cause(cause, self.source, self.parts);
        let outcome = match recipe.anatomy(head).0 {
            Anatomy::Code { recipe, secrets } if self.source.secrets().iter().next().is_some() => {
                search(self.source, &recipe, secrets, self.others, self.parts, self.body)
            }
            Anatomy::Token { at, tokens } => {
                let found = tokens::findings(at, tokens, self.others, head);
                return vec![found.or(of_head).unwrap_or_else(other_token)];
            }
            // A code whose secrets are not at hand is tried as a whole too.
            Anatomy::Code { .. } | Anatomy::Opaque => self.as_a_whole(recipe, head),
        };
        let (whole, looks) = match outcome {
            // The bytes are right: what the head lacks is all.
            Outcome::Found(found) if found.is_empty() => return of_head.map(Finding::proven).into_iter().collect(),
            Outcome::Found(mut found) => {
                let told = found.iter().any(|it| is_of_head(it.fault()));
                found.extend(of_head.filter(|_| !told));
                return found;
            }
            Outcome::NoClaim => return of_head.into_iter().collect(),
            Outcome::Nothing { whole, looks } => (whole, looks),
        };
        if matches!(cause, Cause::MissingHeader(_) | Cause::NoUrl | Cause::KeyNotFetched | Cause::OtherRecipient) {
            // Without it nothing could fit, and nothing more can be said.
            return of_head.into_iter().collect();
        }
        let mut findings: Vec<Finding> = of_head.into_iter().chain(looks).collect();
        findings.extend(bodies::looks(self.parts, self.body));
        findings.push(unknown(whole));
        findings
    }

    /// Tries a recipe that shows nothing of itself.
    fn as_a_whole(&self, recipe: &dyn Signature, head: &Head<'_>) -> Outcome {
        for url in urls::of(self.source, self.parts) {
            if recipe.prove(&Head::new(self.parts, url.value.as_deref(), self.now), self.body).is_ok() {
                return Outcome::Found(url.fault.map(Finding::proven).into_iter().collect());
            }
        }
        let received = Received::new(self.body);
        let changes = Change::all();
        let tried = MOST_BYTES / self.body.len().max(1);
        for change in changes.iter().take(tried) {
            let before = change.undone(&received);
            if before.is_some_and(|it| recipe.prove(head, &it).is_ok()) {
                return Outcome::Found(vec![change.finding().proven()]);
            }
        }
        Outcome::Nothing { whole: tried >= changes.len(), looks: Vec::new() }
    }
}

/// Does such a fault say why the head was refused?
fn is_of_head(fault: Fault) -> bool {
    use Fault::{Algorithm, Encoding, HeaderRenamed, HeaderRepeated, Label, SignedText, Truncated, Url, Version};
    let told = [HeaderRenamed, HeaderRepeated, Encoding, Label, Version, Algorithm, Truncated, SignedText, Url];
    told.contains(&fault)
}

fn no_secret(source: &Source) -> Finding {
    if source.is_unresolved() {
        return Finding::new(
            Fault::NoSecret,
            "the source asks for its secrets at each delivery, and was not asked yet",
            "Call `source.resolve(&parts).await?`, and explain with the source that it gives.",
        );
    }
    Finding::new(
        Fault::NoSecret,
        "the source has no secret, or one that is malformed",
        "Give it one; in an app the start-up error names the variable and the problem.",
    )
}

fn for_another(other: &Source) -> Finding {
    Finding::new(
        Fault::OtherSource,
        format!("the delivery is one of source {}, and verifies there", other.name()),
        "Enter the URL of that source's route at the sender, or swap the secrets of the two sources back.",
    )
}

fn other_token() -> Finding {
    Finding::new(
        Fault::SecretOther,
        "the token is another one than any that is configured",
        "Copy it from the sender again; after a change keep the retiring one configured beside it for a while.",
    )
}

fn unknown(whole: bool) -> Finding {
    let short = if whole { "" } else { " (of such a long body not everything was tried)" };
    Finding::new(
        Fault::Unknown,
        format!(
            "nothing makes the signature fit{short}: the secret is another one, or the body is not what was signed"
        ),
        "Copy the secret from this very endpoint at the sender again, and record the body where it enters the machine.",
    )
}

fn seconds(now: SystemTime) -> i64 {
    now.duration_since(UNIX_EPOCH).ok().and_then(|it| i64::try_from(it.as_secs()).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests;
