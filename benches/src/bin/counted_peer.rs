//! A peer whose allocations are counted, which slows it down: its speed is not looked at. `counted-peer NAME` serves it,
//! `counted-peer store IDS` says how many bytes a memory store takes for each of so many ids.

use std::alloc::System;
use std::sync::Arc;

use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use webhook_benches::in_process;
use webhook_benches::peers::{self, Peer};
use webhook_benches::sender::{Deliveries, Kind};
use webhook_runtime::MemoryStore;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match *arguments {
        ["store", ids] => println!("{:.1}", bytes_an_id(ids.parse().unwrap())),
        [name] => {
            let peer = Peer::named(name).unwrap_or_else(|| panic!("no peer is called {name:?}"));
            // A reallocation is an allocation to whoever pays for it.
            peers::run(peer, || ALLOCATOR.stats().allocations + ALLOCATOR.stats().reallocations);
        }
        _ => panic!("counted-peer NAME, or counted-peer store IDS"),
    }
}

/// Delivers so many events, and looks at what stays.
#[allow(clippy::cast_precision_loss, reason = "no count here comes near the precision of a float")]
fn bytes_an_id(ids: usize) -> f64 {
    const AT_ONCE: usize = 10_000;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let store = Arc::new(MemoryStore::default());
    let router = peers::with_store(Arc::clone(&store));
    let path = "/webhooks/new-subscription";
    let deliver = |series: usize| {
        let deliveries = Deliveries::new(path, 256, AT_ONCE.min(ids), &format!("{series}_"), Kind::Signed);
        runtime.block_on(in_process::call(&router, &deliveries, 200));
    };
    let held = || {
        let stats = ALLOCATOR.stats();
        stats.bytes_allocated as f64 - stats.bytes_deallocated as f64
    };
    let before = held();
    (0..ids.div_ceil(AT_ONCE)).for_each(deliver);
    (held() - before) / store.len() as f64
}
