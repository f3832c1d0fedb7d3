//! Changes a delivery after it was signed, in a place that its proof covers.

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderName, HeaderValue, Request, Uri};

use crate::source::Source;
use crate::testing::app::TestApp;

/// The delivery with one byte changed, so that its source refuses it: the first of these that is refused is the last
/// letter or digit of the body, of the proof in the head, of the query; or else one in the body, where the proof stands
/// in there.
pub(super) async fn change(app: &TestApp, source: &Source, request: Request<Bytes>) -> Request<Bytes> {
    let (parts, body) = request.into_parts();
    let last = body.iter().rposition(u8::is_ascii_alphanumeric);
    let in_body = |at: usize| (parts.clone(), changed(&body, at).into());
    let others = (0..body.len()).rev().filter(|at| body.get(*at).is_some_and(u8::is_ascii_alphanumeric));
    let candidates = last.into_iter().map(in_body).chain(in_head(source, &parts, &body)).chain(others.map(in_body));
    for (parts, body) in candidates {
        if app.is_refused_by(source, &parts, &body).await {
            return Request::from_parts(parts, body);
        }
    }
    panic!("the source `{}` takes whatever it is sent: nothing of a delivery is proven", source.name())
}

fn in_head(source: &Source, parts: &Parts, body: &Bytes) -> Vec<(Parts, Bytes)> {
    let proofs = source.facts().headers.iter().filter_map(|it| HeaderName::from_bytes(it.name.as_bytes()).ok());
    let headers = proofs.filter_map(|name| {
        let value = parts.headers.get(&name)?.as_bytes();
        let value = changed(value, value.iter().rposition(u8::is_ascii_alphanumeric)?);
        let mut parts = parts.clone();
        parts.headers.insert(name, HeaderValue::from_bytes(&value).ok()?);
        Some((parts, body.clone()))
    });
    let uri = parts.uri.to_string().into_bytes();
    let query = parts.uri.query().and(uri.iter().rposition(u8::is_ascii_alphanumeric)).and_then(|at| {
        let mut parts = parts.clone();
        parts.uri = Uri::try_from(changed(&uri, at)).ok()?;
        Some((parts, body.clone()))
    });
    headers.chain(query).collect()
}

/// The bytes with another letter or digit in this place.
fn changed(bytes: &[u8], at: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    if let Some(byte) = bytes.get_mut(at) {
        *byte = match *byte {
            b'0'..=b'8' | b'a'..=b'y' | b'A'..=b'Y' => *byte + 1,
            b'9' => b'0',
            b'z' => b'a',
            _ => b'A',
        };
    }
    bytes
}
