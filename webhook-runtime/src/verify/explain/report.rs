//! What the owner reads. Texts are our own words, names of headers, URLs without query and password, and times: no
//! value of a header, no byte of a body, no secret and no signature.

use std::fmt;

use crate::base::error::rejection::Cause;

/// Why a delivery was refused, for the owner of the source alone.
///
/// `Display` is a short report: the step, its cause in the words of the log, and what was found, each with what to do.
/// Neither it nor `Debug` holds a secret, a signature or a part of a body; header values are not quoted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    pub(super) source: Box<str>,
    pub(super) refused: Option<Cause>,
    pub(super) findings: Vec<Finding>,
}

impl Explanation {
    /// Does the delivery verify? Then nothing else is to be explained.
    #[must_use]
    pub fn is_verified(&self) -> bool {
        self.refused.is_none()
    }

    /// The step that refused it; none for a delivery that verifies.
    #[must_use]
    pub fn step(&self) -> Option<Step> {
        self.refused.as_ref().map(Step::of)
    }

    /// What that step says, as in the log.
    #[must_use]
    pub fn cause(&self) -> Option<&Cause> {
        self.refused.as_ref()
    }

    /// What is behind it, the likeliest first: what was proven by computing, then what only looks so.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The report in one line, for a log.
    #[must_use]
    pub fn summary(&self) -> String {
        let Some(cause) = &self.refused else { return "the delivery verifies".to_owned() };
        match self.findings.first() {
            Some(first) => format!("{cause}; {}", first.what),
            None => cause.to_string(),
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let source = &self.source;
        let Some(cause) = &self.refused else { return write!(f, "source {source}: the delivery verifies") };
        write!(f, "source {source}, refused at the {}: {cause}", Step::of(cause))?;
        self.findings.iter().try_for_each(|it| write!(f, "\n{it}"))
    }
}

/// The step of verification that refused a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Step {
    /// The source is not set up: it has no usable secret, no URL where its scheme signs one, or no key
    /// where its sender publishes it.
    Configuration,
    /// A header is missing, repeated or malformed.
    Head,
    /// The timestamp is too far from now.
    Timestamp,
    /// The signature or the token does not prove the delivery.
    Proof,
}

impl Step {
    fn of(cause: &Cause) -> Self {
        match cause {
            Cause::MissingHeader(_)
            | Cause::RepeatedHeader(_)
            | Cause::MalformedHeader { .. }
            | Cause::Parameter { .. }
            | Cause::NoSignatureOfScheme { .. } => Self::Head,
            Cause::TimestampOutsideTolerance { .. } | Cause::Expired { .. } => Self::Timestamp,
            Cause::NotCovered(_)
            | Cause::MalformedBody(_)
            | Cause::SignatureMismatch
            | Cause::ForeignUrl
            | Cause::Key(_)
            | Cause::Token(_)
            | Cause::OtherRecipient => Self::Proof,
            Cause::NoUrl | Cause::NoSecret | Cause::KeyNotFetched => Self::Configuration,
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Configuration => "configuration",
            Self::Head => "head",
            Self::Timestamp => "timestamp",
            Self::Proof => "proof",
        })
    }
}

/// One thing that is wrong, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    fault: Fault,
    proven: bool,
    what: String,
    remedy: String,
}

impl Finding {
    /// Something that explains the refusal once the search proves it.
    pub(super) fn new(fault: Fault, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { fault, proven: false, what: what.into(), remedy: remedy.into() }
    }

    /// The same, shown by computing.
    pub(super) fn proven(self) -> Self {
        Self { proven: true, ..self }
    }

    /// What kind of fault it is.
    #[must_use]
    pub fn fault(&self) -> Fault {
        self.fault
    }

    /// Was it shown by computing? The delivery verifies once this, and every other proven finding, is put right.
    /// Otherwise it only looks so.
    #[must_use]
    pub fn is_proven(&self) -> bool {
        self.proven
    }

    /// What is wrong, in a sentence.
    #[must_use]
    pub fn what(&self) -> &str {
        &self.what
    }

    /// What to do, in a sentence.
    #[must_use]
    pub fn remedy(&self) -> &str {
        &self.remedy
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = if self.proven { "proven" } else { "likely" };
        write!(f, "{how}: {}\n        {}", self.what, self.remedy)
    }
}

/// The kinds of faults that are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// The source has no usable secret.
    NoSecret,
    /// The scheme signs the public URL, and none is configured.
    NoUrl,
    /// A header is not there, under no other name either.
    HeaderMissing,
    /// A header is there under another name.
    HeaderRenamed,
    /// A header is there more than once.
    HeaderRepeated,
    /// A header is not what the scheme says.
    HeaderMalformed,
    /// The signature is right and written otherwise: in hex or base64, in upper case, in quotes.
    Encoding,
    /// The signature is right, behind another label or none.
    Label,
    /// The signature is of another version of the scheme.
    Version,
    /// The signature was made with another hash.
    Algorithm,
    /// The signature lacks its end.
    Truncated,
    /// A clock is off, or the delivery is an old one.
    Clock,
    /// The timestamp is in another unit.
    TimestampUnit,
    /// The timestamp or the id is not the one that was signed.
    HeaderAltered,
    /// The delivery is signed for another source, or with its secret.
    OtherSource,
    /// The secret is the right one, read otherwise: as base64, or as the text that it is.
    SecretReading,
    /// The secret is the right one with something around it: a quote, a space, a line end, the name of its variable.
    SecretStray,
    /// The secret is another one.
    SecretOther,
    /// The body was parsed and written again.
    BodyRewritten,
    /// The body is in another encoding: of characters, or around the whole of it.
    BodyEncoding,
    /// White space, a line end or a byte order mark at the edge of the body was added or taken away.
    BodyEdge,
    /// Bytes of the body are missing.
    BodyCut,
    /// The sender called another URL than the configured one.
    Url,
    /// The sender signs other pieces, or in another order.
    SignedText,
    /// Nothing that was tried fits.
    Unknown,
}
