//! What a hand-written route answers: to a handshake, to a delivery that verified, and to one that did not.

use std::time::SystemTime;

use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::request::Parts;

use crate::base::answer::Answer;
use crate::base::error::rejection::Rejection;
use crate::receive::{handshake, respond};
use crate::source::Source;

impl Source {
    /// The answer to a request by which the sender asks whether the URL is ours; nothing for a delivery. What such a
    /// request asks to be fetched is not: see [`confirm`](Self::confirm).
    ///
    /// It comes before [`verify`](Self::verify) in a route that is written by hand; `now` is the time of the receipt.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use webhook_runtime::{Dropbox, axum::http::Request};
    ///
    /// let source = Dropbox::new("a long random secret");
    /// let (parts, ()) = Request::get("/hook?challenge=a1b2c3").body(())?.into_parts();
    /// assert!(source.handshake(&parts, &"".into(), SystemTime::now()).is_some());
    /// # Ok::<(), webhook_runtime::axum::http::Error>(())
    /// ```
    #[must_use]
    pub fn handshake(&self, parts: &Parts, body: &Bytes, now: SystemTime) -> Option<Response> {
        let answer = handshake::of_whole(self, parts, body, now)?;
        Some(answer.unwrap_or_else(|rejection| Answer::from(&rejection)).into_response())
    }

    /// The answer that the sender takes for a success: its status, and the text that it wants to read where it wants one.
    #[must_use]
    pub fn acknowledgement(&self) -> Response {
        respond::in_its_words(self, respond::acknowledged(self)).into_response()
    }
}

/// What the sender of a refused delivery reads: a problem document with one text for every cause of a 401.
impl IntoResponse for &Rejection {
    fn into_response(self) -> Response {
        Answer::from(self).into_response()
    }
}
