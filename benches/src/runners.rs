//! Who is measured: the peers of this package, and those of other languages and crates where they can be had.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use webhook_benches::peers::Peer;

use crate::process::beside;
use crate::timed::Runner;

/// Those that are not of this package.
pub(crate) const FOREIGN: [&str; 3] = ["svix", "fastify", "fastapi"];

/// The peers of this package and these others, as far as they can be had here, and why the rest cannot.
pub(crate) fn of(names: &[&str]) -> (Vec<Runner>, Vec<String>) {
    let own = Peer::ALL.into_iter().map(|peer| Runner {
        name: peer.name().to_owned(),
        command: Box::new(move || {
            let mut command = pinned(&beside("peer")?);
            command.arg(peer.name());
            Ok(command)
        }),
        slowness: 1,
        waits: matches!(peer, Peer::Reference | Peer::Ours),
    });
    let mut runners: Vec<Runner> = own.collect();
    let mut missing = Vec::new();
    for name in FOREIGN.into_iter().filter(|it| names.contains(it)) {
        let (slowness, made) = match name {
            "svix" => (2, svix()),
            "fastify" => (6, fastify()),
            _ => (16, fastapi()),
        };
        match made {
            Ok((program, arguments)) => runners.push(Runner {
                name: name.to_owned(),
                command: Box::new(move || {
                    let mut command = pinned(&program);
                    command.args(&arguments);
                    Ok(command)
                }),
                slowness,
                waits: false,
            }),
            Err(why) => missing.push(format!("{name} is not measured: {why}")),
        }
    }
    (runners, missing)
}

/// The core of the servers. The sender has the other one.
const SERVER_CORE: &str = "1";
/// The core of the sender.
pub(crate) const SENDER_CORE: &str = "0";

fn pinned(program: &Path) -> Command {
    let mut command = Command::new("taskset");
    command.args(["-c", SERVER_CORE]).arg(program);
    command
}

type Made = io::Result<(PathBuf, Vec<String>)>;

/// Builds the package of the crate of Svix, which stands beside the workspace, with what is built of the others.
fn svix() -> Made {
    let program = beside("svix-peer")?;
    let target = program.ancestors().nth(2).unwrap_or(Path::new("target"));
    let mut build = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()));
    build.args(["build", "--release", "--quiet", "--manifest-path"]).arg(foreign("svix").join("Cargo.toml"));
    finish(build.arg("--target-dir").arg(target))?;
    Ok((program, Vec::new()))
}

fn fastapi() -> Made {
    let target = scratch("fastapi")?;
    let python = target.join("bin/python");
    if !python.exists() {
        finish(Command::new("python3").args(["-m", "venv"]).arg(&target))?;
    }
    let requirements = foreign("fastapi").join("requirements.txt");
    finish(Command::new(&python).args(["-m", "pip", "install", "--quiet", "-r"]).arg(requirements))?;
    Ok((python, vec![foreign("fastapi").join("app.py").display().to_string()]))
}

fn fastify() -> Made {
    let target = scratch("fastify")?;
    for file in ["package.json", "server.js"] {
        std::fs::copy(foreign("fastify").join(file), target.join(file))?;
    }
    finish(Command::new("npm").args(["install", "--silent", "--no-audit", "--no-fund"]).current_dir(&target))?;
    Ok((PathBuf::from("node"), vec![target.join("server.js").display().to_string()]))
}

fn finish(command: &mut Command) -> io::Result<()> {
    let output = command.stdin(Stdio::null()).output()?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(said.lines().last().unwrap_or("it failed without a word").to_owned()))
}

fn foreign(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("foreign").join(name)
}

/// A folder for what is installed, beside what is built.
fn scratch(name: &str) -> io::Result<PathBuf> {
    let folder = beside("foreign")?.join(name);
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}
