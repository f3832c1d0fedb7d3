//! One flight, a day, twenty a minute: shown with a clock that is moved by hand.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use tokio::time::{advance, sleep};

use crate::fetch::{Fetch, FetchError, Fetcher, HostRule, PinnedUrl, Wanted};

const RULE: HostRule = HostRule { name: "test", host: |host| host == "keys.example.com", path: |_| true };
const OTHER: HostRule = HostRule { name: "other", ..RULE };

fn wanted(path: &str) -> Wanted {
    RULE.pin(&format!("https://keys.example.com/{path}")).unwrap().into()
}

/// Counts its connections. `slow` takes a second, `never` takes for ever, `large` is too large, `bad` fails.
#[derive(Clone, Default)]
struct Counting(Arc<AtomicUsize>);

impl Fetch for Counting {
    async fn get(&self, url: &PinnedUrl) -> Result<Bytes, FetchError> {
        let count = self.0.fetch_add(1, Ordering::SeqCst) + 1;
        match url.as_str().rsplit('/').next() {
            Some("slow") => sleep(Duration::from_secs(1)).await,
            Some("never") => std::future::pending().await,
            Some("large") => return Ok(vec![b'x'; 64 * 1024 + 1].into()),
            Some("bad") => return Err(FetchError::new("404")),
            _ => {}
        }
        Ok(count.to_string().into())
    }
}

fn counting() -> (Fetcher, impl Fn() -> usize) {
    let client = Counting::default();
    let count = Arc::clone(&client.0);
    (Fetcher::new(client), move || count.load(Ordering::SeqCst))
}

async fn get(fetcher: &Fetcher, path: &str) -> Result<Bytes, FetchError> {
    fetcher.document(&wanted(path), |_| true).await
}

#[tokio::test(start_paused = true)]
async fn a_hundred_who_want_one_key_share_a_flight() {
    let (fetcher, connections) = counting();
    let waiting: Vec<_> = (0..100)
        .map(|_| {
            let fetcher = fetcher.clone();
            tokio::spawn(async move { get(&fetcher, "slow").await.unwrap() })
        })
        .collect();
    for it in waiting {
        assert_eq!(it.await.unwrap(), "1");
    }
    assert_eq!(connections(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_key_is_kept_for_a_day_and_a_failure_for_half_a_minute() {
    let (fetcher, connections) = counting();
    get(&fetcher, "key").await.unwrap();
    assert!(get(&fetcher, "bad").await.is_err());
    advance(Duration::from_secs(29)).await;
    assert!(get(&fetcher, "bad").await.is_err());
    assert_eq!(connections(), 2);
    advance(Duration::from_secs(1)).await;
    assert!(get(&fetcher, "bad").await.is_err());
    assert_eq!(connections(), 3);
    advance(Duration::from_secs(24 * 3600 - 31)).await;
    get(&fetcher, "key").await.unwrap();
    assert_eq!(connections(), 3);
    advance(Duration::from_secs(1)).await;
    get(&fetcher, "key").await.unwrap();
    assert_eq!(connections(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_urls_connects_twenty_times_a_minute_and_leaves_kept_keys_alone() {
    let (fetcher, connections) = counting();
    get(&fetcher, "key").await.unwrap();
    for forged in 0..10_000 {
        let _ = get(&fetcher, &format!("forged-{forged}")).await;
    }
    assert_eq!(connections(), 20);
    assert_eq!(get(&fetcher, "key").await.unwrap(), "1");
    let other: Wanted = OTHER.pin("https://keys.example.com/key").unwrap().into();
    assert_eq!(fetcher.document(&other, |_| true).await.unwrap(), "21");
    advance(Duration::from_mins(1)).await;
    assert_eq!(get(&fetcher, "late").await.unwrap(), "22");
}

#[tokio::test(start_paused = true)]
async fn connections_of_those_who_hang_up_are_counted() {
    let (fetcher, connections) = counting();
    for _ in 0..100 {
        let hung_up = tokio::time::timeout(Duration::from_millis(1), get(&fetcher, "never")).await;
        assert!(hung_up.is_err() || hung_up.unwrap().is_err());
    }
    assert_eq!(connections(), 20);
}

#[tokio::test(start_paused = true)]
async fn many_keys_push_out_the_oldest() {
    let (fetcher, connections) = counting();
    for key in 0..260 {
        get(&fetcher, &format!("key-{key}")).await.unwrap();
        advance(Duration::from_secs(4)).await;
    }
    assert_eq!(connections(), 260);
    get(&fetcher, "key-259").await.unwrap();
    assert_eq!(connections(), 260);
    get(&fetcher, "key-0").await.unwrap();
    assert_eq!(connections(), 261);
}

#[tokio::test(start_paused = true)]
async fn what_is_too_large_or_too_slow_is_no_document() {
    let (fetcher, _) = counting();
    assert!(get(&fetcher, "large").await.unwrap_err().to_string().contains("64 KiB"));
    assert!(get(&fetcher, "never").await.unwrap_err().to_string().contains("five seconds"));
}

#[tokio::test(start_paused = true)]
async fn a_set_without_the_wanted_key_is_fetched_again_once_a_minute() {
    let (fetcher, connections) = counting();
    for _ in 0..100 {
        fetcher.document(&wanted("set"), |_| false).await.unwrap();
    }
    assert_eq!(connections(), 1);
    advance(Duration::from_mins(1)).await;
    for _ in 0..100 {
        assert_eq!(fetcher.document(&wanted("set"), |_| false).await.unwrap(), "2");
    }
    assert_eq!(connections(), 2);
}

#[test]
fn a_url_is_pinned_only_as_its_rule_spells_it() {
    assert!(RULE.pin("https://keys.example.com/a/b.pem?x=1").is_some());
    for url in [
        "http://keys.example.com/a",
        "HTTPS://keys.example.com/a",
        "https:/keys.example.com/a",
        "https:///keys.example.com/a",
        "https://keys.example.com",
        "https://KEYS.example.com/a",
        "https://keys.example.com:443/a",
        "https://keys.example.com:8443/a",
        "https://user@keys.example.com/a",
        "https://keys.example.com@evil.test/a",
        "https://keys.example.com\\@evil.test/a",
        "https://keys.example.com./a",
        "https://keys.example.com.evil.test/a",
        "https://evil.test/keys.example.com/a",
        "https://keys.example.com/../a",
        "https://keys.example.com/a/./b",
        "https://keys.example.com//evil.test/a",
        "https://keys.example.com/a%2fb",
        "https://keys.example.com/a\\b",
        "https://keys.example.com/a#b",
        "https://keys.example.com/a b",
        "https://keys.example.com/a\r\nHost: evil.test",
        " https://keys.example.com/a",
        "https://kеys.example.com/a",
        "https://xn--kys-vmc.example.com/a",
        "https://127.0.0.1/a",
        "https://[::1]/a",
        "https://2130706433/a",
    ] {
        assert!(RULE.pin(url).is_none(), "{url}");
    }
}
