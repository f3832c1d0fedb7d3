//! The states of a claim, with every time given.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;

use super::MemoryStore;
use crate::base::ids::{IdempotencyKey, Identity};
use crate::store::{Claim, FirstAnswer, Kept, Lease, Store, StoreError, Token};

fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

fn key(id: &str) -> IdempotencyKey {
    IdempotencyKey::new(Arc::from("source"), None, Identity::Id(id.into()))
}

fn answer(body: &'static str) -> FirstAnswer {
    FirstAnswer { status: 200, content_type: None, body: Bytes::from_static(body.as_bytes()) }
}

/// A store, with leases of ten seconds and answers kept for a hundred.
struct Bench(MemoryStore);

impl Bench {
    fn of(capacity: usize) -> Self {
        Self(MemoryStore::with_capacity(capacity))
    }

    async fn claim(&self, id: &str, now: u64) -> Claim {
        self.0.claim(&key(id), Lease { now: at(now), until: at(now + 10) }).await.unwrap()
    }

    async fn take(&self, id: &str, now: u64) -> Token {
        match self.claim(id, now).await {
            Claim::New(token) => token,
            other => panic!("{id} at {now}: {other:?}"),
        }
    }

    async fn settle(&self, id: &str, token: Token, now: u64) -> bool {
        let kept = Kept { answer: answer("first"), now: at(now), until: at(now + 100) };
        self.0.settle(&key(id), token, kept).await.unwrap()
    }
}

#[tokio::test]
async fn a_copy_waits_while_the_first_runs_and_then_gets_its_answer() {
    let bench = Bench::of(10);
    let token = bench.take("a", 0).await;
    assert_eq!(bench.claim("a", 1).await, Claim::Running);
    assert!(bench.settle("a", token, 2).await);
    assert_eq!(bench.claim("a", 3).await, Claim::Answered(answer("first")));
}

#[tokio::test]
async fn a_released_event_runs_again() {
    let bench = Bench::of(10);
    let token = bench.take("a", 0).await;
    assert!(bench.0.release(&key("a"), token).await.unwrap());
    bench.take("a", 1).await;
}

#[tokio::test]
async fn an_answer_is_kept_until_its_time_and_not_longer() {
    let bench = Bench::of(10);
    let token = bench.take("a", 0).await;
    bench.settle("a", token, 0).await;
    assert_eq!(bench.claim("a", 99).await, Claim::Answered(answer("first")));
    bench.take("a", 100).await;
}

#[tokio::test]
async fn an_ended_lease_is_taken_over_and_its_old_holder_cannot_settle() {
    let bench = Bench::of(10);
    let old = bench.take("a", 0).await;
    assert_eq!(bench.claim("a", 9).await, Claim::Running);
    let current = bench.take("a", 10).await;
    assert!(!bench.settle("a", old, 11).await);
    assert!(!bench.0.release(&key("a"), old).await.unwrap());
    assert!(bench.settle("a", current, 12).await);
    assert!(!bench.settle("a", current, 13).await, "settled once");
}

#[tokio::test]
async fn a_full_store_forgets_the_oldest_settled_id_and_no_running_one() {
    let bench = Bench::of(2);
    let _running = bench.take("a", 0).await;
    let token = bench.take("b", 1).await;
    bench.settle("b", token, 2).await;
    let _third = bench.take("c", 3).await;
    assert_eq!(bench.claim("a", 4).await, Claim::Running);
    assert_eq!(bench.claim("d", 4).await, Claim::Full);
    assert_eq!(bench.0.len(), 2);
}

#[tokio::test]
async fn a_claim_that_nobody_ends_makes_room_after_its_lease() {
    let bench = Bench::of(2);
    let _dead = (bench.take("a", 0).await, bench.take("b", 0).await);
    assert_eq!(bench.claim("c", 9).await, Claim::Full);
    bench.take("c", 10).await;
    assert_eq!(bench.0.running(), 1);
}

#[tokio::test]
async fn the_same_id_of_two_sources_is_two_events() {
    let store = MemoryStore::default();
    let lease = Lease { now: at(0), until: at(10) };
    for (source, id) in [("a", "b:c"), ("a:b", "c")] {
        let key = IdempotencyKey::new(Arc::from(source), None, Identity::Id(id.into()));
        assert!(matches!(store.claim(&key, lease).await.unwrap(), Claim::New(_)), "{source} {id}");
    }
}

#[tokio::test]
async fn expired_ids_leave_no_memory_behind() {
    let bench = Bench::of(1000);
    for index in 0..500 {
        let id = index.to_string();
        let token = bench.take(&id, 0).await;
        bench.settle(&id, token, 0).await;
    }
    bench.take("later", 200).await;
    assert_eq!(bench.0.len(), 1);
}

#[tokio::test]
async fn an_answer_behind_one_that_is_kept_longer_ends_at_its_own_time() {
    let bench = Bench::of(10);
    let first = bench.take("long", 0).await;
    assert!(bench.settle("long", first, 100).await);
    let second = bench.take("short", 0).await;
    assert!(bench.settle("short", second, 1).await);
    assert_eq!(bench.claim("short", 100).await, Claim::Answered(answer("first")));
    bench.take("short", 101).await;
    assert_eq!(bench.claim("long", 199).await, Claim::Answered(answer("first")));
}

#[tokio::test]
async fn a_lease_ends_with_its_last_second() {
    let bench = Bench::of(10);
    bench.take("a", 0).await;
    assert_eq!(bench.claim("a", 9).await, Claim::Running);
    bench.take("a", 10).await;
}

#[tokio::test]
async fn a_store_that_others_hold_is_the_store() {
    let store = Arc::new(MemoryStore::with_capacity(10));
    let lease = Lease { now: at(0), until: at(10) };
    let Ok(Claim::New(first)) = Store::claim(&store, &key("a"), lease).await else { panic!("a store that is empty") };
    assert!(!store.is_empty() && store.len() == 1 && store.running() == 1);
    assert!(Store::release(&store, &key("a"), first).await.unwrap());
    assert!(!Store::release(&store, &key("a"), first).await.unwrap());
    assert!(store.is_empty());

    let Ok(Claim::New(second)) = Store::claim(&store, &key("a"), lease).await else { panic!("given back") };
    let kept = || Kept { answer: answer("first"), now: at(1), until: at(100) };
    assert!(!Store::settle(&store, &key("a"), first, kept()).await.unwrap());
    assert!(Store::settle(&store, &key("a"), second, kept()).await.unwrap());
    assert_eq!((store.len(), store.running()), (1, 0));
}

#[test]
fn a_store_that_fails_says_why() {
    assert_eq!(StoreError::new("the disk is full").to_string(), "the disk is full");
}
