//! Encoded bodies, of sources that take them.

use std::io::Write;
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use http::Request;
use http::header::CONTENT_TYPE;
use tokio_stream::StreamExt;
use webhook_runtime::{Event, FixedClock, HmacSource, SignedBytes, Source, VerifyLayer, webhook};

use super::multipart::raw;
use super::{Seen, app, take};
use crate::support::{NOW, send};

#[webhook("*", source = "subject")]
pub(crate) async fn json(State(seen): State<Seen>, event: Event<serde_json::Value>) {
    let encoding = event.headers().get("content-encoding").map(str::to_owned);
    seen.lock().unwrap().push(format!("{} {} {encoding:?}", event.payload, event.body().len()));
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn hmac() -> Source {
    HmacSource::new("x-signature", "a long random key").into()
}

/// A delivery in these encodings, signed over these bytes.
fn encoded(encodings: &[&str], body: &[u8], signed: &[u8]) -> Request<Body> {
    let at = SystemTime::UNIX_EPOCH + Duration::from_secs(NOW);
    let mut request = Request::post("/webhooks/subject").header(CONTENT_TYPE, "application/json");
    for encoding in encodings {
        request = request.header("content-encoding", *encoding);
    }
    let mut request = request.header("content-length", body.len()).body(Body::from(body.to_vec())).unwrap();
    request.headers_mut().extend(hmac().sign("", at, signed).unwrap());
    request
}

const TEXT: &[u8] = br#"{"a":1}"#;

#[tokio::test]
async fn an_encoded_body_is_taken_where_its_source_says_which_bytes_are_signed() {
    for (signed, coding, body) in [
        (SignedBytes::Encoded, "gzip", gzip(TEXT)),
        (SignedBytes::Encoded, "deflate", deflate(TEXT)),
        (SignedBytes::Decoded, "GZIP", gzip(TEXT)),
        (SignedBytes::Decoded, "deflate", deflate(TEXT)),
        (SignedBytes::Encoded, "identity", TEXT.to_vec()),
    ] {
        let (right, wrong) = match signed {
            SignedBytes::Encoded => (body.as_slice(), TEXT),
            SignedBytes::Decoded => (TEXT, body.as_slice()),
        };
        let (router, seen) = app(hmac().accept_encoding(signed), |it| it.register(json));
        let encoding = if coding == "identity" { "Some(\"identity\")" } else { "None" };
        assert_eq!(send(&router, encoded(&[coding], &body, right)).await.status, 200, "{signed:?} {coding}");
        assert_eq!(take(&seen), [format!("{{\"a\":1}} 7 {encoding}")], "{signed:?} {coding}");
        if coding != "identity" {
            assert_eq!(send(&router, encoded(&[coding], &body, wrong)).await.status, 401, "{signed:?} {coding}");
            assert!(take(&seen).is_empty());
        }
    }
}

/// A header is not signed: who takes it off a captured delivery has the same bytes proven again.
#[tokio::test]
async fn a_copy_without_its_encoding_is_still_a_copy() {
    let own = HmacSource::new("x-signature", "a long random key").event_type_header("x-event").bodies_never_repeat();
    let (router, seen) = app(Source::from(own).accept_encoding(SignedBytes::Encoded), |it| it.register(raw));
    let body = gzip(TEXT);
    for encodings in [&["gzip"][..], &[], &["identity"]] {
        let mut request = encoded(encodings, &body, &body);
        request.headers_mut().insert("x-event", "any".parse().unwrap());
        assert_eq!(send(&router, request).await.status, 200, "{encodings:?}");
    }
    assert_eq!(take(&seen), ["7 bytes"]);
}

#[tokio::test]
async fn other_encodings_than_one_known_one_are_refused() {
    let (closed, _) = app(hmac(), |it| it.register(json));
    let (open, _) = app(hmac().accept_encoding(SignedBytes::Encoded), |it| it.register(json));
    let twice = gzip(&gzip(TEXT));
    for (router, encodings, body, status) in [
        (&closed, &["gzip"][..], gzip(TEXT), 415),
        (&closed, &["br"], TEXT.to_vec(), 415),
        (&open, &["br"], TEXT.to_vec(), 415),
        (&open, &["gzip, gzip"], twice.clone(), 415),
        (&open, &["gzip", "gzip"], twice.clone(), 415),
        (&open, &["gzip, identity"], gzip(TEXT), 415),
        (&open, &["identity", "gzip"], gzip(TEXT), 415),
        (&open, &[""], TEXT.to_vec(), 415),
        // The header alone says what a body is: nothing looks at its first bytes.
        (&open, &[], gzip(TEXT), 400),
        (&open, &["gzip"], TEXT.to_vec(), 400),
        (&open, &["gzip"], twice, 400),
        (&open, &["deflate"], gzip(TEXT), 400),
    ] {
        assert_eq!(send(router, encoded(encodings, &body, &body)).await.status, status, "{encodings:?}");
    }
}

#[tokio::test]
async fn an_encoding_that_its_source_does_not_take_is_refused_before_the_body_is_read() {
    let (router, _) = app(hmac(), |it| it.register(json));
    let mut request = encoded(&["gzip"], b"", b"");
    let unread = tokio_stream::once(()).map(|()| -> Result<bytes::Bytes, std::io::Error> { panic!("read") });
    *request.body_mut() = Body::from_stream(unread);
    request.headers_mut().remove("content-length");
    assert_eq!(send(&router, request).await.status, 415);
}

#[tokio::test]
async fn a_bomb_stops_at_the_limit_of_a_body() {
    let bomb = gzip(&vec![b'0'; 32 << 20]);
    assert!(bomb.len() < 64 << 10);
    for (signed_bytes, signed, status) in [
        (SignedBytes::Encoded, &bomb[..], 413),
        // Nobody signed it: it is not inflated at all.
        (SignedBytes::Encoded, b"other", 401),
        (SignedBytes::Decoded, b"other", 413),
    ] {
        let (router, seen) = app(hmac().accept_encoding(signed_bytes), |it| it.register(json));
        let answer = send(&router, encoded(&["gzip"], &bomb, signed)).await;
        assert_eq!(answer.status, status, "{signed_bytes:?}");
        assert_eq!(status == 413, answer.text().contains("longer than 1048576 bytes"), "{}", answer.text());
        assert!(take(&seen).is_empty());
    }
}

#[tokio::test]
async fn a_layer_passes_a_decoded_body_on_without_the_headers_of_the_encoded_one() {
    async fn echo(request: axum::extract::Request) -> String {
        let (parts, body) = request.into_parts();
        let body = axum::body::to_bytes(body, 1000).await.unwrap();
        let has = |name| parts.headers.contains_key(name);
        format!("{} {} {}", String::from_utf8_lossy(&body), has("content-encoding"), has("content-length"))
    }
    let layer = VerifyLayer::new(hmac().accept_encoding(SignedBytes::Encoded)).clock(FixedClock::at(NOW));
    let router = Router::new().route("/webhooks/subject", axum::routing::post(echo)).layer(layer);
    let body = gzip(TEXT);
    assert_eq!(send(&router, encoded(&["gzip"], &body, &body)).await.shown(), "200 {\"a\":1} false false");
    assert_eq!(send(&router, encoded(&["br"], &body, &body)).await.status, 415);
}
