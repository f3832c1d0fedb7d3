//! Measures the receiver beside what a person would write by hand, and writes `docs/performance.md`.
//!
//! ```text
//! cargo run --release -p webhook-benches                          all of it
//! cargo run --release -p webhook-benches -- timed 5 reference ours    so many rounds of some, without a report
//! cargo run --release -p webhook-benches -- exact                 what can be counted on a busy machine
//! cargo run --release -p webhook-benches -- profile ours FILE     a profile for callgrind_annotate
//! cargo run --release -p webhook-benches -- instructions          are the recorded counts still true?
//! cargo run --release -p webhook-benches -- instructions record   they are now
//! cargo run --release -p webhook-benches -- compile               what an app with 100 webhooks takes to build
//! ```

use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, ExitCode};

use webhook_benches::peers::Peer;

mod compile;
mod exact;
mod instructions;
mod process;
mod report;
mod runners;
mod timed;

use exact::Load;
use report::Exact;

fn main() -> io::Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    build()?;
    match *arguments {
        [] => full(ROUNDS)?,
        ["rounds", rounds] => full(rounds.parse().map_err(io::Error::other)?)?,
        ["timed", rounds, ref names @ ..] => {
            let (mut runners, _) = runners::of(names);
            runners.retain(|it| names.contains(&it.name.as_str()));
            pin()?;
            let measured = timed::measure(&runners, rounds.parse().map_err(io::Error::other)?)?;
            println!("{}", report::timed(&measured, &names.iter().map(ToString::to_string).collect::<Vec<_>>()));
        }
        ["exact"] => {
            println!("{}\nThe store: {:.1} bytes an id.", report::exact(&counted()?), exact::bytes_an_id()?)
        }
        ["profile", name, file] => {
            let peer = Peer::named(name).ok_or_else(|| io::Error::other("no peer is called so"))?;
            exact::profile(peer, Path::new(file))?;
        }
        ["instructions"] => return instructions::check().map(|good| ExitCode::from(u8::from(!good))),
        ["instructions", "record"] => instructions::record()?,
        ["compile"] => println!("{}", compile::measure()?),
        _ => {
            return Err(io::Error::other(
                "nothing, or: rounds N, exact, profile PEER FILE, instructions, instructions record, compile",
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Builds the peers, which are programs of their own.
fn build() -> io::Result<()> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let status = Command::new(cargo)
        .args(["build", "--release", "--quiet", "-p", "webhook-benches", "--bin", "peer", "--bin", "counted-peer"])
        .status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other("the peers could not be built")) }
}

fn full(rounds: usize) -> io::Result<()> {
    let (runners, missing) = runners::of(&runners::FOREIGN);
    missing.iter().for_each(|it| eprintln!("{it}"));
    pin()?;
    let measured = timed::measure(&runners, rounds)?;
    let rows = counted()?;
    let bytes_an_id = exact::bytes_an_id()?;
    let names: Vec<String> = runners.iter().map(|it| it.name.clone()).collect();
    let text = format!(
        "{}\n\n## Goals\n\n{}\n## Counted\n\nInstructions are those of user space, without the hash.\n\n{}\n## Timed\n\nMedians of {rounds} rounds; 64 connections that are kept open.\n\n{}{}",
        machine()?,
        report::goals(&measured, &rows, bytes_an_id),
        report::exact(&rows),
        report::timed(&measured, &names),
        missing.iter().map(|it| format!("{it}\n")).collect::<String>(),
    );
    println!("{text}");
    write(&text)
}

/// This process sends: it has the core that the servers have not.
fn pin() -> io::Result<()> {
    let own = std::process::id().to_string();
    Command::new("taskset").args(["-a", "-p", "-c", runners::SENDER_CORE, &own]).output().map(drop)
}

/// What can be counted of the peers that matter for it.
fn counted() -> io::Result<Vec<Exact>> {
    let mut rows = Vec::new();
    for peer in [Peer::Bare, Peer::Plain, Peer::Reference, Peer::Ours, Peer::Router, Peer::OneClaim] {
        let mut own = [0; 3];
        for (own, load) in own.iter_mut().zip([Load::accepted(256), Load::accepted(4096), Load::forged(256)]) {
            // Who verifies nothing accepts what is forged.
            if peer != Peer::Bare || load.status == 200 {
                *own = exact::instructions(peer, load)?.own();
            }
        }
        let small = Load::accepted(256);
        let (allocations, system_calls) = (exact::allocations(peer, small)?, exact::system_calls(peer, small)?);
        rows.push(Exact { name: peer.name(), instructions: own, allocations, system_calls });
    }
    Ok(rows)
}

/// Where it was measured, and with what.
fn machine() -> io::Result<String> {
    let processor = fs::read_to_string("/proc/cpuinfo")?;
    let model = processor.lines().find_map(|it| it.strip_prefix("model name\t: ")).unwrap_or("an unknown processor");
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease")?;
    // Not what this process may use: it is pinned to one of them.
    let cores = processor.lines().filter(|it| it.starts_with("processor\t")).count();
    Ok(format!(
        "{model}, {cores} cores, Linux {}, {}. Servers on one core, the sender on another.\n\
         Command: `cargo run --release -p webhook-benches`.",
        kernel.trim(),
        instructions::compiler()?
    ))
}

/// Puts what was measured into the page, between its marks.
fn write(text: &str) -> io::Result<()> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/performance.md");
    let page = fs::read_to_string(&file)?;
    let (front, rest) = page.split_once(BEGIN).ok_or_else(|| io::Error::other("the page has no mark"))?;
    let (_, back) = rest.split_once(END).ok_or_else(|| io::Error::other("the page has no mark"))?;
    fs::write(file, format!("{front}{BEGIN}\n\n{text}\n{END}{back}"))
}

const BEGIN: &str = "<!-- measured: begin -->";
const END: &str = "<!-- measured: end -->";
const ROUNDS: usize = 7;
