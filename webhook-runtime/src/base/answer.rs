//! What goes back to the sender, and the one table of every status that this crate answers by itself.
//!
//! | status | when |
//! | --- | --- |
//! | 400 | the body is not what its content type or its encoding says, or its framing is wrong |
//! | 401 | the signature does not prove the sender; one text for every cause |
//! | 403 | a handshake with another token than the configured one |
//! | 404, 405 | no endpoint has the path; it does not take the method (`Allow` names what it takes) |
//! | 408, 413 | the body is too slow; it is over the limit, as it was sent or inflated |
//! | 415 | a content type or a content encoding that the endpoint does not take |
//! | 422 | JSON that is not the payload, with every violation |
//! | 431 | the head of the request is too large |
//! | 500 | the handler panicked, or its answer broke off |
//! | 503 | a copy still runs, the time limit, a full store, a key that cannot be fetched; always with `Retry-After` |

use std::sync::LazyLock;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use problem_details::{ProblemDetails, ProblemType};
use serde::Serialize;

use crate::base::error::failure::Failure;
use crate::base::error::rejection::{Rejection, Unwelcome, Violation};

/// A complete response.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    /// A 200 with this content.
    pub(crate) fn content(content_type: &'static str, body: impl Into<Bytes>) -> Self {
        Self::of(StatusCode::OK, HeaderValue::from_static(content_type), body.into())
    }

    /// A 200 without content.
    pub(crate) fn empty() -> Self {
        Self { status: StatusCode::OK, headers: HeaderMap::new(), body: Bytes::new() }
    }

    /// A 304: the asker has it.
    #[cfg_attr(not(feature = "docs-ui"), allow(dead_code, reason = "only the page is kept by browsers"))]
    pub(crate) fn not_modified() -> Self {
        Self { status: StatusCode::NOT_MODIFIED, ..Self::empty() }
    }

    /// A 204.
    pub(crate) fn no_content() -> Self {
        Self { status: StatusCode::NO_CONTENT, ..Self::empty() }
    }

    /// A 200 with this content in place of a success without any; its other headers stay.
    pub(crate) fn filled(mut self, content_type: &'static str, body: &'static str) -> Self {
        self.headers.remove(header::CONTENT_TYPE);
        self.headers.remove(header::CONTENT_LENGTH);
        let headers = std::mem::take(&mut self.headers);
        let mut filled = Self::content(content_type, body);
        filled.headers.extend(headers);
        filled
    }

    /// A 200 with this JSON.
    pub(crate) fn json(json: &serde_json::Value) -> Self {
        Self::content("application/json", json.to_string())
    }

    /// A 200 with a text that a stranger sent: no browser may take it for a page.
    pub(crate) fn reflected(text: String) -> Self {
        Self::content("text/plain; charset=utf-8", text)
            .with(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
            .with(header::CONTENT_SECURITY_POLICY, "sandbox")
    }

    pub(crate) fn with_headers(mut self, headers: impl IntoIterator<Item = (HeaderName, HeaderValue)>) -> Self {
        self.headers.extend(headers);
        self
    }

    /// The 401 of a delivery that could not be verified, to its developer: with what is known of the cause.
    pub(crate) fn explained(explanation: &serde_json::Value) -> Self {
        #[derive(Serialize)]
        struct Explained<'a> {
            explanation: &'a serde_json::Value,
        }
        document(StatusCode::UNAUTHORIZED, UNVERIFIED, Explained { explanation })
    }

    /// An answer that was kept. A status that is none is a store's fault, and answered as one.
    pub(crate) fn kept(status: u16, header: Option<(HeaderName, HeaderValue)>, body: Bytes) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self { status, headers: header.into_iter().collect(), body }
    }

    fn of(status: StatusCode, content_type: HeaderValue, body: Bytes) -> Self {
        let mut headers = HeaderMap::with_capacity(2);
        headers.insert(header::CONTENT_TYPE, content_type);
        Self { status, headers, body }
    }

    fn with(mut self, name: header::HeaderName, value: &'static str) -> Self {
        self.headers.insert(name, HeaderValue::from_static(value));
        self
    }
}

/// The table for senders: what each rejection says in public.
impl From<&Rejection> for Answer {
    fn from(rejection: &Rejection) -> Self {
        match rejection {
            Rejection::NotFound => problem(StatusCode::NOT_FOUND, "No endpoint has this path."),
            Rejection::MethodNotAllowed { allow } => {
                let mut answer = problem(StatusCode::METHOD_NOT_ALLOWED, "The endpoint does not take this method.");
                // Names of methods are always a header's value.
                if let Ok(allow) = HeaderValue::from_str(&allow.join(", ")) {
                    answer.headers.insert(header::ALLOW, allow);
                }
                answer
            }
            Rejection::Unverified(_) => of_problem(StatusCode::UNAUTHORIZED, UNVERIFIED_BODY.clone()),
            Rejection::Unwelcome(why) => unwelcome(*why),
            Rejection::EncodedBody => problem(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "A body with a Content-Encoding is not taken: send it as it was signed.",
            ),
            Rejection::BodyTooLarge { limit } => {
                problem(StatusCode::PAYLOAD_TOO_LARGE, &format!("The body is longer than {limit} bytes."))
            }
            Rejection::BodyTooSlow { .. } => problem(StatusCode::REQUEST_TIMEOUT, "The body did not arrive in time.")
                .with(header::CONNECTION, "close"),
            Rejection::BodyBroken => problem(StatusCode::BAD_REQUEST, "The body broke off before its end."),
            Rejection::ContentType { expected } => {
                problem(StatusCode::UNSUPPORTED_MEDIA_TYPE, &format!("The endpoint takes {expected}."))
            }
            Rejection::NotJson { line, column } => problem(
                StatusCode::BAD_REQUEST,
                &format!("The body is not JSON: it breaks at line {line}, column {column}."),
            ),
            Rejection::Malformed(what) => problem(StatusCode::BAD_REQUEST, &format!("The body {what}.")),
            Rejection::Mismatch(violations) => mismatch(violations),
            Rejection::StillRunning => {
                problem(StatusCode::SERVICE_UNAVAILABLE, "A copy of this delivery is still running. Try again later.")
                    .with(header::RETRY_AFTER, RETRY_SOON)
            }
            Rejection::StoreFull
            | Rejection::StoreUnavailable
            | Rejection::SecretsUnavailable(_)
            | Rejection::KeyUnavailable(_) => {
                problem(StatusCode::SERVICE_UNAVAILABLE, "The delivery cannot be taken now. Try again later.")
                    .with(header::RETRY_AFTER, RETRY_LATER)
            }
        }
    }
}

fn unwelcome(why: Unwelcome) -> Answer {
    match why {
        Unwelcome::Token => problem(StatusCode::FORBIDDEN, "The token is not the expected one."),
        Unwelcome::Topic => problem(StatusCode::NOT_FOUND, "The topic was not subscribed to."),
        Unwelcome::Origin => {
            problem(StatusCode::METHOD_NOT_ALLOWED, "The origin is not allowed.").with(header::ALLOW, "POST")
        }
        Unwelcome::Challenge => problem(StatusCode::BAD_REQUEST, "The challenge is none of the provider's."),
    }
}

/// The table for handlers that gave no answer.
impl From<&Failure> for Answer {
    fn from(failure: &Failure) -> Self {
        match failure {
            Failure::TimedOut => {
                problem(StatusCode::SERVICE_UNAVAILABLE, "The delivery took too long. Try again later.")
                    .with(header::RETRY_AFTER, RETRY_LATER)
            }
            Failure::Panicked | Failure::AnswerBroken => {
                problem(StatusCode::INTERNAL_SERVER_ERROR, "The delivery could not be processed.")
            }
        }
    }
}

/// A request whose framing this server refuses, though its parser would have let it pass.
pub(crate) fn misframed(detail: &'static str) -> Answer {
    problem(StatusCode::BAD_REQUEST, detail).with(header::CONNECTION, "close")
}

/// A request whose head is over the limit of the server.
pub(crate) fn head_too_large(detail: &'static str) -> Answer {
    problem(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, detail).with(header::CONNECTION, "close")
}

impl Answer {
    pub(crate) fn into_response<B: From<Bytes>>(self) -> http::Response<B> {
        let mut response = http::Response::new(B::from(self.body));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }
}

/// Did the handler succeed? Anything but 2xx releases the claim.
pub(crate) fn succeeded(status: StatusCode) -> bool {
    status.is_success()
}

/// The status of a handler that leaves it to the `status_code` of its `#[webhook]`.
pub(crate) const UNTOUCHED: StatusCode = StatusCode::OK;

/// The document of a 401, made once: a stranger chooses how often it is sent.
static UNVERIFIED_BODY: LazyLock<Bytes> = LazyLock::new(|| problem(StatusCode::UNAUTHORIZED, UNVERIFIED).body);

fn problem(status: StatusCode, detail: &str) -> Answer {
    document(status, detail, ())
}

fn mismatch(violations: &[Violation]) -> Answer {
    #[derive(Serialize)]
    struct Errors<'a> {
        errors: &'a [Violation],
    }
    document(
        StatusCode::UNPROCESSABLE_ENTITY,
        "The body is not the payload that the endpoint takes.",
        Errors { errors: violations },
    )
}

/// An RFC 9457 problem document.
fn document<E: Serialize>(status: StatusCode, detail: &str, extensions: E) -> Answer {
    let document = ProblemDetails::from_status_code(status)
        .with_type(ProblemType::default())
        .with_detail(detail)
        .with_extensions(extensions);
    // Strings and numbers always serialise; an empty body would still carry the status.
    let body = serde_json::to_vec(&document).unwrap_or_default();
    of_problem(status, body.into())
}

fn of_problem(status: StatusCode, body: Bytes) -> Answer {
    const PROBLEM: HeaderValue = HeaderValue::from_static("application/problem+json");
    Answer::of(status, PROBLEM, body)
}

/// The one text for every cause.
const UNVERIFIED: &str = "The signature of the delivery could not be verified.";

/// Seconds until a copy is worth sending again.
const RETRY_SOON: &str = "5";
/// Seconds until pressure may have eased.
const RETRY_LATER: &str = "30";

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Answer, Rejection};
    use crate::base::error::rejection::{Cause, Violation};

    fn check(rejection: &Rejection, expected: &Value) {
        let answer = Answer::from(rejection);
        let body: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(&body, expected);
    }

    #[test]
    fn a_problem_document_has_the_members_of_rfc_9457() {
        check(
            &Rejection::NotFound,
            &json!({"type": "about:blank", "title": "Not Found", "status": 404, "detail": "No endpoint has this path."}),
        );
    }

    #[test]
    fn every_cause_of_a_401_has_one_answer() {
        let one = Answer::from(&Rejection::Unverified(Cause::SignatureMismatch));
        let other =
            Answer::from(&Rejection::Unverified(Cause::MissingHeader(http::HeaderName::from_static("webhook-id"))));
        assert_eq!((one.status, one.headers, one.body), (other.status, other.headers, other.body));
    }

    #[test]
    fn a_mismatch_lists_every_violation() {
        let violations = vec![Violation { pointer: "/a".into(), detail: "expected a number".into() }];
        check(
            &Rejection::Mismatch(violations),
            &json!({
                "type": "about:blank", "title": "Unprocessable Entity", "status": 422,
                "detail": "The body is not the payload that the endpoint takes.",
                "errors": [{"pointer": "/a", "detail": "expected a number"}]
            }),
        );
    }
}
