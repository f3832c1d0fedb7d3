//! Deliveries without a server: requests that are made in memory and given to a router.

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use http::Request;
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::sender::Deliveries;

/// Gives every delivery to the router, one after the other.
///
/// # Panics
/// Where one is not answered with this status.
pub async fn call(router: &Router, deliveries: &Deliveries, status: u16) {
    let body = Bytes::copy_from_slice(&deliveries.body);
    for head in &deliveries.heads {
        let request = request(head, body.clone());
        let Ok(response) = router.clone().oneshot(request).await;
        assert_eq!(response.status().as_u16(), status);
        response.into_body().collect().await.unwrap();
    }
}

/// The request of a head that was written for a socket.
fn request(head: &[u8], body: Bytes) -> Request<Body> {
    let head = std::str::from_utf8(head).unwrap();
    let mut lines = head.lines().take_while(|it| !it.is_empty());
    let path = lines.next().and_then(|it| it.split(' ').nth(1)).unwrap();
    lines
        .filter_map(|it| it.split_once(": "))
        .fold(Request::post(path), |request, (name, value)| request.header(name, value))
        .body(Body::from(body))
        .unwrap()
}
