//! What can be counted exactly, whatever else the machine does: instructions, allocations and system calls a delivery.
//!
//! Each is counted for some deliveries and for twice as many: the difference is theirs, without the start and the end
//! of the process.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use webhook_benches::load;
use webhook_benches::peers::Peer;
use webhook_benches::sender::{Deliveries, Kind};

use crate::process::{Process, beside};

/// Instructions of one delivery.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Instructions {
    /// All of them.
    pub(crate) all: u64,
    /// Those of the hash, which every receiver has.
    pub(crate) hash: u64,
}

impl Instructions {
    fn between(once: Self, twice: Self) -> Self {
        let each = |once: u64, twice: u64| twice.saturating_sub(once) / COUNT as u64;
        Self { all: each(once.all, twice.all), hash: each(once.hash, twice.hash) }
    }

    /// What is not the hash.
    pub(crate) fn own(self) -> u64 {
        self.all - self.hash
    }
}

/// Deliveries that are all like this.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Load {
    pub(crate) path: &'static str,
    pub(crate) bytes: usize,
    pub(crate) kind: Kind,
    pub(crate) status: u16,
}

impl Load {
    /// Deliveries of so many bytes that are accepted.
    pub(crate) fn accepted(bytes: usize) -> Self {
        Self { path: "/webhooks/new-subscription", bytes, kind: Kind::Signed, status: 200 }
    }

    /// The same, refused since their signature is that of another body.
    pub(crate) fn forged(bytes: usize) -> Self {
        Self { kind: Kind::Forged, status: 401, ..Self::accepted(bytes) }
    }

    pub(crate) fn send(self, process: &Process, count: usize, connections: usize, series: &str) -> io::Result<()> {
        let deliveries = Deliveries::new(self.path, self.bytes, count, series, self.kind);
        load::send(process.address, &deliveries, connections, self.status).map(drop)
    }
}

/// Instructions of one delivery, counted by callgrind: over a socket, as it is served. What else happened to wake the
/// server only adds, so that the least of a few counts is the truest.
pub(crate) fn instructions(peer: Peer, load: Load) -> io::Result<Instructions> {
    let once = least_of(peer, load, COUNT)?;
    let twice = least_of(peer, load, COUNT * 2)?;
    Ok(Instructions::between(once, twice))
}

fn least_of(peer: Peer, load: Load, count: usize) -> io::Result<Instructions> {
    let mut least = profile_served(peer, load, count, None)?;
    for _ in 1..TRIES {
        let again = profile_served(peer, load, count, None)?;
        least = if again.own() < least.own() { again } else { least };
    }
    Ok(least)
}

/// Keeps the profile of a peer, for `callgrind_annotate`.
pub(crate) fn profile(peer: Peer, to: &Path) -> io::Result<()> {
    profile_served(peer, Load::accepted(256), COUNT * 2, Some(to)).map(drop)
}

/// The same in process, without a server: verify, decode, dispatch. Each count is like the one before.
pub(crate) fn instructions_in_process(peer: Peer, load: Load) -> io::Result<Instructions> {
    let once = profile_in_process(peer, load, COUNT)?;
    let twice = profile_in_process(peer, load, COUNT * 2)?;
    Ok(Instructions::between(once, twice))
}

fn profile_served(peer: Peer, load: Load, count: usize, keep: Option<&Path>) -> io::Result<Instructions> {
    let file = Scratch::new("callgrind");
    let process = Process::start(callgrind(&file)?.arg(peer.name()))?;
    load.send(&process, count, CONNECTIONS, "")?;
    process.end()?;
    if let Some(keep) = keep {
        fs::copy(&file.0, keep)?;
    }
    costs(&file.0)
}

fn profile_in_process(peer: Peer, load: Load, count: usize) -> io::Result<Instructions> {
    let file = Scratch::new("callgrind");
    let status = callgrind(&file)?
        .args([peer.name(), "call", &load.bytes.to_string(), load.kind.name(), &count.to_string()])
        .status()?;
    if status.success() { costs(&file.0) } else { Err(io::Error::other("a peer failed under callgrind")) }
}

fn callgrind(file: &Scratch) -> io::Result<Command> {
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--quiet", &format!("--callgrind-out-file={}", file.0.display())]);
    command.arg(beside("peer")?);
    Ok(command)
}

/// A file that is gone with this.
struct Scratch(PathBuf);

impl Scratch {
    fn new(kind: &str) -> Self {
        Self(std::env::temp_dir().join(format!("webhook-benches-{}.{kind}", std::process::id())))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What is left in the folder of temporary files is no failure.
        let _ = fs::remove_file(&self.0);
    }
}

/// The costs of a profile: all, and those inside of the hash.
fn costs(profile: &Path) -> io::Result<Instructions> {
    let mut costs = Instructions { all: 0, hash: 0 };
    let mut hash = HashMap::new();
    let (mut in_hash, mut is_call) = (false, false);
    for line in fs::read_to_string(profile)?.lines() {
        if let Some(function) = line.strip_prefix("fn=").or(line.strip_prefix("cfn=")) {
            // A name is written where it stands first, and later told by its number.
            let (number, name) = function.split_once(' ').unwrap_or((function, ""));
            let is_hash = *hash.entry(number.to_owned()).or_insert_with(|| name.contains("sha2::"));
            in_hash = if line.starts_with("fn=") { is_hash } else { in_hash };
        } else if line.starts_with("calls=") {
            is_call = true;
        } else if line.starts_with(|it: char| it.is_ascii_digit() || "+-*".contains(it)) {
            // The line behind a call tells the cost of what was called, which is counted where it stands itself.
            if std::mem::take(&mut is_call) {
                continue;
            }
            let cost = line.split(' ').nth(1).and_then(|it| it.parse::<u64>().ok()).unwrap_or(0);
            costs.all += cost;
            costs.hash += if in_hash { cost } else { 0 };
        }
    }
    Ok(costs)
}

/// Allocations of one delivery.
pub(crate) fn allocations(peer: Peer, load: Load) -> io::Result<f64> {
    let mut process = Process::start(Command::new(beside("counted-peer")?).arg(peer.name()))?;
    // Tables that grow do so ever more seldom.
    load.send(&process, COUNT * 20, 1, "warm")?;
    let before = process.count()?;
    load.send(&process, COUNT * 10, 1, "")?;
    let between = process.count()?;
    load.send(&process, COUNT * 20, 1, "twice")?;
    let after = process.count()?;
    process.end()?;
    Ok(share((after - between).saturating_sub(between - before)) / 10.0)
}

/// Bytes that the memory store takes for each of a million ids.
pub(crate) fn bytes_an_id() -> io::Result<f64> {
    let output = Command::new(beside("counted-peer")?).args(["store", "1000000"]).output()?;
    String::from_utf8_lossy(&output.stdout).trim().parse().map_err(io::Error::other)
}

/// System calls of one delivery, under the load of many connections.
pub(crate) fn system_calls(peer: Peer, load: Load) -> io::Result<f64> {
    let once = calls(peer, load, COUNT * 10)?;
    let twice = calls(peer, load, COUNT * 20)?;
    Ok(share(twice.saturating_sub(once)) / 10.0)
}

fn calls(peer: Peer, load: Load, count: usize) -> io::Result<u64> {
    let table = Scratch::new("strace");
    let mut command = Command::new("strace");
    command.args(["-f", "-c", "-U", "calls", "-o"]).arg(&table.0).arg(beside("peer")?).arg(peer.name());
    let process = Process::start(&mut command)?;
    load.send(&process, count, CONNECTIONS, "")?;
    process.end()?;
    let text = fs::read_to_string(&table.0)?;
    let total = text.lines().rev().find_map(|it| it.trim().strip_suffix(" total")?.trim().parse::<u64>().ok());
    total.ok_or_else(|| io::Error::other(text))
}

#[allow(clippy::cast_precision_loss)]
fn share(count: u64) -> f64 {
    count as f64 / COUNT as f64
}

/// How many deliveries are counted.
const COUNT: usize = 1000;
const CONNECTIONS: usize = 64;
const TRIES: usize = 3;
