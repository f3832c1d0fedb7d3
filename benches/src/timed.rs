//! The timed run: every peer in each round, one after the other, so that what the machine does besides hits all of them.

use std::collections::BTreeMap;
use std::io;
use std::process::Command;

use webhook_benches::load;
use webhook_benches::sender::{Deliveries, Kind};

use crate::exact::Load;
use crate::process::Process;

/// Someone to measure: its name, and the command that starts it.
pub(crate) struct Runner {
    pub(crate) name: String,
    pub(crate) command: Box<dyn Fn() -> io::Result<Command>>,
    /// How much slower than the others it is said to be: it gets fewer deliveries.
    pub(crate) slowness: usize,
    /// Does it also answer by a handler that waits?
    pub(crate) waits: bool,
}

/// What one round showed.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Round {
    /// Deliveries a second.
    pub(crate) rate: f64,
    /// Microseconds.
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    /// Microseconds of its core, a delivery.
    pub(crate) core: f64,
    /// The share of the time in which it was on its core.
    pub(crate) busy: f64,
    /// MiB.
    pub(crate) resident: f64,
}

/// What is sent in one column of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Column {
    Small,
    Middle,
    Large,
    Waiting,
    Forged,
}

impl Column {
    pub(crate) const ALL: [Self; 5] = [Self::Small, Self::Middle, Self::Large, Self::Waiting, Self::Forged];

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Small => "256 B",
            Self::Middle => "4 KiB",
            Self::Large => "64 KiB",
            Self::Waiting => "256 B, a handler that waits once",
            Self::Forged => "256 B, forged",
        }
    }

    fn load(self) -> Load {
        match self {
            Self::Small => Load::accepted(256),
            Self::Middle => Load::accepted(4096),
            Self::Large => Load::accepted(65536),
            Self::Waiting => Load { path: "/webhooks/waits", ..Load::accepted(256) },
            Self::Forged => Load { kind: Kind::Forged, status: 401, ..Load::accepted(256) },
        }
    }

    /// So many that a round takes about half a second.
    fn count(self) -> usize {
        match self {
            Self::Small | Self::Waiting | Self::Forged => 48_000,
            Self::Middle => 36_000,
            Self::Large => 6_000,
        }
    }
}

/// The rounds of each runner and column.
pub(crate) type Measured = BTreeMap<(String, Column), Vec<Round>>;

/// Measures every runner so many times.
pub(crate) fn measure(runners: &[Runner], rounds: usize) -> io::Result<Measured> {
    let mut measured = Measured::new();
    for column in Column::ALL {
        let takes_part = |it: &&Runner| match column {
            Column::Small | Column::Middle | Column::Large => true,
            Column::Waiting | Column::Forged => it.waits,
        };
        let mut started = Vec::new();
        for runner in runners.iter().filter(takes_part) {
            let process = Process::start(&mut (runner.command)()?)?;
            // What a peer makes at its first deliveries, and where the caches stand, is no part of a round.
            round(&process, column, column.count() / runner.slowness / 4, "warm")?;
            started.push((runner, process));
        }
        for index in 0..rounds {
            for (runner, process) in &started {
                let round = round(process, column, column.count() / runner.slowness, &format!("r{index}_"))?;
                eprintln!(
                    "{:9} {:20} {:8.0}/s, {:.0} % busy",
                    column.title(),
                    runner.name,
                    round.rate,
                    round.busy * 100.0
                );
                measured.entry((runner.name.clone(), column)).or_default().push(round);
            }
        }
        for (_, process) in started {
            process.end()?;
        }
    }
    Ok(measured)
}

#[allow(clippy::cast_precision_loss, reason = "no count here comes near the precision of a float")]
fn round(process: &Process, column: Column, count: usize, series: &str) -> io::Result<Round> {
    let Load { path, bytes, kind, status } = column.load();
    let deliveries = Deliveries::new(path, bytes, count, series, kind);
    let before = process.on_core()?;
    // An answer of a peer that verifies nothing is a success anyway.
    let seen = load::send(process.address, &deliveries, CONNECTIONS, status)?;
    let on_core = process.on_core()?.saturating_sub(before);
    let micros = |it: std::time::Duration| it.as_secs_f64() * 1e6;
    Ok(Round {
        rate: count as f64 / seen.wall.as_secs_f64(),
        p50: micros(seen.percentile(0.5)),
        p99: micros(seen.percentile(0.99)),
        core: micros(on_core) / count as f64,
        busy: on_core.as_secs_f64() / seen.wall.as_secs_f64(),
        resident: process.resident()? as f64 / (1024.0 * 1024.0),
    })
}

const CONNECTIONS: usize = 64;
