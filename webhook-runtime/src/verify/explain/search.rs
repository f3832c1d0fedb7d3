//! Tries what could be wrong, first one thing at a time and then two, until a code matches what the head claims.
//!
//! It costs at most some ten thousand computations over at most 64 MiB: a second at the most, for an owner who asks.

use std::borrow::Cow;

use http::request::Parts;

use super::bodies::{Change, Received};
use super::claims::{self, Claim};
use super::frames::{self, Frame};
use super::report::{Fault, Finding};
use super::{keys, urls};
use crate::base::secret::Secret;
use crate::signature::anatomy::Reading;
use crate::signature::hash::{Algorithm, HashKey};
use crate::signature::recipe::{Recipe, Values};
use crate::source::Source;

/// One thing as it is, or otherwise.
pub(super) struct Try<T> {
    pub(super) value: T,
    pub(super) fault: Option<Finding>,
}

impl<T> Try<T> {
    pub(super) fn as_it_is(value: T) -> Self {
        Self { value, fault: None }
    }

    pub(super) fn but(value: T, fault: Finding) -> Self {
        Self { value, fault: Some(fault) }
    }
}

/// What the search found.
pub(super) enum Outcome {
    /// The signature is right once these are put right.
    Found(Vec<Finding>),
    /// Nothing fits. Was everything tried?
    Nothing { whole: bool, looks: Vec<Finding> },
    /// There is nothing in the head that could be a signature.
    NoClaim,
}

/// What can be otherwise.
struct Search<'a> {
    parts: &'a Parts,
    recipe: &'a Recipe,
    claims: Vec<Claim>,
    keys: Vec<Try<Secret>>,
    algorithms: Vec<Try<Algorithm>>,
    frames: Vec<Try<Frame>>,
    urls: Vec<Try<Option<String>>>,
    budget: Budget,
}

/// A choice of each: where in its list.
#[derive(Clone, Copy, Default)]
struct Choice {
    key: usize,
    algorithm: usize,
    frame: usize,
    url: usize,
}

struct Budget {
    computations: usize,
    bytes: usize,
}

impl Budget {
    fn allows(&self, bytes: usize) -> bool {
        self.computations > 0 && self.bytes >= bytes
    }

    fn take(&mut self, bytes: usize) -> bool {
        let left = self.computations.checked_sub(1).zip(self.bytes.checked_sub(bytes));
        let Some((computations, bytes)) = left else { return false };
        (self.computations, self.bytes) = (computations, bytes);
        true
    }
}

/// Looks for what would make the signature of this delivery right.
pub(super) fn search(
    source: &Source,
    recipe: &Recipe,
    reading: Reading,
    others: &[&Source],
    parts: &Parts,
    body: &[u8],
) -> Outcome {
    let claims = claims::of(recipe, &parts.headers);
    if claims.is_empty() {
        return Outcome::NoClaim;
    }
    let mut search = Search {
        algorithms: algorithms(recipe.algorithm, &claims),
        claims,
        keys: keys::of(source, reading, others),
        frames: frames::of(recipe, &parts.headers),
        urls: urls::of(source, parts),
        budget: Budget { computations: MOST_COMPUTATIONS, bytes: MOST_BYTES },
        parts,
        recipe,
    };
    let changes = Change::all();
    let received = Received::new(body);
    match search.one_fault(&received, &changes).or_else(|| search.two_faults(&received, &changes)) {
        Some(found) => Outcome::Found(found),
        None => {
            let whole = search.budget.allows(body.len());
            Outcome::Nothing { whole, looks: claims::looks(recipe, &search.claims).into_iter().collect() }
        }
    }
}

/// The configured hash, and those of which a claim has the length.
fn algorithms(configured: Algorithm, claims: &[Claim]) -> Vec<Try<Algorithm>> {
    let others = ALGORITHMS
        .into_iter()
        .filter(|(it, _, length)| *it != configured && claims.iter().any(|claim| claim.bytes.len() == *length));
    let expected = ALGORITHMS.iter().find(|(it, ..)| *it == configured).map_or("another hash", |(_, name, _)| name);
    let mut algorithms = vec![Try::as_it_is(configured)];
    algorithms.extend(others.map(|(algorithm, name, _)| {
        let what = format!("the signature was made with {name}, where {expected} is expected");
        let remedy = "Switch the sender to the expected hash, or configure the one that it offers.";
        Try::but(algorithm, Finding::new(Fault::Algorithm, what, remedy))
    }));
    algorithms
}

impl Search<'_> {
    /// One thing otherwise; the cheapest and likeliest first.
    fn one_fault(&mut self, received: &Received<'_>, changes: &[Change]) -> Option<Vec<Finding>> {
        let body = received.bytes;
        let own_keys = self.keys.iter().take_while(|it| it.fault.is_none()).count();
        for key in 0..self.keys.len() {
            if let Some(found) = self.matches(Choice { key, ..Choice::default() }, body, None) {
                return Some(found);
            }
        }
        // A retiring secret may be behind any other fault too.
        for key in 0..own_keys.max(1) {
            let as_it_is = Choice { key, ..Choice::default() };
            let others = (1..self.algorithms.len()).map(|algorithm| Choice { algorithm, ..as_it_is });
            let others = others.chain((1..self.urls.len()).map(|url| Choice { url, ..as_it_is }));
            for choice in others.collect::<Vec<_>>() {
                if let Some(found) = self.matches(choice, body, None) {
                    return Some(found);
                }
            }
            for change in changes {
                if !self.budget.allows(body.len()) {
                    return None;
                }
                if let Some(before) = change.undone(received)
                    && let Some(found) = self.matches(as_it_is, &before, Some(*change))
                {
                    return Some(found);
                }
            }
            for frame in 1..self.frames.len() {
                if let Some(found) = self.matches(Choice { frame, ..as_it_is }, body, None) {
                    return Some(found);
                }
            }
        }
        None
    }

    /// Two things otherwise.
    fn two_faults(&mut self, received: &Received<'_>, changes: &[Change]) -> Option<Vec<Finding>> {
        let body = received.bytes;
        let (keys, algorithms, urls) = (self.keys.len(), self.algorithms.len(), self.urls.len().min(MOST_PAIRED));
        let frames = self.frames.len().min(MOST_PAIRED);
        let as_it_is = Choice::default();
        let mut pairs = Vec::new();
        let singles = (1..keys).map(|key| Choice { key, ..as_it_is });
        let singles = singles.chain((1..algorithms).map(|algorithm| Choice { algorithm, ..as_it_is }));
        let singles: Vec<Choice> = singles.chain((1..urls).map(|url| Choice { url, ..as_it_is })).collect();
        for key in 1..keys {
            pairs.extend((1..algorithms).map(|algorithm| Choice { key, algorithm, ..as_it_is }));
            pairs.extend((1..urls).map(|url| Choice { key, url, ..as_it_is }));
        }
        for frame in 1..frames {
            pairs.extend(singles.iter().map(|it| Choice { frame, ..*it }));
        }
        for choice in pairs {
            if let Some(found) = self.matches(choice, body, None) {
                return Some(found);
            }
        }
        let with_frames = (1..frames).map(|frame| Choice { frame, ..as_it_is });
        let singles: Vec<Choice> = singles.iter().copied().chain(with_frames).collect();
        for change in changes.iter().take(MOST_PAIRED) {
            if !self.budget.allows(body.len()) {
                return None;
            }
            let Some(before) = change.undone(received) else { continue };
            for choice in &singles {
                if let Some(found) = self.matches(*choice, &before, Some(*change)) {
                    return Some(found);
                }
            }
        }
        None
    }

    /// Does the choice explain a claim? Then what is otherwise about it.
    fn matches(&mut self, choice: Choice, body: &[u8], change: Option<Change>) -> Option<Vec<Finding>> {
        if !self.budget.take(body.len()) {
            return None;
        }
        let (key, algorithm) = (self.keys.get(choice.key)?, self.algorithms.get(choice.algorithm)?);
        let (frame, url) = (self.frames.get(choice.frame)?, self.urls.get(choice.url)?);
        let values = Values {
            id: &frame.value.id,
            timestamp: &frame.value.timestamp,
            method: self.parts.method.as_str(),
            url: url.value.as_deref(),
            body,
        };
        let text = values.text(&frame.value.pieces).ok()?;
        let text: Vec<&[u8]> = text.iter().map(Cow::as_ref).collect();
        let code = HashKey::new(algorithm.value, &key.value)?.code(&text);
        for claim in &self.claims {
            let cut = code.is_cut_to(&claim.bytes);
            if !cut && !code.equals(&claim.bytes) {
                continue;
            }
            let faults = [&key.fault, &algorithm.fault, &frame.fault, &url.fault].into_iter().flatten().cloned();
            let mut findings: Vec<Finding> = faults.chain(change.map(Change::finding)).collect();
            let written = claim.faults(self.recipe);
            // The label of another hash names it, and is no fault beside it.
            findings.extend(written.into_iter().filter(|it| it.fault() != Fault::Label || algorithm.fault.is_none()));
            findings.extend(cut.then(|| {
                Finding::new(
                    Fault::Truncated,
                    format!("the signature is cut to its first {} of {} bytes", claim.bytes.len(), code.bytes().len()),
                    "Find what shortens the header; a cut signature is never taken, for it is easier to guess.",
                )
            }));
            return Some(findings.into_iter().map(Finding::proven).collect());
        }
        None
    }
}

/// Each with its name and the length of its codes.
pub(super) const ALGORITHMS: [(Algorithm, &str, usize); 5] = [
    (Algorithm::HmacSha1, "HMAC-SHA1", 20),
    (Algorithm::HmacSha256, "HMAC-SHA256", 32),
    (Algorithm::HmacSha384, "HMAC-SHA384", 48),
    (Algorithm::HmacSha512, "HMAC-SHA512", 64),
    (Algorithm::SecretThenSha256, "SHA-256 over the secret and the text", 32),
];
const MOST_COMPUTATIONS: usize = 10_000;
/// A second's work or so.
pub(super) const MOST_BYTES: usize = 64 * 1024 * 1024;
/// Of a long list, so many are tried together with another fault: the likeliest stand first.
const MOST_PAIRED: usize = 60;

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::{Algorithm, Budget, algorithms};
    use crate::signature::recipe::{OVER_BODY, Recipe, SignatureAt};

    #[test]
    fn a_budget_ends_with_its_computations_or_its_bytes() {
        let mut budget = Budget { computations: 2, bytes: 10 };
        assert!(budget.allows(10) && !budget.allows(11) && !budget.take(11));
        assert!(budget.take(4) && budget.allows(6) && !budget.allows(7));
        assert!(budget.take(0) && !budget.allows(0) && !budget.take(0));
    }

    #[test]
    fn another_hash_is_tried_where_a_signature_has_its_length() {
        let recipe = Recipe { signature: SignatureAt::header("x-signature", ""), ..OVER_BODY };
        let check = |bytes: usize, expected: &[Algorithm]| {
            let mut headers = HeaderMap::new();
            headers.insert("x-signature", "ab".repeat(bytes).parse().unwrap());
            let claims = super::claims::of(&recipe, &headers);
            let tried: Vec<_> = algorithms(Algorithm::HmacSha256, &claims).iter().map(|it| it.value).collect();
            assert_eq!(tried, expected, "{bytes}");
        };
        check(20, &[Algorithm::HmacSha256, Algorithm::HmacSha1]);
        check(28, &[Algorithm::HmacSha256]);
        check(64, &[Algorithm::HmacSha256, Algorithm::HmacSha512]);
    }
}
