//! Keeps what was fetched, and counts what it costs.
//!
//! A cache crate would do the first and not the second; its clock could not be stopped in a test either.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::OnceCell;
use tokio::time::{Instant, timeout};

use crate::fetch::{Client, Fetch, FetchError, Wanted};

/// A client with the answers that it got. Clones share them.
#[derive(Clone)]
pub(crate) struct Fetcher(Arc<Shared>);

struct Shared {
    client: Box<dyn Client>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    flights: HashMap<Wanted, Flight>,
    /// When a rule's minute began, and how many connections it has had since.
    minutes: HashMap<&'static str, (Instant, u32)>,
}

/// One request that is under way or has ended: whoever wants the same waits for it.
type Flight = Arc<OnceCell<Landed>>;

struct Landed {
    at: Instant,
    document: Result<Bytes, FetchError>,
}

impl Landed {
    fn is_fresh(&self, now: Instant) -> bool {
        now.duration_since(self.at) < if self.document.is_ok() { KEPT } else { FAILED }
    }
}

impl Fetcher {
    pub(crate) fn new(client: impl Fetch) -> Self {
        Self(Arc::new(Shared { client: Box::new(client), state: Mutex::default() }))
    }

    /// The document, from the cache where there is one. One that does not do is fetched again once it is a minute old:
    /// a set of keys may have been added to.
    pub(crate) async fn document(&self, wanted: &Wanted, does: impl Fn(&[u8]) -> bool) -> Result<Bytes, FetchError> {
        let (found, at) = self.landed(wanted).await?;
        if does(&found) || at.elapsed() < RENEWED {
            return Ok(found);
        }
        self.forget(wanted, at);
        Ok(self.landed(wanted).await?.0)
    }

    /// The answer to this one request, for a delivery that is proven already: it is neither kept nor counted.
    pub(crate) async fn once(&self, wanted: &Wanted) -> Result<Bytes, FetchError> {
        self.send(wanted).await
    }

    async fn landed(&self, wanted: &Wanted) -> Result<(Bytes, Instant), FetchError> {
        let flight = self.flight(wanted)?;
        let landed = flight.get_or_try_init(|| self.connect(wanted)).await?;
        Ok((landed.document.clone()?, landed.at))
    }

    /// The flight of this document, which may have landed.
    fn flight(&self, wanted: &Wanted) -> Result<Flight, FetchError> {
        let now = Instant::now();
        let mut state = self.state();
        if let Some(flight) = state.flights.get(wanted)
            && flight.get().is_none_or(|it| it.is_fresh(now))
        {
            return Ok(Arc::clone(flight));
        }
        // A document that nobody may fetch takes no room either.
        if state.connections(wanted, now) >= MOST_A_MINUTE {
            return Err(too_many());
        }
        state.make_room(now);
        let flight = Flight::default();
        state.flights.insert(wanted.clone(), Arc::clone(&flight));
        Ok(flight)
    }

    /// Connects, if the rule has connections left. Here every connection is counted, also that of a flight whose first
    /// passenger has hung up.
    async fn connect(&self, wanted: &Wanted) -> Result<Landed, FetchError> {
        {
            let now = Instant::now();
            let mut state = self.state();
            let count = state.connections(wanted, now);
            if count >= MOST_A_MINUTE {
                return Err(too_many());
            }
            let since = state.minutes.get(wanted.url.rule()).map_or(now, |(since, _)| *since);
            state.minutes.insert(wanted.url.rule(), (since, count + 1));
        }
        let document = self.send(wanted).await;
        Ok(Landed { at: Instant::now(), document })
    }

    /// Whatever the client is, its answers have a size and a time.
    async fn send(&self, wanted: &Wanted) -> Result<Bytes, FetchError> {
        match timeout(TIME, self.0.client.send(wanted)).await {
            Ok(Ok(document)) if document.len() > MOST_BYTES => Err(FetchError::new("the document is over 64 KiB")),
            Ok(answered) => answered,
            Err(_) => Err(FetchError::new("no answer came within five seconds")),
        }
    }

    /// Forgets the document that landed then, unless another one has landed since.
    fn forget(&self, wanted: &Wanted, at: Instant) {
        let mut state = self.state();
        if state.flights.get(wanted).and_then(|it| it.get()).is_some_and(|it| it.at == at) {
            state.flights.remove(wanted);
        }
    }

    /// Nothing is awaited while it is held, and no panic leaves it half changed.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// How many connections the rule of this document has had in its minute.
    fn connections(&mut self, wanted: &Wanted, now: Instant) -> u32 {
        let rule = wanted.url.rule();
        match self.minutes.get(rule) {
            Some((since, count)) if now.duration_since(*since) < MINUTE => *count,
            _ => {
                self.minutes.remove(rule);
                0
            }
        }
    }

    /// Makes room for one more: what is of no use goes first, then what was fetched longest ago.
    fn make_room(&mut self, now: Instant) {
        if self.flights.len() < MOST_KEPT {
            return;
        }
        self.flights.retain(|_, it| it.get().is_none_or(|it| it.document.is_ok() && it.is_fresh(now)));
        if self.flights.len() < MOST_KEPT {
            return;
        }
        // A flight that has not landed has no time, and counts as the oldest: whoever is on it gets its document.
        let oldest = self.flights.iter().min_by_key(|(_, it)| it.get().map(|it| it.at));
        if let Some(oldest) = oldest.map(|(wanted, _)| wanted.clone()) {
            self.flights.remove(&oldest);
        }
    }
}

impl fmt::Debug for Fetcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fetcher").finish_non_exhaustive()
    }
}

fn too_many() -> FetchError {
    FetchError::new("twenty keys were fetched in this minute, which no sender needs")
}

/// As long as Adobe allows, which of all senders is the one to say so.
const KEPT: Duration = Duration::from_hours(24);
/// Until a failed document is worth another try.
const FAILED: Duration = Duration::from_secs(30);
/// The youngest that a set of keys without the wanted one is fetched again.
const RENEWED: Duration = Duration::from_mins(1);
const MINUTE: Duration = Duration::from_mins(1);
/// Connections a rule may have in its minute.
const MOST_A_MINUTE: u32 = 20;
/// How long a document may take.
const TIME: Duration = Duration::from_secs(5);
/// How many documents are kept.
const MOST_KEPT: usize = 256;
/// How long a document may be: certificates and sets of keys have a few KiB.
pub(super) const MOST_BYTES: usize = 64 * 1024;
