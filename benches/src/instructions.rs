//! Instruction counts that are kept in the repository: `benches/instructions.json`.
//!
//! They are compared on the compiler and the processor that they were recorded with, and on no other: another compiler
//! makes other code. A growth over two in a hundred fails.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::process::Command;

use serde::{Deserialize, Serialize};
use webhook_benches::peers::Peer;

use crate::exact::{self, Load};

/// What is kept.
#[derive(Serialize, Deserialize)]
struct Recorded {
    compiler: String,
    processor: String,
    counts: BTreeMap<String, u64>,
}

/// Counts, and writes what was counted.
pub(crate) fn record() -> io::Result<()> {
    let counted = count()?;
    let text = serde_json::to_string_pretty(&counted).map_err(io::Error::other)?;
    fs::write(file(), text + "\n")
}

/// Counts, and says whether nothing grew.
pub(crate) fn check() -> io::Result<bool> {
    let recorded: Recorded = serde_json::from_str(&fs::read_to_string(file())?).map_err(io::Error::other)?;
    let (compiler, processor) = (compiler()?, processor()?);
    if (&compiler, &processor) != (&recorded.compiler, &recorded.processor) {
        println!("instructions: not compared, since they were recorded elsewhere");
        println!("  recorded: {}, {}", recorded.compiler, recorded.processor);
        println!("  here:     {compiler}, {processor}");
        return Ok(true);
    }
    let counted = count()?;
    let mut has_grown = false;
    for (name, now) in &counted.counts {
        let before = recorded.counts.get(name).copied().unwrap_or(0);
        let grew = *now > before + before / 50;
        has_grown |= grew;
        let sign = if grew { "GREW" } else { "" };
        println!("{name:24} {before:8} recorded, {now:8} now {sign}");
    }
    if has_grown {
        println!("If it has to be so: cargo run --release -p webhook-benches -- instructions record");
    }
    Ok(!has_grown)
}

fn count() -> io::Result<Recorded> {
    let mut counts = BTreeMap::new();
    for (name, peer, load) in [
        ("accepted, 256 B", Peer::Router, Load::accepted(256)),
        ("accepted, 4 KiB", Peer::Router, Load::accepted(4096)),
        ("forged, 256 B", Peer::Router, Load::forged(256)),
    ] {
        // Making the requests, and a router that does nothing with them, is not what is counted.
        let around = exact::instructions_in_process(Peer::Bare, Load::accepted(load.bytes))?.own();
        let all = exact::instructions_in_process(peer, load)?.own();
        counts.insert(name.to_owned(), all.saturating_sub(around));
    }
    Ok(Recorded { compiler: compiler()?, processor: processor()?, counts })
}

pub(crate) fn compiler() -> io::Result<String> {
    let output = Command::new("rustc").arg("--version").output()?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// What the C library and the crates choose their code by.
fn processor() -> io::Result<String> {
    const CHOOSING: [&str; 7] = ["sse4_2", "avx2", "avx512f", "bmi2", "erms", "movbe", "sha_ni"];
    let text = fs::read_to_string("/proc/cpuinfo")?;
    let flags = text.lines().find(|it| it.starts_with("flags")).unwrap_or_default();
    let has: Vec<&str> = flags.split(' ').filter(|it| CHOOSING.contains(it)).collect();
    Ok(has.join(" "))
}

fn file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("instructions.json")
}
