//! A source of fetched keys in a program that has no client.

use crate::base::error::startup::Problem;
use crate::fetch::{Fetch, FetchError, PinnedUrl};
use crate::{AdobeIo, Source};

struct Nothing;

impl Fetch for Nothing {
    async fn get(&self, _: &PinnedUrl) -> Result<bytes::Bytes, FetchError> {
        Err(FetchError::new("nothing"))
    }
}

#[test]
fn a_source_of_fetched_keys_does_not_start_without_a_fetcher() {
    let source: Source = AdobeIo::new("me").into();
    let error = source.clone().ready().unwrap_err();
    assert_eq!(error.problems(), [Problem::NoFetcher { source: "adobe-io-events".into() }]);
    assert!(error.to_string().contains("Switch on the feature `fetch`"));
    assert!(source.fetcher(Nothing).ready().is_ok());
}
